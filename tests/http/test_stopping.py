"""The end of the daemon: what is running is finished, nothing new is begun."""
import signal
import socket
import time

from harness import SLOW, Daemon, Site, case, check, equal, main, until


@case('SIGTERM and SIGINT end it with status 0')
def _(t):
    site = Site(t).index()
    for how in (signal.SIGTERM, signal.SIGINT):
        daemon = Daemon(t, site)
        daemon.get('/healthz')
        start = time.monotonic()
        equal(daemon.stop(how), 0)
        check(time.monotonic() - start < 5 * SLOW, 'ends at once when nothing is running')


@case('idle connections do not keep it')
def _(t):
    daemon = Daemon(t, Site(t).index())
    idle = [socket.create_connection(('127.0.0.1', daemon.port)) for _ in range(20)]
    start = time.monotonic()
    equal(daemon.stop(), 0)
    check(time.monotonic() - start < 5 * SLOW, 'waited for idle connections')
    del idle


@case('who is reading an answer gets all of it')
def _(t):
    daemon = Daemon(t, Site(t).index())
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.connect(('127.0.0.1', daemon.port))
        # More than any socket's buffer, asked for at once and read slowly.
        request = b'GET /v1/search?per_page=100&facets=* HTTP/1.1\r\nHost: x\r\n\r\n'
        expected = len(daemon.get('/v1/search?per_page=100&facets=*').body)
        sock.sendall(request)
        head = sock.recv(1)
        time.sleep(0.1)
        daemon.process.send_signal(signal.SIGTERM)
        sock.settimeout(10 * SLOW)
        while chunk := sock.recv(1000):
            head += chunk
            time.sleep(0.001)
        check(abs(len(head.split(b'\r\n\r\n', 1)[1]) - expected) < 16, 'cut short')
    # It is on its way out: a second signal could meet it when nothing catches it any more.
    equal(daemon.process.wait(20 * SLOW), 0)
    equal(daemon.stop(), 0)


@case('a stopped daemon no longer accepts')
def _(t):
    daemon = Daemon(t, Site(t).index())
    daemon.stop()

    def refused():
        try:
            socket.create_connection(('127.0.0.1', daemon.port), timeout=1).close()
        except ConnectionRefusedError:
            return True
        return False
    until(refused)


main()
