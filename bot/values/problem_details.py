"""What a client is told of a failure, by RFC 9457, as a value: as a response, within a job, and read back from one.

Not here: how it is answered over HTTP (bot.faces.http.problems).
"""

from http import HTTPStatus

from pydantic import Field

from corpus.errors import DiscussionError
from corpus.thread import Value


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
