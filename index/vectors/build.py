"""Thread -> vectors: embeds what is new or edited, removes what vanished. Killed at any moment, it is simply run again.

Not here: what a passage is (index.passages), where vectors are kept (index.vectors.chroma), when a thread counts as
whole (the record store's state, set by the caller after this).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

import numpy as np

from corpus.thread import Comment, Thread, Value
from index.encoders.embedder import Embedder
from index.passages import Passage, passages, plain_view
from index.vectors.chroma import Entry, VectorStore, View, author_key

SLICE = 512
"""Texts that are embedded before their vectors are kept: what a kill loses at most."""


class Built(Value):
    """What was done, counted in passages."""

    embedded: int
    kept: int
    removed: int


def build(
    thread: Thread,
    *,
    embedder: Embedder,
    vectors: VectorStore,
    progress: Callable[[int, int], None] | None = None,
) -> Built:
    """Bring the thread's vectors in line with its text. `progress` is told texts embedded so far, and of how many.

    What is new is added before what vanished is removed, so that a build that is cut short never lacks what the one
    before had.
    """
    wanted = _wanted(thread, embedder)
    present = vectors.entries(thread.id)
    new = {entry: text for entry, text in wanted.items() if entry.id not in present}
    _embed(new, embedder, vectors, progress)
    vectors.relabel([entry for entry in wanted if entry.id in present and present[entry.id] != entry])
    vanished = present.keys() - {entry.id for entry in wanted}
    vectors.remove(vanished)
    return _built(wanted, new, [present[entry_id] for entry_id in vanished])


def prune(thread: Thread, *, embedder: Embedder, vectors: VectorStore) -> None:
    """Remove what vanished and add nothing: so what was forgotten does not wait for anything to be embedded."""
    wanted = {entry.id for entry in _wanted(thread, embedder)}
    vectors.remove(vectors.entries(thread.id).keys() - wanted)


def to_embed(thread: Thread, *, embedder: Embedder, vectors: VectorStore | None) -> list[str]:
    """The texts whose vectors `build` would make, each once; without `vectors` as if none were there."""
    present = {} if vectors is None else vectors.entries(thread.id)
    wanted = _wanted(thread, embedder)
    return list(dict.fromkeys(text for entry, text in wanted.items() if entry.id not in present))


def is_whole(thread: Thread, *, embedder: Embedder, vectors: VectorStore) -> bool:
    """Whether every vector is there that the thread should have, and can be read. Raises IndexUnusable."""
    wanted = {entry.id for entry in _wanted(thread, embedder)}
    if wanted - vectors.entries(thread.id).keys():
        return False
    return len(vectors.thread_vectors(thread.id).rows) >= sum(entry_id.endswith(".plain") for entry_id in wanted)


def _wanted(thread: Thread, embedder: Embedder) -> dict[Entry, str]:
    """Every entry that the thread should have, with the text whose vector it is."""
    made = passages(thread, count_pieces=embedder.count_pieces, max_pieces=embedder.max_pieces)
    wanted: dict[Entry, str] = {}
    for passage in made:
        comment = thread.comment(passage.comment_id)
        wanted[_entry(passage, "plain", thread, comment)] = plain_view(passage)
    return wanted


def _entry(passage: Passage, view: View, thread: Thread, comment: Comment) -> Entry:
    return Entry(
        passage_id=passage.id,
        view=view,
        thread_id=thread.id,
        comment_id=comment.id,
        source=thread.source,
        start=passage.start,
        end=passage.end,
        author_key=None if comment.author is None else author_key(comment.author.id),
        posted_at=None if comment.posted_at is None else int(comment.posted_at.timestamp()),
    )


def _embed(
    new: Mapping[Entry, str],
    embedder: Embedder,
    vectors: VectorStore,
    progress: Callable[[int, int], None] | None,
) -> None:
    """Embed each text once, longest first, and keep its vector for every entry that has this text."""
    entries: dict[str, list[Entry]] = {}
    for entry, text in new.items():
        entries.setdefault(text, []).append(entry)
    done = 0

    def told(of_slice: int) -> None:
        if progress is not None:
            progress(done + of_slice, len(entries))

    told(0)
    for texts in _slices(sorted(entries, key=len, reverse=True)):
        rows = embedder.embed(texts, progress=told)
        kept = [(entry, row) for text, row in zip(texts, rows, strict=True) for entry in entries[text]]
        vectors.add([entry for entry, _ in kept], np.stack([row for _, row in kept]))
        done += len(texts)
        told(0)


def _slices(texts: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(texts)
    while part := list(islice(rest, SLICE)):
        yield part


def _built(wanted: Mapping[Entry, str], new: Mapping[Entry, str], vanished: Sequence[Entry]) -> Built:
    embedded = {entry.passage_id for entry in new}
    every = {entry.passage_id for entry in wanted}
    return Built(
        embedded=len(embedded),
        kept=len(every - embedded),
        removed=len({entry.passage_id for entry in vanished} - every),
    )
