"""The figures of benchmarks.bench_scale as a picture: four log-log plots. Needs matplotlib, of the `bench` extra.

python -m benchmarks.scale_plot FIGURES.json OUT.png
"""

import json
import sys
from pathlib import Path
from typing import Any

Row = dict[str, Any]
GROUPS: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    (
        "A question",
        "milliseconds",
        (
            ("all_ask_p95_ms", "all threads, answer p95"),
            ("all_search_p95_ms", "all threads, retrieval p95"),
            ("all_vectors_p50_ms", "of that: HNSW p50"),
            ("all_words_p50_ms", "of that: FTS5 p50"),
            ("thread_ask_p95_ms", "one thread of 1,000, answer p95"),
            ("thread_search_p50_ms", "one thread of 1,000, retrieval p50"),
        ),
    ),
    (
        "Reading in",
        "comments a second",
        (
            ("text_a_second", "text kept and searchable"),
            ("indexed_a_second", "vectors kept, not counting the model"),
            ("embedded_a_second", "everything, with embedding"),
        ),
    ),
    ("Disk", "MB", (("records_mb", "threads.db"), ("vectors_mb", "Chroma"))),
    ("Memory of a process that asks", "MB", (("resident_opened_mb", "opened"), ("resident_mb", "after the questions"))),
)
COLOURS = ("#0b5fa5", "#d1495b", "#2e8b57", "#8a6d3b", "#6a4c93", "#444444")
MARKS = "osD^vX"


def plot(report: Row, file: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(2, 2, figsize=(12, 9), layout="constrained")
    for axis, (title, unit, lines) in zip(axes.flat, GROUPS, strict=True):
        for place, (name, label) in enumerate(lines):
            rows = _of(report["rows"], name)
            slope = report["exponents"].get(name)
            told = label if slope is None else f"{label}  (exponent {slope:.2f})"
            sizes, values = [row["comments"] for row in rows], [row[name] for row in rows]
            axis.loglog(sizes, values, color=COLOURS[place], marker=MARKS[place], markersize=5, label=told)
        if unit == "milliseconds":
            axis.axhline(150, color="#999999", linestyle=":", linewidth=1)
        axis.set(title=title, xlabel="comments in the corpus", ylabel=unit)
        low, high = axis.get_ylim()
        axis.set_ylim(low / 1.5, high * (3 if len(lines) < 4 else 12))
        axis.grid(visible=True, which="major", alpha=0.35)
        axis.legend(fontsize=8, loc="upper left")
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=110)
    plt.close(figure)


def _of(rows: list[Row], name: str) -> list[Row]:
    """At the first size all threads are one, which is another path."""
    return rows[1:] if name.startswith("all") and len(rows) > 1 else rows


if __name__ == "__main__":
    plot(json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2]))
