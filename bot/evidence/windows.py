"""What is shown of a comment where some of its words fit: a whole thought, never words cut to their opposite.

A comment of up to SHORT characters is shown whole. Of a longer one a contiguous window is shown: from the sentence that
fits to the end of its paragraph, two sentences past the fit at least, about SHORT characters, LONGEST to finish a
sentence. Words that the comment only quotes bound a window. Not here: which words fit (bot.evidence.points), where
quoted words stand (bot.evidence.quote_places).
"""

import re
import unicodedata
from typing import NamedTuple

from corpus.text.plain import Span, merged, opening, quoted_lines, sentences
from corpus.thread import Comment

SHORT = 400
"""Characters up to which the author's words are shown whole."""
LONGEST = 600
"""Characters up to which a window may grow to finish a sentence."""
LEAST = 250
"""A window shorter than this goes on past the end of its paragraph, or begins earlier."""
PAST = 2
"""Sentences past the fitting one that are shown with it."""
_PARAGRAPH_END = re.compile(r"\n\s*\n")


class Window(NamedTuple):
    start: int
    end: int
    cut: bool
    """Whether it stops inside a paragraph, a list or a block of code."""


def window(comment: Comment, start: int, end: int) -> Window:
    """What is shown of the comment where comment.text[start:end] fits. Offsets are code points of its text."""
    text = comment.text
    low, high = _own_segment(comment, start, end)
    if high - low <= SHORT:
        return Window(low, high, cut=False)
    start, end = max(start, low), min(end, high)
    spans = [(max(a, low), min(b, high)) for a, b in sentences(text) if a < high and low < b] or [(low, high)]
    first = next((place for place, (_, b) in enumerate(spans) if b > start), len(spans) - 1)
    last = max(first, next((place for place, (_, b) in enumerate(spans) if b >= end), len(spans) - 1))
    first = _with_lead_in(text, spans, first)
    until = _last_shown(text, spans, first, last)
    while until > last and _introduces(text, spans[until][1]):
        until -= 1
    while until + 1 < len(spans) and _introduces(text, spans[until][1]):
        until += 1
    first = _earlier(spans, first, until)
    begin = spans[first][0]
    stop = _bounded(text, spans[first : until + 1], start)
    return Window(begin, stop, cut=stop < high and not _ends_a_block(text, stop, high))


def _introduces(text: str, end: int) -> bool:
    """Whether the words before `end` end in a colon, marks of emphasis apart."""
    while end > 0 and text[end - 1] in "*_":
        end -= 1
    return end > 0 and text[end - 1] in ":："


def _own_segment(comment: Comment, start: int, end: int) -> Span:
    """The run of the author's own words that holds most of [start, end): without whom the comment opens by addressing.

    Quoted lines bound it; quoted words inside a line do not, for a sentence around them may say the opposite.
    """
    text = comment.text
    begin = opening(text).end
    others = [span for span in merged((*comment.quoted, *quoted_lines(text))) if _fills_its_lines(text, *span, begin)]
    bounds = [begin, *(place for span in others for place in span), len(text)]
    own = [trimmed for at in range(0, len(bounds), 2) if (trimmed := _trimmed(text, bounds[at], bounds[at + 1]))]
    if not own and not others:  # a comment that only addresses people
        own = [_trimmed(text, 0, len(text)) or (start, end)]
    return max(own, key=lambda span: min(span[1], end) - max(span[0], start), default=(start, end))


def _fills_its_lines(text: str, start: int, end: int, begin: int) -> bool:
    """Whether nothing else is in the lines of [start, end), whom the text addresses before `begin` apart."""
    before, after = max(begin, text.rfind("\n", 0, start) + 1), text.find("\n", end)
    return not text[before:start].strip() and not text[end : after if after >= 0 else len(text)].strip()


def _trimmed(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if any(unicodedata.category(mark)[0] in "LMNS" for mark in text[start:end]) else None


def _with_lead_in(text: str, spans: list[Span], first: int) -> int:
    """The sentence before as well, where it ends in a colon: a list or a quotation belongs to what introduces it."""
    for place in range(first - 1, -1, -1):
        if spans[first][1] - spans[place][0] > SHORT:
            break
        if _introduces(text, spans[place][1]):
            return place
        if "\n" not in text[spans[place][1] : spans[place + 1][0]]:
            break
    return first


def _last_shown(text: str, spans: list[Span], first: int, last: int) -> int:
    """The place of the last sentence: the paragraph's last or PAST further on, as far as there is room."""
    begin = spans[first][0]
    ends = _PARAGRAPH_END.search(text, spans[last][1])
    wanted = max(spans[last][1], min(ends.start() if ends else len(text), spans[-1][1]))
    until = last
    for place in range(last + 1, len(spans)):
        size = spans[place][1] - begin
        needed = place - last <= PAST
        going_on = spans[place][0] < wanted or spans[until][1] - begin < LEAST
        if not (needed or going_on) or size > (LONGEST if needed else SHORT):
            break
        until = place
    return until


def _earlier(spans: list[Span], first: int, until: int) -> int:
    """Where a window near the end of a comment begins: early enough to be a thought."""
    while first > 0 and until == len(spans) - 1 and spans[until][1] - spans[first - 1][0] <= SHORT:
        if spans[until][1] - spans[first][0] >= LEAST:
            break
        first -= 1
    return first


def _bounded(text: str, spans: list[Span], fit: int) -> int:
    """The end, no more than LONGEST characters on: after a sentence if possible, else between lines or words.

    The words at `fit` stay within. A single word that is longer is cut as well.
    """
    begin, stop = spans[0][0], spans[-1][1]
    most = begin + LONGEST
    if stop <= most:
        return stop
    least = max(begin + LEAST, fit + 1)
    ends = [end for _, end in spans if least <= end <= most and not _introduces(text, end)]
    if ends:
        return ends[-1]
    for border in ("\n", " "):
        found = text.rfind(border, least, most + 1)
        if found > 0 and not _introduces(text, end := len(text[:found].rstrip())):
            return end
    return stop if stop - begin <= 2 * LONGEST else most


def _ends_a_block(text: str, stop: int, high: int) -> bool:
    """Whether nothing of the same paragraph, list or code follows."""
    after = text[stop:high]
    gap = after[: len(after) - len(after.lstrip())]
    return not after.strip() or gap.count("\n") > 1
