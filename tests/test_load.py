"""Load: one odd comment, title, handle or question costs time that grows with its length, and no more.

Times are of the processor, generous, and meant to tell seconds from minutes. What other clients notice meanwhile is
measured by the cases of EXPECTED.md in the shared folder, on a running server.
"""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import ferry_thread

from bot.product.assemble import DiggDeeper, assemble
from bot.settings import Settings
from corpus.errors import InvalidRequest

SHARED = Path(os.environ.get("DIGG_SHARED", Path(__file__).resolve().parents[2] / "shared"))
CASES = ("path_base64_30k", "path_emoji5000", "path_log1000", "path_spaces2000")
SECONDS = 5.0
UNITS = {
    "spaces": " ",
    "tabs": "\t",
    "line ends": "\n",
    "dots": ".",
    "quotation marks": '"',
    "curly marks": "“",
    "brackets": "(",
    "closing brackets": ")",
    "emoji": "👍",
    "handles": "@a ",
    "quoting lines": "> \n",
    "lead-ins": "a:\n",
    "one letter": "x",
}
QUESTIONS = ("Why does the night ferry stop?", "How many people mention the harbour tax?", "What is this about?")


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Iterator[DiggDeeper]:
    made = assemble(Settings(home=tmp_path_factory.mktemp("load"), encoder_dir=encoder_home))
    yield made
    made.close()


@contextmanager
def within(seconds: float, what: str) -> Iterator[None]:
    began = time.process_time()
    yield
    took = time.process_time() - began
    assert took < seconds, f"{what} took {took:.1f} s"


def read_and_asked(bot: DiggDeeper, raw: dict[str, Any], *questions: str) -> None:
    """Read the thread in, and ask: every quote is exact, and nothing takes long."""
    bot.ingest(json.dumps(raw).encode(), name="load.json")
    (thread,) = (bot.thread(summary.id) for summary in bot.threads(q=None).threads if summary.id == raw["id"])
    for question in questions:
        with within(SECONDS, f"{question[:60]!r}"):
            answer = bot.ask(question, thread_ids=[raw["id"]])
        assert answer.statements
        for cited in [c for statement in (*answer.statements, *answer.more) for c in statement.citations]:
            comment = thread.by_id[cited.comment_id]
            assert comment.text[cited.start : cited.end] == cited.quote
            assert len(cited.quote) <= 600
    bot.delete_thread(raw["id"])


def long(unit: str, length: int = 100_000) -> str:
    return f"The harbour tax {unit * (length // len(unit))} doubled."


@pytest.mark.parametrize("case", CASES)
def test_the_shared_cases_are_read_in_and_answered(bot: DiggDeeper, case: str) -> None:
    path = SHARED / "cases" / "load" / f"{case}.json"
    if not path.exists():
        pytest.skip(f"the shared case is not at {path}")
    read_and_asked(
        bot, json.loads(path.read_text(encoding="utf-8")), "What is said about the ferry crew?", QUESTIONS[2]
    )


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_a_comment_of_a_hundred_thousand_of_the_same_is_read_in_and_answered(bot: DiggDeeper, unit: str) -> None:
    raw = ferry_thread()
    raw["comments"][2]["text"] = long(unit)
    with within(4 * SECONDS, "all of it"):
        read_and_asked(bot, raw, *QUESTIONS)


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_a_title_and_a_handle_of_a_hundred_thousand_of_the_same_stop_nothing(bot: DiggDeeper, unit: str) -> None:
    raw = ferry_thread()
    raw["title"] = long(unit)
    raw["comments"][2]["author"] = long(unit)
    with within(4 * SECONDS, "all of it"):
        read_and_asked(bot, raw, *QUESTIONS)


def test_a_question_is_read_in_no_time_or_refused(bot: DiggDeeper) -> None:
    raw = ferry_thread()
    bot.ingest(json.dumps(raw).encode(), name="load.json")
    for name, unit in UNITS.items():
        with within(SECONDS, name):
            bot.ask(long(unit, 1_900), thread_ids=[raw["id"]])
        for length in (10_000, 100_000):
            with within(1.0, name), pytest.raises(InvalidRequest, match="DIGG_MAX_QUESTION_CHARS"):
                bot.ask(long(unit, length), thread_ids=[raw["id"]])


def test_two_thousand_comments_of_the_same_two_letters_stop_nothing(bot: DiggDeeper) -> None:
    raw = ferry_thread()
    raw["comments"] += [{"id": f"ok{n}", "author": f"u{n}", "text": "ok"} for n in range(2_000)]
    with within(10 * SECONDS, "all of it"):
        read_and_asked(bot, raw, *QUESTIONS, "ok?")
