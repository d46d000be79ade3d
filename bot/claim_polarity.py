"""Whether a claim affirms, denies, supposes and limits what its quotes do: clause by clause, stem by stem.

Where one clause of the quotes holds all that a claim's clause takes from them, every such clause must agree with it;
where several are needed, each stem must agree with a clause that holds it. Not here: how clauses are read
(bot.claim_clauses), whether enough is carried (bot.claim).
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.claim_clauses import Clause
from bot.claim_operators import MUST_AGREE, MUST_STAY, STRENGTH

ASKS = "its quotes only ask, joke or repeat somebody else's words, and state nothing"
_FRAME = re.compile(
    r"(?:it|one|this|they|somebody|someone|some|a commenter|the (?:post|comment|commenter|author|poster)) "
    r"(?:says?|argues?|thinks?|believes?|feels?|claims?|notes?|states?|finds?|suggests?|points? out|adds?|complains?)"
    r"(?: that)?,? (?=\w)",
    re.I,
)


def unframed(claim: str) -> str:
    """The claim without an opening that only tells that somebody says it: its speakers are named beside it anyway."""
    found = _FRAME.match(claim)
    return claim[found.end() :] if found else claim


def contradiction(claim: Sequence[Clause], quotes: Sequence[Clause]) -> str | None:
    """How the claim goes beyond or against what the quotes say; None if it does not."""
    known = {stem for quote in quotes for stem in quote.order}
    for clause in claim:
        carried = [stem for stem in dict.fromkeys(clause.order) if stem in known]
        if not carried:
            if clause.denies:
                return _denies(clause, clause.order[0])
            continue
        reason = _of_clause(clause, carried, quotes)
        if reason is not None:
            return reason
    supposing = [clause for clause in claim if "if" in clause.kinds]
    if supposing and not any(under is not False for c in supposing for s, under in c.under_if.items() if s in known):
        return _states("if")
    return None


def _of_clause(clause: Clause, carried: Sequence[str], quotes: Sequence[Clause]) -> str | None:
    if "if" in clause.kinds:  # a "but" ends how far a condition reaches, and not what may be told under it
        supposing = {quote.sentence for quote in quotes if "if" in quote.kinds}
        quotes = [replace(q, kinds=q.kinds | {"if"}) if q.sentence in supposing else q for q in quotes]
    elif _WHOEVER.match(" ".join(clause.words)) and any(_follows(quote, carried) for quote in quotes):
        quotes = [replace(q, kinds=q.kinds - {"if"}, under_if=dict.fromkeys(q.under_if, False)) for q in quotes]
    whole = [quote for quote in quotes if all(stem in quote.denied for stem in carried)]
    if whole:
        reasons = (_differs(clause, quote, carried) or _newly_denied(clause, quote, carried) for quote in whole)
        return next((reason for reason in reasons if reason is not None), None)
    first = carried[0] if len(carried) > 1 else None
    held = {kind for quote in quotes if not quote.denied.keys().isdisjoint(carried) for kind in quote.kinds}
    kept = clause.kinds & held - {"asks"}
    for stem in carried:
        told = [quote for quote in quotes if stem in quote.denied]
        if stem == first:  # what it is about may come from a wish or a saying, what is said of it may not
            told = [replace(quote, kinds=clause.kinds | quote.kinds & {"if", "asks"}) for quote in told]
        told = [replace(_behind_its_if(clause, stem, quote, quotes), kinds=quote.kinds | kept) for quote in told]
        found = [
            _differs(clause, quote, [stem]) for quote in told if not _object_of_a_denial(clause, stem, quote, quotes)
        ]
        if told and not found:
            continue
        if None not in found:
            return found[0]
    if clause.denies and not any(clause.denied[stem] == "yes" for stem in carried):
        return _denies(clause, carried[0])
    return _of_another(clause, carried, quotes)


def _behind_its_if(clause: Clause, stem: str, quote: Clause, quotes: Sequence[Clause]) -> Clause:
    """The clause; a noun of a condition counts as behind it where an "it" does so: "if it fails, it is"."""
    stands_for = any(one.sentence == quote.sentence and one is not quote and _IT & {*one.words[:1]} for one in quotes)
    if "if" in clause.kinds & quote.kinds and stands_for:
        return replace(quote, under_if=quote.under_if | {stem: clause.under_if[stem]})
    return quote


def _follows(quote: Clause, carried: Sequence[str]) -> bool:
    """Whether it tells what follows from a condition, and the claim takes some of that."""
    return "if" in quote.kinds and any(quote.under_if.get(stem) is False for stem in carried)


_WHOEVER = re.compile(r"(?:an? \w+(?: \w+)?|those|anyone|anybody|somebody|someone) (?:that|who|which)\b")
"""Tells a condition of nobody in particular: "a town that cannot pay" for "if it cannot pay"."""


def _object_of_a_denial(clause: Clause, stem: str, quote: Clause, quotes: Sequence[Clause]) -> bool:
    """Whether the claim puts a noun for the "it" of what the same sentence denies: "if it fails, it is no loss"."""
    if clause.denied[stem] != "yes" or quote.denied[stem] != "no":
        return False
    beside = [one for one in quotes if one.sentence == quote.sentence and _IT & {*one.words}]
    denied = [sum(one.denied.get(other) == "yes" == clause.denied[other] for other in clause.denied) for one in beside]
    return max(denied, default=0) >= _SURE


_IT = frozenset(["it", "them", "they", "one"])
_SURE = 2


def _of_another(clause: Clause, carried: Sequence[str], quotes: Sequence[Clause]) -> str | None:
    """Where what a claim says is put together from clauses of which each has a subject of its own."""
    first = carried[0]
    is_subject = any(quote.subject == first for quote in quotes)
    for stem in carried[1:]:
        subjects = [quote.subject for quote in quotes if stem in quote.denied]
        if all(subject is not None and _of_its_own(subject, stem, clause, is_subject) for subject in subjects):
            spelt = clause.spelt(stem)
            return f"its quotes say something else of {clause.spelt(first)!r}, and {spelt!r} of something else"
    return None


def _of_its_own(subject: str, stem: str, clause: Clause, is_subject: bool) -> bool:
    return (is_subject and subject == stem) or subject not in clause.denied


def _differs(claim: Clause, quote: Clause, carried: Sequence[str]) -> str | None:
    for stem in carried:
        ours, theirs = claim.denied[stem], quote.denied[stem]
        if ours == "yes" and theirs == "no":
            return _denies(claim, stem)
        if ours == "no" and theirs == "yes":
            return f"the claim affirms what its quotes deny ({claim.spelt(stem)!r})"
    return _bent(claim, quote) or _supposed(claim, quote, carried)


_PRESENT = frozenset("do does don't doesn't".split())
"""With one of these, or in a condition, the present tells what is to come."""


def _newly_denied(claim: Clause, quote: Clause, carried: Sequence[str]) -> str | None:
    return _denies(claim, carried[0]) if claim.denies and not quote.denies else None


def _bent(claim: Clause, quote: Clause) -> str | None:
    """Whether a modal, a wish, hearsay or a limit was left out, or put in."""
    if ("asks" in claim.kinds) != ("asks" in quote.kinds):
        return ASKS if "asks" in quote.kinds else "the claim asks what its quotes state"
    present = {"if"} <= claim.kinds & quote.kinds or bool(_PRESENT & {*claim.words})
    for kind in MUST_AGREE - ({"will"} if present else set()):
        if kind in quote.kinds and kind not in claim.kinds:
            return _states(kind, quote)
        if kind in claim.kinds and kind not in quote.kinds:
            return f"the claim puts in {_TOLD[kind]}, which its quotes do not hold"
    for kind in MUST_STAY:
        if kind in quote.kinds and kind not in claim.kinds:
            return f"the claim leaves out {_TOLD[kind]}, {_where(quote)}"
    ours = max((STRENGTH[kind] for kind in claim.kinds if kind in STRENGTH), default=0)
    theirs = max((STRENGTH[kind] for kind in quote.kinds if kind in STRENGTH), default=0)
    if theirs and (not ours or ours > theirs):
        return _states("may", quote)
    if ours and not theirs:
        return f"the claim puts in {_TOLD['may']}, which its quotes do not hold"
    return None


def _supposed(claim: Clause, quote: Clause, carried: Sequence[str]) -> str | None:
    """What a quote only supposes ("if it doubled") is not claimed as so."""
    if ("if" in claim.kinds) != ("if" in quote.kinds):
        return (
            _states("if", quote)
            if "if" in quote.kinds
            else f"the claim puts in {_TOLD['if']}, which its quotes do not hold"
        )
    if any({claim.under_if[stem], quote.under_if[stem]} == {True, False} for stem in carried):
        return _states("if", quote)
    return None


def _denies(claim: Clause, stem: str) -> str:
    return f"the claim denies what its quotes do not deny ({claim.spelt(stem)!r})"


def _states(kind: str, quote: Clause | None = None) -> str:
    reason = f"the claim states what its quotes only suppose, wish or report: it leaves out {_TOLD[kind]}"
    return reason if quote is None else f"{reason}, {_where(quote)}"


def _where(quote: Clause) -> str:
    return f"of {' '.join(quote.words)[:_SHOWN]!r}"


_SHOWN = 80
_TOLD = {
    "if": "a condition",
    "may": "a perhaps",
    "will": "that it is yet to come",
    "would": "a would",
    "should": "a should",
    "wish": "that it is wished, feared or tried",
    "past": "that it is no more so",
    "hearsay": "that it is somebody's saying or belief",
    "some": "a some",
    "almost": "an almost",
    "only": "an only",
    "sometimes": "a sometimes",
    "mostly": "a mostly",
    "partly": "a partly",
    "less": "a less",
}
