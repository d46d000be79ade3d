"""WriterLock: the seat of the one process that may open the embedded stores, and the note that says who sits there.

    home/writer.lock     held by the operating system's file lock: free again when its process ends, however it ends
    home/writer.json     who holds it: process id, command, and the URL once a server answers there

The lock decides, the note informs: a note without a held lock is left over and says nothing.
Not here: what is done with the stores (bot.product.assemble), or the way through a running server (bot.faces.remote).
"""

import errno
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout
from pydantic import AwareDatetime, ValidationError

from corpus.errors import StoreUnusable, WriterBusy
from corpus.thread import Value

_LOOK_AGAIN_S = 0.1


class Owner(Value):
    """Who holds the lock."""

    pid: int
    command: str
    """What it runs: serve, ingest, ask."""
    instance: str
    """Drawn anew by every holder; a server tells its own at /healthz, so that nobody is taken for it."""
    url: str | None = None
    """Where it answers, once it does; null for one that is no server."""
    since: AwareDatetime

    def __str__(self) -> str:
        where = f" at {self.url}" if self.url else ""
        return f"digg-deeper {self.command} (process {self.pid}){where}"


class WriterLock:
    """Held by one process at a time for one home folder. Not re-entrant; may be released from another thread.

    lock = WriterLock(home, command="ingest")
    with lock.held(wait_s=30):
        ...
    """

    def __init__(self, home: Path, *, command: str) -> None:
        self._home = home
        self._note = home / "writer.json"
        self._lock = FileLock(home / "writer.lock", thread_local=False)
        self._mine = Owner(pid=os.getpid(), command=command, instance=secrets.token_hex(8), since=datetime.now(UTC))

    @property
    def instance(self) -> str:
        return self._mine.instance

    def try_acquire(self) -> bool:
        """Take the lock if it is free. Raises StoreUnusable where the folder cannot be written."""
        try:
            self._home.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(blocking=False)
            self._write_note()
        except Timeout:
            return False
        except OSError as exc:
            self._lock.release()
            raise StoreUnusable(
                f"the folder {str(self._home)!r} cannot be written: {exc.strerror or exc}.",
                next_step="Free some space there, and try again."
                if exc.errno == errno.ENOSPC
                else "Make it writable, or name another one in DIGG_HOME.",
            ) from exc
        return True

    def acquire(self, *, wait_s: float, on_wait: Callable[[Owner | None], None] | None = None) -> None:
        """Take the lock, waiting that long; `on_wait` is told once for whom. Raises WriterBusy, StoreUnusable."""
        deadline = time.monotonic() + wait_s
        told = False
        while not self.try_acquire():
            if time.monotonic() >= deadline:
                raise busy(self.owner())
            if on_wait is not None and not told:
                on_wait(self.owner())
                told = True
            time.sleep(_LOOK_AGAIN_S)

    def publish(self, url: str) -> None:
        """Say where this process, which holds the lock, answers."""
        self._mine = self._mine.model_copy(update={"url": url})
        self._write_note()

    def release(self) -> None:
        """Give the lock back; nothing happens where it is not held."""
        if self._lock.is_locked:
            with suppress(OSError):
                self._note.unlink(missing_ok=True)
            self._lock.release()

    def owner(self) -> Owner | None:
        """What the note says. It means something only while the lock is held by another process."""
        try:
            return Owner.model_validate_json(self._note.read_bytes())
        except (OSError, ValidationError):
            return None

    @contextmanager
    def held(self, *, wait_s: float, on_wait: Callable[[Owner | None], None] | None = None) -> Iterator[Self]:
        """Acquired on entry, released on exit."""
        self.acquire(wait_s=wait_s, on_wait=on_wait)
        try:
            yield self
        finally:
            self.release()

    def _write_note(self) -> None:
        """Whole or not at all: another process may read it at any moment."""
        draft = self._note.with_suffix(f".{self._mine.pid}.tmp")
        draft.write_text(json.dumps(self._mine.model_dump(mode="json")), encoding="utf-8")
        draft.replace(self._note)


def busy(owner: Owner | None) -> WriterBusy:
    """The error that names who holds the lock."""
    if owner is not None and owner.url is not None:
        return WriterBusy(
            f"{owner} is running over this home folder.", next_step=f"Open {owner.url}, or stop it and try again."
        )
    who = str(owner) if owner else "another digg-deeper process"
    return WriterBusy(
        f"{who} is writing to this home folder.",
        next_step="Wait until it is done, stop it, or raise DIGG_WRITER_WAIT_S.",
    )
