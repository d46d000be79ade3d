"""Traces: words of what was forgotten in what people asked, and in what was noted beside their answers.

A question, a turn or a note is its asker's own. It goes with what was forgotten where a word stands in it that only the
forgotten posts of that thread used, four words in a row that only they had, or the name of the forgotten author.
Not here: the quotes of answers (bot.withdrawal); what is in other people's posts stays, and is told (bot.remains).
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Connection, delete, func, or_, select, update

from bot.answer import Answer
from bot.saved import as_answer
from corpus.records import folded
from corpus.schema import answer_threads, answers, feedback, job_threads, jobs, turns
from corpus.terms import terms
from corpus.text import normal
from corpus.thread import Author, Comment, Thread

Changed = Sequence[tuple[Thread, Thread]]
"""Threads as they were, and as they are without what was forgotten."""
RUN = 4
_WORD = re.compile(r"\w+")
_ENDED = ("done", "failed", "cancelled")
_PART = 500


def words_of(text: str) -> list[str]:
    return _WORD.findall(folded(normal(text)))


def runs(words: Sequence[str], length: int = RUN) -> Iterator[tuple[str, ...]]:
    """Every so many words in a row."""
    return (tuple(words[at : at + length]) for at in range(len(words) - length + 1))


def gone(changed: Changed) -> Iterator[Comment]:
    """The posts that were forgotten, as they were."""
    for before, after in changed:
        now = after.by_id
        yield from (c for c in before.comments if now[c.id].deleted and (not c.deleted or c.text or c.author))


class Traces:
    """Tells words that only the forgotten used."""

    def __init__(self, changed: Changed, authors: Iterable[Author]) -> None:
        forgotten = [comment.text for comment in gone(changed)]
        kept = [comment.text for _, after in changed for comment in after.comments]
        self._terms = _all(map(terms, forgotten))
        self._runs = _all(runs(words_of(text)) for text in forgotten)
        for text in kept:
            self._terms.difference_update(terms(text))
            self._runs.difference_update(runs(words_of(text)))
        self.names = tuple(sorted({name for author in authors for name in _names(author)}))
        self._names = {tuple(words_of(name)) for name in self.names}

    def stand_in(self, text: str | None) -> bool:
        if not text:
            return False
        words = words_of(text)
        if any(name in set(runs(words, len(name))) for name in self._names):
            return True
        return not (self._terms.isdisjoint(terms(text)) and self._runs.isdisjoint(runs(words)))


def remove(connection: Connection, traces: Traces, thread_ids: Collection[str]) -> int:
    """How many questions went, of those asked of these threads and in the conversations in which they were asked."""
    its = select(answer_threads.c.answer_id).where(answer_threads.c.thread_id.in_(list(thread_ids)))
    went = _remove_turns(connection, traces, its) | _remove_answers(connection, traces, its)
    _remove_notes(connection, traces, its)
    named = select(job_threads.c.job_id).where(job_threads.c.thread_id.in_(list(thread_ids)))
    connection.execute(delete(jobs).where(jobs.c.id.in_(named), jobs.c.state.in_(_ENDED)))
    return len(went)


def _remove_turns(connection: Connection, traces: Traces, its_answers: Any) -> set[str]:
    conversations = select(turns.c.conversation_id).where(turns.c.answer_id.in_(its_answers))
    these = or_(turns.c.conversation_id.in_(conversations), *_naming(traces, turns.c.question, turns.c.standalone))
    rows = connection.execute(select(turns).where(these)).all()
    found = [row for row in rows if traces.stand_in(row.question) or traces.stand_in(row.standalone)]
    for part in _parts([row.number for row in found]):
        connection.execute(delete(turns).where(turns.c.number.in_(part)))
    return {row.answer_id for row in found}


def _remove_answers(connection: Connection, traces: Traces, its_answers: Any) -> set[str]:
    these = or_(answers.c.id.in_(its_answers), *_naming(traces, answers.c.document))
    rows = connection.execute(select(answers.c.id, answers.c.document).where(these)).all()
    found = [row.id for row in rows if _shows(traces, as_answer(row.document))]
    for part in _parts(found):
        connection.execute(delete(turns).where(turns.c.answer_id.in_(part)))
        connection.execute(delete(answers).where(answers.c.id.in_(part)))
    return set(found)


def _shows(traces: Traces, answer: Answer | None) -> bool:
    """Whether there are traces in what stands around the quotes of an answer. One that cannot be read may show any."""
    if answer is None:
        return True
    return any(map(traces.stand_in, (answer.question, answer.lead, answer.reason, answer.note)))


def _remove_notes(connection: Connection, traces: Traces, its_answers: Any) -> None:
    these = or_(feedback.c.answer_id.in_(its_answers), *_naming(traces, feedback.c.note))
    rows = connection.execute(select(feedback.c.number, feedback.c.note).where(these)).all()
    for part in _parts([row.number for row in rows if traces.stand_in(row.note)]):
        connection.execute(update(feedback).where(feedback.c.number.in_(part)).values(note=None))


def _naming(traces: Traces, *columns: Column[Any]) -> list[Any]:
    """Where the name of a forgotten author stands, wherever it was asked for: a first, coarse look."""
    shown = [json.dumps(name, ensure_ascii=False)[1:-1] for name in traces.names]
    return [func.lower(c).contains(name.lower(), autoescape=True) for c in columns for name in shown]


def _names(author: Author) -> Iterator[str]:
    yield from (name for name in (author.id, author.handle, author.name) if name and words_of(name))


def _all(parts: Iterable[Iterable[Any]]) -> set[Any]:
    return {each for part in parts for each in part}


def _parts(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (ids[low : low + _PART] for low in range(0, len(ids), _PART))
