"""The command line. Nothing heavy is imported before a command needs it: help comes at once.

Data goes to standard output, everything else to standard error. Not here: how values look (bot.terminal), who may open
the stores (bot.reach).
"""

import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import Console

from corpus.errors import DiscussionError, ThreadNotFound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.reach import Product
    from bot.settings import Settings
    from bot.story import Ingested
    from bot.writer import Owner

FAILED, USAGE, UNEXPECTED = 1, 2, 70
_EXIT_CODES = (
    "Exit codes: 0 done (also when nothing here answers the question: that is an answer), 1 it could not be done, "
    "2 the command makes no sense, 70 a fault of the program, 130 interrupted."
)
_SHOWN_SKIPPED = 10
_PAGE = 200

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
class _Told:
    """What stands before the command."""

    debug: bool = False


_told = _Told()

ThreadOption = Annotated[
    list[str] | None, typer.Option("--thread", "-t", metavar="ID", help="Ask only this thread; may be repeated.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def main() -> None:
    """The program: whatever happens, a message and an exit code, never a traceback unless --debug asks for it."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # not there on a replaced stream
    try:
        app()
    except DiscussionError as exc:
        _say(exc.message, exc.next_step)
        sys.exit(FAILED)
    except Exception as exc:
        if _told.debug:
            raise
        _say(f"something failed that should not have: {type(exc).__name__}.", _where_it_is_told(exc))
        sys.exit(UNEXPECTED)


def _say(message: str, next_step: str = "") -> None:
    from bot.terminal import clean

    progress_console.print(f"digg-deeper: {clean(message)}", style="red")
    if next_step:
        progress_console.print(clean(next_step))


def _where_it_is_told(exc: Exception) -> str:
    import logging

    file = next((h.baseFilename for h in logging.getLogger().handlers if isinstance(h, logging.FileHandler)), None)
    logging.getLogger(__name__).error("unexpected error", exc_info=exc)
    seen = f"{file} has the details. " if file else ""
    return f"{seen}`digg-deeper --debug ...` shows them."


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
    _told.debug = debug


@app.command(epilog="Example: `digg-deeper ingest story.txt hn-item.json`, or a Hacker News URL")
def ingest(
    paths: Annotated[list[str], typer.Argument(metavar="PATH_OR_URL...", help="What to read; - for standard input.")],
    json: JsonOption = False,
) -> None:
    """Read discussions in: a pasted Digg story, a Hacker News item or its URL, our generic JSON or JSONL.

    A thread that is read again is updated. One bad record is reported and skipped, the rest is kept.
    """
    from bot import exports

    for path in paths:
        if (wrong := exports.wrong_use(path)) is not None:
            raise typer.BadParameter(wrong, param_hint="PATH")
    settings = _settings()
    from bot.first_story import remember_filled
    from bot.reach import reach
    from bot.terminal import json_text, thread_line
    from bot.waiting import late_progress

    failed = False
    done: list[Ingested] = []
    with reach(settings, command="ingest", on_wait=_waiting) as product:
        for path in paths:
            try:
                with late_progress(progress_console, f"reading {path}") as progress:
                    read = exports.ingest(path, product, settings=settings, progress=progress)
            except DiscussionError as exc:
                _say(f"{path}: {exc.message}", exc.next_step)
                failed = True
                continue
            done.append(read)
            remember_filled(settings)
            _report_skipped(path, read)
            if not json:
                for thread in read.threads:
                    typer.echo(thread_line(thread))
    if json:
        merged = {
            "threads": [t for read in done for t in read.threads],
            "skipped": [s for r in done for s in r.skipped],
        }
        typer.echo(json_text(merged))
    if failed:
        raise typer.Exit(FAILED)


@app.command(epilog='Example: `digg-deeper ask "Why do people doubt the plan?"`')
def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="In any words.")],
    thread: ThreadOption = None,
    conversation: Annotated[
        str | None, typer.Option("--conversation", "-c", metavar="ID", help="Follow up on an earlier answer.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Answer a question from the comments alone, each point with who said it, in which words, and where.

    Without --thread all threads are asked. Where the comments do not answer it, it says so and shows the nearest ones;
    in JSON that is "abstained": true.
    """
    settings = _settings()
    from bot import terminal
    from bot.reach import reach
    from bot.waiting import late_progress
    from corpus.thread import storable

    with reach(settings, command="ask", on_wait=_waiting) as product, late_progress(progress_console, "thinking"):
        made = product.ask(storable(question), thread_ids=thread or _the_only(product), conversation_id=conversation)
    if json:
        typer.echo(terminal.json_text(made))
        return
    terminal.console().print(terminal.answer(made))
    if sys.stdout.isatty() and made.conversation_id and made.kind not in terminal.NOTHING_ASKED:
        follow = f'Follow up: digg-deeper ask --conversation {terminal.clean(made.conversation_id)} "..."'
        progress_console.print(follow, style="dim")


@app.command(epilog="Example: `digg-deeper threads --source digg --q ferry`")
def threads(
    source: Annotated[str | None, typer.Option("--source", help="Only of this source, such as digg.")] = None,
    q: Annotated[str | None, typer.Option("--q", help="Only with these words in title or id.")] = None,
    json: JsonOption = False,
) -> None:
    """List the threads, newest first.

    Into a pipe: a line each, with tabs between id, comments, commenters, source and title.
    """
    settings = _settings()
    from bot import terminal
    from bot.reach import reach_to_read

    with reach_to_read(settings) as library:
        page = library.threads(source=source, q=q, limit=_PAGE)
        found = list(page.threads)
        while page.next_cursor is not None:
            page = library.threads(source=source, q=q, cursor=page.next_cursor, limit=_PAGE)
            found.extend(page.threads)
    if json:
        typer.echo(terminal.json_text(found))
    elif not found:
        _say(
            "no thread here is like that." if source or q else "there is no thread yet.",
            "`digg-deeper ingest FILE` reads one in.",
        )
    elif sys.stdout.isatty():
        terminal.console().print(terminal.threads_table(found))
    else:
        _echo(terminal.threads_lines(found))


@app.command(epilog="Example: `digg-deeper show digg:night-ferry --json > night-ferry.json`")
def show(
    thread_id: Annotated[str, typer.Argument(metavar="ID", help="As `digg-deeper threads` lists it.")],
    json: JsonOption = False,
) -> None:
    """Show a thread: every comment under the one that it answers, with who, when, and how much it moved.

    JSON is the generic shape with every field of every comment; it can be read in again.
    """
    settings = _settings()
    from bot import terminal
    from bot.reach import reach_to_read

    with reach_to_read(settings) as library:
        thread = library.thread(thread_id)
    if json:
        typer.echo(terminal.json_text(thread))
    else:
        terminal.print_paged(list(terminal.story(thread)))


@app.command(epilog="Example: `digg-deeper serve --port 8080`")
def serve(
    host: Annotated[
        str | None, typer.Option("--host", help="Address to listen on; DIGG_HOST.", show_default="127.0.0.1")
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", help="Port, 0 for a free one; DIGG_PORT.", show_default="7860")
    ] = None,
) -> None:
    """Serve the web chat and the HTTP API. At the very first start the sample story is read in.

    While it runs, other commands work through it. Ctrl-C stops it.
    """
    settings = _settings(on_terminal=True, host=host, port=port)
    progress_console.print("Digg Deeper is starting ...", style="dim")
    from bot import server

    server.serve(settings, on_ready=lambda url: typer.echo(f"Digg Deeper is ready on {url}"), on_wait=_waiting)


@app.command(epilog="Example: `digg-deeper slack`; docs/slack.md says how to set it up")
def slack() -> None:
    """Answer in Slack, over a socket: when mentioned in a thread from that thread, to /digg-deeper from what is kept.

    Ctrl-C stops it. It may run beside a server, or without one.
    """
    settings = _settings(on_terminal=True)
    progress_console.print("Digg Deeper is connecting to Slack ...", style="dim")
    from bot import slack as face

    face.answer_over_socket(settings, on_ready=lambda where: typer.echo(f"Digg Deeper answers as {where}"))


@app.command(epilog="Example: `digg-deeper sync`")
def sync() -> None:
    """Make the vectors that are missing, such as after an interrupted ingest. A running server does so by itself."""
    _make_vectors("sync", nothing="Every thread has its vectors.")


@app.command(epilog="Example: `DIGG_MODEL=my/model digg-deeper reindex`")
def reindex() -> None:
    """Make every vector anew from the stored threads: after another model was set, or Chroma's folder was damaged."""
    _make_vectors("reindex", nothing="There is no thread to index.")


def _make_vectors(command: Literal["sync", "reindex"], *, nothing: str) -> None:
    settings = _settings()
    from bot.reach import seat
    from bot.terminal import thread_line
    from bot.waiting import late_progress

    with (
        seat(settings, command=command, on_wait=_waiting) as product,
        late_progress(progress_console, "embedding") as progress,
    ):
        made = product.sync(progress) if command == "sync" else product.reindex(progress)
    for thread in made:
        typer.echo(thread_line(thread))
    if not made:
        progress_console.print(nothing)


@app.command(epilog="Example: `digg-deeper evaluate --threads eval/threads --questions eval/questions/locomo.jsonl`")
def evaluate(
    threads: Annotated[Path, typer.Option("--threads", metavar="DIR", help="Folder with the threads, in any export.")],
    questions: Annotated[
        list[Path], typer.Option("--questions", metavar="FILE...", help="Gold questions as JSONL; one file or more.")
    ],
    more: Annotated[list[Path] | None, typer.Argument(metavar="", hidden=True)] = None,
    json: Annotated[Path | None, typer.Option("--json", metavar="OUT", help="Write the figures to this file.")] = None,
) -> None:
    """Measure how well gold questions are answered: what is found, cited and declined, and how fast.

    It works in a home of its own; your threads are neither asked nor changed.
    """
    settings = _settings()
    from bot import evaluate as gold
    from bot import exports, terminal
    from bot.waiting import late_progress

    with late_progress(progress_console, "reading the threads") as progress:
        report = gold.evaluate(threads, [*questions, *(more or [])], settings=settings, progress=progress)
    for name, reasons in report.skipped.items():
        for reason in reasons:
            progress_console.print(terminal.clean(f"{name}: skipped {reason}"), style="yellow")
    if json is not None:
        exports.write(json, terminal.json_text({"sources": report.sources}) + "\n")
    if sys.stdout.isatty():
        terminal.console().print(terminal.figures_table(gold.rows(report)))
    else:
        _echo(terminal.tabbed(gold.rows(report)))


@app.command(epilog="Example: `digg-deeper forget --thread digg:night-ferry`")
def forget(
    thread: Annotated[str, typer.Option("--thread", "-t", metavar="ID", help="The thread to forget.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Forget a thread for good: its comments, its vectors, the answers that cite it."""
    if not yes and sys.stdin.isatty():
        typer.confirm(f"Forget {thread!r}, its comments and answers?", abort=True, err=True)
    settings = _settings()
    from bot.reach import reach

    with reach(settings, command="forget", on_wait=_waiting) as product:
        product.delete_thread(thread)
    progress_console.print(f"Forgotten: {thread}", style="dim")


def _settings(*, on_terminal: bool = False, **options: Any) -> "Settings":
    """The settings, with the log started by them."""
    from bot.log import start_log
    from bot.settings import Settings

    settings = Settings.load(**options)
    start_log(settings, on_terminal=on_terminal)
    return settings


def _echo(lines: "Iterable[str]") -> None:
    for line in lines:
        typer.echo(line)


def _waiting(owner: "Owner | None") -> None:
    progress_console.print(f"Waiting for {owner or 'another digg-deeper'} to be done ...", style="dim")


def _the_only(product: "Product") -> list[str] | None:
    """The one thread there is, which a question is about when it names none; None for all of several."""
    there = product.threads(limit=2).threads
    if not there:
        raise ThreadNotFound("there is no thread to ask.", next_step="Read one in: `digg-deeper ingest FILE`.")
    return [there[0].id] if len(there) == 1 else None


def _report_skipped(path: str, read: "Ingested") -> None:
    from bot.terminal import clean

    for note in read.notes:
        progress_console.print(clean(f"{path}: {note}"))
    for skipped in read.skipped[:_SHOWN_SKIPPED]:
        progress_console.print(clean(f"{path}: skipped {skipped.where}: {skipped.reason}"), style="yellow")
    more = len(read.skipped) - _SHOWN_SKIPPED
    if more > 0:
        progress_console.print(f"{path}: and {more:,} more skipped", style="yellow")
