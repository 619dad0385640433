#!/bin/bash
# blogsearch index: incremental runs, dry runs, jobs, the lock, watching; check --integrity.
. "$(dirname "$0")/../harness/cli.sh"

many_pages() {
	local i

	for ((i = 0; i < $2; i++)); do
		page "$1/content/posts/p$i.md" "Post $i" 'date: 2024-01-01' <<<"Some words about number $i and the garden."
	done
}

generation() {
	stat -c '%i %s %y' "$1"
}

little_blog blog
blogsearch index blog

begin "nothing changed: nothing is written, nothing is said"
before=$(generation blog/.blogsearch/index.db)
blogsearch index blog >out 2>err
expect_empty out
expect_empty err
expect_equal "$(generation blog/.blogsearch/index.db)" "$before"

begin "the root may be named in any way: it is the same site"
(cd blog && blogsearch index && blogsearch index "$PWD" && blogsearch index ../blog/)
expect_equal "$(generation blog/.blogsearch/index.db)" "$before"

begin "a file that was only touched changes nothing"
touch blog/content/posts/docker.md
blogsearch index --json blog >out
expect_json out '[.changed, .published]' '[0,false]'
expect_equal "$(generation blog/.blogsearch/index.db)" "$before"

begin "what a hundred files had to be read for in vain is written down"
many_pages many 120
printf 'title = "x"\n' >many/hugo.toml
blogsearch index many
find many/content -name '*.md' -exec touch {} +
blogsearch index --json many >out
expect_json out '[.changed, .published, .read_bytes > 0]' '[0,true,true]'
sleep 0.1
blogsearch index --json many >out
expect_json out '[.changed, .published, .read_bytes]' '[0,false,0]'

begin "a hundred changed pages are one segment of the postings more, not a hundred"
for i in {0..99}; do echo "And zeppelins." >>"many/content/posts/p$i.md"; done
blogsearch index many
segments=$(python3 - many/.blogsearch/index.db <<-END
	import sqlite3, sys
	db = sqlite3.connect(sys.argv[1])
	print(len({row[0] >> 37 for row in db.execute('SELECT id FROM page_fts_data WHERE id > 10')}))
END
)
[ "$segments" -le 2 ] || fail "there are $segments segments"
blogsearch check --integrity many >out
expect_has out whole

begin "a dry run tells page by page what would change and why, and writes nothing"
cp -r blog dry
page dry/content/posts/new.md "New" 'date: 2024-05-05' <<<'words'
echo more >>dry/content/posts/docker.md
rm dry/content/posts/podman.md
before=$(generation dry/.blogsearch/index.db)
blogsearch index --dry-run dry >out
grep -v pages out | sort >lines
expect_same lines <<-END
	+ content/posts/new.md: new
	- content/posts/podman.md: its file is gone
	~ content/posts/docker.md: its file has changed
END
expect_equal "$(generation dry/.blogsearch/index.db)" "$before"
rm -r dry/.blogsearch
blogsearch index --dry-run dry >out
[ ! -e dry/.blogsearch ] || fail "a dry run made a folder"

begin "a dry run says what really happens then"
blogsearch index --dry-run --json dry >planned.json
blogsearch index --json dry >made.json
expect_equal "$(jq -c '[.added,.changed,.removed,.left_out]' planned.json)" "$(jq -c '[.added,.changed,.removed,.left_out]' made.json)"
expect_json planned.json '[.changes[].action] | unique' '["added"]'

begin "a page is published when its time comes, and goes when it has expired, without any file changed"
sandbox
printf 'title = "x"\n' >hugo.toml
page content/soon.md "Soon" 'date: 2026-02-01' <<<zeppelin
page content/brief.md "Brief" 'date: 2025-01-01' 'expiryDate: 2026-02-01' <<<balloon
blogsearch index --json >out
expect_json out '[.pages, .left_out]' '[1,1]'
BLOGSEARCH_NOW=1769904000 blogsearch index --json >out # 2026-02-01
expect_json out '[.added, .removed, .pages]' '[1,0,2]'
BLOGSEARCH_NOW=1769904001 blogsearch index --json >out
expect_json out '[.added, .removed, .pages]' '[0,1,1]'

begin "the same number of bytes within the same tick of the clock is seen as a change"
sandbox
printf 'title = "x"\n' >hugo.toml
for i in {1..20}; do
	page content/a.md "A" <<<"first$i"
	blogsearch index
	page content/a.md "A" <<<"other$i"
	blogsearch index
	blogsearch query "other$i" --format tsv >out || break
done

begin "a page that becomes unreadable keeps what was indexed of it, and is named until it can be read"
sandbox
printf 'title = "x"\n' >hugo.toml
page content/a.md "A" <<<zeppelin
page content/b.md "B" <<<balloon
blogsearch index
printf -- '---\ntitle: "never ends\n' >content/a.md
for _ in 1 2; do
	expect_exit 5 blogsearch index 2>err
	expect_has err content/a.md "stays until it can be read"
done
blogsearch query zeppelin --format tsv >out
page content/a.md "A" <<<airship
blogsearch index
blogsearch query airship --format tsv >out

begin "what is said of a page is said at every run, not only when it is read first"
sandbox
printf 'title = "x"\n' >hugo.toml
page content/a.md "[one, two]" <<<zeppelin
for _ in 1 2 3; do
	expect_exit 5 blogsearch index 2>err
	expect_has err content/a.md "list for its title"
done

begin "any number of jobs gives the same index"
sandbox
many_pages . 60
printf 'title = "x"\n' >hugo.toml
for jobs in 1 2 7; do
	blogsearch index --full --jobs $jobs --index "$PWD/$jobs.db"
	blogsearch export --index "$PWD/$jobs.db" >"$jobs.ndjson"
done
cmp 1.ndjson 2.ndjson && cmp 1.ndjson 7.ndjson || fail "they differ"

begin "jobs that are no number are refused"
expect_exit 2 blogsearch index --jobs many 2>err
expect_error err "--jobs many is no number from 1 to 1024"

begin "a second indexer leaves with 75 and says who is at work and since when"
sandbox
printf 'title = "x"\n' >hugo.toml
page content/a.md "A" <<<zeppelin
blogsearch index
exec 9<>.blogsearch/index.db.lock
flock 9
printf 'process 4711, since 2026-01-01T00:00:00Z\n' >&9
echo more >>content/a.md
expect_exit 75 blogsearch index 2>err
expect_error err "process 4711, since 2026-01-01T00:00:00Z"
exec 9>&-
blogsearch index

begin "--watch indexes what is written, once for a burst, and ends with SIGTERM"
sandbox
printf 'title = "x"\n' >hugo.toml
page content/a.md "A" <<<zeppelin
in_background "$harness_program" index --watch --verbose . >out 2>err
watcher=$!
wait_for grep -q "1 page:" out
mkdir -p content/new/deep
for i in {1..30}; do printf -- '---\ntitle: N%s\n---\nballoon\n' "$i" >"content/new/deep/$i.md"; done
wait_for grep -q "31 pages:" out
mv content/new content/moved
wait_for grep -q "30 added, 0 changed, 30 removed" out
page content/.hidden.tmp "T" <<<x
mv content/.hidden.tmp content/a.md # as editors do
wait_for grep -q "0 added, 1 changed" out
kill -TERM $watcher
wait $watcher || fail "exit status $?"
expect_empty err
[ "$(wc -l <out)" -le 6 ] || fail "$(wc -l <out) runs for four changes: $(cat out)"

begin "--watch publishes a page when its time comes"
sandbox
printf 'title = "x"\n' >hugo.toml
page content/a.md "A" <<<zeppelin
page content/b.md "B" "date: $(date -u -d '+3 seconds' +%FT%TZ)" <<<balloon
(
	unset BLOGSEARCH_NOW
	exec "$harness_program" index --watch --verbose . >out 2>err
) &
watcher=$!
harness_background+=("$watcher")
wait_for grep -q "1 page:" out
wait_for grep -q "1 added, 0 changed, 0 removed, 1 as before" out
kill -INT $watcher
wait $watcher || fail "exit status $?"

begin "--watch takes a changed blogsearch.yaml, and goes by the one before where it is wrong"
sandbox
little_blog .
in_background "$harness_program" index --watch --verbose --full . >out 2>err
watcher=$!
wait_for grep -q '3 pages' out
page content/private/secret.md "Secret" <<<"A zeppelin."
wait_for grep -q '4 pages' out
blogsearch query --index .blogsearch/index.db zeppelin --format urls >found
expect_lines found 1
printf 'index:\n  exclude: ["content/private/**"]\n' >blogsearch.yaml
wait_for eval '! "$harness_program" query --index .blogsearch/index.db zeppelin >found 2>&1'
expect_empty err
printf 'index:\n  exclude: [\n' >blogsearch.yaml
wait_for grep -q 'blogsearch.yaml' err
page content/private/other.md "Other" <<<"An airship."
page content/posts/more.md "More" <<<"A dirigible."
echo 'serve: {}' >other.yaml # asking reads the wrong one otherwise
wait_for eval '"$harness_program" query --config other.yaml --index .blogsearch/index.db dirigible >found 2>&1'
expect_exit 1 blogsearch query --config other.yaml --index .blogsearch/index.db airship
expect_lines err 1
rm blogsearch.yaml
wait_for eval '"$harness_program" query --index .blogsearch/index.db airship >found 2>&1'

begin "--watch says once that the site cannot be read, and goes on when it can be"
mkdir away
mv content away/
wait_for test -s err
sleep 5
mv away/content .
page content/posts/again.md "Again" <<<"A montgolfier."
wait_for eval '"$harness_program" query --index .blogsearch/index.db montgolfier >found 2>&1'
kill -TERM $watcher
wait $watcher || fail "exit status $?"
sort err | uniq -d >twice
expect_empty twice

begin "--watch --full makes the index anew once"
in_background "$harness_program" index --watch --full --json . >out 2>err
watcher=$!
wait_for test -s out
page content/posts/later.md "Later" <<<"A parachute."
wait_for eval '[ "$(wc -l <out)" -ge 2 ]'
kill -TERM $watcher
wait $watcher || fail "exit status $?"
tail -n 1 out >report
expect_json report '[.added, .changed]' '[1,0]'

begin "--watch and --dry-run exclude each other"
expect_exit 2 blogsearch index --watch --dry-run 2>err
expect_error err "exclude each other"

begin "check --integrity finds a posting, a text and a number that are not as they should be"
sandbox
many_pages . 30
printf 'title = "x"\n' >hugo.toml
blogsearch index
for change in "UPDATE page SET published = 5 WHERE id = 3" "DELETE FROM page_text WHERE id / 64 = 4" \
	"DELETE FROM source WHERE page_id = 5" "UPDATE catalog SET bytes = zeroblob(8)" "DELETE FROM page WHERE id = 6"; do
	cp .blogsearch/index.db broken.db
	python3 -c 'import sqlite3, sys; db = sqlite3.connect("broken.db"); db.execute(sys.argv[1]); db.commit()' "$change"
	expect_exit 3 blogsearch check --integrity --index broken.db 2>err
	expect_has err broken.db
done

finish
