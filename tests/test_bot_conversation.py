"""A conversation remembers its last turns, in order, and nothing of another's."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from record_stores import KINDS, empty_store
from strategies import names, words

from bot.history.conversations import Conversations
from bot.values.turn import Turn
from corpus.errors import InvalidRequest
from corpus.records.store import ThreadStore

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ThreadStore]:
    with empty_store(request.param, tmp_path) as opened:
        yield opened


@pytest.fixture
def conversations(store: ThreadStore) -> Conversations:
    return Conversations(store.engine)


def turn(n: int) -> Turn:
    asked_at = NOON + timedelta(minutes=n)
    return Turn(question=f"And {n}?", standalone=f"What of {n}?", answer_id=f"a{n}", asked_at=asked_at)


def test_an_unknown_conversation_has_no_turns(conversations: Conversations) -> None:
    assert conversations.turns("nobody") == ()
    assert conversations.turns("\ud800" * 1_000) == ()


def test_turns_come_back_oldest_first(conversations: Conversations) -> None:
    for n in range(3):
        conversations.add("one", turn(n))
        conversations.add("other", turn(n + 50))
    assert conversations.turns("one") == (turn(0), turn(1), turn(2))


@pytest.mark.parametrize(("last", "first"), [(1, 11), (5, 7), (12, 0), (99, 0)])
def test_only_the_last_turns_are_told(conversations: Conversations, last: int, first: int) -> None:
    for n in range(12):
        conversations.add("one", turn(n))
    assert conversations.turns("one", last=last) == tuple(map(turn, range(first, 12)))
    assert conversations.turns("one") == tuple(map(turn, range(2, 12)))
    assert conversations.turns("one", last=0) == ()


def test_turns_are_there_after_a_restart(tmp_path: Path) -> None:
    for n in range(2):
        with empty_store("sqlite", tmp_path) as store:
            Conversations(store.engine).add("one", turn(n))
    with empty_store("sqlite", tmp_path) as store:
        assert Conversations(store.engine).turns("one") == (turn(0), turn(1))


def test_the_order_is_of_adding_whatever_the_clock_says(conversations: Conversations) -> None:
    conversations.add("one", turn(9))
    conversations.add("one", turn(1))
    assert conversations.turns("one") == (turn(9), turn(1))


def test_a_time_of_any_zone_is_the_same_moment(conversations: Conversations) -> None:
    there = Turn(question="?", standalone="?", answer_id="a", asked_at=NOON.astimezone(timezone(timedelta(hours=9))))
    conversations.add("one", there)
    assert conversations.turns("one") == (there,)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(conversation_id=names, question=words, standalone=words, answer_id=names)
def test_any_words_come_back(
    conversations: Conversations, conversation_id: str, question: str, standalone: str, answer_id: str
) -> None:
    made = Turn(question=question, standalone=standalone, answer_id=answer_id, asked_at=NOON)
    conversations.add(conversation_id, made)
    assert conversations.turns(conversation_id, last=1) == (made,)


@pytest.mark.parametrize("conversation_id", ["", "x" * 201])
def test_an_id_that_cannot_be_kept_is_refused(conversations: Conversations, conversation_id: str) -> None:
    with pytest.raises(InvalidRequest, match=f"{len(conversation_id)} characters") as caught:
        conversations.add(conversation_id, turn(1))
    assert caught.value.next_step
