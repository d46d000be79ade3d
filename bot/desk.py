"""What every kind of question is answered at: the posts that it is about, and the steps from these to a draft.

Not here: which steps a kind takes (bot.kinds), how points are made (bot.points), whether they answer (bot.abstain).
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from bot import abstain
from bot.answer import Draft, DraftStatement, Finding, Gap, Role
from bot.commands import addressed_to_machines
from bot.inquiry import Key, Question
from bot.manner import manner
from bot.people import Person
from bot.points import Point, opening, points, together
from bot.scope import Scope
from corpus.text import sentences
from corpus.thread import Comment, Thread
from index.hit import Hit
from index.lexical import terms

COUNTED = 200
"""Comments whose words are looked at for a count though they hold none that is asked for, only near ones."""
CANDIDATES = 30
"""Comments whose sentences are looked at for an answer."""
MAX_POINTS: dict[str, int] = {"who": 3, "says": 5, "yes-no": 6}
POINTS = 8
RELATIVE: dict[str, float] = {"who": 0.8, "says": 0.6, "count": 0.0}
"""A point scoring less than this share of the best one is left out."""
CLOSE = 0.55
TURNED = 0.5
"""Of what a follow-up turns to, the share of the words that a comment must hold, near words in part."""


OR = re.compile(r"\s+or\s+", re.I)
"""Who mentions "dust or asthma" mentions either."""


class Desk:
    """One question, the posts that it may be answered from, and what is done with these."""

    def __init__(self, question: Question, scope: Scope, exclude: Collection[str], *, writer: str) -> None:
        self.question = question
        self.scope = scope
        self.writer = writer
        self._exclude = frozenset(exclude)
        self._shown = frozenset(question.shown)

    @property
    def threads(self) -> Iterable[Thread]:
        return self.scope.threads.values()

    @cached_property
    def comments(self) -> tuple[Comment, ...]:
        """The posts that the question is about, in the source's order: of its time, without what is left out."""
        return tuple(c for thread in self.threads for c in thread.comments if c.citable and self._asked(c))

    @cached_property
    def keys(self) -> frozenset[Key]:
        return frozenset((comment.thread_id, comment.id) for comment in self.comments)

    @cached_property
    def narrowed(self) -> bool:
        """Whether the question is about some of the posts only."""
        return self.question.window is not None or bool(self._shown)

    @property
    def span(self) -> Finding | None:
        """The time that the question is about."""
        window = self.question.window
        return Finding(since=window.since, until=window.until) if window is not None else None

    def _asked(self, comment: Comment) -> bool:
        window = self.question.window
        return (
            comment.id not in self._exclude
            and (comment.thread_id, comment.id) not in self._shown
            and (window is None or window.holds(comment.posted_at))
        )

    def by(self, person: Person) -> list[Comment]:
        """The posts that are, or probably are, by a person."""
        return [comment for comment in self.comments if wrote(comment, person)]

    def hits(self, subject: str, *, k: int = CANDIDATES, among: Sequence[Comment] | None = None) -> list[Hit]:
        """The posts nearest to the subject, best first; `among` some of them only."""
        some = self.comments if among is None else among
        kept = self.keys if among is None else {(comment.thread_id, comment.id) for comment in among}
        only = {comment.id for comment in some} if among is not None or self.narrowed else None
        found = self.scope.hits(subject, k=k + (len(self._exclude) if only is None else 0), only=only)
        return [hit for hit in found if (hit.thread_id, hit.comment_id) in kept][:k]

    def points(self, wanted: str, hits: Sequence[Hit], *, asks: bool = True) -> list[Point]:
        """The fitting sentences of the hits, best first; of a follow-up those only that speak of what it turns to."""
        return points(wanted, hits, self.scope, asks=asks)

    def speaking(self, subject: str, *, among: Sequence[Comment] | None = None) -> list[Point]:
        """Of each post that holds any of the subject's words the sentence with most of them, near ones in part.

        By words alone, and of however many posts: what is counted is not cut short.
        """
        either = [part for part in OR.split(subject) if terms(part)]
        if len(either) > 1:
            every = [point for part in either for point in self.speaking(part, among=among)]
            fullest = {key(point.comment): point for point in sorted(every, key=lambda point: point.cover)}
            return sorted(fullest.values(), key=lambda point: (-point.cover, -point.score))
        asked = tuple(dict.fromkeys(terms(subject)))
        hits = self.hits(subject, k=len(self.comments), among=among)
        comments = [self.scope.comment(hit) for place, hit in enumerate(hits) if place < COUNTED or hit.lexical > 0]
        read = [(c, a, b) for c in comments for a, b in sentences(c.text) if c.own_words(a, b)]
        if not asked or not read:
            return []
        held = self.scope.held(asked, [comment.text[a:b] for comment, a, b in read])
        weights = np.array([self.scope.rarity(term) for term in asked], dtype=np.float32)
        total = float(weights.sum()) or 1.0
        most: dict[Key, np.ndarray[tuple[int], np.dtype[np.float32]]] = {}
        best: dict[Key, tuple[float, Point]] = {}
        for (comment, a, b), row in zip(read, held, strict=True):
            place = key(comment)
            most[place] = np.maximum(row, most[place]) if place in most else row
            cover, one = float(most[place] @ weights) / total, float(row @ weights) / total
            if place in best and one <= best[place][0]:
                one, point = best[place]
                best[place] = one, replace(point, cover=cover)
            else:
                best[place] = one, Point(comment, a, b, score=one, fit=one, near=one, cover=cover)
        return sorted((point for _, point in best.values()), key=lambda point: (-point.cover, -point.score))

    def turned(self, found: Sequence[Point]) -> list[Point]:
        """Of a follow-up, the points that speak of what it turns to, in its words or near ones; else all."""
        wanted = tuple(dict.fromkeys(terms(self.question.focus or "")))
        if not wanted or not found:
            return list(found)
        held = self.scope.held(wanted, [point.comment.text for point in found]).mean(axis=1)
        return [point for point, share in zip(found, held, strict=True) if share >= TURNED]

    def answered(self, found: Sequence[Point], *, wanted: str | None = None, of_one: bool | None = None) -> bool:
        """Whether the points answer what is wanted."""
        one = self.question.kind == "says" if of_one is None else of_one
        topic = self.question.kind == "open" and self.question.subject != self.question.standalone
        return abstain.answers(wanted or self.question.wanted, found, self.scope, of_one=one, topic=topic)

    def said_only(self, found: Sequence[Point]) -> list[Point]:
        """Without the words that merely ask or joke, where anything else is left within reach of the best.

        Posts that give orders to machines are left out wherever others are left: they are no view of the subject.
        """
        found = [point for point in found if not addressed_to_machines(point.comment.text)] or found
        kept = [point for point in found if manner(point.comment, point.start, point.end) not in {"asks", "jokes"}]
        floor = CLOSE * (found[0].score if found else 0.0)
        return kept if kept and kept[0].score >= floor else list(found)

    def near(self, found: Sequence[Point], *, per_author: int = 2, limit: int | None = None) -> list[Point]:
        """Of the points those that stand near the best one, put together where they say the same."""
        kind = self.question.kind
        floor = RELATIVE.get(kind, CLOSE) * (found[0].score if found else 0.0)
        close = [point for point in found if point.score >= floor]
        return together(close, self.scope, limit=limit or MAX_POINTS.get(kind, POINTS), per_author=per_author)

    def openings(self, comments: Sequence[Comment], *, ordered: bool = False) -> list[Point]:
        """The comments by how they open: the most active first, or as they come."""
        threads = self.scope.threads
        ranked = comments if ordered else sorted(comments, key=lambda c: -threads[c.thread_id].activity[c.id])
        return [opening(comment, 1 - place / (4 * len(ranked))) for place, comment in enumerate(ranked)]

    def look_at(self, comments: Iterable[Comment]) -> None:
        """Note what was looked at without a ranking: coverage tells how many."""
        self.scope.looked_at.update((comment.thread_id, comment.id) for comment in comments)

    # drafts

    def draft(
        self,
        statements: Sequence[DraftStatement],
        *,
        finding: Finding | None = None,
        matched: Iterable[Key] = (),
        unclear: Iterable[Key] = (),
    ) -> Draft:
        return Draft(
            writer=self.writer,
            statements=tuple(statements),
            finding=finding,
            matched=tuple(matched),
            unclear=tuple(unclear),
        )

    def said(self, found: Sequence[Point], *, role: Role | None = None, finding: Finding | None = None) -> Draft:
        return self.draft([stated(point, role) for point in found], finding=finding)

    def gap(self, gap: Gap, nearest: Sequence[Point] = (), *, finding: Finding | None = None) -> Draft:
        near = tuple(point.evidence for point in nearest[:3])
        return Draft(writer=self.writer, gap=gap, nearest=near, finding=finding)


def stated(point: Point, role: Role | None = None) -> DraftStatement:
    """A point, and those who say the same, as a statement."""
    return DraftStatement(evidence=(point.evidence, *(other.evidence for other in point.also)), role=role)


def wrote(comment: Comment, person: Person) -> bool:
    """Whether the comment is, or probably is, by the person."""
    if comment.author is not None:
        return comment.author.id in {author.id for author in person.authors}
    candidate = comment.author_candidate
    return candidate is not None and candidate.author.id in {a.id for a in (*person.authors, *person.candidates)}


def key(comment: Comment) -> Key:
    return comment.thread_id, comment.id
