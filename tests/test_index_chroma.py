"""The vector store over a real Chroma: exact within a thread, nothing but vectors and filter fields kept."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus.errors import EmbedderMismatch, IndexUnusable
from index.vectors.chroma import Entry, VectorStore, author_key

DIMENSION = 16


def open_store(
    path: Path, *, fingerprint: str = "abc.1", dimension: int = DIMENSION, replace_other: bool = False
) -> VectorStore:
    return VectorStore(path=path, fingerprint=fingerprint, dimension=dimension, replace_other=replace_other)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[VectorStore]:
    made = open_store(tmp_path / "chroma")
    yield made
    made.close()


def unit_rows(count: int, *, seed: int = 0) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def entry(number: int, *, thread_id: str = "t", view: str = "plain", **fields: object) -> Entry:
    return Entry(
        passage_id=f"{number:032x}",
        view=view,  # type: ignore[arg-type]
        thread_id=thread_id,
        comment_id=f"c{number}",
        source="digg",
        start=0,
        end=10,
        **fields,  # type: ignore[arg-type]
    )


def same(found: NDArray[np.float32], added: NDArray[np.float32]) -> bool:
    """Equal but for rounding: Chroma makes the vectors unit length once more."""
    return found.shape == added.shape and float(np.abs(found - added).max()) < 1e-6


# what is kept


def test_a_threads_vectors_come_back_as_they_went_in(store: VectorStore) -> None:
    rows = unit_rows(6)
    store.add([entry(n) for n in range(4)] + [entry(1, view="context"), entry(9, thread_id="other")], rows)
    found = store.thread_vectors("t")
    assert set(found.rows) == {f"{n:032x}" for n in range(4)}
    for number in range(4):
        row = found.rows[f"{number:032x}"]
        assert same(found.plain[row], rows[number])
        assert same(found.context[row], rows[4 if number == 1 else number])
    assert found.plain.dtype == found.context.dtype == np.float32


def test_a_thread_without_vectors_has_none(store: VectorStore) -> None:
    found = store.thread_vectors("nobody")
    assert (found.rows, found.plain.shape[0], found.context.shape[0]) == ({}, 0, 0)
    assert store.entries("nobody") == {}


def test_a_context_without_its_passage_is_no_row(store: VectorStore) -> None:
    store.add([entry(1, view="context")], unit_rows(1))
    assert store.thread_vectors("t").rows == {}


def test_entries_come_back_with_what_was_kept_beside_them(store: VectorStore) -> None:
    kept = [entry(1, author_key="x:ana", posted_at=-5), entry(2), entry(2, view="context")]
    store.add(kept, unit_rows(3))
    assert store.entries("t") == {each.id: each for each in kept}


def test_adding_again_replaces(store: VectorStore) -> None:
    first, second = unit_rows(2)
    store.add([entry(1, author_key="x:ana")], first[None])
    store.add([entry(1, author_key="x:bo")], second[None])
    assert store.count() == 1
    assert same(store.thread_vectors("t").plain, second[None])
    assert store.entries("t")[entry(1).id].author_key == "x:bo"


def test_relabelling_keeps_the_vector_and_takes_old_values_away(store: VectorStore) -> None:
    rows = unit_rows(1)
    store.add([entry(1, author_key="x:ana", posted_at=5)], rows)
    store.relabel([entry(1, posted_at=6)])
    assert store.entries("t") == {entry(1).id: entry(1, posted_at=6)}
    assert same(store.thread_vectors("t").plain, rows)


def test_only_vectors_and_filter_fields_are_written(tmp_path: Path, store: VectorStore) -> None:
    store.add([entry(1, author_key="x:ana", posted_at=5)], unit_rows(1))
    store.close()
    with sqlite3.connect(tmp_path / "chroma" / "chroma.sqlite3") as database:
        keys = {key for (key,) in database.execute("SELECT DISTINCT key FROM embedding_metadata")}
    database.close()
    assert keys == {"thread_id", "comment_id", "source", "author_key", "posted_at", "view", "start", "end"}


def test_more_than_a_batch_goes_in_and_out(store: VectorStore) -> None:
    most = store._client.get_max_batch_size()
    rows = unit_rows(most + 3)
    store.add([entry(n) for n in range(most + 3)], rows)
    assert store.count() == len(store.entries("t")) == most + 3
    store.remove([entry(n).id for n in range(1, most + 3)])
    assert list(store.thread_vectors("t").rows) == [entry(0).passage_id]


def test_no_entries_are_no_work(store: VectorStore) -> None:
    store.add([], np.zeros((0, DIMENSION), np.float32))
    store.relabel([])
    store.remove([])
    assert store.count() == 0


def test_what_was_added_is_there_after_reopening(tmp_path: Path) -> None:
    rows = unit_rows(1_500)
    first = open_store(tmp_path)
    assert first.fresh
    first.add([entry(n) for n in range(1_500)], rows)
    first.close()
    first.close()
    again = open_store(tmp_path)
    assert not again.fresh
    found = again.thread_vectors("t")
    assert same(found.plain[[found.rows[f"{n:032x}"] for n in range(1_500)]], rows)
    again.close()


def test_one_folder_spelled_in_two_ways_is_one_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first, second = open_store(Path("chroma")), open_store(tmp_path / "x" / ".." / "chroma")
    first.add([entry(1)], unit_rows(1))
    assert second.count() == 1
    first.close()
    assert second.count() == 1
    second.close()


def test_environment_and_dot_env_of_the_folder_it_runs_in_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("CHROMA_API_IMPL=chromadb.api.fastapi.FastAPI\nALLOW_RESET=true\nDIGG_PORT=1\n")
    store = open_store(tmp_path / "chroma")
    store.add([entry(1)], unit_rows(1))
    assert store.count() == 1
    store.close()


# removing


def test_what_is_removed_is_found_by_no_way(store: VectorStore) -> None:
    rows = unit_rows(1_200)
    store.add([entry(n, thread_id=f"t{n % 3}") for n in range(1_200)], rows)
    gone = [entry(n).id for n in range(300)]
    store.remove(gone)
    store.remove_thread("t2")
    left = {f"{n:032x}" for n in range(300, 1_200) if n % 3 != 2}
    assert store.count() == len(left) == 600
    assert store.thread_vectors("t2").rows == {}
    assert set(store.thread_vectors("t0").rows) | set(store.thread_vectors("t1").rows) == left
    for number in (0, 150, 299, 302, 1_199):
        near = store.query(rows[number], k=20)
        assert {each.passage_id for each in near} <= left
        assert len(near) == 20


def test_removing_stays_done_after_reopening(tmp_path: Path) -> None:
    rows = unit_rows(1_100)
    store = open_store(tmp_path)
    store.add([entry(n) for n in range(1_100)], rows)
    store.remove([entry(7).id])
    store.close()
    again = open_store(tmp_path)
    assert entry(7).passage_id not in {near.passage_id for near in again.query(rows[7], k=50)}
    assert entry(7).id not in again.entries("t")
    again.close()


def test_removing_what_is_not_there_is_passed_over(store: VectorStore) -> None:
    store.remove(["nothing.plain"])
    store.remove_thread("nobody")
    assert store.count() == 0


# near ones


def test_the_nearest_come_first_with_their_distance(store: VectorStore) -> None:
    rows = unit_rows(300)
    store.add([entry(n, thread_id=f"t{n % 7}") for n in range(300)], rows)
    asked = unit_rows(1, seed=5)[0]
    near = store.query(asked, k=10)
    best = np.argsort(-(rows @ asked))[:10]
    assert [each.comment_id for each in near] == [f"c{n}" for n in best]
    assert np.allclose([each.distance for each in near], 1 - rows[best] @ asked, atol=1e-5)
    assert (near[0].thread_id, near[0].view, near[0].start, near[0].end) == (f"t{best[0] % 7}", "plain", 0, 10)


def test_a_filter_holds(store: VectorStore) -> None:
    every = [
        entry(n, thread_id=f"t{n % 5}", author_key=f"a{n % 2}", view=("plain", "context")[n % 3 == 0])
        for n in range(200)
    ]
    store.add(every, unit_rows(200))
    asked = unit_rows(1, seed=5)[0]
    near = store.query(asked, k=200, where={"thread_id": ["t1", "t2"], "view": "plain", "author_key": "a0"})
    held = {e.passage_id for n, e in enumerate(every) if n % 5 in (1, 2) and n % 3 and n % 2 == 0}
    assert {each.passage_id for each in near} == held
    assert {e.thread_id for e in store.query(asked, k=200, where={"thread_id": "t3"})} == {"t3"}
    assert len(store.query(asked, k=200, where={})) == 200


def test_asking_for_more_than_there_are_gives_all(store: VectorStore) -> None:
    assert store.query(unit_rows(1)[0], k=5) == []
    store.add([entry(1), entry(2)], unit_rows(2))
    assert len(store.query(unit_rows(1)[0], k=1_000)) == 2


# another encoder


def test_another_encoder_is_refused_by_both_names_and_the_next_step(tmp_path: Path) -> None:
    first = open_store(tmp_path, fingerprint="minilm.onnx")
    first.add([entry(1)], unit_rows(1))
    first.close()
    with pytest.raises(EmbedderMismatch) as caught:
        open_store(tmp_path, fingerprint="mpnet.torch")
    assert "'minilm.onnx'" in caught.value.message
    assert "'mpnet.torch'" in caught.value.message
    assert "digg-deeper reindex" in caught.value.next_step
    assert "DIGG_MODEL" in caught.value.next_step
    again = open_store(tmp_path, fingerprint="minilm.onnx")
    assert again.count() == 1
    again.close()


def test_another_dimension_is_refused(tmp_path: Path) -> None:
    first = open_store(tmp_path)
    first.add([entry(1)], unit_rows(1))
    first.close()
    with pytest.raises(EmbedderMismatch):
        open_store(tmp_path, dimension=8)


def test_an_empty_store_takes_any_encoder(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    other = open_store(tmp_path, fingerprint="other", dimension=3)
    assert other.fresh
    other.add([entry(1)], np.eye(1, 3, dtype=np.float32))
    other.close()


def test_another_encoders_vectors_are_dropped_when_that_is_wanted(tmp_path: Path) -> None:
    first = open_store(tmp_path)
    first.add([entry(1)], unit_rows(1))
    first.close()
    other = open_store(tmp_path, fingerprint="other", dimension=3, replace_other=True)
    assert (other.count(), other.fresh) == (0, True)
    other.add([entry(1)], np.eye(1, 3, dtype=np.float32))
    other.close()
    same = open_store(tmp_path, fingerprint="other", dimension=3, replace_other=True)
    assert (same.count(), same.fresh) == (1, False)
    same.close()


# damage


def filled(path: Path) -> Path:
    store = open_store(path)
    store.add([entry(n) for n in range(1_500)], unit_rows(1_500))
    store.close()
    return path


def index_folder(path: Path) -> Path:
    (folder,) = (each for each in path.iterdir() if each.is_dir())
    return folder


def damage_database(path: Path) -> None:
    (path / "chroma.sqlite3").write_bytes(b"no database" * 1_000)


def cut_database(path: Path) -> None:
    os.truncate(path / "chroma.sqlite3", 30_000)


def remove_index(path: Path) -> None:
    shutil.rmtree(index_folder(path))


def cut_index(path: Path) -> None:
    os.truncate(index_folder(path) / "data_level0.bin", 100)


def blank_index(path: Path) -> None:
    """A hole, as a file system leaves one after a power cut."""
    file = index_folder(path) / "data_level0.bin"
    file.write_bytes(b"\x11" * file.stat().st_size)


def damage_index_metadata(path: Path) -> None:
    (index_folder(path) / "index_metadata.pickle").write_bytes(b"xx")


def read_all(path: Path) -> None:
    """Open the store and, where its first vector happens to be whole, read the others."""
    with closing(open_store(path)) as store:
        store.thread_vectors("t")


@pytest.mark.parametrize(
    "harm", [damage_database, cut_database, remove_index, cut_index, blank_index, damage_index_metadata]
)
def test_damage_is_named_with_the_next_step(harm: Callable[[Path], None], tmp_path: Path) -> None:
    path = filled(tmp_path / "chroma")
    harm(path)
    with pytest.raises(IndexUnusable) as caught:
        read_all(path)
    assert repr(str(path)) in caught.value.message
    assert "digg-deeper reindex" in caught.value.next_step


def test_a_repaired_folder_opens_in_the_same_process(tmp_path: Path) -> None:
    path = filled(tmp_path / "chroma")
    damage_database(path)
    for _ in range(2):
        with pytest.raises(IndexUnusable, match="not a database"):
            open_store(path)
    shutil.rmtree(path)
    store = open_store(path)
    assert store.fresh
    store.close()


def test_a_folder_that_vanishes_while_it_is_open_is_named(tmp_path: Path) -> None:
    path = tmp_path / "chroma"
    store = open_store(path)
    shutil.rmtree(path)
    with pytest.raises(IndexUnusable):
        store.add([entry(1)], unit_rows(1))
    store.close()


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "chroma").write_text("a file")
    with pytest.raises(IndexUnusable, match="chroma"):
        open_store(tmp_path / "chroma")


def test_vectors_of_another_length_are_refused(store: VectorStore) -> None:
    store.add([entry(1)], unit_rows(1))
    with pytest.raises(IndexUnusable, match="dimension"):
        store.add([entry(2)], np.ones((1, 3), np.float32))


def test_a_vector_of_nothing_is_kept(store: VectorStore) -> None:
    store.add([entry(1)], np.zeros((1, DIMENSION), np.float32))
    assert store.thread_vectors("t").plain.tolist() == [[0.0] * DIMENSION]


KILLED = """
import sys
from pathlib import Path
import numpy as np
sys.path.insert(0, sys.argv[2])
from test_index_chroma import entry, open_store, unit_rows
store = open_store(Path(sys.argv[1]))
for batch in range(1_000):
    store.add([entry(n) for n in range(batch * 100, batch * 100 + 100)], unit_rows(100, seed=batch))
    print(batch, flush=True)
"""


def test_what_was_added_before_a_kill_is_whole(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path / "chroma"), str(Path(__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while process.stdout.readline() != "14\n":
            assert process.poll() is None
        process.send_signal(signal.SIGKILL)
    store = open_store(tmp_path / "chroma")
    found = store.thread_vectors("t")
    assert len(found.rows) >= 1_500
    for batch in range(15):
        rows = unit_rows(100, seed=batch)
        for number in (0, 99):
            assert same(found.plain[found.rows[f"{batch * 100 + number:032x}"]], rows[number])
            assert store.query(rows[number], k=1)[0].comment_id == f"c{batch * 100 + number}"
    store.close()


def test_threads_may_read_while_one_writes(store: VectorStore) -> None:
    rows = unit_rows(2_000)
    failed: list[BaseException] = []

    def read() -> None:
        try:
            for _ in range(20):
                found = store.thread_vectors("t")
                assert len(found.rows) == found.plain.shape[0]
                store.query(rows[0], k=5)
        except BaseException as exc:
            failed.append(exc)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for low in range(0, 2_000, 100):
        store.add([entry(n) for n in range(low, low + 100)], rows[low : low + 100])
    for reader in readers:
        reader.join()
    assert failed == []
    assert store.count() == 2_000


# a server


@contextmanager
def running_server(path: Path) -> Iterator[str]:
    """A real Chroma server on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("chroma"), "run", "--path", path, "--port", port]
    with subprocess.Popen([*map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            while not answers(port):
                assert process.poll() is None
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def answers(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    with running_server(tmp_path / "server") as url:
        yield url


def test_a_server_keeps_the_same(server: str) -> None:
    def connect(fingerprint: str = "abc.1") -> VectorStore:
        return VectorStore(path=None, url=server, fingerprint=fingerprint, dimension=DIMENSION)

    rows = unit_rows(30)
    store = connect()
    assert store.fresh
    store.add([entry(n, author_key="x:ana") for n in range(30)], rows)
    store.relabel([entry(0)])
    store.remove([entry(29).id])
    other = connect()
    assert not other.fresh
    assert (other.count(), len(other.entries("t"))) == (29, 29)
    assert other.entries("t")[entry(0).id] == entry(0)
    found = other.thread_vectors("t")
    assert same(found.plain[found.rows[entry(3).passage_id]], rows[3])
    assert other.query(rows[3], k=2, where={"author_key": "x:ana"})[0].comment_id == "c3"
    other.remove_thread("t")
    assert store.count() == 0
    store.add([entry(1)], rows[:1])
    with pytest.raises(EmbedderMismatch):
        connect("other")
    store.close()
    other.close()


def test_a_server_that_does_not_answer_is_named() -> None:
    with pytest.raises(IndexUnusable, match=r"http://127\.0\.0\.1:9") as caught:
        VectorStore(path=None, url="http://127.0.0.1:9", fingerprint="abc.1", dimension=DIMENSION)
    assert "DIGG_CHROMA_URL" in caught.value.next_step


def test_a_server_that_goes_away_is_named(tmp_path: Path) -> None:
    with running_server(tmp_path) as url:
        store = VectorStore(path=None, url=url, fingerprint="abc.1", dimension=DIMENSION)
    with pytest.raises(IndexUnusable, match="cannot be used"):
        store.thread_vectors("t")
    store.close()


def test_an_author_is_kept_as_a_hash() -> None:
    assert author_key("x:ana") == author_key("x:ana") != author_key("x:bo")
    assert "ana" not in author_key("x:ana")


def test_entries_are_values() -> None:
    assert replace(entry(1), view="context").id == f"{1:032x}.context"
