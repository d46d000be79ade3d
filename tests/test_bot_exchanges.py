"""Who disagrees, who replied, who mentions: over a thread with more of them than an answer shows, and with copies."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.answer import Answer
from bot.assemble import DiggDeeper, assemble
from bot.settings import Settings

Ask = Callable[[str, str], Answer]
MANY, COPIES = 45, 50


def said(at: str, author: str | None, text: str, parent: str | None = "c1") -> dict[str, Any]:
    return {"id": at, "author": author, "text": text, "parent_id": parent}


BASE = [
    said("c0", "ada", "What should become of the lighthouse?", None),
    said("c1", "ben", "Tear the lighthouse down, it is useless.", "c0"),
]
CROWD = [
    *(said(f"d{n}", f"v{n}", f"I disagree, it still guides {n + 20} boats past reef number {n}.") for n in range(MANY)),
    *(said(f"r{n}", f"w{n}", f"My uncle number {n} painted the lighthouse.", "c0") for n in range(30)),
    said("a0", "ben", "It guides nobody past number 0.", "d0"),
]
SOCKS = [said(f"s{n}", f"sock{n:02}", "Wrong. The lamp is fine.") for n in range(COPIES)]
ONE_SOCK = [said(f"s{n}", "mallory", f"Wrong. The lamp is fine{'!' * (n % 3)}") for n in range(COPIES)]
CUES = [
    said("q1", "cleo", "I kept the lamp for years. Long nights. That is simply not true. It saved the Petrel."),
    said("q2", "dov", "Where did you read that? My grandmother lived there."),
    said("q3", "eli", "The cliff is crumbling. Who pays for the fence? I do not, that is certain.", "c0"),
    said("q4", "fay", "Why do I care? Because I live there.", "c0"),
    said("q5", "gus", "My father says the mayor will decide.", "c0"),
]
THREADS = {"crowd": CROWD, "socks": SOCKS, "one": ONE_SOCK, "cues": CUES}


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Iterator[Ask]:
    made: DiggDeeper = assemble(Settings(home=tmp_path_factory.mktemp("exchanges"), encoder_dir=encoder_home))
    for thread_id, more in THREADS.items():
        thread = {"id": thread_id, "source": "forum", "title": "The old tower", "comments": [*BASE, *more]}
        made.ingest(json.dumps(thread).encode())
    yield lambda thread_id, question: made.ask(question, thread_ids=[thread_id])
    made.close()


def members(answer: Answer) -> set[str]:
    return set(answer.count.members if answer.count is not None else ())


def in_role(answer: Answer, role: str) -> list[Sequence[str]]:
    return [[c.comment_id for c in said.citations] for said in answer.statements if said.role == role]


# ---- counts are of all, whatever is shown


def test_everybody_who_disagrees_is_counted_though_fewer_are_shown(ask: Ask) -> None:
    answer = ask("crowd", "How many people disagree with @ben?")
    assert answer.count is not None
    assert answer.count.commenters == MANY
    assert members(answer) == {f"d{n}" for n in range(MANY)}
    shown = len(in_role(answer, "disagrees"))
    assert shown < MANY
    assert answer.lead.startswith(f"{MANY} commenters disagree. {MANY - shown} more posts are counted and not shown.")


def test_unanswered_objections_are_counted_over_all_and_named(ask: Ask) -> None:
    lead = ask("crowd", "Who disagrees with @ben?").lead
    assert f"{MANY - 1} of {MANY} objections have no reply here. Unanswered: @v1, @v2, " in lead
    assert lead.endswith("36 more.")
    assert "@v0," not in lead


def test_everybody_who_mentions_something_is_counted_and_the_lead_says_how_many_more(ask: Ask) -> None:
    for question in ("Who mentions the lighthouse?", "How many people mention the lighthouse?"):
        answer = ask("crowd", question)
        assert members(answer) == {"c0", "c1", *(f"r{n}" for n in range(30))}
    who = ask("crowd", "Who mentions the lighthouse?")
    assert who.lead.startswith("32 commenters speak of it: @")
    assert who.lead.endswith("and 24 more.")


def test_exact_words_are_counted_over_all(ask: Ask) -> None:
    answer = ask("crowd", "Find the exact words about the lighthouse")
    assert answer.lead.startswith(
        "As written, in 32 posts from 32 commenters. 24 more posts are counted and not shown."
    )
    assert len(members(answer)) == 32


def test_a_tie_of_many_counts_all_who_share_it(ask: Ask) -> None:
    answer = ask("crowd", "Who posted the fewest comments?")
    assert answer.lead.startswith("Fewest posts: @")
    assert f"and {MANY + 30 + 1 - 8} more, 1 post each" in answer.lead
    assert answer.count is not None
    assert answer.count.commenters == MANY + 30 + 1


# ---- the same words


def test_the_same_words_by_many_are_one_statement_with_all_of_them(ask: Ask) -> None:
    answer = ask("socks", "Who disagrees with @ben?")
    assert in_role(answer, "disagrees") == [[f"s{n}" for n in range(COPIES)]]
    assert answer.count is not None
    assert answer.count.commenters == COPIES
    text = next(statement.text for statement in answer.statements if statement.role == "disagrees")
    assert text.startswith("@sock00, @sock01, ")
    assert f"and {COPIES - 8} more disagree with @ben: “Wrong. The lamp is fine.”" in text


def test_the_same_words_by_one_count_once(ask: Ask) -> None:
    answer = ask("one", "Who disagrees with @ben?")
    assert in_role(answer, "disagrees") == [["s0"]]
    assert answer.lead.startswith("1 commenter disagrees. 1 of 1 objection has no reply here. Unanswered: @mallory.")
    assert members(answer) == {"s0"}


def test_what_is_counted_plainly_is_not_hedged(ask: Ask) -> None:
    assert ask("one", "How many comments are there?").lead.startswith("3 commenters, in 52 posts, 49 of them copies.")
    assert ask("cues", "How many comments did @ben post?").lead == "1 commenter, in 1 post."


# ---- what is shown bears it out, and nobody is counted who is not found


def test_the_words_that_disagree_are_those_that_are_quoted(ask: Ask) -> None:
    answer = ask("cues", "Who disagrees with @ben?")
    quote = next(s.citations[0].quote for s in answer.statements if s.role == "disagrees")
    assert "That is simply not true." in quote


def test_nobody_is_counted_where_no_reply_carries_a_mark(ask: Ask) -> None:
    answer = ask("cues", "How many people disagree with @ada?")
    assert answer.count is not None
    assert (answer.count.commenters, members(answer)) == (0, set())
    assert answer.lead == "No reply carries a mark of disagreement; replies from 4 commenters:"


@pytest.mark.parametrize(
    "question", ["What was never answered?", "Which questions were never answered?", "what got no reply?"]
)
def test_a_question_that_is_left_open_need_not_end_its_post(ask: Ask, question: str) -> None:
    answer = ask("cues", question)
    quotes = {s.citations[0].comment_id: s.citations[0].quote for s in answer.statements if s.role == "unanswered"}
    assert quotes["q3"] == "Who pays for the fence?"
    assert quotes["q2"] == "Where did you read that?"
    assert not {"q4", "q5"} & set(quotes)
