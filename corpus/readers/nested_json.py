"""JSON nested so deeply that the standard library's parser, which recurses, gives up: a chain of 10,000 replies.

Slower than json.loads and used only where that raises RecursionError. Accepts what json.loads(strict=False) accepts.
"""

import re
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]  # typeshed leaves it out
from typing import Any

DEEPEST = 500_000
"""Levels; beyond that it is no discussion."""

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_CONSTANTS: dict[str, Any] = {
    "null": None,
    "true": True,
    "false": False,
    "NaN": float("nan"),
    "Infinity": float("inf"),
    "-Infinity": float("-inf"),
}


class TooDeep(ValueError):
    """Nested beyond what is read."""


def parse(text: str) -> Any:
    """The value that the JSON text holds. Raises json.JSONDecodeError where it is none, TooDeep."""
    reader = _NestedReader(text)
    value = reader.value()
    if reader.at != len(text):
        raise JSONDecodeError("Extra data", text, reader.at)
    return value


class _NestedReader:
    """Keeps the open lists and objects on a stack of its own."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self._open: list[list[Any] | dict[str, Any]] = []
        self._keys: list[str] = []

    def value(self) -> Any:
        self._skip_space()
        while True:
            begun = self._begin()
            if begun is not None:
                self._open.append(begun)
                if len(self._open) > DEEPEST:
                    raise TooDeep(f"nested more than {DEEPEST:,} levels deep")
                if not self._closes_at_once(begun):
                    self._read_key(begun)
                    continue
                finished: Any = self._open.pop()
            else:
                finished = self._scalar()
            self._skip_space()
            while self._open:
                if self._goes_on(finished):
                    break
                finished = self._open.pop()
                self._skip_space()
            else:
                return finished

    def _begin(self) -> list[Any] | dict[str, Any] | None:
        mark = self.text[self.at : self.at + 1]
        if mark not in {"[", "{"}:
            return None
        self.at += 1
        self._skip_space()
        return [] if mark == "[" else {}

    def _closes_at_once(self, begun: list[Any] | dict[str, Any]) -> bool:
        if self.text[self.at : self.at + 1] != ("]" if isinstance(begun, list) else "}"):
            return False
        self.at += 1
        return True

    def _goes_on(self, finished: Any) -> bool:
        """Puts a finished value into the innermost open one; whether that expects another."""
        within = self._open[-1]
        if isinstance(within, list):
            within.append(finished)
        else:
            within[self._keys.pop()] = finished
        mark = self.text[self.at : self.at + 1]
        if mark == ("]" if isinstance(within, list) else "}"):
            self.at += 1
            return False
        if mark != ",":
            raise JSONDecodeError("Expecting ',' delimiter", self.text, self.at)
        self.at += 1
        self._skip_space()
        self._read_key(within)
        return True

    def _read_key(self, within: list[Any] | dict[str, Any]) -> None:
        if isinstance(within, list):
            return
        if self.text[self.at : self.at + 1] != '"':
            raise JSONDecodeError("Expecting property name enclosed in double quotes", self.text, self.at)
        key, self.at = scanstring(self.text, self.at + 1, False)
        self._skip_space()
        if self.text[self.at : self.at + 1] != ":":
            raise JSONDecodeError("Expecting ':' delimiter", self.text, self.at)
        self.at += 1
        self._skip_space()
        self._keys.append(key)

    def _scalar(self) -> Any:
        if self.text[self.at : self.at + 1] == '"':
            words, self.at = scanstring(self.text, self.at + 1, False)
            return words
        for name, constant in _CONSTANTS.items():
            if self.text.startswith(name, self.at):
                self.at += len(name)
                return constant
        number = _NUMBER.match(self.text, self.at)
        if number is None:
            raise JSONDecodeError("Expecting value", self.text, self.at)
        self.at = number.end()
        return float(number[0]) if number[2] or number[3] else int(number[0])

    def _skip_space(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at
