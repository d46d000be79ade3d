"""Errors as RFC 9457 problem details, for every way in which a request can fail.

Not here: what an error means (corpus.errors) and which requests are turned away unread (bot.guard).
"""

import logging
import math
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import Field
from starlette.exceptions import HTTPException

from corpus.errors import DiscussionError
from corpus.thread import Value

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
_NEXT_STEPS = {
    400: "Correct the body; /openapi.json describes every request.",
    404: "/openapi.json lists every path.",
    405: "/openapi.json lists the methods of every path.",
    415: "Send it as one of these.",
}
_log = logging.getLogger(__name__)


class Violation(Value):
    where: str
    """Which part of the request, such as "body.question" or "query.limit"."""
    message: str


class Problem(Value):
    """What went wrong, by RFC 9457, with what to do about it."""

    type: str = "about:blank"
    """The kind of problem, as "urn:digg-deeper:problem:KIND"; about:blank where the status says it all."""
    title: str
    status: int
    detail: str
    next_step: str = ""
    """What to do about it."""
    retryable: bool = False
    """Whether the same request may succeed later."""
    errors: tuple[Violation, ...] = Field(default=(), max_length=20)
    """Where a request was malformed: each part that was wrong."""


def problem_of(error: DiscussionError) -> Problem:
    return Problem(
        type=f"urn:digg-deeper:problem:{error.slug}",
        title=error.title,
        status=error.status,
        detail=error.message,
        next_step=error.next_step,
        retryable=error.retryable,
    )


def unexpected() -> Problem:
    """What a client is told of a failure that nobody foresaw: nothing of its inside."""
    return Problem(
        title=HTTPStatus.INTERNAL_SERVER_ERROR.phrase,
        status=500,
        detail="Something failed that should not have.",
        next_step="Try again; if it stays, the server's log says more.",
        retryable=True,
    )


def respond(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    if problem.retryable and problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers = {"Retry-After": str(RETRY_AFTER_S), **(headers or {})}
    return Response(problem.model_dump_json(), problem.status, headers, media_type=MEDIA_TYPE)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For OpenAPI: these statuses and those that any request can get, each answered by a Problem."""
    always = (400, 403, 413, 421, 422, 500, 503)
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": _example(status)}},
        }
        for status in sorted({*always, *statuses})
    }


def schemas() -> dict[str, Any]:
    """For OpenAPI: the form of a Problem."""
    made = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**made.pop("$defs"), "Problem": made}


def install(app: FastAPI) -> None:
    """Let `app` answer every failure with a problem document."""
    app.add_exception_handler(DiscussionError, _discussion_error)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)


def _discussion_error(_: Request, exc: Exception) -> Response:
    assert isinstance(exc, DiscussionError)  # noqa: S101 - registered for it
    if exc.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("%s: %s", exc.slug, exc, exc_info=exc)
    after = None if exc.retry_after_s is None else {"Retry-After": str(math.ceil(exc.retry_after_s))}
    return respond(problem_of(exc), after)


def _malformed(_: Request, exc: Exception) -> Response:
    assert isinstance(exc, RequestValidationError)  # noqa: S101 - registered for it
    errors = tuple(
        Violation(where=".".join(str(step) for step in error["loc"])[:200], message=error["msg"][:500])
        for error in exc.errors()[:20]
    )
    return respond(
        Problem(
            type="urn:digg-deeper:problem:invalid-request",
            title="The request makes no sense",
            status=422,
            detail="; ".join(f"{error.where}: {error.message}" for error in errors[:3]),
            next_step="Correct what `errors` names; /openapi.json describes every request.",
            errors=errors,
        )
    )


def _http_error(_: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)  # noqa: S101 - registered for it
    if isinstance(exc.__cause__, DiscussionError):
        return respond(problem_of(exc.__cause__))
    return respond(
        Problem(
            title=HTTPStatus(exc.status_code).phrase,
            status=exc.status_code,
            detail=str(exc.detail),
            next_step=_NEXT_STEPS.get(exc.status_code, ""),
        ),
        dict(exc.headers or {}),
    )


def _unexpected(request: Request, exc: Exception) -> Response:
    _log.error("unexpected error at %s %s", request.method, request.url.path, exc_info=exc)
    return respond(unexpected())


def _example(status: int) -> dict[str, Any]:
    phrase = HTTPStatus(status).phrase
    return Problem(title=phrase, status=status, detail=f"{phrase}.", retryable=status >= 500).model_dump(mode="json")
