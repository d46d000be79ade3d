"""JSON objects out of what a model writes: as soon as each is complete, whatever stands around it.

Models put code fences, greetings and trailing commas round their JSON, or write it in lines. Nothing here trusts what
the objects say.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

Found = dict[str, Any]
LONGEST = 400_000
"""Characters of one reply that are read; what follows is not looked at."""
_ATTEMPTS = 50
_DEEPEST = 12
"""Levels of objects within objects that are read; a reply has three. Reading each of more would take for ever."""
_TRAILING_COMMA = re.compile(r",\s*([}\]])")


class Objects:
    """Fed with a reply piece by piece, gives each object that `wanted` accepts when its last brace has come."""

    def __init__(self, wanted: Callable[[Found], bool]) -> None:
        self._wanted = wanted
        self._said: list[str] = []
        self._length = 0
        self._open: list[int | None] = []
        self._in_string = False
        self._escaped = False
        self.given = 0

    @property
    def text(self) -> str:
        return "".join(self._said)

    def feed(self, piece: str) -> list[Found]:
        piece = piece[: LONGEST - self._length]
        self._said.append(piece)
        found: list[Found] = []
        for place, character in enumerate(piece, self._length):
            start = self._step(character, place)
            if start is not None:
                read = _loaded(self._between(start, place + 1))
                if read is not None and self._wanted(read):
                    found.append(read)
        self._length += len(piece)
        self.given += len(found)
        return found

    def rest(self) -> list[Found]:
        """Once all has come: what a stray brace or quotation mark in the prose had hidden, if nothing was given yet."""
        if self.given:
            return []
        return [found for found in _every(self.text) if self._wanted(found)]

    def _step(self, character: str, place: int) -> int | None:
        """Where the object started that this character ends, if it ends one."""
        if self._in_string:
            if self._escaped:
                self._escaped = False
            elif character == "\\":
                self._escaped = True
            elif character == '"':
                self._in_string = False
        elif character == "{":
            self._open.append(place if len(self._open) < _DEEPEST else None)
        elif character == "}" and self._open:
            return self._open.pop()
        elif character == '"' and self._open:
            self._in_string = True
        return None

    def _between(self, start: int, end: int) -> str:
        if len(self._said) > 1:
            self._said = ["".join(self._said)]
        return self._said[0][start:end]


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


def _every(text: str) -> Iterator[Found]:
    """Objects at any depth."""
    for found in objects(text):
        waiting: list[Any] = [found]
        while waiting:
            one = waiting.pop(0)
            if isinstance(one, dict):
                yield one
                waiting.extend(one.values())
            elif isinstance(one, list):
                waiting.extend(one)


def _raw(text: str, at: int) -> tuple[Found | None, int]:
    decoder = json.JSONDecoder(strict=False)
    for candidate in (text, _TRAILING_COMMA.sub(r"\1", text[at:])):
        try:
            read, end = decoder.raw_decode(candidate, at if candidate is text else 0)
        except (ValueError, RecursionError):
            continue
        return (read if isinstance(read, dict) else None), (end if candidate is text else len(text))
    return None, at


def _loaded(text: str) -> Found | None:
    for candidate in (text, _TRAILING_COMMA.sub(r"\1", text)):
        try:
            read = json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
        return read if isinstance(read, dict) else None
    return None
