"""Whatever comes in: a Reading or UnreadableInput, never another exception, and nothing in it contradicts itself."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableInput
from corpus.readers import Reading, read
from corpus.thread import Thread

DATA = Path(__file__).parent / "data"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PAYLOADS = {
    path.name: path.read_bytes()
    for folder in ("pages", "hackernews", "generic")
    for path in sorted((DATA / folder).iterdir())
}
KEYS = [
    *(
        "id",
        "author",
        "text",
        "children",
        "comments",
        "parent_id",
        "created_at",
        "created_at_i",
        "points",
        "score",
        "type",
    ),
    *(
        "story_id",
        "threads",
        "thread",
        "thread_id",
        "title",
        "url",
        "source",
        "quoted",
        "addressed",
        "quotes",
        "deleted",
    ),
    *(
        "engagement",
        "page",
        "known_total",
        "fetched_at",
        "options",
        "handle",
        "name",
        "author_candidate",
        "error",
        "meta",
    ),
]
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(
        ["1", "@ann hi", "> x", "\x00", "\ud800", "2026-01-01", "https://x.example/", "story", 10**30, -1, 1e400]
    ),
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), inner, max_size=7)
    ),
    max_leaves=25,
)
relaxed = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)


def outcome(content: bytes) -> Reading | str:
    try:
        return read(content, fetched_at=NOW)
    except UnreadableInput as refused:
        return str(refused)


def holds(content: bytes) -> None:
    found = outcome(content)
    assert outcome(content) == found, "reading again changes nothing"
    if isinstance(found, str):
        assert found
        assert "\n" not in found
        return
    assert found.threads
    assert len({thread.id for thread in found.threads}) == len(found.threads)
    for thread in found.threads:
        assert Thread.model_validate(thread.model_dump()) == thread, "spans and ids are valid"
        printed = outcome(thread.model_dump_json().encode())
        assert isinstance(printed, Reading)
        assert printed.threads == (thread,)
        assert printed.skipped == ()


def written(value: object) -> bytes:
    return json.dumps(value).encode()


@given(st.binary(max_size=300))
@relaxed
def test_any_bytes(content: bytes) -> None:
    holds(content)


@given(values)
@relaxed
def test_any_json(value: object) -> None:
    holds(written(value))


@given(st.lists(values, max_size=4))
@relaxed
def test_any_json_lines(rows: list[object]) -> None:
    holds(b"\n".join(written(row) for row in rows))


items = st.deferred(
    lambda: st.fixed_dictionaries(
        {
            "id": st.integers(1, 9) | scalars,
            "author": st.sampled_from(["ann", None, 5]),
            "children": st.lists(items | scalars, max_size=3),
        },
        optional={
            "text": st.sampled_from(["<p>hi", "&gt; hi", None, 5]) | st.text(max_size=9),
            "type": st.just("comment"),
            "points": scalars,
            "created_at": scalars,
            "parent_id": scalars,
            "title": scalars,
            "options": st.lists(scalars, max_size=2),
            "num_comments": scalars,
        },
    )
)


@given(items)
@relaxed
def test_any_item_tree(item: dict[str, Any]) -> None:
    holds(written(item | {"type": "story"}))


rows = st.dictionaries(st.sampled_from(KEYS), scalars | values, max_size=8).map(
    lambda row: {"id": "1", "text": "x"} | row
)


@given(
    st.fixed_dictionaries(
        {"id": st.just("t") | scalars, "comments": st.lists(rows | scalars, max_size=4)}, optional={"page": values}
    )
)
@relaxed
def test_any_thread_of_the_generic_shape(thread: dict[str, Any]) -> None:
    holds(written(thread))
    holds(b"\n".join(written(row) for row in thread["comments"]))


lines = st.sampled_from(
    [
        *(
            "",
            "",
            "@ann a",
            "@bob @ann b",
            "@ann a\n@bob c",
            "Is it?",
            "c",
            "Most Activity",
            "Timeline",
            "  ",
            "> q",
            "Yes. “Is it so today?”",
        ),
        *(
            "the same seven words stand here twice",
            "Digg Deeper",
            "Positive users a, while negative users b",
            "What?",
            "Ann argues x",
        ),
    ]
)


@given(st.lists(lines, max_size=14), st.lists(lines, max_size=14), st.sampled_from(["\n", "\r\n", "\n\n"]))
@relaxed
def test_any_page(above: list[str], below: list[str], end: str) -> None:
    holds(end.join(["Is it?", *above, "Most Activity", *below]).encode())


def flip(content: bytes, at: int, byte: int) -> bytes:
    at %= len(content)
    return content[:at] + bytes([byte]) + content[at + 1 :]


def cut(content: bytes, at: int, byte: int) -> bytes:
    return content[: at % len(content)]


def drop(content: bytes, at: int, byte: int) -> bytes:
    at %= len(content)
    return content[:at] + content[at + byte + 1 :]


def double(content: bytes, at: int, byte: int) -> bytes:
    at %= len(content)
    return content[: at + byte] + content[at:]


@pytest.mark.parametrize("name", PAYLOADS)
@given(
    changes=st.lists(
        st.tuples(st.sampled_from([flip, cut, drop, double]), st.integers(0, 10**6), st.integers(0, 255)), max_size=4
    )
)
@settings(relaxed, max_examples=60)
def test_payloads_that_were_damaged(
    name: str, changes: list[tuple[Callable[[bytes, int, int], bytes], int, int]]
) -> None:
    content = PAYLOADS[name]
    for change, at, byte in changes:
        content = change(content, at, byte) if content else content
    holds(content)


@pytest.mark.parametrize("name", [name for name in PAYLOADS if name.endswith(".json")])
@given(data=st.data())
@settings(relaxed, max_examples=60)
def test_payloads_with_a_value_replaced(name: str, data: st.DataObject) -> None:
    root = {"root": json.loads(PAYLOADS[name])}
    at: Any = root
    key: Any = "root"
    while isinstance(at[key], dict | list) and at[key] and data.draw(st.integers(0, 5)):
        at = at[key]
        key = data.draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
    at[key] = data.draw(scalars | values)
    holds(written(root["root"]))
