"""`blogsearch query --url`: the terminal asks a running daemon."""
import http.server
import json
import re
import subprocess
import threading

from harness import PROGRAM, Daemon, Site, case, check, equal, main, post, small_blog


def ask(command, url, *arguments):
    run = subprocess.run([PROGRAM, command, '--url', url, *arguments], capture_output=True, check=False, cwd='/', timeout=60)
    return run.returncode, run.stdout.decode(), run.stderr.decode()


def local(site, command, *arguments):
    return subprocess.run([PROGRAM, command, '--index', str(site.index_file), *arguments], capture_output=True, check=False).stdout.decode()


def rich_blog():
    """With everything that a hit can have: further taxonomies, authors, times, pictures, sections."""
    files = small_blog()
    files['hugo.toml'] += 'mood = "moods"\nsort = "sorts"\n'
    for i in range(6):
        files[f'content/rich/r{i}.md'] = post(
            f'Rich post {i}', f'A potato with <b>tags</b> & "quotes", twice potato.\n\n## On potatoes {i}\n\nMore.',
            date=f'2021-0{i + 1}-01', lastmod=f'2022-0{i + 1}-02T03:04:05Z', moods=['Blue sky', f'm{i}'], sorts=['weird'],
            authors=['Ann Onym'], images=[f'/i{i}.png'], tags=['c++', 'ä ö'], weight=i)
    return files


# Every option, and each kind of answer; what is given twice has one value each.
QUESTIONS = [
    ['docker'], [], ['wheel', '--per-page', '3', '--page', '2'], ['wheel', '--page', '99'], ['common', '--per-page', '0'],
    ['common', '--tag', 'docker', '--tag', 'baking', '--sort', 'oldest'], ['potato', '--section', 'rich', '--lang', 'en'],
    ['--category', 'life', '--year', '2016'], ['--series', 'fleet', '--sort', 'series'], ['--author', 'ann onym'],
    ['--month', '2021-03'], ['--from', '2016', '--to', '2021-02-03', '--sort', 'title'], ['--sort', 'updated'],
    ['potato', '--facets', '*', '--facet-limit', '2'], ['potato', '--facets', ''], ['potato', '--facets', 'mood,sort'],
    ['potato', '--snippet', '3', '--sections', '1'], ['potato', '--snippet', '0', '--sections', '0'],
    ['docker potato', '--match', 'any'], ['docker potato', '--match', 'all'], ['docker wheel potato details'],
    ['potsts'], ['potsts', '--typo', 'off'], ['kubernets'], ['potatp'], ['details potatp'], ['"in one page" -docker'],
    ['docker details', '--explain'], ['pota*', '--explain', '--match', 'any'], ['nothingofthatkind'], ['tag:c++ potato'],
]


@case('every format and option prints what the index file itself gives')
def _(t):
    site = Site(t, rich_blog()).index()
    daemon = Daemon(t, site)
    options = {option for question in QUESTIONS for option in question if option.startswith('--')}
    listed = subprocess.run([PROGRAM, 'query', '--help'], capture_output=True, check=True).stdout.decode()
    others = {'--format', '--url', '--index', '--json', '--config', '--set', '--color'}
    equal(set(re.findall(r'^ +(--[a-z-]+)', listed, re.M)) - options - others, set(), 'options that are not compared')
    for arguments in QUESTIONS:
        for name in ('text', 'urls', 'tsv', 'ndjson', 'json'):
            status, out, said = ask('query', daemon.urls[0], *arguments, '--format', name)
            run = subprocess.run([PROGRAM, 'query', '--index', str(site.index_file), *arguments, '--format', name],
                                 capture_output=True, check=False)
            expected = run.stdout.decode()
            equal((status, said), (run.returncode, ''), f'{name} {arguments}')
            if name == 'json':
                out, expected = json.loads(out), json.loads(expected)
                out.pop('took_ms'), expected.pop('took_ms')
            if name == 'text':
                out, expected = ([line for line in text.splitlines() if ' ms' not in line] for text in (out, expected))
            equal(out, expected, f'{name} {arguments}')


@case('nothing found is 1, a wrong parameter 2, nobody there 74')
def _(t):
    site = Site(t).index()
    daemon = Daemon(t, site)
    equal(ask('query', daemon.urls[0], 'sdafadsfasdf')[0], 1)
    status, _, said = ask('query', daemon.urls[0], 'docker', '--page', '0')
    equal((status, said.count('\n')), (2, 1), said)
    check('page must be' in said, said)
    daemon.stop()
    status, _, said = ask('query', daemon.urls[0], 'docker')
    equal((status, said.count('\n'), 'blogsearch serve' in said), (74, 1, True), said)
    equal(ask('query', 'ftp://127.0.0.1/', 'docker')[0], 2)
    equal(ask('query', '::', 'docker')[0] in (2, 74), True)


@case('a server that is none of ours is 74, whatever it says')
def _(t):
    bodies = (b'<!DOCTYPE html><p>Welcome', b'', b'[]', b'{}', b'{"hits":', b'"hits"', b'{"total":1}')

    class Foreign(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(self.server.body)

        def log_message(self, *arguments):
            pass
    server = http.server.HTTPServer(('127.0.0.1', 0), Foreign)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    t.callback(server.server_close)
    t.callback(server.shutdown)
    url = f'http://127.0.0.1:{server.server_port}'
    for server.body in bodies:
        for arguments in (['query', 'x'], ['query', 'x', '--format', 'json'], ['suggest', 'x'], ['suggest', 'x', '--json'],
                          ['series', 'x'], ['facets'], ['facets', 'tag'], ['related', '/x/']):
            status, out, said = ask(arguments[0], url, *arguments[1:])
            equal((status, out, said.count('\n')), (74, '', 1), f'{arguments} {server.body}: {said}')
            check(url in said and 'blogsearch serve' in said, said)


@case('a base path, a Unix socket, and the smaller questions')
def _(t):
    site = Site(t).index()
    daemon = Daemon(t, site, listen=('127.0.0.1:0', f'unix:{site.root}/s'), set=['serve.base_path=/find'])
    for url in (daemon.urls[0], daemon.urls[0].rstrip('/')):
        equal(ask('query', url, 'docker', '--format', 'urls')[1].count('\n'), 4)
    status, _, said = ask('query', f'http://127.0.0.1:{daemon.port}', 'docker')
    equal((status, 'nothing' in said), (1, True), said)
    plain = Daemon(t, site, listen=(f'unix:{site.root}/t',))
    check(plain.urls, 'listening')
    for arguments in (['suggest', 'dock'], ['series', 'Fleet'], ['facets'], ['facets', 'tag', 'do'], ['related', 'posts/p00.md', '--limit', '2']):
        status, out, said = ask(arguments[0], f'unix:{site.root}/t', *arguments[1:])
        equal((status, said), (0, ''), arguments)
        equal(out, local(site, *arguments), arguments)
        status, out, said = ask(arguments[0], f'unix:{site.root}/t', *arguments[1:], '--json')
        equal((status, out), (0, local(site, arguments[0], *arguments[1:], '--json')), arguments)
    status, out, said = ask('series', f'unix:{site.root}/t', 'nothing of that name')
    equal((status, out, said.count('\n')), (1, '', 1), said)


main()
