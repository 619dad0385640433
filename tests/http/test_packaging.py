"""What packaging/ holds works: nginx's example with the real nginx, the systemd units as systemd reads them."""
import http.client
import os
import pathlib
import re
import shutil
import subprocess

from harness import Answer, Daemon, Site, Skip, case, check, equal, main, until

PACKAGING = pathlib.Path(__file__).resolve().parents[2] / 'packaging'


def ask(port, target, headers=None, method='GET'):
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=10)
    connection.request(method, target, headers=headers or {})
    response = connection.getresponse()
    return Answer(response, response.read())


@case('nginx in front: base path, keep-alive, gzip, ETag, the visitor\'s address')
def _(t):
    nginx = shutil.which('nginx') or shutil.which('/usr/sbin/nginx')
    if not nginx:
        raise Skip('nginx is not installed (Debian: nginx-light)')
    site = Site(t).index()
    folder = site.root / 'nginx'
    folder.mkdir()
    os.chmod(site.root, 0o755)
    socket_path, port = f'{folder}/s.sock', 0
    daemon = Daemon(t, site, listen=(f'unix:{socket_path}',),
                    set=['serve.base_path=/search', 'serve.trusted_proxies=unix', 'serve.rate_limit=1', 'serve.rate_burst=8',
                         'serve.access_log=json', 'serve.access_log_addresses=full'])
    import socket
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    example = (PACKAGING / 'nginx.conf').read_text()
    example = example.replace('unix:/run/blogsearch.sock', f'unix:{socket_path}').replace('listen 80;', f'listen 127.0.0.1:{port};')
    example = example.replace('/var/www/blog', str(folder))
    temporary = '\n'.join(f'{kind}_temp_path {folder}/{kind};' for kind in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'))
    (folder / 'nginx.conf').write_text(f'daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nworker_processes 1;\n'
                                       f'events {{ }}\nhttp {{\naccess_log off;\n{temporary}\n{example}\n}}\n')
    process = subprocess.Popen([nginx, '-c', str(folder / 'nginx.conf'), '-p', str(folder)], stderr=subprocess.PIPE)
    t.callback(process.wait)
    t.callback(process.terminate)

    def up():
        if process.poll() is not None:
            raise RuntimeError(process.stderr.read().decode())
        try:
            return ask(port, '/search/healthz').status == 200
        except OSError:
            return False
    until(up, seconds=10)
    answer = ask(port, '/search/v1/search?q=docker', {'Accept-Encoding': 'gzip', 'X-Forwarded-For': '198.51.100.1'})
    equal((answer.status, answer['Content-Encoding']), (200, 'gzip'))
    equal(ask(port, '/search/v1/search?q=docker', {'If-None-Match': answer['ETag']}).status, 304)
    equal(ask(port, '/search/v1/search?q=docker').json['total'], 4)
    equal(ask(port, '/search/v1/search?q=%00').status, 400)
    equal(ask(port, '/search/v1/search', method='POST').status, 403)
    equal(ask(port, '/search/metrics').status, 404, 'metrics are not told through a proxy')
    equal(ask(port, '/search/').status, 200)
    statuses = [ask(port, '/search/v1/search?q=x', {'X-Forwarded-For': f'192.0.2.{i}'}).status for i in range(12)]
    check(429 in statuses, f'the rate is not that of the visitor: {statuses}')
    daemon.stop()
    clients = set(re.findall(r'"client":"([^"]*)"', daemon.log))
    equal(clients, {'127.0.0.1'})


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
