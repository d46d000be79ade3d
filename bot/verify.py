"""The only way to an Answer: every quote exact, every speaker right, every count recomputed; what fails is dropped.

A draft is trusted in nothing. Not here: how evidence is found (index) or chosen (bot.extractive), how an answer is
worded (bot.wording). What it cannot do: tell whether a quote supports a claim; a claim always stands beside its quotes.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from bot import claim, fallback, locate, wording
from bot.answer import Answer, Citation, Count, Coverage, Draft, DraftStatement, Evidence, Kind, Statement
from corpus.text import bare
from corpus.thread import Comment, Thread, Value

MAX_STATEMENTS = 50
NEAREST = 3
EXTRACTIVE = "extractive"
WITHDRAWN = "What this answer cited was edited or deleted since."
NO_QUESTION = frozenset({"greeting", "thanks", "empty"})


class Asked(Value):
    """What an answer is an answer to, as far as its wording needs it."""

    question: str
    kind: Kind
    person: str | None = None
    """Who is asked about, as rendered; null where nobody is."""
    topic: str | None = None
    conversation_id: str | None = None


class Verdict(Value):
    """What is left of one drafted statement, and why nothing is."""

    statement: Statement | None
    refused: str | None = None


Threads = Mapping[str, Thread]


def verify(
    draft: Draft, *, asked: Asked, threads: Threads, coverage: Coverage, took: Mapping[str, float] | None = None
) -> Answer:
    """The Answer that a draft amounts to once everything false is dropped. Never raises for what a draft says."""
    verdicts = [judge(drafted, threads) for drafted in draft.statements[:MAX_STATEMENTS]]
    statements = _once(verdict.statement for verdict in verdicts if verdict.statement is not None)
    dropped = draft.dropped + len(draft.statements) - sum(verdict.statement is not None for verdict in verdicts)
    said = _something(draft, asked, threads, statements) if statements else _nothing(draft, asked, threads)
    return Answer(
        id=uuid.uuid4().hex,
        thread_ids=tuple(threads),
        conversation_id=asked.conversation_id,
        question=asked.question,
        kind=asked.kind,
        coverage=coverage,
        writer=draft.writer,
        took=dict(took or {}),
        created_at=datetime.now(UTC),
        dropped=dropped,
        note=_note(draft),
        usage=dict(draft.usage),
        **said,
    )


def _note(draft: Draft) -> str | None:
    if draft.trouble is None:
        return None
    return (fallback.instead if draft.writer == EXTRACTIVE else fallback.beside)(draft.trouble)


def verify_again(
    answer: Answer, threads: Threads, *, question: str | None = None, conversation_id: str | None = None
) -> Answer:
    """A saved answer, checked against the threads as they are now; its id, time and coverage are kept.

    `question` and `conversation_id` are set where it is given again to somebody who asks the same.

    `dropped` grows by what no longer holds; if nothing holds any more, the answer is an abstention that says so.
    """
    verdicts = [judge(_drafted(statement), threads) for statement in answer.statements]
    kept = tuple(verdict.statement for verdict in verdicts if verdict.statement is not None)
    nearest = _citations((_evidence(citation) for citation in answer.nearest), threads)
    changed: dict[str, object] = {"statements": kept, "nearest": nearest}
    if question is not None:
        changed |= {"question": question, "conversation_id": conversation_id}
    if kept != answer.statements:
        changed["dropped"] = answer.dropped + len(answer.statements) - len(kept)
        changed.update(_told_again(answer, kept, threads))
    return answer.model_copy(update=changed)


def _told_again(answer: Answer, kept: tuple[Statement, ...], threads: Threads) -> dict[str, object]:
    if not kept:
        return {"abstained": True, "reason": WITHDRAWN, "lead": WITHDRAWN, "count": None}
    person = wording.named(kept[0].citations[0]) if answer.kind == "says" else None
    asked = Asked(question=answer.question, kind=answer.kind, person=person)
    members = answer.count.members if answer.count is not None else ()
    matched = tuple((thread_id, member) for member in members for thread_id in answer.thread_ids)
    again = _something(Draft(matched=matched, writer=answer.writer), asked, threads, kept)
    return {"count": again["count"], "lead": again["lead"]}


def _drafted(statement: Statement) -> DraftStatement:
    """The statement as its writer proposed it."""
    return DraftStatement(evidence=tuple(_evidence(c) for c in statement.citations), claim=statement.claim)


def judge(drafted: DraftStatement, threads: Threads) -> Verdict:
    """One drafted statement against the comments it refers to: all of its evidence must hold, or none of it is said."""
    cited = [_cite(evidence, threads) for evidence in drafted.evidence]
    if not cited:
        return Verdict(statement=None, refused="it cites nothing")
    false = next((citation for citation in cited if isinstance(citation, str)), None)
    if false is not None:
        return Verdict(statement=None, refused=false)
    citations = tuple(dict.fromkeys(citation for citation in cited if isinstance(citation, Citation)))
    if drafted.claim is not None:
        spans = [(threads[c.thread_id].by_id[c.comment_id], c.start, c.end) for c in citations]
        objection = claim.objection(drafted.claim, spans, threads.values())
        if objection is not None:
            return Verdict(statement=None, refused=objection)
    spoken = [(wording.speaker(threads[c.thread_id].by_id[c.comment_id]), c.quote) for c in citations]
    text = wording.statement_text(drafted.claim, spoken)
    return Verdict(statement=Statement(text=text, claim=drafted.claim, citations=citations))


def _cite(evidence: Evidence, threads: Threads) -> Citation | str:
    """The citation that the evidence points to, or what is false about it."""
    thread = threads.get(evidence.thread_id)
    comment = thread.by_id.get(evidence.comment_id) if thread is not None else None
    if comment is None:
        return f"there is no comment {evidence.comment_id!r} in thread {evidence.thread_id!r}"
    if not comment.citable:
        return f"comment {comment.id!r} is deleted or empty"
    places = locate.spans(comment.text, evidence.quote, evidence.start)
    if not places:
        return f"comment {comment.id!r} does not say {evidence.quote[:200]!r}"
    own = next((place for place in places if comment.own_words(*place)), None)
    if own is None:
        return f"comment {comment.id!r} only quotes {evidence.quote[:200]!r} from somebody else"
    return citation(comment, *own)


def citation(comment: Comment, start: int, end: int) -> Citation:
    """A citation of comment.text[start:end] that names who wrote the comment."""
    return Citation(
        thread_id=comment.thread_id,
        comment_id=comment.id,
        author=comment.author,
        author_candidate=comment.author_candidate if comment.author is None else None,
        quote=comment.text[start:end],
        start=start,
        end=end,
        url=comment.url,
        posted_at=comment.posted_at,
    )


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


def _something(draft: Draft, asked: Asked, threads: Threads, statements: Sequence[Statement]) -> dict[str, object]:
    citations = [citation for statement in statements for citation in statement.citations]
    cited = [(citation.thread_id, citation.comment_id) for citation in citations]
    counted = count([*draft.matched, *cited] if asked.kind == "count" else cited, draft.unclear, threads)
    one_each = [statement.citations[0] for statement in statements] if asked.kind == "open" else citations
    return {
        "statements": tuple(statements),
        "count": counted,
        "lead": wording.lead(asked.kind, counted, one_each, person=asked.person, asked=asked.topic),
    }


def _nothing(draft: Draft, asked: Asked, threads: Threads) -> dict[str, object]:
    reason = wording.reason(draft.gap, tuple(threads.values()), person=asked.person)
    abstained = asked.kind not in NO_QUESTION
    nearest = _citations(draft.nearest, threads)[:NEAREST]
    return {"abstained": abstained, "reason": reason if abstained else None, "lead": reason, "nearest": nearest}


def _citations(evidence: Iterable[Evidence], threads: Threads) -> tuple[Citation, ...]:
    cited = (_cite(piece, threads) for piece in evidence)
    return tuple(dict.fromkeys(c for c in cited if isinstance(c, Citation)))


def _once(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    return tuple(dict.fromkeys(statements))


def _evidence(citation: Citation) -> Evidence:
    return Evidence(
        thread_id=citation.thread_id, comment_id=citation.comment_id, quote=citation.quote, start=citation.start
    )
