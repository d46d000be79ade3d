"""What is said where nothing can be read: what the file seems to be, what is wrong and where, what can be read."""

import gzip
import io
import json
import os
import zipfile
from pathlib import Path

import pytest

from corpus.errors import BrokenExport, InputTooLarge, UnknownFormat, UnreadableInput
from corpus.readers import read
from corpus.readers.nested_json import parse

ARCHIVE = io.BytesIO()
with zipfile.ZipFile(ARCHIVE, "w") as _archive:
    _archive.writestr("general/2026-01-01.json", "[]")


@pytest.mark.parametrize(
    ("content", "seems"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n\t", "is empty"),
        (ARCHIVE.getvalue(), "is a ZIP archive"),
        (gzip.compress(b'{"id": "t"}'), "is gzip-compressed data"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "is a PNG image"),
        (b"%PDF-1.7\n", "is a PDF document"),
        (bytes(range(256)) * 8, "is binary data"),
        (b"\x00" * 100, "is binary data"),
        ('{"id": "t", "comments": []}'.encode("utf-16-le"), "without a byte order mark"),
        (b"<!DOCTYPE html>\n<html><head><title>Bridges &amp; more</title>", "is an HTML page, titled 'Bridges & more'"),
        (b"<?xml version='1.0'?>\n<!-- x --><html>", "is an HTML page"),
        (b'{"status": 404, "error": "Not Found"}', "is a server's error message, not a discussion: 'Not Found'"),
        (b'{"message": "API rate limit exceeded", "documentation_url": "x"}', "error message.*API rate limit exceeded"),
        (b'{"errors": [{"title": "Forbidden", "status": 403}]}', "error message.*'Forbidden'"),
        (b'{"ok": false, "error": "channel_not_found"}', "error message.*channel_not_found"),
        (b'{"data": [1], "error": null}', "is a JSON object with the keys 'data', 'error'"),
        (b'{"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, "g": 7, "h": 8, "i": 9}', "'h' and 1 more"),
        (b"{}", "is an empty JSON object"),
        (b"[]", "is a JSON list without items"),
        (b'[{"kind": "Listing"}]', "is a JSON list, the first item of which is a JSON object with the keys 'kind'"),
        (b'{"data": []}\n{"data": []}', "is JSON Lines, the first of which is a JSON object with the keys 'data'"),
        (b"id,author,text\n1,ann,hi\n", "text that no reader recognises; it begins with 'id,author,text'"),
        (b"just some words", "begins with 'just some words'"),
    ],
)
def test_an_unknown_format_is_named_and_what_can_be_read_is_told(content: bytes, seems: str) -> None:
    with pytest.raises(UnknownFormat, match=seems) as refused:
        read(content, name="export.bin")
    assert refused.value.message.startswith("'export.bin' ")
    if "error message" not in seems and "server" not in seems:
        for readable in ("Hacker News", "JSON Lines", "Digg story page"):
            assert readable in refused.value.next_step


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b'{"id": "t",\n "comments": [{"id": "1", "text": "wor', "line 2, column 35"),
        (b'{"id": "t",\n "comments": [}', "line 2, column 15"),
        (b'[{"id": 1}, {"id": 2}', "line 1, column 22"),
        (b'{"id": "t"} trailing', "line 1, column 13"),
        (b"{'id': 't'}", "line 1, column 2"),
        (b'{"id": ' + b"9" * 5_000 + b"}", "a number of more digits"),
        (b'{"id": 1,\n"text": "caf\xe9 noir"}', r"not valid UTF-8: byte 22, line 2 \(0xe9"),
        ("{}".encode("utf-16")[:-1], "not valid UTF-16-LE: byte 4"),
        (b"[" * 600_000, "nested more than 500,000 levels deep"),
    ],
)
def test_a_broken_file_is_refused_with_the_place(content: bytes, where: str) -> None:
    with pytest.raises(BrokenExport, match=where) as refused:
        read(content)
    assert refused.value.next_step


def test_a_file_over_the_limit_is_refused_and_names_the_setting() -> None:
    with pytest.raises(InputTooLarge, match=r"'big.json' has 1,200 bytes, and the limit is 1,000") as refused:
        read(b"x" * 1_200, name="big.json", max_bytes=1_000)
    assert "DIGG_MAX_INPUT_BYTES" in refused.value.next_step
    with pytest.raises(InputTooLarge) as refused:
        read(b"x" * 1_200, max_bytes=1_000, limit_setting="SOME_LIMIT")
    assert "SOME_LIMIT" in refused.value.next_step


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_with_a_byte_order_mark_is_decoded(encoding: str) -> None:
    content = json.dumps({"id": "t", "comments": [{"id": "1", "text": "über 😆"}]}, ensure_ascii=False).encode(encoding)
    assert read(content).threads[0].comments[0].text == "über 😆"


def test_the_name_of_a_file_does_not_decide_how_it_is_read() -> None:
    content = b'{"id": "t", "comments": [{"id": "1", "text": "x"}]}'
    assert {read(content, name=name).threads[0].id for name in ("", "page.txt", "export.zip", "a.png")} == {"t"}


@pytest.mark.parametrize("content", [b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 50_000 + b"1" + b"}" * 50_000])
def test_deeply_nested_json_that_is_no_discussion_is_unknown(content: bytes) -> None:
    with pytest.raises(UnknownFormat):
        read(content)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": [1, 2.5, -3e2, "x\\u00e9\\n", true, false, null, {}, [], [{"b": {}}]]}',
        "[]",
        " [ ] ",
        '{"a":{"b":"c"},"a":1}',
        '"x"',
        "-0.0",
    ],
)
def test_the_parser_for_nested_json_agrees_with_the_standard_one(text: str) -> None:
    assert parse(text) == json.loads(text)


@pytest.mark.parametrize(
    "text", ["[1,]", "[1 2]", '{"a" 1}', '{"a":1,}', "{1:2}", "[", '["x', "nul", "[1]]", "", "01", "{]"]
)
def test_and_fails_where_that_fails(text: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        parse(text)
    with pytest.raises(json.JSONDecodeError):
        json.loads(text)


def test_every_sample_of_another_source_is_refused_in_one_line_or_read() -> None:
    """Sources that have no reader yet are never half understood; once they have one, they are read here."""
    formats = Path(os.environ.get("DIGG_SHARED") or Path(__file__).resolve().parents[2] / "shared") / "formats"
    found = sorted(path for path in formats.glob("*/*") if path.is_file())
    if not found:
        pytest.skip(f"the sample payloads are not here: {formats}")
    for path in found:
        refused, threads = "", 0
        try:
            threads = sum(bool(thread.comments) for thread in read(path.read_bytes(), name=path.name).threads)
        except UnreadableInput as error:
            refused = error.message
        assert bool(threads) is not bool(refused), path
        assert "\n" not in refused
        assert len(refused) < 600
