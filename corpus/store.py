"""Threads on disk: the record of truth, from which everything else can be made again.

SQLite by default, PostgreSQL by URL. Every change is one transaction: whatever dies when, a thread is there as it was
saved or not at all. A ThreadStore may be used from many threads at once.

Not here: opening the database (corpus.upkeep), rows (corpus.records), vectors (index), answers as values (bot.saved).
"""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from threading import Lock
from typing import Any, Literal

from pydantic import AwareDatetime
from sqlalchemy import Connection, Engine, Row, bindparam, case, delete, exc, func, insert, select, update

from corpus import wordsearch
from corpus.database import next_revision, reading, writing
from corpus.errors import InvalidRequest, ThreadNotFound
from corpus.excerpts import excerpt
from corpus.filters import Filter
from corpus.paging import checked_cursor, checked_limit
from corpus.records import as_thread, comment_row, folded, thread_row
from corpus.schema import answer_threads, answers, comments, digests, job_threads, jobs, threads, turns
from corpus.thread import Comment, Thread, Value, storable
from corpus.upkeep import drain_log, open_database, owe_scrubbing, scrub

_LONGEST_SEARCH = 1_000
KEPT_COMMENTS = 50_000
"""Comments of recently read threads that are kept in memory."""


class ThreadSummary(Value):
    """A thread as a listing shows it."""

    id: str
    source: str
    title: str
    url: str | None
    comments: int
    """All that are loaded, opening posts and deleted ones included."""
    commenters: int
    """Distinct proven authors."""
    unattributed: int
    """Comments without a proven author; each its own unknown."""
    known_total: int | None
    revision: int
    """Raised by every change of text or metadata. Never given twice to a thread, not even after it was deleted."""
    state: Literal["lexical", "full"]
    """Is "lexical" until vectors of this revision are made."""
    fetched_at: AwareDatetime


class Saved(Value):
    """What a save did, with the thread as it now stands."""

    summary: ThreadSummary
    created: bool
    changed: bool
    """Whether the revision is a new one: also true where only the title or the order changed."""
    added: int
    edited: int
    """Comments whose words or metadata changed."""
    removed: int


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

    def __init__(self, url: str) -> None:
        """Open the database of `url`, making folder and tables. Raises StoreUnusable, StoreTooNew, WriterBusy."""
        self.engine: Engine = open_database(url)
        self._recent = _Recent()

    def save(self, thread: Thread) -> Saved:
        """Keep the thread as it is now; comments that it no longer has are removed. Unchanged, it is left alone."""
        row = thread_row(thread)
        try:
            saved = self._save(thread, row)
        except exc.IntegrityError:
            # Two first saves of one thread met, on a server. The other's is there now.
            saved = self._save(thread, row)
        self._recent.put(saved.summary, thread)  # it is asked next, most likely
        if saved.edited or saved.removed:
            drain_log(self.engine)
        return saved

    def thread(self, thread_id: str) -> Thread:
        """The thread, equal to what was saved. Raises ThreadNotFound."""
        return self.snapshot(thread_id)[0]

    def snapshot(self, thread_id: str) -> tuple[Thread, ThreadSummary]:
        """A thread with the revision and state that it has at this moment, for what is cached by them."""
        with reading(self.engine) as connection:
            row = _found(connection, thread_id)
            summary = _summary(row)
            thread = self._recent.get(summary)
            if thread is None:
                thread = _thread(connection, row)
                self._recent.put(summary, thread)
        return thread, summary

    def summary(self, thread_id: str) -> ThreadSummary:
        with reading(self.engine) as connection:
            return _summary(_found(connection, thread_id))

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
        return ThreadPage(threads=tuple(map(_summary, rows[:limit])), next_cursor=more)

    def thread_ids(self) -> tuple[str, ...]:
        """Every thread's id, last come first."""
        with reading(self.engine) as connection:
            return tuple(connection.scalars(select(threads.c.id).order_by(threads.c.first_revision.desc())))

    def delete_thread(self, thread_id: str) -> None:
        """Forget a thread with the answers asked of it or citing it, their feedback, and the turns of these answers.

        Afterwards none of its words is left in SQLite's files. Raises ThreadNotFound.
        """
        its_answers = select(answer_threads.c.answer_id).where(answer_threads.c.thread_id == storable(thread_id))
        with writing(self.engine) as connection:
            row = _found(connection, thread_id, lock=True)
            connection.execute(delete(turns).where(turns.c.answer_id.in_(its_answers)))
            connection.execute(delete(answers).where(answers.c.id.in_(its_answers)))
            its_jobs = select(job_threads.c.job_id).where(job_threads.c.thread_id == row.id)
            connection.execute(delete(jobs).where(jobs.c.id.in_(its_jobs)))
            wordsearch.forget(connection, row.id)
            connection.execute(delete(threads).where(threads.c.id == row.id))
            owe_scrubbing(connection)
        self._recent.forget(thread_id)
        scrub(self.engine)

    def excerpt(self, thread_id: str, comment_ids: Collection[str], *, whole: int) -> tuple[Thread, ThreadSummary]:
        """As `snapshot`, of a thread with more than `whole` comments only those around these; see corpus.excerpts."""
        with reading(self.engine) as connection:
            row = _found(connection, thread_id)
            if row.comments > whole:
                return excerpt(connection, row, comment_ids), _summary(row)
        return self.snapshot(thread_id)

    def search_words(
        self,
        asked: Sequence[str],
        *,
        limit: int,
        within: Filter | None = None,
        thread_ids: Collection[str] | None = None,
    ) -> list[wordsearch.Found]:
        """The comments that hold these terms, over all threads or some, best first; see corpus.wordsearch."""
        with reading(self.engine) as connection:
            return wordsearch.search(connection, asked, limit=limit, within=within, thread_ids=thread_ids)

    def passing(
        self, within: Filter | None, *, most: int, thread_ids: Collection[str] | None = None
    ) -> list[tuple[str, str]]:
        """(thread id, comment id) of comments that may be cited and pass, at most so many."""
        with reading(self.engine) as connection:
            return wordsearch.passing(connection, within, thread_ids, most=most)

    def count_passing(self, within: Filter | None, *, thread_ids: Collection[str] | None = None) -> int:
        """How many comments may be cited and pass."""
        with reading(self.engine) as connection:
            return wordsearch.count(connection, within, thread_ids)

    def author_ids(self, within: Filter) -> tuple[str, ...]:
        """The ids of everybody whom the filter's author may mean."""
        with reading(self.engine) as connection:
            return wordsearch.author_ids(connection, within)

    def figures(self) -> tuple[int, int | None, datetime | None]:
        """Over all threads: comments that may be cited, how many are known to exist, the oldest time of fetching."""
        loaded, told = threads.c.comments, threads.c.known_total
        known = func.sum(case((told < loaded, loaded), else_=told))
        figures = select(func.count(), func.count(told), known, func.min(threads.c.fetched_at))
        with reading(self.engine) as connection:
            row = connection.execute(figures).one()
            return wordsearch.size(connection), None if row[2] is None or row[0] > row[1] else int(row[2]), row[3]

    def close(self) -> None:
        self.engine.dispose()

    def _save(self, thread: Thread, row: dict[str, Any]) -> Saved:
        with writing(self.engine) as connection:
            kept = connection.execute(_one(thread.id).with_for_update()).one_or_none()
            if kept is None:
                return _insert(connection, thread, row)
            if kept.digest == row["digest"]:
                return _refresh(connection, kept, row)
            return _change(connection, thread, kept, row)


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


def _insert(connection: Connection, thread: Thread, row: dict[str, Any]) -> Saved:
    revision = next_revision(connection)
    row = {**row, "revision": revision, "first_revision": revision, "state": "lexical"}
    connection.execute(insert(threads), [row])
    _insert_comments(connection, thread, thread.comments)
    wordsearch.keep(connection, thread.comments)
    summary = _summary(_found(connection, thread.id))
    return Saved(summary=summary, created=True, changed=True, added=len(thread.comments), edited=0, removed=0)


def _refresh(connection: Connection, kept: Row[Any], row: dict[str, Any]) -> Saved:
    """Note when an unchanged thread was fetched, in case nothing else."""
    noted = {name: row[name] for name in ("fetched_at", "digest") if row[name] != kept._mapping[name]}  # noqa: SLF001
    if noted:
        connection.execute(update(threads).where(threads.c.id == kept.id).values(**noted))
    summary = _summary(kept).model_copy(update={"fetched_at": row["fetched_at"]})
    return Saved(summary=summary, created=False, changed=False, added=0, edited=0, removed=0)


def _change(connection: Connection, thread: Thread, kept: Row[Any], row: dict[str, Any]) -> Saved:
    """Write what differs. The digest is only a short cut: values decide, so a new way to hash them changes nothing."""
    before = _thread(connection, kept)
    if before.model_copy(update={"fetched_at": thread.fetched_at}) == thread:
        return _refresh(connection, kept, row)
    old = before.by_id
    added = [comment for comment in thread.comments if comment.id not in old]
    edited = [comment for comment in thread.comments if comment.id in old and comment != old[comment.id]]
    removed = [comment_id for comment_id in old if comment_id not in thread.by_id]
    wordsearch.forget(connection, thread.id, [*removed, *(comment.id for comment in edited)])
    _delete_comments(connection, thread.id, removed)
    _rewrite_comments(connection, thread, edited)
    _insert_comments(connection, thread, added)
    wordsearch.keep(connection, [*edited, *added])
    _move_comments(connection, before, thread)
    connection.execute(delete(digests).where(digests.c.thread_id == thread.id))
    row = {**row, "revision": next_revision(connection), "state": "lexical"}
    connection.execute(update(threads).where(threads.c.id == thread.id).values(**row))
    return Saved(
        summary=_summary(_found(connection, thread.id)),
        created=False,
        changed=True,
        added=len(added),
        edited=len(edited),
        removed=len(removed),
    )


_THIS_COMMENT = (comments.c.thread_id == bindparam("its_thread")) & (comments.c.id == bindparam("its_id"))


def _insert_comments(connection: Connection, thread: Thread, new: Iterable[Comment]) -> None:
    rows = [comment_row(comment, thread.position[comment.id]) for comment in new]
    if rows:
        connection.execute(insert(comments), rows)


def _delete_comments(connection: Connection, thread_id: str, gone: Iterable[str]) -> None:
    keys = [{"its_thread": thread_id, "its_id": comment_id} for comment_id in gone]
    if keys:
        connection.execute(delete(comments).where(_THIS_COMMENT), keys)


def _rewrite_comments(connection: Connection, thread: Thread, edited: Iterable[Comment]) -> None:
    rows = []
    for comment in edited:
        row = comment_row(comment, thread.position[comment.id])
        rows.append(row | {"its_thread": row.pop("thread_id"), "its_id": row.pop("id")})
    if rows:
        written: dict[str, Any] = {name: bindparam(name) for name in rows[0] if not name.startswith("its_")}
        connection.execute(update(comments).where(_THIS_COMMENT).values(**written), rows)


def _move_comments(connection: Connection, before: Thread, thread: Thread) -> None:
    """Note the new place of comments that stay, where others came or went before them."""
    moved = [
        {"its_thread": thread.id, "its_id": comment_id, "place": place}
        for comment_id, place in thread.position.items()
        if before.position.get(comment_id, place) != place
    ]
    if moved:
        connection.execute(update(comments).where(_THIS_COMMENT).values(position=bindparam("place")), moved)


def _one(thread_id: str) -> Any:
    return select(threads).where(threads.c.id == storable(thread_id))


def _found(connection: Connection, thread_id: str, *, lock: bool = False) -> Row[Any]:
    query = _one(thread_id)
    row: Row[Any] | None = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise ThreadNotFound(f"There is no thread {thread_id!r}.", next_step="List them with `digg-deeper threads`.")
    return row


def _thread(connection: Connection, row: Row[Any]) -> Thread:
    its_comments = select(comments).where(comments.c.thread_id == row.id).order_by(comments.c.position)
    return as_thread(row, connection.execute(its_comments).all())


def _summary(row: Row[Any]) -> ThreadSummary:
    return ThreadSummary.model_validate({name: row._mapping[name] for name in ThreadSummary.model_fields})  # noqa: SLF001


def _checked_search(q: str) -> str:
    if len(q) > _LONGEST_SEARCH:
        raise InvalidRequest(
            f"The search text is {len(q)} characters long.", next_step=f"Use at most {_LONGEST_SEARCH}."
        )
    return folded(storable(q))
