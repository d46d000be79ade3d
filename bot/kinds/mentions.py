"""How many speak of something, and who: every comment that holds its words, counted over distinct people.

What is counted is who *mentions* it, whatever they say of it. Not here: counting people (bot.verification.counting).
"""

from bot.evidence.answerable import telling
from bot.evidence.points import Point
from bot.kinds.workbench import Desk
from bot.values.answer import Draft, Finding, Note
from bot.values.inquiry import Question

SHOWN = 5
MENTIONS, MAY_MENTION = 0.8, 0.4
"""Of a subject's terms by rarity, what a post must hold to mention it, and to touch it."""


def write(question: Question, desk: Desk) -> Draft:
    """Everybody who mentions it; of no subject, everybody who posted."""
    among = list(desk.comments) if question.person is None else desk.by(question.person)
    if question.person is not None and not among:
        return desk.gap("absent")
    if not question.about_anything:
        desk.look_at(among)
        finding = desk.span or Finding()
        return desk.said(desk.by_activity(among), limit=SHOWN, finding=finding, counted=among, by="data")
    found = _speaking(question, desk)
    held = [point for point in found if point.cover >= MENTIONS]
    touching = [point for point in found if MAY_MENTION <= point.cover < MENTIONS]
    if not held:
        return desk.gap("unsaid" if not desk.answers else "unmentioned")
    counted = [other.comment for point in held for other in (point, *point.also)]
    unclear = [other.comment for point in touching for other in (point, *point.also)]
    note: Note | None = None if question.sided or not question.people_counted else "mentions"
    return desk.said(held, limit=SHOWN, counted=counted, unclear=unclear, by="mentions", note=note)


def _speaking(question: Question, desk: Desk) -> list[Point]:
    """The posts by how much of the subject they hold, in the order of the ranking among equals."""
    subject = " ".join(telling(question.subject))
    among = None if question.person is None else desk.by(question.person)
    found = desk.points(subject or question.subject, k=len(desk.comments), among=among)
    return sorted(found, key=lambda point: -round(point.cover, 3))
