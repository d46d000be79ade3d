"""Jobs in the record store, where every process over it sees them, and a server that starts finds those left undone.

A record names a job's threads by id and holds no word of theirs; it goes when one of them is forgotten.
Not here: doing a job (bot.product.jobs).
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from bot.values.job import Job
from corpus.errors import JobNotFound
from corpus.records.database import reading, writing
from corpus.records.schema import job_threads, jobs

KEPT = 200
"""Jobs that are told of after their end."""
_ACTIVE = ("queued", "running")


class JobRecord(NamedTuple):
    job: Job
    """Without its threads."""
    thread_ids: tuple[str, ...]


class JobRecords:
    """The jobs of every process over one record store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, job: Job, *, owner: str) -> None:
        """Note a job that `owner` does; the oldest that have ended make room."""
        with writing(self._engine) as connection:
            connection.execute(insert(jobs), [{"id": job.id, "owner": owner, "stop": False, **_row(job)}])
            _note_threads(connection, job)
            ended = select(jobs.c.number).where(jobs.c.state.not_in(_ACTIVE)).order_by(jobs.c.number.desc())
            oldest = connection.scalar(ended.offset(KEPT).limit(1))
            if oldest is not None:
                old = jobs.c.state.not_in(_ACTIVE) & (jobs.c.number <= oldest)
                connection.execute(delete(jobs).where(old))

    def update(self, job: Job, *, owner: str) -> bool:
        """Note how far it is. Whether it is to go on: not when somebody asked for its end, or forgot its thread."""
        with writing(self._engine) as connection:
            this = (jobs.c.id == job.id) & (jobs.c.owner == owner)
            written = connection.execute(update(jobs).where(this).values(**_row(job)).returning(jobs.c.stop)).all()
            if written:
                _note_threads(connection, job)
        return bool(written) and not written[0].stop

    def find(self, job_id: str) -> JobRecord:
        """Raises JobNotFound."""
        with reading(self._engine) as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == job_id)).one_or_none()
            if row is None:
                raise JobNotFound(
                    f"there is no job {job_id!r}.",
                    next_step="GET /v1/jobs lists those that run and the last that ended.",
                )
            return _records(connection, [row])[0]

    def recent(self, limit: int) -> list[JobRecord]:
        """Newest first."""
        with reading(self._engine) as connection:
            return _records(
                connection, connection.execute(select(jobs).order_by(jobs.c.number.desc()).limit(limit)).all()
            )

    def ask_to_stop(self, job_id: str) -> None:
        """Whoever does it ends it within a second or two; nothing happens where it has ended."""
        with writing(self._engine) as connection:
            connection.execute(update(jobs).where(jobs.c.id == job_id).values(stop=True))

    def adopt(self, *, owner: str, unseen_for: timedelta) -> list[JobRecord]:
        """The jobs that no process does any more, since theirs has died: from now on `owner` does them."""
        left = jobs.c.state.in_(_ACTIVE) & (jobs.c.owner != owner) & (jobs.c.seen_at <= datetime.now(UTC) - unseen_for)
        with writing(self._engine) as connection:
            mine = update(jobs).where(left).values(owner=owner, seen_at=datetime.now(UTC)).returning(jobs.c.number)
            numbers = connection.scalars(mine).all()
            rows = connection.execute(select(jobs).where(jobs.c.number.in_(numbers)).order_by(jobs.c.number)).all()
            return _records(connection, rows)


def _row(job: Job) -> dict[str, Any]:
    document = job.model_dump_json(exclude={"threads"})
    return {"state": job.state, "seen_at": datetime.now(UTC), "document": document}


def _note_threads(connection: Connection, job: Job) -> None:
    """The threads that were not noted yet: they come one after the other, and none goes."""
    its = (
        select(job_threads.c.place).where(job_threads.c.job_id == job.id).order_by(job_threads.c.place.desc()).limit(1)
    )
    last = connection.scalar(its)
    first = 0 if last is None else last + 1
    rows = [
        {"job_id": job.id, "place": place, "thread_id": thread.id}
        for place, thread in enumerate(job.threads[first:], start=first)
    ]
    if rows:
        connection.execute(insert(job_threads), rows)


def _records(connection: Connection, rows: Sequence[Row[Any]]) -> list[JobRecord]:
    found: dict[str, list[str]] = {row.id: [] for row in rows}
    its = select(job_threads).where(job_threads.c.job_id.in_(found)).order_by(job_threads.c.place)
    for link in connection.execute(its):
        found[link.job_id].append(link.thread_id)
    return [JobRecord(Job.model_validate_json(row.document), tuple(found[row.id])) for row in rows]
