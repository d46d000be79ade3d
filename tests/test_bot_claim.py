"""What a writer's own words may say beside its quotes: pairs of a claim and the words of posts, as data."""

from datetime import UTC, datetime

import pytest

from bot.claim import objection
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
