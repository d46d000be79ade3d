"""Fits index.ranking.answering: how surely a turn of a talk answers a question that was asked in it before.

    python -m benchmarks.fit_answering --threads DIR --questions FILE.jsonl [--encoder-dir DIR] [--json OUT]

Every question of the file that stands in its thread (`question_ids`) gives one case for each of the turns after it: it
is gold evidence or not. A logistic regression, each thread left out of the fit in turn. Printed: the weights, beside
those in the program; how well turns are told apart (average precision, against the nearest turns first); and what
declining a question reaches whose turns hold no answer, by the likelihood that any of them does. A minute.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

from bot.product.gold import Gold, read_questions, read_sources
from corpus.thread import Thread
from index.encoders.embedder import Embedder, Vectors, load_embedder
from index.ranking import answering

Floats = npt.NDArray[np.float64]
SHARES = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45)
STRENGTH = 1.0


class Asked(NamedTuple):
    """One question with the turns after it."""

    thread_id: str
    answerable: bool
    features: Floats
    """(turns, features)."""
    gold: npt.NDArray[np.bool_]
    """(turns,) whether each is marked as an answer."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--encoder-dir", type=Path, help="a folder that has an exported encoder already")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    golds = read_questions(options.questions)
    sources = read_sources(options.threads, {gold.thread_id for gold in golds}, max_bytes=50_000_000)[0]
    known = {thread.id: thread for source in sources for thread in source.threads}
    folder = options.encoder_dir or Path(tempfile.mkdtemp(prefix="fit-answering-"))
    embedder = load_embedder(None, home=folder)
    vectors = {thread_id: embedder.embed(_plain_views(thread)) for thread_id, thread in known.items()}
    found = [_asked(gold, known[gold.thread_id], vectors[gold.thread_id], embedder) for gold in golds]
    report = fitted([asked for asked in found if asked is not None])
    print(json.dumps(report, indent=2))
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n")


def _plain_views(thread: Thread) -> list[str]:
    """Each turn as it is embedded; turns are short, so that each is one passage."""
    return [
        f"{c.author.name or c.author.handle}: {c.text}" if c.author else c.text for c in thread.comments if c.citable
    ]


def _asked(gold: Gold, thread: Thread, vectors: Vectors, embedder: Embedder) -> Asked | None:
    comments = [comment for comment in thread.comments if comment.citable]
    places = {comment.id: place for place, comment in enumerate(comments)}
    asking = [places[comment_id] for comment_id in gold.question_ids if comment_id in places]
    if not asking:
        return None
    near = vectors @ embedder.embed_query(gold.question)
    turns = list(answering.turns_after(gold.question, max(asking), comments, near))
    if not turns:
        return None
    evidence = set(gold.evidence)
    return Asked(
        thread.id,
        gold.answerable,
        np.array([turn.features for turn in turns]),
        np.array([comments[turn.place].id in evidence for turn in turns]),
    )


def fitted(cases: Sequence[Asked]) -> dict[str, Any]:
    """The report."""
    left_out: list[Floats] = [np.zeros(0)] * len(cases)
    for thread_id in sorted({case.thread_id for case in cases}):
        model = _fit([case for case in cases if case.thread_id != thread_id])
        for place, case in enumerate(cases):
            if case.thread_id == thread_id:
                left_out[place] = model.predict_proba(case.features)[:, 1]
    whole = _fit(cases)
    program = [np.array([answering.likelihood(row) for row in case.features]) for case in cases]
    return {
        "questions": len(cases),
        "unanswerable": sum(not case.answerable for case in cases),
        "fitted": _named(float(whole.intercept_[0]), whole.coef_[0]),
        "in the program": _named(answering.INTERCEPT, answering.WEIGHTS),
        "nearest turns first": {"average precision": _turns(cases, [-np.arange(len(c.gold)) * 1.0 for c in cases])},
        "each thread left out": _judged(cases, left_out),
        "in the program, on the same threads": _judged(cases, program),
    }


def _fit(cases: Sequence[Asked]) -> LogisticRegression:
    x, y = np.concatenate([case.features for case in cases]), np.concatenate([case.gold for case in cases])
    return LogisticRegression(C=STRENGTH, max_iter=5_000).fit(x, y)


def _turns(cases: Sequence[Asked], scores: Sequence[Floats]) -> float:
    return round(float(average_precision_score(np.concatenate([c.gold for c in cases]), np.concatenate(scores))), 3)


def _judged(cases: Sequence[Asked], likely: Sequence[Floats]) -> dict[str, Any]:
    unanswerable = np.array([not case.answerable for case in cases])
    anyone = np.array([answering.anyone_answers(row.tolist()) for row in likely])
    return {
        "average precision": _turns(cases, likely),
        "declining: area under the curve": round(float(roc_auc_score(unanswerable, -anyone)), 3),
        "declining: share, threshold, F1, precision, declined wrongly": [
            _declining(unanswerable, anyone, share) for share in SHARES
        ],
    }


def _declining(unanswerable: npt.NDArray[np.bool_], anyone: Floats, share: float) -> list[float]:
    declined = np.argsort(anyone, kind="stable")[: round(share * len(anyone))]
    right = int(unanswerable[declined].sum())
    figures = (
        share,
        float(anyone[declined].max()),
        2 * right / (len(declined) + int(unanswerable.sum())),
        right / len(declined),
        (len(declined) - right) / int((~unanswerable).sum()),
    )
    return [round(figure, 3) for figure in figures]


def _named(intercept: float, weights: Sequence[float]) -> dict[str, float]:
    return {"intercept": round(intercept, 2)} | {
        name: round(float(weight), 2) for name, weight in zip(answering.FEATURES, weights, strict=True)
    }


if __name__ == "__main__":
    main()
