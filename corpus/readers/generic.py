"""Our own shape -> Threads: the JSON that `digg-deeper show --json` prints, a looser form of it, and JSON Lines.

    {"id", "source", "title", "url", "comments": [{"id", "author", "text", "parent_id", "created_at", "score"}]}

A file may be one such thread, a list of them, {"threads": [...]}, {"thread": {...}}, a thread on each line, or comments
alone, in a list or on each line, with a column that names their thread. Ids that come in go out unchanged.
Not here: how the columns of one comment are read (corpus.readers.columns).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from corpus.readers.columns import NEEDED, Row, web_address
from corpus.readers.document import Document
from corpus.readers.moments import moment
from corpus.readers.reading import BadRecord, Gathered, Reading, joined, reason_of, shown
from corpus.text.plain import borrowed_words, content_id, merged
from corpus.text.titles import made_title
from corpus.thread import Comment, Page, Thread

READS = (
    'threads as JSON, {"id", "source", "title", "comments": [{"id", "author", "text", "parent_id", "created_at"}]}, '
    "also several in a list or one a line; comments as JSON Lines"
)
SOURCE = "generic"
_LOOKED_AT = 50

Record = tuple[str, dict[str, Any]]
"""Where it stands, and what it holds."""


def recognise(document: Document) -> bool:
    return any(_is_thread(value) or _is_comment(value) for _, value in document.records("threads"))


def _is_thread(value: Any) -> bool:
    inner = _unwrapped(value)
    if not isinstance(inner, dict) or not isinstance(inner.get("comments"), list):
        return False
    return "id" in inner or any(_is_comment(comment) for comment in inner["comments"][:_LOOKED_AT])


def _is_comment(value: Any) -> bool:
    return isinstance(value, dict) and Row(value).is_a_comment


def _unwrapped(value: Any) -> Any:
    return value["thread"] if isinstance(value, dict) and isinstance(value.get("thread"), dict) else value


def read(document: Document) -> Reading:
    gathered = document.gathered("threads or comments in the generic shape")
    by_thread: dict[str | None, list[Record]] = {}
    for where, value in document.records("threads"):
        if _is_thread(value):
            inner = _unwrapped(value)
            place = where if inner is value else joined(where, "thread")
            rows = [(joined(place, f"comments[{at}]"), row) for at, row in enumerate(inner["comments"])]
            _add(inner, rows, place, document, gathered)
        elif _is_comment(value):
            try:
                by_thread.setdefault(Row(value).thread_id, []).append((where, value))
            except BadRecord as error:
                gathered.skip(where, reason_of(error))
        else:
            gathered.skip(where, f"is neither a thread nor a comment: {NEEDED}")
    for thread_id, rows in by_thread.items():
        _add({"id": thread_id}, rows, rows[0][0], document, gathered)
    return gathered.reading()


def _add(told: dict[str, Any], rows: Sequence[Record], where: str, document: Document, gathered: Gathered) -> None:
    """Make one thread of what its record tells and of its rows, or report why it is none."""
    source = told.get("source") or SOURCE
    thread_id = told.get("id")
    thread_id = str(thread_id) if isinstance(thread_id, int) else thread_id or _made_id(told, rows)
    if not isinstance(source, str) or not isinstance(thread_id, str):
        gathered.skip(where, f"has the source {shown(source)} and the id {shown(thread_id)}: both must be text")
        return
    comments = gathered.distinct(_comments(rows, thread_id, source, gathered))
    if rows and not comments:
        gathered.skip(where, f"none of the {len(rows):,} comments of thread {shown(thread_id)} can be read")
        return
    title = told.get("title")
    try:
        thread = Thread(
            id=thread_id,
            source=source,
            title=made_title(comments) if title is None else title,
            url=_url(told, where, gathered),
            comments=comments,
            fetched_at=_fetched_at(told, where, gathered) or document.fetched_at,
            known_total=_known_total(told, where, gathered),
            page=_page(told, where, gathered),
        )
    except ValidationError as error:
        gathered.skip(where, reason_of(error))
    else:
        gathered.add(thread, where=where)


def _comments(
    rows: Sequence[Record], thread_id: str, source: str, gathered: Gathered
) -> Iterator[tuple[object, Comment]]:
    """What can be read of the rows. Where one does not say what it quotes, its words are looked for in its parent."""
    found: list[tuple[str, Comment, bool]] = []
    for where, record in rows:
        try:
            row = _row(record, thread_id)
            comment = row.comment(thread_id, source=source)
        except (BadRecord, ValidationError) as error:
            gathered.skip(where, reason_of(error))
            continue
        for fault in row.faults:
            gathered.skip(where, f"{fault}: the comment is kept without it")
        found.append((where, comment, row.tells_quotes))
    words = {comment.id: comment.text for _, comment, _ in reversed(found)}
    for where, comment, tells_quotes in found:
        answered = "" if tells_quotes else words.get(comment.parent_id or "", "")
        borrowed = borrowed_words(comment.text, answered) if answered else ()
        quoted = merged((*comment.quoted, *borrowed)) if borrowed else comment.quoted
        yield where, comment.model_copy(update={"quoted": quoted}) if borrowed else comment


def _row(record: Any, thread_id: str) -> Row:
    if not isinstance(record, dict):
        raise BadRecord(f"is no comment but {shown(record)}")
    told = record.get("thread_id")
    if told is not None and str(told) != thread_id:
        raise BadRecord(f"belongs to thread {shown(told)}, not {shown(thread_id)}")
    return Row(record)


def _made_id(told: dict[str, Any], rows: Sequence[Record]) -> str:
    """An id from what stays the same when more comments come in: the address, else the title and the first comment."""
    if isinstance(told.get("url"), str) and told["url"]:
        return f"thread-{content_id(told['url'])}"
    first = rows[0][1] if rows else None
    return f"thread-{content_id(str(told.get('title') or ''), Row(first).words if isinstance(first, dict) else '')}"


def _url(told: dict[str, Any], where: str, gathered: Gathered) -> str | None:
    link, fault = web_address(told.get("url"))
    if fault:
        gathered.skip(joined(where, "url"), f"{fault}: the thread is kept without it")
    return link


def _fetched_at(told: dict[str, Any], where: str, gathered: Gathered) -> datetime | None:
    if told.get("fetched_at") is None:
        return None
    try:
        return moment(told["fetched_at"])
    except ValueError as error:
        gathered.skip(joined(where, "fetched_at"), f"{shown(told['fetched_at'])} {error}: taken as fetched now")
        return None


def _known_total(told: dict[str, Any], where: str, gathered: Gathered) -> int | None:
    found = told.get("known_total")
    if found is None or (isinstance(found, int) and not isinstance(found, bool) and 0 <= found <= 2**53):
        return found
    gathered.skip(
        joined(where, "known_total"), f"{shown(found)} is no number of comments: the thread is kept without it"
    )
    return None


def _page(told: dict[str, Any], where: str, gathered: Gathered) -> Page | None:
    if told.get("page") is None:
        return None
    try:
        return Page.model_validate(told["page"])
    except ValidationError as error:
        gathered.skip(joined(where, "page"), f"{reason_of(error)}: the thread is kept without it")
        return None
