"""Measures what a reader has to be able to trust: who said it, in which words, cited how well, counted, or declined.

    python -m benchmarks.bench_attribution [--data DIR] [--sources a,b] [--limit N] [--json OUT]
    python -m benchmarks.bench_attribution --answers FILE.jsonl      another system's answers instead of ours

Our extractive writer, with no key, beside what a user of LlamaIndex would write: one node a comment, the first three
of its retriever quoted whole, each under its comment's author, never declining. The questions are those of DIR
(threads/ and questions/, as `digg-deeper evaluate` takes them) and the gold cases of tests/data/gold. About an hour on
two cores for all of it, most of it reading threads in twice; --home keeps what was read for the next run. What the
figures mean and how they came out: docs/attribution.md.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.attribution import FIGURES, Asked, Figures, Quoted, Told, Trial, figures_of, pooled, read_answers
from benchmarks.pipelines import LlamaIndexDefault
from bot.product.assemble import DiggDeeper, assemble
from bot.product.evaluate_figures import named
from bot.product.gold import Source, read_sources
from bot.settings import Settings
from bot.values.answer import Answer, Citation
from corpus import readers
from corpus.errors import InvalidRequest
from corpus.samples import SAMPLE_NAME, sample
from corpus.thread import Thread

GOLD = Path(__file__).parents[1] / "tests" / "data" / "gold"
GOLD_FILES = ("cases", "sample")
DATA = Path(os.environ.get("DIGG_SHARED") or Path(__file__).resolve().parents[2] / "shared") / "eval"
TOGETHER = {
    "gold cases": GOLD_FILES,
    "qmsum, both": ("qmsum", "qmsum_swapped"),
}
"""Question files that are judged as one as well."""
CHUNKS = 3
MAX_BYTES = 50_000_000
LONGEST_QUESTION = 100_000


class System(Protocol):
    """What is measured: it reads threads and answers questions about one of them."""

    def read(self, source: Source) -> None: ...
    def answer(self, asked: Asked) -> Told: ...
    def close(self) -> None: ...


class Ours:
    """`DiggDeeper.ingest` and `ask`, with the extractive writer."""

    def __init__(self, home: Path, encoder_dir: Path | None) -> None:
        settings = Settings(
            home=home / "ours", encoder_dir=encoder_dir or home / "ours", max_question_chars=LONGEST_QUESTION
        )
        self.product: DiggDeeper = assemble(settings)

    def read(self, source: Source) -> None:
        self.product.ingest(source.content, name=source.name)

    def answer(self, asked: Asked) -> Told:
        talk = f"{asked.qid}:{time.time_ns()}" if asked.turns else None
        for turn in asked.turns:
            self.product.ask(turn, thread_ids=[asked.thread_id], conversation_id=talk)
        start = time.perf_counter()
        given = self.product.ask(
            asked.question, thread_ids=[asked.thread_id], conversation_id=talk, exclude=asked.question_ids
        )
        took = (time.perf_counter() - start) * 1000
        hits = self.product.search(asked.thread_id, asked.question, k=1 + len(asked.question_ids))
        best = max((hit.score for hit in hits if hit.comment_id not in asked.question_ids), default=0.0)
        return told(asked.qid, given).model_copy(update={"best_score": best, "took_ms": took})

    def close(self) -> None:
        self.product.close()


def told(qid: str, answer: Answer) -> Told:
    """An answer of ours as the benchmark reads it: who is named for a citation is taken from the sentence shown."""
    return Told(
        qid=qid,
        abstained=answer.abstained,
        citations=tuple(_quoted(c, shown=named(s, c)) for s in answer.statements for c in s.citations),
        nearest=tuple(_quoted(citation, shown=True) for citation in answer.nearest),
        count=answer.count.commenters if answer.count is not None else None,
    )


def _quoted(citation: Citation, *, shown: bool) -> Quoted:
    return Quoted(
        thread_id=citation.thread_id,
        comment_id=citation.comment_id,
        author=citation.author.id if citation.author is not None and shown else None,
        quote=citation.quote,
    )


class TopChunks:
    """LlamaIndex's retriever over one node a comment; its first three are quoted whole, and it never declines.

    The model runs on ONNX Runtime like ours, with the same weights, so that hours of torch are saved. It is handed who
    wrote each comment, where a user has to take the name out of the chunk. A count is told by nobody.
    """

    def __init__(self, home: Path, encoder_dir: Path | None) -> None:
        from index.encoders.embedder import load_embedder

        embedder = load_embedder(None, home=encoder_dir or home / "ours")
        self._index = LlamaIndexDefault(embed_model=embedder, folder=home / "chunks")
        self._threads: dict[str, Thread] = {}

    def read(self, source: Source) -> None:
        self._threads |= {thread.id: thread for thread in source.threads}
        self._index.ingest([source])

    def answer(self, asked: Asked) -> Told:
        start = time.perf_counter()
        found = self._index.scored(asked.thread_id, asked.question, k=CHUNKS + len(asked.question_ids))
        kept = [(id_, score) for id_, score in found if id_ not in asked.question_ids][:CHUNKS]
        thread = self._threads[asked.thread_id]
        return Told(
            qid=asked.qid,
            abstained=False,
            citations=tuple(_whole(thread, comment_id) for comment_id, _ in kept),
            best_score=max((score for _, score in kept), default=0.0),
            took_ms=(time.perf_counter() - start) * 1000,
        )

    def close(self) -> None:
        self._index.close()


def _whole(thread: Thread, comment_id: str) -> Quoted:
    comment = thread.by_id[comment_id]
    author = comment.author.id if comment.author is not None else None
    return Quoted(thread_id=thread.id, comment_id=comment_id, author=author, quote=comment.text)


# ---- running


def main() -> None:
    options = _options()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    questions = {name: _questions(_file(options.data, name), options.limit) for name in options.sources}
    sources = _sources(options.data, questions)
    threads = {thread.id: thread for source in sources for thread in source.threads}
    report: dict[str, dict[str, Figures]] = {}
    for system, trials in _systems(options, questions, sources):
        for name, some in _sets(trials):
            report.setdefault(name, {})[system] = figures_of(some, threads)
        if options.json:
            options.json.write_text(json.dumps(report, indent=2) + "\n")
    Console(width=160).print(_table(report))


def _systems(
    options: argparse.Namespace, questions: Mapping[str, Sequence[Asked]], sources: Sequence[Source]
) -> Iterator[tuple[str, dict[str, list[Trial]]]]:
    if options.answers is not None:
        given = read_answers(options.answers)
        silent = {qid: Told(qid=qid, abstained=True) for some in questions.values() for qid in (a.qid for a in some)}
        if missing := silent.keys() - given.keys():
            print(f"{len(missing)} questions have no answer and count as declined")
        answers = silent | given
        yield options.answers.stem, {n: [Trial(a, answers[a.qid]) for a in some] for n, some in questions.items()}
        return
    with tempfile.TemporaryDirectory(prefix="bench-attribution-", ignore_cleanup_errors=True) as folder:
        home = options.home or Path(folder)
        systems: dict[str, Callable[[Path, Path | None], System]] = {"ours": Ours, "top 3 chunks": TopChunks}
        for name, opened in systems.items():
            with closing(opened(home, options.encoder_dir)) as system:
                yield name, _asked(name, system, questions, sources)


def _asked(
    name: str, system: System, questions: Mapping[str, Sequence[Asked]], sources: Sequence[Source]
) -> dict[str, list[Trial]]:
    for source in track(sources, description=f"{name}: reading"):
        system.read(source)
    return {
        file: [Trial(asked, system.answer(asked)) for asked in track(some, description=f"{name}: {file}")]
        for file, some in questions.items()
    }


def _sets(trials: Mapping[str, Sequence[Trial]]) -> Iterator[tuple[str, Sequence[Trial]]]:
    """Every question file, then those that are judged together."""
    yield from trials.items()
    for name, files in TOGETHER.items():
        if set(files) <= set(trials):
            yield name, pooled(files, trials)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="folder with threads/ and questions/*.jsonl")
    parser.add_argument("--sources", type=lambda given: given.split(","), help="question files, with commas between")
    parser.add_argument("--limit", type=int, help="the first so many questions of each file")
    parser.add_argument("--encoder-dir", type=Path, help="a folder that has an exported encoder already")
    parser.add_argument("--home", type=Path, help="a folder where what was read in is kept for the next run")
    parser.add_argument("--answers", type=Path, help="another system's answers, JSONL; see docs/attribution.md")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    there = sorted(file.stem for file in (options.data / "questions").glob("*.jsonl"))
    options.sources = options.sources or [*there, *GOLD_FILES]
    if unknown := set(options.sources) - {*there, *GOLD_FILES}:
        parser.error(f"no question file is named {sorted(unknown)}; there are {', '.join([*there, *GOLD_FILES])}")
    return options


def _file(data: Path, name: str) -> Path:
    return GOLD / f"{name}.jsonl" if name in GOLD_FILES else data / "questions" / f"{name}.jsonl"


def _questions(file: Path, limit: int | None) -> list[Asked]:
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    asked = [Asked.model_validate({"qid": f"{file.stem}-{n}", **row, "line": n}) for n, row in enumerate(rows, start=1)]
    return asked[:limit]


def _sources(data: Path, questions: Mapping[str, Sequence[Asked]]) -> list[Source]:
    """The threads that are asked about, each file of them once."""
    wanted = {asked.thread_id for some in questions.values() for asked in some}
    found = [Source(name=SAMPLE_NAME, content=sample(), threads=readers.read(sample(), name=SAMPLE_NAME).threads)]
    found = [source for source in found if wanted & {thread.id for thread in source.threads}]
    folders = [GOLD / "threads", *([data / "threads"] if set(questions) - set(GOLD_FILES) else [])]
    found += [source for folder in folders for source in read_sources(folder, wanted, max_bytes=MAX_BYTES)[0]]
    if lost := wanted - {thread.id for source in found for thread in source.threads}:
        raise InvalidRequest(f"thread {min(lost)!r} is not there.", next_step="Give the folder of all threads.")
    return found


# ---- the table


def _table(report: Mapping[str, Mapping[str, Figures]]) -> Table:
    table = Table(title="Attribution", padding=(0, 0))
    for head in ("questions", "system"):
        table.add_column(head, no_wrap=True)
    for figure in FIGURES:
        table.add_column(figure, justify="right", overflow="fold")
    for name, systems in report.items():
        for system, figures in systems.items():
            table.add_row(name, system, *(_shown(figure, figures[figure]) for figure in FIGURES))
        table.add_section()
    return table


def _shown(figure: str, value: float | None) -> str:
    if value is None:
        return "-"
    if figure == "n":
        return f"{value:,.0f}"
    return f"{value:,.1f}" if figure.endswith(" ms") else f"{value:.3f}"


if __name__ == "__main__":
    main()
