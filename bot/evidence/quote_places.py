"""Where quoted words stand in a comment: exactly, or but for whitespace and typographic quotes and dashes.

What is found is a span of the comment's own text. Look-alike letters, other spellings, joined spans are not found.
"""

import re
import unicodedata

_SAME = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    }
)
# Scripts written without spaces between words: any place in them is a word's border.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u312f\u3130-\u318f\u31a0-\ua4cf\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)
_HOLDING = "'\u2019-\u2010\u2011.,"
_JOINERS = {"\u200d", "\ufe0e", "\ufe0f", "\u20e3"}


def spans(text: str, quote: str, start: int | None = None) -> list[tuple[int, int]]:
    """Every [start, end) of `text` that reads as `quote`: where it is said to start, then exact ones, else normalised.

    Only spans that begin and end at a word's border, and split no character from its marks, are given.
    """
    if not quote.strip():
        return []
    found: list[tuple[int, int]] = []
    if start is not None and start >= 0 and text.startswith(quote, start):
        found.append((start, start + len(quote)))
    found.extend(_exact(text, quote))
    if not found:
        found = _normalised(text, quote)
    return [span for span in dict.fromkeys(found) if whole(text, *span)]


def whole(text: str, start: int, end: int) -> bool:
    """Whether [start, end) cuts through no word and no character with its combining marks."""
    return _border(text, start) and _border(text, end)


def _border(text: str, place: int) -> bool:
    if not 0 < place < len(text):
        return True
    before, after = text[place - 1], text[place]
    if (
        unicodedata.combining(after)
        or after in _JOINERS
        or before == "\u200d"
        or unicodedata.category(after) in {"Mn", "Mc", "Me"}
    ):
        return False
    if "\U0001f3fb" <= after <= "\U0001f3ff" or (
        "\U0001f1e6" <= before <= "\U0001f1ff" and "\U0001f1e6" <= after <= "\U0001f1ff"
    ):
        return False
    if _UNSPACED.match(before) or _UNSPACED.match(after):
        return True
    if _wordish(before) and _wordish(after):
        return False
    return not _within_a_word(text, place)


def _within_a_word(text: str, place: int) -> bool:
    """Whether a mark that holds a word together stands at this border: can't, non-free, 5.2."""
    for mark in (place - 1, place):
        if 0 < mark < len(text) - 1 and text[mark] in _HOLDING:
            before, after = text[mark - 1], text[mark + 1]
            if text[mark] in ".,":
                if before.isdigit() and after.isdigit():
                    return True
            elif before.isalnum() and after.isalnum():
                return True
    return False


def _wordish(character: str) -> bool:
    return character.isalnum() or character == "_" or unicodedata.category(character) in {"Mn", "Mc", "Me"}


def _exact(text: str, quote: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at = text.find(quote)
    while at != -1 and len(found) < 50:
        found.append((at, at + len(quote)))
        at = text.find(quote, at + 1)
    return found


def _normalised(text: str, quote: str) -> list[tuple[int, int]]:
    wanted, _ = _folded(quote.strip())
    folded, places = _folded(text)
    found: list[tuple[int, int]] = []
    at = folded.find(wanted)
    while at != -1 and len(found) < 50:
        start, end = places[at], places[at + len(wanted) - 1] + 1
        found.append((start, end))
        at = folded.find(wanted, at + 1)
    return found


def _folded(text: str) -> tuple[str, list[int]]:
    """The text with whitespace as single spaces and typographic marks made plain; where each character stood."""
    plain: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text.translate(_SAME)):
        space = character.isspace()
        if not (space and plain and plain[-1] == " "):
            plain.append(" " if space else character)
            places.append(place)
    return "".join(plain), places
