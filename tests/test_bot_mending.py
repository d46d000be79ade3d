"""Chroma's folder deleted, damaged or out of reach: noticed, answered by words meanwhile, made anew from the store."""

import json
import os
import random
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.product.assemble import DiggDeeper, assemble
from bot.settings import Settings
from bot.values.answer import Answer
from corpus.errors import IndexDamaged, IndexUnusable

WHY = "Why does the night ferry stop?"


@pytest.fixture
def filled(settings: Settings, ferry: dict[str, Any]) -> Settings:
    """A home with the ferry's thread, in state full, and nobody in it."""
    with closing(assemble(settings)) as product:
        product.ingest(json.dumps(ferry).encode())
    return settings


def truncated(chroma: Path) -> None:
    os.truncate(chroma / "chroma.sqlite3", 30_000)


def random_bytes(chroma: Path) -> None:
    (chroma / "chroma.sqlite3").write_bytes(random.Random(5).randbytes(100_000))


def database_gone(chroma: Path) -> None:
    (chroma / "chroma.sqlite3").unlink()


def answered_by_words(product: DiggDeeper) -> Answer:
    answer = product.ask(WHY)
    assert answer.coverage.state == "lexical"
    assert {"c2", "c3", "c5"} & {c.comment_id for s in answer.statements for c in s.citations}
    return answer


@pytest.mark.parametrize("harm", [truncated, random_bytes, database_gone])
def test_damage_is_said_answered_around_and_mended_by_reindex(filled: Settings, harm: Callable[[Path], None]) -> None:
    harm(filled.chroma_dir)
    with closing(assemble(filled)) as product:
        assert answered_by_words(product).coverage.broken
        with pytest.raises(IndexDamaged, match=r"damaged|missing") as caught:
            product.ready()
        assert "digg-deeper reindex" in caught.value.next_step
        assert [summary.state for summary in product.reindex()] == ["full"]
        assert "vectors" in product.ready()
        assert product.ask(WHY).coverage.state == "full"


@pytest.mark.parametrize("harm", [truncated, shutil.rmtree])
def test_an_ingest_makes_new_vectors_for_damaged_ones(
    filled: Settings, ferry: dict[str, Any], harm: Callable[[Path], None]
) -> None:
    harm(filled.chroma_dir)
    other = ferry | {"id": "forum:other", "title": "Another"}
    with closing(assemble(filled)) as product:
        assert [thread.state for thread in product.ingest(json.dumps(other).encode()).threads] == ["full"]
        assert product.ask(WHY, thread_ids=[ferry["id"]]).coverage.state == "lexical"
        assert [summary.id for summary in product.sync()] == [ferry["id"]]
        assert product.ask(WHY, thread_ids=[ferry["id"]]).coverage.state == "full"


def test_a_thread_that_lacks_a_vector_is_ranked_by_words_until_a_sync(filled: Settings, ferry: dict[str, Any]) -> None:
    with closing(assemble(filled)) as product:
        vectors = product._rankings.vectors
        lost = next(iter(vectors.entries(ferry["id"])))
        vectors.remove([lost])
        assert not answered_by_words(product).coverage.broken
        assert product.summary(ferry["id"]).state == "lexical"
        assert [summary.state for summary in product.sync()] == ["full"]
        assert lost in vectors.entries(ferry["id"])
        assert product.ask(WHY).coverage.state == "full"


def test_a_sync_finds_what_is_lacking_before_anybody_asks(filled: Settings, ferry: dict[str, Any]) -> None:
    with closing(assemble(filled)) as product:
        vectors = product._rankings.vectors
        vectors.remove([next(iter(vectors.entries(ferry["id"])))])
        assert [summary.id for summary in product.sync()] == [ferry["id"]]
        assert product.sync() == ()


def test_a_file_in_the_way_is_left_to_its_owner(filled: Settings) -> None:
    shutil.rmtree(filled.chroma_dir)
    filled.chroma_dir.write_text("mine")
    with closing(assemble(filled)) as product:
        answered_by_words(product)
        with pytest.raises(IndexUnusable, match="a file stands"):
            product.reindex()
    assert filled.chroma_dir.read_text() == "mine"


def test_a_folder_that_may_not_be_read_is_left_as_it_is(filled: Settings) -> None:
    database = filled.chroma_dir / "chroma.sqlite3"
    database.chmod(0)
    if os.access(database, os.R_OK):
        database.chmod(0o600)
        pytest.skip("this user may read everything")
    with closing(assemble(filled)) as product:
        answered_by_words(product)
        with pytest.raises(IndexUnusable) as caught:
            product.ready()
        assert not isinstance(caught.value, IndexDamaged)
    database.chmod(0o600)
    with closing(assemble(filled)) as product:
        assert product.ask(WHY).coverage.state == "full"


def test_a_thread_is_forgotten_although_its_vectors_are_damaged(filled: Settings, ferry: dict[str, Any]) -> None:
    truncated(filled.chroma_dir)
    with closing(assemble(filled)) as product:
        product.delete_thread(ferry["id"])
        assert product.threads().threads == ()
