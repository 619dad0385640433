#!/usr/bin/env python3
"""The first answers to a reader's questions, beside those of plain FTS5: for looking at, not for counting.

    side_by_side.py BLOGSEARCH [--set KEY=VALUE ...] [--questions FILE] SITE

Asks each line of FILE (default: reader_questions.txt, made for the sample blog) as it stands, and
SQLite's FTS5 (porter) for all of its words, ordered by rank, over the same titles and texts.
"""
import argparse
import json
import pathlib
import sqlite3
import subprocess
import tempfile

from baselines import words_of
from program import Site

SHOWN = 3


def read_pages(site):
    exported = subprocess.run([site.program, 'export', '--index', site.index], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in exported.stdout.splitlines()]


def text_of(page):
    parts = [page['description'], *(h['title'] for h in page['headings']), page['text'],
             *(code['text'] for code in page['code']), *page['captions'],
             *(term['name'] for terms in page['taxonomies'].values() for term in terms)]
    return '\n'.join(part or '' for part in parts)


class PlainFts5:
    def __init__(self, pages):
        self.db = sqlite3.connect(':memory:')
        self.db.execute("CREATE VIRTUAL TABLE page USING fts5 (title, text, tokenize = 'porter unicode61')")
        self.db.executemany('INSERT INTO page (title, text) VALUES (?, ?)',
                            ((page['title'], text_of(page)) for page in pages))

    def ask(self, question):
        match = ' '.join(f'"{word}"' for word in words_of(question))
        rows = self.db.execute('SELECT title FROM page WHERE page MATCH ? ORDER BY rank, rowid LIMIT ?', (match, SHOWN))
        return [row[0] for row in rows]


def main():
    here = pathlib.Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('program', type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument('site', type=pathlib.Path)
    parser.add_argument('--set', action='append', default=[], dest='settings')
    parser.add_argument('--questions', type=pathlib.Path, default=here / 'reader_questions.txt')
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix='blogsearch-quality-') as folder:
        site = Site(arguments.program, arguments.site, pathlib.Path(folder) / 'index.db', arguments.settings)
        plain = PlainFts5(read_pages(site))
        for question in arguments.questions.read_text(encoding='utf-8').splitlines():
            ours = [hit['title'] for hit in site.ask(question, '--per-page', str(SHOWN))]
            theirs = plain.ask(question)
            print(f'\n{question}')
            for i in range(max(len(ours), len(theirs), 1)):
                left, right = (ours[i:i + 1] or ['-'])[0], (theirs[i:i + 1] or ['-'])[0]
                print(f'  {left[:60]:<62}| {right[:60]}')


if __name__ == '__main__':
    main()
