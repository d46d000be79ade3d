"""Whether what was found answers: said by somebody is answered, near to it or about something else is declined."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evidence.answerable import FEATURES, WEIGHTS, answers, features, support, telling
from bot.evidence.points import Point
from bot.evidence.scope import Floats, Scope
from bot.product.assemble import DiggDeeper, assemble
from bot.settings import Settings
from bot.values.answer import Answer
from corpus.thread import Author, Comment, Thread

Ask = Callable[[str], Answer]
WHEN = datetime(2026, 3, 1, tzinfo=UTC)
SAID = [
    ("a1", None, "mia_terraces", "The allotments by the canal are to become a car park. What do you think?"),
    ("a2", "a1", "per_leek", "Forty families grow their vegetables there, some since 1974."),
    ("a3", "a1", "dr_gravel", "The hospital has no parking left, nurses circle for twenty minutes before a shift."),
    ("a4", "a3", "per_leek", "A multi-storey garage beside the hospital would need a tenth of the land."),
    ("a5", "a4", "dr_gravel", "It would cost eleven million, the town has four."),
    ("a6", "a1", "bees_of_ward3", "I keep nine hives there and nobody told me where to move them."),
    ("a7", "a6", "mia_terraces", "The mayor promised a replacement field near the sewage works."),
    ("a8", "a7", "per_leek", "The soil there is full of lead, they measured it in spring."),
    ("a9", "a1", "late_larry", "The bus could come every ten minutes for that money."),
]
ANSWERED = {
    "How many hives are kept there?": "a6",
    "What would a multi-storey garage cost?": "a5",
    "What did they measure in the soil?": "a8",
    "How long do nurses look for parking?": "a3",
    "lead?": "a8",
}
UNANSWERED = (
    "Which football club won the league in 1998?",
    "How do I renew my passport online?",
    "What does the thread say about quantum computers?",
    "Why did the airline cancel its flights to Lisbon?",
    "What is said about Bitcoin?",
    "What do they think about the weather in Oslo?",
)


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Iterator[Ask]:
    made: DiggDeeper = assemble(Settings(home=tmp_path_factory.mktemp("allotments"), encoder_dir=encoder_home))
    comments = [{"id": at, "parent_id": parent, "author": who, "text": text} for at, parent, who, text in SAID]
    thread = {"id": "allotments", "source": "forum", "title": "Allotments or a car park", "comments": comments}
    made.ingest(json.dumps(thread).encode())
    yield lambda question: made.ask(question, thread_ids=["allotments"])
    made.close()


@pytest.mark.parametrize(("question", "said"), ANSWERED.items())
def test_what_somebody_says_is_answered(ask: Ask, question: str, said: str) -> None:
    answer = ask(question)
    assert not answer.abstained
    assert said in [citation.comment_id for statement in answer.statements for citation in statement.citations]


@pytest.mark.parametrize("question", UNANSWERED)
def test_what_nobody_speaks_of_is_declined_with_a_reason(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.abstained
    assert answer.reason
    assert answer.statements == ()


# The judgement alone


def embed(texts: Sequence[str]) -> Floats:
    return np.ones((len(texts), 1), dtype=np.float32)


def point(at: int, text: str, *, near: float, cover: float = 0.0) -> Point:
    comment = Comment(id=str(at), thread_id="t", author=Author.of_handle("x", f"u{at}"), text=text)
    return Point(comment=comment, start=0, end=len(text), score=near, near=near, cover=cover)


def scope(found: Sequence[Point], *, present: bool = True) -> Scope:
    thread = Thread(id="t", source="x", comments=tuple(p.comment for p in found), fetched_at=WHEN)
    return Scope(
        {"t": thread},
        rank=lambda _question, _most, _only: [],
        rarity=lambda _term: 4.0,
        presence=lambda _term: float(present),
        embed=embed,
    )


def test_nothing_found_is_no_answer() -> None:
    assert support("Where did the ferry sink?", [], scope([])) < 0.01
    assert not answers("Where did the ferry sink?", [], scope([]))


def test_words_that_stand_nowhere_count_against_an_answer() -> None:
    found = [point(1, "The ferry sank.", near=0.4)]
    asked = "Where did the ferry sink near Bergen?"
    assert support(asked, found, scope(found)) > support(asked, found, scope(found, present=False))


def test_one_or_two_words_are_answered_by_whoever_speaks_of_them() -> None:
    found = [point(1, "The ferry.", near=0.0, cover=1.0)]
    assert answers("ferry?", found, scope(found, present=False))
    assert not answers("Why would the ferry sink near Bergen in winter?", found, scope(found, present=False))


def test_words_that_frame_a_question_are_not_looked_for() -> None:
    assert telling("What do people say about the ferry?") == telling("the ferry")
    assert telling("What do people say?") != ()


def test_a_question_that_is_answered_just_before_lends_its_words() -> None:
    asks, says = point(1, "Where did the ferry sink?", near=0.3), point(2, "Near Bergen.", near=0.3)
    replied = says.comment.model_copy(update={"parent_id": "1"})
    thread = Thread(id="t", source="x", comments=(asks.comment, replied), fetched_at=WHEN)
    alone, within = scope([says]), scope([asks, says])
    within.threads = {"t": thread}
    answer = Point(comment=replied, start=0, end=5, score=0.3, near=0.3)
    asked = "Where did the ferry sink?"
    assert support(asked, [answer], within) > support(asked, [says], alone)


@given(
    near=st.floats(-1, 1),
    texts=st.lists(st.text(max_size=60), min_size=1, max_size=4),
    question=st.text(max_size=80),
)
def test_every_figure_is_finite_and_bounded(near: float, texts: list[str], question: str) -> None:
    found = [point(n, text or "x", near=near) for n, text in enumerate(texts)]
    values = features(question, found, scope(found))
    assert len(values) == len(FEATURES) == len(WEIGHTS)
    assert all(-1.001 <= value <= 1.001 for value in values[:-1])
    assert values[-1] >= 0
    assert 0 <= support(question, found, scope(found)) <= 1
