"""Times that questions name, read against the times of a thread."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.questions.times import window
from bot.values.inquiry import Window
from corpus.thread import Comment, Thread


def at(day: int, hour: int = 0, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def posted(*times: datetime | None) -> Thread:
    comments = tuple(Comment(id=str(n), thread_id="t", text="a", posted_at=when) for n, when in enumerate(times))
    return Thread(id="t", source="x", comments=comments, fetched_at=at(9))


THREAD = posted(at(2, 9), at(3, 12), at(4, 18, 30))  # a Monday, a Tuesday, a Wednesday


@pytest.mark.parametrize(
    ("asked", "since", "until", "rest"),
    [
        ("What did people say on Tuesday?", at(3), at(4), "What did people say?"),
        ("What was said on 3 March?", at(3), at(4), "What was said?"),
        ("What was said on March 3rd, 2026 about fuel?", at(3), at(4), "What was said about fuel?"),
        ("what was posted on 2026-03-03", at(3), at(4), "what was posted"),
        ("Who said that before 3 March?", None, at(3), "Who said that?"),
        ("Who posted after 3 March?", at(4), None, "Who posted?"),
        ("Who posted since 3 March?", at(3), None, "Who posted?"),
        ("What was said until 3 March?", None, at(4), "What was said?"),
        ("What was said after 3 March at 12:15?", at(3, 12, 16), None, "What was said?"),
        ("Who posted before 10am?", None, at(2, 10), "Who posted?"),
        ("What was said in the last hour?", at(4, 17, 30), None, "What was said?"),
        ("What did they say in the first two days of the thread?", None, at(4, 9), "What did they say?"),
        ("What was said between Monday and Tuesday?", at(2), at(4), "What was said?"),
        ("What happened on 3 March?", at(3), at(4), "What happened?"),
        ("So what has happened here since 3 March?", at(3), None, "So what has happened here?"),
        ("What's new since 3 March?", at(3), None, "What's new?"),
    ],
)
def test_a_time_is_read_and_taken_out(asked: str, since: datetime | None, until: datetime | None, rest: str) -> None:
    found = window(asked, [THREAD])
    assert found == (Window(since=since, until=until), rest)


@pytest.mark.parametrize(
    "asked",
    [
        "Why did the ship sink on 3 March?",
        "What happened to the ship on 3 March?",
        "May I ask why they say so?",
        "What did people say about version 3.5?",
        "What do they say of the sun?",
        "Who said that 3 crews are enough?",
    ],
)
def test_what_names_no_time_of_posting(asked: str) -> None:
    assert window(asked, [THREAD]) is None


def test_yesterday_is_the_askers() -> None:
    found = window("What was said yesterday?", [THREAD], now=at(4, 10))
    assert found == (Window(since=at(3), until=at(4)), "What was said?")


def test_a_thread_without_times_has_no_last_hour() -> None:
    assert window("What was said in the last hour?", [posted(None)]) is None


def test_a_post_without_a_time_lies_in_no_window() -> None:
    assert not Window().holds(None)
    assert Window(since=at(3)).holds(at(3))
    assert not Window(until=at(3)).holds(at(3))


@given(st.text(max_size=60))
def test_no_question_is_too_strange(asked: str) -> None:
    found = window(f"what was said {asked}", [THREAD])
    assert found is None or found[0].since is not None or found[0].until is not None
