"""Questions to begin with."""

from datetime import UTC, datetime

import strategies
from hypothesis import given

from bot import suggest
from corpus.thread import Author, Comment, Thread

NOON = datetime(2026, 2, 10, 12, 0, tzinfo=UTC)


def story(*said: str, title: str = "The night ferry stops", **fields: object) -> Thread:
    comments = tuple(
        Comment.model_validate(
            {"id": f"c{n}", "thread_id": "t", "author": Author.of_handle("forum", f"p{n}"), "text": text, **fields}
        )
        for n, text in enumerate(said)
    )
    return Thread(id="t", source="forum", title=title, comments=comments, fetched_at=NOON)


def test_what_several_people_speak_of_is_a_subject_in_its_commonest_spelling() -> None:
    thread = story("The engine fails.", "It is the engine.", "Blame the Engines!", "the tax rose, the tax, the tax")
    assert suggest.subjects(thread) == ["engine"]


def test_title_words_verbs_and_words_that_say_little_are_no_subjects() -> None:
    thread = story("The ferry was late all the time, they failed.", "A ferry failed one time.", "We failed the ferry.")
    assert suggest.subjects(thread) == []


def test_names_are_subjects_wherever_they_stand() -> None:
    assert suggest.subjects(story("GLM-5.2 wins.", "so GLM-5.2 lost")) == ["GLM-5.2"]


def test_what_a_comment_quotes_a_bot_says_or_was_deleted_makes_no_subject() -> None:
    said = ("the engine", "the engine")
    assert suggest.subjects(story(*said, quoted=((0, 10),))) == []
    assert suggest.subjects(story(*said, is_bot=True)) == []
    assert suggest.subjects(story(*said, deleted=True)) == []


def test_a_title_that_asks_is_asked_first() -> None:
    thread = story("The engine fails.", "It is the engine.", title="Why does the ferry stop?")
    assert suggest.first_questions(thread) == (
        "Why does the ferry stop?",
        "What do people say about engine?",
        "What does @p0 say?",
    )


@given(strategies.threads())
def test_any_story_gets_a_few_questions_or_none(thread: Thread) -> None:
    questions = suggest.first_questions(thread)
    assert len(questions) <= suggest.MOST
    assert all(question.endswith("?") for question in questions)
