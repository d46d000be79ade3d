"""An answer as Markdown: what it opens with, and that nothing of anybody's acts as Markdown."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.product.markdown import escaped, markdown
from bot.values.answer import Answer, Citation, Coverage, Statement
from corpus.thread import Author

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def said(quote: str, *, handle: str = "ada_ferry", heading: str | None = None, **cited: object) -> Statement:
    author = Author(id=f"x:{handle}", handle=handle)
    fields = {"thread_id": "t", "comment_id": "c1", "author": author, "author_candidate": None, "quote": quote}
    fields |= {"start": 0, "end": len(quote), "url": None, "posted_at": NOON}
    return Statement(
        text=f"@{handle}: “{quote}”", heading=heading, citations=(Citation.model_validate({**fields, **cited}),)
    )


def answer(*statements: Statement, **fields: object) -> Answer:
    given_fields = {
        "id": "a",
        "thread_ids": ("t",),
        "question": "Why?",
        "kind": "open",
        "lead": statements[0].text if statements else "Nobody says so.",
        "statements": statements,
        "coverage": Coverage(used=1, indexed=1, known=None, as_of=None, state="full"),
        "writer": "extractive",
        "created_at": NOON,
    }
    return Answer.model_validate({**given_fields, **fields})


def test_an_answer_reads_as_who_said_what_the_fitting_words_in_bold() -> None:
    first = said("So.\nThe crew was cut. Ask.", focus=(4, 21), cut=True)
    made = answer(first, said("The tax rose.", handle="mo"), more=(said("Unseen."),), note="Quotes stay as they are.")
    assert markdown(made) == (
        "**@ada_ferry**, 2026-03-01 12:00 UTC:\n\n"
        "> So.\n> **The crew was cut**. Ask. …\n\n"
        "### 1 other\n\n"
        "**@mo**, 2026-03-01 12:00 UTC:\n\n"
        "> The tax rose.\n\n"
        "Quotes stay as they are."
    )


def test_a_lead_of_its_own_and_a_heading_stand_above_what_they_open() -> None:
    made = answer(said("One."), said("Two.", heading="Others on this"), lead="2 commenters mention “it”.")
    told = markdown(made)
    assert told.startswith("2 commenters mention “it”.\n\n**@ada_ferry**")
    assert told.index("One.") < told.index("### Others on this") < told.index("Two.")


def test_an_abstention_says_so_and_marks_nothing_in_the_nearest() -> None:
    near = said("It rains.", focus=(0, 2)).citations
    assert markdown(answer(abstained=True, reason="Nobody says so.", nearest=near)).startswith(
        "Nobody says so.\n\nWhat comes nearest, without answering it:\n\n**@ada_ferry**"
    )
    assert "> It rains." in markdown(answer(abstained=True, nearest=near))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*bold* and **more**", "\\*bold\\* and \\*\\*more\\*\\*"),
        ("2 * 3, snake_case, _it_", "2 * 3, snake_case, \\_it\\_"),
        ("`code` ~~gone~~", "\\`code\\` \\~\\~gone\\~\\~"),
        ("[a](http://x) ![b](y) [c][d]", "[a\\](http://x) ![b\\](y) [c\\][d]"),
        ("<img src=x> 1 < 2 &amp; R&D", "\\<img src=x> 1 < 2 \\&amp; R&D"),
        ("# head\n---\n- item\n1. one", "\\# head\n\\---\n- item\n1. one"),
    ],
)
def test_what_could_act_is_escaped_and_the_rest_stays_readable(text: str, shown: str) -> None:
    assert escaped(text) == shown


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("- one\n- two*\n\nthree", "> - **one**\n> - **two**\\*\n>\n> **three**"),
        ("**Loud!** He said", "> \\*\\***Loud!\\*\\* He said**"),
        ("???", "> ???"),
    ],
)
def test_bold_ends_with_its_line_and_keeps_lists(quote: str, shown: str) -> None:
    assert markdown(answer(said(quote, focus=(0, len(quote))))).endswith(shown)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.integers(0, 50), st.integers(0, 50))
def test_no_line_of_a_quote_leaves_its_block(quote: str, one: int, other: int) -> None:
    focus = tuple(sorted((min(one, len(quote)), min(other, len(quote)))))
    told = markdown(answer(said(quote, focus=focus)))
    heading, _, block = told.partition("\n\n")
    assert heading == "**@ada_ferry**, 2026-03-01 12:00 UTC:"
    assert all(line.startswith(">") for line in block.split("\n"))
