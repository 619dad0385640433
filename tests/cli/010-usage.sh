#!/bin/bash
# What is no command, no option or no value: one line that says what to do, exit status 2.
. "$(dirname "$0")/../harness/cli.sh"

little_blog blog
begin "without a command it says how to begin"
expect_exit 2 blogsearch >out 2>err
expect_empty out
expect_error err "no command was given" "blogsearch index" "--help"

begin "a mistyped command is answered with the nearest"
expect_exit 2 blogsearch idnex 2>err
expect_error err 'there is no command "idnex"' '"index"'
expect_exit 2 blogsearch help qeury 2>err
expect_error err '"query"'

begin "an unknown command that is like none points to the help"
expect_exit 2 blogsearch zzzzzzzz 2>err
expect_error err 'there is no command "zzzzzzzz"' "--help"
expect_lacks err "did you mean"

begin "a mistyped option is answered with the nearest, without a page of help"
expect_exit 2 blogsearch index --ful blog 2>err
expect_error err "there is no option --ful" "--full"
expect_exit 2 blogsearch query --tga x 2>err
expect_error err "--tag"
expect_exit 2 blogsearch index -z blog 2>err
expect_error err "there is no option -z"

begin "an option that needs a value says which"
expect_exit 2 blogsearch index blog --index 2>err
expect_error err "--index needs a value: FILE"

begin "an option that takes none refuses one"
expect_exit 2 blogsearch index --full=yes blog 2>err
expect_error err "--full takes no value"

begin "an option with a few values names them"
expect_exit 2 blogsearch index --progress sometimes blog 2>err
expect_error err "--progress sometimes" "auto, always, never"
expect_exit 2 blogsearch index --color=red blog 2>err
expect_error err "--color red" "auto, always, never"
expect_exit 2 blogsearch query --format xml x 2>err
expect_error err "--format xml" "text, json, urls, tsv, ndjson"

begin "two sites at once are refused"
expect_exit 2 blogsearch index blog other 2>err
expect_error err "one site at a time: blog and other"

begin "nothing was made by any of these"
expect_exit 1 test -e blog/.blogsearch

begin "options stand before and after operands, with a blank or an equals sign"
blogsearch index --index one.db blog --quiet
blogsearch index blog --index=two.db -q
expect_exit 0 test -s one.db
expect_exit 0 test -s two.db

begin "the last of a repeated single option counts"
blogsearch query --index one.db --per-page 3 containers --per-page 1 --format urls >out
expect_lines out 1

begin "behind -- nothing is an option"
expect_exit 4 blogsearch index -- --full 2>err
expect_error err "--full: there is no such folder"

begin "--version is the program's name and version"
blogsearch --version >out
expect_exit 0 grep -Ex 'blogsearch [0-9]+\.[0-9]+\.[0-9]+' out >line
blogsearch query --version >again
expect_equal "$(cat again)" "$(cat out)"

begin "every command of the help has help of its own, with examples and every common option"
blogsearch --help >out
commands=$(sed -n 's/^  \([a-z]*\) .*/\1/p' out | grep -v '^help$')
for command in $commands; do
	blogsearch "$command" --help >"help-$command"
	blogsearch help "$command" >again
	expect_equal "$(cat again)" "$(cat "help-$command")"
	expect_has "help-$command" "blogsearch $command: " "Usage: blogsearch $command" \
		--index --config --set --json --color --quiet --verbose --help --version
	expect_exit 0 grep -qE "^  blogsearch $command" "help-$command"
done
expect_has out index query serve

begin "help fits a terminal of 120 columns"
blogsearch help config >keys
long=$(awk 'length > 120' out help-* keys)
[ ! "$long" ] || fail "wider than 120 columns: $long"

begin "output that cannot be written is an error of the system"
if [ -w /dev/full ]; then
	expect_exit 74 blogsearch query --index one.db --json containers 2>err >/dev/full
	expect_error err "standard output"
	expect_exit 74 blogsearch --help 2>err >/dev/full
	expect_error err "standard output"
fi

begin "a reader that goes away early ends the program in silence"
example sample-blog
blogsearch index --quiet sample-blog
mkfifo pipe
"$harness_program" query --index sample-blog/.blogsearch/index.db --per-page 100 --snippet 100 --json >pipe 2>err &
head -c 1 <pipe >out
status=0
wait $! || status=$?
expect_equal "$status" 141 "exit status of a filter that SIGPIPE ends"
expect_empty err

finish
