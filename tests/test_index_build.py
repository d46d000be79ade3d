"""Building a thread's vectors: only what changed is embedded, what vanished goes, a cut-short build goes on."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from corpus.thread import Author, Comment, Thread
from index.encoders.embedder import Embedder, load_embedder
from index.passages import passages, plain_view
from index.vectors.build import SLICE, Built, build
from index.vectors.chroma import VectorStore, author_key

NOW = datetime(2026, 3, 1, tzinfo=UTC)


class Letters:
    """An encoder small enough to check by hand: a text's letters counted. It remembers what it was given."""

    name = "letters"
    fingerprint = "letters.1"
    dimension = 26
    max_pieces = 32
    at_once = 1

    def __init__(self) -> None:
        self.given: list[str] = []

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) + 2 for text in texts]

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        self.given.extend(texts)
        return np.stack([letters(text) for text in texts])


def letters(text: str) -> NDArray[np.float32]:
    counts = np.array([1 + text.lower().count(chr(97 + number)) for number in range(26)], dtype=np.float32)
    unit: NDArray[np.float32] = counts / np.linalg.norm(counts)
    return unit


@pytest.fixture
def encoder() -> Letters:
    return Letters()


@pytest.fixture
def vectors(tmp_path: Path) -> Iterator[VectorStore]:
    store = VectorStore(path=tmp_path / "chroma", fingerprint="letters.1", dimension=26)
    yield store
    store.close()


def said(comment_id: str, text: str, *, by: str | None = None, to: str | None = None, minute: int = 0) -> Comment:
    author = None if by is None else Author.of_handle("digg", by)
    posted_at = NOW + timedelta(minutes=minute)
    return Comment(id=comment_id, thread_id="t", parent_id=to, author=author, text=text, posted_at=posted_at)


def thread_of(*comments: Comment, thread_id: str = "t") -> Thread:
    own = tuple(comment.model_copy(update={"thread_id": thread_id}) for comment in comments)
    return Thread(id=thread_id, source="digg", comments=own, fetched_at=NOW)


STORY = (
    said("a", "Why open the weights?", by="ana"),
    said("b", "Reach. Everybody builds on it.", by="bo", to="a"),
    said("c", "Compute is the moat anyway.", to="a"),
    said("d", "That is not what they say.", by="ana", to="c"),
)
TALK = (
    said("a", "Shall we open the weights?", by="ana"),
    said("b", "Reach is all we get.", by="bo", minute=1),
    said("c", "And whose compute?", by="ana", minute=2),
    said("d", "Ours.", by="bo", minute=3),
)


def expected(thread: Thread) -> dict[str, str]:
    """Passage id -> the text that its vector is of."""
    made = passages(thread, count_pieces=Letters().count_pieces, max_pieces=Letters.max_pieces)
    return {passage.id: plain_view(passage) for passage in made}


def assert_in_line(vectors: VectorStore, thread: Thread) -> None:
    """The store holds exactly what a build from nothing would give it for this thread."""
    found, wanted = vectors.thread_vectors(thread.id), expected(thread)
    assert found.rows.keys() == wanted.keys()
    for passage_id, plain in wanted.items():
        assert np.allclose(found.plain[found.rows[passage_id]], letters(plain), atol=1e-5)
    entries = vectors.entries(thread.id).values()
    assert len(entries) == len(wanted)
    for entry in entries:
        comment = thread.comment(entry.comment_id)
        assert entry.author_key == (author_key(comment.author.id) if comment.author else None)
        assert entry.posted_at == (comment.posted_at.timestamp() if comment.posted_at else None)


def test_turns_are_embedded_once(encoder: Letters, vectors: VectorStore) -> None:
    thread = thread_of(*TALK)
    assert build(thread, embedder=Embedder(encoder), vectors=vectors) == Built(embedded=4, kept=0, removed=0)
    assert_in_line(vectors, thread)
    assert len(encoder.given) == 4  # what they are after the turn before is worked out in index.ranking.context


def test_replies_and_strangers_are_embedded_alone(encoder: Letters, vectors: VectorStore) -> None:
    for thread in (thread_of(*STORY), thread_of(said("x", "One view."), said("y", "Another."), thread_id="other")):
        build(thread, embedder=Embedder(encoder), vectors=vectors)
        assert_in_line(vectors, thread)
    assert len(encoder.given) == 4 + 2


def test_a_thread_without_words_is_built(encoder: Letters, vectors: VectorStore) -> None:
    gone = said("a", "gone").model_copy(update={"deleted": True})
    for thread in (thread_of(), thread_of(gone)):
        assert build(thread, embedder=Embedder(encoder), vectors=vectors) == Built(embedded=0, kept=0, removed=0)
    assert encoder.given == []


def test_building_again_embeds_nothing(encoder: Letters, vectors: VectorStore) -> None:
    build(thread_of(*STORY), embedder=Embedder(Letters()), vectors=vectors)
    built = build(thread_of(*STORY), embedder=Embedder(encoder), vectors=vectors)
    assert built == Built(embedded=0, kept=4, removed=0)
    assert encoder.given == []


def test_a_new_comment_alone_is_embedded(encoder: Letters, vectors: VectorStore) -> None:
    build(thread_of(*TALK), embedder=Embedder(Letters()), vectors=vectors)
    more = thread_of(*TALK, said("e", "And the licence?", by="ana", minute=4))
    assert build(more, embedder=Embedder(encoder), vectors=vectors) == Built(embedded=1, kept=4, removed=0)
    assert encoder.given == ["ana: And the licence?"]
    assert_in_line(vectors, more)


@pytest.mark.parametrize("before", [STORY, TALK], ids=["tree", "turns"])
def test_an_edit_replaces_the_comment_and_nothing_else(
    before: tuple[Comment, ...], encoder: Letters, vectors: VectorStore
) -> None:
    build(thread_of(*before), embedder=Embedder(encoder), vectors=vectors)
    edited = thread_of(*(c.model_copy(update={"text": "Compute was the moat."}) if c.id == "c" else c for c in before))
    assert build(edited, embedder=Embedder(encoder), vectors=vectors) == Built(embedded=1, kept=3, removed=1)
    assert_in_line(vectors, edited)


def test_a_talk_that_becomes_a_tree_keeps_no_turns(encoder: Letters, vectors: VectorStore) -> None:
    build(thread_of(*TALK), embedder=Embedder(encoder), vectors=vectors)
    tree = thread_of(*TALK[:3], TALK[3].model_copy(update={"parent_id": "a"}))
    build(tree, embedder=Embedder(encoder), vectors=vectors)
    assert_in_line(vectors, tree)


def test_a_deleted_comment_leaves_nothing_behind(encoder: Letters, vectors: VectorStore) -> None:
    build(thread_of(*STORY), embedder=Embedder(encoder), vectors=vectors)
    left = thread_of(*(c.model_copy(update={"deleted": c.id == "c"}) for c in STORY))
    build(left, embedder=Embedder(encoder), vectors=vectors)
    assert_in_line(vectors, left)
    assert "c" not in {near.comment_id for near in vectors.query(letters("Compute is the moat anyway."), k=50)}


def test_another_author_id_or_time_is_kept_without_embedding(encoder: Letters, vectors: VectorStore) -> None:
    build(thread_of(*STORY), embedder=Embedder(Letters()), vectors=vectors)
    renamed = Author(id="did:plc:1", handle="ana")
    moved = thread_of(STORY[0].model_copy(update={"author": renamed, "posted_at": None}), *STORY[1:])
    assert build(moved, embedder=Embedder(encoder), vectors=vectors) == Built(embedded=0, kept=4, removed=0)
    assert encoder.given == []
    assert_in_line(vectors, moved)


def test_other_threads_with_the_same_comments_are_left_alone(encoder: Letters, vectors: VectorStore) -> None:
    one, other = thread_of(*STORY, thread_id="one"), thread_of(*STORY, thread_id="other")
    for thread in (one, other):
        assert build(thread, embedder=Embedder(encoder), vectors=vectors).embedded == 4
    build(thread_of(thread_id="one"), embedder=Embedder(encoder), vectors=vectors)
    assert_in_line(vectors, thread_of(thread_id="one"))
    assert_in_line(vectors, other)


def test_copies_are_embedded_once(encoder: Letters, vectors: VectorStore) -> None:
    copies = thread_of(*(said(str(number), "Open the weights!") for number in range(700)))
    assert build(copies, embedder=Embedder(encoder), vectors=vectors).embedded == 700
    assert encoder.given == ["Open the weights!"]
    assert_in_line(vectors, copies)


def test_progress_rises_to_the_number_of_texts(encoder: Letters, vectors: VectorStore) -> None:
    thread = thread_of(*(said(str(number), f"Point number {number}.") for number in range(SLICE + 100)))
    told: list[tuple[int, int]] = []
    build(thread, embedder=Embedder(encoder), vectors=vectors, progress=lambda done, total: told.append((done, total)))
    assert told[0] == (0, SLICE + 100)
    assert told[-1] == (SLICE + 100, SLICE + 100)
    assert told == sorted(told)
    assert len(told) > 4


edits = st.lists(
    st.tuples(
        st.sampled_from("abcdef"),
        st.sampled_from(["Reach.", "Compute is the moat.", "no " * 40, "deleted", "left out"]),
        st.sampled_from([None, "a", "b", "f", "elsewhere"]),
        st.sampled_from([None, "ana", "bo"]),
    ),
    max_size=6,
    unique_by=lambda edit: edit[0],
)


def made_of(edited: list[tuple[str, str, str | None, str | None]]) -> Thread:
    present = (edit for edit in edited if edit[1] != "left out")
    return thread_of(
        *(
            said(comment_id, text, by=by, to=to).model_copy(update={"deleted": text == "deleted"})
            for comment_id, text, to, by in present
        )
    )


@settings(max_examples=25, deadline=None)
@given(versions=st.lists(edits, min_size=1, max_size=4))
def test_after_any_edits_the_store_is_as_if_built_from_nothing(
    versions: list[list[tuple[str, str, str | None, str | None]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = VectorStore(path=tmp_path_factory.mktemp("chroma"), fingerprint="letters.1", dimension=26)
    try:
        for version in versions:
            build(made_of(version), embedder=Embedder(Letters()), vectors=store)
            assert_in_line(store, made_of(version))
    finally:
        store.close()


class Stopped(Exception):
    """The build is cut short."""


@pytest.mark.parametrize("after", [1, SLICE - 1, SLICE, SLICE + 1])
def test_a_build_that_is_cut_short_is_taken_up_again(after: int, encoder: Letters, vectors: VectorStore) -> None:
    before = thread_of(*(said(str(number), f"Old point {number}.") for number in range(20)))
    build(before, embedder=Embedder(Letters()), vectors=vectors)
    thread = thread_of(*(said(str(number), f"Point number {number}.") for number in range(SLICE + 100)))

    def stop(done: int, total: int) -> None:
        if done >= after:
            raise Stopped

    with pytest.raises(Stopped):
        build(thread, embedder=Embedder(Letters()), vectors=vectors, progress=stop)
    assert expected(before).keys() <= vectors.thread_vectors("t").rows.keys()
    built = build(thread, embedder=Embedder(encoder), vectors=vectors)
    assert len(encoder.given) == (SLICE + 100 if after <= SLICE else 100)
    assert built.removed == 20
    assert_in_line(vectors, thread)


KILLED = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_index_build import SLICE, Letters, build, said, thread_of
from index.vectors.chroma import VectorStore, author_key
from index.encoders.embedder import Embedder
store = VectorStore(path=Path(sys.argv[1]), fingerprint="letters.1", dimension=26)
thread = thread_of(*(said(str(number), f"Point number {number}.") for number in range(SLICE + 100)))
build(thread, embedder=Embedder(Letters()), vectors=store, progress=lambda done, total: done > SLICE and os._exit(9))
"""


def test_a_build_that_is_killed_is_taken_up_again(encoder: Letters, tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path / "chroma"), str(Path(__file__).parent)]
    assert subprocess.run(command, check=False, timeout=120).returncode == 9
    thread = thread_of(*(said(str(number), f"Point number {number}.") for number in range(SLICE + 100)))
    vectors = VectorStore(path=tmp_path / "chroma", fingerprint="letters.1", dimension=26)
    assert build(thread, embedder=Embedder(encoder), vectors=vectors) == Built(embedded=100, kept=SLICE, removed=0)
    assert_in_line(vectors, thread)
    vectors.close()


def test_the_packaged_encoder_builds_a_thread(encoder_home: Path, tmp_path: Path) -> None:
    embedder = load_embedder(None, home=encoder_home)
    vectors = VectorStore(path=tmp_path, fingerprint=embedder.fingerprint, dimension=embedder.dimension)
    long = said("l", "The licence matters more than the weights do. " * 60, by="cy", to="a")
    thread = thread_of(*STORY, long)
    build(thread, embedder=embedder, vectors=vectors)
    near = vectors.query(embedder.embed_query("Who owns the GPUs?"), k=3, where={"thread_id": "t", "view": "plain"})
    assert near[0].comment_id == "c"
    assert sum(entry.comment_id == "l" and entry.view == "plain" for entry in vectors.entries("t").values()) > 2
    vectors.close()
