"""Whether what was found answers what was asked: a small calibrated judgement over what retrieval and words say.

A logistic regression over three figures, fitted by benchmarks/fit_abstention.py on the development threads, each source
weighed alike: a question put to its own thread against the same question put to another thread of its source. Never
fitted on the sample's gold questions.
"""

import math
from collections.abc import Sequence

from bot.points import Point
from bot.scope import Scope
from index.lexical import terms

FEATURES = ("best fit of a sentence", "nearest comment", "share of the question's words that stand nowhere")
INTERCEPT = -5.61
WEIGHTS = (5.43, 10.06, -5.68)
WHOLE = 0.999
TOPIC = 2
"""Terms up to which a question only names a topic."""
ENOUGH = 0.1
"""Far below even odds: to decline what is answered here is the worse mistake. On the development threads this declines
1 in 100 of what is answered there, and 7 in 10 of what is asked of the wrong thread."""
ENOUGH_OF_ONE = 0.05
"""The same where one person's posts are asked: there are few, and the asker has said whose words are wanted."""


def answers(question: str, found: Sequence[Point], scope: Scope, *, of_one: bool = False) -> bool:
    """Whether the points are likely enough to answer the question.

    A question that is hardly more than a topic ("compute?", "who mentions electricity?") is answered by whoever speaks
    of it: one or two words have no nearness in meaning that could be relied on.
    """
    if len(set(terms(question))) <= TOPIC and any(point.cover >= WHOLE for point in found):
        return True
    return support(question, found, scope) >= (ENOUGH_OF_ONE if of_one else ENOUGH)


def support(question: str, found: Sequence[Point], scope: Scope) -> float:
    """How likely the points answer the question, 0 to 1."""
    weighed = sum(w * v for w, v in zip(WEIGHTS, features(question, found, scope), strict=True))
    return 1 / (1 + math.exp(-(INTERCEPT + weighed)))


def features(question: str, found: Sequence[Point], scope: Scope) -> tuple[float, float, float]:
    """What the judgement rests on; see FEATURES. Each is about 0 to 1."""
    if not found:
        return 0.0, 0.0, 1.0
    return max(p.fit for p in found), max(p.near for p in found), _nowhere(question, scope)


def _nowhere(question: str, scope: Scope) -> float:
    """The share of the question's terms, by rarity, that no comment speaks of."""
    weights = scope.weights(terms(question))
    total = sum(weights.values())
    missing = sum(weight * (1 - scope.presence(term)) for term, weight in weights.items())
    return missing / total if total > 0 else 1.0
