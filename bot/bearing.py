"""How a sentence stands to a claim: says so, says the contrary, or only touches it; by its words, never by guessing.

Lexical and English. A sentence says so where it holds the claim's words in the claim's order, close together, and
states them: what is asked, supposed, told of somebody else, wished or over says nothing, and neither does what any
word turns that the claim does not hold (bot.claim_operators). Not here: how a reply stands to what it answers
(bot.stance).
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bot.claim_operators import Operator, operators
from bot.manner import interrogative
from corpus.text import sentences
from index.lexical import terms

Bearing = Literal["says so", "says the contrary", "touches"]

NEGATION_REACH = 4
"""Words after a negation that it may deny."""
HELD_REACH = 8
"""The same where it is said not to be held: "I do not believe that the new tax has doubled"."""
TOUCHED = 0.7
"""Of a claim's terms, the share that a sentence must hold to say or deny it; all of its last half, which says what is
claimed of what comes first."""
DENIED = 0.5
"""The share that is enough to be denied: who denies half of a claim does not say it."""
FEWEST = 2
"""Terms of a claim that can be said to be so: of one word nobody knows of what it is said."""
APART = 5
"""Words from one of the claim's words to the next, at most."""
BEFORE = 6
"""Words from a word of doubt to the claim that it doubts, at most."""
STEM = 4
"""Letters by which forms of a word are told to be the same: "stop" and "stopped"."""
_NEGATION = re.compile(
    r"no|not|never|none|nobody|nothing|neither|nor|cannot|without|hardly|(?:ca|do|wo|is|does|did|was|would)nt|\w+n't",
    re.I,
)
_HOLDING = re.compile(r"believ(?:e|es|ed|ing)|think(?:ing|s)?|thought|sa(?:y|ying|id)|claim(?:ing|ed)?|agree", re.I)
_NOT_DENYING = re.compile(
    r"(?:\b(?:not|no)|n't) (?:only|just|merely|simply)\b"
    r"|\b(?:no doubt|no wonder|why not|if not|not to mention|no matter|not least|no problem|no less|no one else)\b",
    re.I,
)
_INSTEAD_OF = re.compile(r"\b(?:instead of|rather than)\b", re.I)
_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
_BARE_NO = re.compile(r"^\W*(?:no+|nope|nah)\s*[,.!;–—]\s*", re.I)
"""A "no, " before a sentence answers somebody else and denies nothing of what the sentence says."""
_REASON = re.compile(r"[\s,;]+(?:because|'?cause|cuz|since)\b", re.I)
_NEXT = re.compile(r"(?:;|,\s+(?:so|and|but))\s+(?!(?:that|not?|never|only|even|just)\b)", re.I)
_DOUBT = re.compile(
    r"\b(?:doubt|doubtful|unlikely|myth|nonsense|untrue|false|wrong|disagree|bullshit|rubbish|far from|overstated|"
    r"exaggerated|overblown|debunked|hoax|lie)\b",
    re.I,
)
_SUPPOSED = re.compile(
    r"\b(?:if|unless|whether|suppose|supposing|assuming|provided|wish|wishes|hope|hopes|hoping|hoped|as though|as if"
    r"|would|could|might|maybe|perhaps|possibly|should|ought|imagine|pretend\w*"
    r"|fail(?:s|ed|ing)? to|ceas(?:e|es|ed)|stop(?:s|ped|ping)? \w+ing|quit|used to|almost|nearly|barely"
    r"|tr(?:y|ies|ied|ying) to|wants?(?:ed)? to|plan(?:s|ned|ning)? to|supposed to|meant to|promis(?:e|es|ed)"
    r"|going to|won't|will|may)\b",
    re.I,
)
"""What is only supposed, wished, to come, or over."""
_TOLD = re.compile(
    r"\b(?:sa(?:y|ys|id|ying)|claim(?:s|ed|ing)?|tell(?:s|ing)?|told|report(?:s|ed|edly)?|according to"
    r"|think(?:s|ing)?|thought|believ(?:e|es|ed)|argu(?:e|es|ed)|insist(?:s|ed)?|announc(?:e|es|ed)|supposedly|so-called|alleg(?:e|es|ed|edly)"
    r"|rumou?rs?|heard|read that|swears?|call(?:s|ed)?|advertis\w+|apparently|fear(?:s|ed)?|worr(?:y|ies|ied))\b",
    re.I,
)
"""What is told of somebody else's words; one's own are one's own."""
_MY_OWN = re.compile(
    r"\b(?:i|we)(?:'d| do| don't| do not| didn't| would| really| still| honestly| also)*"
    r" (?:say|said|think|believe|claim|argue|insist|swear)\b(?: that)?",
    re.I,
)


_ASKS_WHAT_IT_IS = re.compile(r"\W*(?:is|are|was|were|isn't|aren't|wasn't|weren't)\b(?! there\b)", re.I)
_IS = re.compile(
    r"(?:\b(?:is|are|was|were|be|been|being|remains?|stays?|became|becomes?|seems?|feels?|looks?|get(?:s|ting)?|got"
    r"|isn't|aren't|wasn't|weren't)|'(?:s|re))\b",
    re.I,
)
"""What has to stand between that of which it is asked and what it is said to be."""


@dataclass(frozen=True, slots=True)
class Polarities:
    """The terms of a text, those of them that stand shortly after a negation, and whether it holds a negation."""

    said: frozenset[str]
    denied: frozenset[str]
    negated: bool


_NAMES = re.compile(r"\b[A-Z][\w’'-]+")


@lru_cache(maxsize=4096)
def polarities(text: str) -> Polarities:
    plain = _INSTEAD_OF.sub(" not ", _NOT_DENYING.sub(" ", text.replace("’", "'")))
    words = _WORD.findall(plain)
    denied = set[str]()
    negated = False
    for place, word in enumerate(words):
        if _NEGATION.fullmatch(word):
            negated = True
            after = words[place + 1 : place + 1 + HELD_REACH]
            held = after and _HOLDING.fullmatch(after[0])
            denied.update(terms(" ".join(after[: HELD_REACH if held else NEGATION_REACH])))
    return Polarities(frozenset(terms(plain)), frozenset(denied), negated)


def of_claim(words: str, claim: str) -> Bearing:
    """Whether the words say what is claimed, or deny it; "touches" where no sentence does, or one each way."""
    found = {_of_sentence(words[start:end], claim) for start, end in sentences(words)} - {"touches"}
    return found.pop() if len(found) == 1 else "touches"


def names_all(claim: str, text: str) -> bool:
    """Whether the text names whom the claim names: of a name no word is near."""
    return set(terms(" ".join(_NAMES.findall(claim)))) <= set(terms(text))


def doubts(words: str, claim: str) -> bool:
    """Whether the words may not say what is claimed: they deny a word of it, doubt, suppose, tell of others' words, or
    hold all of its words in another order, which says something else.

    Looser than to say the contrary: who may not say so is not counted as saying so.
    """
    wanted = polarities(claim)
    for sentence in (words[start:end] for start, end in sentences(words)):
        shared = wanted.said & polarities(sentence).said
        if not shared or len(shared) < DENIED * len(wanted.said):
            continue
        if _turned(sentence, claim):
            return True
        if len(shared) < TOUCHED * len(wanted.said):
            continue
        if _only_told(sentence, claim) or (_DOUBT.search(sentence) and not _DOUBT.search(claim)):
            return True
        if _unshared(sentence, claim) & _TURNING:
            return True
        if len(shared) >= FEWEST and shared == wanted.said and _of_sentence(sentence, claim) != "says so":
            return True
    return False


def denies(words: str, claim: str) -> bool:
    """Whether the words, where they do not say what is claimed, deny it or half of it: two of its words at least, or
    all where there is one.

    Looser than to say the contrary, and closer than to doubt: who denies something is not one of those who say it.
    """
    bearing = of_claim(words, claim)
    if bearing != "touches":
        return bearing == "says the contrary"
    wanted = polarities(claim)
    needed = min(len(wanted.said), max(FEWEST, DENIED * len(wanted.said)))
    return any(
        len(wanted.said & polarities(sentence).said) >= needed > 0 and _turned(sentence, claim)
        for sentence in (words[start:end] for start, end in sentences(words))
    )


def _of_sentence(sentence: str, claim: str) -> Bearing:
    at = _held(sentence, claim)
    if at is None or interrogative(sentence) or _only_told(sentence, claim):
        return "touches"
    wanted, said = polarities(claim), polarities(_stating(sentence, claim))
    doubt = _DOUBT.search(sentence) if not _DOUBT.search(claim) else None
    if _unshared(sentence, claim, slice(0) if doubt is None else slice(*doubt.span())):
        return "touches"
    if doubt is not None:
        before = len(_WORD.findall(sentence[: doubt.end()]))
        return "says the contrary" if 0 <= at - before <= BEFORE and not said.negated else "touches"
    if _turned(sentence, claim):
        return "says the contrary"
    return "says so" if said.negated == wanted.negated else "touches"


def _unshared(sentence: str, claim: str, doubt: slice = slice(0)) -> frozenset[Operator]:
    """The operators that one of the two holds and the other does not ("anything but safe", "rarely safe"), but for a
    plain denial and those of the words of doubt at the given place."""
    found = _operators(_stating(sentence, claim)) | _operators(_without_reason(sentence, claim)) & _FROM_AFAR
    return (found - _operators(sentence[doubt])) ^ _operators(claim)


_TURNING: frozenset[Operator] = frozenset(["denial", "averse", "failing", "sometimes", "less"])
"""What turns a claim of which most is held; what only weakens it makes no doubt of words that go on elsewhere."""
_FROM_AFAR: frozenset[Operator] = frozenset(["denial"])
"""What takes the claim back from another part of the sentence as well: "it is safe; my foot"."""
_NO_TURN: frozenset[Operator] = frozenset(["no", "proof", "asks"])
"""Plain denials are told by their reach (polarities), questions by their mark; a proof alone turns nothing."""
_MAY_DENY: frozenset[Operator] = frozenset(["may", "denial"])
"""Of these, what holds a negation ("can't", "I do not believe") is a plain denial as well."""


@lru_cache(maxsize=4096)
def _operators(text: str) -> frozenset[Operator]:
    """The kinds of those that a text holds; a "should the" that opens it is taken to ask, as in a claim."""
    plain = text.replace("’", "'").casefold()
    return frozenset(
        one.kind
        for one in operators(plain, asked=True)
        if one.kind not in _NO_TURN and not (one.kind in _MAY_DENY and _denying(plain[one.start : one.end]))
    )


def _denying(words: str) -> bool:
    return any(_NEGATION.fullmatch(word) for word in _WORD.findall(words))


def _turned(sentence: str, claim: str) -> bool:
    """Whether one of the two denies a word of the claim that the other affirms."""
    wanted, said = polarities(claim), polarities(_stating(sentence, claim))
    shared = wanted.said & said.said
    return bool(said.denied & shared) != bool(wanted.denied & shared)


def _stating(sentence: str, claim: str) -> str:
    """The part of the sentence that holds what it has of the claim: without a "no" to somebody before it, the reason
    that follows, and what else it says; all of it where no part does."""
    said = _without_reason(_BARE_NO.sub("", sentence, count=1), claim)
    held = polarities(claim).said & set(terms(said))
    return next((part for part in _NEXT.split(said) if held <= set(terms(part))), said)


def _without_reason(sentence: str, claim: str) -> str:
    """The sentence without the reason that it gives, where the rest holds as much of the claim."""
    plain = sentence.replace("’", "'")
    said = _REASON.split(plain)[0]
    return said if polarities(claim).said & set(terms(plain)) <= set(terms(said)) else plain


def _only_told(sentence: str, claim: str) -> bool:
    """Whether the sentence only supposes, wishes or tells of others' words, and the claim does not speak of that."""
    own = _MY_OWN.sub(" ", _without_reason(sentence, claim))
    return any(
        {found[:STEM] for found in form.findall(own.casefold())}
        - {found[:STEM] for found in form.findall(claim.casefold())}
        for form in (_SUPPOSED, _TOLD)
    )


def _held(sentence: str, claim: str) -> int | None:
    """At which word the claim's words begin, where the sentence holds enough of them in their order; else None."""
    wanted = list(dict.fromkeys(terms(claim)))
    if len(wanted) < FEWEST:
        return None
    words = [set(terms(word)) for word in _WORD.findall(sentence)]
    needed = set(wanted[len(wanted) // 2 :])
    chains = _chains(words, wanted)
    fit = [chain for chain in chains if needed <= {wanted[n] for _, n in chain} and len(chain) >= TOUCHED * len(wanted)]
    if _ASKS_WHAT_IT_IS.match(claim):
        told = _WORD.findall(sentence.replace("’", "'"))
        fit = [chain for chain in fit if _IS.search(" ".join(told[chain[0][0] : chain[-1][0] + 1]))]
    return max(fit, key=len)[0][0] if fit else None


def _chains(words: list[set[str]], wanted: list[str]) -> list[list[tuple[int, int]]]:
    """For every place of a wanted term the longest run of (word, term) that ends there, in order and close together."""
    chains: list[list[tuple[int, int]]] = []
    for at, held in enumerate(words):
        for n, term in enumerate(wanted):
            if term in held:
                near = chains[-(APART + 1) * len(wanted) :]
                before = [chain for chain in near if chain[-1][1] < n and at - chain[-1][0] <= APART]
                chains.append([*max(before, key=len, default=[]), (at, n)])
    return chains
