#!/bin/bash
# blogsearch suggest, related, series, facets: the smaller questions from the terminal.
. "$(dirname "$0")/../harness/cli.sh"

little_blog blog
page blog/content/posts/compose.md "Docker Compose" "date: 2024-04-01" "tags: [docker]" "series: [Containers]" <<-END
	Several containers, images and volumes in one file; Docker reads it.
END
begin "the index is made"
blogsearch index blog
cd blog || exit

begin "facets lists what pages can be filtered by, with the number of values"
blogsearch facets >out
expect_has out "     4  tag" "     2  category" "     1  series" "     2  year"

begin "facets NAME lists its values, those of most pages first, then by name"
blogsearch facets tag --json >out
expect_json out '[.values[] | [.name, .count]]' '[["docker",2],["linux",2],["garden",1],["podman",1]]'
expect_json out .total 4

begin "facets NAME PREFIX finds values by the beginning of any of their words"
blogsearch facets tag DOC --json >out
expect_json out '[.values[].name_html]' '["<mark>doc</mark>ker"]'
blogsearch facets series cont >out
expect_has out "Containers"
blogsearch facets tag ocker >out
expect_empty out

begin "facets --limit shows fewer and says how many there are"
blogsearch facets tag --limit 1 --json >out
expect_json out '[.total, (.values | length)]' '[4,1]'

begin "a facet that does not exist is exit status 1 with the nearest name"
expect_exit 1 blogsearch facets tga >out 2>err
expect_empty out
expect_error err '"tga"' '"tag"'

begin "a series is listed by its number, those without one last, whatever the case of its name"
blogsearch series CONTAINERS --json >out
expect_json out '[.pages[].title]' '["Containers with Docker","Podman without a daemon","Docker Compose"]'
expect_json out '[.name, .slug, .count, .prev, .next]' '["Containers","containers",3,null,null]'

begin "series --page has the pages before and after"
blogsearch series containers --page posts/podman.md --json >out
expect_json out '[.prev.title, .current.title, .next.title]' \
	'["Containers with Docker","Podman without a daemon","Docker Compose"]'
blogsearch series containers --page https://blog.example/posts/docker/ --json >out
expect_json out '[.prev, .next.title]' '[null,"Podman without a daemon"]'

begin "a series or page that does not exist is exit status 1"
expect_exit 1 blogsearch series nonsense 2>err
expect_error err '"nonsense"'
expect_exit 1 blogsearch series kontainers 2>err
expect_error err '"containers"'
expect_exit 1 blogsearch series containers --page posts/garden.md 2>err
expect_error err "none of the series"
expect_exit 1 blogsearch related /nowhere/ 2>err
expect_error err '"/nowhere/"'

begin "related pages share series, terms or words, and it is said which"
blogsearch related posts/docker.md --json >out
expect_json out .title '"Containers with Docker"'
expect_json out '[.related[].title]' '["Podman without a daemon","Docker Compose"]'
expect_json out '.related[0].why.series[0].name' '"Containers"'
expect_json out '[.related[].why.terms | map(.name)]' '[["tech","linux"],["docker"]]'
expect_json out '.related[0].why.words | index("containers") != null' true
expect_json out '[.related[].title] | index("Containers with Docker")' null

begin "a page is named by URL, path or file, with or without what surrounds them"
for name in /posts/docker/ /posts/docker https://blog.example/posts/docker/ "https://blog.example/posts/docker/?a=b#volumes" \
	posts/docker.md content/posts/docker.md ./content/posts/docker.md /posts/docker/index.html; do
	blogsearch related "$name" --json >out
	expect_json out .title '"Containers with Docker"'
done

begin "related --limit takes 1 to 50"
blogsearch related posts/docker.md --limit 1 --json >out
expect_json out '.related | length' 1
expect_exit 2 blogsearch related posts/docker.md --limit 51 2>err
expect_error err "limit"

begin "operands that are missing or too many are wrong usage"
expect_exit 2 blogsearch related 2>err
expect_error err "missing"
expect_exit 2 blogsearch series a b 2>err
expect_error err "more was named"
expect_exit 2 blogsearch suggest 2>err
expect_error err "missing"

begin "suggest completes terms with their facet, pages and URL"
blogsearch suggest dock --json >out
expect_json out '.suggestions[0] | [.kind, .text, .text_html, .count, .facet, .slug, .url]' \
	'["term","docker","<mark>dock</mark>er",2,"tag","docker","https://blog.example/tags/docker/"]'

begin "suggest completes titles by any of their words, the newest first, with their URL"
blogsearch suggest daem --json >out
expect_json out '.suggestions[] | select(.kind == "title") | [.text_html, .url]' \
	'["Podman without a <mark>daem</mark>on","https://blog.example/posts/podman/"]'
blogsearch suggest "with doc" --json >out
expect_json out '[.suggestions[] | select(.kind == "title").text]' '["Containers with Docker"]'

begin "suggest completes words that pages share, a word's forms once"
blogsearch suggest imag --json >out
expect_json out '[.suggestions[] | [.kind, .text, .count]]' '[["word","images",2]]'
blogsearch suggest contain --json >out
expect_json out '[.suggestions[] | select(.kind == "word").text]' '[]'

begin "suggest escapes what authors wrote"
blogsearch suggest tom --json >out
expect_json out '.suggestions[] | select(.kind == "title").text_html' '"<mark>Tom</mark>atoes &amp; basil"'

begin "suggest forgives a slip where nothing begins as typed, and says so"
blogsearch suggest dokcer --json >out
expect_json out .corrected '"docker"'
expect_json out '.suggestions[0] | [.kind, .text]' '["term","docker"]'
blogsearch suggest zzzzzz --json >out
expect_json out '[.corrected, .suggestions]' '[null,[]]'

begin "suggest --limit takes 1 to 20"
blogsearch suggest d --limit 1 --json >out
expect_json out '.suggestions | length' 1
expect_exit 2 blogsearch suggest d --limit 21 2>err
expect_error err "limit"

begin "text is for people: no JSON, one line an item"
blogsearch suggest dock >out
expect_has out "docker  tag, 2 pages"
blogsearch related posts/docker.md >out
expect_has out "Docker Compose" "https://blog.example/posts/compose/" "series Containers"
blogsearch series containers >out
expect_has out "Containers  3 pages" "  1  Containers with Docker  2024-03-01"

finish
