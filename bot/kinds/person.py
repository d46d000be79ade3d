"""What a named person says: theirs first, then what others say of it, under a heading of its own."""

from bot import abstain
from bot.answer import Draft
from bot.desk import POINTS, Desk, wrote
from bot.inquiry import Question

OTHERS = 2
"""Points of others that follow."""
BESIDE = POINTS - OTHERS
"""Points of the person where those of others follow."""


def write(question: Question, desk: Desk) -> Draft:
    """The person's posts that fit, or the most active of them; where they say nothing, what others say."""
    person = question.person
    if person is None:
        return desk.gap("unsaid")
    theirs = desk.by(person)
    if not theirs:
        gap = "no more" if question.shown else "no such time" if question.window is not None else "absent"
        return desk.gap(gap, finding=desk.span)
    if not question.about_anything:
        desk.look_at(theirs)
        return desk.said(desk.by_activity(theirs), finding=desk.span)
    found = desk.points(question.sought, among=theirs)
    if not desk.answers and not abstain.answers(question.sought, found, desk.scope):
        return desk.gap("silent", nearest=found)
    others = [point for point in desk.ranked[:POINTS] if not wrote(point.comment, person)][:OTHERS]
    return desk.said(found, limit=BESIDE if others else POINTS, others=others, heading="Others on this")
