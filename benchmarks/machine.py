"""The machine: its load, its fp32 matrix peak, and the share of it that our encoder reaches.

Not here: anything about threads.
"""

import os
import platform
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from index.encoders.embedder import BATCH_PIECES, load_embedder
from index.encoders.onnx_encoder import available_cores

SIDE = 1_536
"""Rows and columns of the matrices whose product is the peak: 7.2 GFLOP a product."""
LAYERS, WIDTH, INNER = 6, 384, 1_536
"""Of all-MiniLM-L6-v2."""
FORMULA = "per token: layers * (2 * (4 * width^2 + 2 * width * inner) + 4 * tokens * width)"
LENGTHS = (16, 32, 64, 128)
ROUNDS = 3
"""In every run."""


def described() -> dict[str, Any]:
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": available_cores(),
        "python": platform.python_version(),
        "load_1min": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unknown"


def flops_a_token(tokens: int) -> int:
    """Multiplications and additions of one token in a text of so many; softmax, norms and GELU are not counted."""
    projections = 2 * (4 * WIDTH**2 + 2 * WIDTH * INNER)
    attention = 4 * tokens * WIDTH
    return LAYERS * (projections + attention)


def encoder_share(encoder_dir: Path, *, runs: int) -> dict[str, Any]:
    """GFLOP/s of two matrix products and of the encoder by text length, in turn in every round.

    The peak of a round is the better product of just before. Other programs only ever slow a product down, so that the
    best of all rounds against the best of all rounds is told as well.
    """
    embedder = load_embedder(None, home=encoder_dir)
    by_numpy, by_onnx = _numpy_product(), _onnx_product()
    peaks: list[tuple[float, float]] = []
    reached: dict[int, list[tuple[float, float]]] = {tokens: [] for tokens in LENGTHS}
    for _ in range(ROUNDS * runs):
        for tokens in LENGTHS:
            peaks.append((_rate(by_numpy, 2 * SIDE**3), _rate(by_onnx, 2 * SIDE**3)))
            texts = _texts(tokens, embedder.count_pieces)
            embed = embedder._embed  # noqa: SLF001 - without the memory of texts seen lately
            rate = _rate(partial(embed, texts, None), len(texts) * tokens * flops_a_token(tokens))
            reached[tokens].append((rate, max(peaks[-1])))
    highest = max(max(both) for both in peaks)
    return {
        "formula": FORMULA,
        "sgemm_numpy_gflops": round(median(one for one, _ in peaks), 1),
        "matmul_onnxruntime_gflops": round(median(two for _, two in peaks), 1),
        "highest_gflops": round(highest, 1),
        "encoder": {
            tokens: {
                "texts_a_batch": BATCH_PIECES // tokens,
                "gflops": round(median(rate for rate, _ in rates), 1),
                "share_of_peak": round(median(rate / peak for rate, peak in rates), 3),
                "best_over_best": round(max(rate for rate, _ in rates) / highest, 3),
            }
            for tokens, rates in reached.items()
        },
    }


def _texts(tokens: int, count: Callable[[list[str]], list[int]]) -> list[str]:
    """Two batches a core as the embedder makes them: texts of exactly so many pieces."""
    words = "river stone cloud table green seven music paper".split()
    texts = [
        " ".join(words[(n + place) % 8] for place in range(tokens - 2))
        for n in range(2 * available_cores() * BATCH_PIECES // tokens)
    ]
    if set(count(texts)) != {tokens}:
        raise RuntimeError(f"the texts do not have {tokens} pieces each")
    return texts


def _rate(work: Callable[[], object], flops: int, *, least_s: float = 0.3) -> float:
    """GFLOP/s of the fastest of as many rounds as fit into so many seconds."""
    work()
    best, end = float("inf"), time.perf_counter() + least_s
    while time.perf_counter() < end:
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return flops / best / 1e9


def _matrices() -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    draw = np.random.default_rng(1)
    one, two = (draw.standard_normal((SIDE, SIDE), dtype=np.float32) for _ in range(2))
    return one, two


def _numpy_product() -> Callable[[], object]:
    one, two = _matrices()
    return lambda: one @ two


def _onnx_product() -> Callable[[], object]:
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    one, two = _matrices()
    shape = [SIDE, SIDE]
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        "product",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(two, "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = available_cores()
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return lambda: session.run(None, {"x": one})
