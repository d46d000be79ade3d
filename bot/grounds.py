"""What a comment has to say to a question: the words it asserts, with those that were put to its author just before.

"Yes, twice a week" asserts what it was asked; "How often do you walk the dogs?" asserts nothing. Not here: whether that
is enough for an answer (bot.abstain), and whose words they are (bot.whose).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bot.manner import interrogative
from bot.scope import Scope
from corpus.text import sentences
from corpus.thread import Comment, Thread
from index.passages import Relation, relation

Floats = npt.NDArray[np.float32]
TOGETHER = 3
"""Of the comments, the best ones that a term may stand in."""
RARE = 4.0
"""An idf from which on a term that is missing counts in full: in one of fifty comments, or fewer."""


def grounds(asked: Sequence[str], comments: Sequence[Comment], scope: Scope) -> Floats:
    """(comments, asked) 0 to 1: how much of each asked term every comment asserts, near words in part."""
    relations = {thread_id: relation(scope.threads[thread_id]) for thread_id in {c.thread_id for c in comments}}
    spoken: list[tuple[int, str]] = []
    for place, comment in enumerate(comments):
        before = _asked_before(comment, scope.threads[comment.thread_id], relations[comment.thread_id])
        spoken.extend((place, words) for words in _sentences(comment, asking=False))
        spoken.extend((place, words) for words in _sentences(before, asking=True) if before is not None)
    held = np.zeros((len(comments), len(asked)), dtype=np.float32)
    if spoken and asked:
        np.maximum.at(held, [place for place, _ in spoken], scope.held(asked, [words for _, words in spoken]))
    return held


def weights(asked: Sequence[str], scope: Scope) -> Floats:
    """(asked,) the share of the question that each term is, by how rare it is among the comments."""
    rarity = rarities(asked, scope)
    total = float(rarity.sum())
    share: Floats = rarity / np.float32(total) if total > 0 else rarity
    return share


def weakest_term(asked: Sequence[str], held: Floats, order: npt.ArrayLike, scope: Scope) -> float:
    """0 to 1: how surely the best comments, the first of `order`, speak of the asked term that they hold least of.

    `held` is what `grounds` gives of the comments; a common term that is missing counts less.
    """
    best = np.asarray(order)[:TOGETHER]
    counted = np.minimum(1, rarities(asked, scope) / RARE)
    return float((1 - (1 - held[best].max(axis=0)) * counted).min())


def rarities(asked: Sequence[str], scope: Scope) -> Floats:
    return np.array([scope.rarity(term) for term in asked], dtype=np.float32)


def _asked_before(comment: Comment, thread: Thread, kind: Relation) -> Comment | None:
    """The comment that this one answers: its parent, or what somebody else said just before in a talk."""
    if kind == "turns":
        place = thread.position[comment.id]
        return _of_another(thread.comments[place - 1], comment) if place else None
    parent = thread.parents[comment.id]
    return None if parent is None else _of_another(thread.by_id[parent], comment)


def _of_another(before: Comment, comment: Comment) -> Comment | None:
    same = before.author is not None and comment.author is not None and before.author.id == comment.author.id
    return None if same or not before.citable else before


def _sentences(comment: Comment | None, *, asking: bool) -> list[str]:
    if comment is None:
        return []
    found = [comment.text[a:b] for a, b in sentences(comment.text) if comment.own_words(a, b)]
    return [words for words in found if interrogative(words) == asking]
