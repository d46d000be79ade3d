"""BM25 over the passages of one thread. Not here: the analyser (corpus.records.terms), structure and fusion
(index.ranking.retrieve).

BM25 is our own, in sixty lines of numpy, since ranking is what this project is about: one analyser serves index,
question and writer, how rare a term is inside a thread can be asked (`idf`), and a thread is indexed in memory faster
than a stored index could be opened. The scoring is Lucene's (no k1 + 1 in the numerator, idf never negative):

    idf(t)   = ln(1 + (N - df + 0.5) / (df + 0.5))
    score(d) = sum over t of idf(t) * tf / (tf + k1 * (1 - b + b * length(d) / mean length))

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009; Kamphuis et al., "Which BM25 Do
You Mean?", ECIR 2020, for the variants.
"""

import math
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from corpus.records.terms import STOP_WORDS, terms

__all__ = ["STOP_WORDS", "Bm25", "terms"]

Scores = npt.NDArray[np.float32]


class Bm25:
    """Lucene's BM25 over a fixed list of texts, held in memory.

    >>> Bm25(["Compute is scarce.", "Open weights win."]).scores("Who wins with open weights?").argmax()
    1
    """

    def __init__(self, texts: Sequence[str], *, k1: float = 1.2, b: float = 0.75) -> None:
        analysed = [terms(text) for text in texts]
        self.size = len(analysed)
        self._columns: dict[str, int] = {}
        columns = self._columns
        ids = np.fromiter(
            (columns.setdefault(term, len(columns)) for found in analysed for term in found), dtype=np.int64
        )
        lengths = np.fromiter((len(found) for found in analysed), dtype=np.int64, count=self.size)
        documents = np.repeat(np.arange(self.size, dtype=np.int64), lengths)
        cells, counts = np.unique(ids * max(1, self.size) + documents, return_counts=True)
        column = cells // max(1, self.size)
        self._documents = cells % max(1, self.size)
        self._starts = np.searchsorted(column, np.arange(len(columns) + 1))
        mean = lengths.mean() if self.size and lengths.any() else 1.0
        saturation = k1 * (1 - b + b * lengths[self._documents] / mean)
        self._weights = (counts / (counts + saturation)).astype(np.float32)

    def document_frequency(self, term: str) -> int:
        """How many of the texts hold `term`, a term as `terms` makes them."""
        column = self._columns.get(term)
        return 0 if column is None else int(self._starts[column + 1] - self._starts[column])

    def idf(self, term: str) -> float:
        """How rare `term` is among these texts; greatest where no text holds it."""
        df = self.document_frequency(term)
        return math.log(1 + (self.size - df + 0.5) / (df + 0.5))

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """Every term that any of the texts holds."""
        return tuple(self._columns)

    def matches(self, term: str) -> tuple[npt.NDArray[np.int64], Scores]:
        """Places of the texts that hold `term`, and how much it weighs in each, 0 to 1, without its rarity."""
        column = self._columns.get(term)
        low, high = (0, 0) if column is None else (self._starts[column], self._starts[column + 1])
        return self._documents[low:high], self._weights[low:high]

    def holding(self, term: str) -> npt.NDArray[np.int64]:
        """Places of the texts that hold `term`, in order."""
        column = self._columns.get(term)
        if column is None:
            return np.empty(0, dtype=np.int64)
        found: npt.NDArray[np.int64] = self._documents[self._starts[column] : self._starts[column + 1]]
        return found

    def scores(self, question: str) -> Scores:
        """One score a text, in the order they were given; 0 where no term of the question stands."""
        return self.term_scores(terms(question))

    def term_scores(self, asked: Iterable[str]) -> Scores:
        """As `scores`, of terms that are already analysed. A term that is asked twice counts twice."""
        total = np.zeros(self.size, dtype=np.float32)
        for term in asked:
            column = self._columns.get(term)
            if column is not None:
                low, high = self._starts[column], self._starts[column + 1]
                total[self._documents[low:high]] += np.float32(self.idf(term)) * self._weights[low:high]
        return total
