"""What a Slack message says, in plain text: from its rich text where it has some, else from its mrkdwn.

Plain text is what a reader sees: names for mentions, no marks of formatting, no entities. Quotations keep their span.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from corpus.text.plain import Span, merged, quoted_lines
from corpus.thread import Author, Value, storable

Message = Mapping[str, Any]
People = Mapping[str, Author]

_TOKEN = re.compile(r"<([^<>\n]+)>")
_CODE = re.compile(r"```(.+?)```|`([^`\n]+)`", re.DOTALL)
_MARKED = re.compile(r"(?<![\w*_~])([*_~])(?=\S)([^\n]{1,1000}?)(?<=\S)\1(?![\w*_~])")
_ENTITY = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_ENTITIES = re.compile("|".join(_ENTITY))
_HELD = re.compile("\x00(\\d+)\x00")  # storable() leaves no NUL in a text, so one can hold a place
_LEADING = re.compile(r"\s*<@([A-Z0-9]+)(?:\|[^<>]*)?>[\s,:]*")
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")


class Written(Value):
    """A message as it is read."""

    text: str
    quoted: tuple[Span, ...] = ()
    addressed: tuple[str, ...] = ()


def mentioned(message: Message) -> tuple[str, ...]:
    """Ids of the users whom a message names."""
    return tuple(dict.fromkeys(_MENTION.findall(str(message.get("text") or ""))))


def written(message: Message, people: People) -> Written:
    """The message in plain text."""
    mrkdwn = storable(str(message.get("text") or ""))
    blocks = message.get("blocks")
    if isinstance(blocks, list) and blocks and all(_is(block, "rich_text") for block in blocks):
        rich = _RichText(people)
        for block in blocks:
            rich.add_block(block)
        text, quoted = rich.text, tuple(rich.quoted)
    else:
        text, quoted = _plain(mrkdwn, people), ()
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    spans = [(max(low, start) - start, min(high, end) - start) for low, high in quoted if low < end and high > start]
    text = text[start : max(start, end)]
    return Written(text=text, quoted=merged((*spans, *quoted_lines(text))), addressed=tuple(_addressed(mrkdwn, people)))


def _addressed(mrkdwn: str, people: People) -> Iterator[str]:
    at = 0
    while found := _LEADING.match(mrkdwn, at):
        yield _handle(found[1], people)
        at = found.end()


def _handle(user_id: str, people: People) -> str:
    return people[user_id].handle if user_id in people else user_id


# ---- mrkdwn


def _plain(mrkdwn: str, people: People) -> str:
    """Code and tokens are set aside, since nothing in them is formatting; marks go, and what was set aside returns."""
    held: list[str] = []

    def hold(text: str) -> str:
        held.append(text)
        return f"\x00{len(held) - 1}\x00"

    def with_tokens(text: str) -> str:
        return _TOKEN.sub(lambda found: hold(_token(found[1], people)), text)

    bare = _CODE.sub(lambda found: hold(_unescaped(with_tokens(found[1] or found[2]).strip("\n"))), mrkdwn)
    bare = with_tokens(bare)
    for _ in range(3):  # *_both_*, and a third mark around them
        bare = _MARKED.sub(r"\2", bare)
    text = _unescaped(bare)
    while _HELD.search(text):  # a token within code is held twice
        text = _HELD.sub(lambda found: held[int(found[1])], text)
    return text


def _unescaped(text: str) -> str:
    """One pass: "&amp;lt;" is what somebody wrote as "&lt;"."""
    return _ENTITIES.sub(lambda found: _ENTITY[found[0]], text)


def _token(inner: str, people: People) -> str:
    target, _, label = inner.partition("|")
    label = _unescaped(label)
    if target.startswith("@"):
        known = people.get(target[1:])
        return f"@{known.handle if known else label.removeprefix('@') or target[1:]}"
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!"):
        name = target[1:].split("^")[0]
        return label or ("@group" if name == "subteam" else f"@{name}")
    return label or _unescaped(target).removeprefix("mailto:").removeprefix("tel:")


# ---- rich text


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, Mapping) and value.get("type") == kind


class _RichText:
    """Writes the elements of rich text one after the other."""

    def __init__(self, people: People) -> None:
        self.text = ""
        self.quoted: list[Span] = []
        self._people = people

    def add_block(self, block: Mapping[str, Any]) -> None:
        for element in _elements(block):
            self._new_line()
            if element.get("type") == "rich_text_list":
                self._add_list(element)
                continue
            start = len(self.text)
            self._add_inline(element)
            if element.get("type") == "rich_text_quote" and self.text[start:].strip():
                self.quoted.append((start, len(self.text)))

    def _add_list(self, element: Mapping[str, Any]) -> None:
        first = element.get("offset") if isinstance(element.get("offset"), int) else 0
        for number, item in enumerate(_elements(element), start=1 + (first or 0)):
            self._new_line()
            self.text += f"{number}. " if element.get("style") == "ordered" else "• "
            self._add_inline(item)

    def _add_inline(self, element: Mapping[str, Any]) -> None:
        for part in _elements(element):
            self.text += storable(_inline(part, self._people))

    def _new_line(self) -> None:
        if self.text and not self.text.endswith("\n"):
            self.text += "\n"


def _elements(holder: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found = holder.get("elements")
    return [element for element in found if isinstance(element, Mapping)] if isinstance(found, list) else []


def _inline(part: Mapping[str, Any], people: People) -> str:
    match part.get("type"):
        case "text":
            return str(part.get("text") or "")
        case "link":
            return str(part.get("text") or part.get("url") or "")
        case "user":
            return f"@{_handle(str(part.get('user_id')), people)}"
        case "channel":
            return f"#{part.get('channel_id')}"
        case "usergroup":
            return "@group"
        case "broadcast":
            return f"@{part.get('range')}"
        case "emoji":
            return _emoji(part)
        case "date":
            return str(part.get("fallback") or part.get("timestamp") or "")
        case "color":
            return str(part.get("value") or "")
        case _:
            return ""


def _emoji(part: Mapping[str, Any]) -> str:
    code = part.get("unicode")
    if isinstance(code, str) and re.fullmatch(r"[0-9a-fA-F]{1,6}(?:-[0-9a-fA-F]{1,6})*", code):
        points = [int(point, 16) for point in code.split("-")]
        if all(point <= 0x10FFFF for point in points):
            return storable("".join(map(chr, points)))
    return f":{part.get('name')}:"
