"""Many writers, and processes that are killed: a thread is there whole or not at all, and nobody is turned away."""

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from corpus.records.database import reading, writing
from corpus.records.schema import counters
from corpus.records.store import ThreadStore
from corpus.thread import Author, Comment, Thread

SAVES_FOR_EVER = """
import sys
from corpus.records.store import ThreadStore
from test_corpus_database import version

store = ThreadStore(sys.argv[1])
n = int(sys.argv[2])
print("begun", flush=True)
while True:
    n += 1
    store.save(version(n))
    print(n, flush=True)
"""

SAVES_ONE = """
import sys
from corpus.records.store import ThreadStore
from test_corpus_database import version

store = ThreadStore(sys.argv[1])
store.save(version(1, thread_id=sys.argv[2], comments=20))
store.close()
"""


def version(n: int, *, thread_id: str = "t", comments: int = 1_500) -> Thread:
    """The thread as it stands the n-th time: every third comment another, every fifth gone and back."""
    made = tuple(
        Comment(
            id=f"c{k}",
            thread_id=thread_id,
            parent_id=f"c{k // 2}" if k else None,
            author=Author.of_handle("x", f"ada{k % 50}"),
            text=f"Comment {k}, as said in version {n if k % 3 == 0 else 0}." + " And so on." * 10,
        )
        for k in range(comments)
        if k % 5 or n % 2
    )
    at = datetime(2026, 3, 4, tzinfo=UTC)
    return Thread(id=thread_id, source="digg", title=f"Version {n}", comments=made, fetched_at=at)


def running(program: str, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.Popen(command, cwd=Path(__file__).parent, stdout=subprocess.PIPE, text=True)


def killed_in_the_midst(url: str, first: int, wait: float) -> int:
    """The last version that a process said it had saved before it was killed while it saved the next."""
    process = running(SAVES_FOR_EVER, url, str(first))
    with process:
        assert process.stdout is not None
        last = first
        for line in process.stdout:
            if line.strip() != "begun":
                last = int(line)
            if last > first:
                break
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        for line in process.stdout:
            last = int(line)
    return last


def test_a_killed_save_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'threads.db'}"
    last = 0
    for wait in (0.01, 0.04, 0.09, 0.15):
        last = killed_in_the_midst(url, last, wait)
        with closing(ThreadStore(url)) as store:
            kept, summary = store.snapshot("t")
        at = int(kept.title.removeprefix("Version "))
        assert at in {last, last + 1}
        assert kept == version(at)
        assert summary.comments == len(kept.comments)
        last = at


def test_processes_that_first_open_at_once_all_get_in(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'threads.db'}"
    processes = [running(SAVES_ONE, url, f"t{n}") for n in range(4)]
    for process in processes:
        with process:
            assert process.wait() == 0
    with closing(ThreadStore(url)) as store:
        assert set(store.thread_ids()) == {f"t{n}" for n in range(4)}
        assert all(store.thread(f"t{n}") == version(1, thread_id=f"t{n}", comments=20) for n in range(4))


def test_threads_that_read_and_write_at_once_get_along(tmp_path: Path) -> None:
    store = ThreadStore(f"sqlite:///{tmp_path / 'threads.db'}")

    def rewrites(worker: int) -> Sequence[bool]:
        seen = []
        for n in range(6):
            made = version(n, thread_id=f"t{worker % 3}", comments=40)
            revision = store.save(made).summary.revision
            kept, summary = store.snapshot(made.id)
            seen.append(kept == version(int(kept.title.removeprefix("Version ")), thread_id=made.id, comments=40))
            seen.append(summary.revision >= revision and summary.comments == len(kept.comments))
            store.mark_full(made.id, revision)
        return seen

    with ThreadPoolExecutor(12) as pool:
        outcomes = [held for seen in pool.map(rewrites, range(12)) for held in seen]
    assert len(outcomes) == 144
    assert all(outcomes)
    store.close()


def test_what_is_read_is_of_one_moment(tmp_path: Path) -> None:
    store = ThreadStore(f"sqlite:///{tmp_path / 'threads.db'}")
    with reading(store.engine) as connection:
        before = connection.execute(counters.select()).all()
        store.save(version(1, comments=3))
        assert connection.execute(counters.select()).all() == before
    store.close()


def test_a_write_that_fails_leaves_everything_as_it_was(tmp_path: Path) -> None:
    store = ThreadStore(f"sqlite:///{tmp_path / 'threads.db'}")
    store.save(version(1, comments=3))

    def fails_at_last() -> None:
        with writing(store.engine) as connection:
            connection.execute(counters.delete())
            raise KeyError

    with pytest.raises(KeyError):
        fails_at_last()
    assert store.save(version(2, comments=3)).summary.revision == 2
    store.close()


def test_an_error_of_the_database_tells_no_word_that_it_was_given(tmp_path: Path) -> None:
    with closing(ThreadStore(f"sqlite:///{tmp_path / 'threads.db'}")) as store:
        row = {"name": "the zyxomma pump", "last": 1}
        with pytest.raises(IntegrityError) as caught, writing(store.engine) as connection:
            connection.execute(insert(counters), [row, row])
    assert "zyxomma" not in str(caught.value)
