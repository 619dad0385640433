"""What goes around an answer: ETag, Cache-Control, gzip, CORS, Server-Timing."""
import gzip
import json
import re

from harness import BASE_URL, Daemon, Site, case, check, equal, main, post, problem, until

ORIGIN = BASE_URL.rstrip('/')
TARGET = '/v1/search?q=common'


def without_time(body):
    return re.sub(rb'"took_ms":[0-9.e-]+', b'', body)


@case('an answer has an ETag, and who has it already gets a 304')
def _(t):
    daemon = Daemon(t, Site(t).index())
    first = daemon.get(TARGET)
    etag = first['ETag']
    check(re.fullmatch(r'W/"[0-9a-f-]+"', etag), etag)
    bare = etag.removeprefix('W/')
    for value in (etag, bare, '*', f'"x", {etag}', f'"x",{bare} , "y"', f' {etag} '):
        answer = daemon.get(TARGET, {'If-None-Match': value})
        equal((answer.status, answer.body, answer['Content-Type']), (304, b'', None), value)
        equal((answer['ETag'], answer['Cache-Control'], answer['Vary']),
              (etag, first['Cache-Control'], first['Vary']), value)
    for value in ('"x"', '', etag[:-2], 'W/', f'{etag}x', '""', bare.strip('"')):
        equal(daemon.get(TARGET, {'If-None-Match': value}).status, 200, value)
    equal(daemon.get(TARGET, {'If-None-Match': etag}, method='HEAD').status, 304)


@case('If-None-Match: * has what is there, and what is not there is not found')
def _(t):
    daemon = Daemon(t, Site(t).index())
    for target in ('/v1/series/nope', '/v1/facets/nope', '/v1/related?url=/nope', '/nope'):
        problem(daemon.get(target, {'If-None-Match': '*'}), 404, parameter='url' if 'url' in target else None)
    problem(daemon.get('/v1/search?page=0', {'If-None-Match': '*'}), 400, parameter='page')
    for target in ('/v1/series/fleet', '/v1/search?q=common', '/', '/blogsearch.css'):
        for _ in range(2):
            answer = daemon.get(target, {'If-None-Match': ' * '})
            equal((answer.status, answer.body), (304, b''), target)
            equal(answer['ETag'], daemon.get(target)['ETag'], target)


@case('equal questions have equal ETags, different ones different ones')
def _(t):
    daemon = Daemon(t, Site(t).index())

    def etag(target):
        return daemon.get(target)['ETag']
    equal(etag('/v1/search?q=common&page=1'), etag('/v1/search?page=1&q=c%6fmmon&_=7'))
    equal(etag('/v1/search?tag=docker&tag=all'), etag('/v1/search?tag=all&tag=docker'))
    tags = [etag(f'/v1/search?{rest}') for rest in (
        'q=common', 'q=common+', 'q=common&page=2', 'q=common&per_page=9', 'q=common&facets=', 'q=common&snippet=9',
        'q=common&sections=1', 'q=common&match=any', 'q=common&typo=off', 'q=common&fields=title', 'q=common&sort=newest',
        'q=common&explain=1', 'q=common&tag=all', 'q=common&category=all', 'q=common&from=2015', 'q=common&to=2015',
        'q=common&facet_limit=5')]
    equal(len(set(tags)), len(tags), tags)
    equal(len({etag(path) for path in ('/v1/suggest?q=do', '/v1/facets/tag?q=do', '/v1/facets/category?q=do',
                                       '/v1/status', '/v1/facets')}), 5)


@case('a new index and other ranking have other ETags, a restart has not')
def _(t):
    site = Site(t).index()
    daemon = Daemon(t, site)
    etag = daemon.get(TARGET)['ETag']
    daemon.stop()
    equal(Daemon(t, site).get(TARGET)['ETag'], etag, 'after a restart')
    check(Daemon(t, site, set=['ranking.title=9']).get(TARGET)['ETag'] != etag, 'other ranking, same ETag')
    daemon = Daemon(t, site)
    site.write({'content/posts/new.md': post('New', 'common')})
    site.index()
    until(lambda: daemon.search(q='common')['total'] == 13)
    equal(daemon.get(TARGET, {'If-None-Match': etag}).status, 200)


@case('Cache-Control says how long, problems are kept by nobody')
def _(t):
    site = Site(t).index()
    daemon = Daemon(t, site)
    for target in (TARGET, '/v1/status', '/v1/suggest?q=d', '/v1/facets/tag'):
        equal(daemon.get(target)['Cache-Control'], 'public, max-age=60, stale-while-revalidate=600', target)
    for target in ('/healthz', '/readyz', '/metrics', '/nope', '/v1/search?page=0', '/v1/related?url=/nope/'):
        equal(daemon.get(target)['Cache-Control'], 'no-store', target)
    equal(Daemon(t, site, set=['serve.cache_max_age=5']).get(TARGET)['Cache-Control'],
          'public, max-age=5, stale-while-revalidate=50')
    equal(Daemon(t, site, set=['serve.cache_max_age=0']).get(TARGET)['Cache-Control'], 'public, no-cache')


@case('gzip from 1 KB on, where it is taken, and the same bytes inside')
def _(t):
    daemon = Daemon(t, Site(t).index())
    plain = daemon.get(TARGET)
    equal(plain['Content-Encoding'], None)
    for accepts in ('gzip', 'deflate, gzip;q=1.0, br', 'GZIP', 'x-gzip', '*', 'gzip;q=0.5', '*;q=0.1', 'br,gzip ; q=0.001'):
        for _ in range(2):
            answer = daemon.get(TARGET, {'Accept-Encoding': accepts})
            equal(answer['Content-Encoding'], 'gzip', accepts)
            equal(without_time(gzip.decompress(answer.body)), without_time(plain.body), accepts)
            equal(int(answer['Content-Length']), len(answer.body))
    check(len(answer.body) < len(plain.body) / 2, 'not much smaller')
    for refuses in ('', 'identity', 'br', 'gzip;q=0', 'gzip;q=0.000', '*;q=0', 'gzipped', 'gzip;q=0, *', 'deflate'):
        answer = daemon.get(TARGET, {'Accept-Encoding': refuses})
        equal((answer['Content-Encoding'], without_time(answer.body)), (None, without_time(plain.body)), refuses)
    equal(daemon.get('/v1/search?q=docker&per_page=0&facets=', {'Accept-Encoding': 'gzip'})['Content-Encoding'], None)
    equal(plain['Vary'], 'Accept-Encoding, Origin')


@case('the cache gives what was given, plain and gzipped, and none is the same without it')
def _(t):
    site = Site(t).index()
    daemon, uncached = Daemon(t, site), Daemon(t, site, set=['serve.cache_bytes=0'])
    first = daemon.get(TARGET)
    check('snippets;dur=' in first['Server-Timing'], first['Server-Timing'])
    second = daemon.get(TARGET)
    equal((second['Server-Timing'], second.body), ('cache;desc=hit', first.body))
    for _ in range(2):
        answer = uncached.get(TARGET)
        check('cache' not in answer['Server-Timing'], answer['Server-Timing'])
        equal(without_time(answer.body), without_time(first.body))


@case('a cache of few bytes stays small')
def _(t):
    daemon = Daemon(t, Site(t).index(), set=['serve.cache_bytes=100K'])
    for i in range(200):
        daemon.get(f'/v1/search?q=number{i}+or+common', {'Accept-Encoding': 'gzip'})
    figures = dict(re.findall(r'^(blogsearch_cache_\w+) (\S+)$', daemon.get('/metrics').body.decode(), re.M))
    check(float(figures['blogsearch_cache_bytes']) <= 100 * 1024, figures)
    check(float(figures['blogsearch_cache_answers']) >= 1, figures)
    check(float(figures['blogsearch_cache_evictions_total']) > 100, figures)


@case('pages of the site\'s own origin may ask, others may not')
def _(t):
    daemon = Daemon(t, Site(t).index())
    equal(daemon.get(TARGET, {'Origin': ORIGIN})['Access-Control-Allow-Origin'], ORIGIN)
    for origin in ('https://evil.example', 'http://blog.example.org', ORIGIN + '.evil.example', 'null', ORIGIN + ':8443',
                   'https://BLOG.example.org.', ORIGIN + '/', '*', '', 'https://blog.example.org@evil.example'):
        answer = daemon.get(TARGET, {'Origin': origin})
        equal((answer.status, answer['Access-Control-Allow-Origin']), (200, None), origin)
        equal(answer['Vary'], 'Accept-Encoding, Origin', origin)
        equal(answer['Access-Control-Allow-Credentials'], None)
    equal(daemon.get(TARGET)['Access-Control-Allow-Origin'], None)
    # The box must be able to read what is wrong.
    equal(daemon.get('/v1/search?page=0', {'Origin': ORIGIN})['Access-Control-Allow-Origin'], ORIGIN)
    equal(daemon.get('/nope', {'Origin': ORIGIN})['Access-Control-Allow-Origin'], ORIGIN)


@case('serve.cors_origins: a list, or any')
def _(t):
    site = Site(t).index()
    daemon = Daemon(t, site, set=['serve.cors_origins=https://a.example, http://localhost:1313'])
    for origin, allowed in (('https://a.example', 'https://a.example'), ('http://localhost:1313', 'http://localhost:1313'),
                            (ORIGIN, None), ('http://localhost', None)):
        equal(daemon.get(TARGET, {'Origin': origin})['Access-Control-Allow-Origin'], allowed, origin)
    equal(Daemon(t, site, set=['serve.cors_origins=*']).get(TARGET, {'Origin': 'https://x.example'})
          ['Access-Control-Allow-Origin'], '*')


@case('a preflight of an allowed origin is 204, of another 403')
def _(t):
    daemon = Daemon(t, Site(t).index())
    asks = {'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'x-requested-with'}
    answer = daemon.get(TARGET, {'Origin': ORIGIN, **asks}, method='OPTIONS')
    equal((answer.status, answer.body, answer['Access-Control-Allow-Origin']), (204, b'', ORIGIN))
    equal(answer['Access-Control-Allow-Methods'], 'GET, HEAD, OPTIONS')
    check('X-Requested-With' in answer['Access-Control-Allow-Headers'], answer['Access-Control-Allow-Headers'])
    check(int(answer['Access-Control-Max-Age']) > 0, 'Access-Control-Max-Age')
    answer = daemon.get(TARGET, {'Origin': 'https://evil.example', **asks}, method='OPTIONS')
    problem(answer, 403, says='origin')
    equal(answer['Access-Control-Allow-Origin'], None)


@case('nothing that a visitor sends comes back in a header')
def _(t):
    daemon = Daemon(t, Site(t).index())
    marker = 'xyzzy'
    for target in (f'/v1/search?q={marker}', f'/v1/search?{marker}=1', f'/{marker}', f'/v1/series/{marker}',
                   f'/v1/search?q=%0d%0aX-{marker}:%201', f'/%0d%0aX-{marker}:1', f'/v1/facets/tag?q={marker}%0a'):
        answer = daemon.get(target, {'X-Forwarded-Host': f'{marker}.example', 'Host': f'{marker}.example',
                                     'Origin': f'https://{marker}.example', 'Referer': f'https://{marker}.example'})
        check(marker not in str(answer.headers), f'{target}: {answer.headers}')
        check(f'{marker}.example' not in answer.body.decode(), f'{target}: {answer.body}')


@case('Server-Timing tells of each step')
def _(t):
    timing = Daemon(t, Site(t).index()).get('/v1/search?q=docker+wheel')['Server-Timing']
    equal(re.findall(r'(\w+);dur=[0-9.]+', timing), ['parse', 'match', 'rank', 'facets', 'snippets'])


@case('answers to the smaller questions')
def _(t):
    daemon = Daemon(t, Site(t).index())
    suggestions = daemon.get('/v1/suggest?q=dock').json
    check(any(item['kind'] == 'term' and item['text'] == 'docker' for item in suggestions['suggestions']), suggestions)
    equal(daemon.get('/v1/facets/tag?q=bak').json['values'][0]['slug'], 'baking')
    equal({facet['name']: facet['values'] for facet in daemon.get('/v1/facets').json['facets']}['tag'], 4)
    series = daemon.get('/v1/series/fleet').json
    equal(series['count'], 4)
    url = series['pages'][1]['url']
    with_page = daemon.get(f'/v1/series/fleet?url={url}').json
    equal((with_page['prev']['url'], with_page['next']['url']), (series['pages'][0]['url'], series['pages'][2]['url']))
    related = daemon.get(f'/v1/related?url={url}&limit=3').json
    equal(len(related['related']), 3)
    problem(daemon.get('/v1/related'), 400, parameter='url')
    problem(daemon.get('/v1/related?url=/nope/'), 404, parameter='url')
    problem(daemon.get('/v1/series/nope'), 404)
    problem(daemon.get('/v1/facets/nope'), 404)
    problem(daemon.get('/v1/suggest?q=a&limit=999'), 400, parameter='limit')
    for path in ('suggest?x=1', 'related?x=1', 'series/fleet?x=1', 'facets/tag?x=1', 'facets?x=1'):
        problem(daemon.get(f'/v1/{path}'), 400, parameter='x')
    equal(json.loads(daemon.get('/v1/status').body)['pages'], 12)


main()
