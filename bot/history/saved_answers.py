"""Answered questions, kept beside their threads; given again while nothing in these has changed, and listed for good.

An answer is kept as the JSON of its value. It was verified when it was made; who loads it verifies it again
(bot.verification.verify), since a thread may have changed meanwhile. A listing says which answers are from before that.

Not here: making an answer, deleting a thread's answers (corpus.records.store does, in the same transaction as the
thread).
"""

import hashlib
import json
import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from bot.questions.understand import RULES, Question
from bot.values.answer import Answer
from bot.values.people import Person
from bot.verification.sentences import number
from corpus.errors import AnswerNotFound, ThreadNotFound
from corpus.records.database import reading, writing
from corpus.records.filters import Filter
from corpus.records.paging import checked_cursor, checked_limit
from corpus.records.schema import answer_threads, answers, feedback, threads
from corpus.thread import Thread, Value, storable

log = logging.getLogger(__name__)

CHANGED = "From before this discussion last changed: ask again to have it looked at as it is now."
_SMALL_TALK = frozenset({"greeting", "thanks", "empty"})
_FEW = 500


class AnswerPage(Value):
    answers: tuple[Answer, ...]
    next_cursor: str | None


class SavedAnswers:
    """Keeps answers, finds them by question and revisions, and takes feedback."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, answer: Answer, *, question_key: str, revisions: Mapping[str, int]) -> bool:
        """Whether the answer is kept now: only while every thread still has the revision that it was made from.

        So the words of a thread that was deleted or edited meanwhile do not come back. An answer that is kept again
        takes the place of its earlier self, and keeps its feedback. Any string will do as a key; it is kept hashed.
        """
        its_threads = {*revisions, *answer.thread_ids, *_cited(answer)}
        row = {
            "id": answer.id,
            "question_key": _hashed(question_key),
            "revisions": _canonical(revisions),
            "answered": not answer.abstained and answer.kind not in _SMALL_TALK,
            "document": as_document(answer),
        }
        with writing(self._engine) as connection:
            now = _revisions_now(connection, its_threads)
            if now.keys() != its_threads or any(now[thread] != revisions.get(thread, now[thread]) for thread in now):
                return False
            _put(connection, row, its_threads)
        return True

    def find(self, question_key: str, revisions: Mapping[str, int]) -> Answer | None:
        """The newest answer to that question over exactly these threads at exactly these revisions."""
        query = (
            select(answers.c.document)
            .where(answers.c.question_key == _hashed(question_key), answers.c.revisions == _canonical(revisions))
            .order_by(answers.c.number.desc())
            .limit(1)
        )
        with reading(self._engine) as connection:
            document = connection.scalar(query)
        return None if document is None else as_answer(document)

    def answer(self, answer_id: str) -> tuple[Answer, Mapping[str, int]]:
        """An answer, and the revisions it was made from. Raises AnswerNotFound."""
        query = select(answers.c.document, answers.c.revisions).where(answers.c.id == storable(answer_id))
        with reading(self._engine) as connection:
            row = connection.execute(query).one_or_none()
        answer = None if row is None else as_answer(row.document)
        if row is None or answer is None:
            raise _not_found(answer_id)
        return answer, json.loads(row.revisions)

    def of_thread(self, thread_id: str, *, cursor: str | None = None, limit: int = 50) -> AnswerPage:
        """What was asked of exactly this thread and was answered: newest first, of each question the newest answer.

        Whatever the thread was like when it was made. Where a question has no answer any more, none is listed; one that
        was withdrawn is. Raises ThreadNotFound, InvalidRequest.
        """
        checked_limit(limit)
        below = None if cursor is None else checked_cursor(cursor)
        with reading(self._engine) as connection:
            revisions = _revisions_now(connection, {storable(thread_id)})
            if thread_id not in revisions:
                raise ThreadNotFound(
                    f"There is no thread {thread_id!r}.", next_step="List them with `digg-deeper threads`."
                )
            query = _newest_of_each_question(thread_id).limit(limit + 1)
            if below is not None:
                query = query.where(answers.c.number < below)
            rows = connection.execute(query).all()
        more = str(rows[limit - 1].number) if len(rows) > limit else None
        read = ((as_answer(row.document), row.revisions == _canonical(revisions)) for row in rows[:limit])
        told = (answer if as_now else _noted(answer, CHANGED) for answer, as_now in read if answer is not None)
        return AnswerPage(answers=tuple(told), next_cursor=more)

    def feedback(self, answer_id: str, *, helpful: bool, note: str | None = None) -> None:
        """Note what somebody thought of an answer. Raises AnswerNotFound."""
        row = {
            "answer_id": storable(answer_id),
            "helpful": helpful,
            "note": None if note is None else storable(note),
            "given_at": datetime.now(UTC),
        }
        with writing(self._engine) as connection:
            its_answer = select(answers.c.id).where(answers.c.id == row["answer_id"]).with_for_update(read=True)
            if connection.scalar(its_answer) is None:
                raise _not_found(answer_id)
            connection.execute(insert(feedback), [row])


def _put(connection: Connection, row: dict[str, Any], its_threads: set[str]) -> None:
    this = answers.c.id == row["id"]
    if connection.execute(update(answers).where(this).values(**row)).rowcount == 0:
        connection.execute(insert(answers), [row])
    connection.execute(delete(answer_threads).where(answer_threads.c.answer_id == row["id"]))
    links = [{"answer_id": row["id"], "thread_id": thread_id} for thread_id in sorted(its_threads)]
    if links:
        connection.execute(insert(answer_threads), links)


def _revisions_now(connection: Connection, thread_ids: set[str]) -> dict[str, int]:
    """The revision of each of these threads that exists; they stay so until the transaction ends."""
    query = select(threads.c.id, threads.c.revision)
    if len(thread_ids) <= _FEW:  # else there are too many to name in a statement
        query = query.where(threads.c.id.in_(thread_ids))
    if not connection.get_execution_options().get("postgresql_readonly", False):
        query = query.order_by(threads.c.id).with_for_update(read=True)  # in one order: nobody waits in a circle
    return {row.id: row.revision for row in connection.execute(query) if row.id in thread_ids}


def aged(answer: Answer, thread: Thread) -> Answer:
    """A listed answer, which says how many comments came in since it was made, where that is known."""
    more = sum(comment.citable for comment in thread.comments) - answer.coverage.indexed
    if more <= 0 or answer.coverage.only is not None or answer.note is None:
        return answer
    told = f"From before {number(more, 'newer comment')}: ask again to have {'it' if more == 1 else 'them'} looked at."
    return answer.model_copy(update={"note": answer.note.replace(CHANGED, told)})


def _noted(answer: Answer, told: str) -> Answer:
    """With this beside it; one that was withdrawn says enough."""
    if answer.abstained:
        return answer
    return answer.model_copy(update={"note": " ".join(filter(None, (answer.note, told)))})


def _newest_of_each_question(thread_id: str) -> Any:
    newest = (
        select(func.max(answers.c.number))
        .join(answer_threads, answer_threads.c.answer_id == answers.c.id)
        .where(
            answer_threads.c.thread_id == thread_id,
            answers.c.revisions.startswith(_canonical({thread_id: 0})[:-2], autoescape=True),
            answers.c.revisions.not_like("%,%"),  # no other thread: there is no comma in an id
        )
        .group_by(answers.c.question_key)
    )
    these = answers.c.number.in_(newest) & answers.c.answered
    return select(answers).where(these).order_by(answers.c.number.desc())


def _cited(answer: Answer) -> set[str]:
    """The threads whose words stand in the answer."""
    statements = (*answer.statements, *answer.more)
    shown = [*answer.nearest, *(citation for statement in statements for citation in statement.citations)]
    return {citation.thread_id for citation in shown}


def _hashed(question_key: str) -> str:
    return hashlib.sha256(question_key.encode("utf-8", "surrogatepass")).hexdigest()


def _canonical(revisions: Mapping[str, int]) -> str:
    return json.dumps(dict(sorted(revisions.items())), separators=(",", ":"))


def as_document(answer: Answer) -> str:
    """The answer as JSON. A question may hold what neither UTF-8 nor a database can; it is kept without that."""
    return storable(json.dumps(answer.model_dump(mode="json"), ensure_ascii=False))


def as_answer(document: str) -> Answer | None:
    """The answer of a document; one that a later version wrote otherwise counts as not kept."""
    try:
        return Answer.model_validate_json(document)
    except ValidationError as error:
        log.warning("a saved answer cannot be read and is passed over: %s", error.errors(include_input=False)[:1])
        return None


def _not_found(answer_id: str) -> AnswerNotFound:
    return AnswerNotFound(f"There is no answer {answer_id!r}.", next_step="Ask the question again.")


def question_key(
    understood: Question,
    thread_ids: Sequence[str] | None,
    exclude: Collection[str],
    writer: str,
    within: Filter | None,
) -> str:
    """What makes two questions the same: what was understood, not how it was spelt; where; answered by what."""
    scope = sorted(set(thread_ids)) if thread_ids is not None else None
    filtered = None if within is None else within.model_dump(mode="json")
    told = json.dumps([_meaning(understood), scope, sorted(exclude), writer, RULES, filtered])
    return hashlib.sha256(told.encode()).hexdigest()


def _meaning(understood: Question) -> dict[str, object]:
    """The fields of a question that its answer rests on, words without case, people by their ids."""
    names = {"person", "people", "without", "by"}
    fields = understood.model_dump(mode="json", exclude={"text", "standalone", "seek", *names})
    people = {
        name: [_ids(person) for person in ((found,) if isinstance(found, Person) else found or ())]
        for name in sorted(names)
        for found in (getattr(understood, name),)
    }
    words = {name: _plainly(fields[name] or "") for name in ("subject", "phrase")}
    return {**fields, **people, **words, "sought": _plainly(understood.sought)}


def _ids(person: Person) -> list[str]:
    known = sorted(author.id for author in (*person.authors, *person.candidates))
    return known or [person.said.casefold()]


def _plainly(words: str) -> str:
    return " ".join(words.casefold().split()).rstrip(" ?!.")
