"""Counting people: distinct authors, unattributed posts apart, the same words by the same author once."""

from collections.abc import Iterable, Mapping, Sequence

from bot.answer import Count
from corpus.text import bare
from corpus.thread import Comment, Thread

Threads = Mapping[str, Thread]


def count(members: Iterable[tuple[str, str]], unclear: Iterable[tuple[str, str]], threads: Threads) -> Count:
    """Distinct authors of the members, unattributed ones apart; the same words by the same author counted once."""
    counted = _distinct(_comments(members, threads))
    told = {(comment.thread_id, comment.id) for comment in counted}
    doubtful = [c for c in _distinct(_comments(unclear, threads)) if (c.thread_id, c.id) not in told]
    return Count(
        matched=len(counted),
        commenters=len({comment.author.id for comment in counted if comment.author is not None}),
        unattributed=sum(comment.author is None for comment in counted),
        unclear=len(doubtful),
        members=tuple(comment.id for comment in counted),
    )


def _comments(ids: Iterable[tuple[str, str]], threads: Threads) -> list[Comment]:
    found = [threads[t].by_id.get(c) for t, c in dict.fromkeys(ids) if t in threads]
    return [comment for comment in found if comment is not None and comment.citable]


def _distinct(comments: Sequence[Comment]) -> list[Comment]:
    seen: set[tuple[str | None, str]] = set()
    kept = []
    for comment in comments:
        key = (comment.author.id if comment.author else None, bare(comment.text))
        if key not in seen:
            seen.add(key)
            kept.append(comment)
    return kept
