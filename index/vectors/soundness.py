"""Whether the files of an embedded Chroma folder are whole, found out before Chroma opens them.

Chroma trusts its files. Links in an HNSW file that point nowhere end the whole process or hang it, and a damaged page
of its database comes back as a panic at some later question. So the files are read here first: SQLite checks its own,
and of the HNSW files every length, link and vector is checked that Chroma would follow (20,000 vectors in a tenth of a
second). Nothing is changed. Not here: opening (index.vectors.chroma), making anew (bot.library.indexes).
"""

import shutil
import sqlite3
import struct
from contextlib import closing
from pathlib import Path
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

DATABASE = "chroma.sqlite3"
_METADATA = "index_metadata.pickle"
"""Written last: without it Chroma reads none of the other HNSW files."""
_HEADER = struct.Struct("<i6qiI3qdq")
_SPARE = 65_536
_LENGTH_OFF = 1e-2
"""A vector's length may be off by so much; they are all made to be 1, or 0 for nothing."""


class Damaged(Exception):
    """What is wrong, in words."""


def check_folder(folder: Path) -> None:
    """Raise Damaged where Chroma would fall over these files; a folder that is not there, or empty, is whole.

    OSError passes: a file that may not be read is not for that a damaged one.
    """
    if not folder.is_dir():
        if folder.exists():
            raise OSError("a file stands where the folder should be")
        return
    database = folder / DATABASE
    if not database.exists():
        if _segments(folder):
            raise Damaged(f"{DATABASE!r} is missing")
        return
    with database.open("rb"):  # says why it may not be read, which SQLite does not
        pass
    for segment in _checked_database(database):
        if not (folder / segment / _METADATA).exists():
            raise Damaged(f"the files of its vectors, {segment!r}, are missing")
    for segment_folder in _segments(folder):
        if (segment_folder / _METADATA).exists():
            _check_segment(segment_folder)


def clear_folder(folder: Path) -> None:
    """Remove what Chroma wrote there, and nothing else. Raises OSError."""
    for segment in _segments(folder):
        shutil.rmtree(segment)
    for file in folder.glob(f"{DATABASE}*"):
        file.unlink()


def _segments(folder: Path) -> list[Path]:
    return [each for each in folder.iterdir() if each.is_dir() and _is_uuid(each.name)]


def _is_uuid(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False


def _checked_database(path: Path) -> list[str]:
    """The vector segments that have files by now. Raises Damaged."""
    if path.stat().st_size == 0:
        return []  # Chroma had just made it when it was killed: a new database to SQLite
    try:
        with closing(sqlite3.connect(path, timeout=5)) as database:
            (said,) = database.execute("PRAGMA quick_check(1)").fetchone()
            if said != "ok":
                raise Damaged(f"{DATABASE!r} is damaged: {' '.join(said.split())}")
            return _written_segments(database)
    except sqlite3.OperationalError as exc:
        if exc.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            return []  # whoever has it open found it whole
        if exc.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL}:
            raise OSError(f"{DATABASE!r}: {exc}") from exc
        raise Damaged(f"{DATABASE!r} is damaged: {exc}") from exc
    except sqlite3.DatabaseError as exc:
        raise Damaged(f"{DATABASE!r} is damaged: {exc}") from exc


def _written_segments(database: sqlite3.Connection) -> list[str]:
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"segments", "max_seq_id"} <= tables:
        return []
    written = "SELECT s.id FROM segments s JOIN max_seq_id m ON m.segment_id = s.id WHERE s.scope = 'VECTOR'"
    return [str(segment) for (segment,) in database.execute(written)]


def _check_segment(folder: Path) -> None:
    """The five files that Chroma's hnswlib writes, in its order of bytes."""
    try:
        header = _Header((folder / "header.bin").read_bytes())
        levels = _checked_links((folder / "link_lists.bin").read_bytes(), header)
        present = _checked_vectors(np.fromfile(folder / "data_level0.bin", np.uint8), header)
        _check_lengths(np.fromfile(folder / "length.bin", np.uint8), present)
    except FileNotFoundError as exc:
        raise Damaged(f"{Path(str(exc.filename)).name!r} of its vectors is missing") from exc
    if header.count and levels[header.enter] != header.top:
        raise Damaged("'header.bin' of its vectors begins at the wrong one")


class _Header:
    """Where the other files have what."""

    def __init__(self, raw: bytes) -> None:
        if len(raw) != _HEADER.size:
            raise Damaged("'header.bin' of its vectors has another length than it should")
        fields = _HEADER.unpack(raw)
        version, offset, self.room, self.count, self.size, self.label_at, self.vector_at = fields[:7]
        self.top, self.enter, self.most, self.most_below, neighbours, mult, construction = fields[7:]
        self._require(version == 1 and offset == 0)
        self._require(2 <= neighbours == self.most <= 4_096 and self.most_below == 2 * neighbours)
        self._require(bool(np.isclose(mult, 1 / np.log(neighbours))) and 0 < construction <= 1_000_000)
        self._require(self.vector_at == 4 + 4 * self.most_below and self.size == self.label_at + 8)
        self._require(self.label_at > self.vector_at and (self.label_at - self.vector_at) % 4 == 0)
        self._require(0 <= self.count <= self.room <= 4 * self.count + _SPARE)
        self._require(self.top <= 64 and (not self.count or (self.enter < self.count and self.top >= 0)))

    @staticmethod
    def _require(holds: bool) -> None:
        if not holds:
            raise Damaged("'header.bin' of its vectors makes no sense")


def _checked_links(raw: bytes, header: _Header) -> NDArray[np.int64]:
    """(count,) the level of every vector: up to it other vectors link to it."""
    block = 4 + 4 * header.most
    levels = np.zeros(header.count, np.int64)
    blocks: list[tuple[int, int]] = []
    at = 0
    for number in range(header.count):
        if at + 4 > len(raw):
            raise Damaged("'link_lists.bin' of its vectors is cut short")
        size = int.from_bytes(raw[at : at + 4], "little")
        at += 4
        if size:
            levels[number] = size // block
            blocks += [(at + block * level, level + 1) for level in range(size // block)]
            at += size
            if size % block or at > len(raw) or levels[number] > header.top:
                raise Damaged("'link_lists.bin' of its vectors makes no sense")
    if at != len(raw):
        raise Damaged("'link_lists.bin' of its vectors is too long")
    for start, level in blocks:
        links = np.frombuffer(raw, "<u4", header.most + 1, start)
        its = links[1 : 1 + int(links[0] & 0xFFFF)]
        if links[0] & 0xFFFF > header.most or np.any(its >= header.count) or np.any(levels[its] < level):
            raise Damaged("'link_lists.bin' of its vectors links to what is not there")
    return levels


def _checked_vectors(raw: NDArray[np.uint8], header: _Header) -> NDArray[np.bool_]:
    """(count,) whether a vector is more than zeros; beside it stand its links of the lowest level and its label."""
    if raw.size != header.count * header.size:
        raise Damaged("'data_level0.bin' of its vectors has another length than it should")
    rows = raw.reshape(header.count, header.size)
    links = np.ascontiguousarray(rows[:, : header.vector_at]).view("<u4")
    counts = links[:, 0] & 0xFFFF
    used = np.arange(header.most_below)[None, :] < counts[:, None]
    if np.any(counts > header.most_below) or np.any(links[:, 1:][used] >= header.count):
        raise Damaged("'data_level0.bin' of its vectors links to what is not there")
    vectors = np.ascontiguousarray(rows[:, header.vector_at : header.label_at]).view("<f4")
    squares = np.einsum("nd,nd->n", vectors, vectors)
    _check_unit(squares, "data_level0.bin")
    labels = np.ascontiguousarray(rows[:, header.label_at :]).view("<u8")
    if np.unique(labels).size != header.count:
        raise Damaged("'data_level0.bin' of its vectors has a label twice")
    present: NDArray[np.bool_] = squares > 0
    return present


def _check_lengths(raw: NDArray[np.uint8], present: NDArray[np.bool_]) -> None:
    """What each vector is multiplied with when it is given back."""
    if raw.size != 4 * len(present):
        raise Damaged("'length.bin' of its vectors has another length than it should")
    lengths = raw.view("<f4")
    _check_unit(lengths, "length.bin")
    if np.any((lengths > 0) != present):
        raise Damaged("'length.bin' of its vectors makes nothing of some")


def _check_unit(lengths: NDArray[np.float32], file: str) -> None:
    with np.errstate(invalid="ignore"):
        whole = (np.abs(lengths - 1) < _LENGTH_OFF) | (lengths == 0)
    if not whole.all():
        raise Damaged(f"{file!r} of its vectors holds what no vector is")
