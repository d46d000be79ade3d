"""Plain text: which words are only quoted, whom a post opens by addressing, where sentences lie, when texts are equal.

Every offset is in Unicode code points of the text that was given in. Not here: HTML and other markup, which
corpus.text.markup turns into plain text first.

What counts as quoted, so that nobody is credited with it:
  - lines that begin with ">" as mail, Hacker News, Reddit and Markdown have it (`quoted_lines`);
  - what the markup marks as a quotation (`corpus.text.markup`);
  - words in quotation marks or italics, and whole lines, that stand word for word in the post that this one answers
    or quotes (`borrowed_words`). Words in quotation marks that stand nowhere else stay the author's: people set
    irony, titles and their own coinages in quotation marks too.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple

from corpus.thread import storable

Span = tuple[int, int]

_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")
_TYPOGRAPHIC = str.maketrans({**dict.fromkeys("‘’‚‛′", "'"), **dict.fromkeys("“”„‟″«»", '"')})


def normal(text: str) -> str:
    """The text as it is compared and hashed: plain quotation marks, single spaces, nothing invisible; case stays."""
    seen = _INVISIBLE.sub("", storable(text)).translate(_TYPOGRAPHIC)
    return " ".join(unicodedata.normalize("NFC", seen).split())


_LINK = ("http://", "https://")
_FEWEST_WORDS_BEFORE_A_LINK = 3
_MEANS_SOMETHING = "?%#+"
_SIGNS = "-."


def bare(text: str) -> str:
    """Equal for texts that say the same in the same words: case, spacing, marks, emoji and links at the end apart.

    Marks count where they are part of a word or a number (can't, 5.2, -1, C++), question marks everywhere. What is
    left of a text without words is the text, and a link after fewer than three words is what the text is about.
    """
    seen = normal(text).casefold()
    words = seen.split()
    end = len(words)
    while end and words[end - 1].startswith(_LINK):
        end -= 1
    said = [bared for word in words[:end] if (bared := _without_marks(word))]
    if len(said) < _FEWEST_WORDS_BEFORE_A_LINK:
        said += words[end:]
    return " ".join(said) or seen


def _without_marks(word: str) -> str:
    """The word but for the marks around it."""
    start, end = 0, len(word)
    while end > start and _is_mark(word[end - 1]):
        end -= 1
    while start < end and _is_mark(word[start]):
        if word[start] in _SIGNS and word[start + 1 : start + 2].isdigit():
            break
        start += 1
    return word[start:end]


def _is_mark(character: str) -> bool:
    if character in _MEANS_SOMETHING:
        return False
    category = unicodedata.category(character)
    return category[0] == "P" or category in {"So", "Sk", "Cf"} or character in "\ufe0e\ufe0f\u20e3"


def content_id(*parts: str) -> str:
    """Sixteen hex digits that stay the same as long as the words do, whatever their spacing and quotation marks."""
    return sha256("\x1f".join(normal(part) for part in parts).encode()).hexdigest()[:16]


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans in order, overlapping and touching ones made one, empty ones left out."""
    joined: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


# ---- quoted words

# ">=5" and ">50%" compare, ">_<" and ">:(" are faces: a quotation goes on with a space, a letter or an opening mark.
_QUOTING_LINE = re.compile(r"[ \t]{0,3}>+(?=[ \t\r]|\Z|[^\W\d_]|[\"'“‘«(\[*`@#&])")
_LINE = re.compile(r"[^\n]+")
_IN_MARKS = re.compile(r"\"[^\"\n]{1,2000}\"|“[^“”\n]{1,2000}[”\"]|„[^„“”\n]{1,2000}[“”]|«[^«»\n]{1,2000}»")
_CANDIDATES = 20
_COMPARED = 20_000
_FEWEST_WORDS = 3
_FEWEST_WORDS_OF_A_LINE = 5
_WORD = re.compile(r"\w+")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def quoted_lines(text: str) -> tuple[Span, ...]:
    """Spans of lines that begin with ">"; lines that follow each other are one span."""
    if ">" not in text:
        return ()
    spans: list[Span] = []
    for line in _LINE.finditer(text):
        if not _QUOTING_LINE.match(line[0]):
            continue
        end = line.start() + len(line[0].rstrip())
        if spans and not text[spans[-1][1] : line.start()].strip():
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((line.start(), end))
    return tuple(spans)


def borrowed_words(text: str, other: str, *, emphasised: Iterable[Span] = ()) -> tuple[Span, ...]:
    """Spans of `text` in quotation marks or `emphasised`, and whole lines, whose words stand in `other`.

    Shorter than three words (a line: five) proves nothing. Long texts are compared as far as 20,000 characters.
    """
    marked = [found.span() for found in _IN_MARKS.finditer(text)]
    candidates = [(span, _FEWEST_WORDS) for span in (*marked, *emphasised)]
    candidates += [(line.span(), _FEWEST_WORDS_OF_A_LINE) for line in _LINE.finditer(text)]
    if not candidates or not other:
        return ()
    theirs = normal(other[:_COMPARED]).casefold()
    borrowed = []
    for (start, end), fewest in candidates[: 2 * _CANDIDATES]:
        words = normal(text[start:end]).casefold().strip("\"' .,;:!?…")
        if _weight(words) >= fewest and _stands_in(words, theirs):
            borrowed.append((start, end))
    return merged(borrowed)


def _weight(words: str) -> int:
    """How many words; scripts without spaces count two letters as one."""
    letters = len(_CJK.findall(words))
    return letters // 2 if letters else len(_WORD.findall(words))


def _stands_in(words: str, theirs: str) -> bool:
    """Whether `words` stand in `theirs`, beginning and ending where words do."""
    at = theirs.find(words)
    if at < 0:
        return False
    before, after = theirs[at - 1 : at], theirs[at + len(words) : at + len(words) + 1]
    return _CJK.search(words) is not None or not (before.isalnum() or after.isalnum())


# ---- whom a post addresses

_LEADING_HANDLE = re.compile(r"\s*@(\w(?:[\w.-]{0,98}\w)?(?:@\w(?:[\w.-]{0,98}\w)?)?)(?:[,:;](?=\s)|(?=\s|\Z))")


class Opening(NamedTuple):
    """How a post opens."""

    handles: tuple[str, ...]
    """Without @, as spelled, each once."""
    end: int
    """Where its words begin: behind the handles and the space after them."""


def opening(text: str) -> Opening:
    """The run of @handles that the text opens with. A handle within a sentence addresses nobody."""
    handles: dict[str, str] = {}
    end = 0
    while found := _LEADING_HANDLE.match(text, end):
        handles.setdefault(found[1].casefold(), found[1])
        end = found.end()
    while end and end < len(text) and text[end].isspace():
        end += 1
    return Opening(tuple(handles.values()), end)


# ---- sentences

_CLOSING = ")]}\"'”’»」』）】›*_~`"
_OPENING = "([{\"'“‘«„「『（【‹*_~`#"
_ENDS = re.compile(r"[.!?…]+|[。！？｡؟।]+")
_ENDS_WITHOUT_SPACE = "。！？｡؟।"
_LINE_OF_TEXT = re.compile("[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_EMOJI_RUN = re.compile(
    "(?:[ \t]*+[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55\ufe0f\u200d\u20e3\U000e0020-\U000e007f]++)++(?=\\s|\\Z)"
)
_WORD_REACH = 24
_QUOTATION_REACH = 200
_DIGITS_OF_A_LIST = 3
_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_TITLES = frozenset("mr mrs ms mx dr prof".split())
_CAPITALISED_TITLES = frozenset("St Mt Gen Col Lt Sgt Capt Cmdr Rep Sen Gov Pres Hon Rev Mme Mlle Messrs".split())
_NEVER_LAST = frozenset("e.g i.e cf vs viz approx ca incl esp resp".split())
_BEFORE_A_NUMBER = frozenset("no nos nr fig figs eq sec ch vol pp p ver art para".split())
_LAST_BEFORE_A_CAPITAL = frozenset("etc jr sr a.m p.m al est".split())
_PERHAPS_LAST = frozenset("inc ltd co corp jan feb mar apr jun jul aug sep sept oct nov dec".split())
_STARTERS = frozenset(
    "the a an this that these those there here it its they their we our i my you your he his she her who what when "
    "where why how which and but or so then if in on at for as of to from with no not yes also even still just while "
    "after before because since once now maybe".split()
)


_NEW_LINE_OF_A_LIST = re.compile(r"\s*(?:[-*+•–>|#]|\d{1,3}[.):]\s|```|@|\w{1,20}:\s)|[ ]{4}|\t")
_BLANK = re.compile(r"\s*\Z")
_NARROWEST, _WIDEST = 45, 100
"""Characters of the longest line of a paragraph between which its lines may be wrapped by hand."""


def sentences(text: str) -> tuple[Span, ...]:
    """Spans of the sentences, in order, apart from each other, trimmed of space.

    They cover every character that is no space, but for the run of @handles that the text opens with: no sentence
    begins with whom a post addresses. (A text that holds nothing else is one sentence.) A line's end ends a sentence,
    unless the line was wrapped by hand; a "> " stays with the sentence that it marks; emoji stay with the sentence
    before them.
    """
    begin = opening(text).end
    if not text[begin:].strip():
        begin = 0
    found: list[Span] = []
    for low, high in _unwrapped(text, [line.span() for line in _LINE_OF_TEXT.finditer(text, begin)]):
        start = low
        for end in _ends_within(text, low, high):
            found.append((start, end))
            start = end
        found.append((start, high))
    trimmed = (_trimmed(text, start, end) for start, end in found)
    return tuple((start, end) for start, end in trimmed if start < end)


def _unwrapped(text: str, lines: list[Span]) -> Iterator[Span]:
    """The lines, those put together that were wrapped by hand: the next word would not have fitted."""
    width = 0
    held: Span | None = None
    for place, (start, end) in enumerate(lines):
        if held is None or text[held[1] : start].count("\n") > 1 or _BLANK.match(text[slice(*held)]):
            width = _width(text, lines, place)
        if held is not None and _wrapped(text, lines[place - 1], (start, end), width):
            held = (held[0], end)
            continue
        if held is not None:
            yield held
        held = (start, end)
    if held is not None:
        yield held


def _width(text: str, lines: list[Span], at: int) -> int:
    """Characters of the longest line of the paragraph that begins with line `at`; looked at as far as it matters."""
    longest = 0
    for place in range(at, len(lines)):
        start, end = lines[place]
        gone = place > at and text[lines[place - 1][1] : start].count("\n") > 1
        if gone or _BLANK.match(text[start : min(end, start + _WIDEST + 1)]):
            break
        longest = max(longest, end - start)
        if longest > _WIDEST:
            break
    return longest


def _wrapped(text: str, line: Span, following: Span, width: int) -> bool:
    if not _NARROWEST <= width <= _WIDEST or text[line[1] : following[0]].count("\n") > 1:
        return False
    said = text[slice(*line)].rstrip()
    word = text[slice(*following)].lstrip().partition(" ")[0]
    if not said or not word or said[-1] in ".!?…:;" or _QUOTING_LINE.match(said):
        return False
    if _NEW_LINE_OF_A_LIST.match(text, *following):
        return False
    return len(said) + 1 + len(word) > width


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


class _Stop(NamedTuple):
    """A full stop, question mark or the like, and what stands around it."""

    marks: str
    word: str
    """What it directly follows."""
    first: bool
    """Whether that word is the first of its sentence."""
    closed: bool
    """Whether quotation marks or brackets close behind it."""
    spaced: bool
    """Whether a space or the line's end follows."""
    following: str
    """The next word of the line."""

    @property
    def before_small_letter(self) -> bool:
        return self.following.lstrip(_OPENING)[:1].islower()


def _ends_within(text: str, start: int, stop: int) -> Iterator[int]:
    """Where sentences end inside one line, text[start:stop]."""
    at = start
    while (mark := _ENDS.search(text, at, stop)) is not None:
        at = closed = mark.end()
        while closed < stop and text[closed] in _CLOSING:
            closed += 1
        emoji = _EMOJI_RUN.match(text, closed, stop)
        end = emoji.end() if emoji else closed
        since = max(start, mark.start() - _WORD_REACH)
        words = text[since : mark.start() + 1].split()
        found = _Stop(
            marks=mark[0],
            word=words[-1][:-1].lstrip(_OPENING),
            first=len(words) == 1 and since == start,
            closed=closed > mark.end(),
            spaced=end >= stop or text[end].isspace(),
            following=text[end : end + _WORD_REACH].lstrip().partition(" ")[0] if end < stop else "",
        )
        if _ends_sentence(found) and not _within_quotation(text, start, end, stop):
            yield end
            start = at = end


def _within_quotation(text: str, start: int, end: int, stop: int) -> bool:
    """Whether curly quotation marks that open before `end` close soon behind it: “You want it? I can make it”."""
    opened = text.rfind("“", max(start, end - _QUOTATION_REACH), end)
    if opened < 0 or "”" in text[opened:end]:
        return False
    ahead = text[end : min(stop, end + _QUOTATION_REACH)]
    return "”" in ahead.partition("“")[0]


def _ends_sentence(stop: _Stop) -> bool:
    if stop.marks[0] in _ENDS_WITHOUT_SPACE:
        return True
    if not stop.spaced:
        return stop.marks[0] != "." and _CJK.match(stop.following) is not None
    if not stop.following:
        return True
    if stop.marks.strip(".…"):
        return not (stop.closed and stop.before_small_letter)
    if len(stop.marks) > 1 or stop.marks == "…" or stop.closed:
        return not stop.before_small_letter
    return not _abbreviates(stop)


def _abbreviates(stop: _Stop) -> bool:
    """Whether a single full stop belongs to its word: "Dr.", "e.g.", "U.S.", "J.", the "1." of a list."""
    word, folded = stop.word, stop.word.casefold()
    following = stop.following.strip(_OPENING + ",;:" + _CLOSING)
    if word.isdigit():
        return stop.first and len(word) <= _DIGITS_OF_A_LIST
    if folded in _TITLES or word in _CAPITALISED_TITLES or folded in _NEVER_LAST:
        return True
    if folded in _BEFORE_A_NUMBER:
        return following[:1].isdigit()
    if folded in _LAST_BEFORE_A_CAPITAL:
        return not following[:1].isupper()
    initial = len(word) == 1 and word.isupper() and word != "I"
    if folded in _PERHAPS_LAST or initial or _ACRONYM.fullmatch(word):
        return not (following[:1].isupper() and following.casefold().partition("'")[0] in _STARTERS)
    return False
