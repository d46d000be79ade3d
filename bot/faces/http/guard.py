"""Guard: turns away, unread, what no honest client of a local server sends.

Three things that a web page open in the same browser could do to it, or a client by size alone:
- reach it under a name of its own (DNS rebinding): the Host must be an IP address, localhost or a configured name;
- make it read in, ask or delete (cross-site requests): what changes something must not come from another site;
- send without end: a body ends at the size limit, counted while it comes in.
Not here: what a request means (bot.faces.http.api).
"""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.faces.http.problems import Problem, problem_of, respond
from bot.settings import Settings
from corpus.errors import InputTooLarge

FRAMING_BYTES = 64_000
"""What JSON or multipart may add around an export of the largest size."""
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_ADDED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """ASGI middleware over the whole server, the page included."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refused = self._refused(scope, headers)
        if refused is not None and scope["type"] == "http":
            await respond(refused)(scope, receive, send)
        elif refused is not None:
            await send({"type": "websocket.close", "code": 1008, "reason": refused.detail})
        else:
            await self._app(scope, self._limited(receive), _with_headers(send))

    def _refused(self, scope: Scope, headers: Mapping[str, str]) -> Problem | None:
        host = headers.get("host", "")
        if not self._ours(host):
            return Problem(
                title="Misdirected Request",
                status=421,
                detail=f"This server does not go by the name {host[:200]!r}.",
                next_step="Use its IP address or localhost, or add the name to DIGG_ALLOWED_HOSTS.",
            )
        changes = scope["type"] == "websocket" or scope["method"] not in _SAFE_METHODS
        if changes and not self._same_site(headers, host):
            return Problem(
                title="Forbidden",
                status=403,
                detail="A page of another site may not change anything here.",
                next_step="Send the request from the server's own page, or from a program that is no browser.",
            )
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length) > self._most_bytes:
            return problem_of(self._too_large())
        return None

    def _ours(self, host: str) -> bool:
        try:
            name = (urlsplit(f"//{host}").hostname or "").removesuffix(".")
        except ValueError:
            return False
        if name == "localhost" or name.endswith(".localhost") or name in self._settings.host_names:
            return True
        try:
            ip_address(name)
        except ValueError:
            return False
        return True

    def _same_site(self, headers: Mapping[str, str], host: str) -> bool:
        """Whether a browser says that its own page asks, or no browser asks at all."""
        fetch_site = headers.get("sec-fetch-site")
        if fetch_site is not None:
            return fetch_site in {"same-origin", "none"}
        origin = headers.get("origin")
        if origin is None:
            return True
        public = self._settings.public_url
        return urlsplit(origin).netloc.lower() == host.lower() or (public is not None and origin == _origin(public))

    @property
    def _most_bytes(self) -> int:
        return self._settings.max_input_bytes + FRAMING_BYTES

    def _too_large(self) -> InputTooLarge:
        return InputTooLarge(
            f"the request is larger than {self._settings.max_input_bytes:,} bytes.",
            next_step="Send less at once, or raise DIGG_MAX_INPUT_BYTES on the server.",
        )

    def _limited(self, receive: Receive) -> Receive:
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._most_bytes:
                raise HTTPException(413) from self._too_large()
            return message

        return counted


def _with_headers(send: Send) -> Send:
    async def completed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _ADDED_HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return completed


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
