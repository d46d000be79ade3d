"""Who is for, against, worried or joking: by explicit cues, of the subject that is asked about."""

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from test_bot_viewpoints import rankings

from bot import attitude
from bot.answer import Answer
from bot.assemble import DiggDeeper, assemble
from bot.inquiry import Attitude
from bot.kinds import attitudes, overview
from bot.manner import mocking
from bot.people import People
from bot.settings import Settings

__all__ = ["rankings"]


@pytest.mark.parametrize(
    ("words", "side"),
    [
        ("I support the night ferry.", "in favour"),
        ("Love the ferry, hate the fare.", None),
        ("I say this as a supporter of the ferry.", "in favour"),
        ("I am all for a new quay.", "in favour"),
        ("The new quay is a terrible mistake.", "against"),
        ("We do not want a second quay.", "against"),
        ("The quay should be scrapped.", "against"),
        ("That is not a bad idea.", "in favour"),
        ("I am not saying that I hate it.", None),
        ("They love the ferry in the south.", None),
        ("People who hate the ferry take the bus.", None),
        ("Support for the ferry is falling.", None),
        ("If I support the ferry, who pays?", None),
        ("Should I support the ferry?", None),
        ("Greetings from the harbour office, what a wonderful morning it was.", None),
        ("Wrong ferry, every single time.", None),
        ("The war of the quays began in 1981.", None),
        ("The captain won the race and laughed happily.", None),
    ],
)
def test_a_side_is_told_by_explicit_cues_and_never_by_tone(words: str, side: str | None) -> None:
    assert attitude.side(words) == side


@pytest.mark.parametrize("piece", ["well, ", "i just really ", "i love it ", "what a ", "the ", " ", "a"])
def test_whatever_is_repeated_is_judged_in_no_time(piece: str) -> None:
    begun = time.perf_counter()
    attitude.side(piece * 20_000)
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("I am worried about the ice.", True),
        ("Scared of the ice, to be honest.", True),
        ("The ice is a real danger.", True),
        ("They fear the ice.", False),
        ("I'm not worried about the ice.", False),
        ("The warning lamp is green.", False),
    ],
)
def test_of_a_fear_only_the_writers_own_counts(words: str, shown: bool) -> None:
    assert attitude.shows(words, "worried") is shown


@pytest.mark.parametrize(
    ("asked", "kind", "wanted", "subject"),
    [
        ("What are the arguments against the night ferry?", "who", "against", "the night ferry"),
        ("Arguments in favour of a new quay", "who", "in favour", "a new quay"),
        ("What are the benefits of the ferry?", "who", "in favour", "the ferry"),
        ("List the drawbacks of the ferry", "who", "against", "the ferry"),
        ("What are the risks of the ice?", "who", "worried", "the ice"),
        ("How many people support the ferry?", "count", "in favour", "the ferry"),
        ("Who opposes the ferry?", "who", "against", "the ferry"),
        ("What do critics say about the ferry?", "who", "against", "the ferry"),
        ("What do supporters of the ferry say?", "who", "in favour", "the ferry"),
        ("Who is joking?", "who", "joking", ""),
        ("Who jokes about the ferry?", "who", "joking", "the ferry"),
        ("How many comments are jokes?", "count", "joking", ""),
    ],
)
def test_one_side_is_asked_for_in_many_ways(asked: str, kind: str, wanted: Attitude, subject: str) -> None:
    found = overview.read(asked, People(()))
    assert found is not None
    assert (found.kind, found.attitude, found.subject) == (kind, wanted, subject)


@pytest.mark.parametrize(
    "asked",
    [
        "What are the reasons for the delay?",
        "Which replies support or confirm the claim in the opening post?",
        "Who supports the claim that the engine failed?",
        "How many people like this post?",
        "What is the case of the missing anchor?",
    ],
)
def test_what_only_sounds_like_it_is_no_question_for_a_side(asked: str) -> None:
    assert overview.read(asked, People(())) is None


def test_both_sides_are_both() -> None:
    for asked in ("Arguments for and against the ferry", "Pros and cons of the ferry", "What are both sides?"):
        found = overview.read(asked, People(()))
        assert found is not None
        assert (found.kind, found.attitude) == ("sides", None)


def test_who_is_for_is_read_by_its_name() -> None:
    found = attitudes.read("Who is against the ferry?", People(()))
    assert found is not None
    assert (found.kind, found.attitude, found.subject) == ("who", "against", "the ferry")


def test_a_voice_that_is_put_on_is_no_view_and_one_that_only_stammers_in_a_word_is_none() -> None:
    assert mocking("n-no, please, you cannot build a better quay")
    assert mocking("P-please do not lower my fare!")
    assert not mocking("The t-test of the T-bar says no. Say no-no to a b-side.")


# ---- through the whole product

POSTS: Sequence[tuple[str, str | None, str, str]] = (
    ("q1", None, "ana_quay", "The council wants a harbour tax for the night ferry, and cruise ships shall pay double."),
    ("q2", "q1", "bo_boats", "I support the harbour tax, somebody has to pay for the quay."),
    ("q3", "q1", "cleo_crew", "The harbour tax is a terrible idea."),
    ("q4", "q1", "dan_docks", "Wrong harbour, every single time! The gulls are awful and I hate the wind."),
    ("q5", "q1", "eva_engine", "The tax office opened before the harbour master was even elected."),
    ("q6", "q1", "finn_fares", "Terrible idea."),
    ("q7", "q3", "gil_gulls", "I love it."),
    ("q8", "q1", "hal_hull", "Oh great, another tax. What could go wrong /s"),
    ("q9", "q1", "iris_ice", "I am worried about the ice on the slipway."),
    ("q10", "q1", "jon_jetty", "They all love the harbour tax over in the capital."),
    ("q11", "q9", "kim_keel", "Ice closed the quay twice last winter, for three days each."),
    ("q12", "q1", "lou_lock", "n-no, the harbour tax is a terrible idea, who will pay for my p-p-precious yacht"),
)


@pytest.fixture(scope="module")
def harbour(encoder_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DiggDeeper]:
    home = tmp_path_factory.mktemp("harbour")
    product = assemble(Settings(home=home, encoder_dir=encoder_home))
    thread = {
        "id": "harbour",
        "source": "forum",
        "title": "A harbour tax for the night ferry",
        "comments": [{"id": at, "parent_id": up, "author": who, "text": text} for at, up, who, text in POSTS],
    }
    product.ingest(json.dumps(thread).encode(), name="harbour.json")
    yield product
    product.close()


def asked(product: DiggDeeper, question: str) -> Answer:
    return product.ask(question, thread_ids=["harbour"])


def cited(answer: Answer) -> set[str]:
    return {citation.comment_id for statement in answer.statements for citation in statement.citations}


def test_a_count_of_a_side_holds_only_who_takes_it_on_the_subject(harbour: DiggDeeper) -> None:
    against = asked(harbour, "How many are against the harbour tax?").count
    assert against is not None
    assert set(against.members) == {"q3", "q6"}
    assert against.unclear >= 1
    support = asked(harbour, "How many people support the harbour tax?").count
    assert support is not None
    assert set(support.members) == {"q2"}


def test_what_a_reply_to_one_side_points_at_is_open(harbour: DiggDeeper) -> None:
    assert "q7" not in cited(asked(harbour, "Who is in favour of the harbour tax?"))


def test_a_worry_about_something_else_is_none_about_the_subject(harbour: DiggDeeper) -> None:
    assert cited(asked(harbour, "Who is worried about the ice?")) == {"q9"}
    answer = asked(harbour, "Who is worried about the harbour tax?")
    assert answer.abstained
    assert answer.nearest


def test_both_sides_are_of_the_subject_and_say_by_what_they_are_told(harbour: DiggDeeper) -> None:
    answer = asked(harbour, "Pros and cons of the harbour tax?")
    roles = {s.citations[0].comment_id: s.role for s in answer.statements}
    assert roles["q2"] == "in favour"
    assert roles["q3"] == "against"
    assert "q4" not in roles
    assert all("tone" not in s.text for s in answer.statements)


def test_where_no_words_take_a_side_that_is_said_and_the_nearest_are_shown(harbour: DiggDeeper) -> None:
    answer = asked(harbour, "What are the arguments against the slipway?")
    assert answer.abstained
    assert (answer.reason or "").startswith("No clear sides are found by the words of the 12 posts here.")
    assert [near.comment_id for near in answer.nearest] == ["q9"]


def test_what_nobody_sides_on_is_shown_on_no_side(harbour: DiggDeeper) -> None:
    answer = asked(harbour, "Pros and cons of the slipway?")
    assert not answer.abstained
    assert cited(answer) == {"q9"}
    assert all(statement.role is None for statement in answer.statements)


def test_the_arguments_of_one_side_are_that_side_alone(harbour: DiggDeeper) -> None:
    answer = asked(harbour, "What are the arguments against the harbour tax?")
    assert answer.lead.startswith("Against, by their words: ")
    assert cited(answer) <= {"q3", "q6"}


def test_who_jokes_is_told_by_the_marks_of_a_joke(harbour: DiggDeeper) -> None:
    answer = asked(harbour, "Who is joking?")
    assert cited(answer) == {"q8", "q12"}
    assert answer.lead == "Joking, by their words: @hal_hull and @lou_lock."


def test_what_a_mocking_voice_says_is_nobodys_side(harbour: DiggDeeper) -> None:
    assert "q12" not in cited(asked(harbour, "Who is against the harbour tax?"))
