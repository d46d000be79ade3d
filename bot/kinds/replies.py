"""Who replied to somebody or something, whatever they say: replies are told by the data, nothing is read into them.

Not here: which post answers which (bot.evidence.reply_edges).
"""

from collections.abc import Sequence

from bot.evidence.reply_edges import replies_of
from bot.kinds.workbench import Desk, key, wrote
from bot.values.answer import Draft, Finding
from bot.values.inquiry import Question
from corpus.thread import Comment

CLOSE = 0.8
"""Of the best post's score, what another one of the same person needs to be meant as well."""


def write(question: Question, desk: Desk) -> Draft:
    """The replies by others to the posts that are meant, best first; else the ranked answer."""
    if question.unanswered:
        return _left_open(desk)
    if question.person is not None and not desk.by(question.person):
        return desk.gap("absent")
    posts = _meant(question, desk)
    edges = replies_of(desk.scope.threads)
    replies = [
        reply
        for post in posts
        for reply in edges[post.thread_id].from_others(post.id)
        if key(reply) in desk.keys and not reply.is_bot and (question.by is None or wrote(reply, question.by))
    ]
    replies = list({key(reply): reply for reply in replies}.values())
    desk.look_at(replies)
    if not replies:
        return desk.gap("unanswered") if posts else desk.gap("unsaid")
    finding = Finding(targets=tuple(key(post) for post in posts))
    found = desk.points(question.sought, k=len(replies), among=replies) or desk.by_activity(replies)
    draft = desk.said(found, finding=finding, counted=replies, by="data")
    heading = f"Replies to {question.person.shown}" if question.person is not None else "Replies"
    first, *rest = draft.statements
    return draft.model_copy(update={"statements": (first.model_copy(update={"heading": heading}), *rest)})


def _meant(question: Question, desk: Desk) -> list[Comment]:
    """The posts whose replies are asked for."""
    threads = desk.scope.threads
    if question.cited:
        found = [threads[t].by_id[c] for t, c in question.cited if t in threads and c in threads[t].by_id]
        return [comment for comment in found if comment.citable]
    if question.person is not None:
        theirs = desk.by(question.person)
        if not question.about_anything:
            return theirs
        found_points = desk.points(question.subject, among=theirs)
        return [point.comment for point in found_points if point.score >= CLOSE * found_points[0].score]
    return openers(desk)


def openers(desk: Desk) -> list[Comment]:
    """The posts that opened the discussion: the first of each thread."""
    roots = [thread.by_id[thread.roots[0]] for thread in desk.threads if thread.roots]
    return [root for root in roots if root.citable]


def _left_open(desk: Desk) -> Draft:
    """The posts that end with a question mark and that nobody else replied to; the most active first."""
    edges = replies_of(desk.scope.threads)
    desk.look_at(desk.comments)
    left = [
        comment for comment in desk.comments if _asks(comment) and not edges[comment.thread_id].from_others(comment.id)
    ]
    if not left:
        return desk.gap("unsaid")
    return desk.said(desk.by_activity(_humans(left)), finding=Finding(), counted=left, by="data")


def _asks(comment: Comment) -> bool:
    return comment.text.rstrip().endswith(("?", "？", "؟"))


def _humans(comments: Sequence[Comment]) -> list[Comment]:
    return [comment for comment in comments if not comment.is_bot] or list(comments)
