"""The forms that questions take, read from forms.toml: a row a form, the first that fits the whole question counts.

Not here: forms of superlatives and of times (bot.kinds), what follows from a form (bot.questions.understand).
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from bot.values.answer import KINDS
from index.ranking.lexical import terms

_PART = re.compile(r"\{([a-z_]+)\}")
_GROUPS = frozenset({"who", "one", "other", "about", "phrase", "n", "by"})
_FLAGS = frozenset({"sided", "counted", "links", "tone", "pointing", "opening", "unanswered"})
_DEEPEST = 6
LONGEST = 300
"""Characters of a question up to which it is looked at for its form; a longer one is open."""
NUMBERS = {word: n for n, word in enumerate("one two three four five six seven eight nine ten".split(), start=1)}
OPENERS = r"(?:(?:and|but|so|ok|okay|well|also|then|please|hey|hi),?\s+)*"

GREETING = re.compile(
    r"(?:hi|hello|hey|hiya|howdy|yo|good (?:morning|afternoon|evening|day)|greetings)(?: there| all| everyone| bot)?",
    re.I,
)
THANKS = re.compile(
    r"(?:ok(?:ay)?,? )?(?:thanks?(?: you)?|thx|ty|cheers|much appreciated|great,? thanks?|perfect)(?: you)?"
    r"(?: (?:a lot|so much|very much|again|all))?",
    re.I,
)
TRIMMINGS = re.compile(r"(?:,? (?:please|pls|plz|lol|thx|thanks|btw|haha))+(?=\W*$)", re.I)
"""What is said along at the end of a question."""
BESIDES = re.compile(
    r"(?:^|[\s,]+)(?:besides|apart from|other than|except(?: for)?|aside from|not counting|beyond) "
    r"(?P<whom>@?[^\s,;:?!]+(?: [^\s,;:?!]+){0,3})",
    re.I,
)
"""Whose words are not asked for; the name is as much of it as somebody here is called by."""
ANAPHORA = re.compile(
    r"\b(?:it|that|this|those|these|they|them|their|he|him|his|she|her|hers|there|the same|others?)\b", re.I
)
FOLLOWING = re.compile(
    r"^(?:and|but|or|so|then|also)\b|^(?:what|how) about\b|"
    r"^(?:why|how come|who|when|where|how|since when|what else|anything else|more|which)(?: (?:not|so|then))?\W*$",
    re.I,
)
ABOUT_LEAD = re.compile(
    r"^(?:(?:and|but|or|so|then|also|ok|okay),?\s+)*(?:(?:what|how) about|about|on|regarding)?\s*", re.I
)


@dataclass(frozen=True, slots=True)
class Form:
    """One way of asking."""

    kind: str
    pattern: re.Pattern[str]
    needs_person: bool
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Match:
    """A form that fits a question, with what its groups hold."""

    form: Form
    groups: dict[str, str]


def matches(asked: str) -> Iterator[Match]:
    """The forms that fit the whole question, in their order."""
    bare = asked.strip(" ?!.…,:;¿¡\n")
    if len(bare) > LONGEST:
        return
    for form in all_forms():
        found = form.pattern.fullmatch(bare)
        if found is not None:
            yield Match(form, {name: (text or "").strip(" ,") for name, text in found.groupdict().items()})


@cache
def all_forms() -> tuple[Form, ...]:
    """The rows of forms.toml. Raises ValueError, which names the line of a bad row."""
    text = files("bot.questions").joinpath("forms.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    parts = table["parts"]
    return tuple(_form(row, parts, number, text) for number, row in enumerate(table["form"], start=1))


def _form(row: dict[str, Any], parts: dict[str, str], number: int, text: str) -> Form:
    flags = {name for name, value in row.items() if name in _FLAGS and value is True}
    try:
        pattern = _checked(row, parts)
    except (KeyError, ValueError, re.error) as exc:
        line = [at for at, one in enumerate(text.split("\n"), 1) if one.strip() == "[[form]]"][number - 1]
        raise ValueError(f"forms.toml line {line}: {exc}. Mend that row.") from exc
    return Form(row["kind"], pattern, needs_person="needs" in row, flags=frozenset(flags))


def _checked(row: dict[str, Any], parts: dict[str, str]) -> re.Pattern[str]:
    """The row's pattern. Raises ValueError where the row says what nothing here reads."""
    unknown = row.keys() - _FLAGS - {"kind", "pattern", "needs"}
    if unknown or row["kind"] not in KINDS or row.get("needs", "person") != "person":
        raise ValueError(f"it has {sorted(unknown) or row['kind']!r}")
    pattern = re.compile(_expanded(row["pattern"], parts), re.I)
    strange = set(pattern.groupindex) - _GROUPS
    if strange:
        raise ValueError(f"its groups {sorted(strange)} mean nothing")
    return pattern


def _expanded(pattern: str, parts: dict[str, str]) -> str:
    for _ in range(_DEEPEST):
        if not _PART.search(pattern):
            return pattern
        pattern = _PART.sub(lambda part: parts[part[1]], pattern)
    raise ValueError("its parts hold each other")


def subject_of(words: str) -> str:
    """The words of a subject, or "" where they name none: "how many people posted here?" is about nothing."""
    bare = words.strip(" ?!.…,:;\"“”'")
    return bare if set(terms(bare)) - NO_SUBJECT else ""


NO_SUBJECT = frozenset(
    terms(
        "say said says post posted posts comment comments commented write wrote written happen happened change changed "
        "talk talked discuss discussed people thread discussion story here reply replied replies message messages "
        "think thought react reacted commenter commenters view views opinion opinions there everyone anyone somebody "
        "made come came conversation claim claims original opening op article that this it things thing else "
        "anything something everything exactly overall debate mentioned"
    )
)
"""Words that name no subject."""


def any_of(phrases: str) -> str:
    """One pattern of many phrases, a line each; a line that ends in a backslash goes on in the next."""
    joined = re.sub(r"\\\n\s*", "", phrases.strip())
    return "(?:" + "|".join(line.strip() for line in joined.splitlines()) + ")"


all_forms()  # at import: a bad row stops the program at once, with its line
