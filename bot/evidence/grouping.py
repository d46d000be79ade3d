"""Which of many short texts say nearly the same: groups of places, from vectors and words together. Numpy alone.

Within one discussion everybody speaks of one subject, so what all texts share is taken out of the vectors first, and
the words that only some of them use count as much as the meaning. The figures behind the constants are in
docs/quality.md (benchmarks/bench_digest.py). Not here: who said the texts and what a group is called
(bot.evidence.positions).
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.ranking.lexical import terms

Floats = npt.NDArray[np.float32]

WORDS_SHARE = 0.5
"""How much of the nearness of two texts is that of their words, the rest being that of their vectors."""
APART = 0.16
"""Mean nearness below which two groups stay two."""
OUTSIDE = 0.4
"""Nearness to the middle of the nearest group below which a text belongs to none."""
BESIDE = 0.15
"""Nearness to the text that stands for a group below which a text does not belong to it: a middle may lie between."""
ALIKE = 0.2
"""As BESIDE, for the words of the two texts alone; rarer words weigh more."""
ROUNDS = 10
LINKED = 1_200
"""Texts that groups are made of; in a larger discussion the others join the group that they are nearest to."""
VOCABULARY = 2_000
"""Terms that are compared: those that most texts hold."""
SHRINK = 10
"""Of few texts the mean says little about what all discussions of that subject share: it counts n / (n + SHRINK)."""


class Space:
    """Texts as points: unit rows whose products are how near two texts are, about 0 for two that share the subject."""

    def __init__(self, texts: Sequence[str], vectors: Floats) -> None:
        """`vectors` are the texts' unit vectors (n, d)."""
        shared = vectors.mean(axis=0) * (len(vectors) / (len(vectors) + SHRINK)) if len(vectors) else 0.0
        meaning = _unit(vectors - shared)
        self._words = _word_rows(texts)
        self.rows: Floats = np.hstack([np.sqrt(1 - WORDS_SHARE) * meaning, np.sqrt(WORDS_SHARE) * self._words]).astype(
            np.float32
        )

    def middle(self, places: Sequence[int]) -> Floats:
        """The unit row in the middle of these texts."""
        row: Floats = _unit(self.rows[list(places)].mean(axis=0, keepdims=True))[0]
        return row

    def beside(self, place: int, places: Sequence[int]) -> list[int]:
        """The places whose texts are near the one at `place`, and share words with it that not all texts hold."""
        at = list(places)
        near, alike = self.rows[at] @ self.rows[place], self._words[at] @ self._words[place]
        return [at[n] for n in np.flatnonzero((near >= BESIDE) & (alike >= ALIKE)) if at[n] != place]

    def by_centrality(self, places: Sequence[int]) -> list[int]:
        """The places, the one nearest to the middle of all of them first; ties in their order."""
        near = self.rows[list(places)] @ self.middle(places)
        return [places[at] for at in np.argsort(-near.round(5), kind="stable")]


def groups(space: Space, *, most: int) -> list[list[int]]:
    """At most `most` groups of two or more places each, the largest first, members most central first.

    Average linkage down to APART; then every text joins the nearest group's middle, or none.
    """
    linked = average_linkage(space.rows[:LINKED] @ space.rows[:LINKED].T, apart=APART)
    first = sorted((group for group in linked if len(group) > 1), key=lambda group: (-len(group), group[0]))[:most]
    if not first:
        return []
    settled = _settled(space.rows, np.array([space.middle(group) for group in first]))
    found = [space.by_centrality([int(at) for at in np.flatnonzero(settled == n)]) for n in range(len(first))]
    return sorted((group for group in found if len(group) > 1), key=lambda group: (-len(group), min(group)))


def average_linkage(nearness: Floats, *, apart: float) -> list[list[int]]:
    """Places merged two groups at a time, the nearest in the mean first, while they are nearer than `apart`.

    By chains of nearest neighbours, in time of about the square of the places: no step looks at all pairs.
    """
    near = nearness.astype(np.float32)
    np.fill_diagonal(near, -np.inf)
    members: list[list[int]] = [[place] for place in range(len(near))]
    waiting = np.ones(len(near), dtype=bool)
    chain: list[int] = []
    while chain or waiting.any():
        if not chain:
            chain.append(int(np.argmax(waiting)))
        at = chain[-1]
        nearest = int(np.argmax(near[at]))
        if len(chain) > 1 and near[at, chain[-2]] >= near[at, nearest]:
            nearest = chain[-2]
        if not near[at, nearest] > apart:
            waiting[at] = False
            near[:, at] = -np.inf
            chain.clear()
        elif len(chain) > 1 and nearest == chain[-2]:
            del chain[-2:]
            _merge(near, members, at, nearest)
            waiting[nearest] = False
        else:
            chain.append(nearest)
    return [sorted(group) for group in members if group]


def _merge(near: Floats, members: list[list[int]], at: int, other: int) -> None:
    """Let the group `at` take in the group `other`, whose nearness to all becomes nothing."""
    own, its = len(members[at]), len(members[other])
    mean = (own * near[at] + its * near[other]) / (own + its)
    near[at, :] = near[:, at] = mean
    near[at, at] = -np.inf
    near[other, :] = near[:, other] = -np.inf
    members[at] += members[other]
    members[other] = []


def _settled(rows: Floats, middles: Floats) -> npt.NDArray[np.int64]:
    """(n,) the group whose middle is nearest to each row, -1 for none; middles move with what joins them."""
    settled = np.full(len(rows), -1, dtype=np.int64)
    for _ in range(ROUNDS):
        near = rows @ middles.T
        joined = np.where(near.max(axis=1) >= OUTSIDE, near.argmax(axis=1), -1)
        if np.array_equal(joined, settled):
            break
        settled = joined
        middles = np.array(
            [
                _unit(rows[settled == n].mean(axis=0, keepdims=True))[0] if (settled == n).any() else middle
                for n, middle in enumerate(middles)
            ]
        )
    return settled


def _word_rows(texts: Sequence[str]) -> Floats:
    """(texts, vocabulary) unit rows of terms' weights: rarer ones weigh more, terms of one text or of all nothing."""
    said = [Counter(terms(text)) for text in texts]
    held = Counter(term for words in said for term in words)
    shared = [term for term, times in held.most_common(VOCABULARY) if times > 1]
    place = {term: n for n, term in enumerate(shared)}
    rows = np.zeros((len(texts), max(1, len(shared))), dtype=np.float32)
    for row, words in zip(rows, said, strict=True):
        for term, times in words.items():
            if term in place:
                row[place[term]] = (1 + np.log(times)) * np.log(len(texts) / held[term])
    return _unit(rows)


def _unit(rows: Floats) -> Floats:
    unit: Floats = (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)).astype(np.float32)
    return unit
