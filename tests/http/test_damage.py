"""An index that is written in place, damaged or gone while it is served: the daemon lives, says so, and comes back."""
import os
import pathlib
import re
import signal
import time

from harness import Daemon, Failed, Site, case, check, equal, main, post, problem, until

N_POSTS = 300


def large_blog():
    """Large enough that most of the index is not looked at when it is opened."""
    files = {'hugo.toml': 'baseURL = "https://blog.example.org/"\n'}
    for i in range(N_POSTS):
        words = ' '.join(f'word{i}x{k}' for k in range(120))
        files[f'content/posts/p{i:03}.md'] = post(f'Post {i}', f'common {words}', tags=['all'])
    return files


def reload(daemon, says):
    before = daemon.log.count(says)
    daemon.process.send_signal(signal.SIGHUP)
    until(lambda: daemon.log.count(says) > before, seconds=8)


def restore(site, good):
    aside = site.index_file.with_suffix('.aside')
    aside.write_bytes(good)
    os.replace(aside, site.index_file)


def metric(daemon, name):
    return float(re.search(rf'^{name} (\S+)$', daemon.get('/metrics').body.decode(), re.M)[1])


def found(daemon, q):
    answer = daemon.get(f'/v1/search?q={q}')
    return answer.status == 200 and answer.json['total']


@case('an index that is emptied in place does not end the daemon, which says so and serves the next one')
def _(t):
    site = Site(t, large_blog()).index()
    good = site.index_file.read_bytes()
    daemon = Daemon(t, site)
    equal(found(daemon, 'common'), N_POSTS)
    for how in ('empty', 'half'):
        before = daemon.log.count('changed in place')
        os.truncate(site.index_file, 0 if how == 'empty' else 8192)
        for i in range(20):
            answer = daemon.get(f'/v1/search?q=word{i}x{i}')
            check(answer.status == 503 or answer.json['total'] == 1, f'{answer.status} {answer.body[:200]}')
        until(lambda n=before: daemon.log.count('changed in place') == n + 1)
        answer = daemon.get('/v1/search?q=post')
        problem(answer, 503)
        check(int(answer['Retry-After']) > 0, 'Retry-After')
        equal(daemon.get('/readyz').status, 503)
        daemon.lives()
        # As cp does it: in place again.
        site.index_file.write_bytes(good)
        until(lambda: found(daemon, 'common') == N_POSTS)
    equal(daemon.stop(), 0)


@case('pages that are lost while a question runs spoil no answer: either it is right or it is a 503')
def _(t):
    site = Site(t, large_blog()).index()
    size = site.index_file.stat()
    daemon = Daemon(t, site)
    equal(found(daemon, 'word7x7'), 1)
    # Another name for the file that is served: what the keeper looks at does not change.
    other = site.index_file.with_suffix('.other')
    os.link(site.index_file, other)
    restore(site, site.index_file.read_bytes()[:4096])
    until(lambda: 'not taken' in daemon.log)
    os.truncate(other, 4096)
    for i in range(40):
        answer = daemon.get(f'/v1/search?q=word{i}x1')
        check(answer.status == 503 or answer.json['total'] == 1, f'{answer.status} {answer.body[:200]}')
    problem(daemon.get('/v1/search?q=word99x9'), 503)
    check(size.st_size > 100_000, 'too small to lose pages')
    daemon.lives()


@case('damage that a question comes upon is logged once, counted, and not told to visitors')
def _(t):
    site = Site(t, large_blog()).index()
    good = site.index_file.read_bytes()
    # Somewhere there is a piece that is read by questions and not by opening.
    piece = len(good) // 40
    for at in range(piece * 4, len(good) - piece, piece):
        restore(site, good[:at] + b'\xa5' * piece + good[at + piece:])
        daemon = Daemon(t, site)
        if daemon.get('/readyz').status == 200:
            answers = [daemon.get(f'/v1/search?q=word{i}x{k}') for i in range(0, N_POSTS, 10) for k in (1, 50)]
            bad = [answer for answer in answers if answer.status != 200]
            if bad:
                break
        daemon.stop()
    else:
        raise Failed('whatever is damaged is noticed by opening')
    for answer in bad:
        told = problem(answer, 503, says='try again later')
        check('damage' not in told['detail'] and str(site.root) not in told['detail'], told)
        check(int(answer['Retry-After']) > 0, 'Retry-After')
    equal(daemon.log.count('the index is damaged'), 1, daemon.log)
    check(str(site.index_file) in daemon.log, daemon.log)
    equal(metric(daemon, 'blogsearch_index_damage_total'), len(bad))


@case('a right configuration is taken on SIGHUP although the index is missing or damaged just then')
def _(t):
    site = Site(t).index()
    good = site.index_file.read_bytes()
    daemon = Daemon(t, site)
    etag = daemon.get('/v1/search?q=moby')['ETag']
    for n, spoil in enumerate((lambda: site.index_file.unlink(), lambda: restore(site, good[:5000])), 1):
        spoil()
        site.write({'blogsearch.yaml': f'serve.cache_max_age: {n}\nindex.synonyms: ["moby => docker"]\n'})
        reload(daemon, 'the configuration was read again')
        check('cannot be opened anew' in daemon.log and 'stays as it was' not in daemon.log, daemon.log)
        answer = daemon.get('/v1/search?q=moby')
        check(f'max-age={n},' in answer['Cache-Control'], answer['Cache-Control'])
        equal((answer.json['total'], answer['ETag']), (0, etag), 'the old engine answers as it did')
        restore(site, good)
        # The engine is opened anew with the new settings, though nobody asks for it again.
        until(lambda: daemon.search(q='moby')['total'] == 4)
        check(daemon.get('/v1/search?q=moby')['ETag'] != etag, 'other answers, other ETag')
        site.write({'blogsearch.yaml': ''})
        reload(daemon, 'the configuration was read again')
        equal(daemon.get('/v1/search?q=moby')['ETag'], etag)


@case('the very file that was missing while the configuration was read is opened anew when it is back')
def _(t):
    site = Site(t).index()
    daemon = Daemon(t, site)
    aside = site.index_file.with_suffix('.aside')
    site.index_file.rename(aside)
    site.write({'blogsearch.yaml': 'index.synonyms: ["moby => docker"]\n'})
    reload(daemon, 'the configuration was read again')
    equal(daemon.search(q='moby')['total'], 0)
    aside.rename(site.index_file)
    until(lambda: daemon.search(q='moby')['total'] == 4)


@case('why there is no index is still told after SIGHUP')
def _(t):
    site = Site(t).index()
    restore(site, site.index_file.read_bytes()[:5000])
    daemon = Daemon(t, site)
    before = problem(daemon.get('/v1/search?q=x'), 503)['detail']
    check('no index yet' not in before, before)
    reload(daemon, 'the configuration was read again')
    equal(problem(daemon.get('/v1/search?q=x'), 503)['detail'], before)


def children(daemon):
    tasks = pathlib.Path(f'/proc/{daemon.pid}/task')
    return [int(pid) for task in tasks.iterdir() for pid in (task / 'children').read_text().split()]


@case('a helper that answered too late is not one answer behind from then on')
def _(t):
    site = Site(t).index()
    site.write({'blogsearch.yaml': 'serve.cache_max_age: 1\n'})
    daemon = Daemon(t, site)
    helper, = children(daemon)
    os.kill(helper, signal.SIGSTOP)
    t.callback(lambda: os.kill(helper, signal.SIGCONT))
    site.write({'blogsearch.yaml': 'serve.cache_max_age: 2\n'})
    reload(daemon, 'stays as it was')
    os.kill(helper, signal.SIGCONT)
    time.sleep(0.1)
    for age in (3, 4):
        restored = site.root / 'new.yaml'
        restored.write_text(f'serve.cache_max_age: {age}\n')
        os.replace(restored, site.root / 'blogsearch.yaml')
        reload(daemon, 'the configuration was read again')
        check(f'max-age={age},' in daemon.get('/v1/search?q=docker')['Cache-Control'], f'not {age}')


main()
