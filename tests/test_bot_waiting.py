"""Late progress: nothing for what is quick, a bar for what is not, nothing where nobody looks."""

import io
import time

from rich.console import Console

from bot.faces.cli.waiting import LateProgress, late_progress


def console_of(output: io.StringIO, *, terminal: bool) -> Console:
    return Console(file=output, force_terminal=terminal, width=80, markup=False)


def test_what_is_quick_shows_nothing_then_or_later() -> None:
    output = io.StringIO()
    with late_progress(console_of(output, terminal=True), "reading", patience_s=60) as progress:
        progress("embedding", 3, 10)
    progress("late", 5, 10)
    progress.show()
    assert output.getvalue() == ""


def test_what_takes_long_shows_how_far_it_is() -> None:
    output = io.StringIO()
    with late_progress(console_of(output, terminal=True), "reading", patience_s=0) as progress:
        progress("embedding [red]", 4, 10)
        while "4/10" not in output.getvalue():
            time.sleep(0.01)
    assert "embedding [red]" in output.getvalue()


def test_nothing_is_shown_where_nobody_looks() -> None:
    output = io.StringIO()
    with late_progress(console_of(output, terminal=False), "reading", patience_s=0) as progress:
        assert isinstance(progress, LateProgress)
        progress("embedding", 4, 10)
        time.sleep(0.05)
    assert output.getvalue() == ""
