"""Job: how far the reading in of one input is, as a value.

Not here: how it is done (bot.product.jobs), where it is kept (bot.library.job_records).
"""

from typing import Literal

from pydantic import AwareDatetime

from bot.values.problem_details import Problem
from bot.values.story import Ingested
from corpus.readers import Skipped
from corpus.records.store import ThreadSummary
from corpus.thread import Value

State = Literal["queued", "running", "done", "failed", "cancelled"]


class Job(Value):
    """The reading in of one export or address. Its threads can be asked as soon as they are listed here."""

    id: str
    state: State
    """Is "queued" while it waits for other jobs, also half-way: text is stored at once, vectors are made in turn."""
    stage: str
    """What is being done, such as "reading", "saving", "waiting" or "embedding"; "" before the start and at the end."""
    done: int
    total: int
    """Of this stage; 0 where nobody knows."""
    name: str
    """Of the file, or the address."""
    threads: tuple[ThreadSummary, ...] = ()
    """What is stored; each is "lexical" until it has its vectors."""
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()
    outcome: str = ""
    """Once it has ended: what there is now, in a sentence."""
    error: Problem | None = None
    """Why it failed."""
    created_at: AwareDatetime
    updated_at: AwareDatetime
    ended_at: AwareDatetime | None = None

    @property
    def ended(self) -> bool:
        return self.ended_at is not None

    @property
    def ingested(self) -> Ingested:
        return Ingested(threads=self.threads, skipped=self.skipped, notes=self.notes)


def outcome(state: State, threads: int) -> str:
    """What there is once a job has ended so, with this many threads stored."""
    kept = "1 thread is" if threads == 1 else f"{threads:,} threads are"
    if state == "done":
        return f"{kept} here, with {'its' if threads == 1 else 'their'} vectors."
    how = "Cancelled" if state == "cancelled" else "Failed"
    if not threads:
        return f"{how} before anything was stored: nothing of it is here."
    its = "its" if threads == 1 else "their"
    return f"{how}: {kept} kept, and answered by words alone until {its} vectors are made, at the next start."
