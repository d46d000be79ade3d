"""Threads are kept exactly, changed row by row, listed in pages that hold still, and forgotten to the last byte."""

import random
import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import strategies
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from record_stores import KINDS, empty_store

from corpus.errors import InvalidRequest, ThreadNotFound
from corpus.records.store import ThreadStore
from corpus.thread import Author, Candidate, Comment, Engagement, Page, PageQuestion, Thread

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ThreadStore]:
    with empty_store(request.param, tmp_path) as opened:
        yield opened


def test_threads_are_kept_on_postgresql_as_well() -> None:
    if "postgresql" not in KINDS:
        pytest.skip("TEST_POSTGRESQL_URL names no database that may be emptied: threads are kept in SQLite alone here")


def comment(number: int | str, text: str = "Free models win.", **more: object) -> Comment:
    fields = {"author": Author.of_handle("x", f"ada{number}"), **more}
    return Comment.model_validate({"id": f"c{number}", "thread_id": "t", "text": text, **fields})


def thread(*comments: Comment, thread_id: str = "t", **more: object) -> Thread:
    its_own = tuple(c.model_copy(update={"thread_id": thread_id}) for c in comments)
    fields = {"title": "Open weights", "fetched_at": NOON, **more}
    return Thread.model_validate({"id": thread_id, "source": "digg", "comments": its_own, **fields})


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=strategies.threads(thread_id="t"), second=strategies.threads(thread_id="t"))
def test_any_thread_comes_back_equal_and_any_other_replaces_it(
    store: ThreadStore, first: Thread, second: Thread
) -> None:
    store.save(first)
    assert store.thread("t") == first
    again = store.save(first)
    assert not again.changed
    saved = store.save(second)
    loaded, summary = store.snapshot("t")
    assert loaded == second
    assert saved.changed == (first.model_copy(update={"fetched_at": second.fetched_at}) != second)
    assert summary == saved.summary
    assert (saved.added, saved.removed) == (
        len(second.by_id.keys() - first.by_id.keys()),
        len(first.by_id.keys() - second.by_id.keys()),
    )
    assert saved.edited == sum(c != first.by_id[c.id] for c in second.comments if c.id in first.by_id)


def test_a_summary_counts_what_the_thread_has(store: ThreadStore) -> None:
    alone = comment(3, author=None)
    gone = comment(4, author=None, text="", deleted=True)
    same = comment(5, author=Author.of_handle("x", "ada1"))
    saved = store.save(thread(comment(1), comment(2), alone, gone, same, known_total=40, url="https://example.org/s"))
    summary = store.summary("t")
    assert saved.summary == summary
    assert (summary.comments, summary.commenters, summary.unattributed, summary.known_total) == (5, 2, 2, 40)
    assert (summary.title, summary.source, summary.url) == ("Open weights", "digg", "https://example.org/s")
    assert (summary.state, summary.fetched_at) == ("lexical", NOON)


def test_a_first_save_says_so(store: ThreadStore) -> None:
    saved = store.save(thread(comment(1), comment(2)))
    assert (saved.created, saved.changed, saved.added, saved.edited, saved.removed) == (True, True, 2, 0, 0)


def test_an_unchanged_save_keeps_revision_and_state(store: ThreadStore) -> None:
    first = store.save(thread(comment(1)))
    assert store.mark_full("t", first.summary.revision)
    later = NOON + timedelta(days=1)
    again = store.save(thread(comment(1), fetched_at=later))
    assert (again.created, again.changed, again.added, again.edited, again.removed) == (False, False, 0, 0, 0)
    assert (again.summary.revision, again.summary.state) == (first.summary.revision, "full")
    assert store.summary("t") == again.summary
    assert store.thread("t").fetched_at == later


CHANGES: dict[str, dict[str, object]] = {
    "title": {"title": "Closed weights"},
    "url": {"url": "https://example.org/other"},
    "known_total": {"known_total": 7},
    "page": {"page": Page(headline="Weights are out")},
    "source": {"source": "hn"},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_changed_metadata_raises_the_revision(store: ThreadStore, change: dict[str, object]) -> None:
    first = store.save(thread(comment(1)))
    store.mark_full("t", first.summary.revision)
    changed = thread(comment(1), **change)
    saved = store.save(changed)
    assert saved.changed
    assert saved.summary.revision > first.summary.revision
    assert saved.summary.state == "lexical"
    assert (saved.added, saved.edited, saved.removed) == (0, 0, 0)
    assert store.thread("t") == changed


def test_comments_that_change_places_raise_the_revision(store: ThreadStore) -> None:
    first = store.save(thread(comment(1), comment(2), comment(3)))
    turned = thread(comment(3), comment(1), comment(2))
    saved = store.save(turned)
    assert saved.changed
    assert saved.summary.revision > first.summary.revision
    assert store.thread("t") == turned


def test_an_edit_an_addition_and_a_removal_are_told_apart(store: ThreadStore) -> None:
    store.save(thread(comment(1), comment(2), comment(3)))
    now = thread(comment(0), comment(1), comment(2, "Free models lose."), comment(9))
    saved = store.save(now)
    assert (saved.added, saved.edited, saved.removed) == (2, 1, 1)
    assert store.thread("t") == now


def test_only_the_rows_that_changed_are_written(tmp_path: Path) -> None:
    store = ThreadStore(f"sqlite:///{tmp_path / 'threads.db'}")
    store.save(thread(*map(comment, range(50))))
    with sqlite3.connect(tmp_path / "threads.db", isolation_level=None) as spy:
        spy.execute("CREATE TABLE touched (id TEXT)")
        for event in ("UPDATE", "DELETE", "INSERT"):
            row = "NEW" if event == "INSERT" else "OLD"
            spy.execute(
                f"CREATE TRIGGER on_{event} AFTER {event} ON comments BEGIN INSERT INTO touched VALUES ({row}.id); END"
            )
    spy.close()
    kept = [comment(n) for n in range(49)]
    kept[7] = comment(7, "Edited.")
    store.save(thread(*kept, comment(100)))
    with sqlite3.connect(tmp_path / "threads.db") as spy:
        touched = {row[0] for row in spy.execute("SELECT id FROM touched")}
    spy.close()
    assert touched == {"c7", "c49", "c100"}
    store.close()


def test_what_is_full_is_only_that_revision(store: ThreadStore) -> None:
    first = store.save(thread(comment(1))).summary.revision
    second = store.save(thread(comment(1), comment(2))).summary.revision
    assert not store.mark_full("t", first)
    assert store.summary("t").state == "lexical"
    assert store.mark_full("t", second)
    assert store.summary("t").state == "full"
    assert not store.mark_full("nobody", second)


def test_a_thread_that_comes_back_has_a_revision_it_never_had(store: ThreadStore) -> None:
    seen = {store.save(thread(comment(1))).summary.revision}
    seen.add(store.save(thread(comment(2))).summary.revision)
    store.delete_thread("t")
    assert store.save(thread(comment(1))).summary.revision > max(seen)


def test_two_threads_may_share_comment_ids(store: ThreadStore) -> None:
    one, other = thread(comment(1), thread_id="one"), thread(comment(1, "Not so."), thread_id="other")
    store.save(one)
    store.save(other)
    store.delete_thread("one")
    assert store.thread("other") == other


@pytest.mark.parametrize("thread_id", ["nobody", "", "\ud800", "a\x00b", "%", "'"])
def test_an_unknown_thread_is_not_found(store: ThreadStore, thread_id: str) -> None:
    for ask in (store.thread, store.summary, store.delete_thread):
        with pytest.raises(ThreadNotFound, match=re.escape(repr(thread_id))) as caught:
            ask(thread_id)
        assert caught.value.next_step


def many(store: ThreadStore, *ids: str, **more: object) -> None:
    for thread_id in ids:
        store.save(thread(comment(1), thread_id=thread_id, **more))


def listed(store: ThreadStore, **asked: object) -> list[str]:
    return [summary.id for summary in store.summaries(**asked).threads]  # type: ignore[arg-type]


def test_threads_are_listed_last_come_first(store: ThreadStore) -> None:
    many(store, "a", "b", "c")
    many(store, "a", title="Edited, and yet it came first")
    assert listed(store) == ["c", "b", "a"] == list(store.thread_ids())


def test_pages_hold_still_while_threads_come_and_go(store: ThreadStore) -> None:
    many(store, *"abcdef")
    page = store.summaries(limit=2)
    assert [s.id for s in page.threads] == ["f", "e"]
    many(store, "g", "h")
    store.delete_thread("e")
    store.delete_thread("c")
    page = store.summaries(limit=2, cursor=page.next_cursor)
    assert [s.id for s in page.threads] == ["d", "b"]
    page = store.summaries(limit=2, cursor=page.next_cursor)
    assert ([s.id for s in page.threads], page.next_cursor) == (["a"], None)


def test_a_page_that_is_just_full_is_the_last(store: ThreadStore) -> None:
    many(store, "a", "b")
    assert store.summaries(limit=2).next_cursor is None
    assert store.summaries(limit=1).next_cursor is not None


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limit=st.integers(1, 8))
def test_pages_of_any_size_show_each_thread_once(store: ThreadStore, limit: int) -> None:
    many(store, *"abcdefg")
    seen: list[str] = []
    cursor = None
    while True:
        page = store.summaries(limit=limit, cursor=cursor)
        seen += [summary.id for summary in page.threads]
        if (cursor := page.next_cursor) is None:
            break
    assert seen == list("gfedcba")


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("WEIGHTS", ["a"]),
        ("ärger", ["b"]),
        ("A\u0308RGER", ["b"]),
        ("strasse", ["b"]),
        ("100%", ["c"]),
        ("%", ["c"]),
        ("_", ["d"]),
        ("/", ["e"]),
        ("\\", ["e"]),
        ("hn:42", ["hn:42"]),
        ("nothing such", []),
        ("\x00", []),
        ("", ["hn:42", "e", "d", "c", "b", "a"]),
    ],
)
def test_a_search_takes_its_words_as_they_are(store: ThreadStore, q: str, found: list[str]) -> None:
    titles = {"a": "Open weights", "b": "Ärger in der Straße", "c": "100% free", "d": "snake_case", "e": "a/b\\c"}
    for thread_id, title in (titles | {"hn:42": ""}).items():
        many(store, thread_id, title=title)
    assert listed(store, q=q) == found


def test_a_listing_can_be_of_one_source(store: ThreadStore) -> None:
    many(store, "a", "b")
    many(store, "c", source="hn")
    assert listed(store, source="hn") == ["c"]
    assert listed(store, source="digg", q="B") == ["b"]
    assert listed(store, source="x'\ud800") == []


@pytest.mark.parametrize("cursor", ["", "x", "-1", "1.5", "٣", "9" * 5_000, "1; DROP TABLE threads", "\ud800"])
def test_a_cursor_that_no_page_gave_is_refused(store: ThreadStore, cursor: str) -> None:
    with pytest.raises(InvalidRequest, match="cursor"):
        store.summaries(cursor=cursor)


@pytest.mark.parametrize("limit", [0, -1, 10**30])
def test_a_limit_that_no_page_has_is_refused(store: ThreadStore, limit: int) -> None:
    with pytest.raises(InvalidRequest, match="limit"):
        store.summaries(limit=limit)


def test_a_search_text_without_end_is_refused(store: ThreadStore) -> None:
    assert listed(store, q="%" * 1_000) == []
    with pytest.raises(InvalidRequest, match="1000000 characters"):
        store.summaries(q="x" * 1_000_000)


def marked(name: str, rnd: random.Random) -> Thread:
    """A thread in whose every field stands a word that ends in its name and a z."""
    filler = [5, 20, 100, 600, 3_000]

    def words(what: str, n: int) -> str:
        return f"{what}{n}x{name}z" + " so" * rnd.choice(filler)

    made = [
        comment(
            f"{rnd.randrange(10**6)}-{n}x{name}z",
            words("TEXT", n),
            author=Author(id=f"AID{n}x{name}z", handle=f"HANDLE{n}x{name}z", name=f"NAME{n}x{name}z"),
            author_candidate=Candidate(author=Author.of_handle("x", f"CAND{n}x{name}z"), ground=f"GROUND{n}x{name}z"),
            addressed=(f"TO{n}x{name}z",),
            engagement=Engagement(likes=n),
            url=f"https://example.org/URL{n}x{name}z",
        )
        for n in range(rnd.randint(1, 60))
    ]
    page = Page(headline=f"HEAD0x{name}z", questions=(PageQuestion(question=f"ASK0x{name}z"),))
    return thread(*made, thread_id=f"t{name}", title=f"TITLE0x{name}z", page=page)


def on_disk(folder: Path, name: str) -> set[bytes]:
    """The words of that name that can be read in any file of the folder."""
    found: set[bytes] = set()
    for path in folder.iterdir():
        found.update(re.findall(rb"[A-Z]+\d+x" + name.encode() + b"z", path.read_bytes(), re.IGNORECASE))
    return found


@pytest.mark.parametrize("seed", [2, 3])
def test_no_word_of_a_deleted_thread_is_left_in_the_files(tmp_path: Path, seed: int) -> None:
    rnd = random.Random(seed)
    store = ThreadStore(f"sqlite:///{tmp_path / 'threads.db'}")
    alive: list[str] = []
    for n in range(40):
        store.save(marked(f"N{n}", rnd))
        alive.append(f"N{n}")
        if n == 20:
            assert on_disk(tmp_path, "N20")
        if rnd.random() < 0.5:
            name = alive.pop(rnd.randrange(len(alive)))
            store.delete_thread(f"t{name}")
            assert on_disk(tmp_path, name) == set()
    assert {f"t{name}" for name in alive} == set(store.thread_ids())
    assert all(on_disk(tmp_path, name) for name in alive)
    store.close()


def test_replaced_words_are_not_left_in_the_write_ahead_log(tmp_path: Path) -> None:
    store = ThreadStore(f"sqlite:///{tmp_path / 'threads.db'}")
    store.save(thread(comment(1, "A word said in haste: HASTE1xNz")))
    store.save(thread(comment(1, "A word said at leisure.")))
    assert on_disk(tmp_path, "N") == set()
    store.close()
