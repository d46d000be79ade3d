"""Rankings: the index of the threads that are being asked, opened when first needed, a bounded number kept in memory.

Not here: how comments are ranked (index.retrieve), what is done with the ranking (bot.scope, bot.extractive).
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from threading import Lock, RLock

from bot.scope import Scope
from bot.settings import Settings
from corpus.store import ThreadSummary
from corpus.thread import Thread
from index.build import build
from index.chroma import VectorStore
from index.embedder import Embedder, load_embedder
from index.kinship import Lexicon
from index.passing import passing_index
from index.retrieve import Hit, ThreadIndex, ThreadRetriever

KEPT_COMMENTS = 50_000
"""Comments whose indexes are kept in memory, over all threads: about 200 MB."""


class Rankings:
    """Encoder, vectors and per-thread indexes; every cache is keyed by the thread's revision and state."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._open = RLock()
        self._lock = Lock()
        self._kept: OrderedDict[str, tuple[tuple[int, str], ThreadIndex]] = OrderedDict()

    @cached_property
    def embedder(self) -> Embedder:
        """The encoder. Raises ModelUnavailable."""
        with self._open:
            return load_embedder(self._settings.model, home=self._settings.encoder_dir)

    @cached_property
    def lexicon(self) -> Lexicon:
        """Which common words mean nearly the same to this encoder; made once, in some seconds."""
        with self._open:
            embedder = self.embedder
            return Lexicon.load(
                self._settings.encoder_dir / "encoder", fingerprint=embedder.fingerprint, embed=embedder.embed
            )

    @cached_property
    def vectors(self) -> VectorStore:
        """Chroma. Raises EmbedderMismatch, IndexUnusable."""
        with self._open:
            return self._vectors()

    def _vectors(self, *, replace_other: bool = False) -> VectorStore:
        return VectorStore(
            path=None if self._settings.chroma_url else self._settings.chroma_dir,
            url=self._settings.chroma_url,
            fingerprint=self.embedder.fingerprint,
            dimension=self.embedder.dimension,
            replace_other=replace_other,
        )

    @property
    def fresh(self) -> bool:
        """Whether the vectors were found missing and begun anew, so that no thread has any."""
        return self.vectors.fresh

    def drop(self) -> None:
        """Throw all vectors away, also those of another encoder."""
        with self._open, self._lock:
            self._kept.clear()
            if "vectors" in self.__dict__:
                self.vectors.close()
            self.__dict__["vectors"] = self._vectors(replace_other=True)

    def build(self, thread: Thread, progress: Callable[[str, int, int], None] | None) -> None:
        """Vectors of what is new or edited; what vanished is removed."""
        told = None if progress is None else (lambda done, total: progress("embedding", done, total))
        build(thread, embedder=self.embedder, vectors=self.vectors, progress=told)
        with self._lock:
            self._kept.pop(thread.id, None)
        _ = self.lexicon  # made with the first thread, so that the first question need not wait for it

    def of(self, thread: Thread, summary: ThreadSummary) -> ThreadRetriever:
        """The retriever over one thread as it is at this revision and in this state."""
        return ThreadRetriever(self.index(thread, summary))

    def index(self, thread: Thread, summary: ThreadSummary) -> ThreadIndex:
        key = (summary.revision, summary.state)
        with self._lock:
            kept = self._kept.get(thread.id)
            if kept is not None and kept[0] == key:
                self._kept.move_to_end(thread.id)
                return kept[1]
        vectors = self.vectors if summary.state == "full" else None
        loaded = ThreadIndex.load(thread, vectors, self.embedder, self.lexicon)
        with self._lock:
            self._kept[thread.id] = (key, loaded)
            self._kept.move_to_end(thread.id)
            self._trim()
        return loaded

    def scope(
        self, threads: Mapping[str, Thread], summaries: Sequence[ThreadSummary], exclude: Collection[str]
    ) -> Scope:
        """What a writer may look at: these threads, ranked together."""
        indexes = {summary.id: self.index(threads[summary.id], summary) for summary in summaries}
        return self._scope(threads, indexes, exclude)

    def passing_scope(self, thread: Thread) -> Scope:
        """The same of a thread that is handed in: nothing of it is kept. Vectors of other threads are not opened."""
        index = passing_index(thread, embedder=self.embedder, lexicon=self.lexicon)
        return self._scope({thread.id: thread}, {thread.id: index}, ())

    def _scope(
        self, threads: Mapping[str, Thread], indexes: Mapping[str, ThreadIndex], exclude: Collection[str]
    ) -> Scope:
        def rank(subject: str, k: int, only: Collection[str] | None) -> list[Hit]:
            found = [
                hit
                for index in indexes.values()
                for hit in ThreadRetriever(index).hits(subject, k=k, exclude=exclude, only=only)
            ]
            return found if len(indexes) == 1 else _across(found)[:k]

        def rarity(term: str) -> float:
            return max((index.bm25.idf(term) for index in indexes.values()), default=0.0)

        def presence(term: str) -> float:
            return max((index.presence(term) for index in indexes.values()), default=0.0)

        return Scope(
            threads,
            rank=rank,
            rarity=rarity,
            presence=presence,
            embed=self.embedder.embed,
            lexicon=self.lexicon,
            meanings=lambda thread_id: indexes[thread_id].meanings,
            state="full" if all(index.has_vectors for index in indexes.values()) else "lexical",
        )

    def threads_near(self, asked: str, thread_ids: Sequence[str], *, limit: int) -> tuple[str, ...]:
        """The threads of the comments nearest to the question, over all vectors; all of them where there are few."""
        if len(thread_ids) <= FEW_THREADS:
            return tuple(thread_ids)
        vector = self.embedder.embed_query(asked)
        near = self.vectors.query(vector, k=limit, where=None)
        known = set(thread_ids)
        found = dict.fromkeys(hit.thread_id for hit in near if hit.thread_id in known)
        return tuple(found)[:FEW_THREADS] or tuple(thread_ids[:FEW_THREADS])

    def forget(self, thread_id: str) -> None:
        with self._lock:
            self._kept.pop(thread_id, None)
        self.vectors.remove_thread(thread_id)

    def ready(self) -> dict[str, str]:
        """Opens encoder and vectors and says what they are."""
        return {"encoder": self.embedder.fingerprint, "vectors": f"{self.vectors.count()} records"}

    def close(self) -> None:
        with self._lock:
            self._kept.clear()
        if "vectors" in self.__dict__:
            self.vectors.close()

    def _trim(self) -> None:
        while len(self._kept) > 1 and sum(index.size for _, index in self._kept.values()) > KEPT_COMMENTS:
            self._kept.popitem(last=False)


FEW_THREADS = 8
"""Threads that a question over all of them looks into."""


def _across(hits: Sequence[Hit]) -> list[Hit]:
    """Hits of several threads in one order: a score is relative to its thread, so similarity decides between them."""
    best = max((hit.similarity or 0.0 for hit in hits), default=0.0) or 1.0
    weighed = [hit.model_copy(update={"score": hit.score * max(0.0, hit.similarity or 0.0) / best}) for hit in hits]
    return sorted(weighed, key=lambda hit: -hit.score)
