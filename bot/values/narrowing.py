"""Filters as people type them, and as an answer says them; a thread narrowed to what passes one.

Not here: the Filter itself (corpus.records.filters), searching under one (bot.library.all_threads).
"""

from datetime import UTC, datetime, timedelta

from bot.values.speakers import one_line
from corpus.errors import InvalidRequest
from corpus.records.filters import Filter
from corpus.thread import Comment, Thread, storable

_DAY, _MONTH = "%Y-%m-%d", "%Y-%m"
_LONGEST = 200


def read_filter(
    *, source: str | None = None, author: str | None = None, after: str | None = None, before: str | None = None
) -> Filter | None:
    """The filter of these fields, each as it was typed; None where all are blank. Raises InvalidRequest."""
    within = Filter(
        source=_word("source", source),
        author=_word("author", author),
        after=_moment("after", after),
        before=_moment("before", before),
    )
    if within.after is not None and within.before is not None and within.after >= within.before:
        raise InvalidRequest(
            f"nothing is posted both after {after!r} and before {before!r}.",
            next_step="Swap the two, or leave one out.",
        )
    return None if within.empty else within


def told(within: Filter) -> str:
    """ "by @x from digg, after 1 March 2026": which comments were asked, to stand after "only comments"."""
    by = None if within.author is None else f"by {one_line(within.author if ':' in within.author else _at(within))}"
    parts = [by, None if within.source is None else f"from {one_line(within.source)}"]
    times = [
        f"{word} {_shown(at)}" for word, at in (("since", within.after), ("before", within.before)) if at is not None
    ]
    return ", ".join(part for part in (" ".join(filter(None, parts)), *times) if part)


def narrowed(thread: Thread, within: Filter | None) -> Thread:
    """The thread with only what passes: the rest keeps its place, and can no more be cited than if it were deleted."""
    if within is None or all(within.passes(comment, thread.source) for comment in thread.comments):
        return thread
    kept = tuple(c if within.passes(c, thread.source) else _hidden(c) for c in thread.comments)
    return Thread.model_validate(_fields(thread) | {"comments": kept})


def _hidden(comment: Comment) -> Comment:
    return Comment.model_validate(_fields(comment) | {"deleted": True})


def _fields(value: Thread | Comment) -> dict[str, object]:
    """Without what was worked out from them, which a changed value must work out anew."""
    return {name: getattr(value, name) for name in type(value).model_fields}


def _word(name: str, typed: str | None) -> str | None:
    value = storable(typed or "").strip()
    if len(value) > _LONGEST:
        raise InvalidRequest(
            f"the {name} {value[:40]!r}... has {len(value):,} characters.", next_step=f"Give at most {_LONGEST}."
        )
    if name == "author" and value in {"@", "@@"}:
        raise InvalidRequest(f"the author {value!r} names nobody.", next_step="Give a handle such as '@ada', or an id.")
    return value or None


def _moment(name: str, typed: str | None) -> datetime | None:
    """A day, a month or a moment by ISO 8601; without a zone it is UTC."""
    value = (typed or "").strip()
    if not value:
        return None
    try:
        at = datetime.strptime(value, _MONTH) if len(value) == len("2026-03") else datetime.fromisoformat(value)  # noqa: DTZ007
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidRequest(
            f"{value[:60]!r} for {name!r} is no time that can be read.",
            next_step="Write a day as 2026-03-01, or a moment as 2026-03-01T09:30:00Z.",
        ) from None


def _at(within: Filter) -> str:
    author = within.author or ""
    return author if author.startswith("@") or " " in author else f"@{author}"


def _shown(at: datetime) -> str:
    day = f"{at.day} {at:%B} {at.year}"
    return day if at - datetime(at.year, at.month, at.day, tzinfo=UTC) == timedelta(0) else f"{day}, {at:%H:%M} UTC"
