"""What every kind of question is answered at: the ranking of the whole discussion, and the steps from it to a draft.

Not here: which steps a kind takes (bot.kinds), how points are made (bot.evidence.points), whether they answer
(bot.evidence.answerable).
"""

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

from bot.evidence import answerable
from bot.evidence.points import Point, distinct, orders_machines, points, says_something, whole
from bot.evidence.scope import Scope
from bot.values.answer import Draft, DraftStatement, Finding, Gap, Note
from bot.values.inquiry import Key, Question
from bot.values.people import Person
from corpus.text.plain import bare
from corpus.thread import Comment, Thread
from index.ranking.hit import Hit

CANDIDATES = 30
"""Comments of the ranking that are looked at for an answer."""
POINTS = 5
"""Points of an answer, where the question asks for no number or list."""
MORE = 10
"""Further points that are kept behind "more"."""
NEAREST = 3


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
        return self.question.window is not None or bool(self._shown) or bool(self.question.without)

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
            and not any(wrote(comment, person) for person in self.question.without)
        )

    @cached_property
    def ranked(self) -> tuple[Point, ...]:
        """The distinct points of the whole discussion, best first: the ground that every answer stands on."""
        return tuple(self.points(self.question.sought))

    @cached_property
    def answers(self) -> bool:
        """Whether the ranking answers the question."""
        return bool(self.ranked) and answerable.answers(self.question.sought, self.ranked, self.scope)

    def by(self, person: Person) -> list[Comment]:
        """The posts that are, or probably are, by a person."""
        return [comment for comment in self.comments if wrote(comment, person)]

    def hits(self, sought: str, *, k: int = CANDIDATES, among: Sequence[Comment] | None = None) -> list[Hit]:
        """The posts nearest to what is sought, best first; `among` some of them only."""
        some = self.comments if among is None else among
        kept = self.keys if among is None else {key(comment) for comment in among}
        only = {comment.id for comment in some} if among is not None or self.narrowed else None
        found = self.scope.hits(sought, k=k + (len(self._exclude) if only is None else 0), only=only)
        return [hit for hit in found if (hit.thread_id, hit.comment_id) in kept][:k]

    def points(self, sought: str, *, k: int = CANDIDATES, among: Sequence[Comment] | None = None) -> list[Point]:
        """The distinct points for what is sought, best first; `among` some of the posts only."""
        found = points(sought, self.hits(sought, k=k, among=among), self.scope)
        asked = bare(self.question.text)
        kept = [p for p in found if says_something(p, self.scope) and bare(p.comment.text) != asked]
        return distinct(sorted(kept, key=lambda point: orders_machines(point.comment.text)), self.scope)

    def by_activity(self, comments: Sequence[Comment]) -> list[Point]:
        """The comments as points, those first around which most happened."""
        threads = self.scope.threads
        ranked = sorted(comments, key=lambda c: -threads[c.thread_id].activity[c.id])
        found = [whole(comment) for comment in ranked]
        return distinct([point for point in found if says_something(point, self.scope)] or found, self.scope)

    def look_at(self, comments: Iterable[Comment]) -> None:
        """Note what was looked at without a ranking: coverage tells how many."""
        self.scope.looked_at.update(key(comment) for comment in comments)

    # drafts

    def said(
        self,
        found: Sequence[Point],
        *,
        limit: int | None = None,
        others: Sequence[Point] = (),
        heading: str | None = None,
        finding: Finding | None = None,
        counted: Sequence[Comment] | None = None,
        unclear: Sequence[Comment] = (),
        by: str | None = None,
        note: Note | None = None,
    ) -> Draft:
        """The first points, then those of others under their heading; the rest behind "more".

        `counted` are the comments that a number is told of, `by` what the number is of.
        """
        most = limit or self.question.number or POINTS
        statements = [point.stated() for point in found[:most]]
        told = {key(point.comment) for point in found}
        extra = [point for point in others if key(point.comment) not in told]
        statements += [point.stated(heading if place == 0 else None) for place, point in enumerate(extra)]
        return Draft(
            writer=self.writer,
            statements=tuple(statements),
            more=tuple(point.stated() for point in found[most : most + MORE]),
            finding=finding,
            matched=tuple(key(comment) for comment in counted or ()),
            unclear=tuple(key(comment) for comment in unclear),
            counted_by=by,
            note=note or self.note,
        )

    def drafted(
        self, statements: Sequence[DraftStatement], *, finding: Finding, counted: Sequence[Comment] = ()
    ) -> Draft:
        """Statements that a kind made itself, of what the data tells."""
        matched = tuple(key(comment) for comment in counted)
        return Draft(
            writer=self.writer, statements=tuple(statements), finding=finding, matched=matched, counted_by="data"
        )

    def gap(self, gap: Gap, *, finding: Finding | None = None, nearest: Sequence[Point] | None = None) -> Draft:
        """What the form of the question did not find. The ranked answer stands beside it, where there is one."""
        near = self.ranked if nearest is None else nearest
        draft = Draft(
            writer=self.writer,
            gap=gap,
            finding=finding,
            nearest=tuple(point.evidence for point in near[:NEAREST]),
            note=self.note,
        )
        if gap in _FINAL or (nearest is not None and not nearest) or not self.answers:
            return draft
        told = self.said(self.ranked)
        return draft.model_copy(update={"statements": told.statements, "more": told.more, "nearest": ()})

    @property
    def note(self) -> Note | None:
        if self.question.sided:
            return "sides"
        return "tone" if self.question.tone else None


_FINAL: frozenset[Gap] = frozenset({"unsaid", "no more", "unindexed"})
"""Gaps that no ranked answer stands beside: nothing answers, or everything was shown."""


def wrote(comment: Comment, person: Person) -> bool:
    """Whether the comment is, or probably is, by the person."""
    if comment.author is not None:
        return comment.author.id in {author.id for author in person.authors}
    candidate = comment.author_candidate
    return candidate is not None and candidate.author.id in {a.id for a in (*person.authors, *person.candidates)}


def key(comment: Comment) -> Key:
    return comment.thread_id, comment.id
