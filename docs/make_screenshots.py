"""Takes the pictures in docs/images from the running program: the sample story, with a real question asked.

    python docs/make_screenshots.py [--chromium PATH]

Everything happens in a home folder of its own, which is deleted again. The story is in five languages and has emoji:
Debian has fonts for them in fonts-roboto-unhinted, fonts-wqy-microhei and fonts-noto-color-emoji.
"""

import argparse
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from bot.faces.http.api import create_app
from bot.faces.web.app import mount
from bot.product.assemble import assemble
from bot.settings import Settings
from corpus.samples import SAMPLE_NAME, SAMPLE_THREAD_ID, sample

IMAGES = Path(__file__).parent / "images"
QUESTION = "Why do Chinese labs give their models away?"
LARGEST = 400_000
DESKTOP: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
BROWSER_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]


def main() -> None:
    parser = argparse.ArgumentParser(description="Take the pictures of docs/images.")
    parser.add_argument("--chromium", default=shutil.which("chromium"), help="the browser to use")
    chromium = parser.parse_args().chromium
    IMAGES.mkdir(exist_ok=True)
    with serving() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_ARGUMENTS)
        for name, scheme, screen in (
            ("desktop", "light", DESKTOP),
            ("desktop-dark", "dark", DESKTOP),
            ("phone", "light", PHONE),
        ):
            take(browser, url, name, color_scheme=scheme, reduced_motion="reduce", **screen)
        browser.close()


@contextmanager
def serving() -> Iterator[str]:
    """The program over a fresh home with the sample story, on a free port."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        closing(assemble(Settings(home=Path(home)))) as product,
    ):
        product.ingest(sample(), name=SAMPLE_NAME)
        listening = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(mount(create_app(product), product), log_config=None, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        running = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        running.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            running.join()


def take(browser: Browser, url: str, name: str, **look: Any) -> None:
    """A story beside an answer, one of whose quotes is opened in its place; on a phone one after the other."""
    page = browser.new_context(**look).new_page()
    page.goto(f"{url}/?story={SAMPLE_THREAD_ID}")
    page.wait_for_selector("#dd-story-part h1")
    page.wait_for_selector(".dd-chat-head", state="attached")
    if name == "desktop":
        ask(page)
        open_quote(page)
        keep(page, name)
        return
    if name == "desktop-dark":
        ask(page)
        keep(page, name)
        return
    keep(page, f"{name}-story")
    page.click("button[data-pane=chat]")
    ask(page)
    keep(page, f"{name}-answer")
    open_quote(page)
    keep(page, f"{name}-citation")


def ask(page: Page) -> None:
    page.fill("#dd-question", QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector("#dd-turn-part .dd-turn[data-done]")
    page.wait_for_selector(".dd-composer:not(.dd-busy)")
    page.evaluate("document.activeElement.blur()")


def open_quote(page: Page) -> None:
    page.locator("#dd-turn-part .dd-statements .dd-quote").first.click()
    page.wait_for_selector("#dd-story-part mark")
    page.mouse.move(0, 0)
    page.wait_for_timeout(300)


def keep(page: Page, name: str) -> None:
    picture = IMAGES / f"{name}.png"
    page.screenshot(path=picture)
    if picture.stat().st_size > LARGEST:
        raise SystemExit(f"{picture} has {picture.stat().st_size:,} bytes, more than {LARGEST:,}: show less in it.")


if __name__ == "__main__":
    main()
