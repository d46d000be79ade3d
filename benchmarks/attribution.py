"""What an answer about a discussion has to get right, judged against the threads as read, for any system.

A system's answers are `Told`: ids, names and quotes, no more. Nothing here asks bot.verification.verify, or knows how
an answer came about. What each figure means, and how another system is judged by them: docs/attribution.md. Not here:
asking the questions (benchmarks.bench_attribution).
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.product.gold import CommentId, Gold
from corpus.errors import BrokenExport
from corpus.thread import Comment, Thread
from index import metrics

Figures = dict[str, float | None]

FIGURES = (
    "n",
    "speaker",
    "quote",
    "citation precision",
    "citation recall",
    "count error",
    "count exact",
    "declined wrongly",
    "abstention precision",
    "abstention recall",
    "abstention F1",
    "F1 of always declining",
    "F1 of one threshold",
    "p50 ms",
)
"""In the order of the table. A figure that does not apply is null."""
LIKE = "Each line is an object with qid, abstained and citations; see docs/attribution.md."


class Asked(Gold):
    """A gold question with what the benchmark needs beyond `digg-deeper evaluate`."""

    qid: str = Field(min_length=1)
    turns: tuple[str, ...] = ()
    """Questions put before it in the same conversation, oldest first."""
    count: int | None = None
    """How many distinct people a right answer counts."""


class Quoted(BaseModel):
    """Words that a system shows as somebody's."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    thread_id: str
    comment_id: CommentId
    author: str | None = None
    """Whom it names for them: an id, a handle or a display name; null where it names nobody."""
    quote: str = Field(min_length=1)


class Told(BaseModel):
    """A system's answer to one question."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    qid: str
    abstained: bool
    citations: tuple[Quoted, ...] = ()
    nearest: tuple[Quoted, ...] = ()
    """Shown on an abstention; judged for quotes and speakers alone."""
    count: int | None = None
    """How many people it says there are; null where it gives no number."""
    best_score: float | None = None
    """Of the best comment that was retrieved, the higher the nearer: what one threshold would go by."""
    took_ms: float | None = None


class Trial(NamedTuple):
    asked: Asked
    told: Told


def read_answers(file: Path) -> dict[str, Told]:
    """Another system's answers by qid. Raises BrokenExport, which names the line."""
    answers: dict[str, Told] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            told = Told.model_validate_json(line)
        except ValidationError as exc:
            first = exc.errors(include_url=False, include_context=False)[0]
            wrong = f"{'.'.join(map(str, first['loc']))}: {first['msg'].lower()}"
            raise BrokenExport(f"{str(file)!r} line {number}: {wrong}.", next_step=LIKE) from exc
        if told.qid in answers:
            raise BrokenExport(f"{str(file)!r} line {number} answers {told.qid!r} again.", next_step="Answer it once.")
        answers[told.qid] = told
    return answers


def figures_of(trials: Sequence[Trial], threads: Mapping[str, Thread]) -> Figures:
    """The figures of one system over one set of questions; see FIGURES."""
    shown = [quoted for trial in trials for quoted in (*trial.told.citations, *trial.told.nearest)]
    took = [trial.told.took_ms for trial in trials if trial.told.took_ms is not None]
    return {
        "n": len(trials),
        "speaker": _mean(speaker_right(quoted, threads) for quoted in shown),
        "quote": _mean(quote_exact(quoted, threads) for quoted in shown),
        **_citations(trials),
        **_counts([trial for trial in trials if trial.asked.count is not None]),
        **_abstentions(trials),
        "p50 ms": round(sorted(took)[(len(took) - 1) // 2], 1) if took else None,
    }


# Quotes and speakers


def quote_exact(quoted: Quoted, threads: Mapping[str, Thread]) -> bool:
    """Whether the words stand in the cited comment, character for character."""
    comment = _comment(quoted, threads)
    return comment is not None and quoted.quote in comment.text


def speaker_right(quoted: Quoted, threads: Mapping[str, Thread]) -> bool:
    """Whether the one named wrote the comment, and the words are not merely somebody else's that it quotes.

    Where the thread does not tell who wrote it, naming nobody is right and naming anybody is wrong. A quote that is not
    in the comment is nobody's.
    """
    comment = _comment(quoted, threads)
    if comment is None or not any(comment.own_words(a, b) for a, b in _places(quoted.quote, comment.text)):
        return False
    if comment.author is None or quoted.author is None:
        return comment.author is None and quoted.author is None
    author = comment.author
    names = {_folded(name) for name in (author.id, author.handle, author.name) if name}
    return _folded(quoted.author) in names


def _comment(quoted: Quoted, threads: Mapping[str, Thread]) -> Comment | None:
    thread = threads.get(quoted.thread_id)
    return None if thread is None else thread.by_id.get(quoted.comment_id)


def _places(words: str, text: str) -> Iterable[tuple[int, int]]:
    at = text.find(words)
    while at >= 0:
        yield at, at + len(words)
        at = text.find(words, at + 1)


def _folded(name: str) -> str:
    return " ".join(name.removeprefix("@").split()).casefold()


# Citations and counts


def _citations(trials: Sequence[Trial]) -> Figures:
    """Means over the answerable questions with gold comments; precision over those of them that were answered."""
    judged = [(_cited(trial), trial.asked.evidence) for trial in trials if trial.asked.marked]
    return {
        "citation precision": _mean(metrics.precision(*one) for one in judged if one[0]),
        "citation recall": _mean(metrics.recall(*one) for one in judged),
    }


def _cited(trial: Trial) -> list[str]:
    """Ids of the comments that it cites; of one in another thread, an id that is no comment's of the thread asked."""
    asked = trial.asked.thread_id
    return [c.comment_id if c.thread_id == asked else f"{c.thread_id}\x00{c.comment_id}" for c in trial.told.citations]


def _counts(trials: Sequence[Trial]) -> Figures:
    """How far the number of people told is from the gold one; where none is told, it counts as 0."""
    errors = [abs((trial.told.count or 0) - (trial.asked.count or 0)) for trial in trials]
    return {"count error": _mean(errors), "count exact": _mean(error == 0 for error in errors)}


# Abstention


def _abstentions(trials: Sequence[Trial]) -> Figures:
    """Positive is unanswerable; null where every question, or none, is."""
    unanswerable = [not trial.asked.answerable for trial in trials]
    declined = [trial.told.abstained for trial in trials]
    precision, recall, f1 = _f1(declined, unanswerable)
    both = any(unanswerable) and not all(unanswerable)
    scores = [trial.told.best_score for trial in trials]
    known = [score for score in scores if score is not None]
    return {
        "declined wrongly": _mean(d for d, bad in zip(declined, unanswerable, strict=True) if not bad),
        "abstention precision": precision if both and any(declined) else None,
        "abstention recall": recall if any(unanswerable) else None,
        "abstention F1": f1 if both else None,
        "F1 of always declining": _f1([True] * len(trials), unanswerable)[2] if both else None,
        "F1 of one threshold": best_threshold(known, unanswerable) if both and len(known) == len(trials) else None,
    }


def best_threshold(scores: Sequence[float], unanswerable: Sequence[bool]) -> float:
    """The highest F1 that declining below one score reaches, the threshold being chosen on these very questions."""
    in_order = sorted(zip(scores, unanswerable, strict=True))
    total, caught, best = sum(unanswerable), 0, 0.0
    for place, (score, bad) in enumerate(in_order, start=1):
        caught += bad
        if place == len(in_order) or in_order[place][0] > score:
            best = max(best, 2 * caught / (place + total))
    return round(best, 4)


def _f1(declined: Sequence[bool], unanswerable: Sequence[bool]) -> tuple[float, float, float]:
    both = sum(d and bad for d, bad in zip(declined, unanswerable, strict=True))
    precision = both / sum(declined) if any(declined) else 0.0
    recall = both / sum(unanswerable) if any(unanswerable) else 0.0
    return round(precision, 4), round(recall, 4), round(metrics.f1(precision, recall), 4)


def pooled(names: Sequence[str], trials: Mapping[str, Sequence[Trial]]) -> list[Trial]:
    return [trial for name in names for trial in trials.get(name, ())]


def _mean(values: Iterable[float]) -> float | None:
    known = list(values)
    return round(fmean(known), 4) if known else None
