"""How everything grows with the corpus: an invented one, from 1,000 comments to 100,000.

    python -m benchmarks.bench_scale [--sizes 1000,3000,...] [--home DIR] [--json OUT] [--plot PNG]

At every size: ingest, disk, memory, and how long a question takes, of one thread and of all. The first thread has 1,000
comments and is the one that is asked alone; the others have 200. A process of its own, which only asks, is measured.
`--home` keeps what was read in and measured, and goes on from there. Needs the `bench` extra. What came out, and what
follows from it for larger corpora: docs/scaling.md.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks import machine
from benchmarks.invented_corpus import FIRST, OTHERS, InventedCorpus, embedder_that_derives
from bot.product.assemble import assemble
from bot.product.product import DiggDeeper
from bot.settings import Settings

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
REAL = 20_000_000
"""Number of the first of those threads that are embedded, to be measured and forgotten again."""
Row = dict[str, Any]
SHOWN = (
    ("comments", "comments"),
    ("text_a_second", "text kept, comments/s"),
    ("indexed_a_second", "vectors kept, comments/s"),
    ("embedded_a_second", "all with embedding, comments/s"),
    ("forget_ms", "forget a thread of 200, ms"),
    ("records_mb", "threads.db, MB"),
    ("vectors_mb", "chroma, MB"),
    ("resident_opened_mb", "memory opened, MB"),
    ("resident_mb", "memory after asking, MB"),
    ("cold_thread_ms", "cold load of 1,000 comments, ms"),
    ("thread_search_p50_ms", "one thread, retrieval p50"),
    ("thread_search_p95_ms", "p95"),
    ("thread_ask_p50_ms", "one thread, ask p50"),
    ("thread_ask_p95_ms", "p95"),
    ("all_words_p50_ms", "all: words p50"),
    ("all_vectors_p50_ms", "all: vectors p50"),
    ("all_search_p50_ms", "all threads, retrieval p50"),
    ("all_search_p95_ms", "p95"),
    ("all_ask_p50_ms", "all threads, ask p50"),
    ("all_ask_p95_ms", "p95"),
    ("thread_search_cpu_ms", "one thread, retrieval, CPU p50"),
    ("thread_ask_cpu_ms", "one thread, ask, CPU p50"),
    ("all_search_cpu_ms", "all threads, retrieval, CPU p50"),
    ("all_ask_cpu_ms", "all threads, ask, CPU p50"),
    ("by_source_p95_ms", "all, retrieval by source p95"),
    ("by_author_p95_ms", "by author p95"),
    ("by_time_p95_ms", "by time p95"),
)


def main() -> None:
    options = _options()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    options.home.mkdir(parents=True, exist_ok=True)
    kept = options.home / "figures.json"
    report: Row = json.loads(kept.read_text()) if kept.exists() else {"rows": []}
    report["machine"] = machine.described()
    measured = {row["comments"] for row in report["rows"]}
    for size in [size for size in options.sizes if size not in measured]:
        start, load = time.perf_counter(), os.getloadavg()[0]
        row = {"comments": size, **_grown(options, size), **_disk(options.home), **_asked(options, size)}
        row |= {"took_s": round(time.perf_counter() - start, 1), "load": [round(load, 1), round(os.getloadavg()[0], 1)]}
        report["rows"] = sorted([*report["rows"], row], key=lambda one: int(one["comments"]))
        kept.write_text(json.dumps(report, indent=1) + "\n")
        Console().print(f"{size:,} comments in {row['took_s']:.0f} s", style="dim")
    report["exponents"] = exponents(report["rows"])
    Console(width=130).print(_table(report))
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n")
    if options.plot:
        from benchmarks.scale_plot import plot

        plot(report, options.plot)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=_sizes, default=list(SIZES), help="comments, with commas between, rising")
    parser.add_argument("--home", type=Path, help="a folder to go on from, and to go on from later")
    parser.add_argument("--encoder-dir", type=Path, help="a folder that has an exported encoder already")
    parser.add_argument("--asked", type=int, default=120, help="questions of each kind that are timed")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    options.home = options.home or Path(tempfile.mkdtemp(prefix="bench-scale-"))
    options.encoder_dir = options.encoder_dir or options.home
    return options


def _sizes(given: str) -> list[int]:
    sizes = [int(size) for size in given.split(",")]
    if any((size - FIRST) % OTHERS or size < FIRST for size in sizes):
        raise argparse.ArgumentTypeError(f"a size is {FIRST} and a multiple of {OTHERS}")
    return sorted(sizes)


def settings_of(options: argparse.Namespace) -> Settings:
    return Settings(home=options.home, encoder_dir=options.encoder_dir)


# ---- growing


def _grown(options: argparse.Namespace, size: int) -> Row:
    """What it took to read in what was missing."""
    corpus = InventedCorpus()
    with closing(assemble(settings_of(options))) as product:
        real = product._rankings.embedder  # noqa: SLF001
        _ = product._rankings.lexicon  # noqa: SLF001 - made once, and not to be timed
        product._rankings.__dict__["embedder"], derived = embedder_that_derives(  # noqa: SLF001
            corpus, real, cache=options.home / "samples.npy"
        )
        have = len(product._store.thread_ids())  # noqa: SLF001
        text = vectors = 0.0
        wanted = range(have, 1 + (size - FIRST) // OTHERS)
        if not wanted:
            raise SystemExit(f"{options.home} holds {size:,} comments or more, and nothing was measured at that size.")
        for number in wanted:
            derived.topic = corpus.topic(number)
            content = corpus.thread(number)
            start = time.perf_counter()
            (thread,) = product.intake.store_text(content).threads
            stored = time.perf_counter()
            product.intake.make_vectors(thread.id)
            text, vectors = text + stored - start, vectors + time.perf_counter() - stored
        read = OTHERS * len(wanted) + (FIRST - OTHERS if have == 0 else 0)
        product._rankings.__dict__["embedder"] = real  # noqa: SLF001
        return {
            "text_a_second": round(read / text, 1),
            "indexed_a_second": round(read / vectors, 1),
            "like_its_topic": round(derived.nearness, 3),
            **_embedded(product, corpus),
        }


def _embedded(product: DiggDeeper, corpus: InventedCorpus) -> Row:
    """One more thread, really embedded; then it is forgotten."""
    start = time.perf_counter()
    (thread,) = product.ingest(corpus.thread(REAL)).threads
    took = time.perf_counter() - start
    start = time.perf_counter()
    product.delete_thread(thread.id)
    return {
        "embedded_a_second": round(OTHERS / took, 1),
        "forget_ms": round((time.perf_counter() - start) * 1000, 1),
    }


def _disk(home: Path) -> Row:
    def megabytes(*files: Path) -> float:
        return round(sum(file.stat().st_size for file in files if file.is_file()) / 1e6, 2)

    return {
        "records_mb": megabytes(*home.glob("threads.db*")),
        "vectors_mb": megabytes(*(home / "chroma").rglob("*")),
    }


def _asked(options: argparse.Namespace, size: int) -> Row:
    """The figures of a process that only asks."""
    command = [sys.executable, "-m", "benchmarks.scale_questions", str(options.home), str(options.encoder_dir)]
    done = subprocess.run([*command, str(options.asked), str(size)], check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"the questions failed: {done.stderr[-2_000:]}")
    told: Row = json.loads(done.stdout.splitlines()[-1])
    return told


# ---- what it comes to


def exponents(rows: list[Row]) -> dict[str, float]:
    """The slope of each figure over the comments, both as logarithms, by least squares; 1 is in proportion.

    A question over all threads is one over a single thread at the first size, which is left out of these.
    """
    found = {}
    for name, _ in SHOWN[1:]:
        points = [(row["comments"], row[name]) for row in rows if row["comments"] > FIRST or not name.startswith("all")]
        if len(points) > 1 and all(value > 0 for _, value in points):
            sizes, values = np.log(np.array(points, dtype=float)).T
            found[name] = round(float(np.polyfit(sizes, values, 1)[0]), 3)
    return found


def _table(report: Row) -> Table:
    table = Table(title="How it grows", show_edge=False)
    table.add_column("")
    for row in report["rows"]:
        table.add_column(f"{row['comments']:,}", justify="right")
    table.add_column("exponent", justify="right")
    for name, told in SHOWN[1:]:
        values = [f"{row[name]:,.1f}" for row in report["rows"]]
        table.add_row(told, *values, str(report["exponents"].get(name, "")))
    table.add_row("load before, after", *("{} {}".format(*row["load"]) for row in report["rows"]), "")
    return table


if __name__ == "__main__":
    main()
