"""Ranking inside one thread, over its real passages; most of it with an encoder that can be checked by hand."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import threads

from corpus.thread import Author, Comment, Thread
from index.encoders.embedder import Embedder, load_embedder
from index.passages import context_view, passages, plain_view
from index.ranking.hit import Hit
from index.ranking.retrieve import ThreadIndex, ThreadRetriever
from index.vectors.build import build
from index.vectors.chroma import VectorStore

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DIMENSION = 64


def count_words(texts):
    return [len(text.split()) + 2 for text in texts]


def embed(texts):
    """Unit vectors of letters counted: what shares letters is near, and nobody is surprised."""
    made = np.full((len(texts), DIMENSION), 1e-3, dtype=np.float32)
    for row, text in zip(made, texts, strict=True):
        for letter in re.findall(r"\w", text.casefold()):
            row[ord(letter) % DIMENSION] += 1
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def thread_of(*said: tuple[str, str, str] | tuple[str, str, str, str]) -> Thread:
    """Of (id, handle, text) or (id, handle, text, parent)."""
    comments = [
        Comment(
            id=i,
            thread_id="t",
            author=Author.of_handle("forum", who),
            text=text,
            parent_id=parent[0] if parent else None,
        )
        for i, who, text, *parent in said
    ]
    return Thread(id="t", source="forum", title="Ferry", comments=comments, fetched_at=NOW)


def index_of(thread: Thread, *, vectors: bool = True, max_pieces: int = 256) -> ThreadIndex:
    kept = passages(thread, count_pieces=count_words, max_pieces=max_pieces)
    if not vectors:
        return ThreadIndex(thread, kept, embed=embed)
    plain, context = embed([plain_view(p) for p in kept]), embed([context_view(p) for p in kept])
    return ThreadIndex(thread, kept, embed=embed, plain=plain, context=context)


def found(thread: Thread, question: str, *, vectors: bool = True, **asked) -> list[str]:
    return [hit.comment_id for hit in ThreadRetriever(index_of(thread, vectors=vectors)).hits(question, **asked)]


OPINIONS = thread_of(
    ("a", "ada", "The harbour tax doubled in spring."),
    ("b", "ben", "Crew shortage, plain and simple."),
    ("c", "cy", "Engines fail and spare parts take months."),
    ("d", "dee", "The tax is not the reason."),
)


def test_without_vectors_words_alone_rank_and_what_shares_none_is_left_out():
    hits = ThreadRetriever(index_of(OPINIONS, vectors=False)).hits("harbour taxes")
    assert [hit.comment_id for hit in hits] == ["a", "d"]
    assert all(hit.similarity is None and hit.lexical > 0 for hit in hits)


def test_with_vectors_every_comment_has_its_place():
    hits = ThreadRetriever(index_of(OPINIONS)).hits("harbour taxes")
    assert hits[0].comment_id == "a"
    assert {hit.comment_id for hit in hits} == {"a", "b", "c", "d"}


def test_a_hit_carries_the_plain_cosine_and_bm25_whatever_its_score():
    index = index_of(OPINIONS)
    for hit in ThreadRetriever(index).hits("What did ada say of the harbour tax?"):
        place = [c.id for c in OPINIONS.comments].index(hit.comment_id)
        plain = embed([plain_view(index.passages[place])]) @ embed(["What did ada say of the harbour tax?"])[0]
        assert hit.similarity == pytest.approx(float(plain[0]), abs=1e-5)
        assert hit.lexical == pytest.approx(float(index.bm25.scores("ada harbour tax")[place]), abs=1e-5)


def test_the_best_passage_of_a_long_comment_is_shown_and_the_comment_comes_once():
    filler = "Nothing of note happened on that day at all. " * 5
    long = filler + "The engine broke twice. " + filler
    thread = thread_of(("a", "ada", long), ("b", "ben", "Short and off the subject."))
    hits = ThreadRetriever(index_of(thread, max_pieces=24)).hits("Which engine broke?")
    assert [hit.comment_id for hit in hits] == ["a", "b"]
    assert "engine broke" in long[hits[0].start : hits[0].end]
    assert hits[0].end - hits[0].start < len(long)


def test_excluded_comments_are_left_out_and_only_the_wanted_ones_kept():
    assert found(OPINIONS, "tax", exclude=["a"])[0] == "d"
    assert found(OPINIONS, "tax", only={"b", "d"}) == ["d", "b"]
    assert found(OPINIONS, "tax", only=set()) == []
    assert len(found(OPINIONS, "tax", k=2)) == 2


def test_equal_comments_keep_the_threads_order():
    thread = thread_of(*((i, "ada", "The very same words") for i in "hgfedcba"))
    assert found(thread, "same words") == list("hgfedcba")


@pytest.mark.parametrize("vectors", [True, False])
def test_an_empty_question_or_thread_finds_nothing(vectors):
    assert found(OPINIONS, "  ", vectors=vectors) == []
    assert found(thread_of(), "tax", vectors=vectors) == []
    assert found(thread_of(("a", "ada", " \n")), "tax", vectors=vectors) == []


def test_deleted_comments_are_never_found():
    gone = OPINIONS.comments[0].model_copy(update={"deleted": True})
    thread = OPINIONS.model_copy(update={"comments": (gone, *OPINIONS.comments[1:])})
    assert "a" not in found(thread, "harbour tax")


def test_a_comment_by_somebody_named_comes_before_a_like_one():
    thread = thread_of(("a", "ada", "Crews are short."), ("b", "ben", "Crews are short."))
    assert found(thread, "What does ben say about crews?")[0] == "b"
    assert found(thread, "What does @Ada say about crews?")[0] == "a"
    assert set(found(thread, "What does ben say about crews?")) == {"a", "b"}


def test_replies_to_somebody_who_asks_the_same_come_before_other_comments():
    thread = thread_of(
        ("q", "ada", "Why was the night ferry stopped for good?"),
        ("x", "ben", "The night ferry was stopped once before, in the war."),
        ("y", "cy", "A bus at night would be good for the harbour."),
        ("r", "dee", "Too few hands.", "q"),
    )
    assert found(thread, "Why was the night ferry stopped for good?", exclude={"q"})[0] == "r"
    assert found(thread, "Who rows?", exclude={"q"})[0] != "r"


def test_where_people_talk_in_turns_the_answer_follows_its_question():
    before = [(f"{name}{i}", name, f"{name} talks of boats, number {i}.") for i in range(4) for name in "ab"]
    after = [(f"{name}{i}", name, f"{name} talks of sails, number {i}.") for i in range(4, 8) for name in "ab"]
    thread = thread_of(
        *before,
        ("ask", "a", "So who paints the hull this year?"),
        ("answer", "b", "I do, in June, as soon as it is dry."),
        *after,
    )
    assert index_of(thread).relation == "turns"
    assert found(thread, "Who paints the hull this year?", exclude={"ask"})[0] == "answer"
    assert found(thread, "Which sails are talked of?", exclude={"ask"})[0] != "answer"


def test_independent_comments_are_ranked_by_their_own_words_alone():
    thread = thread_of(*((str(i), f"p{i}", text) for i, text in enumerate(["Tax tax tax.", "Nothing here.", "Tax."])))
    assert found(thread, "tax", vectors=False) == ["0", "2"]


def test_the_retriever_serves_llamaindexs_own_query_engine():
    from llama_index.core.llms import MockLLM
    from llama_index.core.query_engine import RetrieverQueryEngine

    retriever = ThreadRetriever(index_of(OPINIONS), k=2)
    answer = RetrieverQueryEngine.from_args(retriever, llm=MockLLM(max_tokens=16)).query("Did the harbour tax double?")
    hits = retriever.hits("Did the harbour tax double?")
    assert [source.node.metadata["comment_id"] for source in answer.source_nodes] == [hit.comment_id for hit in hits]
    assert [source.score for source in answer.source_nodes] == [hit.score for hit in hits]
    assert answer.source_nodes[0].node.get_content() == "The harbour tax doubled in spring."
    assert str(answer)


@pytest.fixture(scope="module")
def embedder(encoder_home: Path) -> Embedder:
    return load_embedder(None, home=encoder_home)


@pytest.fixture
def vectors(tmp_path: Path, embedder: Embedder) -> Iterator[VectorStore]:
    made = VectorStore(path=tmp_path / "chroma", fingerprint=embedder.fingerprint, dimension=embedder.dimension)
    yield made
    made.close()


def test_what_chroma_kept_ranks_by_meaning(vectors: VectorStore, embedder: Embedder):
    build(OPINIONS, embedder=embedder, vectors=vectors)
    index = ThreadIndex.load(OPINIONS, vectors, embedder)
    hits = ThreadRetriever(index).hits("Are there too few sailors?")
    assert index.has_vectors
    assert hits[0].comment_id == "b"
    nearness = embedder.embed(["ben: Crew shortage, plain and simple.", "Are there too few sailors?"])
    assert hits[0].similarity == pytest.approx(float(nearness[0] @ nearness[1]), abs=1e-4)


def test_a_thread_whose_vectors_are_not_all_there_ranks_by_words(vectors: VectorStore, embedder: Embedder):
    build(OPINIONS, embedder=embedder, vectors=vectors)
    edited = OPINIONS.comments[1].model_copy(update={"text": "The crew went on strike."})
    thread = OPINIONS.model_copy(update={"comments": (OPINIONS.comments[0], edited)})
    index = ThreadIndex.load(thread, vectors, embedder)
    assert not index.has_vectors
    assert [hit.comment_id for hit in ThreadRetriever(index).hits("strike")] == ["b"]
    assert not ThreadIndex.load(OPINIONS, None, embedder).has_vectors


@settings(max_examples=60)
@given(
    threads(), st.text(max_size=30) | st.sampled_from(["why?", "what does a say", "hello"]), st.booleans(), st.data()
)
def test_hits_of_any_thread_are_sound(thread, question, vectors, data):
    index = index_of(thread, vectors=vectors)
    ids = [comment.id for comment in thread.comments]
    exclude = data.draw(st.sets(st.sampled_from(ids))) if ids else set()
    k = data.draw(st.integers(0, 8))
    hits = ThreadRetriever(index).hits(question, k=k, exclude=exclude)
    _sound(hits, thread)
    assert len(hits) <= k
    assert not exclude & {hit.comment_id for hit in hits}
    if vectors and question.strip():
        assert len(hits) == min(k, len({c.id for c in thread.comments if c.citable} - exclude))


def _sound(hits: list[Hit], thread: Thread) -> None:
    assert len({hit.comment_id for hit in hits}) == len(hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        comment = thread.by_id[hit.comment_id]
        assert comment.citable
        assert comment.text[hit.start : hit.end].strip()
        assert np.isfinite(hit.score)
