#!/bin/bash
# Which pages match: forms, spellings, stop words, relaxing, corrections, explanations.
. "$(dirname "$0")/../harness/cli.sh"

# ask WORDS... [OPTIONS]: names of the pages found, best first, on one line.
ask() {
	"$harness_program" query --index index.db --format urls "$@" | sed 's|.*/posts/||; s|/$||' | paste -sd' '
}

# finds "WORDS" "PAGES" [OPTIONS]: in any order.
finds() {
	local words=$1 pages=$2

	shift 2
	ask "$@" -- "$words" | tr ' ' '\n' | sort | paste -sd' ' >got
	tr ' ' '\n' <<<"$pages" | sort | paste -sd' ' >expected
	cmp -s expected got || fail "$words: expected \"$(cat expected)\", got \"$(cat got)\""
}

# answer KEY WORDS... [OPTIONS]: a value of the JSON.
answer() {
	local key=$1

	shift
	"$harness_program" query --index index.db --json "$@" |
		jq -r ".$key"
}

expect_answer() {
	local expected=$1 got

	shift
	got=$(answer "$@")
	[ "$got" = "$expected" ] || fail "$*: expected \"$expected\", got \"$got\""
}

write site/hugo.toml <<-END
	baseURL = "https://blog.example/"
	defaultContentLanguage = "en"
END
page site/content/posts/shell.md "Scripting Windows" "date: 2024-03-01" <<-END
	PowerShell is a language. Installation of the kubernetes module takes a minute.

	~~~powershell
	Get-ChildItem -Recurse
	~~~
END
page site/content/posts/apart.md "Strength" "date: 2024-03-02" <<-END
	The power shell of the turtle, and kubernetes networking with email.
END
page site/content/posts/exam.md "Exam AZ-900" "date: 2024-03-03" <<-END
	Notes for the exam; write me an e-mail. Kubernetes is not part of it.
END
page site/content/posts/cpp.md "C++ and node.js" "date: 2024-03-04" <<-END
	Compiled languages beside others. Continuous integration builds them with v1.20.3.
END
page site/content/posts/who.md "The Who" "date: 2024-03-05" <<-END
	To be or not to be: a band, release 5.6.7.
END
blogsearch index site --index index.db

begin "forms of a word find each other, and the last word may go on"
finds "languages" "shell cpp"
finds "installat" "shell"
finds "installat " ""

begin "names are found whole and by their parts"
finds "C++" "cpp"
finds "node.js" "cpp"
finds "node" "cpp"
finds "az-900" "exam"

begin "a version is found with and without its v"
finds "1.20.3" "cpp"
finds "v1.20.3" "cpp"
finds "5.6.7" "who"
finds "v5.6.7" "who"

begin "what is written together and apart finds each other"
finds "powershell" "shell apart"
finds "power shell" "shell apart"
finds "az900" "exam"
finds "email" "apart exam"
finds "e-mail" "apart exam"

begin "stop words decide nothing beside other words, and are what was asked for alone"
finds "what is the power of the turtle" "apart"
finds '"to be or not to be"' "who"
finds "the who" "who"
finds "powershell" "shell apart" --set index.stop_words=none
finds "turtle band" "" --match all
finds "turtle band" "apart" --match all --set index.stop_words=band

begin "a language's stop words decide nothing in a site of several, whichever pages have them"
write two/hugo.toml <<-END
	baseURL = "https://blog.example/"
	defaultContentLanguage = "en"
	[languages.en]
	weight = 1
	[languages.de]
	weight = 2
END
page two/content/posts/compose.md "Compose" "date: 2024-03-01" <<<"Docker compose starts containers."
page two/content/posts/vier.de.md "Vier" "date: 2024-03-01" <<<"Ein Container wird gestartet."
blogsearch index two --index two.db
blogsearch query --index two.db --match all --format urls "what is docker compose" >out
grep -q /posts/compose/ out || fail "not found: $(cat out)"

begin "paths, several and the same twice"
finds "path:posts path:s/ex path:S/EX" "exam"
finds "path:exam OR path:who" "exam who"
finds "path:posts -path:exam -path:who" "shell apart cpp"

begin "any of the words"
finds "turtle band" "apart who" --match any
expect_answer any match "turtle band" --match any

begin "the words that tell least are let go where no page has all"
finds "kubernetes band" "who"
expect_answer relaxed match "kubernetes band"
finds "kubernetes band" "" --match all
expect_answer none match "kubernetes band" --match all

begin "which words are let go differs from page to page"
finds "networking exam email" "apart exam"
finds "networking exam email" "" --match all

begin "what was said on purpose is not let go"
finds '"turtle power" kubernetes' ""
finds "title:exam turtle" "exam"

begin "nonsense finds nothing"
expect_exit 1 blogsearch query --index index.db sdafadsfasdf >/dev/null
expect_answer none match sdafadsfasdf

begin "a misspelt word is corrected, and it is said"
finds "kubrnetes" "shell apart exam"
finds "kubernetes netwrking" "apart"
finds "kuberentes" "shell apart exam"
expect_answer "kubernetes networking" corrected "kubrnetes networking "
expect_answer true is_corrected "kubrnetes networking "
expect_answer 1 corrected_total "kubrnetes networking "
blogsearch query --index index.db "kubrnetes " --color never >out
grep -q '^Looked for kubernetes$' out || fail "it is not said: $(head -3 out)"
finds "kubrnetes " "" --typo off

begin "a correction says how many pages it finds itself"
mkdir -p slips/content/posts
write slips/hugo.toml <<<'baseURL = "https://blog.example/"'
for i in {1..31}; do
	page slips/content/posts/docker$i.md "Post $i" "date: 2024-03-01" <<<"On docker images and their keys$((i % 2))."
done
page slips/content/posts/slip.md "Slip" $'date: 2024-03-01\ntags: [odd]' <<<"About dockre and number1 and keeps."
page slips/content/posts/keys.md "Keys" "date: 2024-03-01" <<<"These keys."
blogsearch index slips --index slips.db
# corrected_as_found WORDS: as many pages as the correction finds when it is asked.
corrected_as_found() {
	local told found corrected

	told=$("$harness_program" query --index slips.db --json -- "$1" | jq -r '"\(.corrected_total) \(.corrected)"')
	corrected=${told#* }
	found=$("$harness_program" query --index slips.db --json -- "$corrected${2-}" | jq .total)
	[ "${told%% *}" = "$found" ] || fail "$1: $told, found $found"
}
corrected_as_found dockre
corrected_as_found "dockre " " "
corrected_as_found "keps " " "
corrected_as_found keps

begin "a correction is not offered where words were let go, nor where the filters leave it no page"
"$harness_program" query --index slips.db --json "dockre zzzzq" | jq -r '"\(.match) \(.corrected)"' >out
[ "$(cat out)" = "relaxed null" ] || fail "$(cat out)"
"$harness_program" query --index slips.db --json "dockre" --tag odd | jq -r '"\(.total) \(.corrected)"' >out
[ "$(cat out)" = "1 null" ] || fail "$(cat out)"

begin "words of letters are not corrected to such with digits, short beginnings keep their first letter"
for word in numberr xeys ocke fock; do
	expect_exit 1 blogsearch query --index slips.db --format urls "$word" >out
done
for word in dcok keyz docekr cocker; do
	"$harness_program" query --index slips.db --format urls "$word" >out || fail "$word is not corrected"
done

begin "numbers and versions are not corrected"
finds "az-901" ""
finds "CVE-2020-0674" ""

begin "two words in one are taken apart"
finds "kubernetesnetworking" "apart"

begin "synonyms, one way and both"
finds "k8s" ""
finds "k8s" "shell apart exam" --set "index.synonyms=k8s <=> kubernetes"
finds "ci" "cpp" --set "index.synonyms=ci => continuous integration"
finds "continuous integration" "cpp who" --set "index.synonyms=continuous integration => band"
expect_exit 2 blogsearch query --index index.db x --set "index.synonyms=alone" 2>err

begin "what is excluded are the words typed, not their synonyms"
finds "exam -k8s" "exam" --set "index.synonyms=k8s <=> kubernetes"
finds "language -k8s" "cpp shell" --set "index.synonyms=k8s <=> kubernetes"
finds "language -languages" "" --match all

begin "the last word of a phrase may go on while its quote is open"
finds '"kubernetes netw' "apart"
finds '"kubernetes netw ' ""
finds '"kubernetes netw"' ""
finds '"netw kubernetes' ""

begin "names with signs, names of files with a dot before them"
mkdir -p names/content/posts
write names/hugo.toml <<<'baseURL = "https://blog.example/"'
page names/content/posts/dots.md "Dots" "date: 2024-03-01" <<-'END'
	See ~/.bashrc and /etc/skel/.profile, unpack foo.tar.gz, run x.py, look at app/.env and c:\users\.npmrc here.
END
page names/content/posts/net.md "Net" "date: 2024-03-01" <<<"The net and the language C. Modern C is not plain."
page names/content/posts/dotnet.md "Dotnet" "date: 2024-03-01" <<<"About .NET and modern C++ compilers."
blogsearch index names --index names.db
for word in .bashrc .profile .env .npmrc .tar.gz tar.gz .py bashrc; do
	blogsearch query --index names.db --format urls "$word" >out || true
	[ "$(cat out)" = https://blog.example/posts/dots/ ] || fail "$word: $(cat out)"
done
for words in .NET C++ '"C++"' '".NET"' '"modern C++ compilers"' '"modern C++'; do
	blogsearch query --index names.db --format urls "$words" >out || true
	[ "$(cat out)" = https://blog.example/posts/dotnet/ ] || fail "$words: $(cat out)"
done

begin "what is written together without spaces is found where a page has it apart"
mkdir -p runs/content/posts
write runs/hugo.toml <<-'END'
	baseURL = "https://blog.example/"
	defaultContentLanguage = "ja"
END
page runs/content/posts/zh.md "中文" "date: 2024-03-01" <<<"我们使用数据库来存储数据。全文搜索引擎很快。"
page runs/content/posts/server.md "サーバーの設定" "date: 2024-03-01" <<<"今日は東京に住む人と会いました。"
page runs/content/posts/library.md "図書館" "date: 2024-03-01" <<<"京都府の図書館と東京都の図書館に行った。"
page runs/content/posts/docker.md "Dockerの入門" "date: 2024-03-01" <<<"Docker の入門記事です。コンテナを動かす。"
page runs/content/posts/thai.md "ไทย" "date: 2024-03-01" <<<"ผมเขียนโปรแกรมด้วยภาษาซีและใช้ฐานข้อมูลทุกวัน"
page runs/content/posts/notes.md "雑記" "date: 2024-03-01" <<<"天気の話。設定ファイルの場所。"
blogsearch index runs --index runs.db
# runs WORDS [OPTIONS]: names of the pages found, best first.
runs() {
	"$harness_program" query --index runs.db --format urls "$@" | sed 's|.*/posts/||; s|/$||' | paste -sd' '
}
{
	for word in 数据库存储 数据库搜索引擎 サーバー設定 図書館東京都 東京に住んで Docker入門 โปรแกรมฐานข้อมูล 設定サーバーファイル; do
		echo "$word: $(runs "$word")"
	done
	echo "title: $(runs title:サーバー設定)"
	echo "any: $(runs 数据库存储 --match any)"
	echo "all, in two pieces: $(runs 数据库存储 --match all)"
	echo "all, with characters left over: $(runs 東京に住んで --match all)"
	echo "a phrase: $(runs '"数据库存储"')"
	echo "excluded: $(runs '設定 -数据库存储' | tr ' ' '\n' | sort | paste -sd' ')"
	echo "nonsense: $(runs あいうえおかき)$(runs 量子力学入門書)"
} >out
expect_same out <<-'END'
	数据库存储: zh
	数据库搜索引擎: zh
	サーバー設定: server
	図書館東京都: library
	東京に住んで: server
	Docker入門: docker
	โปรแกรมฐานข้อมูล: thai
	設定サーバーファイル: server notes
	title: server
	any: zh
	all, in two pieces: zh
	all, with characters left over: 
	a phrase: 
	excluded: notes server
	nonsense: 
END

begin "code by its language where no page is in one of that name"
finds "lang:powershell" "shell"
finds "lang:en lang:powershell" "shell"
finds "code:turtle" ""
finds "code:recurse" "shell"

begin "an explained score is the sum of its parts"
blogsearch query --index index.db "power shell" --match any --explain --json >out
python3 - >verdict <<-END
	import json
	for hit in json.load(open('out'))['hits']:
	    e = hit['explain']
	    score = (sum(w['score'] for w in e['words']) + e['nearness'] + e['title']) * e['boost'] * e['freshness']
	    for w in e['words']:
	        assert abs(w['tf'] - sum(m['tf'] for m in w['matches'])) < 0.002, w
	        assert abs(w['score'] - w['repeated'] * w['idf'] * w['tf'] / (1.2 + w['tf'])) < 0.002, w
	    assert abs(score - hit['score']) < 0.005, (score, hit)
	print('right')
END
expect_same verdict <<-END
	right
END

begin "a boost by a facet's value and by front matter, and age, change the order"
[ "$(ask kubernetes --set ranking.boosts=month:2024-03=1 --set ranking.half_life_days=0)" ] || fail "nothing"
page site/content/docs/new.md "Kubernetes" "date: 2026-01-01" <<<"Kubernetes."
page site/content/docs/old.md "Kubernetes" "date: 2010-01-01" <<<"Kubernetes."
page site/content/docs/old-but-good.md "Kubernetes" "date: 2010-01-01" "evergreen: true" <<<"Kubernetes."
page site/content/docs/best.md "Kubernetes" "date: 2009-01-01" "search: {boost: 2}" <<<"Kubernetes."
blogsearch index site --index index.db
order() {
	"$harness_program" query --index index.db --format urls --section docs "$@" -- kubernetes | sed 's|.*/docs/||; s|/$||' | paste -sd' '
}
order >out
order --set ranking.boosts=year:2010=5 | cut -d' ' -f1,2 >>out
expect_same out <<-END
	best new old-but-good old
	old-but-good old
END

begin "a wrong boost or number is told with its key"
expect_exit 2 blogsearch query --index index.db x --set ranking.boosts=docs 2>err
grep -q 'ranking.boosts.*FACET:VALUE=FACTOR' err || fail "$(cat err)"
expect_exit 2 blogsearch query --index index.db x --set ranking.title=much 2>err
grep -q 'ranking.title must be a number' err || fail "$(cat err)"
expect_exit 2 blogsearch query --index index.db x --set ranking.freshness=2 2>err

finish
