"""Exact words: "did anyone say 'the tax doubled'?": who wrote them, by the data.

Not here: how a phrase is found in a comment (bot.evidence.quote_places).
"""

from bot.evidence import quote_places
from bot.evidence.points import Point, distinct
from bot.kinds.workbench import Desk, wrote
from bot.values.answer import Draft, Finding
from bot.values.inquiry import Question
from corpus.thread import Comment

MOST = 8


def write(question: Question, desk: Desk) -> Draft:
    """The comments whose own words hold the phrase; where a person is asked about, theirs first."""
    phrase = question.phrase or question.subject
    desk.look_at(desk.comments)
    held = [point for comment in desk.comments if (point := _holding(comment, phrase)) is not None]
    if not held:
        return desk.gap("unwritten", nearest=desk.points(phrase))
    person = question.person
    theirs = [point for point in held if person is not None and wrote(point.comment, person)]
    told = theirs or held
    draft = desk.said(
        distinct(told, desk.scope),
        limit=MOST,
        finding=Finding(),
        counted=[point.comment for point in told],
        by="data",
    )
    return draft if person is None or theirs else draft.model_copy(update={"gap": "unwritten"})


def _holding(comment: Comment, phrase: str) -> Point | None:
    """The phrase in the comment's own words; in any case of letters."""
    folded = comment.text.casefold()
    text = folded if len(folded) == len(comment.text) else comment.text
    places = quote_places.spans(text, phrase.casefold() if text is folded else phrase)
    own = next((span for span in places if comment.own_words(*span)), None)
    return Point(comment, *own, score=1.0, near=1.0, cover=1.0) if own is not None else None
