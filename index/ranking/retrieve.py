"""Hit, ThreadIndex, ThreadRetriever: the comments of one thread in order of how well they answer a question.

A comment's own score is the mean of its views, each normalised to 0..1 over the thread: BM25 (near words counted in,
index.ranking.near_words) and cosine, of the words alone and, where people talk in turns, of the words after the turn
before. Added are shares for comments by somebody whom the question names, of a day that it names, of the leaning that
it asks for; for length in a talk; what independent comments lend each other, and what comes along replies and turns
(index.ranking.flow). One configuration serves every source; the figures behind it are in docs/retrieval.md. Nothing
here filters, and whether anything answers the question is bot's to judge, by `Hit.similarity` and `Hit.lexical`, which
are not relative to the thread.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle

from corpus.thread import Comment, Thread
from index.encoders.embedder import Embedder
from index.passages import Passage, context_view, node, passages, plain_view, relation
from index.ranking.alike import lent
from index.ranking.context import in_context
from index.ranking.cues import MEANT, Bylines, asks, ramp, same_question, subject
from index.ranking.dates import dated
from index.ranking.flow import Flow
from index.ranking.hit import Hit
from index.ranking.leaning import Leanings, wanted
from index.ranking.lexical import Bm25, terms
from index.ranking.near_words import Kinship, Lexicon, kin_scores
from index.ranking.reranker import DEPTH, Reranker

if TYPE_CHECKING:
    from index.vectors.chroma import VectorStore

Floats = npt.NDArray[np.float32]
Embed = Callable[[Sequence[str]], Floats]

KIN = 2.0
"""How much BM25 of near words (index.ranking.near_words) counts beside BM25 of the asked ones."""
NAMED = 0.25
"""Added to the comments of somebody whom the question names; a view's best comment has 1."""
DATED = 0.25
"""Added to the comments of a day or month that the question names."""
LEANING = 1.0
"""For replies that lean as the question asks ("which replies doubt it?"), beside what they are about."""
ASKING = 0.1
"""Taken in a tree from comments that ask something: who asks seldom answers."""
LONG = 0.25
"""Added in a talk to a turn of FULL_LENGTH words or more, less to shorter ones: "Wow, great!" answers nothing."""
FULL_LENGTH = 40
STRETCH = 0.15
"""Added in a talk to turns that stand in the most relevant stretch of it."""
ALIKE = 0.3
"""Added to an independent comment that is most like the relevant ones."""
DECIMALS = 5
"""Of a score: the same words must tie, and matrix products of the same row differ in the last bits."""
RANKED = 4
"""Questions whose rankings an index keeps at hand."""
NEAREST = 50
"""Comments that are looked at for the very question in other people's mouths."""


@dataclass(frozen=True, slots=True)
class _Ranked:
    """Per comment, in the thread's order."""

    scores: Floats
    similarities: Floats | None
    lexical: Floats
    best: npt.NDArray[np.int64]
    """The place of its best passage."""


class ThreadIndex:
    """Everything that ranking needs of one thread at one revision, in memory: about 4 kB a comment. Never changed."""

    def __init__(
        self,
        thread: Thread,
        kept: Sequence[Passage],
        *,
        embed: Embed,
        plain: Floats | None = None,
        context: Floats | None = None,
        lexicon: Lexicon | None = None,
    ) -> None:
        """`kept` are the thread's passages in order; `plain` their unit vectors (n, d), None while there are none.

        `context` are the vectors of their context views; where people talk in turns these are worked out from `plain`
        unless they are given.
        """
        self.thread = thread
        self.passages = tuple(kept)
        ids = dict.fromkeys(passage.comment_id for passage in self.passages)
        self.comments: tuple[Comment, ...] = tuple(thread.by_id[comment_id] for comment_id in ids)
        self.relation = relation(thread)
        self.bm25 = Bm25([plain_view(passage) for passage in self.passages])
        self.kinship = None if lexicon is None else Kinship(lexicon, self.bm25.vocabulary)
        self._embed = embed
        self._plain = plain
        if context is None and plain is not None and self.relation == "turns":
            context = in_context(self.passages, plain)
        self._context = context if self.relation == "turns" else None
        self._starts = self._first_passages()
        self._ranked: dict[str, _Ranked] = {}

    @classmethod
    def load(
        cls, thread: Thread, vectors: "VectorStore | None", embedder: Embedder, lexicon: Lexicon | None = None
    ) -> "ThreadIndex":
        """The index of a thread; without vectors, or where they are not all there, it ranks by words alone."""
        kept = passages(thread, count_pieces=embedder.count_pieces, max_pieces=embedder.max_pieces)
        if vectors is None:
            return cls(thread, kept, embed=embedder.embed, lexicon=lexicon)
        found = vectors.thread_vectors(thread.id)
        if not kept or any(passage.id not in found.rows for passage in kept):
            return cls(thread, kept, embed=embedder.embed, lexicon=lexicon)
        rows = [found.rows[passage.id] for passage in kept]
        return cls(thread, kept, embed=embedder.embed, plain=found.plain[rows], lexicon=lexicon)

    @property
    def size(self) -> int:
        """How many comments it ranks."""
        return len(self.comments)

    @property
    def has_vectors(self) -> bool:
        return self._plain is not None

    @cached_property
    def _bm25_context(self) -> Bm25:
        return Bm25([context_view(passage) for passage in self.passages])

    @cached_property
    def _flow(self) -> Flow:
        return Flow(self.thread, self.comments, self.relation)

    @cached_property
    def _bylines(self) -> Bylines:
        return Bylines(self.comments)

    @cached_property
    def _leanings(self) -> Leanings:
        return Leanings(self.comments, self._first_vectors)

    @cached_property
    def _first_vectors(self) -> Floats | None:
        """(comments, d) of each comment's first passage."""
        return None if self._plain is None else self._plain[self._starts]

    @cached_property
    def _asking(self) -> Floats:
        return np.array([asks(comment) for comment in self.comments], dtype=np.float32)

    @cached_property
    def _length(self) -> Floats:
        """(comments,) 0 to 1, the logarithm of the words over that of FULL_LENGTH."""
        words = np.array([len(comment.text.split()) for comment in self.comments], dtype=np.float32)
        share: Floats = np.minimum(1, np.log1p(words) / np.log(np.float32(FULL_LENGTH)))
        return share

    @cached_property
    def meanings(self) -> dict[str, Floats]:
        """Comment id -> unit row: the mean of its passages' vectors. Empty while there are none."""
        if self._plain is None or not self.passages:
            return {}
        summed = np.add.reduceat(self._plain, self._starts, axis=0)
        rows = summed / np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-9)
        return dict(zip((comment.id for comment in self.comments), rows, strict=True))

    def rank(self, question: str) -> _Ranked:
        """Scores of every comment; kept for the last questions, since one answer looks at a ranking several times."""
        kept = self._ranked.get(question)
        if kept is None:
            kept = self._ranked[question] = self._rank(question)
            for old in list(self._ranked)[:-RANKED]:
                self._ranked.pop(old, None)
        return kept

    def _rank(self, question: str) -> _Ranked:
        sought = subject(question)
        asked = terms(sought)
        lexical = self.bm25.term_scores(asked)
        vector = None if self._plain is None else self._embed([sought])[0]
        similarities = None if self._plain is None or vector is None else self._plain @ vector
        views = [_over_best(self._with_kin(lexical, asked))]
        if self.relation == "turns":
            views.append(_over_best(self._bm25_context.term_scores(asked)))
        if similarities is not None:
            views.append(_over_range(similarities))
        if self._context is not None and vector is not None:
            views.append(_over_range(self._context @ vector))
        own = np.asarray(np.mean(views, axis=0), dtype=np.float32)
        nearness = None if similarities is None else self._of_comments(similarities)
        return _Ranked(
            scores=self._with_structure(question, self._of_comments(own), nearness).round(DECIMALS),
            similarities=nearness,
            lexical=self._of_comments(lexical),
            best=self._best_passages(own),
        )

    def presence(self, term: str) -> float:
        """How surely the comments speak of an asked term: 1 where it stands, else how near their nearest word comes."""
        if self.bm25.document_frequency(term):
            return 1.0
        return 0.0 if self.kinship is None else float(self.kinship.degrees([term]).max(initial=0.0))

    def _with_kin(self, lexical: Floats, asked: Sequence[str]) -> Floats:
        if self.kinship is None:
            return lexical
        widened: Floats = lexical + np.float32(KIN) * kin_scores(self.bm25, self.kinship, asked)
        return widened

    def _with_structure(self, question: str, own: Floats, nearness: Floats | None) -> Floats:
        scores: Floats = own + NAMED * self._bylines.named(question) + DATED * dated(question, self.comments)
        if self.relation == "independent":
            return scores if self._first_vectors is None else scores + ALIKE * lent(own, self._first_vectors)
        scores = self._with_leaning(question, scores) if self.relation == "tree" else self._with_talk(scores)
        same = self._asking_the_same(question, own, nearness)
        return self._flow.spread(scores) + self._flow.answers(question, same, nearness)

    def _with_leaning(self, question: str, scores: Floats) -> Floats:
        leaning = wanted(question)
        if leaning is None:
            return scores - np.float32(ASKING) * self._asking
        return scores + np.float32(LEANING) * self._leanings.of(leaning)

    def _with_talk(self, scores: Floats) -> Floats:
        longer: Floats = scores + np.float32(LONG) * self._length
        return longer + np.float32(STRETCH) * self._flow.stretch(longer)

    def _asking_the_same(self, question: str, own: Floats, nearness: Floats | None) -> Floats:
        """(n,) 0 to 1: how surely a comment asks the very question, by its words or by its meaning."""
        near = np.argsort(-own, kind="stable")[:NEAREST]
        near = np.array([place for place in near if asks(self.comments[place])], dtype=np.int64)
        same = np.zeros(self.size, dtype=np.float32)
        same[near] = same_question(question, [self.comments[place].text for place in near])
        if nearness is not None:
            same[near] = np.maximum(same[near], ramp(nearness[near], MEANT))
        return same

    def _first_passages(self) -> npt.NDArray[np.int64]:
        """(comments,) the place of each comment's first passage."""
        owners = [passage.comment_id for passage in self.passages]
        first = [place for place, owner in enumerate(owners) if place == 0 or owners[place - 1] != owner]
        return np.array(first, dtype=np.int64)

    def _of_comments(self, scores: Floats) -> Floats:
        """(comments,) each comment's best passage's score."""
        best: Floats = np.maximum.reduceat(scores, self._starts)
        return best

    def _best_passages(self, scores: Floats) -> npt.NDArray[np.int64]:
        owners = np.repeat(np.arange(self.size), np.diff(self._starts, append=len(scores)))
        places = np.flatnonzero(scores == self._of_comments(scores)[owners])
        best: npt.NDArray[np.int64] = places[np.searchsorted(owners[places], np.arange(self.size))]
        return best


def _over_best(scores: Floats) -> Floats:
    """BM25 over its best: 0 where nothing matches."""
    best = scores.max()
    over: Floats = scores / best if best > 0 else np.zeros_like(scores)
    return over


def _over_range(scores: Floats) -> Floats:
    """Cosines from 0 for the farthest to 1 for the nearest; 1 where all are as near."""
    low, high = scores.min(), scores.max()
    over: Floats = (scores - low) / (high - low) if high > low else np.ones_like(scores)
    return over


class ThreadRetriever(BaseRetriever):
    """A LlamaIndex retriever over one thread.

    RetrieverQueryEngine.from_args(ThreadRetriever(index), llm=llm).query("Why do they open their models?")
    """

    def __init__(self, index: ThreadIndex, *, k: int = 20, reranker: Reranker | None = None) -> None:
        super().__init__()
        self._index = index
        self._k = k
        self._reranker = reranker

    def hits(
        self, question: str, *, k: int | None = None, exclude: Collection[str] = (), only: Collection[str] | None = None
    ) -> list[Hit]:
        """The k best comments, best first, ties in the thread's order; in the reranker's, where there is one.

        `exclude` and `only` are comment ids that are left out, or kept; they still lend relevance to their neighbours.
        Where the thread has no vectors yet, comments to which nothing points are left out as well.
        """
        if not self._index.passages or not question.strip():
            return []
        wanted = self._k if k is None else k
        if self._reranker is None:
            return self._found(question, wanted, exclude, only)
        found = self._found(question, max(wanted, DEPTH), exclude, only)
        return self._reranker.reranked(question, found, {self._index.thread.id: self._index.thread})[:wanted]

    def _found(self, question: str, k: int, exclude: Collection[str], only: Collection[str] | None) -> list[Hit]:
        index = self._index
        ranked = index.rank(question)
        left_out, kept = frozenset(exclude), None if only is None else frozenset(only)
        found: list[Hit] = []
        for place in np.argsort(-ranked.scores, kind="stable"):
            comment_id = index.comments[place].id
            if len(found) == k or (not index.has_vectors and ranked.scores[place] <= 0):
                break
            if comment_id not in left_out and (kept is None or comment_id in kept):
                found.append(_hit(index.passages[ranked.best[place]], ranked, int(place)))
        return found

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        passage_of = {(p.comment_id, p.start): p for p in self._index.passages}
        return [
            NodeWithScore(node=node(passage_of[hit.comment_id, hit.start], self._index.thread), score=hit.score)
            for hit in self.hits(query_bundle.query_str)
        ]


def _hit(passage: Passage, ranked: _Ranked, place: int) -> Hit:
    return Hit(
        thread_id=passage.thread_id,
        comment_id=passage.comment_id,
        start=passage.start,
        end=passage.end,
        score=float(ranked.scores[place]),
        similarity=None if ranked.similarities is None else float(ranked.similarities[place]),
        lexical=float(ranked.lexical[place]),
    )
