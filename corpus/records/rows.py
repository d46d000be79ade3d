"""Thread and Comment as rows of corpus.records.schema, and back: exact both ways.

Not here: when rows are written or read (corpus.records.store).
"""

import hashlib
import unicodedata
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from corpus.thread import Author, Comment, Engagement, Thread

_UNCOUNTED = Engagement()


def thread_row(thread: Thread) -> dict[str, Any]:
    """What of a thread stands in its own row, but for revision, state and first revision, which the store gives."""
    return {
        "id": thread.id,
        "source": thread.source,
        "title": thread.title,
        "url": thread.url,
        "fetched_at": thread.fetched_at,
        "known_total": thread.known_total,
        "page": None if thread.page is None else thread.page.model_dump(mode="json"),
        "digest": content_digest(thread),
        "folded": folded(f"{thread.id}\n{thread.title}"),
        "comments": len(thread.comments),
        "commenters": len(thread.commenters),
        "unattributed": sum(comment.author is None for comment in thread.comments),
    }


def comment_row(comment: Comment, position: int) -> dict[str, Any]:
    author, candidate = comment.author, comment.author_candidate
    return {
        "thread_id": comment.thread_id,
        "id": comment.id,
        "position": position,
        "parent_id": comment.parent_id,
        "author_id": author and author.id,
        "author_handle": author and author.handle,
        "author_name": author and author.name,
        "author_candidate": candidate and candidate.model_dump(mode="json"),
        "text": comment.text,
        "quoted": comment.quoted or None,
        "addressed": comment.addressed or None,
        "quotes": comment.quotes or None,
        "posted_at": comment.posted_at,
        "edited_at": comment.edited_at,
        "engagement": None if comment.engagement == _UNCOUNTED else comment.engagement.model_dump(mode="json"),
        "url": comment.url,
        "deleted": comment.deleted,
        "is_bot": comment.is_bot,
    }


def as_thread(row: Row[Any], comment_rows: Sequence[Row[Any]]) -> Thread:
    """The thread of a row and its comments' rows, in order: validated, so a damaged row is an error, never a value."""
    people: dict[tuple[str, str, str | None], Author] = {}
    return Thread.model_validate(
        {
            "id": row.id,
            "source": row.source,
            "title": row.title,
            "url": row.url,
            "fetched_at": row.fetched_at,
            "known_total": row.known_total,
            "page": row.page,
            "comments": [_comment_fields(comment, people) for comment in comment_rows],
        }
    )


def _comment_fields(comment: Row[Any], people: dict[tuple[str, str, str | None], Author]) -> dict[str, Any]:
    """What Comment is validated from. Who posts often is one Author, validated once."""
    row = comment._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    fields: dict[str, Any] = {name: row[name] for name in _AS_THEY_ARE}
    fields.update((name, row[name]) for name in _NULL_WHERE_EMPTY if row[name] is not None)
    if row["author_id"] is not None:
        key = (row["author_id"], row["author_handle"], row["author_name"])
        fields["author"] = people.get(key) or people.setdefault(key, Author(id=key[0], handle=key[1], name=key[2]))
    return fields


_AS_THEY_ARE = ("id", "thread_id", "parent_id", "text", "posted_at", "edited_at", "url", "deleted", "is_bot")
_NULL_WHERE_EMPTY = ("author_candidate", "quoted", "addressed", "quotes", "engagement")


def content_digest(thread: Thread) -> str:
    """A hash of all that a revision stands for: everything but when it was fetched."""
    return hashlib.sha256(thread.model_dump_json(exclude={"fetched_at"}).encode()).hexdigest()


def folded(words: str) -> str:
    """Words as they are searched: whatever their case and the composition of their marks."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", words).casefold())
