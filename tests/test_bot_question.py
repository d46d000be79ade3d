"""What kind of question is asked, about whom, about what."""

from datetime import UTC, datetime

import pytest

from bot.conversation import Turn
from bot.question import Question, understand
from corpus.thread import Author, Candidate, Comment, Thread

WHEN = datetime(2026, 3, 1, tzinfo=UTC)
LINA = Author.of_handle("x", "lina_k", "Lina Kow")
MORI = Author.of_handle("x", "moriShip", "Sam Mori")
SAMS = Author.of_handle("x", "sam2", "Sam Mori")
ADA = Candidate(author=Author.of_handle("x", "adaTides"), ground="the headline names Ada")


def comment(n: int, author: Author | None, text: str, candidate: Candidate | None = None) -> Comment:
    return Comment(id=str(n), thread_id="ferry", author=author, author_candidate=candidate, text=text)


FERRY = Thread(
    id="ferry",
    source="x",
    fetched_at=WHEN,
    comments=(
        comment(1, LINA, "Why is the night ferry always late?"),
        comment(2, MORI, "Crew is scarce and Harbourline pays badly."),
        comment(3, None, "The tide, obviously.", ADA),
        comment(4, SAMS, "Fuel got dearer."),
    ),
)


def asked(text: str, *before: str) -> Question:
    turns = tuple(Turn(question=q, standalone=q, answer_id="a", asked_at=WHEN) for q in before)
    return understand(text, [FERRY], turns)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Why is the ferry late?", "open"),
        ("crew?", "open"),
        ("What is the weather in Paris?", "open"),
        ("What do people think about the crew?", "open"),
        ("How many crews are there?", "open"),
        ("Who will win the cup?", "who"),
        ("Who works on a ferry?", "who"),
        ("Did anybody try to swim?", "yes-no"),
        ("how many ppl think that fuel is to blame?", "count"),
        ("what's @lina_k afraid of", "says"),
        ("@moriShip on crew?", "says"),
        ("How does Lina rank the reasons?", "says"),
        ("Summarise Lina Kow's posts please", "says"),
        ("How does Harbourline pay?", "open"),
        ("How does the ferry dock?", "open"),
        ("Who said that crew is scarce?", "who"),
        ("who mentioned fuel", "who"),
        ("Which commenters blame the tide?", "who"),
        ("Did anyone mention strikes?", "yes-no"),
        ("Has anybody said anything about fuel?", "yes-no"),
        ("What does @lina_k think of the ferry?", "says"),
        ("what does lina kow say about crew?", "says"),
        ("What is Lina's view on crew?", "says"),
        ("According to @moriShip, what is scarce?", "says"),
        ("What did Sam Altman reply?", "says"),
        ("How many people blame the crew?", "count"),
        ("how many think that fuel is to blame?", "count"),
        ("How many of the commenters mention fuel?", "count"),
        ("hi", "greeting"),
        ("Hello there!", "greeting"),
        ("good morning", "greeting"),
        ("thanks!", "thanks"),
        ("Thank you very much.", "thanks"),
        ("???", "empty"),
        ("  ", "empty"),
        ("hi, why is the ferry late?", "open"),
        ("Which replies deny or dispute the claim in the opening post, and who wrote them?", "disagreement"),
        ("Which comments support or confirm the original post?", "agreement"),
        ("Which replies ask for evidence?", "who"),
    ],
)
def test_the_kind(text: str, kind: str) -> None:
    assert asked(text).kind == kind


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("What does @lina_k think of the ferry?", ["lina_k"]),
        ("What does LINA_K think of the ferry?", ["lina_k"]),
        ("What did Lina write?", ["lina_k"]),
        ("What is Lina's view of the crew?", ["lina_k"]),
        ("What is Lina Kow’s argument?", ["lina_k"]),
        ("What's moriShip's position?", ["moriShip"]),
        ("What did Lina make of it all in the end?", ["lina_k"]),
        ("What does moriship say about crew?", ["moriShip"]),
        ("What does Sam Mori say?", ["moriShip", "sam2"]),
        ("What does Adatides say?", ["adaTides"]),
        ("What does Ada say about the tide?", []),
        ("What did Sam Altman reply?", []),
        ("What does @nobody say?", []),
    ],
)
def test_whom_a_name_means(text: str, handles: list[str]) -> None:
    person = asked(text).person
    assert person is not None
    assert [author.handle for author in (*person.authors, *person.candidates)] == handles


def test_a_word_that_is_spoken_of_here_is_no_absent_person() -> None:
    assert asked("What does Harbourline say about pay?").person is None
    assert asked("What do the crews say about pay?").person is None


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Who said that crew is scarce?", "crew is scarce"),
        ("Who mentioned fuel?", "fuel"),
        ("Who disputes the price of fuel?", "the price of fuel"),
        ("Who doubts the price of fuel?", "doubts the price of fuel"),
        ("Did anyone complain about the crew?", "complain the crew"),
        ("What does @lina_k recommend for the night?", "recommend the night"),
        ("Which commenters blame the tide?", "blame the tide"),
        ("How many people think that fuel is to blame?", "fuel is to blame"),
        ("What does @lina_k say about the night ferry?", "the night ferry"),
        ("What does @lina_k say?", ""),
        ("What do people think about the night ferry?", "the night ferry?"),
        ("Is there anything about fuel?", "fuel?"),
        ("what is said about crew", "crew"),
        ("Why is the ferry late?", "Why is the ferry late?"),
    ],
)
def test_the_subject_is_what_is_looked_for(text: str, subject: str) -> None:
    assert asked(text).subject == subject


def test_a_follow_up_is_made_to_stand_alone() -> None:
    question = asked("and what about fuel?", "Why is the ferry late?")
    assert (question.kind, question.focus) == ("open", "fuel")
    assert question.standalone == "Why is the ferry late: fuel?"
    assert question.subject.startswith("fuel")


def test_a_follow_up_keeps_the_person() -> None:
    question = asked("and about fuel?", "What does @lina_k say about crew?")
    assert question.kind == "says"
    assert question.person is not None
    assert question.person.authors == (LINA,)
    assert asked("What does she say about fuel?", "What does @lina_k say about crew?").person is not None


def test_a_question_of_its_own_is_no_follow_up() -> None:
    question = asked("Who mentioned the price of fuel?", "What does @lina_k say about crew?")
    assert (question.kind, question.person, question.focus) == ("who", None, None)
    assert asked("Why do the trams run on time?", "Why is the ferry late?").focus is None


def test_the_claim_in_the_opening_post_is_the_opening_post() -> None:
    assert asked("Which replies deny or dispute the claim in the opening post, and who wrote them?").opening
    assert not asked("Who disputes the claim that fuel got dearer?").opening
