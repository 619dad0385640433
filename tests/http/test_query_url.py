"""`blogsearch query --url`: the terminal asks a running daemon."""
import json
import subprocess

from harness import PROGRAM, Daemon, Site, case, check, equal, main


def ask(command, url, *arguments):
    run = subprocess.run([PROGRAM, command, '--url', url, *arguments], capture_output=True, check=False, cwd='/', timeout=60)
    return run.returncode, run.stdout.decode(), run.stderr.decode()


def local(site, command, *arguments):
    return subprocess.run([PROGRAM, command, '--index', str(site.index_file), *arguments], capture_output=True, check=False).stdout.decode()


@case('every format prints what the index file itself gives')
def _(t):
    site = Site(t).index()
    daemon = Daemon(t, site)
    for arguments in (['docker'], ['common', '--tag', 'docker', '--sort', 'oldest'], ['wheel', '--per-page', '3', '--page', '2']):
        for name in ('text', 'urls', 'tsv', 'ndjson', 'json'):
            status, out, said = ask('query', daemon.urls[0], *arguments, '--format', name)
            expected = local(site, 'query', *arguments, '--format', name)
            equal((status, said), (0, ''), f'{name} {arguments}')
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
