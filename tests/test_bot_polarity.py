"""Who says something and who denies it: in a "who", a count, a yes or no and among objections, over small threads."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.answer import Answer
from bot.assemble import DiggDeeper, assemble
from bot.bearing import denies, doubts, of_claim
from bot.settings import Settings

Ask = Callable[[str, str], Answer]


def said(at: str, author: str, text: str, parent: str | None = "c1") -> dict[str, Any]:
    return {"id": at, "author": author, "text": text, "parent_id": parent}


SAUNA = [
    said("c1", "oda", "The sauna should be open at night, because nobody sleeps here and the stove is warm.", None),
    said("c2", "per", "I disagree: an open sauna at night would keep the whole street awake."),
    said("c3", "lis", "I agree with this. The stove is paid for."),
    said("c4", "ulf", "No, the sauna should not be open at night: the guard has to be paid by somebody."),
]
MILL = [
    said("c1", "ann", "The old mill was sold last week. What becomes of it?", None),
    said("c2", "bob", "Mill museums are not real museums."),
    said("c3", "cyd", "Again, so that all of you can read it: no, I am **not** saying tear down the chimney."),
    said("c4", "dan", "What I do not believe in is the secret buyer."),
    said("c5", "eve", "The mill pond froze twice. A kitten fell in, and we fed it for ten years."),
    said("c6", "fay", "Of course a mayor can't actually sell bridges."),
    said("c7", "gil", "My grandfather ground rye there and sang all day."),
    said("c8", "hal", "I know of no towns that use mill museums."),
    said("c9", "ida", "The roof of the mill leaks, and the rain comes in."),
]
ROOF = [*MILL, said("c10", "jan", "The roof is not leaking, I was up there on Sunday.", "c9")]
QUARREL = [*SAUNA, said("c5", "vic", "No, you are wrong, the street is awake anyway.", "c2")]
STOVE = [
    said("c1", "ode", "The stove is warm, I sat by it.", None),
    said("c2", "pia", "The stove is not warm.", None),
    said("c3", "rut", "The stove is anything but warm.", None),
    said("c4", "sol", "The stove is rarely warm.", None),
    said("c5", "tor", "The stove is warm, my ass.", None),
    said("c6", "uno", "The stove refuses to be warm.", None),
]
THREADS = {"stove": STOVE, "sauna": SAUNA, "quarrel": QUARREL, "mill": MILL, "roof": ROOF}


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Iterator[Ask]:
    made: DiggDeeper = assemble(Settings(home=tmp_path_factory.mktemp("polarity"), encoder_dir=encoder_home))
    for thread_id, comments in THREADS.items():
        thread = {"id": thread_id, "source": "forum", "title": "Town talk", "comments": comments}
        made.ingest(json.dumps(thread).encode())
    yield lambda thread_id, question: made.ask(question, thread_ids=[thread_id])
    made.close()


def cited(answer: Answer, role: str | None = None) -> list[str]:
    told = [one for one in answer.statements if role is None or one.role == role]
    return [citation.comment_id for one in told for citation in one.citations]


# ---- who says it


@pytest.mark.parametrize(
    "question", ["Who says the sauna should be open at night?", "Who agrees that the sauna should be open at night?"]
)
def test_who_says_it_in_so_many_words_comes_first_and_who_denies_it_not_at_all(ask: Ask, question: str) -> None:
    answer = ask("sauna", question)
    assert cited(answer)[0] == "c1"
    assert not {"c2", "c4"} & set(cited(answer))


def test_who_says_the_contrary_is_found_where_the_contrary_is_asked_for(ask: Ask) -> None:
    assert cited(ask("sauna", "Who says the sauna should not be open at night?"))[0] == "c4"


@pytest.mark.parametrize(
    ("question", "denier"),
    [
        ("Who says mill museums are real museums?", "c2"),
        ("Who believes in a secret buyer?", "c4"),
        ("Who says the mayor can sell bridges?", "c6"),
    ],
)
def test_where_somebody_only_denies_it_nobody_is_said_to_say_it(ask: Ask, question: str, denier: str) -> None:
    answer = ask("mill", question)
    assert denier not in cited(answer)
    assert answer.abstained
    assert denier in [citation.comment_id for citation in answer.nearest]


def test_who_denies_something_mentions_and_doubts_it(ask: Ask) -> None:
    assert "c4" in cited(ask("mill", "Who mentions a secret buyer?"))
    assert "c4" in cited(ask("mill", "Who doubts that there is a secret buyer?"))


# ---- yes or no


def test_a_yes_or_no_tells_and_counts_both_sides(ask: Ask) -> None:
    answer = ask("sauna", "Should the sauna be open at night?")
    assert cited(answer, "says so") == ["c1"]
    assert cited(answer, "says the contrary") == ["c4"]
    assert answer.count is not None
    assert answer.count.commenters == 2
    assert set(answer.count.members) == {"c1", "c4"}


# ---- how many


@pytest.mark.parametrize(
    ("question", "nearest"),
    [
        ("How many people want to tear down the chimney?", "c3"),
        ("How many people say the mayor sold bridges?", "c6"),
        ("How many people own a cat?", None),
        ("How many people have a dog?", None),
        ("How many people moved to the mill?", None),
    ],
)
def test_where_nobody_says_it_nobody_is_counted(ask: Ask, question: str, nearest: str | None) -> None:
    answer = ask("mill", question)
    assert answer.abstained
    assert nearest is None or nearest in [citation.comment_id for citation in answer.nearest]


def test_who_names_nobody_is_not_counted_as_speaking_of_the_one_who_is_named(ask: Ask) -> None:
    answer = ask("roof", "How many people say Zacharias ground rye there and sang?")
    assert answer.count is None
    assert ask("roof", "How many people say my grandfather ground rye there?").count is not None


def test_who_says_it_is_counted_and_who_denies_it_is_not(ask: Ask) -> None:
    answer = ask("roof", "How many people say that the roof is leaking?")
    assert answer.count is not None
    assert answer.count.members == ("c9",)


# ---- who objects


@pytest.mark.parametrize(
    "question", ["Who disagrees with the open sauna?", "Who disagrees that the sauna should be open at night?"]
)
def test_who_objects_to_the_post_that_says_it_disagrees_though_an_objection_fits_best(ask: Ask, question: str) -> None:
    answer = ask("sauna", question)
    assert set(cited(answer, "disagrees")) == {"c2", "c4"}
    assert answer.lead.startswith("2 commenters disagree. 2 of 2 objections")
    assert not cited(answer, "says the contrary")


def test_who_says_no_to_an_objection_does_not_object_to_what_it_is_against(ask: Ask) -> None:
    answer = ask("quarrel", "Who disagrees with the open sauna?")
    assert set(cited(answer, "disagrees")) == {"c2", "c4"}


@pytest.mark.parametrize("question", ["Does anyone disagree about mill museums?", "Counterarguments to mill museums"])
def test_a_thing_alone_claims_nothing_that_could_be_denied(ask: Ask, question: str) -> None:
    answer = ask("mill", question)
    assert not cited(answer, "says the contrary")
    assert "contrary" not in answer.lead


def test_a_claim_is_denied_wherever_that_stands(ask: Ask) -> None:
    answer = ask("mill", "Who disagrees that mill museums are real museums?")
    assert cited(answer, "says the contrary") == ["c2"]


def test_where_some_replies_only_were_read_it_is_said_which(ask: Ask) -> None:
    answer = ask("quarrel", "Who disagrees with @vic?")
    assert answer.reason is not None
    assert answer.reason.startswith("No reply to the post that this is about carries a mark of disagreement.")


# ---- the part of a sentence that carries the claim

CLAIM = "the sauna should be open"


@pytest.mark.parametrize(
    ("sentence", "bearing"),
    [
        ("The sauna should be open, because nobody sleeps.", "says so"),
        ("The sauna should be open since they say the stove is warm.", "says so"),
        ("Nobody sleeps here, so the sauna should be open.", "says so"),
        ("No, the sauna should be open.", "says so"),
        ("The sauna should be open, but not at night.", "touches"),
        ("No, the sauna should not be open.", "says the contrary"),
        ("The sauna should not be open, because nobody sleeps.", "says the contrary"),
        ("Nobody says the sauna should be open.", "touches"),
        ("I do not think that any of the sauna should be open.", "says the contrary"),
        ("Not because the sauna should be open.", "says the contrary"),
    ],
)
def test_what_stands_beside_the_claim_turns_it_not_round(sentence: str, bearing: str) -> None:
    assert of_claim(sentence, CLAIM) == bearing


@pytest.mark.parametrize(
    "turned",
    [
        "anything but warm",
        "nowhere near warm",
        "far from warm",
        "miles from warm",
        "the opposite of warm",
        "the reverse of warm",
        "rarely warm",
        "seldom warm",
        "less warm",
        "warm, my ass",
        "warm; my foot",
        "too old to be warm",
        "warm in theory",
    ],
)
def test_what_any_word_turns_that_the_claim_does_not_hold_does_not_say_it(turned: str) -> None:
    for sentence in (f"The stove is {turned}.", "The stove refuses to be warm.", "The stove fails to be warm."):
        assert of_claim(sentence, "Is the stove warm?") == "touches"
        assert doubts(sentence, "the stove is warm")


@pytest.mark.parametrize("denied", ["is not warm", "isn't warm", "is never warm", "is hardly warm"])
def test_a_plain_denial_of_the_claim_says_the_contrary(denied: str) -> None:
    assert of_claim(f"The stove {denied}.", "Is the stove warm?") == "says the contrary"


def test_a_turn_that_the_claim_holds_too_is_no_doubt() -> None:
    assert of_claim("The stove is anything but warm.", "the stove is anything but warm") == "says so"
    assert of_claim("The stove can't warm us.", "the stove warms us") == "says the contrary"


def test_a_yes_or_no_puts_none_that_turn_the_claim_among_those_who_say_so(ask: Ask) -> None:
    answer = ask("stove", "Is the stove warm?")
    assert cited(answer, "says so") == ["c1"]
    assert cited(answer, "says the contrary") == ["c2"]


def test_who_denies_half_of_a_claim_does_not_say_it() -> None:
    assert doubts("Of course a mayor can't actually sell bridges.", "our old mayor sold bridges")
    assert denies("What I do not believe in is the secret buyer.", "in a secret buyer")
    assert not denies("The secret buyer, not the mayor, paid.", "in a secret buyer")


def test_what_is_wanted_instead_of_something_denies_that() -> None:
    assert not doubts("Limited opening, please, no ban.", "want limited hours instead of a ban")
    assert doubts("Limited opening, please, and a ban.", "want limited hours instead of a ban")
