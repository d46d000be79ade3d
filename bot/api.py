"""The HTTP API, version 1: each route translates a request into one call of the product, and back.

Not here: errors as documents (bot.problems), what is turned away unread (bot.guard), the page (bot.web), the server
itself (bot.server). Routes that do work are plain functions: FastAPI runs them in its threads.
"""

import json
from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated, Any, Literal

from fastapi import APIRouter, FastAPI, Path, Query, Request, status
from fastapi.responses import PlainTextResponse, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from bot import problems, streaming, telemetry
from bot.answer import Answer
from bot.guard import Guard
from bot.product import DiggDeeper
from bot.saved import AnswerPage
from bot.story import CommentPage, Ingested, Story
from bot.wire import EXAMPLES, THREAD_BODY, Feedback, Health, QuestionAsked, QuestionOverThreads, SearchHits
from corpus.errors import InvalidRequest
from corpus.store import ThreadPage
from corpus.thread import THREAD_ID, Thread, Words, storable

Id = Annotated[str, Path(pattern=f"^{THREAD_ID.pattern}$", description="A thread's id.", examples=["digg:night-ferry"])]
Cursor = Annotated[Words | None, Query(max_length=1_000, description="`next_cursor` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=200, description="Most items on the page.")]

TAGS = [
    {"name": "threads", "description": "Discussions: read in, listed, shown, forgotten."},
    {"name": "questions", "description": "Answers whose every statement cites a commenter, word for word."},
    {"name": "operation", "description": "Whether the server is well, and what it did."},
]
_EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def create_app(product: DiggDeeper, *, instance: str = "") -> FastAPI:
    """The API over `product`. `instance` is what /healthz tells, for a command that looks for this very server."""
    app = _Api(
        title="Digg Deeper",
        version=version("digg-deeper"),
        summary="Ask a discussion; every sentence of the answer cites the commenter who said it.",
        openapi_tags=TAGS,
        docs_url=None,  # FastAPI's page of documentation loads its scripts from elsewhere
        redoc_url=None,
    )
    counted = telemetry.Telemetry()
    problems.install(app)
    app.add_middleware(Guard, settings=product.settings)
    app.add_middleware(telemetry.Timed, telemetry=counted)
    routers = _threads(product), _questions(product, counted), _operation(product, counted, instance)
    for router in routers:
        app.include_router(router)
    _catch_the_rest(app, [route for router in routers for route in router.routes if isinstance(route, APIRoute)])
    return app


class _Api(FastAPI):
    """Its document names the form of problems, which no route returns by itself, and keeps the nulls of examples."""

    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        document["components"]["schemas"].update(problems.schemas())
        operations = [operation for methods in document["paths"].values() for operation in methods.values()]
        for reply in [reply for operation in operations for reply in operation["responses"].values()]:
            for content in reply.get("content", {}).values():
                if isinstance(content.get("example"), str):
                    content["example"] = EXAMPLES.get(content["example"], content["example"])
        return document


def _threads(product: DiggDeeper) -> APIRouter:
    router = APIRouter(prefix="/v1/threads", tags=["threads"])

    @router.post(
        "",
        status_code=status.HTTP_201_CREATED,
        response_model=Ingested,
        summary="Read a discussion in",
        responses={201: _example("ingested"), **problems.documented(404, 409, 415, 502, 504)},
        openapi_extra={"requestBody": THREAD_BODY},
    )
    async def read_in(request: Request) -> Ingested:
        """From JSON, an uploaded export, or the URL of a Hacker News discussion.

        A thread read again is updated; bad records are listed as skipped.
        """
        given = await _given_in(request)
        if isinstance(given, str):
            return await run_in_threadpool(product.ingest_url, given)
        content, name = given
        return await run_in_threadpool(product.ingest, content, name=name)

    @router.get("", summary="List the threads", responses={200: _example("threads"), **problems.documented()})
    def threads(
        source: Annotated[Words | None, Query(max_length=100, description="Only of this source.")] = None,
        q: Annotated[Words | None, Query(max_length=300, description="Words in the title or the id.")] = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> ThreadPage:
        """Newest first."""
        return product.threads(source=source, q=q, cursor=cursor, limit=limit)

    @router.get("/{thread_id}", summary="The story", responses={200: _example("story"), **problems.documented(404)})
    def story(thread_id: Id) -> Story:
        """What it is about, what the source's own page says of it, and how much of it is here."""
        return product.story(thread_id)

    @router.get(
        "/{thread_id}/export",
        response_model=Thread,
        summary="The whole thread",
        responses={200: _example("thread"), **problems.documented(404)},
    )
    def export(thread_id: Id) -> Response:
        """Every comment with every field, in the generic shape, which can be read in again."""
        return Response(product.thread(thread_id).model_dump_json(), media_type="application/json")

    @router.get(
        "/{thread_id}/comments",
        summary="Its comments, page by page",
        responses={200: _example("comments"), **problems.documented(404)},
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
        responses={200: _example("hits"), **problems.documented(404, 409)},
    )
    def search(
        thread_id: Id,
        q: Annotated[Words, Query(min_length=1, description="What to look for, in any words.")],
        k: Annotated[int, Query(ge=1, le=100, description="Most comments.")] = 10,
    ) -> SearchHits:
        """The comments nearest to `q`, best first, each once."""
        return SearchHits(hits=product.search(thread_id, q, k=k))

    @router.delete(
        "/{thread_id}",
        status_code=status.HTTP_204_NO_CONTENT,
        summary="Forget a thread",
        responses=problems.documented(404),
    )
    def forget(thread_id: Id) -> None:
        """With its comments, vectors, answers and feedback."""
        product.delete_thread(thread_id)

    return router


def _questions(product: DiggDeeper, counted: telemetry.Telemetry) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["questions"])
    answered = {
        200: {
            "description": "The answer; as text/event-stream each statement once it is verified, then the answer.",
            "content": {
                "application/json": {"example": "answer"},
                streaming.MEDIA_TYPE: {
                    "schema": {"type": "string"},
                    "example": "event: statement\ndata: {...}\n\nevent: answer\ndata: {...}\n\n",
                },
            },
        },
        **problems.documented(404, 409),
    }

    async def ask(request: Request, asked: QuestionAsked, thread_ids: tuple[str, ...] | None) -> Response:

        def answer(on_statement: Any = None) -> Answer:
            made = product.ask(
                asked.question,
                thread_ids=thread_ids,
                conversation_id=asked.conversation_id,
                on_statement=on_statement,
            )
            counted.answer(made)
            return made

        if streaming.MEDIA_TYPE in request.headers.get("accept", ""):
            return await streaming.stream_answer(answer)
        made = await run_in_threadpool(answer)
        return Response(await run_in_threadpool(made.model_dump_json), media_type="application/json")

    @router.post("/threads/{thread_id}/questions", response_model=Answer, summary="Ask a thread", responses=answered)
    async def ask_thread(request: Request, thread_id: Id, asked: QuestionAsked) -> Response:
        """Answered from its comments alone. With nothing to say it abstains, and shows the nearest comments."""
        return await ask(request, asked, (thread_id,))

    @router.post("/questions", response_model=Answer, summary="Ask all threads, or some", responses=answered)
    async def ask_threads(request: Request, asked: QuestionOverThreads) -> Response:
        """As for one thread; a comment is cited with the thread it stands in."""
        return await ask(request, asked, asked.thread_ids)

    @router.get(
        "/threads/{thread_id}/questions",
        summary="Its answered Digg Deeper questions",
        responses={200: _example("answers"), **problems.documented(404)},
    )
    def answers(thread_id: Id, cursor: Cursor = None, limit: Limit = 50) -> AnswerPage:
        """Answers that stand on the thread as it is now, newest first."""
        return product.answers(thread_id, cursor=cursor, limit=limit)

    @router.post(
        "/answers/{answer_id}/feedback",
        status_code=status.HTTP_204_NO_CONTENT,
        summary="Say whether an answer helped",
        responses=problems.documented(404),
    )
    def feedback(
        answer_id: Annotated[Words, Path(max_length=200, examples=["a3f0c2"])],
        said: Feedback,
    ) -> None:
        product.feedback(answer_id, helpful=said.helpful, note=said.note)

    return router


def _operation(product: DiggDeeper, counted: telemetry.Telemetry, instance: str) -> APIRouter:
    router = APIRouter(tags=["operation"])

    @router.get("/healthz", summary="Whether it runs", responses={200: _example("health"), **problems.documented()})
    async def healthz() -> Health:
        return Health(status="ok", version=version("digg-deeper"), instance=instance)

    @router.get(
        "/readyz", summary="Whether it can answer", responses={200: _example("health"), **problems.documented(409)}
    )
    def readyz() -> Health:
        """The store opens, the index can be used, the encoder is loaded; else a problem that says which does not."""
        parts = product.ready()
        return Health(status="ready", version=version("digg-deeper"), instance=instance, parts=parts)

    @router.get(
        "/metrics",
        summary="What it did, for Prometheus",
        response_class=PlainTextResponse,
        responses={
            200: {"content": {"text/plain": {"example": "digg_abstentions_total 3\n"}}},
            **problems.documented(),
        },
    )
    async def metrics() -> Response:
        return Response(counted.text(), media_type=telemetry.MEDIA_TYPE)

    return router


def _catch_the_rest(app: FastAPI, routes: Sequence[APIRoute]) -> None:
    """Say 404 or 405 under the API's own paths, which would else go on to the page that is mounted at the root."""

    async def unmatched(request: Request) -> Response:
        allowed = {
            method for route in routes if route.path_regex.match(request.url.path) for method in route.methods or ()
        }
        if allowed:
            raise HTTPException(405, f"{request.method} is not for this path.", {"Allow": ", ".join(sorted(allowed))})
        raise HTTPException(404, "Nothing is at this path.")

    own = dict.fromkeys(route.path for route in routes if not route.path.startswith("/v1/"))
    for path in ("/v1", "/v1/{rest:path}", *own):
        app.add_route(path, unmatched, methods=_EVERY_METHOD, include_in_schema=False)


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


def _example(name: str) -> dict[str, Any]:
    """By its name: FastAPI drops nulls from examples, so they are put in afterwards."""
    return {"content": {"application/json": {"example": name}}}
