#!/usr/bin/env python3
"""Rates of the daemon against two floors, in one run: libmicrohttpd with a fixed 4 KB body, and a naive
daemon (libmicrohttpd, FTS5 ORDER BY rank LIMIT 10 with snippet()). By wrk on loopback; ratios are what counts.

    bench/http/bench_http.py BUILD [--posts 133,1000,10000] [--seconds 3] [--soak SECONDS] [--many N]

Also how long answers take under half and three quarters of the greatest load, by a client that asks at a fixed rate.

BUILD: a Meson folder configured with -Dbench=enabled. --soak asks for that long while the site is indexed
again every second, and says what was wrong and how memory and descriptors went. --many asks N questions of
1,000 posts, a fifth of them not in the cache, and says the same.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

# Compressed, an answer is about as long as the floor's body.
AS_BROWSERS = ['-H', 'Accept-Encoding: gzip']
STARTS = 7 # the median of which is told
ROOT = pathlib.Path(__file__).resolve().parents[2]


def free_port():
    with socket.socket() as sock:
        sock.bind(('127.0.0.1', 0))
        return sock.getsockname()[1]


def wait_for(port):
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            socket.create_connection(('127.0.0.1', port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.005)
    sys.exit(f'nothing listens on port {port}')


class Running:
    def __init__(self, *command):
        self.process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def cpu_seconds(pid):
    fields = pathlib.Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def wrk(running, port, targets, seconds, *options, connections=32):
    """Requests a second, the 99th percentile in milliseconds, and CPU microseconds a request: the last says
    the same on a busy machine. Round robin over the targets."""
    before = cpu_seconds(running.process.pid)
    with tempfile.NamedTemporaryFile('w', suffix='.lua') as script:
        paths = ','.join(json.dumps(target) for target in targets)
        script.write(f'local paths = {{{paths}}}\nlocal i = 0\n'
                     'request = function() i = i % #paths + 1 return wrk.format("GET", paths[i]) end\n')
        script.flush()
        out = subprocess.run(['wrk', '-t1', f'-c{connections}', f'-d{seconds}s', '--latency', '-s', script.name, *options,
                              f'http://127.0.0.1:{port}'], capture_output=True, text=True, check=True).stdout
    if 'Non-2xx' in out and 'If-None-Match' not in ''.join(options):
        print(out, file=sys.stderr)
    rate = float(re.search(r'Requests/sec:\s+([0-9.]+)', out)[1])
    slow = re.search(r'99%\s+([0-9.]+)(us|ms|s)', out)
    n = int(re.search(r'(\d+) requests in', out)[1])
    cpu = 1e6 * (cpu_seconds(running.process.pid) - before) / max(n, 1)
    return rate, float(slow[1]) * {'us': 0.001, 'ms': 1, 's': 1000}[slow[2]], cpu


def under_load(build, port, targets, rate, seconds, connections=32):
    """Asks at that rate, answered in time or not: how many, how many of them not with 200, and the median, the 99th
    percentile and the worst time from when each was meant to be sent, in milliseconds."""
    out = subprocess.run([build / 'bench/http/bench-load', str(port), f'{rate:.0f}', str(seconds), str(connections)],
                         input=''.join(f'{target}\n' for target in targets), capture_output=True, text=True,
                         check=True).stdout
    n, wrong, *times = out.split()
    return int(n), int(wrong), *(float(time) / 1000 for time in times)


def make_site(folder, posts, program):
    subprocess.run([sys.executable, ROOT / 'bench' / 'make_site.py', folder, '--posts', str(posts)], check=True,
                   stdout=subprocess.DEVNULL)
    subprocess.run([program, 'index', '--quiet', folder], check=True)


def make_naive(site, program, path):
    """The same pages in plain FTS5; also the words by how many pages have them."""
    database = sqlite3.connect(path)
    database.execute("CREATE VIRTUAL TABLE fts USING fts5(url, title, body, tokenize = 'porter')")
    export = subprocess.run([program, 'export', '--index', site / '.blogsearch/index.db'], capture_output=True, check=True)
    pages = [json.loads(line) for line in export.stdout.splitlines()]
    database.executemany('INSERT INTO fts VALUES (?, ?, ?)', [(p['relurl'], p['title'], p['text']) for p in pages])
    database.execute("INSERT INTO fts(fts) VALUES ('optimize')")
    database.commit()
    counts = {}
    for page in pages:
        for word in set(re.findall(r'[a-z]{4,}', page['text'].lower())):
            counts[word] = counts.get(word, 0) + 1
    return sorted(counts, key=lambda word: -counts[word]), len(pages)


def questions(words, n_pages):
    """Of each kind: what the naive daemon is asked, and what ours."""
    some = [word for word in words[n_pages // 200:] if len(word) > 3][:400:10]
    pairs = list(zip(some, some[7:]))
    return {
        'word': (some, some),
        'and': ([f'{a} AND {b}' for a, b in pairs], [f'{a} {b}' for a, b in pairs]),
        'or': ([f'{a} OR {b}' for a, b in pairs], [f'{a} OR {b}' for a, b in pairs]),
        'prefix': ([f'{word[:4]}*' for word in some], [f'{word[:4]}*' for word in some]),
    }


def private_kb(pid):
    text = pathlib.Path(f'/proc/{pid}/smaps_rollup').read_text()
    return sum(int(n) for n in re.findall(r'^Private_\w+:\s+(\d+) kB', text, re.M))


def figures_of(port):
    text = urllib.request.urlopen(f'http://127.0.0.1:{port}/metrics').read().decode()
    return {name: float(value) for name, value in re.findall(r'^(process_\w+) (\S+)$', text, re.M)}


def requests_of(port):
    text = urllib.request.urlopen(f'http://127.0.0.1:{port}/metrics').read().decode()
    return int(sum(float(n) for n in re.findall(r'^blogsearch_http_requests_total\{[^}]*\} (\S+)$', text, re.M)))


def serve(program, site, port, *settings):
    command = [program, 'serve', '--quiet', '--listen', f'127.0.0.1:{port}', site]
    for setting in settings:
        command += ['--set', setting]
    if os.geteuid() == 0:
        command += ['--user', 'root']
    return Running(*command)


def search_targets(asked, uncached=True):
    more = '&facets=tag,category,series&sections=3' if uncached else ''
    return ['/v1/search?' + urllib.parse.urlencode({'q': q}) + more for q in asked]


def first_answer(program, site, question):
    """Milliseconds from the start of a daemon to its answer."""
    port = free_port()
    start = time.monotonic()
    with serve(program, site, port):
        while True:
            try:
                urllib.request.urlopen(f'http://127.0.0.1:{port}/v1/search?q={question}').read()
                return 1000 * (time.monotonic() - start)
            except OSError:
                time.sleep(0.001)


def bench_size(build, posts, seconds, folder):
    program, floors = build / 'cli/blogsearch', build / 'bench/http/bench-floors'
    site = folder / str(posts)
    make_site(site, posts, program)
    words, n_pages = make_naive(site, program, folder / f'{posts}.db')
    asked = questions(words, n_pages)
    for question in asked['word'][1][0], 'a':
        times = sorted(first_answer(program, site, question) for _ in range(STARTS))
        print(f'{posts} posts: {question!r} answered {times[STARTS // 2]:.0f} ms after the start, {times[-1]:.0f} at the worst')
    port = free_port()
    with Running(floors, 'fixed', port) as floor:
        wait_for(port)
        fixed, _, fixed_cpu = wrk(floor, port, ['/v1/search?q=word'], seconds, *AS_BROWSERS)
    port = free_port()
    with serve(program, site, port) as daemon:
        wait_for(port)
        idle = figures_of(port)['process_private_memory_bytes'] / 1e6
        target = search_targets(asked['word'][1][:1], False)
        cached, _, cpu = wrk(daemon, port, target, seconds, *AS_BROWSERS)
        print(f'  idle {idle:.1f} MB private; from the cache {cached:,.0f}/s, fixed body {fixed:,.0f}/s: {cached / fixed:.2f}, '
              f'by CPU {fixed_cpu:.1f}/{cpu:.1f} us: {fixed_cpu / cpu:.2f}')
        etag = urllib.request.urlopen(f'http://127.0.0.1:{port}{target[0]}').headers['ETag']
        unchanged, _, cpu = wrk(daemon, port, target, seconds, *AS_BROWSERS, '-H', f'If-None-Match: {etag}')
        print(f'  not modified (304) {unchanged:,.0f}/s, by CPU {fixed_cpu / cpu:.2f} of the fixed body')
    naive_port, port = free_port(), free_port()
    with Running(floors, 'naive', naive_port, folder / f'{posts}.db') as floor, \
            serve(program, site, port, 'serve.cache_bytes=0') as daemon:
        wait_for(naive_port)
        wait_for(port)
        for kind, (naive_asked, ours) in asked.items():
            naive, _, naive_cpu = wrk(floor, naive_port, search_targets(naive_asked, False), seconds)
            rate, slow, cpu = wrk(daemon, port, search_targets(ours), seconds)
            print(f'  {kind:7} uncached {rate:8,.0f}/s, p99 {slow:6.2f} ms; naive {naive:8,.0f}/s: {rate / naive:5.1f} times, '
                  f'by CPU {naive_cpu:.0f}/{cpu:.0f} us: {naive_cpu / cpu:.1f}')
        mixed = [target for targets in zip(*(search_targets(ours) for _, ours in asked.values())) for target in targets]
        most, _, _ = wrk(daemon, port, mixed, seconds)
        for share in 0.5, 0.75:
            rate, length = share * most, max(seconds, 5)
            n, wrong, median, slow, worst = under_load(build, port, mixed, rate, length)
            with Running(floors, 'fixed', port_of_fixed := free_port()):
                wait_for(port_of_fixed)
                _, _, fixed_median, fixed_slow, _ = under_load(build, port_of_fixed, mixed, rate, length)
            print(f'  all kinds uncached at {100 * share:.0f} % of {most:,.0f}/s: median {median:.2f}, p99 {slow:.2f}, '
                  f'worst {worst:.2f} ms of {n:,}, {wrong} not 200; '
                  f'fixed body as often: median {fixed_median:.2f}, p99 {fixed_slow:.2f} ms')


def soak(build, seconds, folder):
    program = build / 'cli/blogsearch'
    site = folder / 'soak'
    make_site(site, 1000, program)
    port, wrong, n_asked, stop = free_port(), [], [0], threading.Event()
    with serve(program, site, port) as daemon:
        wait_for(port)

        def ask(number):
            i = number
            while not stop.is_set():
                i += 7
                try:
                    target = f'/v1/search?q=soakword+OR+w{i % 500}&facets=tag'
                    answer = json.loads(urllib.request.urlopen(f'http://127.0.0.1:{port}{target}', timeout=5).read())
                    # One page has the word whichever index answers.
                    if answer['total'] < 1:
                        wrong.append(target)
                except Exception as why:
                    wrong.append(repr(why))
                n_asked[0] += 1
        page = next((site / 'content').rglob('*.md'))
        text = page.read_text()
        page.write_text(text + '\nsoakword\n')
        subprocess.run([program, 'index', '--quiet', site], check=True)
        time.sleep(0.5)
        askers = [threading.Thread(target=ask, args=(n,)) for n in range(3)]
        for asker in askers:
            asker.start()
        samples, rounds, end = [], 0, time.monotonic() + seconds
        while time.monotonic() < end:
            rounds += 1
            page.write_text(text + f'\nsoakword {rounds}\n')
            subprocess.run([program, 'index', '--quiet', site], check=True)
            samples.append((private_kb(daemon.process.pid), len(os.listdir(f'/proc/{daemon.process.pid}/fd'))))
            time.sleep(1)
        stop.set()
        for asker in askers:
            asker.join()
    tenth = max(1, len(samples) // 10)
    print(f'soak: {n_asked[0]:,} asked in {seconds} s with {rounds} new indexes, {len(wrong)} wrong {wrong[:2]}; private memory '
          f'{max(s[0] for s in samples[tenth:2 * tenth + 1]) / 1024:.1f} MB early, {max(s[0] for s in samples[-tenth:]) / 1024:.1f} MB '
          f'late; descriptors {samples[tenth][1]} and {samples[-1][1]}')
    return bool(wrong)


def many(build, n_questions, folder):
    """Memory and descriptors over so many questions; they level off once the caches are full, a tenth of the way."""
    program, site = build / 'cli/blogsearch', folder / 'many'
    make_site(site, 1000, program)
    words, _ = make_naive(site, program, folder / 'many.db')
    # Ten times as many as the cache holds, each followed by four that are asked again and again.
    new = search_targets([f'{a} {b}' for a in words[:100] for b in words[100:300:2]], False)
    often = search_targets(words[:40], False)
    targets = [target for i, question in enumerate(new) for target in (question, *(often[(i + k) % 40] for k in range(4)))]
    port, n_asked, samples = free_port(), 0, []
    with serve(program, site, port) as daemon:
        wait_for(port)
        while n_asked < n_questions:
            start = len(samples) * 9970 % len(targets)
            wrk(daemon, port, targets[start:] + targets[:start], 5)
            after = figures_of(port)
            n_asked = requests_of(port)
            samples.append((n_asked, after['process_private_memory_bytes'], after['process_open_fds']))
    early = next(sample for sample in samples if sample[0] >= n_questions / 10)
    growth = (samples[-1][1] - early[1]) / 1e6
    print(f'many: {samples[-1][0]:,} questions; private memory {early[1] / 1e6:.2f} MB after {early[0]:,}, '
          f'{samples[-1][1] / 1e6:.2f} MB in the end ({growth:+.2f}); descriptors {early[2]:.0f} and {samples[-1][2]:.0f}')
    return growth > 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('build', type=pathlib.Path)
    parser.add_argument('--posts', default='133,1000,10000')
    parser.add_argument('--seconds', type=int, default=3)
    parser.add_argument('--soak', type=int, default=0)
    parser.add_argument('--many', type=int, default=0)
    options = parser.parse_args()
    if not shutil.which('wrk'):
        sys.exit('wrk is not installed (Debian: wrk)')
    with tempfile.TemporaryDirectory() as folder:
        if options.soak:
            return soak(options.build.resolve(), options.soak, pathlib.Path(folder))
        if options.many:
            return many(options.build.resolve(), options.many, pathlib.Path(folder))
        for posts in options.posts.split(','):
            bench_size(options.build.resolve(), int(posts), options.seconds, pathlib.Path(folder))
    return 0


if __name__ == '__main__':
    sys.exit(main())
