"""URL -> bytes, for every source: from allowed hosts alone, within limits of size and time, and politely.

What an address leads to is never trusted: not where it redirects, not how long it is, not how slowly it comes.
Redirects are followed one at a time, each judged like the first address. No cookies, no passwords, no proxy of the
environment, which would connect in our place, unjudged.
Not here: which address has a discussion (corpus.fetching.sources), and which network addresses are public
(corpus.fetching.pinned).
"""

import time
import zlib
from collections.abc import Callable, Collection
from importlib.metadata import version
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import httpcore

from corpus.errors import AddressRefused, SourceTooSlow, SourceUnavailable, UnusableReply
from corpus.fetching import responses
from corpus.fetching.addresses import is_written_plainly, shown
from corpus.fetching.pinned import Deadline, Pinned, Resolve, look_up
from corpus.fetching.responses import Again, Fetched, Limits, Redirect

if TYPE_CHECKING:
    import ssl

__all__ = ["Fetched", "Fetcher", "Limits", "Tell"]

MAX_REDIRECTS = 5
FIRST_PAUSE_S = 1.0
"""Before the second try; it doubles with every further one."""
_PORTS = {"http": 80, "https": 443}

Tell = Callable[[str], None]


class _Origin(NamedTuple):
    scheme: str
    host: str
    port: int


class Fetcher:
    """Fetches from `hosts`, by https at their public addresses, and from `services`.

    A service is a base address that whoever runs the program has set. It may be anywhere, on this machine too, and
    speak plain http.
    """

    def __init__(
        self,
        *,
        hosts: Collection[str],
        services: Collection[str] = (),
        limits: Limits | None = None,
        resolve: Resolve = look_up,
        backend: httpcore.NetworkBackend | None = None,
        ssl_context: "ssl.SSLContext | None" = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._services = frozenset(_origin(service) for service in services)
        self._limits = limits or Limits()
        self._resolve = resolve
        self._backend = backend
        self._ssl_context = ssl_context
        self._clock = clock
        self._sleep = sleep

    def get(self, url: str, *, json: bool = True, tell: Tell | None = None) -> Fetched:
        """What is at `url`; with `json` no web page; `tell` hears of waiting. Raises FetchError, InputTooLarge."""
        deadline = Deadline(self._limits.total_s, self._clock)
        for tried in range(self._limits.tries):
            try:
                fetched = self._follow(url, deadline)
            except Again as again:
                self._pause(url, again, tried, deadline, tell)
            else:
                if json:
                    responses.refuse_page(fetched)
                return fetched
        raise AssertionError("the last try either gives something or raises")

    def _pause(self, url: str, again: Again, tried: int, deadline: Deadline, tell: Tell | None) -> None:
        """Wait for the next try. Raises what went wrong where there is none, or the wait is too long."""
        pause = FIRST_PAUSE_S * 2**tried if again.after_s is None else again.after_s
        if tried + 1 >= self._limits.tries or pause > self._limits.wait_s or pause >= deadline.left:
            raise again.error
        if tell is not None and pause:
            tell(f"{urlsplit(url).hostname} is busy; trying again in {pause:.0f} s")
        self._sleep(pause)

    def _follow(self, url: str, deadline: Deadline) -> Fetched:
        at = url
        for _ in range(MAX_REDIRECTS + 1):
            got = self._ask(at, self._target(at, first=url), deadline)
            if isinstance(got, Fetched):
                return got
            at = got.to
        raise UnusableReply(
            f"{shown(url)!r} redirects more than {MAX_REDIRECTS} times, at last to {shown(at)!r}.",
            next_step="Open it in a browser, and give the address that it ends at.",
        )

    def _target(self, url: str, *, first: str) -> httpcore.URL:
        """The address, judged. Raises AddressRefused."""
        why = self._why_not(url)
        if why is not None:
            led = "" if url == first else f"{shown(first)!r} redirects to "
            raise AddressRefused(
                f"{led}{shown(url)!r}, which {why}." if led else f"{shown(url)!r} {why}.",
                next_step=f"Only these hosts are read from, by https: {', '.join(sorted(self._hosts))}.",
            )
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        scheme, host, port = _origin(url)
        return httpcore.URL(scheme=scheme, host=host, port=port, target=target)

    def _why_not(self, url: str) -> str | None:
        if not is_written_plainly(url):
            return "has characters that stand in no address"
        parts = urlsplit(url) if _splits(url) else None
        if parts is None or parts.scheme not in _PORTS or not parts.hostname:
            return "is no web address"
        if "@" in parts.netloc:
            return "has a user name or password in it, which are never sent"
        origin = _origin(url)
        if origin in self._services:
            return None
        if origin.host not in self._hosts:
            return f"is at {origin.host!r}, where nothing is read from"
        return None if origin == ("https", origin.host, _PORTS["https"]) else "is not by https at its usual port"

    def _ask(self, url: str, target: httpcore.URL, deadline: Deadline) -> Fetched | Redirect:
        """One request. Raises Again where another try may do."""
        timeouts = {"connect": self._limits.connect_s, "read": self._limits.read_s, "write": self._limits.read_s}
        headers = [
            ("Host", urlsplit(url).netloc),
            ("User-Agent", f"digg-deeper/{version('digg-deeper')}"),
            ("Accept", "application/json, */*;q=0.5"),
            ("Accept-Encoding", "gzip"),
            ("Connection", "close"),
        ]
        try:
            with (
                httpcore.ConnectionPool(
                    ssl_context=self._secure(target), network_backend=self._pinned(url, deadline)
                ) as connections,
                connections.stream("GET", target, headers=headers, extensions={"timeout": timeouts}) as reply,
            ):
                return responses.read(url, reply, self._limits)
        except httpcore.TimeoutException as exc:
            raise self._too_slow(url, deadline) from exc
        except (httpcore.NetworkError, httpcore.ProtocolError, zlib.error) as exc:
            raise Again(
                SourceUnavailable(
                    f"{shown(url)!r} could not be read: {exc or type(exc).__name__}.",
                    next_step="Try again in a while; if it stays, look whether this machine reaches it.",
                )
            ) from exc

    def _pinned(self, url: str, deadline: Deadline) -> Pinned:
        return Pinned(
            url=shown(url),
            deadline=deadline,
            trusted=frozenset((service.host, service.port) for service in self._services),
            resolve=self._resolve,
            inner=self._backend,
        )

    def _secure(self, target: httpcore.URL) -> "ssl.SSLContext | None":
        if self._ssl_context is None and target.scheme == b"https":
            import httpx  # for its choice of certificates: SSL_CERT_FILE, SSL_CERT_DIR, else certifi's

            self._ssl_context = httpx.create_ssl_context()
        return self._ssl_context

    def _too_slow(self, url: str, deadline: Deadline) -> SourceTooSlow:
        limits = self._limits
        over = (
            f"{limits.total_s:g} s in all (DIGG_FETCH_TOTAL_S)"
            if deadline.left <= 0
            else f"{limits.connect_s:g} s to connect (DIGG_FETCH_CONNECT_S) or "
            f"{limits.read_s:g} s for a next byte (DIGG_FETCH_READ_S)"
        )
        return SourceTooSlow(f"{shown(url)!r} took more than {over}.", next_step="Try again later, or raise the limit.")


def _splits(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _origin(url: str) -> _Origin:
    parts = urlsplit(url)
    return _Origin(parts.scheme, (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme, 0))
