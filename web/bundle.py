#!/usr/bin/env python3
"""Joins ES modules into one small script, and style sheets into one.

    bundle.py --script ENTRY OUTPUT   one classic script (or module) without exports
    bundle.py --module ENTRY OUTPUT   one ES module with the exports of ENTRY
    bundle.py --css INPUT... OUTPUT   style sheets, one after the other

Understands what web/ is written in, and says so where something is not: imports of names
from relative files (one statement, at the beginning of a line), `export` before a declaration.
A file that is not there is looked for beside OUTPUT: another step made it.
All modules share one scope: top-level names must differ, which is checked. minify.py then
makes it small.
"""
import pathlib
import re
import sys

import minify

IMPORT = re.compile(r'^import\s+\{([^}]*)\}\s+from\s+\'(\.[^\']+)\';\n', re.M)
DECLARATION = re.compile(r'^(export )?(?:async )?(?:const|let|class|function\*?) (\w+)', re.M)


def fail(path, text, at, what):
    sys.exit(f'bundle.py: {path}:{text.count(chr(10), 0, at) + 1}: {what}')


class Bundle:
    def __init__(self, made):
        self.made = made
        self.seen = set()
        self.names = {}
        self.parts = []

    def declare(self, name, path):
        if name in self.names:
            sys.exit(f'bundle.py: {path}: {name} is also a top-level name of {self.names[name]}')
        self.names[name] = path

    def add(self, path, keep_exports=False):
        path = path.resolve() if path.exists() else self.made / path.name
        if path in self.seen:
            return
        self.seen.add(path)
        text = path.read_text(encoding='utf-8')
        for match in IMPORT.finditer(text):
            if ' as ' in match[1]:
                fail(path, text, match.start(), 'an import under another name')
            self.add(path.parent / match[2])
        text = IMPORT.sub('', text)
        stray = re.search(r'^import\b|^export (?!async|const|let|class|function)', text, re.M)
        if stray:
            fail(path, text, stray.start(), 'an import or export of a kind that is not understood')
        for match in DECLARATION.finditer(text):
            self.declare(match[2], path.name)
        self.parts.append(text if keep_exports else re.sub(r'^export ', '', text, flags=re.M))


def join(entry, is_module, made):
    bundle = Bundle(made)
    bundle.add(entry, keep_exports=is_module)
    text = ''.join(bundle.parts)
    try:
        small = minify.minify_script(text, re.findall(r'^export (?:async )?(?:const|let|class|function) (\w+)', text, re.M))
    except minify.Strange as strange:
        line = text[text.rfind('\n', 0, strange.at) + 1:].split('\n', 1)[0]
        sys.exit(f'bundle.py: {entry}: {strange.what}: {line.strip()}')
    return small if is_module else '(()=>{' + small + '})();\n'


def main():
    usage = 'usage: bundle.py --script|--module ENTRY OUTPUT | --css INPUT... OUTPUT'
    if len(sys.argv) < 4:
        sys.exit(usage)
    form, *inputs, output = sys.argv[1:]
    inputs = [pathlib.Path(name) for name in inputs]
    if form == '--css':
        result = ''.join(minify.minify_style(path.read_text(encoding='utf-8')) for path in inputs)
    elif form in ('--script', '--module') and len(inputs) == 1:
        result = join(inputs[0], form == '--module', pathlib.Path(output).resolve().parent)
    else:
        sys.exit(usage)
    pathlib.Path(output).write_text(result, encoding='utf-8')


main()
