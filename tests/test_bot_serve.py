"""`digg-deeper serve` as a real process, and the command line beside it: one writer, found and used by the others."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from home_files import readable
from test_bot_cli import command, environment

from bot.library.writer_lock import WriterLock
from bot.product.sample import samples

pytestmark = pytest.mark.slow
Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
Start = Callable[..., "Served"]


class Served:
    """A server that runs, and where."""

    def __init__(self, home: Path, env: dict[str, str], *arguments: str) -> None:
        self.home = home
        self.process = subprocess.Popen(
            command("serve", "--port", "0", *arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=home.parent,
            env=env,
        )
        assert self.process.stdout is not None
        said = self.process.stdout.readline().decode()
        assert said.startswith("Digg Deeper is ready on "), self.process.communicate()[1].decode()
        self.url = said.split()[-1]

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.url}{path}", timeout=60, trust_env=False)

    def stop(self) -> int:
        self.process.terminate()
        self.process.communicate()
        return self.process.returncode


def until(condition: Callable[[], bool]) -> None:
    """Waits for what another process will do; the test's time limit ends a wait in vain."""
    while not condition():
        time.sleep(0.05)


@pytest.fixture
def env(tmp_path: Path, encoder_home: Path) -> dict[str, str]:
    return environment(tmp_path / "home", encoder_home)


@pytest.fixture
def serve(tmp_path: Path, env: dict[str, str]) -> Iterator[Start]:
    """Starts a server over the test's home and waits until it says that it is ready."""
    started: list[Served] = []

    def start(*arguments: str, filled: bool = True) -> Served:
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        if filled:
            (home / ".filled").touch()
        started.append(Served(home, env, *arguments))
        return started[-1]

    yield start
    for served in started:
        served.process.kill()
        served.process.communicate()


@pytest.fixture
def run(tmp_path: Path, env: dict[str, str]) -> Run:
    def go(*arguments: str, given: bytes = b"", **more: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(command(*arguments), input=given, capture_output=True, cwd=tmp_path, env={**env, **more})

    return go


def test_every_command_works_through_a_running_server(serve: Start, run: Run, ferry: dict[str, Any]) -> None:
    served = serve()
    owner = WriterLock(served.home, command="ask").owner()
    assert owner is not None
    assert (owner.pid, owner.url) == (served.process.pid, served.url)
    read = run("ingest", "--json", "-", given=json.dumps(ferry).encode())
    assert read.returncode == 0, read.stderr
    assert json.loads(read.stdout)["threads"][0]["id"] == ferry["id"]
    assert json.loads(run("threads", "--json").stdout) == served.get("/v1/threads").json()["threads"]
    asked = run("ask", "--json", "Why does the night ferry stop?")
    assert asked.returncode == 0, asked.stderr
    answers = served.get(f"/v1/threads/{ferry['id']}/questions").json()["answers"]
    assert [answer["id"] for answer in answers] == [json.loads(asked.stdout)["id"]]
    assert (
        json.loads(run("show", "--json", ferry["id"]).stdout) == served.get(f"/v1/threads/{ferry['id']}/export").json()
    )
    assert run("forget", "--thread", ferry["id"]).returncode == 0
    assert served.get("/v1/threads").json()["threads"] == []


def test_what_is_forgotten_through_a_running_server_is_in_no_file(
    serve: Start, run: Run, ferry: dict[str, Any]
) -> None:
    secret, name = "zyxomma", "wanda_bollard"
    said = [
        {"id": "c9", "author": name, "text": f"The {secret} pump leaks."},
        {"id": "c10", "author": "kestrel", "text": "My glycolweiss is empty."},
        {"id": "c11", "author": "old_salt", "text": "Ask @wanda_bollard about it."},
    ]
    ferry = {**ferry, "comments": [*ferry["comments"], *said]}
    served = serve()
    run("ingest", "-", given=json.dumps(ferry).encode())
    asked = httpx.post(
        f"{served.url}/v1/questions", json={"question": f"Who mentions the {secret} pump?"}, timeout=60, trust_env=False
    ).json()
    assert [c["comment_id"] for s in asked["statements"] for c in s["citations"]] == ["c9"]
    assert readable(served.home, [secret, "glycolweiss"]) == {secret, "glycolweiss"}

    forgotten = run("forget", "--author", name, "--yes")
    assert forgotten.returncode == 0, forgotten.stderr
    assert forgotten.stdout == f"--thread {ferry['id']} --comment c11: names the author\n".encode(), forgotten.stderr
    assert b"1 post in 1 thread" in forgotten.stderr
    gone = httpx.delete(
        f"{served.url}/v1/comments", params={"thread_id": ferry["id"], "comment_id": "c10"}, timeout=60, trust_env=False
    )
    assert gone.json() == {"threads": [ferry["id"]], "comments": 1, "questions": 0, "remains": []}
    assert readable(served.home, [secret, "glycolweiss"]) == set()
    assert secret not in served.get(f"/v1/threads/{ferry['id']}/questions").text

    run("ingest", "-", given=json.dumps(ferry).encode())
    shown = json.loads(run("show", "--json", ferry["id"]).stdout)
    assert [c["deleted"] for c in shown["comments"] if c["id"] in {"c9", "c10"}] == [True, True]
    assert readable(served.home, [secret, "glycolweiss"]) == set()
    assert run("forget", "--comment", "c9").returncode == 2
    assert run("forget", "--author", "nobody_here").returncode == 1


def test_errors_come_through_a_server_as_they_are(serve: Start, run: Run) -> None:
    serve()
    done = run("ask", "--thread", "none", "Why?")
    assert done.returncode == 1
    assert b"'none'" in done.stderr
    assert b"digg-deeper threads" in done.stderr
    assert run("ingest", "-", given=b"\x00").returncode == 1
    sync = run("sync")
    assert sync.returncode == 1
    assert b"digg-deeper serve" in sync.stderr


def test_a_second_server_over_the_same_home_names_the_first(serve: Start, run: Run) -> None:
    served = serve()
    done = run("serve")
    assert done.returncode == 1
    assert served.url.encode() in done.stderr


def test_stopped_in_order_it_gives_the_seat_back(serve: Start, run: Run, ferry: dict[str, Any]) -> None:
    served = serve()
    assert served.stop() == 0
    assert WriterLock(served.home, command="ask").owner() is None
    assert run("ingest", "-", given=json.dumps(ferry).encode()).returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is not there on Windows")
def test_killed_it_leaves_a_seat_that_others_take(serve: Start, run: Run, ferry: dict[str, Any]) -> None:
    served = serve()
    served.process.send_signal(signal.SIGKILL)
    served.process.communicate()
    assert (served.home / "writer.json").exists()
    assert run("ingest", "-", given=json.dumps(ferry).encode()).returncode == 0
    asked = run("ask", "Why does the night ferry stop?")
    assert asked.returncode == 0
    assert b"@ada_ferry" in asked.stdout


def test_a_note_that_points_at_nobody_is_not_followed(run: Run, tmp_path: Path, ferry: dict[str, Any]) -> None:
    with WriterLock(tmp_path / "home", command="serve").held(wait_s=0) as lock:
        with socket.create_server(("127.0.0.1", 0)) as gone:
            lock.publish(f"http://127.0.0.1:{gone.getsockname()[1]}")
        assert run("threads").returncode == 0
        done = run("ingest", "-", given=json.dumps(ferry).encode(), DIGG_WRITER_WAIT_S="0.2")
    assert done.returncode == 1
    assert b"digg-deeper serve" in done.stderr


def test_the_sample_is_there_at_the_first_start_and_never_again(serve: Start, run: Run) -> None:
    served = serve(filled=False)
    names = [name for name, _ in samples()]
    assert names
    assert served.get("/readyz").status_code == 200
    until((served.home / ".filled").exists)
    threads = served.get("/v1/threads").json()["threads"]
    assert len(threads) == len(names)
    for thread in threads:
        assert run("forget", "--thread", thread["id"]).returncode == 0
    served.stop()
    again = serve(filled=False)
    assert again.get("/readyz").status_code == 200
    assert again.get("/v1/threads").json()["threads"] == []


def test_a_home_that_was_filled_by_hand_gets_no_sample(serve: Start, run: Run, ferry: dict[str, Any]) -> None:
    assert run("ingest", "-", given=json.dumps(ferry).encode()).returncode == 0
    assert run("forget", "--thread", ferry["id"]).returncode == 0
    served = serve(filled=False)
    assert served.get("/readyz").status_code == 200
    assert served.get("/v1/threads").json()["threads"] == []


def test_page_and_api_are_one_server(serve: Start) -> None:
    served = serve()
    page = served.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert served.get("/healthz").json()["status"] == "ok"
    assert served.get("/v1/nothing").headers["content-type"] == "application/problem+json"
    assert httpx.get(f"{served.url}/", headers={"Host": "evil.example"}, trust_env=False).status_code == 421


def test_a_port_that_is_taken_is_named_with_what_to_do(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert b"--port" in done.stderr
    assert b"Traceback" not in done.stderr
