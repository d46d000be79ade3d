"""Withdrawal: kept answers follow the comments that they cite, in the transaction that changes these.

An answer is kept with the exact words that it quotes. Once a comment is edited, deleted or forgotten, what cites it is
verified again: what no longer holds is taken out of the answer as it is stored, and a sentence says so in its place. A
sentence of a model, which answers of the first edition hold, goes with the first change of the thread.
Not here: verifying (bot.verification.verify), words of the askers (bot.history.forgotten_words).
"""

import json
from typing import Any

from sqlalchemy import Connection, delete, select, update

from bot.history.forgotten_words import claims
from bot.history.saved_answers import as_answer, as_document
from bot.values.answer import Answer
from bot.verification.verify import verify_again
from corpus.records.revisions import read, some
from corpus.records.schema import answer_threads, answers
from corpus.thread import Comment, Thread

IN_PART = "Part of this answer was withdrawn: a comment that it cited was edited or deleted."


def review(connection: Connection, before: Thread, after: Thread) -> None:
    """Bring what is kept of answers in line with the thread as it is from now on."""
    changed = _changed(before, after)
    if not changed:
        return
    # With the replies to these: an answer may tell a reply by whom it replies to.
    touched = changed.union(*(before.children[comment_id] for comment_id in changed))
    query = select(answers.c.number, answers.c.document).join_from(answers, answer_threads)
    for row in connection.execute(query.where(answer_threads.c.thread_id == after.id)).all():
        document = json.loads(row.document)
        if _rests_on(document, after.id, touched) or claims(row.document):
            _review_one(connection, row.number, row.document, after, changed)


def _changed(before: Thread, after: Thread) -> set[str]:
    """The comments that say something else now, or somebody else says, or that say nothing."""
    now = after.by_id
    return {c.id for c in before.comments if c.id not in now or _said(c) != _said(now[c.id])}


def _said(comment: Comment) -> tuple[object, ...]:
    """What an answer may show of it."""
    return (
        comment.text,
        comment.quoted,
        comment.author,
        comment.author_candidate,
        comment.deleted,
        comment.url,
        comment.posted_at,
    )


def _rests_on(document: Any, thread_id: str, touched: set[str]) -> bool:
    statements = [*document["statements"], *document.get("more", ())]
    shown = [*document["nearest"], *(c for statement in statements for c in statement["citations"])]
    if any(c["thread_id"] == thread_id and c["comment_id"] in touched for c in shown):
        return True
    return bool(document["count"]) and not touched.isdisjoint(document["count"]["members"])


def _review_one(connection: Connection, number: int, document: str, after: Thread, changed: set[str]) -> None:
    this = answers.c.number == number
    answer = as_answer(document)
    if answer is None:  # of another version: it cannot be verified, and holds words
        connection.execute(delete(answers).where(this))
        return
    again = _again(answer, _its_threads(connection, answer, after), changed)
    connection.execute(update(answers).where(this).values(document=as_document(again)))


def _again(answer: Answer, threads: dict[str, Thread], changed: set[str]) -> Answer:
    again = verify_again(answer, threads, edited=changed)
    if not answer.statements:
        return again
    if not again.statements:
        return again.model_copy(update={"nearest": (), "note": None})
    if len(again.statements) < len(answer.statements) and IN_PART not in (again.note or ""):
        return again.model_copy(update={"note": " ".join(filter(None, (again.note, IN_PART)))})
    return again


def _its_threads(connection: Connection, answer: Answer, after: Thread) -> dict[str, Thread]:
    cited = [*answer.nearest, *(c for statement in (*answer.statements, *answer.more) for c in statement.citations)]
    others = {citation.thread_id for citation in cited} - {after.id}
    read_now = [read(connection, row) for row in connection.execute(some(others)).all()] if others else []
    return {after.id: after, **{thread.id: thread for thread in read_now}}
