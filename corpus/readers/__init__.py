"""Exports and pasted pages -> Threads. A source is one module here; a file's content alone tells which one reads it.

A reader module has `READS` (what it reads, in words), `recognise(document)` and `read(document)`. To add a source,
write such a module and name it in `_READERS`: the most particular first, the generic shape last.
Not here: fetching (corpus.fetching.fetch) and keeping (corpus.records.store).
"""

from datetime import datetime
from typing import Protocol

from corpus.errors import InputTooLarge
from corpus.readers import digg, generic, hackernews
from corpus.readers.document import Document
from corpus.readers.reading import Reading, Skipped
from corpus.readers.refusal import refusal

__all__ = ["Reading", "Skipped", "read"]


class Reader(Protocol):
    """What every module of a source offers."""

    READS: str
    """For "What can be read: ..."."""

    def recognise(self, document: Document) -> bool:
        """Whether this reader is to read the document, or to say what is wrong with it. Never raises."""

    def read(self, document: Document) -> Reading:
        """Its threads, at least one. Raises BrokenExport where there is none."""


_READERS: tuple[Reader, ...] = (hackernews, generic, digg)


def read(
    content: bytes,
    *,
    name: str = "",
    max_bytes: int = 50_000_000,
    limit_setting: str = "DIGG_MAX_INPUT_BYTES",
    fetched_at: datetime | None = None,
) -> Reading:
    """The threads in `content`, and what had to be skipped. `name` is for messages only.

    Raises InputTooLarge, UnknownFormat, or BrokenExport; then nothing was read. A thread that comes back is whole but
    for the records that are listed as skipped. `fetched_at` (now, if not given) is for threads that do not tell.
    """
    document = Document(content, name=name, fetched_at=fetched_at)
    if len(content) > max_bytes:
        raise InputTooLarge(
            f"{document.label} has {len(content):,} bytes, and the limit is {max_bytes:,}.",
            next_step=f"Raise {limit_setting}, or split the file.",
        )
    for reader in _READERS:
        if reader.recognise(document):
            return reader.read(document)
    raise refusal(document, readable="; ".join(reader.READS for reader in _READERS))
