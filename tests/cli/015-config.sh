#!/bin/bash
# blogsearch.yaml, --config and --set: what they say, and how they say no.
. "$(dirname "$0")/../harness/cli.sh"

little_blog blog

begin "a key from blogsearch.yaml, nested or dotted, decides"
write blog/blogsearch.yaml <<-END
	index:
	  exclude: [content/posts/docker.md]
	site.base_url: https://elsewhere.example/
END
blogsearch index blog
blogsearch query --index blog/.blogsearch/index.db containers --format urls >out
expect_same out <<-END
	https://elsewhere.example/posts/podman/
END

begin "--set stands over the file"
blogsearch index blog --set index.exclude= --set site.base_url=https://other.example
blogsearch query --index blog/.blogsearch/index.db containers --format urls >out
expect_sorted out <<-END
	https://other.example/posts/docker/
	https://other.example/posts/podman/
END

begin "--config names another file"
write other.yaml <<-END
	index:
	  drafts: yes
END
blogsearch index blog --config other.yaml
blogsearch query --index blog/.blogsearch/index.db unfinished --format urls >out
expect_lines out 1

begin "a named file that is not there is said"
expect_exit 2 blogsearch index blog --config nowhere.yaml 2>err
expect_error err "nowhere.yaml: "

begin "index.file says where the index lies, also for a question from a folder below"
write blog/blogsearch.yaml <<-END
	index: {file: search/pages.db}
END
blogsearch index blog
expect_exit 0 test -s blog/search/pages.db
(cd blog/content/posts && "$harness_program" query podman --format urls) >out
expect_lines out 1

begin "a wrong key names file, line and the nearest key"
write blog/blogsearch.yaml <<-END
	# our blog
	index:
	  draft: true
END
expect_exit 2 blogsearch index blog 2>err
expect_error err 'blog/blogsearch.yaml:3: there is no key "index.draft"' '"index.drafts"'

begin "a key like none points to the list of keys"
expect_exit 2 blogsearch index blog --config other.yaml --set zzz=1 2>err
expect_error err 'there is no key "zzz"' "blogsearch help config"

begin "a wrong value names the line, what the key takes and what it got"
write blog/blogsearch.yaml <<-END
	serve:
	  threads: 2
	  query_timeout_ms: soon
END
expect_exit 2 blogsearch index blog 2>err
expect_error err "blog/blogsearch.yaml:3: serve.query_timeout_ms must be a whole number" '"soon"'
write blog/blogsearch.yaml <<-END
	index:
	  drafts: [true]
END
expect_exit 2 blogsearch index blog 2>err
expect_error err "blog/blogsearch.yaml:2: index.drafts must be true or false"
expect_exit 2 blogsearch index blog --set index.drafts=maybe --config other.yaml 2>err
expect_error err "index.drafts must be true or false" '"maybe"'
expect_exit 2 blogsearch index blog --config other.yaml --set serve.threads=-1 2>err
expect_error err "serve.threads must be a whole number"

begin "what is no YAML names the place"
write blog/blogsearch.yaml <<-END
	index:
	  exclude: [a, b
	serve: {}
END
expect_exit 2 blogsearch index blog 2>err
expect_error err "blog/blogsearch.yaml:3"

begin "what is YAML but no map says what it should be"
write blog/blogsearch.yaml <<-END
	- index
END
expect_exit 2 blogsearch index blog 2>err
expect_error err "blog/blogsearch.yaml:1: must be a map of keys and values"

begin "an empty file and empty values mean the defaults"
write blog/blogsearch.yaml <<-END
	# nothing yet
	index:
	  drafts:
END
blogsearch index blog
: >blog/blogsearch.yaml
blogsearch index blog

begin "a question reads the site's blogsearch.yaml too"
write blog/blogsearch.yaml <<-END
	nonsense: 1
END
cd blog || exit 1
expect_exit 2 blogsearch query x 2>../err
cd ..
expect_error err "blogsearch.yaml:1: there is no key"
rm blog/blogsearch.yaml

begin "--set without a value says how it is written"
expect_exit 2 blogsearch index blog --set index.drafts 2>err
expect_error err "--set KEY=VALUE"

begin "help config lists every key with its default"
blogsearch help config >out
expect_has out "site.kind = auto" "index.file = .blogsearch/index.db" "serve.listen = 127.0.0.1:8017" \
	"serve.query_timeout_ms = 500"

finish
