"""Reading in as a job: text first, how far it is, its end on request, what a stop of the server leaves, who can see it.

Where vectors must not come yet, a test stands in the line for them itself.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from fastapi.testclient import TestClient
from web_servers import site, status

from benchmarks.invented import thread as invented
from bot.faces.http.api import create_app
from bot.library.waiting_line import Line
from bot.product import jobs as jobs_module
from bot.product.assemble import DiggDeeper, assemble
from bot.product.jobs import Jobs, Work
from bot.settings import Settings
from bot.values.job import Job
from corpus.errors import Cancelled, JobNotFound, ThreadNotFound, TooMuchAtOnce

ASYNC = {"Prefer": "respond-async"}
NOW = {"Prefer": "wait=0"}


def until(condition: Callable[[], Any]) -> Any:
    for _ in range(1_200):
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("it never came to that")


@pytest.fixture
def jobs(product: DiggDeeper) -> Iterator[Jobs]:
    with closing(Jobs(product)) as made:
        yield made


@pytest.fixture
def client(product: DiggDeeper, jobs: Jobs) -> TestClient:
    return TestClient(create_app(product, jobs=jobs), base_url="http://localhost:7860", raise_server_exceptions=False)


def stored(jobs: Jobs, work: Work) -> str:
    """The id of the thread that it has stored, whose vectors it waits for."""
    until(lambda: work.job.stage == "waiting" and work.job.threads)
    jobs.keep(work)
    return work.job.threads[0].id


@pytest.fixture(scope="module")
def long_thread() -> bytes:
    return invented(5_000)


class TestCancelledInTheCore:
    def test_between_two_batches_the_text_stays_and_is_asked(self, product: DiggDeeper, long_thread: bytes) -> None:
        def stop(stage: str, done: int, total: int) -> None:
            if stage == "embedding" and done:
                assert total >= 4_000
                raise Cancelled("enough")

        with pytest.raises(Cancelled):
            product.ingest(long_thread, progress=stop)
        summary = product.summary("invented-0")
        assert (summary.comments, summary.state) == (5_000, "lexical")
        answer = product.ask("Who mentions the bus lane?", thread_ids=["invented-0"])
        assert answer.coverage.state == "lexical"
        assert answer.statements
        with product.intake.line.place():
            pass

    def test_before_it_is_saved_nothing_is_there(self, product: DiggDeeper, long_thread: bytes) -> None:
        def stop(stage: str, _done: int, _total: int) -> None:
            if stage == "saving":
                raise Cancelled("enough")

        with pytest.raises(Cancelled):
            product.ingest(long_thread, progress=stop)
        assert product.threads().threads == ()

    def test_by_ctrl_c_it_says_what_is_kept(self, product: DiggDeeper, ferry: dict[str, Any]) -> None:
        def stop(stage: str, _done: int, _total: int) -> None:
            if stage == "embedding":
                raise KeyboardInterrupt

        with pytest.raises(Cancelled, match="1 thread is kept"):
            product.ingest(json.dumps(ferry).encode(), progress=stop)
        assert [made.state for made in product.sync()] == ["full"]

    def test_an_unchanged_thread_is_not_embedded_again(self, product: DiggDeeper, ferry: dict[str, Any]) -> None:
        stages: list[str] = []
        for _ in range(2):
            stages.clear()
            read = product.ingest(json.dumps(ferry).encode(), progress=lambda stage, *_: stages.append(stage))
        assert read.threads[0].state == "full"
        assert stages == ["reading", "saving"]


class TestOverHttp:
    def test_a_short_one_is_answered_whole_and_listed_nowhere(self, client: TestClient, ferry: dict[str, Any]) -> None:
        reply = client.post("/v1/threads", json={"thread": ferry})
        assert (reply.status_code, reply.json()["threads"][0]["state"]) == (201, "full")
        assert client.get("/v1/jobs").json() == {"jobs": []}

    def test_it_can_be_asked_while_its_vectors_are_made(
        self, client: TestClient, product: DiggDeeper, ferry: dict[str, Any]
    ) -> None:
        with product.intake.line.place():
            reply = client.post("/v1/threads", json={"thread": ferry}, headers=ASYNC)
            assert reply.status_code == 202, reply.text
            assert reply.headers["Preference-Applied"] == "respond-async"
            told = reply.json()["job"]
            assert reply.headers["Location"] == f"/v1/jobs/{told['id']}"
            assert (told["state"], told["stage"], told["threads"][0]["state"]) == ("queued", "waiting", "lexical")
            answer = client.post(f"/v1/threads/{ferry['id']}/questions", json={"question": "Why does it stop?"}).json()
            assert answer["coverage"]["state"] == "lexical"
        job = until(lambda: (now := client.get(reply.headers["Location"]).json())["ended_at"] and now)
        assert (job["state"], job["threads"][0]["state"], job["error"]) == ("done", "full", None)
        assert job["outcome"] == "1 thread is here, with its vectors."
        assert [each["id"] for each in client.get("/v1/jobs").json()["jobs"]] == [told["id"]]

    def test_cancelled_its_text_stays_however_often_it_is_said(
        self, client: TestClient, product: DiggDeeper, ferry: dict[str, Any]
    ) -> None:
        with product.intake.line.place():
            at = client.post("/v1/threads", json={"thread": ferry}, headers=ASYNC).headers["Location"]
            first, again = client.delete(at), client.delete(at)
        assert (first.status_code, again.status_code) == (200, 200)
        assert first.json() == again.json()
        assert first.json()["state"] == "cancelled"
        assert "1 thread is kept" in first.json()["outcome"]
        assert client.get("/v1/threads").json()["threads"][0]["state"] == "lexical"

    def test_its_events_end_with_the_job(self, client: TestClient, product: DiggDeeper, ferry: dict[str, Any]) -> None:
        with product.intake.line.place():
            at = client.post("/v1/threads", json={"thread": ferry}, headers=ASYNC).headers["Location"]
        reply = client.get(at, headers={"Accept": "text/event-stream"})
        events = [event.split("\n") for event in reply.text.strip().split("\n\n")]
        assert {event[0] for event in events[:-1]} <= {"event: progress"}
        assert events[-1][0] == "event: job"
        assert Job.model_validate_json(events[-1][1].removeprefix("data: ")).state == "done"

    def test_what_fails_in_time_is_a_problem_and_no_job(self, client: TestClient) -> None:
        assert client.post("/v1/threads", files={"file": ("x", b"\0\1")}, headers=ASYNC).status_code == 422
        assert client.post("/v1/threads", json={"url": "http://10.0.0.1/"}, headers=NOW).status_code == 422
        assert client.get("/v1/jobs").json() == {"jobs": []}

    def test_a_job_that_is_not_there(self, client: TestClient) -> None:
        for reply in (client.get("/v1/jobs/none"), client.delete("/v1/jobs/none")):
            assert reply.status_code == 404
            assert reply.json()["type"] == "urn:digg-deeper:problem:job-not-found"

    def test_no_more_than_so_many_are_taken_on(
        self, client: TestClient, product: DiggDeeper, ferry: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(jobs_module, "MOST", 1)
        with product.intake.line.place():
            assert client.post("/v1/threads", json={"thread": ferry}, headers=ASYNC).status_code == 202
            refused = client.post("/v1/threads", json={"thread": ferry}, headers=ASYNC)
        assert refused.status_code == TooMuchAtOnce.status
        assert refused.headers["Retry-After"] == "10"
        assert refused.json()["retryable"]

    @pytest.mark.parametrize(
        ("prefer", "applied"),
        [
            ("respond-async, wait=0", "respond-async, wait=0"),
            ("wait=0", "wait=0"),
            ('Wait="0"; foo, handling=lenient', "wait=0"),
            ("wait=-1, respond-async", "respond-async"),
        ],
    )
    def test_what_a_client_prefers(
        self, client: TestClient, product: DiggDeeper, ferry: dict[str, Any], prefer: str, applied: str
    ) -> None:
        with product.intake.line.place():
            reply = client.post("/v1/threads", json={"thread": ferry}, headers={"Prefer": prefer})
        assert (reply.status_code, reply.headers["Preference-Applied"]) == (202, applied)


class TestFetching:
    def test_a_slow_fetch_is_a_stage_and_leaves_nothing_when_it_is_cancelled(
        self, settings: Settings, ferry: dict[str, Any]
    ) -> None:
        with site() as far:
            far.at("/items/500", lambda _: far.ended.wait(20))
            there = settings.model_copy(update={"hackernews_api": far.url})
            with closing(assemble(there)) as product, closing(Jobs(product)) as jobs:
                work = jobs.ingest_url("https://news.ycombinator.com/item?id=500")
                until(lambda: work.job.stage.startswith("asking"))
                job = jobs.cancel(jobs.keep(work).id)
                assert (job.state, job.threads) == ("cancelled", ())
                assert "nothing of it is here" in job.outcome
                assert product.threads().threads == ()
                far.ended.set()

    def test_what_fails_later_is_in_the_job(self, settings: Settings) -> None:
        with site() as far:
            there = settings.model_copy(update={"hackernews_api": far.url})
            with closing(assemble(there)) as product, closing(Jobs(product)) as jobs:
                asked = threading.Event()
                far.at("/items/404", lambda handler: (asked.wait(20), status(404)(handler))[1])
                client = TestClient(create_app(product, jobs=jobs), base_url="http://localhost")
                url = "https://news.ycombinator.com/item?id=404"
                reply = client.post("/v1/threads", json={"url": url}, headers=NOW)
                assert reply.status_code == 202
                at = reply.headers["Location"]
                asked.set()
                job = until(lambda: (now := client.get(at).json())["ended_at"] and now)
        assert (job["state"], job["error"]["status"]) == ("failed", 404)
        assert job["error"]["next_step"]
        assert "nothing of it is here" in job["outcome"]


class TestAcrossProcesses:
    """A second product over the same record store stands for a second process."""

    def test_a_job_is_seen_and_cancelled_from_another(
        self, product: DiggDeeper, jobs: Jobs, settings: Settings, ferry: dict[str, Any]
    ) -> None:
        with closing(assemble(settings)) as elsewhere, product.intake.line.place():
            other = Jobs(elsewhere)
            work = jobs.ingest(json.dumps(ferry).encode(), name="ferry.json")
            with pytest.raises(JobNotFound):
                other.get(work.job.id)
            thread_id = stored(jobs, work)
            seen = other.get(work.job.id)
            assert (seen.name, [thread.id for thread in seen.threads]) == ("ferry.json", [thread_id])
            other.cancel(work.job.id)
            until(work.ended.is_set)
            assert other.get(work.job.id).state == "cancelled"

    def test_a_stopped_servers_jobs_go_on_at_the_next_start(
        self, product: DiggDeeper, settings: Settings, ferry: dict[str, Any]
    ) -> None:
        before = Jobs(product)
        with product.intake.line.place():
            work = before.ingest(json.dumps(ferry).encode())
            stored(before, work)
            before.close()
        assert not work.ended.is_set()
        with closing(assemble(settings)) as next_start, closing(Jobs(next_start)) as after:
            assert after.take_up() == 1
            job = until(lambda: (now := after.get(work.job.id)).ended and now)
            assert (job.state, job.threads[0].state) == ("done", "full")
            assert after.take_up() == 0

    def test_a_job_that_had_stored_nothing_says_so_at_the_next_start(self, product: DiggDeeper, jobs: Jobs) -> None:
        before = Jobs(product)
        places = [before._reading.place() for _ in range(jobs_module._READ_AT_ONCE)]
        for place in places:
            place.__enter__()
        work = before.ingest(b"{}")
        before.keep(work)
        before.close()
        assert jobs.take_up() == 1
        job = jobs.get(work.job.id)
        assert (job.state, job.error and job.error.retryable) == ("failed", True)

    def test_a_forgotten_thread_takes_its_job_along(
        self, product: DiggDeeper, jobs: Jobs, ferry: dict[str, Any]
    ) -> None:
        with product.intake.line.place():
            work = jobs.ingest(json.dumps(ferry).encode())
            product.delete_thread(stored(jobs, work))
            until(work.ended.is_set)
        with pytest.raises(JobNotFound):
            jobs.get(work.job.id)
        with pytest.raises(ThreadNotFound):
            product.summary(ferry["id"])

    def test_old_jobs_make_room(self, product: DiggDeeper, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("bot.library.job_records.KEPT", 2)
        with closing(Jobs(product)) as jobs:
            kept = []
            for number in range(4):
                work = jobs.ingest(f"no export {number}".encode())
                kept.append(jobs.keep(work).id)
                until(work.ended.is_set)
            told = {job.id for job in jobs.recent()}
        assert kept[-1] in told
        assert kept[0] not in told


class TestLine:
    def test_who_comes_first_goes_first(self) -> None:
        line, order, waiting = Line(1), [], []

        def stand(number: int) -> None:
            with line.place(lambda before: waiting.append((number, before))):
                order.append(number)

        with line.place():
            standing = []
            for number in range(5):
                standing.append(threading.Thread(target=stand, args=(number,)))
                standing[-1].start()
                until(lambda n=number: any(who == n for who, _ in waiting))
        for each in standing:
            each.join()
        assert order == [0, 1, 2, 3, 4]
        assert max(before for who, before in waiting if who == 4) == 4

    def test_who_gives_up_holds_up_nobody(self) -> None:
        line = Line(1)

        def give_up(_: int) -> None:
            raise Cancelled("enough")

        with line.place(), pytest.raises(Cancelled), line.place(give_up):
            pass
        with line.place():
            pass
