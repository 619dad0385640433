"""Limits: connections, slow clients, rates, and what is told of them."""
import os
import re
import resource
import socket
import threading
import time

from harness import SLOW, Daemon, Site, case, check, equal, main, problem, until


def hits(daemon):
    text = daemon.get('/metrics').body.decode()
    return {name: int(n) for name, n in re.findall(r'^blogsearch_limits_hit_total\{limit="(\w+)"\} (\d+)$', text, re.M)}


def connect(daemon, source='127.0.0.1'):
    return socket.create_connection(('127.0.0.1', daemon.port), timeout=10, source_address=(source, 0))


def answer_of(sock, seconds=5):
    sock.settimeout(seconds * SLOW)
    got = b''
    while True:
        try:
            chunk = sock.recv(65536)
        except OSError:
            break
        if not chunk:
            break
        got += chunk
        head, _, body = got.partition(b'\r\n\r\n')
        length = re.search(rb'content-length: (\d+)', head, re.I)
        if length and len(body) >= int(length[1]):
            break
    return got


REQUEST = b'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'


@case('above serve.max_connections: 503 with Retry-After, at once, also without a request')
def _(t):
    daemon = Daemon(t, Site(t).index(), set=['serve.max_connections=10'])
    idle = [connect(daemon) for _ in range(10)]
    until(lambda: all(sock.fileno() >= 0 for sock in idle))
    time.sleep(0.1)
    for request in (REQUEST, b''):
        with connect(daemon) as sock:
            sock.sendall(request)
            got = answer_of(sock)
        check(got.startswith(b'HTTP/1.1 503 Service Unavailable\r\n'), got)
        check(b'\r\nRetry-After: 1\r\n' in got and b'application/problem+json' in got, got)
        check(b'\r\nVary: Accept-Encoding, Origin\r\n' in got, got)
        check(b'"status":503' in got, got)
    for sock in idle:
        sock.close()
    until(lambda: answer_of_new(daemon).startswith(b'HTTP/1.1 200'))
    check(hits(daemon)['connections'] >= 2, hits(daemon))


def answer_of_new(daemon):
    with connect(daemon) as sock:
        sock.sendall(REQUEST)
        return answer_of(sock)


@case('who has been idle for a second makes room for somebody new')
def _(t):
    daemon = Daemon(t, Site(t).index(), set=['serve.max_connections=10'])
    idle = [connect(daemon) for _ in range(10)]
    time.sleep(1.2)
    got = answer_of_new(daemon)
    check(got.startswith(b'HTTP/1.1 200'), got)
    equal(idle[0].recv(1), b'', 'the longest idle one was closed')
    check(hits(daemon)['idle_for_new'] >= 1, hits(daemon))


@case('above serve.max_connections_per_address: 429, while others are served')
def _(t):
    daemon = Daemon(t, Site(t).index(), set=['serve.max_connections_per_address=5'])
    idle = [connect(daemon, '127.0.0.2') for _ in range(5)]
    time.sleep(0.1)
    with connect(daemon, '127.0.0.2') as sock:
        sock.sendall(REQUEST)
        got = answer_of(sock)
    check(got.startswith(b'HTTP/1.1 429 Too Many Requests\r\n') and b'Retry-After' in got, got)
    daemon.lives()
    for sock in idle[:2]:
        sock.close()

    def served():
        with connect(daemon, '127.0.0.2') as sock:
            sock.sendall(REQUEST)
            return answer_of(sock).startswith(b'HTTP/1.1 200')
    until(served)
    equal(hits(daemon)['connections_per_address'] >= 1, True)


def spent(daemon):
    """Seconds of CPU so far."""
    fields = open(f'/proc/{daemon.pid}/stat', encoding='ascii').read().rpartition(')')[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


@case('with few descriptors: fewer connections, said so; whoever is connected is answered, nothing spins')
def _(t):
    for limit in (100, 1000, 3000):
        daemon = Daemon(t, Site(t).index(), limit_files=limit)
        fewer = re.search(r'serve.max_connections is (\d+) instead of 2000: the limit of open files is (\d+)', daemon.log)
        equal(bool(fewer), limit < 2000, daemon.log)
        if fewer:
            check(int(fewer[1]) < limit and int(fewer[2]) == limit, fewer[0])
        if limit == 100:
            flood(daemon, 150)
        daemon.stop()


def flood(daemon, n):
    socks = [connect(daemon) for _ in range(n)]
    socks[0].sendall(REQUEST)
    check(answer_of(socks[0]).startswith(b'HTTP/1.1 200'), 'who is connected is answered')
    before = spent(daemon)
    time.sleep(1.5)
    check(spent(daemon) - before < 0.5 * SLOW, f'{spent(daemon) - before} s of CPU for doing nothing')
    # Who is idle makes room.
    until(lambda: answer_of_new(daemon).startswith(b'HTTP/1.1 200'), seconds=10)
    for sock in socks:
        sock.close()
    until(lambda: answer_of_new(daemon).startswith(b'HTTP/1.1 200'))


@case('out of descriptors the daemon waits for some instead of spinning')
def _(t):
    daemon = Daemon(t, Site(t).index())
    # Too few for what it has counted on, as where the whole system has none.
    resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, (50, 50))
    flood(daemon, 60)
    equal(daemon.log.count('connections wait'), 1, daemon.log)


@case('a trusted proxy has no share of connections')
def _(t):
    daemon = Daemon(t, Site(t).index(), set=['serve.max_connections_per_address=2', 'serve.trusted_proxies=127.0.0.3'])
    socks = [connect(daemon, '127.0.0.3') for _ in range(6)]
    for sock in socks:
        sock.sendall(REQUEST)
        check(answer_of(sock).startswith(b'HTTP/1.1 200'), 'refused')


@case('slow heads are cut off after serve.head_timeout, however they drip')
def _(t):
    daemon = Daemon(t, Site(t).index(), set=['serve.head_timeout=1'])
    start = time.monotonic()
    slow = [connect(daemon) for _ in range(20)]
    for sock in slow:
        sock.sendall(b'GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ')
    alive = list(slow)
    while alive and time.monotonic() - start < 6 * SLOW:
        for sock in list(alive):
            try:
                sock.sendall(b'a')
                sock.setblocking(False)
                if sock.recv(1) == b'':
                    alive.remove(sock)
            except BlockingIOError:
                sock.setblocking(True)
            except OSError:
                alive.remove(sock)
        time.sleep(0.1)
    spent = time.monotonic() - start
    check(not alive, f'{len(alive)} of 20 live on')
    check(0.9 < spent < 4 * SLOW, f'after {spent:.1f} s')
    check(hits(daemon)['head_timeout'] >= 20, hits(daemon))


@case('an idle connection is closed after serve.head_timeout, a busy one is not')
def _(t):
    daemon = Daemon(t, Site(t).index(), set=['serve.head_timeout=1'])
    connection = daemon.connect()
    for _ in range(8):
        equal(daemon.get('/healthz', connection=connection).status, 200)
        time.sleep(0.3)
    connection.sock.settimeout(5 * SLOW)
    equal(connection.sock.recv(1), b'', 'closed while idle')


@case('who does not fetch an answer is cut off after serve.answer_timeout')
def _(t):
    from harness import small_blog
    files = small_blog()
    for i in range(12):
        files[f'content/posts/p{i:02}.md'] = files[f'content/posts/p{i:02}.md'].replace('common', 'wordy ' * 20)
    daemon = Daemon(t, Site(t, files).index(), set=['serve.answer_timeout=1'])
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        sock.connect(('127.0.0.1', daemon.port))
        # Far more than all buffers take, and nothing is read.
        sock.setblocking(False)
        request = b'GET /v1/search?q=everywhere&per_page=100&snippet=100&facets=* HTTP/1.1\r\nHost: x\r\n\r\n'
        end = time.monotonic() + 8 * SLOW
        while time.monotonic() < end and hits(daemon)['answer_timeout'] == 0:
            try:
                sock.send(request * 100)
            except BlockingIOError:
                pass
            except OSError:
                break
            time.sleep(0.05)
        check(hits(daemon)['answer_timeout'] >= 1, hits(daemon))
    daemon.lives()


@case('many idle and slow connections leave good requests fast')
def _(t):
    daemon = Daemon(t, Site(t).index(), set=['serve.max_connections=3000'])
    daemon.search(q='docker')
    idle = []
    for i in range(2000):
        idle.append(connect(daemon))
    for i in range(500):
        idle.append(connect(daemon))
        idle[-1].sendall(b'GET /v1/search?q=a HTTP/1.1\r\nHost: x\r\nX-Slow: ')
    stop = threading.Event()

    def drip():
        while not stop.wait(0.5):
            for sock in idle[2000:]:
                try:
                    sock.send(b'a')
                except OSError:
                    pass
    dripper = threading.Thread(target=drip)
    dripper.start()
    times = []
    for i in range(200):
        start = time.monotonic()
        equal(daemon.get(f'/v1/search?q=docker+{i}').status, 200)
        times.append(time.monotonic() - start)
    stop.set()
    dripper.join()
    times.sort()
    check(times[190] < 1 * SLOW, f'95 % within {times[190] * 1000:.1f} ms')
    for sock in idle:
        sock.close()
    daemon.lives()


@case('serve.rate_limit: a burst, then 429 with Retry-After, then again; probes are free')
def _(t):
    daemon = Daemon(t, Site(t).index(), set=['serve.rate_limit=2', 'serve.rate_burst=5'])
    statuses = [daemon.get('/v1/search?q=docker').status for _ in range(8)]
    equal(statuses[:5], [200] * 5, statuses)
    check(429 in statuses[5:], statuses)
    answer = daemon.get('/v1/search?q=docker')
    while answer.status == 200:
        answer = daemon.get('/v1/search?q=docker')
    problem(answer, 429, says='2 requests a second')
    equal(answer['Retry-After'], '1')
    equal(daemon.get('/healthz').status, 200)
    time.sleep(0.7)
    equal(daemon.get('/v1/search?q=docker').status, 200)
    check(hits(daemon)['rate'] >= 1, hits(daemon))


@case('the rate is that of the client behind a trusted proxy, and of nobody\'s claim')
def _(t):
    site = Site(t).index()
    daemon = Daemon(t, site, set=['serve.rate_limit=1', 'serve.rate_burst=1', 'serve.trusted_proxies=127.0.0.1'])

    def status(forwarded):
        return daemon.get('/v1/search?q=docker', {'X-Forwarded-For': forwarded}).status
    equal([status('192.0.2.1'), status('192.0.2.1'), status('192.0.2.2')], [200, 429, 200])
    # What a visitor puts in front himself is not believed: the last address that is no proxy counts.
    equal(status('198.51.100.9, 192.0.2.1'), 429)
    equal(status('198.51.100.9, 127.0.0.1'), 200)
    equal([status('2001:db8::1'), status('2001:db8::2'), status('2001:db8:0:1::1')], [200, 429, 200], 'a /64 is one')
    daemon = Daemon(t, site, set=['serve.rate_limit=1', 'serve.rate_burst=1'])
    equal([status('192.0.2.1'), status('192.0.2.2')], [200, 429], 'no proxy is trusted')


@case('serve.max_url_bytes')
def _(t):
    daemon = Daemon(t, Site(t).index(), set=['serve.max_url_bytes=300'])
    equal(daemon.get('/v1/search?q=' + 'a' * 280).status, 200)
    problem(daemon.get('/v1/search?q=' + 'a' * 300), 414, says='300')
    equal(hits(daemon)['url_bytes'], 1)


@case('a head of more than serve.max_head_bytes is refused and counted')
def _(t):
    daemon = Daemon(t, Site(t).index(), set=['serve.max_head_bytes=16K'])
    got = daemon.raw(b'GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ' + b'a' * 20000 + b'\r\n\r\n')
    check(got.startswith((b'HTTP/1.1 431', b'HTTP/1.1 413')), got[:100])
    daemon.lives()
    check(hits(daemon)['head_refused'] >= 1, hits(daemon))


@case('values that cannot be are wrong usage and name the key')
def _(t):
    import subprocess
    from harness import PROGRAM, as_root
    site = Site(t).index()
    for setting in ('serve.max_connections=0', 'serve.head_timeout=0', 'serve.answer_timeout=0', 'serve.max_url_bytes=5',
                    'serve.max_url_bytes=9000', 'serve.max_head_bytes=1', 'serve.max_head_bytes=10M', 'serve.access_log=yes',
                    'serve.access_log_addresses=some', 'serve.cors_origins=example.org', 'serve.cors_origins=https://a.org/path/x',
                    'serve.cors_origins=https://a.org/blog', 'serve.cors_origins=https://a.org?x', 'serve.cors_origins=https://*.a.org',
                    'serve.cors_origins=https://münchen.example', 'serve.threads=2000000000', 'serve.max_head_bytes=4294975488',
                    'serve.max_connections=2000000000',
                    'serve.trusted_proxies=proxy.local', 'serve.trusted_proxies=10.0.0.0/33', 'serve.sandbox=maybe',
                    'serve.rate_limit=x', 'serve.analytics=on', 'serve.metrics_listen=9000'):
        run = subprocess.run([PROGRAM, 'serve', '--listen', '127.0.0.1:0', '--set', setting, *as_root(), str(site.root)],
                             capture_output=True, timeout=20, check=False)
        key = setting.split('=', maxsplit=1)[0]
        said = run.stderr.decode()
        equal((run.returncode, said.count('\n')), (2, 1), f'{setting}: {said}')
        if key != 'serve.metrics_listen':
            check(key in said, f'{setting}: {said}')


main()
