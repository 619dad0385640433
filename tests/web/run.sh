#!/bin/sh
# Runs one file of tests with node's runner, TAP on standard output. What is missing is said, and skips it.
# usage: run.sh FILE [browser]   ($BLOGSEARCH: the program, $WEB_BUILD: the folder with what Meson made of web/)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
skip() {
	echo "1..0 # SKIP $1"
	exit 0
}

command -v node >/dev/null || skip 'node is not installed (Debian: nodejs)'
if [ "${2-}" = browser ]; then
	[ -d "$here/../node_modules/playwright-core" ] || skip 'npm packages are not installed (npm ci in tests/)'
	# The shell is the same browser without a browser's trimmings, and starts sooner.
	CHROMIUM=${CHROMIUM:-$(command -v chromium-headless-shell || command -v chromium || true)}
	[ -n "$CHROMIUM" ] || skip 'no browser (Debian: chromium)'
	export CHROMIUM
fi
exec node --test-reporter=tap --test-reporter-destination=stdout "$1"
