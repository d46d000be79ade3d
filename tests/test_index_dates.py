from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.thread import Comment
from index.ranking.dates import HALF_LIFE, dated, periods


def posted(*moments):
    return [Comment(id=str(place), thread_id="t", text="x", posted_at=moment) for place, moment in enumerate(moments)]


def day(year, month, number, hour=12):
    return datetime(year, month, number, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    "asked",
    [
        "on 16 August, 2023?",
        "on August 16th 2023",
        "the 16th of august 2023",
        "at 2023-08-16",
        "on 16 Aug 2023",
        "Aug. 16",
    ],
)
def test_a_day_is_read_in_any_of_its_spellings(asked):
    assert periods(f"What was said {asked}", {2023}) == [(day(2023, 8, 16, 0), day(2023, 8, 17, 0))]


def test_a_month_with_its_year_is_a_period_and_one_without_is_a_word():
    assert [start.date().isoformat() for start, _ in periods("What changed in June 2023?", {2023})] == ["2023-06-01"]
    assert periods("What may change in June?", {2023}) == []


def test_a_day_that_is_in_no_calendar_names_nothing():
    assert periods("What happened on 31 February 2024, or on 2024-13-45?", {2024}) == []


def test_comments_of_the_day_come_first_and_those_around_it_get_less():
    comments = posted(day(2023, 8, 16), day(2023, 8, 17, 0) + HALF_LIFE, None, day(2023, 1, 1))
    near = dated("What did they buy on 16 August?", comments)
    assert near[0] == 1
    assert near[1] == pytest.approx(0.5)
    assert near[2] == 0
    assert near[3] < 0.01


@given(st.text(max_size=60), st.lists(st.none() | st.datetimes(timezones=st.just(UTC)), max_size=4))
def test_any_words_and_any_times_give_shares(asked, moments):
    for question in (asked, f"{asked} on 3 May 9999", f"{asked} in December 0000", f"1 January {asked}"):
        near = dated(question, posted(*moments))
        assert near.shape == (len(moments),)
        assert ((near >= 0) & (near <= 1)).all()


def test_without_a_number_no_date_is_looked_for():
    assert dated("What happened then?", posted(day(2023, 8, 16) - timedelta(days=3))).tolist() == [0]
