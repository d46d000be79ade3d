"""Measures rankings inside one thread in one run: ours, what others would use, ours without each of its parts.

    python -m benchmarks.bench_retrieval --threads DIR --questions FILE.jsonl... [--cache DIR] [--kinds] [--json OUT]

Every row ranks the same passages with the same vectors. "dense" is what LlamaIndex's default retriever ranks by,
without the approximation of its store. What the figures mean and how they came out: docs/retrieval.md.
"""

import argparse
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.product.gold import ALL, Gold, askable, read_questions, read_sources
from corpus.thread import Thread
from index import metrics
from index.encoders.embedder import Embedder, load_embedder
from index.passages import context_view, passages, plain_view
from index.ranking import flow, retrieve
from index.ranking.near_words import Lexicon
from index.ranking.retrieve import ThreadIndex

Floats = npt.NDArray[np.float32]
Scores = Callable[[ThreadIndex, str], Floats]
"""(comments,) of an index and a question."""
K = 10
RRF_K = 60
MAX_BYTES = 50_000_000
FIGURES: Mapping[str, Callable[[Sequence[str], Sequence[str]], float]] = {
    "recall@10": lambda ranked, gold: metrics.recall_at(K, ranked, gold),
    "ndcg@10": lambda ranked, gold: metrics.ndcg_at(K, ranked, gold),
    "hit@10": lambda ranked, gold: metrics.hit_at(K, ranked, gold),
    "mrr": metrics.reciprocal_rank,
}
PARTS: Mapping[str, tuple[Any, str]] = {
    "who is named": (retrieve, "NAMED"),
    "the day that is named": (retrieve, "DATED"),
    "how replies lean": (retrieve, "LEANING"),
    "who asks seldom answers": (retrieve, "ASKING"),
    "length in a talk": (retrieve, "LONG"),
    "the stretch of talk": (retrieve, "STRETCH"),
    "what alike comments lend": (retrieve, "ALIKE"),
    "near words": (retrieve, "KIN"),
    "somebody asks the same": (flow, "ANSWER"),
    "which turns are likely to answer": (flow, "ANSWER_IN_A_TALK"),
    "what neighbouring turns lend": (flow, "BOND"),
}
"""Constants of ours that weigh one part each; a row has each of them at 0."""


IN_CONTEXT: dict[int, Floats] = {}
"""By the id of an index: the encoder's own vectors of each passage after its context, which only a baseline has."""


@dataclass(frozen=True)
class Asked:
    """A question and the index of its thread."""

    gold: Gold
    index: ThreadIndex


def main() -> None:
    options = _options()
    asked = prepared(options.threads, options.questions, options.cache)
    report: dict[str, Any] = {}
    for row, figures in measured(asked):
        report[row] = figures
        if options.json:
            options.json.write_text(json.dumps(report, indent=2) + "\n")
    Console(width=170).print(_table(report, kinds=options.kinds))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=Path, required=True, help="folder of the threads that are asked about")
    parser.add_argument("--questions", type=Path, nargs="+", required=True, help="gold questions, JSONL")
    parser.add_argument("--cache", type=Path, help="where vectors are kept for the next run")
    parser.add_argument("--kinds", action="store_true", help="a column for every kind of question as well")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def prepared(threads: Path, questions: Sequence[Path], cache: Path | None) -> dict[str, list[Asked]]:
    """By question file: every answerable question with gold comments, and its thread's index."""
    golds = {file.stem: [gold for gold in read_questions(file) if gold.marked] for file in questions}
    wanted = {gold.thread_id for each in golds.values() for gold in each}
    sources, _ = read_sources(threads, wanted, max_bytes=MAX_BYTES)
    known = {thread.id: thread for source in sources for thread in source.threads if thread.id in wanted}
    folder = cache or Path(tempfile.mkdtemp(prefix="bench-retrieval-"))
    embedder = load_embedder(None, home=folder)
    lexicon = Lexicon.load(folder / "encoder", fingerprint=embedder.fingerprint, embed=embedder.embed)
    indexes = {
        thread.id: _index(thread, embedder, lexicon, folder)
        for thread in track(list(known.values()), description="embedding")
    }
    return {
        name: [Asked(gold, indexes[gold.thread_id]) for gold in askable(each, known)[0]] for name, each in golds.items()
    }


def _index(thread: Thread, embedder: Embedder, lexicon: Lexicon, folder: Path) -> ThreadIndex:
    kept = passages(thread, count_pieces=embedder.count_pieces, max_pieces=embedder.max_pieces)
    views = {"plain": [plain_view(p) for p in kept], "context": [context_view(p) for p in kept]}
    told = "\n".join([embedder.fingerprint, *views["plain"], *views["context"]])
    file = folder / f"{hashlib.sha256(told.encode()).hexdigest()}.npz"
    if not file.exists():
        np.savez(file, **{name: embedder.embed(texts) for name, texts in views.items()})
    rows = np.load(file)
    index = ThreadIndex(thread, kept, embed=embedder.embed, plain=rows["plain"], lexicon=lexicon)
    IN_CONTEXT[id(index)] = rows["context"]
    return index


def measured(asked: Mapping[str, Sequence[Asked]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Row -> source -> kind -> figures, one row after the other."""
    for name, scores in ROWS.items():
        yield name, _of_sources(asked, scores)
    for name, (module, constant) in PARTS.items():
        _without_relations(asked)
        with _set(module, constant, 0.0):
            yield f"ours without {name}", _of_sources(asked, _ours)
    _without_relations(asked)
    for name, attributes in {"the vectors of context": ["_context"], "any vectors": ["_context", "_plain"]}.items():
        with ExitStack() as stack:
            for index in {id(one.index): one.index for each in asked.values() for one in each}.values():
                for attribute in attributes:
                    stack.enter_context(_set(index, attribute, None))
            yield f"ours without {name}", _of_sources(asked, _ours)


def _without_relations(asked: Mapping[str, Sequence[Asked]]) -> None:
    """Have the indexes work out anew how their comments hang together, by the constants of now."""
    for each in asked.values():
        for one in each:
            one.index.__dict__.pop("_flow", None)


def _of_sources(asked: Mapping[str, Sequence[Asked]], scores: Scores) -> dict[str, Any]:
    return {source: _of_kinds(each, scores) for source, each in asked.items()}


def _of_kinds(asked: Sequence[Asked], scores: Scores) -> dict[str, dict[str, float]]:
    kinds: dict[str, list[dict[str, float]]] = {}
    for one in asked:
        figures = _figures(one, scores)
        for kind in (ALL, one.gold.kind or "?"):
            kinds.setdefault(kind, []).append(figures)
    return {
        kind: {"n": len(rows)} | {name: round(fmean(row[name] for row in rows), 4) for name in FIGURES}
        for kind, rows in kinds.items()
    }


def _figures(one: Asked, scores: Scores) -> dict[str, float]:
    order = np.argsort(-scores(one.index, one.gold.question), kind="stable")
    ids = [one.index.comments[place].id for place in order]
    ranked = [comment_id for comment_id in ids if comment_id not in one.gold.question_ids]
    return {name: figure(ranked, one.gold.evidence) for name, figure in FIGURES.items()}


# ---- the rankings


def _bm25(index: ThreadIndex, question: str) -> Floats:
    return index._of_comments(index.bm25.scores(question))  # noqa: SLF001 - the same passages for every row


def _bm25_context(index: ThreadIndex, question: str) -> Floats:
    return index._of_comments(index._bm25_context.scores(question))  # noqa: SLF001


def _dense(index: ThreadIndex, question: str) -> Floats:
    return _cosines(index, index._plain, question)  # noqa: SLF001


def _dense_context(index: ThreadIndex, question: str) -> Floats:
    return _cosines(index, IN_CONTEXT[id(index)], question)


def _cosines(index: ThreadIndex, vectors: Floats | None, question: str) -> Floats:
    assert vectors is not None
    return index._of_comments(vectors @ index._embed([question])[0])  # noqa: SLF001


def _ours(index: ThreadIndex, question: str) -> Floats:
    return index._rank(question).scores  # noqa: SLF001 - past the memory of the last questions


def _rrf(*rankings: Scores) -> Scores:
    """Reciprocal rank fusion: Cormack, Clarke and Büttcher, SIGIR 2009."""

    def fused(index: ThreadIndex, question: str) -> Floats:
        total = np.zeros(index.size, dtype=np.float32)
        for ranking in rankings:
            order = np.argsort(-ranking(index, question), kind="stable")
            total[order] += (1 / (RRF_K + 1 + np.arange(len(order)))).astype(np.float32)
        return total

    return fused


ROWS: Mapping[str, Scores] = {
    "BM25": _bm25,
    "dense (LlamaIndex's default)": _dense,
    "RRF of both": _rrf(_bm25, _dense),
    "RRF of four, with the turn before": _rrf(_bm25, _bm25_context, _dense, _dense_context),
    "ours": _ours,
}


@contextmanager
def _set(owner: Any, name: str, value: object) -> Iterator[None]:
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


# ---- the table


def _table(report: Mapping[str, Any], *, kinds: bool) -> Table:
    columns = [
        (source, kind)
        for source, figures in next(iter(report.values())).items()
        for kind in figures
        if kinds or kind == ALL
    ]
    heads = [f"{source}\n{kind} ({report['BM25'][source][kind]['n']})" for source, kind in columns]
    table = Table("recall@10 nDCG@10\nhit@10 MRR", *heads, title="Rankings inside one thread")
    for row, figures in report.items():
        table.add_row(row, *(_cell(figures[source][kind]) for source, kind in columns))
    return table


def _cell(figures: Mapping[str, float]) -> str:
    shown = [f"{figures[name]:.3f}".lstrip("0") for name in FIGURES]
    return f"{shown[0]} {shown[1]}\n{shown[2]} {shown[3]}"


if __name__ == "__main__":
    main()
