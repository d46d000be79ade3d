"""What the command line prints of values: answers, threads, stories; as text, as tables, as JSON.

Comments are hostile here too: no character of theirs moves the cursor, colours a line or turns the direction of text,
and nothing of theirs is read as markup. Names, ids, addresses and titles stand on one line each, and further lines of
somebody's words never begin where a name does: so nobody can write what looks as if another had said it.
Not here: commands (bot.faces.cli.main).
"""

import json
import pydoc
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pydantic_core import to_jsonable_python
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.pager import Pager
from rich.table import Table
from rich.text import Text

from bot.values.answer import Answer, Citation, Coverage
from bot.values.plain_text import STEERING, clean, on_a_line, speaker_name, unisolated, when
from bot.values.quote_parts import parts, plain, same_words
from bot.values.story import Digest, Findings
from bot.verification.leads import further, headed, on_top
from bot.verification.sentences import both_sides, halves, similar
from corpus.records.store import ThreadSummary
from corpus.thread import Comment, Sentiment, Thread

if TYPE_CHECKING:
    from bot.library.reindex_estimate import Cost

_IN_JSON = re.compile(f"[{STEERING}]")
_SINGLE = str.maketrans('“”„"«»', "‘’‚'‹›")
NOTHING_ASKED = {"greeting", "thanks", "empty"}
_NAME_COLUMNS = 2
_VIEWPOINTS = 3
_BESIDE = "| "
"""What every line of a post's own words stands behind in a story, where names begin lines."""
_DEEPEST = 12
"""Levels that a reply is moved in by at most; deeper ones stand there with their depth as a number."""


def console() -> Console:
    """Standard output: colours and tables only where it is a terminal, and NO_COLOR is not set."""
    return Console(markup=False, emoji=False, highlight=False, soft_wrap=not sys.stdout.isatty())


def json_text(value: Any) -> str:
    """JSON for people and programs: readable, every value exact, and safe to print (controls are escaped)."""
    plain = json.dumps(to_jsonable_python(value), ensure_ascii=False, indent=2)
    return _IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", plain)


def threads_table(threads: Sequence[ThreadSummary]) -> RenderableType:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("id", style="cyan", overflow="fold")
    table.add_column("title", ratio=1, overflow="fold")
    for heading in ("source", "state", "fetched"):
        table.add_column(heading, no_wrap=True)
    for heading in ("comments", "people"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in threads:
        shown = (one.id, one.title or "(no title)", one.source, one.state, f"{one.fetched_at:%Y-%m-%d}", _of_known(one))
        table.add_row(*(Text(on_a_line(cell)) for cell in (*shown, f"{one.commenters:,}")))
    return table


def threads_lines(threads: Sequence[ThreadSummary]) -> Iterator[str]:
    """For a pipe: a line each, with tabs between id, comments, commenters, source, title."""
    rows = [(one.id, str(one.comments), str(one.commenters), one.source, one.title) for one in threads]
    return tabbed(rows)


def tabbed(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """For a pipe: a line a row, whose cells hold no other tab or line break."""
    for row in rows:
        yield "\t".join(on_a_line(cell) for cell in row)


def figures_table(rows: Sequence[Sequence[str]]) -> RenderableType:
    """A header and rows of figures, aligned."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, heading in enumerate(rows[0]):
        table.add_column(heading.replace("_", "\n"), justify="left" if place < _NAME_COLUMNS else "right")
    for row in rows[1:]:
        table.add_row(*(Text(clean(cell)) for cell in row))
    return table


def duration(seconds: float) -> str:
    """About how long, in the unit that fits."""
    for limit, size, unit in ((100, 1, "second"), (100 * 60, 60, "minute"), (48 * 3600, 3600, "hour")):
        if seconds < limit:
            return _plural(max(1, round(seconds / size)), unit)
    return _plural(round(seconds / 86_400), "day")


def size(count: int) -> str:
    """So many bytes, in the unit that fits."""
    for unit, each in (("kB", 1e3), ("MB", 1e6), ("GB", 1e9)):
        if count < 1000 * each or unit == "GB":
            number = count / each
            return f"{number:,.0f} {unit}" if number >= 10 or unit == "kB" else f"{number:.1f} {unit}"
    return ""


def reindex_lines(told: "Cost") -> list[str]:
    """What a reindex will take, before it begins."""
    if not told.texts:
        return []
    much = f"{_plural(told.threads, 'thread')}, {_plural(told.comments, 'comment')}, {_plural(told.texts, 'passage')}"
    free = "" if told.free_bytes is None else f", {size(told.free_bytes)} free"
    takes = f"about {duration(told.seconds)} ({told.texts_a_second:,.0f} passages a second, measured just now)"
    begun = ["An earlier reindex was cut short; what it made is kept, the rest is left to do."] if told.goes_on else []
    return [
        *begun,
        f"Model    {clean(told.model)} ({told.dimension:,} dimensions)",
        f"To make  {much}",
        f"Takes    {takes}",
        f"Disk     about {size(told.disk_bytes)}{free}",
    ]


def _plural(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def thread_line(one: ThreadSummary) -> str:
    """What came of an ingest, on a line."""
    title = on_a_line(one.title) or "(no title)"
    return f"{one.id}  {title}  ({_of_known(one)} comments, {_commenters(one.commenters)})"


def _commenters(people: int) -> str:
    return f"{people:,} {'commenter' if people == 1 else 'commenters'}"


def _of_known(one: ThreadSummary) -> str:
    known = one.known_total
    return f"{one.comments:,} of {known:,}" if known is not None and known > one.comments else f"{one.comments:,}"


class _Indented:
    """Text whose every line, a wrapped one too, stands behind `margin`; never cut off, and never padded on the right.

    All but the first are moved in by `hanging` more.
    """

    def __init__(self, text: Text, margin: str = "", *, hanging: int = 0) -> None:
        self._text = text
        self._margin = margin
        self._hanging = hanging

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        margin = self._margin
        width = max(20, options.max_width - len(margin) - self._hanging)
        for line in self._text.split("\n", allow_blank=True):
            for row in [line] if options.no_wrap else line.wrap(console, width):
                row.rstrip()
                yield Text(margin).append_text(row)
                margin = self._margin + " " * self._hanging


def answer(made: Answer) -> RenderableType:
    """Lead, then each point with who said it, in which words, where; or why there is none, and what comes nearest."""
    lead = made.lead if made.abstained else on_top(made)
    rows: list[RenderableType] = [_Indented(Text(_flat(lead), style="bold"))] if lead else []
    for heading, statement in headed(made):
        rows += [Text()] if rows else []
        if heading is not None:
            rows.append(_Indented(Text(_flat(heading), style="bold")))
        for citations in same_words(statement.citations):
            rows += _cited(citations, made)
    if made.more:
        rows += [Text(), Text(f"{further(made):,} more: ask `more`", style="dim")]
    if made.abstained and made.reason != made.lead:
        rows.append(_Indented(Text(_flat(made.reason or "Nothing here answers that."))))
    if made.nearest:
        rows += [Text(), Text("What comes nearest, without answering it:", style="dim")]
        for citation in made.nearest:
            rows += _cited([plain(citation)], made)
    if made.kind not in NOTHING_ASKED:
        rows += [Text(), _Indented(Text(" ".join(_small_print(made)), style="dim"))]
    return Group(*rows)


def _small_print(made: Answer) -> Iterator[str]:
    yield coverage(made.coverage)
    if made.dropped:
        yield f"{made.dropped:,} statement{'' if made.dropped == 1 else 's'} left out: not clearly supported."
    if made.writer != "extractive" and made.statements:
        yield f"Quotes chosen by {on_a_line(made.writer)}, each checked against its post."
    if made.note:
        yield clean(made.note)


def _cited(citations: Sequence[Citation], made: Answer) -> Iterator[RenderableType]:
    """Who said it, the words, the fitting ones underlined, and where each comment is."""
    for citation in citations:
        when_said = f"  {when(citation.posted_at)}" if citation.posted_at else ""
        yield _Indented(Text(speaker_name(citation), style="green").append(when_said, style="dim"), " " * 2, hanging=3)
    before, focus, after, cut = (clean(part) for part in parts(citations[0]))
    quote = Text(f"“{before}").append(focus, style="underline").append(f"{after}{cut}”")
    yield _Indented(quote, " " * 4, hanging=1)
    for citation in citations:
        where = on_a_line(citation.url or f"comment {citation.comment_id}")
        if len(made.thread_ids) > 1:
            where += f"  in {citation.thread_id}"
        yield _Indented(Text(where, style="blue"), " " * 4, hanging=1)
        if citation.author is None and citation.author_candidate is not None:
            yield _Indented(Text(f"({on_a_line(citation.author_candidate.ground)})", style="dim"), " " * 4, hanging=1)


class _Less(Pager):
    """The pager that keeps colours; which other one does is not known."""

    def show(self, content: str) -> None:
        pydoc.pipepager(content, "less -R")


def print_paged(lines: Sequence[Text]) -> None:
    """On a terminal that they do not fit, through the pager of the system; all at once elsewhere."""
    out = console()
    whole = Group(*(_hanging(line) for line in lines))
    rows = sum(line.cell_len // out.width + 1 for line in lines)
    if out.is_terminal and sys.stdin.isatty() and rows > out.height:
        less = shutil.which("less") is not None
        with out.pager(_Less() if less else None, styles=less):
            out.print(whole)
    else:
        out.print(whole)


def _hanging(line: Text) -> _Indented:
    """The line, wrapped: further rows of a post's words behind the same mark, others where no line of ours begins."""
    margin = len(line.plain) - len(line.plain.lstrip(" "))
    if line.plain.startswith(_BESIDE, margin):
        margin += len(_BESIDE)
        return _Indented(line[margin:], line.plain[:margin])
    return _Indented(line[margin:], line.plain[:margin], hanging=3)


def coverage(covered: Coverage) -> str:
    known = "" if covered.known is None else f" of {covered.known:,} known"
    as_of = f", as of {when(covered.as_of)}" if covered.as_of else ""
    lexical = "; by words alone, without vectors" if covered.state == "lexical" else ""
    only = f" Only comments {unisolated(covered.only)}." if covered.only else ""
    return f"Looked at {covered.used:,} comments ({covered.indexed:,} indexed{known}{as_of}{lexical}).{only}"


def story(thread: Thread, digest: Digest | None = None) -> Iterator[Text]:
    """The thread as people read it: what its page says, what its comments come to, then all of them as they answer."""
    yield Text(on_a_line(thread.title) or "(no title)", style="bold")
    known = "" if thread.known_total is None else f" of {thread.known_total:,} known"
    people = _commenters(len(thread.commenters))
    yield Text(
        f"{thread.id}  {on_a_line(thread.source)}  {len(thread.comments):,} comments{known}, {people}", style="dim"
    )
    if thread.url:
        yield Text(on_a_line(thread.url), style="blue")
    yield from _page_lines(thread)
    if digest is not None and digest.findings is not None:
        yield from _digest_lines(digest, digest.findings)
    for comment_id, depth in thread.reply_order:
        yield Text()
        yield from _comment(thread.by_id[comment_id], depth, thread.activity[comment_id])


def _page_lines(thread: Thread) -> Iterable[Text]:
    page = thread.page
    if page is None:
        return
    said = [page.headline, page.tldr]
    if page.sentiment is not None:
        said += _told_sides(page.sentiment)
    said += [asked.question for asked in page.questions]
    for line in filter(None, said):
        yield Text()
        yield Text(on_a_line(line), style="italic")


def _told_sides(sides: Sentiment) -> list[str]:
    """The page's own sentence whole; of a page that has one a side, each on a line."""
    each = [side for side in (sides.positive, sides.negative) if side]
    return [both_sides(*each)] if len(each) > 1 and halves(*each) else each


def _digest_lines(digest: Digest, found: Findings) -> Iterator[Text]:
    """What code found in the comments: shares of tone, the largest viewpoints, what can be asked."""
    shares = [f"{share:.0%} {name}" for name, share in _shares(found)]
    if shares:
        yield Text()
        yield Text(f"Tone of {found.voices:,} voices: {', '.join(shares)}", style="bold")
    for view in digest.viewpoints[:_VIEWPOINTS]:
        yield Text()
        yield Text(f"{similar(view.count, view.repeated)}:", style="bold")
        yield Text(_with_quotes(view.statements[0].text, view.statements[0].citations))
    if found.questions:
        yield Text()
        yield Text("Ask, for example:", style="bold")
        yield from (Text(f"  {_flat(question)}") for question in found.questions)


def _flat(text: str) -> str:
    """As `_told`, on one line."""
    return on_a_line(unisolated(text))


def _with_quotes(text: str, cited: Sequence[Citation]) -> str:
    """A sentence with quotes in it on one line, their own quotation marks single: they end no quote, and begin none."""
    for citation in cited:
        quote = citation.quote.rstrip(".")
        text = text.replace(quote, quote.translate(_SINGLE))
    return _flat(text)


def _shares(found: Findings) -> list[tuple[str, float]]:
    named = (("positive", found.positive), ("negative", found.negative))
    return [(name, side.share) for name, side in named if side is not None and side.share is not None]


def _comment(comment: Comment, depth: int, activity: int) -> Iterator[Text]:
    margin = "  " * min(depth, _DEEPEST)
    head = Text(margin).append(speaker_name(comment), style="green")
    notes = [when(comment.posted_at)] if comment.posted_at else []
    notes += [f"{activity:,} activity"] if activity else []
    notes += [f"depth {depth}"] if depth > _DEEPEST else []
    notes += ["edited"] if comment.edited_at else []
    notes += ["bot"] if comment.is_bot else []
    yield head.append(f"  {'  '.join([*notes, on_a_line(comment.id)])}", style="dim")
    if comment.author is None and comment.author_candidate is not None:
        yield Text(f"{margin}({on_a_line(comment.author_candidate.ground)})", style="dim")
    if comment.deleted and not comment.text:
        yield Text(f"{margin}(deleted)", style="dim")
    for line in clean(comment.text).split("\n") if comment.text else ():
        yield Text(margin + _BESIDE + line, style="dim" if comment.deleted else "")
