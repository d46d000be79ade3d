"""Which words of a post are shown where some are pointed to: whole sentences, its author's, with what turns them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import excerpt
from bot.answer import DraftStatement, Evidence
from bot.dossier import Dossier
from bot.verify import judge
from corpus.text import quoted_lines
from corpus.thread import Author, Comment, Thread

CONTROL_ROOM = (
    "after everything that has been written in this forum and elsewhere by people who have actually worked there, who "
    "have seen the pumps and the valves and the control room with their own eyes, who know how the inspections are "
    "passed and how the reports are written"
)
DENIED = f"I do not believe for one moment, {CONTROL_ROOM}, that the reactor is safe, although its owners say so."


def thread_of(text: str) -> Thread:
    comment = Comment(id="1", thread_id="t", author=Author.of_handle("x", "quiet_quay"), text=text)
    return Thread(id="t", source="x", comments=(comment,), fetched_at=datetime(2026, 1, 1, tzinfo=UTC))


def shown(text: str, words: str) -> str | None:
    """What a statement shows that cites the words, in a post that quotes its lines that begin with ">"."""
    thread = thread_of(text)
    comment = thread.by_id["1"].model_copy(update={"quoted": quoted_lines(text)})
    thread = thread.model_copy(update={"comments": (comment,)})
    drafted = DraftStatement(evidence=(Evidence(thread_id="t", comment_id="1", quote=words),))
    statement = judge(drafted, {"t": thread}).statement
    return statement.citations[0].quote if statement is not None else None


@pytest.mark.parametrize(
    ("text", "words", "whole"),
    [
        ("I doubt that the reactor is safe.", "the reactor is safe", "I doubt that the reactor is safe."),
        ("The reactor is safe, said nobody.", "The reactor is safe", "The reactor is safe, said nobody."),
        ("If pigs fly the reactor is safe.", "the reactor is safe", "If pigs fly the reactor is safe."),
        ("Bob claims the reactor is safe.", "the reactor is safe", "Bob claims the reactor is safe."),
        ("Hi. The reactor may be safe. Bye.", "be safe", "The reactor may be safe."),
        (DENIED, "the reactor is safe", DENIED),
    ],
)
def test_a_quote_cut_out_of_a_denial_is_shown_with_it(text: str, words: str, whole: str) -> None:
    assert shown(text, words) == whole


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The reactor is safe, and the pumps are new.", "The reactor is safe"),
        ("The pumps are new. The reactor is not safe.", "The pumps are new."),
        ("The union said “no nights” in May – twice.", "said “no nights” in May – twice."),
    ],
)
def test_what_leaves_out_nothing_that_turns_it_is_shown_as_it_is_cited(text: str, words: str) -> None:
    assert shown(text, words) == words


def test_of_a_sentence_without_end_the_clauses_are_shown_that_turn_the_words() -> None:
    rest = " and the gulls cry over the quay all day long" * 30
    text = f"The harbour is loud{rest}, and I do not think that the ferry runs, and the tide is high{rest}."
    found = shown(text, "the ferry runs")
    assert found is not None
    assert found.startswith("I do not think that the ferry runs") or "not think that the ferry runs" in found
    assert len(found) < excerpt.LONGEST_CUT


def test_what_cannot_be_shown_with_its_denial_is_not_shown() -> None:
    rest = " and the gulls cry over the quay all day long" * 60
    assert shown(f"I do not think{rest} that the ferry runs{rest}.", "the ferry runs") is None


@pytest.mark.parametrize(
    ("text", "words", "own"),
    [
        ("> The reactor is safe.\nHm, no.", "> The reactor is safe.\nHm, no.", "Hm, no."),
        ("Hm, no.\n> The reactor is safe.", "Hm, no.\n> The reactor is safe.", "Hm, no."),
        ("> The reactor is safe.\nHm, no.", "> The reactor is safe.", None),
        ("> The reactor is safe.", "The reactor is safe.", None),
    ],
)
def test_sentences_that_a_post_only_quotes_are_left_off(text: str, words: str, own: str | None) -> None:
    assert shown(text, words) == own


@pytest.mark.parametrize(
    ("text", "words", "quote"),
    [
        ("The reactor is safe. That is a lie.", "The reactor is safe.", "The reactor is safe. That is a lie."),
        ("The reactor is safe\nif you believe in fairies", "The reactor is safe", None),
        ("What I doubt:\n- the reactor is safe\n- it is new", "it is new", None),
        ("The reactor is safe. It is new.", "The reactor is safe.", "The reactor is safe."),
    ],
)
def test_a_model_s_quote_comes_with_what_takes_it_back(text: str, words: str, quote: str | None) -> None:
    thread = thread_of(text)
    (evidence,) = Dossier(list(thread.comments), {"t": thread}, budget=6_000).evidence(1, words)
    assert evidence.quote == (quote or text)


SENTENCES = st.sampled_from(
    [
        "The ferry runs.",
        "> The ferry runs.",
        "I doubt that it runs, since the crew left.",
        "No way.",
        "What they say:",
        "- x",
    ]
)


@given(st.lists(SENTENCES, min_size=1, max_size=6), st.sampled_from([" ", "\n"]), st.data())
def test_what_is_shown_is_the_author_s_and_stays_the_same_when_it_is_cited_again(
    told: list[str], between: str, data: st.DataObject
) -> None:
    text = between.join(told)
    comment = thread_of(text).by_id["1"].model_copy(update={"quoted": quoted_lines(text)})
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    if not comment.own_words(start, end):
        return
    found = excerpt.shown(comment, start, end)
    if found is not None:
        assert comment.own_words(*found)
        assert excerpt.shown(comment, *found) == found
