"""Passages: exact slices that the encoder takes whole, understood with what really stands before them."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import threads

from corpus.thread import Author, Comment, Thread
from index.passages import CONTEXT_CHARACTERS, Passage, context_view, node, passages, plain_view, relation

NOW = datetime(2026, 3, 1, tzinfo=UTC)
Count = Callable[[Sequence[str]], list[int]]


def count_words(texts: Sequence[str]) -> list[int]:
    """An encoder that makes a piece of each word and each mark, and two special ones."""
    return [len(re.findall(r"\w+|[^\w\s]", text)) + 2 for text in texts]


def count_bytes(texts: Sequence[str]) -> list[int]:
    """An encoder of bytes: no word is ever one piece."""
    return [len(text.encode()) + 2 for text in texts]


def count_gaps_dearly(texts: Sequence[str]) -> list[int]:
    """An encoder that makes more pieces of the whole than of its parts together."""
    return [len(text.split()) + 3 * len(re.findall(r"\s+", text)) + 1 for text in texts]


def thread_of(*comments: Comment) -> Thread:
    return Thread(id="t", source="digg", comments=comments, fetched_at=NOW)


def said(
    comment_id: str,
    text: str,
    *,
    by: str | None = None,
    to: str | None = None,
    quotes: tuple[str, ...] = (),
    minute: int | None = None,
    deleted: bool = False,
) -> Comment:
    return Comment(
        id=comment_id,
        thread_id="t",
        parent_id=to,
        author=None if by is None else Author.of_handle("digg", by),
        text=text,
        quotes=quotes,
        posted_at=None if minute is None else NOW + timedelta(minutes=minute),
        deleted=deleted,
    )


def cut(thread: Thread, *, count: Count = count_words, most: int = 32) -> tuple[Passage, ...]:
    return passages(thread, count_pieces=count, max_pieces=most)


def one(thread: Thread, comment_id: str) -> Passage:
    (found,) = (passage for passage in cut(thread) if passage.comment_id == comment_id)
    return found


def test_a_short_comment_is_one_passage_without_the_space_around_it() -> None:
    (passage,) = cut(thread_of(said("a", "\n  Open weights win.  \n", by="ines_w")))
    assert (passage.start, passage.end, passage.text) == (3, 20, "Open weights win.")
    assert plain_view(passage) == "ines_w: Open weights win."
    assert context_view(passage) == plain_view(passage)


def test_a_display_name_is_embedded_on_one_line_and_the_handle_is_kept() -> None:
    author = Author(id="did:1", handle="ines_w", name=" Ines\nWouters ")
    (passage,) = cut(thread_of(Comment(id="a", thread_id="t", author=author, text="Yes.")))
    assert (passage.speaker, passage.handle) == ("Ines Wouters", "ines_w")
    assert plain_view(passage) == "Ines Wouters: Yes."


def test_an_unnamed_comment_is_embedded_alone() -> None:
    (passage,) = cut(thread_of(said("a", "Nobody signed this.")))
    assert (passage.speaker, passage.handle, plain_view(passage)) == ("", "", "Nobody signed this.")


def test_deleted_and_blank_comments_have_no_passage() -> None:
    assert cut(thread_of(said("a", "gone", deleted=True), said("b", " \n\t"), said("c", ""))) == ()


def test_a_thread_without_comments_has_no_passages() -> None:
    assert cut(thread_of()) == ()


# how the comments hang together


def test_replies_make_a_tree() -> None:
    assert relation(thread_of(said("a", "x"), said("b", "y", to="a"))) == "tree"


def test_parents_that_are_not_here_make_no_tree() -> None:
    assert relation(thread_of(said("a", "x", to="gone"), said("b", "y", to="gone"))) == "independent"


def test_a_comment_that_answers_itself_makes_no_tree() -> None:
    assert relation(thread_of(said("a", "x", to="a"))) == "independent"


def test_people_who_come_back_talk_in_turns() -> None:
    talk = [said(str(turn), "and so on", by=("ana", "bo", "cy")[turn % 3], minute=turn) for turn in range(12)]
    assert relation(thread_of(*talk)) == "turns"


@pytest.mark.parametrize("names", [["ana", "bo", "cy", "di"], [None] * 6, ["ana"] * 6, []])
def test_strangers_unnamed_posts_and_monologues_are_independent(names: list[str | None]) -> None:
    assert relation(thread_of(*(said(str(i), "a view", by=name) for i, name in enumerate(names)))) == "independent"


def test_a_talk_that_is_not_in_order_of_time_is_independent() -> None:
    by_score = [said(str(i), "and so on", by=("ana", "bo")[i % 2], minute=(i * 7) % 20) for i in range(20)]
    assert relation(thread_of(*by_score)) == "independent"


def test_mostly_unnamed_posts_are_independent_though_two_people_come_back() -> None:
    named = [said(f"n{i}", "hm", by=("ana", "bo")[i % 2]) for i in range(6)]
    unnamed = [said(f"u{i}", "hm") for i in range(30)]
    assert relation(thread_of(*named, *unnamed)) == "independent"


# context


def test_a_reply_is_understood_with_its_parent() -> None:
    thread = thread_of(said("a", "Why open the weights?", by="ana"), said("x", "Noise."), said("b", "Reach.", to="a"))
    assert one(thread, "b").context == "ana: Why open the weights?"
    assert context_view(one(thread, "b")) == "ana: Why open the weights?\nReach."
    assert one(thread, "a").context == one(thread, "x").context == ""


def test_a_turn_is_understood_with_the_turn_before() -> None:
    talk = [said(str(turn), f"Turn {turn}.", by=("ana", "bo")[turn % 2]) for turn in range(6)]
    made = cut(thread_of(*talk))
    assert [passage.context for passage in made[:3]] == ["", "ana: Turn 0.", "bo: Turn 1."]


def test_independent_comments_have_no_context() -> None:
    assert {p.context for p in cut(thread_of(said("a", "One view."), said("b", "Another.")))} == {""}


def test_a_post_is_understood_with_the_post_that_it_shows_again() -> None:
    thread = thread_of(said("a", "Compute is the moat.", by="ana"), said("b", "This.", quotes=("gone", "b", "a")))
    assert one(thread, "b").context == "ana: Compute is the moat."


def test_deleted_words_are_nobodys_context() -> None:
    tree = thread_of(said("a", "I regret this.", deleted=True), said("b", "Why?", to="a"))
    assert one(tree, "b").context == ""
    talk = [said(str(turn), f"Turn {turn}.", by=("ana", "bo")[turn % 2], deleted=turn == 3) for turn in range(9)]
    assert one(thread_of(*talk), "4").context == "ana: Turn 2."


def test_a_long_context_loses_its_beginning_at_a_word() -> None:
    thread = thread_of(said("a", " ".join(f"word{i}" for i in range(400))), said("b", "Yes.", to="a"))
    context = one(thread, "b").context
    assert CONTEXT_CHARACTERS - 10 < len(context) <= CONTEXT_CHARACTERS
    assert context.startswith("word")
    assert context.endswith("word399")


# long comments


def test_a_long_comment_is_split_at_sentences() -> None:
    text = "First point here. " * 3 + "Second point there! " * 3 + "Third point nowhere?"
    made = cut(thread_of(said("a", text, by="ana")), most=20)
    assert len(made) > 1
    assert all(passage.text[-1] in ".!?" and passage.text[0].isupper() for passage in made)
    assert all(passage.speaker == "ana" for passage in made)


def test_later_passages_of_a_comment_follow_the_words_before_them() -> None:
    thread = thread_of(said("q", "Why?"), said("a", "Because it is open. " * 12, to="q"))
    first, second, *_ = [passage for passage in cut(thread) if passage.comment_id == "a"]
    assert first.context == "Why?"
    assert second.context
    assert first.text.endswith(second.context)


def test_the_mentions_that_a_long_post_opens_with_are_in_its_first_passage() -> None:
    text = "@ana @bo " + "It is about reach. " * 20
    assert cut(thread_of(said("a", text)))[0].text.startswith("@ana @bo It is")


def test_a_name_too_long_to_embed_is_left_out_of_the_passages_of_a_long_comment() -> None:
    made = cut(thread_of(said("a", "It is about reach. " * 20, by="x " * 300)))
    assert {passage.speaker for passage in made} == {""}
    assert all(count_words([plain_view(passage)])[0] <= 32 for passage in made)


@pytest.mark.parametrize("count", [count_words, count_bytes, count_gaps_dearly])
@settings(max_examples=60, deadline=None)
@given(thread=threads(), most=st.integers(16, 40))
def test_passages_are_exact_cover_every_word_and_fit(count: Count, thread: Thread, most: int) -> None:
    made = cut(thread, count=count, most=most)
    assert [p.comment_id for p in made] == sorted((p.comment_id for p in made), key=thread.position.__getitem__)
    for comment in thread.comments:
        own = [passage for passage in made if passage.comment_id == comment.id]
        assert bool(own) == comment.citable
        assert all(passage.text == comment.text[passage.start : passage.end] for passage in own)
        assert all(before.end <= after.start for before, after in pairwise(own))
        if comment.citable:
            assert "".join("".join(passage.text.split()) for passage in own) == "".join(comment.text.split())
    for passage in made:
        assert count([plain_view(passage)])[0] <= most
        assert len(passage.context) <= CONTEXT_CHARACTERS
        assert passage.text.strip() == passage.text != ""


HUGE = {
    "sentences": "The quick brown fox jumps over it. " * 28_600,
    "no full stop": "quick brown fox " * 62_500,
    "one word": "a" * 1_000_000,
    "Chinese": "开" * 200_000,
    "mostly space": "a" + "\n" * 999_998 + "b",
    "marks without a letter": "a" + "\u0301" * 99_999,
    "punctuation": "!?" * 50_000,
    "one letter a line": "x\n" * 50_000,
}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_a_huge_comment_is_split_and_nothing_of_it_lost(text: str, encoder_home: Path) -> None:
    from index.encoders.embedder import load_embedder

    count = load_embedder(None, home=encoder_home).count_pieces
    made = passages(thread_of(said("a", text)), count_pieces=count)
    assert "".join("".join(passage.text.split()) for passage in made) == "".join(text.split())
    assert max(count([plain_view(passage) for passage in made])) <= 256
    assert max(len(passage.text) for passage in made) <= 256 * 8


def test_ten_thousand_replies_to_a_long_post() -> None:
    replies = (said(f"r{i}", f"Reply {i} agrees.", to="a") for i in range(10_000))
    made = cut(thread_of(said("a", "It goes on and on. " * 200), *replies), most=64)
    assert sum(bool(passage.context) for passage in made if passage.comment_id != "a") == 10_000


# identity


def test_an_id_is_the_same_for_the_same_words_in_the_same_place() -> None:
    thread = thread_of(said("a", "One.", by="ana"), said("b", "One.", by="ana"))
    assert [p.id for p in cut(thread)] == [p.id for p in cut(thread)]
    assert len({p.id for p in cut(thread)}) == 2


@pytest.mark.parametrize(
    ("changed", "kept"),
    [
        (said("b", "Reach!", by="bo", to="a"), False),
        (said("b", "Reach.", by="cy", to="a"), False),
        (said("b", "Reach.", by="bo", to="x"), True),
        (said("b", "Reach.", by="bo", to="a", minute=5), True),
    ],
)
def test_an_id_changes_with_what_is_embedded_and_with_nothing_else(changed: Comment, kept: bool) -> None:
    others = (said("a", "Why?", by="ana"), said("x", "Hm.", by="di"))
    before = one(thread_of(*others, said("b", "Reach.", by="bo", to="a")), "b")
    assert (one(thread_of(*others, changed), "b").id == before.id) is kept


def test_an_edited_parent_leaves_the_vectors_of_its_replies() -> None:
    before = one(thread_of(said("a", "Why?"), said("b", "Reach.", to="a")), "b")
    after = one(thread_of(said("a", "How?"), said("b", "Reach.", to="a")), "b")
    assert before.context != after.context
    assert before.id == after.id


def test_a_node_holds_the_exact_words_and_where_they_stand() -> None:
    from llama_index.core.schema import MetadataMode

    thread = thread_of(said("a", "  Reach, not revenue. ", by="ana", minute=0))
    (passage,) = cut(thread)
    made = node(passage, thread)
    assert (made.node_id, made.text, made.ref_doc_id) == (passage.id, "Reach, not revenue.", "t/a")
    assert (made.start_char_idx, made.end_char_idx) == (2, 21)
    assert made.metadata == {
        "author": "ana",
        "posted_at": "2026-03-01T00:00:00+00:00",
        "source": "digg",
        "thread_id": "t",
        "comment_id": "a",
    }
    assert made.get_content(MetadataMode.EMBED) == "author: ana\n\nReach, not revenue."
    assert "comment_id: a" in made.get_content(MetadataMode.LLM)


def test_a_node_of_an_unnamed_comment_names_nobody() -> None:
    thread = thread_of(said("a", "Reach."))
    assert "author" not in node(cut(thread)[0], thread).metadata
