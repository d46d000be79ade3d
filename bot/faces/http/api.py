"""The HTTP API, version 1: its application and document, and the routes by which it is operated.

Each route, here and in the modules api_*, translates a request into one call of the product, and back. Routes that do
work are plain functions: FastAPI runs them in its threads. Not here: errors as documents (bot.faces.http.problems),
what is turned away unread (bot.faces.http.guard), the page (bot.faces.web.app), the server itself (bot.server).
"""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import PlainTextResponse, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from bot.faces.bodies import EXAMPLES, Health
from bot.faces.http import problems, telemetry
from bot.faces.http.forgetting import forgetting
from bot.faces.http.guard import Guard
from bot.faces.http.jobs import jobs_routes
from bot.faces.http.parameters import example
from bot.faces.http.questions import questions
from bot.faces.http.threads import threads
from bot.product.jobs import Jobs
from bot.product.product import DiggDeeper

TAGS = [
    {"name": "threads", "description": "Discussions: read in, listed, shown, forgotten."},
    {"name": "jobs", "description": "Reading in that takes long: how far it is, and its end on request."},
    {"name": "questions", "description": "Answers whose every statement cites a commenter, word for word."},
    {"name": "operation", "description": "Whether the server is well, and what it did."},
]
_EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def create_app(product: DiggDeeper, *, instance: str = "", jobs: Jobs | None = None) -> FastAPI:
    """The API over `product`. `instance` is what /healthz tells, for a command that looks for this very server.

    `jobs` are for the page as well, as `app.state.jobs`; whoever gives them ends them.
    """
    app = _Api(
        title="Digg Deeper",
        version=version("digg-deeper"),
        summary="Ask a discussion; every sentence of the answer cites the commenter who said it.",
        openapi_tags=TAGS,
        docs_url=None,  # FastAPI's page of documentation loads its scripts from elsewhere
        redoc_url=None,
    )
    jobs = jobs or Jobs(product)
    app.state.jobs = jobs
    counted = telemetry.Telemetry()
    product.on_model_call(counted.model_call)
    problems.install(app)
    app.add_middleware(Guard, settings=product.settings)
    app.add_middleware(telemetry.Timed, telemetry=counted)
    routers = (
        threads(product, jobs),
        jobs_routes(jobs),
        questions(product, counted),
        forgetting(product),
        _operation(product, counted, instance),
    )
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


def _operation(product: DiggDeeper, counted: telemetry.Telemetry, instance: str) -> APIRouter:
    router = APIRouter(tags=["operation"])

    @router.get("/healthz", summary="Whether it runs", responses={200: example("health"), **problems.documented()})
    async def healthz() -> Health:
        return Health(status="ok", version=version("digg-deeper"), instance=instance)

    @router.get(
        "/readyz", summary="Whether it can answer", responses={200: example("health"), **problems.documented(409)}
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
