"""The search page as a program sees it: which question an address asks, and what goes around the HTML."""
import re

from harness import Daemon, Site, case, check, equal, main


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


main()
