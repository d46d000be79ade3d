"""Damaged files of Chroma are found before it opens them: it would crash, hang, or hand out what was never stored."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from test_index_chroma import entry, open_store, unit_rows

from corpus.errors import IndexDamaged
from index.vectors.soundness import Damaged, check_folder, clear_folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose vectors have gone into HNSW files."""
    folder = tmp_path_factory.mktemp("whole") / "chroma"
    store = open_store(folder)
    store.add([entry(number) for number in range(1_300)], unit_rows(1_300))
    store.remove([entry(7).id])
    store.close()
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "chroma"))


def segment(folder: Path) -> Path:
    (found,) = (each for each in folder.iterdir() if each.is_dir())
    return found


def overwrite(file: Path, at: int, raw: bytes) -> None:
    with file.open("r+b") as opened:
        opened.seek(at)
        opened.write(raw)


def test_what_chroma_wrote_is_whole(folder: Path, tmp_path: Path) -> None:
    check_folder(folder)
    check_folder(tmp_path / "none")
    (tmp_path / "empty").mkdir()
    check_folder(tmp_path / "empty")


FILES = ("header.bin", "data_level0.bin", "length.bin", "link_lists.bin")


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_short_or_missing_is_found(folder: Path, name: str) -> None:
    file = segment(folder) / name
    os.truncate(file, file.stat().st_size // 2)
    with pytest.raises(Damaged, match=name):
        check_folder(folder)
    file.unlink()
    with pytest.raises(Damaged, match=name):
        check_folder(folder)


@pytest.mark.parametrize("name", FILES)
def test_random_bytes_are_found(folder: Path, name: str) -> None:
    file = segment(folder) / name
    file.write_bytes(random.Random(3).randbytes(file.stat().st_size))
    with pytest.raises(IndexDamaged, match=name):
        open_store(folder)


def far_link(folder: Path) -> None:
    """hnswlib follows it out of its memory: the process ends."""
    overwrite(segment(folder) / "data_level0.bin", 4, (1_300).to_bytes(4, "little"))


def no_such_entrance(folder: Path) -> None:
    overwrite(segment(folder) / "header.bin", 56, (999_999).to_bytes(4, "little"))


def lengths_of_nothing(folder: Path) -> None:
    overwrite(segment(folder) / "length.bin", 40, bytes(8))


def no_names(folder: Path) -> None:
    (segment(folder) / "index_metadata.pickle").unlink()


def no_segment(folder: Path) -> None:
    shutil.rmtree(segment(folder))


def no_database(folder: Path) -> None:
    (folder / "chroma.sqlite3").unlink()


def a_page_of_zeros(folder: Path) -> None:
    overwrite(folder / "chroma.sqlite3", 4096 * 20, bytes(4096 * 20))


@pytest.mark.parametrize(
    "harm",
    [far_link, no_such_entrance, lengths_of_nothing, no_names, no_segment, no_database, a_page_of_zeros],
)
def test_damage_is_found_and_what_is_wanted_is_made_anew(folder: Path, harm: Callable[[Path], None]) -> None:
    harm(folder)
    with pytest.raises(IndexDamaged) as caught:
        open_store(folder)
    assert "digg-deeper reindex" in caught.value.next_step
    store = open_store(folder, replace_other=True)
    assert (store.fresh, store.count()) == (True, 0)
    store.add([entry(1)], unit_rows(1))
    assert len(store.thread_vectors("t").rows) == 1
    store.close()
    check_folder(folder)


def test_only_what_chroma_wrote_is_removed(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")
    (folder / "pictures").mkdir()
    clear_folder(folder)
    assert sorted(each.name for each in folder.iterdir()) == ["notes.txt", "pictures"]
