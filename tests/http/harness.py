"""Tests of the daemon from outside: a sandbox site, the real program, a free port, TAP on standard output.

    from harness import case, check, equal, main, Daemon, Site

    @case('a repeated facet is OR')
    def _(t):
        ...

    main()

$BLOGSEARCH names the program. A script is a topic, a case a promise. A case that cannot be tried here
raises Skip with the reason.
"""
import contextlib
import http.client
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.parse

PROGRAM = os.environ.get('BLOGSEARCH', 'blogsearch')
# Sanitizers and valgrind make everything slower; waiting is multiplied, never what is measured.
SLOW = float(os.environ.get('BLOGSEARCH_TEST_SLOW', '1'))
# A word before the program, such as valgrind with its options.
WRAPPER = os.environ.get('BLOGSEARCH_TEST_WRAPPER', '').split()

_cases = []


class Skip(Exception):
    """Cannot be tried here; says why."""


class Failed(Exception):
    """What was promised is not so."""


def case(name):
    def keep(function):
        _cases.append((name, function))
        return function
    return keep


def check(condition, what):
    if not condition:
        raise Failed(what)


def equal(got, expected, what='value'):
    if got != expected:
        raise Failed(f'{what}: expected {expected!r}, got {got!r}')


def _run_one(number, name, function):
    name = name.replace('#', '\\#')
    try:
        with contextlib.ExitStack() as stack:
            function(stack)
    except Skip as why:
        print(f'ok {number} - {name} # SKIP {why}', flush=True)
        return
    except Failed as what:
        print(f'not ok {number} - {name}', flush=True)
        print('\n'.join(f'# {line}' for line in str(what).splitlines()), flush=True)
        return
    except Exception:  # whatever it is, the next case is tried
        print(f'not ok {number} - {name}', flush=True)
        print('\n'.join(f'# {line}' for line in traceback.format_exc().splitlines()), flush=True)
        return
    print(f'ok {number} - {name}', flush=True)


def main():
    chosen = [(name, function) for name, function in _cases if len(sys.argv) < 2 or sys.argv[1] in name]
    print(f'1..{len(chosen)}', flush=True)
    for number, (name, function) in enumerate(chosen, 1):
        _run_one(number, name, function)


def until(condition, seconds=5, every=0.01):
    """What @condition gives once it is true; fails after some time."""
    end = time.monotonic() + seconds * SLOW
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Failed(f'not so within {seconds} s')
        time.sleep(every)


# --- Site ----------------------------------------------------------------------------------------

BASE_URL = 'https://blog.example.org/'


def post(title, body, date='2020-01-01', **front):
    """A Markdown file with front matter; lists and texts go in as JSON, which is YAML."""
    front = {'title': title, 'date': date, **front}
    lines = '\n'.join(f'{key}: {json.dumps(value, ensure_ascii=False)}' for key, value in front.items())
    return f'---\n{lines}\n---\n{body}\n'


def small_blog():
    """A dozen posts whose counts are known by heart."""
    files = {'hugo.toml': f'baseURL = "{BASE_URL}"\ntitle = "A <small> & fine blog"\nlanguageCode = "en"\n'
                          '[taxonomies]\ntag = "tags"\ncategory = "categories"\nseries = "series"\n'}
    topics = [('docker', 'tech'), ('kubernetes', 'tech'), ('baking', 'life')]
    for i in range(12):
        tag, category = topics[i % 3]
        extra = {'series': ['Fleet'], 'series_order': i // 3 + 1} if tag == 'docker' else {}
        files[f'content/posts/p{i:02}.md'] = post(
            f'Post {i} on {tag}', f'All about {tag} in one page, number{i}.\n\n## Details of {tag}\n\n'
            f'The wheel turns for {category} people. Common word everywhere.',
            date=f'{2015 + i // 3}-0{i % 3 + 1}-10', tags=[tag, 'all'], categories=[category], **extra)
    return files


class Site:
    """A sandbox folder with a Hugo site; `index()` makes its index."""

    def __init__(self, stack, files=None):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix='blogsearch-http-'))
        stack.callback(shutil.rmtree, self.root, ignore_errors=True)
        self.write(small_blog() if files is None else files)

    def write(self, files):
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())

    @property
    def index_file(self):
        return self.root / '.blogsearch' / 'index.db'

    def index(self, *options):
        run = subprocess.run([PROGRAM, 'index', '--quiet', str(self.root), *options], capture_output=True, check=False)
        if run.returncode not in (0, 5):
            raise Failed(f'index ended with {run.returncode}: {run.stderr.decode()}')
        return self


# --- Daemon --------------------------------------------------------------------------------------

class Answer:
    def __init__(self, response, body):
        self.status = response.status
        self.headers = response.headers
        self.body = body

    def __getitem__(self, header):
        return self.headers.get(header)

    @property
    def json(self):
        return json.loads(self.body)


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__('localhost', timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def as_root():
    return ['--user', 'root'] if os.geteuid() == 0 else []


class Daemon:
    """`blogsearch serve` on a free port, ended with the case."""

    def __init__(self, stack, site, *options, listen=('127.0.0.1:0',), set=(), env=None, user=None, wait=True,
                 limit_files=None):
        self.root = site.root if isinstance(site, Site) else pathlib.Path(site)
        addresses = [part for address in listen for part in ('--listen', address)]
        # A system call that the sandbox forbids ends the daemon, so that it is seen.
        settings = [part for setting in ('serve.sandbox=strict', *set) for part in ('--set', setting)]
        command = [*WRAPPER, PROGRAM, 'serve', *addresses, *settings, *(as_root() if user is None else user), *options,
                   str(self.root)]
        self.log_path = pathlib.Path(tempfile.mkstemp(prefix='blogsearch-log-')[1])
        stack.callback(self.log_path.unlink, missing_ok=True)
        with open(self.log_path, 'wb') as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                            env={**os.environ, **(env or {})},
                                            preexec_fn=limit_files and (lambda: resource.setrlimit(
                                                resource.RLIMIT_NOFILE, (limit_files, limit_files))))
        stack.callback(self.stop)
        self.port, self.urls = None, []
        if wait:
            n = max(1, len(listen))
            self.urls = until(lambda: self._urls(n), seconds=20)
            ports = [urllib.parse.urlsplit(url).port for url in self.urls if url.startswith('http')]
            self.port = ports[0] if ports else None

    def _urls(self, n):
        if self.process.poll() is not None:
            raise Failed(f'the daemon ended with {self.process.returncode}: {self.log}')
        urls = re.findall(r'^blogsearch: listening on (\S+)$', self.log, re.M)
        return urls if len(urls) >= n else None

    @property
    def log(self):
        return self.log_path.read_text(errors='replace')

    @property
    def pid(self):
        return self.process.pid

    def stop(self, how=signal.SIGTERM, seconds=20):
        """Ends it as an operator would; its exit status. A sanitizer's report is a failure."""
        if self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(seconds * SLOW)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise Failed(f'the daemon did not end within {seconds} s: {self.log}') from None
        if re.search(r'ERROR: \w+Sanitizer|WARNING: ThreadSanitizer|runtime error:', self.log):
            raise Failed(self.log)
        return self.process.returncode

    def connect(self, timeout=10):
        return http.client.HTTPConnection('127.0.0.1', self.port, timeout=timeout * SLOW)

    def get(self, target, headers=None, method='GET', body=None, connection=None):
        """One request; the target goes out as it is written here."""
        own = connection is None
        connection = connection or self.connect()
        try:
            connection.putrequest(method, target, skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader('Content-Length', str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            return Answer(response, response.read())
        finally:
            if own:
                connection.close()

    def search(self, **params):
        answer = self.get('/v1/search?' + urllib.parse.urlencode(params, doseq=True))
        if answer.status != 200:
            raise Failed(f'{params}: {answer.status} {answer.body.decode()}')
        return answer.json

    def raw(self, data, timeout=5, shut=False):
        """Sends bytes, gives all bytes that come until the other side closes or is silent for @timeout."""
        with socket.create_connection(('127.0.0.1', self.port), timeout=10) as sock:
            return self.talk(sock, data, timeout, shut)

    @staticmethod
    def talk(sock, data, timeout=5, shut=False):
        got = b''
        sock.settimeout(timeout * SLOW)
        with contextlib.suppress(OSError):
            sock.sendall(data)
            if shut:
                sock.shutdown(socket.SHUT_WR)
            while True:
                chunk = sock.recv(65536)
                if not chunk:
                    break
                got += chunk
        return got

    def lives(self):
        """It still answers, and answers right."""
        check(self.process.poll() is None, f'the daemon ended with {self.process.returncode}: {self.log}')
        answer = self.get('/healthz')
        equal(answer.status, 200, 'status of /healthz')
        equal(answer.json, {'status': 'ok'}, '/healthz')


def problem(answer, status, parameter=None, says=None):
    """Checks that @answer is a problem as RFC 9457 has it, and nobody may keep it."""
    equal(answer.status, status, f'status of {answer.body[:300]!r}')
    equal(answer['Content-Type'], 'application/problem+json', 'type')
    equal(answer['Cache-Control'], 'no-store', 'Cache-Control')
    told = answer.json
    equal(told['status'], status, 'status in the problem')
    check(told['title'] and told['detail'] and told['type'], f'half a problem: {told}')
    equal(told.get('parameter'), parameter, 'parameter')
    if says:
        check(says in told['detail'], f'{says!r} is not in {told["detail"]!r}')
    return told
