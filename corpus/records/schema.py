"""The tables of the record store, as SQLAlchemy Core sees them, and the version of their shape.

SQLAlchemy Core and not its ORM: the values are frozen pydantic models already, a thread is read and written whole, and
rows in bulk are what is fast here.

Not here: opening a database and bringing its tables up (corpus.records.database, corpus.records.migrations), threads as
values (corpus.records.store), answers and turns as values (bot.history.saved_answers, bot.history.conversations). A
change here needs a new migration; a test compares the two.

How the tables hang together, for whoever deletes: comments and digest go with their thread. An answer is linked in
`answer_threads` to every thread that it was asked of or cites; that link holds the thread, so the answers must be
deleted first. Feedback and links go with their answer. A turn names its answer by id and holds nothing. A job that read
a thread in goes with it: its name and what it skipped may hold words of that thread's export.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.dialects.postgresql import ARRAY

SCHEMA_VERSION = "0006"
"""The newest migration's revision: four digits, so that they compare as text."""

VERSION_TABLE = "schema_version"
"""Where alembic notes the version. Not a table of `metadata`: alembic makes it."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware time, UTC in the database and out of it. SQLite keeps no zone, so the zone is put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        at: datetime = value
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _json() -> JSON:
    """A JSON column whose absent value is NULL: most comments quote nobody, address nobody."""
    return JSON(none_as_null=True)


counters = Table(
    "counters",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("last", BigInteger, nullable=False),
)
"""Numbers that never come twice, not even after a deletion. Rows: "revision" (the last one given to any thread) and
"unscrubbed" (not 0 while deleted words may still be readable in SQLite's file). Of the search by words: "searched" (the
last number of a row), "documents" and "terms" (how many there are), "analyser" (the fingerprint of the rules that made
the terms; 0 while none are made)."""

threads = Table(
    "threads",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("source", String(100), nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text),
    Column("fetched_at", Instant, nullable=False),
    Column("known_total", BigInteger),
    Column("page", _json()),
    Column("revision", BigInteger, nullable=False),
    Column("first_revision", BigInteger, nullable=False, unique=True),  # when it came in: the order of listings
    Column("state", String(10), nullable=False),
    Column("digest", String(64), nullable=False),  # of all that a revision stands for, so not of fetched_at
    Column("folded", Text, nullable=False),  # id and title as they are searched, whatever their case
    Column("comments", Integer, nullable=False),  # the figures of a listing, so that it reads no comments
    Column("commenters", Integer, nullable=False),
    Column("unattributed", Integer, nullable=False),
    CheckConstraint("state IN ('lexical', 'full')", name="state"),
    Index(None, "source", "first_revision"),
)

comments = Table(
    "comments",
    metadata,
    Column("thread_id", String(200), ForeignKey(threads.c.id, ondelete="CASCADE"), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("parent_id", Text),
    Column("author_id", Text),
    Column("author_handle", Text),
    Column("author_name", Text),
    Column("author_candidate", _json()),
    Column("text", Text, nullable=False),
    Column("quoted", _json()),
    Column("addressed", _json()),
    Column("quotes", _json()),
    Column("posted_at", Instant),
    Column("edited_at", Instant),
    Column("engagement", _json()),  # as JSON: a source's counts may pass any integer column
    Column("url", Text),
    Column("deleted", Boolean, nullable=False),
    Column("is_bot", Boolean, nullable=False),
    # Hashed where it can be: people are looked up by the whole id or handle, which may be longer than a B-tree takes.
    Index(None, "author_id", postgresql_using="hash"),
    Index(None, "author_handle", postgresql_using="hash"),
    Index(None, "thread_id", "position"),
)

searched = Table(
    "searched",
    metadata,
    Column("number", Integer, primary_key=True),  # its row in FTS5's table `words`
    Column("thread_id", String(200), ForeignKey(threads.c.id, ondelete="CASCADE"), nullable=False),
    Column("comment_id", Text, nullable=False),
    Column("author_id", Text),
    Column("author_handle", Text),  # as handles are compared
    Column("posted_at", Instant),
    Column("terms", Text().with_variant(ARRAY(Text), "postgresql")),  # in PostgreSQL alone; GIN over it
    Index(None, "thread_id", "comment_id"),
    Index(None, "author_id", postgresql_using="hash"),
    Index(None, "author_handle", postgresql_using="hash"),
    Index(None, "posted_at"),
)
"""The comments that may be cited, for the search by words (corpus.records.word_search). SQLite has their terms in the
virtual tables `words` and `words_seen`, which the migration makes: nothing here knows FTS5."""

answers = Table(
    "answers",
    metadata,
    Column("number", Integer, primary_key=True),  # rises with every answer kept: newest first, and the cursor
    Column("id", String(200), nullable=False, unique=True),
    Column("question_key", String(64), nullable=False),  # the caller's key, hashed
    Column("revisions", Text, nullable=False),  # {"thread id": revision} as canonical JSON, compared as text
    Column("answered", Boolean, nullable=False),
    Column("document", Text, nullable=False),  # Answer as JSON
    Index(None, "question_key", "number"),
)

answer_threads = Table(
    "answer_threads",
    metadata,
    Column("answer_id", String(200), ForeignKey(answers.c.id, ondelete="CASCADE"), primary_key=True),
    Column("thread_id", String(200), ForeignKey(threads.c.id), primary_key=True, index=True),
)

feedback = Table(
    "feedback",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("answer_id", String(200), ForeignKey(answers.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("helpful", Boolean, nullable=False),
    Column("note", Text),
    Column("given_at", Instant, nullable=False),
)

turns = Table(
    "turns",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("conversation_id", String(200), nullable=False),
    Column("question", Text, nullable=False),
    Column("standalone", Text, nullable=False),
    Column("answer_id", String(200), nullable=False, index=True),
    Column("asked_at", Instant, nullable=False),
    Index(None, "conversation_id", "number"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("number", Integer, primary_key=True),  # rises with every job: newest first
    Column("id", String(40), nullable=False, unique=True),
    Column("owner", String(40), nullable=False),  # the process that does it
    Column("state", String(10), nullable=False),
    Column("stop", Boolean, nullable=False),  # somebody asked for its end, maybe in another process
    Column("seen_at", Instant, nullable=False),  # when its owner last wrote of it
    Column("document", Text, nullable=False),  # Job as JSON, without its threads
)

job_threads = Table(
    "job_threads",
    metadata,
    Column("job_id", String(40), ForeignKey(jobs.c.id, ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("thread_id", String(200), nullable=False, index=True),
)
"""The threads that a job stored. Not held by them: a job is told of while its thread may be gone."""

digests = Table(
    "digests",
    metadata,
    Column("thread_id", String(200), ForeignKey(threads.c.id, ondelete="CASCADE"), primary_key=True),
    Column("revision", BigInteger, nullable=False),  # of the thread, that it was made of
    Column("made_with", String(200), nullable=False),  # writer and rules
    Column("document", Text, nullable=False),  # bot.values.story.Digest as JSON
)

forgotten = Table(
    "forgotten",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("forgotten_at", Instant, nullable=False),
)
"""What must not come back (corpus.records.forgotten): keyed hashes alone."""

salts = Table(
    "salts",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("salt", String(64), nullable=False),
)
