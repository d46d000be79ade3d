"""What the gold threads may never be made to say, and what answers over them open with, word for word.

The cases are tests/data/gold/roles.jsonl (replies that do not disagree, or do not agree), claims.jsonl (posts that do
not say so, or not the contrary) and leads.jsonl. Each was written by reading the thread, not from what was answered.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.assemble import DiggDeeper, assemble
from bot.replies import Replies
from bot.settings import Settings
from bot.stance import of_claim, of_reply
from corpus.thread import Comment
from tests.gold_table import FOLDER, fill, threads

FEWEST_NEGATIVES = 40


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


def said_by(row: dict[str, Any]) -> Comment:
    return threads()[row["thread_id"]].comment(row["comment_id"])


def named(row: dict[str, Any]) -> str:
    return " ".join(str(row.get(field, "")) for field in ("thread_id", "comment_id", "claim", "question")).strip()


ROLES, CLAIMS, LEADS = rows("roles.jsonl"), rows("claims.jsonl"), rows("leads.jsonl")


def test_there_are_negatives_enough() -> None:
    assert len(ROLES) + len(CLAIMS) >= FEWEST_NEGATIVES
    assert {role for row in (*ROLES, *CLAIMS) for role in row["never"]} == {
        "disagrees",
        "partly",
        "agrees",
        "says so",
        "says the contrary",
    }


@pytest.mark.parametrize("row", ROLES, ids=named)
def test_a_reply_is_never_made_to_take_a_side_that_it_does_not_take(row: dict[str, Any]) -> None:
    replies = Replies(threads()[row["thread_id"]])
    answered = replies.answered_by(row["comment_id"])
    assert answered is not None
    assert of_reply(said_by(row), answered) not in row["never"]


@pytest.mark.parametrize("row", CLAIMS, ids=named)
def test_a_post_is_never_made_to_say_what_it_does_not_say(row: dict[str, Any]) -> None:
    assert of_claim(said_by(row).text, row["claim"]) not in row["never"]


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Iterator[DiggDeeper]:
    settings = Settings(home=tmp_path_factory.mktemp("gold"), encoder_dir=encoder_home)
    with closing(assemble(settings)) as made:
        fill(made)
        yield made


@pytest.mark.parametrize("row", LEADS, ids=named)
def test_an_answer_opens_with_these_words(product: DiggDeeper, row: dict[str, Any]) -> None:
    assert product.ask(row["question"], thread_ids=[row["thread_id"]]).lead == row["lead"]


@pytest.mark.parametrize("row", ROLES, ids=named)
def test_no_answer_labels_a_reply_so(product: DiggDeeper, row: dict[str, Any]) -> None:
    kind = "agrees" if row["never"][0] == "agrees" else "disagrees"
    answered = Replies(threads()[row["thread_id"]]).answered_by(row["comment_id"])
    assert answered is not None
    assert answered.author is not None
    answer = product.ask(f"Who {kind} with @{answered.author.handle}?", thread_ids=[row["thread_id"]])
    labelled = {(c.comment_id, s.role) for s in answer.statements for c in s.citations}
    assert not {(row["comment_id"], role) for role in row["never"]} & labelled
    if answer.count is not None:
        assert row["comment_id"] not in answer.count.members
