"""Sources: a pasted address -> the bytes that a reader reads, by the source's own open API.

To add a source: its addresses in corpus.fetching.addresses, its reader in corpus.readers, and here what is asked of its
API. Not here: how it is fetched, and what is never connected to (corpus.fetching.fetch).
"""

from collections.abc import Collection
from typing import Any

from corpus.errors import NothingThere, UnusableReply
from corpus.fetching import addresses
from corpus.fetching.addresses import HACKERNEWS_API
from corpus.fetching.fetch import Fetcher, Limits, Tell
from corpus.readers.document import Document
from corpus.thread import Value

_HOSTS = frozenset({"hn.algolia.com"})


class Found(Value):
    """What an address gave."""

    content: bytes
    name: str
    """Of the address, for messages."""
    notes: tuple[str, ...] = ()
    """What was done otherwise than the address says."""


class Sources:
    """Every source, over one fetcher."""

    def __init__(self, fetcher: Fetcher, *, hackernews_api: str = HACKERNEWS_API) -> None:
        self._fetcher = fetcher
        self._hackernews_api = hackernews_api.rstrip("/")

    @classmethod
    def at(cls, *, hackernews_api: str = HACKERNEWS_API, limits: Limits) -> "Sources":
        """With a fetcher that asks the sources' own hosts, and the API that whoever runs the program has set."""
        own: Collection[str] = () if hackernews_api.rstrip("/") == HACKERNEWS_API else (hackernews_api,)
        return cls(Fetcher(hosts=_HOSTS, services=own, limits=limits), hackernews_api=hackernews_api)

    def fetch(self, address: str, *, tell: Tell | None = None) -> Found:
        """The discussion that `address` names, whole; `tell` hears what goes on. Raises FetchError, InputTooLarge."""
        named = addresses.discussion(address)
        content, notes = self._hackernews(named.item, tell)
        return Found(content=content, name=addresses.shown(address), notes=notes)

    def _hackernews(self, item: str, tell: Tell | None) -> tuple[bytes, tuple[str, ...]]:
        """The item with all that hangs below it; of a comment, the story that it stands in."""
        content, root = self._item(item, tell)
        story = root.get("story_id")
        if not isinstance(story, int) or isinstance(story, bool) or str(story) == item:
            alone = root.get("type") == "comment"
            return content, (f"Item {item} is a comment; read is what hangs below it.",) if alone else ()
        try:
            whole, _ = self._item(str(story), tell)
        except NothingThere:
            return content, (f"Item {item} is a comment whose story is gone; read is what hangs below it.",)
        return whole, (f"Item {item} is a comment; read is the whole discussion of story {story}.",)

    def _item(self, item: str, tell: Tell | None) -> tuple[bytes, dict[str, Any]]:
        url = f"{self._hackernews_api}/items/{item}"
        if tell is not None:
            tell(f"asking for item {item}")
        fetched = self._fetcher.get(url, tell=tell)
        document = Document(fetched.content)
        root = document.json
        if not isinstance(root, dict) or str(root.get("id")) != item:
            raise UnusableReply(
                f"{addresses.shown(url)!r} replied with what is not item {item}"
                f"{f': it {document.json_fault}' if document.json_fault else ''}.",
                next_step="Try again in a while; if DIGG_HACKERNEWS_API is set, look whether it is right.",
            )
        return fetched.content, root
