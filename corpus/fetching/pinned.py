"""Connections that go where they were checked to go: a name is looked up once, every address that it has is judged, and
the connection is made to the very address that was judged.

A name that has another address a moment later (DNS rebinding) therefore changes nothing. Also here: the one deadline
that look-up, connecting and every read keep. Not here: which hosts may be asked at all (corpus.fetching.fetch).
"""

import queue
import socket
import threading
import typing
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import httpcore
from httpcore import NetworkBackend, NetworkStream

from corpus.errors import AddressRefused, SourceUnavailable

Resolve = Callable[[str, int], Sequence[str]]
"""A host's addresses, as numbers. Raises OSError."""
TRIED_ADDRESSES = 3
_NOT_PUBLIC_IPV4 = (
    IPv4Network("192.0.0.0/24"),  # for protocols; older versions of ipaddress take most of it for public
    IPv4Network("192.88.99.0/24"),  # relays that are no more
    IPv4Network("168.63.129.16/32"),  # answers every machine of Azure with its own data
)
_GLOBAL_IPV6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is a machine out on the internet: nobody's own network, nobody's own machine, no cloud's metadata."""
    if isinstance(address, IPv6Address):
        if any(not is_public(carried) for carried in _carried(address)):
            return False
        if address.ipv4_mapped is not None or address in _NAT64:
            return True
        if address not in _GLOBAL_IPV6:
            return False
    elif any(address in network for network in _NOT_PUBLIC_IPV4):
        return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
    )


def _carried(address: IPv6Address) -> Iterable[IPv4Address]:
    """The IPv4 addresses that this one leads to, by whichever way of carrying them."""
    for found in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())):
        if found is not None:
            yield found
    if address in _NAT64:
        yield IPv4Address(int(address) & 0xFFFFFFFF)


def look_up(host: str, port: int) -> Sequence[str]:
    """By the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class Deadline:
    """How much time is left, by a clock that a test may set."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._end = clock() + seconds

    @property
    def left(self) -> float:
        return max(0.0, self._end - self._clock())

    def within(self, seconds: float | None) -> float:
        """As long as that, but not beyond the end. Raises httpcore.ReadTimeout where that is now."""
        left = self.left
        if left <= 0:
            raise httpcore.ReadTimeout("the time is up")
        return left if seconds is None else min(left, seconds)


class Pinned(NetworkBackend):
    """Connects to public addresses alone, but for `trusted` (host, port) that whoever runs the program has named."""

    def __init__(
        self,
        *,
        url: str,
        deadline: Deadline,
        trusted: frozenset[tuple[str, int]] = frozenset(),
        resolve: Resolve = look_up,
        inner: NetworkBackend | None = None,
    ) -> None:
        self._url = url
        self._deadline = deadline
        self._trusted = trusted
        self._resolve = resolve
        self._inner = inner or httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        failed: Exception | None = None
        for address in self._checked(host, port, timeout)[:TRIED_ADDRESSES]:
            try:
                stream = self._inner.connect_tcp(
                    address, port, self._deadline.within(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
                failed = exc
            else:
                return _Timed(stream, self._deadline)
        raise failed or httpcore.ConnectError(f"{host} has no address")

    def connect_unix_socket(self, path: str, *_: object, **__: object) -> NetworkStream:
        raise AddressRefused(f"{self._url!r} leads to the socket {path!r}.", next_step="Give a web address.")

    def _checked(self, host: str, port: int, timeout: float | None) -> list[str]:
        """Where the host is: all of it judged, so that one bad address among good ones is enough to refuse."""
        found = [str(address).partition("%")[0] for address in self._found(host, port, timeout)]
        if (host, port) not in self._trusted:
            for address in found:
                if not is_public(ip_address(address)):
                    raise AddressRefused(
                        f"{self._url!r}: {host} is at {address}, which is no public address.",
                        next_step="Only what is out on the internet is read from. A service of your own is named by "
                        "its setting.",
                    )
        return found

    def _found(self, host: str, port: int, timeout: float | None) -> Sequence[str]:
        """Looked up in a thread of its own: a system's resolver keeps no time limit but its own."""
        answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolve(host, port))
            except Exception as exc:
                answers.put(exc)

        threading.Thread(target=ask, name="look-up", daemon=True).start()
        try:
            found = answers.get(timeout=self._deadline.within(timeout))
        except queue.Empty:
            raise httpcore.ConnectTimeout(f"nobody says where {host} is") from None
        if isinstance(found, (OSError, UnicodeError)):
            raise SourceUnavailable(
                f"{self._url!r}: {host} is not found ({found}).",
                next_step="Look whether this machine is on the internet, and try again.",
            ) from found
        if isinstance(found, Exception):
            raise found
        return found


class _Timed(NetworkStream):
    """A stream whose reads and writes end with the deadline, however slowly the other side drips."""

    def __init__(self, stream: NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.within(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: typing.Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.within(timeout))
        return _Timed(secured, self._deadline)

    def get_extra_info(self, info: str) -> typing.Any:
        return self._stream.get_extra_info(info)
