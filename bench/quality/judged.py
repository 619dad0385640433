#!/usr/bin/env python3
"""Figures on collections with relevance judgments, ours beside the baselines', in one run.

    judged.py BLOGSEARCH [--set KEY=VALUE ...] [--ours] FOLDER...

A folder has corpus.jsonl, queries.jsonl and qrels.tsv (../shared/ir/*). Each corpus becomes a
plain folder of Markdown that the real program indexes and is asked about, with match=any.
--ours leaves the baselines out.
"""
import argparse
import pathlib
import tempfile

import baselines
import metrics
from collection import Collection
from program import Site

# From other engines on the same collections: nDCG@10 of what is listed.
QUOTED = {'Lucene 8, EnglishAnalyzer, BM25 (quoted)': {'cranfield': 0.422, 'cacm': 0.437}}


def ours(program, settings, collection):
    with tempfile.TemporaryDirectory(prefix='blogsearch-quality-') as folder:
        folder = pathlib.Path(folder)
        collection.write_site(folder / 'site')
        site = Site(program, folder / 'site', folder / 'index.db', ['site.kind=plain', *settings])
        return {question: site.ask_ids(text, '--match', 'any', '--per-page', '100')
                for question, text in collection.questions.items() if question in collection.listed}


COLUMNS = ['nDCG@10', 'nDCG, listed', *list(metrics.MEASURES)[1:]]


def evaluate(answers, collection):
    listed = metrics.evaluate(answers, collection.listed)
    return {**metrics.evaluate(answers, collection.judgments), 'nDCG, listed': listed['nDCG@10']}


def print_row(name, figures):
    cells = [f'{figures[column]:.4f}' if column in figures else '' for column in COLUMNS]
    print(f'  {name:<42}' + ''.join(f'{cell:>14}' for cell in cells), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('program', type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument('folders', nargs='+')
    parser.add_argument('--set', action='append', default=[], dest='settings')
    parser.add_argument('--ours', action='store_true')
    arguments = parser.parse_args()
    rows, missing = ([], None) if arguments.ours else baselines.all_baselines()
    for folder in arguments.folders:
        collection = Collection(folder)
        print(f'{collection.name}: {len(collection.documents)} documents, {len(collection.judgments)} questions\n'
              f'  {"":<42}' + ''.join(f'{column:>14}' for column in COLUMNS))
        print_row('blogsearch', evaluate(ours(arguments.program, arguments.settings, collection), collection))
        for name, ask in rows:
            print_row(name, evaluate(ask(collection), collection))
        for name, figures in ({} if arguments.ours else QUOTED).items():
            if collection.name in figures:
                print_row(name, {'nDCG, listed': figures[collection.name]})
    if missing:
        print(missing)


if __name__ == '__main__':
    main()
