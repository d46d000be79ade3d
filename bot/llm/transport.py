"""The one way that requests to a language model leave this machine: to the endpoint that is set, until time is up.

No redirect is followed, no header is sent but those that the call needs, no address without TLS is reached through a
proxy. A call's time covers connecting, the reply's headers and every byte after them, however slowly they come; its
size is counted as it is read, so a reply that would unfold is not taken. Not here: whose model it is
(bot.llm.providers).
"""

import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

from corpus.fetching.pinned import Deadline

MOST_BYTES = 4_000_000
"""Of one reply; beyond it the connection is cut."""
PROBE_S = 5.0
_SENT = {
    "accept",
    "accept-encoding",
    "anthropic-version",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "host",
    "transfer-encoding",
    "user-agent",
    "x-api-key",
}


def client(base: str) -> httpx.Client:
    """A client that talks to the endpoint alone. A request's read timeout is the time for all of its reply."""
    return httpx.Client(transport=_OnlyHome(base), follow_redirects=False, trust_env=False)


class _OnlyHome(httpx.HTTPTransport):
    """Sends to the one endpoint, what it needs."""

    def __init__(self, base: str) -> None:
        home = urlsplit(base)
        super().__init__(proxy=_proxy(home.scheme, home.hostname or ""))
        self._home = (home.scheme, home.hostname, home.port)
        self._clock = _Clock()
        self._pool._network_backend = _Backend(self._clock)  # noqa: SLF001 - httpx lets nobody hand it a backend

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if (request.url.scheme, request.url.host, request.url.port) != self._home:
            raise httpx.UnsupportedProtocol("only the endpoint that is set is asked")
        for name in [name for name in request.headers if name.lower() not in _SENT]:
            del request.headers[name]
        request.headers["accept-encoding"] = "identity"
        within = float((request.extensions.get("timeout") or {}).get("read") or PROBE_S)
        deadline = Deadline(within, time.monotonic)
        self._clock.deadline = deadline
        reply = super().handle_request(request)
        if reply.headers.get("content-encoding", "identity").casefold() not in {"", "identity"}:
            reply.close()
            raise httpx.DecodingError("the reply is compressed, which nobody asked for")
        reply.stream = _Bounded(reply.stream, deadline, self._clock)
        return reply


class _Clock(threading.local):
    """The deadline of the request that this thread is at."""

    deadline: Deadline | None = None

    def within(self, seconds: float | None) -> float | None:
        return seconds if self.deadline is None else self.deadline.within(seconds)


class _Bounded(httpx.SyncByteStream):
    """A reply's bytes, until its time is over or there are too many."""

    def __init__(self, stream: Any, deadline: Deadline, clock: _Clock) -> None:
        self._stream = stream
        self._deadline = deadline
        self._clock = clock

    def __iter__(self) -> Iterator[bytes]:
        taken = 0
        parts = iter(self._stream)
        while True:
            self._clock.deadline = self._deadline
            if self._deadline.left <= 0:
                raise httpx.ReadTimeout("the reply took too long")
            part = next(parts, None)
            if part is None:
                return
            taken += len(part)
            if taken > MOST_BYTES:
                raise httpx.ReadError("the reply is too large")
            yield part

    def close(self) -> None:
        self._stream.close()


class _Backend(httpcore.NetworkBackend):
    """Connects as httpcore does, by the clock."""

    def __init__(self, clock: _Clock) -> None:
        self._clock = clock
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        within = self._clock.within(timeout)
        return _Timed(self._inner.connect_tcp(host, port, within, local_address, socket_options), self._clock)


class _Timed(httpcore.NetworkStream):
    """A connection, which one call after the other may use, each until its own deadline."""

    def __init__(self, stream: httpcore.NetworkStream, clock: _Clock) -> None:
        self._stream = stream
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._clock.within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._clock.within(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._clock.within(timeout))
        return _Timed(secured, self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _proxy(scheme: str, host: str) -> str | None:
    """The proxy of the environment, for an address with TLS: it then sees no word and no key."""
    from urllib.request import getproxies, proxy_bypass

    if scheme != "https" or proxy_bypass(host):
        return None
    return getproxies().get("https") or getproxies().get("all")
