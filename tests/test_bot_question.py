"""What is asked: the form, the people it names, its subject; and a follow-up made to stand alone."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.questions import forms
from bot.questions.understand import Question, understand
from bot.values.inquiry import Key
from bot.values.turn import Turn
from corpus.thread import Author, Candidate, Comment, Thread

WHEN = datetime(2026, 3, 1, tzinfo=UTC)
LINA = Author.of_handle("x", "lina_k", "Lina Kow")
MORI = Author.of_handle("x", "moriShip", "Sam Mori")
SAMS = Author.of_handle("x", "sam2", "Sam Mori")
FOX = Author.of_handle("x", "🦊fox")
ADA = Candidate(author=Author.of_handle("x", "adaTides"), ground="the headline names Ada")


def comment(n: int, author: Author | None, text: str, candidate: Candidate | None = None) -> Comment:
    return Comment(id=str(n), thread_id="ferry", author=author, author_candidate=candidate, text=text)


FERRY = Thread(
    id="ferry",
    source="x",
    fetched_at=WHEN,
    comments=(
        comment(1, LINA, "Why is the night ferry always late?"),
        comment(2, MORI, "Crew is scarce and Harbourline pays badly. Zoe told me so, and @dan_gone agreed."),
        comment(3, None, "The tide, obviously.", ADA),
        comment(4, SAMS, "Fuel got dearer."),
        comment(5, FOX, "Never mind the report."),
    ),
)


def asked(text: str, *before: str, cited: tuple[Key, ...] = ()) -> Question:
    """The question after others; the last of these cites `cited`."""
    turns = tuple(Turn(question=q, standalone=q, answer_id="a", asked_at=WHEN) for q in before)
    return understand(text, [FERRY], turns, [()] * (len(turns) - 1) + [cited] if turns else ())


def handles(question: Question) -> list[str] | None:
    """Those who posted under the name asked about; None where the question names nobody."""
    person = question.person
    return None if person is None else [author.handle for author in (*person.authors, *person.candidates)]


# ---- the form


@pytest.mark.parametrize(
    ("text", "kind", "subject"),
    [
        ("Why is the ferry late?", "open", "Why is the ferry late?"),
        ("crew?", "open", "crew?"),
        ("How many crews does a ferry need?", "open", "How many crews does a ferry need?"),
        ("Who said that crew is scarce?", "open", "Who said that crew is scarce?"),
        ("Who is forbidden to fish?", "open", "Who is forbidden to fish?"),
        ("hi, why is the ferry late?", "open", "hi, why is the ferry late?"),
        ("what's @lina_k afraid of", "open", "what's @lina_k afraid of"),
        ("According to @moriShip, what is scarce?", "person", "what is scarce"),
        ("@moriShip on crew?", "person", "crew"),
        ("Quote Lina Kow on the night ferry", "person", "the night ferry"),
        ("What does @lina_k say on recycling?", "person", "recycling"),
        ("What did Lina write?", "person", ""),
        ("How many people posted?", "mentions", ""),
        ("How many of the commenters mention fuel?", "mentions", "fuel"),
        ("How often is Norhavn mentioned here?", "mentions", "Norhavn"),
        ("Has the price of fuel been discussed?", "mentions", "the price of fuel"),
        ("Which commenters brought up the tide?", "mentions", "the tide"),
        ("Was there any mention of fuel?", "mentions", "fuel"),
        ("how many ppl are against the night ferry?", "mentions", "the night ferry"),
        ("Who is against the night ferry?", "sides", "the night ferry"),
        ("Who doubts the price of fuel?", "sides", "the price of fuel"),
        ("Pros and cons of the ferry?", "sides", "the ferry"),
        ("Who disagrees with @lina_k about crew?", "replies", "crew"),
        ("Did anyone reply to Lina?", "replies", ""),
        ("What was left unanswered?", "replies", ""),
        ("Compare @lina_k and @moriShip on crew", "comparison", "crew"),
        ("Summarize the discussion on fuel", "overview", "fuel"),
        ("Summarise it in three sentences, please", "overview", ""),
        ("give me the gist of this thread", "overview", ""),
        ("Summarise the meeting", "overview", ""),
        ("tl;dr main points please", "overview", ""),
        ("What do people think?", "overview", ""),
        ("List all boats mentioned", "listing", "boats"),
        ("any links?", "listing", ""),
        ('Did anybody say "crew is scarce"?', "quotation", "crew is scarce"),
        ("top 3 comments", "superlative", ""),
        ("first to mention crew", "superlative", "crew"),
        ("When did Lina post?", "time", ""),
        ("Good morning!", "greeting", ""),
        ("Thank you very much.", "thanks", ""),
        ("???", "empty", ""),
        ("\u200b \u202e", "empty", ""),
    ],
)
def test_a_form_fits_the_whole_question_or_it_is_open(text: str, kind: str, subject: str) -> None:
    question = asked(text)
    assert (question.kind, question.subject, question.text) == (kind, subject, text)


def test_a_form_says_what_else_is_asked_for() -> None:
    assert asked("Summarise it in three sentences").number == 3
    assert asked("Any links?").links
    assert asked("overall sentiment?").tone
    assert asked("How many mention fuel?").people_counted
    assert not asked("Who mentions fuel?").people_counted
    assert asked("What was never answered?").unanswered
    for text in (
        "Who is for the ferry?",
        "How many are against it?",
        "Who agrees with Lina?",
        "Who disagrees with that?",
    ):
        assert asked(text).sided
    for text in ("Who replied to Lina?", "Who mentions fuel?", "Why is crew scarce?"):
        assert not asked(text).sided


@pytest.mark.parametrize(
    ("text", "measure", "least", "top", "subject"),
    [
        ("most liked", "likes", False, 1, ""),
        ("Which reply was liked best?", "likes", False, 1, ""),
        ("highest rated advice here?", "likes", False, 1, ""),
        ("Which is the third most liked comment?", "likes", False, 3, ""),
        ("What are the three most liked comments?", "likes", False, 3, ""),
        ("What is the most liked comment on the second ferry?", "likes", False, 1, "the second ferry"),
        ("the longest one", "length", False, 1, ""),
        ("the 2 most active commenters", "posts", False, 2, ""),
        ("Who first mentioned Year 9?", "time", True, 1, "Year 9"),
        ("When were the tides first mentioned?", "time", True, 1, "the tides"),
    ],
)
def test_a_degree_is_read_with_its_measure_and_number(
    text: str, measure: str, least: bool, top: int, subject: str
) -> None:
    question = asked(text)
    assert (question.measure, question.least, question.top, question.subject) == (measure, least, top, subject)


def test_whose_most_liked_comment_is_asked_for() -> None:
    for text in ("Which comment by lina_k is most popular?", "What is lina_k's most liked comment?"):
        assert (asked(text).measure, handles(asked(text))) == ("likes", ["lina_k"])


# ---- people


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("@lina_k", ["lina_k"]),
        ("LINA_K", ["lina_k"]),
        ("Lina", ["lina_k"]),
        ("lina kow", ["lina_k"]),
        ("moriship", ["moriShip"]),
        ("Sam Mori", ["moriShip", "sam2"]),
        ("Adatides", ["adaTides"]),
        ("🦊fox", ["🦊fox"]),
        ("@🦊fox", ["🦊fox"]),
        ("\u202elina_k", ["lina_k"]),
        ("@nobody", []),
        ("@dan_gone", []),
        ("Zoe", []),
        ("@Lina", []),
        ("Ada", None),
        ("lina", None),
        ("Harbourline", None),
        ("the crews", None),
        ("the report", None),
        ("Report", None),
        ("fox", ["🦊fox"]),
        ("mori", None),
        ("people", None),
    ],
)
def test_whom_a_name_means(name: str, found: list[str] | None) -> None:
    assert handles(asked(f"What does {name} say about crew?")) == found


def test_capitals_change_nothing() -> None:
    for text in ("What does lina_k say about crew?", "Who mentions fuel?", "Summarize the discussion", "most liked"):
        loud = asked(text.upper())
        quiet = asked(text)
        assert (loud.kind, handles(loud), loud.subject.lower()) == (quiet.kind, handles(quiet), quiet.subject.lower())
    assert handles(asked("WHAT DOES HARBOURLINE SAY ABOUT PAY?")) is None


def test_hidden_characters_and_pleas_change_nothing() -> None:
    plain = asked("What does @lina_k say?")
    for text in (
        "What does @li\u200bna_k say?",
        "  What does @lina_k say, please?",
        "What does @lina_k\u2069 say? thx",
    ):
        assert (asked(text).kind, handles(asked(text))) == (plain.kind, handles(plain))


def test_whom_besides_leaves_out_is_somebody_here() -> None:
    question = asked("Besides @lina_k, who mentions the tide?")
    assert [person.said for person in question.without] == ["@lina_k"]
    assert (question.kind, question.subject) == ("mentions", "the tide")
    assert asked("Is there a boat other than the ferry?").without == ()


# ---- strange questions


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "why" + " " * 10_000 + "?",
        "(" * 10_000,
        'did anyone say "' + '"' * 10_000,
        "x" + " please" * 14_000 + " x",
        "and " * 25_000 + "so",
        "besides " * 12_000,
        "@" * 100_000,
        "\u200b" * 100_000 + "why?",
        "how many " + "of the other " * 22,
        ("what does " + "a b c d " * 40)[:290],
    ],
    ids=["letters", "spaces", "brackets", "quotes", "pleas", "openers", "besides", "ats", "hidden", "others", "names"],
)
def test_a_very_long_question_is_read(text: str) -> None:
    assert asked(text, "Why is the ferry late?").text == text


@given(st.text(max_size=80))
def test_any_text_is_a_question_and_a_follow_up(text: str) -> None:
    assert asked(text).text == text
    assert asked(text, "What does @lina_k say about crew?", cited=(("ferry", "1"),)).text == text


# ---- forms.toml


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ('kind = "stance"\npattern = "why"', "'stance'"),
        ('kind = "open"\npattern = "why ("', "unterminated subpattern"),
        ('kind = "open"\npattern = "(?P<mood>why)"', "mood"),
        ('kind = "open"\npattern = "why {nothing}"', "nothing"),
        ('kind = "open"\npattern = "why"\nloud = true', "loud"),
        ('kind = "open"', "pattern"),
    ],
)
def test_a_bad_row_is_refused_with_its_line(monkeypatch: pytest.MonkeyPatch, row: str, wrong: str) -> None:
    text = f'[parts]\nopen = "so "\n\n[[form]]\nkind = "open"\npattern = "{{open}}why"\n\n[[form]]\n{row}\n'

    class Folder:
        def joinpath(self, _: str) -> "Folder":
            return self

        def read_text(self, encoding: str) -> str:
            assert encoding == "utf-8"
            return text

    monkeypatch.setattr(forms, "files", lambda _: Folder())
    with pytest.raises(ValueError, match=f"forms.toml line 8: .*{wrong}.* Mend that row."):
        forms.all_forms.__wrapped__()


def test_the_forms_are_at_most_150_and_every_one_has_a_known_kind() -> None:
    assert len(forms.all_forms()) <= 150


# ---- follow-ups

CITED = (("ferry", "1"), ("ferry", "2"))


def test_a_turn_to_something_else_keeps_the_question_and_ranks_by_both() -> None:
    question = asked("and what about fuel?", "Why is the ferry late?")
    assert (question.kind, question.subject) == ("open", "fuel")
    assert question.standalone == "and what about fuel? (Why is the ferry late?)"
    assert "fuel" in question.sought
    counted = asked("and fuel?", "How many people mention crew?")
    assert (counted.kind, counted.subject, counted.people_counted) == ("mentions", "fuel", True)
    assert asked("fuel?", "How many people mention crew?").subject == "fuel"


def test_why_is_the_question_before_again() -> None:
    question = asked("why?", "What does @lina_k say about crew?")
    assert (question.kind, handles(question), question.subject) == ("person", ["lina_k"], "crew")
    assert question.sought.startswith("why ")


@pytest.mark.parametrize(
    ("text", "kind", "subject"),
    [
        ("and about fuel?", "person", "fuel"),
        ("What does she say about fuel?", "person", "fuel"),
        ("What else did she say?", "person", ""),
        ("Did anyone disagree with her?", "replies", ""),
    ],
)
def test_she_is_who_was_asked_about(text: str, kind: str, subject: str) -> None:
    question = asked(text, "What does @lina_k say about crew?", cited=CITED[:1])
    assert (question.kind, question.subject) == (kind, subject)
    assert handles(question) == ["lina_k"] or question.cited == CITED[:1]


def test_another_name_is_asked_the_same() -> None:
    question = asked("and @moriShip?", "What does @lina_k say about crew?")
    assert (question.kind, handles(question), question.subject) == ("person", ["moriShip"], "crew")
    of_fuel = asked("and Lina?", "Who mentions fuel?")
    assert (of_fuel.kind, handles(of_fuel), of_fuel.subject) == ("person", ["lina_k"], "fuel")


def test_the_two_are_the_last_two_who_were_asked_about() -> None:
    question = asked("compare the two", "What does @lina_k say?", "What does @moriShip say?")
    assert question.kind == "comparison"
    assert [person.said for person in question.people] == ["@lina_k", "@moriShip"]


def test_more_is_the_question_before_without_what_was_shown() -> None:
    for text in ("more", "What else?", "go on", "and the third one?"):
        question = asked(text, "Who mentions the ferry?", cited=CITED)
        assert (question.kind, question.subject, question.shown) == ("mentions", "the ferry", CITED)


def test_that_is_what_was_shown() -> None:
    assert asked("Who said that?", "Why is the ferry late?", cited=CITED).cited == CITED
    assert asked("Did anyone reply to that?", "Why is the ferry late?", cited=CITED).cited == CITED
    assert asked("When was that?", "Why is the ferry late?", cited=CITED).cited == CITED[:1]
    assert asked("Who disagrees with the second point?", "Why is the ferry late?", cited=CITED).cited == CITED[1:]
    assert asked("Which of these has the most likes?", "Why is the ferry late?", cited=CITED).cited == CITED


def test_the_third_after_the_second_is_of_the_same_degree() -> None:
    liked = "What is the most liked comment?"
    question = asked("and the third one?", liked, f"and the second one? ({liked})", cited=CITED)
    assert (question.kind, question.measure, question.top) == ("superlative", "likes", 3)


def test_a_question_of_its_own_is_no_follow_up() -> None:
    question = asked("Who mentions the price of fuel?", "What does @lina_k say about crew?", cited=CITED)
    assert (question.kind, question.person, question.seek, question.cited) == ("mentions", None, None, ())
    assert asked("Why do the trams run on time?", "Why is the ferry late?").seek is None
