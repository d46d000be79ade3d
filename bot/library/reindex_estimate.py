"""What making every vector anew costs, told before it begins: counted over the stored threads, timed on a sample.

Not here: making them (bot.product.product, bot.library.vector_repair), asking whether to (bot.faces.cli.upkeep).
"""

import time
from collections.abc import Callable, Iterator, Sequence

from bot.library.indexes import Rankings
from corpus.records.store import ThreadStore
from corpus.thread import Value

Progress = Callable[[str, int, int], None]
"""(stage, done, total)."""
SAMPLE = 512
"""Texts of all threads that may be embedded to learn how fast it goes."""
PART = 64
"""Texts of about one length that are embedded together, as the real run does."""
WORDS = 256
"""Of the common words, which are embedded once an encoder."""
SAMPLE_S = 3.0
"""How long that may take; the part that is under way is finished."""
BYTES_A_NUMBER = 4
BYTES_A_VECTOR = 1_300
"""What Chroma keeps beside the numbers of one: its place among its neighbours, and its filter fields."""


class Cost(Value):
    """What a reindex would take."""

    model: str
    dimension: int
    goes_on: bool
    """Whether it goes on with one that was cut short; then only what is left is counted."""
    threads: int
    comments: int
    texts: int
    """To be embedded: a passage each, the same words of one thread once."""
    seconds: float
    texts_a_second: float
    """As measured; 0 where there is nothing to embed."""
    disk_bytes: int
    free_bytes: int | None
    """None where a Chroma server keeps the vectors."""

    @property
    def fits(self) -> bool:
        return self.free_bytes is None or self.disk_bytes <= self.free_bytes


class Overall:
    """Progress thread by thread, told on as one: so many of all texts."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._total = total
        self._before = 0
        self._done = 0

    def __call__(self, stage: str, done: int, total: int) -> None:
        if total == 0:  # another thread begins
            self._before, self._done = self._before + self._done, 0
        elif stage == "embedding":
            self._done = done
        self._progress(stage, self._before + self._done, max(self._total, self._before + self._done))


def cost(store: ThreadStore, rankings: Rankings, *, goes_on: bool, progress: Progress | None = None) -> Cost:
    """What is left to be done; some of it is embedded for that, and thrown away. Raises ModelUnavailable."""
    sample = _Sample(SAMPLE)
    threads = comments = 0
    ids = store.thread_ids()
    for at, thread_id in enumerate(ids):
        if progress is not None:
            progress("counting", at, len(ids))
        thread, summary = store.snapshot(thread_id)
        if goes_on and summary.state == "full":
            continue
        threads, comments = threads + 1, comments + summary.comments
        sample.add(rankings.to_embed(thread, anew=not goes_on))
    if progress is not None:
        progress("measuring", 0, 0)
    embedder = rankings.embedder
    characters_a_second, texts_a_second = _speed(rankings, sample.texts)
    seconds = sample.characters / characters_a_second if sample.seen else 0.0
    if sample.seen and (words := rankings.words_to_embed()):
        seconds += len(words) / _speed(rankings, words[:: max(1, len(words) // WORDS)])[1]
    return Cost(
        model=embedder.model_name,
        dimension=embedder.dimension,
        goes_on=goes_on,
        threads=threads,
        comments=comments,
        texts=sample.seen,
        seconds=seconds,
        texts_a_second=texts_a_second,
        disk_bytes=sample.seen * (BYTES_A_VECTOR + BYTES_A_NUMBER * embedder.dimension),
        free_bytes=rankings.free_bytes(),
    )


def _speed(rankings: Rankings, texts: Sequence[str]) -> tuple[float, float]:
    """Characters and texts a second; (0, 0) without texts."""
    if not texts:
        return 0.0, 0.0
    embed = rankings.embedder.embed
    embed(["Is it ready?"])  # the first call also warms up
    done: list[str] = []
    started = time.perf_counter()
    for part in _parts(texts):
        embed(part)
        done += part
        if time.perf_counter() - started > SAMPLE_S:
            break
    took = max(time.perf_counter() - started, 1e-6)
    return max(1, sum(map(len, done))) / took, len(done) / took


def _parts(texts: Sequence[str]) -> Iterator[list[str]]:
    """The texts in parts of about one length each; short and long ones come early."""
    ordered = sorted(texts, key=len)
    lows = range(0, len(ordered), PART)
    for first in (1, 2, 0):
        yield from (ordered[low : low + PART] for low in lows[first::3])


class _Sample:
    """Some of many texts: every so manieth."""

    def __init__(self, size: int) -> None:
        self.texts: list[str] = []
        self.seen = 0
        self.characters = 0
        self._size = size
        self._step = 1

    def add(self, texts: Sequence[str]) -> None:
        for text in texts:
            if self.seen % self._step == 0:
                self.texts.append(text)
            self.seen += 1
            self.characters += len(text)
            if len(self.texts) == 2 * self._size:
                self.texts, self._step = self.texts[::2], 2 * self._step
