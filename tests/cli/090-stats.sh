#!/bin/bash
# blogsearch stats: counts and sizes of an index.
. "$(dirname "$0")/../harness/cli.sh"

little_blog blog
blogsearch index blog
cd blog || exit

begin "pages, languages and values of facets are counted"
blogsearch stats --json >out
expect_json out '[.pages, .segments, .languages]' '[3,1,[{"name":"en","pages":3}]]'
expect_json out '[.facets[] | select(.name == "tag") | .values[] | select(.name == "linux" or .name == "Linux") | .pages]' "$(
	blogsearch facets tag --json | jq -c '[.values[] | select(.slug == "linux") | .count]'
)"

begin "the parts add up to the file"
expect_json out '.bytes | .file == ([.postings, .texts, .pages, .sources, .terms, .vocabulary, .catalog, .other, .free] | add)' true
expect_equal "$(jq .bytes.file out)" "$(stat -c %s .blogsearch/index.db)" bytes

begin "people get it in lines"
blogsearch stats >out
expect_has out "3 pages" "built 2026-01-01T00:00:00Z" postings texts vocabulary "tag ("

begin "without an index there is nothing to count"
expect_exit 3 blogsearch stats --index nowhere.db 2>err
expect_error err nowhere.db

finish
