"""Measures the digest: are the points that people make among its viewpoints, how pure are these, is tone stance?

    python -m benchmarks.bench_digest --threads DIR --questions FILE.jsonl [--json OUT]

Meant for ArgKP (short arguments on a motion; a question names a key point, its evidence are the comments that make it).
A key point counts where at least SHARE of the thread's comments make it. Printed for the viewpoints and for baselines
with as many groups:

  own     share of the key points that are what most labelled comments of some viewpoint argue
  quoted  share of the key points that the first quote of some viewpoint makes
  any     the same of any quote that is shown
  purity  of the labelled comments in viewpoints, the share that argues their viewpoint's commonest key point
  inside  share of all comments that are in a viewpoint

and how often the tone of a comment is its stance to the motion's subject.
The constants of bot/evidence/grouping.py were chosen on the ten development threads that docs/quality.md reports on.
"""

import argparse
import json
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bot.evidence.grouping import Floats
from bot.evidence.positions import MOST, SHOWN, positions
from bot.evidence.tone import CLEAR, tone
from bot.product.assemble import assemble
from bot.settings import Settings
from corpus.thread import Thread
from index.ranking.lexical import terms

SHARE = 0.05
SEEDS = range(5)
AGAINST = re.compile(r"\b(?:end|abandon|ban|close|abolish|abolition|prohibit|oppose|stop)\b", re.IGNORECASE)
"""Motions that are against their subject: who supports these speaks against it."""


class KeyPoint(NamedTuple):
    stance: int
    """1 for the motion, -1 against it."""
    made_by: frozenset[str]


class Grouped(NamedTuple):
    """One viewpoint: whose comments, and which of them are quoted."""

    members: Sequence[str]
    quoted: Sequence[str]


class Case(NamedTuple):
    thread: Thread
    vectors: Floats
    points: Sequence[KeyPoint]


Method = Callable[[Case, int], list[Grouped]]
"""(thread, seed) -> viewpoints."""


def main() -> None:
    options = _options()
    settings = Settings.load(home=Path(tempfile.mkdtemp()), encoder_dir=options.encoder_dir)
    with closing(assemble(settings)) as product:
        asked = [json.loads(line) for line in options.questions.read_text(encoding="utf-8").splitlines()]
        cases, ours = [], {}
        for file in sorted(options.threads.glob("*.json")):
            [thread_id] = [each.id for each in product.ingest(file.read_bytes(), name=file.name).threads]
            thread, scope = product.thread(thread_id), product.scope([thread_id])
            cases.append(Case(thread, scope.comment_vectors(thread.comments), _key_points(asked, thread_id)))
            found = positions(thread, scope)
            ours[thread_id] = [Grouped(each.members, [quote.comment_id for quote in each.quotes]) for each in found]
    methods: dict[str, tuple[Method, Sequence[int]]] = {
        "viewpoints": (lambda case, _: ours[case.thread.id], (0,)),
        f"k-means, k = {MOST}": (_k_means, SEEDS),
        f"{MOST} groups at random": (_random_groups, SEEDS),
        f"{MOST} comments at random, each its own": (_random_comments, SEEDS),
    }
    report = {name: _measured(method, cases, seeds) for name, (method, seeds) in methods.items()}
    print(f"{len(cases)} threads, {sum(len(_common(case)) for case in cases)} key points made by {SHARE:.0%} or more")
    for name, figures in report.items():
        print(f"{name:42}", *(f"{label} {value:.3f}" for label, value in figures.items()), sep="  ")
    report["tone as stance"] = _tone_as_stance(cases)
    print("tone as stance", *(f"{label} {value:.3f}" for label, value in report["tone as stance"].items()), sep="  ")
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--encoder-dir", type=Path)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def _key_points(asked: Sequence[dict[str, object]], thread_id: str) -> list[KeyPoint]:
    return [
        KeyPoint(int(str(each["stance"])), frozenset(map(str, each["evidence"])))  # type: ignore[call-overload]
        for each in asked
        if each["thread_id"] == thread_id
    ]


def _common(case: Case) -> set[int]:
    fewest = SHARE * len(case.thread.comments)
    return {place for place, point in enumerate(case.points) if len(point.made_by) >= fewest}


def _measured(method: Method, cases: Sequence[Case], seeds: Sequence[int]) -> dict[str, float]:
    runs = [_run([(case, method(case, seed)) for case in cases]) for seed in seeds]
    return {label: float(np.mean([run[label] for run in runs])) for label in runs[0]}


def _run(grouped: Sequence[tuple[Case, list[Grouped]]]) -> dict[str, float]:
    totals: Counter[str] = Counter()
    for case, groups in grouped:
        common = _common(case)
        totals["common"] += len(common)
        totals["own"] += len(common & {most for group in groups if (most := _argued(case, group)[0]) is not None})
        totals["quoted"] += len(common & {n for group in groups for at in group.quoted[:1] for n in _made(case, at)})
        totals["any"] += len(common & {n for group in groups for at in group.quoted for n in _made(case, at)})
        for group in groups:
            _, right, labelled = _argued(case, group)
            totals["right"] += right
            totals["labelled"] += labelled
            totals["inside"] += len(group.members)
        totals["comments"] += len(case.thread.comments)
    shares = {label: totals[label] / totals["common"] for label in ("own", "quoted", "any")}
    purity = totals["right"] / max(1, totals["labelled"])
    return {**shares, "purity": purity, "inside": totals["inside"] / totals["comments"]}


def _argued(case: Case, group: Grouped) -> tuple[int | None, int, int]:
    """(the key point that most of the group's labelled comments make, how many do, how many are labelled)."""
    made = [_made(case, member) for member in group.members]
    most = Counter(n for points in made for n in points).most_common(1)
    labelled = sum(bool(points) for points in made)
    return (most[0][0], most[0][1], labelled) if most else (None, 0, labelled)


def _made(case: Case, comment_id: str) -> list[int]:
    return [n for n, point in enumerate(case.points) if comment_id in point.made_by]


def _k_means(case: Case, seed: int) -> list[Grouped]:
    """Spherical k-means over the encoder's vectors as they are, the most central comments quoted."""
    rows, chosen = case.vectors, np.random.default_rng(seed)
    middles = rows[chosen.choice(len(rows), MOST, replace=False)]
    nearest = (rows @ middles.T).argmax(axis=1)
    for _ in range(50):
        sums = [rows[nearest == n].sum(axis=0) if (nearest == n).any() else middles[n] for n in range(MOST)]
        middles = np.array([each / np.linalg.norm(each) for each in sums])
        nearest = (rows @ middles.T).argmax(axis=1)
    ids = [comment.id for comment in case.thread.comments]
    groups = []
    for n in range(MOST):
        places = sorted(np.flatnonzero(nearest == n), key=lambda place: -float(rows[place] @ middles[n]))
        groups.append(Grouped([ids[place] for place in places], [ids[place] for place in places[:SHOWN]]))
    return groups


def _random_groups(case: Case, seed: int) -> list[Grouped]:
    nearest = np.random.default_rng(seed).integers(0, MOST, len(case.thread.comments))
    ids = np.array([comment.id for comment in case.thread.comments])
    return [Grouped(list(ids[nearest == n]), list(ids[nearest == n][:SHOWN])) for n in range(MOST)]


def _random_comments(case: Case, seed: int) -> list[Grouped]:
    ids = [comment.id for comment in case.thread.comments]
    return [Grouped([at], [at]) for at in np.random.default_rng(seed).choice(ids, MOST, replace=False)]


def _tone_as_stance(cases: Sequence[Case]) -> dict[str, float]:
    """Of the comments of one stance, how many have a clear tone, in how many of these it is the stance to the subject,
    and by how much the share of positive ones is off in the mean thread."""
    judged = decided = right = 0
    off = []
    for case in cases:
        apart = frozenset(terms(case.thread.title))
        pairs = [(stance, tone(text, apart=apart)) for stance, text in _of_one_stance(case)]
        clear = [(stance, value) for stance, value in pairs if abs(value) >= CLEAR]
        judged, decided = judged + len(pairs), decided + len(clear)
        right += sum((value > 0) == (stance > 0) for stance, value in clear)
        off.append(abs(np.mean([stance > 0 for stance, _ in pairs]) - np.mean([value > 0 for _, value in clear])))
    return {"clear": decided / judged, "right": right / decided, "share off by": float(np.mean(off))}


def _of_one_stance(case: Case) -> list[tuple[int, str]]:
    """(1 for the motion's subject or -1 against it, text) of the comments that make points of one stance alone."""
    sign = -1 if AGAINST.search(case.thread.title) else 1
    pairs = []
    for comment in case.thread.comments:
        stances = {case.points[n].stance * sign for n in _made(case, comment.id)}
        if len(stances) == 1:
            pairs.append((stances.pop(), comment.text))
    return pairs


if __name__ == "__main__":
    main()
