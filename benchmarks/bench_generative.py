"""How soon the first statement of a model's answer is sent, and how long the whole takes: against an endpoint on this
machine that writes 50 tokens a second, as a hosted model does. It writes what it would from the posts that it is shown.

    python -m benchmarks.bench_generative [--json OUT] [--tokens-a-second 50] [--runs 5]

Not measured: how well a model chooses. Nothing here needs a key, or leaves the machine.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from fake_llm import FakeLlm, data_of

from benchmarks.invented import thread
from bot.product.assemble import DiggDeeper, assemble
from bot.settings import Settings

QUESTION = "What do people think of the harbour?"
FIRST_TOKEN_S = 0.4


def says(body: dict[str, Any]) -> str:
    """Five statements of one quote each; the third is in no post."""
    statements = []
    for place, post in enumerate(data_of(body).get("posts", [])[:5]):
        words = "The mayor has been bribed." if place == 2 else post["text"].split(". ")[0]
        statements.append({"quotes": [{"post": post["post"], "words": words}]})
    return json.dumps({"answerable": True, "statements": statements})


@contextmanager
def product(url: str, **more: Any) -> Iterator[DiggDeeper]:
    with tempfile.TemporaryDirectory() as home:
        made = assemble(Settings(home=Path(home), llm_url=url, llm_model="tester", **more))
        made.ingest(thread(300), name="bench.json")
        made.ask(QUESTION)  # the encoder, LlamaIndex and the index are loaded
        yield made
        made.close()


def timed(made: DiggDeeper, run: int) -> dict[str, float]:
    start = time.perf_counter()
    sent: list[float] = []
    answer = made.ask(f"{QUESTION} ({run})", on_statement=lambda _: sent.append(time.perf_counter() - start))
    total = time.perf_counter() - start
    return {
        "first_s": sent[0] if sent else total,
        "total_s": total,
        "statements": len(answer.statements),
        "dropped": answer.dropped,
        "calls": answer.usage.get("calls", 0),
        "tokens_in": answer.usage.get("tokens_in", 0),
        "tokens_out": answer.usage.get("tokens_out", 0),
    }


def measured(tokens_a_second: float, runs: int) -> dict[str, dict[str, float]]:
    rows: dict[str, dict[str, float]] = {}
    ways: dict[str, dict[str, Any]] = {
        "by schema": {},
        "by tool": {"llm_format": "tool"},
    }
    for name, more in ways.items():
        with FakeLlm(says) as fake, product(fake.url, **more) as made:
            fake.tokens_a_second, fake.first_token_s = tokens_a_second, FIRST_TOKEN_S
            found = [timed(made, run) for run in range(runs)]
        rows[name] = {key: round(statistics.median(one[key] for one in found), 2) for key in found[0]}
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description="Time to the first statement, and to the whole answer.")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--tokens-a-second", type=float, default=50.0)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    rows = measured(given.tokens_a_second, given.runs)
    columns = list(next(iter(rows.values())))
    print("| | " + " | ".join(columns) + " |\n|---|" + "---|" * len(columns))
    for name, row in rows.items():
        print(f"| {name} | " + " | ".join(f"{row[column]:g}" for column in columns) + " |")
    if given.json is not None:
        given.json.write_text(json.dumps(rows, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
