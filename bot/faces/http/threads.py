"""The routes of threads: read in, listed, shown, searched, forgotten.

Not here: questions to them (bot.faces.http.questions).
"""

import json
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, status
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from bot.faces.bodies import THREAD_BODY, SearchHits
from bot.faces.http import problems
from bot.faces.http.jobs import ACCEPTED, answer
from bot.faces.http.parameters import Cursor, Id, Limit, example
from bot.product.jobs import Jobs
from bot.product.product import DiggDeeper
from bot.values.story import CommentPage, Ingested, Story
from corpus.errors import InvalidRequest
from corpus.records.store import ThreadPage
from corpus.thread import Thread, Words, storable


def threads(product: DiggDeeper, jobs: Jobs) -> APIRouter:
    router = APIRouter(prefix="/v1/threads", tags=["threads"])
    _coming_and_going(router, product, jobs)
    _shown_whole(router, product)
    _shown_in_part(router, product)
    return router


def _coming_and_going(router: APIRouter, product: DiggDeeper, jobs: Jobs) -> None:
    @router.post(
        "",
        status_code=status.HTTP_201_CREATED,
        response_model=Ingested,
        summary="Read a discussion in",
        responses={201: example("ingested"), 202: ACCEPTED, **problems.documented(404, 409, 415, 502, 504)},
        openapi_extra={"requestBody": THREAD_BODY},
    )
    async def read_in(request: Request) -> Response:
        """From JSON, an uploaded export, or the URL of a Hacker News discussion.

        A thread read again is updated; bad records are listed as skipped. What takes more than some seconds goes on as
        a job, after 202; `Prefer: respond-async` does not wait for vectors, `Prefer: wait=N` waits that many seconds.
        """
        given = await _given_in(request)
        if isinstance(given, str):
            return await answer(jobs, jobs.ingest_url(given), request)
        content, name = given
        return await answer(jobs, jobs.ingest(content, name=name), request)

    @router.delete(
        "/{thread_id}",
        status_code=status.HTTP_204_NO_CONTENT,
        summary="Forget a thread",
        responses=problems.documented(404),
    )
    def forget(thread_id: Id) -> None:
        """With its comments, vectors, answers and feedback."""
        product.delete_thread(thread_id)


def _shown_whole(router: APIRouter, product: DiggDeeper) -> None:
    @router.get("", summary="List the threads", responses={200: example("threads"), **problems.documented()})
    def threads(
        source: Annotated[Words | None, Query(max_length=100, description="Only of this source.")] = None,
        q: Annotated[Words | None, Query(max_length=300, description="Words in the title or the id.")] = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> ThreadPage:
        """Newest first."""
        return product.threads(source=source, q=q, cursor=cursor, limit=limit)

    @router.get("/{thread_id}", summary="The story", responses={200: example("story"), **problems.documented(404)})
    def story(thread_id: Id) -> Story:
        """What it is about, what the source's own page says of it, and how much of it is here."""
        return product.story(thread_id)

    @router.get(
        "/{thread_id}/export",
        response_model=Thread,
        summary="The whole thread",
        responses={200: example("thread"), **problems.documented(404)},
    )
    def export(thread_id: Id) -> Response:
        """Every comment with every field, in the generic shape, which can be read in again."""
        return Response(product.thread(thread_id).model_dump_json(), media_type="application/json")


def _shown_in_part(router: APIRouter, product: DiggDeeper) -> None:
    @router.get(
        "/{thread_id}/comments",
        summary="Its comments, page by page",
        responses={200: example("comments"), **problems.documented(404)},
    )
    def comments(
        thread_id: Id,
        sort: Annotated[
            Literal["activity", "time"], Query(description="Most activity first, or oldest first.")
        ] = "activity",
        author: Annotated[Words | None, Query(max_length=300, description="Only by this handle or author id.")] = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> CommentPage:
        return product.comments(thread_id, sort=sort, author=author, cursor=cursor, limit=limit)

    @router.get(
        "/{thread_id}/search",
        summary="Retrieval alone",
        responses={200: example("hits"), **problems.documented(404, 409)},
    )
    def search(
        thread_id: Id,
        q: Annotated[Words, Query(min_length=1, description="What to look for, in any words.")],
        k: Annotated[int, Query(ge=1, le=100, description="Most comments.")] = 10,
    ) -> SearchHits:
        """The comments nearest to `q`, best first, each once."""
        return SearchHits(hits=product.search(thread_id, q, k=k))


async def _given_in(request: Request) -> tuple[bytes, str] | str:
    """The export that a request carries, and its file name, "" where there is none; or the URL to read from."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        given = await run_in_threadpool(_thread_or_url_in, await request.body())
        return given if isinstance(given, str) else (given, "")
    if kind != "multipart/form-data":
        raise HTTPException(415, f"A thread comes as application/json or multipart/form-data, not as {kind[:100]!r}.")
    async with request.form(max_files=1, max_fields=1) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise InvalidRequest("the form has no part 'file' that is a file.", next_step="Send the export as 'file'.")
        return await file.read(), file.filename or ""


def _thread_or_url_in(body: bytes) -> bytes | str:
    """The thread of {"thread": {...}}, as JSON; or the URL of {"url": "..."}."""
    how = 'Send {"thread": {...}}, {"url": "..."}, or the export as the file of a form.'
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError) as exc:
        raise InvalidRequest(f"the body is not JSON: {str(exc)[:200]}.", next_step=how) from exc
    if isinstance(parsed, dict) and set(parsed) == {"url"} and isinstance(parsed["url"], str):
        return storable(parsed["url"])
    if not isinstance(parsed, dict) or set(parsed) != {"thread"} or not isinstance(parsed["thread"], dict):
        raise InvalidRequest('the body is neither {"thread": {...}} nor {"url": "..."}.', next_step=how)
    return json.dumps(parsed["thread"]).encode()
