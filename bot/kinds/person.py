"""What a named person says: theirs first, then what others say of it, under a heading of its own."""

import re
from collections.abc import Iterable

from bot.evidence import answerable
from bot.evidence.points import whole
from bot.kinds.workbench import POINTS, Desk, wrote
from bot.values.answer import Draft
from bot.values.inquiry import Question
from bot.values.people import Person
from corpus.thread import Comment

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
    if not theirs and (question.shown or question.window is not None):
        return desk.gap("no more", nearest=()) if question.shown else desk.gap("no such time", finding=desk.span)
    if not theirs:
        return _spoken_of(person, desk)
    if not question.about_anything:
        desk.look_at(theirs)
        return desk.said(desk.by_activity(theirs), finding=desk.span)
    found = desk.points(question.sought, among=theirs)
    if not desk.answers and not answerable.answers(question.sought, found, desk.scope):
        return desk.gap("silent", nearest=found)
    others = [point for point in desk.ranked[:POINTS] if not wrote(point.comment, person)][:OTHERS]
    return desk.said(found, limit=BESIDE if others else POINTS, others=others, heading="Others on this")


def _spoken_of(person: Person, desk: Desk) -> Draft:
    """That the person posted nothing here; then who speaks of them, under a heading of its own."""
    naming = naming_them(person, desk.comments)
    if not naming:
        return desk.gap("absent", nearest=())
    found = desk.points(desk.question.sought, among=naming) or [whole(comment) for comment in naming]
    draft = desk.said((), others=found[:POINTS], heading=f"Who speaks of {person.shown}")
    return draft.model_copy(update={"gap": "absent"})


def naming_them(person: Person, comments: Iterable[Comment]) -> list[Comment]:
    """The comments that name the person, as a whole word in any case of letters."""
    pattern = re.compile(rf"(?<!\w)@?{re.escape(person.said.removeprefix('@'))}(?!\w)", re.I)
    return [comment for comment in comments if pattern.search(comment.text)]
