"""One corpus behind several servers at once: records in PostgreSQL, vectors in a Chroma server, three API processes.

Everything is real: PostgreSQL and Chroma are started here, on free ports and in folders of their own, and so is every
`digg-deeper serve`. Skipped where PostgreSQL's programs are not installed (Debian: apt-get install postgresql).
"""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import ferry_thread
from sqlalchemy import create_engine, text
from test_bot_cli import command, environment
from test_bot_serve import Served, until
from test_index_chroma import DIMENSION, entry, running_server, unit_rows

from bot.product.assemble import assemble
from bot.product.product import DiggDeeper
from bot.settings import Settings
from corpus.errors import IndexUnusable
from corpus.readers import read
from corpus.records import word_search
from corpus.records.database import reading, writing
from corpus.records.schema import counters
from corpus.records.store import ThreadStore
from corpus.thread import Thread
from index.vectors.chroma import VectorStore

pytestmark = pytest.mark.slow
PROCESSES = 3
TOWNS = (
    "Alder Birch Cedar Dogwood Elm Fir Ginkgo Hazel Ivy Juniper Larch Maple Nutmeg Oak Poplar Quince Rowan Spruce"
).split()
_COMPLAINTS = (
    "the {town} tram is late again because the switch froze",
    "nobody in {town} asked for a second car park",
    "the {town} library should open on Sundays, the reading room is packed",
    "rent in {town} rose by nine percent since the spring",
    "I moved away from {town} and I miss the market hall",
    "the swimming hall of {town} leaks and the council looks away",
)


# the servers


def _programs() -> Path | None:
    """The folder of PostgreSQL's newest programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    named = shutil.which("initdb")
    return found[-1].parent if found else (Path(named).resolve().parent if named else None)


def _somebody() -> dict[str, Any]:
    """Whom PostgreSQL runs as: root it refuses."""
    import pwd

    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": ()}
    return pytest.skip("PostgreSQL does not run as root, and there is nobody else here")  # type: ignore[no-any-return]


@contextmanager
def postgresql_server() -> Iterator[str]:
    """The URL of an empty database on a server of its own."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed here: apt-get install postgresql")
    pytest.importorskip("psycopg", reason="its driver is not installed: pip install 'digg-deeper[postgresql]'")
    who = _somebody()
    with tempfile.TemporaryDirectory(prefix="digg-pg-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        if who:
            os.chown(folder, who["user"], who["group"])
        data, port = f"{folder}/data", free_port()
        made = [programs / "initdb", "-D", data, "-U", "digg", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"]
        done = subprocess.run(made, cwd=folder, capture_output=True, **who)
        assert done.returncode == 0, done.stderr.decode()
        options = ("listen_addresses=127.0.0.1", f"port={port}", f"unix_socket_directories={folder}", "fsync=off")
        started = [programs / "postgres", "-D", data, *(part for option in options for part in ("-c", option))]
        with Path(folder, "log").open("wb") as log:
            server = subprocess.Popen(started, cwd=folder, stdout=log, stderr=log, **who)
        try:
            _when_it_answers(programs, port, server, Path(folder, "log"))
            yield f"postgresql+psycopg://digg@127.0.0.1:{port}"
        finally:
            server.send_signal(2)  # ends without waiting for those who are connected
            server.wait(30)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _when_it_answers(programs: Path, port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    asked = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    while subprocess.run(asked, check=False).returncode != 0:
        assert server.poll() is None, log.read_text()
        time.sleep(0.05)


def database(server: str, name: str) -> str:
    """The URL of a new, empty database there."""
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return f"{server}/{name}"


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    with postgresql_server() as url:
        yield url


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_server(tmp_path_factory.mktemp("chroma")) as url:
        yield url


class Fleet:
    """Several servers over one corpus, and a way to look at it beside them."""

    def __init__(self, served: Sequence[Served], settings: Settings, env: dict[str, str]) -> None:
        self.served = served
        self.settings = settings
        self.env = env

    def post(self, at: int, path: str, **sent: Any) -> Any:
        url = f"{self.served[at % len(self.served)].url}{path}"
        reply = httpx.post(url, timeout=120, trust_env=False, **sent)
        assert reply.is_success, reply.text
        return reply.json()

    def ingest(self, at: int, thread: dict[str, Any]) -> Any:
        sent = {"file": (f"{thread['id']}.json", json.dumps(thread).encode())}
        return self.post(at, "/v1/threads", files=sent, headers={"Prefer": "wait=100"})

    def ask(self, at: int, question: str, thread_id: str | None = None) -> Any:
        path = "/v1/questions" if thread_id is None else f"/v1/threads/{thread_id}/questions"
        return self.post(at, path, json={"question": question})

    def states(self, at: int) -> dict[str, tuple[int, str]]:
        page = self.served[at].get("/v1/threads?limit=200").json()["threads"]
        return {thread["id"]: (thread["comments"], thread["state"]) for thread in page}

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        home = self.settings.home
        return subprocess.run(command(*arguments), env=self.env, cwd=home.parent, capture_output=True)


@pytest.fixture(scope="module")
def fleet(
    tmp_path_factory: pytest.TempPathFactory, encoder_home: Path, postgresql: str, chroma: str
) -> Iterator[Fleet]:
    """Three servers that were started at the same moment over stores that had nothing in them, not even tables."""
    folder = tmp_path_factory.mktemp("fleet")
    url = database(postgresql, "fleet")

    def env(home: Path) -> dict[str, str]:
        return environment(home, encoder_home, DIGG_DATABASE_URL=url, DIGG_CHROMA_URL=chroma)

    def start(number: int) -> Served:
        home = folder / f"home{number}"
        home.mkdir()
        return Served(home, env(home))

    with ThreadPoolExecutor(PROCESSES) as pool:
        served = list(pool.map(start, range(PROCESSES)))
    beside = folder / "beside"
    beside.mkdir()
    settings = Settings(home=beside, encoder_dir=encoder_home, database_url=url, chroma_url=chroma)
    try:
        yield Fleet(served, settings, env(beside))
    finally:
        stopped = [each.process for each in served]
        for process in stopped:
            process.terminate()
        told = [process.communicate(timeout=60)[1].decode() for process in stopped]
    assert [process.returncode for process in stopped] == [0] * PROCESSES, told
    logs = [(each.home / "digg-deeper.log").read_text() for each in served]
    assert not [line for log in logs for line in log.splitlines() if "unexpected error" in line or "Traceback" in line]


def town_thread(town: str, *, comments: int = 24, last: str = "") -> dict[str, Any]:
    """People of a town that no other thread speaks of."""
    said = [
        {
            "id": f"c{place}",
            "author": f"{town.lower()}_{place % 7}",
            "text": f"{_COMPLAINTS[place % len(_COMPLAINTS)].format(town=town)}, for the {place + 2}th time. {last}",
            "parent_id": None if place == 0 else f"c{place // 2}",
            "created_at": f"2026-04-{1 + place % 28:02d}T10:00:00Z",
        }
        for place in range(comments)
    ]
    return {"id": f"forum:{town.lower()}", "source": "forum", "title": f"Life in {town}", "comments": said}


def as_thread(given: dict[str, Any]) -> Thread:
    return read(json.dumps(given).encode()).threads[0]


def told(answer: Any) -> Any:
    """What an answer says and cites, without what differs from one asking to the next."""
    return [
        (statement["text"], [(one["thread_id"], one["comment_id"], one["quote"]) for one in statement["citations"]])
        for statement in answer["statements"]
    ]


# several processes, one corpus


def test_servers_that_start_at_once_over_empty_stores_make_them_once(fleet: Fleet) -> None:
    until(lambda: all(served.get("/readyz").is_success for served in fleet.served))
    until(lambda: {state for _, state in fleet.states(0).values()} == {"full"})
    assert fleet.states(0) == fleet.states(1) == fleet.states(2)
    assert len(fleet.states(0)) == 1, "the sample story came in more than once"


def test_nothing_is_lost_when_all_ingest_and_ask_at_once(fleet: Fleet) -> None:
    towns = TOWNS[:12]
    fleet.ingest(0, ferry_thread())

    def work(number: int) -> None:
        fleet.ingest(number, town_thread(towns[number]))
        assert fleet.ask(number + 1, "Why does the night ferry stop?")["statements"]

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(len(towns))))
    for at in range(PROCESSES):
        states = fleet.states(at)
        assert {states[f"forum:{town.lower()}"] for town in towns} == {(24, "full")}
    with closing(assemble(fleet.settings)) as product:
        assert all(product._rankings.is_whole(product.thread(thread_id)) for thread_id in fleet.states(0))
        comments = sum(sum(c.citable for c in product.thread(t).comments) for t in fleet.states(0))
        with reading(product._store.engine) as connection:
            assert word_search.size(connection) == comments
    alone = [fleet.ask(at, "Which library should open on Sundays?", "forum:hazel") for at in range(PROCESSES)]
    assert told(alone[0]) == told(alone[1]) == told(alone[2])
    assert "Hazel library" in json.dumps(alone[0]["statements"])
    over_all = [fleet.ask(at, "Who moved away from Juniper and misses the market hall?") for at in range(PROCESSES)]
    assert told(over_all[0]) == told(over_all[1]) == told(over_all[2])
    assert over_all[0]["statements"][0]["citations"][0]["thread_id"] == "forum:juniper"


def test_an_answer_that_one_gave_is_given_again_by_the_others(fleet: Fleet) -> None:
    fleet.ingest(0, town_thread("Rowan"))
    first = fleet.ask(0, "Who says that rent in Rowan rose?", "forum:rowan")
    assert first["statements"]
    assert [fleet.ask(at, "Who says that rent in Rowan rose?", "forum:rowan")["id"] for at in (1, 2)] == [
        first["id"]
    ] * 2
    listed = fleet.served[2].get("/v1/threads/forum:rowan/questions").json()["answers"]
    assert [answer["id"] for answer in listed] == [first["id"]]
    reply = fleet.post(1, "/v1/questions", json={"question": "Who else?", "conversation_id": first["conversation_id"]})
    assert reply["conversation_id"] == first["conversation_id"]


def test_a_change_that_one_took_in_is_what_the_others_answer_from(fleet: Fleet) -> None:
    fleet.ingest(0, town_thread("Quince", last="The bridge is closed."))
    for at in range(PROCESSES):  # so that each has it in memory
        assert "bridge" in json.dumps(fleet.ask(at, "What about the bridge in Quince?", "forum:quince")["statements"])
    fleet.ingest(1, town_thread("Quince", last="The tunnel is flooded."))
    for at in range(PROCESSES):
        assert "tunnel" in json.dumps(fleet.ask(at, "What about the tunnel in Quince?", "forum:quince")["statements"])
        again = fleet.ask(at, "What about the bridge in Quince?", "forum:quince")
        assert "bridge" not in json.dumps([again["statements"], again["nearest"]])


def test_what_one_forgets_is_gone_from_the_others(fleet: Fleet) -> None:
    fleet.ingest(0, town_thread("Spruce"))
    for at in range(PROCESSES):
        assert fleet.ask(at, "What leaks in Spruce?", "forum:spruce")["statements"]
        assert fleet.ask(at, "Who says that the swimming hall of Spruce leaks?")["statements"]
    deleted = httpx.delete(f"{fleet.served[1].url}/v1/threads/forum:spruce", timeout=60, trust_env=False)
    assert deleted.status_code == 204
    for at in range(PROCESSES):
        assert fleet.served[at].get("/v1/threads/forum:spruce").status_code == 404
        assert "forum:spruce" not in fleet.states(at)
        asked = fleet.ask(at, "Who says that the swimming hall of Spruce leaks?")
        assert "forum:spruce" not in json.dumps(asked)
        assert "Spruce leaks and" not in json.dumps(asked)


def test_a_job_of_one_is_seen_and_ended_by_the_others(fleet: Fleet) -> None:
    sent = {"file": ("long.json", json.dumps(town_thread("Poplar", comments=3_000)).encode())}
    job = fleet.post(0, "/v1/threads", files=sent, headers={"Prefer": "respond-async"})["job"]
    seen = fleet.served[1].get(f"/v1/jobs/{job['id']}").json()
    assert (seen["id"], seen["state"]) in {(job["id"], "queued"), (job["id"], "running")}
    assert job["id"] in {each["id"] for each in fleet.served[2].get("/v1/jobs").json()["jobs"]}
    asked = fleet.ask(2, "Who moved away from Poplar?", "forum:poplar")
    assert asked["statements"]
    assert asked["coverage"]["state"] == "lexical"
    ended = httpx.delete(f"{fleet.served[2].url}/v1/jobs/{job['id']}", timeout=60, trust_env=False)
    assert ended.is_success
    until(lambda: fleet.served[1].get(f"/v1/jobs/{job['id']}").json()["state"] == "cancelled")
    assert fleet.states(1)["forum:poplar"] == (3_000, "lexical")
    httpx.delete(f"{fleet.served[1].url}/v1/threads/forum:poplar", timeout=60, trust_env=False).raise_for_status()


def test_two_versions_of_a_thread_that_come_in_at_once_end_as_one_with_all_its_vectors(fleet: Fleet) -> None:
    versions = [town_thread("Maple", comments=60, last=f"Version {number}.") for number in range(PROCESSES)]
    with ThreadPoolExecutor(PROCESSES) as pool:
        list(pool.map(lambda number: fleet.ingest(number, versions[number]), range(PROCESSES)))
    until(lambda: fleet.states(0)["forum:maple"] == (60, "full"))
    with closing(assemble(fleet.settings)) as product:
        thread = product.thread("forum:maple")
        assert len({comment.text.split("Version")[1] for comment in thread.comments}) == 1
        assert product._rankings.is_whole(thread)


def test_commands_work_beside_the_servers_and_vectors_made_anew_are_found_by_all(fleet: Fleet) -> None:
    done = fleet.run("reindex")
    assert done.returncode == 0, done.stderr.decode()
    assert {state for _, state in fleet.states(0).values()} == {"full"}
    until(lambda: all(served.get("/readyz").is_success for served in fleet.served))
    for at in range(PROCESSES):
        asked = fleet.ask(at, f"Why is it that the ferry stops, in your view, number {at}?", "forum:night-ferry")
        assert asked["coverage"]["state"] == "full"
        assert asked["statements"]


# a process beside another one, step by step


@pytest.fixture
def pair(tmp_path: Path, encoder_home: Path, postgresql: str, chroma: str) -> Iterator[tuple[DiggDeeper, DiggDeeper]]:
    """The product of two processes over the same stores."""
    url = f"{postgresql}/fleet"

    def product(name: str) -> DiggDeeper:
        stores = {"database_url": url, "chroma_url": chroma}
        return assemble(Settings(home=tmp_path / name, encoder_dir=encoder_home, **stores))

    with closing(product("one")) as one, closing(product("other")) as other:
        yield one, other


@pytest.mark.usefixtures("fleet")
def test_vectors_of_a_version_that_was_overtaken_do_not_replace_those_of_the_newer(
    pair: tuple[DiggDeeper, DiggDeeper],
) -> None:
    one, other = pair
    before, after = (json.dumps(town_thread("Larch", last=f"Version {number}.")).encode() for number in (1, 2))
    one.ingest(before)
    overtaken: list[str] = []

    def overtake(stage: str, done: int, total: int) -> None:
        if stage == "embedding" and done and not overtaken:
            overtaken.append(other.ingest(before).threads[0].state)

    one.ingest(after, progress=overtake)
    assert overtaken == ["full"]
    thread = other.thread("forum:larch")
    assert thread.comments[0].text.endswith("Version 1.")
    assert (one.summary(thread.id).state, other._rankings.is_whole(thread)) == ("full", True)
    assert len(other._rankings.vectors.entries(thread.id)) == len(thread.comments), "vectors of the other version"


# each server alone


def test_a_collection_that_was_made_anew_is_found_again(tmp_path: Path) -> None:
    rows = unit_rows(3)
    with running_server(tmp_path) as url:

        def connect(*, replace_other: bool = False, fingerprint: str = "abc.1") -> VectorStore:
            return VectorStore(
                path=None, url=url, fingerprint=fingerprint, dimension=DIMENSION, replace_other=replace_other
            )

        with closing(connect()) as store:
            store.add([entry(1)], rows[:1])
            for fingerprint in ("other", "abc.1"):
                connect(replace_other=True, fingerprint=fingerprint).close()
            with pytest.raises(IndexUnusable):
                store.count()
            store.add([entry(2), entry(3)], rows[1:])
            assert set(store.entries("t")) == {entry(2).id, entry(3).id}


def test_threads_that_come_change_and_go_at_once_lock_nobody_out(postgresql: str) -> None:
    """Deadlocks end one of those who wait for each other, and its thread would be lost."""
    url = database(postgresql, "at_once")
    stores = [ThreadStore(url) for _ in range(4)]
    rounds = 6

    def work(number: int) -> None:
        store = stores[number]
        for turn in range(rounds):
            for town in (TOWNS[number], TOWNS[(number + 1) % 4]):
                store.save(
                    read(json.dumps(town_thread(town, comments=40, last=f"{turn} {number}")).encode()).threads[0]
                )
            if number % 2:
                mine = town_thread(f"Gone{number}", comments=10)
                store.save(as_thread(mine))
                store.delete_thread(mine["id"])

    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(4)))
        assert len(stores[0].thread_ids()) == 4
        with reading(stores[0].engine) as connection:
            assert word_search.size(connection) == 160 == word_search.count(connection, None, None)
        found = stores[1].search_words(["alder", "tram"], limit=10)
        assert {one.thread_id for one in found[:3]} == {"forum:alder"}
    finally:
        for store in stores:
            store.close()


def test_a_search_that_is_to_be_made_anew_is_made_once(postgresql: str) -> None:
    url = database(postgresql, "anew")
    with closing(ThreadStore(url)) as store:
        for town in TOWNS[:8]:
            store.save(as_thread(town_thread(town, comments=60)))
        with writing(store.engine) as connection:
            connection.execute(counters.update().where(counters.c.name == "analyser").values(last=1))

    def opened(_: int) -> tuple[int, int]:
        with closing(ThreadStore(url)) as store, reading(store.engine) as connection:
            return word_search.size(connection), word_search.count(connection, None, None)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(opened, range(4))) == [(480, 480)] * 4
