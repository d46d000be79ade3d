"""An answer as Markdown: what answers, then who said what, each quote as a block quote with the fitting words in bold.

It shows no ids, addresses, scores or coverage, so that a reader sees only what was said. What could act as Markdown or
HTML in somebody's words is escaped, except lists, which stay lists. Not here: answers on a terminal
(bot.faces.cli.terminal).
"""

import re
from collections.abc import Iterator, Sequence

from bot.values.answer import Answer, Citation
from bot.values.plain_text import clean, on_a_line, speaker_name, when
from bot.values.quote_parts import parts, plain, same_words
from bot.verification.leads import headed, on_top
from bot.verification.sentences import capital

NEAREST = "What comes nearest, without answering it:"
_ACTIVE = re.compile(
    r"""
    [\\`]
    | (?<!\S)\*(?=\S) | (?<=\S)\*           # emphasis; a star between spaces is a bullet or a product
    | (?<![^\W_])_ | _(?![^\W_])            # not inside a word, as in a handle
    | ~(?=~) | (?<=~)~
    | <(?=[A-Za-z/!?])
    | \](?=[(\[:])                         # links, pictures, definitions
    | &(?=\#?\w+;)
    | ^(?=[ \t]*(?:\#|=+[ \t]*$|(?:-[ \t]*)+$|(?:_[ \t]*)+$|(?:\*[ \t]*)+$))
    """,
    re.MULTILINE | re.VERBOSE,
)
"""Before these goes a backslash; the last alternative is the start of a heading or of a rule."""
_BOLD = re.compile(r"^(?P<bullet>(?:[ \t]*(?:[-*+]|\d+[.)])[ \t])?)(?P<opening>\W*)(?P<said>.*\w)(?P<closing>\W*)$")


def markdown(answer: Answer) -> str:
    """Paragraphs with an empty line between them; nothing at the end."""
    return "\n\n".join(_paragraphs(answer))


def escaped(text: str) -> str:
    """Somebody's words, which no reader of Markdown takes for anything else. Line breaks stay."""
    return _ACTIVE.sub(lambda found: f"\\{found[0]}", clean(text))


def _paragraphs(answer: Answer) -> Iterator[str]:
    told = (answer.lead, answer.reason) if answer.abstained else (on_top(answer),)
    yield from (escaped(on_a_line(text)) for text in dict.fromkeys(filter(None, told)))
    for heading, statement in headed(answer):
        if heading is not None:
            yield f"### {escaped(on_a_line(heading)).rstrip(':')}"
        for citations in same_words(statement.citations):
            yield from _quoted(citations)
    if answer.nearest:
        yield NEAREST
    for citation in answer.nearest:
        yield from _quoted([plain(citation)])
    if answer.note:
        yield escaped(on_a_line(answer.note))


def _quoted(citations: Sequence[Citation]) -> Iterator[str]:
    """The speakers, then the words."""
    yield f"{', '.join(map(_speaker, citations))}:"
    before, focus, after, cut = parts(citations[0])
    quote = f"{escaped(before)}{_bold(focus)}{escaped(after)}{cut}"
    yield "\n".join(f"> {line}".rstrip() for line in quote.split("\n"))


def _speaker(citation: Citation) -> str:
    posted = f", {when(citation.posted_at)}" if citation.posted_at else ""
    return f"**{escaped(capital(speaker_name(citation)))}**{posted}"


def _bold(text: str) -> str:
    """Each line in bold, from its first letter to its last: emphasis ends with a paragraph, and at some punctuation."""
    return "\n".join(map(_bold_line, clean(text).split("\n")))


def _bold_line(line: str) -> str:
    found = _BOLD.match(line)
    if found is None:
        return escaped(line)
    return f"{found['bullet']}{escaped(found['opening'])}**{escaped(found['said'])}**{escaped(found['closing'])}"
