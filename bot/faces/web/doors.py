"""Doors: of the server that comes with Gradio, only what the page needs can be reached.

Gradio serves much more than a page: it fetches addresses for whoever asks, takes uploads, and copies files of the
machine that a request names where it is mounted in another server (its own check is off there). None of that is needed,
so none of it is open. Not here: what any server of ours turns away (bot.faces.http.guard), the page
(bot.faces.web.app).
"""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.faces.http.problems import Problem, respond

_LOOKED_AT = re.compile(
    r"/|/theme\.css|/favicon\.ico|/robots\.txt|/config/?|/(?:assets|static)/.*"
    r"|/gradio_api/(?:queue/data|heartbeat/[^/]+|startup-events|app_id)/?"
)
_SENT_TO = re.compile(r"/gradio_api/(?:queue/join|component_server|cancel|reset)/?")
CONTENT_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",  # Gradio's own page needs both
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ]
)
"""Nothing that the page shows may send a request to anywhere else, whatever a comment holds."""


class Doors:
    """ASGI middleware around Gradio's part of the server."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        refused = _refused(scope)
        if refused is None:
            await self._app(scope, receive, _with_policy(send))
        elif scope["type"] == "http":
            await respond(refused)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008, "reason": refused.detail})


def _refused(scope: Scope) -> Problem | None:
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    method = scope.get("method", "")
    if method in {"GET", "HEAD"} and _LOOKED_AT.fullmatch(path):
        return None
    if method == "POST" and _SENT_TO.fullmatch(path):
        if Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower() == "application/json":
            return None
        return Problem(title="Unsupported Media Type", status=415, detail="Only JSON is taken here.")
    return Problem(title="Not Found", status=404, detail="Nothing is at this path.")


def _with_policy(send: Send) -> Send:
    async def with_policy(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if headers.get("content-type", "").startswith("text/html"):
                headers["Content-Security-Policy"] = CONTENT_POLICY
        await send(message)

    return with_policy
