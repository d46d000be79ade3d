"""Questions for how replies stand to a post, and the marks by which a reply shows it: for ranking trees alone.

"Which replies doubt the claim?" has no word in common with its answers: a doubt ends in a question mark, a denial says
no, support repeats the claim. The marks are those of English; a reply without any keeps its place. What a reply says of
its parent in an answer is bot's to decide, by narrower rules.
"""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from corpus.thread import Comment

Floats = npt.NDArray[np.float32]
Leaning = Literal["asks", "denies", "supports"]

_WHO = (
    r"^\s*(?:(?:which|what)\s+(?:of\s+the\s+)?(?:comments?|replies|posts?|people|commenters|users|tweets)|who"
    r"|(?:does|do|did|has|have|is|are)\s+any(?:one|body|\s+\w+)?)\b(?:\s+\w+){0,4}?\s+"
)
_WANTED: tuple[tuple[Leaning, re.Pattern[str]], ...] = (
    (
        "asks",
        re.compile(
            _WHO + r"(?:ask(?:s|ed|ing)?|question(?:s|ed|ing)?|quer(?:y|ies|ied)|doubt(?:s|ed|ing)?|s[ck]eptical)\b",
            re.I,
        ),
    ),
    (
        "denies",
        re.compile(
            _WHO + r"(?:den(?:y|ies|ied|ying)|disput\w+|disagre\w+|contradict\w*|refut\w+|reject\w*|object\w*|debunk\w*"
            r"|challeng\w+)\b",
            re.I,
        ),
    ),
    ("supports", re.compile(_WHO + r"(?:support\w*|confirm\w*|agree\w*|endors\w+|back(?:s|ed)?\s+up)\b", re.I)),
)
_DOUBT = re.compile(
    r"\b(?:sources?|proof|prove[dns]?|evidence|really|true|verif\w*|confirm\w*|sure|rumou?rs?|alleged\w*|reliable|legit"
    r"|how do (?:you|we|they) know)\b",
    re.I,
)
_DENIAL = re.compile(
    r"\b(?:no|not|never|nothing|nobody|none|neither|nor|cannot|\w+n['’]t|false|fake\w*|wrong|untrue|incorrect|lies?|liar"
    r"|lying|hoax|nonsense|rubbish|bull\w*|debunk\w*|mislead\w*|misinform\w*|propaganda|photoshop\w*|disagree\w*"
    r"|contrary|but|however|actually|ridiculous|stop)\b",
    re.I,
)
_SUPPORT = re.compile(
    r"\b(?:yes|yep|yeah|true|right|exactly|indeed|agree\w*|confirm\w*|correct|definitely|absolutely|also|too)\b"
    r"|https?://",
    re.I,
)
_ENOUGH = 2
"""Marks from which on more make no difference."""


def wanted(question: str) -> Leaning | None:
    """Which leaning of replies the question is for, None where it is for something else.

    >>> wanted("Which replies ask for evidence?"), wanted("What evidence is there?")
    ('asks', None)
    """
    return next((leaning for leaning, pattern in _WANTED if pattern.search(question)), None)


class Leanings:
    """The marks of each comment; `vectors` (n, d) are unit rows of their words, the opening post's first, or None."""

    def __init__(self, comments: Sequence[Comment], vectors: Floats | None) -> None:
        self._texts = [comment.text for comment in comments]
        self._vectors = vectors

    def of(self, leaning: Leaning) -> Floats:
        """(n,) about -1 to 2: how much each comment shows that it leans so."""
        if leaning == "asks":
            return self._asking * (1 + np.float32(0.5) * self._doubts)
        if leaning == "denies":
            return self._denials - np.float32(0.3) * self._asking
        return self._support

    @cached_property
    def _support(self) -> Floats:
        repeats = np.zeros(len(self._texts), dtype=np.float32)
        if self._vectors is not None:
            repeats = np.clip(self._vectors @ self._vectors[0], 0, 1)
        shown: Floats = repeats + np.float32(0.5) * (_share(_SUPPORT, self._texts) - self._asking - self._denials)
        return shown

    @cached_property
    def _asking(self) -> Floats:
        return np.array([any(mark in text for mark in "?？؟") for text in self._texts], dtype=np.float32)

    @cached_property
    def _doubts(self) -> Floats:
        return np.array([bool(_DOUBT.search(text)) for text in self._texts], dtype=np.float32)

    @cached_property
    def _denials(self) -> Floats:
        return _share(_DENIAL, self._texts)


def _share(marks: re.Pattern[str], texts: Sequence[str]) -> Floats:
    found = [min(_ENOUGH, sum(1 for _ in marks.finditer(text))) for text in texts]
    return np.array(found, dtype=np.float32) / np.float32(_ENOUGH)
