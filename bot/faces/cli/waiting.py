"""Late progress: says on a terminal what takes long, once it has taken two seconds. Nothing is shown elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock, Timer

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from bot.faces.cli.terminal import duration

_PATIENCE_S = 2.0


class LateProgress:
    """Call it as a product's progress: progress(stage, done, total)."""

    def __init__(self, console: Console, what: str) -> None:
        self._lock = RLock()
        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            _Left(),
            console=console,
            transient=True,
        )
        self._bar = self._bars.add_task(what, total=None)
        self._shown = False
        self._ended = False

    def __call__(self, stage: str, done: int, total: int) -> None:
        with self._lock:
            self._bars.update(self._bar, description=stage, completed=done, total=total)

    def show(self) -> None:
        with self._lock:
            if not self._ended:
                self._shown = True
                self._bars.start()

    def end(self) -> None:
        with self._lock:
            self._ended = True
            if self._shown:
                self._bars.stop()


class _Left(ProgressColumn):
    """How long it will still take, once there is something to tell it by."""

    max_refresh = 1.0

    def render(self, task: Task) -> Text:
        left = task.time_remaining
        return Text("" if not left or not task.total else f"about {duration(left)} left", style="dim")


@contextmanager
def late_progress(console: Console, what: str, *, patience_s: float = _PATIENCE_S) -> Iterator[LateProgress]:
    """Progress that is shown while the block runs, if `console` is a terminal and it runs for long."""
    progress = LateProgress(console, what)
    timer = Timer(patience_s, progress.show)
    timer.daemon = True
    if console.is_terminal:
        timer.start()
    try:
        yield progress
    finally:
        timer.cancel()
        progress.end()
