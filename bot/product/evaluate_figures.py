"""The figures of a report: how well questions were found, cited and declined, and how fast.

Only `statements` count as the answer, never the nearest comments. Quotes and speakers are checked against the threads
as read from the files, not by asking bot.verification.verify again. Not here: asking the questions
(bot.product.evaluate), and what a figure of one ranking is (index.metrics).
"""

import math
from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import NamedTuple

from bot.product.gold import ALL, Gold
from bot.values.answer import Answer, Citation, Statement
from corpus.thread import Thread
from index import metrics

Figures = dict[str, float | None]

FIGURES = (
    "n",
    "recall@5",
    "recall@10",
    "recall@20",
    "ndcg@10",
    "hit@10",
    "hit@2",
    "cited_hit@2",
    "need_met",
    "bearing",
    "bearing@5",
    "statements_per_answer",
    "citation_precision",
    "citation_recall",
    "abstention_precision",
    "abstention_recall",
    "abstention_f1",
    "answerable_declined",
    "quote_exact",
    "speaker_right",
    "p50_ms",
    "p95_ms",
)
"""In the order of a table. A figure that does not apply is null."""
DEEPEST = 20
FIRST = 5
"""How many comments, or statements, a reader is taken to look at."""
_SHORT_HANDLE = 50


class Trial(NamedTuple):
    """One question asked."""

    gold: Gold
    ranked: Sequence[str]
    """Comment ids, best first, DEEPEST at most."""
    answer: Answer
    took_ms: float
    thread: Thread
    """As read from the file."""


def of_kinds(trials: Sequence[Trial]) -> dict[str, Figures]:
    """The figures of all trials, and of each kind of question."""
    kinds = sorted({trial.gold.kind for trial in trials if trial.gold.kind} - {ALL})
    by_kind = {kind: [trial for trial in trials if trial.gold.kind == kind] for kind in kinds}
    return {
        ALL: figures_of(trials, pooled=True),
        **{kind: figures_of(some, pooled=False) for kind, some in by_kind.items()},
    }


def figures_of(trials: Sequence[Trial], *, pooled: bool) -> Figures:
    """The figures of these trials. The precision and F1 of abstention need a whole file (`pooled`).

    Rankings and citations are judged where gold comments are marked. A declined question has citation recall 0, its
    need is not met, and it does not count for hit@2, cited_hit@2, bearing and citation precision. Quotes and speakers
    are judged over every citation shown, including the nearest comments.
    """
    return {
        "n": len(trials),
        **_of_rankings(trials),
        **_of_first_two(trials),
        **_of_needs(trials),
        **_of_citations(trials),
        **_of_abstentions(trials, pooled=pooled),
        "quote_exact": _share(_exact(citation, t.thread) for t in trials for citation in _shown_citations(t.answer)),
        "speaker_right": _share(right for trial in trials for right in _speakers(trial)),
        "p50_ms": _percentile([trial.took_ms for trial in trials], 0.50),
        "p95_ms": _percentile([trial.took_ms for trial in trials], 0.95),
    }


def _of_rankings(trials: Sequence[Trial]) -> Figures:
    judged = [(trial.ranked, trial.gold.evidence) for trial in trials if trial.gold.marked]
    return {
        **{f"recall@{k}": _mean(metrics.recall_at(k, *one) for one in judged) for k in (5, 10, DEEPEST)},
        "ndcg@10": _mean(metrics.ndcg_at(10, *one) for one in judged),
        "hit@10": _mean(metrics.hit_at(10, *one) for one in judged),
    }


def _of_first_two(trials: Sequence[Trial]) -> Figures:
    """Whether search, and the answer, begin with a comment that helps. A follow-up cannot be searched by itself."""
    judged = [trial for trial in _answered(trials) if not trial.gold.turns]
    return {
        "hit@2": _mean(metrics.hit_at(2, trial.ranked, trial.gold.helpful) for trial in judged),
        "cited_hit@2": _mean(metrics.hit_at(2, _cited(trial.answer), trial.gold.helpful) for trial in judged),
    }


def _of_needs(trials: Sequence[Trial]) -> Figures:
    """Whether an answer soon cites what it has to, and how many of its statements cite a comment that helps."""
    answered = _answered(trials)
    return {
        "need_met": _share(_need_met(trial) for trial in trials if trial.gold.marked),
        "bearing": _share(bears for trial in answered for bears in _bearing(trial)),
        "bearing@5": _share(bears for trial in answered for bears in _bearing(trial)[:FIRST]),
        "statements_per_answer": _mean(float(len(trial.answer.statements)) for trial in answered),
    }


def _answered(trials: Sequence[Trial]) -> list[Trial]:
    """The trials with marked gold comments that were not declined."""
    return [trial for trial in trials if trial.gold.marked and not trial.answer.abstained]


def _need_met(trial: Trial) -> bool:
    first = cited_comments(trial.answer)[:FIRST]
    return len({*first} & {*trial.gold.evidence}) >= trial.gold.need


def _bearing(trial: Trial) -> list[bool]:
    """For each statement, whether it cites a gold comment."""
    helpful = trial.gold.helpful
    return [any(cited.comment_id in helpful for cited in said.citations) for said in trial.answer.statements]


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
        "answerable_declined": _share(trial.answer.abstained for trial in trials if trial.gold.answerable),
    }


def _cited(answer: Answer) -> list[str]:
    return [citation.comment_id for statement in answer.statements for citation in statement.citations]


def cited_comments(answer: Answer) -> tuple[str, ...]:
    """The ids of the comments that the statements cite, each once, in the order of the answer."""
    return tuple(dict.fromkeys(_cited(answer)))


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
