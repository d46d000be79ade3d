"""Points: copies by one author count once, and the same words by many are one point with all its speakers."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pytest

from bot.answer import Coverage, Draft, DraftStatement
from bot.points import Point, opening, points, together
from bot.scope import Floats, Scope
from bot.verify import Asked, count, verify
from corpus.text import bare
from corpus.thread import Author, Comment, Thread
from index.hit import Hit

WHEN = datetime(2026, 3, 1, tzinfo=UTC)
SAID = "The harbour tax doubled in March"
NEAR_COPIES = [
    "The harbour tax doubled in March.",
    "the HARBOUR tax   doubled\nin March!!",
    "“The harbour tax doubled in March…”",
    "The harbour tax doubled in March 😡🚢",
    "The harbour tax doubled, in March 👩\u200d🚀👍🏽",
    "The harbour tax doubled in March https://news.example/a?b=1",
    "The harbour tax doubled in March: https://t.example/1 https://t.example/2",
    "The har\u00adbour tax doubled in\u00a0March",
]


def thread(*said: tuple[str | None, str]) -> Thread:
    comments = tuple(
        Comment(
            id=str(n), thread_id="quay", author=Author.of_handle("x", author) if author is not None else None, text=text
        )
        for n, (author, text) in enumerate(said)
    )
    return Thread(id="quay", source="x", comments=comments, fetched_at=WHEN)


def embed(texts: Sequence[str]) -> Floats:
    """Every other text in quite another direction."""
    seeds = [int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) for text in texts]
    rows = np.array([np.random.default_rng(seed).normal(size=64) for seed in seeds], dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def pointed(discussion: Thread, *, per_author: int = 2) -> list[Point]:
    scope = Scope(
        {discussion.id: discussion},
        rank=lambda _question, _most, _only: [],
        rarity=lambda _term: 1.0,
        presence=lambda _term: 1.0,
        embed=embed,
    )
    found = [opening(comment, 1.0) for comment in discussion.comments]
    return together(found, scope, limit=8, per_author=per_author)


def speakers(point: Point) -> list[str | None]:
    return [each.comment.author.handle if each.comment.author else None for each in (point, *point.also)]


@pytest.mark.parametrize("copy", NEAR_COPIES)
def test_a_near_copy_says_the_same(copy: str) -> None:
    assert bare(copy) == bare(SAID)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I vote +1", "I vote -1"),
        ("It rose by 5.2", "It rose by 52"),
        ("It rose by 5%", "It rose by 5"),
        ("They were late", "They we're late"),
        ("Written in C", "Written in C++"),
        ("Written in C", "Written in C#"),
        ("It works.", "It works?"),
        ("👍", "👎"),
        ("Source: https://a.example", "Source: https://b.example"),
        ("https://a.example", "https://b.example"),
        ("See https://a.example for the harbour tax", "See https://b.example for the harbour tax"),
        ("It costs $5", "It costs 5"),
        ("I agree", "I don't agree"),
    ],
)
def test_other_words_are_not_a_copy(one: str, other: str) -> None:
    assert bare(one) != bare(other)


def test_near_copies_by_one_author_are_counted_and_shown_once() -> None:
    discussion = thread(*(("lina", copy) for copy in NEAR_COPIES), ("mori", "It did not double at all, it rose a bit."))
    counted = count([("quay", comment.id) for comment in discussion.comments], [], {"quay": discussion})
    assert (counted.members, counted.matched, counted.commenters) == (("0", "8"), 2, 2)
    assert [speakers(point) for point in pointed(discussion)] == [["lina"], ["mori"]]


def test_the_same_words_by_many_are_one_point_with_all_its_speakers() -> None:
    many = [f"person_{n}" for n in range(len(NEAR_COPIES))]
    discussion = thread(*zip(many, NEAR_COPIES, strict=True), ("person_0", NEAR_COPIES[3]), (None, NEAR_COPIES[0]))
    (point,) = pointed(discussion, per_author=1)
    assert speakers(point) == [*many, None]


def test_every_speaker_is_cited_with_the_words_that_are_his() -> None:
    discussion = thread(
        ("ada", "The harbour tax doubled!"), ("ben", "the harbour tax DOUBLED"), ("cy", "The harbour tax doubled!")
    )
    (point,) = pointed(discussion)
    drafted = DraftStatement(evidence=(point.evidence, *(other.evidence for other in point.also)))
    answer = verify(
        Draft(statements=(drafted,), writer="extractive"),
        asked=Asked(question="Why?", kind="open"),
        threads={"quay": discussion},
        coverage=Coverage(used=3, indexed=3, known=None, as_of=WHEN, state="full"),
    )
    (statement,) = answer.statements
    assert [(c.author and c.author.handle, c.quote) for c in statement.citations] == [
        (comment.author and comment.author.handle, comment.text) for comment in discussion.comments
    ]
    assert statement.text == "@ada and @cy: “The harbour tax doubled!”; @ben: “the harbour tax DOUBLED”"
    assert answer.count is not None
    assert answer.count.commenters == 3
    assert answer.lead.startswith("1 point from 3 commenters")


def fitting(question: str, *said: str, quoted: tuple[tuple[int, int], ...] = ()) -> list[str]:
    """The words quoted for a question, best first, where every post is ranked alike."""
    plain = thread(*((f"a{n}", text) for n, text in enumerate(said)))
    comments = tuple(comment.model_copy(update={"quoted": quoted}) for comment in plain.comments)
    discussion = plain.model_copy(update={"comments": comments})
    scope = Scope(
        {discussion.id: discussion},
        rank=lambda _question, _most, _only: [],
        rarity=lambda _term: 1.0,
        presence=lambda _term: 1.0,
        embed=embed,
    )
    hits = [
        Hit(thread_id="quay", comment_id=c.id, start=0, end=len(c.text), score=1.0, similarity=0.5, lexical=1.0)
        for c in discussion.comments
    ]
    return [point.words for point in points(question, hits, scope)]


def test_a_sentence_that_points_back_is_quoted_with_what_it_points_at() -> None:
    said = "Nine hundred crowns. That is what the harbour tax comes to. I pay it in March."
    assert fitting("What is the harbour tax?", said) == ["Nine hundred crowns. That is what the harbour tax comes to."]


def test_a_sentence_that_stands_by_itself_is_quoted_alone() -> None:
    said = "We sailed on Monday. The harbour tax doubled in March."
    assert fitting("What about the harbour tax?", said) == ["The harbour tax doubled in March."]


def test_words_that_only_others_said_are_not_taken_along() -> None:
    quoted = "Nine crowns."
    said = f"{quoted} That is no harbour tax at all."
    assert fitting("What is the harbour tax?", said, quoted=((0, len(quoted)),)) == ["That is no harbour tax at all."]


def test_who_asks_what_something_costs_gets_amounts_of_money_first() -> None:
    said = ("The harbour tax is what ruins the small boats here.", "The harbour tax is 40 euros a night.")
    assert fitting("How much is the harbour tax?", *said)[0] == said[1]
    assert fitting("Why is the harbour tax bad?", *said)[0] == said[0]


def test_words_that_hardly_say_more_than_was_asked_stand_back() -> None:
    said = ("The harbour tax doubled.", "The council wanted fewer boats at the old quay, so the tax went up.")
    assert fitting("Why has the harbour tax doubled?", *said)[0] == said[1]


def test_an_advertisement_stands_back_behind_what_people_say() -> None:
    selling = "Cheap berths at the harbour, no tax, no questions, call Olaf today!"
    said = [
        ("olaf", None, selling),
        ("mia", None, "What is the harbour tax?"),
        ("tom", "1", "The harbour tax is nine."),
    ]
    comments = tuple(
        Comment(id=str(n), thread_id="quay", parent_id=parent, author=Author.of_handle("x", who), text=text)
        for n, (who, parent, text) in enumerate([*said, ("olaf", None, selling)])
    )
    discussion = Thread(id="quay", source="x", comments=comments, fetched_at=WHEN)
    scope = Scope(
        {"quay": discussion},
        rank=lambda _question, _most, _only: [],
        rarity=lambda _term: 1.0,
        presence=lambda _term: 1.0,
        embed=embed,
    )
    hits = [
        Hit(thread_id="quay", comment_id=at, start=0, end=10, score=score, similarity=0.5, lexical=1.0)
        for at, score in (("0", 1.0), ("2", 0.8))
    ]
    assert [point.comment.id for point in points("What is the harbour tax?", hits, scope)] == ["2", "0"]
