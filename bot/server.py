"""The server: API and page in one process, which holds the lock while it runs and says where it answers.

Not here: what is served (bot.faces.http.api, bot.faces.web.app).
"""

import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing, nullcontext, suppress
from typing import TYPE_CHECKING, Any

import uvicorn
from fastapi import FastAPI

from bot.faces.connection import server_or_seat
from bot.faces.http.api import create_app
from bot.library.writer_lock import Owner, WriterLock, busy
from bot.product.assemble import assemble
from bot.product.jobs import Jobs
from bot.product.product import DiggDeeper
from bot.product.sample import read_first_story
from bot.settings import Settings
from corpus.errors import DiscussionError, InvalidSetting

if TYPE_CHECKING:
    from bot.faces.slack.app import SlackFace

_GRACE_S = 3
"""Seconds that open connections get when the server stops: a page keeps one open for as long as it is shown."""
_log = logging.getLogger(__name__)


def serve(
    settings: Settings, *, on_ready: Callable[[str], None], on_wait: Callable[[Owner | None], None] | None = None
) -> None:
    """Serve until stopped by a signal. `on_ready` is told the URL. Raises WriterBusy, InvalidSetting, StoreError."""
    lock = WriterLock(settings.home, command="serve")
    shared = settings.chroma_url is not None
    if not shared and server_or_seat(lock, settings.writer_wait_s, on_wait) is not None:
        raise busy(lock.owner())
    with ExitStack() as ended:
        ended.callback(lock.release)
        listening = ended.enter_context(closing(_bound(settings)))
        product = ended.enter_context(closing(assemble(settings)))
        jobs = ended.enter_context(closing(Jobs(product)))
        warming = ended.enter_context(closing(_Warming(product, settings, jobs)))
        slack = ended.enter_context(closing(_slack(settings, product))) if settings.slack_signing_secret else None
        url = _url(settings, listening)

        def ready() -> None:
            if not shared:
                lock.publish(url)
            on_ready(settings.public_url or url)
            warming.start()

        _run(_app(product, lock.instance, jobs, slack), listening, ready)


class _Announced(uvicorn.Server):
    """Says when it accepts requests."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def _run(app: FastAPI, listening: socket.socket, ready: Callable[[], None]) -> None:
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_S,
    )
    # uvicorn raises the signal again once it has stopped: it ends the program in order, so that the lock is given back.
    with suppress(ValueError):  # in a thread (tests) there are no signals to handle
        signal.signal(signal.SIGTERM, lambda *_: None)
    server = _Announced(config, ready)
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listening])
    if not server.started:
        raise RuntimeError("the application did not start")


def _slack(settings: Settings, product: DiggDeeper) -> "SlackFace":
    from bot.faces.slack.app import SlackFace  # only where it is set up

    return SlackFace(settings, product, library=lambda: nullcontext(product))


def _app(product: DiggDeeper, instance: str, jobs: Jobs, slack: "SlackFace | None" = None) -> FastAPI:
    from bot.faces.web.app import mount  # gradio takes seconds to import: the port is bound by then, and clients wait

    app = create_app(product, instance=instance, jobs=jobs)
    if slack is not None:
        from bot.faces.slack import app as face

        face.mount(app, slack)
    return mount(app, product)


class _Warming(threading.Thread):
    """Does beside the server what would make the first question slow or poor: sample, missing vectors, encoder."""

    def __init__(self, product: DiggDeeper, settings: Settings, jobs: Jobs) -> None:
        super().__init__(name="warming", daemon=True)
        self._jobs = jobs
        self._product = product
        self._settings = settings
        self._ended = threading.Event()

    def run(self) -> None:
        try:
            self._jobs.take_up()
            read_first_story(self._product, self._settings, progress=self._go_on)
            self._product.sync(self._go_on)
            self._product.ready()
        except _Ended:
            _log.info("stopped while warming up; the next start goes on")
        except DiscussionError as exc:
            _log.error("%s", exc)
        except Exception:
            _log.exception("unexpected error while warming up")

    def close(self) -> None:
        """Returns when nothing of it touches the stores any more."""
        self._ended.set()
        if self.is_alive():
            self.join()

    def _go_on(self, *_: object) -> None:
        if self._ended.is_set():
            raise _Ended


class _Ended(Exception):
    """The server stops: what is not done is left."""


def _bound(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((settings.host, settings.port))
        listening.listen(2048)
    except OSError as exc:
        listening.close()
        raise InvalidSetting(
            f"cannot listen on {settings.host!r} port {settings.port}: {exc.strerror or exc}.",
            next_step="Name another with --host and --port, or in DIGG_HOST and DIGG_PORT.",
        ) from exc
    return listening


def _url(settings: Settings, listening: socket.socket) -> str:
    """Where a browser on this machine reaches it."""
    port: Any = listening.getsockname()[1]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - read, not bound
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
