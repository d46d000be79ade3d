"""Whether a claim turns round who did what to whom, or puts a word in the place of its contrary.

Told by the order of the words that the claim takes from its quotes, and by a closed list of contraries. Not here:
denials (bot.claim_polarity).
"""

import re
from collections.abc import Mapping, Sequence
from itertools import combinations, dropwhile, pairwise, takewhile
from typing import NamedTuple

from bot.claim_words import AUXILIARIES, BE, DETERMINERS, IRREGULAR, WORD, plain, stem
from corpus.text import normal, sentences

_PREPOSITIONS = frozenset(
    "of in on at by for with from to into onto over under after before during since until without against than about "
    "between among through across per as like despite via near behind beyond toward towards".split()
)
_DIRECTED = frozenset("than from against without".split())
"""What stands behind one of these in the quotes stands behind it in the claim, or not there at all."""
_JOINED = re.compile(
    r"[.!?;]\s|\b(?:but|however|although|though|whereas|because|since|while|so)\b"
    r"|\band (?=(?:the|a|an|it|they|he|she|no)\b)",
    re.I,
)


class _Placed(NamedTuple):
    stem: str
    preposition: str | None
    """The one that governs it."""
    place: int
    possessor: bool
    """Whether it is somebody's: "the mayor's"."""
    piece: int = 0
    """How many colons and semicolons stand before it."""


class _Sentence(NamedTuple):
    words: tuple[str, ...]
    placed: tuple[_Placed, ...]

    first: Mapping[str, _Placed]
    """Where each stem stands first."""


class _Sequel(NamedTuple):
    """What a sentence tells to come first, and what after it or because of it."""

    sort: str
    first: frozenset[str]
    then: frozenset[str]


_SEQUELS = (
    ("time", re.compile(r"\b(?:after|once)\b"), True),
    ("time", re.compile(r"\b(?:before|until)\b"), False),
    ("cause", re.compile(r"\b(?:because|since|due to|owing to|thanks to)\b"), True),
    ("cause", re.compile(r"\b(?:so|therefore|thus|hence|which is why|that is why|that's why)\b"), False),
)
"""Whether what is behind such a word comes first."""


def _sequels(text: str) -> list[_Sequel]:
    found: list[_Sequel] = []
    folded = normal(text).casefold()
    for sentence in (folded[a:b] for a, b in sentences(folded)):
        for sort, pattern, behind_is_first in _SEQUELS:
            word = pattern.search(sentence)
            if word is None:
                continue
            before, behind = sentence[: word.start()], sentence[word.end() :]
            if not _stems(before):
                behind, _, before = behind.partition(",")
            sides = (_stems(behind), _stems(before))
            found.append(_Sequel(sort, *(sides if behind_is_first else sides[::-1])))
    return found


def _stems(text: str) -> frozenset[str]:
    return frozenset(found for word in WORD.findall(text) if (found := stem(plain(word))) is not None)


class Ordered:
    """A text's words in order, read once."""

    def __init__(self, text: str) -> None:
        self.sentences = [_placed(text[a:b]) for a, b in sentences(text)]
        self.sequels = _sequels(text)


class OrderedClaim(Ordered):
    """The same of a claim, of which each clause is compared by itself."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.sentences = [_placed(piece) for piece in _JOINED.split(text)]


def first_last(claim: Ordered, quotes: Ordered) -> str | None:
    """How the claim takes for the cause, or the earlier, what its quotes tell to follow; None if it does not."""
    for ours in claim.sequels:
        for other in (one for one in quotes.sequels if one.sort == ours.sort):
            if ours.first & other.then and ours.then & other.first and not (ours.first - ours.then) & other.first:
                return f"the claim turns round what comes first in {ours.sort}"
    return None


def turned_round(claim: Ordered, quotes: Ordered) -> str | None:
    """How the claim turns round the order of what it takes from a sentence of the quotes; None if it does not."""
    for ours in claim.sentences:
        if any(_word_for_word(ours, other) for other in quotes.sentences):
            continue
        for other in quotes.sentences:
            reason = _turned(ours, other)
            if reason is not None and not any(_bears_out(ours, other, another) for another in quotes.sentences):
                return reason
    return None


def _word_for_word(ours: _Sentence, other: _Sentence) -> bool:
    """Whether the sentence begins with the claim's words: what is cut off behind them turns no order round."""
    return len(ours.words) >= _VERBATIM and other.words[: len(ours.words)] == ours.words


_VERBATIM = 4


def _placed(text: str) -> _Sentence:
    words: list[str] = []
    placed: list[_Placed] = []
    governing: str | None = None
    behind = piece = 0
    folded = normal(text).casefold()
    for place, found in enumerate(WORD.finditer(folded)):
        word = plain(found[0])
        words.append(word)
        between = folded[behind : found.start()]
        if any(mark in ",;:()–" for mark in between):
            governing = None
        piece += ":" in between or ";" in between
        behind = found.end()
        named = stem(word)
        if word in _PREPOSITIONS:
            governing = "than" if word == "to" and "prefer" in {one.stem for one in placed} else word
        elif named is not None:
            placed.append(_Placed(named, governing, place, possessor=found[0].endswith(("'s", "s'")), piece=piece))
        elif word not in DETERMINERS and word not in {"and", "or"}:
            governing = None
    return _Sentence(tuple(words), tuple(placed), {one.stem: one for one in reversed(placed)})


def _bears_out(ours: _Sentence, other: _Sentence, another: _Sentence) -> bool:
    """Whether another sentence of the quotes holds as much of the claim, and in its order.

    A sentence that begins with a pronoun may leave what the claim begins with to the one before it.
    """
    carried = [one.stem for one in ours.placed if one.stem in other.first]
    if _GOES_ON.match(" ".join(another.words)):
        carried = list(dropwhile(lambda one: one not in another.first, carried))
    return bool(carried) and another.first.keys() >= {*carried} and _turned(ours, another) is None


_GOES_ON = re.compile(r"(?:(?:and|but|so|\w+ly) )?(?:it|they|he|she|this|these|those)\b")


def _turned(ours: _Sentence, other: _Sentence) -> str | None:
    checks = (_swapped, _of_a_possessor, _of_a_head, _of_another_verb, _voice)
    return next((reason for check in checks if (reason := check(ours, other)) is not None), None)


def _of_a_possessor(ours: _Sentence, other: _Sentence) -> str | None:
    """What is said of the mayor's brother is not said of the mayor."""
    held = {one.stem for one in ours.placed}
    for one, its in pairwise(other.placed):
        if one.possessor and one.stem in held and its.stem not in held:
            return f"the claim says of {one.stem!r} what its quotes say of somebody or something of theirs"
    return None


def _of_a_head(ours: _Sentence, other: _Sentence) -> str | None:
    """What is said of the mayor's critics is not said of the mayor, nor of ten what is said of two of the ten, nor of
    the ferry what its ban did: "critics of the mayor", "two of the ten", "banning the ferry"."""
    subject = next((one for one in ours.placed if one.stem in other.first), None)
    if subject is None or subject.preposition is not None:
        return None
    its = other.first[subject.stem]
    said = [theirs for one in ours.placed if (theirs := other.first.get(one.stem)) is not None]
    goes_on = any(theirs.place > its.place and theirs.preposition in {None, its.preposition} for theirs in said)
    again = any(one.stem == its.stem and one.place != its.place for one in other.placed)
    if its.possessor or again or not goes_on:
        return None
    head = _head(other, its)
    if head is None or head in _SHARES or stem(head) in {one.stem for one in ours.placed}:
        return None
    return f"the claim says of {subject.stem!r} what its quotes say of {head!r}"


def _head(sentence: _Sentence, one: _Placed) -> str | None:
    """The noun of which it tells whose it is, or the deed that is done to it, where that is said to do something."""
    before = list(dropwhile(lambda word: word in DETERMINERS, sentence.words[: one.place][::-1]))
    if one.preposition == "of":
        return next(iter(list(dropwhile(lambda word: word != "of", before))[1:]), None)
    if before and _ENDING.fullmatch(before[0]) and not (BE & {*before[1:3]}):
        return before[0]
    return None


_SHARES = frozenset(
    "most many both each all any some lots lot plenty majority bunch couple dozens hundreds thousands millions kind "
    "sort type kinds sorts types because out instead ahead front tired sick fond proud aware sure full heard hear "
    "think speak".split()
)
"""What is said of these "of people" is said of people; "because of" and "tired of" name nobody else."""
_ENDING = re.compile(
    r"(?:bann|end|remov|scrapp|abolish|stopp|cancell?|clos|cutt|delet|destroy|dropp|eliminat|halt|kill|los|prevent|"
    r"prohibit|quitt|reject|repeal|replac|revok|sell|skipp|block)ing"
)


def _of_another_verb(ours: _Sentence, other: _Sentence) -> str | None:
    """Whether "supports lifting the ban", "backed out of the ban", "returned the stolen" is told as if it were less."""
    theirs = other.first
    for one, two in pairwise(placed for placed in ours.placed if placed.stem in theirs):
        between = [word for word in ours.words[one.place + 1 : two.place] if not word.endswith("ly")]
        if not all(word in DETERMINERS for word in between):
            continue
        its, that = theirs[one.stem], theirs[two.stem]
        is_deed = bool(between) and one.place > 0 and stem(ours.words[one.place - 1]) is not None
        if is_deed and its.place > 0 and other.words[its.place - 1] in DETERMINERS:
            return f"the claim makes a deed of {one.stem!r}"
        last = max(placed.place for placed in other.placed if placed.stem == two.stem)
        if is_deed and last < its.place and not BE & {*other.words[last : its.place]}:
            return f"the claim turns round {one.stem!r} and {two.stem!r}"
        gap = other.words[its.place + 1 : that.place]
        if gap and (
            (gap[0].endswith("ing") and gap[0] not in _NO_DEEDS) or gap[0] in {"out", "off", "away", "back", "to"}
        ):
            return f"the claim leaves out {gap[0]!r} behind {one.stem!r}"
    return None


_NO_DEEDS = frozenset("nothing something anything everything during".split())


def _voice(ours: _Sentence, other: _Sentence) -> str | None:
    """Whether who does a thing is told as whom it is done to, the other way round, or as what that one is."""
    theirs = other.first
    for one, two in pairwise(ours.placed):
        if one.stem not in theirs or two.stem not in theirs or theirs[one.stem].place > theirs[two.stem].place:
            continue
        its, that = theirs[one.stem], theirs[two.stem]
        between, gap = ours.words[one.place + 1 : two.place], other.words[its.place + 1 : that.place]
        is_told = bool(BE & {*between}) and {*between} <= _HELPING
        does = bool(gap) and gap[0] not in _PREPOSITIONS and any(stem(word) is not None for word in gap)
        if is_told and does and not BE & {*gap} and its.piece == that.piece:
            return f"the claim makes {two.stem!r} what {one.stem!r} is"
        if is_told and not gap and _done(other.words[that.place]) and _has_an_object(other, that):
            return f"the claim makes {one.stem!r} suffer what it does: {two.stem!r}"
        if not between and BE & {*gap} and {*gap} <= _HELPING and _done(ours.words[two.place], other.words[that.place]):
            return f"the claim makes {one.stem!r} do what it suffers: {two.stem!r}"
    return None


def _has_an_object(sentence: _Sentence, verb: _Placed) -> bool:
    behind = sentence.words[verb.place + 1 : verb.place + 2]
    return any(word in DETERMINERS or (word not in _PREPOSITIONS and stem(word) is not None) for word in behind)


_HELPING = AUXILIARIES | frozenset(["a", "an", "the"])


def _done(form: str, other: str = "") -> bool:
    """Whether a verb's form may be a past one; `other`: its form elsewhere, which is not that of something going on."""
    past = form.endswith(("ed", "en")) or form in IRREGULAR or len(form) <= _SHORT_VERB
    return past and not other.endswith("ing")


_SHORT_VERB = 4
"""Letters: "hit", "cut", "shut" have one form for all."""


def _swapped(ours: _Sentence, other: _Sentence) -> str | None:
    theirs = other.first
    shared = [(one, theirs[one.stem]) for one in ours.placed if one.stem in theirs]
    for one, its in shared:
        of_them = (its.preposition, one.preposition) == ("from", "of")
        if its.preposition in _DIRECTED and one.preposition != its.preposition and not of_them and len(shared) > 1:
            return f"the claim takes {one.stem!r} from behind {its.preposition!r}"
    agents = (_agent(ours), _agent(other))
    if (agents[0] is None) != (agents[1] is None):
        agent = agents[0] or agents[1] or ""
        places = [its.place for one, its in shared]
        at = next((n for n, (one, _) in enumerate(shared) if one.stem == agent), None)
        if at is not None and len(shared) > 1:
            return _passive(shared, at, places)
    kept = [(one, its) for one, its in shared if one.preposition is None or one.preposition != its.preposition]
    if _falls(tuple(its.place for _, its in kept)):
        return "the claim turns round the order of its quotes' words: who does what to whom, or what is more than what"
    return _object_first(ours, other, shared)


def _agent(sentence: _Sentence) -> str | None:
    """Whoever it is done by, in a passive sentence: "sued by Google"."""
    if not any(word in BE for word in sentence.words):
        return None
    agent = next((one.stem for one in sentence.placed if one.preposition == "by"), None)
    return None if agent in _TIMES or (agent or "").isdigit() else agent


_TIMES = {
    stem(word)
    for word in (
        "day week month year hour minute second decade morning noon lunch evening night midnight monday tuesday "
        "wednesday thursday friday saturday sunday january february march april june july august september october "
        "november december spring summer autumn winter christmas"
    ).split()
}
"""By these nothing is done: "by day two"."""


def _passive(shared: Sequence[tuple[_Placed, _Placed]], at: int, places: Sequence[int]) -> str | None:
    """One of the two tells it in the passive: who does it must then stand on the other side of what is done."""
    others = [n for n in range(len(shared)) if n != at]
    same = sum((n < at) == (places[n] < places[at]) for n in others)
    if others and same == len(others) and len(others) > 1:
        return "the claim turns round who does what to whom"
    return None


def _falls(places: Sequence[int]) -> bool:
    """Whether three of them stand in the contrary order."""
    return any(
        places[i] > places[j] > places[k]
        for i in range(len(places))
        for j in range(i + 1, len(places))
        for k in range(j + 1, len(places))
    )


def _object_first(ours: _Sentence, other: _Sentence, shared: Sequence[tuple[_Placed, _Placed]]) -> str | None:
    """Whether whom it is done to becomes who does it: "sued Oracle" told as "Oracle sued"."""
    for (one, its), (two, that) in combinations(shared, 2):
        between = ours.words[one.place + 1 : two.place]
        if that.place > its.place or one.preposition is not None or not _bare(ours, two) or BE & {*between}:
            continue
        if not all(word in AUXILIARIES for word in takewhile(lambda word: word not in _PREPOSITIONS, between)):
            continue
        gap = other.words[that.place + 1 : its.place]
        if all(word in DETERMINERS or word in {"to", "against"} for word in gap) and (
            gap or (_ends(ours, two) and not {*between} & _PREPOSITIONS)
        ):
            return f"the claim turns round {two.stem!r} and {one.stem!r}"
    return None


def _bare(sentence: _Sentence, one: _Placed) -> bool:
    """Whether no preposition governs it for sure: in "the war in the north stops" the last word may be the verb."""
    return one.preposition is None or stem(sentence.words[one.place - 1]) is not None


def _ends(sentence: _Sentence, one: _Placed) -> bool:
    """Whether nothing but what a preposition brings in follows: it is the verb then."""
    behind = sentence.words[one.place + 1 : one.place + 2]
    return not behind or behind[0] in _PREPOSITIONS or stem(behind[0]) is None
