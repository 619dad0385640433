#!/bin/bash
# blogsearch query: words and filters to results, in every format.
. "$(dirname "$0")/../harness/cli.sh"

little_blog blog
begin "the index is made and found from the folder of the site and from folders below it"
blogsearch index blog
cd blog/content/posts || exit 1
blogsearch query containers --format urls >out
expect_sorted out <<-END
	https://blog.example/posts/docker/
	https://blog.example/posts/podman/
END
rm out out.sorted
cd ../..

begin "a repeated facet is OR"
blogsearch query --tag docker --tag podman --format urls >out
expect_sorted out <<-END
	https://blog.example/posts/docker/
	https://blog.example/posts/podman/
END

begin "different facets must all hold"
blogsearch query --tag linux --category tech --year 2024 --month 2024-05 --format urls >out
expect_same out <<-END
	https://blog.example/posts/podman/
END

begin "a facet's value is its slug or its name, in any case"
blogsearch query --series containers --sort series --format urls >out
expect_same out <<-END
	https://blog.example/posts/docker/
	https://blog.example/posts/podman/
END
blogsearch query --series CONTAINERS --tag Docker --format urls >out
expect_lines out 1

begin "dates include their ends"
blogsearch query --from 2024-05-01 --to 2025-07-01 --sort oldest --format urls >out
expect_same out <<-END
	https://blog.example/posts/podman/
	https://blog.example/posts/garden/
END
blogsearch query --to 2024-03 --format urls >out
expect_same out <<-END
	https://blog.example/posts/docker/
END

begin "without words it lists all pages, the newest first"
blogsearch query --format urls >out
expect_same out <<-END
	https://blog.example/posts/garden/
	https://blog.example/posts/podman/
	https://blog.example/posts/docker/
END

begin "hits are leafed through"
blogsearch query --format urls --sort title --per-page 2 >first
blogsearch query --format urls --sort title --per-page 2 --page 2 >second
expect_lines first 2
expect_lines second 1
blogsearch query --sort title --per-page 2 --page 2 >out
expect_has out "3 pages, part 2 of 2"

begin "phrases, exclusions, alternatives and fields"
blogsearch query '"ordinary user"' --format urls >out
expect_lines out 1
blogsearch query 'containers -podman' --format urls >out
expect_same out <<-END
	https://blog.example/posts/docker/
END
blogsearch query 'tomatoes OR volumes' --format urls >out
expect_lines out 2
blogsearch query title:podman tag:linux --format urls >out
expect_lines out 1

begin "a word with a hyphen before it is excluded, also behind --"
blogsearch query containers -docker --format urls >out
expect_same out <<-END
	https://blog.example/posts/podman/
END
blogsearch query --format urls -- containers -docker >out
expect_same out <<-END
	https://blog.example/posts/podman/
END

begin "behind -- what looks like an option is a word"
expect_exit 1 blogsearch query --format urls -- --tag >out
expect_empty out

begin "nothing found is exit status 1 and no error"
expect_exit 1 blogsearch query zeppelin >out 2>err
expect_has out "0 pages"
expect_empty err
expect_exit 1 blogsearch query zeppelin --json >out 2>err
expect_json out .total 0
expect_empty err

begin "text: title, address, date, terms, snippet and counted facets"
blogsearch query volume --tag docker >out
expect_has out "1 page" "Containers with Docker" "https://blog.example/posts/docker/" "2024-03-01" \
	"Containers (1 of 2)" "docker, linux" "A volume keeps what a container would forget." "tag: docker 1" "series: Containers 1"
expect_lacks out $'\033' "<mark>"

begin "text: sections that match stand below their hit, with their anchors"
blogsearch query "docker volume" --tag docker --facets "" >out
expect_has out "› Volumes  #volumes"
blogsearch query "docker volume" --tag docker --facets "" --sections 0 >out
expect_lacks out "›"
blogsearch query "docker volume" --color always >out
expect_has out $'\033]8;;https://blog.example/posts/docker/#volumes'

begin "a file or pipe gets neither colours nor links, and no entities"
blogsearch query tomatoes >out
expect_has out "Tomatoes & basil"
expect_lacks out $'\033' "&amp;"

begin "--color always marks what matched and links titles' addresses (OSC 8)"
blogsearch query tomatoes --color always >out
expect_has out $'\033[1;33mTomatoes' $'\033]8;;https://blog.example/posts/garden/\033\\' $'\033]8;;\033\\'

begin "NO_COLOR is honoured, and --color always stands over it"
NO_COLOR=1 blogsearch query tomatoes --color auto >out
expect_lacks out $'\033'
NO_COLOR=1 blogsearch query tomatoes --color always >out
expect_has out $'\033['

begin "on a terminal there are colours, and none with NO_COLOR, TERM=dumb or --color never"
on_terminal() {
	script --quiet --return --command "'$harness_program' query tomatoes $*" /dev/null >out </dev/null
}
if ! command -v script >/dev/null; then
	skip "there is no script(1) to make a terminal"
else
	on_terminal
	expect_has out $'\033[1;33m' $'\033]8;;'
	NO_COLOR=1 on_terminal
	expect_lacks out $'\033['
	TERM=dumb on_terminal
	expect_lacks out $'\033['
	on_terminal --color never
	expect_lacks out $'\033['
fi

begin "json: the API's answer"
blogsearch query --json --tag linux containers >out
expect_json out '.total' 2
expect_json out '[.hits[].title] | sort' '["Containers with Docker","Podman without a daemon"]'
expect_json out '.facets.tag | map({(.slug): .count}) | add | to_entries | map(.key + " " + (.value | tostring)) | sort' \
	'["docker 1","linux 2","podman 1"]'
expect_json out '.facets.tag | map(select(.selected)) | map(.slug)' '["linux"]'
expect_json out '.hits[] | select(.title | startswith("Podman")) | .series | map(del(.url))' \
	'[{"name":"Containers","slug":"containers","order":2,"count":2}]'
expect_json out '.q' '"containers"'
blogsearch query --format json --tag linux containers >again
expect_equal "$(jq -c 'del(.took_ms)' again)" "$(jq -c 'del(.took_ms)' out)"

begin "ndjson: a hit a line"
blogsearch query --format ndjson --sort title >out
expect_lines out 3
expect_equal "$(jq -r .title out)" $'Containers with Docker\nPodman without a daemon\nTomatoes & basil'

begin "tsv: score, day, address, title"
blogsearch query --format tsv tomatoes | cut -f 2- >out
expect_same out <<END
2025-07-01	https://blog.example/posts/garden/	Tomatoes & basil
END

begin "--json prints the bytes that the daemon answers with"
as_user=()
[ "$(id -u)" != 0 ] || as_user=(--user nobody) # the daemon does not stay root
in_background "$harness_program" serve --listen 127.0.0.1:0 "${as_user[@]}" >serve.out 2>serve.err
url() { sed -n 's/.*listening on \(http[^ ]*\).*/\1/p' serve.out | grep .; }
if wait_for url; then
	curl -sS "$(url)v1/search?q=containers&tag=linux&facets=*&per_page=1" >answer
	blogsearch query --json containers --tag linux --facets '*' --per-page 1 | tr -d '\n' >out
	sed -i 's/"took_ms":[0-9.e-]*/"took_ms":0/' answer out
	cmp -s answer out || fail "$(diff answer out)"
	expect_has answer '"total":2'
fi

begin "a wrong value names the option, what it takes and what it got"
while IFS='|' read -r option value what; do
	expect_exit 2 blogsearch query x "$option" "$value" 2>err
	expect_error err "$option $what" "$value"
done <<-END
	--per-page|x|must be a whole number from 0 to 100
	--per-page|101|must be a whole number from 0 to 100
	--page|0|must be a whole number from 1
	--page|99999999999999999999|must be a whole number
	--sort|up|must be relevance, newest, oldest
	--facet-limit|0|must be a whole number from 1 to 1000
	--snippet|101|must be a whole number from 0 to 100
	--match|some|must be auto, all or any
	--year|20|must be a year
	--month|2024-13|must be a month
	--from|2024-02-30|must be a date
	--to|yesterday|must be a date
END
expect_exit 2 blogsearch query x --facets tagg 2>err
expect_error err '--facets knows no "tagg"' '"tag"'
expect_exit 2 blogsearch query x --page 200 --per-page 100 2>err
expect_error err "10000"

begin "a question over the limits names the limit"
expect_exit 2 blogsearch query "$(head -c 2049 /dev/zero | tr '\0' a)" 2>err
expect_error err 2048
# shellcheck disable=SC2046 # words
expect_exit 2 blogsearch query $(seq 129) 2>err
expect_error err "128 words"

begin "bytes that are no text are refused"
expect_exit 2 blogsearch query $'caf\xe9' 2>err
expect_error err "no UTF-8"

begin "no text that was ever typed is a syntax error"
while IFS= read -r text; do
	status=0
	"$harness_program" query -- "$text" >out 2>err || status=$?
	[ $status -le 1 ] || fail "$text: exit status $status: $(cat err)"
done <<-'END'
	"*():^-AND OR NOT NEAR
	((((((((
	"unclosed
	OR OR OR
	tag:
	-
	NEAR(a b, 3) {title body}: x ^first
	'; DROP TABLE page; --
END

begin "no index says how to make one"
cd "$harness_sandbox" || exit 1
expect_exit 3 blogsearch query x 2>err
expect_error err "there is no index" "blogsearch index SITE"
expect_exit 3 blogsearch query x --index nowhere/index.db 2>err
expect_error err "nowhere/index.db: there is no index"

finish
