"""Addresses that people paste -> which discussion of which source they name. Nothing is fetched.

To add a source: a function from the parts of an address to the discussion's id there, and a line in `_SOURCES`.
Not here: the request for a discussion (corpus.fetching.sources), and whether a host may be connected to
(corpus.fetching.pinned).
"""

import re
from collections.abc import Callable
from urllib.parse import SplitResult, parse_qs, urlsplit

from corpus.errors import AddressRefused
from corpus.thread import Value

READABLE = "https://news.ycombinator.com/item?id=8863"
"""What an address looks like that can be read."""
HACKERNEWS_API = "https://hn.algolia.com/api/v1"
"""The open API that knows every discussion of Hacker News; a setting may name another."""
MAX_CHARS = 2_000
_SHOWN_CHARS = 200
_BEGINS = re.compile(r"https?://\S", re.IGNORECASE)
_WRITTEN = re.compile(r"[!-\[\]-~]+")
_NUMBER = re.compile(r"0*([1-9][0-9]{0,11})", re.ASCII)
_ALGOLIA_PATH = re.compile(r"/(?:api/v1/)?(?:items|story)/([0-9]{1,20})(?:/.*)?", re.ASCII)


class Discussion(Value):
    """A discussion by the name that its source has for it."""

    source: str
    item: str


def is_address(text: str) -> bool:
    """Whether somebody who gave this means a page on the web, and not a file or the words themselves."""
    return _BEGINS.match(text.strip()) is not None and len(text.split()) == 1


def is_written_plainly(address: str) -> bool:
    """Whether it is ASCII that can be seen, without the backslash, which some take for a slash and others do not."""
    return _WRITTEN.fullmatch(address) is not None


def discussion(address: str) -> Discussion:
    """The discussion that a pasted address names. Raises AddressRefused."""
    parts = _parts(address.strip())
    host = (parts.hostname or "").lower()
    for source, hosts, item_of in _SOURCES:
        if host in hosts:
            item = item_of(parts)
            if item is None:
                raise _refused(address, "names no discussion")
            return Discussion(source=source, item=item)
    raise _refused(address, "is of no site that can be read from")


def shown(address: str) -> str:
    """For messages: not longer than fits, and without what may be a password."""
    masked = re.sub(r"//[^/?#]*@", "//…@", address[:MAX_CHARS])
    return masked if len(masked) <= _SHOWN_CHARS else f"{masked[:_SHOWN_CHARS]}…"


def _parts(address: str) -> SplitResult:
    if len(address) > MAX_CHARS:
        raise _refused(address, f"is longer than {MAX_CHARS:,} characters")
    if not is_written_plainly(address):
        raise _refused(address, "has characters that stand in no address")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as exc:
        raise _refused(address, "is no address") from exc
    if parts.scheme not in {"http", "https"}:
        raise _refused(address, "does not start with https://")
    if "@" in parts.netloc:
        raise _refused(address, "has a user name or password in it, which are never sent")
    if port not in {None, 80, 443}:
        raise _refused(address, f"names the port {port}")
    return parts


def _refused(address: str, why: str) -> AddressRefused:
    return AddressRefused(
        f"{shown(address)!r} {why}.",
        next_step=f"Give the address of a Hacker News discussion, such as {READABLE}; of any other site, save the page "
        "or the export and give that.",
    )


def _on_hacker_news(parts: SplitResult) -> str | None:
    """The item of …/item?id=N. A fragment only says where on that page a reader was."""
    if parts.path.rstrip("/") != "/item":
        return None
    named = {_number(value) for value in parse_qs(parts.query, keep_blank_values=True).get("id", [])}
    return named.pop() if len(named) == 1 else None


def _on_algolia(parts: SplitResult) -> str | None:
    """The item of …/api/v1/items/N, …/items/N or …/story/N/words."""
    found = _ALGOLIA_PATH.fullmatch(parts.path)
    return _number(found[1]) if found else None


def _number(written: str) -> str | None:
    found = _NUMBER.fullmatch(written.strip())
    return found[1] if found else None


_SOURCES: tuple[tuple[str, frozenset[str], Callable[[SplitResult], str | None]], ...] = (
    (
        "hackernews",
        frozenset({"news.ycombinator.com", "www.news.ycombinator.com", "m.news.ycombinator.com"}),
        _on_hacker_news,
    ),
    ("hackernews", frozenset({"hn.algolia.com", "www.hn.algolia.com"}), _on_algolia),
)
