"""Whether one sentence of a quote carries what a claim says, or words were gathered from several that say other things.

A sentence is read as units: pieces that have a subject and a verb of their own. The words that a claim, or one joined
part of it, takes from a quote stand in one unit, or in two that belong together: the later one begins with a pronoun
("They told us at the quay"), or the earlier one is a heading or a topic ("Noise?"). Not here: whether enough of the
claim is carried (bot.claim), what else stands in the way of it (bot.claim_polarity, bot.claim_order).
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from bot.claim_words import AUXILIARIES, DETERMINERS, FUNCTION_WORDS, IRREGULAR, WORD, plain, stem
from corpus.text import normal, sentences

_SUBJECTS = (
    r"(?:the|a|an|this|these|those|it|they|he|she|we|i|you|there|their|his|her|our|my|your|its|nobody|"
    r"everybody|people)\b"
)
_RELATIVE = r"(?!an? \w+ (?:that|which|who)\b)"
"""No piece of its own: "and a clause that lets them"."""
_BORDER = re.compile(
    rf";|,? \b(?:but|while|whereas|although|though|yet|and)\b (?={_SUBJECTS}){_RELATIVE}"
    rf"|[,:] (?={_SUBJECTS}){_RELATIVE}"
)
_DEPENDS = re.compile(r"\W*(?:and |but |so )?(?:if|unless|when|whenever|once|after|before|because|since|as|until)\b")
"""Opens a piece that is one with what follows it: "If the tax passes, the shop closes"."""
_ORDERS = re.compile(
    r"\W*(?:put|take|add|count|end|swap|give|leave|cut|drop|include|remove|change|stop|raise|lower|make|build|buy|sell|"
    r"keep|use|try|run|turn) (?:in|up|out|the|an?|our|your|my|it|them|away)\b.*, and (?:i|we|you|it)\b"
)
"""Opens one that tells a condition as an order: "Put in the nails, and I get closer to sixty"."""
JOINT = re.compile(rf";|,? \b(?:and|but|while|whereas|yet)\b|, (?={_SUBJECTS})")
"""Between parts of a claim that it tells one beside the other."""
_PRONOUNS = frozenset("it they he she this these those them".split())
"""A unit that begins with one goes on about what the one before it is about."""
_CLEFT = re.compile(r"\bit (?:is|was) (?:\w+ ){1,3}(?:who|that|which)\b")
"""Tells of another: "It was the clerk who did it"."""
_OWN = frozenset("mine ours theirs hers".split())
_JOINING = frozenset("and but so because since while although though whereas if that then yet when once or".split())
_OPENING = frozenset("in on at for by with from to after before during of".split())
_LATEST_SUBJECT = 4
"""Words before which a pronoun still is the subject, where a preposition opens: "For us it is"."""
_OBJECT = re.compile(
    r"\b(?:each|every) one\b|\bof (?:them|these|those)\b"
    r"|\b(?:can|cannot|could|not|never|to|\w+n't) \w+ that(?=\W*$|[.,;!?]| (?:from|in|on|at|with|by)\b)"
)
"""What the sentence before told is what this one is about: "Nobody can measure that from outside"."""
_CONTRAST = re.compile(
    r"\b(?:other way (?:a?round|about)|the (?:opposite|reverse|contrary)|vice versa|unlike|elsewhere|not so\b)"
)
_LONGEST_TOPIC = 3


class Unit(NamedTuple):
    """A piece of a sentence that says something of a subject of its own."""

    stems: frozenset[str]
    sentence: int
    goes_on: bool
    """Whether it begins with a pronoun."""
    owns: bool
    """Whether it begins with "mine" or the like: the next one may tell whereof."""
    points: bool
    """Whether it leaves one thing, which it says something of, to the one before it: "reads each one"."""
    leads: bool
    """Whether it only names what comes next."""
    contrasts: bool
    """Whether it says that it is otherwise with something: what it names has no part in what is said beside it."""
    pairs: frozenset[tuple[str | None, str]]
    """Each stem with the stem right before it; None where no word of substance stands there."""


def units(text: str) -> list[Unit]:
    """The units of the text, in order."""
    found: list[Unit] = []
    for place, (a, b) in enumerate(sentences(text)):
        sentence = normal(text[a:b]).casefold()
        found += [_unit(piece, place) for piece in _pieces(sentence)]
    return found


def apart(content: Collection[str], held: Sequence[Unit]) -> str | None:
    """Of a claim's stems one that no unit holds together with the others; None if they stand together."""
    nearest = max(
        (cover.stems for cover in covers(held)), key=lambda stems: len(stems & {*content}), default=frozenset()
    )
    return next((one for one in content if one not in nearest), next(iter(content), None))


class Cover(NamedTuple):
    """One unit, or two that belong together."""

    stems: frozenset[str]
    sentences: frozenset[int]
    mostly: frozenset[str] | None = None
    """Of the stems those of which a claim may lack one at most; None where it does not matter."""

    def holds(self, content: Collection[str]) -> bool:
        """Whether all of a claim's stems stand here."""
        few = self.mostly is None or len({*content} - self.mostly) <= 1
        return few and self.stems >= {*content}


def covers(held: Sequence[Unit]) -> Iterator[Cover]:
    """All units, and all pairs of them that belong together."""
    for unit in held:
        yield Cover(unit.stems, frozenset([unit.sentence]))
    for place, (one, other) in enumerate(pairwise(held)):
        both = one.stems | other.stems, frozenset([one.sentence, other.sentence])
        if _together(one, other):
            yield Cover(*both)
        elif other.points:
            yield Cover(*both, mostly=other.stems)
        for later in held[place + 2 :] if one.leads else ():
            yield Cover(one.stems | later.stems, frozenset([one.sentence, later.sentence]))


def _together(one: Unit, other: Unit) -> bool:
    return (other.goes_on or one.leads or (one.owns and one.sentence != other.sentence)) and not (
        one.contrasts or other.contrasts
    )


def _pieces(sentence: str) -> Iterator[str]:
    """The sentence, cut where both sides have a verb."""
    low = 0
    for border in _BORDER.finditer(sentence):
        if (_DEPENDS.match(sentence, low) or _ORDERS.match(sentence, low)) and sentence[border.start()] == ",":
            continue
        if _has_verb(sentence[low : border.start()]) and _has_verb(sentence[border.end() :].partition(",")[0]):
            yield sentence[low : border.start()]
            low = border.start()
    yield sentence[low:]


def _has_verb(piece: str) -> bool:
    """Whether a word of it looks like a finite verb; told on the side of no."""
    words = [plain(word) for word in WORD.findall(piece)]
    before = ""
    for place, word in enumerate(words):
        if word in AUXILIARIES or word in IRREGULAR or (place and word.endswith("ed") and before not in DETERMINERS):
            return True
        is_noun = before in DETERMINERS or before in FUNCTION_WORDS - _PRONOUNS or before.isdigit()
        if place and word.endswith("s") and not word.endswith("ss") and not is_noun and stem(word) is not None:
            return True
        if before in _PLURAL_SUBJECTS and stem(word) is not None:
            return True
        before = word
    return False


_PLURAL_SUBJECTS = frozenset("i you we they who people nobody everybody".split())


def _unit(piece: str, place: int) -> Unit:
    words = [plain(word) for word in WORD.findall(piece)]
    while words and _opens(words):
        words.pop(0)
    first = words[:_LATEST_SUBJECT] if words and words[0] in _OPENING else words[:1]
    last = piece.rstrip()[-1:]
    return Unit(
        stems=frozenset(found for word in WORD.findall(piece) if (found := stem(plain(word))) is not None),
        sentence=place,
        goes_on=(bool(_PRONOUNS & {*first}) or words[:1] == ["that"]) and not _CLEFT.search(piece),
        owns=bool(_OWN & {*words[:1]}),
        points=_OBJECT.search(piece) is not None,
        leads=last == ":" or (last in "?." and 0 < len(words) <= _LONGEST_TOPIC and not _has_verb(piece)),
        contrasts=_CONTRAST.search(piece) is not None,
        pairs=frozenset(_pairs(piece)),
    )


def _opens(words: Sequence[str]) -> bool:
    """Whether the first word only leads to a subject: "and they", "mostly they"."""
    if words[0] == "that":
        return not {*words[1:2]} & AUXILIARIES
    return words[0] in _JOINING or (words[0].endswith("ly") and bool({*words[1:2]} & _PRONOUNS))


def _pairs(text: str) -> Iterator[tuple[str | None, str]]:
    before, behind = "", None
    for word in WORD.findall(text):
        found = stem(plain(word))
        if found is not None and (behind is not None or not before or before in _ARTICLES):
            yield behind, found
        before, behind = plain(word), found


_ARTICLES = frozenset("a an the".split())


def qualifying(text: str, held: Sequence[Unit]) -> set[str]:
    """Stems that only tell more of a noun which stands bare elsewhere: "Reviews are short. Code reviews are dull."."""
    pairs = {pair for unit in held for pair in unit.pairs}
    return {
        one
        for one, other in _pairs(normal(text).casefold())
        if one is not None and (one, other) in pairs and (None, other) in pairs
    }
