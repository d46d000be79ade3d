"""Gold questions -> a report: how well the whole product finds, cites and declines, and how fast.

The threads are read into a home of their own by the same code that serves users, asked through `DiggDeeper.ask` and
ranked through `DiggDeeper.search`; the user's own store is never touched. Not here: the figures
(bot.product.evaluate_figures), what a question file holds (bot.product.gold), how the table looks
(bot.faces.cli.terminal).
"""

import json
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from bot.product.evaluate_figures import DEEPEST, FIGURES, Figures, Trial, cited_comments, of_kinds
from bot.product.gold import ALL, Gold, Source, askable, read_questions, read_sources, threads_by_name
from bot.product.markdown import markdown
from bot.settings import Settings
from bot.values.answer import Answer
from corpus.errors import InvalidRequest
from corpus.thread import Thread, Value

if TYPE_CHECKING:
    from bot.product.product import DiggDeeper

Progress = Callable[[str, int, int], None]
"""(stage, done, total)."""
LONGEST_QUESTION = 100_000
"""Characters; a gold question may be a whole forum post."""


class Answered(Value):
    """What a reader gets to see of one question, for a comparison with other systems."""

    qid: str
    answer: str
    """As Markdown, without ids."""
    cited: tuple[str, ...]
    """Distinct comments that the statements cite, in their order."""


class Report(Value):
    """The figures of each question file, what could not be asked, and the answers."""

    sources: Mapping[str, Mapping[str, Mapping[str, float | None]]]
    """Question file -> "all" or a kind of question -> figure -> value."""
    skipped: Mapping[str, tuple[str, ...]] = {}
    """Question file, or "threads" -> what was wrong in it."""
    answers: tuple[Answered, ...] = ()
    """In the order of the files and of their lines."""


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
    known = threads_by_name(sources)
    skipped = {"threads": tuple(wrong)} if wrong else {}
    with tempfile.TemporaryDirectory(prefix="digg-deeper-evaluate-", ignore_cleanup_errors=True) as home:
        from bot.product.assemble import assemble

        with closing(assemble(_apart(settings, Path(home)))) as product:
            _ingest(product, sources, told)
            figures: dict[str, dict[str, Figures]] = {}
            answers: list[Answered] = []
            for name, asked in golds.items():
                ready, wrong = askable(asked, known)
                if wrong:
                    skipped[name] = tuple(wrong)
                trials = [_ask(product, gold, known[gold.thread_id]) for gold in _counted(ready, name, told)]
                figures[name] = of_kinds(trials)
                answers += [_answered(trial) for trial in sorted(trials, key=lambda trial: trial.gold.line)]
    if not any(of_all[ALL]["n"] for of_all in figures.values()):
        raise InvalidRequest(
            f"no question is about a thread in {str(threads)!r}.", next_step="Give the folder of their threads."
        )
    return Report(sources=figures, skipped=skipped, answers=tuple(answers))


def rows(report: Report) -> list[list[str]]:
    """The report as a table, its header first: source, kind, then FIGURES; "" for what does not apply."""
    body = [
        [name, kind, *(_shown(figure, figures[figure]) for figure in FIGURES)]
        for name, kinds in report.sources.items()
        for kind, figures in kinds.items()
    ]
    return [["source", "kind", *FIGURES], *body]


def answer_lines(report: Report) -> str:
    """The answers as JSONL: {"qid", "answer", "cited"} a line."""
    return "".join(f"{json.dumps(one.model_dump(mode='json'), ensure_ascii=False)}\n" for one in report.answers)


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
    """One question, after its turns. Asked before it is searched: a search would warm what a user has to wait for."""
    conversation = uuid.uuid4().hex if gold.turns else None

    def asked(question: str) -> Answer:
        return product.ask(
            question, thread_ids=[gold.thread_id], conversation_id=conversation, exclude=gold.question_ids
        )

    for turn in gold.turns:
        asked(turn)
    started = time.perf_counter()
    answer = asked(gold.question)
    took = (time.perf_counter() - started) * 1000
    found = product.search(gold.thread_id, gold.question, k=DEEPEST + len(gold.question_ids))
    ranked = [hit.comment_id for hit in found if hit.comment_id not in gold.question_ids]
    return Trial(gold=gold, ranked=ranked[:DEEPEST], answer=answer, took_ms=took, thread=thread)


def _answered(trial: Trial) -> Answered:
    return Answered(qid=trial.gold.qid, answer=markdown(trial.answer), cited=cited_comments(trial.answer))


def _shown(figure: str, value: float | None) -> str:
    if value is None:
        return ""
    if figure == "n":
        return f"{value:,.0f}"
    return f"{value:,.1f}" if figure.endswith("_ms") else f"{value:.3f}"
