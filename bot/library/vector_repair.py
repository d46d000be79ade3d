"""Mending: what the record store says of a thread's vectors, brought in line with what Chroma has of them.

Vectors can always be made again from the record store, so damaged ones are not repaired: they go, and new ones come.
Only what writes does that (an ingest, a sync, a reindex); a question that finds damage is answered by words alone
(bot.library.indexes). docs/decisions/0006 has the reasons. Not here: how damage is found (index.vectors.soundness,
index.vectors.chroma).
"""

import logging
from collections.abc import Callable
from contextlib import suppress

from bot.library.indexes import Rankings
from bot.library.reindex_estimate import Cost, cost
from corpus.errors import IndexDamaged, IndexUnusable, ThreadNotFound
from corpus.records.store import ThreadStore
from corpus.thread import Thread

Progress = Callable[[str, int, int], None]
"""(stage, done, total)."""
_log = logging.getLogger(__name__)


class Mending:
    """Keeps states true."""

    def __init__(self, store: ThreadStore, rankings: Rankings) -> None:
        self._store = store
        self._rankings = rankings

    def look(self) -> None:
        """Put every thread back to "lexical" whose vectors are not all there. Raises RetrievalError."""
        try:
            for thread_id in self._store.thread_ids():
                with suppress(ThreadNotFound):  # forgotten meanwhile
                    self._look_at(thread_id)
        except IndexDamaged as exc:
            self._begin_anew_for(exc)

    def begin_anew(self) -> None:
        """Throw all vectors away. Raises IndexUnusable."""
        # First the word that there are none: killed in between, a thread only seems to have fewer than it has.
        self._store.mark_lexical()
        self._rankings.drop()

    def cost(self, progress: Progress | None = None) -> Cost:
        """What a reindex would take now, measured on a sample; nothing is changed. Raises ModelUnavailable."""
        return cost(self._store, self._rankings, goes_on=self.was_cut_short(), progress=progress)

    def begin_or_go_on(self) -> None:
        """Throw all vectors away, but for those that a reindex has made which was cut short. Raises IndexUnusable."""
        if not self.was_cut_short():
            self.begin_anew()
            self._rankings.vectors.mark_unfinished(True)

    def was_cut_short(self) -> bool:
        """Whether the last reindex with this encoder did not come to its end."""
        try:
            return self._rankings.vectors.unfinished
        except IndexUnusable:
            return False

    def end(self) -> None:
        """All threads have their new vectors. Raises IndexUnusable."""
        self._rankings.vectors.mark_unfinished(False)

    def build(self, thread: Thread, progress: Progress | None) -> None:
        """Make the thread's vectors, in new files where the old ones are damaged. Raises IndexUnusable."""
        try:
            self._rankings.build(thread, progress)
        except IndexDamaged as exc:
            self._begin_anew_for(exc)
            self._rankings.build(thread, progress)

    def _look_at(self, thread_id: str) -> None:
        thread, summary = self._store.snapshot(thread_id)
        if summary.state == "full" and not self._rankings.is_whole(thread):
            _log.warning("thread %r lacks vectors that it should have; they are made now", thread_id)
            self._store.mark_lacking(thread_id, summary.revision)

    def _begin_anew_for(self, exc: IndexDamaged) -> None:
        _log.warning("all vectors are made anew from the stored threads: %s", exc.message)
        self.begin_anew()
