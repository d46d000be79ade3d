"""Slack by real processes: `digg-deeper serve` takes its requests, `digg-deeper slack` answers over a socket."""

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from slack_server import (
    APP_TOKEN,
    BOT,
    BOT_TOKEN,
    PATIENCE_S,
    SECRET,
    StandIn,
    mention,
    quotes_in,
    read_aloud,
    signed,
    slash,
)
from test_bot_cli import command, environment
from test_bot_serve import Served

pytestmark = pytest.mark.slow
WHY = f"<@{BOT}> why does the night ferry stop?"


@pytest.fixture
def slack() -> Iterator[StandIn]:
    stand_in = StandIn()
    yield stand_in
    stand_in.close()
    assert stand_in.wrong == []


@pytest.fixture
def env(tmp_path: Path, encoder_home: Path, slack: StandIn) -> dict[str, str]:
    inherited = environment(tmp_path / "home", encoder_home)
    return {name: value for name, value in inherited.items() if not name.lower().endswith("_proxy")} | {
        "DIGG_SLACK_BOT_TOKEN": BOT_TOKEN,
        "DIGG_SLACK_APP_TOKEN": APP_TOKEN,
        "DIGG_SLACK_SIGNING_SECRET": SECRET,
        "DIGG_SLACK_API_URL": slack.api_url,
    }


@pytest.fixture
def served(tmp_path: Path, env: dict[str, str]) -> Iterator[Served]:
    (tmp_path / "home").mkdir()
    server = Served(tmp_path / "home", env)
    yield server
    assert server.stop() == 0


def test_a_server_answers_slack_and_keeps_its_threads_to_itself(served: Served, slack: StandIn) -> None:
    body = json.dumps(mention(WHY)).encode()
    headers = {"Content-Type": "application/json"}
    address = f"{served.url}/slack/events"
    assert httpx.post(address, content=body, headers=headers, trust_env=False).status_code == 401
    sent = httpx.post(address, content=body, headers={**headers, **signed(body)}, trust_env=False, timeout=60)
    assert sent.status_code == 200
    assert any("crew was cut" in quote for quote in quotes_in(slack.posted.get(timeout=PATIENCE_S)))
    assert "slack-" not in served.get("/v1/threads").text
    assert "/slack/events" not in served.get("/openapi.json").text


def test_the_command_answers_over_a_socket_beside_a_server(
    served: Served, slack: StandIn, tmp_path: Path, env: dict[str, str]
) -> None:
    process = subprocess.Popen(
        command("slack"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, env=env, text=True
    )
    assert process.stdout is not None
    said = process.stdout.readline()
    assert said == "Digg Deeper answers as digg in Harbour\n", process.communicate()[1]
    slack.send_over_socket("slash_commands", slash("nosuch: what do people say?", slack=slack), envelope="e1")
    assert slack.replied.get(timeout=PATIENCE_S)["response_type"] == "ephemeral"
    slack.send_over_socket("events_api", mention(WHY), envelope="e2")
    assert "@Ada" in read_aloud(slack.posted.get(timeout=PATIENCE_S))
    process.send_signal(signal.SIGTERM)
    told = process.communicate(timeout=60)[1]
    assert process.returncode == 0, told
    assert "Traceback" not in told


def test_the_command_without_tokens_names_the_one_that_is_missing(tmp_path: Path, env: dict[str, str]) -> None:
    del env["DIGG_SLACK_APP_TOKEN"]
    run = subprocess.run(command("slack"), capture_output=True, cwd=tmp_path, env=env, text=True, check=False)
    assert run.returncode == 1
    assert "DIGG_SLACK_APP_TOKEN is not set. docs/slack.md" in " ".join(run.stderr.split())
