#!/bin/bash
# blogsearch index: what it reads, what it says, when it writes.
. "$(dirname "$0")/../harness/cli.sh"

index=blog/.blogsearch/index.db
titles() {
	"$harness_program" query --index $index --format ndjson --sort title | jq -r .title
}
# What a run says of itself, with --json.
run() { # INDEX-OPTION…
	"$harness_program" index blog --json "$@" >report
}

begin "a first run adds every page, and no draft, nothing to come, nothing expired"
sandbox
little_blog blog
page blog/content/posts/expired.md "Gone" "date: 2020-01-01" "expiryDate: 2021-01-01" <<<"Old containers."
run
expect_json report '[.pages, .added, .changed, .removed, .unchanged, .left_out]' '[3,3,0,0,0,3]'
expect_json report '[.published, .rebuilt, .problems]' '[true,null,[]]'
expect_json report '.left_out_because | [.draft, .future, .expired, .opted_out, .unrendered, .without_text]' '[1,1,1,0,0,0]'
titles >out
expect_same out <<-END
	Containers with Docker
	Podman without a daemon
	Tomatoes & basil
END

begin "--drafts, --future and --expired let each of them in, and a run without takes them out again"
run --drafts
titles >out
expect_has out "Not yet"
expect_lacks out "Next year" "Gone"
run --future
titles >out
expect_has out "Next year"
expect_lacks out "Not yet" "Gone"
run --expired
titles >out
expect_has out "Gone"
expect_lacks out "Not yet" "Next year"
run --drafts --future --expired
expect_json report .pages 6
run
expect_json report .pages 3

begin "when nothing has changed nothing is written"
stat -c '%i %Y %s' $index >before
run
expect_json report '[.published, .unchanged, .added, .changed, .removed]' '[false,3,0,0,0]'
stat -c '%i %Y %s' $index >after
expect_equal "$(cat after)" "$(cat before)" "the index file"

begin "a changed file is read again, the others are not"
page blog/content/posts/podman.md "Podman, rootless" "date: 2024-05-01" "tags: [podman]" <<<"Runs as you."
run
expect_json report '[.changed, .unchanged, .published]' '[1,2,true]'
titles >out
expect_has out "Podman, rootless"
expect_lacks out "Podman without a daemon"
expect_exit 1 blogsearch query --index $index "ordinary user" >out
blogsearch query --index $index --facets '*' --json >out
expect_json out '.facets.series | map([.slug, .count])' '[["containers",1]]'

begin "an unchanged file is not even opened"
# Another content of the same size and time: who looks at those alone does not see it.
cp -p blog/content/posts/docker.md old
sed 's/Docker builds/Docker BUILDS/' old >blog/content/posts/docker.md
touch -r old blog/content/posts/docker.md
run
expect_json report '[.changed, .unchanged, .published]' '[0,3,false]'
run --full
expect_json report '[.pages, .published]' '[3,true]'
blogsearch query --index $index --json builds >out
expect_has out BUILDS

begin "a deleted file vanishes, with its terms"
rm blog/content/posts/garden.md
run
expect_json report '[.pages, .removed]' '[2,1]'
expect_exit 1 blogsearch query --index $index tomatoes >out
blogsearch query --index $index --facets '*' --json >out
expect_json out '.facets.tag | map(.slug) | sort' '["docker","linux","podman"]'

begin "a renamed file has its new address"
mv blog/content/posts/docker.md blog/content/posts/moby.md
run
expect_json report '[.pages, .added, .removed]' '[2,1,1]'
blogsearch query --index $index volumes --format urls >out
expect_same out <<-END
	https://blog.example/posts/moby/
END

begin "a page whose time has come is published without a change of its file"
BLOGSEARCH_NOW=1800000000 run
expect_json report '[.pages, .added]' '[3,1]'
titles >out
expect_has out "Next year"
rm blog/content/posts/future.md

begin "a changed configuration of the site has every page read again"
run
sed -i 's/blog.example/new.example/' blog/hugo.toml
run
expect_json report '[.changed, .unchanged]' '[2,0]'
blogsearch query --index $index volumes --format urls >out
expect_same out <<-END
	https://new.example/posts/moby/
END

begin "index.exclude leaves files out, and takes them out"
run --set 'index.exclude=content/posts/m*.md'
titles >out
expect_same out <<-END
	Podman, rootless
END
run
expect_json report .pages 2

begin "--dry-run writes nothing"
cp $index before.db
page blog/content/posts/new.md "New" "date: 2024-06-01" <<<"Fresh."
expect_exit 0 blogsearch index blog --dry-run >out 2>err
cmp -s before.db $index || fail "the index has changed"
expect_has out "nothing written"
rm blog/.blogsearch -r
blogsearch index blog --dry-run >out
expect_exit 1 test -e $index

begin "cron is told nothing unless something is wrong"
blogsearch index blog >out 2>err
expect_empty out
expect_empty err
page blog/content/posts/new.md "Newer" <<<"Fresher."
blogsearch index blog >out 2>err
expect_empty out
expect_empty err

begin "--verbose and a terminal get a summary"
touch blog/content/posts/new.md
blogsearch index blog --verbose --full >out
expect_has out "3 pages: 3 added" "$index"
if command -v script >/dev/null; then
	rm blog/content/posts/new.md
	script --quiet --return --command "'$harness_program' index blog" /dev/null >out </dev/null
	expect_has out "2 pages: 0 added, 0 changed, 1 removed, 2 as before"
	script --quiet --return --command "'$harness_program' index blog --quiet --full" /dev/null >out </dev/null
	expect_empty out
fi

begin "progress is shown only where it is wanted, and on standard error"
blogsearch index blog --full --progress always >out 2>err
expect_has err "of 4 files"
expect_empty out
blogsearch index blog --full --progress never >out 2>err
expect_empty err

begin "the folder that one stands in is the site"
cd blog || exit 1
rm -r .blogsearch
blogsearch index
expect_exit 0 test -s .blogsearch/index.db
cd ..

begin "a plain folder of Markdown needs no configuration"
write notes/2024-03-09-first-note.md <<-END
	# First note

	Some thoughts on containers.
END
write notes/ideas/second.md <<-END
	No heading here.
END
blogsearch index notes
blogsearch query --index notes/.blogsearch/index.db containers --json >out
expect_json out '.hits[0] | [.title, .published]' '["First note","2024-03-09T00:00:00Z"]'

begin "the sample blog has the pages, terms and series of its front matter"
example sample-blog
BLOGSEARCH_NOW=1790000000 blogsearch index sample-blog --json >report # after the newest of them
expect_json report '[.added, .left_out, .problems]' "[$(find sample-blog/content/posts -name index.md | wc -l),2,[]]"
blogsearch query --index sample-blog/.blogsearch/index.db --facets '*' --facet-limit 1000 --per-page 0 --json >out
# The term's name in each list item of that key: one a line in these files, or all in brackets.
count_of() { # KEY TERM
	python3 - "$1" "$2" sample-blog/content/posts/*/index.md <<-'END'
		import re, sys
		key, term, n = sys.argv[1], sys.argv[2], 0
		for name in sys.argv[3:]:
		    front = open(name, encoding='utf-8').read().split('---')[1]
		    value = re.search(rf'^{key}:((?:.*\n)(?:[ \t]*-.*\n|[ \t]+.*\n)*)', front + '\n', re.M)
		    items = re.findall(r'[^\[\],\n]+', value[1]) if value else []
		    n += term in [item.strip().lstrip('-').strip().strip('"\'') for item in items]
		print(n)
	END
}
for entry in 'tags:tag:matplotlib' 'tags:tag:tutorials' 'categories:category:Matplotlib' \
	'series:series:Google Summer of Code 2020' 'series:series:Travelling salesman in NetworkX'; do
	IFS=: read -r key facet term <<<"$entry"
	n=$(count_of "$key" "$term")
	[ "$n" -gt 0 ] || fail "the test found no $term"
	expect_json out ".facets.$facet | map(select(.name == \"$term\")) | map(.count)" "[$n]"
done

begin "what is left out is counted by its reason, also where nothing has to be read again"
sandbox
little_blog blog
page blog/content/posts/hidden.md "Hidden" "searchHidden: true" <<<"Text."
page blog/content/posts/headless.md "Headless" "build: {render: never}" <<<"Text."
page blog/content/posts/_index.md "Posts" </dev/null
for _ in 1 2; do
	blogsearch index blog -v | sed 's/.*; \(.* left out[^(]*\) (.*/\1/' >out
	expect_same out <<-END
		5 left out: 1 draft, 1 still to come, 1 opted out, 1 not rendered, 1 list without text
	END
done

begin "a run tells where its time went, reading apart from writing"
run --full
expect_json report '[.times | .list, .read, .prepare, .write, .publish | . >= 0 and . < 60] | all' true
expect_json report '.times | .read > 0' true
blogsearch index blog -v --full >out
grep -Eq '\([0-9.]+ s: list [0-9.]+, read [0-9.]+, prepare [0-9.]+, write [0-9.]+, publish [0-9.]+\)' out || fail "$(cat out)"

begin "a date that is none is named, and the page indexed without it; a draft's is not"
sandbox
little_blog blog
page blog/content/posts/undated.md "Undated" "publishDate: 2020-13-45" "lastmod: soon" <<<"Text."
page blog/content/posts/gone.md "Still here" "date: 2020-01-01" "expiryDate: 2021/01/01" <<<"Text."
page blog/content/posts/later.md "Later" "draft: true" "date: soon" <<<"Text."
expect_exit 5 blogsearch index blog 2>err
expect_same err <<-END
	blogsearch: content/posts/gone.md:4: has a date that is none: expiryDate: 2021/01/01; write it like 2024-05-03 or 2024-05-03T14:00:00+02:00
	blogsearch: content/posts/undated.md:3: has dates that are none: publishDate: 2020-13-45, lastmod: soon; write it like 2024-05-03 or 2024-05-03T14:00:00+02:00
END
titles >out
expect_has out "Undated" "Still here"
expect_exit 5 blogsearch index blog 2>again
diff err again >&2 || fail "said otherwise the second time"

finish
