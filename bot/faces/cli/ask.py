"""The commands that read discussions in, list, show and ask them. Not here: how values look
(bot.faces.cli.terminal)."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bot.faces.cli.app import FAILED, INTERRUPTED, JsonOption, app, echo, load_settings, progress_console, say, waiting
from corpus.errors import Cancelled, DiscussionError, ThreadNotFound

if TYPE_CHECKING:
    from bot.faces.connection import Product
    from bot.values.story import Ingested

_SHOWN_SKIPPED = 10
_PAGE = 200

ThreadOption = Annotated[
    list[str] | None, typer.Option("--thread", "-t", metavar="ID", help="Ask only this thread; may be repeated.")
]


@app.command(epilog="Example: `digg-deeper ingest story.txt hn-item.json`, or a Hacker News URL")
def ingest(
    paths: Annotated[list[str], typer.Argument(metavar="PATH_OR_URL...", help="What to read; - for standard input.")],
    json: JsonOption = False,
) -> None:
    """Read discussions in: a pasted Digg story, a Hacker News item or its URL, our generic JSON or JSONL.

    A thread that is read again is updated. One bad record is reported and skipped, the rest is kept.
    """
    from bot.faces.cli import files

    for path in paths:
        if (wrong := files.wrong_use(path)) is not None:
            raise typer.BadParameter(wrong, param_hint="PATH")
    settings = load_settings()
    from bot.faces.cli.terminal import json_text, thread_line
    from bot.faces.cli.waiting import late_progress
    from bot.faces.connection import reach
    from bot.product.sample import remember_filled

    failed = False
    done: list[Ingested] = []
    with reach(settings, command="ingest", on_wait=waiting) as product:
        for path in paths:
            try:
                with late_progress(progress_console, f"reading {path}") as progress:
                    read = files.ingest(path, product, settings=settings, progress=progress)
            except Cancelled as exc:
                say(f"{path}: {exc.message}", exc.next_step)
                raise typer.Exit(INTERRUPTED) from None
            except DiscussionError as exc:
                say(f"{path}: {exc.message}", exc.next_step)
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
    source: Annotated[str | None, typer.Option("--source", help="Only comments of this source, such as digg.")] = None,
    author: Annotated[str | None, typer.Option("--author", metavar="@HANDLE", help="Only comments by them.")] = None,
    after: Annotated[
        str | None, typer.Option("--after", metavar="TIME", help="Only comments from then on: 2026-03-01, 2026-03.")
    ] = None,
    before: Annotated[str | None, typer.Option("--before", metavar="TIME", help="Only comments before then.")] = None,
    json: JsonOption = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the answer as Markdown.")] = False,
) -> None:
    """Answer a question from the comments alone, each point with who said it, in which words, and where.

    Without --thread all threads are asked. Where the comments do not answer it, it says so and shows the nearest ones;
    in JSON that is "abstained": true.
    """
    if json and markdown:
        raise typer.BadParameter("give one of --json and --markdown.", param_hint="--markdown")
    settings = load_settings()
    from bot.faces.cli import terminal
    from bot.faces.cli.waiting import late_progress
    from bot.faces.connection import reach
    from bot.product.markdown import markdown as as_markdown
    from bot.values import plain_text
    from bot.values.narrowing import read_filter
    from corpus.thread import storable

    within = read_filter(source=source, author=author, after=after, before=before)

    with (
        reach(settings, command="ask", on_wait=waiting) as product,
        late_progress(progress_console, "thinking") as progress,
    ):
        made = product.ask(
            storable(question),
            thread_ids=thread or _the_only(product),
            conversation_id=conversation,
            progress=progress,
            within=within,
        )
        if made.coverage.state == "lexical":
            _say_why_by_words(product)
    if json:
        typer.echo(terminal.json_text(made))
        return
    if markdown:
        typer.echo(as_markdown(made))
        return
    terminal.console().print(terminal.answer(made))
    if sys.stdout.isatty() and made.conversation_id and made.kind not in terminal.NOTHING_ASKED:
        follow = f'Follow up: digg-deeper ask --conversation {plain_text.clean(made.conversation_id)} "..."'
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
    settings = load_settings()
    from bot.faces.cli import terminal
    from bot.faces.connection import reach_to_read

    with reach_to_read(settings) as library:
        page = library.threads(source=source, q=q, limit=_PAGE)
        found = list(page.threads)
        while page.next_cursor is not None:
            page = library.threads(source=source, q=q, cursor=page.next_cursor, limit=_PAGE)
            found.extend(page.threads)
    if json:
        typer.echo(terminal.json_text(found))
    elif not found:
        say(
            "no thread here is like that." if source or q else "there is no thread yet.",
            "`digg-deeper ingest FILE` reads one in.",
        )
    elif sys.stdout.isatty():
        terminal.console().print(terminal.threads_table(found))
    else:
        echo(terminal.threads_lines(found))


@app.command(epilog="Example: `digg-deeper show digg:night-ferry --json > night-ferry.json`")
def show(
    thread_id: Annotated[str, typer.Argument(metavar="ID", help="As `digg-deeper threads` lists it.")],
    json: JsonOption = False,
) -> None:
    """Show a thread: what it comes to, then every comment under the one that it answers, with who, when, and how much
    it moved.

    JSON is the generic shape with every field of every comment; it can be read in again.
    """
    settings = load_settings()
    from bot.faces.cli import terminal
    from bot.faces.connection import digest_to_show, reach_to_read

    with reach_to_read(settings) as library:
        thread = library.thread(thread_id)
    if json:
        typer.echo(terminal.json_text(thread))
    else:
        terminal.print_paged(list(terminal.story(thread, digest_to_show(settings, thread))))


def _say_why_by_words(product: "Product") -> None:
    try:
        product.ready()
        say(
            "the comments were searched by their words alone.", "`digg-deeper sync` makes the vectors that are missing."
        )
    except DiscussionError as exc:
        say(f"the comments were searched by their words alone: {exc.message}", exc.next_step)


def _the_only(product: "Product") -> list[str] | None:
    """The one thread there is, which a question is about when it names none; None for all of several."""
    there = product.threads(limit=2).threads
    if not there:
        raise ThreadNotFound("there is no thread to ask.", next_step="Read one in: `digg-deeper ingest FILE`.")
    return [there[0].id] if len(there) == 1 else None


def _report_skipped(path: str, read: "Ingested") -> None:
    from bot.values.plain_text import clean

    for note in read.notes:
        progress_console.print(clean(f"{path}: {note}"))
    for skipped in read.skipped[:_SHOWN_SKIPPED]:
        progress_console.print(clean(f"{path}: skipped {skipped.where}: {skipped.reason}"), style="yellow")
    more = len(read.skipped) - _SHOWN_SKIPPED
    if more > 0:
        progress_console.print(f"{path}: and {more:,} more skipped", style="yellow")
