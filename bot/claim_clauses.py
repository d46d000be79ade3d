"""A text read as clauses: the stems of each in order, and which operators reach over each stem.

How far an operator reaches, told on the safe side: a denial over what follows it in its clause, over all of it where
nothing follows; a denied belief, hearsay, a wish or a condition over their whole part of the sentence, up to a "but" or
a semicolon; a sentence that takes back the one before it, over that one; a line that ends with a colon, over the list
behind it.
Not here: which words are operators (bot.claim_operators), what follows from a difference (bot.claim_polarity).
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import dropwhile
from typing import Literal

from bot.claim_operators import LOCAL, WIDE, Found, Operator, operators
from bot.claim_reversal import goes_on, reverses
from bot.claim_words import AUXILIARIES, DETERMINERS, WORD, plain, stem
from corpus.text import Span, normal, sentences

Denied = Literal["yes", "no", "free"]
"""Free: the subject of a denial, of which nothing is denied by itself."""
_STARTS = (
    r"(?:the|a|an|this|that|these|those|it|they|he|she|we|i|you|there|their|his|her|our|my|its|some|all|many|most|"
    r"people|everyone|everybody|nobody|nothing|no|not|never|none)\b"
)
_HELPS = r"(?:is|are|was|were|has|have|had|will|would|can|could|should|must|may|might|does|do|did)\b"
_BUT = r"(?<!anything )(?<!nothing )(?<!all )but"
_PART = re.compile(rf";|,? \b(?:{_BUT}|however|although|though|whereas|yet)\b|, (?:so|while)\b|, and (?={_STARTS})")
_CLAUSE = re.compile(
    rf"[!?;()\n–—…]|[.:,](?!\d)|(?<!\d)[.:,]|\s-\s|\b(?:{_BUT}|however|although|though|whereas|because|since|while|unless)\b"
    r"|\b(?<!as )(?<!even )if\b|\b(?:instead|rather)\b(?! (?:of|than))"
    rf"|(?<!not )\byet\b|\b(?:so|and) (?={_STARTS}|\w+ {_HELPS})"
)
_LETTER = re.compile(r"[^\W_]")
_BULLET = re.compile(r"\s*(?:[-*•+–]|\d{1,2}[.)])\s")
_ENDED = re.compile(r"[.!?…:;\"”')\]]\s*$")


@dataclass
class Clause:
    """One clause."""

    words: list[str] = field(default_factory=list)
    """Its plain words, in order."""
    order: list[str] = field(default_factory=list)
    """Its stems, in order."""
    denied: dict[str, Denied] = field(default_factory=dict)
    kinds: frozenset[Operator] = frozenset()
    """The operators that reach over it, denials apart."""
    under_if: dict[str, bool | None] = field(default_factory=dict)
    """Stem -> whether it stands in a condition; None: it may stand in it or behind it."""
    subject: str | None = None
    """The stem that it begins with, where it begins with a noun of its own."""
    sentence: int = 0
    """The place of its sentence in the text."""

    def spelt(self, root: str) -> str:
        """The word of this stem, as it is spelt here."""
        return next((word for word in self.words if stem(word) == root), root)

    @property
    def denies(self) -> bool:
        return "yes" in self.denied.values()


def clauses(text: str) -> list[Clause]:
    """The clauses of the text."""
    read: list[Clause] = []
    before: list[Clause] = []
    header: list[Found] = []
    ended = True
    for place, (a, b) in enumerate(sentences(text)):
        sentence = _INSERTED.sub(r"  \1  ", normal(text[a:b]).casefold())
        if before and (reverses(sentence) or (not ended and goes_on(sentence))):
            _taken_back(before)
        bullet = _BULLET.match(text[a:b]) is not None
        apart = text[:a].rstrip(" \t").endswith("\n\n")
        made = list(_sentence(sentence, header if bullet or not apart else []))
        for clause in made:
            clause.sentence = place
        read += made
        before = made or before
        ended = _ENDED.search(text[a:b]) is not None
        if sentence.endswith(":"):
            header = [one for one in operators(sentence, asked=False) if one.kind in _OF_A_HEADER]
        elif not bullet:
            header = []
    return read


_INSERTED = re.compile(r", ((?:in|on|at|by|for|with) \w+(?: \w+)?), (?=(?:is|are|was|were|has|have|will|can)\b)")
"""What commas only set off between a subject and its verb: "What is missing, in winter, is heat"."""
_OF_A_HEADER: frozenset[Operator] = frozenset(["no", "denial", "failing", "hearsay", "wish", "if", "asks"])


def _taken_back(before: Sequence[Clause]) -> None:
    for clause in before:
        _turn(clause)
        clause.kinds |= {"hearsay"}


def _turn(clause: Clause) -> None:
    clause.denied = {word: "no" if denied == "yes" else "yes" for word, denied in clause.denied.items()}


def _sentence(sentence: str, header: Sequence[Found]) -> Iterator[Clause]:
    asked = (sentence.rstrip(" \"'*_)").endswith("?") and not _is_topic(sentence)) or _ASKING.match(
        sentence
    ) is not None
    found = operators(sentence, asked=asked)
    for low, high in _whole_conditions(sentence, _cut(sentence, 0, len(sentence), _PART)):
        yield from _part(sentence, (low, high), [one for one in found if low <= one.start < high], header)


def _whole_conditions(sentence: str, parts: Iterator[Span]) -> Iterator[Span]:
    """The parts; a condition with a "but" in it is one: "if you have a boat but cannot sail, you"."""
    held: Span | None = None
    for low, high in parts:
        begins = held[0] if held is not None else low
        held = (begins, high) if _OPEN_CONDITION.fullmatch(sentence, begins, high) else None
        if held is None:
            yield begins, high
    if held is not None:
        yield held


_OPEN_CONDITION = re.compile(r"\W*(?:if|unless)\b[^,;]*")


def _is_topic(sentence: str) -> bool:
    """Whether a question only names what comes next: "Noise? Not a problem." """
    words = WORD.findall(sentence)
    return len(words) <= _LONGEST_TOPIC and not AUXILIARIES & {*words}


_LONGEST_TOPIC = 2
_ASKING = re.compile(
    r"\W*(?:do|does|did|is|are|was|can|could|would|isn't|aren't|doesn't|don't (?:they|we)) (?!not\b)\w+ \w"
)
"""Opens as a question does, whatever its end."""


def _part(sentence: str, part: Span, found: Sequence[Found], header: Sequence[Found]) -> list[Clause]:
    """The clauses of a part of a sentence that no "but" cuts."""
    bounds = list(_cut(sentence, *part, _CLAUSE))
    held = _dealt(found, bounds)
    local = [one.span() for one in LOCAL.finditer(sentence, *part)]
    reaching = [one for one in found if not any(a <= one.start < b for a, b in local)]
    wide = {one.kind for one in (*reaching, *header) if one.kind in WIDE}
    denials = _apart([one for one in found if one.kind == "denial"])
    denials += any(one.kind in _DENYING or one.kind == "denial" for one in header)
    made: list[Clause] = []
    broken = supposing = False
    for (a, b), ours in zip(bounds, held, strict=True):
        nos = [one for one in ours if one.kind in _DENYING]
        if _of_a_belief(ours):
            denials += 1
            wide.add("hearsay")
            nos = []
        elif denials and any(one.kind == "proof" for one in ours):
            wide.add("hearsay")
        clause = _clause(sentence, (a, b), nos, carried_on=broken)
        ends = bool(_LETTER.search(sentence, b, part[1]) or _LETTER.search(sentence, part[0], a))
        clause.under_if = _under_if(clause, ours, ends=ends)
        if supposing and sentence.startswith("but", a):
            clause.under_if = dict.fromkeys(clause.order, True)
        supposing = supposing or any(one.kind == "if" for one in ours)
        broken = bool(nos) and not _LETTER.search(sentence, nos[-1].end, b)
        told_as_amount = sentence[a] == ":" and sentence[a + 1 : b].strip() == "nothing"
        if nos and not clause.order and made and not told_as_amount:
            denials += 1
        ending = [one for one in ours if not clause.order or not _LETTER.search(sentence, one.end, b)]
        wide |= {one.kind for one in ending if sentence[one.start : one.end] not in _HELPING}
        if clause.order:
            clause.kinds = frozenset({one.kind for one in ours} - _DENIALS)
            made.append(clause)
    supposed: set[Operator] = {"if"} if any(one.kind == "if" for one in (*found, *header)) else set()
    for clause in made:
        clause.kinds = frozenset((clause.kinds | wide | supposed) - _DENIALS)
        if denials % 2:
            _turn(clause)
    return made


_HELPING = frozenset("can could may might will would should must".split())
"""At the end of a clause these only repeat its verb: "They can because they hold it"."""
_DENYING: frozenset[Operator] = frozenset(["no", "failing", "averse"])
_DENIALS: frozenset[Operator] = frozenset([*_DENYING, "denial", "proof"])


def _dealt(found: Sequence[Found], bounds: Sequence[Span]) -> list[list[Found]]:
    """The operators of each clause."""
    held: list[list[Found]] = [[] for _ in bounds]
    begins = [low for low, _ in bounds]
    for one in found:
        held[bisect_right(begins, one.start) - 1].append(one)
    return held


def _apart(found: Sequence[Found]) -> int:
    """How many denials: two that touch are one ("a false myth")."""
    ends, count = -9, 0
    for one in sorted(found, key=lambda each: each.start):
        count += one.start > ends + 2
        ends = max(ends, one.end)
    return count


def _of_a_belief(ours: Sequence[Found]) -> bool:
    """Whether what is denied is that somebody says, believes or proves the rest."""
    no = next((one for one in ours if one.kind in _DENYING), None)
    return no is not None and any(one.kind in {"hearsay", "proof"} and one.start > no.start for one in ours)


def _clause(sentence: str, span: Span, nos: Sequence[Found], *, carried_on: bool) -> Clause:
    """The clause; `carried_on`: a denial before it reaches into it."""
    clause = Clause()
    places: list[tuple[str, int]] = []
    for word in WORD.finditer(sentence, *span):
        told = plain(word[0])
        clause.words.append(told)
        found = stem(told)
        if found is not None and not any(one.start <= word.start() < one.end and one.kind != "failing" for one in nos):
            places.append((found, word.start()))
    clause.order = [found for found, _ in places]
    for found, place in places:
        denied: Denied = "yes" if carried_on else _denied(sentence, place, places, nos)
        if clause.denied.get(found) != "yes":
            clause.denied[found] = denied
    opening = list(dropwhile(_JOINING.__contains__, clause.words))
    no_subject = opening[:1] in (["a"], ["an"]) and "that" in opening[2:4]  # "and a clause that lets them"
    no_subject |= sentence[span[0]] == "," and bool(opening) and opening[0].endswith("ing")  # "halls, waiting years"
    if (
        len(clause.order) > 1
        and opening
        and not no_subject
        and (opening[0] in _NOUN_FOLLOWS or _begins_with_a_noun(opening))
    ):
        clause.subject = places[0][0]
    return clause


_JOINING = frozenset("and but so because since while although though whereas if that then yet".split())
_NOUN_FOLLOWS = frozenset("the a an this that these those my our their his her its some all".split())


def _begins_with_a_noun(words: Sequence[str]) -> bool:
    """ "Nurses earn", "Bob has", but for "Stop the war" and "Sadly it"."""
    plural = words[0] == "people" or (words[0].endswith("s") and words[1:2] and words[1] not in DETERMINERS)
    verb = bool(AUXILIARIES & {*words[1:3]}) or any(word.endswith(("s", "ed")) for word in words[1:2])
    return stem(words[0]) is not None and bool(plural or verb)


def _denied(sentence: str, place: int, places: Sequence[tuple[str, int]], nos: Sequence[Found]) -> Denied:
    """Twice denied is affirmed only where a word of failing stands under a no; "don't know nothing" stays a denial."""
    if not nos:
        return "no"
    first, last = places[0][1], places[-1][1]
    before = {one.kind for one in nos if one.start <= place <= _reach(sentence, one, places)}
    if not before and nos[0].start <= place:
        return "no"
    if before:
        return "no" if {"failing", "no"} <= before else "yes"
    if nos[0].kind == "averse":
        return "no"
    if last < nos[0].start or (place != first and sentence[slice(*nos[0][1:])] in _OF_AN_OBJECT):
        return "yes"
    return "free"


def _reach(sentence: str, no: Found, places: Sequence[tuple[str, int]]) -> int:
    """Up to where a denial that stands with a noun reaches: "who does not vote is a fool"."""
    first = places[0][1]
    joined = sentence[: no.start].rstrip().endswith(("but", "and"))
    if no.kind != "averse" and not joined and not _RELATIVE.search(sentence, first, no.start):
        return len(sentence)
    opens = max((one.end() for one in _RELATIVE.finditer(sentence, first, no.start)), default=no.start)
    is_object = no.kind != "averse" and any(opens <= place < no.start for _, place in places)  # "that helps nobody is"
    denied = no.end if is_object else next((place for _, place in places if place >= no.end), len(sentence))
    verb = _FINITE.search(sentence, denied)
    return verb.start() if verb is not None else len(sentence)


_RELATIVE = re.compile(r"\b(?:that|which|who)\b")
_FINITE = re.compile(r"\b(?:is|are|was|were|has|had|will|would|can|cannot|could|should|must|may|might|does|did)\b")
_OF_AN_OBJECT = frozenset(["no", "neither"])
"""A denial that reaches over the verb before it as well: "allowed in neither room"."""


_SURE_OF_A_CONDITION = 2


def _under_if(clause: Clause, ours: Sequence[Found], *, ends: bool) -> dict[str, bool | None]:
    """Which stems stand in the condition; of a condition that no mark `ends`, only the first are sure to."""
    if not any(one.kind == "if" for one in ours):
        return dict.fromkeys(clause.order, False)
    return {found: True if ends or place < _SURE_OF_A_CONDITION else None for place, found in enumerate(clause.order)}


def _cut(text: str, low: int, high: int, border: re.Pattern[str]) -> Iterator[Span]:
    """The pieces between borders; a border that is a word begins the piece behind it."""
    at = low
    for found in border.finditer(text, low, high):
        if found.start() > at:
            yield at, found.start()
        at = found.start()
    if at < high:
        yield at, high
