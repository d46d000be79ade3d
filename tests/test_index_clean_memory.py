"""What the process had in memory does not get into Chroma's files."""

import platform
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from index.vectors.chroma import Entry, VectorStore

WORD = b"zyxomma!"


def leave_words_in_freed_memory() -> None:
    for size in (3_000, 5_000, 20_000, 70_000, 120_000, 2_000_000, 8_000_000):
        held = [bytearray(WORD * (size // len(WORD))) for _ in range(20 if size < 200_000 else 3)]
        held.clear()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only GNU's malloc can be told to hand out empty memory")
def test_freed_words_are_in_no_file_of_chroma(tmp_path: Path) -> None:
    for turn in range(4):
        workers = [Thread(target=leave_words_in_freed_memory) for _ in range(12)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        vectors = VectorStore(path=tmp_path / str(turn), fingerprint="f", dimension=384)
        vectors.add(
            [
                Entry(
                    passage_id=f"{at:032x}", view="plain", thread_id="t", comment_id=str(at), source="s",
                    start=0, end=1, author_key=None, posted_at=None,
                )
                for at in range(3)
            ],
            np.eye(384, dtype=np.float32)[:3],
        )  # fmt: skip
        assert len(vectors.query(np.eye(384, dtype=np.float32)[0], k=1)) == 1
        vectors.close()
    holding = [file.name for file in tmp_path.rglob("*") if file.is_file() and WORD in file.read_bytes()]
    assert holding == []
