"""The only way to an Answer: every quote exact, every speaker right, every count recomputed; what fails is dropped.

A draft is trusted in nothing. Not here: how evidence is found (index) or chosen (bot.extractive), how an answer is
worded (bot.wording). What it cannot do: tell whether a quote supports a claim; a claim always stands beside its quotes.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime

from bot import claim, excerpt, fallback, locate, wording
from bot.answer import Answer, Citation, Coverage, Draft, DraftStatement, Evidence, Finding, Kind, Role, Statement
from bot.counting import borne_out, count, recountable
from bot.inquiry import Question
from bot.leads import lead
from bot.measures import standing
from bot.people import Person
from bot.roles import TO_A_POST, Roles, manner_of
from bot.told import Told
from corpus.thread import Comment, Thread, Value

__all__ = ["Asked", "Verdict", "count", "judge", "verify", "verify_again"]

MAX_STATEMENTS = 50
NEAREST = 3
EXTRACTIVE = "extractive"
WITHDRAWN = "This answer was withdrawn: a comment that it cited was edited or deleted."
UNCOUNTED = "Its count was withdrawn: what is left of it after an edit or a deletion cannot be counted exactly."
UNCOUNTED_LEAD = "What still holds of this answer:"
NO_QUESTION: frozenset[Kind] = frozenset({"greeting", "thanks", "empty"})


class Asked(Value):
    """What an answer is an answer to, as far as its wording needs it."""

    question: str
    kind: Kind
    person: str | None = None
    """Who is asked about, as rendered; null where nobody is."""
    topic: str | None = None
    claim: str = ""
    """What is asked whether it is so: what "says so" and "says the contrary" are about."""
    compared: tuple[Person, ...] = ()
    attitude: str | None = None
    phrase: bool = False
    """Whether exact words, or a mention, are asked for."""
    conversation_id: str | None = None

    @classmethod
    def of(cls, question: Question, *, conversation_id: str | None = None) -> "Asked":
        """What an answer to this question is an answer to."""
        return cls(
            question=question.text,
            kind=question.kind,
            person=question.person.shown if question.person is not None else None,
            claim=question.subject,
            compared=question.people,
            attitude=question.attitude,
            phrase=question.phrase is not None or question.mentions,
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
    roles = Roles(threads, asked.claim)
    verdicts = [judge(drafted, threads, roles) for drafted in draft.statements[:MAX_STATEMENTS]]
    verdicts = _of_the_first(verdicts, draft.finding, threads)
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
        took={**(took or {}), **draft.took},
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
    roles = Roles(threads, None)
    verdicts = [judge(_drafted(statement), threads, roles) for statement in answer.statements]
    kept = tuple(verdict.statement for verdict in verdicts if verdict.statement is not None)
    nearest = _citations((_evidence(citation) for citation in answer.nearest), threads)
    changed: dict[str, object] = {"statements": kept, "nearest": nearest}
    if question is not None:
        changed |= {"question": question, "conversation_id": conversation_id}
    counted = edited & set(answer.count.members if answer.count is not None else ())
    if kept != answer.statements or (kept and counted):
        changed["dropped"] = answer.dropped + len(answer.statements) - len(kept)
        changed.update(_told_again(answer, kept, threads, edited))
    return answer.model_copy(update=changed)


def _told_again(
    answer: Answer, kept: tuple[Statement, ...], threads: Threads, edited: AbstractSet[str]
) -> dict[str, object]:
    if not kept:
        return {"abstained": True, "reason": WITHDRAWN, "lead": WITHDRAWN, "count": None}
    person = wording.named(kept[0].citations[0]) if answer.kind == "says" else None
    kind: Kind = "open" if answer.kind in _NOT_TOLD_AGAIN else answer.kind
    asked = Asked(question=answer.question, kind=kind, person=person)
    matched = recountable(answer, kind, threads, edited)
    if matched is None:
        note = answer.note if UNCOUNTED in (answer.note or "") else " ".join(filter(None, (answer.note, UNCOUNTED)))
        return {"count": None, "lead": UNCOUNTED_LEAD, "note": note}
    again = _something(Draft(matched=tuple(matched), writer=answer.writer), asked, threads, kept)
    return {"count": again["count"], "lead": again["lead"]}


_NOT_TOLD_AGAIN: frozenset[Kind] = frozenset(["superlative", "time", "comparison"])
"""Kinds whose lead rests on more than the statements: of what is left of these, only the points are counted."""


def _drafted(statement: Statement) -> DraftStatement:
    """The statement as its writer proposed it."""
    return DraftStatement(
        evidence=tuple(_evidence(c) for c in statement.citations), claim=statement.claim, role=statement.role
    )


def judge(drafted: DraftStatement, threads: Threads, roles: Roles | None = None) -> Verdict:
    """One drafted statement against the comments it refers to: all of its evidence must hold, or none of it is said.

    Beside a claim stand those citations alone that carry it, each by itself. A role that `roles` does not bear out is
    left off; without them none is given.
    """
    cited = [_cite(evidence, threads) for evidence in drafted.evidence]
    if not cited:
        return Verdict(statement=None, refused="it cites nothing")
    false = next((citation for citation in cited if isinstance(citation, str)), None)
    if false is not None:
        return Verdict(statement=None, refused=false)
    citations = tuple(dict.fromkeys(citation for citation in cited if isinstance(citation, Citation)))
    if drafted.claim is not None:
        spans = [(threads[c.thread_id].by_id[c.comment_id], c.start, c.end) for c in citations]
        ruling = claim.ruling(drafted.claim, spans, threads.values())
        if ruling.objection is not None:
            return Verdict(statement=None, refused=ruling.objection)
        citations = tuple(citations[place] for place in ruling.carried_by)
    return Verdict(statement=_stated(drafted.claim, drafted.role, citations, threads, roles))


def _stated(
    claimed: str | None, role: Role | None, citations: tuple[Citation, ...], threads: Threads, roles: Roles | None
) -> Statement:
    """The statement in the words of code: who, how it stands, how it is meant, the quote."""
    held = roles.borne_out(role, citations) if roles is not None else None
    meant = manner_of(citations, threads)
    answered = roles.answered(citations[0]) if roles is not None and held in TO_A_POST else None
    spoken = [(wording.speaker(threads[c.thread_id].by_id[c.comment_id]), c.quote) for c in citations]
    whom = wording.named(answered) if answered is not None and not answered.deleted else None
    turns = roles is not None and answered is not None and roles.in_turns(citations[0])
    text = wording.statement_text(claimed, spoken, role=held, manner=meant, answered=whom, in_turns=turns)
    return Statement(text=text, citations=citations, claim=claimed, role=held, manner=meant)


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
    shown = excerpt.shown(comment, *own)
    if shown is None:
        return "the words are cut out of a long sentence that denies, supposes or reports them, too long to show whole"
    return citation(comment, *shown)


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


def _something(draft: Draft, asked: Asked, threads: Threads, statements: Sequence[Statement]) -> dict[str, object]:
    matched = borne_out(draft, asked.kind, statements, Roles(threads, asked.claim))
    counted = count(matched, draft.unclear, threads)
    told = Told(
        kind=asked.kind,
        statements=statements,
        count=counted,
        members=matched,
        threads=threads,
        finding=draft.finding,
        person=asked.person,
        compared=asked.compared,
        topic=asked.topic,
        attitude=asked.attitude,
        phrase=asked.phrase,
    )
    return {"statements": tuple(statements), "count": counted, "lead": lead(told)}


def _nothing(draft: Draft, asked: Asked, threads: Threads) -> dict[str, object]:
    reason = wording.reason(draft.gap, tuple(threads.values()), person=asked.person, finding=draft.finding)
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
