"""Where two people talk, whether the one who is asked about said it, or the other one did.

"How does Ann train her dog?" is not answered by what Bob says of his. A logistic regression over three figures of what
each of them asserts, fitted by benchmarks/fit_abstention.py. Among more than two people it would decline too much: the
others together nearly always say more of a subject than any one of them.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bot.desk import Desk
from bot.grounds import Floats, grounds, weakest_term, weights
from bot.points import Point
from corpus.thread import Author, Comment
from index.cues import Bylines
from index.lexical import terms

FEATURES = ("how much more the one asked about says of it", "their share of the best", "weakest term")
INTERCEPT = 0.54
WEIGHTS = (-2.45, -2.26, -1.30)
THE_OTHERS = 0.41
"""How likely it is from which on the words are taken to be the other one's."""
BEST_OF_EACH = 12
BEST = 8
SHARPNESS = 5.0


class Pair(NamedTuple):
    """The two who talk."""

    asked: Author
    other: Author


def pair(question: str, comments: Sequence[Comment]) -> Pair | None:
    """Who is asked about and who is not, where exactly two people talk and exactly one of them is named."""
    authors = {comment.author.id: comment.author for comment in comments if comment.author is not None}
    if len(authors) != 2 or any(comment.author is None for comment in comments):
        return None
    named = Bylines(comments).named(question)
    ids = {comment.author.id for comment, wrote in zip(comments, named, strict=True) if wrote and comment.author}
    if len(ids) != 1:
        return None
    asked = ids.pop()
    return Pair(authors[asked], next(author for author_id, author in authors.items() if author_id != asked))


class Case(NamedTuple):
    """What is judged."""

    asked: tuple[str, ...]
    """The terms of the question but for the names of the two."""
    mine: list[Comment]
    """Of the one asked about, the posts nearest to the question, in the thread's order."""
    others: list[Comment]


def case(desk: Desk) -> Case | None:
    """What each of the two says that comes near to the question; None where that is not to be judged."""
    two = pair(desk.question.standalone, desk.comments)
    if two is None or not (asked := _asked(desk.question.standalone, two)):
        return None
    others = _best(desk, two.other)
    return Case(asked, _best(desk, two.asked), others) if others else None


def said_by_the_other(desk: Desk) -> list[Point] | None:
    """What the other of two says of it, where that and not the words of the one asked about answers; else None."""
    found = case(desk)
    if found is None or likelihood(features(found, desk)) < THE_OTHERS:
        return None
    return desk.points(" ".join(found.asked), desk.hits(desk.question.standalone, k=BEST, among=found.others))


def likelihood(values: Sequence[float]) -> float:
    """That the words are the other one's, 0 to 1."""
    return 1 / (1 + math.exp(-(INTERCEPT + sum(w * v for w, v in zip(WEIGHTS, values, strict=True)))))


def features(found: Case, desk: Desk) -> tuple[float, float, float]:
    """What the judgement rests on; see FEATURES."""
    asked, mine, others = found
    if not mine:
        return -1.0, 0.0, 0.0
    held = grounds(asked, [*mine, *others], desk.scope)
    cover = held @ weights(asked, desk.scope)
    ours, theirs = cover[: len(mine)], cover[len(mine) :]
    weakest = weakest_term(asked, held, np.argsort(-ours, kind="stable"), desk.scope)
    return float(ours.max() - theirs.max()), _share(cover, len(mine)), weakest


def _share(cover: Floats, mine: int) -> float:
    """How much of the best of both is ours, the better ones counting more."""
    best = np.argsort(-cover, kind="stable")[:BEST]
    weight = np.exp((cover[best] - cover[best[0]]) * SHARPNESS)
    return float(weight[best < mine].sum() / weight.sum())


def _best(desk: Desk, author: Author) -> list[Comment]:
    """The author's comments that come nearest to the question, in the thread's order."""
    theirs = [comment for comment in desk.comments if comment.author is not None and comment.author.id == author.id]
    hits = desk.hits(desk.question.standalone, k=BEST_OF_EACH, among=theirs)
    found = [desk.scope.comment(hit) for hit in hits]
    return sorted(found, key=lambda c: desk.scope.threads[c.thread_id].position[c.id])


def _asked(question: str, two: Pair) -> tuple[str, ...]:
    """The terms of the question but for the names of the two."""
    names = {term for author in two for name in (author.handle, author.name or "") for term in terms(name)}
    return tuple(term for term in dict.fromkeys(terms(question)) if term not in names)
