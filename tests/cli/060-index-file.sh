#!/bin/bash
# The index file: foreign ones are never touched, damaged and other ones of ours are rebuilt by
# `index` and refused by everything else; a lock, a full disk and a kill leave the old one.
. "$(dirname "$0")/../harness/cli.sh"

index=blog/.blogsearch/index.db
little_blog blog
blogsearch index blog
cp $index good.db

# Puts bytes into the index file at a place.
poke() { # OFFSET PRINTF-FORMAT
	# shellcheck disable=SC2059 # it is a format
	printf "$2" | dd of=$index bs=1 seek="$1" conv=notrunc status=none
}
expect_whole() {
	blogsearch query --index $index containers --format urls >out
	expect_lines out 2
}
# `query` refuses it with exit 3, `index` rebuilds it with a word about it.
expect_rebuilt() { # WHY
	expect_exit 3 blogsearch query --index $index x >out 2>err
	expect_empty out
	expect_error err "$index: "
	blogsearch index blog >out 2>err
	expect_empty out
	expect_error err "$index: the index is built anew: " "$1"
	expect_whole
	blogsearch index blog 2>err
	expect_empty err
}
# Nobody touches it: exit 3, and the bytes are the same.
expect_untouched() {
	cp $index foreign
	expect_exit 3 blogsearch query --index $index x 2>err
	expect_error err "$index: is no index of blogsearch"
	for full in "" --full; do
		expect_exit 3 blogsearch index blog $full 2>err
		expect_error err "$index: is no index of blogsearch and is left alone" "--index"
		cmp -s $index foreign || fail "the file was changed by index $full"
	done
}

# Pages with 400 words of their own each.
many_pages() { # FOLDER N
	awk -v folder="$1" -v n="$2" 'BEGIN {
		for (i = 0; i < n; i++) {
			file = folder "/p" i ".md"
			printf "---\ntitle: Page %d\n---\n", i >file
			for (j = 0; j < 400; j++)
				printf "word%dx%d\n", i, j >file
			close(file)
		}
	}'
}

begin "a text file is left alone"
echo "my notes" >$index
expect_untouched

begin "an empty file is left alone"
: >$index
expect_untouched

begin "a database of somebody else is left alone"
rm $index
python3 -c 'import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.execute("CREATE TABLE t (a)"); db.commit()' $index
expect_untouched

begin "our own database without our mark is left alone"
cp good.db $index
poke 68 '\0\0\0\0'
expect_untouched

begin "a folder and a pipe are left alone"
rm $index
mkdir $index
expect_exit 3 blogsearch index blog 2>err
expect_error err "is no index of blogsearch and is left alone"
expect_exit 3 blogsearch query --index $index x 2>err
rmdir $index
mkfifo $index
expect_exit 3 timeout 20 "$harness_program" index blog 2>err
expect_error err "is no index of blogsearch and is left alone"
rm $index

begin "an index of another version is rebuilt by index and refused by everything else"
cp good.db $index
poke 60 '\0\0\0\143'
expect_rebuilt "another version"

begin "an index made with other stemmers answers, and is rebuilt by index though nothing has changed"
cp good.db $index
python3 -c 'import sqlite3, sys; db = sqlite3.connect(sys.argv[1])
assert db.execute("UPDATE meta SET value = value + 1 WHERE key = \"library_rules\"").rowcount == 1; db.commit()' $index
expect_whole
blogsearch index blog >out 2>err
expect_error err "$index: the index is built anew: it was made with another version of the stemmers or of Unicode"
expect_whole
blogsearch index blog 2>err
expect_empty err

begin "an index that was cut short is rebuilt"
cp good.db $index
truncate --size=-4096 $index
expect_rebuilt "damaged"

begin "an index with damage inside is rebuilt"
cp good.db $index
head -c 30000 /dev/zero | tr '\0' '\377' | dd of=$index bs=1 seek=5000 conv=notrunc status=none
expect_rebuilt "malformed"

# In an index whose header is as it was.
change_index() { # SQL
	python3 -c 'import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.execute(sys.argv[2]); db.commit()' $index "$1"
}
# The next change finds the damage; what it leaves passes every check.
expect_mended() { # WHY
	blogsearch index blog >out 2>err
	expect_empty out
	expect_error err "$index: the index is built anew: " "$1"
	expect_whole
	blogsearch check --integrity --index $index blog >out
	blogsearch index blog 2>err
	expect_empty err
}

begin "a page's number that the catalog lacks is damage"
file=$(cd blog && find content -name '*.md' | sort | tail -n 1)
for id in 127 500000 -1 2147483648 4294967297; do
	cp good.db $index
	change_index "UPDATE page SET id = $id WHERE file = '$file'"
	page blog/content/posts/more.md "More $id" <<<"Nothing of interest."
	expect_mended damaged
done
rm blog/content/posts/more.md

begin "a page's text that is damaged is made anew with the page's next change"
cp blog/"$file" kept.md
for change in "UPDATE page_text SET piece = zeroblob(length(piece))" \
	"UPDATE page_text SET piece = substr(piece, 1, 60) || zeroblob(4) || substr(piece, 65)" "DELETE FROM page_text"; do
	cp good.db $index
	change_index "$change WHERE id / 64 = (SELECT id FROM page WHERE file = '$file')"
	echo "One line more." >>blog/"$file"
	expect_mended damaged
	cp kept.md blog/"$file"
done

begin "a fact that is missing is damage, and hinders no index that is made anew"
for key in generation own_terms built_at text_version; do
	cp good.db $index
	change_index "DELETE FROM meta WHERE key = '$key'"
	page blog/content/posts/more.md "More $key" <<<"Nothing of interest."
	blogsearch index blog 2>err
	expect_error err "$index: the index is built anew: "
	expect_whole
	change_index "DELETE FROM meta WHERE key = '$key'"
	blogsearch index blog --full
	expect_whole
done
rm blog/content/posts/more.md
blogsearch index blog

begin "an index that may not be read is refused"
cp good.db $index
chmod 600 $index
chmod 777 blog blog/.blogsearch
if [ "$(id -u)" = 0 ]; then
	as_user() { as_nobody "$@"; }
else
	chmod 000 $index
	as_user() { "$@"; }
fi
expect_exit 3 as_user blogsearch query --index $index x 2>err
expect_error err "$index: cannot be opened: Permission denied"
rm -f blog/.blogsearch/index.db.lock
expect_exit 3 as_user blogsearch index blog 2>err
expect_error err "$index: cannot be opened: Permission denied"
rm -f blog/.blogsearch/index.db.lock
chmod 644 $index

begin "while another indexer has the lock: exit 75, who has it and since when; questions are answered"
blogsearch index blog
(
	exec 9<>blog/.blogsearch/index.db.lock
	flock 9
	echo "process 4711, since 2026-01-01T00:00:00Z" >&9
	touch locked
	wait_for test -e over
) &
wait_for test -e locked
expect_exit 75 blogsearch index blog 2>err
expect_error err "process 4711, since 2026-01-01T00:00:00Z" "run this again"
expect_whole
touch over
wait
blogsearch index blog

begin "a lock file left behind by a dead process hinders nobody"
echo "process 1, since 2001-01-01T00:00:00Z" >blog/.blogsearch/index.db.lock
blogsearch index blog

begin "a full disk: exit 74, the old index stays, nothing is left behind, and room sets it right"
mkdir -p small
if ! mount -t tmpfs -o size=256k tmpfs small 2>/dev/null; then
	skip "a small disk can be mounted by root alone"
else
	blogsearch index blog --index small/index.db
	cp -r blog large
	many_pages large/content/posts 120
	expect_exit 74 blogsearch index large --index small/index.db 2>err
	expect_error err "small/index.db.tmp-" "the disk is full; make room"
	find small -name '*.tmp-*' >left
	expect_empty left
	blogsearch query --index small/index.db containers --format urls >out
	expect_lines out 2
	mount -o remount,size=64m small
	blogsearch index large --index small/index.db --json >report
	expect_json report '[.pages, .rebuilt]' '[123,null]'
	umount small
fi

begin "a run that is killed leaves the old index whole, and the next one clears away"
rm -rf large
cp -r blog large
blogsearch index large
many_pages large/content/posts 300
for delay in 0.005 0.02 0.05 0.1; do
	timeout --signal=KILL $delay "$harness_program" index large 2>err || true
	blogsearch query --index large/.blogsearch/index.db containers --format urls >out
	expect_lines out 2
done
blogsearch index large --json >report
expect_json report .pages 303
find large/.blogsearch -name '*.tmp-*' >left
expect_empty left

begin "a reader of the old file goes on with it while a new one is published"
cp $index before.db
exec 8<$index
page blog/content/posts/new.md "Another" <<<"More containers."
blogsearch index blog
cmp -s before.db /dev/fd/8 || fail "the published file was written to"
exec 8<&-
blogsearch query --index $index containers --format urls >out
expect_lines out 3

begin "the index is one file that can be moved and copied"
cp $index moved.db
rm -r blog/.blogsearch
blogsearch query --index moved.db containers --format urls >out
expect_lines out 3
find . -maxdepth 1 -name 'moved.db-*' >left
expect_empty left

begin "an index that is a link to one stays it: what it leads to is replaced"
mkdir -p elsewhere
for target in "$PWD/elsewhere/index.db" ../../elsewhere/index.db; do
	rm -rf blog/.blogsearch elsewhere/*
	mkdir blog/.blogsearch
	ln -s "$target" $index
	blogsearch index blog
	test -L $index || fail "the link was replaced"
	page blog/content/posts/linked.md "Linked" <<<"Even more containers."
	blogsearch index blog
	test -L $index || fail "the link was replaced"
	blogsearch query --index elsewhere/index.db containers --format urls >out
	expect_lines out 4
	rm blog/content/posts/linked.md
	blogsearch index blog --dry-run >out
	expect_has out "linked.md"
done
rm -rf blog/.blogsearch
mkdir blog/.blogsearch
ln -s index.db $index
expect_exit 3 blogsearch index blog 2>err
expect_error err "$index: "
rm $index

begin "names of index files may be odd"
for name in 'with blank.db' 'q?x=1#y%41.db' 'file:x.db' "ünï.db"; do
	blogsearch index blog --index "./$name"
	blogsearch query --index "./$name" containers --format urls >out
	expect_lines out 3
done

finish
