"""Where the daemon listens, and what it says where it cannot."""
import os
import socket
import subprocess

from harness import PROGRAM, Answer, Daemon, Site, Skip, UnixConnection, as_root, case, check, equal, main, until


def serve(site, *options):
    run = subprocess.run([PROGRAM, 'serve', *options, str(site.root)], capture_output=True, timeout=20, check=False,
                         stdin=subprocess.DEVNULL)
    return run.returncode, run.stderr.decode()


def ask(connection, target='/healthz'):
    connection.request('GET', target)
    response = connection.getresponse()
    return Answer(response, response.read())


@case('port 0 is a free port, and the URL is told')
def _(t):
    daemon = Daemon(t, Site(t).index())
    check(daemon.port > 0, daemon.urls)
    equal(daemon.urls, [f'http://127.0.0.1:{daemon.port}/'])
    equal(daemon.get('/healthz').status, 200)


@case('IPv6')
def _(t):
    import http.client
    try:
        socket.socket(socket.AF_INET6).bind(('::1', 0))
    except OSError as why:
        raise Skip(f'no IPv6 here: {why}') from None
    daemon = Daemon(t, Site(t).index(), listen=('[::1]:0',))
    equal(daemon.urls, [f'http://[::1]:{daemon.port}/'])
    equal(ask(http.client.HTTPConnection('::1', daemon.port)).status, 200)


@case('a Unix socket goes with the daemon, and one that was left behind is replaced')
def _(t):
    site = Site(t).index()
    path = str(site.root / 's.sock')
    daemon = Daemon(t, site, listen=(f'unix:{path}',))
    equal(daemon.urls, [f'unix:{path}'])
    equal(ask(UnixConnection(path, 10), '/v1/search?q=docker').json['total'], 4)
    daemon.stop()
    check(not os.path.exists(path), 'the name has gone')
    daemon = Daemon(t, site, listen=(f'unix:{path}',))
    daemon.process.kill()
    until(lambda: not os.path.exists(path), seconds=5)
    daemon = Daemon(t, site, listen=(f'unix:{path}',), set=['serve.sandbox=off'])
    daemon.process.kill()
    daemon.process.wait()
    check(os.path.exists(path), 'nobody was there to remove it')
    daemon = Daemon(t, site, listen=(f'unix:{path}',), set=['serve.sandbox=off'])
    equal(ask(UnixConnection(path, 10)).status, 200)
    daemon.stop()
    check(not os.path.exists(path), 'the name has gone')


@case('a Unix socket that another has put in its place stays')
def _(t):
    site = Site(t).index()
    path = site.root / 's.sock'
    daemon = Daemon(t, site, listen=(f'unix:{path}',))
    path.unlink()
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(path))
        daemon.stop()
        check(path.is_socket(), 'it is not ours')


@case('several addresses at once')
def _(t):
    site = Site(t).index()
    daemon = Daemon(t, site, listen=('127.0.0.1:0', f'unix:{site.root}/s.sock', 'localhost:0'))
    equal(daemon.get('/healthz').status, 200)
    equal(ask(UnixConnection(f'{site.root}/s.sock', 10)).status, 200)


@case('an address in use is a clear line and exit status 74')
def _(t):
    site = Site(t).index()
    other = Daemon(t, site)
    status, said = serve(site, '--listen', f'127.0.0.1:{other.port}', *as_root())
    equal(status, 74)
    equal(said, f'blogsearch: 127.0.0.1:{other.port} is in use by another program; stop that one, or choose another '
                'address with --listen\n')
    path = f'unix:{site.root}/s.sock'
    Daemon(t, site, listen=(path,))
    status, said = serve(site, '--listen', path, *as_root())
    equal((status, 'in use' in said), (74, True), said)
    status, said = serve(site, '--listen', '192.0.2.1:0', *as_root())
    equal((status, 'no address of this machine' in said), (74, True), said)
    # A file that is no socket is never removed.
    (site.root / 'file').write_text('precious')
    status, said = serve(site, '--listen', f'unix:{site.root}/file', *as_root())
    equal(status, 74, said)
    equal((site.root / 'file').read_text(), 'precious')


@case('what is no address is wrong usage')
def _(t):
    site = Site(t).index()
    for address in ('8017', 'localhost', '127.0.0.1:99999', '127.0.0.1:x', '127.0.0.1:', '::1:80', '[::1]', '[::1:80', 'unix:',
                    '127.0.0.1:-1', 'unix:' + 'x' * 200):
        status, said = serve(site, '--listen', address, *as_root())
        equal((status, said.count('\n')), (2, 1), f'{address}: {said}')


@case('base_path stands before all paths')
def _(t):
    daemon = Daemon(t, Site(t).index(), set=['serve.base_path=/find'])
    equal(daemon.urls, [f'http://127.0.0.1:{daemon.port}/find/'])
    equal(daemon.get('/find/v1/search?q=docker').json['total'], 4)
    for path in ('/v1/search', '/findv1/search', '/find%2fv1/searchx', '/', '/fin'):
        equal(daemon.get(path).status, 404, path)
    status, said = serve(Site(t), '--set', 'serve.base_path=find', *as_root())
    equal((status, 'serve.base_path' in said), (2, True), said)


@case('root does not stay root unwittingly')
def _(t):
    if os.geteuid() != 0:
        raise Skip('only root can try')
    site = Site(t).index()
    status, said = serve(site, '--listen', '127.0.0.1:0')
    equal((status, '--user' in said), (2, True), said)
    status, said = serve(site, '--listen', '127.0.0.1:0', '--user', 'no-such-user-here')
    equal(status, 2, said)
    os.chmod(site.root, 0o755)
    subprocess.run(['chown', '-R', 'nobody', str(site.root)], check=True)
    daemon = Daemon(t, site, user=[])
    with open(f'/proc/{daemon.pid}/status', encoding='ascii') as status_file:
        lines = dict(line.split(':', 1) for line in status_file)
    equal(set(lines['Uid'].split()), {str(os.stat(site.index_file).st_uid)}, 'every user id')
    check('0' not in lines['Gid'].split(), lines['Gid'])
    check(int(lines['CapPrm'], 16) == 0, 'capabilities')
    equal(daemon.search(q='docker')['total'], 4)


@case('another user cannot be become without being root')
def _(t):
    if os.geteuid() == 0:
        raise Skip('root can')
    status, said = serve(Site(t).index(), '--listen', '127.0.0.1:0', '--user', 'root')
    equal((status, 'root' in said), (2, True), said)


@case('blogsearchd is blogsearch serve')
def _(t):
    site = Site(t).index()
    name = site.root / 'blogsearchd'
    name.symlink_to(os.path.abspath(PROGRAM))
    run = subprocess.run([str(name), '--help'], capture_output=True, check=True)
    check(run.stdout.startswith(b'blogsearch serve:'), run.stdout[:100])


main()
