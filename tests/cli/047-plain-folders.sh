#!/bin/bash
# A folder of Markdown without a generator: titles, dates and addresses, and what site.permalink does to these.
. "$(dirname "$0")/../harness/cli.sh"

index() { # OPTIONS…
	blogsearch index notes --set site.base_url=https://notes.example/sub/ "$@"
	blogsearch export --index notes/.blogsearch/index.db >pages
}
# expect_pages FILTER: what jq's FILTER gives, page by page, is standard input.
expect_pages() {
	jq -r "$1" pages >out
	expect_same out
}

notes() {
	sandbox
	write notes/index.md <<<$'# Welcome\n\nText.'
	write "notes/posts/2024-05-03-big news.md" <<<$'Text without a heading.'
	write notes/posts/own.md <<<$'---\ntitle: A Title of its Own\nslug: My Slug\ndate: 2023-12-31T23:30:00-05:00\n---\nText.'
	write notes/posts/deep/undated.md <<<$'# Undated\n\nText.'
	write notes/url.md <<<$'---\ntitle: U\nurl: /elsewhere/\n---\nText.'
	write notes/hidden.md <<<$'---\npublished: false\n---\nText.'
}

begin "title and date come from front matter, else from the first heading and the file's name"
notes
index
expect_pages '[.title, .published // "-", .section] | join("|")' <<-END
	Welcome|-|
	big news|2024-05-03T00:00:00Z|posts
	Undated|-|posts
	A Title of its Own|2024-01-01T04:30:00Z|posts
	U|-|
END

begin "an address is the path, below the base URL"
expect_pages .url <<-END
	https://notes.example/sub/
	https://notes.example/sub/posts/2024-05-03-big%20news/
	https://notes.example/sub/posts/deep/undated/
	https://notes.example/sub/posts/own/
	https://notes.example/elsewhere/
END

begin "site.permalink says what it is instead; a page without the date that it asks for keeps its path"
index --set 'site.permalink=/:year/:month/:day/:slug/'
expect_pages .relurl <<-END
	/sub/
	/sub/2024/05/03/big-news/
	/sub/posts/deep/undated/
	/sub/2023/12/31/my-slug/
	/elsewhere/
END

begin "folders, titles and names of files are parts of it, with an ending or without"
index --set 'site.permalink=:section/x/:title.html'
expect_pages .relurl <<-END
	/sub/
	/sub/posts/x/big-news.html
	/sub/posts/x/undated.html
	/sub/posts/x/a-title-of-its-own.html
	/elsewhere/
END
index --set 'site.permalink=/:sections/:filename'
expect_pages .relurl <<-END
	/sub/
	/sub/posts/2024-05-03-big%20news
	/sub/posts/deep/undated
	/sub/posts/own
	/elsewhere/
END

begin "a token that there is none of is wrong usage, and nothing is changed"
expect_exit 2 blogsearch index notes --set 'site.permalink=/:years/:slug/' 2>err
expect_error err "site.permalink" "/:years/:slug/" ":slug"

finish
