"""Vectors as values: where each comes from, what is kept beside it, what a filter on that is in Chroma's terms.

Not here: keeping them (index.vectors.chroma).
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
View = Literal["plain", "context"]
Span = tuple[int | None, int | None]
"""From a number on, and below another."""
Where = Mapping[str, "str | Collection[str] | Span"]
"""Filter field -> the value, the values, or the numbers that it must have; of posted_at a Span."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Where one vector comes from: everything that is kept beside it."""

    passage_id: str
    view: View
    """How the passage was rendered: alone, or after its context. A passage without context has the plain one only."""
    thread_id: str
    comment_id: str
    source: str
    start: int
    end: int
    author_key: str | None = None
    """See `author_key`."""
    posted_at: int | None = None
    """Seconds since 1970."""

    @property
    def id(self) -> str:
        return f"{self.passage_id}.{self.view}"


@dataclass(frozen=True, slots=True)
class ThreadVectors:
    """All vectors of a thread: row rows[passage id] of both matrices, unit length, float32."""

    rows: Mapping[str, int]
    plain: Vectors
    context: Vectors
    """The plain vector again where a passage has none of its context."""


@dataclass(frozen=True, slots=True)
class Near:
    """A vector near to a question."""

    thread_id: str
    comment_id: str
    passage_id: str
    view: View
    start: int
    end: int
    distance: float
    """1 - cosine: 0 for the same direction, 2 for the opposite one."""


def author_key(author_id: str) -> str:
    """What to filter an author by: a hash, since the name of somebody who was forgotten would stay in Chroma's file."""
    return hashlib.sha256(author_id.encode()).hexdigest()[:16]


def as_thread_vectors(entry_ids: Sequence[str], every: Vectors) -> ThreadVectors:
    at = {entry_id: row for row, entry_id in enumerate(entry_ids)}
    ids = [entry_id.removesuffix(".plain") for entry_id in entry_ids if entry_id.endswith(".plain")]
    plain = [at[f"{passage_id}.plain"] for passage_id in ids]
    context = [at.get(f"{passage_id}.context", row) for passage_id, row in zip(ids, plain, strict=True)]
    return ThreadVectors({passage_id: row for row, passage_id in enumerate(ids)}, every[plain], every[context])


def as_metadata(entry: Entry, *, clear: bool = False) -> dict[str, Any]:
    """What Chroma keeps beside the vector. `clear` names absent fields as None, which takes an old value away."""
    fields = asdict(entry)
    del fields["passage_id"]
    return fields if clear else {name: value for name, value in fields.items() if value is not None}


def as_entry(entry_id: str, metadata: Mapping[str, Any] | None) -> Entry:
    try:
        return Entry(passage_id=entry_id.rpartition(".")[0], **(metadata or {}))
    except TypeError as exc:
        raise OSError(f"what is kept beside {entry_id!r} is damaged") from exc


def as_near(entry_id: str, metadata: Mapping[str, Any], distance: float) -> Near:
    entry = as_entry(entry_id, metadata)
    return Near(
        thread_id=entry.thread_id,
        comment_id=entry.comment_id,
        passage_id=entry.passage_id,
        view=entry.view,
        start=entry.start,
        end=entry.end,
        distance=float(distance),
    )


def as_where(where: Where | None) -> Any:
    """The filter in Chroma's terms; None for no filter at all."""
    parts = [part for field, value in (where or {}).items() for part in _conditions(field, value)]
    return {"$and": parts} if len(parts) > 1 else (parts[0] if parts else None)


def _conditions(field: str, value: str | Collection[str] | Span) -> list[dict[str, Any]]:
    if isinstance(value, str):
        return [{field: value}]
    if field == "posted_at":
        return [{field: {sign: at}} for sign, at in zip(("$gte", "$lt"), value, strict=True) if at is not None]
    return [{field: {"$in": list(value)}}]
