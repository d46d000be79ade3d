"""A real `digg-deeper serve` process: its memory with many comments, and its answers a second to many clients.

Not here: what a single answer costs (benchmarks.bench_pipeline).
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import psutil  # type: ignore[import-untyped]  # it has no types

from benchmarks import invented

A_THREAD = 1_000
"""Comments of each thread that the server is given."""
START_S, READ_S = 120, 1_800


class Serving:
    """The server as its clients and the system see it."""

    def __init__(self, process: "subprocess.Popen[bytes]", url: str) -> None:
        self._process = psutil.Process(process.pid)
        self.url = url
        self.client = httpx.Client(base_url=url, timeout=READ_S, trust_env=False)

    def resident_mb(self) -> float:
        """Of the process and its children."""
        processes = [self._process, *self._process.children(recursive=True)]
        return round(float(sum(process.memory_info().rss for process in processes)) / 1e6, 1)

    def highest_mb(self) -> float | None:
        """What it ever had at once; None where the system does not tell."""
        try:
            lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
            return next(round(int(line.split()[1]) * 1024 / 1e6, 1) for line in lines if line.startswith("VmHWM"))
        except (OSError, StopIteration):
            return None

    def ask(self, client: httpx.Client, thread_id: str, question: str) -> float:
        """Seconds that an answer took."""
        start = time.perf_counter()
        client.post(f"/v1/threads/{thread_id}/questions", json={"question": question}).raise_for_status()
        return time.perf_counter() - start


@contextmanager
def serving(encoder_dir: Path) -> Iterator[Serving]:
    """The server of this environment on a free port, over a home folder of its own."""
    with tempfile.TemporaryDirectory(prefix="bench-serve-", ignore_cleanup_errors=True) as home:
        port = _free_port()
        environment = {**os.environ, "DIGG_HOME": home, "DIGG_ENCODER_DIR": str(encoder_dir.absolute())}
        command = [sys.executable, "-c", "from bot.faces.cli.main import main; main()", "serve", "--port", str(port)]
        with Path(home, "output").open("wb") as output:
            process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        served = Serving(process, f"http://127.0.0.1:{port}")
        try:
            _wait(served, process, Path(home, "output"))
            yield served
        finally:
            served.client.close()
            process.terminate()
            process.wait(60)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(served: Serving, process: "subprocess.Popen[bytes]", output: Path) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        try:
            if served.client.get("/readyz").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise RuntimeError(f"the server did not start: {output.read_text()[-2_000:]}")


def server_figures(encoder_dir: Path, *, comments: int, clients: int, asked: int, runs: int) -> dict[str, Any]:
    """Memory after reading in so many comments over HTTP and asking each thread; then load by `clients` at once."""
    with serving(encoder_dir) as served:
        told: dict[str, Any] = {"comments": comments, "resident_started_mb": served.resident_mb()}
        start = time.perf_counter()
        threads = [_read_in(served, number, min(A_THREAD, comments)) for number in range(max(1, comments // A_THREAD))]
        told["ingest_over_http_s"] = round(time.perf_counter() - start, 1)
        told["resident_ingested_mb"] = served.resident_mb()
        for thread_id in threads:
            for question in islice(invented.questions(seed=f"{thread_id} first"), 5):
                served.ask(served.client, thread_id, question)
        told["resident_asked_mb"] = served.resident_mb()
        told["load"] = _under_load(served, threads[0], clients=clients, asked=asked, runs=runs)
        told["resident_after_load_mb"] = served.resident_mb()
        told["highest_mb"] = served.highest_mb()
    return told


def _read_in(served: Serving, number: int, comments: int) -> str:
    content = invented.thread(comments, number=number)
    sent = {"file": (f"invented-{number}.json", content)}
    served.client.post("/v1/threads", files=sent).raise_for_status()
    return str(json.loads(content)["id"])


def _under_load(served: Serving, thread_id: str, *, clients: int, asked: int, runs: int) -> dict[str, Any]:
    """Answers a second in each run, `asked` distinct questions over all clients, one after another for each."""
    questions = invented.questions(seed="load")
    for question in islice(questions, 20):
        served.ask(served.client, thread_id, question)
    rates, took = [], []
    for _ in range(runs):
        shares = [list(islice(questions, asked // clients)) for _ in range(clients)]
        start = time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            for of_client in pool.map(lambda share: _client(served, thread_id, share), shares):
                took.extend(of_client)
        rates.append(sum(map(len, shares)) / (time.perf_counter() - start))
    took.sort()
    return {
        "clients": clients,
        "answers_a_run": asked // clients * clients,
        "answers_a_second": round(median(rates), 1),
        "answers_a_second_runs": [round(rate, 1) for rate in rates],
        "p50_ms": round(took[len(took) // 2] * 1000, 1),
        "p95_ms": round(took[int(len(took) * 0.95)] * 1000, 1),
    }


def _client(served: Serving, thread_id: str, share: list[str]) -> list[float]:
    with httpx.Client(base_url=served.url, timeout=READ_S, trust_env=False) as client:
        return [served.ask(client, thread_id, question) for question in share]
