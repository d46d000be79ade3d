"""The routes of jobs, and how a discussion that is sent in becomes one: done at once where it is short, else a job.

`Prefer: respond-async` (RFC 7240) answers once the text is stored, `Prefer: wait=N` waits N seconds at most.
Not here: what a job does (bot.product.jobs).
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, status
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from bot.faces.bodies import JobAccepted, JobList
from bot.faces.http import problems, streaming
from bot.faces.http.parameters import example
from bot.product.jobs import Jobs, Work
from bot.values.job import Job
from corpus.errors import DiscussionError
from corpus.thread import Value, Words

PATIENCE_S = 2.0
"""How long a request waits for the end of a job before it is told of it."""
SHORT = 100_000
"""Bytes of an export that is no long job: the request waits for its vectors..."""
SHORT_S = 60.0
"""...but no longer than this, also when other jobs go before."""
LONGEST_WAIT_S = 300.0
_LOOK_AGAIN_S = 0.02
_TELL_AGAIN_S = 0.25
_WAIT = re.compile(r'wait\s*=\s*"?(\d{1,9})"?')
JobId = Annotated[Words, Path(max_length=100, description="A job's id.", examples=["5f0c1be2a9d34e77"])]


class Preference(Value):
    """What the header Prefer says."""

    asynchronous: bool = False
    wait_s: float | None = None

    @classmethod
    def of(cls, request: Request) -> "Preference":
        """What it says that makes no sense is left aside, as RFC 7240 has it."""
        said = [part.strip().lower() for line in request.headers.getlist("prefer") for part in re.split("[,;]", line)]
        waits = [float(found[1]) for part in said if (found := _WAIT.fullmatch(part))]
        wait_s = min(waits[0], LONGEST_WAIT_S) if waits else None
        return cls(asynchronous="respond-async" in said, wait_s=wait_s)

    def applied(self) -> str:
        named = ["respond-async"] if self.asynchronous else []
        return ", ".join([*named, f"wait={self.wait_s:.0f}"] if self.wait_s is not None else named)

    def satisfied(self, work: Work, waited_s: float) -> bool:
        """Whether whoever asked has waited long enough."""
        stored = work.job.threads and work.job.stage in {"waiting", "embedding"}
        if self.wait_s is not None:
            return waited_s >= self.wait_s
        if self.asynchronous and stored:
            return True
        return waited_s >= (SHORT_S if work.size is not None and work.size <= SHORT else PATIENCE_S)


async def answer(jobs: Jobs, work: Work, request: Request) -> Response:
    """201 with what came of it, where it is done in time; else 202 with the job. Raises what it failed by."""
    preferred = Preference.of(request)
    begun = time.monotonic()
    while not (work.ended.is_set() or jobs.closed or preferred.satisfied(work, time.monotonic() - begun)):
        await asyncio.sleep(_LOOK_AGAIN_S)
    headers = {"Preference-Applied": preferred.applied()} if preferred.applied() else {}
    job = work.job if work.ended.is_set() else await run_in_threadpool(jobs.keep, work)
    if work.failure is not None:
        raise work.failure
    if job.state == "done":
        body = await run_in_threadpool(job.ingested.model_dump_json)
        return Response(body, status.HTTP_201_CREATED, headers, media_type="application/json")
    headers["Location"] = f"/v1/jobs/{job.id}"
    return Response(
        JobAccepted(job=job).model_dump_json(), status.HTTP_202_ACCEPTED, headers, media_type="application/json"
    )


ACCEPTED: dict[str, Any] = {
    "model": JobAccepted,
    "description": "It takes longer: the job that does it. Threads that it lists can be asked already.",
    "headers": {"Location": {"description": "Where the job tells how far it is.", "schema": {"type": "string"}}},
    **example("accepted"),
}


def jobs_routes(jobs: Jobs) -> APIRouter:
    router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

    @router.get("", summary="What is being read in", responses={200: example("jobs"), **problems.documented()})
    def recent(
        limit: Annotated[int, Query(ge=1, le=200, description="Most jobs.")] = 50,
    ) -> JobList:
        """Jobs that go on and the last that ended, newest first; short ones, answered at once, are not among them."""
        return JobList(jobs=jobs.recent(limit=limit))

    @router.get("/{job_id}", response_model=Job, summary="How far a job is", responses=_TOLD)
    async def tell(request: Request, job_id: JobId) -> Response:
        """Its threads can be asked as soon as they are listed. As text/event-stream: each change, then the end."""
        job = await run_in_threadpool(jobs.get, job_id)
        if streaming.MEDIA_TYPE in request.headers.get("accept", ""):
            return StreamingResponse(_changes(jobs, job), media_type=streaming.MEDIA_TYPE, headers=streaming.UNBUFFERED)
        return Response(job.model_dump_json(), media_type="application/json")

    @router.delete("/{job_id}", summary="Cancel a job", responses={200: example("job"), **problems.documented(404)})
    def cancel(job_id: JobId) -> Job:
        """Stored text stays, and is answered by words alone; `outcome` says what there is. Ended jobs stay so."""
        return jobs.cancel(job_id)

    return router


_TOLD: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The job; as text/event-stream `progress` whenever it changes and `job` at its end.",
        "content": {
            "application/json": {"example": "job"},
            streaming.MEDIA_TYPE: {
                "schema": {"type": "string"},
                "example": "event: progress\ndata: {...}\n\nevent: job\ndata: {...}\n\n",
            },
        },
    },
    **problems.documented(404),
}


async def _changes(jobs: Jobs, job: Job) -> AsyncIterator[str]:
    """Until it has ended, or this server ends: then the client asks again."""
    while not job.ended and not jobs.closed:
        yield streaming.event("progress", job.model_dump_json())
        told = job.updated_at
        while job.updated_at == told and not jobs.closed:
            await asyncio.sleep(_TELL_AGAIN_S)
            try:
                job = await run_in_threadpool(jobs.get, job.id)
            except DiscussionError as exc:  # a thread of it was forgotten, and the job with it
                yield streaming.event("problem", problems.problem_of(exc).model_dump_json())
                return
    if job.ended:
        yield streaming.event("job", job.model_dump_json())
