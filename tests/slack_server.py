"""A local server that stands in for Slack: its methods, a response URL, and the socket of socket mode.

It is as strict as Slack: tokens, arguments and blocks are checked, and what is wrong is refused and remembered.
"""

import hashlib
import hmac
import json
import threading
import time
from collections import Counter
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from websockets.sync.server import ServerConnection, serve

BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-1-harbour", "xapp-1-harbour", "0f" * 16
TEAM, CHANNEL, BOT = "T0HARBOUR", "C0FERRY", "U0BOT"
WORKSPACE = "https://harbour.slack.com/"
ROOT = "1772395200.000100"
PATIENCE_S = 45

ARGUMENTS: dict[str, tuple[set[str], set[str]]] = {
    "auth.test": (set(), {"team_id"}),
    "apps.connections.open": (set(), set()),
    "conversations.replies": ({"channel", "ts"}, {"limit", "cursor"}),
    "users.info": ({"user"}, set()),
    "chat.postMessage": (
        {"channel", "text", "thread_ts"},
        {"blocks", "parse", "mrkdwn", "link_names", "unfurl_links", "unfurl_media"},
    ),
}
PEOPLE = {
    "U0MO": ("mo", "Mo Pier"),
    "U0ADA": ("ada.f", "Ada"),
    "U0SALT": ("salt", "Old Salt"),
    "U0TIDE": ("tide", ""),
    "U0KES": ("kestrel", "Kestrel <!channel>"),
}
SAID = [
    ("U0MO", "The night ferry stops for good in May. Does anybody know why?"),
    ("U0ADA", "The crew was cut to one shift, so nobody is left for the night."),
    ("U0SALT", "Because the harbour tax doubled. They told us so at the quay in March."),
    ("U0TIDE", "The tax did not double, it rose by 40 percent. Still too much, <@U0SALT>."),
    ("U0SALT", "The engine fails every other week and spare parts take months to arrive &amp; cost a lot."),
    ("U0KES", "I will miss the stars from the upper deck. &lt;!channel&gt; *really*"),
]


def stamp(place: int) -> str:
    """The ts of the message at this place of the thread."""
    return f"{int(ROOT.split('.', maxsplit=1)[0]) + 60 * place}.000100"


def ferry_messages() -> list[dict[str, Any]]:
    """A thread on the night ferry, the question to the bot last."""
    messages: list[dict[str, Any]] = [
        {"type": "message", "user": user, "text": text, "ts": stamp(place), "thread_ts": ROOT}
        for place, (user, text) in enumerate(SAID)
    ]
    messages[0]["reply_count"] = len(SAID) - 1
    return messages


class StandIn:
    """Slack, for one workspace."""

    def __init__(self, messages: Iterable[dict[str, Any]] | None = None, *, page: int = 2) -> None:
        self.messages = list(ferry_messages() if messages is None else messages)
        self.page = page
        self.calls: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.posted: Queue[dict[str, Any]] = Queue()
        self.replied: Queue[dict[str, Any]] = Queue()
        self.acknowledged: Queue[dict[str, Any]] = Queue()
        self.refuse: dict[str, list[tuple[int, dict[str, Any], dict[str, str]]]] = {}
        """Method -> what it replies instead, once each: status, body, headers."""
        self._connections: Queue[ServerConnection] = Queue()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self._sockets = serve(self._talk, "127.0.0.1", 0)
        for run in (self._http.serve_forever, self._sockets.serve_forever):
            threading.Thread(target=run, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def api_url(self) -> str:
        return f"{self.url}/api"

    def close(self) -> None:
        self._sockets.shutdown()
        self._http.shutdown()
        self._http.server_close()

    # what Slack sends

    def send_over_socket(self, kind: str, payload: dict[str, Any], *, envelope: str, **more: Any) -> None:
        connection = self._connections.get(timeout=PATIENCE_S)
        self._connections.put(connection)
        body = {"type": kind, "envelope_id": envelope, "payload": payload, "accepts_response_payload": False, **more}
        connection.send(json.dumps(body))

    def _talk(self, connection: ServerConnection) -> None:
        connection.send(json.dumps({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0DIGG"}}))
        self._connections.put(connection)
        for told in connection:
            self.acknowledged.put(json.loads(told))

    # what Slack is asked

    def called(self, method: str, token: str, arguments: dict[str, Any]) -> tuple[int, dict[str, Any], dict[str, str]]:
        self.calls[method] += 1
        if self.refuse.get(method):
            return self.refuse[method].pop(0)
        wanted_token = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if token != f"Bearer {wanted_token}":
            return 200, {"ok": False, "error": "invalid_auth"}, {}
        needed, allowed = ARGUMENTS.get(method, (set(), set()))
        if method not in ARGUMENTS or not needed <= arguments.keys() <= needed | allowed:
            self.wrong.append(f"{method} with {sorted(arguments)}")
            return 200, {"ok": False, "error": "invalid_arguments"}, {}
        return 200, getattr(self, "_" + method.replace(".", "_"))(arguments), {}

    def _auth_test(self, _: dict[str, Any]) -> dict[str, Any]:
        told = {"url": WORKSPACE, "team": "Harbour", "team_id": TEAM, "user": "digg", "user_id": BOT, "bot_id": "B0BOT"}
        return {"ok": True, **told}

    def _apps_connections_open(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "url": f"ws://127.0.0.1:{self._sockets.socket.getsockname()[1]}/link?ticket=1"}

    def _conversations_replies(self, arguments: dict[str, Any]) -> dict[str, Any]:
        if arguments["channel"] != CHANNEL:
            return {"ok": False, "error": "not_in_channel"}
        if arguments["ts"] != self.messages[0]["ts"]:
            return {"ok": False, "error": "thread_not_found"}
        start = int(arguments.get("cursor") or 0)
        end = start + min(self.page, int(arguments["limit"]))
        more = end < len(self.messages)
        first = self.messages[:1] if start else []
        return {
            "ok": True,
            "messages": first + self.messages[start:end],
            "has_more": more,
            "response_metadata": {"next_cursor": str(end) if more else ""},
        }

    def _users_info(self, arguments: dict[str, Any]) -> dict[str, Any]:
        if arguments["user"] not in PEOPLE:
            return {"ok": False, "error": "user_not_found"}
        username, shown = PEOPLE[arguments["user"]]
        profile = {"display_name": shown, "real_name": f"{username} of the harbour"}
        return {"ok": True, "user": {"id": arguments["user"], "name": username, "profile": profile}}

    def _chat_postMessage(self, arguments: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - Slack's name
        wrong = faults(arguments)
        if wrong:
            self.wrong += wrong
            return {"ok": False, "error": "invalid_blocks"}
        self.posted.put(arguments)
        return {"ok": True, "ts": "1772399999.000100", "channel": arguments["channel"]}

    def reply(self, body: dict[str, Any]) -> None:
        self.wrong += faults(body)
        if body.get("response_type") != "ephemeral":
            self.wrong.append(f"a reply that everybody sees: {body}")
        self.replied.put(body)


def _handler(slack: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
            as_json = "json" in (self.headers["Content-Type"] or "")
            told = json.loads(body or "{}") if as_json else dict(parse_qsl(body))
            path = urlsplit(self.path).path
            if path.startswith("/respond/"):
                slack.reply(told)
                status, said, headers = 200, b"ok", {}
            else:
                method = path.removeprefix("/api/")
                status, reply, headers = slack.called(method, self.headers["Authorization"] or "", told)
                said = json.dumps(reply).encode()
            self.send_response(status)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(said)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


# ---- Slack's limits


def faults(message: dict[str, Any]) -> list[str]:
    """What Slack would refuse in a message, or show otherwise than it was meant."""
    blocks = message.get("blocks") or []
    blocks = json.loads(blocks) if isinstance(blocks, str) else blocks
    wrong = []
    if len(blocks) > 50:
        wrong.append(f"{len(blocks)} blocks")
    if len(json.dumps(blocks, ensure_ascii=False)) > 12_000:
        wrong.append("blocks too long")
    if not message.get("text") or len(message["text"]) > 4_000:
        wrong.append("a fallback text that is empty or too long")
    if any(mark in message["text"] for mark in "<>"):
        wrong.append(f"a fallback text that is not escaped: {message['text']!r}")
    for block in blocks:
        wrong += _faults_of_block(block)
    return wrong


def _faults_of_block(block: dict[str, Any]) -> list[str]:
    match block:
        case {"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}}:
            return [] if 1 <= _units(text) <= 3_000 else ["a section that is empty or too long"]
        case {"type": "context", "elements": [*elements]} if 1 <= len(elements) <= 10:
            texts = [e["text"] for e in elements if e.keys() == {"type", "text", "emoji"} and e["type"] == "plain_text"]
            fine = len(texts) == len(elements) and all(1 <= _units(text) <= 3_000 for text in texts)
            return [] if fine else [f"a context element: {block}"]
        case {"type": "rich_text", "elements": [{"type": kind, "elements": [*elements]}]}:
            known = kind in {"rich_text_section", "rich_text_quote"}
            return [] if known and elements and all(map(_is_inline, elements)) else [f"rich text: {block}"]
        case _:
            return [f"a block of no known kind: {block}"]


def _is_inline(element: dict[str, Any]) -> bool:
    match element:
        case {"type": "text", "text": str(text), **rest}:
            return 1 <= _units(text) <= 3_000 and rest in ({}, {"style": {"bold": True}})
        case {"type": "link", "url": str(url), "text": "message", **rest}:
            return url.startswith(("https://", "http://")) and len(url) <= 3_000 and not rest
        case _:
            return False


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


# ---- what Slack sends


def mention(text: str, *, ts: str = stamp(9), event_id: str = "Ev1", **event: Any) -> dict[str, Any]:
    told = {"type": "app_mention", "user": "U0MO", "text": text, "ts": ts, "channel": CHANNEL, "thread_ts": ROOT}
    told.update(event)
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": "A0DIGG",
        "event_id": event_id,
        "event": {name: value for name, value in told.items() if value is not None},
        "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}],
    }


def slash(text: str, *, slack: StandIn, trigger: str = "1.1") -> dict[str, str]:
    return {
        "command": "/digg-deeper",
        "text": text,
        "team_id": TEAM,
        "channel_id": CHANNEL,
        "user_id": "U0MO",
        "trigger_id": trigger,
        "response_url": f"{slack.url}/respond/1",
    }


def signed(body: bytes, *, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """The headers that Slack adds."""
    sent = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{sent}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": sent, "X-Slack-Signature": f"v0={digest}"}


# ---- what a reader sees


def blocks_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    blocks = message["blocks"]
    return list(json.loads(blocks) if isinstance(blocks, str) else blocks)


def quotes_in(message: dict[str, Any]) -> list[str]:
    return [
        "".join(element["text"] for element in part["elements"])
        for block in blocks_of(message)
        if block["type"] == "rich_text"
        for part in block["elements"]
        if part["type"] == "rich_text_quote"
    ]


def links_in(message: dict[str, Any]) -> list[str]:
    parts = [part for block in blocks_of(message) if block["type"] == "rich_text" for part in block["elements"]]
    return [element["url"] for part in parts for element in part["elements"] if element["type"] == "link"]


def read_aloud(message: dict[str, Any]) -> str:
    """All text of the blocks, a line each."""
    lines = []
    for block in blocks_of(message):
        match block:
            case {"type": "section"}:
                lines.append(block["text"]["text"])
            case {"type": "context"}:
                lines += [element["text"] for element in block["elements"]]
            case _:
                lines += ["".join(e["text"] for e in part["elements"]) for part in block["elements"]]
    return "\n".join(lines)
