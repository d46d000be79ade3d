"""Promises 1 to 5: nothing false leaves verify, whatever a writer proposes."""

import ast
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import verify as verifying
from bot.answer import (
    Answer,
    Coverage,
    Draft,
    DraftStatement,
    Evidence,
    Finding,
    Gap,
    Kind,
    Measure,
    Role,
)
from bot.verify import NO_QUESTION, Asked, count, verify, verify_again
from corpus.thread import Author, Candidate, Comment, Thread

WHEN = datetime(2026, 3, 1, tzinfo=UTC)
COVERAGE = Coverage(used=0, indexed=0, known=None, as_of=WHEN, state="full")
ASKED = Asked(question="Why is the ferry late?", kind="open")
LINA = Author.of_handle("x", "lina_k", "Lina Kow")
MORI = Author.of_handle("x", "mori", "Sam Mori")

COMMENTS = (
    Comment(id="1", thread_id="ferry", author=LINA, text="Why is the night ferry always late?"),
    Comment(
        id="2",
        thread_id="ferry",
        author=MORI,
        parent_id="1",
        text="@lina_k They can't find crew. The union said “no nights” in May – twice.",
        addressed=("lina_k",),
    ),
    Comment(
        id="3",
        thread_id="ferry",
        text="@lina_k > They can't find crew.\nNonsense, they found 12 crews in 2024.",
        addressed=("lina_k",),
        quoted=((8, 31),),
    ),
    Comment(id="4", thread_id="ferry", author=MORI, text="", deleted=True),
    Comment(
        id="5",
        thread_id="ferry",
        author_candidate=Candidate(author=Author.of_handle("x", "ada"), ground="the headline names Ada"),
        text="Le café est fermé 😀👩‍🚀, non-free tickets cost 5.20 each.",
    ),
    Comment(id="6", thread_id="ferry", author=LINA, text="שלום עולם, it is illegal to sail at night 日本語のテスト"),
    Comment(id="7", thread_id="ferry", author=MORI, text="They can't find crew."),
    Comment(id="8", thread_id="ferry", author=MORI, text="They  can’t find crew."),
)
FERRY = Thread(id="ferry", source="x", title="The ferry", comments=COMMENTS, fetched_at=WHEN)
OTHER = Thread(
    id="other",
    source="x",
    comments=(Comment(id="1", thread_id="other", author=MORI, text="Trams are fine."),),
    fetched_at=WHEN,
)
THREADS = {"ferry": FERRY, "other": OTHER}


def answered(*evidence: Evidence, claim: str | None = None) -> Answer:
    statement = DraftStatement(evidence=evidence, claim=claim)
    return verify(Draft(statements=(statement,), writer="liar"), asked=ASKED, threads=THREADS, coverage=COVERAGE)


def said(comment_id: str, quote: str, start: int | None = None, thread_id: str = "ferry") -> Evidence:
    return Evidence(thread_id=thread_id, comment_id=comment_id, quote=quote, start=start)


def holds(answer: Answer) -> None:
    """What must be true of every answer, told from the threads alone."""
    for statement in answer.statements:
        assert statement.citations
        for cited in (*statement.citations, *answer.nearest):
            comment = THREADS[cited.thread_id].by_id[cited.comment_id]
            assert comment.text[cited.start : cited.end] == cited.quote
            assert cited.author == comment.author
            assert cited.author_candidate == comment.author_candidate
            assert not comment.deleted
            assert not any(low <= cited.start and cited.end <= high for low, high in comment.quoted)
            assert cited.quote in statement.text or cited in answer.nearest
    if answer.count is not None:
        members = set(answer.count.members)
        assert len(members) == answer.count.matched
        authors = {c.author.id for c in COMMENTS if c.id in members and c.author is not None}
        assert answer.count.commenters <= len(authors | {MORI.id})
    assert answer.abstained == (not answer.statements)


def test_a_true_quote_is_cited_with_its_speaker_and_offsets() -> None:
    answer = answered(said("2", "They can't find crew."))
    (statement,) = answer.statements
    assert statement.text == "@mori: “They can't find crew.”"
    assert (statement.citations[0].start, statement.citations[0].end) == (8, 29)
    assert answer.dropped == 0
    holds(answer)


def test_what_is_shown_of_a_quote_with_plain_marks_is_the_comments_own_text() -> None:
    answer = answered(said("2", 'said "no nights" in  May - twice.'))
    assert answer.statements[0].citations[0].quote == "said “no nights” in May – twice."


@pytest.mark.parametrize(
    "evidence",
    [
        pytest.param(said("2", "They can find crew."), id="words nobody wrote"),
        pytest.param(said("1", "They can't find crew."), id="another comment's words"),
        pytest.param(said("3", "They can't find crew."), id="words that are only quoted there"),
        pytest.param(said("3", "> They can't find crew."), id="the quotation with its mark"),
        pytest.param(said("4", "They can't find crew."), id="a deleted comment"),
        pytest.param(said("99", "They can't find crew."), id="no such comment"),
        pytest.param(said("2", "They can't find crew.", thread_id="other"), id="another thread"),
        pytest.param(said("2", "They can't find crew.", thread_id="nowhere"), id="no such thread"),
        pytest.param(said("2", ""), id="an empty quote"),
        pytest.param(said("2", "   \n"), id="a blank quote"),
        pytest.param(said("2", "They can"), id="half of can't"),
        pytest.param(said("5", "free tickets"), id="half of non-free"),
        pytest.param(said("5", "cost 5"), id="half of a number"),
        pytest.param(said("6", "legal to sail"), id="half of illegal"),
        pytest.param(said("2", "They can't ... twice."), id="two spans joined by an ellipsis"),
        pytest.param(said("2", "Тhey can't find crew."), id="a look-alike letter"),
        pytest.param(said("5", "Le cafe\u0301 est"), id="decomposed where the text is composed"),
        pytest.param(said("5", "👩"), id="half of an emoji"),
        pytest.param(said("6", "םולש"), id="reversed right-to-left words"),
        pytest.param(said("2", "They can't find crew.\u200b"), id="an invisible character more"),
        pytest.param(said("2", "."), id="punctuation alone in quotation"),
    ],
)
def test_false_evidence_is_dropped(evidence: Evidence) -> None:
    answer = answered(evidence)
    if answer.statements:  # a lone full stop may be found, and is then no words of anybody
        pytest.fail(f"{answer.statements[0]!r} was let through")
    assert answer.dropped == 1
    assert answer.abstained


def test_one_false_citation_drops_the_whole_statement() -> None:
    answer = answered(said("2", "They can't find crew."), said("1", "They can't find crew."))
    assert not answer.statements


def test_a_statement_without_evidence_is_dropped() -> None:
    assert answered().dropped == 1


def test_a_wrong_offset_does_not_move_the_quote() -> None:
    answer = answered(said("2", "They can't find crew.", start=40))
    assert answer.statements[0].citations[0].start == 8


def test_own_words_beside_quoted_ones_are_cited() -> None:
    answer = answered(said("3", "Nonsense, they found 12 crews in 2024."))
    assert (
        answer.statements[0].text
        == "An unnamed commenter replying to @lina_k: “Nonsense, they found 12 crews in 2024.”"
    )


def test_a_likely_author_is_only_probable() -> None:
    answer = answered(said("5", "Le café est fermé"))
    assert answer.statements[0].text.startswith("Probably @ada: ")
    assert answer.count is not None
    assert (answer.count.commenters, answer.count.unattributed) == (0, 1)


@pytest.mark.parametrize(
    "claim",
    [
        "Lina Kow says crew is hard to find.",
        "lina_k can't find crew.",
        "@lina_k can't find crew.",
        "Kofi Annan can't find crew.",
        "They can find crew.",
        "They can't find 30 crews.",
        "The harbour board can't raise wages before winter.",
        "<b>They</b> can't find crew.",
        "They can't find crew — says everyone.",
        "“They can't find crew.”",
        "See https://evil.example: can't find crew.",
        "",
        "x" * 1_000,
    ],
)
def test_a_claim_that_names_numbers_denies_or_invents_is_dropped(claim: str) -> None:
    assert not answered(said("2", "They can't find crew."), claim=claim).statements


def test_a_claim_that_its_quote_carries_stands_before_it() -> None:
    answer = answered(said("2", "They can't find crew."), claim="Crew can't be found")
    assert answer.statements == () or answer.statements[0].text.startswith("Crew can't be found — @mori: ")
    answer = answered(said("2", "They can't find crew."), claim="They can't find any crew")
    assert answer.statements[0].text == "They can't find any crew — @mori: “They can't find crew.”"


def test_the_same_words_by_unknown_authors_count_each() -> None:
    posts = tuple(Comment(id=str(n), thread_id="quay", text="The ferry tax is theft.") for n in range(4))
    quay = Thread(id="quay", source="x", comments=posts, fetched_at=WHEN)
    counted = count([("quay", post.id) for post in posts], (), {"quay": quay})
    assert (counted.matched, counted.commenters, counted.unattributed) == (4, 0, 4)


def test_copies_by_one_author_count_once_and_unattributed_posts_are_apart() -> None:
    ids = [("ferry", str(n)) for n in (1, 2, 3, 4, 5, 7, 8)]
    counted = count([*ids, *ids, ("nowhere", "1"), ("ferry", "99")], [("ferry", "1"), ("ferry", "6")], THREADS)
    assert counted.members == ("1", "2", "3", "5", "7")
    assert (counted.matched, counted.commenters, counted.unattributed, counted.unclear) == (5, 2, 2, 1)


def test_only_verify_makes_an_answer() -> None:
    makers = set()
    for file in Path(verifying.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Answer":
                makers.add(file.name)
    assert makers == {"verify.py"}


# a writer that lies in every way

TEXTS = [comment.text for comment in COMMENTS if comment.text]


def distorted(text: str) -> st.SearchStrategy[str]:
    """A piece of the text, as it stands or falsified in one way."""
    pieces = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(lambda ab: text[min(ab) : max(ab)])
    return st.one_of(
        pieces,
        pieces.map(str.upper),
        pieces.map(lambda s: unicodedata.normalize("NFD", s)),
        pieces.map(lambda s: s[::-1]),
        pieces.map(lambda s: s.replace("e", "е")),  # the second is Cyrillic
        pieces.map(lambda s: f"{s}\u0301"),
        pieces.map(lambda s: f"\u202e{s}\u202c"),
        pieces.map(lambda s: s.replace(" ", "\u00a0")),
        pieces.map(lambda s: s.replace("'", "’")),
        st.tuples(pieces, pieces).map(" ... ".join),
        st.tuples(pieces, st.text(max_size=5)).map("".join),
    )


quotes = st.one_of(st.sampled_from(TEXTS).flatmap(distorted), st.text(max_size=40))
lies = st.builds(
    Evidence,
    thread_id=st.sampled_from(["ferry", "other", "nowhere", ""]),
    comment_id=st.sampled_from([*(c.id for c in COMMENTS), "99", ""]),
    quote=quotes,
    start=st.none() | st.integers(-100, 200),
)
claims = (
    st.none() | st.sampled_from(["Mori says so", "lina_k: yes", "crew", "They can't find crew", "12 crews"]) | st.text()
)
roles = st.none() | st.sampled_from(get_args(Role))
targets = st.lists(st.tuples(st.sampled_from(["ferry", "x"]), st.sampled_from(["1", "2", "5", "99"])), max_size=3)
findings = st.none() | st.builds(
    Finding,
    measure=st.none() | st.sampled_from(get_args(Measure)),
    least=st.booleans(),
    among=st.none() | targets.map(tuple),
    targets=targets.map(tuple),
    since=st.none() | st.just(WHEN),
)
drafts = st.builds(
    Draft,
    statements=st.lists(
        st.builds(DraftStatement, evidence=st.lists(lies, max_size=3).map(tuple), claim=claims, role=roles), max_size=4
    ).map(tuple),
    matched=st.lists(
        st.tuples(st.sampled_from(["ferry", "x"]), st.sampled_from([c.id for c in COMMENTS])), max_size=9
    ).map(tuple),
    unclear=st.lists(
        st.tuples(st.sampled_from(["ferry", "x"]), st.sampled_from([c.id for c in COMMENTS])), max_size=9
    ).map(tuple),
    finding=findings,
    gap=st.none() | st.sampled_from(get_args(Gap)),
    nearest=st.lists(lies, max_size=4).map(tuple),
    writer=st.sampled_from(["extractive", "liar"]),
)


@settings(max_examples=600, deadline=None)
@given(drafts, st.sampled_from(sorted(set(get_args(Kind)) - NO_QUESTION)))
def test_nothing_false_leaves_verify(draft: Draft, kind: str) -> None:
    asked = Asked.model_validate({"question": "?", "kind": kind, "person": "@mori"})
    answer = verify(draft, asked=asked, threads=THREADS, coverage=COVERAGE)
    holds(answer)
    for statement in answer.statements:
        before = statement.text.partition("“")[0]
        claim, mark, speakers = before.rpartition(" — ")
        named = speakers if mark else before
        assert any(who in named for who in ("@lina_k", "@mori", "robably @ada", "n unnamed commenter"))
        assert "lina" not in claim.casefold()
        assert "mori" not in claim.casefold()


@settings(max_examples=200, deadline=None)
@given(drafts)
def test_a_saved_answer_that_still_holds_is_given_unchanged(draft: Draft) -> None:
    answer = verify(draft, asked=ASKED, threads=THREADS, coverage=COVERAGE)
    assert verify_again(Answer.model_validate_json(answer.model_dump_json()), THREADS) == answer


def without(comment_id: str, text: str | None) -> dict[str, Thread]:
    """The threads with one comment's text changed, or the comment deleted."""
    change = {"text": "", "deleted": True} if text is None else {"text": text, "quoted": ()}
    comments = tuple(c.model_copy(update=change) if c.id == comment_id else c for c in COMMENTS)
    return {**THREADS, "ferry": Thread(id="ferry", source="x", title="", comments=comments, fetched_at=WHEN)}


def test_a_saved_answer_loses_what_was_deleted_since_and_says_so() -> None:
    draft = Draft(
        statements=(
            DraftStatement(evidence=(said("2", "They can't find crew."),)),
            DraftStatement(evidence=(said("6", "it is illegal to sail at night"),)),
        ),
        writer="extractive",
    )
    answer = verify(draft, asked=ASKED, threads=THREADS, coverage=COVERAGE)
    assert len(answer.statements) == 2
    fewer = verify_again(answer, without("2", None))
    assert [s.citations[0].comment_id for s in fewer.statements] == ["6"]
    assert fewer.dropped == 1
    assert fewer.lead.startswith("1 point from 1 commenter")
    moved = verify_again(answer, without("2", "@lina_k Well well. They can't find crew."))
    assert moved.statements[0].citations[0].start == 19
    single = answered(said("2", "They can't find crew."))
    gone = verify_again(single, without("2", "@lina_k I take it back."))
    assert gone.abstained
    assert gone.statements == ()
    assert gone.reason == "This answer was withdrawn: a comment that it cited was edited or deleted."


def role_of(comment_id: str, quote: str, role: Role, claim: str = "") -> Role | None:
    """The role that is left of the one that a writer gives the quote."""
    drafted = DraftStatement(evidence=(said(comment_id, quote),), role=role)
    asked = Asked(question="?", kind="open", claim=claim)
    answer = verify(Draft(statements=(drafted,), writer="liar"), asked=asked, threads=THREADS, coverage=COVERAGE)
    return answer.statements[0].role


def test_a_role_that_the_thread_does_not_bear_out_is_left_off() -> None:
    assert role_of("2", "They can't find crew.", "replies") == "replies"
    assert role_of("2", "They can't find crew.", "disagrees") is None
    assert role_of("5", "Le café est fermé", "replies") is None, "it answers nothing that is shown"
    assert role_of("1", "Why is the night ferry always late?", "unanswered") is None, "somebody replied"
    assert role_of("6", "it is illegal to sail at night", "unanswered") == "unanswered"
    assert role_of("7", "They can't find crew.", "says so", claim="they find crew") is None
    assert role_of("7", "They can't find crew.", "says the contrary", claim="they find crew") == "says the contrary"


@pytest.mark.parametrize(
    ("text", "quote", "role"),
    [
        ("The ferry is safe.", "The ferry is safe.", "says so"),
        ("The ferry is safe, lol", "The ferry is safe, lol", None),
        ("The ferry is safe. /s", "The ferry is safe.", None),
        ("“The ferry is safe” says the sign.", "The ferry is safe", None),
        ("The ferry is safe?", "The ferry is safe?", None),
    ],
)
def test_what_is_joked_quoted_or_asked_says_nothing_so(text: str, quote: str, role: Role | None) -> None:
    thread = Thread(
        id="sign",
        source="x",
        comments=(Comment(id="1", thread_id="sign", author=MORI, text=text),),
        fetched_at=WHEN,
    )
    drafted = DraftStatement(evidence=(said("1", quote, thread_id="sign"),), role="says so")
    asked = Asked(question="?", kind="open", claim="the ferry is safe")
    draft = Draft(statements=(drafted,), writer="liar")
    answer = verify(draft, asked=asked, threads={"sign": thread}, coverage=COVERAGE)
    assert [statement.role for statement in answer.statements] == [role]


def test_what_is_not_the_most_is_not_told_as_such() -> None:
    longest = Finding(measure="length", among=(("ferry", "2"), ("ferry", "7")))
    statements = tuple(DraftStatement(evidence=(said(at, "They can't find crew."),)) for at in ("7", "2"))
    draft = Draft(statements=statements, finding=longest, writer="liar")
    asked = Asked(question="?", kind="superlative")
    answer = verify(draft, asked=asked, threads=THREADS, coverage=COVERAGE)
    assert [s.citations[0].comment_id for s in answer.statements] == ["2"]
    assert answer.dropped == 1
    assert answer.lead == "Longest: @mori, 13 words."


@pytest.mark.parametrize(
    ("comment_id", "quote", "held"),
    [
        ("1", "I love the ferry tax", "in favour"),
        ("2", "I love it, great idea", "in favour"),
        ("3", "I love cats, cats are lovely", None),
    ],
)
def test_a_side_is_one_of_what_is_asked_about(comment_id: str, quote: str, held: Role | None) -> None:
    told = (
        "The ferry tax doubles in May.",
        "I love the ferry tax",
        "I love it, great idea",
        "I love cats, cats are lovely",
    )
    comments = tuple(
        Comment(
            id=str(at),
            thread_id="tax",
            parent_id="0" if at else None,
            text=text,
            author=Author.of_handle("x", f"a{at}"),
        )
        for at, text in enumerate(told)
    )
    tax = Thread(id="tax", source="x", title="Ferry tax", comments=comments, fetched_at=WHEN)
    drafted = DraftStatement(evidence=(said(comment_id, quote, thread_id="tax"),), role="in favour")
    asked = Asked(question="?", kind="sides", claim="the ferry tax")
    draft = Draft(writer="liar", statements=(drafted,))
    answer = verify(draft, asked=asked, threads={"tax": tax}, coverage=COVERAGE)
    assert answer.statements[0].role == held
