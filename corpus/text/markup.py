"""HTML -> plain text, with the spans that are somebody else's quoted words.

Not here: what plain text tells by itself (corpus.text.plain). Links become "text (address)", paragraphs are parted by
an empty line, preformatted text keeps its spaces, entities are decoded once. Scripts and styles are dropped.
"""

import re
from html import unescape
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.text.plain import Span, merged, quoted_lines


class Plain(NamedTuple):
    text: str
    quoted: tuple[Span, ...] = ()
    """Somebody else's words: quotation elements and lines that begin with ">"."""
    emphasised: tuple[Span, ...] = ()
    """Italics, in which some quote the post that they answer: see corpus.text.plain.borrowed_words."""


def from_html(html: str) -> Plain:
    """The words of an HTML fragment."""
    writer = _Writer()
    if _too_tangled(html):
        return _without_structure(html)
    _walk(LexborHTMLParser(html), writer)
    text = "".join(writer.parts).rstrip()
    quoted = merged((*_within(text, writer.quoted), *quoted_lines(text)))
    return Plain(text, quoted, merged(_within(text, writer.emphasised)))


def _without_structure(html: str) -> Plain:
    """The words of markup that is not worth parsing; if any of it is a quotation, all of it counts as one."""
    text = " ".join(unescape(_TAG.sub(" ", html)).split())
    quotes = any(tag[2].lower() in _QUOTATIONS for tag in _TAG.finditer(html))
    return Plain(text, merged([(0, len(text))]) if quotes else quoted_lines(text))


def _within(text: str, spans: list[Span]) -> list[Span]:
    return [(start, min(end, len(text))) for start, end in spans]


_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)[^<>]*>")
_UNNESTED = frozenset("p br hr img input wbr li dt dd option tr td th meta link".split())
_MOST_WORK = 2_000_000


def _too_tangled(html: str) -> bool:
    """Whether parsing would take time or memory out of all proportion: nesting times tags, as hostile markup has it."""
    opened: dict[str, int] = {}
    depth = deepest = tags = 0
    for tag in _TAG.finditer(html):
        tags += 1
        name = tag[2].lower()
        if name in _UNNESTED:
            continue
        if not tag[1]:
            opened[name] = opened.get(name, 0) + 1
            depth += 1
            deepest = max(deepest, depth)
        elif opened.get(name):
            opened[name] -= 1
            depth -= 1
    return deepest * tags > _MOST_WORK


class _Closed(NamedTuple):
    """Stands in the walk where an element ends."""

    node: LexborNode


def _walk(tree: LexborHTMLParser, writer: "_Writer") -> None:
    """Without recursion: comments may be nested as deeply as their writers like."""
    waiting: list[LexborNode | _Closed] = [tree.body] if tree.body is not None else []
    while waiting:
        at = waiting.pop()
        if isinstance(at, _Closed):
            writer.close(at.node)
            continue
        if at.next is not None and at.tag != "body":
            waiting.append(at.next)
        if at.tag == "-text":
            writer.write(at.text_content or "")
        elif at.tag not in _DROPPED:
            writer.open(at)
            waiting.append(_Closed(at))
            if at.child is not None:
                waiting.append(at.child)


_DROPPED = frozenset({"script", "style", "template", "-comment", "noscript", "svg", "head"})
_PARAGRAPHS = frozenset("p pre blockquote aside ul ol table h1 h2 h3 h4 h5 h6 figure details".split())
_LINES = frozenset("div li tr dt dd section article header footer summary hr".split())
_ITALICS = frozenset({"i", "em", "cite"})
_QUOTATIONS = frozenset({"blockquote", "q", "aside"})
_SPACES = re.compile(r"[ \t\n\r\f]+")


def _is_quotation(node: LexborNode) -> bool:
    if node.tag == "aside":
        return "quote" in (node.attributes.get("class") or "").split()
    return node.tag in {"blockquote", "q"}


class _Writer:
    """Collects text and remembers where quotations, italics and links began."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.quoted: list[Span] = []
        self.emphasised: list[Span] = []
        self._length = 0
        self._breaks = 0
        self._space = False
        self._preformatted = 0
        self._quotations: list[int | None] = []
        self._italics: list[int | None] = []
        self._links: list[int] = []

    def write(self, words: str) -> None:
        if self._preformatted:
            self._put(words)
            return
        words = _SPACES.sub(" ", words)
        bare = words.strip(" ")
        self._space = self._space or words.startswith(" ")
        if bare:
            self._put(bare)
            self._space = words.endswith(" ")

    def open(self, node: LexborNode) -> None:
        tag = node.tag or ""
        self._break(2 if tag in _PARAGRAPHS else 1 if tag in _LINES or tag == "br" else 0, adds=tag == "br")
        if tag == "pre":
            self._preformatted += 1
        elif tag == "li":
            self._put("- ")
        elif tag == "img" and node.attributes.get("alt"):
            self.write(node.attributes["alt"] or "")
        elif tag == "a":
            self._links.append(len(self.parts))
        elif tag in _ITALICS:
            self._italics.append(None)
        if _is_quotation(node):
            self._quotations.append(None)

    def close(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "pre":
            self._preformatted -= 1
        elif tag == "a":
            self._name_address(self._links.pop(), node.attributes.get("href") or "")
        elif tag in _ITALICS:
            self._span_ends(self._italics, self.emphasised)
        if _is_quotation(node):
            self._span_ends(self._quotations, self.quoted)
        self._break(2 if tag in _PARAGRAPHS else 1 if tag in _LINES else 0)

    def _put(self, words: str) -> None:
        if not words:
            return
        gap = "\n" * self._breaks if self.parts else ""
        if gap and self.parts[-1].endswith("\n"):
            gap = gap[1:]
        if not gap and self._space and self.parts and not self.parts[-1].endswith((" ", "\n")):
            gap = " "
        self._breaks, self._space = 0, False
        if gap:
            self._append(gap)
        for begun in (self._quotations, self._italics):
            for at, start in enumerate(begun):
                begun[at] = self._length if start is None else start
        self._append(words)

    def _append(self, words: str) -> None:
        self.parts.append(words)
        self._length += len(words)

    def _break(self, lines: int, *, adds: bool = False) -> None:
        if lines:
            self._breaks = min(2, self._breaks + lines) if adds else max(self._breaks, lines)
            self._space = False

    def _span_ends(self, begun: list[int | None], spans: list[Span]) -> None:
        start = begun.pop()
        if start is not None:
            spans.append((start, self._length))

    def _name_address(self, since: int, address: str) -> None:
        """A link's address behind its text, or in its place where the text is the address cut short (Hacker News)."""
        if not address.startswith(("http://", "https://")):
            return
        shown = "".join(self.parts[since:]).strip()
        dots = next((d for d in ("...", "…") if shown.endswith(d) and address.startswith(shown.removesuffix(d))), "")
        if not shown:
            self.write(address)
        elif dots and self.parts[-1].endswith(dots):
            rest = address[len(shown) - len(dots) :]
            self.parts[-1] = self.parts[-1].removesuffix(dots) + rest
            self._length += len(rest) - len(dots)
        elif shown != address and not shown.startswith(("@", "#")):
            self._append(f" ({address})")
