"""Intake: how a discussion comes in. Its text is kept first and can be asked at once; its vectors follow.

Questions go before vectors: while one is being answered, embedding rests between two batches.
Not here: who waits for it, and where (bot.product.jobs), what is asked of it (bot.product.product).
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition
from typing import TYPE_CHECKING

from bot.library.waiting_line import Line
from bot.settings import Settings
from bot.values.job import outcome
from bot.values.story import Ingested
from corpus import readers
from corpus.errors import Cancelled
from corpus.fetching.sources import Found, Sources
from corpus.records.store import ThreadStore, ThreadSummary

if TYPE_CHECKING:
    from bot.library.indexes import Rankings
    from bot.library.vector_repair import Mending

Progress = Callable[[str, int, int], None]
"""(stage, done, total)."""
REST_S = 2.0
"""Longest that embedding rests between two batches, so that it goes on however much is asked."""


class Intake:
    """Fetches, reads, keeps, and has vectors made. May be called from many threads."""

    def __init__(
        self, settings: Settings, *, store: ThreadStore, rankings: "Rankings", sources: Sources, mending: "Mending"
    ) -> None:
        self._settings = settings
        self._store = store
        self._rankings = rankings
        self._sources = sources
        self._mending = mending
        self.line = Line(1)
        """Where whoever changes vectors stands."""
        self._asked = 0
        self._answered = Condition()

    def ingest(self, content: bytes, *, name: str = "", progress: Progress | None = None) -> Ingested:
        """Read an export, keep its threads, make them findable. Raises UnreadableInput; nothing half-read is kept.

        What `progress` raises ends it: a thread is then there with its text, or not at all, and can be asked as it is.
        So does an interrupt of the process, which becomes a Cancelled that says what is kept.
        """
        kept: list[ThreadSummary] = []
        try:
            stored = self.store_text(content, name=name, progress=progress, on_stored=kept.append)
            made = tuple(self.make_vectors(thread.id, progress) for thread in stored.threads)
        except KeyboardInterrupt as exc:
            how = "`digg-deeper sync` makes them now." if kept else ""
            raise Cancelled(outcome("cancelled", len(kept)), next_step=how) from exc
        return stored.model_copy(update={"threads": made})

    def ingest_url(self, url: str, *, progress: Progress | None = None) -> Ingested:
        """Fetch the discussion that an address names, and read it in. Raises FetchError, and what ingest raises."""
        try:
            found = self.fetch(url, progress)
        except KeyboardInterrupt as exc:
            raise Cancelled(outcome("cancelled", 0)) from exc
        read = self.ingest(found.content, name=found.name, progress=progress)
        return read.model_copy(update={"notes": found.notes})

    def fetch(self, url: str, progress: Progress | None = None) -> Found:
        """The discussion that an address names, as an export. Raises FetchError, InputTooLarge."""
        return self._sources.fetch(url, tell=progress and (lambda doing: progress(doing, 0, 0)))

    def store_text(
        self,
        content: bytes,
        *,
        name: str = "",
        progress: Progress | None = None,
        on_stored: Callable[[ThreadSummary], None] | None = None,
    ) -> Ingested:
        """Read an export and keep its threads, which can be asked from now on: by words alone until they have vectors.

        `on_stored` is told of each as soon as it is kept. Raises UnreadableInput.
        """
        tell = progress or _nobody
        tell("reading", 0, 0)
        reading = readers.read(content, name=name, max_bytes=self._settings.max_input_bytes)
        kept: list[ThreadSummary] = []
        for thread in reading.threads:
            tell("saving", len(kept), len(reading.threads))
            kept.append(self._store.save(thread).summary)
            if on_stored is not None:
                on_stored(kept[-1])
        self._store.tidy()
        return Ingested(threads=tuple(kept), skipped=reading.skipped)

    def make_vectors(self, thread_id: str, progress: Progress | None = None) -> ThreadSummary:
        """The thread once it has its vectors, which are made of one thread at a time. Raises ThreadNotFound."""
        if self._store.summary(thread_id).state != "full":
            tell = progress or _nobody

            def embedding(stage: str, done: int, total: int) -> None:
                tell(stage, done, total)
                self._rest()

            with self.line.place(lambda before: tell("waiting", 0, before)):
                tell("embedding", 0, 0)
                self._index(thread_id, embedding)
        return self._store.summary(thread_id)

    @contextmanager
    def question(self) -> Iterator[None]:
        """While a question is being answered, which goes before vectors: both would use the whole machine."""
        with self._answered:
            self._asked += 1
        try:
            yield
        finally:
            with self._answered:
                self._asked -= 1
                self._answered.notify_all()

    def _rest(self) -> None:
        until = time.monotonic() + REST_S
        with self._answered:
            while self._asked and (left := until - time.monotonic()) > 0:
                self._answered.wait(left)

    def _index(self, thread_id: str, progress: Progress) -> None:
        """Vectors after text: while they are made the thread answers from its words alone."""
        try:
            while not self._is_indexed(thread_id, progress):
                pass
        finally:
            if thread_id not in self._store.thread_ids():  # forgotten meanwhile: so are its vectors
                self._rankings.forget(thread_id)

    def _is_indexed(self, thread_id: str, progress: Progress) -> bool:
        """Whether the vectors that are there now are those of the thread as it is now."""
        thread, summary = self._store.snapshot(thread_id)
        if summary.state == "full":
            return True
        self._mending.build(thread, progress)
        if self._store.mark_full(thread_id, summary.revision):
            return True
        # It changed meanwhile. Another process may have made the vectors of what it is now, and this one removed them.
        self._store.mark_lacking(thread_id, self._store.summary(thread_id).revision)
        return False


def _nobody(_stage: str, _done: int, _total: int) -> None:
    """Hears of progress where nobody wants to."""
