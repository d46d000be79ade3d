"""Gold questions -> a report: how well the whole product finds, cites and declines, and how fast.

The threads are read into a home of their own by the same code that serves users, asked through `DiggDeeper.ask` and
ranked through `DiggDeeper.search`; the user's own store is never touched. Quotes and speakers are checked here against
the threads as read from the files, not by asking bot.verify again. Not here: what a figure is (index.metrics), what a
question file holds (bot.gold), how the table looks (bot.terminal).
"""

import math
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple

from bot.answer import Answer, Citation, Statement
from bot.gold import ALL, Gold, Source, askable, read_questions, read_sources
from bot.settings import Settings
from corpus.errors import InvalidRequest
from corpus.thread import Thread, Value
from index import metrics

if TYPE_CHECKING:
    from bot.product import DiggDeeper

Progress = Callable[[str, int, int], None]
"""(stage, done, total)."""
Figures = dict[str, float | None]

FIGURES = (
    "n",
    "recall@5",
    "recall@10",
    "recall@20",
    "ndcg@10",
    "hit@10",
    "citation_precision",
    "citation_recall",
    "abstention_precision",
    "abstention_recall",
    "abstention_f1",
    "quote_exact",
    "speaker_right",
    "p50_ms",
    "p95_ms",
)
"""In the order of a table. A figure that does not apply is null."""
DEEPEST = 20
LONGEST_QUESTION = 100_000
"""Characters; a gold question may be a whole forum post."""
_SHORT_HANDLE = 50


class Report(Value):
    """Question file -> "all" or a kind of question -> figure -> value; and what could not be asked."""

    sources: Mapping[str, Mapping[str, Mapping[str, float | None]]]
    skipped: Mapping[str, tuple[str, ...]] = {}
    """Question file, or "threads" -> what was wrong in it."""


class Trial(NamedTuple):
    """One question asked."""

    gold: Gold
    ranked: Sequence[str]
    """Comment ids, best first, DEEPEST at most."""
    answer: Answer
    took_ms: float
    thread: Thread
    """As read from the file."""


def evaluate(
    threads: Path, questions: Sequence[Path], *, settings: Settings, progress: Progress | None = None
) -> Report:
    """Ask every question of the files over the threads in or below the folder. Minutes for thousands of comments.

    The encoder, its model and the limits are those of `settings`; nothing is kept. Raises InvalidRequest, BrokenExport.
    """
    told = progress or (lambda stage, done, total: None)
    golds = _by_name(questions)
    wanted = {gold.thread_id for asked in golds.values() for gold in asked}
    sources, wrong = read_sources(threads, wanted, max_bytes=settings.max_input_bytes)
    known = {thread.id: thread for source in sources for thread in source.threads}
    skipped = {"threads": tuple(wrong)} if wrong else {}
    with tempfile.TemporaryDirectory(prefix="digg-deeper-evaluate-", ignore_cleanup_errors=True) as home:
        from bot.assemble import assemble

        with closing(assemble(_apart(settings, Path(home)))) as product:
            _ingest(product, sources, told)
            figures: dict[str, dict[str, Figures]] = {}
            for name, asked in golds.items():
                ready, wrong = askable(asked, known)
                if wrong:
                    skipped[name] = tuple(wrong)
                trials = [_ask(product, gold, known[gold.thread_id]) for gold in _counted(ready, name, told)]
                figures[name] = _of_kinds(trials)
    if not any(of_all[ALL]["n"] for of_all in figures.values()):
        raise InvalidRequest(
            f"no question is about a thread in {str(threads)!r}.", next_step="Give the folder of their threads."
        )
    return Report(sources=figures, skipped=skipped)


def rows(report: Report) -> list[list[str]]:
    """The report as a table, its header first: source, kind, then FIGURES; "" for what does not apply."""
    body = [
        [name, kind, *(_shown(figure, figures[figure]) for figure in FIGURES)]
        for name, kinds in report.sources.items()
        for kind, figures in kinds.items()
    ]
    return [["source", "kind", *FIGURES], *body]


def figures_of(trials: Sequence[Trial], *, pooled: bool) -> Figures:
    """The figures of these trials. Abstention is told of a whole file alone (`pooled`), but for its recall.

    Rankings and citations are judged where gold comments are marked: a declined question has citation recall 0 and no
    citation precision. Quotes and speakers are judged over every citation shown, nearest comments as well.
    """
    return {
        "n": len(trials),
        **_of_rankings(trials),
        **_of_citations(trials),
        **_of_abstentions(trials, pooled=pooled),
        "quote_exact": _share(_exact(citation, t.thread) for t in trials for citation in _shown_citations(t.answer)),
        "speaker_right": _share(right for trial in trials for right in _speakers(trial)),
        "p50_ms": _percentile([trial.took_ms for trial in trials], 0.50),
        "p95_ms": _percentile([trial.took_ms for trial in trials], 0.95),
    }


# ---- running


def _by_name(files: Sequence[Path]) -> dict[str, tuple[Gold, ...]]:
    named: dict[str, tuple[Gold, ...]] = {}
    for file in files:
        if file.stem in named:
            raise InvalidRequest(f"two question files are named {file.stem!r}.", next_step="Rename one of them.")
        named[file.stem] = read_questions(file)
    if not named:
        raise InvalidRequest("no question file was given.", next_step="Give at least one.")
    return named


def _apart(settings: Settings, home: Path) -> Settings:
    """The same settings with a home, a store and vectors of their own; the encoder is the user's."""
    return Settings(
        **{
            **settings.model_dump(),
            "home": home,
            "database_url": "",
            "chroma_url": None,
            "max_question_chars": LONGEST_QUESTION,
        }
    )


def _ingest(product: "DiggDeeper", sources: Sequence[Source], told: Progress) -> None:
    total = sum(len(thread.comments) for source in sources for thread in source.threads)
    done = 0
    for source in sources:
        told("reading threads", done, total)
        product.ingest(source.content, name=source.name)
        done += sum(len(thread.comments) for thread in source.threads)
    told("reading threads", total, total)


def _counted(golds: Sequence[Gold], name: str, told: Progress) -> Iterable[Gold]:
    for done, gold in enumerate(golds):
        told(f"asking {name}", done, len(golds))
        yield gold
    told(f"asking {name}", len(golds), len(golds))


def _ask(product: "DiggDeeper", gold: Gold, thread: Thread) -> Trial:
    """Asked before it is searched: a search would warm what a user has to wait for."""
    started = time.perf_counter()
    answer = product.ask(gold.question, thread_ids=[gold.thread_id], exclude=gold.question_ids)
    took = (time.perf_counter() - started) * 1000
    found = product.search(gold.thread_id, gold.question, k=DEEPEST + len(gold.question_ids))
    ranked = [hit.comment_id for hit in found if hit.comment_id not in gold.question_ids]
    return Trial(gold=gold, ranked=ranked[:DEEPEST], answer=answer, took_ms=took, thread=thread)


# ---- figures


def _of_kinds(trials: Sequence[Trial]) -> dict[str, Figures]:
    kinds = sorted({trial.gold.kind for trial in trials if trial.gold.kind} - {ALL})
    by_kind = {kind: [trial for trial in trials if trial.gold.kind == kind] for kind in kinds}
    return {
        ALL: figures_of(trials, pooled=True),
        **{kind: figures_of(some, pooled=False) for kind, some in by_kind.items()},
    }


def _of_rankings(trials: Sequence[Trial]) -> Figures:
    judged = [(trial.ranked, trial.gold.evidence) for trial in trials if trial.gold.marked]
    return {
        **{f"recall@{k}": _mean(metrics.recall_at(k, *one) for one in judged) for k in (5, 10, DEEPEST)},
        "ndcg@10": _mean(metrics.ndcg_at(10, *one) for one in judged),
        "hit@10": _mean(metrics.hit_at(10, *one) for one in judged),
    }


def _of_citations(trials: Sequence[Trial]) -> Figures:
    judged = [(_cited(trial.answer), trial.gold.evidence) for trial in trials if trial.gold.marked]
    return {
        "citation_precision": _mean(metrics.precision(*one) for one in judged if one[0]),
        "citation_recall": _mean(metrics.recall(*one) for one in judged),
    }


def _of_abstentions(trials: Sequence[Trial], *, pooled: bool) -> Figures:
    declined = {place for place, trial in enumerate(trials) if trial.answer.abstained}
    unanswerable = {place for place, trial in enumerate(trials) if not trial.gold.answerable}
    recall = metrics.recall(declined, unanswerable) if unanswerable else None
    precision = metrics.precision(declined, unanswerable) if declined and unanswerable and pooled else None
    f1 = metrics.f1(precision or 0.0, recall) if recall is not None and pooled else None
    return {
        "abstention_precision": _rounded(precision),
        "abstention_recall": _rounded(recall),
        "abstention_f1": _rounded(f1),
    }


def _cited(answer: Answer) -> list[str]:
    return [citation.comment_id for statement in answer.statements for citation in statement.citations]


def _shown_citations(answer: Answer) -> list[Citation]:
    return [*(citation for statement in answer.statements for citation in statement.citations), *answer.nearest]


def _exact(citation: Citation, thread: Thread) -> bool:
    comment = thread.by_id.get(citation.comment_id) if citation.thread_id == thread.id else None
    return comment is not None and citation.quote == comment.text[citation.start : citation.end] != ""


def _speakers(trial: Trial) -> Iterable[bool]:
    """For every citation shown, whether whoever it names wrote the comment, and is the one named in the statement."""
    for statement in trial.answer.statements:
        yield from (_wrote(citation, trial.thread) and named(statement, citation) for citation in statement.citations)
    yield from (_wrote(citation, trial.thread) for citation in trial.answer.nearest)


def _wrote(citation: Citation, thread: Thread) -> bool:
    comment = thread.by_id.get(citation.comment_id)
    return comment is not None and citation.author == comment.author


def named(statement: Statement, citation: Citation) -> bool:
    """Whether the statement's words name a proven author; a handle that may be shown shortened is not looked for."""
    author = citation.author
    if author is None or not author.handle.isascii() or len(author.handle) > _SHORT_HANDLE:
        return True
    return " ".join(author.handle.split()).casefold() in statement.text.casefold()


def _mean(values: Iterable[float]) -> float | None:
    known = list(values)
    return _rounded(fmean(known)) if known else None


def _share(held: Iterable[bool]) -> float | None:
    return _mean(float(one) for one in held)


def _percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least `share` of the values do not exceed."""
    if not values:
        return None
    ordered = sorted(values)
    return round(ordered[max(0, math.ceil(share * len(ordered)) - 1)], 1)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _shown(figure: str, value: float | None) -> str:
    if value is None:
        return ""
    if figure == "n":
        return f"{value:,.0f}"
    return f"{value:,.1f}" if figure.endswith("_ms") else f"{value:.3f}"
