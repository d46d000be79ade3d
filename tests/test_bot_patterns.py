"""No pattern of ours can be made to run away: a repeated word must not be read in ever more ways.

Where it could, the search below would not end in a lifetime, and the run's time limit for one test ends it.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType

import pytest

import bot
import bot.kinds

FACES = {"bot.web", "bot.slack"}
"""Each imports a framework, and holds no pattern."""
REPEATED = 40
LEADS = ("", "i am ", "what does ada ", "did ada ", "it is ")
COMMON = ("really", "only", "absolutely", "very", "so", "a", "5", "not", "(", "“x” ")


def modules() -> Iterator[ModuleType]:
    for package in (bot, bot.kinds):
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            if not found.ispkg and found.name not in FACES:
                yield importlib.import_module(found.name)


def patterns(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from patterns(each)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from patterns(each)


def named() -> dict[str, re.Pattern[str]]:
    found = {}
    for module in modules():
        for name, value in vars(module).items():
            for place, pattern in enumerate(patterns(value)):
                found.setdefault(pattern.pattern, (f"{module.__name__}.{name}.{place}", pattern))
    return dict(found.values())


PATTERNS = named()


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", PATTERNS)
def test_a_repeated_word_is_read_in_one_way(name: str) -> None:
    pattern = PATTERNS[name]
    adverbs = [word for word in re.findall(r"[a-z]{2,}", pattern.pattern) if word.endswith("ly")]
    own = re.findall(r"[a-z]{2,}", pattern.pattern)[:12]
    for word in dict.fromkeys([*COMMON, *adverbs, *own]):
        for lead in LEADS:
            text = f"{lead}{f'{word} ' * REPEATED}!"
            assert sum(1 for _ in pattern.finditer(text)) <= len(text) + 1
