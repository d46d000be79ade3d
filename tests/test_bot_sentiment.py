"""How many commenters write in a positive tone, how many in a negative one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_bot_viewpoints import said

from bot.evidence.tone import sides, tone

WARM = (
    "I love the night ferry, a wonderful way home.",
    "The crew is friendly and the coffee is great.",
    "What a beautiful boat, I enjoyed every trip on the ferry.",
)
COLD = ("The ferry is terrible and its crew is rude to everybody.", "An awful noise and dangerous stairs on that boat.")
NEUTRAL = ("The ferry leaves at nine from the second quay.", "Tickets are sold in the hall at the quay.")


def test_shares_are_of_all_commenters() -> None:
    found = sides(said(*WARM, *COLD, *NEUTRAL))
    assert found.shares == (3 / 7, 2 / 7)
    assert set(found.positive.members) == {"c0", "c1", "c2"}
    assert set(found.negative.members) == {"c3", "c4"}


def test_a_commenter_counts_once_however_often_they_post() -> None:
    found = sides(said(*[(f"{COLD[0]} Again {n}.", "loud") for n in range(50)], *WARM))
    assert found.shares == (3 / 4, 1 / 4)


def test_one_text_by_fifty_commenters_is_one_voice() -> None:
    found = sides(said(*[COLD[0]] * 50, *WARM))
    assert (found.voices, found.shares) == (4, (3 / 4, 1 / 4))


def test_what_a_post_only_quotes_has_no_tone_of_its_own() -> None:
    thread = said(*NEUTRAL, f"> {COLD[0]}\nAt the quay.", f"They write {COLD[1]} at the quay.")
    within = thread.comments[3].model_copy(update={"quoted": ((11, 11 + len(COLD[1])),)})
    found = sides(thread.model_copy(update={"comments": (*thread.comments[:3], within)}))
    assert (found.voices, found.negative.voices) == (4, 0)


def test_the_words_of_the_title_are_what_all_write_about_and_have_no_tone() -> None:
    assert tone("The war on rats began in May.") < 0
    assert tone("The war on rats began in May.", apart=frozenset({"war"})) == 0


@pytest.mark.parametrize("posts", [(), (WARM[0],), (WARM[0], COLD[0])])
def test_too_few_voices_have_no_shares(posts: tuple[str, ...]) -> None:
    assert sides(said(*posts)).shares is None


@given(st.text())
def test_any_text_has_a_tone(text: str) -> None:
    assert -1 <= tone(text) <= 1


@pytest.mark.parametrize(
    "text", ["😀" * 10_000, "😀 " * 10_000, "a😀b" * 10_000, "".join(map(chr, range(0x1F300, 0x1FAFF)))]
)
def test_thousands_of_emoji_are_rated_quickly(text: str) -> None:
    assert tone(text) >= 0


def test_a_few_emoji_have_a_tone() -> None:
    assert tone("😀") > 0 > tone("😭")
