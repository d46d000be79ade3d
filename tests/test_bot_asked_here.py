"""A question that was put in a talk in these very words: who answered it, or that nobody clearly did."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.answer import Answer
from bot.assemble import DiggDeeper, assemble
from bot.settings import Settings

Ask = Callable[..., Answer]
TURNS = (
    ("m1", "ove", "Good morning, let us begin."),
    ("m2", "ove", "Who wants to keep the minutes today?"),
    ("m3", "sanna", "I did it last week."),
    ("m4", "bert", "I will do it then."),
    ("m5", "ove", "Okay."),
    ("m6", "sanna", "The paint for the hall has arrived, eleven buckets of it."),
    ("m7", "bert", "How many brushes do we need?"),
    ("m8", "ove", "Is there coffee left?"),
    ("m9", "sanna", "Hm?"),
    ("m10", "ove", "Next item."),
    ("m11", "sanna", "Does the roof leak again?"),
    ("m12", "bert", "No, it holds since the repair."),
    ("m13", "ove", "Good."),
)


def talk(thread_id: str) -> bytes:
    comments = [
        {"id": i, "author": who, "text": text, "created_at": f"2026-04-02T10:{n:02}:00Z"}
        for n, (i, who, text) in enumerate(TURNS)
    ]
    return json.dumps({"id": thread_id, "title": "Meeting of the allotment", "comments": comments}).encode()


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Iterator[Ask]:
    made: DiggDeeper = assemble(Settings(home=tmp_path_factory.mktemp("asked"), encoder_dir=encoder_home))
    made.ingest(talk("allotment"))
    yield lambda question, **more: made.ask(question, thread_ids=["allotment"], **more)
    made.close()


def cited(answer: Answer) -> list[str]:
    return [citation.comment_id for statement in answer.statements for citation in statement.citations]


def test_whoever_answered_is_cited_first_though_no_word_is_the_same(ask: Ask) -> None:
    assert cited(ask("Who wants to keep the minutes today?"))[0] in {"m3", "m4"}
    assert cited(ask("does the roof leak again"))[0] == "m12"


def test_the_question_itself_and_what_came_before_it_are_no_answer(ask: Ask) -> None:
    assert not {"m1", "m2"} & set(cited(ask("Who wants to keep the minutes today?")))


def test_a_question_that_only_questions_follow_was_left_open(ask: Ask) -> None:
    answer = ask("How many brushes do we need?")
    assert answer.abstained
    assert answer.reason == "Somebody asks that here, and no turn after it is clearly an answer."
    assert answer.count is None
    assert {citation.comment_id for citation in answer.nearest} <= {"m8", "m9", "m10", "m11", "m12", "m13"}


def test_the_question_may_be_left_out_of_what_is_looked_at(ask: Ask) -> None:
    assert cited(ask("Does the roof leak again?", exclude=["m11"]))[0] == "m12"


def test_in_other_words_it_is_read_as_any_question(ask: Ask) -> None:
    assert ask("How many people speak of paint?").kind == "count"


def test_the_last_turn_may_be_the_question(tmp_path: Path, encoder_home: Path) -> None:
    product = assemble(Settings(home=tmp_path, encoder_dir=encoder_home))
    turns = [{"id": str(n), "author": "ab"[n % 2], "text": f"Turn {n} of the talk."} for n in range(6)]
    last = {"id": "q", "author": "a", "text": "Shall we move the fence?"}
    product.ingest(json.dumps({"id": "t", "title": "Fence", "comments": [*turns, last]}).encode())
    answer = product.ask("Shall we move the fence?", thread_ids=["t"])
    product.close()
    assert answer.abstained
    assert answer.nearest == ()
