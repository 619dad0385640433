# Tests of the program from outside; sourced by the scripts of tests/cli. Each script is a topic:
#
#	. "$(dirname "$0")/../harness/cli.sh"
#
#	begin "a repeated facet is OR"
#	blogsearch query --tag docker --tag podman --format urls >out
#	expect_same out <<-END
#		/posts/docker/
#		/posts/podman/
#	END
#
#	finish
#
# A script runs in a folder of its own, which is removed afterwards. `blogsearch` runs the
# program under test ($BLOGSEARCH) and fails the test unless it exits with 0; expect_exit says
# which other status is right. The clock stands at $BLOGSEARCH_NOW. Prints TAP, a line a test.
# shellcheck shell=bash

set -u
export LC_ALL=C.UTF-8 TZ=UTC TERM=xterm
export BLOGSEARCH_NOW=1767225600 # 2026-01-01
unset NO_COLOR

harness_program=$(realpath "${BLOGSEARCH:?the program to test: set it to build/cli/blogsearch}")
harness_source=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
# In memory where that can be: every run of the indexer waits for its disk.
[ ! -w /dev/shm ] || : "${TMPDIR:=/dev/shm}"
harness_sandbox=$(mktemp -d "${TMPDIR:-/tmp}/blogsearch-cli.XXXXXX")
harness_n=0       # tests begun
harness_name=''   # of the one at hand; empty: none
harness_faults='' # what went wrong in it
harness_skip=''   # why it is left out
harness_is_done=''
harness_copy=''   # a folder with the program, for as_nobody
harness_background=()
export HOME=$harness_sandbox

chmod 755 "$harness_sandbox"
cd "$harness_sandbox" || exit 1
exec 3>&1 # TAP; what a script itself prints goes to the log
exec 1>&2

harness_close() {
	[ "$harness_name" ] || return 0
	if [ "$harness_faults" ]; then
		printf '%s' "$harness_faults" | sed 's/^/# /' >&3
		printf 'not ok %d - %s\n' "$harness_n" "$harness_name" >&3
	elif [ "$harness_skip" ]; then
		printf 'ok %d - %s # SKIP %s\n' "$harness_n" "$harness_name" "$harness_skip" >&3
	else
		printf 'ok %d - %s\n' "$harness_n" "$harness_name" >&3
	fi
	harness_name='' harness_faults='' harness_skip=''
}

harness_exit() {
	local pid

	for pid in ${harness_background[@]+"${harness_background[@]}"}; do
		kill "$pid" 2>/dev/null
	done
	cd / && rm -rf "$harness_sandbox" ${harness_copy:+"$harness_copy"}
	[ "$harness_is_done" ] || printf 'Bail out! the script ended before its last test\n' >&3
}
trap harness_exit EXIT

# begin NAME: a test; it lasts until the next one. Its name says what the program does.
begin() {
	harness_close
	harness_n=$((harness_n + 1))
	harness_name=${1//#/}
}

# finish: the last line of every script.
finish() {
	harness_close
	printf '1..%d\n' "$harness_n" >&3
	harness_is_done=1
}

# fail TEXT…: the test at hand has failed; its other checks go on.
fail() {
	harness_faults+="$*"$'\n'
}

# skip WHY: the test at hand cannot be run here.
skip() {
	harness_skip=$1
}

# sandbox: a fresh, empty folder to work in.
sandbox() {
	mkdir -p "$harness_sandbox/$harness_n"
	cd "$harness_sandbox/$harness_n" || exit 1
	find . -mindepth 1 -delete
}

# write FILE <<END: with the folders above it.
write() {
	mkdir -p "$(dirname "$1")" && cat >"$1"
}

# shared NAME: copies ../shared/NAME to ./NAME; where it is missing the test is skipped and 1 returned.
shared() {
	if [ ! -e "$harness_source/../shared/$1" ]; then
		skip "there is no ../shared/$1 beside the source"
		return 1
	fi
	cp -r "$harness_source/../shared/$1" "$1" && chmod -R u+w "$1"
}

# example NAME: copies examples/NAME to ./NAME.
example() {
	cp -r "$harness_source/examples/$1" "$1" && chmod -R u+w "$1"
}

# blogsearch ARGUMENTS…: the program; any exit status but 0 fails the test.
blogsearch() {
	local status=0

	"$harness_program" "$@" || status=$?
	[ $status = 0 ] || fail "blogsearch $*: exit status $status instead of 0"
	return $status
}

# expect_exit STATUS COMMAND…: runs it (`blogsearch` is the program) and checks its exit status.
expect_exit() {
	local expected=$1 status=0

	shift
	if [ "$1" = blogsearch ]; then
		shift
		"$harness_program" "$@" || status=$?
		set -- blogsearch "$@"
	else
		"$@" || status=$?
	fi
	[ "$status" = "$expected" ] || fail "$*: exit status $status instead of $expected"
}

# as_nobody COMMAND…: as a user who owns nothing, when the tests run as root (whom no permission stops).
as_nobody() {
	local program=$1

	shift
	if [ "$program" = blogsearch ]; then
		# The build folder may lie where nobody may look, and from memory nothing may be run.
		[ "$harness_copy" ] || harness_copy=$(mktemp -d /tmp/blogsearch-cli.XXXXXX)
		chmod 755 "$harness_copy"
		[ -x "$harness_copy/blogsearch" ] || cp "$harness_program" "$harness_copy/blogsearch"
		program=$harness_copy/blogsearch
	fi
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid=65534 --regid=65534 --clear-groups "$program" "$@"
	else
		"$program" "$@"
	fi
}

# in_background COMMAND…: ended with the script at the latest; its process is $!.
in_background() {
	"$@" &
	harness_background+=($!)
}

# wait_for COMMAND…: until it succeeds, at most ten seconds.
wait_for() {
	local i

	for ((i = 0; i < 200; i++)); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.05
	done
	fail "waited ten seconds for: $*"
	return 1
}

# expect_same FILE <<END: the file has exactly these lines. Leading tabs are free with <<-END.
expect_same() {
	local difference

	difference=$(diff -u --label expected --label "$1" - "$1") || fail "$difference"
}

# expect_sorted FILE <<END: the same in any order.
expect_sorted() {
	sort "$1" >"$1.sorted"
	sort | expect_same "$1.sorted"
}

# expect_empty FILE
expect_empty() {
	[ ! -s "$1" ] || fail "$1 should be empty: $(head -c 400 "$1")"
}

# expect_has FILE TEXT…: each text stands somewhere in the file, to the letter.
expect_has() {
	local file=$1 text

	shift
	for text; do
		grep -qF -e "$text" "$file" || fail "$file lacks \"$text\": $(head -c 400 "$file")"
	done
}

# expect_lacks FILE TEXT…
expect_lacks() {
	local file=$1 text

	shift
	for text; do
		! grep -qF -e "$text" "$file" || fail "$file has \"$text\": $(grep -F -m 3 -e "$text" "$file")"
	done
}

# expect_lines FILE N
expect_lines() {
	local n

	n=$(wc -l <"$1")
	[ "$n" = "$2" ] || fail "$1 has $n lines instead of $2: $(head -c 400 "$1")"
}

# expect_error FILE TEXT…: one line, that of this program, with these texts.
expect_error() {
	expect_lines "$1" 1
	expect_has "$1" "blogsearch: " "${@:2}"
}

# expect_json FILE FILTER VALUE: what jq's FILTER gives for the file, as compact JSON.
expect_json() {
	local got

	got=$(jq -c "$2" "$1" 2>&1)
	[ "$got" = "$3" ] || fail "$1: $2 is $got instead of $3"
}

# expect_equal GOT EXPECTED [WHAT]
expect_equal() {
	[ "$1" = "$2" ] || fail "${3:-value}: got \"$1\" instead of \"$2\""
}

# page FILE TITLE [LINE…]: a Markdown file with this front matter (further lines of YAML); its text is standard input.
page() {
	local file=$1 title=$2

	shift 2
	mkdir -p "$(dirname "$file")"
	{
		printf -- '---\ntitle: %s\n' "$title"
		[ $# = 0 ] || printf '%s\n' "$@"
		printf -- '---\n'
		cat
	} >"$file"
}

# little_blog FOLDER: three posts, a draft, one to come; what most scripts ask about.
little_blog() {
	write "$1/hugo.toml" <<-END
		baseURL = "https://blog.example/"
		title = "A little blog"
		[taxonomies]
		tag = "tags"
		category = "categories"
		series = "series"
	END
	page "$1/content/posts/docker.md" "Containers with Docker" "date: 2024-03-01" "tags: [docker, linux]" \
		"categories: [tech]" "series: [Containers]" "series_order: 1" <<-END
		Docker builds images and runs containers from them.

		## Volumes

		A volume keeps what a container would forget.
	END
	page "$1/content/posts/podman.md" "Podman without a daemon" "date: 2024-05-01" "tags: [podman, linux]" \
		"categories: [tech]" "series: [Containers]" "series_order: 2" <<-END
		Podman runs containers as an ordinary user.
	END
	page "$1/content/posts/garden.md" "Tomatoes & basil" "date: 2025-07-01" "tags: [garden]" "categories: [life]" <<-END
		Plant them together; water in the evening.
	END
	page "$1/content/posts/draft.md" "Not yet" "date: 2025-01-01" "draft: true" <<-END
		Unfinished containers.
	END
	page "$1/content/posts/future.md" "Next year" "date: 2027-01-01" <<-END
		Containers of tomorrow.
	END
}
