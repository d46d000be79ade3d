"""What a source's reply comes to: bytes within the limit, another address, a wait, or an error that says which.

Bodies are unpacked here piece by piece and counted before and after, so that neither an endless one nor a little that
unpacks to much is ever held. Not here: asking (corpus.fetching.fetch).
"""

import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import urljoin

import httpcore

from corpus.errors import FetchError, InputTooLarge, NothingThere, SourceBusy, SourceUnavailable, UnusableReply
from corpus.fetching.addresses import shown
from corpus.thread import Value

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({404, 410})
_BUSY = frozenset({429, 503})
_PIECE = 1 << 16
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_PACKED = frozenset({"gzip", "x-gzip"})


class Limits(Value):
    """How much, how long, how often."""

    max_bytes: int = 50_000_000
    """Of a body, packed and unpacked."""
    total_s: float = 60.0
    """For everything: redirects, waiting and further tries as well."""
    connect_s: float = 10.0
    read_s: float = 20.0
    """Without a byte."""
    wait_s: float = 30.0
    """The longest that a source may ask us to wait."""
    tries: int = 4


class Fetched(Value):
    url: str
    """Where it came from in the end."""
    content: bytes
    media_type: str


class Redirect(NamedTuple):
    to: str


class Again(Exception):
    """This try failed in a way that another one may not."""

    def __init__(self, error: FetchError, *, after_s: float | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.after_s = after_s
        """What the source asked for."""


def read(url: str, reply: httpcore.Response, limits: Limits) -> Fetched | Redirect:
    """The reply to a request for `url`. Raises FetchError, InputTooLarge, Again, zlib.error."""
    headers = {name.lower(): value.decode("latin-1").strip() for name, value in reply.headers}
    if reply.status in _REDIRECTS and headers.get(b"location"):
        return Redirect(_joined(url, headers[b"location"]))
    if reply.status != 200:
        raise _failed(url, reply.status, headers, limits)
    encoding = headers.get(b"content-encoding", "identity").lower()
    if encoding not in {"identity", "", *_PACKED}:
        raise UnusableReply(
            f"{shown(url)!r} came packed as {encoding[:50]!r}, which was not asked for.",
            next_step="Save the discussion and give the file.",
        )
    too_large = InputTooLarge(
        f"{shown(url)!r} has more than {limits.max_bytes:,} bytes.", next_step="Raise DIGG_MAX_INPUT_BYTES."
    )
    told = headers.get(b"content-length", "")
    if told.isdecimal() and int(told[:20]) > limits.max_bytes:
        raise too_large
    pieces = _counted(reply.iter_stream(), limits.max_bytes, too_large)
    if encoding in _PACKED:
        pieces = _counted(_unzipped(pieces), limits.max_bytes, too_large)
    media_type = headers.get(b"content-type", "").partition(";")[0].strip().lower()
    return Fetched(url=url, content=b"".join(pieces), media_type=media_type)


def refuse_page(fetched: Fetched) -> None:
    """Raises UnusableReply where it is a web page, or nothing, in place of data."""
    begin = fetched.content[:1_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if fetched.media_type in _HTML or begin.startswith(b"<"):
        raise UnusableReply(
            f"{shown(fetched.url)!r} replied with a web page (HTML), where data (JSON) was expected.",
            next_step="Most likely something stands between, such as a log-in or a block: open it in a browser to see.",
        )
    if not begin:
        raise UnusableReply(f"{shown(fetched.url)!r} replied with nothing.", next_step="Try again in a while.")


def _failed(url: str, status: int, headers: dict[bytes, str], limits: Limits) -> Exception:
    """What a status other than 200 comes to."""
    if status in _GONE:
        return NothingThere(
            f"{shown(url)!r} is not there ({status}).",
            next_step="Look whether the address is right; what was written just now may take minutes to be there.",
        )
    after_s = _retry_after(headers.get(b"retry-after", ""), now=_date(headers.get(b"date", "")))
    if status in _BUSY:
        return Again(_busy(url, status, after_s, limits.wait_s), after_s=after_s)
    if status >= 500 or status == 408:
        failing = SourceUnavailable(
            f"{shown(url)!r} fails ({status}), also when tried again.", next_step="Try again in a while."
        )
        return Again(failing, after_s=after_s)
    return UnusableReply(
        f"{shown(url)!r} answered {status}, which gives nothing to read.",
        next_step="Open the discussion in a browser: if it is shown there, save it and give the file.",
    )


def _busy(url: str, status: int, after_s: float | None, most_s: float) -> SourceBusy:
    asked = "" if after_s is None else f" and asks for {after_s:,.0f} s of rest"
    longer = f", more than the {most_s:g} s that are waited (DIGG_FETCH_WAIT_S)" if (after_s or 0) > most_s else ""
    return SourceBusy(
        f"{shown(url)!r} is busy ({status}){asked}{longer}.",
        next_step="Try again later." if after_s is None else f"Try again in {after_s:,.0f} s.",
        retry_after_s=after_s,
    )


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        return location  # judged as it stands, and refused


def _counted(pieces: Iterable[bytes], most: int, too_large: InputTooLarge) -> Iterator[bytes]:
    taken = 0
    for piece in pieces:
        taken += len(piece)
        if taken > most:
            raise too_large
        yield piece


def _unzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """In small pieces, so that a little that unpacks to much is noticed in time. Raises zlib.error where it is cut."""
    unzip = zlib.decompressobj(wbits=31)
    begun = False
    for piece in pieces:
        packed = piece
        while packed:
            if unzip.eof:  # another member follows; zeros may fill up
                packed = packed.lstrip(b"\0")
                unzip = zlib.decompressobj(wbits=31) if packed else unzip
                continue
            begun = True
            yield unzip.decompress(packed, _PIECE)
            packed = unzip.unused_data if unzip.eof else unzip.unconsumed_tail
    yield unzip.flush()  # of what came last, a few bytes may be held back
    if begun and not unzip.eof:
        raise zlib.error("the packed reply breaks off")


def _date(written: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(written)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _retry_after(written: str, *, now: datetime | None) -> float | None:
    """Seconds, or a date, by the source's clock where it tells the time; None where it is neither."""
    if written.isascii() and written.isdecimal():
        return float(min(int(written[:12]), 10**9))
    until = _date(written)
    if until is None:
        return None
    return max(0.0, (until - (now or datetime.now(UTC))).total_seconds())
