"""How many speak warmly, how many coldly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_bot_viewpoints import rankings, said

from bot.ranking import Rankings
from bot.sentiment import Sides, sides, tone
from corpus.thread import Thread

__all__ = ["rankings"]

WARM = (
    "I love the night ferry, a wonderful way home.",
    "The crew is friendly and the coffee is great.",
    "What a beautiful boat, I enjoyed every trip on the ferry.",
)
COLD = ("The ferry is terrible and its crew is rude to everybody.", "An awful noise and dangerous stairs on that boat.")
NEUTRAL = ("The ferry leaves at nine from the second quay.", "Tickets are sold in the hall at the quay.")


def judged(rankings: Rankings, thread: Thread) -> Sides:
    return sides(thread, rankings.passing_scope(thread))


def test_shares_are_of_all_commenters_and_quotes_are_exact(rankings: Rankings) -> None:
    thread = said(*WARM, *COLD, *NEUTRAL)
    found = judged(rankings, thread)
    assert found.shares == (3 / 7, 2 / 7)
    assert set(found.positive.members) == {"c0", "c1", "c2"}
    assert set(found.negative.members) == {"c3", "c4"}
    for side in (found.positive, found.negative):
        assert 1 <= len(side.quotes) <= 2
        for quote in side.quotes:
            assert quote.comment_id in side.members
            assert quote.quote in thread.by_id[quote.comment_id].text


def test_a_commenter_counts_once_however_often_they_post(rankings: Rankings) -> None:
    found = judged(rankings, said(*[(f"{COLD[0]} Again {n}.", "loud") for n in range(50)], *WARM))
    assert found.shares == (3 / 4, 1 / 4)


def test_one_text_by_fifty_commenters_is_one_voice(rankings: Rankings) -> None:
    found = judged(rankings, said(*[COLD[0]] * 50, *WARM))
    assert (found.voices, found.shares) == (4, (3 / 4, 1 / 4))


def test_what_a_post_only_quotes_has_no_tone_of_its_own(rankings: Rankings) -> None:
    thread = said(*NEUTRAL, "x")
    quoting = thread.comments[2].model_copy(
        update={"text": f"> {COLD[0]}\nAt the quay.", "quoted": ((0, len(COLD[0]) + 2),)}
    )
    found = judged(rankings, thread.model_copy(update={"comments": (*thread.comments[:2], quoting)}))
    assert found.negative.voices == 0


def test_the_words_of_the_title_are_what_all_speak_of_and_have_no_tone() -> None:
    assert tone("The war on rats began in May.") < 0
    assert tone("The war on rats began in May.", apart=frozenset({"war"})) == 0


@pytest.mark.parametrize("posts", [(), (WARM[0],), (WARM[0], COLD[0])])
def test_too_few_voices_have_no_shares(rankings: Rankings, posts: tuple[str, ...]) -> None:
    assert judged(rankings, said(*posts)).shares is None


@given(st.text())
def test_any_text_has_a_tone(text: str) -> None:
    assert -1 <= tone(text) <= 1


def test_a_side_is_shown_by_statements_about_the_subject_and_else_by_nothing(rankings: Rankings) -> None:
    loud = (
        "What a happy, wonderful and great morning, hello from the friendly baker!",
        "Terrible awful noodles, a horrible war of soups.",
        "The ferry is a great help for the island.",
        "Enjoy the ferry, the best and finest of all, hooray!",
    )
    found = judged(rankings, said(*loud, *NEUTRAL))
    assert [quote.quote for quote in found.positive.quotes] == [loud[2]]
    assert found.negative.voices == 1
    assert found.negative.quotes == ()


def test_words_that_are_only_named_show_no_side(rankings: Rankings) -> None:
    named = ("The war of the ferry companies began in 1981.", "The ferry of the support union is strong and sure.")
    found = judged(rankings, said(*named, *NEUTRAL))
    assert found.positive.quotes == found.negative.quotes == ()


@pytest.mark.parametrize(
    "words",
    [
        "Our verdict on the ferry: it is free bread at a restaurant.",
        "The ferry is nearly free and the cheap seats of the ferry are a bargain.",
    ],
)
def test_a_price_is_no_praise(rankings: Rankings, words: str) -> None:
    assert judged(rankings, said(words, *NEUTRAL)).positive.quotes == ()


def test_what_many_speak_of_shows_no_side_by_being_named(rankings: Rankings) -> None:
    named = [f"The Progress yard builds the ferry {when}." for when in ("at nine", "until five", "in May")]
    alone = judged(rankings, said(named[0], *NEUTRAL))
    assert [quote.quote for quote in alone.positive.quotes] == [named[0]]
    assert judged(rankings, said(*named, *NEUTRAL)).positive.quotes == ()
