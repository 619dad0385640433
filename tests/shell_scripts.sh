#!/bin/bash
# shell_scripts.sh SHELLCHECK ROOT: what shellcheck says of every shell script of the project.
cd "$2" || exit 1
mapfile -t scripts < <(grep -rlE '^#!/bin/(ba)?sh' --exclude-dir={.git,node_modules,examples} --exclude-dir='build*' . | sort)
[ ${#scripts[@]} -gt 0 ] || exit 1
# Sourced files are looked at with those that source them.
"$1" --external-sources --source-path=SCRIPTDIR --severity=warning "${scripts[@]}" &&
	echo "${#scripts[@]} scripts, no warning"
