"""Every comment is found by its words, exactly as long as it may be cited."""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from record_stores import KINDS, empty_store
from sqlalchemy import text, update
from strategies import moments, threads

from corpus.records.database import writing
from corpus.records.filters import Filter
from corpus.records.schema import counters
from corpus.records.store import ThreadStore
from corpus.records.terms import terms
from corpus.thread import Author, Comment, Thread

MARCH = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ThreadStore]:
    with empty_store(request.param, tmp_path) as opened:
        yield opened


def thread(thread_id: str, said: Sequence[str | Comment], *, source: str = "digg") -> Thread:
    made = [
        each if isinstance(each, Comment) else comment(thread_id, str(place), each) for place, each in enumerate(said)
    ]
    return Thread(id=thread_id, source=source, title="t", fetched_at=MARCH, comments=tuple(made))


def comment(thread_id: str, comment_id: str, words: str, *, by: str | None = "ada", day: int = 0) -> Comment:
    author = None if by is None else Author(id=f"id:{by.casefold()}", handle=by)
    at = MARCH + timedelta(days=day)
    return Comment(id=comment_id, thread_id=thread_id, author=author, text=words, posted_at=at)


def found(store: ThreadStore, words: str, *, limit: int = 50, within: Filter | None = None) -> list[tuple[str, str]]:
    return [(f.thread_id, f.comment_id) for f in store.search_words(terms(words), limit=limit, within=within)]


def test_the_comment_that_says_more_of_it_comes_first(store: ThreadStore) -> None:
    store.save(thread("a", ["Ferries are slow.", "The tax pays for ferries.", "Nobody likes rain."]))
    store.save(thread("b", ["A tax again?", "Bread is fine.", "Bread, and more bread."]))
    assert found(store, "Which ferry tax?") == [("a", "1"), ("b", "0"), ("a", "0")]
    assert found(store, "the of and") == []


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("We run GLM-5.2 at home", "glm 5.2"),
        ('R&D, C++ and "AND" cost $1,000', "c++"),
        ("電気代が高い", "電気"),
        ("It's o'brien's 100% plan", "o'brien 100%"),
    ],
)
def test_words_are_cut_as_they_are_inside_a_thread(store: ThreadStore, said: str, asked: str) -> None:
    store.save(thread("a", ["Something else.", said]))
    assert found(store, asked) == [("a", "1")]


def test_people_are_found_by_their_names(store: ThreadStore) -> None:
    store.save(thread("a", [comment("a", "0", "Yes.", by="Bo_Lind"), comment("a", "1", "No.")]))
    assert found(store, "What does @bo_lind say?")[0] == ("a", "0")


def test_one_gold_comment_is_found_among_two_hundred_threads(store: ThreadStore) -> None:
    for number in range(200):
        store.save(thread(f"t{number}", [f"Remark {at} of talk {number} about the harbour." for at in range(4)]))
    store.save(thread("gold", ["Good morning.", "The harbour crane was sold to Bergen."]))
    assert found(store, "Who bought the harbour's crane?", limit=5)[0] == ("gold", "1")


FILTERS = [
    (Filter(source="hn"), {("b", "0"), ("b", "1")}),
    (Filter(author="@ADA"), {("a", "0"), ("b", "1")}),
    (Filter(author="id:bo"), {("a", "1")}),
    (Filter(after=MARCH + timedelta(days=1)), {("a", "1"), ("b", "1")}),
    (Filter(before=MARCH + timedelta(days=1)), {("a", "0"), ("b", "0")}),
    (Filter(author="ada", source="hn", after=MARCH + timedelta(days=5)), {("b", "1")}),
    (Filter(author="nobody"), set()),
]


@pytest.mark.parametrize(("within", "expected"), FILTERS, ids=repr)
def test_a_filter_lets_through_what_passes(store: ThreadStore, within: Filter, expected: set[tuple[str, str]]) -> None:
    store.save(thread("a", [comment("a", "0", "ferry"), comment("a", "1", "ferry", by="bo", day=2)]))
    store.save(
        thread("b", [comment("b", "0", "ferry", by=None), comment("b", "1", "ferry", by="Ada", day=5)], source="hn")
    )
    assert set(found(store, "ferry", within=within)) == expected == set(store.passing(within, most=9))
    assert store.count_passing(within) == len(expected)


def test_the_filter_comes_before_the_limit(store: ThreadStore) -> None:
    store.save(thread("a", ["ferry ferry ferry"] * 20 + [comment("a", "x", "a boat, or some ferry perhaps", by="bo")]))
    assert found(store, "ferry", limit=1, within=Filter(author="bo")) == [("a", "x")]


def in_step(store: ThreadStore, expected: Sequence[Thread]) -> None:
    """What the search holds is what the threads hold, to the last term, and FTS5 agrees with itself."""
    citable = {(t.id, c.id): c for t in expected for c in t.comments if c.citable}
    assert set(store.passing(None, most=10_000)) == set(citable)
    for key, said in citable.items():
        if sought := terms(said.text):
            assert key in found(store, said.text), sought
    with writing(store.engine) as connection:
        kept = dict(connection.execute(text("SELECT name, last FROM counters")).fetchall())
        assert kept["documents"] == len(citable)
        if connection.dialect.name == "sqlite":
            total = connection.scalar(text("SELECT coalesce(sum(cnt), 0) FROM words_seen"))
            assert total == kept["terms"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(st.one_of(threads(thread_id="a"), threads(thread_id="b"), st.sampled_from("ab")), max_size=6))
def test_the_search_stays_in_step_with_the_store(
    steps: list[Thread | str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("step")
    with empty_store(KINDS[-1], folder) as store:
        now: dict[str, Thread] = {}
        for step in steps:
            if isinstance(step, Thread):
                store.save(step)
                now[step.id] = step
            elif now.pop(step, None) is not None:
                store.delete_thread(step)
            in_step(store, list(now.values()))


@settings(max_examples=30, deadline=None)
@given(threads(), st.builds(Filter, source=st.none() | st.just("digg"), after=st.none() | moments, before=st.none()))
def test_the_database_and_the_filter_agree(made: Thread, within: Filter) -> None:
    passing = {(made.id, c.id) for c in made.comments if c.citable and within.passes(c, made.source)}
    with tempfile.TemporaryDirectory() as folder, empty_store("sqlite", Path(folder)) as store:
        store.save(made)
        assert set(store.passing(within, most=99)) == passing


def test_words_that_were_edited_or_forgotten_are_in_no_file(tmp_path: Path) -> None:
    def readable(word: str) -> bool:
        return any(word.encode() in file.read_bytes().lower() for file in tmp_path.rglob("*") if file.is_file())

    with empty_store("sqlite", tmp_path) as store:
        store.save(thread("a", [f"Common remark {at} about harbours." for at in range(300)]))
        store.save(thread("b", ["The zebrafinch sings.", "The quokkalike hides.", "The ocelotish sleeps."]))
        assert readable("zebrafinch")
        store.save(thread("b", ["The sparrow sings.", "The quokkalike hides.", "The ocelotish sleeps."]))
        assert not readable("zebrafinch")
        store.save(thread("b", ["The sparrow sings.", "The quokkalike hides."]))
        assert not readable("ocelotish")
        gone = comment("b", "1", "The quokkalike hides.").model_copy(update={"deleted": True, "text": ""})
        store.save(thread("b", ["The sparrow sings.", gone]))
        assert not readable("quokkalike")
        store.delete_thread("b")
        assert not readable("sparrow")
        assert found(store, "sparrow zebrafinch ocelotish quokkalike") == []


def test_an_older_database_gets_its_words_when_it_is_opened(tmp_path: Path) -> None:
    with empty_store("sqlite", tmp_path) as store:
        store.save(thread("a", ["The ferry is late.", "So is the bus."]))
        with writing(store.engine) as connection:  # as the migration leaves it
            connection.execute(text("INSERT INTO words(words) VALUES ('delete-all')"))
            connection.execute(text("DELETE FROM searched"))
            connection.execute(update(counters).where(counters.c.name != "revision").values(last=0))
        assert found(store, "ferry") == []
    with empty_store("sqlite", tmp_path) as store:
        assert found(store, "ferry") == [("a", "0")]
        in_step(store, [store.thread("a")])


def test_terms_by_other_rules_are_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with empty_store("sqlite", tmp_path) as store:
        store.save(thread("a", ["The ferry is late."]))
    monkeypatch.setattr("corpus.records.word_search.fingerprint", lambda: 7)
    monkeypatch.setattr("corpus.records.word_search.terms", lambda words: [word[::-1] for word in terms(words)])
    with empty_store("sqlite", tmp_path) as store:
        assert [f.comment_id for f in store.search_words(["irref"], limit=5)] == ["0"]
        in_step_again = store.search_words(["ferri"], limit=5)
        assert in_step_again == []


@pytest.mark.skipif("postgresql" in KINDS, reason="PostgreSQL is tested above")
def test_words_are_searched_on_postgresql_as_well() -> None:
    pytest.skip("TEST_POSTGRESQL_URL names no database that may be emptied: words are searched in SQLite alone here")
