"""No pattern that reads a question or a comment can be made to run away: a repeated word is read in one way only.

Where it could, the search below would not end in a lifetime, and the time limit of the test ends it.
"""

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module

import pytest

import bot.evidence
import bot.kinds
import bot.questions
import bot.values
import bot.verification
from bot.questions.forms import LONGEST, all_forms

ROOMS = (bot.values, bot.questions, bot.evidence, bot.kinds, bot.verification)
"""Where questions and comments are read."""
REPEATED = 40
LEADS = ("", "i am ", "what does ada ", "did ada ", "who ", "how many ", "summarize ")
COMMON = ("really", "only", "very", "so", "a", "5", "not", "(", "“x” ", "and", "the", "people", "here", "is", ",", '"')


def patterns() -> Iterator[re.Pattern[str]]:
    for name in (f"{room.__name__}.{found.name}" for room in ROOMS for found in pkgutil.iter_modules(room.__path__)):
        for value in vars(import_module(name)).values():
            for each in value if isinstance(value, tuple | list) else (value,):
                yield from (
                    part for part in (each if isinstance(each, tuple) else (each,)) if isinstance(part, re.Pattern)
                )
    yield from (form.pattern for form in all_forms())


@pytest.mark.timeout(120)
def test_a_repeated_word_is_read_in_one_way() -> None:
    for pattern in dict.fromkeys(patterns()):
        own = re.findall(r"[a-z]{2,}", pattern.pattern)[:12]
        for word in dict.fromkeys([*COMMON, *own]):
            for lead in LEADS:
                text = f"{lead}{f'{word} ' * REPEATED}!"[:LONGEST]
                pattern.fullmatch(text)
                assert sum(1 for _ in pattern.finditer(text)) <= len(text) + 1
