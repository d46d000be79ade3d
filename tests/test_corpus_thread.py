"""The values of a discussion: what they refuse, and how the comments of a thread hang together."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from corpus.errors import CommentNotFound
from corpus.thread import Author, Candidate, Comment, Engagement, Thread, storable

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def comment(own_id: str, parent: str | None = None, **fields: Any) -> Comment:
    return Comment(id=own_id, thread_id="t", parent_id=parent, **{"text": own_id, **fields})


def thread(*comments: Comment, **fields: Any) -> Thread:
    return Thread(**{"id": "t", "source": "village", "fetched_at": NOW, "comments": comments, **fields})


def replies(**parents: str | None) -> Thread:
    """A thread of comments named by their ids, each with its parent."""
    return thread(*(comment(own, parent) for own, parent in parents.items()))


# What the values refuse and mend


@pytest.mark.parametrize("thread_id", ["", "a/b", "a b", "ä", "a\n", ".", "..", "x" * 201])
def test_a_thread_id_is_url_safe(thread_id: str) -> None:
    with pytest.raises(ValidationError, match="not URL-safe"):
        thread(id=thread_id)


@pytest.mark.parametrize("thread_id", ["a", "...", "A.z_0~9:x@y-", "x" * 200])
def test_url_safe_thread_ids_are_kept(thread_id: str) -> None:
    assert thread(id=thread_id).id == thread_id


def test_comments_belong_to_their_thread_and_have_ids_of_their_own() -> None:
    with pytest.raises(ValidationError, match="stands twice"):
        thread(comment("a"), comment("a"))
    with pytest.raises(ValidationError, match="belongs to thread 't', not 'u'"):
        thread(comment("a"), id="u")


@pytest.mark.parametrize("quoted", [((0, 9),), ((1, 1),), ((2, 1),), ((0, 2), (1, 3)), ((2, 3), (0, 1)), ((-1, 1),)])
def test_quoted_spans_lie_in_order_within_the_text(quoted: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(ValidationError, match="quoted span"):
        comment("a", text="abcd", quoted=quoted)


@pytest.mark.parametrize(
    "fields", [{"posted_at": "2026-01-01T00:00:00"}, {"id": ""}, {"parent_id": ""}, {"shade": "red"}]
)
def test_a_comment_refuses(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Comment(**{"id": "a", "thread_id": "t", **fields})


def test_times_are_kept_in_utc_and_within_its_years() -> None:
    east = timezone(timedelta(hours=5))
    assert comment("a", posted_at=datetime(2026, 1, 1, 3, tzinfo=east)).posted_at == datetime(
        2025, 12, 31, 22, tzinfo=UTC
    )
    with pytest.raises(ValidationError, match="lies outside the years 1 to 9999"):
        comment("a", posted_at=datetime(1, 1, 1, tzinfo=east))


def test_what_no_database_holds_is_shown_as_unknown_at_the_same_length() -> None:
    assert storable("a\x00b\ud800c😆") == "a\ufffdb\ufffdc😆"
    assert comment("a", text="\x00@ann").text == "\ufffd@ann"
    assert Author.of_handle("x", "@an\x00n") == Author(id="x:an\ufffdn", handle="an\ufffdn")


@pytest.mark.parametrize(
    ("fields", "citable"),
    [({"text": "x"}, True), ({"text": ""}, False), ({"text": " \n"}, False), ({"text": "x", "deleted": True}, False)],
)
def test_what_may_be_cited(fields: dict[str, Any], *, citable: bool) -> None:
    assert comment("a", **fields).citable is citable


@pytest.mark.parametrize(
    ("start", "end", "own"),
    [
        (0, 6, False),
        (1, 5, False),
        (0, 9, True),
        (6, 8, False),
        (6, 9, True),
        (8, 12, True),
        (9, 16, True),
        (13, 16, False),
        (4, 14, True),
    ],
)
def test_own_words_are_more_than_marks_outside_what_is_quoted(start: int, end: int, *, own: bool) -> None:
    #                                   0123456789012345
    assert comment("a", text="quoted, so 😆 (x)", quoted=((0, 6), (13, 16))).own_words(start, end) is own


# How comments hang together


def test_replies_follow_their_parents() -> None:
    tree = replies(a=None, b="a", c=None, d="b", e="a", f="c")
    assert tree.roots == ("a", "c")
    assert tree.children["a"] == ("b", "e")
    assert tree.reply_order == (("a", 0), ("b", 1), ("d", 2), ("e", 1), ("c", 0), ("f", 1))
    assert [above.id for above in tree.ancestors("d")] == ["b", "a"]
    assert tree.depth["d"] == 2
    assert tree.position["d"] == 3


def test_a_comment_with_a_missing_parent_stands_on_top_and_keeps_it() -> None:
    tree = replies(a="gone", b="a")
    assert tree.roots == ("a",)
    assert tree.comment("a").parent_id == "gone"


@pytest.mark.parametrize(
    ("parents", "roots"),
    [
        ({"a": "a"}, ("a",)),
        ({"a": "b", "b": "a"}, ("a",)),
        ({"a": "b", "b": "c", "c": "b"}, ("b",)),
        ({"a": None, "b": "d", "c": "b", "d": "c", "e": "c"}, ("a", "b")),
        ({"a": "b", "b": "b", "c": "d", "d": "c"}, ("b", "c")),
    ],
)
def test_a_circle_is_cut_at_its_first_comment(parents: dict[str, str | None], roots: tuple[str, ...]) -> None:
    tree = replies(**parents)
    assert tree.roots == roots
    assert {own for own, _ in tree.reply_order} == set(parents)


def test_an_unknown_comment_is_not_found() -> None:
    with pytest.raises(CommentNotFound, match="has no comment 'x'"):
        replies(a=None).comment("x")
    with pytest.raises(CommentNotFound):
        list(replies(a=None).ancestors("x"))


def test_activity_counts_replies_below_quotes_likes_and_reposts() -> None:
    tree = thread(
        comment("a", engagement=Engagement(likes=2, reposts=1, views=900)),
        comment("b", "a", quotes=("a", "a", "b", "gone")),
        comment("c", "b", engagement=Engagement(replies=7)),
    )
    assert tree.activity == {"a": 2 + 2 + 1 + 1, "b": 1, "c": 7}


def test_people_are_counted_once_and_candidates_never() -> None:
    ann, bob = Author.of_handle("x", "@Ann"), Author.of_handle("x", "bob")
    likely = Candidate(author=Author.of_handle("x", "cyd"), ground="a guess")
    said = thread(
        comment("a", author=ann),
        comment("b", author=bob),
        comment("c", author=ann),
        comment("d", author_candidate=likely, addressed=("Dee",)),
    )
    assert said.commenters == (ann, bob)
    assert said.mentioned_handles == {"ann", "bob", "cyd", "dee"}


def test_a_chain_of_ten_thousand_replies_is_walked() -> None:
    long = thread(comment("0"), *(comment(str(n), str(n - 1)) for n in range(1, 10_000)))
    assert long.depth["9999"] == 9_999
    assert sum(1 for _ in long.ancestors("9999")) == 9_999
    assert long.activity["0"] == 9_999


@given(strategies.threads())
def test_every_comment_has_one_place_in_any_thread(any_thread: Thread) -> None:
    order = [own for own, _ in any_thread.reply_order]
    assert sorted(order) == sorted(any_thread.by_id)
    assert {own for own, depth in any_thread.reply_order if depth == 0} == set(any_thread.roots)
    for own, depth in any_thread.reply_order:
        above = [one.id for one in any_thread.ancestors(own)]
        assert len(above) == depth
        assert own not in above


@given(strategies.threads(), st.data())
def test_own_words_are_those_outside_the_quoted_spans(any_thread: Thread, data: st.DataObject) -> None:
    for one in any_thread.comments:
        start = data.draw(st.integers(0, len(one.text)))
        end = data.draw(st.integers(start, len(one.text)))
        outside = "".join(
            mark
            for at, mark in enumerate(one.text)
            if start <= at < end and not any(low <= at < high for low, high in one.quoted)
        )
        assert one.own_words(start, end) is Comment(id="x", thread_id="t", text=outside).own_words(0, len(outside))


@given(strategies.threads())
def test_json_keeps_every_field(any_thread: Thread) -> None:
    assert Thread.model_validate_json(any_thread.model_dump_json()) == any_thread


def test_a_changed_copy_works_out_anew_what_hangs_together() -> None:
    tree = replies(a=None, b="a")
    assert tree.roots == ("a",)
    fewer = tree.model_copy(update={"comments": tree.comments[1:]})
    assert fewer.roots == ("b",)
    assert list(fewer.by_id) == ["b"]
    assert tree.roots == ("a",)


def test_a_persons_name_holds_no_line_break_and_no_control() -> None:
    evil = "troll\n\n  @alice\x1b[2J\u2028"
    author = Author.of_handle("generic", evil, name=evil)
    for name in (author.handle, author.name or ""):
        assert name == "troll    @alice\ufffd[2J "
    assert Comment(id="c", thread_id="t", addressed=(evil,)).addressed == (author.handle,)


def test_an_error_of_a_value_tells_no_word_that_it_was_given() -> None:
    with pytest.raises(ValidationError) as caught:
        Comment.model_validate({"id": "c", "thread_id": "t", "text": ["the zyxomma pump"], "quoted": "glycolweiss"})
    assert not any(word in str(caught.value) for word in ("zyxomma", "glycolweiss"))
