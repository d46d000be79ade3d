"""A process that only asks, over the home folder that benchmarks.bench_scale fills: its times and its memory, as JSON.

Not here: reading in (benchmarks.bench_scale). Every question is asked once, so that no saved answer is given back.
"""

import gc
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import psutil  # type: ignore[import-untyped]  # it has no types

from benchmarks import invented
from benchmarks.invented_corpus import FIRST, OTHERS, SOURCES
from bot.product.assemble import assemble
from bot.product.product import DiggDeeper
from bot.settings import Settings
from corpus.records.filters import Filter
from corpus.records.terms import terms
from index.ranking.cues import subject

ALONE = "invented-0"
WARMING = 15
K = 20
"""Hits that are asked for."""
FILTERS = {
    "by_source": Filter(source=SOURCES[1]),
    "by_author": Filter(author="resident_7"),
    "by_time": Filter(after=datetime(2019, 6, 1, tzinfo=UTC), before=datetime(2020, 6, 1, tzinfo=UTC)),
}
Row = dict[str, Any]


def main() -> None:
    home, encoder_dir, asked, size = sys.argv[1:]
    with closing(assemble(Settings(home=Path(home), encoder_dir=Path(encoder_dir)))) as product:
        print(json.dumps(figures(product, asked=int(asked), size=int(size))))


def figures(product: DiggDeeper, *, asked: int, size: int) -> Row:
    store, rankings, everywhere = product._store, product._rankings, product._everywhere  # noqa: SLF001
    product.ready()
    _ = rankings.lexicon
    rankings.embedder.embed_query("warm")
    found: Row = {"resident_opened_mb": _resident_mb()}
    found["cold_thread_ms"] = _took(lambda: product.search(ALONE, "what was that about"))
    alone = _questions(product, [0], seed=size)
    some = np.random.default_rng(size).integers(1 + (size - FIRST) // OTHERS, size=12)
    over_all = _questions(product, [int(number) for number in some], seed=size)

    def search(question: str, within: Filter | None = None) -> None:
        ground = everywhere.ground(question, within)
        everywhere.scope(ground).hits(question, k=K)

    def nearest(question: str) -> None:
        rankings.vectors.query(rankings.embedder.embed_query(subject(question)), k=100)

    timed: dict[str, tuple[Callable[[str], object], Iterator[str]]] = {
        "thread_search": (lambda question: product.search(ALONE, question, k=K), alone),
        "thread_ask": (lambda question: product.ask(question, thread_ids=[ALONE]), alone),
        "all_words": (lambda question: store.search_words(terms(subject(question)), limit=100), over_all),
        "all_vectors": (nearest, over_all),
        "all_search": (search, over_all),
        "all_ask": (product.ask, over_all),
    }
    for name, (work, questions) in timed.items():
        found |= _percentiles(name, work, questions, asked)
    for name, within in FILTERS.items():
        found[f"{name}_passing"] = store.count_passing(within)
        found |= _percentiles(name, lambda question, within=within: search(question, within), over_all, asked // 3)
    gc.collect()
    return {**found, "resident_mb": _resident_mb()}


def _questions(product: DiggDeeper, numbers: list[int], *, seed: int) -> Iterator[str]:
    """Endless ones in the words of these threads, in turn."""
    asked = [
        invented.questions_about(product.thread(f"invented-{number}"), seed=f"{seed} {number}")
        for number in dict.fromkeys(numbers)
    ]
    while True:
        for questions in asked:
            yield next(questions)


def _percentiles(name: str, work: Callable[[str], object], questions: Iterator[str], asked: int) -> Row:
    """Milliseconds by the clock, and the median of CPU time, which tells more on a machine that others use as well."""
    for question in islice(questions, WARMING):
        work(question)
    took, spent = [], []
    for question in islice(questions, asked):
        before = time.process_time()
        took.append(_took(lambda question=question: work(question)))
        spent.append((time.process_time() - before) * 1000)
    told = {"p50_ms": np.median(took), "p95_ms": np.quantile(took, 0.95), "cpu_ms": np.median(spent)}
    return {f"{name}_{figure}": round(float(value), 2) for figure, value in told.items()}


def _took(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return round((time.perf_counter() - start) * 1000, 2)


def _resident_mb() -> float:
    return round(float(psutil.Process().memory_info().rss) / 1e6, 1)


if __name__ == "__main__":
    main()
