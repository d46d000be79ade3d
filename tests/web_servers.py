"""Stand-ins for a site on the web: a real server on this machine that replies as a test says, and notes what was asked.

Not here: what is expected of a reply (the tests).
"""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Reply = Callable[[BaseHTTPRequestHandler], None]


class Site(ThreadingHTTPServer):
    """Replies by path. A path with several replies gives one after the other, the last again and again."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies: dict[str, list[Reply]] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.ended = threading.Event()
        self.scheme = "http"

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def at(self, path: str, *replies: Reply) -> str:
        self.replies[path] = list(replies)
        return self.url + path

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what many tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        self.close_connection = True
        self.server.asked.append(self.path)
        self.server.headers.append(dict(self.headers))
        waiting = self.server.replies.get(self.path, [status(404)])
        reply = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        with suppress(OSError):
            reply(self)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def site(context: ssl.SSLContext | None = None) -> Iterator[Site]:
    made = Site()
    if context is not None:
        made.socket = context.wrap_socket(made.socket, server_side=True)
        made.scheme = "https"
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.ended.set()
        made.shutdown()
        made.server_close()
        thread.join()


def body(content: bytes, kind: str = "application/json", **headers: str) -> Reply:
    return status(200, content, **{"Content-Type": kind}, **headers)


def status(code: int, content: bytes = b"", **headers: str) -> Reply:
    """Header names are written with _ for -; Content-Length may be a lie."""

    def reply(to: BaseHTTPRequestHandler) -> None:
        to.send_response(code)
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in {"Content-Length": str(len(content)), **told}.items():
            to.send_header(name, value)
        to.end_headers()
        to.wfile.write(content)

    return reply


def redirect(to: str, code: int = 302) -> Reply:
    return status(code, Location=to)


def endless(piece: bytes = b" " * 65_536, **headers: str) -> Reply:
    """A body without an end, as fast as it is taken."""

    def reply(to: BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            to.send_header(name.replace("_", "-"), value)
        to.end_headers()
        while True:
            to.wfile.write(piece)

    return reply


def dripping(raw: bytes) -> Reply:
    """These bytes, as they stand on the wire, and then one more every now and then."""

    def reply(to: BaseHTTPRequestHandler) -> None:
        site = to.server
        assert isinstance(site, Site)
        to.wfile.write(raw)
        while not site.ended.wait(0.02):
            to.wfile.write(b"x")

    return reply


def hanging_up(raw: bytes = b"") -> Reply:
    def reply(to: BaseHTTPRequestHandler) -> None:
        to.wfile.write(raw)

    return reply
