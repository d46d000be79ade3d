"""How relevance travels between comments that belong together. What is relevant by its own words:
index.ranking.retrieve.

Where people talk in turns, what is said next to a relevant turn is likely relevant too, the more so the less each turn
says by itself, and a turn in a stretch of talk about the subject more than one elsewhere. What follows, or replies to,
a comment that asks the very question is likely an answer. Independent comments say nothing about each other. The
figures behind the constants are in docs/retrieval.md.
"""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from corpus.thread import Comment, Thread
from index.passages import Relation
from index.ranking.answering import answers

Floats = npt.NDArray[np.float32]

REACH = 12
"""Turns on either side that are looked at."""
WORDS = 15.0
"""After so many words in between, two turns have 1/e of the bond of neighbours."""
BOND = 1.0
"""Over the mean number of words a turn: the share of its score that a turn gives to its neighbours."""
STRONGEST_BOND = 0.6
STRETCH = 150.0
"""After so many words in between, a turn counts 1/e for the stretch of talk that another stands in."""
ANSWER = 0.7
"""What a reply gets where the comment before it asks the very question, and the next turn in a talk."""
ANSWERS_LAST = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
"""The same for the turns after it, the nearest first: the talk is then about that."""
ANSWER_IN_A_TALK = 4.0
"""What a later turn gets there that is sure to answer it (index.ranking.answering): more than all else together."""
SHARPNESS = 3
"""How fast that falls with how surely it asks the very question: who asks nearly the same may ask something else."""
CHARACTERS_A_WORD = 8
"""For scripts without spaces: a text has at least one word to so many characters."""


class Flow:
    """The relations between `comments`, the citable ones of `thread` in its order."""

    def __init__(self, thread: Thread, comments: Sequence[Comment], relation: Relation) -> None:
        self.relation = relation
        self._comments = tuple(comments)
        if relation == "turns":
            words = np.array([_words(comment) for comment in comments], dtype=np.float64)
            self._bond = np.float32(min(STRONGEST_BOND, BOND / max(1.0, float(words.mean()))))
            self._bonds = [_bonds(words, lag) for lag in range(1, min(REACH, len(comments) - 1) + 1)]
            self._stretch = _Stretch(words)
        if relation == "tree":
            self._parents = _parents(thread, comments)

    def spread(self, scores: Floats) -> Floats:
        """The scores with what each turn gets from the turns around it."""
        spread = scores.copy()
        if self.relation == "turns":
            for lag, bonds in enumerate(self._bonds, start=1):
                spread[lag:] += self._bond * bonds * scores[:-lag]
                spread[:-lag] += self._bond * bonds * scores[lag:]
        return spread

    def stretch(self, scores: Floats) -> Floats:
        """(n,) 0 to 1: how relevant the stretch of talk is in which each turn stands; 0 where people do not talk in
        turns."""
        if self.relation != "turns":
            return np.zeros_like(scores)
        mean = self._stretch.mean(scores)
        low, high = mean.min(), mean.max()
        over: Floats = (mean - low) / (high - low) if high > low else np.zeros_like(mean)
        return over

    def answers(self, question: str, same_question: Floats, near: Floats | None) -> Floats:
        """What is added to the comments that follow, or reply to, one that asks the very question (0 to 1).

        `near` are the cosines of the comments with the question, None while there are no vectors.
        """
        if self.relation == "turns":
            return self._to_turns(question, same_question, near)
        if self.relation == "tree":
            return np.float32(ANSWER) * self._to_replies(same_question)
        return np.zeros_like(same_question)

    def _to_turns(self, question: str, same_question: Floats, near: Floats | None) -> Floats:
        """Where a turn asks nearly the same, the next ones; where it asks just that, those likely to answer it."""
        added = np.zeros_like(same_question)
        for lag, share in enumerate(ANSWERS_LAST, start=1):
            added[lag:] += np.float32(ANSWER * share) * same_question[:-lag]
        for place in np.flatnonzero(same_question > 0):
            likely = answers(question, int(place), self._comments, near)
            for at, share in likely.items():
                answer = np.float32(ANSWER_IN_A_TALK * same_question[place] ** SHARPNESS * share)
                added[at] = max(added[at], answer)
        return added

    def _to_replies(self, scores: Floats) -> Floats:
        replied: Floats = np.where(self._parents >= 0, scores[self._parents], np.float32(0))
        return replied


class _Stretch:
    """Means over the turns around each, weighed by exp(-words in between / STRETCH), in two passes over the talk."""

    def __init__(self, words: npt.NDArray[np.float64]) -> None:
        counted = np.maximum(1.0, words)
        middles = np.cumsum(counted) - counted / 2
        self._kept = np.exp(-np.diff(middles) / STRETCH).tolist()
        self._weights = self._sums(np.ones(len(words)))

    def mean(self, scores: Floats) -> Floats:
        return (self._sums(scores.astype(np.float64)) / self._weights).astype(np.float32)

    def _sums(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        before = _carried(values.tolist(), self._kept)
        after = _carried(values[::-1].tolist(), self._kept[::-1])[::-1]
        return before + after - values


def _carried(values: Sequence[float], kept: Sequence[float]) -> npt.NDArray[np.float64]:
    """(n,) each value plus the share that is kept of what came before it."""
    steps = zip(values[1:], kept, strict=True)
    sums = accumulate(steps, lambda carried, step: step[0] + step[1] * carried, initial=values[0])
    return np.fromiter(sums, dtype=np.float64, count=len(values))


def _words(comment: Comment) -> int:
    return max(len(comment.text.split()), len(comment.text) // CHARACTERS_A_WORD)


def _bonds(words: npt.NDArray[np.float64], lag: int) -> Floats:
    """(n - lag,) of each turn and the one `lag` before it: exp(-words in between / WORDS)."""
    up_to = np.cumsum(words)
    between = up_to[lag - 1 : -1] - up_to[:-lag]
    return np.exp(-between / WORDS).astype(np.float32)


def _parents(thread: Thread, comments: Sequence[Comment]) -> npt.NDArray[np.int64]:
    """(n,) the place of the nearest citable comment above each, or of one it shows again; -1 where there is none."""
    places = {comment.id: place for place, comment in enumerate(comments)}

    def above(comment: Comment) -> int:
        for ancestor in thread.ancestors(comment.id):
            if ancestor.id in places:
                return places[ancestor.id]
        return next((places[other] for other in comment.quotes if other in places and other != comment.id), -1)

    return np.array([above(comment) for comment in comments], dtype=np.int64)
