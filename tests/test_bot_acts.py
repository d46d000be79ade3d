"""What words do, and questions for that: "What does @x suggest?", "What is the problem?"."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.acts import does
from bot.answer import Answer
from bot.assemble import DiggDeeper, assemble
from bot.inquiry import Act
from bot.settings import Settings

Ask = Callable[[str], Answer]
SAID = (
    ("s1", "runa_k", "Hello all, my boat heater stopped last night."),
    ("s2", "pim", "How old is it, and which fuel does it burn?"),
    ("s3", "runa_k", "It burns diesel. I want to sleep aboard on Friday, so I need it by then."),
    ("s4", "pim", "Clean the glow plug first. You should also check the filter."),
    ("s5", "lotte77", "We had a warm spring here."),
    ("s6", "runa_k", "The plug was clean and it still does not start."),
    ("s7", "pim", "Then replace the pump."),
    ("s8", "runa_k", "Thanks, that was it. Warm again!"),
)


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Iterator[Ask]:
    made: DiggDeeper = assemble(Settings(home=tmp_path_factory.mktemp("acts"), encoder_dir=encoder_home))
    comments = [
        {"id": i, "author": who, "text": text, "created_at": f"2026-04-02T10:{n:02}:00Z"}
        for n, (i, who, text) in enumerate(SAID)
    ]
    made.ingest(json.dumps({"id": "heater", "title": "A cold boat", "comments": comments}).encode())
    yield lambda question: made.ask(question, thread_ids=["heater"])
    made.close()


def cited(answer: Answer) -> list[str]:
    return [citation.comment_id for statement in answer.statements for citation in statement.citations]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What does @pim suggest?", ["s4", "s7"]),
        ("What is pim's advice?", ["s4", "s7"]),
        ("What advice did pim give?", ["s4", "s7"]),
        ("What did pim tell runa_k to do first?", ["s4"]),
        ("What did @pim recommend at last?", ["s7"]),
        ("What does pim ask?", ["s2"]),
        ("What does pim want to know?", ["s2"]),
        ("What does runa_k want?", ["s3"]),
        ("What does @runa_k need to do?", ["s3"]),
        ("What is runa_k's problem?", ["s1", "s6"]),
        ("What problem does runa_k have?", ["s1", "s6"]),
        ("What happened to runa_k?", ["s1", "s6"]),
        ("What does @runa_k say at last?", ["s8"]),
    ],
)
def test_what_one_person_does_is_answered_with_the_words_that_do_it(
    ask: Ask, question: str, expected: list[str]
) -> None:
    answer = ask(question)
    assert answer.kind == "says"
    assert cited(answer) == expected


@pytest.mark.parametrize("question", ["What should I do?", "How can they fix it?", "What was the solution?"])
def test_what_is_suggested_by_anybody(ask: Ask, question: str) -> None:
    assert set(cited(ask(question))) == {"s4", "s7"}


@pytest.mark.parametrize("question", ["What is the problem?", "What went wrong?"])
def test_what_anybody_has_trouble_with(ask: Ask, question: str) -> None:
    assert {"s1", "s6"} <= set(cited(ask(question)))


def test_who_asks_nothing_is_said_to_ask_nothing(ask: Ask) -> None:
    answer = ask("What does lotte77 ask?")
    assert answer.abstained
    assert [citation.comment_id for citation in answer.nearest] == ["s5"]


def test_who_suggests_nothing_in_so_many_words_is_shown_as_what_they_say(ask: Ask) -> None:
    answer = ask("What does lotte77 suggest?")
    assert cited(answer) == ["s5"]
    assert answer.lead.startswith("@lotte77")


def test_a_suggestion_with_a_subject_is_looked_for_by_its_subject(ask: Ask) -> None:
    assert cited(ask("What does pim suggest about the pump?"))[0] == "s7"


@pytest.mark.parametrize(
    ("sentence", "act", "whether"),
    [
        ("Try another cable.", "suggests", True),
        ("ok, now run the update", "suggests", True),
        ("You could take the earlier train.", "suggests", True),
        ("How about the library?", "suggests", True),
        ("The train was late.", "suggests", False),
        ("Use of salt has doubled.", "suggests", True),
        ("does anyone know how to open it", "asks", True),
        ("Anyone can open it.", "asks", False),
        ("I'd like a seat by the window.", "wants", True),
        ("The seat was by the window.", "wants", False),
        ("It won't start.", "tells of trouble", True),
        ("it does n't start", "tells of trouble", True),
        ("It starts at once.", "tells of trouble", False),
    ],
)
def test_cues_of_acts(sentence: str, act: Act, whether: bool) -> None:
    assert does(sentence, act) is whether


def test_only_loosely_is_it_trouble_that_something_cannot_be() -> None:
    assert not does("We cannot stay all night.", "tells of trouble")
    assert does("We cannot stay all night.", "tells of trouble", loosely=True)
