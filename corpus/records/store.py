"""Threads on disk: the record of truth, from which everything else can be made again.

SQLite by default, PostgreSQL by URL. Every change is one transaction: whatever dies when, a thread is there as it was
saved or not at all. A ThreadStore may be used from many threads at once.

Not here: opening the database (corpus.records.upkeep), rows (corpus.records.rows), vectors (index), answers as values
(bot.history.saved_answers).
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from threading import Lock
from typing import TypeVar

from sqlalchemy import Connection, Engine, case, delete, func, select, update

from corpus.errors import InvalidRequest
from corpus.records import word_search
from corpus.records.database import changing, reading, writing
from corpus.records.excerpts import excerpt
from corpus.records.filters import Filter
from corpus.records.forgotten import Forgotten, Key, bearers
from corpus.records.paging import checked_cursor, checked_limit
from corpus.records.revisions import (
    OnChange,
    Saved,
    ThreadSummary,
    change,
    found,
    insert_thread,
    one,
    read,
    refresh,
    some,
    summary_of,
)
from corpus.records.rows import folded, thread_row
from corpus.records.schema import answer_threads, answers, job_threads, jobs, threads, turns
from corpus.records.upkeep import drain_log, open_database, owe_scrubbing, owes_scrubbing, scrub
from corpus.thread import Author, Thread, Value, storable

__all__ = ["KEPT_COMMENTS", "Poster", "Saved", "ThreadPage", "ThreadStore", "ThreadSummary"]

_LONGEST_SEARCH = 1_000


class Poster(Value):
    """Somebody who posted in threads of a source, or probably did."""

    source: str
    author: Author
    thread_ids: tuple[str, ...]


T = TypeVar("T")
Also = Callable[[Connection, Sequence[tuple[Thread, Thread]]], T]
"""Is given the threads that a forgetting changed, as they were and as they are."""
KEPT_COMMENTS = 50_000
"""Comments of recently read threads that are kept in memory."""


class ThreadPage(Value):
    threads: tuple[ThreadSummary, ...]
    next_cursor: str | None


class ThreadStore:
    """Saves, lists and deletes threads.

    >>> store = ThreadStore("sqlite:////tmp/threads.db")
    >>> saved = store.save(thread)
    >>> store.thread(thread.id) == thread
    True
    """

    def __init__(self, url: str, *, on_change: OnChange | None = None) -> None:
        """Open the database of `url`, making folder and tables. Raises StoreUnusable, StoreTooNew, WriterBusy.

        `on_change` is told, in the same transaction, of every thread that changes.
        """
        self.engine: Engine = open_database(url)
        self._on_change = on_change
        self._recent = _Recent()

    def save(self, thread: Thread) -> Saved:
        """Keep the thread as it is now; comments that it no longer has are removed. Unchanged, it is left alone.

        What was forgotten comes in as a deleted comment. Replaced words may stay in unused parts of SQLite's file until
        `tidy`.
        """
        saved, kept = self._save(thread)
        self._recent.put(saved.summary, kept)  # it is asked next, most likely
        if saved.edited or saved.removed:
            drain_log(self.engine)
        return saved

    def tidy(self) -> None:
        """Leave no deleted or replaced word in SQLite's files; nothing happens where none is."""
        if owes_scrubbing(self.engine):
            scrub(self.engine)

    def without_forgotten(self, thread: Thread) -> Thread:
        """The thread as it would be kept."""
        with reading(self.engine) as connection:
            return Forgotten(connection).applied(thread)

    def thread(self, thread_id: str) -> Thread:
        """The thread, equal to what was saved. Raises ThreadNotFound."""
        return self.snapshot(thread_id)[0]

    def snapshot(self, thread_id: str) -> tuple[Thread, ThreadSummary]:
        """A thread with the revision and state that it has at this moment, for what is cached by them."""
        with reading(self.engine) as connection:
            row = found(connection, thread_id)
            summary = summary_of(row)
            thread = self._recent.get(summary)
            if thread is None:
                thread = read(connection, row)
                self._recent.put(summary, thread)
        return thread, summary

    def summary(self, thread_id: str) -> ThreadSummary:
        with reading(self.engine) as connection:
            return summary_of(found(connection, thread_id))

    def mark_full(self, thread_id: str, revision: int) -> bool:
        """Whether the thread still has that revision, whose vectors are made: only then is it "full"."""
        this = (threads.c.id == storable(thread_id)) & (threads.c.revision == revision)
        with writing(self.engine) as connection:
            return connection.execute(update(threads).where(this).values(state="full")).rowcount == 1

    def mark_lexical(self) -> int:
        """How many threads go back to "lexical", since their vectors are gone: every one that was "full"."""
        with writing(self.engine) as connection:
            these = update(threads).where(threads.c.state == "full").values(state="lexical")
            return connection.execute(these).rowcount

    def mark_lacking(self, thread_id: str, revision: int) -> bool:
        """Whether the thread, which still has that revision, went back to "lexical": not all its vectors are there."""
        this = (threads.c.id == storable(thread_id)) & (threads.c.revision == revision) & (threads.c.state == "full")
        with writing(self.engine) as connection:
            return connection.execute(update(threads).where(this).values(state="lexical")).rowcount == 1

    def summaries(
        self, *, source: str | None = None, q: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> ThreadPage:
        """Threads, last come first, `limit` at a time; `q` stands in their title or id.

        A cursor goes on where its page ended, whatever came or went since. Raises InvalidRequest.
        """
        query = select(threads).order_by(threads.c.first_revision.desc()).limit(checked_limit(limit) + 1)
        if source is not None:
            query = query.where(threads.c.source == storable(source))
        if q:
            query = query.where(threads.c.folded.contains(_checked_search(q), autoescape=True))
        if cursor is not None:
            query = query.where(threads.c.first_revision < checked_cursor(cursor))
        with reading(self.engine) as connection:
            rows = connection.execute(query).all()
        more = str(rows[limit - 1].first_revision) if len(rows) > limit else None
        return ThreadPage(threads=tuple(map(summary_of, rows[:limit])), next_cursor=more)

    def thread_ids(self) -> tuple[str, ...]:
        """Every thread's id, last come first."""
        with reading(self.engine) as connection:
            return tuple(connection.scalars(select(threads.c.id).order_by(threads.c.first_revision.desc())))

    def delete_thread(self, thread_id: str) -> None:
        """Forget a thread with the answers asked of it or citing it, their feedback, and the turns of these answers.

        Afterwards none of its words is left in SQLite's files. Raises ThreadNotFound.
        """
        its_answers = select(answer_threads.c.answer_id).where(answer_threads.c.thread_id == storable(thread_id))
        with changing(self.engine) as connection:
            row = found(connection, thread_id, lock=True)
            connection.execute(delete(turns).where(turns.c.answer_id.in_(its_answers)))
            connection.execute(delete(answers).where(answers.c.id.in_(its_answers)))
            its_jobs = select(job_threads.c.job_id).where(job_threads.c.thread_id == row.id)
            connection.execute(delete(jobs).where(jobs.c.id.in_(its_jobs)))
            word_search.forget(connection, row.id)
            connection.execute(delete(threads).where(threads.c.id == row.id))
            owe_scrubbing(connection)
        self._recent.forget(thread_id)
        scrub(self.engine)

    def forget(self, keys: Collection[Key], thread_ids: Collection[str], *, also: Also[T]) -> T:
        """Put these on the list of what was forgotten, and take it out of these threads: all of it or nothing.

        `also` does what else is to be done, within the same transaction. Afterwards no word of it is left in SQLite's
        files.
        """
        changed: list[tuple[Thread, Thread]] = []
        with changing(self.engine) as connection:
            forgotten = Forgotten(connection)
            forgotten.note(keys)
            for row in connection.execute(some(thread_ids).order_by(threads.c.id).with_for_update()).all():
                before = read(connection, row)
                after = forgotten.applied(before)
                if after != before:
                    change(connection, after, row, thread_row(after), self._on_change)
                    changed.append((before, after))
            done = also(connection, changed)
            owe_scrubbing(connection)
        for before, _ in changed:
            self._recent.forget(before.id)
        scrub(self.engine)
        return done

    def posters(self, who: str, *, source: str | None = None) -> tuple[Poster, ...]:
        """Everybody with this id or handle, in one source or all; each spelling of a name apart."""
        with reading(self.engine) as connection:
            return tuple(
                Poster(source=of, author=author, thread_ids=ids)
                for (of, author), ids in bearers(connection, who, source).items()
            )

    def sources(self) -> tuple[str, ...]:
        with reading(self.engine) as connection:
            return tuple(connection.scalars(select(threads.c.source).distinct().order_by(threads.c.source)))

    def has_forgotten(self, keys: Collection[Key]) -> bool:
        """Whether any of these is on the list."""
        with reading(self.engine) as connection:
            listed = Forgotten(connection)
        return any(key in listed for key in keys)

    def excerpt(self, thread_id: str, comment_ids: Collection[str], *, whole: int) -> tuple[Thread, ThreadSummary]:
        """As `snapshot`, of a thread with more than `whole` comments only those around these; see
        corpus.records.excerpts."""
        with reading(self.engine) as connection:
            row = found(connection, thread_id)
            if row.comments > whole:
                return excerpt(connection, row, comment_ids), summary_of(row)
        return self.snapshot(thread_id)

    def search_words(
        self,
        asked: Sequence[str],
        *,
        limit: int,
        within: Filter | None = None,
        thread_ids: Collection[str] | None = None,
    ) -> list[word_search.Found]:
        """The comments that hold these terms, over all threads or some, best first; see corpus.records.word_search."""
        with reading(self.engine) as connection:
            return word_search.search(connection, asked, limit=limit, within=within, thread_ids=thread_ids)

    def passing(
        self, within: Filter | None, *, most: int, thread_ids: Collection[str] | None = None
    ) -> list[tuple[str, str]]:
        """(thread id, comment id) of comments that may be cited and pass, at most so many."""
        with reading(self.engine) as connection:
            return word_search.passing(connection, within, thread_ids, most=most)

    def count_passing(self, within: Filter | None, *, thread_ids: Collection[str] | None = None) -> int:
        """How many comments may be cited and pass."""
        with reading(self.engine) as connection:
            return word_search.count(connection, within, thread_ids)

    def author_ids(self, within: Filter) -> tuple[str, ...]:
        """The ids of everybody whom the filter's author may mean."""
        with reading(self.engine) as connection:
            return word_search.author_ids(connection, within)

    def figures(self) -> tuple[int, int | None, datetime | None]:
        """Over all threads: comments that may be cited, how many are known to exist, the oldest time of fetching."""
        loaded, told = threads.c.comments, threads.c.known_total
        known = func.sum(case((told < loaded, loaded), else_=told))
        figures = select(func.count(), func.count(told), known, func.min(threads.c.fetched_at))
        with reading(self.engine) as connection:
            row = connection.execute(figures).one()
            return word_search.size(connection), None if row[2] is None or row[0] > row[1] else int(row[2]), row[3]

    def close(self) -> None:
        self.engine.dispose()

    def _save(self, thread: Thread) -> tuple[Saved, Thread]:
        with changing(self.engine) as connection:
            thread = Forgotten(connection).applied(thread)
            row = thread_row(thread)
            kept = connection.execute(one(thread.id).with_for_update()).one_or_none()
            if kept is None:
                return insert_thread(connection, thread, row), thread
            if kept.digest == row["digest"]:
                return refresh(connection, kept, row), thread
            return change(connection, thread, kept, row, self._on_change), thread


class _Recent:
    """The threads last read, as they were at their revision: a revision never comes back for other words."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[int, datetime, Thread]] = OrderedDict()
        self._lock = Lock()

    def get(self, summary: ThreadSummary) -> Thread | None:
        with self._lock:
            revision, fetched_at, thread = self._kept.get(summary.id, (None, None, None))
        return thread if (revision, fetched_at) == (summary.revision, summary.fetched_at) else None

    def put(self, summary: ThreadSummary, thread: Thread) -> None:
        with self._lock:
            self._kept[summary.id] = (summary.revision, summary.fetched_at, thread)
            self._kept.move_to_end(summary.id)
            while len(self._kept) > 1 and sum(len(t.comments) for *_, t in self._kept.values()) > KEPT_COMMENTS:
                self._kept.popitem(last=False)

    def forget(self, thread_id: str) -> None:
        with self._lock:
            self._kept.pop(thread_id, None)


def _checked_search(q: str) -> str:
    if len(q) > _LONGEST_SEARCH:
        raise InvalidRequest(
            f"The search text is {len(q)} characters long.", next_step=f"Use at most {_LONGEST_SEARCH}."
        )
    return folded(storable(q))
