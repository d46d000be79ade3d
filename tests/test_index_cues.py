from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import threads

from corpus.thread import Author, Candidate, Comment
from index.ranking.cues import Bylines, asks, same_question, subject

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def by(handle: str | None, *, name: str | None = None, maybe: str | None = None, text: str = "Well.") -> Comment:
    return Comment(
        id=f"{handle}-{maybe}-{text}",
        thread_id="t",
        author=Author.of_handle("forum", handle, name) if handle else None,
        author_candidate=Candidate(author=Author.of_handle("forum", maybe), ground="avatar") if maybe else None,
        text=text,
    )


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Which comments argue that: ferries are slow?", "ferries are slow?"),
        ("which replies in favour of the plan say that the tax doubled", "the tax doubled"),
        ("Why do ferries stop?", "Why do ferries stop?"),
        ("Which comments dispute the claim in the first post?", "Which comments dispute the claim in the first post?"),
        ("Which comments say that?", "Which comments say that?"),
    ],
)
def test_the_subject_is_what_is_to_be_found(question, wanted):
    assert subject(question) == wanted


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("What does nadia_n think?", [0, 3]),
        ("what does @nadia_n think?", [0, 3]),
        ("What does Nadia Novak think?", [0, 3]),
        ("What does Nadia think?", [0, 3]),
        ("Does Nadia's engine fail?", [0, 3]),
        ("Is nadia a ferry?", []),
        ("What did old_salt and kestrel say?", [1, 2]),
        ("What did Kestrel say about salt?", [2]),
        ("Who was it?", []),
        ("", []),
    ],
)
def test_who_is_named(question, places):
    comments = [by("nadia_n", name="Nadia Novak"), by("old_salt"), by("kestrel"), by("nadia_n", text="Yes."), by(None)]
    assert Bylines(comments).named(question).nonzero()[0].tolist() == places


def test_a_likely_author_is_named_as_well():
    assert Bylines([by(None), by(None, maybe="kestrel")]).named("What does kestrel say?").tolist() == [0, 1]


def test_a_handle_that_is_a_function_word_needs_its_at():
    bylines = Bylines([by("who"), by("will")])
    assert bylines.named("Who will win?").tolist() == [0, 0]
    assert bylines.named("What did @will say?").tolist() == [0, 1]


def test_a_full_name_is_no_part_of_somebody_elses():
    bylines = Bylines([by("ada", name="Ada Marsh"), by("tom", name="Tom Marsh")])
    assert bylines.named("What did Tom Marsh say?").tolist() == [0, 1]
    assert bylines.named("What did Marsh say?").tolist() == [1, 1]


def test_the_same_question_is_known_by_its_words():
    comments = [
        by("a", text="Does anybody know why the night ferry stops?"),
        by("b", text="The night ferry stops in May."),
        by("c", text="Is there a bus?"),
    ]
    same = same_question("Does anybody know why the night ferry stops", [comment.text for comment in comments])
    assert same[0] == 1
    assert same[1:].tolist() == [0, 0]


def test_asking_takes_a_question_mark_of_any_script():
    assert all(asks(by("a", text=text)) for text in ("Why? I wonder.", "为什么？", "لماذا؟"))
    assert not asks(by("a", text="Because."))


@given(threads(), st.text(max_size=60))
def test_nothing_that_people_are_called_or_ask_breaks_it(thread, question):
    named = Bylines(thread.comments).named(question)
    same = same_question(question, [comment.text for comment in thread.comments])
    assert named.shape == same.shape == (len(thread.comments),)
    assert ((same >= 0) & (same <= 1)).all()
