"""How every face shows a citation: its quote in three parts with the fitting words in the middle, and who said it.

Not here: the markup of a face (bot.faces.web.render_answer, bot.faces.slack.blocks, bot.faces.cli.terminal,
bot.product.markdown), which words of a comment are shown (bot.evidence.windows).
"""

from collections.abc import Sequence
from typing import NamedTuple

from bot.values.answer import Citation

CUT = " …"
"""Ours, after a quote that stops inside a paragraph, a list or a block of code."""


class Parts(NamedTuple):
    """A quote: put together, the first three are the quote. `focus` is empty where no part stands out."""

    before: str
    focus: str
    after: str
    cut: str
    """CUT, or nothing."""


def parts(citation: Citation) -> Parts:
    """The quote, with the words that fit the question apart; white space at their ends belongs to what is around."""
    quote, cut = citation.quote, CUT if citation.cut else ""
    if citation.focus is None:
        return Parts(quote, "", "", cut)
    start, end = (min(max(place - citation.start, 0), len(quote)) for place in citation.focus)
    focus = quote[start:end]
    start += len(focus) - len(focus.lstrip())
    end = start + len(focus.strip())
    return Parts(quote[:start], quote[start:end], quote[max(start, end) :], cut)


def plain(citation: Citation) -> Citation:
    """The citation without a focus: nothing in a comment that does not answer the question is marked as fitting it."""
    return citation.model_copy(update={"focus": None})


def same_words(citations: Sequence[Citation]) -> list[list[Citation]]:
    """The citations in groups that show the same quote, in order: one quote, everybody who said it."""
    by_quote: dict[str, list[Citation]] = {}
    for cited in citations:
        by_quote.setdefault(cited.quote, []).append(cited)
    return list(by_quote.values())
