"""The default writer: answers from quotes alone, with no model beyond the embedder.

Each kind of question has its own way to a Draft (bot.kinds). It names nobody and counts nothing: bot.verify does.
"""

from collections.abc import Callable, Collection

from bot.answer import Draft, DraftStatement, Kind
from bot.desk import Desk
from bot.inquiry import Question
from bot.kinds import claims, comparison, exchanges, overview, quotations, superlatives, tally, times, views
from bot.scope import Scope
from bot.verify import EXTRACTIVE, NO_QUESTION
from bot.whose import said_by_the_other

OF_ONE: frozenset[Kind] = frozenset({"open", "says", "who", "yes-no"})
"""Kinds that may ask one of two people about what the other one said."""

WRITTEN: dict[Kind, Callable[[Question, Desk], Draft]] = {
    "open": views.open_question,
    "who": tally.who,
    "says": views.says,
    "count": tally.write,
    "agreement": exchanges.write,
    "disagreement": exchanges.write,
    "replies": exchanges.write,
    "sides": overview.sides,
    "summary": overview.summary,
    "superlative": superlatives.write,
    "time": times.write,
    "quote": quotations.write,
    "comparison": comparison.write,
    "yes-no": claims.write,
}


class ExtractiveWriter:
    """Writes drafts whose every sentence is a quote."""

    name = EXTRACTIVE

    def write(
        self,
        question: Question,
        scope: Scope,
        *,
        exclude: Collection[str] = (),
        told: Callable[[DraftStatement], None] | None = None,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> Draft:
        """The draft of an answer, or a gap with the nearest comments; at once, so that nothing is told on the way."""
        if question.kind in NO_QUESTION:
            return Draft(writer=self.name, gap=question.kind)
        if not any(comment.citable for thread in scope.threads.values() for comment in thread.comments):
            return Draft(writer=self.name, gap="unindexed")
        desk = Desk(question, scope, exclude, writer=self.name)
        if desk.narrowed and not desk.comments:
            return desk.gap("no such time" if question.window is not None else "no more", finding=desk.span)
        spoken = question.kind in OF_ONE and question.act is None and not question.asked
        theirs = said_by_the_other(desk) if spoken else None
        return WRITTEN[question.kind](question, desk) if theirs is None else desk.gap("the other", theirs)
