"""An invented corpus of any size with the statistics of words that real talk has, and vectors for it at little cost.

Words are drawn by Zipf's law from the packaged model's vocabulary, which comes in order of frequency; every thread
talks about one of some topics, with words of its own. Some texts are embedded; each other one gets the vector of one of
these of its topic, with as much noise as neighbours of a topic differ by: so neighbourhoods are as dense as real ones.
Not here: what is measured with it (benchmarks.bench_scale).
"""

import json
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.encoders.embedder import Embedder, Encoder
from index.ranking.lexical import STOP_WORDS
from index.ranking.near_words import common_words

Floats = npt.NDArray[np.float32]
TOPICS = 60
OF_A_TOPIC = 50
"""Texts of a topic that are really embedded: 3,000 in all."""
PEOPLE = 3_000
SOURCES = ("harbour", "orchard", "quarry", "weir")
FIRST, OTHERS = 1_000, 200
"""Comments of the first thread, which is asked alone, and of every other."""
_ZIPF, _SHIFT = 1.07, 2.7
_STOPPING, _ON_TOPIC = 0.45, 0.18
"""Shares of function words, and of words of the topic, among all."""
_TOPIC_WORDS = 60
_REPLIES = 0.6


class InventedCorpus:
    """Thread number n is the same however many there are."""

    def __init__(self, *, seed: int = 1) -> None:
        self._seed = seed
        self._stopping = sorted(STOP_WORDS)
        self._words = common_words()

    @cached_property
    def _chances(self) -> list[float]:
        return _cumulated(len(self._words))

    @cached_property
    def _stopping_chances(self) -> list[float]:
        return _cumulated(len(self._stopping))

    def topic(self, number: int) -> int:
        """What thread `number` talks about."""
        return int(self._draw("topic of", number).integers(TOPICS))

    def thread(self, number: int) -> bytes:
        """A thread in the generic shape: a reply tree, about 30 words a comment."""
        draw, comments = self._draw("thread", number), FIRST if number == 0 else OTHERS
        topic = self.topic(number)
        made = []
        for place in range(comments):
            day = int(draw.integers(1, 29))
            made.append(
                {
                    "id": f"c{place}",
                    "author": f"resident_{int(draw.zipf(1.3)) % PEOPLE}",
                    "text": self.text(topic, draw),
                    "parent_id": f"c{int(draw.integers(place))}" if place and draw.random() < _REPLIES else None,
                    "created_at": f"{2015 + number % 11}-{1 + number % 12:02d}-{day:02d}T10:00:00Z",
                }
            )
        source, title = SOURCES[number % len(SOURCES)], self.text(topic, draw)[:60]
        return json.dumps({"id": f"invented-{number}", "source": source, "title": title, "comments": made}).encode()

    def text(self, topic: int, draw: np.random.Generator) -> str:
        """Some sentences on the topic."""
        length = int(np.clip(draw.lognormal(3.2, 0.7), 4, 150))
        own = self._topic_words(topic)
        chances = draw.random((length, 2))
        words = [self._word(own, float(kind), float(chance)) for kind, chance in chances]
        ends = [*range(11, length - 4, 12), length]
        sentences = [" ".join(words[low:high]) for low, high in zip([0, *ends[:-1]], ends, strict=True)]
        return " ".join(f"{sentence[:1].upper()}{sentence[1:]}." for sentence in sentences)

    def samples(self) -> list[list[str]]:
        """Texts of each topic that are to be embedded."""
        return [
            [self.text(topic, draw) for _ in range(OF_A_TOPIC)]
            for topic in range(TOPICS)
            for draw in [self._draw("samples of", topic)]
        ]

    def _word(self, own: Sequence[str], kind: float, chance: float) -> str:
        if kind < _STOPPING:
            return self._stopping[min(len(self._stopping) - 1, bisect_right(self._stopping_chances, chance))]
        if kind < _STOPPING + _ON_TOPIC:
            return own[int(chance * chance * len(own))]
        return self._words[min(len(self._words) - 1, bisect_right(self._chances, chance))]

    def _topic_words(self, topic: int) -> list[str]:
        draw = self._draw("words of", topic)
        return [self._words[int(place)] for place in draw.integers(300, len(self._words), _TOPIC_WORDS)]

    def _draw(self, what: str, number: int) -> np.random.Generator:
        return np.random.default_rng([self._seed, *what.encode(), number])


class DerivedVectors:
    """An Encoder that embeds nothing of the corpus: it derives. Whatever else it is given, the real one embeds."""

    def __init__(self, real: Encoder, samples: Sequence[Floats]) -> None:
        """`samples` are unit vectors of texts of each topic."""
        self._real = real
        self._samples = samples
        self.nearness = float(np.mean([_nearest(rows) for rows in samples]))
        """Mean cosine of a text and the nearest of its topic."""
        self.topic = 0
        """Of the texts that come next."""
        self.name, self.fingerprint, self.dimension = real.name, real.fingerprint, real.dimension
        self.max_pieces, self.at_once = real.max_pieces, real.at_once

    @classmethod
    def of(cls, corpus: InventedCorpus, embedder: Embedder, *, cache: Path) -> "DerivedVectors":
        """`cache` is a file for the samples' vectors."""
        if not cache.exists():
            np.save(cache, embedder.embed([text for texts in corpus.samples() for text in texts]))
        return cls(embedder._encoder, np.split(np.load(cache), TOPICS))  # noqa: SLF001

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        return self._real.count_pieces(texts)

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Floats:
        if query:
            return self._real.encode(texts, query=True)
        draw = np.random.default_rng(list("\n".join(texts).encode()[:64]))
        like = self._samples[self.topic][draw.integers(len(self._samples[self.topic]), size=len(texts))]
        noise = draw.standard_normal(like.shape).astype(np.float32)
        noise -= (noise * like).sum(1, keepdims=True) * like
        noise /= np.linalg.norm(noise, axis=1, keepdims=True)
        return np.asarray(self.nearness * like + np.sqrt(1 - self.nearness**2) * noise, dtype=np.float32)


def embedder_that_derives(corpus: InventedCorpus, real: Embedder, *, cache: Path) -> tuple[Embedder, DerivedVectors]:
    made = DerivedVectors.of(corpus, real, cache=cache)
    return Embedder(made), made


def _nearest(rows: Floats) -> float:
    cosines = rows @ rows.T
    np.fill_diagonal(cosines, -1)
    return float(cosines.max(axis=1).mean())


def _cumulated(size: int) -> list[float]:
    weights = 1 / (np.arange(size) + _SHIFT) ** _ZIPF
    return list(np.cumsum(weights / weights.sum()))
