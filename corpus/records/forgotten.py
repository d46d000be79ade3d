"""What was forgotten for good: hashes keyed with a salt of this database, and a thread without what they stand for.

A hash tells a guess from a wrong guess to whoever holds the database, and nothing else: no words, no names.
Also who bears an id or handle. Not here: forgetting (corpus.records.store), what else it reaches
(bot.history.forgetting). See docs/decisions/0009-forgetting.md.
"""

import hmac
import json
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, or_, select

from corpus.records.rows import folded
from corpus.records.schema import comments, forgotten, salts, threads
from corpus.text.titles import retitled
from corpus.thread import Author, Candidate, Comment, Thread, storable

Key = tuple[str, ...]
"""A kind, and what is forgotten of that kind."""


def comment_key(thread_id: str, comment_id: str) -> Key:
    return ("comment", thread_id, comment_id)


def author_keys(source: str, author: Author) -> tuple[Key, Key]:
    """By id, by which posts are held back; and by handle, by which somebody may ask again. Whatever their case."""
    return author_key(source, author.id), handle_key(source, author.handle)


def author_key(source: str, author_id: str) -> Key:
    return ("author", source, folded(author_id))


def handle_key(source: str, handle: str) -> Key:
    return ("handle", source, folded(handle.removeprefix("@")))


class Forgotten:
    """The list as it is within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._salt = bytes.fromhex(
            connection.execute(select(salts.c.salt).where(salts.c.name == "forgotten")).scalar_one()
        )
        self._hashes = frozenset(connection.scalars(select(forgotten.c.hash)))

    def __contains__(self, key: Key) -> bool:
        return bool(self._hashes) and self._hash(key) in self._hashes

    def note(self, keys: Iterable[Key]) -> None:
        """Put these on the list; what is there already stays."""
        new = {self._hash(key) for key in keys} - self._hashes
        if new:
            now = datetime.now(UTC)
            self._connection.execute(insert(forgotten), [{"hash": each, "forgotten_at": now} for each in sorted(new)])
            self._hashes |= new

    def take_back(self, keys: Collection[Key]) -> int:
        """How many were on the list, and are not any more: what they stand for may come in again."""
        gone = {self._hash(key) for key in keys} & self._hashes
        self._connection.execute(delete(forgotten).where(forgotten.c.hash.in_(gone)))
        self._hashes -= gone
        return len(gone)

    def applied(self, thread: Thread) -> Thread:
        """The thread as it may be kept: of a forgotten comment the node alone, so that its replies keep their place.

        Nor is its title that comment's words.
        """
        if not self._hashes:
            return thread
        people: dict[str, bool] = {}

        def is_gone(author: Author | None) -> bool:
            if author is None:
                return False
            if author.id not in people:
                people[author.id] = author_key(thread.source, author.id) in self
            return people[author.id]

        def kept(comment: Comment) -> Comment:
            if is_gone(comment.author) or comment_key(thread.id, comment.id) in self:
                return placeholder(comment)
            if comment.author_candidate is not None and is_gone(comment.author_candidate.author):
                return comment.model_copy(update={"author_candidate": None})
            return comment

        return retitled(thread, with_comments(thread, [kept(comment) for comment in thread.comments]))

    def _hash(self, key: Key) -> str:
        return hmac.digest(self._salt, json.dumps(key).encode(), "sha256").hex()


def placeholder(comment: Comment) -> Comment:
    """Its place among the others, and nothing else of it."""
    return Comment(id=comment.id, thread_id=comment.thread_id, parent_id=comment.parent_id, deleted=True)


def with_comments(thread: Thread, comments: list[Comment]) -> Thread:
    """The thread itself where nothing differs."""
    if all(new is old for new, old in zip(comments, thread.comments, strict=True)):
        return thread
    return thread.model_copy(update={"comments": tuple(comments)})


def bearers(connection: Connection, who: str, source: str | None) -> dict[tuple[str, Author], tuple[str, ...]]:
    """(source, author) -> ids of the threads where somebody with this id or handle posted, or probably did."""
    found: dict[tuple[str, Author], dict[str, None]] = {}
    for of, thread_id, author in (*_proven(connection, who, source), *_likely(connection, source)):
        if author.id == who or folded(author.handle) == folded(who.removeprefix("@")):
            found.setdefault((of, author), {})[thread_id] = None
    return {bearer: tuple(thread_ids) for bearer, thread_ids in found.items()}


def _proven(connection: Connection, who: str, source: str | None) -> Iterator[tuple[str, str, Author]]:
    handle = storable(who.removeprefix("@"))
    named = or_(
        comments.c.author_id == storable(who),
        func.lower(comments.c.author_handle) == handle.lower(),
        comments.c.author_handle == handle,
    )
    columns = (comments.c.author_id, comments.c.author_handle, comments.c.author_name)
    query = select(threads.c.source, comments.c.thread_id, *columns).distinct().join_from(comments, threads)
    for row in connection.execute(_of_source(query.where(named, comments.c.author_id.is_not(None)), source)):
        yield row.source, row.thread_id, Author(id=row.author_id, handle=row.author_handle, name=row.author_name)


def _likely(connection: Connection, source: str | None) -> Iterator[tuple[str, str, Author]]:
    query = select(threads.c.source, comments.c.thread_id, comments.c.author_candidate).join_from(comments, threads)
    for row in connection.execute(_of_source(query.where(comments.c.author_candidate.is_not(None)), source)):
        yield row.source, row.thread_id, Candidate.model_validate(row.author_candidate).author


def _of_source(query: Select[Any], source: str | None) -> Select[Any]:
    return query if source is None else query.where(threads.c.source == storable(source))
