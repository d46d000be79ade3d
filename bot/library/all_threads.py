"""A question over all threads: which comments may answer it, found by words and by meaning, with what stands around.

Both searches run over everything, under the filter. The best of both are read with their surroundings, an excerpt of
each thread, and the excerpts are ranked as threads are: so a question costs the same however long the threads are.
The figures behind the numbers here: docs/retrieval.md. Not here: ranking (index.ranking.retrieve), putting threads in
one order (bot.library.indexes), what filters look like (bot.values.narrowing).
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bot.evidence.scope import Scope
from bot.library.indexes import Rankings
from bot.values.answer import Answer
from bot.values.narrowing import narrowed, told
from corpus.errors import IndexUnusable, ThreadNotFound
from corpus.records.filters import Filter
from corpus.records.store import ThreadStore, ThreadSummary
from corpus.records.terms import terms
from corpus.thread import Thread
from index.passages import Passage, passages
from index.ranking.cues import subject
from index.ranking.retrieve import ThreadIndex
from index.vectors.chroma import Near, Span, ThreadVectors, VectorStore, Where, author_key

Key = tuple[str, str]
"""(thread id, comment id)."""

FOUND = 100
"""Comments that each search finds."""
TAKEN = 30
"""The best of both, which are read."""
FEW_THREADS = 8
"""Threads that are asked for by name, up to which each is ranked whole."""
THREADS = 8
"""Threads that are read at most."""
WHOLE = 80
"""Comments up to which a thread is read whole."""
FEW = 1_500
"""Comments that pass a filter by author, up to which their vectors are read, all: faster, and none is missed."""
TRUSTED = 0.6
"""Share of an excerpt's passages whose vectors must be there: else it does not show how its thread hangs together, and
the thread is read whole."""


@dataclass(frozen=True)
class Ground:
    """What a question is answered from: threads, as far as they were read."""

    threads: Mapping[str, Thread]
    summaries: Sequence[ThreadSummary]
    indexes: Mapping[str, ThreadIndex] | None = None
    """Where threads were read in excerpts; else they are those that are kept."""
    within: Filter | None = None
    asked: tuple[str, ...] | None = None
    """The threads that were asked for; None for all."""

    @property
    def full(self) -> bool:
        return all(summary.state == "full" for summary in self.summaries)

    @cached_property
    def narrowed(self) -> dict[str, Thread]:
        """The threads with only what passes the filter."""
        return {thread_id: narrowed(thread, self.within) for thread_id, thread in self.threads.items()}


class Everywhere:
    """The comments of all threads."""

    def __init__(self, store: ThreadStore, rankings: Rankings) -> None:
        self._store = store
        self._rankings = rankings

    def ground(self, asked: str, within: Filter | None = None, *, thread_ids: Sequence[str] | None = None) -> Ground:
        """What a question is best answered from, over all threads or these. Raises ThreadNotFound."""
        named = None if thread_ids is None else tuple(dict.fromkeys(thread_ids))
        there = self._store.thread_ids() if named is None or len(named) > FEW_THREADS else named
        if not there:
            raise ThreadNotFound("there is no thread to ask.", next_step="Read one in with `digg-deeper ingest FILE`.")
        if named is not None and (unknown := [thread_id for thread_id in named if thread_id not in set(there)]):
            self._store.summary(unknown[0])  # raises
        if len(there) == 1 or (named is not None and len(named) <= FEW_THREADS):
            return self._whole(there, within, named)
        found = self.search(asked, within, named)
        return found if found.threads else self._whole(there[:1], within, named)

    def _whole(self, thread_ids: Sequence[str], within: Filter | None, asked: tuple[str, ...] | None) -> Ground:
        snapshots = [self._store.snapshot(thread_id) for thread_id in thread_ids]
        threads = {thread.id: thread for thread, _ in snapshots}
        return Ground(threads, [summary for _, summary in snapshots], within=within, asked=asked)

    def scope(self, ground: Ground, exclude: Collection[str] = ()) -> Scope:
        """What a writer may look at."""
        return self._rankings.scope(
            ground.threads, ground.summaries, exclude, within=ground.within, indexes=ground.indexes
        )

    def told(self, answer: Answer, ground: Ground) -> Answer:
        """The answer, with how much there is over everything, and that only what passes the filter was looked at."""
        covered, reason, within = answer.coverage, answer.reason, ground.within
        if ground.indexes is not None:
            indexed, known, as_of = self._store.figures()
            covered = covered.model_copy(update={"indexed": indexed, "known": known, "as_of": as_of})
        if within is not None:
            passing = self._store.count_passing(within, thread_ids=ground.asked)
            covered = covered.model_copy(update={"indexed": passing, "known": None, "only": told(within)})
            if answer.abstained and not passing:
                reason = f"The filter leaves nothing: no comment here is {told(within)}."
        return answer.model_copy(update={"coverage": covered, "reason": reason})

    def search(self, asked: str, within: Filter | None, thread_ids: tuple[str, ...] | None) -> Ground:
        """The best of both searches over everything, with what stands around."""
        sought = subject(asked)
        words = self._store.search_words(terms(sought), limit=FOUND, within=within, thread_ids=thread_ids)
        near = self._near(self._rankings.embedder.embed_query(sought), within, thread_ids)
        order = fused({(f.thread_id, f.comment_id): f.score for f in words}, _similarities(near))
        found = self._read(_by_thread(order))
        return replace(found, within=within, asked=thread_ids)

    def _near(
        self, vector: npt.NDArray[np.float32], within: Filter | None, thread_ids: Sequence[str] | None
    ) -> list[Near]:
        try:
            vectors = self._rankings.vectors
            return self._search(vectors, vector, within, thread_ids)
        except IndexUnusable as exc:
            self._rankings.note(exc)
            return []

    def _search(
        self,
        vectors: VectorStore,
        vector: npt.NDArray[np.float32],
        within: Filter | None,
        thread_ids: Sequence[str] | None,
    ) -> list[Near]:
        where = self._where(within, thread_ids)
        if not where:
            return vectors.query(vector, k=FOUND)
        if within is not None and within.author is not None and not where["author_key"]:
            return []
        passing = self._store.passing(within, most=FEW + 1, thread_ids=thread_ids)
        if len(passing) <= FEW and ("author_key" in where or "thread_id" in where):
            return vectors.query_exactly(vector, k=FOUND, where=where)
        return vectors.query(vector, k=FOUND, where=where)

    def _where(self, within: Filter | None, thread_ids: Sequence[str] | None) -> Where:
        """What Chroma filters by: whole seconds, so that it may let a comment pass that the filter does not."""
        where: dict[str, str | Collection[str] | Span] = {}
        if thread_ids is not None:
            where["thread_id"] = list(thread_ids)
        if within is None:
            return where
        if within.source is not None:
            where["source"] = within.source
        if within.author is not None:
            where["author_key"] = [author_key(author_id) for author_id in self._store.author_ids(within)]
        if within.after is not None or within.before is not None:
            low = None if within.after is None else int(within.after.timestamp() // 1)
            high = None if within.before is None else int(-(-within.before.timestamp() // 1))
            where["posted_at"] = (low, high)
        return where

    def _read(self, wanted: Mapping[str, Sequence[str]]) -> Ground:
        threads: dict[str, Thread] = {}
        summaries: list[ThreadSummary] = []
        for thread_id, comment_ids in wanted.items():
            with suppress(ThreadNotFound):  # forgotten meanwhile
                thread, summary = self._store.excerpt(thread_id, comment_ids, whole=WHOLE)
                threads[thread_id] = thread
                summaries.append(summary)
        return self._indexed(threads, summaries)

    def _indexed(self, threads: dict[str, Thread], summaries: list[ThreadSummary]) -> Ground:
        indexes: dict[str, ThreadIndex] = {}
        excerpts = [s for s in summaries if len(threads[s.id].comments) < s.comments]
        made = {s.id: self._passages(threads[s.id]) for s in excerpts}
        vectors = self._vectors([p.id for s in excerpts if s.state == "full" for p in made[s.id]])
        for place, summary in enumerate(summaries):
            index = None
            if summary.id in made:
                index = self._excerpt_index(threads[summary.id], made[summary.id], summary, vectors)
                if index is None:
                    with suppress(ThreadNotFound):
                        threads[summary.id], summaries[place] = self._store.snapshot(summary.id)
            if index is None:
                index = self._rankings.index(threads[summary.id], summaries[place])
            indexes[summary.id] = index
        return Ground(threads, summaries, indexes)

    def _passages(self, thread: Thread) -> tuple[Passage, ...]:
        encoder = self._rankings.embedder
        return passages(thread, count_pieces=encoder.count_pieces, max_pieces=encoder.max_pieces)

    def _vectors(self, passage_ids: Sequence[str]) -> ThreadVectors | None:
        try:
            return self._rankings.vectors.some_vectors(passage_ids)
        except IndexUnusable as exc:
            self._rankings.note(exc)
            return None

    def _excerpt_index(
        self, thread: Thread, made: Sequence[Passage], summary: ThreadSummary, vectors: ThreadVectors | None
    ) -> ThreadIndex | None:
        """The index of an excerpt; None where its vectors are not those of its thread."""
        embed, lexicon = self._rankings.embed, self._rankings.lexicon
        if summary.state != "full" or vectors is None:
            return ThreadIndex(thread, made, embed=embed, lexicon=lexicon)
        there = [passage for passage in made if passage.id in vectors.rows]
        if len(there) < TRUSTED * len(made):
            return None
        rows = [vectors.rows[passage.id] for passage in there]
        return ThreadIndex(thread, there, embed=embed, plain=vectors.plain[rows], lexicon=lexicon)


def fused(words: Mapping[Key, float], meaning: Mapping[Key, float]) -> list[Key]:
    """The comments of both searches, best first: each score over its range, what a search did not find having none."""
    total: dict[Key, float] = {}
    for scores, low in ((words, 0.0), (meaning, min(meaning.values(), default=0.0))):
        high = max(scores.values(), default=0.0)
        for key, score in scores.items():
            total[key] = total.get(key, 0.0) + ((score - low) / (high - low) if high > low else 1.0)
    return sorted(total, key=lambda key: -total[key])


def _similarities(near: Sequence[Near]) -> dict[Key, float]:
    best: dict[Key, float] = {}
    for one in near:
        key = (one.thread_id, one.comment_id)
        best[key] = max(best.get(key, -1.0), 1 - one.distance)
    return best


def _by_thread(order: Sequence[Key]) -> dict[str, list[str]]:
    """The best comments by thread, of so many threads and comments as are read."""
    wanted: dict[str, list[str]] = {}
    taken = 0
    for thread_id, comment_id in order:
        if taken == TAKEN:
            break
        if thread_id in wanted or len(wanted) < THREADS:
            wanted.setdefault(thread_id, []).append(comment_id)
            taken += 1
    return wanted
