"""Questions about when: what was said within a time, before or after something, and when something was said.

Which times a question names is read in bot.questions.times. Not here: first and last posts (bot.kinds.superlative).
"""

from collections.abc import Sequence

from bot.evidence import answerable
from bot.evidence.points import Point, whole
from bot.kinds.replies import openers
from bot.kinds.workbench import POINTS, Desk
from bot.values.answer import Draft, Finding
from bot.values.inquiry import Question
from corpus.thread import Comment

CLOSE = 0.8
"""Of the best post's score, what another one needs to be meant as well."""


def write(question: Question, desk: Desk) -> Draft:
    """What was said within the time, around the turn, or the posts whose time is asked for."""
    if not any(c.posted_at for thread in desk.threads for c in thread.comments):
        return desk.gap("untimed")
    if question.person is not None and not question.person.known:
        return desk.gap("absent")
    if question.turn is not None:
        return _around(question, desk)
    if question.window is not None:
        return _within(question, desk)
    posts, found = _meant(question, desk)
    if not posts:
        return desk.gap("silent" if question.person is not None else "unsaid")
    points = found[:POINTS] or [whole(post) for post in posts[:POINTS]]
    return desk.said(_by_time(points), finding=Finding())


def _meant(question: Question, desk: Desk) -> tuple[list[Comment], list[Point]]:
    """The posts that the question points at, and where it names a subject the points on it, best first."""
    threads = desk.scope.threads
    if question.cited:
        found = [threads[t].by_id[c] for t, c in question.cited if t in threads and c in threads[t].by_id]
        return [comment for comment in found if comment.citable], []
    if question.opening:
        return openers(desk), []
    among = None if question.person is None else desk.by(question.person)
    if not question.about_anything:
        return among or [], []
    if among is not None and not among:
        return [], []
    points = desk.points(question.subject, among=among)
    if not answerable.answers(question.subject, points, desk.scope):
        return [], []
    near = [point for point in points if point.score >= CLOSE * points[0].score]
    return [point.comment for point in near], near


def _within(question: Question, desk: Desk) -> Draft:
    comments = desk.by(question.person) if question.person is not None else list(desk.comments)
    desk.look_at(comments)
    if not comments:
        return desk.gap("no such time", finding=desk.span)
    if not question.about_anything:
        found = desk.by_activity(comments)
        told = _by_time(found[:POINTS])
        return desk.said([*told, *found[POINTS:]], finding=desk.span, counted=comments, by="data")
    found = desk.points(question.subject, among=comments)
    if not answerable.answers(question.subject, found, desk.scope):
        return desk.gap("unsaid", finding=desk.span, nearest=found)
    return desk.said(found, finding=desk.span)


def _around(question: Question, desk: Desk) -> Draft:
    """The post that was the turn, and what was said before or after it: replies first, then what bears on it."""
    posts, found = _meant(question, desk)
    turns = [post for post in posts if post.posted_at is not None]
    if not turns:
        return desk.gap("unsaid")
    turn = turns[0] if found else min(turns, key=_moment)
    when, after = turn.posted_at, question.turn == "after"
    others = [c for c in desk.comments if c.posted_at and when and c.id != turn.id and (c.posted_at > when) == after]
    desk.look_at(others)
    finding = Finding(since=when if after else None, until=None if after else when)
    if not others:
        return desk.gap("no such time", finding=finding)
    words = next((point for point in found if point.comment.id == turn.id), whole(turn))
    subject = question.subject or turn.text[:300]
    near = desk.points(subject, among=others) or desk.by_activity(others)
    return desk.said([words, *_by_time(near[: POINTS - 1])], finding=finding)


def _moment(comment: Comment) -> float:
    return comment.posted_at.timestamp() if comment.posted_at else 0.0


def _by_time(points: Sequence[Point]) -> list[Point]:
    return sorted(points, key=lambda point: _moment(point.comment))
