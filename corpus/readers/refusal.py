"""What is said to somebody whose file no reader takes: what it seems to be, what is wrong and where, what can be read.

Not here: records that a reader skips (corpus.readers.reading).
"""

import re
from html import unescape

from corpus.errors import BrokenExport, UnknownFormat, UnreadableInput
from corpus.readers.document import Document
from corpus.readers.reading import shown

_BINARY_KINDS = (
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"BZh", "bzip2-compressed data"),
    (b"\xfd7zXZ\x00", "xz-compressed data"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
)
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,200})", re.I)
_ERROR_KEYS = ("error", "errors", "message", "detail", "title")
_KEYS_SHOWN = 8
_BYTES_SHOWN = 4


def refusal(document: Document, *, readable: str) -> UnreadableInput:
    """The error to raise for a document that no reader recognises. `readable` lists what can be read."""
    can_be_read = f"What can be read: {readable}."
    if not document.content.strip(b"\xef\xbb\xbf \t\r\n"):
        return UnknownFormat(f"{document.label} is empty.", next_step=can_be_read)
    return (
        _not_text(document, can_be_read)
        or _broken_json(document)
        or _other_json(document, can_be_read)
        or UnknownFormat(_other_text(document), next_step=can_be_read)
    )


def _not_text(document: Document, can_be_read: str) -> UnreadableInput | None:
    for mark, kind in _BINARY_KINDS:
        if document.content.startswith(mark):
            return UnknownFormat(f"{document.label} is {kind}, not a discussion.", next_step=can_be_read)
    if document.is_binary:
        zeros = document.content[:200].count(0)
        hint = (
            " (UTF-16 without a byte order mark? Save it as UTF-8.)" if zeros > len(document.content[:200]) // 3 else ""
        )
        return UnknownFormat(f"{document.label} is binary data, not text.{hint}", next_step=can_be_read)
    wrong = document.undecodable
    if wrong is None:
        return None
    line = document.content.count(b"\n", 0, wrong.start) + 1
    found = " ".join(f"0x{byte:02x}" for byte in document.content[wrong.start : wrong.start + _BYTES_SHOWN])
    return BrokenExport(
        f"{document.label} is not valid {wrong.encoding.upper()}: byte {wrong.start:,}, line {line:,} ({found}).",
        next_step="Save it as UTF-8 and try again.",
    )


def _broken_json(document: Document) -> UnreadableInput | None:
    if document.lines or not document.json_fault:
        return None
    return BrokenExport(
        f"{document.label} begins like JSON, and {document.json_fault}.",
        next_step="The export may be cut short: download it again, or mend it at that place.",
    )


def _other_json(document: Document, can_be_read: str) -> UnreadableInput | None:
    if document.lines:
        first = next(line.value for line in document.lines if not line.fault)
        return UnknownFormat(
            f"{document.label} is JSON Lines, the first of which is {_described(first)}: no discussion.",
            next_step=can_be_read,
        )
    found = document.json
    if found is None:
        return None
    if isinstance(found, list):
        first = f", the first item of which is {_described(found[0])}" if found else " without items"
        return UnknownFormat(f"{document.label} is a JSON list{first}: no discussion.", next_step=can_be_read)
    said = _server_error(found)
    if said:
        return UnknownFormat(
            f"{document.label} is a server's error message, not a discussion: {said}.",
            next_step="Fetch the discussion again, and keep what comes only when it is no error.",
        )
    return UnknownFormat(f"{document.label} is {_described(found)}: no discussion.", next_step=can_be_read)


def _described(value: object) -> str:
    if not isinstance(value, dict):
        return shown(value)
    keys = [shown(key, most=30) for key in list(value)[:_KEYS_SHOWN]]
    more = f" and {len(value) - _KEYS_SHOWN} more" if len(value) > _KEYS_SHOWN else ""
    return f"a JSON object with the keys {', '.join(keys)}{more}" if keys else "an empty JSON object"


def _server_error(found: dict[str, object]) -> str:
    """What an API said instead of sending a discussion; empty where it did not."""
    if not {"error", "errors", "message"} & found.keys() or any(
        isinstance(v, list) and v for k, v in found.items() if k != "errors"
    ):
        return ""
    for key in _ERROR_KEYS:
        said = found.get(key)
        if isinstance(said, list) and said:
            said = said[0]
        if isinstance(said, dict):
            said = said.get("message") or said.get("detail") or said.get("title") or said.get("type")
        if isinstance(said, str | int) and not isinstance(said, bool):
            return shown(said, most=120)
    return ""


def _other_text(document: Document) -> str:
    text = document.text or ""
    if _HTML.match(text):
        title = _TITLE.search(text[:20_000])
        named = f", titled {shown(unescape(title[1]).strip())}" if title and title[1].strip() else ""
        return f"{document.label} is an HTML page{named}, not an export: save its data, or paste its text."
    first = text.lstrip("\ufeff \t\r\n").splitlines()[:1]
    return f"{document.label} is text that no reader recognises; it begins with {shown(first[0] if first else '')}."
