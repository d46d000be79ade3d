"""Document: the bytes that came in, decoded once and parsed once, for every reader to look at.

Not here: what a format means (the readers) and how a refusal is worded (corpus.readers.refusal).
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NamedTuple

from corpus.readers import nested_json
from corpus.readers.reading import Gathered

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_LOOKED_AT = 4096
_MOST_CONTROLS = 0.05


class Line(NamedTuple):
    """A line of a JSON Lines file."""

    number: int
    value: Any
    """None where there is a fault."""
    fault: str = ""


class Document:
    """What came in. Asking it never raises: what is not there is None or empty, and `fault` says why."""

    def __init__(self, content: bytes, *, name: str = "", fetched_at: datetime | None = None) -> None:
        self.content = content
        self.name = name
        self.fetched_at = fetched_at or datetime.now(UTC)
        """When the threads in it count as fetched, unless it says so itself."""

    @property
    def label(self) -> str:
        return repr(self.name) if self.name else "The input"

    @cached_property
    def is_binary(self) -> bool:
        """Whether it holds more control characters than text does."""
        if self._encoding[0] != "utf-8":
            return False
        begin = self.content[:_LOOKED_AT]
        controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in begin)
        return controls > _MOST_CONTROLS * len(begin)

    @cached_property
    def text(self) -> str | None:
        """As UTF-8, or as the UTF-16 or UTF-32 that a byte order mark names; None where it is no text."""
        return None if isinstance(self._decoded, UnicodeDecodeError) or self.is_binary else self._decoded

    @property
    def undecodable(self) -> UnicodeDecodeError | None:
        return self._decoded if isinstance(self._decoded, UnicodeDecodeError) else None

    @cached_property
    def json(self) -> Any:
        """The list or object that it is as JSON, or None."""
        return self._parsed[0]

    @property
    def json_fault(self) -> str:
        """Why it is no JSON although it begins like it, with the line and column; else empty."""
        return self._parsed[1]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines that are not blank, where it is JSON Lines; else none.

        It is, where the first line is an object by itself and more follows, or most lines are: so a broken line, or
        one that is no UTF-8, is told from a broken file.
        """
        if self.json is not None or self.content[:_LOOKED_AT].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"{":
            return ()
        lines = tuple(self._lines())
        objects = sum(not line.fault for line in lines)
        if len(lines) > 1 and (not lines[0].fault or 2 * objects > len(lines)):
            return lines
        return ()

    def records(self, *wrappers: str) -> Iterator[tuple[str, Any]]:
        """(where, value) of each JSON line, each item of a list (or of one under a wrapper's key), or of the object."""
        if self.lines:
            yield from ((f"line {line.number}", line.value) for line in self.lines if not line.fault)
        elif isinstance(self.json, list):
            yield from ((f"[{place}]", value) for place, value in enumerate(self.json))
        elif isinstance(self.json, dict):
            for wrapper in wrappers:
                if isinstance(self.json.get(wrapper), list):
                    yield from ((f"{wrapper}[{place}]", value) for place, value in enumerate(self.json[wrapper]))
                    return
            yield "", self.json

    def gathered(self, recognised: str) -> Gathered:
        """An empty collection for a reader to fill, with this document's broken lines already reported."""
        gathered = Gathered(self.label, recognised=recognised)
        for line in self.lines:
            if line.fault:
                gathered.skip(f"line {line.number}", line.fault)
        return gathered

    @cached_property
    def _encoding(self) -> tuple[str, int]:
        for mark, encoding in _BYTE_ORDER_MARKS:
            if self.content.startswith(mark):
                return encoding, len(mark)
        return "utf-8", 0

    @cached_property
    def _decoded(self) -> str | UnicodeDecodeError:
        encoding, skipped = self._encoding
        try:
            return self.content[skipped:].decode(encoding)
        except UnicodeDecodeError as error:
            error.start += skipped
            return error

    @cached_property
    def _parsed(self) -> tuple[Any, str]:
        if self.text is None or self.text.lstrip(" \t\r\n")[:1] not in {"{", "["}:
            return None, ""
        return _parse(self.text)

    def _lines(self) -> Iterator[Line]:
        raw: Sequence[str | bytes] = self.content.split(b"\n") if self.text is None else self.text.split("\n")
        for number, line in enumerate(raw, start=1):
            if not line.strip():
                continue
            try:
                text = line.decode("utf-8-sig") if isinstance(line, bytes) else line
            except UnicodeDecodeError as error:
                yield Line(number, None, f"is not UTF-8 at its byte {error.start + 1}")
                continue
            value, fault = _parse(text)
            if not fault and not isinstance(value, dict):
                fault = "is no JSON object"
            yield Line(number, None if fault else value, fault.replace("line 1, column", "column"))


def _parse(text: str) -> tuple[Any, str]:
    try:
        try:
            return json.loads(text, strict=False), ""
        except RecursionError:
            return nested_json.parse(text), ""
    except json.JSONDecodeError as error:
        return None, f"is broken JSON at line {error.lineno}, column {error.colno}: {error.msg}"
    except nested_json.TooDeep as error:
        return None, f"is JSON, but {error}"
    except ValueError:  # json.loads turns no more than 4,300 digits into a number
        return None, "is JSON, but holds a number of more digits than can be read"
