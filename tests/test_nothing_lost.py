"""Kill -9 at fifty moments of real commands: every thread is wholly there or not at all, and a rerun completes.

The moments are drawn at random (the seed is fixed) and spread over the whole time that the command takes undisturbed,
so that they fall into the commit of the text, embedding, Chroma's writes, the change of state, the saving of answers.
Most kills hit children that were forked from a process which had imported everything (killing_ground.py), some hit
`digg-deeper` started as users start it, some a running server.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import ferry_thread
from test_bot_cli import command, environment

from corpus import readers
from corpus.thread import Thread

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 and fork are not there on Windows"),
]
QUESTION = "Why does the night ferry stop?"
FILLING = 930
"""Comments of the thread that is there: with what comes, more than the thousand after which Chroma writes files."""
SEED = 20_261_123


def talk(thread_id: str, size: int, *, edition: int = 1) -> dict[str, Any]:
    """The ferry's discussion with many short posts after it; another edition has some edited, gone and new ones."""
    made = ferry_thread() | {"id": thread_id, "title": f"{thread_id}, edition {edition}"}
    for number in range((edition - 1) * 15, size):
        later = f" Again since day {edition}." if edition > 1 and number % 30 == 0 else ""
        made["comments"].append(
            {
                "id": f"{thread_id}-{number}",
                "parent_id": None,
                "author": f"guest_{number % 97}",
                "text": f"Cabin {number} has no heating.{later}",
                "created_at": "2026-03-02T08:00:00Z",
            }
        )
    return made


OLD, EDITED, NEW = talk("forum:old", FILLING), talk("forum:old", FILLING + 20, edition=2), talk("forum:new", 130)


def as_kept(payload: dict[str, Any]) -> dict[str, Any]:
    (thread,) = readers.read(json.dumps(payload).encode(), name="t.json", max_bytes=10**8).threads
    return without_time(thread)


def without_time(thread: Thread) -> dict[str, Any]:
    """The thread as a value; when it was fetched is the reading's own."""
    return thread.model_dump(mode="json", exclude={"fetched_at"})


@dataclass
class Ground:
    """Runs commands over home folders, in children of one warm process."""

    process: "subprocess.Popen[str]"
    folder: Path
    encoder_home: Path
    homes: int = 0
    damaged: int = 0
    """How often a kill left Chroma's files damaged, and that was noticed."""
    states: list[str] = field(default_factory=list)

    def order(self, home: Path, **what: Any) -> dict[str, Any]:
        env = environment(home, self.encoder_home)
        given = {
            "environment": {name: env[name] for name in env if name.startswith("DIGG_")},
            "out": str(self.folder / "out"),
            "err": str(self.folder / "err"),
            **what,
        }
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(given) + "\n")
        self.process.stdin.flush()
        answered: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answered

    def run(self, home: Path, *arguments: str, kill_after: float | None = None) -> dict[str, Any]:
        done = self.order(home, arguments=arguments, kill_after=kill_after)
        assert done["killed"] or done["code"] == 0, (self.folder / "err").read_text()
        return done

    def look(self, home: Path) -> dict[str, Any]:
        done = self.order(home, look={"home": str(home), "question": QUESTION, "ask_of": "forum:old"})
        assert done["code"] == 0, (self.folder / "err").read_text()
        found: dict[str, Any] = json.loads((self.folder / "out").read_text())
        return found

    def fresh(self, template: Path) -> Path:
        self.homes += 1
        return Path(shutil.copytree(template, self.folder / f"home-{self.homes}"))


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Iterator[Ground]:
    folder = tmp_path_factory.mktemp("ground")
    env = environment(folder / "none", encoder_home, OMP_NUM_THREADS="1")
    script = [sys.executable, "-u", str(Path(__file__).with_name("killing_ground.py"))]
    with subprocess.Popen(script, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline()) == "warm"
        yield Ground(process, folder, encoder_home)
        process.kill()


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the commands that are killed read: an edition of a thread that is there, and a new one."""
    folder = tmp_path_factory.mktemp("exports")
    for name, payload in (("edited", EDITED), ("new", NEW), ("old", OLD)):
        (folder / f"{name}.json").write_text(json.dumps(payload))
    return [str(folder / "edited.json"), str(folder / "new.json"), str(folder / "old.json")]


@dataclass
class Undisturbed:
    """How it goes when nobody is killed."""

    template: Path
    """A home with the old thread, whole."""
    done: Path
    """That home once everything was read in."""
    answer: dict[str, Any]
    ingest_takes: float
    ask_takes: float


@pytest.fixture(scope="module")
def undisturbed(ground: Ground, exports: list[str]) -> Undisturbed:
    template = ground.folder / "template"
    ground.run(template, "ingest", exports[2])
    done = ground.fresh(template)
    ingest = ground.run(done, "ingest", *exports[:2])
    found = ground.look(ground.fresh(done))
    assert {thread["state"] for thread in found["threads"].values()} == {"full"}
    ask = ground.run(ground.fresh(done), "ask", "--thread", "forum:new", "Which cabin has no heating?")
    return Undisturbed(template, done, essence(found["answer"]), ingest["took"], ask["took"])


def essence(answer: dict[str, Any]) -> dict[str, Any]:
    """What an answer says and by whom, without what differs each time that it is asked."""
    cited = [[(c["comment_id"], c["quote"]) for c in s["citations"]] for s in answer["statements"]]
    texts = [statement["text"] for statement in answer["statements"]]
    return {"lead": answer["lead"], "texts": texts, "cited": cited, "state": answer["coverage"]["state"]}


def holds(ground: Ground, home: Path) -> dict[str, Any]:
    """Look at what a kill left, and find nothing half there."""
    found = ground.look(home)
    assert found["integrity"] == "ok"
    allowed = {"forum:old": [as_kept(OLD), as_kept(EDITED)], "forum:new": [as_kept(NEW)]}
    assert set(found["threads"]) <= set(allowed)
    for thread_id, kept in found["threads"].items():
        assert without_time(Thread.model_validate_json(kept["json"])) in allowed[thread_id]
        assert kept["state"] in {"lexical", "full"}
        # Chroma writes five files one after another; a kill in between is found out, and counts as no vectors at all.
        assert kept["whole"] or kept["state"] == "lexical" or found["damaged"], thread_id
        ground.states.append(kept["state"])
    ground.damaged += bool(found["damaged"])
    if "forum:old" in found["threads"]:
        verified(found)
    return found


def verified(found: dict[str, Any]) -> None:
    answer, thread = found["answer"], Thread.model_validate_json(found["threads"]["forum:old"]["json"])
    assert not answer["abstained"]
    assert answer["statements"]
    if found["damaged"]:
        assert answer["coverage"]["state"] == "lexical"
    for citation in [citation for statement in answer["statements"] for citation in statement["citations"]]:
        comment = thread.by_id[citation["comment_id"]]
        assert comment.text[citation["start"] : citation["end"]] == citation["quote"]
        assert comment.author is not None
        assert citation["author"]["id"] == comment.author.id


def completes(ground: Ground, home: Path, exports: list[str], undisturbed: Undisturbed) -> None:
    """The same command again brings it where it would have come undisturbed."""
    ground.run(home, "ingest", *exports[:2])
    found = holds(ground, home)
    if any(kept["state"] != "full" for kept in found["threads"].values()):
        ground.run(home, "sync")  # the rest of the threads, whose vectors went with damaged files of Chroma
        found = holds(ground, home)
    assert {thread_id: kept["state"] for thread_id, kept in found["threads"].items()} == {
        "forum:old": "full",
        "forum:new": "full",
    }
    assert essence(found["answer"]) == undisturbed.answer


def moments(number: int, takes: float, salt: int) -> list[float]:
    """Random moments, one in each of as many parts of the time."""
    drawn = random.Random(SEED + salt)
    return [(part + drawn.random()) / number * takes for part in range(number)]


def test_an_ingest_may_be_killed_at_any_moment(ground: Ground, exports: list[str], undisturbed: Undisturbed) -> None:
    killed = 0
    takes = undisturbed.ingest_takes
    for number, moment in enumerate(moments(22, 1.0, 1)):
        home = ground.fresh(undisturbed.template)
        done = ground.run(home, "ingest", *exports[:2], kill_after=moment * takes)
        if not done["killed"]:  # it was faster this time
            takes = done["took"]
        killed += done["killed"]
        holds(ground, home)
        if number % 11 == 10:
            completes(ground, home, exports, undisturbed)
        shutil.rmtree(home)
    assert killed >= 11
    assert {"lexical", "full"} <= set(ground.states)


def test_an_ingest_may_be_killed_again_and_again(ground: Ground, exports: list[str], undisturbed: Undisturbed) -> None:
    home = ground.folder / "again-and-again"
    for moment in moments(8, undisturbed.ingest_takes, 2):
        ground.run(home, "ingest", exports[2], kill_after=moment)
        if (home / "threads.db").exists():
            holds(ground, home)
    completes(ground, home, exports, undisturbed)


def test_a_question_may_be_killed_at_any_moment(ground: Ground, exports: list[str], undisturbed: Undisturbed) -> None:
    home = ground.fresh(undisturbed.done)
    for number, moment in enumerate(moments(12, undisturbed.ask_takes, 3)):
        ground.run(home, "ask", "--thread", "forum:new", f"Which cabin is cold, {number}?", kill_after=moment)
        found = holds(ground, home)
        assert {kept["state"] for kept in found["threads"].values()} == {"full"}
        assert essence(found["answer"]) == undisturbed.answer
    completes(ground, home, exports, undisturbed)


def test_a_server_may_be_killed_while_it_reads(ground: Ground, exports: list[str], undisturbed: Undisturbed) -> None:
    for moment in moments(4, undisturbed.ingest_takes, 4):
        home = ground.fresh(undisturbed.template)
        (home / ".filled").touch()  # no sample story
        server = ground.order(home, arguments=["serve", "--port", "0"], background=True)["pid"]
        url = announced(ground.folder / "out")
        reading = threading.Thread(target=send, args=(url, exports[:2]))
        reading.start()
        time.sleep(moment)
        os.kill(server, signal.SIGKILL)
        reading.join()
        holds(ground, home)
    completes(ground, home, exports, undisturbed)


def announced(out: Path) -> str:
    """Where the server answers, once it says so; the test's time limit ends a wait in vain."""
    while "ready on" not in (said := out.read_text()):
        time.sleep(0.02)
    return said.split()[-1]


def send(url: str, files: list[str]) -> None:
    for file in files:
        with suppress(httpx.HTTPError):
            httpx.post(f"{url}/v1/threads", files={"file": ("t.json", Path(file).read_bytes())}, timeout=60)


def test_the_program_as_users_start_it_may_be_killed(
    ground: Ground, exports: list[str], undisturbed: Undisturbed
) -> None:
    home = ground.fresh(undisturbed.template)
    starting = 2.0
    for number, moment in enumerate(moments(4, undisturbed.ingest_takes + starting, 5)):
        asked = ["ask", "--thread", "forum:old", f"Who is cold, {number}?"]
        arguments = asked if number % 2 else ["ingest", *exports[:2]]
        started = subprocess.Popen(
            command(*arguments),
            env=environment(home, ground.encoder_home),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(moment)
        started.kill()
        started.wait()
        holds(ground, home)
    completes(ground, home, exports, undisturbed)
