"""The words of a claim or of its quotes, as they are compared: stems, numbers, amounts; what is denied, what supposed.

Not here: what follows from a difference (bot.claim).
"""

import re
from functools import cached_property

from corpus.text import normal
from index.lexical import terms

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_CLAUSE = re.compile(
    r"[.!?;:,()\n–—]|\s-\s|\b(?:but|however|although|though|instead|rather|whereas|yet|because|since)\b"
)
NEGATIONS = frozenset(
    "no not never none nobody nothing neither nor cannot without hardly barely scarcely nowhere n't isnt arent wasnt "
    "werent dont doesnt didnt wont cant couldnt shouldnt wouldnt hasnt havent aint unlike".split()
)
FUNCTION_WORDS = frozenset(
    "a about also an and any are as at be because been but by can could did do does for from had has have how if in "
    "into is it its may might more most of on or other others over should since so some such than that the their "
    "them then there these they this those to too under up was were what when where which while who why will with "
    "would one he him his she her here both each after before during until between out off".split()
)
_AMOUNTS = frozenset(
    "two three four five six seven eight nine ten eleven twelve dozen dozens hundred hundreds thousand thousands "
    "million millions billion billions trillion trillions half third quarter twice double triple percent percentage "
    "all every everyone everybody everything most many majority minority few several always only unanimous "
    "unanimously proven proved confirmed".split()
)
_SUPPOSES = frozenset("if unless whether suppose supposing imagine assuming provided".split())
_REACH = 8
"""Words after a negation that it can deny, within its clause."""


def tokens(text: str) -> list[str]:
    return _WORD.findall(text)


def plain(word: str) -> str:
    """The word as it is compared: small letters, plain apostrophes, no possessive."""
    return normal(word).casefold().removesuffix("'s")


class Words:
    """A text, read once."""

    def __init__(self, text: str) -> None:
        self._text = text.casefold()
        self.plain = {plain(token) for token in _WORD.findall(self._text)}
        self.numbers = {found.replace(",", "").rstrip(".:/") for found in _NUMBER.findall(self._text)}
        self.amounts = self.plain & _AMOUNTS
        self.spelt: dict[str, str] = {}
        self.content: list[str] = []
        """The stem of every content word, in order."""
        self.denied: set[str] = set()
        """Stems that stand behind a negation in their clause."""
        self.affirmed: set[str] = set()
        """Stems that stand without one somewhere."""
        self.beside_denial: set[str] = set()
        """Stems of clauses that hold a negation, before or behind it."""
        self.supposed: set[str] = set()
        self.told: set[str] = set()
        self._denials: list[bool] = []
        for clause in _clauses(self._text):
            self._read(clause)

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(self.spelt)

    @property
    def denies(self) -> bool:
        return any(self._denials)

    @property
    def only_denies(self) -> bool:
        """Whether every clause holds a negation."""
        return bool(self._denials) and all(self._denials)

    @property
    def supposes(self) -> bool:
        return bool(self.plain & _SUPPOSES)

    def _read(self, clause: list[str]) -> None:
        words = [plain(token) for token in clause]
        denying = next((place for place, word in enumerate(words) if _negates(word)), None)
        supposing = any(word in _SUPPOSES for word in words)
        if any(word not in FUNCTION_WORDS for word in words):
            self._denials.append(denying is not None)
        for place, word in enumerate(words):
            if word in FUNCTION_WORDS or word in NEGATIONS or word.endswith("n't"):
                continue
            under = denying is not None and denying < place <= denying + _REACH
            for stem in terms(word)[:1]:
                self.content.append(stem)
                self.spelt.setdefault(stem, word)
                (self.denied if under else self.affirmed).add(stem)
                if denying is not None:
                    self.beside_denial.add(stem)
                (self.supposed if supposing else self.told).add(stem)


def _clauses(text: str) -> list[list[str]]:
    return [found for part in _CLAUSE.split(text) if (found := _WORD.findall(part))]


def _negates(word: str) -> bool:
    return word in NEGATIONS or word.endswith("n't")
