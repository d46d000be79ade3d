"""Measures the product side by side with LlamaIndex's default pipeline, in one run on one machine.

    python -m benchmarks.bench_pipeline --threads DIR --questions FILE.jsonl [--only recall,ingest,...] [--json OUT]

Parts: recall (evidence recall@10), ingest (comments a second), warm (milliseconds an answer takes in process), server
(memory and answers a second of a real process), machine (fp32 peak and the encoder's share). Needs the `bench` extra.
What the figures mean and how they came out: docs/benchmarks.md.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import fmean, median
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import invented, machine
from benchmarks.pipelines import LlamaIndexDefault, Ours, Pipeline
from benchmarks.serving import server_figures
from bot.product.gold import Gold, Source, askable, read_questions, read_sources
from corpus import readers
from index.metrics import recall_at

PARTS = ("recall", "ingest", "warm", "server", "machine")
K = 10
WARMING = 20
"""Questions asked before answers are timed."""
MAX_BYTES = 50_000_000
Figures = dict[str, Any]


def main() -> None:
    options = _options()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    parts: dict[str, Callable[[], Figures]] = {
        "recall": partial(_recall, options),
        "ingest": partial(_ingest, options),
        "warm": partial(_warm, options),
        "server": lambda: server_figures(
            options.encoder_dir,
            comments=options.server_comments,
            clients=options.clients,
            asked=options.asked,
            runs=options.runs,
        ),
        "machine": lambda: machine.encoder_share(options.encoder_dir, runs=options.runs),
    }
    report: Figures = {"machine_at_start": machine.described()}
    for name in [part for part in PARTS if part in options.only]:
        before, start = os.getloadavg()[0], time.perf_counter()
        report[name] = parts[name]()
        report[name]["took_s"] = round(time.perf_counter() - start, 1)
        report[name]["load_1min"] = [round(before, 2), round(os.getloadavg()[0], 2)]
        if options.json:
            options.json.write_text(json.dumps(report, indent=2) + "\n")
    Console(width=120).print(_table(report))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=Path, help="folder of the threads that the questions are about")
    parser.add_argument("--questions", type=Path, help="gold questions, JSONL, as `digg-deeper evaluate` takes them")
    parser.add_argument("--only", default=",".join(PARTS), type=_parts, help="parts, with commas between")
    parser.add_argument("--thread", type=Path, help="warm: a thread file in place of an invented one")
    parser.add_argument("--encoder-dir", type=Path, help="a folder that has an exported encoder already")
    parser.add_argument("--runs", type=int, default=3, help="of ingest, load and machine; medians are reported")
    parser.add_argument("--ingest-threads", type=int, default=1_000, help="ingest: at most so many of the threads")
    parser.add_argument("--comments", type=int, default=1_000, help="warm: comments of the invented thread")
    parser.add_argument("--asked", type=int, default=320, help="warm and server: questions that are timed")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--server-comments", type=int, default=10_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if {"recall", "ingest"} & set(options.only) and not (options.threads and options.questions):
        parser.error("recall and ingest need --threads and --questions")
    if options.encoder_dir is None:
        options.encoder_dir = Path(tempfile.mkdtemp(prefix="bench-encoder-"))
    return options


def _parts(given: str) -> list[str]:
    parts = given.split(",")
    if unknown := set(parts) - set(PARTS):
        raise argparse.ArgumentTypeError(f"{sorted(unknown)} are no parts; there are {', '.join(PARTS)}")
    return parts


def _gold(options: argparse.Namespace) -> tuple[list[Source], list[Gold]]:
    golds = [gold for gold in read_questions(options.questions) if gold.marked]
    sources, _ = read_sources(options.threads, {gold.thread_id for gold in golds}, max_bytes=MAX_BYTES)
    golds, _ = askable(golds, {thread.id: thread for source in sources for thread in source.threads})
    return sources, golds


def _pipelines(options: argparse.Namespace) -> dict[str, Callable[[], Pipeline]]:
    return {"ours": lambda: Ours(options.encoder_dir), "llamaindex": LlamaIndexDefault}


# ---- recall and ingest


def _recall(options: argparse.Namespace) -> Figures:
    """Mean share of a question's gold comments among the first ten, over the same questions for both."""
    sources, golds = _gold(options)
    found: Figures = {"questions": len(golds), "k": K}
    for name, opened in _pipelines(options).items():
        with closing(opened()) as pipeline:
            pipeline.ingest(sources)
            found[name] = round(fmean(recall_at(K, _ranked(pipeline, gold), gold.evidence) for gold in golds), 4)
    found["difference"] = round(found["ours"] - found["llamaindex"], 4)
    return found


def _ranked(pipeline: Pipeline, gold: Gold) -> list[str]:
    """The first ten but for comments that are the question itself."""
    ranked = pipeline.ranked(gold.thread_id, gold.question, k=K + len(gold.question_ids))
    return [comment_id for comment_id in ranked if comment_id not in gold.question_ids][:K]


def _ingest(options: argparse.Namespace) -> Figures:
    """Comments a second by the clock and by CPU time, in turn; which goes first changes from run to run."""
    sources = _gold(options)[0][: options.ingest_threads]
    comments = sum(comment.citable for source in sources for thread in source.threads for comment in thread.comments)
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in _pipelines(options)}
    for run in range(options.runs):
        for name, opened in list(_pipelines(options).items())[:: 1 if run % 2 == 0 else -1]:
            with closing(opened()) as pipeline:
                start, spent = time.perf_counter(), time.process_time()
                pipeline.ingest(sources)
                took, used = time.perf_counter() - start, time.process_time() - spent
                runs[name].append((comments / took, comments / used))
    found: Figures = {"comments": comments, "runs": options.runs}
    for name, rates in runs.items():
        found[name] = {
            "comments_a_second": round(median(rate for rate, _ in rates), 1),
            "comments_a_cpu_second": round(median(rate for _, rate in rates), 1),
            "runs": [round(rate, 1) for rate, _ in rates],
        }
    pairs = [(ours[0] / default[0]) for ours, default in zip(runs["ours"], runs["llamaindex"], strict=True)]
    found["ratio"] = round(median(pairs), 2)
    found["ratio_of_cpu_time"] = round(
        found["ours"]["comments_a_cpu_second"] / found["llamaindex"]["comments_a_cpu_second"], 2
    )
    return found


# ---- warm answers


def _warm(options: argparse.Namespace) -> Figures:
    """Milliseconds of `ask`, retrieval, writing and verification, for questions that were never asked before."""
    content = options.thread.read_bytes() if options.thread else invented.thread(options.comments)
    thread = readers.read(content).threads[0]
    asked: Iterator[str] = (
        invented.questions_about(thread, seed="warm") if options.thread else invented.questions(seed="warm")
    )
    with closing(Ours(options.encoder_dir)) as pipeline:
        pipeline.product.ingest(content)
        took: list[float] = []
        declined = 0
        for place, question in enumerate(islice(asked, WARMING + options.asked)):
            start = time.perf_counter()
            answer = pipeline.product.ask(question, thread_ids=[thread.id])
            if place >= WARMING:
                took.append((time.perf_counter() - start) * 1000)
                declined += answer.abstained
    half = len(took) // 2
    return {
        "thread": options.thread.name if options.thread else "invented",
        "comments": len(thread.comments),
        "questions": len(took),
        "declined": declined,
        "p50_ms": _at(0.5, took),
        "p95_ms": _at(0.95, took),
        "p50_ms_halves": [_at(0.5, took[:half]), _at(0.5, took[half:])],
        "p95_ms_halves": [_at(0.95, took[:half]), _at(0.95, took[half:])],
    }


def _at(share: float, values: Sequence[float]) -> float:
    return round(sorted(values)[min(len(values) - 1, int(share * len(values)))], 1)


# ---- the table


def _table(report: Figures) -> Table:
    table = Table("part", "figure", "value", title="Digg Deeper beside LlamaIndex's default pipeline")
    for part, figures in report.items():
        for figure, value in _flat(figures):
            table.add_row(part, figure, value)
        table.add_section()
    return table


def _flat(figures: Figures, prefix: str = "") -> Iterator[tuple[str, str]]:
    for figure, value in figures.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{figure} ")
        else:
            yield f"{prefix}{figure}", ", ".join(map(str, value)) if isinstance(value, list) else str(value)


if __name__ == "__main__":
    main()
