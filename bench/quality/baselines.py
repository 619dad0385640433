"""What ranking is compared with: SQLite's FTS5 as people set it up, and lunr where npm has put it."""
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess

# The list that Lucene's and many others' English analysis leave out.
STOP_WORDS = frozenset('''a an and are as at be but by for if in into is it no not of on or such that the their then
    there these they this to was will with'''.split())


def words_of(text):
    return re.findall(r'\w+', text.lower())


def expression(text, stop_words):
    words = [word for word in dict.fromkeys(words_of(text)) if word not in stop_words]
    return ' OR '.join(f'"{word}"' for word in words)


def fts5(collection, stop_words=frozenset(), title_weight=1.0):
    db = sqlite3.connect(':memory:')
    db.execute("CREATE VIRTUAL TABLE page USING fts5 (title, text, tokenize = 'porter unicode61')")
    db.executemany('INSERT INTO page (rowid, title, text) VALUES (?, ?, ?)',
                   ((i, d['title'], d['text']) for i, d in enumerate(collection.documents, 1)))
    answers = {}
    for question, text in collection.questions.items():
        match = expression(text, stop_words)
        rows = db.execute('SELECT rowid FROM page WHERE page MATCH ? ORDER BY bm25(page, ?, 1.0), rowid LIMIT 100',
                          (match, title_weight)) if match else []
        answers[question] = [collection.documents[row[0] - 1]['_id'] for row in rows]
    return answers


def lunr_folder():
    """Where lunr is installed: beside this file (npm install in bench/quality); None if it is not."""
    folder = pathlib.Path(__file__).parent
    return folder if shutil.which('node') and (folder / 'node_modules/lunr').is_dir() else None


def lunr(collection):
    asked = {'documents': collection.documents, 'questions': collection.questions}
    answer = subprocess.run(['node', 'ask_lunr.mjs'], input=json.dumps(asked), capture_output=True, text=True,
                            cwd=lunr_folder(), check=True, timeout=600)
    return json.loads(answer.stdout)


def all_baselines():
    """(name, function from a collection to its answers), and what is missing, in words."""
    rows = [('FTS5 porter', fts5),
            ('FTS5 porter, stop words, title × 3', lambda c: fts5(c, STOP_WORDS, 3.0))]
    if not lunr_folder():
        return rows, 'lunr is not compared with: run npm install in bench/quality'
    return rows + [('lunr', lunr)], None
