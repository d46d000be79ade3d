"""Jobs: exports and addresses being read in beside whoever asked for it, with how far they are, and an end on request.

Each job has a thread of its own. Fetching goes on side by side, reading by a few, and vectors are made of one thread of
comments at a time (bot.library.waiting_line). A job that is still going on when the server stops is taken up by the
next. Not here: what is done (bot.product.product), where jobs are kept (bot.library.job_records); see
docs/decisions/0007-jobs.md.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.library.job_records import JobRecord
from bot.library.waiting_line import Line
from bot.values.job import Job, State, outcome
from bot.values.problem_details import Problem, problem_of, unexpected
from corpus.errors import Cancelled, DiscussionError, InputTooLarge, ThreadNotFound, TooMuchAtOnce
from corpus.fetching import addresses
from corpus.fetching.sources import Found
from corpus.records.store import ThreadSummary

if TYPE_CHECKING:
    from bot.product.product import DiggDeeper

Heard = Callable[[Job], None]
"""Is told of a job whenever it changes, in the job's own thread; not of its end."""
MOST = 64
"""Jobs that are taken on at the same moment."""
_READ_AT_ONCE = 2
_NOTED_S = 1.0
"""How often a job's record is brought up to date while it goes on."""
_FORSAKEN = timedelta(minutes=5)
"""Where several servers share the stores: a job that was not heard of for so long is nobody's."""
_ENDING_S = 5.0
_STOP_S = 2.0
_log = logging.getLogger(__name__)


class Work:
    """A job as the process that does it sees it. Only `Jobs` changes it."""

    def __init__(self, job: Job, given: Found | str | None, heard: Heard | None = None) -> None:
        self.job = job
        self.heard = heard
        self.given = given
        self.size = len(given.content) if isinstance(given, Found) else None
        """Bytes to read, once they are here."""
        self.failure: Exception | None = None
        """What it failed by."""
        self.stop = threading.Event()
        self.ended = threading.Event()
        self.kept = False
        """Whether other processes can see it."""
        self.noted = 0.0


class Jobs:
    """The jobs of one process. May be called from many threads."""

    def __init__(self, product: "DiggDeeper") -> None:
        self._product = product
        self._records = product.job_records
        self._owner = secrets.token_hex(8)
        self._reading = Line(_READ_AT_ONCE)
        self._lock = threading.RLock()
        self._active: dict[str, Work] = {}
        self._threads: dict[str, threading.Thread] = {}
        self._closed = threading.Event()

    def ingest(self, content: bytes, *, name: str = "", heard: Heard | None = None) -> Work:
        """Begin to read an export in. Raises InputTooLarge, TooMuchAtOnce."""
        most = self._product.settings.max_input_bytes
        if len(content) > most:
            raise InputTooLarge(
                f"it is larger than {most:,} bytes.", next_step="Split it, or raise DIGG_MAX_INPUT_BYTES."
            )
        return self._begin(Found(content=content, name=name), name, heard)

    def ingest_url(self, url: str, *, heard: Heard | None = None) -> Work:
        """Begin to read in what an address names. Raises AddressRefused, TooMuchAtOnce."""
        addresses.discussion(url)
        return self._begin(url, addresses.shown(url), heard)

    def keep(self, work: Work) -> Job:
        """The job, which whoever asks for its id finds from now on, in every process over the same stores."""
        with self._lock:
            if not work.kept:
                work.kept = True
                self._records.keep(work.job, owner=self._owner)
        return work.job

    def get(self, job_id: str) -> Job:
        """How far it is. Raises JobNotFound."""
        with self._lock:
            work = self._active.get(job_id)
        return work.job if work is not None else self._told(self._records.find(job_id))

    def recent(self, *, limit: int = 50) -> tuple[Job, ...]:
        """Those that go on, and the last that ended, newest first."""
        return tuple(self._told(record) for record in self._records.recent(limit))

    def cancel(self, job_id: str) -> Job:
        """The job, which ends as soon as it can; one that has ended is left as it is. Raises JobNotFound."""
        with self._lock:
            work = self._active.get(job_id)
        if work is None:
            job = self._told(self._records.find(job_id))
            if not job.ended:
                self._records.ask_to_stop(job_id)
            return job
        work.stop.set()
        with self._lock:
            if work.job.stage not in _QUICK:
                self._end(work, "cancelled")  # nothing is stored yet, and what goes on cannot be interrupted
        work.ended.wait(_STOP_S)
        return work.job

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    def take_up(self) -> int:
        """How many jobs of processes that are gone go on here."""
        alone = self._product.settings.chroma_url is None
        left = self._records.adopt(owner=self._owner, unseen_for=timedelta(0) if alone else _FORSAKEN)
        for record in left:
            work = Work(self._told(record), None)
            work.kept = True
            if record.thread_ids:
                self._start(work)
            else:
                self._end(work, "failed", problem=_INTERRUPTED)
        return len(left)

    def close(self) -> None:
        """Returns when none of them touches the stores any more, or in some seconds: the next server takes them up."""
        self._closed.set()
        deadline = time.monotonic() + _ENDING_S
        for thread in list(self._threads.values()):
            thread.join(max(0.0, deadline - time.monotonic()))

    def _begin(self, given: Found | str, name: str, heard: Heard | None) -> Work:
        with self._lock:
            if len(self._active) >= MOST:
                raise TooMuchAtOnce(
                    f"{MOST} discussions are being read in already.",
                    next_step="Try again in a while.",
                    retry_after_s=10,
                )
            now = datetime.now(UTC)
            job = Job(
                id=secrets.token_hex(8),
                state="queued",
                stage="",
                done=0,
                total=0,
                name=name,
                created_at=now,
                updated_at=now,
            )
            return self._start(Work(job, given, heard))

    def _start(self, work: Work) -> Work:
        with self._lock:
            self._active[work.job.id] = work
            doing = threading.Thread(target=self._do, args=(work,), name=f"job-{work.job.id}", daemon=True)
            self._threads[work.job.id] = doing
        doing.start()
        return work

    def _do(self, work: Work) -> None:
        try:
            self._store(work)
            for thread in work.job.threads:
                with suppress(ThreadNotFound):  # forgotten meanwhile
                    self._replace(work, self._product.intake.make_vectors(thread.id, self._teller(work)))
            self._end(work, "done")
        except Cancelled:
            self._end(work, "cancelled")
        except _Closed:
            _log.info("job %s goes on with the next start", work.job.id)
        except Exception as exc:
            if not isinstance(exc, DiscussionError):
                _log.exception("unexpected error in job %s", work.job.id)
            self._end(work, "failed", exc)
        finally:
            with self._lock:
                self._threads.pop(work.job.id, None)

    def _store(self, work: Work) -> None:
        """Fetch where need be, read, keep the text."""
        given, work.given = work.given, None  # so that an export is not held while its vectors are made
        if given is None:
            return
        tell = self._teller(work)
        found = self._product.intake.fetch(given, tell) if isinstance(given, str) else given
        work.size = len(found.content)
        with self._reading.place(lambda before: tell("waiting", 0, before)):
            read = self._product.intake.store_text(
                found.content, name=found.name, progress=tell, on_stored=lambda thread: self._add(work, thread)
            )
        self._change(work, skipped=read.skipped, notes=found.notes, threads=read.threads)

    def _teller(self, work: Work) -> Callable[[str, int, int], None]:
        def tell(stage: str, done: int, total: int) -> None:
            if work.stop.is_set():
                raise Cancelled("it was cancelled.")
            if self._closed.is_set():
                raise _Closed
            state: State = "queued" if stage == "waiting" else "running"
            self._change(work, state=state, stage=stage, done=done, total=total)

        return tell

    def _add(self, work: Work, thread: ThreadSummary) -> None:
        self._change(work, threads=(*work.job.threads, thread))

    def _replace(self, work: Work, made: ThreadSummary) -> None:
        self._change(work, threads=tuple(made if made.id == each.id else each for each in work.job.threads))

    def _change(self, work: Work, **fields: Any) -> None:
        with self._lock:
            if work.ended.is_set():
                raise Cancelled("it was cancelled.")
            work.job = work.job.model_copy(update={**fields, "updated_at": datetime.now(UTC)})
            self._note(work, at_once="threads" in fields)
        if work.heard is not None:
            work.heard(work.job)

    def _note(self, work: Work, *, at_once: bool) -> None:
        """Bring its record up to date from time to time, and hear from it whether to go on."""
        now = time.monotonic()
        if not work.kept or (now - work.noted < _NOTED_S and not at_once):
            return
        work.noted = now
        if not self._records.update(work.job, owner=self._owner):
            work.stop.set()

    def _end(
        self, work: Work, state: State, failure: Exception | None = None, *, problem: Problem | None = None
    ) -> None:
        """Say that it has ended; the first to say so is right."""
        with self._lock:
            if work.ended.is_set():
                return
            now = datetime.now(UTC)
            if failure is not None:
                problem = problem_of(failure) if isinstance(failure, DiscussionError) else unexpected()
            work.failure = failure
            told = {"state": state, "stage": "", "done": 0, "total": 0, "error": problem, "ended_at": now}
            told["outcome"] = outcome(state, len(work.job.threads))
            work.job = work.job.model_copy(update={**told, "updated_at": now})
            if work.kept:
                with suppress(DiscussionError):  # where the store is what failed
                    self._records.update(work.job, owner=self._owner)
            self._active.pop(work.job.id, None)
            work.ended.set()

    def _told(self, record: JobRecord) -> Job:
        """The job with its threads as they stand now; those that were forgotten are left out."""
        threads: list[ThreadSummary] = []
        for thread_id in record.thread_ids:
            with suppress(ThreadNotFound):
                threads.append(self._product.summary(thread_id))
        return record.job.model_copy(update={"threads": tuple(threads)})


_QUICK = {"reading", "saving", "waiting", "embedding"}
"""Stages that end within a second or two when they are asked to."""
_INTERRUPTED = Problem(
    type="urn:digg-deeper:problem:interrupted",
    title="The server was stopped",
    status=503,
    detail="The server stopped before anything of it was stored.",
    next_step="Send it again.",
    retryable=True,
)


class _Closed(Exception):
    """The server stops: what is not done is left to the next."""
