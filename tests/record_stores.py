"""Empty record stores for tests: in SQLite always, on a PostgreSQL server where TEST_POSTGRESQL_URL names a database.

That database is emptied for every test. `postgresql://` needs the driver of the extra "postgresql".
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

from corpus.records.store import ThreadStore

POSTGRESQL = os.environ.get("TEST_POSTGRESQL_URL")
KINDS = ["sqlite", "postgresql"] if POSTGRESQL else ["sqlite"]


@contextmanager
def empty_store(kind: str, folder: Path) -> Iterator[ThreadStore]:
    """A store without a thread; SQLite's is threads.db in that folder."""
    opened = ThreadStore(_emptied(str(POSTGRESQL)) if kind == "postgresql" else f"sqlite:///{folder / 'threads.db'}")
    try:
        yield opened
    finally:
        opened.close()


def _emptied(url: str) -> str:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return url
