#!/usr/bin/env python3
"""Looks through the project's files for what must not stand in any of them.

    tidy.py ROOT          names each place, exit 1 if there is any
    tidy.py --self-check  proves that each kind is found

No path of somebody's machine, no reminder of what is still to do, no mark of a merge.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

# Foreign texts: they say what they like.
FOREIGN = ('examples/', 'tests/fuzz/corpus/', 'tests/sites/', 'tests/package-lock.json')
RULES = {
    'a path of somebody\'s machine': re.compile(r'(?<![\w.~*-])/(?:tmp/wt|work|root|home(?!/me\b))/\w'),
    'a reminder': re.compile(r'\b(?:TO' r'DO|FIX' r'ME|XX' r'X)\b'),
    'a mark of a merge': re.compile(r'^(?:<{7}|>{7}) '),
}


def files_of(root):
    """What git knows or would take in; without git or its data (a tarball) all but build folders."""
    command = ['git', '-C', root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard']
    listed = subprocess.run(command, capture_output=True, check=False) if shutil.which('git') else None
    if listed and listed.returncode == 0:
        return [os.fsdecode(name) for name in listed.stdout.split(b'\0') if name]
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(('.git', 'build', 'node_modules', '.blogsearch'))]
        found += [os.path.relpath(os.path.join(folder, name), root) for name in names]
    return found


def faults_of(name, text):
    if name.startswith(FOREIGN):
        return
    for number, line in enumerate(text.splitlines(), 1):
        for what, rule in RULES.items():
            match = rule.search(line)
            if match:
                yield f'{name}:{number}: {what}: {match[0]}'


def look_through(root):
    names = files_of(root)
    faults = []
    for name in names:
        path = pathlib.Path(root, name)
        if path.is_file() and b'\0' not in (content := path.read_bytes()):
            faults += faults_of(name, content.decode(errors='replace'))
    print(*faults, sep='\n', end='\n' if faults else '')
    print(f'{len(names)} files, {len(faults) or "no"} faults')
    return 0 if names and not faults else 1


def self_check():
    bad = ['cd /ro' 'ot/blog', 'see /wo' 'rk/main', '"/ho' 'me/jo/x"', '/* TO' 'DO: later */', '# FIX' 'ME', '<<<<<<' '< HEAD']
    good = ['/home/me/blog', 'https://example.org/wo' 'rk/x', '../shared/ro' 'ot/x', 'mktemp /tmp/x.XXXXXX', 'workshop']
    for text in bad:
        if not list(faults_of('a.c', text)):
            sys.exit(f'not found: {text}')
    for text in good:
        if list(faults_of('a.c', text)):
            sys.exit(f'no fault: {text}')


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(self_check() if sys.argv[1] == '--self-check' else look_through(sys.argv[1]))
