"""Excerpts: of a long thread the comments around some of them, so that asking many threads reads none whole.

An excerpt is a Thread: what stands before and after the comments, what they answer and show again, and what answers
them. Not here: threads whole (corpus.records.store), how an excerpt is ranked (bot.library.all_threads).
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from corpus.records.rows import as_thread
from corpus.records.schema import comments
from corpus.thread import Thread, storable

BEFORE, AFTER = 3, 6
"""Comments on either side: a turn is understood with what was said before, and answered by what follows."""
ANSWERS = 8
"""Replies that are read along, a comment on the average."""


def excerpt(connection: Connection, row: Row[Any], comment_ids: Collection[str]) -> Thread:
    """The thread of that row, with the comments around these alone."""
    its = comments.c.thread_id == row.id
    sought = [storable(comment_id) for comment_id in comment_ids]
    found = connection.execute(
        select(comments.c.id, comments.c.position, comments.c.parent_id, comments.c.quotes)
        .where(its, comments.c.id.in_(sought))
        .order_by(comments.c.position)
    ).all()
    near = [comments.c.position.between(low, high) for low, high in _stretches([one.position for one in found])]
    named = {other for one in found for other in (one.parent_id, *(one.quotes or ())) if other is not None}
    rows = connection.execute(select(comments).where(its, or_(*near, comments.c.id.in_(named)))).all()
    if any(one.parent_id is not None for one in found):
        rows = [*rows, *_replies(connection, row.id, sought)]
    kept = {one.id: one for one in rows}
    return as_thread(row, sorted(kept.values(), key=lambda one: one.position))


def _replies(connection: Connection, thread_id: str, sought: Sequence[str]) -> Sequence[Row[Any]]:
    replies = select(comments).where(comments.c.thread_id == thread_id, comments.c.parent_id.in_(sought))
    return connection.execute(replies.order_by(comments.c.position).limit(ANSWERS * len(sought))).all()


def _stretches(places: Sequence[int]) -> list[tuple[int, int]]:
    """From and to of what is read, stretches that meet made one."""
    made: list[tuple[int, int]] = []
    for place in places:
        low, high = place - BEFORE, place + AFTER
        if made and low <= made[-1][1] + 1:
            made[-1] = (made[-1][0], high)
        else:
            made.append((low, high))
    return made
