"""An answer as Markdown: the lead, then who said what, each quote as a block quote.

It shows no ids, addresses, scores or coverage, so that a reader sees only what was said. The words of a comment stay as
posted, including any Markdown in them: do not render the result where that matters. Not here: answers on a terminal
(bot.terminal).
"""

from collections.abc import Iterator

from bot.answer import Answer, Citation, Statement
from bot.terminal import clean, on_a_line, speaker_name, when
from bot.wording import capital, label

NEAREST = "What comes nearest, without answering it:"


def markdown(answer: Answer) -> str:
    """Paragraphs with an empty line between them; nothing at the end."""
    return "\n\n".join(_paragraphs(answer))


def _paragraphs(answer: Answer) -> Iterator[str]:
    told = (answer.lead, answer.reason) if answer.abstained else (answer.lead,)
    yield from (on_a_line(text) for text in dict.fromkeys(filter(None, told)))
    for statement in answer.statements:
        yield from _statement(statement)
    if answer.nearest:
        yield NEAREST
    for citation in answer.nearest:
        yield from _quoted(citation)
    if answer.note:
        yield on_a_line(answer.note)


def _statement(statement: Statement) -> Iterator[str]:
    if statement.claim is not None:
        yield f"{on_a_line(statement.claim)} (paraphrase)"
    role = label(statement)
    for citation in statement.citations:
        yield from _quoted(citation, role=role)


def _quoted(citation: Citation, *, role: str = "") -> Iterator[str]:
    """The speaker, then the words. The role is that of a statement: "agrees"."""
    said = [f"**{capital(speaker_name(citation))}**", when(citation.posted_at) if citation.posted_at else "", role]
    yield f"{', '.join(filter(None, said))}:"
    yield "\n".join(f"> {line}".rstrip() for line in clean(citation.quote).split("\n"))
