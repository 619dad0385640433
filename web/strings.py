#!/usr/bin/env python3
"""The words of strings/*.json as the element and as the daemon's page want them.

    strings.py --script OUTPUT LANGUAGE.json...   a module: KEYS, and WORDS by language in that order
    strings.py --header OUTPUT LANGUAGE.json...   rows of a C table: STRINGS(language, key, words)

Words named page_… are the page's alone. Every language must have the same keys in the same
order as the first; a plural is two keys, …_one and …_other.
"""
import json
import pathlib
import sys


def read(paths):
    tables = {pathlib.Path(path).stem: json.loads(pathlib.Path(path).read_text(encoding='utf-8')) for path in paths}
    first, keys = next((name, list(table)) for name, table in tables.items())
    for name, table in tables.items():
        if list(table) != keys:
            odd = sorted(set(table) ^ set(keys)) or [key for key, other in zip(table, keys) if key != other][:1]
            sys.exit(f'strings.py: {name}.json: other keys, or another order, than {first}.json: {", ".join(odd)}')
        for key, words in table.items():
            if not isinstance(words, str) or not words or '|' in words or '\n' in words:
                sys.exit(f'strings.py: {name}.json: {key}: not one line of words without |')
    return keys, tables


def script(keys, tables):
    keys = [key for key in keys if not key.startswith('page_')]
    words = {name: '|'.join(table[key] for key in keys) for name, table in tables.items()}
    return (f"export const KEYS = '{'|'.join(keys)}';\n"
            f'export const WORDS = {json.dumps(words, ensure_ascii=False)};\n')


def header(keys, tables):
    rows = (f'STRINGS("{name}", "{key}", {json.dumps(words, ensure_ascii=False)})'
            for name, table in tables.items() for key, words in table.items())
    return '\n'.join(rows) + '\n'


def main():
    forms = {'--script': script, '--header': header}
    if len(sys.argv) < 4 or sys.argv[1] not in forms:
        sys.exit('usage: strings.py --script|--header OUTPUT LANGUAGE.json...')
    keys, tables = read(sys.argv[3:])
    pathlib.Path(sys.argv[2]).write_text(forms[sys.argv[1]](keys, tables), encoding='utf-8')


main()
