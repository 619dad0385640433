"""What packaging/ holds works: the examples with the real nginx, Caddy and Apache, the units as systemd reads them."""
import http.client
import os
import pathlib
import re
import shutil
import socket
import subprocess

from harness import Answer, Daemon, Site, Skip, case, check, equal, main, until

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGING, UNPACKED = ROOT / 'packaging', ROOT / 'build-servers'


def ask(port, target, headers=None, method='GET'):
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=10)
    connection.request(method, target, headers=headers or {})
    response = connection.getresponse()
    return Answer(response, response.read())


def find_server(name):
    """The program: installed, or unpacked by scripts/unpack-servers."""
    unpacked = [str(UNPACKED / 'usr' / folder / name) for folder in ('sbin', 'bin')]
    for place in (name, f'/usr/sbin/{name}', *unpacked):
        if shutil.which(place):
            return shutil.which(place)
    raise Skip(f'{name} is not here (scripts/unpack-servers)')


def free_port():
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        return free.getsockname()[1]


class Behind:
    """A daemon as the examples want it, on a Unix socket, and the folder of the server in front."""

    def __init__(self, t):
        site = Site(t).index()
        self.t, self.folder, self.port = t, site.root / 'server', free_port()
        self.folder.mkdir()
        os.chmod(site.root, 0o755)
        self.socket = f'{self.folder}/s.sock'
        self.daemon = Daemon(t, site, listen=(f'unix:{self.socket}',),
                             set=['serve.base_path=/search', 'serve.trusted_proxies=unix', 'serve.rate_limit=1',
                                  'serve.rate_burst=8', 'serve.access_log=json', 'serve.access_log_addresses=full'])

    def example(self, name, *changes):
        """The example with this daemon's socket; each change must apply."""
        text = (PACKAGING / name).read_text()
        for old, new in (('/run/blogsearch.sock', self.socket), ('/var/www/blog', str(self.folder)), *changes):
            check(old in text, f'{name} has {old}')
            text = text.replace(old, new)
        return text

    def start(self, *command):
        libraries = ':'.join(str(folder) for folder in UNPACKED.glob('usr/lib/*-linux-gnu'))
        environment = {**os.environ, 'HOME': str(self.folder), 'LD_LIBRARY_PATH': libraries}
        process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                   env=environment)
        self.t.callback(process.wait)
        self.t.callback(process.terminate)

        def up():
            if process.poll() is not None:
                raise RuntimeError(process.stderr.read().decode())
            try:
                return ask(self.port, '/search/healthz').status == 200
            except OSError:
                return False
        until(up, seconds=10)

    def check(self, status_of_post):
        """Base path, gzip, ETag, problems; and the visitor is who he is, whatever he claims."""
        port = self.port
        answer = ask(port, '/search/v1/search?q=docker', {'Accept-Encoding': 'gzip', 'X-Forwarded-For': '198.51.100.1'})
        equal((answer.status, answer['Content-Encoding']), (200, 'gzip'))
        equal(ask(port, '/search/v1/search?q=docker', {'If-None-Match': answer['ETag']}).status, 304)
        equal(ask(port, '/search/v1/search?q=docker').json['total'], 4)
        equal(ask(port, '/search/v1/search?q=%00').status, 400)
        equal(ask(port, '/search/v1/search', method='POST').status, status_of_post)
        equal(ask(port, '/search/metrics').status, 404, 'metrics are not told through a proxy')
        equal(ask(port, '/search/').status, 200)
        statuses = [ask(port, '/search/v1/search?q=x', {'X-Forwarded-For': f'192.0.2.{i}'}).status for i in range(12)]
        check(429 in statuses, f'the rate is not that of the visitor: {statuses}')
        self.daemon.stop()
        equal(set(re.findall(r'"client":"([^"]*)"', self.daemon.log)), {'127.0.0.1'})


@case('nginx in front: base path, keep-alive, gzip, ETag, the visitor\'s address')
def _(t):
    nginx = find_server('nginx')
    behind = Behind(t)
    folder = behind.folder
    example = behind.example('nginx.conf', ('listen 80;', f'listen 127.0.0.1:{behind.port};'))
    temporary = '\n'.join(f'{kind}_temp_path {folder}/{kind};' for kind in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'))
    (folder / 'nginx.conf').write_text(f'daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nworker_processes 1;\n'
                                       f'events {{ }}\nhttp {{\naccess_log off;\n{temporary}\n{example}\n}}\n')
    behind.start(nginx, '-c', folder / 'nginx.conf', '-p', folder)
    behind.check(403)


@case('Caddy in front: the same')
def _(t):
    caddy = find_server('caddy')
    behind = Behind(t)
    example = behind.example('Caddyfile', ('blog.example.org {', f'http://127.0.0.1:{behind.port} {{'))
    (behind.folder / 'Caddyfile').write_text('{\n\tadmin off\n}\n' + example)
    behind.start(caddy, 'run', '--adapter', 'caddyfile', '--config', behind.folder / 'Caddyfile')
    behind.check(405)


@case('Apache in front: the same')
def _(t):
    apache = find_server('apache2')
    behind = Behind(t)
    folder = behind.folder
    modules = next((place for place in (UNPACKED / 'usr/lib/apache2/modules', pathlib.Path('/usr/lib/apache2/modules'))
                    if place.is_dir()), None)
    if not modules:
        raise Skip("Apache's modules are not here (scripts/unpack-servers)")
    example = behind.example('apache.conf', ('*:80', f'127.0.0.1:{behind.port}'))
    load = '\n'.join(f'LoadModule {name}_module {modules}/mod_{name}.so'
                     for name in ('mpm_event', 'authz_core', 'proxy', 'proxy_http'))
    user = 'User nobody\nGroup nogroup\n' if os.geteuid() == 0 else ''
    (folder / 'apache.conf').write_text(f'ServerRoot {folder}\nServerName 127.0.0.1\nPidFile {folder}/pid\nErrorLog {folder}/log\n'
                                        f'Listen 127.0.0.1:{behind.port}\nMutex posixsem\n{load}\n{user}{example}')
    behind.start(apache, '-X', '-f', folder / 'apache.conf')
    behind.check(405)


@case('the systemd unit is read without a complaint and exposes little')
def _(t):
    if not shutil.which('systemd-analyze'):
        raise Skip('systemd-analyze is not installed (Debian: systemd)')
    run = subprocess.run(['systemd-analyze', 'security', '--offline=true', '--no-pager', str(PACKAGING / 'blogsearch.service')],
                         capture_output=True, text=True, check=False)
    match = re.search(r'Overall exposure level for \S+: ([0-9.]+)', run.stdout)
    if not match:
        raise Skip(f'systemd-analyze cannot say: {run.stderr.strip()[-200:]}')
    check(float(match[1]) <= 1.5, f'exposure {match[1]}')
    check('Unknown' not in run.stderr, run.stderr)


main()
