"""A record store is opened, made or migrated; what cannot be opened is told with its path and the next step."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, delete, event

from corpus.errors import StoreTooNew, StoreUnusable, WriterBusy
from corpus.records import migrations
from corpus.records.database import writing
from corpus.records.schema import SCHEMA_VERSION, VERSION_TABLE, metadata, threads
from corpus.records.store import ThreadStore
from corpus.records.upkeep import owe_scrubbing
from corpus.thread import Comment, Thread

NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "threads.db"


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def small(text: str = "Free models win.") -> Thread:
    comment = Comment(id="c", thread_id="t", text=text)
    return Thread(id="t", source="digg", comments=(comment,), fetched_at=datetime(2026, 3, 4, tzinfo=UTC))


def test_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "not" / "there" / "100% mine" / "threads.db"
    with closing(ThreadStore(url(path))) as store:
        store.save(small())
    assert path.is_file()


def test_what_was_saved_is_there_when_opened_again(path: Path) -> None:
    with closing(ThreadStore(url(path))) as store:
        store.save(small())
    with closing(ThreadStore(url(path))) as store:
        assert store.thread("t") == small()


def test_sqlite_is_set_up_to_survive_and_to_forget(path: Path) -> None:
    with closing(ThreadStore(url(path))) as store, store.engine.connect() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_a_copy_that_lost_its_journal_mode_gets_it_back(path: Path, tmp_path: Path) -> None:
    with closing(ThreadStore(url(path))) as store:
        store.save(small())
    with closing(sqlite3.connect(path)) as database:
        database.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
    with closing(ThreadStore(url(tmp_path / "copy.db"))) as store:
        assert store.thread("t") == small()
        assert (tmp_path / "copy.db-wal").exists()


def test_a_database_that_is_current_is_opened_without_alembic(path: Path) -> None:
    ThreadStore(url(path)).close()
    program = (
        "import sys; from corpus.records.store import ThreadStore; ThreadStore(sys.argv[1]).summaries()\n"
        "sys.exit('alembic' in sys.modules or 'filelock' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, url(path)], check=True)


def test_migrations_make_the_tables_of_the_schema(path: Path) -> None:
    ThreadStore(url(path)).close()
    engine = create_engine(url(path))
    with engine.connect() as connection:
        ours = {"version_table": VERSION_TABLE, "include_name": lambda name, *_: not str(name).startswith("words")}
        context = MigrationContext.configure(
            connection, opts=ours
        )  # but for FTS5's tables: see corpus.records.word_search
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_schema_names_the_newest_migration() -> None:
    assert ScriptDirectory(str(Path(str(migrations.__file__)).parent)).get_heads() == [SCHEMA_VERSION]


def test_a_migration_that_fails_leaves_nothing_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from corpus.records.upkeep import _migrate

    def fails_after_two_tables(connection: object) -> None:
        _migrate(connection)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr("corpus.records.upkeep._migrate", fails_after_two_tables)
    with pytest.raises(KeyboardInterrupt):
        ThreadStore(url(path))
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == []
    monkeypatch.undo()
    with closing(ThreadStore(url(path))) as store:
        store.save(small())


def test_a_newer_store_is_left_alone(path: Path) -> None:
    ThreadStore(url(path)).close()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"UPDATE {VERSION_TABLE} SET version_num = '0042'")
    before = path.read_bytes()
    with pytest.raises(StoreTooNew, match=f"'0042'.*'{SCHEMA_VERSION}'") as caught:
        ThreadStore(url(path))
    assert "Update Digg Deeper" in caught.value.next_step
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "table",
    [
        "CREATE TABLE invoices (id)",
        f"CREATE TABLE {VERSION_TABLE} (version_num)",
        f"CREATE TABLE {VERSION_TABLE} AS SELECT 'f00ba4' AS version_num",
    ],
)
def test_another_programs_database_is_left_alone(path: Path, table: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(table)
    before = path.read_bytes()
    with pytest.raises(StoreUnusable, match="another program") as caught:
        ThreadStore(url(path))
    assert str(path) in caught.value.message
    assert caught.value.next_step
    assert path.read_bytes() == before


def refused(path: Path) -> str:
    """What is said of a path that holds no usable store. It names the path and what to do."""
    with pytest.raises(StoreUnusable) as caught:
        ThreadStore(url(path))
    assert str(path) in caught.value.message or str(path.parent) in caught.value.message
    assert caught.value.next_step
    return caught.value.message


def test_a_file_that_is_no_database_is_refused_and_kept(path: Path) -> None:
    path.write_bytes(b"Dear diary, " * 1_000)
    assert "is not a database" in refused(path)
    assert path.read_bytes() == b"Dear diary, " * 1_000


def test_a_folder_is_refused(path: Path) -> None:
    path.mkdir()
    assert "is a folder" in refused(path)


def test_a_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot be made" in refused(tmp_path / "file" / "below" / "threads.db")


def test_a_damaged_database_is_refused(path: Path) -> None:
    ThreadStore(url(path)).close()
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
    assert "is damaged" in refused(path)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the superuser's rights, to whom no folder is read-only."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that anybody may reach: pytest's own are the user's alone."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


def test_a_read_only_folder_is_refused(open_folder: Path) -> None:
    open_folder.chmod(0o555)
    with as_nobody():
        assert "cannot be" in refused(open_folder / "threads.db")
        assert "cannot be made" in refused(open_folder / "below" / "threads.db")


def test_a_read_only_store_is_refused(open_folder: Path) -> None:
    path = open_folder / "threads.db"
    with closing(ThreadStore(url(path))) as store:
        store.save(small())
    path.chmod(0o444)
    open_folder.chmod(0o555)
    with as_nobody():
        assert "cannot be" in refused(path)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "threads.db",
        "/home/ada/threads.db",
        "mysql://ada:hunter2@host/threads",
        "postgres://ada:hunter2@host/threads",
        "://ada:hunter2@host",
        "postgresql://ada:hunter2@host:port/threads",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:threads.db?uri=true",
    ],
)
def test_a_url_of_no_store_is_refused_without_its_password(bad: str) -> None:
    with pytest.raises(StoreUnusable) as caught:
        ThreadStore(bad)
    assert "DIGG_DATABASE_URL" in caught.value.next_step
    assert "hunter2" not in str(caught.value)


def test_a_full_disk_stores_nothing_by_halves(path: Path) -> None:
    with closing(ThreadStore(url(path))) as store:
        store.save(small())

        @event.listens_for(store.engine, "connect")
        def no_room(database: sqlite3.Connection, _: object) -> None:
            database.execute("PRAGMA max_page_count = 60")

        store.engine.dispose()
        with pytest.raises(StoreUnusable, match="disk is full") as caught:
            store.save(small("so " * 1_000_000))
        assert str(path) in caught.value.message
        assert store.thread("t") == small()


def test_a_writer_that_does_not_end_is_named_as_one(path: Path) -> None:
    with closing(ThreadStore(url(path))) as store:

        @event.listens_for(store.engine, "connect")
        def impatient(database: sqlite3.Connection, _: object) -> None:
            database.execute("PRAGMA busy_timeout = 20")

        store.engine.dispose()
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(WriterBusy) as caught:
                store.save(small())
            assert caught.value.retryable
            assert store.thread_ids() == ()
        assert store.save(small()).created


def test_words_whose_deleter_died_are_scrubbed_when_opened(path: Path) -> None:
    with closing(ThreadStore(url(path))) as store:
        store.save(small("A secret word: xyzzy."))
        with writing(store.engine) as connection:
            connection.execute(delete(threads))
            owe_scrubbing(connection)
        assert b"xyzzy" in path.with_name("threads.db-wal").read_bytes()
        with closing(ThreadStore(url(path))):
            assert all(b"xyzzy" not in file.read_bytes() for file in path.parent.iterdir())


def test_a_reader_in_the_way_leaves_the_scrubbing_owed(path: Path) -> None:
    with closing(ThreadStore(url(path))) as store:

        @event.listens_for(store.engine, "connect")
        def impatient(database: sqlite3.Connection, _: object) -> None:
            database.execute("PRAGMA busy_timeout = 20")

        store.engine.dispose()
        store.save(small("A secret word: xyzzy."))
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM threads").fetchone()
            store.delete_thread("t")
            assert store.thread_ids() == ()
    with closing(ThreadStore(url(path))):
        assert all(b"xyzzy" not in file.read_bytes() for file in path.parent.iterdir())
