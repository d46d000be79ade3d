"""Which of a post's words are shown where some are pointed to, and which of them its author answers for.

A quote is not cut out of a denial: it is shown as whole sentences, or as clauses outside of which nothing denies,
supposes or tells them as somebody else's. Sentences that a post wholly quotes from somebody else are left off at its
ends. Not here: where words stand in a post (bot.locate), what they carry (bot.claim).
"""

import re
from itertools import pairwise

from bot import locate
from bot.claim_operators import operators
from bot.claim_reversal import goes_on, reverses
from corpus.text import Span, merged, normal, quoted_lines, sentences
from corpus.thread import Comment

LONGEST = 600
"""Characters up to which a sentence is shown whole."""
LONGEST_CUT = 1_500
"""Characters up to which a part of a longer one is shown."""
_BORDER = re.compile(r"[;:,()–—]\s|\s-\s|\s(?=(?:but|however|although|though|whereas|because|since|while|and|so|if)\b)")
_BULLET = re.compile(r"\s*(?:[-*•+–]|\d{1,2}[.)])\s")
_ENDED = re.compile(r"[.!?…:;\"”')\]]\s*$")


def others(comment: Comment) -> tuple[Span, ...]:
    """The spans that are somebody else's words."""
    return merged((*comment.quoted, *quoted_lines(comment.text)))


def own(comment: Comment, start: int, end: int) -> str:
    """comment.text[start:end] with somebody else's words blanked out."""
    words = list(comment.text[start:end])
    for low, high in others(comment):
        for place in range(max(low, start), min(high, end)):
            if words[place - start] != "\n":
                words[place - start] = " "
    return "".join(words)


def shown(comment: Comment, start: int, end: int) -> Span | None:
    """What is shown where [start, end) is pointed to; None where that cannot be cut out, nor be shown whole."""
    start, end = _without_others(comment, start, end)
    low, high = whole(comment, start, end)
    if (low, high) == (start, end) or not (_turns(comment, low, start) or _turns(comment, end, high)):
        return start, end
    if high - low <= max(LONGEST, end - start):
        return low, high
    return _clauses_around(comment, (start, end), (low, high))


def whole(comment: Comment, start: int, end: int) -> Span:
    """The whole sentences that the span lies in."""
    touched = [(a, b) for a, b in sentences(comment.text) if a < end and start < b]
    return min([start, *(a for a, _ in touched)]), max([end, *(b for _, b in touched)])


def context(comment: Comment, start: int, end: int) -> Span:
    """The whole sentences with the heading that they stand under, and with what takes them back right behind them."""
    text = comment.text
    low, high = whole(comment, start, end)
    spans = sentences(text)
    before = [(a, b) for a, b in spans if b <= low]
    here = [(a, b) for a, b in spans if a < high and low < b]
    for at in range(len(before) - 1, -1, -1):
        a, b = before[at]
        if text[a:b].endswith(":"):
            low = a
            break
        listed = _BULLET.match(text[a:b]) and here and _BULLET.match(text[slice(*here[0])])
        if not listed:
            break
    behind = next(((a, b) for a, b in spans if a >= high), None)
    if behind is not None:
        said = normal(text[slice(*behind)]).casefold()
        if reverses(said) or (not _ENDED.search(text[low:high]) and goes_on(said)):
            high = behind[1]
    return low, high


def _without_others(comment: Comment, start: int, end: int) -> Span:
    """The span without the sentences at its ends that are wholly somebody else's."""
    kept = [
        (max(a, start), min(b, end))
        for a, b in sentences(comment.text)
        if a < end and start < b and comment.own_words(max(a, start), min(b, end))
    ]
    if not kept:
        return start, end
    low, high = kept[0][0], kept[-1][1]
    between = comment.text[start:low], comment.text[high:end]
    foreign = others(comment)
    return (
        low if any(a < low and start < b for a, b in foreign) else low - len(between[0]),
        high if any(a < end and high < b for a, b in foreign) else high + len(between[1]),
    )


_TURNING = frozenset(
    ["no", "denial", "failing", "averse", "if", "may", "seems", "likely", "would", "should", "wish", "past", "hearsay"]
)


def _turns(comment: Comment, low: int, high: int) -> bool:
    """Whether words that would be left out deny, suppose or report."""
    if low >= high:
        return False
    left_out = own(comment, low, high).translate(_PLAIN).casefold()
    return any(one.kind in _TURNING for one in operators(left_out, asked=False))


_PLAIN = str.maketrans("‘’", "''")


def _clauses_around(comment: Comment, pointed: Span, sentence: Span) -> Span | None:
    """The fewest clauses of a long sentence that hold the words and whatever turns them."""
    low, high = sentence
    borders = [low, *(low + found.end() for found in _BORDER.finditer(comment.text[low:high])), high]
    begins = max(at for at in borders if at <= pointed[0])
    ends = min(at for at in borders if at >= pointed[1])
    for one, other in pairwise(borders):
        if _turns(comment, one, other):
            begins, ends = min(begins, one), max(ends, other)
    while ends > begins and comment.text[ends - 1].isspace():
        ends -= 1
    fits = ends - begins <= LONGEST_CUT and locate.whole(comment.text, begins, ends)
    return (begins, ends) if fits else None
