#!/bin/bash
# Sites and pages that cannot be read: a clear line for each, the rest is indexed, what was there stays.
. "$(dirname "$0")/../harness/cli.sh"

site() { # a fresh one with a good page
	sandbox
	write blog/hugo.toml <<<'baseURL = "https://blog.example/"'
	page blog/content/good.md "A good page" <<<"Fine words."
}
bytes() { # FILE PRINTF-FORMAT
	mkdir -p "$(dirname "$1")"
	# shellcheck disable=SC2059 # it is a format
	printf -- "$2" >"$1"
}
# The bad page is named with line and reason, the good one is found, the exit status is 5.
expect_bad_page() { # FILE:LINE TEXT…
	expect_exit 5 blogsearch index blog >out 2>err
	expect_empty out
	expect_error err "$@"
	blogsearch query --index blog/.blogsearch/index.db fine --format urls >out
	expect_same out <<-END
		https://blog.example/good/
	END
}

begin "no such folder"
expect_exit 4 blogsearch index nowhere 2>err
expect_error err "nowhere: there is no such folder"
expect_exit 1 test -e nowhere

begin "a file instead of a folder"
echo text >file
expect_exit 4 blogsearch index file 2>err
expect_error err "file: is no folder"

begin "a folder without pages, which stays without an index"
mkdir empty
expect_exit 4 blogsearch index empty 2>err
expect_error err "empty: has no pages" "site.content"
expect_exit 0 rmdir empty

begin "a site whose pages are all gone keeps its index"
site
blogsearch index blog
rm blog/content/good.md
expect_exit 4 blogsearch index blog 2>err
expect_has err "has no pages"
blogsearch query --index blog/.blogsearch/index.db fine --format urls >out
expect_lines out 1

begin "a site that may not be read"
site
chmod 700 blog
if [ "$(id -u)" = 0 ]; then
	expect_exit 4 as_nobody blogsearch index blog 2>err
else
	chmod 000 blog
	expect_exit 4 blogsearch index blog 2>err
	chmod 700 blog
fi
expect_error err "blog: cannot be read: Permission denied"

begin "a site where the index may not be written"
site
chmod 555 blog
expect_exit 74 as_nobody blogsearch index blog 2>err
expect_error err "blog/.blogsearch: cannot be made: Permission denied"
chmod 755 blog

begin "a page that may not be read"
site
page blog/content/secret.md "Secret" <<<"Hidden."
chmod 000 blog/content/secret.md
mkdir -m 777 blog/.blogsearch
expect_exit 5 as_nobody blogsearch index blog 2>err
expect_error err "content/secret.md: cannot be opened: Permission denied"
as_nobody blogsearch query --index blog/.blogsearch/index.db fine --format urls >out
expect_lines out 1

begin "text that is no UTF-8"
site
bytes blog/content/latin.md '---\ntitle: Latin\n---\nun\ncaf\xe9\n'
expect_bad_page "content/latin.md:5: is no UTF-8 text; save it as UTF-8"

begin "a title that is no UTF-8"
site
bytes blog/content/latin.md '---\ntitle: caf\xe9\n---\n'
expect_bad_page "content/latin.md:2: is no UTF-8 text"

begin "UTF-16"
site
bytes blog/content/wide.md '\xff\xfe-\0-\0-\0\n\0'
expect_bad_page "content/wide.md:1: is no UTF-8 text"

begin "a NUL"
site
bytes blog/content/nul.md 'a\nb\0c\n'
expect_bad_page "content/nul.md:2: "

begin "front matter that never ends"
site
bytes blog/content/open.md '---\ntitle: Open\ndate: 2020-01-01\n\nText.\n'
expect_bad_page "content/open.md:1" "front matter that never ends" "---"

begin "broken YAML"
site
bytes blog/content/yaml.md '---\ntitle: A\ntags: [a, b\nweight: 1\n---\nText.\n'
expect_bad_page "content/yaml.md:4:" "is no YAML"

begin "broken TOML"
site
bytes blog/content/toml.md '+++\ntitle = "A"\ndate = tomorrow\n+++\nText.\n'
expect_bad_page "content/toml.md:3:" "is no TOML"

begin "broken JSON"
site
bytes blog/content/json.md '{\n"title": "A",\n"tags": [1,,2]\n}\nText.\n'
expect_bad_page "content/json.md:3:" "is no JSON"

begin "a title that is a list: the author is told, the page is found by its text"
site
bytes blog/content/list.md '---\ntags: [x]\ntitle: [A, B]\n---\nListed words.\n'
expect_bad_page "content/list.md:3" "has a list for its title" "in quotes"
blogsearch query --index blog/.blogsearch/index.db listed --format urls >out
expect_lines out 1

begin "front matter over 64 KB"
site
{ printf -- '---\ntitle: x\ndescription: "'; head -c 70000 /dev/zero | tr '\0' a; printf '"\n---\n'; } >blog/content/front.md
expect_bad_page "content/front.md:" "64"

begin "a page over 4 MB"
site
head -c 5000000 /dev/zero | tr '\0' 'a' >blog/content/big.md
expect_bad_page "content/big.md" "4"

begin "YAML nested deep and YAML that multiplies itself"
site
{ printf -- '---\ntitle: '; head -c 40000 /dev/zero | tr '\0' '['; printf '\n---\n'; } >blog/content/deep.md
expect_bad_page "content/deep.md:2"
site
{
	printf -- '---\na: &a [x,x,x,x,x,x,x,x,x]\n'
	for i in b c d e f g h i; do
		p=$(tr b-j a-i <<<$i)
		printf '%s: &%s [*%s,*%s,*%s,*%s,*%s,*%s,*%s,*%s,*%s]\n' $i $i "$p" "$p" "$p" "$p" "$p" "$p" "$p" "$p" "$p"
	done
	printf -- '---\n'
} >blog/content/bomb.md
expect_bad_page "content/bomb.md"

begin "names with control characters are shown harmlessly"
site
bytes "blog/content/evil"$'\033'"[31m.md" '\xff'
expect_exit 5 blogsearch index blog 2>err
expect_error err 'content/evil\x1b[31m.md:1: is no UTF-8 text'
expect_lacks err $'\033'

begin "a link that leads out of the site, a loop, a pipe and a folder named like a page"
site
echo "Secret words." >outside.md
ln -s ../../outside.md blog/content/out.md
ln -s . blog/content/loop
mkfifo blog/content/pipe.md
mkdir blog/content/folder.md
expect_exit 5 blogsearch index blog 2>err
expect_lines err 3
expect_has err "content/loop: is a symbolic link, which is not followed" "content/out.md: is a symbolic link" \
	"content/pipe.md: is no regular file"
expect_exit 1 blogsearch query --index blog/.blogsearch/index.db secret >out
blogsearch query --index blog/.blogsearch/index.db --format urls >out
expect_same out <<-END
	https://blog.example/good/
END

begin "a page that was indexed and has become unreadable stays as it was"
site
page blog/content/other.md "Other" <<<"Other words."
blogsearch index blog
bytes blog/content/other.md '---\ntitle: [\n---\n'
expect_exit 5 blogsearch index blog 2>err
expect_error err "content/other.md:" "what was indexed of it before stays"
blogsearch query --index blog/.blogsearch/index.db other --format urls >out
expect_lines out 1

begin "it is named again by every run, and no more once it is repaired"
expect_exit 5 blogsearch index blog 2>err
expect_error err "content/other.md:"
page blog/content/other.md "Other" <<<"Better words."
blogsearch index blog 2>err
expect_empty err
blogsearch query --index blog/.blogsearch/index.db better --format urls >out
expect_lines out 1

begin "many bad pages: each has its line, --json has them all"
site
for i in 1 2 3 4 5; do bytes "blog/content/bad$i.md" '\xff'; done
expect_exit 5 blogsearch index blog 2>err
expect_lines err 5
expect_exit 5 blogsearch index blog --json >report 2>err
expect_json report '.problems | map(.file)' \
	'["content/bad1.md","content/bad2.md","content/bad3.md","content/bad4.md","content/bad5.md"]'
expect_json report '.problems[0] | [.line, .message]' '[1,"is no UTF-8 text; save it as UTF-8"]'
expect_empty err

begin "two pages of one address are both found, and the author is told"
site
page blog/content/one.md "One" "url: /same/" <<<"Words one."
page blog/content/two.md "Two" "url: /same/" <<<"Words two."
expect_exit 5 blogsearch index blog 2>err
expect_error err "content/two.md" "/same/" "content/one.md"
blogsearch query --index blog/.blogsearch/index.db --format urls "words" >out
expect_lines out 3

begin "a configuration of the site that cannot be read ends the run, and the old index stays"
site
blogsearch index blog
echo 'baseURL = [' >blog/hugo.toml
expect_exit 4 blogsearch index blog 2>err
expect_error err "hugo.toml:1"
blogsearch query --index blog/.blogsearch/index.db fine --format urls >out
expect_lines out 1

finish
