"""What a question gives away besides its words: its subject, who is named in it, whether somebody here has asked it.

Used for ranking alone, so that a wrong guess costs places and never hides a comment. What kind of question it is, and
whom it is about for the answer, is bot.questions.understand's.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from corpus.thread import Author, Comment
from index.ranking.lexical import STOP_WORDS, terms

Floats = npt.NDArray[np.float32]

_FRAME = re.compile(
    r"^\s*(?:which|what) (?:of the )?(?:comments|replies|posts|people|commenters|users)\b[^:?]{0,60}?"
    r"\b(?:argue|say|claim|mention|think|state|suggest)s?(?: that\b:?|:)\s*",
    re.I,
)
_WORD = re.compile(r"@?\w(?:[\w.-]*\w)?")
_LONGEST_NAME = 4
_SHORTEST_PART = 3
COPIED = (0.4, 0.8)
"""Share of words and word pairs in common from which on a comment begins to ask the same, and surely does."""
MEANT = (0.6, 0.9)
"""The same for the cosine of question and comment."""


def subject(question: str) -> str:
    """The question without "Which comments say that": what is to be found.

    >>> subject("Which comments against it argue that: weights are not source?")
    'weights are not source?'
    """
    shorter = _FRAME.sub("", question)
    return shorter if terms(shorter) else question


def asks(comment: Comment) -> bool:
    """Whether a question mark stands anywhere in it."""
    return asking(comment.text)


def asking(text: str) -> bool:
    return any(mark in text for mark in "?？؟")


class Bylines:
    """Who wrote, or probably wrote, each of the comments, by every name that a question may call them."""

    def __init__(self, comments: Sequence[Comment]) -> None:
        self._places: dict[str, list[int]] = {}
        self._names: dict[str, set[str]] = {}
        self._parts: dict[str, set[str]] = {}
        self._size = len(comments)
        for place, comment in enumerate(comments):
            author = comment.author or (comment.author_candidate and comment.author_candidate.author)
            if author:
                self._add(author, place)

    def named(self, question: str) -> Floats:
        """(n,) 1 where the comment's author is named in the question, else 0.

        A whole handle or display name counts in any case of letters; a part of a display name only where it is written
        with a capital, and only if nobody is named in full.
        """
        words = [match.group() for match in _WORD.finditer(question.replace("’", "'"))]
        found = self._named_in_full(words) or self._named_in_part(words)
        wrote = np.zeros(self._size, dtype=np.float32)
        for author in found:
            wrote[self._places[author]] = 1
        return wrote

    def _add(self, author: Author, place: int) -> None:
        if author.id not in self._places:
            for name in {author.handle, author.name or author.handle}:
                self._names.setdefault(_folded(name), set()).add(author.id)
            for part in _folded(author.name or "").split():
                if len(part) >= _SHORTEST_PART and part not in STOP_WORDS:
                    self._parts.setdefault(part, set()).add(author.id)
        self._places.setdefault(author.id, []).append(place)

    def _named_in_full(self, words: Sequence[str]) -> set[str]:
        found: set[str] = set()
        for length in range(1, _LONGEST_NAME + 1):
            for at in range(len(words) - length + 1):
                name = _folded(" ".join(words[at : at + length]))
                if words[at].startswith("@") or (len(name) > 1 and name not in STOP_WORDS):
                    found |= self._names.get(name, set())
        return found

    def _named_in_part(self, words: Sequence[str]) -> set[str]:
        capitals = [_folded(word) for word in words if word[:1].isupper()]
        return {author for part in capitals for author in self._parts.get(part, ())}


def _folded(name: str) -> str:
    return " ".join(word.removeprefix("@") for word in _WORD.findall(name.casefold()))


def same_question(question: str, texts: Sequence[str]) -> Floats:
    """(n,) 0 to 1: how surely each text asks the question in its own words. A text that asks nothing has 0."""
    wanted = _words_and_pairs(question)
    shares = [_dice(wanted, _words_and_pairs(text)) if asking(text) else 0.0 for text in texts]
    return ramp(np.array(shares, dtype=np.float32), COPIED)


def ramp(values: Floats, between: tuple[float, float]) -> Floats:
    """0 up to the lower bound, 1 from the upper one on, straight in between."""
    low, high = between
    risen: Floats = np.clip((values - np.float32(low)) / np.float32(high - low), 0, 1)
    return risen


def _words_and_pairs(text: str) -> set[str]:
    words = re.findall(r"\w+", text.casefold())
    return {*words, *(f"{first} {second}" for first, second in pairwise(words))}


def _dice(one: set[str], other: set[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0
