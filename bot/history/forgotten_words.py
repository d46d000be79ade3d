"""Traces: words of what was forgotten in what people asked, and in what stands around the quotes of their answers.

A question, a turn or a note is its asker's own. It goes with what was forgotten where a word stands in it that only the
forgotten posts of that thread used, four words in a row that only they had, or the name of the forgotten author. Where
another thread was asked, or all of them, a rare word that nobody uses in any thread, and four such words in a row; a
name that is a common word ("will") only where it is written as a name: "@will", or as it is shown, with its capitals.
Not here: the quotes of answers (bot.history.withdrawal); what is in other people's posts stays, and is told
(bot.history.remains).
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Connection, Row, delete, exists, func, or_, select, update

from bot.history.saved_answers import as_answer, as_document
from bot.values.answer import Answer, Statement
from bot.values.speakers import OUR_WORDS, at, one_line
from corpus.records import word_search
from corpus.records.rows import folded
from corpus.records.schema import answer_threads, answers, comments, feedback, job_threads, jobs, turns
from corpus.records.terms import STOP_WORDS, terms
from corpus.text.plain import normal
from corpus.thread import Author, Comment, Thread
from index.ranking.near_words import common_words

Changed = Sequence[tuple[Thread, Thread]]
"""Threads as they were, and as they are without what was forgotten."""
RUN = 4
COMMON = 5_000
"""So many of the commonest English words tell nothing where another thread was asked."""
_WORD = re.compile(r"\w+")
_ENDED = ("done", "failed", "cancelled")
_PART = 500
_LONG_FIGURE = 5
"""A number of so many digits may be an author's id; a shorter one is in many a sentence."""
_NEAREST = 50
"""Comments that are looked at for four words in a row: those that hold most of the rarest of them."""


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

    def __init__(self, forgotten: Collection[str], kept: Iterable[str], authors: Iterable[Author] = ()) -> None:
        self.terms = _all(map(terms, forgotten))
        self.runs = _all(runs(words_of(text)) for text in forgotten)
        for text in kept:
            self.terms.difference_update(terms(text))
            self.runs.difference_update(runs(words_of(text)))
        self.authors = tuple(authors)
        self.names = tuple(sorted({name for author in self.authors for name in _names(author)}))
        self._names = {tuple(words_of(name)) for name in self.names}

    @classmethod
    def of(cls, changed: Changed, authors: Iterable[Author]) -> "Traces":
        """Of what was forgotten, and of its authors where they were."""
        kept = (comment.text for _, after in changed for comment in after.comments)
        return cls([comment.text for comment in gone(changed)], kept, authors)

    def stand_in(self, text: str | None) -> bool:
        if not text:
            return False
        if self.name(text):
            return True
        words = words_of(text)
        return not (self.terms.isdisjoint(terms(text)) and self.runs.isdisjoint(runs(words)))

    stand_in_ours = stand_in
    """In a lead or a reason: those of the thread's own answers are looked at like anything else."""

    def name(self, text: str) -> bool:
        """Whether a forgotten author is named in the text."""
        return _holds_any(text, self._names)


class Elsewhere:
    """The same for what was asked of other threads: words there count only where nobody anywhere uses them any more.

    What may be one is told from memory; the record store is asked only about what stands in a question, once each.
    """

    def __init__(self, connection: Connection, traces: Traces) -> None:
        self._connection = connection
        self._terms = traces.terms - _common_terms()
        self._runs = {run for run in traces.runs if len(terms(" ".join(run))) > 1}
        self._gone: dict[str | tuple[str, ...], bool] = {}
        names = {name: tuple(words_of(name)) for name in traces.names}
        self._names = {words for words in names.values() if not self._is_ordinary(words)}
        self._written = tuple(_written(author) for author in traces.authors)

    def stand_in(self, text: str | None) -> bool:
        if not text:
            return False
        words = words_of(text)
        may_be = [*self._terms.intersection(terms(text)), *self._runs.intersection(runs(words))]
        return self.name(text) or any(map(self._is_gone, may_be))

    def stand_in_ours(self, text: str | None) -> bool:
        """In a lead or a reason, which code words, of names and of what was asked: words of ours in it tell nothing."""
        if not text:
            return False
        asked = {term for word in words_of(text) if not _is_ours(word) for term in terms(word)} - _every_common_term()
        return self.name(text) or any(map(self._is_gone, self._terms & asked))

    def name(self, text: str) -> bool:
        return _holds_any(text, self._names) or self._is_written(text)

    def _is_written(self, text: str) -> bool:
        return any(name.search(normal(text)) for name in self._written)

    def _is_ordinary(self, words: tuple[str, ...]) -> bool:
        """Whether these words are no name by themselves: common ones, ours, or one that others use."""
        if len(words) > 1:
            return all(_is_ours(word) for word in words)
        (word,) = words
        return _is_ours(word) or (word.isalpha() and any(map(self._is_used, terms(word))))

    def _is_used(self, term: str) -> bool:
        return term in _every_common_term() or word_search.stands(self._connection, term)

    def _is_gone(self, word: str | tuple[str, ...]) -> bool:
        if word not in self._gone:
            self._gone[word] = not (
                word_search.stands(self._connection, word) if isinstance(word, str) else self._is_said(word)
            )
        return self._gone[word]

    def _is_said(self, run: tuple[str, ...]) -> bool:
        """Whether any of the comments that come nearest to these words has them in a row."""
        for found in word_search.search(self._connection, terms(" ".join(run)), limit=_NEAREST):
            this = (comments.c.thread_id == found.thread_id) & (comments.c.id == found.comment_id)
            text = self._connection.scalar(select(comments.c.text).where(this))
            if run in set(runs(words_of(text or ""))):
                return True
        return False


def remove(connection: Connection, traces: Traces, thread_ids: Collection[str]) -> int:
    """How many questions went: of those asked of these threads, in conversations in which these were asked, and of all
    others where what was forgotten is named or can be told."""
    its = select(answer_threads.c.answer_id).where(answer_threads.c.thread_id.in_(list(thread_ids)))
    elsewhere = Elsewhere(connection, traces)
    went = _remove_turns(connection, traces, elsewhere, its) | _remove_answers(connection, traces, elsewhere, its)
    _remove_notes(connection, traces, elsewhere, its)
    _remove_jobs(connection, elsewhere, thread_ids)
    return len(went)


def _remove_turns(connection: Connection, traces: Traces, elsewhere: Elsewhere, its_answers: Any) -> set[str]:
    conversations = select(turns.c.conversation_id).where(turns.c.answer_id.in_(its_answers))
    its = turns.c.conversation_id.in_(conversations).label("its")
    query = select(turns.c.number, turns.c.question, turns.c.standalone, turns.c.answer_id, its)
    found = [
        row
        for row in _each(connection, query)
        if any(map((traces if row.its else elsewhere).stand_in, {row.question, row.standalone}))
    ]
    for part in _parts([row.number for row in found]):
        connection.execute(delete(turns).where(turns.c.number.in_(part)))
    return {row.answer_id for row in found}


def _remove_answers(connection: Connection, traces: Traces, elsewhere: Elsewhere, its_answers: Any) -> set[str]:
    """Answers that show any, or whose question does: those of these threads, and those that no turn is left of."""
    its = answers.c.id.in_(its_answers)
    unasked = ~exists().where(turns.c.answer_id == answers.c.id)
    these = or_(its, unasked, *_naming(traces, answers.c.document))
    query = select(answers.c.id, answers.c.document, its.label("its")).where(these)
    found: list[str] = []
    claiming: dict[str, str] = {}
    for row in _each(connection, query):
        answer = as_answer(row.document)
        if answer is None or _shows(answer, traces if row.its else elsewhere):
            found.append(row.id)
        elif row.its and claims(row.document):
            claiming[row.id] = as_document(answer)
    for part in _parts(found):
        connection.execute(delete(turns).where(turns.c.answer_id.in_(part)))
        connection.execute(delete(answers).where(answers.c.id.in_(part)))
    for answer_id, document in claiming.items():
        connection.execute(update(answers).where(answers.c.id == answer_id).values(document=document))
    return set(found)


def claims(document: str) -> bool:
    """Whether the document holds sentences of a model, as the first edition kept them: reading it drops these.

    A model read the whole thread, and may have said in other words what was forgotten.
    """
    if '"claim":' not in document:
        return False
    return any(statement.get("claim") is not None for statement in json.loads(document)["statements"])


def _shows(answer: Answer, traces: Traces | Elsewhere) -> bool:
    """Whether there are traces in what stands around the quotes. What code alone worded can only name somebody."""
    worded = [answer.note, answer.coverage.only, *map(_around_quotes, (*answer.statements, *answer.more))]
    if traces.stand_in(answer.question) or any(map(traces.stand_in_ours, (answer.lead, answer.reason))):
        return True
    return any(traces.name(text) for text in worded if text)


def _around_quotes(statement: Statement) -> str:
    text = statement.text
    for citation in statement.citations:
        text = text.replace(citation.quote, " ")
    return text


def _remove_notes(connection: Connection, traces: Traces, elsewhere: Elsewhere, its_answers: Any) -> None:
    its = feedback.c.answer_id.in_(its_answers).label("its")
    query = select(feedback.c.number, feedback.c.note, its).where(feedback.c.note.is_not(None))
    found = [row.number for row in _each(connection, query) if (traces if row.its else elsewhere).stand_in(row.note)]
    for part in _parts(found):
        connection.execute(update(feedback).where(feedback.c.number.in_(part)).values(note=None))


def _remove_jobs(connection: Connection, elsewhere: Elsewhere, thread_ids: Collection[str]) -> None:
    """The ended ones that read these threads in, and others that tell of it: of an export in which little was sound."""
    its = jobs.c.id.in_(select(job_threads.c.job_id).where(job_threads.c.thread_id.in_(list(thread_ids)))).label("its")
    query = select(jobs.c.number, jobs.c.document, its).where(jobs.c.state.in_(_ENDED))
    found = [row.number for row in _each(connection, query) if row.its or elsewhere.stand_in(_told(row.document))]
    for part in _parts(found):
        connection.execute(delete(jobs).where(jobs.c.number.in_(part)))


def _told(document: str) -> str:
    """What a job says of an export in words that may be the export's."""
    job = json.loads(document)
    reasons = [skipped["reason"] for skipped in job["skipped"]]
    return "\n".join([job["name"], *job["notes"], *reasons, (job["error"] or {}).get("detail") or ""])


def _each(connection: Connection, query: Any) -> Iterator[Row[Any]]:
    """The rows, a part of them in memory at a time."""
    yield from connection.execute(query, execution_options={"yield_per": _PART})


def _naming(traces: Traces, *columns: Column[Any]) -> list[Any]:
    """Where the name of a forgotten author stands, wherever it was asked for: a first, coarse look."""
    shown = [json.dumps(name, ensure_ascii=False)[1:-1] for name in traces.names]
    return [func.lower(c).contains(name.lower(), autoescape=True) for c in columns for name in shown]


def _names(author: Author) -> Iterator[str]:
    """As it is, and as sentences of ours show it: a long one is cut there."""
    named = [name for name in (author.id, author.handle, author.name) if name and words_of(name)]
    yield from named
    yield from (shown for name in named if words_of(shown := one_line(name).strip("\u2068\u2069…")))


def _holds_any(text: str, names: Collection[tuple[str, ...]]) -> bool:
    words = words_of(text)
    return any(name in set(runs(words, len(name))) for name in names)


def _written(author: Author) -> re.Pattern[str]:
    """Where somebody is named, whatever the name means as a word.

    "@the", the id where it has a sign that sets it apart, the name as sentences of ours show it between marks, and the
    display name with its capitals: one of a single word not where a sentence opens, as any word has one there.
    """
    handle, name = normal(author.handle), normal(author.name or "")
    forms = [rf"(?i:(?<![\w@])@{re.escape(handle)}(?!\w))"]
    if not author.id.isalnum():
        forms.append(rf"(?<!\w){re.escape(normal(author.id))}(?!\w)")
    if " " in handle:
        shown = at(author)
        forms.append(re.escape(normal(shown)) if shown.startswith("‘") else rf"(?<!\w){re.escape(normal(shown))}(?!\w)")
    if name != name.lower():
        forms.append(rf"{'' if ' ' in name else '(?<=[^.?!:] )'}(?<!\w){re.escape(name)}(?!\w)")
    return re.compile("|".join(forms))


def _is_ours(word: str) -> bool:
    """Whether it tells nothing: a function word, a small figure, or what sentences of ours call people and posts."""
    return word in STOP_WORDS or (word.isnumeric() and len(word) < _LONG_FIGURE) or bool(OUR_WORDS.fullmatch(word))


@lru_cache(maxsize=1)
def _every_common_term() -> frozenset[str]:
    return frozenset(term for word in common_words() for term in terms(word))


@lru_cache(maxsize=1)
def _common_terms() -> frozenset[str]:
    return frozenset(term for word in common_words()[:COMMON] for term in terms(word))


def _all(parts: Iterable[Iterable[Any]]) -> set[Any]:
    return {each for part in parts for each in part}


def _parts(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (ids[low : low + _PART] for low in range(0, len(ids), _PART))
