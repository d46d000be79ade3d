"""A language model's endpoint on this machine: OpenAI's chat completions over real HTTP, and ways to fail at them.

It speaks the protocol (streaming as server-sent events, tools, response_format, usage), takes its replies from the
test, and remembers what it was asked. Only what the endpoint says is made up.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Said = str | Callable[[dict[str, Any]], str]


class FakeLlm:
    """An endpoint. `says` is what it writes, or a function of the request's body that tells it."""

    def __init__(self, says: Said = "{}") -> None:
        self.says = says
        self.asked: list[dict[str, Any]] = []
        self.headers: list[Mapping[str, str]] = []
        self.paths: list[str] = []
        self.faults: list[Callable[[_Handler], bool]] = []
        """Taken one a request, first to last, before anything is said; True ends the request."""
        self.always: Callable[[_Handler], bool] | None = None
        """A fault of every request."""
        self.key: str | None = None
        self.models = {"tester"}
        self.refuses: set[str] = set()
        """Fields of a request that are answered with 400."""
        self.piece = 4
        """Characters of a token."""
        self.tokens_a_second: float | None = None
        self.first_token_s = 0.0
        self.ends: str | None = "stop"
        self.dies_after: int | None = None
        """Tokens after which the connection is cut."""
        self.reports_usage = True
        self.usage: dict[str, Any] | None = None
        """What it reports in place of what it used."""
        self.thinks: tuple[str, str] | None = None
        """The field of what it thinks before it speaks, and that."""
        self.refusal = False
        self.ignores_stream = False
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def prompts(self) -> list[str]:
        """What each call's last message said."""
        return [body["messages"][-1]["content"] for body in self.asked]

    def __enter__(self) -> "FakeLlm":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    fake: FakeLlm

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        fake = self.server.fake
        fake.paths.append(self.path)
        fake.headers.append(dict(self.headers))
        if not self._known():
            return
        if self.path != "/v1/models":
            self.fail(404, "nothing here")
            return
        self.reply(200, {"object": "list", "data": [{"id": name, "object": "model"} for name in sorted(fake.models)]})

    def do_POST(self) -> None:
        fake = self.server.fake
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        fake.paths.append(self.path)
        fake.headers.append(dict(self.headers))
        fake.asked.append(body)
        if fake.always is not None and fake.always(self):
            return
        if fake.faults and fake.faults.pop(0)(self):
            return
        if not self._known():
            return
        if body.get("model") not in fake.models:
            self.fail(404, f"The model `{body.get('model')}` does not exist", code="model_not_found")
            return
        for name in fake.refuses:
            if name in body:
                self.fail(400, f"Unsupported parameter: '{name}' is not supported with this model.", param=name)
                return
        said = fake.says(body) if callable(fake.says) else fake.says
        if body.get("stream") and not fake.ignores_stream:
            self._stream(said, body)
        else:
            self._whole(said, body)

    def fail(self, status: int, message: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> bool:
        self.reply(status, {"error": {"message": message, "type": "invalid_request_error", **more}}, headers=headers)
        return True

    def reply(self, status: int, body: Any, *, headers: Mapping[str, str] | None = None) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        kind = "text/html" if isinstance(body, bytes) else "application/json"
        for name, value in {"content-type": kind, "content-length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def cut(self) -> None:
        self.close_connection = True
        self.connection.close()

    def _known(self) -> bool:
        fake = self.server.fake
        if fake.key is not None and self.headers.get("authorization") != f"Bearer {fake.key}":
            given = self.headers.get("authorization", "")
            self.fail(401, f"Incorrect API key provided: {given.removeprefix('Bearer ')}.", code="invalid_api_key")
            return False
        return True

    def _usage(self, said: str, body: dict[str, Any]) -> dict[str, int]:
        if self.server.fake.usage is not None:
            return self.server.fake.usage
        asked = len(_tokens(json.dumps(body["messages"])))
        return {
            "prompt_tokens": asked,
            "completion_tokens": len(_tokens(said)),
            "total_tokens": asked + len(_tokens(said)),
        }

    def _whole(self, said: str, body: dict[str, Any]) -> None:
        fake = self.server.fake
        message: dict[str, Any] = {"role": "assistant", "content": said}
        if "tools" in body:
            name = body["tools"][0]["function"]["name"]
            call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": said}}
            message = {"role": "assistant", "content": None, "tool_calls": [call]}
        told = {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": body["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": fake.ends}],
        }
        if fake.reports_usage:
            told["usage"] = self._usage(said, body)
        self.reply(200, told)

    def _stream(self, said: str, body: dict[str, Any]) -> None:
        fake = self.server.fake
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        time.sleep(fake.first_token_s)
        for place, delta in enumerate(self._deltas(said, body)):
            if fake.dies_after is not None and place >= fake.dies_after:
                self.cut()
                return
            if fake.tokens_a_second and place:
                time.sleep(1 / fake.tokens_a_second)
            self.event(self._chunk(body, [{"index": 0, "delta": delta, "finish_reason": None}]))
        if fake.ends is not None:
            self.event(self._chunk(body, [{"index": 0, "delta": {}, "finish_reason": fake.ends}]))
        if fake.reports_usage and (body.get("stream_options") or {}).get("include_usage"):
            self.event({**self._chunk(body, []), "usage": self._usage(said, body)})
        self.raw(b"data: [DONE]\n\n")
        self.raw(b"")

    def _deltas(self, said: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield {"role": "assistant", "content": None if "tools" in body else ""}
        if self.server.fake.refusal:
            yield {"refusal": "I cannot help with that."}
            return
        if self.server.fake.thinks is not None:
            name, thought = self.server.fake.thinks
            yield from ({name: token} for token in _tokens(thought, 40))
        for place, token in enumerate(_tokens(said, self.server.fake.piece)):
            if "tools" not in body:
                yield {"content": token}
                continue
            call: dict[str, Any] = {"index": 0, "function": {"arguments": token}}
            if place == 0:
                name = body["tools"][0]["function"]["name"]
                call |= {"id": "call_1", "type": "function", "function": {"name": name, "arguments": token}}
            yield {"tool_calls": [call]}

    def _chunk(self, body: dict[str, Any], choices: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": body["model"],
            "choices": choices,
        }

    def event(self, data: Any) -> None:
        self.raw(f"data: {json.dumps(data)}\n\n".encode())

    def raw(self, content: bytes) -> None:
        """A chunk of HTTP; an empty one ends the reply."""
        self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
        self.wfile.flush()


def _tokens(text: str, piece: int = 4) -> list[str]:
    """Pieces of about so many characters, as models write."""
    return [text[at : at + piece] for at in range(0, len(text), piece)]


def data_of(body: dict[str, Any]) -> dict[str, Any]:
    """The data that the prompt puts before the model, read back as a model may read it."""
    content = body["messages"][-1]["content"]
    return dict(json.loads(next(line for line in content.splitlines() if line.startswith('{"'))))
