"""Telemetry: requests by the route's pattern, latencies in buckets, in a form that Prometheus reads."""

import re

from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.faces.http.telemetry import BOUNDS_S, Telemetry, Timed
from bot.llm.client import Billed

SAMPLE = re.compile(r'[a-z_]+(\{[a-z_]+="(?:[^"\\\n]|\\.)*"(,[a-z_]+="(?:[^"\\\n]|\\.)*")*\})? [0-9.e+-]+')


def measured() -> tuple[Telemetry, TestClient]:
    telemetry = Telemetry()
    app = FastAPI()
    app.add_middleware(Timed, telemetry=telemetry)

    @app.get("/threads/{thread_id}")
    def thread(thread_id: str) -> str:
        if thread_id == "broken":
            raise RuntimeError
        return thread_id

    app.mount("/", Starlette(routes=[Route("/hello", lambda _: PlainTextResponse("hello"))]))
    return telemetry, TestClient(app, raise_server_exceptions=False)


def test_requests_are_counted_by_pattern_never_by_path() -> None:
    telemetry, client = measured()
    for path in ("/threads/a", "/threads/b", "/threads/broken", "/hello", "/nowhere/" + "x" * 50):
        client.get(path)
    client.request("BREW", "/threads/a")
    text = telemetry.text()
    assert 'digg_requests_total{route="/threads/{thread_id}",method="GET",status="200"} 2' in text
    assert 'digg_requests_total{route="/threads/{thread_id}",method="GET",status="500"} 1' in text
    assert 'method="other"' in text
    assert 'digg_requests_total{route="/hello",method="GET",status="200"} 1' in text
    assert "xxxxx" not in text
    assert "BREW" not in text


def test_every_line_is_a_sample_or_about_one() -> None:
    telemetry, client = measured()
    client.get("/threads/a")
    telemetry.request('a "b" \\ \n', "GET", 200, 0.001)
    telemetry.model_call(Billed(purpose="write again", outcome="too slow", ms=800.0, tokens_in=7, tokens_out=0))
    for line in telemetry.text().splitlines():
        assert line.startswith(("# HELP ", "# TYPE ")) or SAMPLE.fullmatch(line), line


def test_a_histogram_adds_up() -> None:
    telemetry = Telemetry()
    for seconds in (0.001, 0.005, 0.3, 99.0):
        telemetry.request("/x", "GET", 200, seconds)
    text = telemetry.text()
    counts = [int(n) for n in re.findall(r'_bucket\{route="/x",le="[^"]+"\} (\d+)', text)]
    assert len(counts) == len(BOUNDS_S)
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (2, 4)
    assert 'le="+Inf"} 4' in text
    assert 'digg_request_seconds_count{route="/x"} 4' in text
    assert 'digg_request_seconds_sum{route="/x"} 99.306000' in text


def test_calls_to_a_model_are_counted_by_purpose_and_outcome() -> None:
    telemetry = Telemetry()
    for outcome, ms in (("ok", 800.0), ("ok", 1_200.0), ("busy", 3.0)):
        telemetry.model_call(Billed(purpose="write", outcome=outcome, ms=ms, tokens_in=90, tokens_out=10))
    text = telemetry.text()
    assert 'digg_model_calls_total{purpose="write",outcome="ok"} 2' in text
    assert 'digg_model_calls_total{purpose="write",outcome="busy"} 1' in text
    assert 'digg_model_tokens_total{purpose="write",direction="in"} 270' in text
    assert 'digg_model_tokens_total{purpose="write",direction="out"} 30' in text
    assert 'digg_model_call_seconds_bucket{purpose="write",le="1"} 2' in text
    assert 'digg_model_call_seconds_sum{purpose="write"} 2.003000' in text
