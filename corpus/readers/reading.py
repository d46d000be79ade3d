"""Skipped, Reading: what a reader gives back, and Gathered, in which a reader collects it.

Not here: any source's format.
"""

from collections.abc import Iterable

from pydantic import ValidationError

from corpus.errors import BrokenExport
from corpus.thread import Comment, Thread, Value, storable

MOST_REPORTED = 1_000


class Skipped(Value):
    """A record, or a field of one, that was left out."""

    where: str
    """As a person finds it: "line 7", "children[3].children[0]"."""
    reason: str


class Reading(Value):
    threads: tuple[Thread, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    """What was left out; beyond 1,000 the last one says how many more."""


class Gathered:
    """Collects the threads of one document, each id once, and what was skipped on the way."""

    def __init__(self, label: str, *, recognised: str) -> None:
        self._label = label
        self._recognised = recognised
        self._threads: dict[str, Thread] = {}
        self._skipped: list[Skipped] = []
        self._unreported = 0

    def skip(self, where: str, reason: str) -> None:
        if len(self._skipped) < MOST_REPORTED:
            self._skipped.append(Skipped(where=storable(where), reason=storable(reason)))
        else:
            self._unreported += 1

    def add(self, thread: Thread, *, where: str) -> None:
        if thread.id in self._threads:
            self.skip(where, f"the thread id {thread.id!r} stands twice in the file: the first one is kept")
        else:
            self._threads[thread.id] = thread

    def distinct(self, placed: Iterable[tuple[object, Comment]]) -> tuple[Comment, ...]:
        """The comments of one thread, each id once: the first is kept, later ones are reported.

        What comes with a comment is its place, as `str` shows it.
        """
        kept: dict[str, Comment] = {}
        for where, comment in placed:
            first = kept.setdefault(comment.id, comment)
            if first is not comment:
                repeated = "with the same content" if first == comment else "with other content"
                self.skip(
                    str(where), f"the comment id {shown(comment.id)} stands twice, {repeated}: the first one is kept"
                )
        return tuple(kept.values())

    def reading(self) -> Reading:
        """Everything collected. Raises BrokenExport where that is no thread at all."""
        if not self._threads:
            raise BrokenExport(
                f"{self._label} was recognised as {self._recognised}, but nothing in it can be read: {self._first()}.",
                next_step="Mend the file or export it again.",
            )
        skipped = list(self._skipped)
        if self._unreported:
            skipped.append(Skipped(where="after these", reason=f"{self._unreported:,} more were skipped"))
        return Reading(threads=tuple(self._threads.values()), skipped=tuple(skipped))

    def _first(self) -> str:
        if not self._skipped:
            return "it holds no thread"
        first = self._skipped[0]
        return f"{first.where}: {first.reason}" if first.where else first.reason


class BadRecord(Exception):
    """A record that cannot become a comment or a thread; it is skipped and reported, and never leaves the readers."""


def reason_of(error: BadRecord | ValidationError) -> str:
    """What is wrong with a record, in words: the first fault that its value's checks found."""
    if isinstance(error, BadRecord):
        return str(error)
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    message = first["msg"].removeprefix("Value error, ")
    return f"{field}: {message}" if field else message


def shown(value: object, *, most: int = 60) -> str:
    """A value quoted for a message: cut short, and by its kind alone where it is a container."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    quoted = repr(value[: most + 1] if isinstance(value, str) else value)
    return quoted if len(quoted) <= most else f"{quoted[:most]}…"


def joined(where: str, path: str) -> str:
    """A place within a record: "[2]" and "children[3]" are "[2].children[3]"."""
    if not where or not path:
        return where or path
    return f"{where}: {path}" if where.startswith("line ") else f"{where}.{path}"
