"""Lists: the links that were posted, which the data tells; of anything else as many points as fit."""

import re

from bot.evidence.points import Point
from bot.kinds.workbench import Desk
from bot.values.answer import Draft, Finding
from bot.values.inquiry import Question
from corpus.thread import Comment

MOST = 10
_LINK = re.compile(r"(?:https?://|www\.)\S+")


def write(question: Question, desk: Desk) -> Draft:
    """The comments that hold a link, in the source's order; else what fits the subject, best first."""
    if not question.links:
        return desk.said(desk.ranked, limit=MOST) if desk.answers else desk.gap("unmentioned")
    holding = [point for comment in desk.comments if (point := _link(comment)) is not None]
    desk.look_at(desk.comments)
    if not holding:
        return desk.gap("no links")
    counted = [point.comment for point in holding]
    return desk.said(holding, limit=MOST, finding=Finding(), counted=counted, by="data")


def _link(comment: Comment) -> Point | None:
    """The comment by its first link of its own."""
    spans = (found.span() for found in _LINK.finditer(comment.text))
    own = next((span for span in spans if comment.own_words(*span)), None)
    return Point(comment, *own, score=0.0) if own is not None else None
