"""What kind of question is asked, about whom, about what."""

from datetime import UTC, datetime

import pytest

from bot.conversation import Turn
from bot.question import Question, understand
from bot.tongue import foreign
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


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Is Harbourline mentioned?", "Harbourline"),
        ("Is Norhavn ever mentioned in the comments?", "Norhavn"),
        ("Was the tide brought up here?", "the tide"),
        ("Has the price of fuel been discussed?", "the price of fuel"),
        ("Are strikes talked about at all?", "strikes"),
        ("Was there any mention of fuel?", "fuel"),
        ("Any mention of the night ferry?", "the night ferry"),
        ("Does Norhavn ever come up?", "Norhavn"),
        ("Is Norhavn named by anyone?", "Norhavn"),
        ("Is Norhavn named as a cause?", "Norhavn"),
        ("Is Lina mentioned?", "Lina"),
        ("Is anything about fuel mentioned?", "fuel"),
    ],
)
def test_whether_something_is_mentioned_is_whether_anyone_mentions_it(text: str, subject: str) -> None:
    question = asked(text)
    assert (question.kind, question.subject, question.person) == ("yes-no", subject, None)
    assert question.mentions
    assert question.text == text


def test_who_is_spoken_of_is_not_who_speaks() -> None:
    assert asked("Why is Norhavn mentioned?").person is None
    for text in ("Does @lina_k say that fuel is often discussed?", "What is Lina's view on why crew is often raised?"):
        assert asked(text).person == asked(text.replace("often ", "")).person is not None
    assert asked("Is Norhavn mentioned by @lina_k?").subject == "Norhavn"
    assert asked("Is Norhavn mentioned by @lina_k?").person == asked("What does @lina_k say?").person
    assert asked("Is it mentioned?").subject != "it"
    often = asked("How often is Norhavn mentioned here?")
    assert (often.kind, often.subject, often.mentions) == ("count", "Norhavn", True)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("What boat does @lina_k sail?", "boat sail"),
        ("What boats does Lina own?", "boats own"),
        ("How many sisters does @lina_k have?", "sisters have"),
        ("In which town does Lina live?", "town live"),
        ("Where does @lina_k live?", "live"),
        ("How many years has @lina_k worked?", "years worked"),
        ("Which harbour does Lina say is full?", "harbour full"),
        ("Did @lina_k move?", "move"),
    ],
)
def test_what_is_asked_of_a_person_stands_on_both_sides_of_the_name(text: str, subject: str) -> None:
    question = asked(text)
    assert (question.kind, question.subject) == ("says", subject)
    assert question.person is not None
    assert question.person.authors == (LINA,)


@pytest.mark.parametrize(
    "text",
    [
        "What does @lina_k say?",
        "What does Lina think here?",
        "What else does @lina_k post?",
        "What are Lina's views?",
        "@lina_k's comments",
        "What points does @lina_k make?",
        "What about @lina_k?",
    ],
)
def test_everything_is_asked_for_only_where_nothing_else_is(text: str) -> None:
    question = asked(text)
    assert (question.kind, question.about_anything) == ("says", False)
    assert question.person is not None
    assert question.person.authors == (LINA,)


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


@pytest.mark.parametrize(
    ("text", "measure", "least", "top", "subject"),
    [
        ("most liked comment", "likes", False, 1, ""),
        ("longest comment", "length", False, 1, ""),
        ("most liked", "likes", False, 1, ""),
        ("the longest one", "length", False, 1, ""),
        ("first to mention crew", "time", True, 1, "crew"),
        ("Who was the first to mention Lantern-3?", "time", True, 1, "Lantern-3"),
        ("Who first mentioned Year 9?", "time", True, 1, "Year 9"),
        ("When were the tides first mentioned?", "time", True, 1, "the tides"),
        ("top 3 comments", "likes", False, 3, ""),
        ("What are the three most liked comments?", "likes", False, 3, ""),
        ("the 2 most active commenters", "posts", False, 2, ""),
        ("Which is the third most liked comment?", "likes", False, 3, ""),
        ("second most liked", "likes", False, 2, ""),
        ("What is the 2nd longest post?", "length", False, 2, ""),
        ("Who posted the second-longest comment?", "length", False, 2, ""),
        ("What is the most liked comment on the second ferry?", "likes", False, 1, "the second ferry"),
    ],
)
def test_a_degree_is_read_with_its_measure_and_number(
    text: str, measure: str, least: bool, top: int, subject: str
) -> None:
    question = asked(text)
    assert (question.kind, question.measure, question.least) == ("superlative", measure, least)
    assert (question.top, question.subject) == (top, subject)


def test_replies_that_somebody_got_are_replies_to_them() -> None:
    for text in ("How many replies did @lina_k get?", "What replies did @lina_k get?"):
        question = asked(text)
        assert (question.kind, question.person and question.person.shown) == ("replies", "@lina_k")


def test_what_came_after_a_first_post_is_a_question_of_time() -> None:
    question = asked("What changed after @lina_k's first post?")
    assert (question.kind, question.turn) == ("time", "after")


def test_a_post_is_quoted_on_a_subject() -> None:
    question = asked("Quote @lina_k about limericks")
    assert (question.kind, question.subject) == ("quote", "limericks")
    assert question.person is not None
    assert question.person.known


@pytest.mark.parametrize("text", ["and @moriShip?", "what about @moriShip?", "and with @moriShip?", "And moriShip?"])
def test_another_person_is_asked_the_same_of(text: str) -> None:
    for before, kind in (
        ("What does @lina_k say about crew?", "says"),
        ("Who disagrees with @lina_k?", "disagreement"),
    ):
        question = asked(text, before)
        assert question.kind == kind
        assert question.person is not None
        assert question.person.shown == "@moriShip"
    assert asked(text, "What does @lina_k say about crew?").subject == "crew"


def test_a_topic_that_begins_a_handle_is_a_topic() -> None:
    assert asked("what about lina?", "Why is the ferry late?").kind == "open"
    unknown = asked("and @nobody_here?", "What does @lina_k say?").person
    assert unknown is not None
    assert not unknown.known


def test_the_two_who_were_asked_about_are_compared() -> None:
    question = asked("compare the two", "What does @lina_k say?", "What does @moriShip say?")
    assert question.kind == "comparison"
    assert [person.shown for person in question.people] == ["@lina_k", "@moriShip"]


CITED = (("ferry", "1"), ("ferry", "2"), ("ferry", "4"))


def after_shown(text: str, before: str) -> Question:
    turn = Turn(question=before, standalone=before, answer_id="a", asked_at=WHEN)
    return understand(text, [FERRY], (turn,), (CITED,))


def test_a_post_that_was_shown_is_meant_by_its_place() -> None:
    disagree = after_shown("who disagrees with the second point?", "Why is the ferry late?")
    assert (disagree.kind, disagree.cited) == ("disagreement", (("ferry", "2"),))
    told = after_shown("tell me more about the last one", "Why is the ferry late?")
    assert (told.kind, told.cited) == ("quote", (("ferry", "4"),))
    assert after_shown("and the second?", "Why is the ferry late?").cited == (("ferry", "2"),)
    assert after_shown("and the second?", "What is the most liked comment?").top == 2
    liked = after_shown("which of these is most liked?", "Why is the ferry late?")
    assert (liked.kind, liked.measure, liked.cited) == ("superlative", "likes", CITED)
    assert after_shown("and the seventh?", "Why is the ferry late?").cited == ()


def after_turns(text: str, *before: tuple[str, tuple[tuple[str, str], ...]]) -> Question:
    turns = tuple(Turn(question=q, standalone=q, answer_id="a", asked_at=WHEN) for q, _ in before)
    return understand(text, [FERRY], turns, [cited for _, cited in before])


def test_she_is_who_was_cited_last_and_nobody_else_who_was_shown_beside_her() -> None:
    said = ("Who said the ferry is late?", (("ferry", "1"),))
    true = ("Is that true?", (("ferry", "1"), ("ferry", "2")))
    question = after_turns("Who disagrees with her?", said, true)
    assert (question.kind, question.cited) == ("disagreement", (("ferry", "1"),))
    assert after_turns("Who disagrees with her?", said, ("Is that true?", ())).cited == (("ferry", "1"),)
    assert after_turns("Who disagrees with that?", said, true).cited == true[1]
    of_sam = ("What does @moriShip say about crew?", (("ferry", "1"), ("ferry", "2")))
    assert after_turns("Did anyone reply to him?", of_sam).cited == (("ferry", "2"),)


def test_when_that_was_is_the_time_of_what_was_shown_first() -> None:
    shown = ("Why is the ferry late?", CITED)
    one = after_turns("When was that?", shown)
    assert (one.kind, one.cited) == ("time", CITED[:1])
    assert after_turns("When were those posted?", shown).cited == CITED


def test_a_second_one_beyond_what_was_shown_is_more_of_the_same() -> None:
    question = after_turns("and the second one?", ("Who said the ferry is late?", CITED[:1]))
    assert (question.kind, question.shown, question.cited) == ("who", CITED[:1], ())
    assert question.subject == "the ferry is late"


def test_the_third_after_the_second_is_of_the_same_degree() -> None:
    liked = "What is the most liked comment?"
    question = after_turns("and the third one?", (liked, CITED[:1]), (f"and the second one? ({liked})", CITED[:2]))
    assert (question.kind, question.measure, question.top) == ("superlative", "likes", 3)


@pytest.mark.parametrize(
    "text", ["longest comment", "most liked comment", "comment on the tide?", "Los Angeles ferry?"]
)
def test_a_word_that_english_has_as_well_makes_no_other_language(text: str) -> None:
    assert not foreign(text)


def test_other_languages_are_told_by_their_own_words() -> None:
    for text in ("Comment ça marche pour les gens?", "Wie viele Leute sind dagegen?", "¿Quién?"):
        assert foreign(text)
