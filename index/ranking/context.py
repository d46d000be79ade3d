"""The vector of a turn after the turn before it, worked out from the vectors of both: no encoder needed.

The encoder takes the mean over word pieces, so that the vector of two texts in a row lies close to the sum of theirs,
each weighed by its length. In a ranking it is as good as the encoder's own (docs/retrieval.md), which would cost more
than twice the work of an ingest. Not here: which threads are talks in turns (index.passages).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.passages import Passage, plain_view

Floats = NDArray[np.float32]


def in_context(passages: Sequence[Passage], plain: Floats) -> Floats:
    """Unit rows (n, d): each passage's vector after the passage before it, for passages in the order of a talk.

    `plain` are the passages' own unit vectors, which stay as they are where there is no context.
    """
    lengths = np.array([len(plain_view(passage)) for passage in passages], dtype=np.float32)[:, None]
    follows = np.array([bool(passage.context) for passage in passages[1:]], dtype=bool)[:, None]
    weighed = plain * lengths
    together = weighed.copy()
    together[1:] += np.where(follows, weighed[:-1], np.float32(0))
    norms = np.linalg.norm(together, axis=1, keepdims=True)
    unit: Floats = np.where(norms > 0, together / np.maximum(norms, np.float32(1e-12)), plain).astype(np.float32)
    return unit
