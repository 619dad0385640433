#!/bin/bash
# packaging/: the cron line and systemd's units for indexing, as they would be run.
. "$(dirname "$0")/../harness/cli.sh"

packaging=$harness_source/packaging
little_blog blog
mkdir bin
ln -s "$harness_program" bin/blogsearch

# The command of the cron line, on our site, in cron's environment.
run_by_cron() {
	local command

	command=$(sed -n 's|^\*/10 \* \* \* \*  blog  ||p' "$packaging/blogsearch.cron" | sed "s|/srv/blog|$PWD/blog|")
	[ "$command" ] || fail "there is no line for cron"
	env -i HOME=/ SHELL=/bin/sh PATH="$PWD/bin:/usr/bin:/bin" BLOGSEARCH_NOW="$BLOGSEARCH_NOW" /bin/sh -c "$command"
}

begin "the cron line makes an index, and says nothing"
expect_exit 0 run_by_cron >out 2>&1
expect_empty out
[ -e blog/.blogsearch/index.db ] || fail "there is no index"

begin "the cron line says nothing when nothing has changed, and publishes what has"
expect_exit 0 run_by_cron >out 2>&1
expect_empty out
echo zeppelin >>blog/content/posts/docker.md
expect_exit 0 run_by_cron >out 2>&1
expect_empty out
blogsearch query --index blog/.blogsearch/index.db zeppelin --format tsv >found

begin "the cron line says what is wrong, a line each"
printf -- '---\ntitle: "never ends\n' >blog/content/posts/docker.md
expect_exit 5 run_by_cron >out 2>&1
expect_error out docker.md

begin "systemd finds nothing wrong with the units"
if command -v systemd-analyze >/dev/null; then
	mkdir -p units
	for unit in blogsearch-index.service blogsearch-index.timer blogsearch-watch.service; do
		sed "s|ExecStart=blogsearch|ExecStart=$PWD/bin/blogsearch|; s|^User=.*|User=root|" "$packaging/$unit" >"units/$unit"
	done
	systemd-analyze verify --man=no units/blogsearch-index.service units/blogsearch-index.timer \
		units/blogsearch-watch.service >out 2>&1 || fail "systemd-analyze verify: exit status $?"
	# What it says of other units of this machine is not ours.
	grep -e blogsearch out >ours || true
	expect_empty ours
else
	skip "systemd-analyze is not installed (Debian: systemd)"
fi

begin "the units for indexing may do little"
if command -v systemd-analyze >/dev/null; then
	for unit in blogsearch-index blogsearch-watch; do
		systemd-analyze security --offline=true --no-pager --threshold=20 "$packaging/$unit.service" >out 2>&1 ||
			fail "$unit: $(tail -1 out)"
	done
else
	skip "systemd-analyze is not installed (Debian: systemd)"
fi

begin "the command of the unit is one of ours, on the same site"
expect_has "$packaging/blogsearch-index.service" "ExecStart=blogsearch index /srv/blog"
blogsearch index --help >out
expect_has out "--watch"

finish
