"""The page, driven in a real Chromium against the real server: what a person does, and what hostile words try."""

import json
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.faces.http.api import create_app
from bot.product.assemble import DiggDeeper, assemble
from bot.settings import Settings
from corpus.errors import ModelUnavailable
from corpus.thread import storable

pytestmark = pytest.mark.browser
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDER_THAN_THE_SCREEN = """document.scrollingElement.scrollWidth > innerWidth
    || [...document.querySelectorAll('#dd-left, #dd-log')].some((pane) => pane.scrollWidth > pane.clientWidth)"""
WIDTHS = """(() => {
    const own = getComputedStyle(document.querySelector('.dd-chat-head')).fontFamily;
    const plain = own.split(',').filter((family) => !/emoji/i.test(family)).join(',');
    const wide = (text, fontFamily) => {
        const span = document.createElement('span');
        span.textContent = text;
        Object.assign(span.style, { fontFamily, fontSize: '32px', whiteSpace: 'pre', position: 'absolute' });
        document.body.append(span);
        return span.getBoundingClientRect().width;
    };
    return [
        wide('10 Feb 2026', own), wide('10 Feb 2026', plain), wide('\\u{1F606}', 'emoji'), wide('\\u{1F606}', own)
    ];
})()"""
PAYLOADS = [
    "<script>window.attacked=1</script>",
    "<img src=x onerror=window.attacked=1>",
    '"><svg onload=window.attacked=1>',
    "' onfocus='window.attacked=1' autofocus='",
    "</div></template><iframe srcdoc='<script>parent.attacked=1</script>'></iframe>",
    "${window.attacked=1} `${window.attacked=1}` {{constructor.constructor('window.attacked=1')()}} {{#each this}}",
    "<style>*{background:url(http://evil.example/x)}</style><link rel=stylesheet href=//evil.example>",
    "<form action=//evil.example><input name=q autofocus onfocus=window.attacked=1></form>",
    "javascript:window.attacked=1",
    "line one\r\nline two\rline three \u202edesrever\u202c \u200bhidden \U0001f606 \U0001f469\u200d\U0001f680 e\u0301",
    "<math><mtext></table></math><img src onerror=window.attacked=1><!--",
    "&lt;script&gt;window.attacked=1&lt;/script&gt; &#x3c;b&#x3e;",
]


def hostile() -> dict[str, Any]:
    """A thread whose every field attacks."""
    comments = [
        {
            "id": f"<{place}>&\"'",
            "parent_id": None if place == 0 else "<0>&\"'",
            "author": {"id": f"x:{place}", "handle": payload, "name": payload},
            "text": payload,
            "url": payload if place % 2 else f"javascript:window.attacked=1//{place}",
            "created_at": "2026-03-01T20:00:00Z",
        }
        for place, payload in enumerate(PAYLOADS)
    ]
    return {
        "id": "hostile",
        "source": "forum",
        "title": PAYLOADS[1] + PAYLOADS[5],
        "url": PAYLOADS[8],
        "comments": comments,
    }


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> "Iterator[Served]":
    settings = Settings(home=tmp_path_factory.mktemp("web"), encoder_dir=encoder_home)
    with closing(assemble(settings)) as product:
        server = Served(product)
        yield server
        server.stop()


class Served:
    """The real server over a product, on a free port."""

    def __init__(self, product: DiggDeeper) -> None:
        from bot.faces.web.app import mount

        self.product = product
        listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(mount(create_app(product), product), log_config=None, timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listening]}, daemon=True)
        self._thread.start()
        httpx.get(f"{self.url}/healthz", timeout=30)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium here: install Debian's package `chromium`, or name one in CHROMIUM")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, served: Served) -> Iterator[Callable[..., Page]]:
    """Opens the page; afterwards nothing may have gone wrong in it, and no request may have gone anywhere else."""
    contexts, wrong = [], []

    def opened(path: str = "/", viewport: dict[str, int] = DESKTOP) -> Page:
        context = browser.new_context(viewport=viewport, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("request", lambda request: local(request.url) or wrong.append(f"request to {request.url}"))
        page.on("pageerror", lambda error: wrong.append(f"error {error}"))
        page.on("dialog", lambda dialog: wrong.append(f"dialog {dialog.message}"))
        page.on("console", lambda line: line.type != "error" or wrong.append(f"console {line.text}"))
        page.goto(f"{served.url}{path}")
        page.wait_for_selector("#dd-story-part h1", state="attached")
        page.wait_for_selector(".dd-chat-head", state="attached")
        return page

    def local(url: str) -> bool:
        return url.startswith((served.url, "data:", "blob:"))

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def ferry_story(served: Served, ferry: dict[str, Any], request: pytest.FixtureRequest) -> str:
    """The address of a story that no other test has asked anything."""
    ferry["id"] = f"forum:{request.node.name}"
    served.product.ingest(json.dumps(ferry).encode())
    return f"/?story={quote(ferry['id'], safe='')}"


def ask(page: Page, question: str) -> None:
    page.fill("#dd-question", question)
    page.keyboard.press("Enter")
    page.wait_for_selector("#dd-turn-part .dd-turn[data-done]")
    page.wait_for_selector(".dd-composer:not(.dd-busy)")


def marked(page: Page) -> str:
    page.wait_for_selector("#dd-story-part mark")
    return "".join(page.locator("#dd-story-part mark").all_text_contents())


def test_a_citation_opens_its_comment_with_the_quote_marked(visit: Callable[..., Page], ferry_story: str) -> None:
    page = visit(ferry_story)
    expect(page.locator("h1")).to_have_text("The night ferry stops for good")
    expect(page.locator(".dd-deeper")).to_contain_text(
        "No Digg Deeper questions have been answered for this story yet."
    )
    ask(page, "Why does the engine fail?")
    first = page.text_content("#dd-turn-part .dd-quote")
    assert first in page.text_content("#dd-shell [data-told]")
    further = page.locator("#dd-turn-part .dd-further summary")
    expect(further).to_contain_text("more comments speak of this")
    further.click()
    quotes = page.locator("#dd-turn-part .dd-statements .dd-quote")
    for place in range(quotes.count()):
        way = quotes.nth(place)
        said, comment = way.text_content(), way.get_attribute("data-comment")
        way.click()
        page.wait_for_selector(f'.dd-post.dd-here[data-comment="{comment}"]')
        assert marked(page) == said
        core = way.locator(".dd-focus").all_text_contents()
        assert "".join(page.locator("#dd-story-part mark b").all_text_contents()) == "".join(core)
        assert page.evaluate("document.activeElement.dataset.comment") == comment
    assert quotes.count() > 0
    expect(page.locator(".dd-answered > details > summary")).to_have_text("Why does the engine fail?")
    expect(page.locator("#dd-turn-part .dd-coverage")).to_contain_text("From 8 of 8 posts")
    page.click(".dd-back")
    assert page.evaluate("document.activeElement.closest('#dd-turn-part') !== null")


def test_digits_and_spaces_come_from_the_font_of_the_text_and_emoji_from_their_own(
    visit: Callable[..., Page], ferry_story: str
) -> None:
    page = visit(ferry_story)
    own, plain, emoji, own_emoji = page.evaluate(WIDTHS)
    assert own == pytest.approx(plain, rel=0.05)
    assert own_emoji == pytest.approx(emoji, rel=0.05)


def test_a_reload_keeps_the_conversation_and_a_new_one_starts_empty(
    visit: Callable[..., Page], ferry_story: str
) -> None:
    page = visit(ferry_story)
    ask(page, "What about the harbour tax?")
    ask(page, "hello")
    page.reload()
    page.wait_for_selector(".dd-past .dd-turn")
    expect(page.locator(".dd-past .dd-asked").first).to_contain_text("What about the harbour tax?")
    assert page.locator(".dd-past .dd-quote").count() > 0
    page.click("[data-new]")
    expect(page.locator(".dd-past .dd-turn")).to_have_count(0)
    page.reload()
    page.wait_for_selector(".dd-chat-head")
    expect(page.locator(".dd-past .dd-turn")).to_have_count(0)


def test_what_nobody_answers_is_declined_with_the_nearest_posts_told_apart(
    visit: Callable[..., Page], ferry_story: str
) -> None:
    page = visit(ferry_story)
    ask(page, "What is the weather in Paris?")
    expect(page.locator("#dd-turn-part .dd-verdict")).to_have_text("Not answered here")
    expect(page.locator("#dd-turn-part .dd-nearest h4")).to_contain_text("They do not answer the question.")
    expect(page.locator("#dd-turn-part .dd-statements")).to_have_count(0)


def test_a_phone_shows_one_pane_at_a_time_and_never_scrolls_sideways(
    visit: Callable[..., Page], ferry_story: str
) -> None:
    page = visit(ferry_story, PHONE)
    assert page.evaluate(WIDER_THAN_THE_SCREEN) is False
    expect(page.locator("#dd-right")).to_be_hidden()
    page.click("button[data-pane=chat]")
    ask(page, "Why does the engine fail?")
    assert page.evaluate(WIDER_THAN_THE_SCREEN) is False
    expect(page.locator("#dd-left")).to_be_hidden()
    said = page.locator("#dd-turn-part .dd-quote").first.text_content()
    page.locator("#dd-turn-part .dd-quote").first.click()
    expect(page.locator("#dd-right")).to_be_hidden()
    assert marked(page) == said
    expect(page.locator("#dd-story-part mark").first).to_be_in_viewport()
    page.click(".dd-back")
    expect(page.locator("#dd-left")).to_be_hidden()


def test_hostile_words_are_text_wherever_they_stand(visit: Callable[..., Page], served: Served) -> None:
    served.product.ingest(json.dumps(hostile()).encode())
    page = visit("/?story=hostile")
    page.wait_for_selector(".dd-post")
    shown = page.eval_on_selector_all(
        ".dd-post [data-text]", "all => all.map(each => [each.closest('.dd-post').dataset.comment, each.textContent])"
    )
    assert dict(shown) == {f"<{place}>&\"'": storable(text) for place, text in enumerate(PAYLOADS)}
    assert page.text_content("h1") == PAYLOADS[1] + PAYLOADS[5]
    ask(page, PAYLOADS[1])
    expect(page.locator("#dd-turn-part .dd-asked")).to_contain_text(PAYLOADS[1])
    ask(page, "Which line is two?")
    page.click(".dd-all")
    expect(page.locator(".dd-stories")).to_contain_text(PAYLOADS[1])
    page.fill("[data-find]", PAYLOADS[0])
    expect(page.locator(".dd-stories")).to_contain_text("No story has these words")
    assert page.evaluate("window.attacked") is None
    assert page.locator("#dd-panes :is(script, iframe, style, form[action], math, [onerror], [onload])").count() == 0
    assert page.locator("#dd-panes a:not([href^='?']):not([href='./'])").count() == 0


def test_an_address_leads_to_words_in_a_comment_counted_by_code_points(
    visit: Callable[..., Page], served: Served
) -> None:
    served.product.ingest(json.dumps(hostile()).encode())
    text = PAYLOADS[9]
    start = text.index("line three")
    place = quote("<9>&\"'", safe="")
    page = visit(f"/?story=hostile&comment={place}&span={start}-{len(text)}")
    assert marked(page) == text[start:]


def test_a_comment_beyond_the_first_page_is_fetched_to_be_shown(visit: Callable[..., Page], served: Served) -> None:
    comments = [
        {"id": f"c{n}", "author": f"p{n}", "text": f"Word {n}. " + "long " * (2_000 if n == 119 else 1) + f"end{n}."}
        for n in range(120)
    ]
    served.product.ingest(json.dumps({"id": "long", "source": "forum", "title": "Long", "comments": comments}).encode())
    length = len(comments[119]["text"])
    page = visit(f"/?story=long&comment=c119&span={length - 7}-{length}")
    assert marked(page) == "end119."
    page.click("[data-more]")
    expect(page.locator("[data-posts] .dd-post")).to_have_count(100)
    page.click("[data-sort=time]")
    expect(page.locator("[data-posts] .dd-post")).to_have_count(50)


def test_a_discussion_is_read_in_from_a_file_and_a_bad_one_is_explained(
    visit: Callable[..., Page], ferry: dict[str, Any]
) -> None:
    page = visit()
    page.click(".dd-add")
    page.click(".dd-adding [type=submit]")
    expect(page.locator(".dd-adding .dd-failure")).to_contain_text("empty")
    page.fill(".dd-adding textarea", '{"comments": [')
    page.click(".dd-adding [type=submit]")
    expect(page.locator(".dd-adding .dd-failure")).to_contain_text("The export is damaged")
    expect(page.locator(".dd-adding .dd-failure")).not_to_contain_text("Traceback")
    ferry |= {"id": "forum:uploaded", "title": "An uploaded ferry"}
    export = {"name": "export.json", "mimeType": "application/json", "buffer": json.dumps(ferry).encode()}
    page.set_input_files(".dd-adding [type=file]", [export])  # type: ignore[list-item]
    expect(page.locator("[data-file]")).to_have_text("export.json")
    page.click(".dd-adding [type=submit]")
    expect(page.locator("h1")).to_have_text("An uploaded ferry")
    expect(page.locator("[data-part=note]")).to_contain_text("with 8 posts")
    page.go_back()
    page.wait_for_selector("[data-stories]")


def test_a_failure_is_a_message_and_feedback_is_kept(
    visit: Callable[..., Page], served: Served, ferry_story: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = visit(ferry_story)
    with monkeypatch.context() as broken:
        broken.setattr(served.product, "ask", failing(ModelUnavailable("the encoder is gone.", next_step="Reinstall.")))
        ask(page, "Why?")
        expect(page.locator("#dd-turn-part .dd-failure")).to_contain_text("The encoder is gone.")
        broken.setattr(served.product, "ask", failing(RuntimeError("secret of the inside")))
        ask(page, "Why?")
        expect(page.locator("#dd-turn-part .dd-failure")).to_contain_text("Something failed that should not have")
        assert "secret" not in page.content()
    ask(page, "Why does the engine fail?")
    page.click("#dd-turn-part [data-helpful=no]")
    page.fill("#dd-turn-part .dd-why input", "Too short")
    page.click("#dd-turn-part .dd-why button")
    expect(page.locator("#dd-turn-part .dd-thanks")).to_have_text("Thank you.")
    expect(page.locator("#dd-turn-part [data-helpful=no]")).to_have_attribute("aria-pressed", "true")


def failing(error: Exception) -> Callable[..., Any]:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    return fail


def test_the_page_forbids_requests_to_elsewhere(served: Served) -> None:
    page = httpx.get(served.url)
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert httpx.get(f"{served.url}/v1/threads").headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=http://127.0.0.1:1/",
        "/gradio_api/proxy=http://127.0.0.1:1/",
        "/gradio_api/info",
        "/monitoring",
        "/manifest.json",
        "/nothing",
    ],
)
def test_what_gradio_serves_beside_the_page_is_closed(served: Served, path: str) -> None:
    assert httpx.get(served.url + path).status_code == 404


def test_gradio_takes_no_uploads_and_no_forms(served: Served) -> None:
    file = {"files": ("x.txt", b"x")}
    assert httpx.post(f"{served.url}/gradio_api/upload", files=file).status_code == 404
    assert httpx.post(f"{served.url}/gradio_api/component_server", files=file).status_code == 415


def test_no_event_of_the_page_takes_a_value_in_which_a_file_could_be_named(served: Served) -> None:
    config = httpx.get(f"{served.url}/config").json()
    assert config["dependencies"]
    assert all(not event["inputs"] for event in config["dependencies"])


@pytest.mark.parametrize("said", [None, 5, "text", [1], {"thread": {"a": 1}}, {"cursor": "x", "thread": "../etc"}])
def test_nonsense_from_a_page_is_told_so(served: Served, said: object) -> None:
    config = httpx.get(f"{served.url}/config").json()
    shell = next(each["id"] for each in config["components"] if each["props"].get("elem_id") == "dd-shell")
    for name in ("open_story", "open_chat", "more_posts", "whole_post", "find_stories", "answered", "rate"):
        reply = httpx.post(
            f"{served.url}/gradio_api/component_server",
            json={"session_hash": "s", "component_id": shell, "fn_name": name, "data": said},
        )
        assert reply.status_code == 200
        assert "Something failed that should not have" not in reply.text
