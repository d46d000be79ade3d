"""The default writer: answers from quotes alone, with no model beyond the embedder.

Each kind of question has its own way to a Draft (bot.kinds), over one ranking of the whole discussion
(bot.kinds.workbench). It names nobody and counts nothing: bot.verification.verify does.
"""

from collections.abc import Callable, Collection

from bot.evidence.scope import Scope
from bot.kinds import (
    comparison,
    listing,
    mentions,
    open,  # noqa: A004  # a kind of question
    overview,
    person,
    quotation,
    replies,
    sides,
    superlative,
    time,
)
from bot.kinds.workbench import Desk
from bot.values.answer import Draft, DraftStatement, Gap, Kind
from bot.values.inquiry import Question
from bot.verification.verify import EXTRACTIVE, NO_QUESTION

WRITTEN: dict[Kind, Callable[[Question, Desk], Draft]] = {
    "open": open.write,
    "person": person.write,
    "mentions": mentions.write,
    "replies": replies.write,
    "sides": sides.write,
    "overview": overview.write,
    "listing": listing.write,
    "superlative": superlative.write,
    "time": time.write,
    "quotation": quotation.write,
    "comparison": comparison.write,
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
            gap: Gap = "no such time" if question.window is not None else "no more"
            return desk.gap(gap, finding=desk.span, nearest=())
        return WRITTEN[question.kind](question, desk)
