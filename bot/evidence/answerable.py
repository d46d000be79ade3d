"""Whether what was found answers what was asked: a small calibrated judgement over what retrieval and words say.

A logistic regression over a few figures of the best comments, fitted by benchmarks/fit_abstention.py on the development
threads, each source weighed alike: a question put to its own thread against the same question put to another thread of
its source. Never fitted on the sample's gold questions.
"""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bot.evidence.points import Point
from bot.evidence.scope import Scope
from corpus.thread import Comment, Thread
from index.passages import Relation, relation
from index.ranking.lexical import terms

Floats = npt.NDArray[np.float32]

FEATURES = ("best cover", "weakest term", "words that stand nowhere", "nearest comment", "length of the question")
INTERCEPT = -0.71
WEIGHTS = (1.97, 4.02, -3.80, 8.27, -1.31)
BEST = 12
"""Comments that are looked at."""
TOGETHER = 3
"""Of these, the best ones that a term may stand in."""
RARE = 4.0
"""An idf from which on a term that is missing counts in full: in one of fifty comments, or fewer."""
WHOLE = 0.999
TOPIC = 2
"""Terms up to which a question only names a topic."""
ENOUGH = 0.15
"""Far below even odds: to decline what is answered here is the worse mistake."""
FRAMING = frozenset(
    terms(
        "say said says post posted posts comment comments commented write wrote written happen happened "
        "change changed talk talked discuss discussed people thread discussion story here reply replied "
        "replies message messages think thought commenter commenters view views opinion opinions there everyone "
        "anyone somebody made come came conversation mean means tell tells told claim argue argued believe stance take "
        "position reason reasons case point points mention mentions mentioned user users something anybody anything "
        "thing things ppl guys"
    )
)
"""Words that frame what is asked: that they stand nowhere tells nothing."""


def answers(question: str, found: Sequence[Point], scope: Scope) -> bool:
    """Whether the points are likely enough to answer the question.

    A question that is hardly more than a topic ("compute?") is answered by whoever speaks of it: one or two words have
    no nearness in meaning that could be relied on.
    """
    if len(set(terms(question))) <= TOPIC and any(point.cover >= WHOLE for point in found):
        return True
    return support(question, found, scope) >= ENOUGH


def support(question: str, found: Sequence[Point], scope: Scope) -> float:
    """How likely the points answer the question, 0 to 1."""
    weighed = sum(w * v for w, v in zip(WEIGHTS, features(question, found, scope), strict=True))
    return 1 / (1 + math.exp(-(INTERCEPT + weighed)))


def telling(question: str) -> tuple[str, ...]:
    """The terms of the question, without those that only say that something is said, where others are left."""
    asked = tuple(dict.fromkeys(terms(question)))
    return tuple(term for term in asked if term not in FRAMING) or asked


def features(question: str, found: Sequence[Point], scope: Scope) -> tuple[float, ...]:
    """What the judgement rests on; see FEATURES. Each but the last is 0 to 1."""
    asked = telling(question)
    length = math.log1p(len(asked))
    if not found or not asked:
        return 0.0, 0.0, 1.0, 0.0, length
    best = found[:BEST]
    held = _held(asked, [point.comment for point in best], scope)
    rarity = np.array([scope.rarity(term) for term in asked], dtype=np.float32)
    share = scope.shares(asked)
    near = np.array([point.near for point in best])
    cover = held @ share
    order = np.argsort(-(cover + near), kind="stable")[:TOGETHER]
    counted = np.minimum(1, rarity / RARE)
    weakest = float((1 - (1 - held[order].max(axis=0)) * counted).min())
    nowhere = float(sum(part * (1 - scope.presence(term)) for part, term in zip(share, asked, strict=True)))
    return float(cover.max()), weakest, nowhere, float(near.max()), length


def _held(asked: Sequence[str], comments: Sequence[Comment], scope: Scope) -> Floats:
    """(comments, asked) 0 to 1: how much of each asked term every comment, or what it answers, holds."""
    relations = {thread_id: relation(scope.threads[thread_id]) for thread_id in {c.thread_id for c in comments}}
    spoken: list[tuple[int, str]] = []
    for place, comment in enumerate(comments):
        spoken.append((place, comment.text))
        before = _answered(comment, scope.threads[comment.thread_id], relations[comment.thread_id])
        if before is not None and "?" in before.text:
            spoken.append((place, before.text))
    held = np.zeros((len(comments), len(asked)), dtype=np.float32)
    np.maximum.at(held, [place for place, _ in spoken], scope.held(asked, [words for _, words in spoken]))
    return held


def _answered(comment: Comment, thread: Thread, kind: Relation) -> Comment | None:
    """The comment that this one answers: its parent, or what was said just before in a talk."""
    if kind == "turns":
        place = thread.position[comment.id]
        before = thread.comments[place - 1] if place else None
    else:
        parent = thread.parents[comment.id]
        before = None if parent is None else thread.by_id[parent]
    return before if before is not None and before.citable else None
