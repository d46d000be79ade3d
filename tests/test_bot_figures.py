"""Questions for a number or an amount of money, and words that hold one."""

import pytest

from bot.figures import Wanted, held, wanted


@pytest.mark.parametrize(
    ("question", "what"),
    [
        ("How long is the ferry?", "number"),
        ("What share of the boats are new?", "number"),
        ("What did the repair cost?", "money"),
        ("How much do they pay for a berth?", "money"),
        ("How do they pay?", None),
        ("Why is the ferry late?", None),
    ],
)
def test_what_a_question_wants(question: str, what: Wanted | None) -> None:
    assert wanted(question) == what


@pytest.mark.parametrize(
    ("words", "what", "whether"),
    [
        ("It is 40 metres long.", "number", True),
        ("About twenty of them.", "number", True),
        ("Nobody counted.", "number", False),
        ("4.8 million dollars.", "money", True),
        ("It cost €90.", "money", True),
        ("The Oslo-3 took nine days.", "money", False),
    ],
)
def test_what_words_hold(words: str, what: Wanted, whether: bool) -> None:
    assert held(words, what) is whether
