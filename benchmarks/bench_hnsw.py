"""How many of the truly nearest comments Chroma's HNSW finds, by its settings, on real embeddings.

    python -m benchmarks.bench_hnsw --threads DIR --questions FILE... [--comments N] [--cache DIR] [--json OUT]

Every view of every passage goes into one collection, as in the product; the questions are asked over all of it.
recall@10 counts a found vector where it is as near as the tenth of an exact search: equal texts have equal vectors, and
either may be found. "under a filter" asks for one thread in ten. How it came out: docs/retrieval.md.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.bench_retrieval import prepared
from index.encoders.embedder import load_embedder
from index.vectors import chroma
from index.vectors.chroma import HNSW, Entry, VectorStore

Floats = npt.NDArray[np.float32]
K = 10
SEARCHES = (100, 200, 400, 800, 1_000)
BUILDS = ({"max_neighbors": 16, "ef_construction": 100}, {"max_neighbors": 16}, {})
"""Over the product's own settings; Chroma's default is the first of them with ef_search 100."""
SLACK = 1e-5
"""Cosines that differ by less are the same, but for rounding."""


def main() -> None:
    options = _options()
    folder = options.cache or Path(tempfile.mkdtemp(prefix="bench-hnsw-"))
    entries, vectors, questions = _corpus(options, folder)
    report = {
        "vectors": len(entries),
        "questions": len(questions),
        "rows": [row for build in BUILDS for row in _rows(build, entries, vectors, questions)],
    }
    Console().print(_table(report))
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=Path, required=True, help="folder of threads")
    parser.add_argument("--questions", type=Path, nargs="+", required=True, help="questions about them, JSONL")
    parser.add_argument("--comments", type=int, default=20_000, help="vectors at most")
    parser.add_argument("--asked", type=int, default=300, help="questions at most")
    parser.add_argument("--cache", type=Path, help="where vectors are kept for the next run")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def _corpus(options: argparse.Namespace, folder: Path) -> tuple[list[Entry], Floats, Floats]:
    asked = [one for each in prepared(options.threads, options.questions, folder).values() for one in each]
    rng = np.random.default_rng(0)
    entries: list[Entry] = []
    rows: list[Floats] = []
    indexes = list({id(one.index): one.index for one in asked}.values())
    for index in (indexes[place] for place in rng.permutation(len(indexes))):
        for view, made in (("plain", index._plain), ("context", index._context)):  # noqa: SLF001
            if made is not None:
                rows.append(made)
                entries += [_entry(index.thread.source, p, view) for p in index.passages]
    keep = min(len(entries), options.comments)
    some = [asked[place].gold.question for place in rng.permutation(len(asked))[: options.asked]]
    return entries[:keep], np.concatenate(rows)[:keep], load_embedder(None, home=folder).embed(some)


def _entry(source: str, passage: Any, view: Any) -> Entry:
    return Entry(
        passage_id=passage.id,
        view=view,
        thread_id=passage.thread_id,
        comment_id=passage.comment_id,
        source=source,
        start=passage.start,
        end=passage.end,
    )


def _rows(
    build: dict[str, int], entries: Sequence[Entry], vectors: Floats, questions: Floats
) -> Iterator[dict[str, Any]]:
    settings = {**HNSW, **build}
    with tempfile.TemporaryDirectory(prefix="bench-hnsw-") as home:
        start = time.perf_counter()
        for search in (SEARCHES[0], *SEARCHES):
            chroma.HNSW = {**settings, "ef_search": search}  # an older collection is given it when it is opened
            with closing(VectorStore(path=Path(home), fingerprint="bench", dimension=vectors.shape[1])) as store:
                if store.fresh:
                    for low in track(range(0, len(entries), 2_000), description=str(build or "the product's own")):
                        store.add(entries[low : low + 2_000], vectors[low : low + 2_000])
                    filled = time.perf_counter() - start
                    continue
                figures = _figures(store, entries, vectors, questions)
                yield {**settings, "ef_search": search, "fill_s": filled, **figures}


def _figures(store: VectorStore, entries: Sequence[Entry], vectors: Floats, questions: Floats) -> dict[str, float]:
    threads = sorted({entry.thread_id for entry in entries})[::10]
    open_to = np.array([entry.thread_id in set(threads) for entry in entries])
    recall, took = _asked(store, vectors, questions, None)
    filtered, filtered_took = _asked(store, vectors[open_to], questions[:50], {"thread_id": threads})
    return {
        "recall@10": recall,
        "p50_ms": median(took),
        "p95_ms": float(np.quantile(took, 0.95)),
        "filtered_recall@10": filtered,
        "filtered_p50_ms": median(filtered_took),
    }


def _asked(store: VectorStore, vectors: Floats, questions: Floats, where: Any) -> tuple[float, list[float]]:
    found, took = 0, []
    for question in questions:
        tenth = np.sort(vectors @ question)[-K] - SLACK
        start = time.perf_counter()
        near = store.query(question, k=K, where=where)
        took.append((time.perf_counter() - start) * 1000)
        found += sum(1 - one.distance >= tenth for one in near)
    return found / (K * len(questions)), took


def _table(report: dict[str, Any]) -> Table:
    table = Table(title=f"{report['vectors']:,} vectors, {report['questions']} questions")
    for name in report["rows"][0]:
        table.add_column(name, justify="right")
    for row in report["rows"]:
        table.add_row(*(f"{value:.3f}" if isinstance(value, float) else str(value) for value in row.values()))
    return table


if __name__ == "__main__":
    main()
