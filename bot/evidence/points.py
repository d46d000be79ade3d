"""Comments -> points, in the order of the ranking: the fitting words of each comment, copies put together.

Not here: what is shown around the fitting words (bot.evidence.windows), how many points make an answer (bot.kinds),
whether they answer at all (bot.evidence.answerable).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from bot.evidence.scope import Scope
from bot.values.answer import DraftStatement, Evidence
from corpus.text.plain import bare, sentences
from corpus.thread import Comment
from index.passages import relation
from index.ranking.hit import Hit
from index.ranking.lexical import terms

Floats = npt.NDArray[np.floating]
COSINE_WEIGHT, COVER_WEIGHT = 0.65, 0.35
CLOSELY = 5
"""Of the comments found, the best ones whose sentences are each embedded: that takes most of the time of an answer."""
LONGEST_READ = 60
"""Sentences of one comment that are looked at, around the passage that was found."""
SAME_POINT = 0.95
"""Cosine of two comments from which on they say the same."""
FEWEST_COPIED_TERMS = 3
"""Fewer terms are nobody's text: two people say "Yeah." on their own, to different things."""
ASKS_THE_SAME = 0.6
"""Cosine from which on an opening post that only asks says no more than the question."""


@dataclass(frozen=True, slots=True)
class Point:
    """The words of one comment that fit best: comment.text[start:end]."""

    comment: Comment
    start: int
    end: int
    score: float
    """Of the ranking; comparable within one question only."""
    near: float = 0.0
    """Cosine of the whole comment with the question, or of its best sentence while there are no vectors."""
    cover: float = 0.0
    """Share of the question's terms, by rarity, that the comment holds."""
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

    def stated(self, heading: str | None = None) -> DraftStatement:
        """The point, with those who say the same, as a statement."""
        return DraftStatement(evidence=(self.evidence, *(other.evidence for other in self.also)), heading=heading)


def points(question: str, hits: Sequence[Hit], scope: Scope) -> list[Point]:
    """One point a comment, in the order of the hits."""
    read = [(hit, scope.comment(hit), _readable(scope.comment(hit), hit)) for hit in hits]
    read = [(hit, comment, spans) for hit, comment, spans in read if spans]
    if not read:
        return []
    asked = tuple(dict.fromkeys(terms(question)))
    held = scope.held(asked, [comment.text[a:b] for _, comment, spans in read for a, b in spans])
    cosines = np.maximum(_cosines(question, read, scope), 0)
    weights = scope.shares(asked)
    fits = COSINE_WEIGHT * cosines + COVER_WEIGHT * (held @ weights)
    made: list[Point] = []
    at = 0
    for hit, comment, spans in read:
        own = slice(at, at + len(spans))
        at += len(spans)
        start, end = spans[int(fits[own].argmax())]
        near = hit.similarity if hit.similarity is not None else float(cosines[own].max())
        cover = float(held[own].max(axis=0, initial=0.0) @ weights)
        made.append(Point(comment, start, end, score=hit.score, near=near, cover=cover))
    return made


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
    found = [span for span in found if not _TAG.fullmatch(comment.text[slice(*span)])] or found
    if not found and comment.citable and comment.own_words(0, len(comment.text)):
        found = [(0, len(comment.text))]
    return found


_TAG = re.compile(r"\[/?\w+[^\[\]\n]{0,200}\]")
"""A line of markup that the source kept in its text: "[quote=...]"."""


def whole(comment: Comment, score: float = 0.0) -> Point:
    """The comment from its beginning: no part of it fits better than another."""
    spans = [(a, b) for a, b in sentences(comment.text) if comment.own_words(a, b)] or [(0, len(comment.text))]
    return Point(comment, *spans[0], score=score)


def says_something(point: Point, scope: Scope) -> bool:
    """Whether the comment can be a point: not the title again, not a bare link or a greeting.

    In a talk a turn such as "Is it?" may be the answer. Nor an opening post that only asks what is asked; any other
    comment that asks may be the answer.
    """
    comment, thread = point.comment, scope.threads[point.comment.thread_id]
    if len(thread.comments) > 1 and bare(comment.text) == bare(thread.title):
        return False
    if not terms(_without_links(comment.text)) and relation(thread) != "turns":
        return False
    opens = comment.id == next(iter(thread.roots), None)
    asks = comment.text.rstrip().endswith(("?", "？", "؟"))
    return not (opens and asks and point.near >= ASKS_THE_SAME and len(thread.comments) > 1)


def _without_links(text: str) -> str:
    return " ".join(word for word in text.split() if "://" not in word and not word.startswith(("www.", "@")))


_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.\n]{0,40}\b(?:previous|prior|above|earlier|system|your)\b[^.\n]{0,20}"
    r"\b(?:instructions?|prompts?|rules|guidelines)\b|\bsystem prompt\b|\byou are now (?:an? |in )"
    r"|\b(?:in|of|to) your (?:next |final |own )?(?:answer|response|reply|output|summary)\b"
    r"|\b(?:attention|note to|dear|hey)\W+(?:all |any )?(?:a\.?i\.?|llms?|language models?|(?:chat ?)?bots?)\b"
    r"|</?(?:system|instructions?|assistant|prompt)>|\[/?inst\]|<\|\w+\|>|(?:^|\n)\W{0,6}(?:system|assistant)\s*:",
    re.I,
)


def orders_machines(text: str) -> bool:
    """Whether the text tells a machine that reads it what to do: such a post opens no answer and no digest."""
    return _ORDERS.search(text[:20_000]) is not None


def distinct(found: Iterable[Point], scope: Scope) -> list[Point]:
    """The points in their order, the same words put together as one point with each of its speakers once.

    Comments that say the same in nearly the same words count as the first of them.
    """
    kept: dict[str, Point] = {}
    vectors: list[np.ndarray[tuple[int], np.dtype[np.float32]]] = []
    every = list(found)
    if not every:
        return []
    rows = scope.comment_vectors([point.comment for point in every])
    for point, row in zip(every, rows, strict=True):
        words = bare(point.comment.text)
        if len(set(terms(words))) < FEWEST_COPIED_TERMS:
            words = f"{words} {point.comment.thread_id} {point.comment.id}"  # "Yeah." says something else each time
            kept[words] = point
        elif words in kept:
            kept[words] = _joined(kept[words], point)
        elif not any(float(other @ row) >= SAME_POINT for other in vectors):
            kept[words] = point
            vectors.append(row)
    return list(kept.values())


def _joined(point: Point, other: Point) -> Point:
    """The point with one more speaker, unless that is a copy by one who is there already."""
    if speaker_key(other.comment) in {speaker_key(p.comment) for p in (point, *point.also)}:
        return point
    return replace(point, also=(*point.also, other))


def speaker_key(comment: Comment) -> str:
    """Who speaks: the author's id; a comment without a proven author is its own unknown."""
    return comment.author.id if comment.author else f"\x00{comment.thread_id}\x00{comment.id}"
