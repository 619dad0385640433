#!/usr/bin/env python3
"""Whether a post is found by a few of its words: questions made from a real blog, seeded.

    known_items.py BLOGSEARCH [--set KEY=VALUE ...] [--seed N] [--misses] SITE

For each post questions of 2 or 3 telling words: of its text, of its title, of one of its
headings (unless another post has all of them in a title or heading, too: then neither is meant);
then the same with one word misspelt (a letter dropped, doubled, replaced, or two
swapped). Telling is what few posts have and this one has often. Prints how often the post is
first, and among the first ten; --misses lists the questions whose post is not among these.
"""
import argparse
import collections
import json
import math
import pathlib
import random
import re
import shutil
import subprocess
import tempfile

from program import Site

WORD = re.compile(r'(?<!\w)[^\W\d_]{4,}(?!\w)')
LETTERS = 'abcdefghijklmnopqrstuvwxyz'
N_TELLING = 12  # words of a text that questions are made of


def words_of(text):
    return [word.lower() for word in WORD.findall(text)]


class Blog:
    def __init__(self, pages):
        self.pages = [page for page in pages if page['kind'] == 'page']
        self.counts = [collections.Counter(words_of(' '.join([page['title'], page['text'],
                                                             *(h['title'] for h in page['headings'])])))
                       for page in self.pages]
        self.n_pages_with = collections.Counter(word for counts in self.counts for word in counts)

        self.lines = [[set(words_of(page['title'])), *(set(words_of(h['title'])) for h in page['headings'])]
                      for page in self.pages]

    def is_ambiguous(self, i, words):
        return any(j != i and any(line.issuperset(words) for line in lines) for j, lines in enumerate(self.lines))

    def is_telling(self, word):
        return self.n_pages_with[word] <= max(2, len(self.pages) // 4)

    def worth(self, i, word):
        return self.counts[i][word] * math.log(len(self.pages) / self.n_pages_with[word])

    def telling_words(self, i):
        return sorted((word for word in self.counts[i] if self.is_telling(word) and self.counts[i][word] > 1),
                      key=lambda word: (-self.worth(i, word), word))[:N_TELLING]

    def telling_words_of(self, text):
        return list(dict.fromkeys(word for word in words_of(text) if self.is_telling(word)))


def choose(random_, words):
    """2 or 3 of them in their order; nothing where there are fewer."""
    if len(words) < 2:
        return None
    chosen = set(random_.sample(words, min(len(words), random_.choice((2, 3)))))
    return [word for word in words if word in chosen]


def misspell(random_, words):
    """One word of five letters or more with one slip; nothing where none is that long."""
    long = [i for i, word in enumerate(words) if len(word) >= 5]
    if not long:
        return None
    i = random_.choice(long)
    word = words[i]
    at = random_.randrange(len(word) - 1)
    slip = random_.choice(('drop', 'double', 'replace', 'swap'))
    if slip == 'swap' and word[at] == word[at + 1]:
        slip = 'drop'
    changed = {'drop': word[:at] + word[at + 1:],
               'double': word[:at] + word[at] + word[at:],
               'replace': word[:at] + random_.choice(LETTERS.replace(word[at], '')) + word[at + 1:],
               'swap': word[:at] + word[at + 1] + word[at] + word[at + 2:]}[slip]
    return words[:i] + [changed] + words[i + 1:]


def make_questions(blog, seed):
    """Rows (kind, file of the post, text)."""
    random_ = random.Random(seed)
    rows = []
    for i, page in enumerate(blog.pages):
        sources = {'text': blog.telling_words(i), 'title': blog.telling_words_of(page['title'])}
        headings = [words for words in (blog.telling_words_of(h['title']) for h in page['headings']) if len(words) > 1]
        if headings:
            sources['heading'] = random_.choice(headings)
        for kind, words in sources.items():
            chosen = choose(random_, words)
            if not chosen or (kind != 'text' and blog.is_ambiguous(i, chosen)):
                continue
            rows.append((kind, page['path'], ' '.join(chosen)))
            misspelt = misspell(random_, chosen)
            if misspelt:
                rows.append((kind + ', misspelt', page['path'], ' '.join(misspelt)))
    return rows


def report(ranks):
    for kind in sorted(ranks, key=lambda kind: (', misspelt' in kind, kind)):
        found = ranks[kind]
        first = sum(rank == 1 for rank in found) / len(found)
        ten = sum(rank is not None for rank in found) / len(found)
        print(f'  {kind:<20}{len(found):>6} questions  first {first:>6.1%}  first ten {ten:>6.1%}')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('program', type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument('site', type=pathlib.Path)
    parser.add_argument('--set', action='append', default=[], dest='settings')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--misses', action='store_true')
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix='blogsearch-quality-') as folder:
        folder = pathlib.Path(folder)
        shutil.copytree(arguments.site, folder / 'site', copy_function=shutil.copyfile)
        site = Site(arguments.program, folder / 'site', folder / 'index.db', arguments.settings)
        exported = subprocess.run([site.program, 'export', '--index', site.index], capture_output=True, text=True,
                                  check=True)
        blog = Blog([json.loads(line) for line in exported.stdout.splitlines()])
        ranks = collections.defaultdict(list)
        for kind, path, text in make_questions(blog, arguments.seed):
            found = [hit['path'] for hit in site.ask(text)]
            rank = found.index(path) + 1 if path in found else None
            for row in (kind, 'all, misspelt' if 'misspelt' in kind else 'all'):
                ranks[row].append(rank)
            if arguments.misses and rank is None:
                print(f'  not found: {text} ({kind} of {path})')
        print(f'{arguments.site}: {len(blog.pages)} posts, seed {arguments.seed}')
        report(ranks)


if __name__ == '__main__':
    main()
