"""When something was posted, what came before and after: with the times of the source, and in a talk without any."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.product.assemble import DiggDeeper, assemble
from bot.settings import Settings
from bot.values.answer import Answer

TALK = [
    ("a", "bea", "Did you paint the boat shed?"),
    ("b", "tom", "Yes, green, and then the storm took the roof off."),
    ("c", "bea", "Oh no. Were the canoes inside?"),
    ("d", "tom", "Two of them, both dented."),
    ("e", "bea", "I can lend you my trailer."),
    ("f", "tom", "Thank you, Sunday would be good."),
]
LOG = [
    ("p", "bea", "2026-03-02T09:00:00Z", "The pump is loud tonight."),
    ("q", "tom", "2026-03-03T18:30:00Z", "I oiled the pump."),
    ("r", "ula", "2026-03-04T08:00:00Z", "Quiet at last, well done."),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Iterator[DiggDeeper]:
    product = assemble(Settings(home=tmp_path_factory.mktemp("times"), encoder_dir=encoder_home))
    talk = [{"id": n, "author": who, "text": text} for n, who, text in TALK]
    log = [{"id": n, "author": who, "created_at": when, "text": text} for n, who, when, text in LOG]
    for name, comments in (("talk", talk), ("log", log)):
        product.ingest(json.dumps({"id": name, "source": "forum", "title": name, "comments": comments}).encode())
    yield product
    product.close()


def cited(answer: Answer) -> list[str]:
    return [citation.comment_id for statement in answer.statements for citation in statement.citations]


@pytest.mark.parametrize(
    ("question", "posts"),
    [
        ("What happened after 18:00 on 3 March?", ["q", "r"]),
        ("What happened after 3 March?", ["r"]),
        ("How did people react after 3 March?", ["r"]),
        ("What happened on 3 March?", ["q"]),
        ("What happened before 3 March?", ["p"]),
    ],
)
def test_what_happened_is_what_was_posted_then(made: DiggDeeper, question: str, posts: list[str]) -> None:
    answer = made.ask(question, thread_ids=["log"])
    assert (answer.kind, cited(answer)) == ("time", posts)


def test_without_times_the_answer_says_so_and_shows_what_fits(made: DiggDeeper) -> None:
    answer = made.ask("What happened after the storm took the roof off?", thread_ids=["talk"])
    assert answer.lead.startswith("The source gives no times of posting. What is said instead: @tom: ")
    assert cited(answer)[0] == "b"
    assert made.ask("When did @tom post?", thread_ids=["talk"]).lead.startswith("The source gives no times of posting.")


@pytest.mark.parametrize(
    "question", ["When was the shed painted?", "When did the storm start?", "When does the trailer come?"]
)
def test_a_time_that_only_the_words_can_tell_is_looked_for_in_them(made: DiggDeeper, question: str) -> None:
    answer = made.ask(question, thread_ids=["talk"])
    assert answer.kind == "open"
    assert "no times" not in answer.lead


def test_when_a_subject_was_mentioned_is_asked_of_all_posts(made: DiggDeeper) -> None:
    answer = made.ask("When was the pump mentioned?", thread_ids=["log"])
    assert answer.kind == "time"
    assert set(cited(answer)) <= {"p", "q"}
    assert "posted this on" in answer.lead
