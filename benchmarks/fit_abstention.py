"""Fits the judgement that decides whether a question is declined, bot.evidence.answerable: is what was found an answer?

    python -m benchmarks.fit_abstention --threads DIR --questions FILE.jsonl... [--home DIR]

Every answerable question is put to its own thread (it is answered there) and to another thread of its source (it is
not). A logistic regression over the features of the ranking separates the two, each source weighed alike and judged by
a fit over the others. Questions that code answers from the data, which are never declined for what was found, are left
out. Leave out sources whose threads are told apart by the names of their people alone.

Printed beside the weights that are in the program: the area under the ROC curve and what each threshold declines.
About five minutes, and as long as the threads take to be read in; --home keeps them.
"""

import argparse
import json
import math
import random
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bot.evidence import answerable
from bot.kinds.workbench import Desk
from bot.product.assemble import assemble
from bot.product.gold import Gold, read_questions, read_sources
from bot.product.product import DiggDeeper
from bot.questions.understand import understand
from bot.settings import Settings
from bot.values.answer import BY_CODE

Floats = npt.NDArray[np.float64]
A_SOURCE = 60
"""Questions taken of each source."""
THREADS = 10
"""Threads taken of each source."""
STRENGTH = 1e3
BARS = (0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.41, 0.5)


class Case(NamedTuple):
    group: str
    """The source, which is left out together."""
    positive: bool
    values: tuple[float, ...]


def main() -> None:
    options = _options()
    home = options.home or Path(tempfile.mkdtemp(prefix="fit-abstention-"))
    settings = Settings(home=home, encoder_dir=options.encoder_dir or home, max_question_chars=100_000)
    with closing(assemble(settings)) as product:
        report = _of_support(product, options.threads, options.questions)
    print(json.dumps(report, indent=2))
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=Path, required=True)
    parser.add_argument("--questions", type=Path, nargs="+", required=True)
    parser.add_argument("--encoder-dir", type=Path, help="a folder that has an exported encoder already")
    parser.add_argument("--home", type=Path, help="a folder where what was read in is kept for the next run")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def _read(product: DiggDeeper, folder: Path, thread_ids: Sequence[str]) -> None:
    for source in read_sources(folder, set(thread_ids), max_bytes=50_000_000)[0]:
        product.ingest(source.content, name=source.name)


def _of_support(product: DiggDeeper, folder: Path, files: Sequence[Path]) -> dict[str, Any]:
    cases = [case for file in files for case in _own_and_others(product, folder, file)]
    size = {case.group: sum(other.group == case.group for other in cases) for case in cases}
    weights = [1_000 / size[case.group] for case in cases]
    kept = (answerable.INTERCEPT, *answerable.WEIGHTS)
    return _fitted(cases, weights, kept)


def _own_and_others(product: DiggDeeper, folder: Path, file: Path) -> list[Case]:
    draw = random.Random(1)
    golds = [gold for gold in read_questions(file) if gold.marked]
    chosen = sorted({gold.thread_id for gold in golds})[:THREADS]
    golds = [gold for gold in golds if gold.thread_id in chosen]
    draw.shuffle(golds)
    _read(product, folder, chosen)
    cases: list[Case] = []
    for gold in golds[:A_SOURCE]:
        other = draw.choice([thread for thread in chosen if thread != gold.thread_id])
        for thread_id in (gold.thread_id, other):
            values = _support(product, gold, thread_id)
            if values is not None:
                cases.append(Case(file.stem, thread_id == gold.thread_id, values))
    return cases


def _support(product: DiggDeeper, gold: Gold, thread_id: str) -> tuple[float, ...] | None:
    """What bot.evidence.answerable sees of the question; None for kinds that it does not judge."""
    scope = product.scope([thread_id], exclude=gold.question_ids)
    question = understand(gold.question, scope.threads.values())
    if question.kind in BY_CODE:
        return None
    desk = Desk(question, scope, gold.question_ids, writer="fit")
    return answerable.features(question.sought, desk.ranked, scope)


def _fitted(
    cases: Sequence[Case],
    weights: Sequence[float],
    kept: Sequence[float],
) -> dict[str, Any]:
    x, y = np.array([case.values for case in cases]), np.array([case.positive for case in cases])
    groups, w = np.array([case.group for case in cases]), np.array(weights)

    def fit(some: npt.NDArray[np.bool_]) -> LogisticRegression:
        return LogisticRegression(C=STRENGTH, max_iter=5_000).fit(x[some], y[some], sample_weight=w[some])

    left_out = np.zeros(len(cases))
    for group in np.unique(groups):
        left_out[groups == group] = fit(groups != group).predict_proba(x[groups == group])[:, 1]
    whole = fit(np.ones(len(cases), dtype=bool))
    in_program = np.array([_sigmoid(kept[0] + float(row @ np.array(kept[1:]))) for row in x])
    return {
        "cases": len(cases),
        "area under the curve, its group left out": {
            str(group): _areas(x[groups == group], y[groups == group], left_out[groups == group])
            for group in np.unique(groups)
        },
        "fitted": _named(whole.intercept_[0], whole.coef_[0]),
        "in the program": _named(kept[0], kept[1:]),
        "area, all left out": _area(y, left_out),
        "area, in the program": _area(y, in_program),
        "below a threshold, its group left out": _thresholds(y, left_out),
        "below a threshold, in the program": _thresholds(y, in_program),
    }


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value))


def _areas(x: Floats, y: npt.NDArray[np.bool_], likely: Floats) -> dict[str, float]:
    alone = {name: _area(y, x[:, place]) for place, name in enumerate(answerable.FEATURES)}
    return {**{name: max(area, round(1 - area, 3)) for name, area in alone.items()}, "all": _area(y, likely)}


def _area(y: npt.NDArray[np.bool_], likely: Floats) -> float:
    return round(float(roc_auc_score(y, likely)), 3)


def _named(intercept: float, weights: Sequence[float]) -> dict[str, float]:
    return {"intercept": round(float(intercept), 2)} | {
        name: round(float(weight), 2) for name, weight in zip(answerable.FEATURES, weights, strict=True)
    }


def _thresholds(y: npt.NDArray[np.bool_], likely: Floats) -> dict[str, dict[str, float]]:
    """Which share of each class lies below."""
    return {
        f"{bar:.2f}": {
            "answered here": round(float((likely[y] < bar).mean()), 3),
            "asked elsewhere": round(float((likely[~y] < bar).mean()), 3),
        }
        for bar in BARS
    }


if __name__ == "__main__":
    main()
