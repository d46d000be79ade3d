"""Where two people talk: what the other one said is no answer to a question about the one who is asked about."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.answer import Answer
from bot.assemble import DiggDeeper, assemble
from bot.settings import Settings
from bot.whose import pair
from corpus.thread import Author, Candidate, Comment

Ask = Callable[[str, str], Answer]
"""(thread id, question)."""

TWO = [
    ("petra", "Morning Joris! How was your weekend?"),
    ("joris", "Busy. I took up pottery, the first bowl came out of the kiln cracked."),
    ("petra", "Ha, that happens. I went sailing with my sister on the lake, we nearly capsized."),
    ("joris", "Was it windy?"),
    ("petra", "Very. The mast bent, the repair costs four hundred euros."),
    ("joris", "Ouch. My kiln cost less than that, I bought it second hand in Ghent."),
    ("petra", "Do you still teach chess at the library on Thursdays?"),
    ("joris", "Yes, every week, twelve children come by now."),
    ("petra", "Lovely. I am learning Portuguese for the trip to Porto in May."),
    ("joris", "How do you learn it?"),
    ("petra", "With an evening course and a neighbour who grew up in Braga."),
    ("joris", "My brother drives a tram, he says the new line opens in June."),
    ("petra", "Then I can finally leave the car at home."),
    ("joris", "I roast my own coffee beans now, the kitchen smells of smoke for days."),
]


def talk(thread_id: str, said: list[tuple[str | None, str]]) -> dict[str, Any]:
    return {
        "id": thread_id,
        "source": "chat",
        "title": "",
        "comments": [
            {"id": f"m{place}", "author": author, "text": text, "created_at": f"2026-02-01T10:{place:02}:00Z"}
            for place, (author, text) in enumerate(said)
        ],
    }


def of(author: str | None) -> list[tuple[str | None, str]]:
    """The same talk, with what Joris says of his family by another author."""
    return [(author if "brother" in text else who, text) for who, text in TWO]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Iterator[Ask]:
    made: DiggDeeper = assemble(Settings(home=tmp_path_factory.mktemp("two"), encoder_dir=encoder_home))
    for thread in (talk("two", of("joris")), talk("three", of("brother_bram")), talk("unnamed", of(None))):
        made.ingest(json.dumps(thread).encode())
    yield lambda thread_id, question: made.ask(question, thread_ids=[thread_id])
    made.close()


def cited(answer: Answer) -> list[str]:
    return [citation.comment_id for statement in answer.statements for citation in statement.citations]


@pytest.mark.parametrize(
    ("question", "nearest"),
    [
        ("Where did Joris go sailing with his sister?", "m2"),
        ("What broke on Joris's boat when the mast bent?", "m4"),
        ("Where did Petra buy her kiln?", "m5"),
        ("How many children come to Petra's chess lessons at the library?", "m7"),
        ("Why does Joris learn Portuguese?", "m8"),
    ],
)
def test_what_the_other_one_said_is_declined_and_offered(ask: Ask, question: str, nearest: str) -> None:
    answer = ask("two", question)
    assert answer.abstained
    assert (answer.reason or "").startswith("Of the two who talk here, ")
    assert nearest in [citation.comment_id for citation in answer.nearest]
    assert answer.statements == ()


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Where did Petra go sailing with her sister?", "m2"),
        ("Where did Joris buy his kiln?", "m5"),
        ("Why does Petra learn Portuguese?", "m8"),
        ("What does Joris's brother drive?", "m11"),
    ],
)
def test_what_the_one_asked_about_said_answers(ask: Ask, question: str, said: str) -> None:
    answer = ask("two", question)
    assert not answer.abstained
    assert said in cited(answer)


def test_yes_to_what_the_other_one_asks_is_said_by_who_says_yes(ask: Ask) -> None:
    answer = ask("two", "Does Joris teach chess at the library?")
    assert not answer.abstained
    assert "m7" in cited(answer)


def test_with_a_third_person_it_is_not_told_whose_words_they_are(ask: Ask) -> None:
    assert not (ask("three", "Where did Petra buy her kiln?").reason or "").startswith("Of the two")


def test_with_unnamed_posts_it_is_not_told_whose_words_they_are(ask: Ask) -> None:
    assert not (ask("unnamed", "Where did Petra buy her kiln?").reason or "").startswith("Of the two")


def test_a_question_that_names_both_or_neither_is_asked_of_the_whole_talk(ask: Ask) -> None:
    for question in ("Where was the kiln bought?", "Did Petra ask Joris about the chess lessons at the library?"):
        assert not (ask("two", question).reason or "").startswith("Of the two")


# Who the two are


def said(who: Author | None, at: str, **more: object) -> Comment:
    told: dict[str, object] = {"id": at, "thread_id": "t", "author": who, "text": "I went sailing.", **more}
    return Comment.model_validate(told | {"posted_at": datetime(2026, 1, 1, tzinfo=UTC)})


ANN = Author(id="x:1", handle="ann_sails", name="Ann Marie Vos")
BO = Author(id="x:2", handle="bo.k", name="Bo")
CY = Author.of_handle("x", "cy")


@pytest.mark.parametrize("name", ["ann_sails", "@ann_sails", "Ann Marie Vos", "ANN_SAILS", "Marie"])
def test_the_one_asked_about_is_known_by_every_name(name: str) -> None:
    two = pair(f"Where did {name} go?", [said(ANN, "1"), said(BO, "2"), said(ANN, "3")])
    assert two is not None
    assert (two.asked, two.other) == (ANN, BO)


@pytest.mark.parametrize(
    "comments",
    [
        [said(ANN, "1")],
        [said(ANN, "1"), said(BO, "2"), said(CY, "3")],
        [said(ANN, "1"), said(BO, "2"), said(None, "3")],
        [said(ANN, "1"), said(None, "2", author_candidate=Candidate(author=BO, ground="the page names bo"))],
        [],
    ],
)
def test_no_two_people_no_judgement(comments: list[Comment]) -> None:
    assert pair("Where did Ann Marie Vos go?", comments) is None


@pytest.mark.parametrize("question", ["Where did they go?", "Did @ann_sails meet @bo.k?", "Where did @dee go?", ""])
def test_exactly_one_of_the_two_has_to_be_named(question: str) -> None:
    assert pair(question, [said(ANN, "1"), said(BO, "2")]) is None
