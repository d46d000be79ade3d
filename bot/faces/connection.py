"""Reach the product: through the server that runs over this home folder, else here, holding the lock.

Embedded Chroma may be open in one process only: a second one misses vectors, or loses them. With a Chroma server
everybody opens it, and no lock is held. Reading threads needs no vectors, so it waits for nobody.
Not here: the lock itself (bot.library.writer_lock), the way over HTTP (bot.faces.remote).
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Protocol

from bot.library.writer_lock import Owner, WriterLock, busy
from bot.settings import Settings
from bot.values.answer import Answer, Statement
from bot.values.story import Digest, Forgotten, Ingested, Story
from corpus.errors import DiscussionError
from corpus.records.filters import Filter
from corpus.records.store import ThreadPage, ThreadStore
from corpus.thread import Thread

if TYPE_CHECKING:
    from bot.faces.remote import Remote
    from bot.product.product import DiggDeeper

OnWait = Callable[[Owner | None], None]
Progress = Callable[[str, int, int], None]
"""(stage, done, total)."""
_LOOK_AGAIN_S = 0.1
DIGEST_WAIT_S = 20.0


class Library(Protocol):
    """Threads to read."""

    def threads(
        self, *, source: str | None = None, q: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> ThreadPage: ...
    def thread(self, thread_id: str) -> Thread: ...
    def close(self) -> None: ...


class Product(Library, Protocol):
    """What a command needs of DiggDeeper; a Remote has it as well."""

    def ingest(self, content: bytes, *, name: str = "", progress: Progress | None = None) -> Ingested: ...
    def ingest_url(self, url: str, *, progress: Progress | None = None) -> Ingested: ...
    def ask(
        self,
        question: str,
        *,
        thread_ids: Sequence[str] | None = None,
        conversation_id: str | None = None,
        on_statement: Callable[[Statement], None] | None = None,
        progress: Progress | None = None,
        within: Filter | None = None,
    ) -> Answer: ...
    def delete_thread(self, thread_id: str) -> None: ...
    def forget_comment(self, thread_id: str, comment_id: str) -> Forgotten: ...
    def forget_author(self, who: str, *, source: str | None = None) -> Forgotten: ...
    def story(self, thread_id: str, *, wait_s: float = ...) -> Story: ...
    def ready(self) -> Mapping[str, str]: ...


@contextmanager
def reach(settings: Settings, *, command: str, on_wait: OnWait | None = None) -> Iterator[Product]:
    """The product, for a command that writes or asks. Raises WriterBusy where another one does so for too long."""
    if settings.chroma_url is not None:
        with closing(_opened(settings)) as product:
            yield product
        return
    lock = WriterLock(settings.home, command=command)
    server = server_or_seat(lock, settings.writer_wait_s, on_wait)
    try:
        with closing(server or _opened(settings)) as product:
            yield product
    finally:
        lock.release()


@contextmanager
def seat(settings: Settings, *, command: str, on_wait: OnWait | None = None) -> "Iterator[DiggDeeper]":
    """The product itself, for a command that no server does for it. Raises WriterBusy, at once where a server runs."""
    lock = None if settings.chroma_url else WriterLock(settings.home, command=command)
    if lock is not None and server_or_seat(lock, settings.writer_wait_s, on_wait) is not None:
        raise busy(lock.owner())
    try:
        with closing(_opened(settings)) as product:
            yield product
    finally:
        if lock is not None:
            lock.release()


@contextmanager
def reach_to_read(settings: Settings) -> Iterator[Library]:
    """The threads, for a command that only shows them: also while another process writes."""
    server = None if settings.chroma_url else running_server(WriterLock(settings.home, command="show"))
    with closing(server or _Shelf(settings)) as library:
        yield library


def digest_to_show(settings: Settings, thread: Thread) -> Digest | None:
    """What the thread comes to: as it is kept, else made now, unless somebody else writes here. The thread can be shown
    without it, so what goes wrong is not told."""
    try:
        kept = _kept_digest(settings, thread)
        if kept is not None:
            return kept
        with reach(settings.model_copy(update={"writer_wait_s": 0.0}), command="show") as product:
            return product.story(thread.id, wait_s=DIGEST_WAIT_S).digest
    except DiscussionError:
        return None


def _kept_digest(settings: Settings, thread: Thread) -> Digest | None:
    from bot.digests.digest import still_holds
    from bot.digests.store import KeptDigests

    with closing(ThreadStore(settings.database_url)) as store:
        kept = KeptDigests(store.engine).find(thread.id, revision=store.summary(thread.id).revision)
    return kept if kept is not None and still_holds(kept, thread) else None


def server_or_seat(lock: WriterLock, wait_s: float, on_wait: OnWait | None) -> "Remote | None":
    """The server to go through; None once `lock` is held here instead."""
    deadline = time.monotonic() + wait_s
    told = False
    while not lock.try_acquire():
        server = running_server(lock)
        if server is not None:
            return server
        if time.monotonic() >= deadline:
            raise busy(lock.owner())
        if on_wait is not None and not told:
            on_wait(lock.owner())
            told = True
        time.sleep(_LOOK_AGAIN_S)
    return None


def running_server(lock: WriterLock) -> "Remote | None":
    """The server that the lock's note names, if it is that one which answers there."""
    owner = lock.owner()
    if owner is None or owner.url is None:
        return None
    from bot.faces.remote import Remote, answers_as  # httpx, which a command with no server beside it does not need

    return Remote(owner.url) if answers_as(owner.url, owner.instance) else None


def _opened(settings: Settings) -> "DiggDeeper":
    from bot.product.assemble import assemble  # a second of imports that a command behind a server does not pay

    return assemble(settings)


class _Shelf:
    """The record store alone."""

    def __init__(self, settings: Settings) -> None:
        self._store = ThreadStore(settings.database_url)
        self.threads = self._store.summaries
        self.thread = self._store.thread
        self.close = self._store.close
