"""What a comment asserts of a question's words: its own statements, and what was put to its author just before."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pytest

from bot.grounds import grounds, rarities, weights
from bot.scope import Floats, Scope
from corpus.thread import Author, Comment, Thread
from index.lexical import terms

WHEN = datetime(2026, 3, 1, tzinfo=UTC)
RARITY = {"kiln": 3.0, "crack": 1.0}


def embed(texts: Sequence[str]) -> Floats:
    return np.ones((len(texts), 1), dtype=np.float32)


def post(at: str, who: str | None, text: str, parent: str | None = None, **more: object) -> Comment:
    author = Author.of_handle("x", who) if who else None
    return Comment.model_validate(
        {"id": at, "thread_id": "t", "parent_id": parent, "author": author, "text": text, **more}
    )


CHAT = (post("1", "ann", "Morning."), post("2", "bo", "Hello."), post("3", "ann", "Tea."), post("4", "bo", "Gladly."))
"""Two people who talk in turns, so that what stands before a comment is what it answers."""


def scope(*comments: Comment) -> Scope:
    thread = Thread(id="t", source="x", comments=comments, fetched_at=WHEN)
    return Scope(
        {"t": thread},
        rank=lambda _question, _most, _only: [],
        rarity=lambda term: RARITY.get(term, 0.0),
        presence=lambda _term: 1.0,
        embed=embed,
    )


def asserted(words: str, *comments: Comment) -> list[bool]:
    """Of each comment, whether it asserts all of the words."""
    asked = tuple(dict.fromkeys(terms(words)))
    return [bool(row.all()) for row in grounds(asked, comments, scope(*comments))]


def test_a_statement_asserts_its_words() -> None:
    assert asserted("cracked kiln", post("1", "bo", "The kiln cracked on Monday.")) == [True]
    assert asserted("cracked kiln", post("1", "bo", "The kiln works.")) == [False]


@pytest.mark.parametrize(
    "asking", ["Has the kiln cracked?", "the kiln cracked??", "“Has the kiln cracked?”", "窯 kiln cracked？"]
)
def test_a_question_asserts_nothing(asking: str) -> None:
    assert asserted("cracked kiln", post("1", "bo", asking)) == [False]


def test_a_statement_beside_a_question_is_asserted() -> None:
    assert asserted("cracked kiln", post("1", "bo", "Why me? The kiln cracked. Who can help?")) == [True]


def test_yes_asserts_what_was_asked_just_before_in_a_talk() -> None:
    said = *CHAT, post("5", "ann", "So has the kiln cracked?"), post("6", "bo", "Yes, on Monday.")
    assert asserted("cracked kiln", *said) == [False] * 5 + [True]


def test_yes_asserts_what_its_parent_asks_in_a_tree_and_nothing_of_its_neighbour() -> None:
    said = (
        post("1", "ann", "Has the kiln cracked?"),
        post("2", "cy", "Has the boat sunk?", "1"),
        post("3", "bo", "Yes.", "1"),
        post("4", "bo", "Yes.", "2"),
    )
    assert asserted("cracked kiln", *said) == [False, True, True, False]


def test_nobody_confirms_their_own_question() -> None:
    said = *CHAT, post("5", "bo", "Has the kiln cracked?"), post("6", "bo", "Yes.")
    assert asserted("cracked kiln", *said) == [False] * 6


def test_what_was_said_before_is_not_asserted_by_who_answers_it() -> None:
    said = *CHAT, post("5", "ann", "The kiln cracked."), post("6", "bo", "I see.")
    assert asserted("cracked kiln", *said) == [False] * 4 + [True, False]


def test_a_deleted_question_lends_nothing() -> None:
    said = *CHAT, post("5", "ann", "Has the kiln cracked?", deleted=True), post("6", "bo", "Yes.")
    assert asserted("cracked kiln", *said)[-1] is False


def test_words_that_are_only_quoted_are_not_asserted() -> None:
    quoting = post("1", "bo", "> The kiln cracked.\nNo idea who says so.", quoted=((0, 19),))
    assert asserted("cracked kiln", quoting) == [False]


def test_nothing_asked_or_nothing_said() -> None:
    assert grounds((), [post("1", "bo", "The kiln cracked.")], scope(post("1", "bo", "The kiln cracked."))).shape == (
        1,
        0,
    )
    assert grounds(("kiln",), [], scope()).shape == (0, 1)
    assert grounds(("kiln",), [post("1", "bo", "Really?")], scope(post("1", "bo", "Really?"))).tolist() == [[0.0]]


def test_rare_words_weigh_more_and_weights_are_shares() -> None:
    asked = ("kiln", "crack")
    assert rarities(asked, scope()).tolist() == [3.0, 1.0]
    assert weights(asked, scope()).tolist() == [0.75, 0.25]
    assert weights(("the",), scope()).tolist() == [0.0]
