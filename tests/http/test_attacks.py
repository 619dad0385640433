"""Malformed and malicious requests over raw sockets: each is a case, and after each the daemon still answers right.

One daemon serves them all, so that what one leaves behind would be seen by the next.
"""
import contextlib
import re
import socket
import struct
import urllib.parse

from harness import BASE_URL, Daemon, Site, case, check, equal, main, post

_shared = contextlib.ExitStack()
_daemon = []

EVIL = '</script><img src=x onerror=alert(1)>"\'&'


def daemon():
    """The one, started with the first case."""
    if not _daemon:
        files = {'hugo.toml': f'baseURL = "{BASE_URL}"\n', 'content/plain.md': post('Plain', 'needle plain')}
        for i, url in enumerate(('javascript:alert(1)', 'data:text/html,x', '//evil.example/', '\\\\evil.example', 'vbscript:x')):
            files[f'content/evil{i}.md'] = post(f'{EVIL} {i}', f'needle {EVIL} [{EVIL}]({url})\n\n## needle {EVIL}\n',
                                                tags=[EVIL, url], url=url, images=[url], aliases=[url])
        site = Site(_shared, files).index()
        _daemon.append(Daemon(_shared, site, set=['serve.head_timeout=2', 'serve.max_connections_per_address=0']))
    return _daemon[0]


def answers(got):
    """The status of each answer in a stream of them, cut by their lengths."""
    statuses = []
    while got:
        head, found, rest = got.partition(b'\r\n\r\n')
        match = re.match(rb'HTTP/1\.[01] (\d{3})', head)
        if not found or not match:
            # libmicrohttpd 0.9.75 sends its own refusals twice, run together: whatever status stands there counts.
            inside = [int(status) for status in re.findall(rb'HTTP/1\.[01] (\d{3})', got)]
            statuses += inside or ([] if statuses and statuses[0] >= 400 else [f'?{got[:40]!r}'])
            break
        statuses.append(int(match[1]))
        length = re.search(rb'\r\ncontent-length: (\d+)', head, re.I)
        got = rest[int(length[1]):] if length else rest
    return statuses


def attack(name, data, allowed, shut=True, most=1):
    """A case: the bytes sent, the statuses that any answer to them may have (None: no answer), at most so many of them."""
    @case(name)
    def _(t):
        statuses = answers(daemon().raw(data, timeout=3, shut=shut))
        check(statuses or None in allowed, 'no answer at all')
        for status in statuses:
            check(status in allowed, f'{statuses}, not of {allowed}')
        check(len(statuses) <= most, f'{len(statuses)} answers: {statuses}')
        daemon().lives()


def request(target='/healthz', method='GET', version='HTTP/1.1', headers='Host: x', body=b''):
    lines = f'{method} {target} {version}\r\n{headers}\r\n\r\n'
    return lines.encode('latin-1') + body


BAD = (400, None)

# 505 is libmicrohttpd's own answer to another major version.

# --- Request lines ---------------------------------------------------------------------------------

for line, allowed in {
    'GET /healthz': BAD, 'GET  /healthz HTTP/1.1': (200, 400), 'GET /healthz  HTTP/1.1': (200, 400),
    'GET /healthz HTTP/1.2': BAD, 'GET /healthz HTTP/2.0': (505,), 'GET /healthz HTTP/0.9': (505,), 'GET /healthz HTTP/1.1 x': BAD,
    'GET /healthz http/1.1': BAD, 'GET /healthz HTTP/11': BAD, 'GET /healthz HTTP/1.': BAD, 'GET /healthz FTP/1.1': BAD,
    'GET healthz HTTP/1.1': BAD, 'GET http://evil.example/healthz HTTP/1.1': (200,), 'GET https://x/healthz HTTP/1.1': BAD,
    'GET http://evil.example HTTP/1.1': (200,), 'GET http://evil.example?/healthz HTTP/1.1': (200,), 'GET http:///healthz HTTP/1.1': (400,),
    'GET http://?/healthz HTTP/1.1': (400,), 'GET http://evil.example#/healthz HTTP/1.1': (400,), 'GET * HTTP/1.1': BAD, 'CONNECT x:80 HTTP/1.1': (405, None),
    'TRACE /healthz HTTP/1.1': (405,), 'GET ? HTTP/1.1': BAD, 'GET # HTTP/1.1': BAD, 'GET /healthz#x HTTP/1.1': (404, 400),
    'GET /healthz\\ HTTP/1.1': (404, 400), 'GET /a b HTTP/1.1': (400, 404), 'GET /v1/search?q=a b HTTP/1.1': BAD,
    'G\x01T /healthz HTTP/1.1': (405, 400, None), 'get /healthz HTTP/1.1': (405,), 'GET\t/healthz\tHTTP/1.1': (405, 400, None),
    ' GET /healthz HTTP/1.1': (405, 400, None), '/healthz': (405, 400, None), 'HTTP/1.1 200 OK': (405, 400, None), '': (400, None),
    '\x16\x03\x01\x02\x00\x01': (405, 400, None), 'PRI * HTTP/2.0': (505,), 'x' * 100: (405, 400, None),
    'GET /%00 HTTP/1.1': (400,), 'GET /healthz%00 HTTP/1.1': (400,), 'GET /healthz\x00x HTTP/1.1': (400, 404, 200, None),
    'GET /\x7f HTTP/1.1': (400,), 'GET /\xff HTTP/1.1': (400,), 'GET /healthz?\x00 HTTP/1.1': (400, 200, None),
}.items():
    attack(f'request line {line[:40]!r}', (line + '\r\nHost: x\r\nConnection: close\r\n\r\n').encode('latin-1'), allowed)

for method in ('POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONSX', 'HEADER', 'GE', 'X' * 1000, 'PURGE', 'COPY', 'LOCK', 'SEARCH'):
    attack(f'method {method[:20]}', request(method=method), (405,))

# --- Framing: no second answer to one request, ever -------------------------------------------------

SMUGGLED = b'GET /v1/status HTTP/1.1\r\nHost: smuggled\r\n\r\n'
for headers in (
    'Content-Length: 5', 'Content-Length: 0\r\nContent-Length: 44', 'Content-Length: 44\r\nContent-Length: 0', 'Content-Length: 44, 44',
    'Content-Length: -1', 'Content-Length: +5', 'Content-Length: 0x10', 'Content-Length: 5 5', 'Content-Length: 1e1',
    'Content-Length: 99999999999999999999', 'Content-Length: 18446744073709551615', 'Content-Length: 9223372036854775808',
    'Content-Length: ', 'Content-Length: a', 'Content-Length:\t5', 'Content-Length : 5', 'Content-Length\t: 5', 'Content-Length: 5\x00',
    'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked\r\nContent-Length: 5', 'Content-Length: 5\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding: identity', 'Transfer-Encoding: gzip, chunked', 'Transfer-Encoding: xchunked', 'Transfer-Encoding: chunked ',
    'Transfer-Encoding:\tchunked', 'Transfer-Encoding: "chunked"', 'Transfer-Encoding: CHUNKED', 'Transfer-Encoding: chunked, identity',
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity', 'Transfer-Encoding : chunked', 'X: y\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding:', 'Transfer-Encoding: \x0bchunked', 'Transfer-Encoding: chunked;q=1', 'Trailer: x\r\nTransfer-Encoding: chunked',
    'Upgrade: h2c\r\nContent-Length: 5', 'Expect: 100-continue\r\nContent-Length: 5', 'Expect: weird\r\nContent-Length: 5',
):
    for body in (b'0\r\n\r\n' + SMUGGLED, SMUGGLED):
        # 100 and 417 are libmicrohttpd's word to Expect; a doubled 400 or 413 is its own, and it closes.
        attack(f'smuggling by {headers!r}, {"chunk" if body[:1] == b"0" else "bare"}', request(headers=f'Host: x\r\n{headers}', body=body),
               (400, 413, 417, 100, 405, None), most=2)
        attack(f'smuggling by POST, {headers!r}, {"chunk" if body[:1] == b"0" else "bare"}',
               request(method='POST', headers=f'Host: x\r\n{headers}', body=body), (400, 405, 413, 417, 100, None), most=2)

# A header that goes on in the next line: libmicrohttpd adds that line to the header's name.
FOLDED = [f'{name}:{first}\r\n{blank}{rest}' for name, first, rest in (
    ('Content-Length', '', '44'), ('Content-Length', ' 0', '4'), ('Transfer-Encoding', '', 'chunked'), ('Transfer-Encoding', ' gzip,', 'chunked'),
    ('X-Forwarded-For', '', '1.2.3.4'), ('X-Real-IP', '', '1.2.3.4'), ('Forwarded', '', 'for=1.2.3.4'), ('Host', ' x', 'y'), ('X', ' y', 'z'),
    ('Content-Length', '', '4\r\n 4'), ('X', '', ''), ('X', ' y', ' ' * 200), ('X', ' ' * 200, 'y'), ('X-' + 'y' * 200, '', ': z'))
    for blank in (' ', '\t', ' \t ')]
for headers in FOLDED:
    attack(f'smuggling by a fold: {headers[:50]!r}', request(headers=f'Host: x\r\n{headers}', body=SMUGGLED), (400,))
    attack(f'a fold in the last of many headers: {headers[:50]!r}',
           request(headers='Host: x\r\n' + 'A: b\r\n' * 50 + headers + '\r\nB: c', body=SMUGGLED), (400,))


@case('a fold hides no proxy from /metrics')
def _(t):
    for headers in ('X-Forwarded-For:\r\n 1.2.3.4', 'X-Real-IP:\r\n\t1.2.3.4', 'Forwarded:\r\n for=1.2.3.4', 'Via:\r\n 1.1 x'):
        got = daemon().raw(request('/metrics', headers=f'Host: x\r\n{headers}'), timeout=3, shut=True)
        equal(answers(got), [400], headers)
        check(b'there is a header that goes on in the next line' in got, got)


@case('headers as clients and proxies send them are no folds')
def _(t):
    headers = ('Host: x\r\nX-Forwarded-Host: y\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Server: z\r\nX-Forwarded-Port: 443\r\n'
               'X-Forwarded-For: 1.2.3.4\r\nX-Real-IP:1.2.3.4\r\nForwarded:\tfor=1.2.3.4\r\nContent-Length: 0\r\nX-Empty:\r\nX-Blank:  \t \r\n'
               'Cookie: a=b; c=d\r\nHost-Name: z\r\nX-Trailing: y  \t\r\nX-Colons: a:b:c')
    got = daemon().raw(request(headers=headers) * 3, timeout=3, shut=True)
    equal(answers(got), [200] * 3)


# --- Headers ------------------------------------------------------------------------------------------

for name, headers, allowed in (
    ('no Host', 'X: y', (400,)), ('two Hosts', 'Host: x\r\nHost: y', (400,)), ('two equal Hosts', 'Host: x\r\nHost: x', (400,)),
    ('an empty Host', 'Host:', (200, 400)), ('a Host with a path', 'Host: x/../y', (200, 400)),
    ('a header without colon', 'Host: x\r\nnonsense', (200, 400, None)), ('a header without name', 'Host: x\r\n: y', (200, 400)),
    ('a folded header', 'Host: x\r\nX: y\r\n z', (400,)), ('a folded Host', 'Host:\r\n x', (400,)),
    ('NUL in a header', 'Host: x\r\nX: a\x00b', (200, 400, None)), ('control characters in a header', 'Host: x\r\nX: \x01\x1b\x7f', (200, 400)),
    ('bare CR in a header', 'Host: x\r\nX: a\rb', (200, 400)), ('Latin-1 in a header', 'Host: x\r\nX: \xe4\xff', (200,)),
    ('a space before the colon', 'Host : x', (200, 400)), ('100 headers', 'Host: x\r\n' + '\r\n'.join(f'X-{i}: y' for i in range(100)), (200,)),
    ('2,000 headers', 'Host: x\r\n' + '\r\n'.join(f'X-{i}: y' for i in range(2000)), (431, 413, None)),
    ('20,000 headers', 'Host: x\r\n' + '\r\n'.join(f'X-{i}: y' for i in range(20000)), (431, 413, None)),
    ('a header of 1 MB', 'Host: x\r\nX: ' + 'y' * 1_000_000, (431, 413, None)), ('a name of 100 KB', 'Host: x\r\n' + 'X' * 100_000 + ': y', (431, 413, None)),
    ('methods to override', 'Host: x\r\nX-HTTP-Method-Override: DELETE\r\nX-Method-Override: POST', (200,)),
    ('paths to rewrite', 'Host: x\r\nX-Original-URL: /metrics\r\nX-Rewrite-URL: /metrics', (200,)),
    ('a foreign forwarded host', 'Host: evil.example\r\nX-Forwarded-Host: evil.example\r\nForwarded: host=evil.example', (200,)),
    ('ranges', 'Host: x\r\nRange: bytes=0-0,5-1,-9999999999', (200,)), ('100 cookies', 'Host: x\r\nCookie: ' + 'a=b; ' * 100, (200,)), ('1,000 cookies', 'Host: x\r\nCookie: ' + 'a=b; ' * 1000, (431,)),
    ('many If-None-Match', 'Host: x\r\nIf-None-Match: ' + '"a", ' * 1000, (200,)), ('a bad If-None-Match', 'Host: x\r\nIf-None-Match: W/"', (200,)),
    ('many encodings', 'Host: x\r\nAccept-Encoding: ' + 'br;q=0.1, ' * 1000, (200,)), ('bad encodings', 'Host: x\r\nAccept-Encoding: ;;;,,,q=', (200,)),
    ('a long X-Forwarded-For', 'Host: x\r\nX-Forwarded-For: ' + '1.2.3.4, ' * 1000, (200,)), ('an Origin of controls', 'Host: x\r\nOrigin: \x01\x02', (200, 400)),
    ('an upgrade', 'Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x', (200,)),
    ('h2c', 'Host: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__', (200,)),
):
    attack(f'headers: {name}', request(headers=headers), allowed)
attack('headers end with bare LF', b'GET /healthz HTTP/1.1\nHost: x\n\n', (200, 400, None))
attack('only CRLFs', b'\r\n' * 5000, BAD)
attack('only NULs', b'\0' * 5000, (400, 405, 431, None))
attack('random bytes', bytes(range(256)) * 100, (400, 405, 413, 414, 431, None))

# --- Targets --------------------------------------------------------------------------------------------

for target in ('/../../../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fetc%2fpasswd', '/%252e%252e/etc/passwd', '/..\\..\\etc\\passwd',
               '/.blogsearch/index.db', '/blogsearch.js/../../index.db', '/v1/series/../../etc/passwd', '/v1/facets/..%2f..%2fetc', '/.git/config',
               '/wp-login.php', '/cgi-bin/x', '/v1/search/..', '/v1//search', '/./healthz', '/healthz/', '/healthz;x=y', '/HEALTHZ', '/%',
               '/%c0%ae%c0%ae/', '/%ff%fe', '/%f0%9f%92%a9', '/metrics/', '/v1/../metrics'):
    attack(f'path {target}', request(target), (404, 400))
for query in ('q=%', 'q=%0', 'q=%zz', 'q=%00', 'q=a%00b', 'q=%c0%af', 'q=%ed%a0%80', 'q=%f5%80%80%80', 'q=%fe%ff', '%00=x', '%ff=x', 'q=%E2%82', 'q=x&%zz',
              'q=x&q=%00', 'page=%31%00', 'q=%1b%5b31m', 'q=%07', 'tag=%0a', 'tag=%0d%0aX: y', 'page=１', 'page=1%2e0', 'page=1;', 'page=0x1',
              'page=1e3', 'page=-0', 'page=99999999999999999999', 'page=4294967297', 'per_page=4294967295', 'page=18446744073709551617',
              'q[]=x', 'q.x=y', '__proto__=x', 'callback=alert', 'jsonp=x', 'fields=__proto__', 'sort=title;DROP TABLE', 'facets=../../x', 'a' * 4000,
              'tag=' + 'x' * 300, '&'.join(f'x{i}=y' for i in range(400)), '&'.join(['tag=a%01'] * 20), 'from=0000-00-00', 'to=9999-99', 'year=-001'):
    raw = query.encode('utf-8').decode('latin-1').replace(' ', '%20')
    attack(f'query {query[:40]!r}', request(f'/v1/search?{raw}'), (400,))
for name, target in (('9 KB', '/v1/search?q=' + 'x' * 9000), ('30 KB', '/v1/search?q=' + 'x' * 30000), ('1 MB', '/v1/search?q=' + 'x' * 1_000_000),
                     ('a path of 9 KB', '/' + 'x' * 9000)):
    attack(f'a URL of {name}', request(target), (414, 400, None))
for n in (300, 1000, 2500, 4000):
    attack(f'{n} parameters', request('/v1/search?' + '&'.join(['a'] * n)), (400, 414))

# --- Questions --------------------------------------------------------------------------------------------

for q in ('"*():^-AND OR NOT NEAR', 'NEAR(' * 40, '(' * 2000, ')' * 2000, '"' * 2000, '-' * 2000, '*' * 2000, 'a OR ' * 120, 'NOT ' * 400, '-(' * 900,
          '((((((a))))))' * 50, 'a* ' * 8, ':' * 2000, 'title:' * 300, '"a b" ' * 60, "' OR 1=1 --", '"; DROP TABLE page; --', 'a" OR rowid > 0 OR "',
          '{title text}: x', '^needle', 'rank:x', 'rowid:1', 'fts:x', '﷽' * 300, '\u0301' * 900, 'a' + '\u0301' * 800, '\u202e\u2066x', 'ＮＥＥＤＬＥ', '👨‍👩‍👧' * 80,
          'z' * 2048, 'ä' * 1024, ' ' * 2048, '\t\n\r' * 600, 'needle ' * 100, 'before:9999 after:0', 'tag:' + EVIL, EVIL, '%s%n%x' * 50, '\\' * 2000,
          '${jndi:ldap://x}', '{{7*7}}', '../../etc/passwd', '東京' * 300, 'กขค' * 300, 'a-b_c.d/e' * 150, 'C++ C# .NET'):
    attack(f'question {q[:30]!r}', request('/v1/search?' + urllib.parse.urlencode({'q': q})), (200, 400))
for target in ('/v1/search?facets=*&facet_limit=1000&per_page=100&snippet=100&sections=10&explain=1', '/v1/suggest?q=' + '%22' * 500,
               '/v1/suggest?limit=20&q=' + 'a' * 200, '/v1/facets/tag?q=' + '%2a' * 200, '/v1/series/' + 'x' * 4000, '/v1/related?url=javascript:alert(1)',
               '/v1/related?url=%2e%2e/%2e%2e', '/v1/related?url=' + 'x' * 4000, '/v1/series/%22%3e%3cscript%3e', '/v1/facets/%00'):
    attack(f'{target[:50]}', request(target), (200, 400, 404))

# --- Connections ------------------------------------------------------------------------------------------


@case('pipelining: a hundred requests at once, answered in order')
def _(t):
    data = b''.join(request(f'/v1/search?q=x{i}&per_page=0&facets=') for i in range(100))
    got = daemon().raw(data, timeout=5, shut=True)
    equal(re.findall(rb'"q":"(x\d+)"', got), [f'x{i}'.encode() for i in range(100)])


@case('pipelining: after a bad request nothing is answered')
def _(t):
    got = daemon().raw(request() + request(headers='Host: x\r\nHost: y') + request(), timeout=3)
    equal(answers(got), [200, 400])


@case('byte by byte')
def _(t):
    with socket.create_connection(('127.0.0.1', daemon().port), timeout=10) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in request(headers='Host: x\r\nConnection: close'):
            sock.sendall(bytes([byte]))
        equal(answers(daemon().talk(sock, b'')), [200])


for cut in (1, 5, 12, 22, 30, 31):
    @case(f'gone after {cut} bytes, politely and not')
    def _(t, cut=cut):
        for _ in range(20):
            sock = socket.create_connection(('127.0.0.1', daemon().port), timeout=10)
            sock.sendall(request()[:cut])
            if _ % 2:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            sock.close()
        daemon().lives()


@case('gone while the answer is sent')
def _(t):
    for i in range(60):
        sock = socket.create_connection(('127.0.0.1', daemon().port), timeout=10)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        sock.sendall(request('/v1/search?facets=*&snippet=100') * 20)
        if i % 2:
            sock.recv(100)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        sock.close()
    daemon().lives()


@case('connected and gone, five hundred times')
def _(t):
    for _ in range(500):
        socket.create_connection(('127.0.0.1', daemon().port), timeout=10).close()
    daemon().lives()


@case('of an absolute target the name decides nothing, and the question is kept')
def _(t):
    for target, same in (('http://x?q=needle', '/?q=needle'), ('HTTP://x:80/v1/status?_=1', '/v1/status'), ('http://x', '/')):
        equal(daemon().get(target)['ETag'], daemon().get(same)['ETag'], target)
    answer = daemon().get('http://evil.example?/healthz')
    check(answer['Content-Type'].startswith('text/html'), answer.body)


@case('TRACE echoes nothing')
def _(t):
    check(b'secret' not in daemon().raw(request(method='TRACE', headers='Host: x\r\nCookie: secret'), timeout=2, shut=True), 'echoed')


@case('what authors wrote: no markup but <mark>, no URL but http and site-relative ones')
def _(t):
    answer = daemon().get('/v1/search?q=needle&facets=*&per_page=100')
    equal(answer.json['total'] >= 1, True)

    def walk(value, key=''):
        if isinstance(value, dict):
            for name, inner in value.items():
                walk(inner, name)
        elif isinstance(value, list):
            for inner in value:
                walk(inner, key)
        elif isinstance(value, str) and key.endswith('_html'):
            bare = value.replace('<mark>', '').replace('</mark>', '')
            check('<' not in bare and '>' not in bare, value)
        elif isinstance(value, str) and key in ('url', 'image'):
            check(re.match(r'https?://|/(?![/\\])', value), f'{key}: {value!r}')
    walk(answer.json)


@case('in the end no descriptor and no memory is left behind')
def _(t):
    import os
    from harness import until
    until(lambda: len(os.listdir(f'/proc/{daemon().pid}/fd')) < 60, seconds=10)
    equal(daemon().stop(), 0)
    check('could not be answered' not in daemon().log, daemon().log)


with _shared:
    main()
