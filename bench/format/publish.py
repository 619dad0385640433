#!/usr/bin/env python3
"""What publishing one changed post costs, part by part: publish.py BLOGSEARCH SITE

Indexes a copy of SITE, then changes one post, again and again, and times `blogsearch index`;
beside it, on the same index file, the parts that can be had alone: looking at every source,
copying, checking (PRAGMA quick_check), syncing. Medians, milliseconds of wall time.
"""
import os
import pathlib
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 7


def milliseconds(run):
    start = time.monotonic()
    run()
    return (time.monotonic() - start) * 1000


def median_of(run):
    return statistics.median(milliseconds(run) for _ in range(RUNS))


def sync_file(path):
    fd = os.open(path, os.O_RDONLY)
    os.fsync(fd)
    os.close(fd)


class Publishing:
    def __init__(self, program, site, folder):
        self.site = folder / 'site'
        shutil.copytree(site, self.site, ignore=shutil.ignore_patterns('.blogsearch'))
        self.index = self.site / '.blogsearch/index.db'
        self.copy = folder / 'copy.db'
        self.command = [program, 'index', str(self.site), '--quiet']
        self.post = max(self.site.rglob('*.md'), key=lambda path: (len(path.parts), str(path)))
        self.n = 0

    def run_index(self):
        subprocess.run(self.command, check=True)

    def change_and_index(self):
        self.n += 1
        with self.post.open('a', encoding='utf-8') as file:
            file.write(f'\nChanged for the time number {self.n}.\n')
        self.run_index()

    def copy_index(self):
        shutil.copyfile(self.index, self.copy)

    def copy_and_sync(self):
        self.copy_index()
        sync_file(self.copy)

    def check(self):
        db = sqlite3.connect(f'file:{self.index}?immutable=1', uri=True)
        assert db.execute('PRAGMA quick_check(1)').fetchone()[0] == 'ok'
        db.close()


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory(prefix='blogsearch-publish-') as folder:
        publishing = Publishing(str(pathlib.Path(sys.argv[1]).resolve()), sys.argv[2], pathlib.Path(folder))
        print(f'{milliseconds(publishing.run_index):10.0f}  the first index')
        unchanged = median_of(publishing.run_index)
        changed = median_of(publishing.change_and_index)
        copied, synced = median_of(publishing.copy_index), median_of(publishing.copy_and_sync)
        print(f'{unchanged:10.1f}  nothing changed: every source is looked at')
        print(f'{changed:10.1f}  one post changed, published')
        print(f'{copied:10.1f}  copying the index file ({publishing.index.stat().st_size / 1e6:.1f} MB)')
        print(f'{synced:10.1f}  copying and syncing it: the floor; publishing takes {changed / synced:.1f} times that')
        print(f'{median_of(publishing.check):10.1f}  PRAGMA quick_check')


main()
