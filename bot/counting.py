"""Counting people: distinct authors, unattributed posts apart, the same words by the same author once.

What is counted is all that bears on the question, whether it is shown or not, and of that only what the threads bear
out. Not here: how a reply stands to what it answers (bot.stance, through bot.roles).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from bot.answer import Answer, Count, Draft, Finding, Kind, Role, Statement
from bot.measures import Place, standing
from bot.roles import Roles
from corpus.text import bare
from corpus.thread import Comment, Thread

Threads = Mapping[str, Thread]
Key = tuple[str, str]
_IN_ROLE: dict[Kind, frozenset[Role | None]] = {
    "agreement": frozenset(["agrees"]),
    "disagreement": frozenset(["disagrees", "partly", "says the contrary"]),
    "replies": frozenset(["agrees", "disagrees", "partly", "replies", "unanswered"]),
    "yes-no": frozenset(["says so", "says the contrary"]),
}
"""Whose statements are counted: in an answer about disagreement those who disagree, not those disagreed with; in one
of yes or no those who say so and those who say the contrary."""
_BY_REPLY: frozenset[Kind] = frozenset(["agreement", "disagreement", "replies"])
_BY_WORDS: frozenset[Kind] = frozenset(["count", "who", "quote", "yes-no"])
"""Kinds whose matched comments are counted beside those that are cited."""


def borne_out(draft: Draft, kind: Kind, statements: Sequence[Statement], roles: Roles) -> list[Key]:
    """The comments that an answer counts: those that its writer matched and the threads bear out, then those cited.

    Where nobody is found in a role that is asked for, nobody is counted: not the one who is asked about. A yes or no
    without any role counts whoever bears on it.
    """
    wanted = _IN_ROLE.get(kind)
    told = [statement for statement in statements if wanted is None or statement.role in wanted]
    if kind == "yes-no" and not any(statement.role for statement in statements):
        told = list(statements)
    cited = [(citation.thread_id, citation.comment_id) for said in told for citation in said.citations]
    if kind == "superlative" and draft.finding is not None:
        first = {(c.thread_id, c.id) for place in _first(draft.finding, roles) for c in place.comments}
        return [*cited, *(place for place in draft.matched if place in first)]
    if kind in _BY_REPLY:
        return [*cited, *(place for place in draft.matched if _stands(place, kind, roles))]
    return [*draft.matched, *cited] if kind in _BY_WORDS else cited


def _first(finding: Finding, roles: Roles) -> tuple[Place, ...]:
    return standing(finding, roles.threads).first(finding.top)


def _stands(place: Key, kind: Kind, roles: Roles) -> bool:
    """Whether a comment that a writer matched stands as the question wants it, shown or not."""
    how = roles.standing(place)
    if kind == "replies":
        return how is not None or roles.alone(place)
    return how is not None and how in _IN_ROLE[kind]


def recountable(
    answer: Answer, kind: Kind, threads: Threads, edited: AbstractSet[str] = frozenset()
) -> list[Key] | None:
    """What a kept answer counted beside what it cites, as far as it says the same now; None where nobody can tell.

    A count keeps bare ids, and of what is unclear a number alone. So of several threads it is told which are meant only
    where all that was counted is cited; and whether another wording of a post that is not cited bears on it, never.
    """
    if answer.count is None or answer.count.unclear:
        return None
    if kind not in _BY_WORDS | _BY_REPLY:
        return []
    cited = {(c.thread_id, c.comment_id) for statement in answer.statements for c in statement.citations}
    if Counter(answer.count.members) == Counter(comment_id for _, comment_id in cited):
        return []
    (only, *others) = {*answer.thread_ids, *(thread_id for thread_id, _ in cited)}
    if others or only not in threads:
        return None
    members = [(only, member) for member in answer.count.members]
    reworded = [place for place in members if place[1] in edited and place not in cited]
    if _comments(reworded, threads):
        return None
    return [place for place in members if place[1] not in edited]


def count(members: Iterable[tuple[str, str]], unclear: Iterable[tuple[str, str]], threads: Threads) -> Count:
    """Distinct authors of the members, unattributed ones apart; the same words by the same author counted once."""
    counted = _each_once(_comments(members, threads))
    told = {(comment.thread_id, comment.id) for comment in counted}
    doubtful = [c for c in _each_once(_comments(unclear, threads)) if (c.thread_id, c.id) not in told]
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


def distinct(members: Iterable[Key], threads: Threads) -> list[Key]:
    """Of these the ones that a count of them tells of: not what is gone, and the same words by one author once."""
    return [(comment.thread_id, comment.id) for comment in _each_once(_comments(members, threads))]


def _each_once(comments: Sequence[Comment]) -> list[Comment]:
    """Without what an author says again. Nobody knows whether two unknown ones are the same: each stays."""
    seen: set[Key] = set()
    kept = []
    for comment in comments:
        key = (comment.author.id, bare(comment.text)) if comment.author is not None else None
        if key is None or key not in seen:
            kept.append(comment)
        if key is not None:
            seen.add(key)
    return kept
