"""The search page as a program sees it: which question an address asks, and what goes around the HTML."""
import html
import re

from harness import Daemon, Site, case, check, equal, main, post, problem


def is_page(answer, status=200):
    """An HTML page under its policy."""
    equal((answer.status, answer['Content-Type']), (status, 'text/html; charset=utf-8'), answer.body[:200])
    check("default-src 'none'" in (answer['Content-Security-Policy'] or ''), f'no policy: {answer.headers}')
    return answer.body.decode()


def count(answer):
    return int(re.search(r'<p class="count">(\d+)', is_page(answer))[1])


@case('words that look like other parameters are words: no address is answered with another\'s page')
def _(t):
    daemon = Daemon(t, Site(t).index())
    for first, second in (('/?q=common%0Atag=docker', '/?q=common&tag=docker'), ('/?q=a%0A5:match3:any', '/?q=a&match=any'),
                          ('/?q=common&tag=docker%26series%3Dfleet', '/?q=common&tag=docker&series=fleet')):
        answers = [daemon.get(target) for target in (first, second, first)]
        check(answers[0]['ETag'] != answers[1]['ETag'], f'{first} has the ETag of {second}')
        equal(answers[2]['ETag'], answers[0]['ETag'])
        check(answers[0].body != answers[1].body, f'{first} is answered with {second}')


def links(page):
    return [html.unescape(link) for link in re.findall(r'href="([^"]*)"', page)]


@case('a taxonomy that is called like a parameter can be filtered by, and the page\'s own links do so')
def _(t):
    files = {'hugo.toml': 'baseURL = "https://blog.example.org/"\n[taxonomies]\nsort = "sorts"\nmatch = "matches"\nmood = "moods"\n'}
    for i in range(4):
        files[f'content/p{i}.md'] = post(f'Post {i}', 'common', sorts=['weird' if i == 1 else 'Very usual'], matches=['m'],
                                         moods=['Blue sky'] if i < 2 else ['grey'])
    daemon = Daemon(t, Site(t, files).index(), set=['facets=sort,match,mood'])
    for query, n in (('taxonomy.sort=weird', 1), ('taxonomy.sort=very-usual', 3), ('mood=blue-sky', 2), ('taxonomy.mood=blue-sky', 2),
                     ('taxonomy.sort=weird&mood=blue-sky&sort=title&match=any', 1), ('taxonomy.sort=weird&taxonomy.sort=very-usual', 4)):
        equal(count(daemon.get(f'/?{query}')), n, query)
        equal(daemon.get(f'/v1/search?{query}').json['total'], n, query)
    equal(daemon.get('/?taxonomy.mood=blue-sky')['ETag'], daemon.get('/?mood=blue-sky')['ETag'], 'one question')
    equal(daemon.get('/?sort=weird').status, 400)
    for start in ('/', '/?taxonomy.sort=weird', '/?taxonomy.mood=blue-sky'):
        found = [link for link in links(is_page(daemon.get(start))) if link.startswith('/?')]
        check(any('taxonomy.sort=' in link for link in found) and any('mood=' in link for link in found), found)
        for link in found:
            is_page(daemon.get(link))
    chosen = is_page(daemon.get('/?taxonomy.sort=weird'))
    check('/' in links(chosen) and 'sort: weird' in chosen, 'the chip takes the filter out')
    check('name="taxonomy.sort" value="weird"' in chosen, 'the form keeps it')
    check(re.search(r'<blog-search [^>]* filters="(?=[^"]*\bsort\b)(?=[^"]*\bmood\b)[^"]*"', chosen), 'the element knows all filters')


@case('the order of parameters does not matter, nor what is given twice, empty or for others')
def _(t):
    daemon = Daemon(t, Site(t).index(), set=['serve.cache_bytes=0'])
    usual = daemon.get('/?q=common&tag=all&tag=docker&sort=oldest')
    equal(count(usual), 12)
    for target in ('/?sort=oldest&tag=docker&q=common&tag=all', '/?tag=docker&tag=all&tag=docker&q=common&sort=oldest&sort=',
                   '/?utm_source=mail&q=other&q=common&tag=all&sort=newest&tag=docker&sort=oldest&category='):
        answer = daemon.get(target)
        equal(answer['ETag'], usual['ETag'], target)
        check(answer.body == usual.body, f'{target} has another page')
    check(daemon.get('/?q=common&tag=all&sort=oldest')['ETag'] != usual['ETag'], 'another question, the same ETag')


@case('what is wrong with an address is a page that says so, with what was typed')
def _(t):
    daemon = Daemon(t, Site(t).index())
    many = '&'.join(['q=x'] * 257)
    for target, status, says in (
            ('/?q=typed&sort=%zz', 400, 'sort has a % that two hexadecimal digits do not follow'), ('/?q=typed&tag=%00', 400, 'tag has a NUL'),
            ('/?q=typed&%ff=x', 400, 'the name of a parameter is not valid UTF-8'), (f'/?q=typed&{many}', 400, 'there are more than 256 parameters'),
            ('/?q=typed&page=0', 400, 'page must be'), ('/?q=typed&x=' + 'x' * 8200, 414, 'the URL is longer than 8192 bytes')):
        answer = daemon.get(target)
        html = is_page(answer, status)
        check(f'role="alert"><p class="title">{says}' in html, f'{target[:40]}: {html}')
        check(answer['Cache-Control'] == 'no-store' and 'A &lt;small&gt; &amp; fine blog' in html, answer.headers)
        if status == 400 and 'q=x' not in target:
            check('value="typed"' in html, html)


@case('every page has the policy: too many requests, not modified, no index')
def _(t):
    site = Site(t)
    daemon = Daemon(t, site)
    is_page(daemon.get('/'), 503)
    site.index()
    daemon = Daemon(t, site, set=['serve.rate_limit=1', 'serve.rate_burst=2'])
    etag = daemon.get('/')['ETag']
    check('default-src' in daemon.get('/', {'If-None-Match': etag})['Content-Security-Policy'], 'no policy at 304')
    answer = daemon.get('/')
    is_page(answer, 429)
    check(int(answer['Retry-After']) >= 1, answer.headers)


@case('who asks whether he may ask is told so as a program is')
def _(t):
    daemon = Daemon(t, Site(t).index())
    asks = {'Origin': 'https://evil.example', 'Access-Control-Request-Method': 'GET'}
    problem(daemon.get('/', asks, method='OPTIONS'), 403, says='origin')


@case('the same page under another path has another ETag')
def _(t):
    site = Site(t).index()
    here, there = Daemon(t, site), Daemon(t, site, set=['serve.base_path=/s'])
    answers = [here.get('/'), there.get('/s/')]
    check(answers[0].body != answers[1].body and answers[0]['ETag'] != answers[1]['ETag'], [a['ETag'] for a in answers])
    equal(Daemon(t, site, set=['serve.base_path=/s']).get('/s/')['ETag'], answers[1]['ETag'])


main()
