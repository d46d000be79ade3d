"""Which turn of a talk answers a question that was put in it, and whether any does."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import threads

from corpus.thread import Author, Comment
from index.ranking.answering import FEATURES, REACH, WEIGHTS, answers, anyone_answers, turns_after

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def talk(*said: tuple[str, str]) -> list[Comment]:
    """(who, words) a turn."""
    return [
        Comment(id=str(n), thread_id="t", author=Author(id=f"x:{who}", handle=who), text=text, posted_at=NOW)
        for n, (who, text) in enumerate(said)
    ]


def test_an_answer_without_a_word_of_its_question_is_found_before_small_talk_around_it() -> None:
    said = talk(
        ("mirre", "Is seven the best mark?"),
        ("mirre", "Okay."),
        ("tor", "No, seven means false and one means true."),
        ("mirre", "Okay."),
        ("ulla", "Where is the charger?"),
    )
    likely = answers("Is seven the best mark?", 0, said, None)
    assert max(likely, key=likely.__getitem__) == 2
    assert likely[2] > 0.5 > likely[3] > likely[4]


def test_a_yes_of_the_next_speaker_answers_and_the_same_word_later_does_not() -> None:
    said = talk(("mirre", "Are we done?"), ("tor", "Yes."), ("ulla", "My battery is empty."), ("tor", "Yes."))
    likely = answers("Are we done?", 0, said, None)
    assert likely[1] > 3 * likely[3]


def test_nearness_in_meaning_counts_where_it_is_known() -> None:
    said = talk(("mirre", "Which colour?"), ("tor", "Lemon would suit the kitchen."), ("ulla", "It is late."))
    near, far = (answers("Which colour?", 0, said, np.array([1, cosine, 0.1]))[1] for cosine in (0.6, 0.0))
    assert near > far


def test_nobody_answers_where_only_questions_follow() -> None:
    said = talk(("mirre", "Who goes first?"), ("tor", "Is this on?"), ("ulla", "Hm?"), ("tor", "Can you hear me?"))
    assert anyone_answers(list(answers("Who goes first?", 0, said, None).values())) < 0.3


def test_there_is_a_weight_for_each_feature() -> None:
    assert len(WEIGHTS) == len(FEATURES)


@given(threads(), st.text(max_size=60))
def test_any_talk_and_question_give_likelihoods_of_the_next_turns(thread, question) -> None:  # type: ignore[no-untyped-def]
    comments = thread.comments
    for place in range(len(comments)):
        likely = answers(question, place, comments, None)
        assert list(likely) == list(range(place + 1, min(len(comments), place + 1 + REACH)))
        assert all(0 <= share <= 1 for share in likely.values())
        assert all(len(turn.features) == len(FEATURES) for turn in turns_after(question, place, comments, None))


@pytest.mark.parametrize("likely", [[], [0.0], [1.0, 0.2], [0.5, 0.5]])
def test_anyone_is_one_less_nobody(likely: list[float]) -> None:
    nobody = np.prod([1 - share for share in likely]) if likely else 1.0
    assert anyone_answers(likely) == pytest.approx(1 - nobody)
