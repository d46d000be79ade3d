"""A question that somebody in a talk has put in these very words: answered by the turns that answer it there.

"Who wants to take notes today?" was put to the people of the meeting; whoever answered it may use none of its words.
So the turns after it are judged (index.answering), whatever kind of question it is by its form; where none of them is
likely an answer, it was left open as far as can be told, and what was said next is offered as just that.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from bot.answer import Draft
from bot.desk import POINTS, Desk, key
from bot.inquiry import Key, Question
from bot.points import Point, opening
from corpus.thread import Comment, Thread
from index.answering import REACH, answers, anyone_answers
from index.cues import asks, same_question
from index.passages import relation

SAME = 0.95
"""How surely a turn must ask the very question (index.cues.same_question)."""
FEWEST_WORDS = 3
LONGEST = 3
"""Turns that a question may take."""
LONGER = 1.5
"""A turn longer than this times the question says much besides."""
ANYONE = 0.8
"""How likely any of the turns must answer: benchmarks/fit_answering.py has what declining below it reaches."""
LIKELY = 0.27
"""From which on a turn is shown as an answer; the likeliest one always is."""


def read(asked: str, threads: Sequence[Thread]) -> Question | None:
    """The question, where it was put in these words in the one talk that is asked."""
    if len(threads) != 1 or len(asked.split()) < FEWEST_WORDS:
        return None
    found = tuple(_asking(asked, threads[0]))
    if not found or relation(threads[0]) != "turns":
        return None
    return Question(text=asked, standalone=asked, kind="open", subject=asked, asked=found)


def write(question: Question, desk: Desk) -> Draft:
    """The turns that answer it, the likeliest first; else that it was left open, with the likeliest of what follows."""
    anyone = 0.0
    points: dict[Key, Point] = {}
    for asking in question.asked:
        comments, likely = _turns_after(question.standalone, desk, asking)
        anyone = max(anyone, anyone_answers(list(likely.values())))
        for place, share in likely.items():
            turn = key(comments[place])
            if turn in desk.keys and (turn not in points or share > points[turn].score):
                points[turn] = opening(comments[place], share)
    best = sorted(points.values(), key=lambda point: -point.score)
    desk.look_at([point.comment for point in best])
    if not best or anyone < ANYONE:
        return desk.gap("left open", best)
    return desk.said([point for at, point in enumerate(best[:POINTS]) if at == 0 or point.score >= LIKELY])


def _turns_after(asked: str, desk: Desk, asking: Key) -> tuple[tuple[Comment, ...], dict[int, float]]:
    """The turns of the talk, and by place how likely each of the next ones answers."""
    scope, (thread_id, comment_id) = desk.scope, asking
    comments = tuple(comment for comment in scope.threads[thread_id].comments if comment.citable)
    place = next(at for at, comment in enumerate(comments) if comment.id == comment_id)
    if scope.state == "lexical" or place + 1 == len(comments):
        return comments, answers(asked, place, comments, None)
    after = slice(place + 1, place + 1 + REACH)
    near = np.zeros(len(comments), dtype=np.float32)
    near[after] = scope.comment_vectors(comments[after]) @ scope.vectors([asked])[0]
    return comments, answers(asked, place, comments, near)


def _asking(asked: str, thread: Thread) -> Iterator[Key]:
    """The turns with which somebody has put the question, or the last part of it."""
    comments = [comment for comment in thread.comments if comment.citable]
    for at, comment in enumerate(comments):
        if not asks(comment) or len(comment.text) > LONGER * len(asked):
            continue
        parts = [
            " ".join(turn.text for turn in comments[at - before : at + 1]) for before in range(min(at + 1, LONGEST))
        ]
        if same_question(asked, parts).max() >= SAME:
            yield key(comment)
