"""The most and the least of what the data tells."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.answer import Finding
from bot.measures import standing
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


@given(st.lists(st.none() | st.integers(-5, 5), max_size=8), st.booleans())
def test_places_hold_every_known_post_once_in_order(likes: list[int | None], least: bool) -> None:
    some = threads(*(post(n, f"u{n}", likes=value) for n, value in enumerate(likes)))
    found = standing(Finding(measure="likes", least=least), some)
    values = [place.value for place in found.places]
    assert values == sorted(values, reverse=not least)
    assert sum(len(place.comments) for place in found.places) == found.known == sum(v is not None for v in likes)
