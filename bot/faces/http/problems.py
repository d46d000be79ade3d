"""Errors as RFC 9457 problem details, for every way in which a request can fail.

Not here: what an error means (corpus.errors) and which requests are turned away unread (bot.faces.http.guard).
"""

import logging
import math
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from bot.values.problem_details import Problem, Violation, problem_of, unexpected
from corpus.errors import DiscussionError

__all__ = [
    "MEDIA_TYPE",
    "Problem",
    "Violation",
    "documented",
    "install",
    "problem_of",
    "respond",
    "schemas",
    "unexpected",
]

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
_NEXT_STEPS = {
    400: "Correct the body; /openapi.json describes every request.",
    404: "/openapi.json lists every path.",
    405: "/openapi.json lists the methods of every path.",
    415: "Send it as one of these.",
}
_log = logging.getLogger(__name__)


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
    _log.error("unexpected error at %s %r", request.method, request.url.path, exc_info=exc)
    return respond(unexpected())


def _example(status: int) -> dict[str, Any]:
    phrase = HTTPStatus(status).phrase
    return Problem(title=phrase, status=status, detail=f"{phrase}.", retryable=status >= 500).model_dump(mode="json")
