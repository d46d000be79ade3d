"""Opening a record database with every table as corpus.records.schema has it, and keeping deleted words out of its
file.

Not here: connections, transactions and what their errors mean (corpus.records.database), the migrations' steps
(corpus.records.migrations).
"""

import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, select, text, update

from corpus.errors import StoreTooNew, StoreUnusable, WriterBusy
from corpus.records import word_search
from corpus.records.database import (
    BUSY_SECONDS,
    SETTING,
    connect,
    explained,
    is_sqlite,
    place,
    reading,
    sqlite_connection,
    turn,
    writing,
)
from corpus.records.schema import SCHEMA_VERSION, VERSION_TABLE, counters

log = logging.getLogger(__name__)

_MIGRATION_KEY = 0x64696767
"""How PostgreSQL knows the lock around a migration: "digg"."""


def open_database(url: str) -> Engine:
    """The database of `url`, made or migrated where need be. Opening one that is current imports no alembic.

    Scrubs what a deletion left undone when its process died. Raises StoreUnusable, StoreTooNew, WriterBusy.
    """
    engine = connect(url)
    try:
        with explained(engine):
            _bring_up(engine)
            word_search.bring_up(engine)
        if owes_scrubbing(engine):
            scrub(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def owe_scrubbing(connection: Connection) -> None:
    """Note, in the transaction that deletes words, that they may stay readable in the file until `scrub`."""
    connection.execute(update(counters).where(counters.c.name == "unscrubbed").values(last=counters.c.last + 1))


def scrub(engine: Engine) -> bool:
    """Whether no deleted word is left in SQLite's files, in their unused parts and the write-ahead log included.

    secure_delete alone is not enough: where SQLite splits or merges pages, old copies stay in their unused middle. So
    the file is rewritten. Where that fails (a full disk, a reader that lasts), it stays owed, and is done at the next
    deletion or opening. PostgreSQL has its own vacuum.
    """
    if not is_sqlite(engine):
        return True
    with turn(engine), sqlite_connection(engine) as database:
        try:
            done = _scrubbed(database)
        except sqlite3.Error as error:
            log.warning("deleted words may stay readable in %s until the next deletion: %s", place(engine), error)
            return False
    return done


def drain_log(engine: Engine) -> None:
    """Move SQLite's write-ahead log into the database and empty it: replaced words stand in it until then."""
    if not is_sqlite(engine):
        return
    with turn(engine), sqlite_connection(engine) as database:
        try:
            database.execute("PRAGMA busy_timeout = 1000")  # worth a short wait for readers, not a long one
            _empty_log(database)
            database.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
        except sqlite3.Error as error:
            log.info("the write-ahead log of %s could not be emptied yet: %s", place(engine), error)


def _scrubbed(database: sqlite3.Connection) -> bool:
    owed = database.execute("SELECT last FROM counters WHERE name = 'unscrubbed'").fetchone()[0]
    database.execute("VACUUM")
    if not _empty_log(database):
        log.warning("deleted words may stay readable until the next deletion: the write-ahead log is being read")
        return False
    # Compared, so that another process's deletion in between stays owed.
    database.execute("UPDATE counters SET last = 0 WHERE name = 'unscrubbed' AND last = ?", (owed,))
    return True


def _empty_log(database: sqlite3.Connection) -> bool:
    busy: int = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return not busy


def owes_scrubbing(engine: Engine) -> bool:
    """Whether deleted words may still be readable in SQLite's file."""
    if not is_sqlite(engine):
        return False
    with reading(engine) as connection:
        return bool(connection.scalar(select(counters.c.last).where(counters.c.name == "unscrubbed")))


def _bring_up(engine: Engine) -> None:
    if _is_current(engine):
        return
    with _one_migrator(engine):
        if is_sqlite(engine):
            with sqlite_connection(engine) as database:
                database.execute("PRAGMA journal_mode = WAL")
        if not _is_current(engine):
            with writing(engine) as connection:
                _migrate(connection)


def _is_current(engine: Engine) -> bool:
    with engine.connect() as connection:
        version = _stored_version(connection, place(engine))
        if is_sqlite(engine) and connection.scalar(text("PRAGMA journal_mode")) != "wal":
            return False
    return version == SCHEMA_VERSION


def _stored_version(connection: Connection, where: str) -> str | None:
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    version = ""
    if VERSION_TABLE in tables:
        version = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")) or ""  # noqa: S608 - a constant
    if not re.fullmatch("[0-9]{4}", version):
        raise StoreUnusable(
            f"The database {where!r} belongs to another program: it holds {', '.join(map(repr, tables[:3]))}.",
            next_step=f"Name another with DIGG_HOME or {SETTING}.",
        )
    if version > SCHEMA_VERSION:
        raise StoreTooNew(
            f"The record store {where!r} has schema version {version!r}; this program knows up to {SCHEMA_VERSION!r}.",
            next_step="Update Digg Deeper, or name another store with DIGG_HOME.",
        )
    return version


@contextmanager
def _one_migrator(engine: Engine) -> Iterator[None]:
    """Hold off every other process that would make the same tables. PostgreSQL does so within the migration."""
    if not is_sqlite(engine):
        yield
        return
    from filelock import FileLock, Timeout

    path = Path(place(engine))
    lock = FileLock(path.with_name(path.name + ".lock"))
    try:
        lock.acquire(timeout=4 * BUSY_SECONDS)
    except Timeout as error:
        raise WriterBusy(
            f"Another process is still preparing the record store {str(path)!r}.",
            next_step="Try again when it is done.",
        ) from error
    except OSError as error:
        raise StoreUnusable(
            f"The record store {str(path)!r} cannot be prepared: {error.strerror}.",
            next_step="Check the rights of its folder.",
        ) from error
    try:
        yield
    finally:
        lock.release()


def _migrate(connection: Connection) -> None:
    # A quarter of a second to import, so only where there is something to do.
    from alembic import command
    from alembic.config import Config

    from corpus.records import migrations

    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_KEY})"))
    config = Config()
    config.set_main_option("script_location", str(Path(str(migrations.__file__)).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, SCHEMA_VERSION)
