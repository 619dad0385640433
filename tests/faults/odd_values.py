#!/usr/bin/env python3
"""An index with an odd value anywhere: the next run makes it anew, with a word about it, or gives a good one.

    odd_values.py PROGRAM [EVERY]

Sets each column of each table to values that no writer gives it, one at a time, in an index that checks of
SQLite find nothing wrong with, and runs the indexer over a site that has changed. It must end well, and what
it publishes must pass `check --integrity`; where it was made anew, it must be the index of the changed site.
With EVERY only each so many of them: a program with sanitizers takes minutes for all.
The full-text index's own tables are left to `check --integrity`: there it must only end, one way or another.
"""
import sqlite3
import sys
import tempfile

from faults import Bench, Fault

ODD = (-1, 2**32 + 5, 'odd')
ODD_NUMBERS = (500000, 2**31)  # of pages and the like
EVERY_ROW = ('meta', 'catalog')
POSTINGS = 'page_fts_'


def tables(path):
    database = sqlite3.connect(path)
    names = [row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'page_fts'")]
    columns = {name: [row[1] for row in database.execute(f'PRAGMA table_info ({name})')] for name in names}
    database.close()
    return columns


def keys(path, table, column):
    """Of the rows to be set: values of the first column that tell them."""
    database = sqlite3.connect(path)
    found = [row[0] for row in database.execute(f'SELECT "{column}" FROM "{table}" ORDER BY 1')]
    database.close()
    return found if table in EVERY_ROW else found[-1:]


def set_value(bench, table, column, where, value):
    """False where SQLite itself refuses it, or where that is what stood there."""
    key, row = where
    database = sqlite3.connect(bench.index)
    try:
        changed = database.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE "{key}" IS ? AND "{column}" IS NOT ?',
                                   (value, row, value)).rowcount
        database.commit()
        return changed > 0
    except sqlite3.Error:
        return False
    finally:
        database.close()


def expect_good(bench, table):
    result = bench.call('index', bench.site, '--index', bench.index)
    if result.returncode < 0 or 'Sanitizer' in result.stderr or (result.returncode and not table.startswith(POSTINGS)):
        raise Fault(f'exit status {result.returncode}: {result.stderr}')
    if 'built anew' in result.stderr:
        if bench.pages(bench.index) != bench.new_pages:
            raise Fault('it was made anew and is not the new one')
        return True
    checked = bench.call('check', '--integrity', '--index', bench.index, bench.site)
    if checked.returncode and not table.startswith(POSTINGS):
        raise Fault(f'published, and not good: {checked.stderr}')
    return False


def main():
    program, every = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1
    n_all, n, n_anew, wrong = 0, 0, 0, []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(program, folder)
        for table, columns in tables(bench.old).items():
            for column, row, value in ((c, k, v) for c in columns for k in keys(bench.old, table, columns[0])
                                       for v in ODD + (ODD_NUMBERS if c.endswith('id') else ())):
                n_all += 1
                if n_all % every:
                    continue
                bench.start_old()
                if not set_value(bench, table, column, (columns[0], row), value):
                    continue
                n += 1
                try:
                    n_anew += expect_good(bench, table)
                except Fault as fault:
                    wrong.append(f'{table}.{column} of {row!r} = {value!r}: {fault}')
    for line in wrong:
        print(line)
    print(f'{n} odd values, {n_anew} times made anew, {len(wrong)} times wrong')
    return 1 if wrong or n * every < 200 or not n_anew else 0


if __name__ == '__main__':
    sys.exit(main())
