"""A record database: found by its URL, read and written in transactions, its errors told in our words.

Not here: its tables (corpus.records.schema), bringing them up and keeping deleted words out of the file
(corpus.records.upkeep), what threads and answers are in it (corpus.records.store, bot.history.saved_answers,
bot.history.conversations). Every SQLAlchemy error becomes a StoreError here and nowhere else. Why SQLite is set up so:
docs/decisions/0001-record-store.md.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, select, update
from sqlalchemy.engine import make_url

from corpus.errors import StoreError, StoreUnusable, WriterBusy
from corpus.records.schema import counters

SETTING = "DIGG_DATABASE_URL"
BUSY_SECONDS = 15.0
"""How long one writer waits for another before it gives up."""

_WRITES = "digg_writes"
_TURN = "digg_turn"

_ON_CONNECT = (
    "PRAGMA foreign_keys = ON",
    # FULL: a commit is on the disk. NORMAL could lose the last commits to a power cut, and with them a deletion.
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
)

_REASONS = {
    sqlite3.SQLITE_PERM: ("may not be used by this user", "Check the rights of the file and its folder."),
    sqlite3.SQLITE_READONLY: ("cannot be written", "Check the rights of the file and its folder."),
    sqlite3.SQLITE_IOERR: ("cannot be read or written: the disk reports an error", "Check the disk."),
    sqlite3.SQLITE_CORRUPT: ("is damaged", "Put a backup in its place, or move it away and ingest again."),
    sqlite3.SQLITE_FULL: ("cannot grow: the disk is full", "Free some space and try again; nothing was half stored."),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "Check that its folder exists and may be written."),
    sqlite3.SQLITE_NOTADB: ("is not a database", f"Move that file away, or name another with DIGG_HOME or {SETTING}."),
}


def connect(url: str) -> Engine:
    """An engine on the database of `url`, set up but not yet opened: corpus.records.upkeep.open_database does both.

    "sqlite:///relative.db", "sqlite:////absolute.db" or "postgresql://...". The folder of a file is made.
    Raises StoreUnusable.
    """
    parsed = _checked(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(parsed)
    try:
        return create_engine(
            parsed,
            pool_pre_ping=True,
            max_overflow=-1,
            execution_options={_TURN: nullcontext()},
            hide_parameters=True,  # an error goes to the log, which outlives what is forgotten
        )
    except (ModuleNotFoundError, exc.NoSuchModuleError) as error:
        raise StoreUnusable(
            f"The driver for {parsed.drivername!r} is not installed: {error}.",
            next_step="Install it: pip install 'digg-deeper[postgresql]'.",
        ) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection on which every statement sees the same moment of the database."""
    with explained(engine), engine.connect() as connection:
        if not is_sqlite(engine):
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that is committed at the end, or rolled back by any error. Not to be nested.

    SQLite's write lock is taken first, not at the first write: so none fails because another wrote after it had read.
    """
    with explained(engine), turn(engine), engine.connect() as connection:
        connection.execution_options(**{_WRITES: True})
        with connection.begin():
            yield connection


@contextmanager
def changing(engine: Engine) -> Iterator[Connection]:
    """As `writing`, for what changes threads or their words: one at a time over all processes, on a server too.

    All of them raise the same counters there, in an order that differs, and would wait for each other in a circle. And
    who looks first whether something is to be done finds it done, once another has done it.
    """
    with writing(engine) as connection:
        connection.execute(select(counters.c.last).where(counters.c.name == "revision").with_for_update())
        yield connection


@contextmanager
def turn(engine: Engine) -> Iterator[None]:
    """This process's turn to write. Threads wait for it here, in line, rather than by polling SQLite's file."""
    with engine.get_execution_options()[_TURN]:
        yield


@contextmanager
def sqlite_connection(engine: Engine) -> Iterator[sqlite3.Connection]:
    """SQLite's own connection, outside any transaction: for what cannot run within one."""
    raw = engine.raw_connection()
    try:
        database = raw.driver_connection
        if not isinstance(database, sqlite3.Connection):
            raise TypeError(f"{type(database)!r} is not a connection of sqlite3")
        yield database
    finally:
        raw.close()


def next_revision(connection: Connection) -> int:
    """A number above every revision that any thread ever had: a thread that is deleted and comes back has a new one."""
    raised = update(counters).where(counters.c.name == "revision").values(last=counters.c.last + 1)
    return int(connection.execute(raised.returning(counters.c.last)).scalar_one())


def is_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


def place(engine: Engine) -> str:
    """The database as a message names it: SQLite's path, a server's URL without its password."""
    return str(engine.url.database) if is_sqlite(engine) else engine.url.render_as_string(hide_password=True)


@contextmanager
def explained(engine: Engine) -> Iterator[None]:
    """Whatever the database or its disk says, said as a StoreError. IntegrityError passes: a caller may expect it."""
    try:
        yield
    except exc.IntegrityError:
        raise
    except exc.DBAPIError as error:
        raise _explanation(engine, error.orig) from error
    except (sqlite3.Error, exc.TimeoutError) as error:
        raise _explanation(engine, error) from error


def _explanation(engine: Engine, error: BaseException | None) -> StoreError:
    where = place(engine)
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return WriterBusy(f"Another process is writing to {where!r}.", next_step="Try again when it is done.")
    if code in _REASONS:
        what, next_step = _REASONS[code]
        return StoreUnusable(f"The record store {where!r} {what}.", next_step=next_step)
    said = str(error).strip().splitlines()
    return StoreUnusable(
        f"The record store {where!r} cannot be used: {said[0] if said else type(error).__name__}.",
        next_step=f"Check DIGG_HOME and {SETTING}." if is_sqlite(engine) else f"Check {SETTING} and its server.",
    )


def _checked(url: str) -> URL:
    next_step = f"Give {SETTING} as 'sqlite:////folder/threads.db' or 'postgresql://user@host/name'."
    try:
        parsed = make_url(url)
    except (exc.ArgumentError, ValueError):
        scheme = url.partition("://")[0] if "://" in url else ""  # the rest may hold a password
        raise StoreUnusable(
            f"The database URL, which starts with {scheme!r}, cannot be read.", next_step=next_step
        ) from None
    kind = parsed.get_backend_name()
    if kind not in {"sqlite", "postgresql"}:
        raise StoreUnusable(f"Threads cannot be kept in a database of the kind {kind!r}.", next_step=next_step)
    if kind == "sqlite" and (parsed.database or ":memory:").startswith((":memory:", "file:")):
        raise StoreUnusable(f"The database URL {url!r} names no file.", next_step=next_step)
    return parsed


def _sqlite_engine(url: URL) -> Engine:
    path = Path(str(url.database))
    if path.is_dir():
        raise StoreUnusable(f"The record store {str(path)!r} is a folder.", next_step="Name a file in it.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnusable(
            f"The folder {str(path.parent)!r} of the record store cannot be made: {error.strerror}.",
            next_step=f"Name another with DIGG_HOME or {SETTING}.",
        ) from error
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS},
        max_overflow=-1,  # a connection is cheap, and one for each thread that asks is the most there can be
        execution_options={_TURN: threading.Lock()},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(database: Any, _record: object) -> None:
    database.isolation_level = None  # _begin begins the transactions; the driver is not to guess them
    for pragma in _ON_CONNECT:
        database.execute(pragma)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
