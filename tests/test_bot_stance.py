"""How replies stand to what they answer, and sentences to a claim: told by cues, and never without one."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import attitude
from bot.manner import manner
from bot.replies import Replies
from bot.stance import of_claim, of_reply, shown
from corpus.thread import Author, Comment, Thread

SAYS = "The harbour tax doubled last year."


def post(text: str, *, at: str = "1", parent: str | None = None, who: str | None = "ann", **more: object) -> Comment:
    author = Author.of_handle("x", who) if who else None
    return Comment.model_validate(
        {"id": at, "thread_id": "t", "parent_id": parent, "author": author, "text": text, **more}
    )


@pytest.mark.parametrize(
    ("reply", "stance"),
    [
        ("No, it rose by 40 percent.", "disagrees"),
        ("Wrong. It rose by 40 percent.", "disagrees"),
        ("The tax did not double, it rose a little.", "disagrees"),
        ("I don't think so.", "disagrees"),
        ("Citation needed.", "disagrees"),
        ("Couldn't disagree more, honestly: I disagree with every word.", "disagrees"),
        ("Exactly.", "agrees"),
        ("+1", "agrees"),
        ("this.", "agrees"),
        ("Agreed, and it hurts.", "agrees"),
        ("You're right about the tax.", "agrees"),
        ("True, but wages rose as well.", "partly"),
        ("Half right. It is a fee.", "partly"),
        ("No idea.", "replies"),
        ("The quay was empty at noon.", "replies"),
        ("This ferry is late.", "replies"),
        ("Not only the tax, the rent as well.", "replies"),
        ("Where was that published?", "replies"),
        ("Yes, sure, a great deal for everybody /s", "replies"),
        ("This is inaccurate. It rose by 40 percent.", "disagrees"),
        ("That's incorrect.", "disagrees"),
        ("Not accurate, it rose by 40 percent.", "disagrees"),
        ("It is simply not true.", "disagrees"),
        ("I don't buy it.", "disagrees"),
        ("Absolutely not.", "disagrees"),
        ("I do not fully agree.", "partly"),
        ("I have to agree.", "agrees"),
        ("I work at the harbour office: you're right.", "agrees"),
        ("I live at the quay and never saw such a bill: she is right.", "agrees"),
        ("My neighbours think @ann is right.", "replies"),
        ("Honestly, @ann is right.", "agrees"),
        ("Agreed: small but mighty, this harbour.", "agrees"),
        ("I would agree if the figures were published.", "replies"),
        ("I agree with Bo that the quay is empty.", "replies"),
        ("Correct me if I am wrong, it rose in May.", "replies"),
        ("Exactly 40 boats left.", "replies"),
        ("Agreed by everybody? Then it is settled.", "replies"),
        ("Oh no, my poor purse.", "replies"),
        ("No problem, I never pay it.", "replies"),
        ("No thanks.", "replies"),
        ("Not in my harbour.", "replies"),
        ("There were two, no, three such taxes before.", "replies"),
        ("I doubt that this is much comfort to the fishermen.", "replies"),
        ("Nobody told the fishermen.", "replies"),
        ("I can't believe they dared to.", "replies"),
        ("If that is not true, somebody should say so.", "replies"),
        ("The mayor said that this is not true.", "replies"),
        ("So sad. This is not right.", "replies"),
        ("What a year. The quay closed as well. Ships went elsewhere. I disagree with the mayor on fish.", "replies"),
        ("Last year was no good year, and I never saw the tax office open.", "replies"),
    ],
)
def test_a_reply_to_a_statement(reply: str, stance: str) -> None:
    assert of_reply(post(reply, at="2", who="bo"), post(SAYS)) == stance


def test_a_no_to_a_question_is_an_answer() -> None:
    assert of_reply(post("No, it rose by 40 percent."), post("Did the harbour tax double?")) == "replies"
    assert of_reply(post("Yes."), post("Did the harbour tax double?")) == "replies"


def test_a_no_to_a_post_that_asks_in_its_middle_may_answer_it() -> None:
    asked = post("Did the harbour tax double? I only moved here in May.")
    assert of_reply(post("No, it rose by 40 percent."), asked) == "replies"
    assert of_reply(post("Nonsense."), asked) == "disagrees"


def test_a_no_to_a_denial_may_agree_with_it() -> None:
    denied = post("The tax never doubled.")
    assert of_reply(post("No, it never did."), denied) == "replies"
    assert of_reply(post("Yes it did."), denied) == "replies"
    assert of_reply(post("The tax doubled."), denied) == "disagrees"


def test_words_that_are_shared_beside_some_not_deny_nothing() -> None:
    answered = post("At eighty he would be the oldest captain that ever took the night ferry out.")
    for reply in (
        "Old men should rest, not take the ferry out.",
        "There will be three, no, four captains who are younger than he is.",
        "The captain of the other ferry is not listed yet.",
        "It is chilling that no captain born after the war ever took the ferry.",
    ):
        assert of_reply(post(reply), answered) == "replies"


def test_the_sentence_that_holds_the_cue_is_what_is_shown() -> None:
    reply = post("I keep the books of the harbour. Busy years, too. That is simply not true. It rose by 40 percent.")
    told = shown(reply, post(SAYS))
    assert (told.stance, reply.text[told.start : told.end]) == ("disagrees", "That is simply not true.")


def test_what_is_only_quoted_is_no_cue() -> None:
    quoting = post("> No, that is wrong.\nThe rent is due in May.", quoted=((0, 20),))
    assert of_reply(quoting, post(SAYS)) == "replies"


@given(st.text(alphabet=st.characters(categories=("Lu", "Ll", "Nd", "Zs", "Po")), max_size=80))
def test_any_text_has_a_stance(text: str) -> None:
    assert of_reply(post(text), post(SAYS)) in {"agrees", "disagrees", "partly", "replies"}


@pytest.mark.parametrize(
    ("sentence", "bearing"),
    [
        ("The tax doubled in March.", "says so"),
        ("The tax never doubled.", "says the contrary"),
        ("It is a myth that the tax doubled.", "says the contrary"),
        ("The tax is paid at the quay.", "touches"),
        ("The stars were out.", "touches"),
        ("If the tax doubled, I am the pope.", "touches"),
        ("Anyone who says the tax doubled is lying.", "touches"),
        ("The council claims that the tax doubled.", "touches"),
        ("‘The tax doubled’, says the council.", "touches"),
        ("The tax almost doubled.", "touches"),
        ("I used to think the tax doubled.", "touches"),
        ("Has the tax doubled?", "touches"),
        ("Prices doubled, and then came the tax.", "touches"),
        ("I don't think the tax doubled.", "says the contrary"),
        ("I think the tax doubled.", "says so"),
        ("The tax not only doubled, it came early.", "says so"),
        ("The tax doubled. No, wait, the tax never doubled.", "touches"),
    ],
)
def test_a_sentence_to_a_claim(sentence: str, bearing: str) -> None:
    assert of_claim(sentence, "the tax doubled") == bearing
    assert of_claim("The tax never doubled.", "the tax never doubled") == "says so"


def test_a_claim_is_said_by_what_is_claimed_and_not_by_most_of_its_words() -> None:
    assert of_claim("The ferry company is not what it says on the tin: safe it is.", "Is the ferry safe?") == "touches"
    assert of_claim("Next they use the ferry as a bakery.", "Is the ferry a bakery?") == "touches"
    assert of_claim("Kelp-3 is open day and night.", "Is Kelp-3 open source?") == "touches"
    assert of_claim("Kelp-3 is open source.", "Is Kelp-3 open source?") == "says so"
    assert of_claim("The war of words started before the mayor was elected.", "Did the mayor start a war?") == "touches"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Who pays for it?", "asks"),
        ("It costs a lot. Who pays for it?", None),
        ("Sure, that will work wonders /s", "jokes"),
        ("great plan 🙄", "jokes"),
        ("lol", "jokes"),
        ("My sister said: “we shall all have to pay for this harbour”", "quotes"),
        ("The “harbour tax” is a fee.", None),
        ("The harbour is closed.", None),
    ],
)
def test_how_words_are_meant(text: str, meant: str | None) -> None:
    assert manner(post(text), 0, len(text)) == meant


@pytest.mark.parametrize(
    ("words", "side"),
    [
        ("I love the plan.", "in favour"),
        ("A terrible idea.", "against"),
        ("Not a good idea.", "against"),
        ("It is too expensive.", "against"),
        ("The council meets on Monday.", None),
    ],
)
def test_the_side_that_words_take(words: str, side: str | None) -> None:
    assert attitude.side(words) == side


def test_a_fear_that_is_denied_is_none() -> None:
    assert attitude.shows("I am worried about the noise.", "worried")
    assert not attitude.shows("I am not worried about the noise.", "worried")


# ---- which post answers which


def thread(*comments: Comment) -> Thread:
    return Thread(id="t", source="x", comments=comments, fetched_at=datetime(2026, 3, 1, tzinfo=UTC))


def test_edges_and_addressees_tell_who_is_answered() -> None:
    replies = Replies(
        thread(
            post("The tax doubled."),
            post("No.", at="2", parent="1", who="bo"),
            post("@ann yes", at="3", who="cy", addressed=("ann",)),
            post("@ann @bo hm", at="4", who="di", addressed=("ann", "bo")),
            post("More of mine.", at="5", parent="1", who="ann"),
        )
    )
    assert [reply.id for reply in replies.to("1")] == ["2", "3", "5"]
    assert [reply.id for reply in replies.from_others("1")] == ["2", "3"]
    assert replies.answered_by("4") is None
    assert not replies.in_turns


def test_in_a_talk_by_turns_each_answers_who_spoke_before() -> None:
    turns = [post(f"turn {n}", at=str(n), who="ann" if n % 2 else "bo") for n in range(1, 9)]
    replies = Replies(thread(*turns))
    assert replies.in_turns
    answered = replies.answered_by("4")
    assert answered is not None
    assert answered.id == "3"


def test_independent_posts_answer_nobody() -> None:
    replies = Replies(thread(*(post(f"argument {n}", at=str(n), who=f"u{n}") for n in range(9))))
    assert all(replies.answered_by(str(n)) is None for n in range(9))
