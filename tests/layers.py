#!/usr/bin/env python3
"""Checks who includes whom: the arrows of docs/architecture.md.

    layers.py ROOT          prints each include that goes against the arrows, exit 1 if any
    layers.py --self-check  proves that a violation of each kind is found
"""
import pathlib
import re
import sys

# A folder may use its own headers, and of the public ones those of the folders named here.
ARROWS = {
    'core/base': [],
    'core/text': ['core/base'],
    'core/formats': ['core/base'],
    'core/store': ['core/text', 'core/base'],
    'core/search': ['core/store', 'core/formats', 'core/text', 'core/base'],
    'indexer': ['core/store', 'core/formats', 'core/text', 'core/base'],
    'web': ['core/base'],
    'daemon': ['core/search', 'core/store', 'core/formats', 'core/text', 'core/base', 'web'],
    'cli': ['daemon', 'indexer', 'core/search', 'core/store', 'core/formats', 'core/text', 'core/base'],
}

# Whose contract a public header is.
OWNERS = {
    'core/base': ['alloc', 'arena', 'background', 'buf', 'cleanup', 'clock', 'each_byte', 'error', 'file', 'hash', 'limits',
                  'map', 'str', 'vec'],
    'core/text': ['text'],
    'core/formats': ['value', 'json'],
    'core/store': ['document', 'store', 'store_check', 'store_read', 'title_index', 'vocabulary'],
    'core/search': ['query', 'question', 'result', 'search'],
    'indexer': ['indexer', 'watch'],
    'daemon': ['daemon'],
    'web': ['web'],
}

# Libraries and the only places that see them: a folder, or one file.
LIBRARIES = {
    'sqlite3.h': ['core/store', 'core/search'],
    'yaml.h': ['core/formats'],
    'jansson.h': ['core/formats'],
    'toml++/toml.h': ['core/formats'],
    'md4c.h': ['indexer/strip_markdown.c'],
    'microhttpd.h': ['daemon/http.c'],
    'libstemmer.h': ['core/text'],
    'utf8proc.h': ['core/text'],
    'zstd.h': ['core/store'],
    'xxhash.h': ['core/base'],
    'libdeflate.h': ['daemon/gzip.c'],
    'seccomp.h': ['daemon/sandbox.c'],
    'linux/landlock.h': ['daemon/sandbox.c'],
    'curl/curl.h': ['cli'],
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
OWNER_OF = {f'blogsearch/{name}.h': owner for owner, names in OWNERS.items() for name in names}


def folder_of(file):
    matches = [folder for folder in ARROWS if file.startswith(folder + '/')]
    return max(matches, key=len) if matches else None


def check_include(file, kind, name, private_of):
    """What is wrong with one include, or None."""
    folder = folder_of(file)
    if name in LIBRARIES:
        allowed = LIBRARIES[name]
        if not any(file == place or file.startswith(place + '/') for place in allowed):
            return f'{file}: <{name}> is seen only by {", ".join(allowed)}'
        return None
    if name.startswith('blogsearch/'):
        owner = OWNER_OF.get(name)
        if owner is None:
            return f'{file}: {name} belongs to no folder; give it one in tests/layers.py'
        if owner != folder and owner not in ARROWS[folder]:
            return f'{file}: {folder} may not use {owner} ({name})'
        return None
    if kind == '"':
        owners = private_of.get(name, set())
        if owners and folder not in owners:
            return f'{file}: {name} is private to {", ".join(sorted(owners))}'
    return None


def check(files):
    """@files: {path below the root: text}. The violations, sorted."""
    private_of = {}
    for file in files:
        folder = folder_of(file)
        if folder and file.endswith('.h'):
            parts = file[len(folder) + 1:].split('/')
            for i in range(len(parts)):
                private_of.setdefault('/'.join(parts[i:]), set()).add(folder)
    problems = []
    for file, text in files.items():
        if not folder_of(file):
            continue
        for kind, name in INCLUDE.findall(text):
            problem = check_include(file, kind, name, private_of)
            if problem:
                problems.append(problem)
    return sorted(problems)


def read_tree(root):
    files = {}
    for folder in ARROWS:
        for path in (root / folder).rglob('*'):
            if path.suffix in ('.c', '.cc', '.h', '.def'):
                files[str(path.relative_to(root))] = path.read_text(encoding='utf-8', errors='replace')
    return files


def self_check():
    cases = [
        ({'core/base/a.c': '#include "blogsearch/text.h"'}, 'core/base may not use core/text'),
        ({'indexer/a.c': '#include "blogsearch/search.h"'}, 'indexer may not use core/search'),
        ({'core/search/a.c': '#include "blogsearch/indexer.h"'}, 'core/search may not use indexer'),
        ({'daemon/routes.c': '#include <microhttpd.h>'}, 'seen only by daemon/http.c'),
        ({'cli/a.c': '#include <sqlite3.h>'}, 'seen only by core/store'),
        ({'core/store/secret.h': '', 'core/search/a.c': '#include "secret.h"'}, 'private to core/store'),
        ({'cli/a.c': '#include "blogsearch/nobody.h"'}, 'belongs to no folder'),
    ]
    for files, expected in cases:
        problems = check(files)
        if len(problems) != 1 or expected not in problems[0]:
            sys.exit(f'not found as it should be: {expected}: {problems}')
    if check({'core/search/a.c': '#include "blogsearch/store_read.h"\n#include <sqlite3.h>', 'core/search/b.h': ''}):
        sys.exit('a violation was found where there is none')


def main():
    if sys.argv[1:] == ['--self-check']:
        self_check()
        return
    if len(sys.argv) != 2:
        sys.exit('usage: layers.py ROOT | --self-check')
    files = read_tree(pathlib.Path(sys.argv[1]))
    if not files:
        sys.exit(f'no sources below {sys.argv[1]}')
    problems = check(files)
    print('\n'.join(problems) or f'{len(files)} files, no violation')
    sys.exit(bool(problems))


main()
