"""Whether what was found answers what was asked: a small calibrated judgement over what retrieval and words say.

Calibrated by benchmarks/fit_abstention.py on the development threads, never on the sample's gold questions.
"""

import math
from collections.abc import Sequence

from bot.points import Point
from bot.scope import Scope
from index.lexical import terms

ENOUGH = 0.5


def support(question: str, found: Sequence[Point], scope: Scope) -> float:
    """How likely the points answer the question, 0 to 1."""
    values = features(question, found, scope)
    return 1 / (1 + math.exp(-(INTERCEPT + sum(w * v for w, v in zip(WEIGHTS, values, strict=True)))))


INTERCEPT = -4.0
WEIGHTS = (7.0, 2.0, 1.5, 0.0)
FEATURES = ("best cosine", "best cover", "cover by the best three", "rarest term stands somewhere")


def features(question: str, found: Sequence[Point], scope: Scope) -> tuple[float, ...]:
    """What the judgement rests on; see FEATURES."""
    if not found:
        return (0.0,) * len(FEATURES)
    asked = terms(question)
    three = " \n".join(point.comment.text for point in sorted(found, key=lambda p: -p.score)[:3])
    nowhere = scope.rarity("\x00")
    rarest = max((scope.rarity(term) for term in asked), default=nowhere)
    return (
        max(point.cosine for point in found),
        max(point.cover for point in found),
        scope.covered(asked, three),
        1.0 - float(rarest >= nowhere),
    )
