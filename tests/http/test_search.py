"""GET /v1/search, /v1/status and the probes: what they answer to good requests."""
import json
import subprocess
import urllib.parse

from harness import PROGRAM, Daemon, Site, case, check, equal, main


@case('an empty question is all pages, newest first')
def _(t):
    answer = Daemon(t, Site(t).index()).search()
    equal(answer['total'], 12)
    equal([hit['title'] for hit in answer['hits']][:2], ['Post 11 on baking', 'Post 10 on kubernetes'])
    equal(list(answer['facets']), ['tag', 'category', 'series'])


@case('words, filters and paging come from the parameters')
def _(t):
    daemon = Daemon(t, Site(t).index())
    equal(daemon.search(q='docker')['total'], 4)
    equal(daemon.search(q='common', tag='docker')['total'], 4)
    equal(daemon.search(q='common', tag=['docker', 'baking'])['total'], 8, 'either tag')
    equal(daemon.search(q='common', tag='docker', category='life')['total'], 0, 'both facets')
    page = daemon.search(q='common', per_page=5, page=3)
    equal((page['total'], page['pages'], len(page['hits'])), (12, 3, 2))
    equal(len(daemon.search(q='common', page=9)['hits']), 0, 'past the end')
    equal(daemon.search(q='common', facets='')['facets'], {})
    equal(daemon.search(**{'from': '2016', 'to': '2016'})['total'], 3)


@case('the bytes are those of `blogsearch query --json`')
def _(t):
    site = Site(t).index()
    answer = Daemon(t, site).search(q='kubernetes details', tag='kubernetes')
    printed = json.loads(subprocess.run([PROGRAM, 'query', '--index', str(site.index_file), '--json', '--tag', 'kubernetes',
                                         'kubernetes', 'details'], capture_output=True, check=True).stdout)
    for told in (answer, printed):
        del told['took_ms']
    equal(answer, printed)


@case('the same question has the same answer, byte for byte but for took_ms')
def _(t):
    daemon = Daemon(t, Site(t).index())
    answers = [daemon.search(q='common word', facets='*') for _ in range(3)]
    for answer in answers:
        del answer['took_ms']
    equal(answers[1:], answers[:1] * 2)


@case('text is percent-decoded once, plus is a space')
def _(t):
    daemon = Daemon(t, Site(t).index())
    for target, q in (('/v1/search?q=a+b', 'a b'), ('/v1/search?q=a%2Bb', 'a+b'), ('/v1/search?q=%2541', '%41'),
                      ('/v1/search?q=%C3%BC', 'ü'), ('/v1/search?q=%F0%9F%90%B3', '🐳'), ('/v1/search?%71=x', 'x'),
                      ('/v1/search?q=a%26b%3Dc', 'a&b=c'), ('/v1/search?q=a=b', 'a=b'), ('/v1/search?&&q=x&', 'x'),
                      ('/v1/search?q', ''), ('/v1/search?', ''), ('/v1/%73earch?q=x', 'x')):
        answer = daemon.get(target)
        equal((answer.status, answer.json['q']), (200, q), target)


@case('a cache buster is let through')
def _(t):
    equal(Daemon(t, Site(t).index()).get('/v1/search?q=docker&_=1234').status, 200)


@case('HEAD has the headers of GET and no body')
def _(t):
    daemon = Daemon(t, Site(t).index())
    for target in ('/v1/search?q=docker', '/v1/status', '/healthz', '/nope', '/v1/search?page=0'):
        head, get = daemon.get(target, method='HEAD'), daemon.get(target)
        equal((head.status, head.body), (get.status, b''), target)
        # What it took differs by what is in the cache.
        equal({*head.headers.keys()} - {'Server-Timing'}, {*get.headers.keys()} - {'Server-Timing'}, target)
        equal(head['Content-Type'], get['Content-Type'])


@case('two requests on one connection, and two at once')
def _(t):
    daemon = Daemon(t, Site(t).index())
    connection = daemon.connect()
    equal([daemon.get('/v1/search?q=docker', connection=connection).json['total'] for _ in range(3)], [4, 4, 4])
    connection.close()
    request = b'GET /v1/search?q=%s&facets=&per_page=0 HTTP/1.1\r\nHost: x\r\n%s\r\n'
    got = daemon.raw(request % (b'docker', b'') + request % (b'baking', b'Connection: close\r\n'))
    equal(got.count(b'HTTP/1.1 200'), 2, got)
    check(got.index(b'"q":"docker"') < got.index(b'"q":"baking"'), 'the answers are in the order of the questions')


@case('/v1/status tells what is served and no paths')
def _(t):
    site = Site(t).index()
    answer = Daemon(t, site).get('/v1/status')
    status = answer.json
    equal((status['pages'], status['title'], status['base_url']), (12, 'A <small> & fine blog', 'https://blog.example.org/'))
    check({'tag', 'category', 'series', 'year'} <= set(status['facets']), status)
    check(str(site.root).encode() not in answer.body, 'a path in the status')


@case('/healthz and /readyz')
def _(t):
    daemon = Daemon(t, Site(t).index())
    equal(daemon.get('/healthz').json, {'status': 'ok'})
    equal(daemon.get('/readyz').json, {'status': 'ready'})


@case('what authors write comes out as data, never as markup')
def _(t):
    from harness import BASE_URL, post
    evil = '<script>alert(1)</script>"\'&<img src=x onerror=alert(2)>'
    site = Site(t, {'hugo.toml': f'baseURL = "{BASE_URL}"\n',
                    'content/a.md': post(evil, f'Needle {evil} `<b>needle</b>`\n\n## Needle {evil}\n\nneedle', tags=[evil])})
    answer = Daemon(t, site.index()).get('/v1/search?' + urllib.parse.urlencode({'q': 'needle script', 'match': 'any'}))
    hit = answer.json['hits'][0]
    for html in [hit['title_html'], hit['snippet_html'], *(s['title_html'] for s in hit['sections']),
                 *(s['snippet_html'] for s in hit['sections'])]:
        bare = html.replace('<mark>', '').replace('</mark>', '')
        check('<' not in bare and '>' not in bare, html)
    equal(answer['X-Content-Type-Options'], 'nosniff')


main()
