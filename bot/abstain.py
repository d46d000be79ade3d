"""Whether what was found answers what was asked: a small calibrated judgement over what retrieval and words say.

A logistic regression over a few figures of the best comments, fitted by benchmarks/fit_abstention.py on the development
threads, each source weighed alike: a question put to its own thread against the same question put to another thread of
its source. Never fitted on the sample's gold questions. Not here: whether the one asked about said it (bot.whose).
"""

import math
from collections.abc import Sequence

import numpy as np

from bot.forms import SAYING_NOTHING
from bot.grounds import grounds, weakest_term, weights
from bot.points import Point
from bot.scope import Scope
from index.lexical import terms

FEATURES = ("best cover", "weakest term", "words that stand nowhere", "nearest comment", "length of the question")
INTERCEPT = -0.71
WEIGHTS = (1.97, 4.02, -3.80, 8.27, -1.31)
BEST = 12
"""Comments that are looked at."""
WHOLE = 0.999
TOPIC = 2
"""Terms up to which a question only names a topic."""
LONGEST_TOPIC = 3
"""Terms up to which every one of a topic is looked for."""
NEARLY = 0.39
"""How near its nearest word must come to a word of a topic that stands nowhere."""
ENOUGH = 0.25
"""Far below even odds: to decline what is answered here is the worse mistake."""
ENOUGH_OF_ONE = 0.12
"""The same where one person's posts are asked: there are few, and the asker has said whose words are wanted."""
FEW = 20
"""Posts up to which a discussion is so short that a word missing from it says little."""
ENOUGH_OF_FEW = 0.1
"""The same there: in talks of eight turns it declines a tenth of what is answered in them, four fifths of what is asked
of another."""
FRAMING = SAYING_NOTHING | frozenset(
    terms(
        "mean means tell tells told claim argue argued believe view views stance take position reason reasons case "
        "point points mention mentions mentioned opinion user users somebody something anything thing things"
    )
)
"""Words that frame what is asked: that they stand nowhere tells nothing."""


def answers(question: str, found: Sequence[Point], scope: Scope, *, of_one: bool = False, topic: bool = False) -> bool:
    """Whether the points are likely enough to answer the question.

    A question that is hardly more than a topic ("compute?", "who mentions electricity?") is answered by whoever speaks
    of it: one or two words have no nearness in meaning that could be relied on. One that only names a `topic` is not
    answered where a word of it is neither said nor nearly said: the price of bread is not the price of eggs.
    """
    if len(set(terms(question))) <= TOPIC and any(point.cover >= WHOLE for point in found):
        return True
    if topic and not _spoken_of(question, scope):
        return False
    return support(question, found, scope) >= _enough(scope, of_one=of_one)


def _spoken_of(topic: str, scope: Scope) -> bool:
    """Whether each word of a short topic is said here, or nearly."""
    asked = _telling(topic)
    return len(asked) > LONGEST_TOPIC or all(scope.presence(term) >= NEARLY for term in asked)


def _enough(scope: Scope, *, of_one: bool) -> float:
    posts = sum(comment.citable for thread in scope.threads.values() for comment in thread.comments)
    if posts <= FEW:
        return ENOUGH_OF_FEW
    return ENOUGH_OF_ONE if of_one else ENOUGH


def support(question: str, found: Sequence[Point], scope: Scope) -> float:
    """How likely the points answer the question, 0 to 1."""
    weighed = sum(w * v for w, v in zip(WEIGHTS, features(question, found, scope), strict=True))
    return 1 / (1 + math.exp(-(INTERCEPT + weighed)))


def _telling(question: str) -> tuple[str, ...]:
    """The terms of the question, without those that only say that something is said, where others are left."""
    asked = tuple(dict.fromkeys(terms(question)))
    return tuple(term for term in asked if term not in FRAMING) or asked


def features(question: str, found: Sequence[Point], scope: Scope) -> tuple[float, ...]:
    """What the judgement rests on; see FEATURES. Each but the last is 0 to 1."""
    asked = _telling(question)
    length = math.log1p(len(asked))
    if not found or not asked:
        return 0.0, 0.0, 1.0, 0.0, length
    best = found[:BEST]
    held = grounds(asked, [point.comment for point in best], scope)
    share, near = weights(asked, scope), np.array([point.near for point in best])
    cover = held @ share
    weakest = weakest_term(asked, held, np.argsort(-(cover + near), kind="stable"), scope)
    nowhere = float(sum(part * (1 - scope.presence(term)) for part, term in zip(share, asked, strict=True)))
    return float(cover.max()), weakest, nowhere, float(near.max()), length
