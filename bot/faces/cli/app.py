"""What all commands of the command line share: the program before its commands, how it speaks, its settings.

Data goes to standard output, everything else to standard error. Nothing heavy is imported before a command needs it.
Not here: the commands (bot.faces.cli.ask, bot.faces.cli.serve, bot.faces.cli.upkeep), what becomes of an error
(bot.faces.cli.main).
"""

from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.library.writer_lock import Owner
    from bot.settings import Settings

FAILED, USAGE, UNEXPECTED, INTERRUPTED = 1, 2, 70, 130
_EXIT_CODES = (
    "Exit codes: 0 done (also when nothing here answers the question: that is an answer), 1 it could not be done, "
    "2 the command makes no sense, 70 a fault of the program, 130 interrupted."
)

app = typer.Typer(
    name="digg-deeper",
    help="Ask a discussion: every sentence of the answer cites the commenter who said it, word for word.",
    epilog=_EXIT_CODES,
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
progress_console = Console(stderr=True, markup=False, emoji=False, highlight=False, soft_wrap=True)


@dataclass
class Told:
    """What stands before the command."""

    debug: bool = False


told = Told()

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"digg-deeper {version('digg-deeper')}")
        raise typer.Exit


@app.callback()
def _program(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a fault.")] = False,
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    told.debug = debug


def say(message: str, next_step: str = "") -> None:
    from bot.values.plain_text import clean

    progress_console.print(f"digg-deeper: {clean(message)}", style="red")
    if next_step:
        progress_console.print(clean(next_step))


def load_settings(*, on_terminal: bool = False, **options: Any) -> "Settings":
    """The settings, with the log started by them."""
    from bot.log import start_log
    from bot.settings import Settings

    settings = Settings.load(**options)
    start_log(settings, on_terminal=on_terminal)
    return settings


def echo(lines: "Iterable[str]") -> None:
    for line in lines:
        typer.echo(line)


def waiting(owner: "Owner | None") -> None:
    progress_console.print(f"Waiting for {owner or 'another digg-deeper'} to be done ...", style="dim")
