#!/usr/bin/env python3
"""Indexes the sites that try Hugo's rules and compares with what Hugo 0.111.3 made of them.

    expected.py BLOGSEARCH SHARED      SHARED: the folder that has hugo-site and hugo-site.expected.jsonl
"""
import os
import pathlib
import shutil
import sys
import tempfile

from hugo_pages import NAMED_DATE, compare, index_site, print_differences, read_lines

SITES = ('hugo-site', 'hugo-site-b')

# What stays, by file and field, and why. A row that is met no more fails the test as well.
LISTED = {
    ('content/text/shortcodes.md', 'words'):
        'Hugo runs the words of a figure\'s title and caption together ("titleA"), and prints a column of line '
        'numbers with linenos: ours are "title", "A", and no numbers',
}

# What the index names of them: dates that Hugo 0.111 passes over in silence.
NAMED = {f'content/dates/{name}.md' for name in ('bad', 'minutes', 'slashes', 'unpadded', 'words')}


def split_said(said):
    """The files whose dates are named, and what else is said."""
    named, others = set(), []
    for line in said.splitlines():
        match = NAMED_DATE.match(line)
        if match:
            named.add(match[1])
        else:
            others.append(line)
    return named, others


def check_site(program, shared, name, scratch):
    """Differences that are listed nowhere; listed ones are taken out of @LISTED."""
    site = scratch / name
    shutil.copytree(shared / name, site)
    for path in site.rglob('*'):
        path.chmod(path.stat().st_mode | 0o200)
    pages, said, _ = index_site(program, site, scratch / f'{name}.db', ['site.hugo_version=0.111.3'])
    found = compare(read_lines(shared / f'{name}.expected.jsonl'), pages)
    unlisted = [difference for difference in found if difference[:2] not in LISTED]
    met = {difference[:2] for difference in found} & LISTED.keys()
    print(f'{name}: {len(pages)} pages, {len(unlisted)} differences, {len(met)} listed')
    print_differences(unlisted, sys.stdout)
    for key in met:
        print(f'    listed: {key[0]}: {key[1]}: {LISTED[key]}')
    named, others = split_said(said)
    expected = {file for file in NAMED if (site / file).exists()}
    if named != expected or others:
        print('\n'.join([f'named: {sorted(named)}', f'to be named: {sorted(expected)}', *others]))
    return unlisted or others or named != expected, met


def main():
    program, shared = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
    if not shared.is_dir():
        print(f'{shared} is not there: nothing to compare with')
        sys.exit(77)
    failed, met = False, set()
    with tempfile.TemporaryDirectory() as scratch:
        for name in SITES:
            differs, of_site = check_site(program, shared, name, pathlib.Path(scratch))
            failed = failed or bool(differs)
            met |= of_site
    for key in LISTED.keys() - met:
        print(f'listed, but no difference any more: {key}')
        failed = True
    sys.exit(failed)


main()
