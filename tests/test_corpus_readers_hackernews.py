"""Hacker News item trees as Algolia gives them: stories, polls, comments, what was deleted, what is broken."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import BrokenExport
from corpus.readers import Reading, read
from corpus.thread import Author, Thread

DATA = Path(__file__).parent / "data" / "hackernews"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def payload(name: str) -> dict[str, Any]:
    return dict(json.loads((DATA / name).read_text(encoding="utf-8")))


def of(item: object) -> Reading:
    return read(json.dumps(item).encode(), name="item.json", fetched_at=NOW)


def whole(item: object) -> Thread:
    reading = of(item)
    assert reading.skipped == ()
    (thread,) = reading.threads
    return thread


@pytest.fixture
def ask() -> dict[str, Any]:
    return payload("ask.json")


# Stories


def test_a_story_is_a_thread_with_permalinks(ask: dict[str, Any]) -> None:
    thread = whole(ask)
    assert (thread.id, thread.source) == ("hackernews-90000001", "hackernews")
    assert thread.title == "Ask HN: How do you keep a shared tool library from falling apart?"
    assert thread.url == "https://news.ycombinator.com/item?id=90000001"
    assert thread.fetched_at == NOW
    assert thread.known_total == 10, "nine comments and the story"
    assert [comment.url for comment in thread.comments][1] == "https://news.ycombinator.com/item?id=90000010"


def test_every_item_is_a_comment_followed_by_its_replies(ask: dict[str, Any]) -> None:
    thread = whole(ask)
    assert [(comment.id, comment.parent_id) for comment in thread.comments] == [
        ("90000001", None),
        ("90000010", "90000001"),
        ("90000011", "90000010"),
        ("90000012", "90000010"),
        ("90000013", "90000012"),
        ("90000020", "90000001"),
    ]


def test_the_opening_comment_has_the_storys_words(ask: dict[str, Any]) -> None:
    opening = whole(ask).comments[0]
    assert opening.author == Author(id="hackernews:wrenfield", handle="wrenfield")
    assert opening.text == (
        'We lend drills, ladders & a sewing machine to 140 households. Half of the drills come back "almost charged".'
        "\n\nWhat rules worked for you? I don't want a form that says &lt;sign here&gt;."
    )
    assert opening.posted_at == datetime(2026, 1, 14, 7, 30, tzinfo=UTC)
    assert opening.engagement.likes == 84


def test_a_story_without_text_can_be_cited_by_its_title(ask: dict[str, Any]) -> None:
    opening = whole(ask | {"text": None, "url": "https://tools.example/"}).comments[0]
    assert opening.text == ask["title"]
    assert opening.citable


def test_points_that_are_not_told_are_null(ask: dict[str, Any]) -> None:
    assert {comment.engagement.likes for comment in whole(ask).comments[1:]} == {None}


def test_a_deleted_comment_stays_as_a_node(ask: dict[str, Any]) -> None:
    thread = whole(ask)
    gone = thread.comment("90000012")
    assert gone.deleted
    assert (gone.text, gone.author) == ("", None)
    assert not gone.citable
    assert thread.comment("90000013").citable


@pytest.mark.parametrize("changes", [{"author": None}, {"text": None}, {"text": "[flagged]"}, {"author": ""}])
def test_without_author_or_words_a_comment_counts_as_deleted(ask: dict[str, Any], changes: dict[str, Any]) -> None:
    ask["children"][1] |= changes
    assert whole(ask).comment("90000020").deleted


# Words


def test_lines_that_quote_are_told_apart(ask: dict[str, Any]) -> None:
    comment = whole(ask).comment("90000010")
    assert comment.text.startswith('> Half of the drills come back "almost charged"\n\nBuy two batteries')
    assert [comment.text[start:end] for start, end in comment.quoted] == [
        '> Half of the drills come back "almost charged"'
    ]


def test_italics_that_repeat_the_parents_words_are_quoted(ask: dict[str, Any]) -> None:
    comment = whole(ask).comment("90000011")
    assert [comment.text[start:end] for start, end in comment.quoted] == [
        "Buy two batteries for each drill and never lend both."
    ]


def test_links_and_code_are_kept(ask: dict[str, Any]) -> None:
    thread = whole(ask)
    assert thread.comment("90000010").text.endswith("The rules are here: https://tools.example/rules/of/the/library")
    assert thread.comment("90000011").text.endswith("  drill:   2 batteries\n  sander:  1 cable")


def test_an_angle_before_a_number_is_no_quotation(ask: dict[str, Any]) -> None:
    assert whole(ask).comment("90000020").text.startswith("Charge a fee of >5 for late returns & people")
    assert whole(ask).comment("90000020").quoted == ()


# Polls and subtrees


def test_the_options_of_a_poll_are_comments_below_it() -> None:
    thread = whole(payload("poll.json"))
    assert [(comment.text, comment.parent_id, comment.engagement.likes) for comment in thread.comments] == [
        ("Poll: Who sweeps the snow from your pavement?", None, 12),
        ("I do", "90000100", 31),
        ("The town", "90000100", 9),
        ("The neighbour, at five in the morning, with feeling.", "90000100", 2),
    ]
    assert thread.comments[3].posted_at == datetime(2026, 2, 1, 13, tzinfo=UTC), "created_at_i alone"


def test_options_given_by_number_alone_are_left_out() -> None:
    assert len(whole(payload("poll.json") | {"options": [1, 2]}).comments) == 2


def test_a_comment_is_the_root_of_what_hangs_below_it() -> None:
    thread = whole(payload("comment.json"))
    assert (thread.id, thread.title) == ("hackernews-90000201", "Comment by petrosz on Hacker News")
    assert [comment.parent_id for comment in thread.comments] == ["90000150", "90000201"]
    assert thread.roots == ("90000201",)
    assert thread.known_total is None
    assert whole(payload("comment.json") | {"author": None, "text": None}).title == "Comment on Hacker News"


def test_several_items_in_a_list_or_on_lines_are_several_threads(ask: dict[str, Any]) -> None:
    poll = payload("poll.json")
    both = ["hackernews-90000001", "hackernews-90000100"]
    assert [thread.id for thread in of([ask, poll]).threads] == both
    lines = f"{json.dumps(ask)}\n\n{json.dumps(poll)}\n"
    assert [thread.id for thread in read(lines.encode()).threads] == both


def test_reading_again_changes_nothing(ask: dict[str, Any]) -> None:
    assert of(ask) == of(ask)


# Broken records


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": None}, "has no item number as its id but None"),
        ({"id": "a/b"}, "has no item number as its id but 'a/b'"),
        ({"id": True}, "has no item number as its id but True"),
        ({"text": 5}, "has a text that is 5"),
        ({"author": {"name": "x"}}, "has an author that is an object"),
    ],
)
def test_one_broken_comment_is_skipped_and_the_rest_kept(
    ask: dict[str, Any], changes: dict[str, Any], reason: str
) -> None:
    ask["children"][0] |= changes
    reading = of(ask)
    assert [(skipped.where, skipped.reason) for skipped in reading.skipped] == [("children[0]", reason)]
    (thread,) = reading.threads
    assert [(comment.id, comment.parent_id) for comment in thread.comments] == [
        ("90000001", None),
        ("90000011", "90000010"),
        ("90000012", "90000010"),
        ("90000013", "90000012"),
        ("90000020", "90000001"),
    ]


def test_a_child_that_is_no_item_is_reported_with_its_place(ask: dict[str, Any]) -> None:
    ask["children"][0]["children"][1]["children"].append("gone")
    assert [(skipped.where, skipped.reason) for skipped in of(ask).skipped] == [
        ("children[0].children[1].children[1]", "is no item but 'gone'")
    ]


def test_a_field_that_cannot_be_read_is_reported_and_the_comment_kept(ask: dict[str, Any]) -> None:
    ask["children"][1] |= {"created_at": "yesterday", "created_at_i": None, "points": "many"}
    reading = of(ask)
    assert reading.threads[0].comment("90000020").posted_at is None
    assert [skipped.reason for skipped in reading.skipped] == [
        "has a created_at of 'yesterday': the comment is kept without it",
        "has a points of 'many': the comment is kept without it",
    ]


def test_of_two_comments_with_one_id_the_first_is_kept(ask: dict[str, Any]) -> None:
    ask["children"].append({**ask["children"][1], "text": "Something else."})
    reading = of(ask)
    assert reading.threads[0].comment("90000020").text.startswith("Charge a fee")
    assert [(skipped.where, skipped.reason) for skipped in reading.skipped] == [
        ("children[2]", "the comment id '90000020' stands twice, with other content: the first one is kept")
    ]


def test_an_item_that_is_broken_itself_is_refused(ask: dict[str, Any]) -> None:
    with pytest.raises(BrokenExport, match=r"a Hacker News item.*has a text that is 5"):
        of(ask | {"text": 5})


def test_in_a_list_a_broken_item_is_reported_and_the_others_read(ask: dict[str, Any]) -> None:
    reading = of([ask | {"id": None}, payload("poll.json"), 7])
    assert [thread.id for thread in reading.threads] == ["hackernews-90000100"]
    assert [skipped.where for skipped in reading.skipped] == ["[0]", "[2]"]


# Very deep ones


def chain(length: int) -> bytes:
    """Each comment answers the one before it; json.dumps cannot write this, since it recurses."""
    story = '{"id":1,"type":"story","author":"ann_of_the_bridge","title":"Deep","children":['
    replies = "".join(
        f'{{"id":{n},"type":"comment","author":"bob","text":"reply {n}","parent_id":{n - 1},"children":['
        for n in range(2, length + 2)
    )
    return (story + replies + "]}" * (length + 1)).encode()


def test_ten_thousand_replies_in_one_chain_are_read() -> None:
    (thread,) = read(chain(10_000)).threads
    assert len(thread.comments) == 10_001
    assert thread.depth["10001"] == 10_000
    assert thread.comments[-1].text == "reply 10001"


def test_a_broken_reply_deep_in_a_chain_is_reported_with_a_place_that_can_be_read() -> None:
    reading = read(chain(2_000).replace(b'"reply 1500"', b"[]"))
    (skipped,) = reading.skipped
    assert skipped.where == ("children[0].children[0].children[0].… 1,493 levels ….children[0].children[0].children[0]")
    assert skipped.reason == "has a text that is a list"
    assert reading.threads[0].comment("1501").parent_id == "1500"


def test_a_chain_that_breaks_off_is_refused() -> None:
    with pytest.raises(BrokenExport, match=r"broken JSON at line 1, column \d+"):
        read(chain(5_000)[:-7])


# Real payloads


@pytest.mark.parametrize(("name", "count"), [("algolia_25015967_dev.json", 50), ("algolia_item_17.json", 3)])
def test_real_payloads(name: str, count: int) -> None:
    shared = Path(os.environ.get("DIGG_SHARED") or Path(__file__).resolve().parents[2] / "shared")
    found = shared / "formats" / "hackernews" / name
    if not found.exists():
        pytest.skip(f"the sample payload is not here: {found}")
    reading = read(found.read_bytes())
    assert reading.skipped == ()
    (thread,) = reading.threads
    assert len(thread.comments) == count
    for comment in thread.comments:
        assert (comment.author is None) is comment.deleted
        assert comment.posted_at is not None
        assert not any(mark in comment.text for mark in ("<p>", "&#x27;", "&gt;", "</a>"))
