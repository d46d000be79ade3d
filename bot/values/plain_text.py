"""Text that is safe to print: on a terminal, in a file, in Markdown, with nothing in it that steers what shows it."""

import re
from datetime import datetime

from bot.values.answer import Citation
from bot.values.invisible import MARKS, SCOPES, on_one_line
from bot.values.speakers import named
from corpus.thread import Comment

STEERING = f"\x7f-\x9f\u2028\u2029\ufeff{MARKS}{SCOPES}"
_CONTROLS = re.compile(f"[\x00-\x08\x0b-\x1f{STEERING}]")
_ISOLATES = re.compile("[\u2068\u2069]")


def clean(text: str) -> str:
    """The text with what steers a terminal (escapes, other controls, direction marks) shown as U+FFFD."""
    return _CONTROLS.sub("\ufffd", text.replace("\r\n", "\n"))


def on_a_line(text: str) -> str:
    """An id, a title, an address, a ground: whole, on one line."""
    return clean(on_one_line(text))


def unisolated(text: str) -> str:
    """A sentence that code made, without the marks that isolate names in it: a terminal gets no marks at all."""
    return clean(_ISOLATES.sub("", text))


def speaker_name(spoken: Comment | Citation) -> str:
    """Who is proven to have written it, who probably did, or nobody."""
    return unisolated(named(spoken))


def when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
