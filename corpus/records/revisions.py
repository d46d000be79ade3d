"""A thread's rows: read whole, written first, brought to a new revision; what a save did, as values.

Everything here happens within the caller's transaction. Not here: when that is (corpus.records.store), a single row
(corpus.records.rows).
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any, Literal

from pydantic import AwareDatetime
from sqlalchemy import Connection, Row, Select, bindparam, delete, insert, select, update

from corpus.errors import ThreadNotFound
from corpus.records import word_search
from corpus.records.database import next_revision
from corpus.records.rows import as_thread, comment_row
from corpus.records.schema import comments, digests, threads
from corpus.records.upkeep import owe_scrubbing
from corpus.thread import Comment, Thread, Value, storable

OnChange = Callable[[Connection, Thread, Thread], object]
"""Is told, within the transaction, how a thread was and how it is from now on."""


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


def insert_thread(connection: Connection, thread: Thread, row: dict[str, Any]) -> Saved:
    revision = next_revision(connection)
    row = {**row, "revision": revision, "first_revision": revision, "state": "lexical"}
    connection.execute(insert(threads), [row])
    _insert_comments(connection, thread, thread.comments)
    word_search.keep(connection, thread.comments)
    summary = summary_of(found(connection, thread.id))
    return Saved(summary=summary, created=True, changed=True, added=len(thread.comments), edited=0, removed=0)


def refresh(connection: Connection, kept: Row[Any], row: dict[str, Any]) -> Saved:
    """Note when an unchanged thread was fetched, in case nothing else."""
    noted = {name: row[name] for name in ("fetched_at", "digest") if row[name] != kept._mapping[name]}  # noqa: SLF001
    if noted:
        connection.execute(update(threads).where(threads.c.id == kept.id).values(**noted))
    summary = summary_of(kept).model_copy(update={"fetched_at": row["fetched_at"]})
    return Saved(summary=summary, created=False, changed=False, added=0, edited=0, removed=0)


def change(
    connection: Connection, thread: Thread, kept: Row[Any], row: dict[str, Any], on_change: OnChange | None
) -> Saved:
    """Write what differs. The digest is only a short cut: values decide, so a new way to hash them changes nothing."""
    before = read(connection, kept)
    if before.model_copy(update={"fetched_at": thread.fetched_at}) == thread:
        return refresh(connection, kept, row)
    old = before.by_id
    added = [comment for comment in thread.comments if comment.id not in old]
    edited = [comment for comment in thread.comments if comment.id in old and comment != old[comment.id]]
    removed = [comment_id for comment_id in old if comment_id not in thread.by_id]
    word_search.forget(connection, thread.id, [*removed, *(comment.id for comment in edited)])
    _delete_comments(connection, thread.id, removed)
    _rewrite_comments(connection, thread, edited)
    _insert_comments(connection, thread, added)
    word_search.keep(connection, [*edited, *added])
    _move_comments(connection, before, thread)
    connection.execute(delete(digests).where(digests.c.thread_id == thread.id))
    if on_change is not None:
        on_change(connection, before, thread)
    if removed or any(_words(comment) != _words(old[comment.id]) for comment in edited):
        owe_scrubbing(connection)
    row = {**row, "revision": next_revision(connection), "state": "lexical"}
    connection.execute(update(threads).where(threads.c.id == thread.id).values(**row))
    return Saved(
        summary=summary_of(found(connection, thread.id)),
        created=False,
        changed=True,
        added=len(added),
        edited=len(edited),
        removed=len(removed),
    )


def _words(comment: Comment) -> tuple[object, ...]:
    """What somebody may wish gone: not how often it was liked."""
    return comment.text, comment.author, comment.author_candidate, comment.deleted


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


def one(thread_id: str) -> Any:
    return select(threads).where(threads.c.id == storable(thread_id))


def some(thread_ids: Collection[str]) -> Select[Any]:
    return select(threads).where(threads.c.id.in_([storable(thread_id) for thread_id in thread_ids]))


def found(connection: Connection, thread_id: str, *, lock: bool = False) -> Row[Any]:
    query = one(thread_id)
    row: Row[Any] | None = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise ThreadNotFound(f"There is no thread {thread_id!r}.", next_step="List them with `digg-deeper threads`.")
    return row


def read(connection: Connection, row: Row[Any]) -> Thread:
    its_comments = select(comments).where(comments.c.thread_id == row.id).order_by(comments.c.position)
    return as_thread(row, connection.execute(its_comments).all())


def summary_of(row: Row[Any]) -> ThreadSummary:
    return ThreadSummary.model_validate({name: row._mapping[name] for name in ThreadSummary.model_fields})  # noqa: SLF001
