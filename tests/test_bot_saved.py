"""Answers are found only while their threads are as they were, are listed once a question, and go with their thread."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from record_stores import KINDS, empty_store
from sqlalchemy import text

from bot.history.conversations import Conversations
from bot.history.saved_answers import SavedAnswers
from bot.values.answer import Answer, Citation, Coverage, Kind, Statement
from bot.values.turn import Turn
from bot.verification.verify import WITHDRAWN, verify_again
from corpus.errors import AnswerNotFound, InvalidRequest, ThreadNotFound
from corpus.records.store import ThreadStore
from corpus.thread import Author, Comment, Thread

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ThreadStore]:
    with empty_store(request.param, tmp_path) as opened:
        yield opened


@pytest.fixture
def saved(store: ThreadStore) -> SavedAnswers:
    return SavedAnswers(store.engine)


def thread(thread_id: str, words: str = "Free models win.") -> Thread:
    ada = Author.of_handle("x", "ada")
    comment = Comment(id="c", thread_id=thread_id, author=ada, text=words)
    return Thread(id=thread_id, source="digg", comments=(comment,), fetched_at=NOON)


def keep_threads(store: ThreadStore, *thread_ids: str) -> dict[str, int]:
    """The revisions of these threads, saved if they are new."""
    return {thread_id: store.save(thread(thread_id)).summary.revision for thread_id in thread_ids}


def citation(thread_id: str, quote: str = "Free models win.") -> Citation:
    return Citation(
        thread_id=thread_id,
        comment_id="c",
        author=Author.of_handle("x", "ada"),
        author_candidate=None,
        quote=quote,
        start=0,
        end=len(quote),
        url=None,
        posted_at=NOON,
    )


def answer(
    answer_id: str,
    *asked: str,
    cites: Sequence[str] = (),
    nearest: Sequence[str] = (),
    abstained: bool = False,
    kind: Kind = "open",
    question: str = "Who wins?",
) -> Answer:
    return Answer(
        id=answer_id,
        thread_ids=asked,
        question=question,
        kind=kind,
        lead="@ada: “Free models win.”",
        statements=tuple(Statement(text="@ada: “Free models win.”", citations=(citation(t),)) for t in cites),
        nearest=tuple(map(citation, nearest)),
        abstained=abstained,
        reason="Nobody says." if abstained else None,
        coverage=Coverage(used=1, indexed=1, known=None, as_of=NOON, state="full"),
        writer="extractive",
        took={"retrieve": 1.25},
        created_at=NOON,
    )


def test_an_answer_is_found_while_its_threads_are_the_same(store: ThreadStore, saved: SavedAnswers) -> None:
    revisions = keep_threads(store, "one", "other")
    kept = answer("a", "one", "other", cites=["one"])
    assert saved.keep(kept, question_key="who wins", revisions=revisions)
    assert saved.find("who wins", revisions) == kept
    assert saved.find("who wins", dict(reversed(revisions.items()))) == kept
    assert saved.find("who loses", revisions) is None
    assert saved.answer("a") == (kept, revisions)


def test_an_answer_is_not_found_for_other_revisions(store: ThreadStore, saved: SavedAnswers) -> None:
    revisions = keep_threads(store, "one", "other")
    saved.keep(answer("a", "one", "other"), question_key="k", revisions=revisions)
    changed = store.save(thread("one", "Free models lose.")).summary.revision
    asked: list[Mapping[str, int]] = [
        {**revisions, "one": changed},
        {**revisions, "one": revisions["one"] - 1},
        {"one": revisions["one"]},
        {**revisions, "third": 1},
        {},
    ]
    assert [saved.find("k", one) for one in asked] == [None] * len(asked)


def test_the_newest_answer_is_found(store: ThreadStore, saved: SavedAnswers) -> None:
    revisions = keep_threads(store, "one")
    for answer_id in ("b", "c", "a"):
        saved.keep(answer(answer_id, "one"), question_key="k", revisions=revisions)
    found = saved.find("k", revisions)
    assert found is not None
    assert found.id == "a"


def test_an_answer_kept_again_replaces_itself_and_keeps_its_feedback(store: ThreadStore, saved: SavedAnswers) -> None:
    revisions = keep_threads(store, "one")
    saved.keep(answer("a", "one"), question_key="k", revisions=revisions)
    saved.feedback("a", helpful=True, note="Just so.")
    revisions = {"one": store.save(thread("one", "Other words.")).summary.revision}
    again = answer("a", "one", cites=["one"])
    saved.keep(again, question_key="k", revisions=revisions)
    assert saved.find("k", revisions) == again
    assert rows(store, "SELECT helpful, note FROM feedback") == [(True, "Just so.")]


def test_an_answer_made_from_what_has_changed_or_gone_is_not_kept(store: ThreadStore, saved: SavedAnswers) -> None:
    revisions = keep_threads(store, "one", "other")
    store.save(thread("one", "Other words."))
    assert not saved.keep(answer("a", "one"), question_key="k", revisions={"one": revisions["one"]})
    store.delete_thread("other")
    assert not saved.keep(answer("b", "other"), question_key="k", revisions={"other": revisions["other"]})
    assert not saved.keep(answer("c", cites=["other"]), question_key="k", revisions={})
    assert not saved.keep(answer("d", nearest=["other"]), question_key="k", revisions={})
    assert not saved.keep(answer("e", "other"), question_key="k", revisions={})
    for answer_id in "abcde":
        with pytest.raises(AnswerNotFound):
            saved.answer(answer_id)


def test_an_answer_over_very_many_threads_is_kept(store: ThreadStore, saved: SavedAnswers) -> None:
    revisions = keep_threads(store, *(f"t{n}" for n in range(520)))
    kept = answer("a", *revisions)
    assert saved.keep(kept, question_key="k", revisions=revisions)
    assert saved.find("k", revisions) == kept
    store.delete_thread("t519")
    assert saved.find("k", revisions) is None


def test_a_greeting_is_kept_without_a_thread(saved: SavedAnswers) -> None:
    kept = answer("a", kind="greeting")
    assert saved.keep(kept, question_key="k", revisions={})
    assert saved.find("k", {}) == kept


def test_a_question_of_any_words_is_kept(store: ThreadStore, saved: SavedAnswers) -> None:
    revisions = keep_threads(store, "one")
    odd = "“Wer?” \x00\u202e \U0001f469"
    saved.keep(answer("a", "one", question=odd), question_key="\ud800\x00", revisions=revisions)
    saved.keep(answer("b", "one", question="half a \ud83d"), question_key="k" * 100_000, revisions=revisions)
    assert saved.answer("a")[0].question == odd
    assert saved.answer("b")[0].question == "half a \ufffd"
    assert saved.find("\ud800\x00", revisions) is not None
    assert saved.find("k" * 100_000, revisions) is not None


def listed(saved: SavedAnswers, thread_id: str) -> list[str]:
    return [answer.id for answer in saved.of_thread(thread_id).answers]


def test_a_thread_lists_each_answered_question_once_newest_first(store: ThreadStore, saved: SavedAnswers) -> None:
    one, other = keep_threads(store, "one"), keep_threads(store, "other")
    saved.keep(answer("old", "one"), question_key="why", revisions=one)
    saved.keep(answer("who", "one"), question_key="who", revisions=one)
    saved.keep(answer("new", "one"), question_key="why", revisions=one)
    saved.keep(answer("unknown", "one", abstained=True), question_key="weather", revisions=one)
    saved.keep(answer("hello", "one", kind="greeting"), question_key="hi", revisions=one)
    saved.keep(answer("bye", "one", kind="thanks"), question_key="bye", revisions=one)
    saved.keep(answer("blank", "one", kind="empty"), question_key="", revisions=one)
    saved.keep(answer("both", "one", "other"), question_key="both", revisions={**one, **other})
    saved.keep(answer("its", "other"), question_key="why", revisions=other)
    assert listed(saved, "one") == ["new", "who"]
    assert listed(saved, "other") == ["its"]
    changed = {"one": store.save(thread("one", "Other words.")).summary.revision}
    assert listed(saved, "one") == ["new", "who"]
    saved.keep(answer("newest", "one"), question_key="why", revisions=changed)
    saved.keep(answer("nobody", "one", abstained=True), question_key="who", revisions=changed)
    assert listed(saved, "one") == ["newest"]


def test_a_thread_lists_nothing_of_one_whose_id_is_like_its_own(store: ThreadStore, saved: SavedAnswers) -> None:
    for n, thread_id in enumerate(("a_b", "axb", "a_b:c", "a")):
        saved.keep(answer(f"id{n}", thread_id), question_key="why", revisions=keep_threads(store, thread_id))
    assert [listed(saved, thread_id) for thread_id in ("a_b", "axb", "a_b:c", "a")] == [
        ["id0"],
        ["id1"],
        ["id2"],
        ["id3"],
    ]


def test_answers_are_listed_in_pages_that_hold_still(store: ThreadStore, saved: SavedAnswers) -> None:
    revisions = keep_threads(store, "one")
    for n in range(5):
        saved.keep(answer(f"a{n}", "one"), question_key=f"q{n}", revisions=revisions)
    page = saved.of_thread("one", limit=2)
    assert [a.id for a in page.answers] == ["a4", "a3"]
    saved.keep(answer("a9", "one"), question_key="q9", revisions=revisions)
    page = saved.of_thread("one", limit=2, cursor=page.next_cursor)
    assert [a.id for a in page.answers] == ["a2", "a1"]
    page = saved.of_thread("one", limit=2, cursor=page.next_cursor)
    assert ([a.id for a in page.answers], page.next_cursor) == (["a0"], None)


def test_what_cannot_be_listed_is_refused(store: ThreadStore, saved: SavedAnswers) -> None:
    keep_threads(store, "one")
    with pytest.raises(ThreadNotFound, match="'nobody'"):
        saved.of_thread("nobody")
    with pytest.raises(InvalidRequest, match="cursor"):
        saved.of_thread("one", cursor="x")
    with pytest.raises(InvalidRequest, match="limit"):
        saved.of_thread("one", limit=0)


@pytest.mark.parametrize("answer_id", ["nobody", "", "\ud800", "'"])
def test_an_unknown_answer_is_not_found(saved: SavedAnswers, answer_id: str) -> None:
    with pytest.raises(AnswerNotFound) as caught:
        saved.answer(answer_id)
    assert repr(answer_id) in caught.value.message
    with pytest.raises(AnswerNotFound):
        saved.feedback(answer_id, helpful=False)


def test_feedback_is_kept_with_any_note(store: ThreadStore, saved: SavedAnswers) -> None:
    revisions = keep_threads(store, "one")
    saved.keep(answer("a", "one"), question_key="k", revisions=revisions)
    saved.feedback("a", helpful=False, note="half a \ud83d, a \x00")
    saved.feedback("a", helpful=True)
    assert rows(store, "SELECT helpful, note FROM feedback ORDER BY number") == [
        (False, "half a \ufffd, a \ufffd"),
        (True, None),
    ]


def test_an_answer_that_a_later_version_wrote_counts_as_not_kept(store: ThreadStore, saved: SavedAnswers) -> None:
    revisions = keep_threads(store, "one")
    saved.keep(answer("a", "one"), question_key="k", revisions=revisions)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE answers SET document = '{}'"))
    assert saved.find("k", revisions) is None
    assert listed(saved, "one") == []
    with pytest.raises(AnswerNotFound):
        saved.answer("a")


def rows(store: ThreadStore, query: str) -> list[tuple[object, ...]]:
    with store.engine.connect() as connection:
        return [(bool(row[0]), *row[1:]) for row in connection.execute(text(query))]


def asked(store: ThreadStore, made: Answer, revisions: Mapping[str, int], conversation_id: str) -> None:
    """What a question leaves behind: its answer, feedback on it, and a turn."""
    saved = SavedAnswers(store.engine)
    saved.keep(made, question_key=made.id, revisions=revisions)
    saved.feedback(made.id, helpful=True, note=f"Note on {made.id}.")
    turn = Turn(question=made.question, standalone=made.question, answer_id=made.id, asked_at=NOON)
    Conversations(store.engine).add(conversation_id, turn)


def test_a_deleted_thread_takes_along_what_was_asked_of_it_or_cites_it(store: ThreadStore, saved: SavedAnswers) -> None:
    gone, stays = keep_threads(store, "gone"), keep_threads(store, "stays")
    asked(store, answer("asked", "gone"), gone, "one")
    asked(store, answer("kept", "stays", cites=["stays"]), stays, "one")
    asked(store, answer("cites", "stays", cites=["stays", "gone"]), stays, "one")
    asked(store, answer("nearest", "stays", nearest=["gone"]), stays, "one")
    asked(store, answer("both", "gone", "stays"), {**gone, **stays}, "one")
    store.delete_thread("gone")
    for answer_id in ("asked", "cites", "nearest", "both"):
        with pytest.raises(AnswerNotFound):
            saved.answer(answer_id)
    assert saved.answer("kept")[0].id == "kept"
    assert [turn.answer_id for turn in Conversations(store.engine).turns("one")] == ["kept"]
    assert rows(store, "SELECT helpful, note FROM feedback") == [(True, "Note on kept.")]


def test_no_word_asked_or_answered_of_a_deleted_thread_is_left_in_the_files(tmp_path: Path) -> None:
    with empty_store("sqlite", tmp_path) as store:
        stays = keep_threads(store, "stays")
        for n in range(30):
            thread_id = f"t{n}"
            revisions = {thread_id: store.save(thread(thread_id, "It is xyzzy. " * (n + 1))).summary.revision}
            made = answer(f"a{n}", thread_id, question=f"Who said xyzzy{n}? " * n)
            cited = Statement(text="@ada: xyzzy", citations=(citation(thread_id, "It is xyzzy."),))
            asked(store, made.model_copy(update={"statements": (cited,)}), revisions, "xyzzys")
            asked(store, answer(f"s{n}", "stays", question="Who stays, plugh?" * n), stays, "others")
        assert any(b"xyzzy" in file.read_bytes() for file in tmp_path.iterdir())
        for n in range(30):
            store.delete_thread(f"t{n}")
        left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
        assert b"It is xyzzy" not in left
        assert b"Who said" not in left
        assert b"@ada: xyzzy" not in left
        assert b"plugh" in left


# Answers that the first edition kept


def of_first_edition(kind: str) -> dict[str, Any]:
    """An answer as the first edition kept it."""
    kept = answer("old", "one", cites=["one"]).model_dump(mode="json")
    kept["kind"] = kind
    kept["lead"] = "1 point from 1 commenter. Nobody here says so outright."
    kept["count"] = {"matched": 1, "commenters": 1, "unattributed": 0, "unclear": 0, "members": ["c"]}
    kept["nearest"] = [dict(kept["statements"][0]["citations"][0])]
    kept["answered_by"] = "reasons"
    for field in ("more", "note"):
        del kept[field]
    (statement,) = kept["statements"]
    del statement["heading"]
    statement |= {"role": "disagrees", "manner": "irony", "claim": "Free models win", "label": "against"}
    statement["text"] = "Free models win — @ada: “Free models win.”"
    for cited in (statement["citations"][0], kept["nearest"][0]):
        del cited["focus"], cited["cut"]
        cited["excerpt"] = "Free models"
    return kept


@pytest.mark.parametrize("kind", ["who", "says", "yes-no", "disagreement", "count", "reasons", "gibberish"])
def test_an_answer_of_the_first_edition_still_loads_and_is_open(kind: str) -> None:
    read = Answer.model_validate_json(json.dumps(of_first_edition(kind)))
    assert read.kind == "open"
    assert (read.more, read.note) == ((), None)
    assert read.count is not None
    assert read.count.by == "mentions"
    (statement,) = read.statements
    assert statement.text == "@ada: “Free models win.”"
    assert (statement.heading, statement.citations[0].focus, statement.citations[0].cut) == (None, None, False)
    assert Answer.model_validate_json(read.model_dump_json()) == read


def test_an_answer_of_the_first_edition_is_found_in_the_store_and_verified(
    store: ThreadStore, saved: SavedAnswers
) -> None:
    revisions = keep_threads(store, "one")
    saved.keep(answer("old", "one"), question_key="k", revisions=revisions)
    with store.engine.begin() as connection:
        document = json.dumps(of_first_edition("says"))
        connection.execute(text("UPDATE answers SET document = :document"), {"document": document})
    found = saved.find("k", revisions)
    assert found is not None
    again = verify_again(found, {"one": thread("one")})
    assert [(s.text, s.citations[0].quote) for s in again.statements] == [
        ("@ada: “Free models win.”", "Free models win.")
    ]
    edited = verify_again(found, {"one": thread("one", "Free models lose.")}, edited={"c"})
    assert (edited.abstained, edited.lead) == (True, WITHDRAWN)


def test_a_lead_of_the_first_edition_is_worded_again_once_a_comment_was_edited() -> None:
    old = Answer.model_validate(of_first_edition("who"))
    other = Statement(text="@ada: “Other.”", citations=(citation("two", "Other."),))
    both = old.model_copy(update={"statements": (*old.statements, other), "thread_ids": ("one", "two")})
    left = verify_again(both, {"one": thread("one"), "two": thread("two", "Edited.")}, edited={"c"})
    assert left.lead == "@ada: “Free models win.”"
    assert left.dropped == 1
    assert left.count is None
