"""Telemetry: what the server did, counted, in Prometheus' text form.

Counted in this process since it started. Not here: any word of a question or a comment, or who asked.
"""

import math
import threading
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.llm.client import Billed
from bot.values.answer import Answer

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, math.inf)
"""Upper bounds of the latency buckets, in seconds."""


class Telemetry:
    """Counters and latencies. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._latencies: dict[str, list[int]] = defaultdict(lambda: [0] * len(BOUNDS_S))
        self._seconds: dict[str, float] = defaultdict(float)
        self._answers: Counter[str] = Counter()
        self._abstentions = 0
        self._dropped = 0
        self._calls: Counter[tuple[str, str]] = Counter()
        self._tokens: Counter[tuple[str, str]] = Counter()
        self._call_latencies: dict[str, list[int]] = defaultdict(lambda: [0] * len(BOUNDS_S))
        self._call_seconds: dict[str, float] = defaultdict(float)

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        with self._lock:
            self._requests[route, method, status] += 1
            self._latencies[route][bisect_left(BOUNDS_S, seconds)] += 1
            self._seconds[route] += seconds

    def answer(self, answer: Answer) -> None:
        with self._lock:
            self._answers[answer.kind] += 1
            self._abstentions += answer.abstained
            self._dropped += answer.dropped

    def model_call(self, billed: Billed) -> None:
        """One call to the language model, whatever it was for; purposes and outcomes are a few words of ours."""
        seconds = billed.ms / 1000
        with self._lock:
            self._calls[billed.purpose, billed.outcome] += 1
            self._tokens[billed.purpose, "in"] += billed.tokens_in
            self._tokens[billed.purpose, "out"] += billed.tokens_out
            self._call_latencies[billed.purpose][bisect_left(BOUNDS_S, seconds)] += 1
            self._call_seconds[billed.purpose] += seconds

    def text(self) -> str:
        """The exposition, one metric after the other, each sample on a line."""
        with self._lock:
            lines = [
                *_head("digg_requests_total", "counter", "Requests answered, by route, method and status."),
                *(
                    f'digg_requests_total{{route="{_escaped(route)}",method="{method}",status="{status}"}} {n}'
                    for (route, method, status), n in sorted(self._requests.items())
                ),
                *_head("digg_request_seconds", "histogram", "From the request to the last byte of the answer."),
                *_histograms("digg_request_seconds", "route", self._latencies, self._seconds),
                *_head("digg_answers_total", "counter", "Answers given over HTTP, abstentions included, by kind."),
                *(f'digg_answers_total{{kind="{kind}"}} {n}' for kind, n in sorted(self._answers.items())),
                *_head("digg_abstentions_total", "counter", "Answers over HTTP that declined to answer."),
                f"digg_abstentions_total {self._abstentions}",
                *_head("digg_statements_dropped_total", "counter", "Statements that verification refused."),
                f"digg_statements_dropped_total {self._dropped}",
                *self._of_the_model(),
            ]
        return "\n".join(lines) + "\n"

    def _of_the_model(self) -> list[str]:
        """What its calls came to; nothing but the names where none was made."""
        return [
            *_head("digg_model_calls_total", "counter", "Calls to the language model, by purpose and outcome."),
            *(
                f'digg_model_calls_total{{purpose="{_escaped(purpose)}",outcome="{_escaped(outcome)}"}} {n}'
                for (purpose, outcome), n in sorted(self._calls.items())
            ),
            *_head("digg_model_tokens_total", "counter", "Tokens of these calls, by purpose, in and out."),
            *(
                f'digg_model_tokens_total{{purpose="{_escaped(purpose)}",direction="{direction}"}} {n}'
                for (purpose, direction), n in sorted(self._tokens.items())
            ),
            *_head("digg_model_call_seconds", "histogram", "From the call to the last of its reply, by purpose."),
            *_histograms("digg_model_call_seconds", "purpose", self._call_latencies, self._call_seconds),
        ]


def _histograms(
    name: str, label: str, latencies: Mapping[str, Sequence[int]], seconds: Mapping[str, float]
) -> Iterator[str]:
    for value in sorted(latencies):
        labelled = f'{label}="{_escaped(value)}"'
        so_far = 0
        for bound, count in zip(BOUNDS_S, latencies[value], strict=True):
            so_far += count
            upper = "+Inf" if math.isinf(bound) else f"{bound:g}"
            yield f'{name}_bucket{{{labelled},le="{upper}"}} {so_far}'
        yield f"{name}_sum{{{labelled}}} {seconds[value]:.6f}"
        yield f"{name}_count{{{labelled}}} {so_far}"


class Timed:
    """ASGI middleware that tells a Telemetry of every request, by the route's pattern, never by its path."""

    def __init__(self, app: ASGIApp, telemetry: Telemetry) -> None:
        self._app = app
        self._telemetry = telemetry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            self._telemetry.request(_route(scope), _method(scope), status, time.perf_counter() - started)


def _route(scope: Scope) -> str:
    """The pattern that matched; "none" where nothing did."""
    return getattr(scope.get("route"), "path", "") or "none"


def _method(scope: Scope) -> str:
    known = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
    return scope["method"] if scope["method"] in known else "other"


def _head(name: str, kind: str, text: str) -> list[str]:
    return [f"# HELP {name} {text}", f"# TYPE {name} {kind}"]


def _escaped(label: str) -> str:
    return label.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
