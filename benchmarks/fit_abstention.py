"""Fits the judgement of bot.abstain: is what was found an answer?

    python -m benchmarks.fit_abstention --threads DIR --questions FILE.jsonl... [--json OUT]

Every answerable question is put to its own thread (it is answered there) and to another thread of its source (it is
not). A logistic regression over bot.abstain.features separates the two, each source weighed alike. Printed: how well
each feature and the whole judge a source that they were not fitted on (leave one source out, area under the ROC
curve), what each threshold declines, and the weights to put into bot/abstain.py. Leave out sources whose threads are
told apart by the names of their people alone.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bot.abstain import FEATURES, features
from bot.assemble import assemble
from bot.extractive import CANDIDATES
from bot.gold import Gold, read_questions, read_sources
from bot.points import points
from bot.product import DiggDeeper
from bot.question import understand
from bot.settings import Settings

A_SOURCE = 60
"""Questions taken of each source."""
THREADS = 10
"""Threads taken of each source."""


class Case(NamedTuple):
    source: str
    own: bool
    values: tuple[float, ...]


def main() -> None:
    options = _options()
    settings = Settings.load(home=Path(tempfile.mkdtemp()), encoder_dir=options.encoder_dir)
    with closing(assemble(settings)) as product:
        cases = [case for file in options.questions for case in _cases(product, options.threads, file)]
    report = {"cases": len(cases), "left_out": _left_out(cases), "thresholds": _thresholds(cases), **_fitted(cases)}
    _print(report)
    if options.json:
        options.json.write_text(json.dumps(report, indent=2))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=Path, required=True)
    parser.add_argument("--questions", type=Path, nargs="+", required=True)
    parser.add_argument("--encoder-dir", type=Path, help="a folder that has an exported encoder already")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def _cases(product: DiggDeeper, folder: Path, file: Path) -> list[Case]:
    draw = random.Random(1)
    golds = [gold for gold in read_questions(file) if gold.marked]
    chosen = sorted({gold.thread_id for gold in golds})[:THREADS]
    golds = [gold for gold in golds if gold.thread_id in chosen]
    draw.shuffle(golds)
    sources, _ = read_sources(folder, set(chosen), max_bytes=50_000_000)
    for source in sources:
        product.ingest(source.content, name=source.name)
    cases = []
    for gold in golds[:A_SOURCE]:
        other = draw.choice([thread for thread in chosen if thread != gold.thread_id])
        cases.append(Case(file.stem, True, _values(product, gold, gold.thread_id)))
        cases.append(Case(file.stem, False, _values(product, gold, other)))
    print(f"{file.stem}: {len(cases)} cases", flush=True)
    return cases


def _values(product: DiggDeeper, gold: Gold, thread_id: str) -> tuple[float, ...]:
    scope = product.scope([thread_id], exclude=gold.question_ids)
    question = understand(gold.question, scope.threads.values())
    found = points(question.subject, scope.hits(question.subject, k=CANDIDATES), scope, asks=question.kind == "open")
    return features(question.subject, found, scope)


def _model(cases: Sequence[Case]) -> LogisticRegression:
    size = {case.source: sum(c.source == case.source for c in cases) for case in cases}
    weights = [1_000 / size[case.source] for case in cases]
    return LogisticRegression(C=1e3, max_iter=5_000).fit(_x(cases), [c.own for c in cases], sample_weight=weights)


def _x(cases: Sequence[Case]) -> np.ndarray:
    return np.array([case.values for case in cases])


def _left_out(cases: Sequence[Case]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for source in sorted({case.source for case in cases}):
        tested = [case for case in cases if case.source == source]
        others = [case for case in cases if case.source != source] or tested
        own = [case.own for case in tested]
        column = {name: _x(tested)[:, place] for place, name in enumerate(FEATURES)}
        found[source] = {name: _auc(own, values) for name, values in column.items()}
        found[source]["all"] = _auc(own, _model(others).predict_proba(_x(tested))[:, 1])
    return found


def _auc(own: Sequence[bool], values: np.ndarray) -> float:
    area = float(roc_auc_score(own, values))
    return round(max(area, 1 - area), 3)


def _thresholds(cases: Sequence[Case]) -> dict[str, dict[str, float]]:
    likely = _model(cases).predict_proba(_x(cases))[:, 1]
    own = np.array([case.own for case in cases])
    return {
        f"{bar:.2f}": {
            "answered here, declined": round(float((likely[own] < bar).mean()), 3),
            "asked of the wrong thread, declined": round(float((likely[~own] < bar).mean()), 3),
        }
        for bar in (0.05, 0.1, 0.15, 0.2, 0.3, 0.5)
    }


def _fitted(cases: Sequence[Case]) -> dict[str, object]:
    model = _model(cases)
    return {
        "intercept": round(float(model.intercept_[0]), 2),
        "weights": dict(zip(FEATURES, (round(float(w), 2) for w in model.coef_[0]), strict=True)),
    }


def _print(report: dict[str, object]) -> None:
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
