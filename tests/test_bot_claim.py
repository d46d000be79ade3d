"""What a writer's own words may say beside its quotes: pairs of a claim and the words of posts, as data."""

from datetime import UTC, datetime
from time import process_time

import claim_sentences
import pytest
from claim_pairs import DISHONEST, HONEST, OPEN, PRICE, Said

from bot.answer import DraftStatement, Evidence
from bot.claim import objection
from bot.verify import Verdict, judge
from corpus.text import quoted_lines
from corpus.thread import Author, Comment, Thread

TAX = "The tax did not double, it rose by 40 percent. Still too much."
CREW = "The crew was cut to one shift, so nobody is left for the night."
ADA = Author.of_handle("x", "ada_ferry", "Ada Kroll")

HOLDS = [
    ("The tax rose by 40 percent", TAX),
    ("The tax did not double", TAX),
    ("It did not double but rose by 40 percent", TAX),
    ("Nobody is left for the night since the crew was cut to one shift", CREW),
    ("The night has nobody left", CREW),
    ("The crew was cut", CREW),
    ("The harbour tax doubled in March", "Because the harbour tax doubled. They told us so at the quay in March."),
    ("Open models are slow, not dead", "Open models are not dead, they are just slow."),
    ("If the crew is cut they leave", "If the crew is cut, we leave."),
    ("One asks whether the ferry runs at all", "Does the ferry run at all?"),
    ("Les moteurs cassent souvent", "Les moteurs cassent trop souvent."),
]

FAILS = [
    ("The tax doubled", TAX, "affirms"),
    ("The crew was not cut to one shift", CREW, "denies"),
    ("Open models are dead", "Open models are not dead, they are just slow.", "affirms"),
    ("Models are safe", "I never said models are safe.", "affirms"),
    ("The ferry runs at night", "Hardly a ferry runs at night.", "affirms"),
    ("The crew is cut and they leave", "If the crew is cut, we leave.", "suppose"),
    ("The tax rose by 90 percent", TAX, "number"),
    ("The tax rose by 4 percent", "The tax rose by 4,000 euros and many percent.", "number"),
    ("The tax rose by 40 million", "The tax rose by 40 billion.", "amount"),
    ("Most crews were cut", CREW, "amount"),
    ("Several crews were cut to one shift", CREW, "amount"),
    ("I know the crew was cut to one shift", CREW, "third person"),
    ("Your crew was cut to one shift", CREW, "third person"),
    ("The Harbour Board cut the crew to one shift", CREW, "names"),
    ("ada ferry says the crew was cut to one shift", CREW, "commenter"),
    ("ada kroll says the crew was cut to one shift", CREW, "commenter"),
    ("The crew was cut to one shift by evil.example", CREW, "markup"),
    ("The *crew* was cut to one shift", CREW, "markup"),
    ("The crew was cut to one shift\u200b", CREW, "markup"),
    ("The council hid the plan from the crew", CREW, "content words"),
    ("The ferry runs at night", "Does the ferry run at night?", "state nothing"),
    ("", CREW, "characters"),
]


def thread_of(text: str) -> Thread:
    comment = Comment(id="1", thread_id="t", author=ADA, text=text)
    return Thread(id="t", source="x", title="", comments=(comment,), fetched_at=datetime(2026, 1, 1, tzinfo=UTC))


def objected(claim: str, text: str, quote: str | None = None) -> str | None:
    thread = thread_of(text)
    start = text.index(quote or text)
    return objection(claim, [(thread.by_id["1"], start, start + len(quote or text))], [thread])


@pytest.mark.parametrize(("claim", "text"), HOLDS)
def test_a_claim_that_its_quote_carries_holds(claim: str, text: str) -> None:
    assert objected(claim, text) is None


@pytest.mark.parametrize(("claim", "text", "reason"), FAILS)
def test_a_claim_beyond_its_quote_is_refused_with_the_reason(claim: str, text: str, reason: str) -> None:
    assert reason in (objected(claim, text) or "")


@pytest.mark.parametrize(
    ("claim", "text", "quote"),
    [
        ("The bridge is safe", "Nobody can say that the bridge is safe.", "the bridge is safe"),
        ("The bridge will be closed", "If nothing is done the bridge will be closed.", "the bridge will be closed"),
    ],
)
def test_a_quote_cut_from_its_denial_carries_nothing(claim: str, text: str, quote: str) -> None:
    assert objected(claim, text, quote) is not None
    assert objected(claim, quote) is None


# claims beside the posts of several people, through verify


def judged(claim: str, said: Said) -> tuple[Verdict, int]:
    """The verdict on a claim that cites the whole of each post, and how many there are; a bystander posts as well."""
    posts = (("quiet_quay", said),) if isinstance(said, str) else said
    bystander = Author.of_handle("x", "willem", "Willem Kroll")
    authors = [*(Author.of_handle("x", handle) for handle, _ in posts), bystander]
    texts = [*(text for _, text in posts), "Nice weather in the park."]
    comments = [
        Comment(id=str(n), thread_id="t", author=author, text=text)
        for n, (author, text) in enumerate(zip(authors, texts, strict=True))
    ]
    thread = Thread(id="t", source="x", comments=tuple(comments), fetched_at=datetime(2026, 1, 1, tzinfo=UTC))
    evidence = tuple(Evidence(thread_id="t", comment_id=c.id, quote=c.text) for c in comments[:-1])
    return judge(DraftStatement(evidence=evidence, claim=claim), {"t": thread}), len(posts)


@pytest.mark.parametrize(("claim", "said"), HONEST)
def test_an_honest_paraphrase_stands_beside_all_that_it_cites(claim: str, said: Said) -> None:
    verdict, posts = judged(claim, said)
    assert verdict.refused is None
    assert verdict.statement is not None
    assert len(verdict.statement.citations) == posts


@pytest.mark.parametrize(("claim", "said"), DISHONEST)
def test_what_bends_its_quotes_is_refused(claim: str, said: Said) -> None:
    verdict, _ = judged(claim, said)
    assert verdict.statement is None
    assert verdict.refused


def test_of_a_hundred_honest_claims_about_ten_are_refused() -> None:
    refused = [claim for claim, said in (*HONEST, *PRICE) if judged(claim, said)[0].statement is None]
    assert len(refused) <= 0.12 * (len(HONEST) + len(PRICE))


@pytest.mark.parametrize(("claim", "said"), OPEN)
def test_irony_and_swaps_that_no_word_tells_are_not_noticed(claim: str, said: Said) -> None:
    """What docs/decisions/0008 does not promise; one that is noticed belongs among the dishonest."""
    assert judged(claim, said)[0].statement is not None


@pytest.mark.parametrize(("claim", "said"), claim_sentences.HONEST)
def test_a_claim_that_one_sentence_says_or_each_part_of_it_holds(claim: str, said: str) -> None:
    assert judged(claim, said)[0].refused is None


@pytest.mark.parametrize(("claim", "said"), claim_sentences.DISHONEST)
def test_a_claim_gathered_from_sentences_that_say_other_things_is_refused(claim: str, said: str) -> None:
    assert judged(claim, said)[0].statement is None


@pytest.mark.parametrize(("claim", "said"), claim_sentences.REFUSED)
def test_a_cause_that_no_word_tells_and_an_owner_are_refused(claim: str, said: str) -> None:
    """What docs/decisions/0008 tells that the checks cost; one that holds belongs among the honest."""
    assert judged(claim, said)[0].statement is None


def test_nobody_is_credited_with_what_another_said() -> None:
    said = (("bob", "The mayor is corrupt and should resign."), ("eve", "Nice weather in the park today."))
    verdict, _ = judged("The mayor is corrupt and should resign now", said)
    assert verdict.statement is not None
    assert [cited.comment_id for cited in verdict.statement.citations] == ["0"]
    assert "eve" not in verdict.statement.text


def test_of_two_who_speak_of_the_same_only_who_says_so_is_credited() -> None:
    said = (("bob", "The ferry is not late."), ("eve", "The ferry is late."), ("kim", "Is the ferry late?"))
    verdict, _ = judged("The ferry is late", said)
    assert verdict.statement is not None
    assert [cited.comment_id for cited in verdict.statement.citations] == ["1"]


def test_a_name_that_stands_only_in_a_citation_that_is_taken_off_is_refused() -> None:
    said = (("bob", "The crew was cut to one shift."), ("eve", "Greetings from Oslo."))
    assert judged("The crew was cut to one shift in Oslo", said)[0].statement is None


@pytest.mark.parametrize(("claim", "said"), [pair for pair in HONEST if not isinstance(pair[1], str)])
def test_what_is_left_of_a_statement_is_judged_alike_again(claim: str, said: Said) -> None:
    posts = (*said, ("kim", "Nice weather in the park today.")) if not isinstance(said, str) else said
    statement = judged(claim, posts)[0].statement
    assert statement is not None
    left = tuple(post for n, post in enumerate(posts) if str(n) in {c.comment_id for c in statement.citations})
    again = judged(claim, left)[0].statement
    assert again is not None
    assert again.text == statement.text


@pytest.mark.parametrize(
    "text",
    [
        "> The reactor is safe and cheap to run.\nHm.",
        "> The reactor is safe and cheap to run.\n\nWrong, wrong, wrong.",
        "Bob says the reactor is unsafe.\n> The reactor is safe and cheap to run.\nNo.",
    ],
)
def test_words_that_a_post_only_quotes_carry_nothing(text: str) -> None:
    quoted = quoted_lines(text)
    for spans in (quoted, ()):
        comment = Comment(id="1", thread_id="t", author=ADA, text=text, quoted=spans)
        reason = objection("The reactor is safe and cheap", [(comment, 0, len(text))], [thread_of(text)])
        assert reason is not None


def test_words_in_marks_that_a_post_quotes_carry_nothing() -> None:
    text = "“The reactor is safe and cheap for us all” hangs over the gate, and the gate rusts."
    comment = Comment(id="1", thread_id="t", author=ADA, text=text, quoted=((0, 42),))
    assert objection("The reactor is safe and cheap", [(comment, 0, len(text))], [thread_of(text)]) is not None
    assert objection("The gate rusts", [(comment, 0, len(text))], [thread_of(text)]) is None


def test_a_claim_is_judged_in_milliseconds() -> None:
    text = " ".join(said for _, said in HONEST[:12] if isinstance(said, str))[:300]
    judged("Spare parts take months to arrive", text)
    began = process_time()
    for _ in range(20):
        judged("Spare parts take months to arrive", text)
    assert (process_time() - began) / 20 < 0.02, "ten times what it takes"


def named(claim: str, quote: str, others: str, handle: str) -> str | None:
    """The objection to a claim beside a quote, in a thread where `handle` says something else."""
    said = Comment(id="1", thread_id="t", author=ADA, text=quote)
    other = Comment(id="2", thread_id="t", author=Author.of_handle("x", handle), text=others)
    fetched = datetime(2026, 1, 1, tzinfo=UTC)
    thread = Thread(id="t", source="x", title="", comments=(said, other), fetched_at=fetched)
    return objection(claim, [(thread.by_id["1"], 0, len(quote))], [thread])


def test_a_word_of_the_thread_that_is_part_of_a_handle_is_no_name_behind_an_article() -> None:
    quote = "With the nails and the boards I get closer to 60 crowns."
    claim = "With nails and boards, the cost is closer to 60 crowns"
    assert "commenter" not in (named(claim, quote, "What a cost that is.", "cost_per_nail") or "")
    assert "commenter" in (named(claim, quote, "@cost_per_nail again.", "cost_per_nail") or "")
    assert "commenter" in (named("With boards, cost is closer to 60 crowns", quote, "A cost.", "cost_per_nail") or "")


def test_another_form_of_a_word_of_the_quote_is_no_part_of_a_handle() -> None:
    quote = "All teams here run the new press."
    assert named("A team runs the new press", quote, "Yes.", "marta_runs_presses") is None


def test_a_first_word_is_a_name_only_where_the_thread_writes_it_as_one() -> None:
    quote = "The same people wave the file through between two meetings."
    claim = "Lawyers wave the file through between two meetings"
    assert "'lawyers'" in (named(claim, quote, "Ask two lawyers.", "somebody_else") or "")
    assert "begins with 'Lawyers'" in (named(claim, quote, "So says Lawyers, the band.", "somebody_else") or "")


def test_a_noun_that_the_post_leaves_to_one_may_be_told_in_full() -> None:
    text = "Gates are a trade. The locked ones rust as well."
    assert objected("The locked gates rust as well", text, "The locked ones rust as well.") is None


def test_a_subject_that_only_the_rest_of_the_post_holds_takes_no_place_of_another() -> None:
    text = "The mayor is nice. The clerk stole the money from the school."
    quote = "The clerk stole the money from the school."
    assert "of 'clerk'" in (objected("The mayor stole the money from the school", text, quote) or "")


def test_a_refusal_names_the_words_that_stand_apart_or_that_a_condition_reaches_over() -> None:
    apart = objected("The harbour needs a new engine", "The harbour is full. The ferry needs a new engine.")
    assert "'harbour'" in (apart or "")
    assert "'if the crew is cut'" in (objected("The crew is cut and they leave", "If the crew is cut, we leave.") or "")


def test_a_rule_of_names_holds_for_look_alikes_and_parts() -> None:
    for name in ("kroll", "Kroll", "ada", "аda", "ａｄａ", "ada-ferry", "a d a"):
        assert objected(f"The crew was cut to one shift by {name}", CREW) is not None
