#!/bin/bash
# blogsearch check and export: what an author is told, and every page as an object.
. "$(dirname "$0")/../harness/cli.sh"

mkdir -p garden/content/posts
printf 'baseURL = "https://garden.example/"\n[taxonomies]\ntag = "tags"\nseries = "series"\n' >garden/hugo.toml
printf -- '---\ntitle: One\ndate: 2024-01-02\nseries: [Tour]\nseries_order: 1\ntags: [Docker]\n---\nFirst.\n' >garden/content/posts/one.md
printf -- '---\ntitle: Three\ndate: yesterday\nseries: [Tour]\nseries_order: 3\ntags: [dockers]\n---\nSee [it]({{< ref "nowhere.md" >}}).\n' >garden/content/posts/three.md
printf -- '---\ntitle: Twin\nslug: one\n---\nTwin.\n' >garden/content/posts/twin.md
printf -- '---\ntitle: [broken\n---\nText.\n' >garden/content/posts/broken.md

begin "check names each file with what is wrong, and ends with 5"
expect_exit 5 blogsearch check garden >out 2>err
sed 's/; .*//' err >lines
expect_same lines <<-END
	blogsearch: content/posts/broken.md:3:1: is no YAML: while parsing a flow sequence, did not find expected ',' or ']'
	blogsearch: content/posts/three.md: is part 3 of the series tour, but there is no part 2
	blogsearch: content/posts/three.md: has the tag "dockers", which looks like "Docker" in content/posts/one.md
	blogsearch: content/posts/three.md:3: has a date that is none: date: yesterday
	blogsearch: content/posts/three.md:8: refers to a page that is not there: nowhere.md
	blogsearch: content/posts/twin.md: has the same address (/posts/one/) as content/posts/one.md
END

begin "check writes nothing"
test ! -e garden/.blogsearch && ls garden >out
expect_same out <<-END
	content
	hugo.toml
END

begin "export writes an object a page, in the order of files"
expect_exit 5 blogsearch index garden 2>err
cd garden || exit
blogsearch export | sed 's/^{"file":"\([^"]*\)".*"published":\([^,]*\),.*/\1 \2/' >out
expect_same out <<-END
	content/posts/one.md "2024-01-02T00:00:00Z"
	content/posts/three.md null
	content/posts/twin.md null
END

begin "the bulk input of OpenSearch has a line of action before each document"
blogsearch export --format opensearch | sed -n 1p | sed 's/[0-9a-f]\{16\}/ID/' >out
expect_same out <<-END
	{"index":{"_id":"ID"}}
END

begin "records for Algolia stay below 10 KB, whatever the page says of itself, and lose nothing"
mkdir -p records/content
write records/hugo.toml <<<'baseURL = "https://blog.example/"'
python3 - <<-'END'
	words = 'word "quoted" back\\slash größe ' * 2000
	open('records/content/a.md', 'w').write(
	    '---\ntitle: A\ndescription: "' + 'x y ' * 1000 + '"\n---\n' + words + '\n\n## h\n\n' + '日本語の長い文章' * 2000 + '\n')
END
blogsearch index records --index records.db
blogsearch export --index records.db --format algolia >records.ndjson
python3 - >out <<-'END'
	import json
	lines = open('records.ndjson', 'rb').read().splitlines()
	texts = [json.loads(line)['text'] for line in lines]
	print(max(map(len, lines)) <= 10000, ' '.join(texts).split().count('größe'), sum(text.count('日') for text in texts))
END
expect_same out <<-END
	True 2000 2000
END

begin "a format that there is none of is wrong usage"
expect_exit 2 blogsearch export --format xml >out 2>err

begin "a link by ref leads to pages by their path or its end, to sections, taxonomies and terms"
sandbox
write blog/hugo.toml <<<'baseURL = "https://blog.example/"'
page blog/content/posts/deep/one.md "One" "tags: [Go Lang]" <<<"Text."
page blog/content/posts/bundle/index.md "Bundle" <<<"Text."
page "blog/content/posts/With Blanks.md" "Blanks" <<<"Text."
page blog/content/links.md "Links" <<-'END'
	{{< ref "posts/deep/one.md" >}} {{< ref "one" >}} {{< ref "/posts/deep/one#part" >}} {{< relref `deep/one.md` >}}
	{{% ref path="posts/bundle" lang="en" %}} {{< ref "bundle/index.md" >}} {{< ref "posts" >}} {{< ref "/tags/" >}}
	{{< ref "/tags/go-lang" >}} {{< ref "with blanks.md" >}} {{< ref "posts/with-blanks" >}} {{< ref "/" >}}
	{{< ref "ne" >}} {{< ref "posts/one.md" >}} {{% ref path="posts/none" %}}
	{{</* ref "escaped.md" */>}}
END
expect_exit 5 blogsearch check blog 2>err >out
sed 's/; .*//' err >lines
expect_same lines <<-END
	blogsearch: content/links.md:7: refers to a page that is not there: ne
	blogsearch: content/links.md:7: refers to a page that is not there: posts/one.md
	blogsearch: content/links.md:7: refers to a page that is not there: posts/none
END

begin "pages that a template makes are named, as what cannot be known"
sandbox
write blog/hugo.toml <<<'baseURL = "https://blog.example/"'
page blog/content/one.md "One" <<<"Text."
write blog/content/books/_content.gotmpl <<<'{{ .AddPage (dict "path" "x") }}'
expect_exit 5 blogsearch check blog 2>err >out
expect_error err "content/books/_content.gotmpl: makes pages by a template"
blogsearch check blog --set site.hugo_version=0.111.3 >out
blogsearch index blog

begin "a folder without pages is none to be checked, as it is none to be indexed"
sandbox
mkdir empty
expect_exit 4 blogsearch check empty 2>err
expect_error err "empty: has no pages"

begin "of what index.exclude names nothing is said: pages, links, folders that may not be read"
sandbox
write blog/hugo.toml <<<'baseURL = "https://blog.example/"'
page blog/content/one.md "One" <<<'See {{< ref "private/bad.md" >}}.'
write blog/content/private/bad.md <<<$'---\ntitle: [broken\n---\n'
write blog/content/dated.md <<<$'---\ntitle: D\ndate: soon\n---\n'
ln -s /nowhere blog/content/private/link.md
ln -s / blog/content/elsewhere
mkdir -p blog/content/closed/deep
chmod 000 blog/content/closed
# Whoever is not root may not look into the closed folder.
reader() { if [ "$(id -u)" = 0 ]; then as_nobody blogsearch "$@"; else blogsearch "$@"; fi; }
chmod 755 .
expect_exit 5 reader check blog 2>err >out
cut -d: -f2 err | sort -u >out
expect_same out <<-END
	 content/closed
	 content/dated.md
	 content/elsewhere
	 content/private/bad.md
	 content/private/link.md
END
exclude=(--set 'index.exclude=content/private/**, content/elsewhere, content/closed/, **/dated.md')
reader check blog "${exclude[@]}" >out 2>err
expect_empty err
expect_has out "1 page, 0 remarks"
reader index blog "${exclude[@]}" --index "$PWD/index.db" --dry-run >out 2>err
expect_empty err
chmod 755 blog/content/closed

finish
