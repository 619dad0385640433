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

begin "an address of the site is one of the web, or a path"
for wrong in //evil.example/ '/\evil.example/' 'javascript:alert(1)' ftp://evil.example/ example.org 'https://a b/'; do
	printf "index:\n  code: true\nsite:\n  base_url: '%s'\n" "$wrong" >wrong.yaml
	expect_exit 2 blogsearch index blog --config wrong.yaml 2>err
	expect_error err "wrong.yaml:4: site.base_url must be an address such as https://example.org/"
	expect_exit 2 blogsearch index blog --set "site.base_url=$wrong" 2>err
	expect_error err "site.base_url must be an address"
done

begin "the scheme of an address is written in lower case, that of a picture too"
page blog/content/posts/picture.md "Picture" "date: 2024-01-01" "image: HTTPS://Images.Example/A.png" <<<"A picture."
blogsearch index blog --set index.exclude= --set site.base_url=HTTPS://Other.Example/
blogsearch query --index blog/.blogsearch/index.db picture --json >out
expect_json out '.hits[0] | "\(.url) \(.image)"' '"https://Other.Example/posts/picture/ https://Images.Example/A.png"'
rm blog/content/posts/picture.md

begin "a generator's own address without a scheme leads to no other host; its path counts"
little_blog relative
sed -i 's|^baseURL.*|baseURL = "//evil.example/sub/"|' relative/hugo.toml
blogsearch index relative
blogsearch query --index relative/.blogsearch/index.db podman --json >out
expect_json out '.hits[0] | "\(.url) \(.tags[1].url)"' '"/sub/posts/podman/ /sub/tags/linux/"'

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

begin "facets makes facets of keys of the front matter, and says which are counted"
sandbox
little_blog blog
page blog/content/posts/bsd.md "Jails" "platforms: [FreeBSD, 'Mac OS']" "extra: {level: 3}" <<-'END'
	Jails are older than containers. `jexec` enters one.

	```sh
	jls --verbose
	```
END
page blog/content/posts/linux.md "Namespaces" "platforms: freebsd" "tags: [linux]" <<-END
	What containers are made of.
END
write blog/blogsearch.yaml <<-END
	facets: [platform=platforms, tag, level=extra.level, never]
END
blogsearch index blog
cd blog || exit 1
blogsearch query containers --json >out
expect_json out '[.facets | keys_unsorted[]] | join(" ")' '"platform tag level"'
expect_json out '[.facets.platform[] | "\(.slug) \(.count)"] | join(", ")' '"freebsd 2, mac-os 1"'
blogsearch query "platform:FreeBSD -tag:linux" --json >out
expect_json out '.hits[].title' '"Jails"'
expect_json out '.facets.level[0].name' '"3"'
blogsearch query containers --facets category --json >out
expect_json out '.facets | keys[]' '"category"'
cd ..

begin "another choice of facets takes effect with the next index, although no file has changed"
blogsearch index blog --set facets=tag --json >out
expect_json out '.changed' 2
blogsearch facets --index blog/.blogsearch/index.db >out
expect_lacks out platform

begin "a facet that cannot be is refused"
rm blog/blogsearch.yaml
for wrong in "year=y" "a b" "Tag" "x=" "tag,tag"; do
	expect_exit 2 blogsearch index blog --set "facets=$wrong" 2>err
	expect_error err "facets has an item that cannot be"
done

begin "index.code: false keeps code out, and what it says in the prose in"
blogsearch index blog --set index.code=false
blogsearch query --index blog/.blogsearch/index.db jexec --format urls >out
expect_lines out 1
expect_exit 1 blogsearch query --index blog/.blogsearch/index.db jls
expect_exit 1 blogsearch query --index blog/.blogsearch/index.db code:jexec

begin "index.languages leaves the other languages out; a plain folder's pages are in the first"
page notes/eins.md "Eins" <<-END
	Viele Häuser stehen hier.
END
page notes/two.md "Two" "lang: en-GB" <<-END
	Many houses stand here.
END
blogsearch index notes --set index.languages=de
blogsearch query --index notes/.blogsearch/index.db '' --format urls >out
expect_same out <<-END
	/eins/
END
blogsearch query --index notes/.blogsearch/index.db haus --format urls >out
expect_lines out 1
blogsearch index notes --set index.languages=de,en-gb
blogsearch query --index notes/.blogsearch/index.db lang:en-gb --format urls >out
expect_same out <<-END
	/two/
END
sandbox
little_blog blog
write other.yaml <<-END
	index:
	  drafts: yes
END

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

begin "what searching wants is checked by index as well, with its line"
sandbox
little_blog .
for wrong in 'synonyms: ["a, b", "=> b"]' 'synonyms: [x]'; do
	printf 'index:\n  %s\n' "$wrong" >blogsearch.yaml
	for command in "index" "index --dry-run" "query containers"; do
		expect_exit 2 blogsearch $command 2>err
		expect_error err "blogsearch.yaml:2" "index.synonyms has an item that cannot be"
	done
done
printf 'ranking:\n  boosts:\n    - section:docs=1000\n' >blogsearch.yaml
expect_exit 2 blogsearch index 2>err
expect_error err "blogsearch.yaml:3" "ranking.boosts has an item that cannot be"

finish
