"""One call to a model through LlamaIndex: put in the way that its endpoint understands, read piece by piece.

What an endpoint understands (a JSON schema, a tool, neither; a usage report; how a limit is called) is found out by
trying, once for each process, and remembered. A foreign error is turned into Failed here; its words go nowhere: they
may hold a key, or a comment. Not here: trying again, deadlines over several calls, bills (bot.llm.client).
"""

import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pydantic import BaseModel

from bot.values.fallback import Why

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage

_log = logging.getLogger(__name__)
Format = Literal["auto", "schema", "tool", "prompt"]
CONNECT_S = 10.0
_CHANGES = 7
_NEXT: dict[str, Format] = {"schema": "tool", "tool": "prompt"}
_TOO_LONG = re.compile(
    r"context.{0,20}(length|window|size)|maximum context|too many (input )?tokens|prompt is too long|"
    r"input is too long|reduce the length|exceeds? the (available|maximum)",
    re.I,
)
_FORMAT = re.compile(r"response_format|json_schema|json schema|grammar|structured output|guided", re.I)
_THOUGHTS = ("reasoning_content", "reasoning")
"""What endpoints call the field of what a model thinks before its reply."""
_TOOL = re.compile(r"\btools?\b|tool_choice|function", re.I)


class Failed(Exception):
    """A call that came to nothing, or to less than it should."""

    def __init__(
        self, why: Why, *, retryable: bool = False, retry_after_s: float | None = None, complaint: str = ""
    ) -> None:
        super().__init__(why)
        self.why: Why = why
        self.retryable = retryable
        self.retry_after_s = retry_after_s
        self.complaint = complaint
        """The endpoint's words, to tell what it did not understand. Never shown, never logged."""


class Shape(NamedTuple):
    """The form that a reply should have."""

    name: str
    schema: Mapping[str, Any]

    @classmethod
    def of(cls, model: type[BaseModel]) -> "Shape":
        schema = model.model_json_schema()
        return cls(name=model.__name__.strip("_").casefold(), schema=_strict(schema, schema.get("$defs", {})))


@dataclass(slots=True)
class Call:
    """The bounds of one call, and what came of it."""

    until: float
    """When it has to be over, by time.monotonic()."""
    most: int
    reached: bool = False
    said: list[str] = field(default_factory=list)
    thought: list[str] = field(default_factory=list)
    """What the model wrote before its reply, where its endpoint tells; never read, only counted."""
    tokens_in: int | None = None
    tokens_out: int | None = None

    @property
    def within_s(self) -> float:
        """What is left of its time. Raises Failed where that is nothing."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise Failed("too slow")
        return left


@dataclass(frozen=True, slots=True)
class Manner:
    """What the endpoint is taken to understand."""

    format: Format
    reports_usage: bool = True
    streams: bool = True
    takes_system: bool = True
    cool: bool = True
    """Whether it takes a temperature of 0; some models take only 1."""
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"


class Caller:
    """Puts calls to one model."""

    def __init__(
        self,
        model: "LLM",
        *,
        format: Format = "auto",  # noqa: A002 - what the setting is called
        openai: bool = True,
        timed: bool = True,
        close: Callable[[], None] = lambda: None,
    ) -> None:
        self._model = model
        self._openai = openai
        """Whether the endpoint takes what OpenAI's takes; else it gets messages alone."""
        self._timed = timed
        self._fixed = format != "auto"
        self._manner = Manner(format=("schema" if format == "auto" else format) if openai else "prompt")
        self._close = close

    def warm(self) -> None:
        """Nothing: the model is there."""

    def state(self) -> str:
        return "set"

    def close(self) -> None:
        self._close()

    @property
    def manner(self) -> Manner:
        return self._manner

    def pieces(self, system: str, user: str, shape: Shape | None, call: Call) -> Iterator[str]:
        """The reply as it comes. Raises Failed, also when something has come already."""
        for _ in range(_CHANGES):
            manner = self._manner
            try:
                for piece in self._put(system, user, shape, call, manner):
                    call.said.append(piece)
                    yield piece
            except Failed as exc:
                changed = None if call.said else self._changed(manner, exc)
                if changed is None:
                    raise
                self._manner = changed
                _log.info("the model's endpoint is asked in another manner: %s", changed)
            except Exception as exc:
                # whatever LlamaIndex, an SDK or its transport may raise: this is the border to all of them
                raise _failed(exc, began=bool(call.said)) from None
            else:
                return
        raise Failed("request refused")

    def _put(self, system: str, user: str, shape: Shape | None, call: Call, manner: Manner) -> Iterator[str]:
        messages = _messages(system, user, together=not manner.takes_system)
        told = self._arguments(shape, call, manner)
        try:
            if not manner.streams:
                yield from _read(iter([self._model.chat(messages, **told)]), call, whole=True, strict=self._openai)
            else:
                yield from _read(self._model.stream_chat(messages, **told), call, whole=False, strict=self._openai)
        except Failed:
            raise
        except Exception as exc:  # the same border, where what the endpoint complains of is still at hand
            raise _failed(exc, began=bool(call.said)) from None

    def _arguments(self, shape: Shape | None, call: Call, manner: Manner) -> dict[str, Any]:
        told: dict[str, Any] = {}
        if not self._openai:
            return {"timeout": call.within_s} if self._timed else told
        if self._timed:
            import httpx

            left = call.within_s
            told["timeout"] = httpx.Timeout(left, connect=min(CONNECT_S, left))
        told[manner.limit] = call.most
        if not manner.cool:
            told["temperature"] = 1
        if manner.streams and manner.reports_usage:
            told["stream_options"] = {"include_usage": True}
        if shape is not None:
            told |= _shaped(shape, manner.format)
        return told

    def _changed(self, manner: Manner, exc: Failed) -> Manner | None:
        """Another manner to try, by what the endpoint complains of; None where none is left."""
        if exc.why == "empty" and manner.streams and not exc.retryable:
            return replace(manner, streams=False)
        if exc.why != "request refused" and not (exc.why == "failing" and _FORMAT.search(exc.complaint)):
            return None
        said = exc.complaint.casefold()
        if "max_tokens" in said and manner.limit == "max_tokens":
            return replace(manner, limit="max_completion_tokens")
        if "temperature" in said and manner.cool:
            return replace(manner, cool=False)
        if "stream_options" in said and manner.reports_usage:
            return replace(manner, reports_usage=False)
        if "system" in said and "role" in said and manner.takes_system:
            return replace(manner, takes_system=False)
        if not self._fixed and manner.format in _NEXT:
            tools_too = manner.format == "schema" and _TOOL.search(said) and not _FORMAT.search(said)
            return replace(manner, format="prompt" if tools_too else _NEXT[manner.format])
        return None


def _messages(system: str, user: str, *, together: bool) -> "list[ChatMessage]":
    from llama_index.core.llms import ChatMessage, MessageRole

    if together:
        return [ChatMessage(role=MessageRole.USER, content=f"{system}\n\n{user}")]
    return [
        ChatMessage(role=MessageRole.SYSTEM, content=system),
        ChatMessage(role=MessageRole.USER, content=user),
    ]


def _shaped(shape: Shape, form: Format) -> dict[str, Any]:
    if form == "schema":
        schema = {"name": shape.name, "schema": dict(shape.schema), "strict": True}
        return {"response_format": {"type": "json_schema", "json_schema": schema}}
    if form == "tool":
        function = {"name": shape.name, "description": "Give the reply.", "parameters": dict(shape.schema)}
        choice = {"type": "function", "function": {"name": shape.name}}
        return {"tools": [{"type": "function", "function": function}], "tool_choice": choice}
    return {}


@dataclass(slots=True)
class _Seen:
    """What a reply has shown of itself so far."""

    ended: str | None = None
    refused: bool = False
    anything: bool = False
    arguments: str = field(default="")


def _read(replies: Iterator[Any], call: Call, *, whole: bool, strict: bool) -> Iterator[str]:
    """The text of the replies, or of the tool call in them, as far as each brings new."""
    seen = _Seen()
    said = False
    for reply in replies:
        call.reached = seen.anything = True
        _note(reply, call, seen)
        arguments = _arguments_of(reply)
        new = arguments[len(seen.arguments) :] if arguments.startswith(seen.arguments) else ""
        seen.arguments = arguments or seen.arguments
        piece = new or (str(reply.message.content or "") if whole else str(reply.delta or ""))
        if piece:
            said = True
            yield piece
    if seen.refused or seen.ended == "content_filter":
        raise Failed("declined")
    if not said:
        raise Failed("empty", retryable=seen.anything)
    if strict and seen.ended is None:
        raise Failed("broke off")


def _note(reply: Any, call: Call, seen: _Seen) -> None:
    raw = reply.raw
    choices = getattr(raw, "choices", None) or []
    for choice in choices[:1]:
        seen.ended = getattr(choice, "finish_reason", None) or seen.ended
        spoken = getattr(choice, "delta", None) or getattr(choice, "message", None)
        seen.refused = seen.refused or bool(getattr(spoken, "refusal", None))
        thought = next((t for name in _THOUGHTS if isinstance(t := getattr(spoken, name, None), str) and t), "")
        call.thought += [thought] if thought else []
    usage = getattr(raw, "usage", None) or (raw.get("usage") if isinstance(raw, dict) else None)
    for ours, theirs in (
        ("tokens_in", ("prompt_tokens", "input_tokens")),
        ("tokens_out", ("completion_tokens", "output_tokens")),
    ):
        for name in theirs:
            figure = usage.get(name) if isinstance(usage, Mapping) else getattr(usage, name, None)
            if isinstance(figure, int) and not isinstance(figure, bool) and figure >= 0:
                setattr(call, ours, figure)


def _arguments_of(reply: Any) -> str:
    calls: Sequence[Any] = reply.message.additional_kwargs.get("tool_calls") or ()
    if calls:
        return str(getattr(getattr(calls[0], "function", None), "arguments", "") or "")
    for block in reply.message.blocks:
        given = getattr(block, "tool_kwargs", None)
        if isinstance(given, str):
            return given
    return ""


def _failed(exc: Exception, *, began: bool) -> Failed:
    if isinstance(exc, Failed):
        return exc
    status = getattr(exc, "status_code", None)
    names = {kind.__name__ for kind in type(exc).__mro__}
    _log.info("a model call failed: %s, status %s", type(exc).__name__, status)
    if isinstance(status, int):
        return _refused(exc, status)
    if "DecodingError" in {kind.__name__ for kind in type(exc.__cause__).__mro__}:
        return Failed("unreadable")
    if any("Timeout" in name for name in names):
        return Failed("too slow")
    if began and names & {"TransportError", "APIConnectionError", "APIError"}:
        return Failed("broke off")
    if names & {"TransportError", "APIConnectionError"}:
        return Failed("unreachable", retryable=True)
    if "APIError" in names:
        return Failed("failing", retryable=True, complaint=str(exc))
    return Failed("unreadable")


def _refused(exc: Exception, status: int) -> Failed:
    complaint = f"{exc} {getattr(exc, 'body', '')}"[:4_000]
    rest = _retry_after(exc)
    if 300 <= status < 400:
        return Failed("redirected")
    if status in {401, 403}:
        return Failed("key refused")
    if status == 404:
        return Failed("unknown model")
    if status == 413 or (status < 500 and status != 429 and _TOO_LONG.search(complaint)):
        return Failed("too long")
    if status in {408, 504}:
        return Failed("too slow", retryable=True, retry_after_s=rest)
    if status in {429, 503, 529}:
        return Failed("busy", retryable="insufficient_quota" not in complaint, retry_after_s=rest)
    if status < 500 or status == 501:
        return Failed("request refused", complaint=complaint)
    return Failed("failing", retryable=True, retry_after_s=rest, complaint=complaint)


def _retry_after(exc: Exception) -> float | None:
    headers = getattr(getattr(exc, "response", None), "headers", None)
    if headers is None:
        return None
    told = headers.get("retry-after", "")
    try:
        return max(0.0, float(told))
    except ValueError:
        return _seconds_until(told)


def _seconds_until(told: str) -> float | None:
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, (parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def _strict(schema: Any, known: Mapping[str, Any]) -> Any:
    """The schema as strict endpoints want it: nothing referred to, every property required, no other allowed."""
    if isinstance(schema, list):
        return [_strict(one, known) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    if "$ref" in schema:
        return _strict(known[schema["$ref"].rpartition("/")[2]], known)
    kept = {
        name: {key: _strict(one, known) for key, one in value.items()}
        if name == "properties"
        else _strict(value, known)
        for name, value in schema.items()
        if name not in {"$defs", "default", "title", "description", "maxLength", "minLength", "maxItems", "minItems"}
    }
    if kept.get("type") == "object":
        kept |= {"additionalProperties": False, "required": list(kept.get("properties", {}))}
    return kept
