"""Two people beside each other: what each says, by turns, and what one replied to the other."""

from collections.abc import Sequence

from bot.evidence.points import Point, whole
from bot.evidence.reply_edges import replies_of
from bot.kinds.workbench import Desk, key, wrote
from bot.values.answer import Draft
from bot.values.inquiry import Question
from bot.values.people import Person
from corpus.thread import Comment

EACH = 3
EXCHANGED = 4
BETWEEN = "What they replied to each other"


def write(question: Question, desk: Desk) -> Draft:
    """Both people's points; where one of them posted nothing, the other's and that this is so."""
    views = [_views(question, person, desk) for person in question.people]
    by_turns = [view[place] for place in range(EACH) for view in views if place < len(view)]
    if not by_turns:
        return desk.gap("absent")
    shown = {key(point.comment) for point in by_turns}
    between = [whole(comment) for comment in _exchanged(question, desk) if key(comment) not in shown]
    draft = desk.said(by_turns, limit=2 * EACH, others=between[:EXCHANGED], heading=BETWEEN)
    return draft if all(views) else draft.model_copy(update={"gap": "absent"})


def _views(question: Question, person: Person, desk: Desk) -> Sequence[Point]:
    """The fitting points of one person; of no subject, what most happened around."""
    theirs = desk.by(person)
    desk.look_at(theirs)
    if not theirs:
        return []
    found = desk.points(question.subject, among=theirs) if question.about_anything else desk.by_activity(theirs)
    return found[:EACH]


def _exchanged(question: Question, desk: Desk) -> list[Comment]:
    """Replies of one to the other, in the order of the thread."""
    replies = replies_of(desk.scope.threads)
    one, other = question.people

    def answers(comment: Comment) -> bool:
        post = replies[comment.thread_id].answered_by(comment.id)
        return post is not None and (
            (wrote(comment, one) and wrote(post, other)) or (wrote(comment, other) and wrote(post, one))
        )

    return [comment for comment in desk.comments if answers(comment)]
