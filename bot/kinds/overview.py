"""What it is all about: the opening post and the positions that most commenters share; of a subject, the ranked points.

Positions are found in bot.evidence.positions. Not here: headline, shares and the page's own summary
(bot.digests.digest).
"""

from bot.evidence.points import says_something, whole
from bot.evidence.positions import positions, quotable, texts
from bot.kinds.replies import openers
from bot.kinds.workbench import POINTS, Desk, key
from bot.values.answer import Draft, DraftStatement
from bot.values.inquiry import Question


def write(question: Question, desk: Desk) -> Draft:
    """A summary of everything, or of what is said about a subject."""
    if question.about_anything:
        return desk.said(desk.ranked) if desk.answers else desk.gap("unsaid")
    desk.look_at(desk.comments)
    if not desk.comments:
        return desk.gap("unsaid")
    most = question.number or POINTS
    first = [whole(post) for post in openers(desk)[:2] if key(post) in desk.keys]
    first = [point for point in first if says_something(point, desk.scope)]
    shown = {key(point.comment) for point in first}
    said = [point.stated() for point in first]
    for thread in desk.threads:
        only = {comment.id for comment in desk.comments if comment.thread_id == thread.id}
        spoken = texts(thread)
        for position in quotable(positions(thread, desk.scope, only=only, said=spoken), thread, spoken):
            words = [quote for quote in position.quotes if (quote.thread_id, quote.comment_id) not in shown][:1]
            said += [DraftStatement(evidence=tuple(words))] if words else []
    told = {(e.thread_id, e.comment_id) for statement in said for e in statement.evidence}
    rest = [point for point in desk.by_activity(desk.comments) if key(point.comment) not in told]
    said += [point.stated() for point in rest]
    return Draft(
        writer=desk.writer,
        statements=tuple(said[:most]),
        more=tuple(said[most : most + POINTS]),
        note=desk.note,
    )
