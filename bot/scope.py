"""What a question may be answered from: threads, a way to rank their comments, and how near two texts are in meaning.

The one seam between the writers and the index. Not here: what is done with the evidence (bot.extractive).
"""

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from corpus.thread import Comment, Thread
from index.lexical import terms
from index.retrieve import Hit

Vectors = npt.NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]
Rank = Callable[[str, int, Collection[str] | None], list[Hit]]
"""(what to look for, how many, only these comment ids or None) -> hits, best first."""


class Scope:
    """Threads by id, and what their index knows."""

    def __init__(
        self, threads: Mapping[str, Thread], *, rank: Rank, rarity: Callable[[str], float], embed: Embed
    ) -> None:
        self.threads = threads
        self._rank = rank
        self._rarity = rarity
        self._embed = embed
        self.looked_at: set[tuple[str, str]] = set()
        """(thread id, comment id) of every comment that was ranked for this question: what coverage calls used."""

    def hits(self, subject: str, *, k: int, only: Collection[str] | None = None) -> list[Hit]:
        """The comments nearest to `subject`, best first, one hit a comment."""
        found = self._rank(subject, k, only)
        self.looked_at.update((hit.thread_id, hit.comment_id) for hit in found)
        return found

    def comment(self, hit: Hit) -> Comment:
        return self.threads[hit.thread_id].by_id[hit.comment_id]

    def rarity(self, term: str) -> float:
        """How rare a term is among the comments (an idf); greatest for a term that stands nowhere."""
        return self._rarity(term)

    def similarities(self, question: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """(n,) cosines of the question with each text, -1 to 1."""
        cosines: npt.NDArray[np.float32] = self.vectors(texts) @ self.vectors([question])[0]
        return cosines

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """(n, d) float32, unit rows."""
        return self._embed(texts)

    def weights(self, asked: Sequence[str]) -> dict[str, float]:
        """Each asked term once, with its rarity."""
        return {term: self.rarity(term) for term in dict.fromkeys(asked)}

    def held(self, asked: Sequence[str], text: str) -> frozenset[str]:
        """The asked terms that `text` holds."""
        return frozenset(asked) & frozenset(terms(text))
