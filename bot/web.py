"""The web chat: a Gradio page at the root of the server, story on the left, conversation on the right.

Gradio carries the page, its events and its uploads. Not here: what the parts show (bot.panes), what a click does in the
browser (page/page.js), how it looks (page/page.css).
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # before the import: nothing here calls home
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(10**9))  # else statistics are made after each question
import gradio as gr
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.panes import Panes, failed
from bot.render import Html, icon
from corpus.errors import UnreadableInput
from corpus.thread import Value, Words

if TYPE_CHECKING:
    from bot.product import DiggDeeper

PAGE = Path(__file__).parent / "page"
AT_ONCE = 16
"""Questions answered at the same moment; more wait in Gradio's queue."""
READING_AT_ONCE = 2
_HOUR_S = 3_600
"""How often uploads that nobody had read in are deleted, and how old they are then."""
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
_FONTS = ("-apple-system", "BlinkMacSystemFont", "Segoe UI", "Roboto", "Helvetica Neue", "Noto Sans", "sans-serif")


class Clicked(Value):
    """What the page says of a click: checked here, since anybody can say anything."""

    first: bool = False
    thread: Words = ""
    comment: Words = ""
    scope: Words = ""
    conversation: Words | None = None
    question: Words = ""
    sort: Any = "activity"
    cursor: Words | None = None
    q: Words = ""
    answer: Words = ""
    helpful: bool = False
    note: Words | None = None

    @classmethod
    def of(cls, event: gr.EventData | dict[str, Any]) -> "Clicked":
        said = event if isinstance(event, dict) else {name: getattr(event, name, None) for name in cls.model_fields}
        return cls.model_validate({name: value for name, value in said.items() if value is not None})


def mount(app: FastAPI, product: "DiggDeeper") -> FastAPI:
    """`app` with the page at its root. The paths that `app` has already go before it."""
    app.add_middleware(ContentPolicy)
    os.environ["GRADIO_TEMP_DIR"] = str(product.settings.home / "uploads")  # not where other users of the machine look
    gr.mount_gradio_app(
        app,
        build(product),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        favicon_path=str(PAGE / "favicon.png"),
        max_file_size=product.settings.max_input_bytes,
        theme=_theme(),
        head=f"<style>{(PAGE / 'page.css').read_text(encoding='utf-8')}</style>",  # `css` would be rewritten
    )
    return app


def _theme() -> gr.themes.Base:
    """Fonts that every system has, and the page's own paper, which shows before page.css is there."""
    theme = gr.themes.Base(font=_FONTS, font_mono=("ui-monospace", "Menlo", "Consolas", "monospace"))
    return theme.set(
        body_background_fill="#fbfaf7",
        body_background_fill_dark="#16171a",
        body_text_color="#1b1c1f",
        body_text_color_dark="#eceae5",
    )


def build(product: "DiggDeeper") -> gr.Blocks:
    """The page over `product`.

    What is only looked up comes through server functions, which page.js puts in its place; what takes long, and shows
    how far it is, comes through Gradio's queue.
    """
    panes = Panes(product)
    limit = product.settings.max_question_chars
    page = gr.Blocks(title="Digg Deeper", analytics_enabled=False, fill_width=True, delete_cache=(_HOUR_S, _HOUR_S))
    with page:
        shell = gr.HTML(
            _part("shell"),
            elem_id="dd-shell",
            apply_default_css=False,
            js_on_load=(PAGE / "page.js").read_text(encoding="utf-8"),
            server_functions=_looked_up(panes),
        )
        with gr.Row(elem_id="dd-panes"):
            with gr.Column(elem_id="dd-left"):
                _reading_in(panes)
                _html("dd-story-part", _part("loading"))
            with gr.Column(elem_id="dd-right"):
                with gr.Column(elem_id="dd-log"):
                    _html("dd-history-part", "")
                    turn = _html("dd-turn-part", '<section class="dd-turn" hidden></section>')
                _html("dd-composer-part", Html(_part("composer")).format(limit=limit, send=icon("send")))
        _ask(shell, panes, turn)
    page.queue(max_size=256, default_concurrency_limit=AT_ONCE)
    return page


def _part(name: str) -> str:
    """A fixed part of the page; nothing of anybody's is ever put into these files' words."""
    return (PAGE / f"{name}.html").read_text(encoding="utf-8")


def _html(elem_id: str, value: str) -> gr.HTML:
    return gr.HTML(value, elem_id=elem_id, apply_default_css=False, js_on_load=None)


def _looked_up(panes: Panes) -> list[Callable[..., Any]]:
    """What page.js asks for by name, one argument each."""

    def open_story(said: dict[str, Any]) -> dict[str, str]:
        clicked = Clicked.of(said)
        shown = panes.story(panes.first_story() if clicked.first else clicked.thread)
        return {part: str(value) for part, value in shown._asdict().items()}

    def open_chat(said: dict[str, Any]) -> str:
        clicked = Clicked.of(said)
        return panes.conversation(clicked.scope, clicked.conversation)

    def more_posts(said: dict[str, Any]) -> str:
        clicked = Clicked.of(said)
        return panes.posts(clicked.thread, "time" if clicked.sort == "time" else "activity", clicked.cursor)

    def whole_post(said: dict[str, Any]) -> str:
        clicked = Clicked.of(said)
        return panes.whole_post(clicked.thread, clicked.comment)

    def find_stories(said: dict[str, Any]) -> str:
        clicked = Clicked.of(said)
        return panes.stories(clicked.q, clicked.cursor)

    def answered(said: dict[str, Any]) -> str:
        return panes.deeper(Clicked.of(said).thread)

    def rate(said: dict[str, Any]) -> str:
        clicked = Clicked.of(said)
        return panes.feedback(clicked.answer, helpful=clicked.helpful, note=clicked.note)

    return [
        _guarded(lookup) for lookup in (open_story, open_chat, more_posts, whole_post, find_stories, answered, rate)
    ]


def _guarded(lookup: Callable[[dict[str, Any]], Any]) -> Callable[[Any], Any]:
    """The same lookup, for which no argument from outside can be a server error."""

    @wraps(lookup)
    def looked_up(said: Any) -> Any:
        try:
            return lookup(said)
        except Exception as exc:
            return str(failed(exc))

    return looked_up


def _ask(shell: gr.HTML, panes: Panes, turn: gr.HTML) -> None:
    async def ask(event: gr.EventData) -> AsyncIterator[str]:
        def work(show: Callable[[Html], None]) -> Html:
            clicked = Clicked.of(event)
            return panes.ask(clicked.question, clicked.scope, clicked.conversation, show)

        async for shown in _meanwhile(work):
            yield shown

    shell.ask(
        ask,
        None,
        turn,
        show_progress="hidden",
        api_visibility="private",
        concurrency_limit=AT_ONCE,
        trigger_mode="once",
    )


def _reading_in(panes: Panes) -> None:
    """The form that reads a discussion in, from a file or from pasted text."""
    with gr.Column(elem_id="dd-add"):
        _html("dd-add-head", _part("add"))
        file = gr.File(label="Export file", show_label=False, type="filepath", height=116, elem_id="dd-file")
        text = gr.Textbox(
            label="Or the page’s text",
            placeholder="Select all of a page, copy, and paste it here",
            lines=4,
            max_lines=12,
            elem_id="dd-paste",
        )
        button = gr.Button("Read it in", variant="primary", elem_id="dd-read")
        note = _html("dd-read-note", "")

    async def read(path: str | None, pasted: str | None) -> AsyncIterator[tuple[Any, Any, Any]]:
        done: list[str] = []

        def work(show: Callable[[Html], None]) -> Html:
            content, name = _content(path, pasted)
            shown = panes.read_in(content, name, show)
            done.append(name)
            return shown

        async for shown in _meanwhile(work):
            yield shown, gr.skip(), gr.skip()
        yield gr.skip(), None, "" if done else gr.skip()

    button.click(
        read,
        [file, text],
        [note, file, text],
        show_progress="hidden",
        api_visibility="private",
        concurrency_limit=READING_AT_ONCE,
    )


def _content(path: str | None, pasted: str | None) -> tuple[bytes, str]:
    """What was sent, and its file name. An upload is not kept once it is read."""
    if path is not None:
        file = Path(path)
        try:
            return file.read_bytes(), file.name
        finally:
            with suppress(OSError):
                file.unlink()
    if pasted and pasted.strip():
        return pasted.encode("utf-8", "replace"), ""
    raise UnreadableInput("there is nothing to read.", next_step="Choose a file, or paste the text of a page.")


async def _meanwhile(work: Callable[[Callable[[Html], None]], Html]) -> AsyncIterator[str]:
    """What `work` shows while it runs in a thread, the newest at a time, and at last its result."""
    loop = asyncio.get_running_loop()
    arrived: asyncio.Queue[Html] = asyncio.Queue()

    def show(html: Html) -> None:
        with suppress(RuntimeError):  # the server has stopped meanwhile: nobody waits for it
            loop.call_soon_threadsafe(arrived.put_nowait, html)

    working = asyncio.create_task(run_in_threadpool(work, show))
    while not working.done():
        showing = asyncio.create_task(arrived.get())
        await asyncio.wait({working, showing}, return_when=asyncio.FIRST_COMPLETED)
        if not showing.done():
            showing.cancel()
            break
        newest = showing.result()
        while not arrived.empty():
            newest = arrived.get_nowait()
        yield newest
    try:
        yield await working
    except Exception as exc:
        yield failed(exc)


class ContentPolicy:
    """ASGI middleware that puts CONTENT_POLICY on every page of HTML."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers["Content-Security-Policy"] = CONTENT_POLICY
            await send(message)

        await self._app(scope, receive, with_policy)
