"""Guard: who may reach the server under which name, what may change something, and how large a request may be."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from bot.faces.http import problems
from bot.faces.http.guard import FRAMING_BYTES, Guard
from bot.settings import Settings

Client = Callable[..., TestClient]


@pytest.fixture
def client() -> Client:
    """A client of a guarded app that answers every body with its length."""

    def make(base_url: str = "http://127.0.0.1:7860", **settings: Any) -> TestClient:
        app = FastAPI()
        problems.install(app)
        app.add_middleware(Guard, settings=Settings(**settings))

        @app.get("/")
        @app.post("/")
        async def length(request: Request) -> int:
            return len(await request.body())

        return TestClient(app, base_url=base_url)

    return make


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:7860",
        "127.0.0.1",
        "127.0.0.1:80",
        "192.168.1.20:7860",
        "[::1]:7860",
        "app.localhost",
        "LOCALHOST.",
    ],
)
def test_addresses_and_localhost_are_ours(client: Client, host: str) -> None:
    assert client().get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7860", "localhost.evil.example", "127.0.0.1.evil.example", "", "[", "a b"]
)
def test_another_name_is_turned_away(client: Client, host: str) -> None:
    reply = client().get("/", headers={"Host": host})
    assert reply.status_code == 421
    assert reply.headers["content-type"] == problems.MEDIA_TYPE
    assert "DIGG_ALLOWED_HOSTS" in reply.json()["next_step"]


def test_configured_names_are_ours(client: Client) -> None:
    named = client(public_url="https://digg.example.org", allowed_hosts="digg, other.example")
    for host in ("digg.example.org", "digg:7860", "other.example"):
        assert named.get("/", headers={"Host": host}).status_code == 200
    assert named.get("/", headers={"Host": "example.org"}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:7860"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:7860"},
    ],
)
def test_a_page_of_another_site_changes_nothing(client: Client, headers: dict[str, str]) -> None:
    reply = client().post("/", content=b"x", headers=headers)
    assert reply.status_code == 403
    assert client().get("/", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "http://127.0.0.1:7860"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}],
)
def test_its_own_page_and_programs_may_change_things(client: Client, headers: dict[str, str]) -> None:
    assert client().post("/", content=b"xyz", headers=headers).json() == 3


def test_the_page_behind_a_proxy_is_its_own(client: Client) -> None:
    behind = client(public_url="https://digg.example.org/")
    assert behind.post("/", headers={"Origin": "https://digg.example.org"}).status_code == 200
    assert behind.post("/", headers={"Origin": "http://digg.example.org"}).status_code == 403


def test_a_body_ends_at_the_limit(client: Client) -> None:
    most = 1_000 + FRAMING_BYTES
    limited = client(max_input_bytes=1_000)
    assert limited.post("/", content=b"x" * most).json() == most
    reply = limited.post("/", content=b"x" * (most + 1))
    assert reply.status_code == 413
    assert reply.json()["type"].endswith(":input-too-large")
    assert "DIGG_MAX_INPUT_BYTES" in reply.json()["next_step"]


def test_a_body_without_a_length_ends_at_the_limit_while_it_comes_in(client: Client) -> None:
    sent = []

    def endless() -> Any:
        for _ in range(200):
            sent.append(1)
            yield b"x" * 1_000

    reply = client(max_input_bytes=1_000).post("/", content=endless())
    assert reply.status_code == 413
    assert reply.headers["content-type"] == problems.MEDIA_TYPE
    assert "1,000 bytes" in reply.json()["detail"]


@pytest.mark.parametrize("length", ["-1", "x", "1e9"])
def test_a_length_that_is_none_is_no_way_around(client: Client, length: str) -> None:
    reply = client(max_input_bytes=1_000).post("/", content=b"x" * 70_000, headers={"Content-Length": length})
    assert reply.status_code == 413


def test_what_is_sent_cannot_be_framed_or_guessed_at(client: Client) -> None:
    headers = client().get("/").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert "access-control-allow-origin" not in headers
