"""Bad requests: each a problem that says what is wrong, and never a 5xx."""
import urllib.parse

from harness import Daemon, Site, case, check, equal, main, problem


def daemon_of(t, **options):
    return Daemon(t, Site(t).index(), **options)


@case('values that a parameter cannot have are a 400 that names it')
def _(t):
    daemon = daemon_of(t)
    for name, values in {
        'page': ['0', '-1', '1.5', 'x', '', '+1', ' 1', '1 ', '١', '99999999999999999999', '0x1', '10001'],
        'per_page': ['x', '101', '-0', '1e2'],
        'facet_limit': ['0', '1001'], 'snippet': ['101', 'all'], 'sections': ['11'],
        'sort': ['random', 'RELEVANCE', ''], 'match': ['some'], 'typo': ['on'], 'explain': ['2', 'true'],
        'from': ['2019-13', '2019-02-30', 'yesterday', '20190101', '2019-1-1'], 'to': ['x'],
        'year': ['19', 'x', '2019-01'], 'month': ['2019', '2019-13'],
        'facets': ['tag,nope', 'tags'], 'fields': ['title,nope'], 'tag': ['', 'x' * 257],
    }.items():
        for value in values:
            problem(daemon.get('/v1/search?' + urllib.parse.urlencode({name: value})), 400, parameter=name)
    problem(daemon.get('/v1/search?page=101&per_page=100'), 400, parameter='page')


@case('an unknown parameter is a 400 that names the nearest')
def _(t):
    daemon = daemon_of(t)
    problem(daemon.get('/v1/search?pag=2'), 400, parameter='pag', says='"page"')
    problem(daemon.get('/v1/search?catgory=x'), 400, parameter='catgory', says='"category"')
    problem(daemon.get('/v1/search?utterly_different=x'), 400, parameter='utterly_different')
    # Where none is near, all are named; never the one that is only passed over.
    for target, says in (
            ('/v1/search?query=x', 'there are q, from, to, sort, page, per_page, facets,'), ('/v1/search?search=x', 'there are q,'),
            ('/v1/search?quary=x', 'there are q,'), ('/v1/search?limit=x', ', category, series, tag, section, lang, year'), ('/v1/related?u=x', 'there are url, limit'),
            ('/v1/suggest?query=x', 'there are q, limit'), ('/v1/series/fleet?limit=3', 'there are url'), ('/v1/facets/tag?x=1', 'there are q, limit'),
            ('/v1/facets?q=x', 'there are none here'), ('/v1/facets?limit=3', 'there are none here'), ('/healthz?x=1', 'there are none here'),
            ('/openapi.json?__=1', 'there are none here')):
        told = problem(daemon.get(target), 400, parameter=target.partition('?')[2].partition('=')[0], says=says)
        check('"_"' not in told['detail'] and ' _' not in told['detail'], told)
    for target in ('/v1/facets?_=1', '/healthz?_=1', '/v1/related?_=1&url=/posts/p00/', '/blogsearch.js?v=3'):
        equal(daemon.get(target).status, 200, target)


@case('limits are a 400 that names them')
def _(t):
    daemon = daemon_of(t)
    problem(daemon.get('/v1/search?q=' + 'x' * 2049), 400, parameter='q', says='2048')
    equal(daemon.get('/v1/search?q=' + 'x' * 2048).status, 200)
    problem(daemon.get('/v1/search?q=' + '+'.join(['a'] * 129)), 400, parameter='q', says='128')
    problem(daemon.get('/v1/search?q=' + '+'.join(f'{c}*' for c in 'abcdefghi')), 400, parameter='q', says='8')
    problem(daemon.get('/v1/search?' + '&'.join(f'tag=t{i}' for i in range(17))), 400, parameter='tag', says='16')
    problem(daemon.get('/v1/search?' + '&'.join(['q=x'] * 257)), 400, says='256 parameters')
    many = [f'{facet}=v{i}' for facet in ('tag', 'category', 'series', 'author', 'section') for i in range(16)]
    problem(daemon.get('/v1/search?' + '&'.join(many)), 400, parameter='section', says='64')


@case('what is no percent-encoding of UTF-8 without NUL is a 400 that names the parameter')
def _(t):
    daemon = daemon_of(t)
    for bad in ('%', '%4', '%zz', 'a%', '%%', '%u00fc', '%-1', '%+1', '%00', 'a%00b', '%ff', '%c0%80', '%c0%af',
                '%e0%80%af', '%ed%a0%80', '%f4%90%80%80', '%f8%88%80%80%80', '%c3', '%c3x', '%80', '%fe', '%ef%bf'):
        for name in ('q', 'tag', 'page', 'nope'):
            problem(daemon.get(f'/v1/search?{name}={bad}'), 400, parameter=name)
        problem(daemon.get(f'/v1/search?{bad}=x'), 400)


@case('nothing is there: 404; not in this way: 405 with Allow; too long: 414')
def _(t):
    daemon = daemon_of(t)
    for path in ('/nope', '/v1', '/v1/', '/v1/search/', '//v1/search', '/v1/search/x', '/V1/search', '/v1/Search', '/v1/search;x',
                 '/.blogsearch/index.db', '/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/v1/./search', '/v1/search%20',
                 '/v1%2fsearchx', '/index.html'):
        problem(daemon.get(path), 404)
    for method in ('POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND', 'get', 'Get', 'GETT', 'X'):
        answer = daemon.get('/v1/search?q=a', method=method)
        problem(answer, 405)
        equal(answer['Allow'], 'GET, HEAD, OPTIONS', method)
    answer = daemon.get('/v1/search', method='POST', body=b'q=docker', headers={'X-HTTP-Method-Override': 'GET'})
    problem(answer, 405)
    problem(daemon.get('/v1/search?q=' + 'x' * 8192), 414)


@case('OPTIONS tells what is allowed')
def _(t):
    daemon = daemon_of(t)
    for target in ('/v1/search', '*'):
        answer = daemon.get(target, method='OPTIONS')
        equal((answer.status, answer['Allow'], answer.body), (204, 'GET, HEAD, OPTIONS', b''), target)


@case('whatever is asked in words, it is no error')
def _(t):
    daemon = daemon_of(t)
    for q in ('"*():^-AND OR NOT NEAR', '"', '(((((((((', ')))', '-', '--', '*', '* *', 'AND', 'OR', 'NOT', 'NEAR(a b)', 'a AND',
              '-"', 'title:', ':', '::', 'body:x', 'rowid:1', '{a b}:c', '^a', '+a', "'; DROP TABLE page; --", '\\', '\\"',
              '%', '_', 'a\tb', 'a\nb', 'ﷺ' * 50, '\u202e', 'é' * 1000, '(a OR (b OR (c OR (d OR (e OR f)))))',
              'before:x', 'after:99999', 'tag:', 'tag:"', 'sdafadsfasdf'):
        answer = daemon.get('/v1/search?' + urllib.parse.urlencode({'q': q}))
        equal(answer.status, 200, q)
        equal(answer.json['q'], q)
    for c in '\x01\x1b\x7f\x08':
        problem(daemon.get('/v1/search?' + urllib.parse.urlencode({'q': f'a{c}b'})), 400, parameter='q')


@case('a request of 100 KB is refused and the next one answered')
def _(t):
    daemon = daemon_of(t)
    got = daemon.raw(b'GET /v1/search?q=' + b'x' * 100_000 + b' HTTP/1.1\r\nHost: x\r\n\r\n')
    check(got.startswith(b'HTTP/1.1 414'), got[:100])
    daemon.lives()


main()
