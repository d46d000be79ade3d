"""The numbers and amounts of a claim and of its quotes: value, sign, unit, and what is counted.

A comma is a decimal mark unless groups of three digits follow it. Versions, times and dates are compared as they are
spelt. Not here: what follows from a difference (bot.claim).
"""

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from bot.claim_words import plain, stem

_SMALL = dict(
    zip(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split(),
        range(20),
        strict=True,
    )
) | dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
_LARGE = {
    "hundred": 100,
    "thousand": 1_000,
    "k": 1_000,
    "million": 10**6,
    "mn": 10**6,
    "mio": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "trillion": 10**12,
    "dozen": 12,
}
_UNITS = {
    form: unit
    for unit, forms in {
        "percent": "percent % pct percentage",
        "point": "point points pp pts",
        "times": "times x fold",
        "dollar": "$ dollar dollars usd buck bucks",
        "euro": "€ euro euros eur",
        "pound": "£ pound pounds gbp quid",
        "yen": "¥ yen",
        "cent": "cent cents",
        "crown": "crown crowns",
        "second": "second seconds sec secs s",
        "millisecond": "millisecond milliseconds ms",
        "minute": "minute minutes min mins",
        "hour": "hour hours h hr hrs",
        "day": "day days",
        "week": "week weeks",
        "month": "month months",
        "year": "year years yr yrs",
        "decade": "decade decades",
        "degree": "degree degrees ° °c °f c f",
        "kilometre": "km kilometre kilometres kilometer kilometers",
        "metre": "m metre metres meter meters",
        "mile": "mile miles",
        "foot": "foot feet ft",
        "inch": "inch inches",
        "kilogram": "kg kilo kilos kilogram kilograms",
        "gram": "g gram grams",
        "ton": "ton tons tonne tonnes",
        "litre": "l litre litres liter liters",
        "kilobyte": "kb",
        "megabyte": "mb",
        "gigabyte": "gb",
        "terabyte": "tb",
        "kilowatt": "kw",
        "megawatt": "mw",
        "mph": "mph",
        "ordinal": "st nd rd th",
    }.items()
    for form in forms.split()
}
_NAMING = frozenset(
    "version step page room chapter no number article route line gate pier day grade level phase section track "
    "platform type model windows python".split()
)
"""What a number behind it only names: "version 10" is not ten of anything."""
AMOUNTS = frozenset(
    "all everyone everything both whole entire many most majority minority plurality several few always only unanimous "
    "unanimously proven proved confirmed half third quarter twice thrice double triple couple score dozens hundreds "
    "thousands millions billions trillions nobody".split()
) - {"nobody"}
_SIDES = {"from": "from", "to": "to", "above": "above", "over": "above", "below": "below", "under": "below"}
_DONE = frozenset("double triple prove proven proved confirmed".split())
"""Amounts that a quote may hold as a verb in another form."""
_SAME_AMOUNT = {"every": "all", "each": "all", "everybody": "everyone"}
_TOKEN = re.compile(
    r"(?P<name>[^\W\d_]+[-.]?\d[\w.]*)|(?P<sign>(?<![\w.,)%])[-−])?(?P<mark>[$€£¥])?\s?"
    r"(?P<digits>\d+(?:[.,]\d+)*(?:[:/]\d+)*)(?:-(?=[^\W\d_]))?(?P<suffix>%|°[cf]?|[^\W\d_]+)?"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)|(?P<stop>[.;:!?(),])"
)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_GROUPED_BY_POINTS = re.compile(r"\d{1,3}(?:\.\d{3})*\.000")
_NEAR = 4


class Number(NamedTuple):
    """One number of a text."""

    value: Decimal | str
    unit: str | None
    side: str | None
    """"from", "to", "above" or "below", where it stands behind one."""
    names: bool
    """Whether it names something: version 10, step 3."""
    near: tuple[str, ...]
    """Stems of the words behind it: what is counted is among them."""
    spelt: str
    span: tuple[int, int]


def numbers(text: str) -> list[Number]:
    """The numbers of the text, in figures and in words; a lone "one" is no number."""
    found: list[Number] = []
    told = list(_TOKEN.finditer(text.casefold()))
    at = 0
    while at < len(told):
        read = _read(told, at)
        if read is None:
            at += 1
            continue
        value, unit, after = read
        before = [one["word"] or "" for one in told[max(0, at - 1) : at]]
        if unit is None and after < len(told) and (word := told[after]["word"]) in _UNITS and len(word) > 1:
            unit = _UNITS[word]
        found.append(
            Number(
                value=value,
                unit=unit,
                side=_SIDES.get(before[0]) if before else None,
                names=bool(before) and before[0] in _NAMING and unit is None,
                near=_behind(told, after),
                spelt=text[told[at].start() : told[after - 1].end()].strip(),
                span=(told[at].start(), told[after - 1].end()),
            )
        )
        at = after
    return found


class Counted:
    """What a text counts, read once."""

    def __init__(self, text: str) -> None:
        words = [plain(one["word"]) for one in _TOKEN.finditer(text.casefold()) if one["word"]]
        self.text = text
        self.numbers = numbers(text)
        self.amounts = {_SAME_AMOUNT.get(word, word) for word in words} & AMOUNTS
        self.stems = {stem(word) for word in words}


def strange(claim: Counted, quotes: Counted) -> str | None:
    """A number or amount of the claim, as spelt there, that the quotes do not hold; None if they hold all."""
    for ours in claim.numbers:
        lone = ours.value == 1 and ours.spelt.casefold() == "one"
        if not lone and not any(_same(ours, other) for other in quotes.numbers):
            return ours.spelt
    for amount in sorted(claim.amounts - quotes.amounts):
        if amount not in _DONE or stem(amount) not in quotes.stems:
            return amount
    return next((mark for mark in claim.text if not mark.isascii() and _counts(mark) and mark not in quotes.text), None)


def _same(ours: Number, other: Number) -> bool:
    if isinstance(ours.value, str) and ours.value[:1].isalpha():  # a name with a figure in it: "Hall-4"
        return ours.value == other.value
    if ours.value != other.value or ours.unit != other.unit or ours.names != other.names:
        return False
    if ours.side is not None and other.side is not None and ours.side != other.side:
        return False
    if ours.unit is not None or not ours.near or not other.near:
        return True
    return bool(set(ours.near) & set(other.near))


def _read(told: list[re.Match[str]], at: int) -> tuple[Decimal | str, str | None, int] | None:
    """The number that begins at this token: its value, its unit where it is part of it, and the token behind it."""
    token = told[at]
    if token["name"]:
        return token["name"].strip("."), None, at + 1
    if token["word"]:
        return _in_words(told, at)
    if not token["digits"]:
        return None
    value = _value(token["digits"])
    if isinstance(value, str):
        return value, None, at + 1
    if token["sign"]:
        value = -value
    suffix, unit, after = token["suffix"], _UNITS.get(token["mark"] or ""), at + 1
    if suffix in _LARGE:
        value *= _LARGE[suffix]
    elif suffix and unit is None:
        unit = _UNITS.get(suffix, suffix)
    while after < len(told) and told[after]["word"] in _LARGE:
        value *= _LARGE[told[after]["word"]]
        after += 1
    return value, unit, after


def _in_words(told: list[re.Match[str]], at: int) -> tuple[Decimal, None, int] | None:
    """A number that is spelt out: "twenty five", "two hundred"."""
    if told[at]["word"] not in _SMALL and not (told[at]["word"] in _LARGE and len(told[at]["word"]) > 2):
        return None
    total, group = 0, 0
    after = at
    while after < len(told) and (word := told[after]["word"]) is not None:
        if word in _SMALL:
            group += _SMALL[word]
        elif word in _LARGE:
            group = max(group, 1) * _LARGE[word]
            if _LARGE[word] > 100:
                total, group = total + group, 0
        elif not (word == "and" and group >= 100 and after + 1 < len(told) and told[after + 1]["word"] in _SMALL):
            break
        after += 1
        if after < len(told) and told[after].start() - told[after - 1].end() > 1:
            break
    return Decimal(total + group), None, after


def _value(digits: str) -> Decimal | str:
    if ":" in digits or "/" in digits:
        return digits
    if _GROUPED.fullmatch(digits) or _GROUPED_BY_POINTS.fullmatch(digits):
        return Decimal(digits.replace(",", "") if "," in digits else digits.replace(".", ""))
    if sum(mark in ".," for mark in digits) > 1:
        return digits
    return Decimal(digits.replace(",", "."))


def _behind(told: list[re.Match[str]], after: int) -> tuple[str, ...]:
    found: list[str] = []
    for token in told[after : after + _NEAR + 2]:
        if token["word"] is None:
            break
        named = stem(plain(token["word"]))
        if named is not None:
            found.append(named)
    return tuple(found[:_NEAR])


def _counts(mark: str) -> bool:
    return unicodedata.numeric(mark, None) is not None
