"""WriterLock between real processes: one holder, a bounded wait, nothing left behind by one that was killed."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.library.writer_lock import Owner, WriterLock
from corpus.errors import StoreUnusable, WriterBusy

HOLD = """
import sys
from pathlib import Path
from bot.library.writer_lock import WriterLock
lock = WriterLock(Path(sys.argv[1]), command="serve")
lock.acquire(wait_s=20)
lock.publish("http://127.0.0.1:7860")
print("held", lock.instance, flush=True)
sys.stdin.read()
lock.release()
"""

Holder = subprocess.Popen[str]


@pytest.fixture
def hold(tmp_path: Path) -> Iterator[Callable[[], tuple[Holder, str]]]:
    """Starts a process that holds the lock of tmp_path until its input is closed; gives it and its instance."""
    started: list[Holder] = []

    def start() -> tuple[Holder, str]:
        child = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(child)
        assert child.stdout is not None
        word, instance = child.stdout.readline().split()
        assert word == "held"
        return child, instance

    yield start
    for child in started:
        child.kill()
        child.communicate()


def test_a_second_process_is_told_who_writes(tmp_path: Path, hold: Callable[[], tuple[Holder, str]]) -> None:
    child, instance = hold()
    lock = WriterLock(tmp_path, command="ingest")
    with pytest.raises(WriterBusy) as caught:
        lock.acquire(wait_s=0.2)
    assert f"digg-deeper serve (process {child.pid}) at http://127.0.0.1:7860" in caught.value.message
    assert caught.value.retryable
    owner = lock.owner()
    assert owner is not None
    assert owner.instance == instance


def test_a_second_process_waits_until_the_first_is_done(tmp_path: Path, hold: Callable[[], tuple[Holder, str]]) -> None:
    child, _ = hold()
    waited_for: list[Owner | None] = []

    def end_the_first(owner: Owner | None) -> None:
        waited_for.append(owner)
        child.communicate()

    with WriterLock(tmp_path, command="ingest").held(wait_s=20, on_wait=end_the_first) as lock:
        owner = lock.owner()
    assert [o.pid for o in waited_for if o] == [child.pid]
    assert owner is not None
    assert (owner.pid, owner.command, owner.url) == (os.getpid(), "ingest", None)


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is not there on Windows")
def test_a_lock_left_by_a_killed_process_is_taken_over(tmp_path: Path, hold: Callable[[], tuple[Holder, str]]) -> None:
    child, _ = hold()
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert (tmp_path / "writer.json").exists()
    with WriterLock(tmp_path, command="ask").held(wait_s=0) as lock:
        owner = lock.owner()
    assert owner is not None
    assert (owner.pid, owner.url) == (os.getpid(), None)


def test_what_was_held_is_free_again_and_the_note_gone(tmp_path: Path) -> None:
    first, second = WriterLock(tmp_path, command="ingest"), WriterLock(tmp_path, command="ingest")
    with first.held(wait_s=0):
        assert not second.try_acquire()
    assert second.try_acquire()
    second.release()
    assert second.owner() is None
    assert [path.name for path in tmp_path.iterdir()] == ["writer.lock"]


def test_it_is_free_again_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), WriterLock(tmp_path, command="ingest").held(wait_s=0):
        _ = 1 / 0
    assert WriterLock(tmp_path, command="ingest").try_acquire()


def test_one_of_many_threads_holds_it(tmp_path: Path) -> None:
    inside: list[int] = []
    most: list[int] = []

    def enter() -> None:
        with WriterLock(tmp_path, command="ingest").held(wait_s=60):
            inside.append(1)
            most.append(len(inside))
            inside.pop()

    threads = [threading.Thread(target=enter) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 6


@pytest.mark.parametrize("note", ["", "{", "[]", '{"pid": "x"}', "\x00"])
def test_a_damaged_note_names_nobody(tmp_path: Path, note: str) -> None:
    (tmp_path / "writer.json").write_text(note)
    assert WriterLock(tmp_path, command="ask").owner() is None


def test_a_folder_that_cannot_be_made_is_named_with_the_setting(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    with pytest.raises(StoreUnusable) as caught:
        WriterLock(in_the_way / "home", command="ingest").try_acquire()
    assert str(in_the_way / "home") in caught.value.message
    assert "DIGG_HOME" in caught.value.next_step


def test_a_folder_that_is_read_only_is_named_with_the_setting(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    if os.access(tmp_path, os.W_OK):
        pytest.skip("this user may write anywhere")
    with pytest.raises(StoreUnusable, match="DIGG_HOME"):
        WriterLock(tmp_path, command="ingest").try_acquire()
    tmp_path.chmod(0o700)
