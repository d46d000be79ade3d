"""Rankings: the index of the threads that are being asked, opened when first needed, a bounded number kept in memory.

Not here: how comments are ranked (index.ranking.retrieve), what is done with the ranking (bot.evidence.scope,
bot.writers.quotes).
"""

import logging
import shutil
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from threading import Lock, RLock

import numpy as np
import numpy.typing as npt

from bot.evidence.scope import Scope
from bot.settings import Settings
from bot.values.narrowing import narrowed
from corpus.errors import EmbedderMismatch, IndexDamaged, IndexUnusable
from corpus.records.filters import Filter
from corpus.records.store import ThreadSummary
from corpus.thread import Thread
from index.encoders.embedder import Embedder, load_embedder
from index.ranking.hit import Hit
from index.ranking.near_words import Lexicon
from index.ranking.reranker import DEPTH, Reranker
from index.ranking.retrieve import ThreadIndex, ThreadRetriever
from index.vectors.build import build, is_whole, prune, to_embed
from index.vectors.chroma import VectorStore
from index.vectors.passing import passing_index

_log = logging.getLogger(__name__)
_TRY_AGAIN_S = 10.0
"""How long vectors that could not be opened are left alone: a look at the files, or a wait for a server, costs time."""
KEPT_COMMENTS = 50_000
"""Comments whose indexes are kept in memory, over all threads: about 200 MB."""

KEPT_QUESTIONS = 64


class Rankings:
    """Encoder, vectors and per-thread indexes; every cache is keyed by the thread's revision and state.

    Where vectors cannot be had, or are another encoder's, a thread is ranked by its words, and `trouble` says why.
    `on_lacking` is told the id and revision of a thread whose vectors are not all there although its state says so.
    """

    def __init__(self, settings: Settings, *, on_lacking: Callable[[str, int], object] | None = None) -> None:
        self._settings = settings
        self._on_lacking = on_lacking
        self._opened: VectorStore | None = None
        self._failed_at = 0.0
        self.trouble: IndexUnusable | None = None
        """Why vectors could not be read when they were last asked for; None when they could."""
        self._open = RLock()
        self._lock = Lock()
        self._kept: OrderedDict[str, tuple[tuple[int, str], ThreadIndex]] = OrderedDict()
        self._asked: OrderedDict[str, npt.NDArray[np.float32]] = OrderedDict()
        self._reranker = None if settings.reranker is None else Reranker(settings.reranker)

    @cached_property
    def embedder(self) -> Embedder:
        """The encoder. Raises ModelUnavailable."""
        with self._open:
            return load_embedder(self._settings.model, home=self._settings.encoder_dir)

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """(n, d) unit rows. A single text is remembered for a while: several threads are asked the same question."""
        if len(texts) != 1:
            return self.embedder.embed(texts)
        with self._lock:
            found = self._asked.get(texts[0])
        if found is None:
            found = self.embedder.embed(texts)
            with self._lock:
                self._asked[texts[0]] = found
                while len(self._asked) > KEPT_QUESTIONS:
                    self._asked.popitem(last=False)
        return found

    @cached_property
    def lexicon(self) -> Lexicon:
        """Which common words mean nearly the same to this encoder; made once, in some seconds."""
        with self._open:
            embedder = self.embedder
            return Lexicon.load(
                self._settings.encoder_dir / "encoder", fingerprint=embedder.fingerprint, embed=embedder.embed
            )

    @property
    def vectors(self) -> VectorStore:
        """Chroma. Raises IndexUnusable, where another encoder made the vectors too: so nothing is written beside them.

        It is raised again for a while without another look.
        """
        with self._open:
            if self._opened is None:
                if self.trouble is not None and time.monotonic() - self._failed_at < _TRY_AGAIN_S:
                    raise self.trouble
                try:
                    self._opened = self._vectors()
                except IndexUnusable as exc:
                    self.note(exc)
                    raise
                self.trouble = None
            return self._opened

    def _vectors(self, *, replace_other: bool = False) -> VectorStore:
        return VectorStore(
            path=None if self._settings.chroma_url else self._settings.chroma_dir,
            url=self._settings.chroma_url,
            fingerprint=self.embedder.fingerprint,
            dimension=self.embedder.dimension,
            replace_other=replace_other,
        )

    def note(self, exc: IndexUnusable) -> None:
        """Remember why vectors cannot be read."""
        if self.trouble is None or self.trouble.message != exc.message:
            _log.warning("questions are answered by words alone: %s", exc)
        self.trouble, self._failed_at = exc, time.monotonic()

    def to_embed(self, thread: Thread, *, anew: bool) -> list[str]:
        """The texts of the thread that vectors are to be made of. Raises IndexUnusable."""
        return to_embed(thread, embedder=self.embedder, vectors=None if anew else self.vectors)

    def words_to_embed(self) -> list[str]:
        """The common words that vectors are to be made of, once an encoder."""
        return Lexicon.to_embed(self._settings.encoder_dir / "encoder", fingerprint=self.embedder.fingerprint)

    def free_bytes(self) -> int | None:
        """What is free on the disk that vectors are kept on; None where a server keeps them."""
        return None if self._settings.chroma_url else shutil.disk_usage(self._settings.home).free

    def drop(self) -> None:
        """Throw all vectors away, also those of another encoder, and damaged ones. Raises IndexUnusable."""
        with self._open, self._lock:
            self._kept.clear()
            opened, self._opened = self._opened, None
            if opened is not None:
                with suppress(IndexUnusable):
                    opened.close()
            self._opened = self._vectors(replace_other=True)
            self.trouble = None

    def is_whole(self, thread: Thread) -> bool:
        """Whether all the vectors of the thread are there. Raises IndexUnusable."""
        return is_whole(thread, embedder=self.embedder, vectors=self.vectors)

    def build(self, thread: Thread, progress: Callable[[str, int, int], None] | None) -> None:
        """Vectors of what is new or edited; what vanished is removed."""
        told = None if progress is None else (lambda done, total: progress("embedding", done, total))
        build(thread, embedder=self.embedder, vectors=self.vectors, progress=told)
        with self._lock:
            self._kept.pop(thread.id, None)
        _ = self.lexicon  # made with the first thread, so that the first question need not wait for it

    def of(self, thread: Thread, summary: ThreadSummary) -> ThreadRetriever:
        """The retriever over one thread as it is at this revision and in this state."""
        return ThreadRetriever(self.index(thread, summary), reranker=self._reranker)

    def index(self, thread: Thread, summary: ThreadSummary) -> ThreadIndex:
        if summary.state == "full":
            try:
                return self._index(thread, summary.revision, self.vectors)
            except IndexUnusable as exc:
                self.note(exc)
        return self._index(thread, summary.revision, None)

    def _index(self, thread: Thread, revision: int, vectors: VectorStore | None) -> ThreadIndex:
        key = (revision, "lexical" if vectors is None else "full")
        with self._lock:
            kept = self._kept.get(thread.id)
            if kept is not None and kept[0] == key:
                self._kept.move_to_end(thread.id)
                return kept[1]
        loaded = ThreadIndex.load(thread, vectors, self.embedder, self.lexicon)
        if vectors is not None:
            self._read()
            if loaded.passages and not loaded.has_vectors:
                self._lacks(thread.id, revision)
        with self._lock:
            self._kept[thread.id] = (key, loaded)
            self._kept.move_to_end(thread.id)
            self._trim()
        return loaded

    def _read(self) -> None:
        """Vectors could be read: so what was wrong is over, but for damage, which another part may still have."""
        if not isinstance(self.trouble, IndexDamaged):
            self.trouble = None

    def _lacks(self, thread_id: str, revision: int) -> None:
        _log.warning("thread %r lacks vectors that it should have: `digg-deeper sync` makes them", thread_id)
        if self._on_lacking is not None:
            self._on_lacking(thread_id, revision)

    def scope(
        self,
        threads: Mapping[str, Thread],
        summaries: Sequence[ThreadSummary],
        exclude: Collection[str],
        *,
        within: Filter | None = None,
        indexes: Mapping[str, ThreadIndex] | None = None,
        reread: bool = True,
    ) -> Scope:
        """What a writer may look at: these threads, ranked together, of them what passes the filter.

        `indexes` are given where the threads are excerpts, whose indexes are not to be kept. `reread` says whether the
        reranker, where one is set, has a say.
        """
        if indexes is None:
            indexes = {summary.id: self.index(threads[summary.id], summary) for summary in summaries}
        reranker = self._reranker if reread else None
        return self._scope({i: narrowed(thread, within) for i, thread in threads.items()}, indexes, exclude, reranker)

    def passing_scope(self, thread: Thread) -> Scope:
        """The same of a thread that is handed in: nothing of it is kept. Vectors of other threads are not opened."""
        index = passing_index(thread, embedder=self.embedder, lexicon=self.lexicon)
        return self._scope({thread.id: thread}, {thread.id: index}, (), self._reranker)

    def _scope(
        self,
        threads: Mapping[str, Thread],
        indexes: Mapping[str, ThreadIndex],
        exclude: Collection[str],
        reranker: Reranker | None,
    ) -> Scope:
        took: dict[str, float] = {}
        whole = {thread_id: index.thread for thread_id, index in indexes.items()}

        def rank(subject: str, k: int, only: Collection[str] | None) -> list[Hit]:
            found = ranked(subject, k if reranker is None else max(k, DEPTH), only)
            if reranker is None:
                return found
            started = time.perf_counter()
            found = reranker.reranked(subject, found, whole)
            took["rerank"] = round(took.get("rerank", 0.0) + (time.perf_counter() - started) * 1000, 2)
            return found[:k]

        def ranked(subject: str, k: int, only: Collection[str] | None) -> list[Hit]:
            found = [
                hit
                for index in indexes.values()
                for hit in ThreadRetriever(index).hits(
                    subject, k=k, exclude=exclude, only=_open(threads[index.thread.id], index.thread, only)
                )
            ]
            return found if len(indexes) == 1 else _across(found)[:k]

        def rarity(term: str) -> float:
            return max((index.bm25.idf(term) for index in indexes.values()), default=0.0)

        def presence(term: str) -> float:
            return max((index.presence(term) for index in indexes.values()), default=0.0)

        full = all(index.has_vectors for index in indexes.values())
        return Scope(
            threads,
            rank=rank,
            rarity=rarity,
            presence=presence,
            embed=self.embedder.embed,
            lexicon=self.lexicon,
            meanings=lambda thread_id: indexes[thread_id].meanings,
            state="full" if full else "lexical",
            broken=not full and self.trouble is not None,
            outdated=not full and isinstance(self.trouble, EmbedderMismatch),
            took=took,
        )

    def forget(self, thread_id: str) -> None:
        with self._lock:
            self._kept.pop(thread_id, None)
        try:
            self.vectors.remove_thread(thread_id)
        except (EmbedderMismatch, IndexDamaged) as exc:  # all go as they are made anew, and these with them
            self.note(exc)

    def forget_words(self, thread_ids: Collection[str]) -> None:
        """Keep nothing of these threads in memory, nor any text that was embedded lately."""
        with self._lock:
            self._asked.clear()
            for thread_id in thread_ids:
                self._kept.pop(thread_id, None)
        if "embedder" in self.__dict__:
            self.embedder.forget()
        if self._reranker is not None:
            self._reranker.forget()

    def prune(self, thread: Thread) -> None:
        """Remove the vectors of what the thread no longer has. Raises IndexUnusable."""
        prune(thread, embedder=self.embedder, vectors=self.vectors)

    def ready(self) -> dict[str, str]:
        """Opens encoder and vectors and says what they are. Raises what is wrong, also where it was seen earlier."""
        records = self.vectors.count()
        self._read()
        if self.trouble is not None:
            raise self.trouble
        parts = {"encoder": self.embedder.fingerprint, "vectors": f"{records} records"}
        return parts if self._reranker is None else {**parts, "reranker": self._reranker.load()}

    def close(self) -> None:
        with self._lock:
            self._kept.clear()
        with self._open:
            opened, self._opened = self._opened, None
        if opened is not None:
            with suppress(IndexUnusable):
                opened.close()

    def _trim(self) -> None:
        while len(self._kept) > 1 and sum(index.size for _, index in self._kept.values()) > KEPT_COMMENTS:
            self._kept.popitem(last=False)


def _open(narrow: Thread, whole: Thread, only: Collection[str] | None) -> Collection[str] | None:
    """The comment ids that may be found: those of `only`, as far as the filter lets them pass."""
    if narrow is whole:
        return only
    return {c.id for c in narrow.comments if c.citable and (only is None or c.id in only)}


def _across(hits: Sequence[Hit]) -> list[Hit]:
    """Hits of several threads in one order: a score is relative to its thread, so similarity decides between them."""
    best = max((hit.similarity or 0.0 for hit in hits), default=0.0) or 1.0
    weighed = [hit.model_copy(update={"score": hit.score * max(0.0, hit.similarity or 0.0) / best}) for hit in hits]
    return sorted(weighed, key=lambda hit: -hit.score)
