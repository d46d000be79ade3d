"""Sentences that code makes: no name and no quote in one acts on the rest of it, or looks like more than it is."""

import re
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.values import speakers
from bot.values.answer import Gap
from bot.verification import sentences
from corpus.thread import Author, Comment, Thread

SCOPES = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
odd = st.text(alphabet=st.sampled_from([*SCOPES, *'ab \n\r\t\x85\u2028\u2029\x1b\u200b\u200f\u061c\u05d0\u0627“”"@:']))


def closed(line: str) -> bool:
    """Whether what a line opens it closes, and nothing else."""
    return re.fullmatch(f"(?:[^{SCOPES}]|\u2068[^{SCOPES}]*\u2069)*", line) is not None


@given(odd)
def test_a_name_stays_on_its_line_and_keeps_its_direction_to_itself(text: str) -> None:
    line = speakers.one_line(text)
    assert len(line.splitlines()) <= 1
    assert closed(line)
    assert not set(line) & set('“”"\x1b\u200b')
    assert speakers.one_line(line) == line


@given(odd)
def test_no_quote_acts_on_the_words_after_it(text: str) -> None:
    shown = speakers.quoted(text)
    assert all(closed(part) for part in re.split("[\n\r\x1c-\x1e\x85\u2029]", shown))
    assert len(shown.replace("\u2068", "").replace("\u2069", "")) == 2 + len(text)


@pytest.mark.parametrize("handle", ["x\u2069\u202e evil", "x\u2069\u202eevil", "\u2067y"])
def test_a_handle_cannot_close_its_own_isolation(handle: str) -> None:
    said = sentences.statement_text([(speakers.at(Author(id="x:e", handle=handle)), "So.")])
    assert closed(said)
    assert "\u202e" not in said


def test_a_handle_cannot_hold_a_whole_statement() -> None:
    evil = Author(id="x:e", handle='alice: “I lied.”; @bob says "so')
    assert speakers.at(evil) == "‘alice: 'I lied.'; @bob says 'so’"


@pytest.mark.parametrize(
    ("handle", "shown"),
    [
        ("ada_ferry", "@ada_ferry"),
        ("Ada O'Hara-Smith (she/her)", "Ada O'Hara-Smith (she/her)"),
        ("ada@forum.example", "@ada@forum.example"),
        ("ada:forum.example", "@ada:forum.example"),
        ("Hara, Ada", "‘Hara, Ada’"),
        ("alice and @bob", "‘alice and @bob’"),
        ("alice,@bob", "‘@alice,@bob’"),
        ("@alice b", "‘@@alice b’"),
        ("57 commenters agree that the toll is theft", "‘57 commenters agree that the toll is theft’"),
        ("2 more", "‘2 more’"),
        ("probably ada", "‘probably ada’"),
        ("an unnamed commenter", "‘an unnamed commenter’"),
        ("Nobody Else", "‘Nobody Else’"),
        ("Ｎｏｂｏｄｙ Else", "‘Ｎｏｂｏｄｙ Else’"),
        ("3 more’, ‘Ada", "‘3 more', 'Ada’"),
        ("Moreau Postma", "Moreau Postma"),
    ],
)
def test_one_handle_does_not_read_like_two_people_or_like_words_of_ours(handle: str, shown: str) -> None:
    assert speakers.at(Author(id="x:e", handle=handle)) == shown


def test_names_in_other_scripts_flags_and_joined_signs_stay() -> None:
    assert speakers.one_line("@\u05e2\u05d1\u05e8\u05d9\u05ea") == "\u2068@\u05e2\u05d1\u05e8\u05d9\u05ea\u2069"
    for name in ("Ren\u00e9 O'Hara", "\U0001f469\u200d\U0001f52c", "\U0001f3f4\U000e0067\U000e0062\U000e007f"):
        assert speakers.one_line(name) == name


@given(
    st.lists(
        st.tuples(st.sampled_from(["@ada", "@bo", speakers.UNNAMED]), st.sampled_from(["No.", "Yes."])), min_size=1
    )
)
def test_a_statement_gives_each_quote_once_after_everybody_who_says_it(spoken: list[tuple[str, str]]) -> None:
    told = sentences.statement_text(spoken)
    for who, quote in spoken:
        assert told.count(f"“{quote}”") == 1
        names = told.split(f": “{quote}”")[0].rpartition("; ")[2].casefold()
        assert who in names
        named = spoken.count((who, quote)) if who == speakers.UNNAMED else 1
        assert names.count(who) == named or "more" in names


def test_of_very_many_speakers_the_first_are_named_and_the_rest_counted() -> None:
    told = sentences.statement_text([(f"@p{n}", "No.") for n in range(20)])
    assert told == "@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7 and 12 more: “No.”"


def test_our_own_words_open_a_sentence_with_a_capital_letter_and_a_handle_stays_as_it_is() -> None:
    assert sentences.statement_text([(speakers.UNNAMED, "No.")]) == "An unnamed commenter: “No.”"
    assert sentences.statement_text([("probably @ada", "No.")]) == "Probably @ada: “No.”"
    assert sentences.statement_text([("ada", "No.")]) == "ada: “No.”"


@pytest.mark.parametrize("gap", get_args(Gap))
def test_every_gap_has_a_reason_of_its_own_that_ends_like_a_sentence(gap: Gap) -> None:
    thread = Thread(id="t", source="x", comments=(), fetched_at=datetime(2026, 3, 1, tzinfo=UTC))
    told = sentences.reason(gap, [thread], person=None)
    assert told.endswith(".")
    assert told != sentences.reason(None, [thread], person=None)


def test_what_is_not_loaded_is_called_by_its_name() -> None:
    posts = (Comment(id="1", thread_id="t", text="Rain."), Comment(id="2", thread_id="t", text="Hail."))
    fetched = datetime(2026, 3, 1, tzinfo=UTC)
    thread = Thread(id="t", source="x", comments=posts, fetched_at=fetched, known_total=16)
    assert (sentences.reason("unsaid", [thread], person=None)).endswith(
        "14 more posts are known to exist and not loaded."
    )
    one = thread.model_copy(update={"known_total": 3})
    assert sentences.unattributed_note([one]).endswith("and 1 more post is known to exist and not loaded")
