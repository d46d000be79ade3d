"""The server: API and page in one process, which holds the lock while it runs and says where it answers.

Not here: what is served (bot.api, bot.web).
"""

import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from typing import Any

import uvicorn
from fastapi import FastAPI

from bot.api import create_app
from bot.assemble import assemble
from bot.first_story import read_first_story
from bot.product import DiggDeeper
from bot.reach import server_or_seat
from bot.settings import Settings
from bot.writer import Owner, WriterLock, busy
from corpus.errors import DiscussionError, InvalidSetting

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
        url = _url(settings, listening)
        warming = threading.Thread(target=_warm, args=(product, settings), name="warming", daemon=True)

        def ready() -> None:
            if not shared:
                lock.publish(url)
            on_ready(settings.public_url or url)
            warming.start()

        _run(_app(product, lock.instance), listening, ready)
        if warming.is_alive():
            warming.join(timeout=_GRACE_S)


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
    # uvicorn raises the signal again once it has stopped: both end in order here, so that the lock is given back.
    with suppress(ValueError):  # in a thread (tests) there are no signals to handle
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with suppress(KeyboardInterrupt):
        _Announced(config, ready).run(sockets=[listening])


def _app(product: DiggDeeper, instance: str) -> FastAPI:
    from bot.web import mount  # gradio takes seconds to import: the port is bound by then, and clients wait

    return mount(create_app(product, instance=instance), product)


def _warm(product: DiggDeeper, settings: Settings) -> None:
    """What would make the first question slow or poor: the sample, missing vectors, the encoder."""
    try:
        read_first_story(product, settings)
        product.sync()
        product.ready()
    except DiscussionError as exc:
        _log.error("%s", exc)
    except Exception:
        _log.exception("unexpected error while warming up")


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
