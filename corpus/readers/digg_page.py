"""The lines of a pasted Digg story page -> its title, what it says of itself, and its sections of posts.

    title, headline, TL;DR, sentiment, the Digg Deeper questions     each may be missing but the title
    "Most Activity" or "Timeline"                                    the section's label
    posts

Paste is untidy: line ends of every kind, byte order marks, tabs, indentation and trailing spaces make no difference,
nor do lost or doubled empty lines above the posts. Not here: how a section falls into posts (digg_blocks).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from corpus.text.plain import normal, sentences
from corpus.thread import Page, PageQuestion, Sentiment

MOST_ACTIVITY, TIMELINE = "Most Activity", "Timeline"
_LABELS = {
    "most activity": MOST_ACTIVITY,
    "timeline": TIMELINE,
    "most activity timeline": MOST_ACTIVITY,  # tabs, pasted as one line; the first is the one shown
    "most activitytimeline": MOST_ACTIVITY,
}
_NONE_ANSWERED = "no digg deeper questions have been answered"
_CAPTIONS = frozenset({"digg deeper", "ask question", "ask a question", "sentiment", "tl;dr", "tldr", "headline"})
_SIDE = re.compile(r"\b(positive|negative) users\b", re.IGNORECASE)
_SHARES = re.compile(r"pos(?:itive)?\W{0,3}(\d{1,3})\s?%\W{0,5}neg(?:ative)?\W{0,3}(\d{1,3})\s?%", re.IGNORECASE)
_CONNECTION = re.compile(r"[\s,;]*\b(?:while|whereas|but|and)?[\s,]*\Z", re.IGNORECASE)
_TLDR = re.compile(r"tl;?dr\s*[:\-–—]?\s*", re.IGNORECASE)
_HEADER_REACH = 400
_SENTENCES_OF_A_QUESTION = 2
_SUMMARY_LINES = 2


class Line(NamedTuple):
    """A line that is not blank."""

    number: int
    """From 1, in the file."""
    words: str
    gap: int
    """Blank lines right above it."""


class Section(NamedTuple):
    label: str
    paragraphs: tuple[tuple[Line, ...], ...]
    """Lines with no blank line between them."""


@dataclass(frozen=True)
class Story:
    """A page, taken apart."""

    title: Line | None
    about: Page
    sections: tuple[Section, ...]
    strays: tuple[Line, ...]
    """Lines above the posts that are none of headline, TL;DR, sentiment and questions."""

    @property
    def is_packed(self) -> bool:
        """Whether no blank line is left among its posts."""
        return all(len(section.paragraphs) <= 1 for section in self.sections)


def is_story(text: str) -> bool:
    """Whether the text has the marks of a story page."""
    said = [normal(line).casefold() for line in re.split(r"[\r\n]+", text[:100_000])[:_HEADER_REACH]]
    has_label = any(line in _LABELS for line in said)
    signs = any("digg deeper" in line or _SIDE.match(line) or line.startswith("@") for line in said)
    return "most activity" in said or (has_label and signs) or any(_NONE_ANSWERED in line for line in said)


def story(text: str) -> Story:
    """The page, taken apart: without a title or sections where it has none."""
    lines = _lines(text)
    labels = [at for at, line in enumerate(lines) if _label(line)]
    if labels:
        begin = labels[0]
    else:
        told = [at for at, line in enumerate(lines) if _NONE_ANSWERED in normal(line.words).casefold()]
        begin = told[0] + 1 if told else len(lines)
    title = lines[0] if begin else None
    header = _Header()
    for line in lines[1:begin]:
        header.read(line)
    return Story(title, header.page(), tuple(_sections(lines[begin:])), tuple(header.strays))


def _label(line: Line) -> str | None:
    return _LABELS.get(normal(line.words).casefold().rstrip(":"))


def _lines(text: str) -> list[Line]:
    """The lines that hold anything. Where every line end came twice, as some pastes have it, it is taken once."""
    found: list[Line] = []
    gap = 0
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        words = raw.strip().strip("\ufeff\u200b").strip()
        if words:
            found.append(Line(number, words, gap if found else 0))
            gap = 0
        else:
            gap += 1
    gaps = {line.gap for line in found[1:]}
    if gaps and all(gap % 2 for gap in gaps) and {1} < gaps:
        return [line._replace(gap=line.gap // 2) for line in found]
    return found


def _sections(lines: Sequence[Line]) -> Iterator[Section]:
    """Labels with the posts under them. Where labels follow each other, as tabs do, the first is the one shown."""
    label, paragraphs = MOST_ACTIVITY, list[list[Line]]()
    for line in lines:
        named = _label(line)
        if named is None:
            if line.gap or not paragraphs:
                paragraphs.append([])
            paragraphs[-1].append(line)
        elif paragraphs:
            yield Section(label, tuple(tuple(lines) for lines in paragraphs))
            label, paragraphs = named, []
        elif line is lines[0]:
            label = named
    if paragraphs:
        yield Section(label, tuple(tuple(lines) for lines in paragraphs))


@dataclass
class _Header:
    """Reads the lines between the title and the posts, one after the other."""

    strays: list[Line] = field(default_factory=list)
    _summary: list[str] = field(default_factory=list)
    _sides: dict[str, str] = field(default_factory=dict)
    _shares: tuple[float, float] | None = None
    _questions: list[tuple[str, list[str]]] = field(default_factory=list)
    _summed_up: bool = False
    """Whether headline and TL;DR are over."""

    def read(self, line: Line) -> None:
        folded = normal(line.words).casefold().rstrip(":")
        if folded in _CAPTIONS or _NONE_ANSWERED in folded:
            self._summed_up = self._summed_up or "digg deeper" in folded
        elif (shares := _SHARES.search(line.words)) and max(int(shares[1]), int(shares[2])) <= 100:
            self._shares = int(shares[1]) / 100, int(shares[2]) / 100
        elif _SIDE.match(line.words) and not self._questions:
            self._sides |= _sides(line.words)
            self._summed_up = True
        elif _is_question(line.words) and (self._summed_up or len(self._summary) >= _SUMMARY_LINES):
            self._questions.append((line.words, []))
            self._summed_up = True
        elif self._questions:
            self._questions[-1][1].append(line.words)
        elif not self._summed_up:
            self._summary.append(line.words)
        else:
            self.strays.append(line)

    def page(self) -> Page:
        headline, tldr = [*self._summary[:1], None][0], "\n".join(self._summary[1:])
        sentiment = None
        if self._sides or self._shares:
            positive, negative = self._shares or (None, None)
            sentiment = Sentiment(**self._sides, positive_share=positive, negative_share=negative)
        questions = (PageQuestion(question=q, answer="\n".join(answer) or None) for q, answer in self._questions)
        return Page(
            headline=headline,
            tldr=_TLDR.sub("", tldr, count=1) if _TLDR.match(tldr) else tldr or None,
            sentiment=sentiment,
            questions=tuple(questions),
        )


def _is_question(words: str) -> bool:
    """A question of its own, not an answer that ends with one."""
    return words.endswith(("?", "？")) and len(sentences(words)) <= _SENTENCES_OF_A_QUESTION


def _sides(words: str) -> dict[str, str]:
    """What positive and negative users are said to think, each in the page's own words."""
    begins = list(_SIDE.finditer(words))
    ends = [begun.start() for begun in begins[1:]] + [len(words)]
    parts = ((begun[1].lower(), words[begun.start() : end]) for begun, end in zip(begins, ends, strict=True))
    sides: dict[str, str] = {}
    for side, part in parts:
        sides.setdefault(side, _CONNECTION.sub("", part))
    return sides
