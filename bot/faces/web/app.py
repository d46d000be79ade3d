"""The web chat: a Gradio page at the root of the server, story on the left, conversation on the right.

Gradio carries the page and its events. Not here: what the parts show (bot.faces.web.panes), what a click does in the
browser (page/page.js), how it looks (page/page.css), what of Gradio's server is closed (bot.faces.web.doors).
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # before the import: nothing here calls home
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(10**9))  # else statistics are made after each question
import gradio as gr
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.routing import Mount

from bot.faces.web.doors import Doors
from bot.faces.web.html import Html, icon
from bot.faces.web.panes import Panes, failed
from corpus.errors import InvalidRequest
from corpus.thread import Value, Words

if TYPE_CHECKING:
    from bot.product.product import DiggDeeper

PAGE = Path(__file__).parent / "page"
AT_ONCE = 16
"""Questions answered at the same moment; more wait in Gradio's queue."""
READING_AT_ONCE = 8
_FONTS = ("-apple-system", "BlinkMacSystemFont", "Segoe UI", "Roboto", "Helvetica Neue", "Noto Sans", "sans-serif")


FILTERS = ("source", "author", "after", "before")


class Clicked(Value):
    """What the page says of a click: checked here, since anybody can say anything."""

    first: bool = False
    thread: Words = ""
    comment: Words = ""
    scope: Words = ""
    conversation: Words | None = None
    question: Words = ""
    source: Words = ""
    author: Words = ""
    after: Words = ""
    before: Words = ""
    sort: Any = "activity"
    cursor: Words | None = None
    q: Words = ""
    answer: Words = ""
    helpful: bool = False
    note: Words | None = None

    @classmethod
    def of(cls, event: "gr.EventData | Any") -> "Clicked":
        """What was said. Raises InvalidRequest where it makes no sense."""
        said = event._data if isinstance(event, gr.EventData) else event  # noqa: SLF001 - it has no public face
        try:
            return cls.model_validate({name: value for name, value in dict(said).items() if value is not None})
        except (TypeError, ValueError) as exc:
            raise InvalidRequest("the page sent what makes no sense.", next_step="Reload the page.") from exc


def mount(app: FastAPI, product: "DiggDeeper") -> FastAPI:
    """`app` with the page at its root. The paths that `app` has already go before it."""
    panes = Panes(product, getattr(app.state, "jobs", None))
    page = _page(panes, product.settings.max_question_chars)
    app.add_route("/page/read", _reading_in(panes, product.settings.max_input_bytes), methods=["POST"])
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        favicon_path=str(PAGE / "favicon.png"),
        theme=_theme(),
        head=f"<style>{(PAGE / 'page.css').read_text(encoding='utf-8')}</style>",  # `css` would be rewritten
    )
    page.has_launched = True  # else Gradio leaves out its own check of the paths that requests name
    mounted = app.router.routes[-1]
    if not isinstance(mounted, Mount):
        raise TypeError(f"Gradio mounted {mounted!r} in place of an application")
    mounted.app = Doors(mounted.app)
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


def _page(panes: Panes, longest_question: int) -> gr.Blocks:
    """The page. What is only looked up comes through server functions, which page.js puts in its place; what takes
    long, and shows how far it is, comes through Gradio's queue.

    No event takes a component's value: Gradio would look into it for paths of files.
    """
    page = gr.Blocks(title="Digg Deeper", analytics_enabled=False, fill_width=True)
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
                _html("dd-add-part", _part("add"))
                _html("dd-story-part", _part("loading"))
            with gr.Column(elem_id="dd-right"):
                with gr.Column(elem_id="dd-log"):
                    _html("dd-history-part", "")
                    turn = _html("dd-turn-part", '<section class="dd-turn" hidden></section>')
                _html("dd-composer-part", Html(_part("composer")).format(limit=longest_question, send=icon("send")))
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

    def digested(said: dict[str, Any]) -> dict[str, str]:
        shown = panes.digested(Clicked.of(said).thread)
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

    lookups = (open_story, digested, open_chat, more_posts, whole_post, find_stories, answered, rate)
    return [_guarded(lookup) for lookup in lookups]


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
            filters = {name: getattr(clicked, name) for name in FILTERS}
            return panes.ask(clicked.question, clicked.scope, clicked.conversation, show, filters)

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


def _reading_in(panes: Panes, most_bytes: int) -> Callable[[Request], Awaitable[StreamingResponse]]:
    """Where the form sends a file or pasted text: each line of the reply is what to show instead of the one before."""
    places = asyncio.Semaphore(READING_AT_ONCE)

    async def read_in(request: Request) -> StreamingResponse:
        async with request.form(max_files=1, max_fields=1, max_part_size=most_bytes) as form:
            file, pasted = form.get("file"), form.get("text")
            if isinstance(file, UploadFile) and file.filename:
                content, name = await file.read(), file.filename
            else:
                content, name = pasted.strip().encode() if isinstance(pasted, str) else b"", ""

        async def lines() -> AsyncIterator[str]:
            async with places:
                async for shown in _meanwhile(lambda show: panes.read_in(content, name, show)):
                    yield json.dumps({"html": shown}) + "\n"

        return StreamingResponse(lines(), media_type="application/x-ndjson", headers={"Cache-Control": "no-store"})

    return read_in


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
