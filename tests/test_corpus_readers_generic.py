"""Our own shape: what `show --json` prints, its looser form, lists and JSON Lines of both, columns by other names."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import strategies
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import BrokenExport, UnknownFormat
from corpus.readers import Reading, read
from corpus.readers.columns import NEEDED
from corpus.readers.moments import moment
from corpus.thread import Author, Comment, Thread

DATA = Path(__file__).parent / "data" / "generic"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def of(value: object) -> Reading:
    return read(json.dumps(value).encode(), name="file.json", fetched_at=NOW)


def lines(*values: object) -> Reading:
    return read("\n".join(json.dumps(value) for value in values).encode(), name="file.jsonl", fetched_at=NOW)


def one(value: object) -> Thread:
    reading = of(value)
    assert reading.skipped == ()
    (thread,) = reading.threads
    return thread


def comment(**fields: Any) -> Comment:
    """A comment of a thread by itself, in the loose shape."""
    return one({"id": "t", "source": "village", "comments": [{"id": "1", "text": "words", **fields}]}).comments[0]


def told(reading: Reading) -> list[tuple[str, str]]:
    return [(skipped.where, skipped.reason) for skipped in reading.skipped]


# What `show --json` prints


@given(strategies.threads().map(lambda thread: thread.model_copy(update={"url": None})))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_printed_thread_is_read_back_equal(thread: Thread) -> None:
    linked = tuple(c.model_copy(update={"url": f"https://x.example/{n}"}) for n, c in enumerate(thread.comments))
    thread = thread.model_copy(update={"comments": linked, "url": "https://x.example/"})
    assert one(thread.model_dump(mode="json")) == thread
    assert read(thread.model_dump_json().encode()).threads == (thread,)


@given(st.lists(strategies.threads(max_comments=2), max_size=4, unique_by=lambda thread: thread.id))
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=30)
def test_several_printed_threads_are_read_back_in_order(threads: list[Thread]) -> None:
    ids = [thread.id for thread in threads]
    printed = [thread.model_dump(mode="json") for thread in threads]
    if threads:
        assert [thread.id for thread in of(printed).threads] == ids
        assert [thread.id for thread in of({"threads": printed}).threads] == ids
        assert [thread.id for thread in lines(*printed).threads] == ids


def test_a_thread_in_an_envelope_is_read() -> None:
    thread = {"id": "t", "comments": [{"id": "1", "text": "x"}]}
    assert of({"thread": thread}).threads == of(thread).threads


# The loose shape


def test_the_loose_shape() -> None:
    reading = read((DATA / "loose.json").read_bytes(), fetched_at=NOW)
    assert reading.skipped == ()
    (thread,) = reading.threads
    assert (thread.id, thread.source, thread.title) == ("choir-practice", "village", "Who moved the piano?")
    assert thread.url == "https://village.example/t/choir-practice"
    assert thread.fetched_at == NOW
    assert thread.known_total is None
    first, second, third = thread.comments
    assert first.author == Author(id="village:Vicar Adeyemi", handle="Vicar Adeyemi")
    assert first.posted_at == datetime(2024, 11, 3, 18, tzinfo=UTC), "without a zone: UTC"
    assert first.engagement.likes == 4
    assert second.posted_at == datetime(2024, 11, 3, 17, 5, tzinfo=UTC)
    assert second.engagement.likes == 0
    assert [second.text[start:end] for start, end in second.quoted] == ["“The piano stands in the nave”"]
    assert (third.author, third.posted_at, third.engagement.likes, third.parent_id) == (None, None, None, "m1")


def test_ids_go_out_as_they_came_in() -> None:
    ids = ["D1:1", " s 0 ", "t1_cu5pebp", "é/?#", "0", "../etc"]
    thread = one({"id": "a.b_c~d:e@f-1", "comments": [{"id": own, "text": "x", "parent_id": "../etc"} for own in ids]})
    assert thread.id == "a.b_c~d:e@f-1"
    assert [comment.id for comment in thread.comments] == ids
    assert {comment.parent_id for comment in thread.comments} == {"../etc"}


def test_numbers_as_ids_become_strings() -> None:
    thread = one({"id": 12, "comments": [{"id": 7, "text": "x"}, {"id": 8.0, "text": "y", "parent_id": 7.0}]})
    assert thread.id == "12"
    assert [(comment.id, comment.parent_id) for comment in thread.comments] == [("7", None), ("8", "7")]


@pytest.mark.parametrize("thread_id", ["a/b", "ä", "a b", "..", "x" * 201, "a\n"])
def test_a_thread_id_that_is_not_url_safe_is_refused_with_the_reason(thread_id: str) -> None:
    with pytest.raises(BrokenExport, match="not URL-safe") as refused:
        of({"id": thread_id, "comments": [{"id": "1", "text": "x"}]})
    assert "generic shape" in refused.value.message


def test_a_thread_without_an_id_gets_one_that_stays_as_it_grows() -> None:
    rows = [{"id": "1", "author": "ann", "text": "x"}, {"id": "2", "author": "bob", "text": "y"}]
    few, more = one({"title": "T", "comments": rows[:1]}), one({"title": "T", "comments": rows})
    assert few.id == more.id
    assert one({"title": "U", "comments": rows}).id != few.id
    by_address = [one({"title": title, "url": "https://x.example/1", "comments": rows}).id for title in ("T", "U")]
    assert by_address[0] == by_address[1]


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("ann", Author(id="village:ann", handle="ann")),
        ("@ann", Author(id="village:ann", handle="ann")),
        ({"handle": "ann"}, Author(id="village:ann", handle="ann")),
        ({"id": "did:1", "handle": "ann", "name": "Ann"}, Author(id="did:1", handle="ann", name="Ann")),
        (12, Author(id="village:12", handle="12")),
        (None, None),
        ("", None),
        (" @ ", None),
    ],
)
def test_authors(author: object, expected: Author | None) -> None:
    assert comment(author=author).author == expected


def test_a_comment_whose_author_or_words_were_taken_away_is_deleted() -> None:
    assert comment(author="[deleted]").deleted
    assert comment(author="[deleted]").author is None
    assert comment(author="ann", text="[removed]").deleted
    assert comment(author="ann", text=None).deleted
    assert not comment(author="ann", text="[removed]", deleted=False).deleted
    assert not comment(author=None).deleted, "unattributed is not deleted"


def test_whom_a_comment_addresses_and_what_it_quotes_is_found_unless_it_is_told() -> None:
    found = comment(text="@ann hi\n> theirs\nmine")
    assert found.addressed == ("ann",)
    assert [found.text[start:end] for start, end in found.quoted] == ["> theirs"]
    assert comment(text="@ann hi\n> theirs", addressed=[], quoted=[]).addressed == ()
    assert comment(text="@ann hi\n> theirs", addressed=[], quoted=[]).quoted == ()


# Columns by other names


@pytest.mark.parametrize(
    "row",
    [
        {
            "comment_id": "9",
            "parent": "8",
            "username": "ann",
            "date_utc": "2025-05-02 07:30:00",
            "points": 3,
            "comment_text": "hi",
        },
        {
            "ID": 9,
            "reply-to": 8,
            "Speaker": "ann",
            "timestamp": 1746171000,
            "Likes": "3",
            "Body": "hi",
            "meta": {"x": [1]},
        },
        {
            "id": "9",
            "ReplyTo": "8",
            "user": "@ann",
            "created_at": "2025-05-02T07:30:00Z",
            "score": 3.0,
            "content": "hi",
        },
        {
            "id": "9",
            "reply_to": "8",
            "author": "ann",
            "timestamp": "1746171000000",
            "score": 3,
            "text": "hi",
            "parent": None,
        },
    ],
)
def test_columns_are_known_by_the_names_that_exports_give_them(row: dict[str, Any]) -> None:
    (thread,) = lines(
        row | {"conversation_id": "c"}, {"id": "8", "conversation_id": "c", "text": "first", "user": "bob"}
    ).threads
    found = thread.comment("9")
    assert thread.id == "c"
    assert (found.parent_id, found.text) == ("8", "hi")
    assert found.author == Author(id="generic:ann", handle="ann")
    assert found.posted_at == datetime(2025, 5, 2, 7, 30, tzinfo=UTC)
    assert found.engagement.likes == 3


def test_comments_on_lines_are_sorted_into_their_threads() -> None:
    reading = read((DATA / "comments.jsonl").read_bytes(), fetched_at=NOW)
    assert reading.skipped == ()
    bees, owls = reading.threads
    assert (bees.id, owls.id) == ("bees", "owls")
    assert [(c.id, c.parent_id) for c in bees.comments] == [("b1", None), ("b2", "b1"), ("b3", "b2")]
    assert bees.comments[1].addressed == ("okonjo_b",)
    assert [bees.comments[2].text[s:e] for s, e in bees.comments[2].quoted] == ["> Did the caretaker get any of it?"]
    assert {c.posted_at for c in bees.comments} == {
        datetime(2025, 5, 2, 6, tzinfo=UTC),
        datetime(2025, 5, 2, 7, 30, tzinfo=UTC),
        datetime(2025, 5, 2, 8, 10, tzinfo=UTC),
    }
    assert [(c.id, c.deleted, c.engagement.likes) for c in owls.comments] == [("7", False, None), ("8", True, -1)]
    assert owls.title == "The owl is back in the bell tower."


def test_a_list_of_comments_without_a_thread_is_one_thread() -> None:
    (thread,) = of([{"id": "1", "text": "first words " * 20}, {"id": "2", "text": "y"}]).threads
    assert len(thread.comments) == 2
    assert thread.title.startswith("first words")
    assert thread.title.endswith("…")
    assert len(thread.title) <= 81


def test_comments_without_ids_get_stable_ones() -> None:
    rows = [{"author": "ann", "text": "x"}, {"author": "bob", "text": "x"}, {"author": "ann", "text": "x"}]
    reading = of(rows)
    assert [len(thread.comments) for thread in reading.threads] == [2]
    assert told(reading) == [("[2]", reading.skipped[0].reason)]
    assert "stands twice, with the same content" in reading.skipped[0].reason
    again = of([*rows, {"author": "cyd", "text": "z"}])
    assert [c.text for c in again.threads[0].comments] == ["x", "x", "z"]


# Times


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2025-05-02T07:30:00Z", datetime(2025, 5, 2, 7, 30, tzinfo=UTC)),
        ("2025-05-02t07:30:00z", datetime(2025, 5, 2, 7, 30, tzinfo=UTC)),
        ("2025-05-02T09:30:00.5+02:00", datetime(2025, 5, 2, 7, 30, 0, 500_000, tzinfo=UTC)),
        ("2025-05-02 07:30", datetime(2025, 5, 2, 7, 30, tzinfo=UTC)),
        ("2025-05-02", datetime(2025, 5, 2, tzinfo=UTC)),
        ("20250502", datetime(2025, 5, 2, tzinfo=UTC)),
        (1746171000, datetime(2025, 5, 2, 7, 30, tzinfo=UTC)),
        (1746171000.5, datetime(2025, 5, 2, 7, 30, 0, 500_000, tzinfo=UTC)),
        (" 1746171000 ", datetime(2025, 5, 2, 7, 30, tzinfo=UTC)),
        (1746171000000, datetime(2025, 5, 2, 7, 30, tzinfo=UTC)),
        (1746171000000000, datetime(2025, 5, 2, 7, 30, tzinfo=UTC)),
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_moments(value: object, expected: datetime) -> None:
    assert moment(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "yesterday",
        "",
        "2025-13-01",
        "0000-01-01",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
        True,
        None,
        [],
        1e300,
        -1e18,
        float("nan"),
        float("inf"),
        10**400,
        "9" * 18,
    ],
)
def test_what_is_no_moment(value: object) -> None:
    with pytest.raises(ValueError, match=r"is no time|lies outside"):
        moment(value)


# Broken records


BROKEN_ROWS: list[tuple[Any, str]] = [
    (7, "is no comment but 7"),
    (None, "is no comment but None"),
    ({"id": "9"}, f"has no words: {NEEDED}"),
    ({"id": "9", "text": 5}, "has words that are 5, not text"),
    ({"id": ["9"], "text": "x"}, "its id is a list"),
    ({"id": True, "text": "x"}, "its id is True"),
    ({"id": 0.5, "text": "x"}, "its id is 0.5"),
    ({"id": "9" * 501, "text": "x"}, "id: String should have at most 500 characters"),
    ({"id": "9", "text": "x", "parent_id": {}}, "its parent's id is an object"),
    ({"id": "9", "text": "x", "author": {"name": "Ann"}}, "has an author without a handle"),
    ({"id": "9", "text": "x", "author": ["ann"]}, "its author is a list"),
    ({"id": "9", "text": "x", "thread_id": "other"}, "belongs to thread 'other', not 't'"),
    (
        {"id": "9", "text": "x", "quoted": [[0, 9]]},
        "quoted span (0, 9) is not in order within a text of 1 characters",
    ),
    (
        {"id": "9", "text": "x", "deleted": "perhaps"},
        "deleted: Input should be a valid boolean, unable to interpret input",
    ),
]


@pytest.mark.parametrize(("row", "reason"), BROKEN_ROWS)
def test_one_broken_comment_is_reported_and_the_rest_kept(row: object, reason: str) -> None:
    reading = of({"id": "t", "comments": [{"id": "1", "text": "a"}, row, {"id": "2", "text": "b", "parent_id": "9"}]})
    assert told(reading) == [("comments[1]", reason)]
    (thread,) = reading.threads
    assert [(comment.id, comment.parent_id) for comment in thread.comments] == [("1", None), ("2", "9")]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"created_at": "yesterday"}, "posted_at 'yesterday' is no time"),
        ({"edited_at": 1e300}, "edited_at 1e+300 lies outside the years 1 to 9999"),
        ({"score": "many"}, "likes 'many' is no whole number"),
        ({"score": 1.5}, "likes 1.5 is no whole number"),
        ({"score": True}, "likes True is no whole number"),
        ({"engagement": {"views": {}}}, "views an object is no whole number"),
        ({"engagement": [1]}, "engagement a list is no object"),
        ({"url": "javascript:alert(1)"}, "url 'javascript:alert(1)' is no http address"),
        ({"url": 5}, "url 5 is no http address"),
    ],
)
def test_a_field_that_cannot_be_read_is_reported_and_the_comment_kept(fields: dict[str, Any], reason: str) -> None:
    reading = of({"id": "t", "comments": [{"id": "1", "text": "a", **fields}]})
    assert told(reading) == [("comments[0]", f"{reason}: the comment is kept without it")]
    assert reading.threads[0].comments[0] == comment_alone("a")


def comment_alone(text: str) -> Comment:
    return Comment(id="1", thread_id="t", text=text)


def test_addresses_within_their_site_lead_nowhere_and_are_left_out() -> None:
    assert comment(permalink="/r/bridges/1").url is None


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"known_total": -1}, "known_total"),
        ({"fetched_at": "x"}, "fetched_at"),
        ({"page": {"x": 1}}, "page"),
        ({"url": "x:y"}, "url"),
    ],
)
def test_a_field_of_a_thread_that_cannot_be_read_is_reported(fields: dict[str, Any], where: str) -> None:
    reading = of({"id": "t", "comments": [], **fields})
    assert [skipped.where for skipped in reading.skipped] == [where]
    assert reading.threads == (Thread(id="t", source="generic", fetched_at=NOW),)


@pytest.mark.parametrize("changes", [{"text": "other"}, {}])
def test_of_two_comments_with_one_id_the_first_is_kept(changes: dict[str, str]) -> None:
    rows = [{"id": "1", "text": "a"}, {"id": "1", "text": "a"} | changes, {"id": 1, "text": "c"}]
    reading = of({"id": "t", "comments": rows})
    assert [comment.text for comment in reading.threads[0].comments] == ["a"]
    content = "other" if changes else "the same"
    assert told(reading)[0] == (
        "comments[1]",
        f"the comment id '1' stands twice, with {content} content: the first one is kept",
    )
    assert [skipped.where for skipped in reading.skipped] == ["comments[1]", "comments[2]"]


def test_missing_parents_and_circles_are_kept() -> None:
    rows = [("1", "2"), ("2", "1"), ("3", "3"), ("4", "gone")]
    thread = one({"id": "t", "comments": [{"id": own, "text": "x", "parent_id": parent} for own, parent in rows]})
    assert [(comment.id, comment.parent_id) for comment in thread.comments] == rows


def test_one_broken_thread_is_reported_and_the_others_kept() -> None:
    good = {"id": "t", "comments": [{"id": "1", "text": "a"}]}
    reading = of({"threads": [{"id": "a/b", "comments": []}, good, good, {"id": "u", "comments": [5]}, {"x": 1}]})
    assert [thread.id for thread in reading.threads] == ["t"]
    assert [skipped.where for skipped in reading.skipped] == [
        "threads[0]",
        "threads[2]",
        "threads[3].comments[0]",
        "threads[3]",
        "threads[4]",
    ]


def test_broken_lines_are_reported_by_number_and_the_rest_kept() -> None:
    content = (
        b'{"id": "1", "text": "a"}\n{"id": "2", "tex\n\n{"id": "3"}\n[1]\n{"id": "4", "text": "caf\xe9"}\r\n'
        b'{"id": "5", "text": "e"}\r\n'
    )
    reading = read(content)
    assert [comment.id for comment in reading.threads[0].comments] == ["1", "5"]
    assert sorted(told(reading)) == [
        ("line 2", "is broken JSON at column 13: Unterminated string starting at"),
        (
            "line 4",
            f"is neither a thread nor a comment: {NEEDED}",
        ),
        ("line 5", "is no JSON object"),
        ("line 6", "is not UTF-8 at its byte 25"),
    ]


def test_a_broken_first_line_is_told_from_a_broken_file() -> None:
    reading = read(b'{"id": "1", "te\n{"id": "2", "text": "b"}\n{"id": "3", "text": "c"}')
    assert [comment.id for comment in reading.threads[0].comments] == ["2", "3"]
    assert [skipped.where for skipped in reading.skipped] == ["line 1"]


def test_beyond_a_thousand_skipped_records_the_rest_are_counted() -> None:
    reading = of({"id": "t", "comments": [{"id": "1", "text": "a"}] * 1_502})
    assert len(reading.skipped) == 1_001
    assert reading.skipped[-1].reason == "501 more were skipped"


def test_a_thread_none_of_whose_comments_can_be_read_is_refused() -> None:
    with pytest.raises(BrokenExport, match=r"generic shape.*comments\[0\]: has no words"):
        of({"id": "t", "source": "x", "comments": [{"id": "1"}, {"id": "2"}]})


@pytest.mark.parametrize(
    "foreign",
    [
        {"id": 1, "content": "<p>x</p>", "account": {"acct": "ann"}},
        {"id": 1, "text": "x", "user": {"name": "Ann", "screen_name": "ann"}},
        {"comments": [{"comment": {"content": "x"}, "creator": {"name": "ann"}}]},
        {"short_id": "x", "comments": [{"short_id": "y", "comment": "<p>x</p>", "commenting_user": "ann"}]},
        {"post_stream": {"posts": []}},
        [],
        {},
        [[{"id": 1, "text": "x"}]],
    ],
)
def test_what_only_resembles_the_shape_is_not_taken_for_it(foreign: object) -> None:
    with pytest.raises(UnknownFormat):
        of(foreign)


def test_a_comment_of_a_megabyte_is_kept_whole() -> None:
    text = "word " * 210_000
    assert comment(text=text).text == text


def test_null_characters_and_lone_surrogates_are_shown_as_unknown() -> None:
    assert comment(text="a\x00b\ud800c").text == "a\ufffdb\ufffdc"
    raw = b'{"id": "t", "comments": [{"id": "1", "text": "a\x00b"}]}'
    assert read(raw).threads[0].comments[0].text == "a\ufffdb"


# Real threads


def test_every_evaluation_thread_is_read_whole_and_read_back_equal() -> None:
    shared = Path(os.environ.get("DIGG_SHARED") or Path(__file__).resolve().parents[2] / "shared")
    found = sorted((shared / "eval" / "threads").glob("*/*.json"))
    if not found:
        pytest.skip(f"the evaluation threads are not here: {shared}")
    for path in found:
        raw = json.loads(path.read_text(encoding="utf-8"))
        reading = read(path.read_bytes(), name=path.name)
        assert reading.skipped == (), path
        (thread,) = reading.threads
        assert thread.id == raw["id"]
        assert [c.id for c in thread.comments] == [c["id"] for c in raw["comments"]]
        assert [c.text for c in thread.comments] == [c["text"] for c in raw["comments"]]
        assert read(thread.model_dump_json().encode()).threads == (thread,)


def test_the_sample_of_flat_comments() -> None:
    shared = Path(os.environ.get("DIGG_SHARED") or Path(__file__).resolve().parents[2] / "shared")
    found = shared / "formats" / "generic" / "dev_comments.jsonl"
    if not found.exists():
        pytest.skip(f"the sample is not here: {found}")
    reading = read(found.read_bytes())
    assert reading.skipped == ()
    (thread,) = reading.threads
    assert (thread.id, len(thread.comments)) == ("25015967", 20)
    assert thread.comments[0].parent_id == "25015967"
