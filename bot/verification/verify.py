"""The only way to an Answer: every quote exact, every speaker right, every count recomputed; what fails is dropped.

A draft is trusted in nothing. Words that it points to are shown with what stands around them (bot.evidence.windows), so
that none are cut to their opposite. Not here: how evidence is found (index) or chosen (bot.writers.quotes), how an
answer is worded (bot.verification.sentences, bot.verification.leads).
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime

from bot.evidence import quote_places
from bot.evidence.measures import standing
from bot.evidence.windows import window
from bot.values import fallback, speakers
from bot.values.answer import (
    Answer,
    Citation,
    Coverage,
    Draft,
    DraftStatement,
    Evidence,
    Finding,
    Kind,
    Span,
    Statement,
)
from bot.values.inquiry import Question
from bot.values.people import Person
from bot.verification import sentences
from bot.verification.counting import count, recountable
from bot.verification.leads import Facts, lead
from corpus.thread import Comment, Thread, Value

__all__ = ["Asked", "Verdict", "count", "judge", "verify", "verify_again"]

MAX_STATEMENTS = 50
NEAREST = 3
EXTRACTIVE = "extractive"
WITHDRAWN = "This answer was withdrawn: a comment that it cited was edited or deleted."
UNCOUNTED = "Its count was withdrawn: what is left of it after an edit or a deletion cannot be counted exactly."
NO_QUESTION: frozenset[Kind] = frozenset({"greeting", "thanks", "empty"})


class Asked(Value):
    """What an answer is an answer to, as far as its wording needs it."""

    question: str
    kind: Kind
    person: str | None = None
    """Who is asked about, as rendered, or who of two people posted nothing; null where nobody is."""
    subject: str = ""
    compared: tuple[Person, ...] = ()
    conversation_id: str | None = None

    @classmethod
    def of(cls, question: Question, *, conversation_id: str | None = None) -> "Asked":
        """What an answer to this question is an answer to."""
        unknown = next((person for person in question.people if not person.known), None)
        person = question.person or unknown
        return cls(
            question=question.text,
            kind=question.kind,
            person=person.shown if person is not None else None,
            subject=question.phrase or question.subject,
            compared=question.people,
            conversation_id=conversation_id,
        )


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
    if draft.gap is None:
        verdicts = _of_the_first(verdicts, draft.finding, threads)
    statements = _once(verdict.statement for verdict in verdicts if verdict.statement is not None)
    further = _once(_stated_only(draft.more[:MAX_STATEMENTS], threads))
    shown = {(c.thread_id, c.comment_id) for statement in statements for c in statement.citations}
    further = tuple(s for s in further if not shown & {(c.thread_id, c.comment_id) for c in s.citations})
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
        took={**(took or {}), **draft.took},
        created_at=datetime.now(UTC),
        dropped=dropped,
        note=_note(draft),
        usage=dict(draft.usage),
        more=further if statements else (),
        **said,
    )


def _stated_only(drafted: Iterable[DraftStatement], threads: Threads) -> Iterable[Statement]:
    verdicts = (judge(one, threads) for one in drafted)
    return (verdict.statement for verdict in verdicts if verdict.statement is not None)


def _note(draft: Draft) -> str | None:
    trouble = None
    if draft.trouble is not None:
        trouble = (fallback.instead if draft.writer == EXTRACTIVE else fallback.beside)(draft.trouble)
    return " ".join(filter(None, (sentences.NOTES.get(draft.note) if draft.note else None, trouble))) or None


def verify_again(
    answer: Answer,
    threads: Threads,
    *,
    question: str | None = None,
    conversation_id: str | None = None,
    edited: AbstractSet[str] = frozenset(),
) -> Answer:
    """A saved answer, checked against the threads as they are now; its id, time and coverage are kept.

    `question` and `conversation_id` are set where it is given again to somebody who asks the same. `edited` are ids of
    comments that say something else now: they are counted only where they are still cited.

    `dropped` grows by what no longer holds; if nothing holds any more, the answer is an abstention that says so.
    What it counted is counted again, or where that cannot be told exactly, no number is told.
    """
    kept = tuple(_still_stated(answer.statements, threads))
    more = tuple(_still_stated(answer.more, threads))
    nearest = tuple(again for cited in answer.nearest if (again := _cited_again(cited, threads)) is not None)
    changed: dict[str, object] = {"statements": kept, "nearest": nearest, "more": more}
    if question is not None:
        changed |= {"question": question, "conversation_id": conversation_id}
    counted = edited & set(answer.count.members if answer.count is not None else ())
    if kept != answer.statements or (kept and counted):
        changed["dropped"] = answer.dropped + len(answer.statements) - len(kept)
        changed.update(_told_again(answer, kept, threads, edited))
    return answer.model_copy(update=changed)


def _still_stated(statements: Iterable[Statement], threads: Threads) -> Iterable[Statement]:
    """The statements all of whose citations still hold, in the words of code."""
    for statement in statements:
        cited = [_cited_again(citation, threads) for citation in statement.citations]
        held = tuple(citation for citation in cited if citation is not None)
        if len(held) == len(statement.citations):
            yield _stated(held, statement.heading, threads)


def _cited_again(cited: Citation, threads: Threads) -> Citation | None:
    """The citation as it was shown, if the comment still says these very words."""
    evidence = Evidence(thread_id=cited.thread_id, comment_id=cited.comment_id, quote=cited.quote, start=cited.start)
    thread = threads.get(cited.thread_id)
    comment = thread.by_id.get(cited.comment_id) if thread is not None else None
    if comment is not None and _shown_so(cited, comment):
        return citation(comment, cited.start, cited.end, focus=cited.focus, cut=cited.cut)
    found = _found(evidence, threads)
    if isinstance(found, str):
        return None
    comment, (start, end) = found
    moved = start - cited.start
    focus = None if cited.focus is None else (cited.focus[0] + moved, cited.focus[1] + moved)
    return citation(comment, start, end, focus=focus, cut=cited.cut)


def _shown_so(cited: Citation, comment: Comment) -> bool:
    """Whether the comment would be shown so again: a window may end within a word of more than its length."""
    return (
        comment.citable
        and comment.text[cited.start : cited.end] == cited.quote
        and comment.own_words(cited.start, cited.end)
        and window(comment, *(cited.focus or (cited.start, cited.end))) == (cited.start, cited.end, cited.cut)
    )


def _told_again(
    answer: Answer, kept: tuple[Statement, ...], threads: Threads, edited: AbstractSet[str]
) -> dict[str, object]:
    if not kept:
        return {"abstained": True, "reason": WITHDRAWN, "lead": WITHDRAWN, "count": None, "more": ()}
    kind: Kind = "open" if answer.kind in _NOT_TOLD_AGAIN else answer.kind
    if answer.count is None:
        return {"lead": lead(Facts(kind="open", statements=kept, threads=threads))}
    matched = recountable(answer, threads, edited)
    if matched is None or kind == "open":
        note = answer.note if UNCOUNTED in (answer.note or "") else " ".join(filter(None, (answer.note, UNCOUNTED)))
        return {"count": None, "lead": lead(Facts(kind="open", statements=kept, threads=threads)), "note": note}
    counted = count(matched, (), threads, by=answer.count.by)
    facts = Facts(kind=kind, statements=kept, threads=threads, count=counted, members=matched)
    return {"count": counted, "lead": lead(facts)}


_NOT_TOLD_AGAIN: frozenset[str] = frozenset(["superlative", "time", "comparison", "person", "mentions", "quotation"])
"""Kinds whose lead rests on more than the statements: what is left of these opens with its first point."""


def judge(drafted: DraftStatement, threads: Threads) -> Verdict:
    """One drafted statement against the comments it refers to: all of its evidence must hold, or none of it is said."""
    cited = [_cite(evidence, threads) for evidence in drafted.evidence]
    if not cited:
        return Verdict(statement=None, refused="it cites nothing")
    false = next((citation for citation in cited if isinstance(citation, str)), None)
    if false is not None:
        return Verdict(statement=None, refused=false)
    citations = tuple(dict.fromkeys(citation for citation in cited if isinstance(citation, Citation)))
    return Verdict(statement=_stated(citations, drafted.heading, threads))


def _stated(citations: tuple[Citation, ...], heading: str | None, threads: Threads) -> Statement:
    """The statement in the words of code: who, and the quote."""
    spoken = [(speakers.speaker(threads[c.thread_id].by_id[c.comment_id]), c.quote) for c in citations]
    return Statement(text=sentences.statement_text(spoken), citations=citations, heading=heading)


def _of_the_first(verdicts: Sequence[Verdict], finding: Finding | None, threads: Threads) -> list[Verdict]:
    """Of what is said to be the most of something, only what is: places are worked out from the threads again."""
    if finding is None or finding.measure is None:
        return list(verdicts)
    first = {(c.thread_id, c.id) for place in standing(finding, threads).first(finding.top) for c in place.comments}
    return [
        verdict
        if verdict.statement is None or all((c.thread_id, c.comment_id) in first for c in verdict.statement.citations)
        else Verdict(statement=None, refused="it is not among the first")
        for verdict in verdicts
    ]


def _found(evidence: Evidence, threads: Threads) -> tuple[Comment, Span] | str:
    """The comment and where in it the words stand, or what is false about the evidence."""
    thread = threads.get(evidence.thread_id)
    comment = thread.by_id.get(evidence.comment_id) if thread is not None else None
    if comment is None:
        return f"there is no comment {evidence.comment_id!r} in thread {evidence.thread_id!r}"
    if not comment.citable:
        return f"comment {comment.id!r} is deleted or empty"
    places = quote_places.spans(comment.text, evidence.quote, evidence.start)
    if not places:
        return f"comment {comment.id!r} does not say {evidence.quote[:200]!r}"
    own = next((place for place in places if comment.own_words(*place)), None)
    if own is None:
        return f"comment {comment.id!r} only quotes {evidence.quote[:200]!r} from somebody else"
    return comment, own


def _cite(evidence: Evidence, threads: Threads) -> Citation | str:
    """The citation that the evidence points to, with the words around it, or what is false about it."""
    found = _found(evidence, threads)
    if isinstance(found, str):
        return found
    comment, (start, end) = found
    shown = window(comment, start, end)
    focus = max(start, shown.start), min(end, shown.end)
    part = shown.start <= focus[0] < focus[1] <= shown.end and focus != (shown.start, shown.end)
    return citation(comment, shown.start, shown.end, focus=focus if part else None, cut=shown.cut)


def citation(comment: Comment, start: int, end: int, *, focus: Span | None = None, cut: bool = False) -> Citation:
    """A citation of comment.text[start:end] that names who wrote the comment."""
    return Citation(
        thread_id=comment.thread_id,
        comment_id=comment.id,
        author=comment.author,
        author_candidate=comment.author_candidate if comment.author is None else None,
        quote=comment.text[start:end],
        start=start,
        end=end,
        focus=focus,
        cut=cut,
        url=comment.url,
        posted_at=comment.posted_at,
    )


def _something(draft: Draft, asked: Asked, threads: Threads, statements: Sequence[Statement]) -> dict[str, object]:
    counted = None
    if draft.counted_by is not None:
        cited = [(c.thread_id, c.comment_id) for statement in statements for c in statement.citations]
        members = [*draft.matched, *(cited if asked.kind == "superlative" else ())]
        counted = count(members, draft.unclear, threads, by=draft.counted_by)
    facts = Facts(
        kind=asked.kind,
        statements=statements,
        threads=threads,
        count=counted,
        members=draft.matched,
        finding=draft.finding,
        person=asked.person,
        subject=asked.subject,
        gap=draft.gap,
    )
    return {"statements": tuple(statements), "count": counted, "lead": lead(facts)}


def _nothing(draft: Draft, asked: Asked, threads: Threads) -> dict[str, object]:
    reason = sentences.reason(draft.gap, tuple(threads.values()), person=asked.person, finding=draft.finding)
    abstained = asked.kind not in NO_QUESTION
    nearest = _citations(draft.nearest, threads)[:NEAREST]
    return {"abstained": abstained, "reason": reason if abstained else None, "lead": reason, "nearest": nearest}


def _citations(evidence: Iterable[Evidence], threads: Threads) -> tuple[Citation, ...]:
    cited = (_cite(piece, threads) for piece in evidence)
    return tuple(dict.fromkeys(c for c in cited if isinstance(c, Citation)))


def _once(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    return tuple(dict.fromkeys(statements))
