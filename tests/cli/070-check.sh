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

begin "a format that there is none of is wrong usage"
expect_exit 2 blogsearch export --format xml >out 2>err

finish
