"""Remote: the product behind a running server, over its HTTP API, for a command that may not open the stores.

Its methods are those of bot.product.product.DiggDeeper that a command needs, with the same values and errors.
Not here: whether a server runs and which (bot.faces.connection).
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import httpx

from bot.faces.bodies import JobAccepted
from bot.faces.bodies import Progress as Told
from bot.values.answer import Answer, Statement
from bot.values.job import Job
from bot.values.problem_details import Problem
from bot.values.story import Forgotten, Ingested, Story
from corpus.errors import Cancelled, DiscussionError, StoreUnusable
from corpus.records.filters import Filter
from corpus.records.store import ThreadPage
from corpus.thread import Thread

Progress = Callable[[str, int, int], None]
_CONNECT_S = 5.0
_PATIENCE = httpx.Timeout(120.0, connect=_CONNECT_S)
_ENDLESS = httpx.Timeout(None, connect=_CONNECT_S)
"""For an ingest, which takes as long as the export is."""
_LOOK_AGAIN_S = 0.3
_EVENTS = "text/event-stream"


class Remote:
    """One server, by its URL."""

    def __init__(self, url: str) -> None:
        self._url = url
        # No proxy of the environment between two processes of one machine.
        self._client = httpx.Client(base_url=url, timeout=_PATIENCE, trust_env=False)

    def ingest(self, content: bytes, *, name: str = "", progress: Progress | None = None) -> Ingested:
        return self._ingest(progress, files={"file": (name or "export", content)})

    def ingest_url(self, url: str, *, progress: Progress | None = None) -> Ingested:
        return self._ingest(progress, json={"url": url})

    def _ingest(self, progress: Progress | None, **what: Any) -> Ingested:
        """Done by the server, as a job that is watched here; when this process is interrupted, it is cancelled."""
        if progress is not None:
            progress("the server reads it", 0, 0)
        headers = {"Prefer": "respond-async, wait=1"}
        reply = self._send("POST", "/v1/threads", headers=headers, timeout=_ENDLESS, **what)
        if reply.status_code != httpx.codes.ACCEPTED:
            return Ingested.model_validate_json(reply.content)
        job = JobAccepted.model_validate_json(reply.content).job
        try:
            return self._watched(job, progress)
        except KeyboardInterrupt as exc:
            cancelled = self._job("DELETE", job)
            raise Cancelled(cancelled.outcome or "the server was asked to stop; it ends as soon as it can.") from exc

    def _watched(self, job: Job, progress: Progress | None) -> Ingested:
        while not job.ended:
            if progress is not None:
                progress(job.stage or "waiting", job.done, job.total)
            time.sleep(_LOOK_AGAIN_S)
            job = self._job("GET", job)
        if job.error is not None:
            raise _error(job.error)
        if job.state == "cancelled":
            raise Cancelled(job.outcome)
        return job.ingested

    def _job(self, method: str, job: Job) -> Job:
        return Job.model_validate_json(self._send(method, f"/v1/jobs/{job.id}").content)

    def threads(
        self, *, source: str | None = None, q: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> ThreadPage:
        asked = {"source": source, "q": q, "cursor": cursor, "limit": limit}
        reply = self._send(
            "GET", "/v1/threads", params={name: value for name, value in asked.items() if value is not None}
        )
        return ThreadPage.model_validate_json(reply.content)

    def thread(self, thread_id: str) -> Thread:
        return Thread.model_validate_json(self._send("GET", f"{_path(thread_id)}/export").content)

    def story(self, thread_id: str, *, wait_s: float = 0.0) -> Story:
        """The story as the server gives it, asked again until its digest is made or `wait_s` is over."""
        deadline = time.monotonic() + wait_s
        while True:
            story = Story.model_validate_json(self._send("GET", _path(thread_id)).content)
            if story.digest.state != "pending" or time.monotonic() >= deadline:
                return story

    def ask(
        self,
        question: str,
        *,
        thread_ids: Sequence[str] | None = None,
        conversation_id: str | None = None,
        on_statement: Callable[[Statement], None] | None = None,
        progress: Progress | None = None,
        within: Filter | None = None,
    ) -> Answer:
        """The server's answer; statements and progress are told as it sends them."""
        body = {"question": question, "conversation_id": conversation_id, "thread_ids": thread_ids}
        body |= {} if within is None else within.model_dump(mode="json")
        asked = {name: value for name, value in body.items() if value is not None}
        with (
            self._reached(),
            self._client.stream("POST", "/v1/questions", json=asked, headers={"Accept": _EVENTS}) as reply,
        ):
            if not reply.is_success:
                reply.read()
                raise _error_of(reply, self._url)
            for event, data in _events(reply.iter_text()):
                if event == "answer":
                    return Answer.model_validate_json(data)
                if event == "problem":
                    raise _error(Problem.model_validate_json(data))
                if event == "statement" and on_statement is not None:
                    on_statement(Statement.model_validate_json(data))
                elif event == "progress" and progress is not None:
                    told = Told.model_validate_json(data)
                    progress(told.stage, told.done, told.total)
        raise StoreUnusable(f"the server at {self._url} broke off its answer.", next_step="Ask again.")

    def delete_thread(self, thread_id: str) -> None:
        self._send("DELETE", _path(thread_id))

    def forget_comment(self, thread_id: str, comment_id: str) -> Forgotten:
        return self._forget("/v1/comments", thread_id=thread_id, comment_id=comment_id)

    def forget_author(self, who: str, *, source: str | None = None) -> Forgotten:
        return self._forget("/v1/authors", author_id=who, **({} if source is None else {"source": source}))

    def _forget(self, path: str, **what: str) -> Forgotten:
        """As long as it takes: vectors may have to wait for those of another thread."""
        return Forgotten.model_validate_json(self._send("DELETE", path, params=what, timeout=_ENDLESS).content)

    def ready(self) -> Mapping[str, str]:
        parts: Mapping[str, str] = self._send("GET", "/readyz").json()["parts"]
        return parts

    def close(self) -> None:
        self._client.close()

    def _send(self, method: str, path: str, **what: Any) -> httpx.Response:
        with self._reached():
            reply = self._client.request(method, path, **what)
        if not reply.is_success:
            raise _error_of(reply, self._url)
        return reply

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except httpx.HTTPError as exc:
            raise StoreUnusable(
                f"the server at {self._url} does not answer: {exc or type(exc).__name__}.",
                next_step="Try again; if it was stopped, the command works without it.",
            ) from exc


def answers_as(url: str, instance: str) -> bool:
    """Whether at `url` that very server answers, and no other program or server of ours."""
    try:
        reply = httpx.get(f"{url}/healthz", timeout=_CONNECT_S, trust_env=False)
        return reply.is_success and reply.json().get("instance") == instance
    except (httpx.HTTPError, ValueError, AttributeError):
        return False


def _events(pieces: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(event, data) of server-sent events as bot.faces.http.streaming writes them. Lines end at a line feed and nowhere
    else: what people wrote may hold other ends of lines.
    """
    waiting = ""
    for piece in pieces:
        *whole, waiting = (waiting + piece).split("\n\n")
        for one in whole:
            fields = dict(line.partition(": ")[::2] for line in one.split("\n"))
            yield fields.get("event", ""), fields.get("data", "")


def _path(thread_id: str) -> str:
    return f"/v1/threads/{quote(thread_id, safe='~:@')}"


def _error_of(reply: httpx.Response, url: str) -> DiscussionError:
    """The error that the server answered with, as it would have been raised here."""
    try:
        return _error(Problem.model_validate_json(reply.content))
    except ValueError:
        return StoreUnusable(
            f"the server at {url} answered {reply.status_code} in a way that is not ours.",
            next_step="Look what runs there.",
        )


def _error(problem: Problem) -> DiscussionError:
    slug = problem.type.rpartition(":")[2]
    kind = {kind.slug: kind for kind in _kinds(DiscussionError)}.get(slug, DiscussionError)
    return kind(problem.detail, next_step=problem.next_step)


def _kinds(kind: type[DiscussionError]) -> Iterator[type[DiscussionError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _kinds(below)
