"""What an operator holds on to: metrics, SIGHUP, access log, systemd's protocols, the sandbox."""
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import urllib.request

from harness import PROGRAM, SLOW, Daemon, Site, Skip, as_root, case, check, equal, main, until


def metrics(daemon, **headers):
    return daemon.get('/metrics', {name.replace('_', '-'): value for name, value in headers.items()})


@case('/metrics is Prometheus text: each family told once, with type, and every sample of a family')
def _(t):
    daemon = Daemon(t, Site(t).index())
    for target in ('/v1/search?q=docker', '/v1/search?q=docker', '/nope', '/v1/search?page=0'):
        daemon.get(target)
    answer = metrics(daemon)
    equal((answer.status, answer['Content-Type']), (200, 'text/plain; version=0.0.4; charset=utf-8'))
    families, samples = {}, {}
    for line in answer.body.decode().splitlines():
        if line.startswith('# TYPE '):
            name, kind = line[7:].split(' ')
            check(name not in families, f'{name} twice')
            families[name] = kind
        elif not line.startswith('# HELP '):
            match = re.fullmatch(r'([a-z_]+)(\{[a-z_]+="[^"]*"(?:,[a-z_]+="[^"]*")*\})? (-?[0-9.e+-]+)', line)
            check(match, line)
            check(match[1] + (match[2] or '') not in samples, f'{line} twice')
            samples[match[1] + (match[2] or '')] = float(match[3])
            base = re.sub('_(bucket|sum|count)$', '', match[1])
            check(match[1] in families or families.get(base) == 'histogram', f'no family of {line}')
    equal(samples['blogsearch_http_requests_total{route="/v1/search",status="200"}'], 2)
    equal(samples['blogsearch_http_requests_total{route="/v1/search",status="400"}'], 1)
    equal(samples['blogsearch_http_requests_total{route="none",status="404"}'], 1)
    equal(samples['blogsearch_http_request_duration_seconds_bucket{route="/v1/search",le="+Inf"}'], 3)
    equal(samples['blogsearch_http_request_duration_seconds_count{route="/v1/search"}'], 3)
    equal((samples['blogsearch_cache_hits_total'], samples['blogsearch_cache_misses_total']), (1, 1))
    equal((samples['blogsearch_index_loaded'], samples['blogsearch_index_pages']), (1, 12))
    check(samples['process_open_fds'] > 5 and samples['process_private_memory_bytes'] > 100_000, samples)


@case('/metrics is for programs of this machine, not for what a proxy passes on')
def _(t):
    site = Site(t).index()
    daemon = Daemon(t, site)
    equal(metrics(daemon).status, 200)
    for header in ('X_Forwarded_For', 'Forwarded', 'X_Real_IP', 'Via'):
        equal(metrics(daemon, **{header: '127.0.0.1'}).status, 404, header)


@case('serve.metrics_listen: there alone, and nothing else is there')
def _(t):
    daemon = Daemon(t, Site(t).index(), set=['serve.metrics_listen=127.0.0.1:0', 'serve.base_path=/s'])
    until(lambda: len(daemon._urls(2) or []) == 2)
    port = int(re.search(r':(\d+)/metrics', daemon.log)[1])
    equal(daemon.get('/s/metrics').status, 404)
    main_port, daemon.port = daemon.port, port
    equal(metrics(daemon, X_Forwarded_For='192.0.2.1').status, 200)
    equal((daemon.get('/healthz').status, daemon.get('/v1/search').status, daemon.get('/v1/status').status), (200, 404, 404))
    daemon.port = main_port
    equal(daemon.get('/s/v1/search?q=docker').json['total'], 4)


@case('SIGHUP reads the configuration again; a wrong one changes nothing')
def _(t):
    site = Site(t).index()
    daemon = Daemon(t, site)
    equal(daemon.get('/v1/search')['Cache-Control'], 'public, max-age=60, stale-while-revalidate=600')

    def reload(text, says):
        site.write({'blogsearch.yaml': text})
        before = daemon.log.count(says)
        daemon.process.send_signal(signal.SIGHUP)
        until(lambda: daemon.log.count(says) > before)
    reload('serve:\n  cache_max_age: 7\n  cors_origins: ["https://new.example"]\n', 'read again')
    answer = daemon.get('/v1/search?q=docker', {'Origin': 'https://new.example'})
    equal(answer['Cache-Control'], 'public, max-age=7, stale-while-revalidate=70')
    equal(answer['Access-Control-Allow-Origin'], 'https://new.example')
    reload('serve:\n  cache_max_age: never\n', 'stays as it was')
    equal(daemon.get('/v1/search')['Cache-Control'], 'public, max-age=7, stale-while-revalidate=70')
    check('blogsearch.yaml:2' in daemon.log, daemon.log)
    # As an editor saves: a new file under the old name.
    os.rename(site.root / 'blogsearch.yaml', site.root / 'old.yaml')
    reload('serve:\n  cache_max_age: 8\nindex:\n  synonyms: ["moby => docker"]\n', 'read again')
    equal(daemon.get('/v1/search')['Cache-Control'], 'public, max-age=8, stale-while-revalidate=80')
    equal(daemon.search(q='moby')['total'], 4, 'synonyms are read again as well')
    equal(daemon.stop(), 0)


@case('a wrong value of the configuration is told with file and line, at the start and on SIGHUP')
def _(t):
    site = Site(t).index()
    wrong = {'serve': ('trusted_proxies: [127.0.0.1, proxy.local]', 'sandbox: maybe', 'cors_origins: ["https://a.example/blog"]',
                       'threads: 2000000000', 'max_head_bytes: 1', 'listen: nowhere', 'access_log: "yes"', 'base_path: x/'),
             'web': ('theme: pink', 'per_page: 0')}
    for group, lines in wrong.items():
        for line in lines:
            site.write({'blogsearch.yaml': f'# what follows is wrong\n{group}:\n  {line}\n'})
            run = subprocess.run([PROGRAM, 'serve', *as_root(), str(site.root)], capture_output=True, timeout=20, check=False)
            said = run.stderr.decode()
            check(run.returncode == 2 and said.count('\n') == 1 and '/blogsearch.yaml:3: ' in said, f'{line}: {run.returncode} {said}')
    # What the command line says stands in no file.
    site.write({'blogsearch.yaml': 'web.theme: dark\n'})
    run = subprocess.run([PROGRAM, 'serve', *as_root(), '--set', 'web.theme=pink', str(site.root)], capture_output=True, check=False)
    check(run.returncode == 2 and b'blogsearch.yaml' not in run.stderr, run.stderr)
    daemon = Daemon(t, site)
    site.write({'blogsearch.yaml': '\n\nserve.trusted_proxies: proxy.local\n'})
    daemon.process.send_signal(signal.SIGHUP)
    until(lambda: 'blogsearch.yaml:3: serve.trusted_proxies' in daemon.log)
    daemon.lives()


@case('without an index it says so at once, with the path, and reads no more than it must')
def _(t):
    site = Site(t)
    daemon = Daemon(t, site)
    check(f'no index yet at {site.index_file}' in daemon.log, daemon.log)
    lost = Daemon(t, '/there-is-no-such-site', '--verbose')
    check('allows reading no folder' in lost.log or 'this kernel has no Landlock' in lost.log, lost.log)
    lost.lives()


@case('web and facets of the configuration set up the search page, and SIGHUP does it anew')
def _(t):
    site = Site(t)
    site.write({'blogsearch.yaml': 'facets: [tag, year]\nweb: {title: "Look & find", theme: dark, per_page: 1}\n'})
    site.index()
    daemon = Daemon(t, site)

    def reload(text, says):
        site.write({'blogsearch.yaml': text})
        before = daemon.log.count(says)
        daemon.process.send_signal(signal.SIGHUP)
        until(lambda: daemon.log.count(says) > before)

    def page(query=''):
        return daemon.get('/' + query).body.decode()
    check('<title>Look &amp; find</title>' in page() and 'Look &amp; find</a>' in page(), page())
    check('facets="tag,year" per-page="1" theme="dark"' in page() and '<body class="blogsearch" data-theme="dark">' in page(), page())
    equal((page().count('<article'), page('?per_page=2').count('<article')), (1, 2), 'hits; the address has the last word')
    answer = daemon.search()
    equal((list(answer['facets']), answer['per_page']), (['tag', 'year'], 10))
    reload('facets: []\nweb.theme: light\n', 'read again')
    check('facets="" theme="light"' in page(), page())
    equal(daemon.search()['facets'], {})
    for wrong in ('web: {theme: pink}', 'web: {per_page: 0}', 'web: {per_page: 101}', 'facets: [a b]'):
        reload(wrong, 'stays as it was')
    check('theme="light"' in page(), 'what is wrong changes nothing')
    equal(daemon.stop(), 0)


@case('SIGHUP while questions are answered loses none')
def _(t):
    import threading
    site = Site(t).index()
    daemon = Daemon(t, site)
    wrong, stop = [], threading.Event()

    def ask():
        connection = daemon.connect()
        i = 0
        while not stop.is_set():
            i += 1
            answer = daemon.get(f'/v1/search?q=common+{i % 50}&match=any', connection=connection)
            if answer.status != 200:
                wrong.append(answer.body)
    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    for i in range(30):
        site.write({'blogsearch.yaml': f'ranking:\n  title: {i % 5 + 1}\n'})
        daemon.process.send_signal(signal.SIGHUP)
        time.sleep(0.03)
    stop.set()
    for asker in askers:
        asker.join()
    equal(wrong, [])
    daemon.lives()


def log_lines(daemon):
    return [line for line in daemon.log.splitlines() if not line.startswith('blogsearch: ')]


@case('the access log is off, combined or json, escaped, with short addresses')
def _(t):
    site = Site(t).index()
    daemon = Daemon(t, site)
    daemon.get('/healthz')
    daemon.stop()
    equal(log_lines(daemon), [])
    evil = 'a"\\\x1b[31m\u202eé'.encode().decode('latin-1')
    daemon = Daemon(t, site, set=['serve.access_log=combined', 'serve.trusted_proxies=127.0.0.1'])
    daemon.get('/v1/search?q=docker', {'User-Agent': evil, 'Referer': 'https://x.example/', 'X-Forwarded-For': '192.0.2.77'})
    daemon.get('/nope', {'X-Forwarded-For': '2001:db8:1:2:3::4'})
    daemon.stop()
    first, second = log_lines(daemon)
    match = re.fullmatch(r'192\.0\.2\.0 - - \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET /v1/search\?q=docker HTTP/1\.1" '
                         r'200 (\d+) "https://x\.example/" "(.*)"', first)
    check(match and int(match[1]) > 100, first)
    equal(match[2], 'a\\x22\\x5c\\x1b[31m\\xe2\\x80\\xae\\xc3\\xa9')
    check(second.startswith('2001:db8:1:: - - [') and '"GET /nope HTTP/1.1" 404 ' in second, second)
    daemon = Daemon(t, site, set=['serve.access_log=json', 'serve.access_log_addresses=full'])
    daemon.get('/v1/search?q=%0aforged', {'User-Agent': evil})
    daemon.raw(b'POST /x\x07y HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n', timeout=1)
    daemon.stop()
    first, second = (json.loads(line) for line in log_lines(daemon))
    equal((first['client'], first['status'], first['target']), ('127.0.0.1', 200, '/v1/search?q=%0aforged'))
    check(first['ms'] > 0 and first['bytes'] > 0, first)
    equal((second['method'], second['status']), ('POST', 405))
    daemon = Daemon(t, site, set=['serve.access_log=json', 'serve.access_log_addresses=none'])
    daemon.get('/healthz')
    daemon.stop()
    equal(json.loads(log_lines(daemon)[0])['client'], '-')


@case('a reader of the access log that stands still delays nobody')
def _(t):
    site = Site(t).index()
    command = [PROGRAM, 'serve', '--listen', '127.0.0.1:0', '--set', 'serve.access_log=json', *as_root(), str(site.root)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    t.callback(process.kill)
    port = int(re.search(rb':(\d+)/', process.stdout.readline())[1])
    daemon = Daemon.__new__(Daemon)
    daemon.port = port
    connection = daemon.connect()
    for i in range(4000):
        start = time.monotonic()
        equal(daemon.get('/healthz', {'User-Agent': 'x' * 200}, connection=connection).status, 200)
        check(time.monotonic() - start < 2 * SLOW, 'delayed')
    dropped = re.search(r'^blogsearch_access_log_dropped_total (\d+)$', daemon.get('/metrics').body.decode(), re.M)
    check(int(dropped[1]) > 0, 'nothing was dropped, so the buffers have no bound')
    process.send_signal(signal.SIGTERM)
    equal(process.wait(10 * SLOW), 0)


@case('sd_notify: ready, stopping, watchdog')
def _(t):
    site = Site(t).index()
    path = str(site.root / 'notify')
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.bind(path)
        notify.settimeout(10 * SLOW)
        daemon = Daemon(t, site, env={'NOTIFY_SOCKET': path, 'WATCHDOG_USEC': '400000'})
        equal(notify.recv(100), b'READY=1')
        equal([notify.recv(100) for _ in range(2)], [b'WATCHDOG=1'] * 2)
        daemon.process.send_signal(signal.SIGHUP)
        news = until(lambda: next((word for word in [notify.recv(100)] if word.startswith(b'RELOADING=1')), None))
        check(re.fullmatch(rb'RELOADING=1\nMONOTONIC_USEC=\d+', news), news)
        until(lambda: notify.recv(100) == b'READY=1')
        daemon.stop()
        until(lambda: notify.recv(100) == b'STOPPING=1')


@case('socket activation: sockets that are handed over are used')
def _(t):
    site = Site(t).index()
    with socket.socket() as sock, socket.socket(socket.AF_UNIX) as unix, socket.socket() as other:
        for listening, address in ((sock, ('127.0.0.1', 0)), (unix, str(site.root / 's')), (other, ('127.0.0.1', 0))):
            listening.bind(address)
            listening.listen()
        # $$ of the shell is the pid of what it becomes.
        script = f'exec 3<&{sock.fileno()} 4<&{unix.fileno()} 5<&{other.fileno()}; LISTEN_PID=$$ LISTEN_FDS=3 ' \
                 'LISTEN_FDNAMES=a:b:metrics exec "$@"'
        log = open(site.root / 'log', 'wb')
        process = subprocess.Popen(['bash', '-c', script, 'bash', PROGRAM, 'serve', '--listen', '127.0.0.1:1', *as_root(),
                                    str(site.root)], stdout=log, stderr=log,
                                   pass_fds=(sock.fileno(), unix.fileno(), other.fileno()))
        t.callback(process.kill)
        daemon = Daemon.__new__(Daemon)
        daemon.port = sock.getsockname()[1]
        equal(daemon.get('/v1/search?q=docker').json['total'], 4)
        equal(daemon.get('/metrics').status, 404 if other else 200)
        daemon.port = other.getsockname()[1]
        equal((daemon.get('/metrics').status, daemon.get('/v1/search').status), (200, 404))
        process.send_signal(signal.SIGTERM)
        equal(process.wait(10), 0)
        # What is no listening socket is said.
        script = 'exec 3</dev/null; LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"'
        run = subprocess.run(['bash', '-c', script, 'bash', PROGRAM, 'serve', *as_root(), str(site.root)], capture_output=True,
                             check=False, timeout=10)
        equal((run.returncode, b'no listening socket' in run.stderr), (2, True), run.stderr)


@case('in the sandbox nothing is gained, and only the index and the configuration can be read')
def _(t):
    daemon = Daemon(t, Site(t).index())
    daemon.lives()
    with open(f'/proc/{daemon.pid}/status', encoding='ascii') as status:
        lines = dict(line.rstrip('\n').split(':\t', 1) for line in status if ':\t' in line)
    equal(lines['NoNewPrivs'], '1')
    if b'__asan_init' in pathlib.Path(PROGRAM).read_bytes() or b'__tsan_init' in pathlib.Path(PROGRAM).read_bytes():
        raise Skip('sanitizers need more calls than the filter allows')
    equal(lines['Seccomp'], '2', 'the filter of system calls')
    with open(f'/proc/{daemon.pid}/limits', encoding='ascii') as limits:
        check(re.search(r'Max core file size\s+0\s+0', limits.read()), 'no core dumps')


@case('lines of the access log are counted as dropped once their reader has gone')
def _(t):
    site = Site(t).index()
    process = subprocess.Popen([PROGRAM, 'serve', '--listen', '127.0.0.1:0', '--set', 'serve.access_log=combined', *as_root(),
                                str(site.root)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    t.callback(process.wait)
    t.callback(process.terminate)
    url = process.stdout.readline().decode().split()[-1]
    process.stdout.close()
    for _ in range(100):
        urllib.request.urlopen(f'{url}healthz', timeout=10).close()

    def dropped():
        with urllib.request.urlopen(f'{url}metrics', timeout=10) as answer:
            return int(re.search(rb'^blogsearch_access_log_dropped_total (\d+)$', answer.read(), re.M)[1])
    until(lambda: dropped() >= 100)


main()
