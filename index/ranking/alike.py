"""Independent comments that say nearly the same lend each other relevance: the question's words are in one of them, its
meaning in all. Where comments answer each other their relations tell more (index.ranking.flow).
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

CANDIDATES = 300
"""The best comments by themselves, among which relevance is lent: a matrix of their likenesses is made a question."""
NEIGHBOURS = 10
SHARPNESS = 4
"""The power of a cosine that a neighbour's score weighs by."""


def lent(scores: Floats, vectors: Floats) -> Floats:
    """(n,) 0 to 1: what each comment gets from those most like it; 0 for all but the best CANDIDATES.

    `vectors` (n, d) are unit rows of the comments' words.
    """
    got = np.zeros_like(scores)
    best = np.argsort(-scores, kind="stable")[:CANDIDATES]
    if len(best) < 3:
        return got
    alike = vectors[best] @ vectors[best].T
    np.fill_diagonal(alike, 0)
    kept = min(NEIGHBOURS, len(best) - 1)
    nearest = np.argpartition(-alike, kept - 1, axis=1)[:, :kept]
    weights = np.maximum(np.take_along_axis(alike, nearest, axis=1), 0) ** SHARPNESS
    mean = (weights * scores[best][nearest]).sum(axis=1) / np.maximum(weights.sum(axis=1), np.float32(1e-9))
    low, high = mean.min(), mean.max()
    if high > low:
        got[best] = (mean - low) / (high - low)
    return got
