"""The most and the least of what the data tells."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evidence.measures import standing
from bot.values.answer import Finding
from corpus.thread import Author, Comment, Engagement, Thread

WHEN = datetime(2026, 3, 1, tzinfo=UTC)


def post(
    n: int, who: str | None, text: str = "a word", *, likes: int | None = None, parent: int | None = None
) -> Comment:
    return Comment(
        id=str(n),
        thread_id="t",
        parent_id=None if parent is None else str(parent),
        author=Author.of_handle("x", who) if who else None,
        text="a word",
        engagement=Engagement(likes=likes),
        posted_at=WHEN + timedelta(minutes=n),
    )


def threads(*comments: Comment) -> dict[str, Thread]:
    return {"t": Thread(id="t", source="x", comments=comments, fetched_at=WHEN)}


def test_ties_share_a_place_and_what_is_not_given_is_missing() -> None:
    found = standing(
        Finding(measure="likes"),
        threads(post(1, "ann", likes=3), post(2, "bo", likes=5), post(3, "cy"), post(4, "di", likes=5)),
    )
    assert [[c.id for c in place.comments] for place in found.places] == [["2", "4"], ["1"]]
    assert (found.known, found.compared) == (3, 4)
    assert len(found.first(1)) == 1
    assert len(found.first(3)) == 2


def test_a_source_without_figures_has_no_places() -> None:
    assert standing(Finding(measure="likes"), threads(post(1, "ann"))).places == ()


def test_people_are_ranked_by_their_posts_and_by_replies_of_others() -> None:
    some = threads(post(1, "ann"), post(2, "ann", parent=1), post(3, "bo", parent=1), post(4, None), post(5, "bo"))
    posts = standing(Finding(measure="posts"), some).places
    assert [[a.handle for a in place.authors] for place in posts] == [["ann", "bo"]]
    got = standing(Finding(measure="replies got"), some).places[0]
    assert ([a.handle for a in got.authors], got.value) == (["ann"], 1)


def test_only_what_is_compared_counts() -> None:
    some = threads(post(1, "ann"), post(2, "bo"), post(3, "cy"))
    last = standing(Finding(measure="time", among=(("t", "1"), ("t", "2"), ("u", "3"), ("t", "9"))), some)
    assert [c.id for c in last.places[0].comments] == ["2"]


def test_without_all_times_the_order_of_the_page_is_all_there_is() -> None:
    timeless = post(2, "bo").model_copy(update={"posted_at": None})
    found = standing(Finding(measure="time", least=True), threads(post(5, "ann"), timeless))
    assert found.by_order
    assert [c.id for c in found.places[0].comments] == ["5"]


def test_no_reply_is_first_before_what_it_answers() -> None:
    same = post(1, "bo", parent=2).model_copy(update={"posted_at": WHEN})
    some = threads(same, post(2, "ann").model_copy(update={"posted_at": WHEN}), post(3, "cy"))
    found = standing(Finding(measure="time", least=True), some)
    assert [[c.id for c in place.comments] for place in found.places] == [["2"], ["1"], ["3"]]


def test_no_reply_is_first_before_what_it_answers_where_the_page_shows_it_above() -> None:
    posts = (
        post(1, "bo"),
        post(2, "ann"),
        post(3, "cy"),
        post(4, "di", parent=3),
        post(5, "ed", parent=6),
        post(6, "flo"),
    )
    addressing = posts[0].model_copy(update={"addressed": ("ann",)})
    timeless = [p.model_copy(update={"posted_at": None}) for p in (addressing, *posts[1:])]
    first = standing(Finding(measure="time", least=True), threads(*timeless))
    assert [place.comments[0].id for place in first.places] == ["2", "1", "3", "4", "6", "5"]
    assert standing(Finding(measure="time"), threads(*timeless)).places[0].comments[0].id == "5"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It's a well-known fact.", 4),
        ("开放权重不是慈善，只是广告。", 12),
        ("小さなモデル GPT-9 is here", 9),
        ("ราคาถูกมาก", 2),
        ("안녕 여러분", 2),
    ],
)
def test_words_are_counted_where_no_spaces_are_written(text: str, words: int) -> None:
    comment = post(1, "ann").model_copy(update={"text": text})
    assert standing(Finding(measure="length"), threads(comment)).places[0].value == words


@given(st.lists(st.none() | st.integers(-5, 5), max_size=8), st.booleans())
def test_places_hold_every_known_post_once_in_order(likes: list[int | None], least: bool) -> None:
    some = threads(*(post(n, f"u{n}", likes=value) for n, value in enumerate(likes)))
    found = standing(Finding(measure="likes", least=least), some)
    values = [place.value for place in found.places]
    assert values == sorted(values, reverse=not least)
    assert sum(len(place.comments) for place in found.places) == found.known == sum(v is not None for v in likes)
