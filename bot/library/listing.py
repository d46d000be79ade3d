"""A thread as the faces list it: its story, its comments a page at a time, a search hit, how much of it is known.

Values in, values out. Not here: getting a thread (bot.product.product), showing it (the faces).
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.evidence.scope import Scope
from bot.values.answer import Coverage, State
from bot.values.story import CommentPage, Digest, SearchHit, Sort, Story
from corpus.errors import InvalidRequest
from corpus.records.store import ThreadSummary
from corpus.thread import Comment, Thread


def story(thread: Thread, summary: ThreadSummary, digest: Digest) -> Story:
    """The thread without its comments."""
    indexed = sum(comment.citable for comment in thread.comments)
    return Story(
        id=thread.id,
        source=thread.source,
        title=thread.title,
        url=thread.url,
        page=thread.page,
        digest=digest,
        coverage=_covered([thread], used=indexed, state=summary.state),
        comments=summary.comments,
        commenters=summary.commenters,
        unattributed=summary.unattributed,
    )


def comments(thread: Thread, *, sort: Sort, author: str | None, cursor: str | None, limit: int) -> CommentPage:
    """A page of the thread's comments; `author` is a handle, with or without @, or an author's id."""
    found = [comment for comment in thread.comments if author is None or _is_by(comment, author)]
    found.sort(key=(lambda c: -thread.activity[c.id]) if sort == "activity" else _by_time)
    start = _place(cursor)
    end = start + limit
    return CommentPage(comments=tuple(found[start:end]), next_cursor=str(end) if end < len(found) else None)


def coverage(threads: Sequence[Thread], scope: Scope) -> Coverage:
    """How much of the threads an answer rests on, and how much of them is here."""
    found = _covered(threads, used=len(scope.looked_at), state=scope.state)
    return found.model_copy(update={"broken": scope.broken, "outdated": scope.outdated})


def _covered(threads: Sequence[Thread], *, used: int, state: State) -> Coverage:
    known = [max(t.known_total, len(t.comments)) if t.known_total is not None else None for t in threads]
    return Coverage(
        used=used,
        indexed=sum(comment.citable for thread in threads for comment in thread.comments),
        known=sum(filter(None, known)) if all(total is not None for total in known) else None,
        as_of=min((thread.fetched_at for thread in threads), default=None),
        state=state,
    )


def hit(comment: Comment, score: float) -> SearchHit:
    """A comment as a search finds it."""
    return SearchHit(
        comment_id=comment.id,
        score=round(score, 6),
        author=comment.author,
        author_candidate=comment.author_candidate,
        text=comment.text,
        url=comment.url,
    )


def _is_by(comment: Comment, author: str) -> bool:
    if comment.author is None:
        return False
    wanted = author.removeprefix("@").casefold()
    return author == comment.author.id or wanted == comment.author.handle.casefold()


def _by_time(comment: Comment) -> tuple[bool, datetime]:
    return comment.posted_at is None, comment.posted_at or datetime.min.replace(tzinfo=UTC)


def _place(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise InvalidRequest(f"{cursor!r} is no cursor of this list.", next_step="Take next_cursor of the page before.")
    return int(cursor)
