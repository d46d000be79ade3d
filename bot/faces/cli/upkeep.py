"""The commands that look after what is kept: its vectors, how good the answers are, and forgetting.

Not here: who may open the stores (bot.faces.connection).
"""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.faces.cli.app import INTERRUPTED, app, echo, load_settings, progress_console, say, waiting
from corpus.errors import IndexUnusable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.library.reindex_estimate import Cost
    from bot.values.story import Forgotten
    from corpus.records.store import ThreadSummary


@app.command(epilog="Example: `digg-deeper sync`")
def sync() -> None:
    """Make the vectors that are missing, such as after an interrupted ingest. A running server does so by itself."""
    settings = load_settings()
    from bot.faces.cli.waiting import late_progress
    from bot.faces.connection import seat

    with (
        seat(settings, command="sync", on_wait=waiting) as product,
        late_progress(progress_console, "embedding") as progress,
    ):
        made = product.sync(progress)
    _show(made, nothing="Every thread has its vectors.")


@app.command(epilog="Example: `DIGG_MODEL=my/model digg-deeper reindex`")
def reindex(yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False) -> None:
    """Make every vector anew from the stored threads: after another model was set, or Chroma's folder was damaged.

    It tells first what that takes in time and on the disk, and asks on a terminal; elsewhere it goes on. Meanwhile, and
    after an interruption, threads are answered by their words alone. Run again, it goes on with the rest.
    """
    settings = load_settings()
    from bot.faces.cli.waiting import late_progress
    from bot.faces.connection import seat
    from bot.library.reindex_estimate import Overall

    with seat(settings, command="reindex", on_wait=waiting) as product:
        with late_progress(progress_console, "counting") as progress:
            cost = product.reindex_cost(progress)
        _agreed(cost, yes=yes)
        try:
            with late_progress(progress_console, "embedding") as progress:
                made = product.reindex(Overall(progress, cost.texts))
        except KeyboardInterrupt:
            say("interrupted; the vectors that were made are kept.", "`digg-deeper reindex` goes on with the rest.")
            raise typer.Exit(INTERRUPTED) from None
    _show(made, nothing="There is no thread to index.")


def _agreed(cost: "Cost", *, yes: bool) -> None:
    """Tell what it will take, and ask where somebody can answer. Raises IndexUnusable where the disk is too small."""
    from bot.faces.cli.terminal import reindex_lines, size

    for line in reindex_lines(cost):
        progress_console.print(line)
    if not cost.fits and not yes:
        raise IndexUnusable(
            f"the new vectors take about {size(cost.disk_bytes)}, {size(cost.free_bytes or 0)} are free.",
            next_step="Free some space, or go on all the same with `digg-deeper reindex --yes`.",
        )
    if cost.texts and not yes and sys.stdin.isatty():
        typer.confirm("Go on?" if cost.goes_on else "Throw the old vectors away and begin?", abort=True, err=True)


def _show(made: "Sequence[ThreadSummary]", *, nothing: str) -> None:
    from bot.faces.cli.terminal import thread_line

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
    answers: Annotated[
        Path | None,
        typer.Option("--answers", metavar="OUT.jsonl", help="Write every answer to this file, as Markdown."),
    ] = None,
) -> None:
    """Measure how well gold questions are answered: what is found, cited and declined, and how fast.

    It works in a home of its own; your threads are neither asked nor changed.
    """
    settings = load_settings()
    from bot.faces.cli import files, terminal
    from bot.faces.cli.waiting import late_progress
    from bot.product import evaluate as gold
    from bot.values import plain_text

    with late_progress(progress_console, "reading the threads") as progress:
        report = gold.evaluate(threads, [*questions, *(more or [])], settings=settings, progress=progress)
    for name, reasons in report.skipped.items():
        for reason in reasons:
            progress_console.print(plain_text.clean(f"{name}: skipped {reason}"), style="yellow")
    if json is not None:
        files.write(json, terminal.json_text({"sources": report.sources}) + "\n")
    if answers is not None:
        files.write(answers, gold.answer_lines(report))
    if sys.stdout.isatty():
        terminal.console().print(terminal.figures_table(gold.rows(report)))
    else:
        echo(terminal.tabbed(gold.rows(report)))


@app.command(epilog="Example: `digg-deeper forget --thread digg:night-ferry --comment c4`")
def forget(
    thread: Annotated[
        str | None, typer.Option("--thread", "-t", metavar="ID", help="The thread to forget, or the comment's.")
    ] = None,
    comment: Annotated[str | None, typer.Option("--comment", metavar="ID", help="Only this comment of it.")] = None,
    author: Annotated[
        str | None, typer.Option("--author", metavar="ID_OR_HANDLE", help="Every post of this author.")
    ] = None,
    source: Annotated[str | None, typer.Option("--source", metavar="NAME", help="The author's source.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Forget a thread, a comment or an author for good: words, vectors, the answers that cite them.

    A comment or an author does not come back when a thread is read in again; a whole thread does.
    """
    _checked(thread, comment, author, source)
    whom = f"comment {comment!r} of {thread!r}" if comment else f"every post of {author!r}" if author else repr(thread)
    if not yes and sys.stdin.isatty():
        typer.confirm(f"Forget {whom}, and the answers that cite it?", abort=True, err=True)
    settings = load_settings()
    from bot.faces.connection import reach

    done: Forgotten | None = None
    with reach(settings, command="forget", on_wait=waiting) as product:
        if author is not None:
            done = product.forget_author(author, source=source)
        elif comment is not None:
            done = product.forget_comment(str(thread), comment)
        else:
            product.delete_thread(str(thread))
    progress_console.print(f"Forgotten: {whom}", style="dim", markup=False)
    if done is not None:
        _tell(done)


def _checked(thread: str | None, comment: str | None, author: str | None, source: str | None) -> None:
    """Raises BadParameter for options that do not go together."""
    if (thread is None) == (author is None) or (comment is not None and thread is None):
        raise typer.BadParameter("give --thread ID, --thread ID --comment ID, or --author ID_OR_HANDLE.")
    if source is not None and author is None:
        raise typer.BadParameter("--source goes with --author.")


def _tell(done: "Forgotten") -> None:
    from bot.values.plain_text import on_a_line

    posts, threads = _counted(done.comments, "post"), _counted(len(done.threads), "thread")
    progress_console.print(f"{posts} in {threads}.", style="dim", highlight=False)
    if done.remains:
        progress_console.print("The words of others are left as they are. Look at these:")
    for remain in done.remains:
        where = "" if remain.comment_id is None else f" --comment {shlex.quote(remain.comment_id)}"  # to be pasted
        typer.echo(on_a_line(f"--thread {remain.thread_id}{where}: {remain.why}"))


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
