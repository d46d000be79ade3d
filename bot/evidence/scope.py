"""What a question may be answered from: threads, a way to rank their comments, and how near two texts are in meaning.

The one seam between the writers and the index. Not here: what is done with the evidence (bot.writers.quotes).
"""

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from bot.values.answer import State
from corpus.thread import Comment, Thread
from index.ranking.hit import Hit
from index.ranking.lexical import terms
from index.ranking.near_words import Kinship, Lexicon

Floats = npt.NDArray[np.float32]
Embed = Callable[[Sequence[str]], Floats]
Rank = Callable[[str, int, Collection[str] | None], list[Hit]]
"""(what to look for, how many, only these comment ids or None) -> hits, best first."""


class Scope:
    """Threads by id, and what their index knows."""

    def __init__(
        self,
        threads: Mapping[str, Thread],
        *,
        rank: Rank,
        rarity: Callable[[str], float],
        presence: Callable[[str], float],
        embed: Embed,
        lexicon: Lexicon | None = None,
        meanings: Callable[[str], Mapping[str, Floats]] | None = None,
        state: State = "full",
        broken: bool = False,
        outdated: bool = False,
        took: Mapping[str, float] | None = None,
    ) -> None:
        self.threads = threads
        self.broken = broken
        """Whether that is since vectors cannot be read."""
        self.outdated = outdated
        """Whether it is since they were made by another encoder."""
        self.took: Mapping[str, float] = {} if took is None else took
        """Milliseconds by stage of what was done here so far, where it is worth telling."""
        self.state = state
        """Is "lexical" where any of the threads is ranked by words alone."""
        self._rank = rank
        self._rarity = rarity
        self._presence = presence
        self._embed = embed
        self._lexicon = lexicon
        self._meanings = meanings
        self.looked_at: set[tuple[str, str]] = set()
        """(thread id, comment id) of every comment that was ranked for the question: what coverage calls used."""

    def hits(self, subject: str, *, k: int, only: Collection[str] | None = None) -> list[Hit]:
        """The comments nearest to `subject`, best first, one hit a comment."""
        self.looked_at.update(
            (thread.id, comment.id)
            for thread in self.threads.values()
            for comment in thread.comments
            if comment.citable and (only is None or comment.id in only)
        )
        return self._rank(subject, k, only)

    def comment(self, hit: Hit) -> Comment:
        return self.threads[hit.thread_id].by_id[hit.comment_id]

    def rarity(self, term: str) -> float:
        """How rare a term is among the comments (an idf); greatest for a term that stands nowhere."""
        return self._rarity(term)

    def shares(self, asked: Sequence[str]) -> Floats:
        """(asked,) how much of the question each term is, by rarity; all alike where no term is rarer than others."""
        rarity = np.array([self.rarity(term) for term in asked], dtype=np.float32)
        total = float(rarity.sum())
        alike = np.full(len(asked), 1 / max(1, len(asked)), dtype=np.float32)
        shares: Floats = rarity / np.float32(total) if total > 0 else alike
        return shares

    def weights(self, asked: Sequence[str]) -> dict[str, float]:
        """Each asked term once, with its rarity."""
        return {term: self.rarity(term) for term in dict.fromkeys(asked)}

    def presence(self, term: str) -> float:
        """How surely the comments speak of a term, 0 to 1: 1 where it stands, less where only a near word does."""
        return self._presence(term)

    def similarities(self, question: str, texts: Sequence[str]) -> Floats:
        """(n,) cosines of the question with each text, -1 to 1."""
        cosines: Floats = self.vectors(texts) @ self.vectors([question])[0]
        return cosines

    def vectors(self, texts: Sequence[str]) -> Floats:
        """(n, d) float32, unit rows."""
        return self._embed(texts)

    def comment_vectors(self, comments: Sequence[Comment]) -> Floats:
        """(n, d) unit rows, one a comment: those of the index, made anew only where it has none."""
        known = {id_: dict(self._meanings(id_)) for id_ in {c.thread_id for c in comments}} if self._meanings else {}
        rows = [known.get(comment.thread_id, {}).get(comment.id) for comment in comments]
        missing = [place for place, row in enumerate(rows) if row is None]
        for place, row in zip(missing, self.vectors([comments[at].text for at in missing]), strict=True):
            rows[place] = row
        return np.array(rows, dtype=np.float32)

    def held(self, asked: Sequence[str], texts: Sequence[str]) -> Floats:
        """(texts, asked) how much each text holds of each asked term: 1 for the term itself, less for a near word."""
        said = [terms(text) for text in texts]
        held = np.array([[float(term in words) for term in asked] for words in map(set, said)], dtype=np.float32)
        held = held.reshape(len(texts), len(asked))
        if self._lexicon is not None and asked and texts:
            kinship = Kinship(self._lexicon, [word for words in said for word in words])
            degrees, place = kinship.degrees(asked), {word: n for n, word in enumerate(kinship.terms)}
            for row, words in zip(held, said, strict=True):
                near = [place[word] for word in words if word in place]
                if near:
                    np.maximum(row, degrees[:, near].max(axis=1), out=row)
        return held
