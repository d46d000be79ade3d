"""Answers as Slack messages: Block Kit within Slack's limits, in which nothing that somebody wrote is parsed.

Strangers' words stand in plain_text and in the text elements of rich_text: neither pings, links nor formats, so nothing
has to be altered in a quote, and a block keeps the direction of its text to itself. Only `Message.text`, what a
notification shows, is parsed by Slack, and is escaped.
What is too long for a block or a message goes on in the next one; nothing is cut off without a word.
Not here: how a message is sent (bot.faces.slack.app).
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.faces.web.html import safe_url
from bot.values import speakers
from bot.values.answer import Answer, Citation, Coverage, Statement
from bot.values.quote_parts import parts, plain, same_words
from bot.verification import sentences
from bot.verification.leads import further, headed, on_top
from bot.verification.verify import NO_QUESTION
from corpus.thread import Value

Block = dict[str, Any]

MOST_BLOCKS = 50
MOST_TEXT = 3_000
"""Characters of a text in a block, counted as Slack's clients do, in UTF-16."""
MOST_MESSAGE = 10_000
"""Characters of a message's blocks as JSON. Slack refuses from about 13,200 on, and less where there are many parts."""
_PIECE = 2_800
_LONGEST_URL = 3_000
_LONGEST_FALLBACK = 300
_NOT_AN_ANSWER = "Nearest posts. They do not answer the question."
_EXTRACTIVE = "extractive"


class Message(Value):
    """What chat.postMessage and a response URL take."""

    text: str
    """For notifications; escaped."""
    blocks: tuple[Block, ...]


def answer_messages(answer: Answer) -> tuple[Message, ...]:
    """An answer: one message, more only where it does not fit."""
    return _packed(list(_answer_blocks(answer)), fallback=answer.lead or answer.reason or "")


def words_messages(*paragraphs: str) -> tuple[Message, ...]:
    """Our own words: usage, what went wrong."""
    return _packed([block for text in paragraphs for block in _sections(text)], fallback=paragraphs[0])


def escaped(text: str) -> str:
    """The text for a place where Slack reads mrkdwn: no mention and no link can come of it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def size(text: str) -> int:
    """Characters as they are counted here: UTF-16 units of the text within JSON, escapes included."""
    return len(json.dumps(text, ensure_ascii=False).encode("utf-16-le")) // 2 - 2


def pieces(text: str, most: int = _PIECE) -> Iterator[str]:
    """The text in pieces of at most `most`; put together they are the text. Cut after a space where there is one."""
    rest = text
    while size(rest) > most:
        end = _fitting(rest, most)
        space = max(rest.rfind(" ", end // 2, end), rest.rfind("\n", end // 2, end)) + 1
        end = space or end
        yield rest[:end]
        rest = rest[end:]
    yield rest


def _fitting(text: str, most: int) -> int:
    """How many characters of the text fit: at least one."""
    taken = 0
    for count, character in enumerate(text[: most + 1]):
        taken += size(character)
        if taken > most:
            return max(1, count)
    return len(text)


# ---- an answer


def _answer_blocks(answer: Answer) -> Iterator[Block]:
    if answer.kind in NO_QUESTION:
        yield from _sections(answer.reason or answer.lead)
        return
    several = len(answer.thread_ids) > 1
    told = (answer.lead, answer.reason) if answer.abstained else (on_top(answer),)
    for text in dict.fromkeys(filter(None, told)):
        yield from _sections(text)
    for heading, statement in headed(answer):
        if heading is not None:
            yield _context(heading)
        yield from _statement(statement, several=several)
    if answer.more:
        yield _context(_further(answer))
    if answer.nearest:
        yield _context(_NOT_AN_ANSWER)
        for citation in answer.nearest:
            yield from _quote([plain(citation)], several=several)
    yield _context(" ".join(filter(None, [_coverage(answer.coverage), _written(answer), answer.note])))


def _statement(statement: Statement, *, several: bool) -> Iterator[Block]:
    """Each quote once, with everybody who said it in these words."""
    for citations in same_words(statement.citations):
        yield from _quote(citations, several=several)


def _quote(citations: Sequence[Citation], *, several: bool) -> Iterator[Block]:
    """Who said it, with the way to each message; then the words, in as many blocks as they need."""
    speakers = [element for citation in citations for element in _speaker(citation, several=several)]
    for part in _in_bounds(speakers):
        yield _rich("rich_text_section", part)
    before, focus, after, cut = parts(citations[0])
    said = ((before, False), (focus, True), (after + cut, False))
    for part in _in_bounds([_text(piece, bold=bold) for text, bold in said if text for piece in pieces(text)]):
        yield _rich("rich_text_quote", part)


def _further(answer: Answer) -> str:
    amount = further(answer)
    return f"{sentences.number(amount, 'more comment')} {'speaks' if amount == 1 else 'speak'} of this."


def _speaker(citation: Citation, *, several: bool) -> list[Block]:
    elements = [_text(sentences.capital(speakers.named(citation)), bold=True)]
    if several:
        elements.append(_text(f" in {citation.thread_id}"))
    address = safe_url(citation.url)
    if address is not None and size(address) <= _LONGEST_URL and address.isprintable():
        elements += [_text(" · "), {"type": "link", "url": address, "text": "message"}]
    return [*elements, _text("  ")]


def _in_bounds(elements: Sequence[Block]) -> Iterator[list[Block]]:
    """Elements in as few parts as a block can hold each."""
    part: list[Block] = []
    for element in elements:
        if part and _weight([*part, element]) > MOST_TEXT:
            yield part
            part = []
        part.append(element)
    yield part


def _written(answer: Answer) -> str:
    if answer.writer == _EXTRACTIVE or not answer.statements:
        return ""
    return f"Quotes chosen by {speakers.one_line(answer.writer)}, each checked against its post."


def _coverage(looked_at: Coverage) -> str:
    total = max(looked_at.known if looked_at.known is not None else looked_at.indexed, looked_at.used)
    as_of = f", as of {looked_at.as_of:%Y-%m-%d %H:%M} UTC" if looked_at.as_of else ""
    told = f"From {looked_at.used:,} of {sentences.number(total, 'post')}{as_of}. {sentences.by_words(looked_at)}"
    return told.rstrip()


# ---- blocks


def _sections(text: str) -> Iterator[Block]:
    if text.strip():
        for piece in pieces(text):
            yield {"type": "section", "text": _plain(piece)}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [_plain(text)]}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}


def _rich(kind: str, elements: Iterable[Block]) -> Block:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}


def _text(text: str, *, bold: bool = False) -> Block:
    return {"type": "text", "text": text, "style": {"bold": True}} if bold else {"type": "text", "text": text}


def _weight(blocks: Sequence[Block]) -> int:
    return len(json.dumps(blocks, ensure_ascii=False).encode("utf-16-le")) // 2


def _packed(blocks: Sequence[Block], *, fallback: str) -> tuple[Message, ...]:
    """The blocks in as few messages as hold them, in order."""
    messages: list[list[Block]] = [[]]
    weight = 0
    for block in blocks:
        added = _weight([block])
        if messages[-1] and (len(messages[-1]) == MOST_BLOCKS or weight + added > MOST_MESSAGE):
            messages.append([])
            weight = 0
        messages[-1].append(block)
        weight += added
    told = _notified(fallback)
    return tuple(Message(text=told, blocks=tuple(part)) for part in messages if part)


def _notified(text: str) -> str:
    line = " ".join(text.split())
    return escaped(line if len(line) <= _LONGEST_FALLBACK else f"{line[: _LONGEST_FALLBACK - 1]}…")
