"""How surely a turn of a talk answers a question that was asked in it before: by where it stands and what it is like.

An answer need not hold a word of its question ("No, seven is false"), so this looks at what was said between the two,
by whom, at how long the turn is, whether it asks itself or begins with a yes or a no, beside words and meaning. A
logistic regression over the features below, fitted by benchmarks/fit_answering.py on meetings alone. Not here: whether
a turn asks the very question (index.ranking.cues).
"""

import math
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.thread import Comment
from index.ranking.lexical import terms

Floats = npt.NDArray[np.float32]
REACH = 15
"""Turns after a question that are looked at."""
FEATURES = (
    "asks",
    "by the asker",
    "turns of others before it",
    "second of the others",
    "turns of the asker before it",
    "words before it",
    "questions before it",
    "words",
    "two words at most",
    "begins with no",
    "merely assents",
    "words of the question in it",
    "words of the question",
    "first of the others, with yes or no",
    "cosine, above the mean of these turns",
)
INTERCEPT = -1.01
WEIGHTS = (-4.16, -0.23, -0.31, 0.39, -0.31, -0.24, -0.47, 0.46, -0.62, 0.45, -1.80, 1.21, 0.36, 1.94, 3.09)
MOST_TURNS = 8
MOST_QUESTIONS = 4
_WORD = re.compile(r"[\w'’-]+")
_YES_OR_NO = frozenset(
    "yes yeah yep yup yah no nope nah sure exactly probably maybe perhaps definitely true right of".split()
)
_NO = frozenset("no nope nah not never".split())
_ASSENT = frozenset(
    "ok okay alright right yeah yep yes mm hmm mm-hmm mmhmm uh-huh aha sure exactly good great cool fine oh ah i "
    "see".split()
)


class Turn(NamedTuple):
    """One turn after a question, as it is judged."""

    place: int
    """Where it stands among the comments."""
    features: tuple[float, ...]
    """See FEATURES."""


def answers(question: str, place: int, comments: Sequence[Comment], near: Floats | None) -> dict[int, float]:
    """Place -> how likely the turn there answers the question that is asked at `place`, 0 to 1; the next turns only.

    `comments` are the turns of a talk in order, `near` (comments,) their cosines with the question, None while there
    are no vectors; `question` is what is asked, which may take several turns before.
    """
    return {turn.place: likelihood(turn.features) for turn in turns_after(question, place, comments, near)}


def anyone_answers(likely: Sequence[float]) -> float:
    """How likely at least one of the turns answers, 0 to 1."""
    return 1 - math.prod(1 - each for each in likely)


def likelihood(features: Sequence[float]) -> float:
    return 1 / (1 + math.exp(-(INTERCEPT + sum(w * v for w, v in zip(WEIGHTS, features, strict=True)))))


def turns_after(question: str, place: int, comments: Sequence[Comment], near: Floats | None) -> Iterator[Turn]:
    """The next turns after the one at `place` that asks the question, as they are judged."""
    asker, wanted = comments[place].author, frozenset(terms(question))
    asked = math.log1p(len(_WORD.findall(question)))
    after = range(place + 1, min(place + 1 + REACH, len(comments)))
    mean = float(np.mean(near[after.start : after.stop])) if near is not None and after else 0.0
    others = own = words = questions = 0
    for at in after:
        turn = comments[at]
        said = [word.casefold() for word in _WORD.findall(turn.text)]
        asks = turn.text.rstrip(" \"'”’)").endswith(("?", "？"))
        same = asker is not None and turn.author is not None and turn.author.id == asker.id
        yield Turn(
            at,
            (
                float(asks),
                float(same),
                float(min(others, MOST_TURNS)),
                float(not same and others == 1),
                float(min(own, MOST_TURNS)),
                math.log1p(words),
                float(min(questions, MOST_QUESTIONS)),
                math.log1p(len(said)),
                float(len(said) <= 2),
                float(said[:1] != [] and said[0] in _NO),
                float(bool(said) and all(word in _ASSENT for word in said)),
                len(wanted.intersection(terms(turn.text))) / max(1, len(wanted)),
                asked,
                float(not same and others == 0 and bool(said) and said[0] in _YES_OR_NO),
                0.0 if near is None else float(near[at]) - mean,
            ),
        )
        others, own = others + (not same), own + same
        words, questions = words + len(said), questions + asks
