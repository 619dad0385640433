#!/bin/bash
# What a Hugo site publishes: rules that the sites of tests/site do not try, seen through the export.
. "$(dirname "$0")/../harness/cli.sh"

site() { # [CONFIGURATION]
	sandbox
	write blog/hugo.toml <<-END
		baseURL = "https://blog.example/"
		${1-}
	END
}
# index: the site into out, an object a page.
index() { # OPTIONS…
	blogsearch index blog --set site.hugo_version=0.111.3 "$@"
	blogsearch export --index blog/.blogsearch/index.db >pages
}
# expect_page FILE FILTER VALUE: what jq's FILTER gives for the page.
expect_page() {
	jq -c "select(.file == \"content/$1\")" pages >page.json
	expect_json page.json "$2" "$3"
}

begin "a permalink of a section whose name is not in lower case is not that section's"
site '[permalinks]
"Ünter" = "/x/:filename/"'
page "blog/content/Ünter/a b.md" "One" <<<"Text."
index
expect_page "Ünter/a b.md" .relurl '"/%C3%BCnter/a-b/"'

begin "and of one in lower case it is, however the configuration writes it"
site '[permalinks]
"Ünter" = "/x/:filename/"'
page "blog/content/ünter/a b.md" "One" <<<"Text."
index
expect_page "ünter/a b.md" .relurl '"/x/a-b/"'

begin "from 0.123 on a section is called as its address has it"
site '[permalinks]
"big-docs" = "/x/:filename/"'
page "blog/content/Big Docs/a.md" "One" <<<"Text."
index --set site.hugo_version=0.123.0
expect_page "Big Docs/a.md" .relurl '"/x/a/"'

begin "a term whose own page is a draft has no page, until it is published"
site
write blog/content/p.md <<<$'---\ntitle: P\ntags: [C++, Go]\n---\nText.'
write blog/content/tags/c++/_index.md <<<$'---\ntitle: All of C++\ndraft: true\n---\nText.'
index
expect_page p.md '.taxonomies.tags | map(.name, .relurl)' '["C++",null,"Go","/tags/go/"]'
sed -i '/draft/d' blog/content/tags/c++/_index.md
index
expect_page p.md '.taxonomies.tags[0]' '{"name":"All of C++","slug":"c++","relurl":"/tags/c++/"}'

begin "a term is called as the page writes it that comes first: by its section, then by its name"
site
write blog/content/posts/x.md <<<$'---\ntitle: X\ntags: [k8s]\n---\nText.'
write blog/content/posts/deep/a.md <<<$'---\ntitle: A\ntags: [K8s]\n---\nText.'
index
expect_page posts/x.md '.taxonomies.tags[0].name' '"K8s"'
page blog/content/posts/deep/_index.md "Deep" <<<"A section of its own, and so behind the pages of the one above."
index
expect_page posts/deep/a.md '.taxonomies.tags[0].name' '"k8s"'

begin "from 0.123 on by its path alone"
index --set site.hugo_version=0.123.0
expect_page posts/x.md '.taxonomies.tags[0].name' '"K8s"'

begin "brackets in the path of a bare address are no footnote"
site
write blog/content/p.md <<<$'---\ntitle: P\n---\nSee https://a.example/x[^1], word[^2].\n\n[^1]: Unseen.\n\n[^2]: Seen.'
index
expect_page p.md .text '"See word.\nSeen."'

begin "notes stand at the end, in the order of what refers to them"
site
write blog/content/p.md <<<$'---\ntitle: P\n---\nFirst[^b] and[^a].\n\n[^a]: Of a.\n\n    ## In a note\n\n[^b]: Of b,\nlazily.\n\n## Middle\n\nLast.'
index
expect_page p.md .text '"First and.\nLast.\nOf b, lazily.\nOf a."'
expect_page p.md '[.headings[].anchor]' '["middle","in-a-note"]'

begin "front matter behind a comment: the lines before it are passed over, the text begins where a comment ends"
site
write blog/content/p.html <<<$'<!-- of the editor -->\n---\ntitle: P\n---\n<p>Unseen.</p>\n<!-- x -->\n<p>Seen.</p>'
write blog/content/q.md <<<$'<!--\n{"title": "Q"}\n-->\nSeen.'
index
expect_page p.html '.title, .text' '"P"
"Seen."'
expect_page q.md '.title, .text' '"Q"
"Seen."'

begin "a pipe ends a cell in code as well, unless it is escaped; one dash makes a column"
site
write blog/content/p.md <<<$'---\ntitle: P\n---\n| a | b |\n|-|-|\n| `c|d` | lost |\n| `e\\|f` | `g` |\n\n| `h|i` |\n|---|\n'
index
expect_page p.md .text '"a b\n`c d`\ne|f g\n| h|i | |—|"'

begin "what stands behind the mark that ends front matter is text"
site
write blog/content/p.md <<<$'---\ntitle: P\n--- first\nsecond'
write blog/content/q.md <<<$'+++\r\ntitle = "Q"\r\n+++\r\nText.'
index
expect_page p.md '.title, .text' '"P"
"first second"'
expect_page q.md '.title, .text' '"Q"
"Text."'

begin "an ending in upper case is none of content up to 0.122"
site
page blog/content/p.md "P" <<<"Text."
page blog/content/UP.MD "Up" <<<"Text."
index
expect_lines pages 1
index --set site.hugo_version=0.123.0
expect_lines pages 2

begin "seconds since 1970 are a date, but in JSON, where they are a fraction to Hugo"
site
write blog/content/p.md <<<$'---\ntitle: P\ndate: 1620123456\n---\nText.'
write blog/content/q.md <<<$'{"title": "Q", "date": 1620123456, "tags": [2021], "weight": 7}\nText.'
expect_exit 5 blogsearch index blog --set site.hugo_version=0.111.3 2>err
expect_has err 'content/q.md: has a date that is none: date: 1620123456'
blogsearch export --index blog/.blogsearch/index.db >pages
expect_page p.md .published '"2021-05-04T10:17:36Z"'
expect_page q.md '.published, .weight, .taxonomies.tags[0].name' 'null
7
"2021"'

begin "fractions and numerals are a part of ids in the style of blackfriday"
site '[markup.goldmark.parser]
autoHeadingIDType = "blackfriday"'
page blog/content/p.md "P" <<<$'## Émile ½ & Ⅳ'
index
expect_page p.md '.headings[0].anchor' '"émile-½-ⅳ"'

begin "where terms are disabled none has an address, whether or not it has a page of its own"
site 'disableKinds = ["term"]'
write blog/content/p.md <<<$'---\ntitle: P\ntags: [x, y]\n---\nText.'
page blog/content/tags/x/_index.md "All of x" <<<"Text."
index
expect_page p.md '[.taxonomies.tags[].relurl]' '[null,null]'

begin "dollars in code that is indented begin no formula"
site
write blog/content/p.md <<<$'---\ntitle: P\n---\nText.\n\n    $$\n    code\n\n## Heading\n\nMore.\n\n    $$\n'
index
expect_page p.md '.headings[].anchor' '"heading"'

begin "the divider of a summary takes the white space behind it along"
site
write blog/content/p.md <<<$'---\ntitle: P\n---\nFirst.\n\n<!--more-->\n\n    no code\n'
index
expect_page p.md '.text, .code' '"First.\nno code"
[]'

begin "a label that stands in a link's target only refers to no footnote"
site
write blog/content/p.md <<<$'---\ntitle: P\n---\nWords.\n\n[y]: z[^n1]\n\n[^n1]: Unseen.'
index
expect_page p.md .text '"Words."'

begin ":sections is the path of the nearest folder that has an _index.md"
site '[permalinks]
posts = "/:sections/:filename/"'
page blog/content/posts/sub/deep/_index.md "Deep" <<<"Text."
page blog/content/posts/sub/deep/er/p.md "P" <<<"Text."
page blog/content/posts/sub/q.md "Q" <<<"Text."
index
expect_page posts/sub/deep/er/p.md .relurl '"/posts/sub/deep/p/"'
expect_page posts/sub/q.md .relurl '"/posts/q/"'

begin "a region that is kept out of the search: its headings count for the ids of others, code is no comment"
site
write blog/content/p.md <<<$'---\ntitle: P\n---\nBefore `<!-- search:off -->` in code.\n
<!-- search:off -->\n
## Twice\n\nHidden `hiddencode` ![hidden alt](x.png)\n\n```sh\n<!-- search:on -->\n```\n
Still hidden.\n\n<!-- search:on -->\n\n## Twice\n
A <!-- search:off -->secret <!--search:on-->word.\n
- item\n<!-- search:off -->\n\nNever shown.'
index
expect_page p.md '.text' '"Before <!-- search:off --> in code.\nA word.\nitem"'
expect_page p.md '[.headings[].anchor], .captions' '["twice-1"]
[]'
index --set site.kind=plain --set site.content=content
expect_page p.md '.text' '"Before <!-- search:off --> in code.\nA word.\nitem"'

begin "an address of its own is escaped as a whole where something in it must be, and else as it is written"
site
own() { printf -- '---\ntitle: U\nurl: "%s"\n---\nText.\n' "$2" >"blog/content/$1.md"; }
mkdir -p blog/content
own a "/brack[et]s (x)/"
own b "/brack[et]s(x)/"
own c "/dir.v1/name"
own d "/query?x=1"
own e "/a%20b (c)/"
index
for name in a b c d e; do jq -r "select(.file == \"content/$name.md\").relurl" pages; done >out
expect_same out <<-END
	/brack%5Bet%5Ds%20%28x%29/
	/brack[et]s(x)/
	/dir.v1/name
	/query?x=1/
	/a%20b%20%28c%29/
END

begin "what a shortcode encloses is a part of the word that it stands in, and of code as it is"
site
write blog/content/p.md <<-'END'
	---
	title: P
	---
	a{{< k >}}b{{< k >}}c{{< /k >}}{{< /k >}}d {{< k >}}one

	two{{< /k >}}

	```go
	x := {{< k >}}*y*{{< /k >}}
	```
END
index
expect_page p.md '.text, .code[0].text' '"abcd\none\ntwo"
"x := *y*"'

begin "a language of a file's name is one as it is written, from 0.123 on whatever its case"
site '[languages.en]
[languages.pt-BR]'
page blog/content/a.pt-br.md "A" <<<"Text."
page blog/content/b.pt-BR.md "B" <<<"Text."
index
jq -r .relurl pages >out
expect_same out <<-END
	/pt-br/a/
	/b.pt-br/
END
index --set site.hugo_version=0.123.0
jq -r .relurl pages >out
expect_same out <<-END
	/pt-br/a/
	/pt-br/b/
END

finish
