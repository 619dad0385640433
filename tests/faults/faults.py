#!/usr/bin/env python3
"""Whatever happens to the indexer, readers have the old index or the new one, whole, and the next run mends all.

    faults.py PROGRAM SHIM WHAT      WHAT: calls, kills, disk, rest

`calls`: every write, sync, rename, open, truncation and copy of a run fails once (EIO, ENOSPC, half of it, the
folder gone). `kills`: SIGKILL at 200 random moments, while a reader asks. `disk`: a file system that is full
after so many bytes. `rest`: a folder that cannot be written, files that change while they are read, the clock
set back. Bounded in time: a test is a minute or so.
"""
import errno
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

N_PAGES = 40
ENVIRONMENT = dict(os.environ, BLOGSEARCH_NOW='1767225600', TZ='UTC', LC_ALL='C.UTF-8')


class Fault(Exception):
    pass


def write_page(site, number, word):
    path = os.path.join(site, 'content', 'posts', f'p{number}.md')
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(f'---\ntitle: "Post {number}"\ndate: 2024-01-{number % 28 + 1:02}\ntags: ["t{number % 5}"]\n---\n')
        file.write('\n\n'.join(f'{word} paragraph {n} of {number} ' + 'garden water kernel ' * 12 for n in range(8)))


class Bench:
    """A site in its old and its new state, and the indexes of both."""

    def __init__(self, program, folder):
        self.program, self.folder = program, os.path.realpath(folder)
        self.site, self.home = os.path.join(self.folder, 'site'), os.path.join(self.folder, 'home')
        self.index = os.path.join(self.home, 'index.db')
        os.makedirs(self.home)
        os.makedirs(self.site)
        with open(os.path.join(self.site, 'hugo.toml'), 'w', encoding='utf-8') as file:
            file.write('baseURL = "https://x.example/"\ntitle = "x"\n')
        for number in range(N_PAGES):
            write_page(self.site, number, 'zeppelin')
        self.run('index', self.site, '--index', self.index)
        self.old = self.path('old.db')
        shutil.copy(self.index, self.old)
        self.old_pages = self.pages(self.old)
        for number in range(8):
            write_page(self.site, number * 3, 'balloon')
        for number in range(N_PAGES, N_PAGES + 6):
            write_page(self.site, number, 'airship')
        for number in (1, 2, 4):
            os.unlink(os.path.join(self.site, 'content', 'posts', f'p{number}.md'))
        self.run('index', self.site, '--index', self.path('new.db'))
        self.new_pages = self.pages(self.path('new.db'))
        if self.old_pages == self.new_pages:
            raise Fault('old and new do not differ')

    def path(self, name):
        return os.path.join(self.folder, name)

    def start_old(self):
        for name in os.listdir(self.home):
            os.unlink(os.path.join(self.home, name))
        shutil.copy(self.old, self.index)

    def call(self, *arguments, environment=ENVIRONMENT):
        return subprocess.run([self.program, *arguments], env=environment, capture_output=True, text=True, check=False)

    def run(self, *arguments):
        result = self.call(*arguments)
        if result.returncode:
            raise Fault(f'{" ".join(arguments)}: exit status {result.returncode}: {result.stderr}')
        return result.stdout

    def pages(self, index):
        return self.run('export', '--index', index)

    def expect_whole(self, index=None):
        """The old or the new one; says which."""
        index = index or self.index
        self.run('check', '--integrity', '--index', index, self.site)
        pages = self.pages(index)
        if pages not in (self.old_pages, self.new_pages):
            raise Fault('the index is neither the old nor the new one')
        return 'new' if pages == self.new_pages else 'old'

    def expect_mended(self):
        """A good run afterwards: the new index, and nothing left behind."""
        self.run('index', self.site, '--index', self.index)
        if self.pages(self.index) != self.new_pages:
            raise Fault('a good run afterwards did not bring the index up to date')
        left = sorted(os.listdir(self.home))
        if left != ['index.db', 'index.db.lock']:
            raise Fault(f'left behind: {left}')


# --- The n-th call fails


def fail_call(bench, shim, call, number, error, arguments):
    mark = bench.path('mark')
    if os.path.exists(mark):
        os.unlink(mark)
    bench.start_old()
    environment = dict(ENVIRONMENT, LD_PRELOAD=shim, FAULT_CALL=call, FAULT_AT=str(number), FAULT_ERROR=str(error),
                       FAULT_FOLDER=bench.home, FAULT_MARK=mark)
    result = bench.call('index', bench.site, '--index', bench.index, *arguments, environment=environment)
    if os.path.isdir(bench.home + '.gone'):
        os.rename(bench.home + '.gone', bench.home)
    if not os.path.exists(mark):
        return False
    state = bench.expect_whole()
    if result.returncode not in (0, 74, 3) or result.returncode < 0:
        raise Fault(f'exit status {result.returncode}: {result.stderr}')
    if result.returncode == 0 and state != 'new':
        raise Fault('exit status 0, but the index is the old one')
    if result.returncode and len(result.stderr.splitlines()) != 1:
        raise Fault(f'not one line of error: {result.stderr}')
    bench.expect_mended()
    return True


def test_calls(bench, shim):
    kinds = [('open', errno.EIO), ('open', errno.ENOSPC), ('write', errno.ENOSPC), ('write', errno.EIO), ('write', 0),
             ('sync', errno.EIO), ('rename', errno.EIO), ('truncate', errno.EIO), ('copy', errno.ENOSPC),
             ('copy', errno.EIO), ('copy', 0), ('read', errno.EIO), ('write', -1), ('sync', -1), ('rename', -1)]
    n = 0
    for call, error in kinds:
        for arguments in ([], ['--full']):
            number, step, n_kind = 1, 1, 0
            # Each of the first, then fewer and fewer: a run writes in rows of alike ones.
            while number < 100000:
                try:
                    if not fail_call(bench, shim, call, number, error, arguments):
                        break
                except Fault as fault:
                    raise Fault(f'{call} {number} fails with {error} {arguments}: {fault}') from fault
                n_kind += 1
                step = 1 if n_kind < 6 else step * 2
                number += step
            n += n_kind
            if n_kind == 0 and (call, arguments) not in (('truncate', []), ('truncate', ['--full']), ('copy', ['--full'])):
                raise Fault(f'no {call} was seen at all {arguments}: the shim does not work')
    return f'{n} calls failed'


# --- Killed at any moment


class Reader(threading.Thread):
    """Asks all the time; nothing that happens to the indexer may disturb it."""

    def __init__(self, bench):
        super().__init__()
        self.bench, self.is_over, self.n, self.fault = bench, False, 0, None

    def run(self):
        while not self.is_over and not self.fault:
            result = self.bench.call('query', 'garden', '--format', 'tsv', '--index', self.bench.index)
            self.n += 1
            if result.returncode:
                self.fault = f'a reader was disturbed: {result.returncode} {result.stderr}'
            time.sleep(0.02)


def kill_once(bench, seconds, arguments):
    process = subprocess.Popen([bench.program, 'index', bench.site, '--index', bench.index, *arguments], env=ENVIRONMENT,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def test_kills(bench, _):
    rng = random.Random(7)
    n_killed = n_new = 0
    bench.start_old()
    start = time.monotonic()
    bench.run('index', bench.site, '--index', bench.index, '--full')
    longest = time.monotonic() - start
    bench.start_old()
    reader = Reader(bench)
    reader.start()
    try:
        for n in range(200):
            temporary = bench.index + '.next'
            shutil.copy(bench.old, temporary)  # as the indexer does: a reader must not see half of it
            os.replace(temporary, bench.index)
            n_killed += kill_once(bench, rng.random() * longest, rng.choice(([], ['--full'])))
            if n % 10 == 9:
                n_new += bench.expect_whole() == 'new'
            elif bench.pages(bench.index) not in (bench.old_pages, bench.new_pages):
                raise Fault(f'after kill {n} the index is neither the old nor the new one')
        bench.expect_mended()
    finally:
        reader.is_over = True
        reader.join()
    if reader.fault:
        raise Fault(reader.fault)
    return f'200 times, {n_killed} of them before the run had ended, {reader.n} questions meanwhile'


# --- A full disk


def test_disk(bench, _):
    mount = bench.path('disk')
    os.makedirs(mount)
    if subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=64m', 'none', mount], capture_output=True, check=False).returncode:
        return 'SKIP: mounting a small file system needs root'
    size = os.path.getsize(bench.old)
    n_full = 0
    try:
        index = os.path.join(mount, 'index.db')
        # From room for nothing but the old index to room for both.
        for room in range(0, 3 * size, size // 12):
            for arguments in ([], ['--full']):
                for name in os.listdir(mount):
                    os.unlink(os.path.join(mount, name))
                subprocess.run(['mount', '-o', f'remount,size={(size + room) // 4096 * 4 + 8}k', mount], check=True)
                shutil.copy(bench.old, index)
                result = bench.call('index', bench.site, '--index', index, *arguments)
                if result.returncode not in (0, 74):
                    raise Fault(f'{room} bytes of room: exit status {result.returncode}: {result.stderr}')
                n_full += result.returncode == 74
                if bench.expect_whole(index) != ('old' if result.returncode else 'new'):
                    raise Fault(f'{room} bytes of room: exit status {result.returncode}, but another index')
        subprocess.run(['mount', '-o', 'remount,size=64m', mount], check=True)
        bench.run('index', bench.site, '--index', index)
        if bench.expect_whole(index) != 'new' or sorted(os.listdir(mount)) != ['index.db', 'index.db.lock']:
            raise Fault('with room again it was not mended')
    finally:
        subprocess.run(['umount', mount], check=False)
    if n_full < 4:
        raise Fault(f'the disk was full {n_full} times only')
    return f'the disk was full {n_full} times'


# --- The rest


def expect_unwritable(bench):
    bench.start_old()
    os.chmod(bench.folder, 0o755)
    program = shutil.copy(bench.program, bench.path('program'))
    os.chmod(bench.home, 0o555)
    prefix = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] if os.getuid() == 0 else []
    try:
        result = subprocess.run([*prefix, program, 'index', bench.site, '--index', bench.index], env=ENVIRONMENT,
                                capture_output=True, text=True, check=False)
    finally:
        os.chmod(bench.home, 0o755)
    if result.returncode != 74 or len(result.stderr.splitlines()) != 1:
        raise Fault(f'a folder that cannot be written: {result.returncode} {result.stderr}')
    if bench.expect_whole() != 'old':
        raise Fault('a folder that cannot be written: another index')


def expect_changing_files(bench):
    """Pages are written all the time; once that ends the index holds what they hold then."""
    bench.start_old()
    is_over = threading.Event()

    def write():
        n = 0
        while not is_over.is_set():
            write_page(bench.site, 0, f'hurricane{n % 10}')
            n += 1
        write_page(bench.site, 0, 'hurricane9')

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(15):
        result = bench.call('index', bench.site, '--index', bench.index)
        if result.returncode not in (0, 5):
            is_over.set()
            raise Fault(f'a file that changes while it is read: {result.returncode} {result.stderr}')
    is_over.set()
    writer.join()
    bench.run('index', bench.site, '--index', bench.index)
    bench.run('check', '--integrity', '--index', bench.index, bench.site)
    if 'p0' not in bench.run('query', 'hurricane9', '--format', 'urls', '--index', bench.index):
        raise Fault('what a file held last is not what the index holds')
    write_page(bench.site, 0, 'balloon')


def generation(index):
    db = sqlite3.connect(f'file:{index}?mode=ro&immutable=1', uri=True)
    value = db.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()[0]
    db.close()
    return value


def expect_clock_set_back(bench):
    bench.start_old()
    before = generation(bench.index)
    environment = dict(ENVIRONMENT, BLOGSEARCH_NOW='1700000000')
    result = bench.call('index', bench.site, '--index', bench.index, environment=environment)
    if result.returncode or generation(bench.index) <= before:
        raise Fault(f'with the clock set back the generation went from {before} to {generation(bench.index)}')
    bench.run('check', '--integrity', '--index', bench.index, bench.site)
    # Pages that lie in the future by that clock are out, and come back with it.
    bench.expect_mended()


def test_rest(bench, _):
    expect_unwritable(bench)
    expect_changing_files(bench)
    expect_clock_set_back(bench)
    return 'a folder that cannot be written, files that change, the clock set back'


def main():
    program, shim, what = os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2]), sys.argv[3]
    tests = {'calls': test_calls, 'kills': test_kills, 'disk': test_disk, 'rest': test_rest}
    folder = tempfile.mkdtemp(prefix='blogsearch-faults.')
    try:
        said = tests[what](Bench(program, folder), shim)
    except Fault as fault:
        print(fault)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(said)
    return 77 if said.startswith('SKIP') else 0


if __name__ == '__main__':
    sys.exit(main())
