"""What a model means to say, out of what it writes: statements as soon as each is complete, whatever stands round them.

Models put code fences, greetings and trailing commas round their JSON, and think aloud before it: what they think is
none of what they say. Nothing here trusts what the objects say; but what is read is text that every store and every
face can hold.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from corpus.thread import storable

Found = dict[str, Any]
LONGEST = 400_000
"""Characters of one reply that are read; what follows is not looked at."""
_ATTEMPTS = 50
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_TAGS = "think|thinking|thought|thoughts|reasoning"
_TAG = re.compile(rf"(?:<(?P<end>/?)(?:{_TAGS})\s*>|\[(?P<close>/?)THINK\])\Z", re.I)
_LONGEST_TAG = 16
_LONGEST_OUTSIDE = 200
"""Characters that are kept of what stands outside of objects: enough to see whether it is more than a fence."""
_BEGUN = re.compile(rf"[\s\ufeff]*(?:<(?:{_TAGS})\s*>|\[THINK\])", re.I)
_OVER = re.compile(rf"</(?:{_TAGS})\s*>|\[/THINK\]", re.I)
_BEFORE_JSON = re.compile(r"[\s\ufeff]*(?:```\w*\s*)?")
_JSON = re.compile(_BEFORE_JSON.pattern + r"\{")


class _Open(NamedTuple):
    """A bracket that is not closed yet."""

    mark: str
    start: int


class Statements:
    """Fed with a reply piece by piece, gives each statement of it when its last brace has come.

    The reply is the first object that holds `statements` or `answerable`; statements are the objects in that array,
    and nothing else is one. They are given as they come where the model has said before them that it can answer; where
    it says so after them, or something stands before the object that may turn out to be a thought, they are held until
    the object, or all of it, has ended. Where it says that it cannot answer, there are none.
    """

    def __init__(self) -> None:
        self._said: list[str] = []
        self._length = 0
        self._open: list[_Open] = []
        self._in_string = False
        self._escaped = False
        self._string = (0, 0)
        self._key = ""
        self._outside = ""
        """What stands outside of objects, since the last thought ended."""
        self._thinking = False
        self._in_array = False
        self._ready: list[Found] = []
        self._held: list[Found] = []
        self._released = False
        """Whether what the present object says may be given as it comes."""
        self._ended = False
        self.given = 0
        self.declined = False
        """Whether the reply is of the form, and says that the question cannot be answered, or nothing."""

    @property
    def text(self) -> str:
        return "".join(self._said)

    def feed(self, piece: str) -> list[Found]:
        """The statements that may be said now."""
        piece = piece[: LONGEST - self._length]
        self._said.append(piece)
        for place, character in enumerate(piece, self._length):
            self._step(character, place)
        self._length += len(piece)
        return self._let_go()

    def rest(self) -> list[Found]:
        """Once all has come: what was held, else what a stray brace in the prose had hidden."""
        if not self._ended and not self.given:
            self._held, self._released = [], False
            reply = next((found for found in objects(spoken(self.text)) if _is_reply(found)), None)
            if reply is not None:
                self._end(reply)
        if self._ended:
            self._ready, self._held = self._ready + self._held, []
        return self._let_go()

    def _let_go(self) -> list[Found]:
        ready, self._ready = self._ready, []
        self.given += len(ready)
        return ready

    def _step(self, character: str, place: int) -> None:
        if self._in_string:
            self._within(character, place)
        elif self._thinking or not self._open:
            self._between_objects(character, place)
        elif character == '"':
            self._in_string, self._string = True, (place + 1, place + 1)
        elif character == ":" and len(self._open) == 1:
            self._key = self._slice(*self._string)
        elif character in "{[":
            self._opened(character, place)
        elif character in "}]":
            self._closed(character, place)

    def _within(self, character: str, place: int) -> None:
        if self._escaped:
            self._escaped = False
        elif character == "\\":
            self._escaped = True
        elif character == '"':
            self._in_string, self._string = False, (self._string[0], place)

    def _between_objects(self, character: str, place: int) -> None:
        if character == "{" and not self._thinking:
            self._open, self._key, self._in_array, self._released = [_Open("{", place)], "", False, False
            return
        self._outside += character
        if len(self._outside) > _LONGEST_OUTSIDE:
            self._outside = self._outside[: _LONGEST_OUTSIDE // 2] + self._outside[-_LONGEST_TAG:]
        tag = _TAG.search(self._outside[-_LONGEST_TAG:]) if character in ">]" else None
        if tag is None:
            return
        if tag["end"] or tag["close"]:
            if not self._thinking and not self.given:  # all before it was a thought that nobody saw begin
                self._ready, self._held, self._ended, self.declined = [], [], False, False
            self._thinking, self._outside = False, ""
        else:
            self._thinking = True

    def _opened(self, character: str, place: int) -> None:
        if character == "[" and len(self._open) == 1 and self._key == "statements" and not self._ended:
            self._in_array = True
            head = _loaded(f"{self._slice(self._open[0].start, place)}[]}}") or {}
            self._released = _yes(head.get("answerable")) and bool(_BEFORE_JSON.fullmatch(self._outside))
        self._open.append(_Open(character, place))

    def _closed(self, character: str, place: int) -> None:
        wanted = "{" if character == "}" else "["
        if wanted == "[" and self._open[-1].mark != "[":
            return
        while self._open:
            opened = self._open.pop()
            if opened.mark == wanted:
                break
        if character == "]" and len(self._open) == 1:
            self._in_array = False
        if self._ended:
            return
        if character == "}" and len(self._open) == 2 and self._in_array:
            found = _loaded(self._slice(opened.start, place + 1))
            if self._released and found is not None:
                self._ready.append(found)
        elif not self._open:
            found = _loaded(self._slice(opened.start, place + 1))
            if found is not None and _is_reply(found):
                self._end(found)

    def _end(self, reply: Found) -> None:
        """The reply has ended: nothing that follows is part of it."""
        self._ended = True
        said = reply.get("statements")
        answers = "answerable" not in reply or _yes(reply["answerable"])
        if not self._released:
            told = [one for one in said if isinstance(one, dict)] if isinstance(said, list) and answers else []
            if _BEFORE_JSON.fullmatch(self._outside):
                self._ready += told
            else:
                self._held = told
        self.declined = not answers or said == []

    def _slice(self, start: int, end: int) -> str:
        if len(self._said) > 1:
            self._said = ["".join(self._said)]
        return self._said[0][start:end]


def spoken(text: str) -> str:
    """The text without the thoughts before its JSON, also one of which only the beginning or the end is marked.

    A mark within the JSON is somebody's words.
    """
    text = text[:LONGEST]
    for _ in range(_ATTEMPTS):
        over = None if _JSON.match(text) else _OVER.search(text)
        if over is None:
            return "" if _BEGUN.match(text) else text
        text = text[over.end() :]
    return ""


def objects(text: str) -> Iterator[Found]:
    """The objects that stand in the text, outermost first."""
    text = text[:LONGEST]
    at = text.find("{")
    for _ in range(_ATTEMPTS):
        if at == -1:
            return
        read, end = _raw(text, at)
        if read is not None:
            yield read
        at = text.find("{", max(end, at + 1))


def _is_reply(found: Found) -> bool:
    return isinstance(found.get("statements"), list) or "answerable" in found


def _yes(answerable: Any) -> bool:
    return answerable is True or (isinstance(answerable, str) and answerable.strip().casefold() in {"true", "yes"})


def _raw(text: str, at: int) -> tuple[Found | None, int]:
    decoder = json.JSONDecoder(strict=False)
    for candidate in (text, _TRAILING_COMMA.sub(r"\1", text[at:])):
        try:
            read, end = decoder.raw_decode(candidate, at if candidate is text else 0)
            return _plain(read) if isinstance(read, dict) else None, end if candidate is text else len(text)
        except (ValueError, RecursionError):
            continue
    return None, at


def _loaded(text: str) -> Found | None:
    for candidate in (text, _TRAILING_COMMA.sub(r"\1", text)):
        try:
            read = json.loads(candidate, strict=False)
            return _plain(read) if isinstance(read, dict) else None
        except (ValueError, RecursionError):
            continue
    return None


def _plain(value: Any) -> Any:
    """The value with every text in it as text that can be kept and shown. JSON can spell what no UTF-8 can."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {storable(name): _plain(one) for name, one in value.items()}
    return value
