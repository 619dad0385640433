#!/bin/bash
# The harness itself: an expectation that does not hold fails its test, and no script ends unnoticed.
. "$(dirname "$0")/../harness/cli.sh"

harness=$harness_source/tests/harness/cli.sh
# inner <<END: runs a script with the harness; its TAP is in ./tap.
inner() {
	{
		echo ". '$harness'"
		cat
	} >inner.sh
	BLOGSEARCH=$harness_program bash inner.sh >tap 2>log
}

begin "what holds passes"
inner <<'END'
begin "one"
echo a >out
expect_same out <<-LINES
	a
LINES
expect_exit 0 blogsearch --version
begin "two"
finish
END
expect_same tap <<'END'
ok 1 - one
ok 2 - two
1..2
END

begin "each expectation can fail"
inner <<'END'
echo a >out
echo '{"n":1}' >json
begin "lines"; expect_same out <<<b
begin "has"; expect_has out b
begin "lacks"; expect_lacks out a
begin "empty"; expect_empty out
begin "number"; expect_lines out 2
begin "json"; expect_json json .n 2
begin "equal"; expect_equal 1 2
begin "exit"; expect_exit 0 blogsearch --no-such-option
begin "program"; blogsearch --no-such-option
begin "error"; expect_error out a
begin "fail"; fail "said so"
finish
END
grep -c '^not ok' tap >n
expect_same n <<<11
expect_lacks tap "# SKIP"

begin "a script that ends early is no success"
inner <<'END'
begin "one"
exit 0
finish
END
expect_has tap "Bail out!"

begin "a test that cannot be run here says why"
inner <<'END'
begin "one"
shared no-such-thing
finish
END
expect_has tap "ok 1 - one # SKIP there is no ../shared/no-such-thing"

finish
