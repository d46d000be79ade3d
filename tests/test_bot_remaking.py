"""Another model: what a reindex will take is told before it begins, asked for, and gone on with after a kill."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from small_models import sentence_encoder

from bot.faces.cli.terminal import duration, reindex_lines, size
from bot.library.reindex_estimate import Overall
from bot.product.assemble import DiggDeeper, assemble
from bot.settings import Settings
from bot.verification.sentences import by_words
from corpus.errors import EmbedderMismatch

ROOT = Path(__file__).resolve().parents[1]
START = "import sys; sys.argv[0] = 'digg-deeper'; from bot.faces.cli.main import main; main()"
WHY = "Why does the night ferry stop?"
WORDS = ("night", "ferry", "stop", "crew", "tax", "engine", "harbour", "stars")


@pytest.fixture(scope="module")
def other_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sentence_encoder(tmp_path_factory.mktemp("model"), WORDS)


@pytest.fixture
def filled(settings: Settings, ferry: dict[str, Any]) -> Settings:
    """A home with three threads whose vectors are of the packaged model, and nobody in it."""
    threads = [ferry | {"id": f"forum:ferry-{n}", "title": f"Ferry {n}"} for n in range(3)]
    with closing(assemble(settings)) as product:
        for thread in threads:
            product.ingest(json.dumps(thread).encode())
    return settings


@pytest.fixture
def other(filled: Settings, other_model: Path) -> Settings:
    return filled.model_copy(update={"model": str(other_model)})


def states(product: DiggDeeper) -> list[str]:
    return [thread.state for thread in product.threads().threads]


def test_what_it_takes_is_told_and_nothing_is_changed(filled: Settings, other: Settings) -> None:
    with closing(assemble(other)) as product:
        cost = product.reindex_cost()
        assert (cost.threads, cost.comments, cost.texts, cost.goes_on) == (3, 24, 24, False)
        assert (cost.dimension, cost.model) == (8, other.model)
        assert cost.seconds > 0
        assert cost.texts_a_second > 0
        assert cost.disk_bytes == 24 * (1_300 + 4 * 8)
        assert cost.fits
        with pytest.raises(EmbedderMismatch, match="reindex"):
            product.ready()
    with closing(assemble(filled)) as product:
        assert product.ask(WHY, thread_ids=["forum:ferry-1"]).coverage.state == "full"


def test_until_then_questions_are_answered_by_words_and_vectors_are_left_alone(
    other: Settings, filled: Settings, ferry: dict[str, Any]
) -> None:
    with closing(assemble(other)) as product:
        for asked in (["forum:ferry-1"], None):
            answer = product.ask(WHY, thread_ids=asked)
            assert {"c2", "c3", "c5"} & {c.comment_id for s in answer.statements for c in s.citations}
            assert (answer.coverage.state, answer.coverage.broken, answer.coverage.outdated) == ("lexical", True, True)
            assert "`digg-deeper reindex`" in by_words(answer.coverage)
        assert product.search("forum:ferry-1", "engine")
        with pytest.raises(EmbedderMismatch, match="reindex"):
            product.ingest(json.dumps(ferry | {"id": "forum:new"}).encode())
        with pytest.raises(EmbedderMismatch, match="reindex"):
            product.sync()
        assert product.forget_comment("forum:ferry-2", "c5").comments == 1
        product.delete_thread("forum:ferry-0")
    with closing(assemble(filled)) as product:
        answer = product.ask(WHY, thread_ids=["forum:ferry-1"])
        assert (answer.coverage.state, answer.coverage.outdated) == ("full", False)


def test_the_other_model_answers_once_every_vector_is_made(other: Settings) -> None:
    with closing(assemble(other)) as product:
        told: list[tuple[int, int]] = []
        cost = product.reindex_cost()
        made = product.reindex(Overall(lambda _stage, done, total: told.append((done, total)), cost.texts))
        assert {thread.state for thread in made} == {"full"}
        assert told == sorted(told)
        assert told[-1] == (24, 24)
        answer = product.ask(WHY)
        assert answer.coverage.state == "full"
        assert not product._rankings.vectors.unfinished
        assert product.reindex_cost().texts == 24


def test_cut_short_it_answers_by_words_and_goes_on_with_the_rest(other: Settings) -> None:
    def cut(stage: str, done: int, total: int) -> None:
        if done >= 16:
            raise KeyboardInterrupt

    with closing(assemble(other)) as product:
        with pytest.raises(KeyboardInterrupt):
            product.reindex(Overall(cut, 24))
        assert sorted(states(product)) == ["full", "lexical", "lexical"]
    with closing(assemble(other)) as product:
        behind = [thread.id for thread in product.threads().threads if thread.state == "lexical"]
        answer = product.ask(WHY, thread_ids=behind[:1])
        assert answer.coverage.state == "lexical"
        assert answer.statements
        cost = product.reindex_cost()
        assert (cost.threads, cost.goes_on) == (2, True)
        assert cost.texts <= 16
        assert sorted(thread.id for thread in product.reindex()) == sorted(behind)
        assert set(states(product)) == {"full"}
        assert len(product.reindex()) == 3, "finished, it begins anew"


def test_vectors_of_a_third_model_are_not_gone_on_with(filled: Settings, other: Settings) -> None:
    def cut(stage: str, done: int, total: int) -> None:
        if done >= 8:
            raise KeyboardInterrupt

    with closing(assemble(other)) as product, suppress(KeyboardInterrupt):
        product.reindex(Overall(cut, 24))
    with closing(assemble(filled)) as product:
        assert not product.reindex_cost().goes_on
        assert len(product.reindex()) == 3


def test_an_empty_home_costs_nothing(settings: Settings) -> None:
    with closing(assemble(settings)) as product:
        cost = product.reindex_cost()
        assert (cost.texts, cost.seconds, reindex_lines(cost)) == (0, 0, [])
        assert product.reindex() == ()


def test_the_lines_name_the_model_the_work_the_time_and_the_disk(other: Settings) -> None:
    with closing(assemble(other)) as product:
        told = "\n".join(reindex_lines(product.reindex_cost()))
    for part in (str(other.model), "8 dimensions", "3 threads, 24 comments, 24 passages", "passages a second", " free"):
        assert part in told


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "1 second"), (59, "59 seconds"), (600, "10 minutes"), (7_300, "2 hours"), (400_000, "5 days")],
)
def test_a_duration_has_the_unit_that_fits(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_a_size_has_the_unit_that_fits() -> None:
    assert [size(n) for n in (300, 31_968, 2_800_000, 28_000_000, 3_100_000_000)] == [
        "0 kB",
        "32 kB",
        "2.8 MB",
        "28 MB",
        "3.1 GB",
    ]


# the command


def environment(settings: Settings) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DIGG_")}
    ours = {"DIGG_HOME": str(settings.home), "DIGG_ENCODER_DIR": str(settings.encoder_dir), "PYTHONPATH": str(ROOT)}
    model = {} if settings.model is None else {"DIGG_MODEL": settings.model}
    return {**inherited, **ours, **model, "TERM": "xterm-256color", "COLUMNS": "100"}


def test_where_nobody_can_be_asked_it_tells_and_goes_on(other: Settings) -> None:
    done = subprocess.run(
        [sys.executable, "-c", START, "reindex"], input=b"", capture_output=True, env=environment(other)
    )
    assert done.returncode == 0, done.stderr
    assert b"24 passages" in done.stderr
    assert done.stdout.count(b"forum:ferry-") == 3


@pytest.mark.parametrize(("typed", "code", "made"), [(b"n\n", 1, 0), (b"y\n", 0, 3)])
def test_on_a_terminal_it_asks_first(filled: Settings, typed: bytes, code: int, made: int) -> None:
    ended, shown = on_a_terminal(["reindex"], environment(filled), typed)
    assert "Throw the old vectors away and begin?" in shown
    assert (ended, shown.count("forum:ferry-")) == (code, made), shown


def test_killed_in_the_middle_nothing_is_lost_and_the_next_run_makes_the_rest(filled: Settings) -> None:
    running = subprocess.Popen(
        [sys.executable, "-c", START, "reindex"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(filled),
    )
    begun = until(lambda: "lexical" in kept_states(filled), running)
    running.kill()
    running.wait()
    assert begun, "it was over before it could be killed"
    with closing(assemble(filled)) as product:
        assert set(states(product)) <= {"lexical", "full"}
        product.reindex()
        assert set(states(product)) == {"full"}
        assert product.ask(WHY).coverage.state == "full"


def kept_states(settings: Settings) -> set[str]:
    import sqlite3

    with closing(sqlite3.connect(settings.home / "threads.db")) as database:
        return {row[0] for row in database.execute("select state from threads")}


def until(holds: Callable[[], bool], running: "subprocess.Popen[bytes]") -> bool:
    while running.poll() is None:
        if holds():
            return True
        time.sleep(0.02)
    return False


def on_a_terminal(arguments: list[str], env: dict[str, str], typed: bytes) -> tuple[int, str]:
    """Exit code and what was shown of a command that a person at a terminal starts, and answers so."""
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", START, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=env
    )
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # Linux ends a pseudo-terminal so
        while chunk := os.read(ours, 65_536):
            shown += chunk
            if b"[y/N]" in shown and typed:
                os.write(ours, typed)
                typed = b""
    os.close(ours)
    return process.wait(), shown.decode()
