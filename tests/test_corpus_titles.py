"""A title that is a post's own words goes with them, whoever made it."""

from datetime import UTC, datetime

import pytest

from corpus.text.titles import made_title, retitled
from corpus.thread import Comment, Thread

LONG = "The heron pond was drained on Tuesday without a word to anybody in the village, and the frogs are gone with it."


def thread(title: str, *texts: str) -> Thread:
    comments = tuple(Comment(id=f"c{n}", thread_id="t", text=text) for n, text in enumerate(texts))
    return Thread(id="t", source="generic", title=title, comments=comments, fetched_at=datetime(2026, 3, 4, tzinfo=UTC))


@pytest.mark.parametrize(
    "title",
    [
        made_title(thread("", LONG).comments),
        LONG,
        "The heron pond was drained",
        "THE HERON POND was  drained on ...",
        "The heron…",
    ],
)
def test_a_title_of_the_words_that_are_gone_is_made_anew(title: str) -> None:
    before = thread(title, f"@bo {LONG}", "What frogs?")
    assert retitled(before, thread(title, "", "What frogs?")).title == "What frogs?"
    assert retitled(before, thread(title, "Never mind.", "What frogs?")).title == "Never mind."
    assert retitled(before, thread(title, "", "")).title == ""


@pytest.mark.parametrize("title", ["", "The", "The heron", "News of the village", "What frogs?"])
def test_any_other_title_stays(title: str) -> None:
    after = thread(title, "", "What frogs?")
    assert retitled(thread(title, LONG, "What frogs?"), after) is after
