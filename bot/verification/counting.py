"""Counting people: distinct authors, unattributed posts apart, the same words by the same author once."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from bot.values.answer import Answer, Count
from corpus.text.plain import bare
from corpus.thread import Comment, Thread

Threads = Mapping[str, Thread]
Key = tuple[str, str]


def recountable(answer: Answer, threads: Threads, edited: AbstractSet[str] = frozenset()) -> list[Key] | None:
    """What a kept answer counted, as far as it says the same now; None where nobody can tell.

    A count keeps bare ids, and of what is unclear a number alone. So of several threads it is told which are meant only
    where all that was counted is cited; and whether another wording of a post that is not cited bears on it, never.
    """
    if answer.count is None or answer.count.unclear:
        return None
    cited = {(c.thread_id, c.comment_id) for statement in answer.statements for c in statement.citations}
    if Counter(answer.count.members) == Counter(comment_id for _, comment_id in cited):
        return [place for place in cited if place[1] not in edited]
    (only, *others) = {*answer.thread_ids, *(thread_id for thread_id, _ in cited)}
    if others or only not in threads:
        return None
    members = [(only, member) for member in answer.count.members]
    reworded = [place for place in members if place[1] in edited and place not in cited]
    if comments(reworded, threads):
        return None
    return [place for place in members if place[1] not in edited]


def count(members: Iterable[Key], unclear: Iterable[Key], threads: Threads, *, by: str = "mentions") -> Count:
    """Distinct authors of the members, unattributed ones apart; the same words by the same author counted once."""
    counted = _each_once(comments(members, threads))
    told = {(comment.thread_id, comment.id) for comment in counted}
    doubtful = [c for c in _each_once(comments(unclear, threads)) if (c.thread_id, c.id) not in told]
    return Count(
        matched=len(counted),
        commenters=len({comment.author.id for comment in counted if comment.author is not None}),
        unattributed=sum(comment.author is None for comment in counted),
        unclear=len(doubtful),
        members=tuple(comment.id for comment in counted),
        by=by,
    )


def comments(ids: Iterable[Key], threads: Threads) -> list[Comment]:
    """The comments of these ids that can be cited, each once."""
    found = [threads[t].by_id.get(c) for t, c in dict.fromkeys(ids) if t in threads]
    return [comment for comment in found if comment is not None and comment.citable]


def _each_once(found: Sequence[Comment]) -> list[Comment]:
    """Without what an author says again. Nobody knows whether two unknown ones are the same: each stays."""
    seen: set[Key] = set()
    kept = []
    for comment in found:
        key = (comment.author.id, bare(comment.text)) if comment.author is not None else None
        if key is None or key not in seen:
            kept.append(comment)
        if key is not None:
            seen.add(key)
    return kept
