"""Comments -> points: of each comment the sentence or sentences that fit the question, scored, copies put together.

Not here: how many points make an answer, and whether they answer at all (bot.extractive, bot.abstain).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from bot import figures
from bot.adverts import adverts
from bot.answer import Evidence
from bot.manner import interrogative
from bot.scope import Scope
from corpus.text import bare, sentences
from corpus.thread import Comment
from index.hit import Hit
from index.lexical import terms

Floats = npt.NDArray[np.floating]
COSINE_WEIGHT, COVER_WEIGHT = 0.65, 0.35
RANK_WEIGHT = 0.75
"""How much of a point's score is its comment's place in the retrieval, the rest being how well its words fit."""
ASKING = 0.75
"""What is left of the fit of a sentence that itself asks: a question is seldom the answer to one."""
ENDS_ASKING = 0.85
"""What is left of the score of a post that ends by asking: what it says before only leads up to its question."""
NEWS, REPEATING = 2, 0.8
"""Terms beside those of the question from which on words say more than was asked, and what is left of the score of
words that hold fewer."""
ADVERTISING = 0.5
"""What is left of the score of an advertisement: it is on the subject, and nobody's view of it."""
FIGURE = 0.12
"""What words gain that hold a number, where the question asks for one."""
WITHOUT_FIGURE = 0.75
"""What is left there of the score of words that hold none."""
A_SENTENCE_MORE = 0.04
"""What every further sentence of a quote costs: it is quoted along where it brings in more than that."""
LONGEST_RUN = 4
FEWEST_TERMS, STUB = 3, 0.1
"""A quote of fewer terms is hard to understand by itself, which costs this."""
QUOTE_CHARACTERS = 320
SAME_POINT = 0.92
"""Cosine from which on two sentences are the same point."""
CLOSELY = 5
"""Of the comments found, the best ones whose sentences are each embedded: that takes most of the time of an answer."""
_POINTING_BACK = re.compile(
    r"\W*(?:(?:and|but|so|because|then) )?"
    r"(?:that|this|these|those|it|they|he|she|which|such|the (?:former|latter|same))\b"
    r"(?! is why\b)",
    re.IGNORECASE,
)
LONGEST_READ = 60
"""Sentences of one comment that are looked at, around the passage that was found."""


@dataclass(frozen=True, slots=True)
class Point:
    """The words of one comment that fit best: comment.text[start:end]."""

    comment: Comment
    start: int
    end: int
    score: float
    """0 to about 1: rank and fit together."""
    fit: float = 0.0
    """How well its words fit the question: cosine and share of the question's terms together, 0 to 1."""
    near: float = 0.0
    """Cosine of the whole comment with the question, or of its best sentence while there are no vectors."""
    cover: float = 0.0
    """Share of the question's terms, by rarity, that the comment's own words hold."""
    also: tuple["Point", ...] = field(default=())
    """Others who say the same."""

    @property
    def words(self) -> str:
        return self.comment.text[self.start : self.end]

    @property
    def evidence(self) -> Evidence:
        return Evidence(
            thread_id=self.comment.thread_id, comment_id=self.comment.id, quote=self.words, start=self.start
        )


def points(question: str, hits: Sequence[Hit], scope: Scope, *, asks: bool = True) -> list[Point]:
    """One point a comment, best first. `asks` is whether the question wants answers, so that questions count less."""
    read = [(hit, scope.comment(hit), _readable(scope.comment(hit), hit)) for hit in hits]
    read = [(hit, comment, spans) for hit, comment, spans in read if spans]
    if not read:
        return []
    asked, figure = tuple(dict.fromkeys(terms(question))), figures.wanted(question)
    held = scope.held(asked, [comment.text[a:b] for _, comment, spans in read for a, b in spans])
    cosines = _cosines(question, read, scope)
    weights = np.array([scope.rarity(term) for term in asked])
    best = max(hit.score for hit, _, _ in read) or 1.0
    made: list[Point] = []
    at = 0
    for hit, comment, spans in read:
        own = slice(at, at + len(spans))
        at += len(spans)
        words = _Words(comment, spans, cosines[own], held[own], weights, figure, frozenset(asked))
        made.append(words.point(rank=hit.score / best, similarity=hit.similarity, asks=asks))
    selling = _advertising(made, scope)
    made = [replace(point, score=point.score * ADVERTISING) if point.comment.id in selling else point for point in made]
    return sorted(made, key=lambda point: -point.score)


def _advertising(made: Sequence[Point], scope: Scope) -> frozenset[str]:
    """The ids of those that advertise, where replies tell what nobody asked for."""
    found: frozenset[str] = frozenset()
    for thread in scope.threads.values():
        unasked = [p.comment for p in made if p.comment.thread_id == thread.id and thread.parents[p.comment.id] is None]
        authors = {comment.author.id for comment in unasked if comment.author is not None}
        if authors and any(parent is not None for parent in thread.parents.values()):
            found |= adverts(thread, by=authors)
    return found


def _cosines(question: str, read: Sequence[tuple[Hit, Comment, list[tuple[int, int]]]], scope: Scope) -> Floats:
    """One a sentence. A sentence that is its whole comment, or stands in one far down, has its comment's cosine."""
    made = np.array([hit.similarity or 0.0 for hit, _, spans in read for _ in spans], dtype=np.float32)
    places = [(place, span) for place, (_, _, spans) in enumerate(read) for span in spans]
    closely = [
        at
        for at, (place, _) in enumerate(places)
        if read[place][0].similarity is None or (place < CLOSELY and len(read[place][2]) > 1)
    ]
    if closely:
        words = [read[places[at][0]][1].text[slice(*places[at][1])] for at in closely]
        made[closely] = scope.similarities(question, words)
    return made


def _readable(comment: Comment, hit: Hit) -> list[tuple[int, int]]:
    """The sentences of the comment's own, near the passage that was found, that hold a word."""
    found = [
        (a, b)
        for a, b in sentences(comment.text)
        if comment.own_words(a, b) and any(mark.isalnum() for mark in comment.text[a:b])
    ]
    if len(found) > LONGEST_READ:
        found = [(a, b) for a, b in found if a < hit.end and b > hit.start][:LONGEST_READ] or found[:LONGEST_READ]
    if not found and comment.citable and comment.own_words(0, len(comment.text)):
        found = [(0, len(comment.text))]
    return found


class _Words:
    """The sentences of one comment and how well any run of them fits."""

    def __init__(
        self,
        comment: Comment,
        spans: Sequence[tuple[int, int]],
        cosines: Floats,
        held: Floats,
        weights: Floats,
        figure: figures.Wanted | None,
        asked: frozenset[str],
    ) -> None:
        self._comment = comment
        self._spans = spans
        self._cosines = np.maximum(cosines, 0)
        self._held = held
        self._weights = weights
        self._figure = [figure is None or figures.held(comment.text[a:b], figure) for a, b in spans]
        self._wants_figure = figure is not None
        self._asking = [interrogative(comment.text[a:b]) for a, b in spans]
        said = [terms(comment.text[a:b]) for a, b in spans]
        self._terms = [len(found) for found in said]
        self._news = [frozenset(found) - asked for found in said]

    def point(self, *, rank: float, similarity: float | None, asks: bool) -> Point:
        """The run of sentences to quote: the best one, and those beside it that bring in more of what is asked."""
        runs = {run: self._fit(*run, asks=asks) for run in self._runs()}
        first, last = max(runs, key=runs.__getitem__)
        alone = max(self._fit(place, place, asks=False) for place in range(len(self._spans)))
        fit = runs[first, last]
        first = self._from_what_it_points_at(first, last)
        return Point(
            comment=self._comment,
            start=self._spans[first][0],
            end=self._spans[last][1],
            score=(RANK_WEIGHT * rank + (1 - RANK_WEIGHT) * fit) * self._worth(first, last, asks=asks),
            fit=alone,
            near=similarity if similarity is not None else float(self._cosines.max()),
            cover=self._cover(0, len(self._spans) - 1),
        )

    def _worth(self, first: int, last: int, *, asks: bool) -> float:
        """What is left of the score of these sentences: less where the post ends by asking, where they hardly say more
        than was asked, or where a figure is missing."""
        worth = ENDS_ASKING if asks and self._asking[-1] else 1.0
        if asks and len(frozenset().union(*self._news[first : last + 1])) < NEWS:
            worth *= REPEATING
        return worth if any(self._figure[first : last + 1]) else worth * WITHOUT_FIGURE

    def _from_what_it_points_at(self, first: int, last: int) -> int:
        """The sentence before as well, where the first one points at it: "That is what the paper gives"."""
        start, end = self._spans[max(0, first - 1)][0], self._spans[last][1]
        points_back = first > 0 and _POINTING_BACK.match(self._comment.text, self._spans[first][0]) is not None
        fits = end - start <= QUOTE_CHARACTERS and not _crosses_a_quote(self._comment, start, end)
        return first - 1 if points_back and fits else first

    def _runs(self) -> Iterator[tuple[int, int]]:
        for first in range(len(self._spans)):
            for last in range(first, min(first + LONGEST_RUN, len(self._spans))):
                start, end = self._spans[first][0], self._spans[last][1]
                if last > first and (end - start > QUOTE_CHARACTERS or _crosses_a_quote(self._comment, start, end)):
                    break
                yield first, last

    def _fit(self, first: int, last: int, *, asks: bool) -> float:
        own = slice(first, last + 1)
        fit = COSINE_WEIGHT * float(self._cosines[own].max()) + COVER_WEIGHT * self._cover(first, last)
        if asks and all(self._asking[own]):
            fit *= ASKING
        fit += FIGURE if self._wants_figure and any(self._figure[own]) else 0.0
        stub = STUB if sum(self._terms[own]) < FEWEST_TERMS else 0.0
        return fit - A_SENTENCE_MORE * (last - first) - stub

    def _cover(self, first: int, last: int) -> float:
        """The share of the question's terms, by rarity, that these sentences hold, near words in part."""
        total = float(self._weights.sum())
        held = self._held[first : last + 1].max(axis=0, initial=0.0)
        return float(held @ self._weights) / total if total > 0 else 0.0


def _crosses_a_quote(comment: Comment, start: int, end: int) -> bool:
    return any(low < end and start < high for low, high in comment.quoted)


def opening(comment: Comment, score: float) -> Point:
    """The comment by how it opens: its first sentences, as many as make a quote."""
    spans = [(a, b) for a, b in sentences(comment.text) if comment.own_words(a, b)] or [(0, len(comment.text))]
    start, end = spans[0]
    for _, b in spans[1:]:
        if b - start > QUOTE_CHARACTERS or _crosses_a_quote(comment, start, b):
            break
        end = b
    return Point(comment=comment, start=start, end=end, score=score)


def together(found: Sequence[Point], scope: Scope, *, limit: int, per_author: int) -> list[Point]:
    """At most `limit` distinct points, best first: the same words are one point with all its speakers."""
    kept: dict[str, Point] = {}
    vectors: list[np.ndarray[tuple[int], np.dtype[np.float32]]] = []
    by_author: dict[str, int] = {}
    vector_of = _Vectors(found, scope, at_once=limit)
    for place, point in enumerate(found):
        words = bare(point.words)
        if words in kept:
            kept[words] = _joined(kept[words], point)
            continue
        author = point.comment.author.id if point.comment.author else None
        if len(kept) == limit or (author is not None and by_author.get(author, 0) >= per_author):
            continue
        vector = vector_of[place]
        if any(float(other @ vector) >= SAME_POINT for other in vectors):
            continue
        kept[words] = point
        vectors.append(vector)
        if author is not None:
            by_author[author] = by_author.get(author, 0) + 1
    return list(kept.values())


class _Vectors:
    """The vectors of the points' words, made some at a time: most points are decided without theirs."""

    def __init__(self, found: Sequence[Point], scope: Scope, *, at_once: int) -> None:
        self._found = found
        self._scope = scope
        self._at_once = max(1, at_once)
        self._made: dict[int, np.ndarray[tuple[int], np.dtype[np.float32]]] = {}

    def __getitem__(self, place: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        if place not in self._made:
            places = range(place, min(place + self._at_once, len(self._found)))
            rows = self._scope.vectors([self._found[n].words for n in places])
            self._made.update(zip(places, rows, strict=True))
        return self._made[place]


def _joined(point: Point, other: Point) -> Point:
    """The point with one more speaker, unless that is a copy by one who is there already."""
    said = {_speaker_key(p.comment) for p in (point, *point.also)}
    if _speaker_key(other.comment) in said:
        return point
    return Point(
        comment=point.comment,
        start=point.start,
        end=point.end,
        score=point.score,
        fit=point.fit,
        near=point.near,
        cover=point.cover,
        also=(*point.also, other),
    )


def _speaker_key(comment: Comment) -> str:
    return comment.author.id if comment.author else f"\x00{comment.thread_id}\x00{comment.id}"
