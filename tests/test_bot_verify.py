"""Promises 1 to 5: nothing false leaves verify, whatever a writer proposes."""

import ast
import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import threads as any_thread

from bot.evidence.windows import LONGEST, SHORT
from bot.values import speakers
from bot.values.answer import Answer, Citation, Coverage, Draft, DraftStatement, Evidence, Finding, Gap, Kind, Measure
from bot.verification import leads, sentences
from bot.verification import verify as verifying
from bot.verification.verify import NO_QUESTION, UNCOUNTED, WITHDRAWN, Asked, count, verify, verify_again
from corpus.text.plain import quoted_lines
from corpus.thread import Author, Candidate, Comment, Thread

WHEN = datetime(2026, 3, 1, tzinfo=UTC)
COVERAGE = Coverage(used=0, indexed=0, known=None, as_of=WHEN, state="full")
ASKED = Asked(question="Why is the ferry late?", kind="open")
LINA = Author.of_handle("x", "lina_k", "Lina Kow")
MORI = Author.of_handle("x", "mori", "Sam Mori")
LONG = (
    "The union met in April. Nobody came from the board. They wrote a letter instead. "
    "It said that the night ferry makes a loss. I have read the books, and it makes none. "
    "The harbour tax pays for it twice over. "
) * 5

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
    Comment(id="9", thread_id="ferry", author=LINA, text=LONG),
    Comment(id="10", thread_id="ferry", author=MORI, text="QmFzZTY0" * 300),
    Comment(
        id="11",
        thread_id="ferry",
        author=MORI,
        text="> The ferry is on time.\nIs it?",
        quoted=quoted_lines("> The ferry is on time.\nIs it?"),
    ),
)
FERRY = Thread(id="ferry", source="x", title="The ferry", comments=COMMENTS, fetched_at=WHEN)
OTHER = Thread(
    id="other",
    source="x",
    comments=(Comment(id="1", thread_id="other", author=MORI, text="Trams are fine."),),
    fetched_at=WHEN,
)
THREADS = {"ferry": FERRY, "other": OTHER}


def answered(*evidence: Evidence, asked: Asked = ASKED) -> Answer:
    statement = DraftStatement(evidence=evidence)
    return verify(Draft(statements=(statement,), writer="liar"), asked=asked, threads=THREADS, coverage=COVERAGE)


def said(comment_id: str, quote: str, start: int | None = None, thread_id: str = "ferry") -> Evidence:
    return Evidence(thread_id=thread_id, comment_id=comment_id, quote=quote, start=start)


def only(answer: Answer) -> Citation:
    ((citation,),) = (statement.citations for statement in answer.statements)
    return citation


# What is cited


def test_a_true_quote_is_cited_inside_its_thought_with_its_speaker_and_offsets() -> None:
    answer = answered(said("2", "They can't find crew."))
    cited = only(answer)
    assert cited.quote == "They can't find crew. The union said “no nights” in May – twice."
    assert (cited.start, cited.focus, cited.cut) == (8, (8, 29), False)
    assert answer.statements[0].text == f"@mori: “{cited.quote}”"
    assert answer.lead == answer.statements[0].text
    assert answer.dropped == 0


def test_a_quote_with_plain_marks_is_found_with_typographic_ones() -> None:
    cited = only(answered(said("2", 'said "no nights" in  May - twice.')))
    assert cited.focus is not None
    assert COMMENTS[1].text[slice(*cited.focus)] == "said “no nights” in May – twice."


def test_a_quote_that_is_its_whole_comment_has_no_focus() -> None:
    assert only(answered(said("7", "They can't find crew."))).focus is None


def test_a_wrong_offset_does_not_move_the_quote() -> None:
    assert only(answered(said("2", "They can't find crew.", start=40))).focus == (8, 29)


def test_words_of_a_long_comment_are_shown_with_the_sentences_after_them() -> None:
    cited = only(answered(said("9", "It said that the night ferry makes a loss.")))
    assert cited.quote.startswith(
        "It said that the night ferry makes a loss. I have read the books, and it makes none."
    )
    assert cited.cut
    assert len(cited.quote) <= SHORT


def test_own_words_beside_quoted_ones_are_cited_without_them() -> None:
    answer = answered(said("11", "Is it?"))
    assert answer.statements[0].text == "@mori: “Is it?”"
    assert not answered(said("11", "The ferry is on time.")).statements


def test_an_unnamed_commenter_is_named_by_whom_the_comment_answers() -> None:
    text = answered(said("3", "Nonsense, they found 12 crews in 2024.")).statements[0].text
    assert text == "An unnamed commenter replying to @lina_k: “Nonsense, they found 12 crews in 2024.”"


def test_a_likely_author_is_only_probable_and_no_counted_person() -> None:
    answer = answered(said("5", "Le café est fermé"))
    assert answer.statements[0].text.startswith("Probably @ada: ")
    counted = count([("ferry", "5")], (), THREADS)
    assert (counted.commenters, counted.unattributed) == (0, 1)


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
        pytest.param(said("2", "."), id="punctuation alone"),
    ],
)
def test_false_evidence_is_dropped(evidence: Evidence) -> None:
    answer = answered(evidence)
    assert not answer.statements
    assert (answer.dropped, answer.abstained) == (1, True)


def test_one_false_citation_drops_the_whole_statement() -> None:
    assert not answered(said("2", "They can't find crew."), said("1", "They can't find crew.")).statements
    assert answered().dropped == 1


def test_what_is_shown_already_is_not_behind_more_as_well() -> None:
    draft = Draft(
        statements=(DraftStatement(evidence=(said("2", "They can't find crew."),)),),
        more=tuple(
            DraftStatement(evidence=(said(at, words),))
            for at, words in (("2", "twice"), ("7", "They can't find crew."), ("1", "nobody said so"))
        ),
        writer="liar",
    )
    answer = verify(draft, asked=ASKED, threads=THREADS, coverage=COVERAGE)
    assert [[c.comment_id for c in statement.citations] for statement in answer.more] == [["7"]]


def test_what_is_not_the_most_is_not_told_as_such() -> None:
    longest = Finding(measure="length", among=(("ferry", "2"), ("ferry", "7")))
    statements = tuple(DraftStatement(evidence=(said(at, "They can't find crew."),)) for at in ("7", "2"))
    draft = Draft(statements=statements, finding=longest, writer="liar")
    answer = verify(draft, asked=Asked(question="?", kind="superlative"), threads=THREADS, coverage=COVERAGE)
    assert [s.citations[0].comment_id for s in answer.statements] == ["2"]
    assert answer.dropped == 1
    assert answer.lead == "Longest: @mori, 13 words."


def test_only_verify_makes_an_answer() -> None:
    makers = set()
    for file in Path(verifying.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Answer":
                makers.add(file.name)
    assert makers == {"verify.py"}


# Counting


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


# A writer that lies in every way

TEXTS = [comment.text for comment in COMMENTS if comment.text]


def distorted(text: str) -> st.SearchStrategy[str]:
    """A piece of the text, as it stands or falsified in one way."""
    pieces = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(lambda ab: text[min(ab) : max(ab)])
    return st.one_of(
        pieces,
        st.sampled_from([part.strip() for part in re.split(r"(?<=[.?!]) ", text)]),
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


lies = st.one_of(
    [
        st.builds(
            Evidence,
            thread_id=st.just(thread_id) | st.sampled_from(["other", "nowhere", ""]),
            comment_id=st.just(comment.id) | st.sampled_from(["4", "99", ""]),
            quote=(distorted(comment.text) if comment.text else st.nothing())
            | st.sampled_from(TEXTS).flatmap(distorted)
            | st.sampled_from(["Zyzzyva swindled everybody.", "@zyzzyva: “I lied.”"])
            | st.text(max_size=40),
            start=st.none() | st.integers(-100, 200),
        )
        for thread_id, thread in THREADS.items()
        for comment in thread.comments
    ]
)
keys = st.tuples(st.sampled_from(["ferry", "ferry", "x"]), st.sampled_from([*(c.id for c in COMMENTS), "99"]))
some_keys = st.lists(keys, max_size=9).map(tuple)
findings = st.none() | st.builds(
    Finding,
    measure=st.none() | st.sampled_from(get_args(Measure)),
    least=st.booleans(),
    top=st.integers(1, 3),
    among=st.none() | some_keys,
    targets=some_keys,
    since=st.none() | st.just(WHEN),
)
statements = st.lists(st.builds(DraftStatement, evidence=st.lists(lies, max_size=3).map(tuple)), max_size=4).map(tuple)
drafts = st.builds(
    Draft,
    statements=statements,
    more=statements,
    matched=some_keys,
    unclear=some_keys,
    counted_by=st.sampled_from([None, "data", "mentions"]),
    finding=findings,
    gap=st.none() | st.sampled_from(get_args(Gap)),
    nearest=st.lists(lies, max_size=4).map(tuple),
    writer=st.sampled_from(["extractive", "liar"]),
)
kinds = st.sampled_from([kind for kind in get_args(get_args(Kind)[0]) if kind not in NO_QUESTION])


def all_cited(answer: Answer) -> list[Citation]:
    told = [c for statement in (*answer.statements, *answer.more) for c in statement.citations]
    return [*told, *answer.nearest]


@settings(max_examples=600)
@given(drafts, kinds)
def test_whatever_is_drafted_only_true_citations_are_shown(draft: Draft, kind: Kind) -> None:
    answer = verify(draft, asked=Asked(question="?", kind=kind, person="@mori"), threads=THREADS, coverage=COVERAGE)
    assert answer.abstained == (not answer.statements)
    for cited in all_cited(answer):
        comment = THREADS[cited.thread_id].by_id[cited.comment_id]
        assert comment.text[cited.start : cited.end] == cited.quote
        assert (cited.author, cited.author_candidate) == (comment.author, comment.author_candidate)
        assert comment.citable
        assert comment.own_words(cited.start, cited.end)
        assert not any(low <= cited.start and cited.end <= high for low, high in comment.quoted)
        assert len(cited.quote) <= LONGEST
        if cited.focus is not None:
            assert cited.start <= cited.focus[0] < cited.focus[1] <= cited.end
    for statement in (*answer.statements, *answer.more):
        assert statement.citations
        spoken = [(speakers.speaker(THREADS[c.thread_id].by_id[c.comment_id]), c.quote) for c in statement.citations]
        assert statement.text == sentences.statement_text(spoken)


@settings(max_examples=300)
@given(drafts, kinds)
def test_whatever_is_drafted_counts_are_of_distinct_people_with_their_posts(draft: Draft, kind: Kind) -> None:
    answer = verify(draft, asked=Asked(question="?", kind=kind), threads=THREADS, coverage=COVERAGE)
    if answer.count is None:
        return
    known = {c.id: c for c in COMMENTS if c.citable}
    members = [known[member] for member in answer.count.members if member in known]
    assert len(set(answer.count.members)) == len(answer.count.members) == answer.count.matched
    assert len(members) == len(answer.count.members)
    assert answer.count.commenters == len({c.author.id for c in members if c.author})
    assert answer.count.unattributed == sum(c.author is None for c in members)
    assert not {"7", "8"} <= set(answer.count.members), "the same words by the same author"


def our_words() -> set[str]:
    """The words that code puts into leads: those of the literals of the modules that word them."""
    trees = [ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8")) for module in (sentences, leads)]
    literals = [n.value for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Constant)]
    return words_of(" ".join(value for value in literals if isinstance(value, str)))


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{2,}", text.casefold()))


OURS = our_words() | words_of("replies posts posted commenters commenter reactions likes views words threads march utc")


@settings(max_examples=600)
@given(drafts, kinds, st.sampled_from(["", "the harbour tax"]))
def test_a_lead_holds_no_words_of_the_writer(draft: Draft, kind: Kind, subject: str) -> None:
    asked = Asked(question="?", kind=kind, person="@mori", subject=subject)
    answer = verify(draft, asked=asked, threads=THREADS, coverage=COVERAGE)
    handles = " ".join(speakers.speaker(comment) for thread in THREADS.values() for comment in thread.comments)
    quotes = " ".join(c.quote for statement in answer.statements for c in statement.citations)
    allowed = OURS | words_of(f"{handles} {quotes} {FERRY.title} {subject}")
    assert words_of(answer.lead) <= allowed
    assert answer.lead


@settings(max_examples=200)
@given(thread=any_thread(), data=st.data())
def test_of_any_thread_every_sentence_can_be_cited_or_is_somebody_elses(thread: Thread, data: st.DataObject) -> None:
    citable = [comment for comment in thread.comments if comment.citable]
    if not citable:
        return
    comment = data.draw(st.sampled_from(citable))
    evidence = Evidence(thread_id=thread.id, comment_id=comment.id, quote=comment.text, start=0)
    draft = Draft(statements=(DraftStatement(evidence=(evidence,)),), writer="liar")
    answer = verify(draft, asked=ASKED, threads={thread.id: thread}, coverage=COVERAGE)
    assert bool(answer.statements) == comment.own_words(0, len(comment.text))
    for cited in all_cited(answer):
        assert comment.text[cited.start : cited.end] == cited.quote
        assert cited.author == comment.author
    again = verify_again(Answer.model_validate_json(answer.model_dump_json()), {thread.id: thread})
    assert again == answer


# Kept answers


@settings(max_examples=200)
@given(drafts)
def test_a_saved_answer_that_still_holds_is_given_unchanged(draft: Draft) -> None:
    answer = verify(draft, asked=ASKED, threads=THREADS, coverage=COVERAGE)
    assert verify_again(Answer.model_validate_json(answer.model_dump_json()), THREADS) == answer


def with_change(comment_id: str, text: str | None) -> dict[str, Thread]:
    """The threads with one comment's text changed, or the comment deleted."""
    change = {"text": "", "deleted": True, "quoted": ()} if text is None else {"text": text, "quoted": ()}
    comments = tuple(c.model_copy(update=change) if c.id == comment_id else c for c in COMMENTS)
    return {**THREADS, "ferry": Thread(id="ferry", source="x", title="", comments=comments, fetched_at=WHEN)}


def two_points(counted_by: str | None = None) -> Answer:
    draft = Draft(
        statements=(
            DraftStatement(evidence=(said("2", "They can't find crew."),)),
            DraftStatement(evidence=(said("6", "it is illegal to sail at night"),)),
        ),
        matched=(("ferry", "2"), ("ferry", "6")),
        counted_by=counted_by,
        writer="extractive",
    )
    asked = Asked(question="Who replied?", kind="replies")
    return verify(draft, asked=asked, threads=THREADS, coverage=COVERAGE)


def test_a_saved_answer_loses_what_was_deleted_and_opens_with_what_is_left() -> None:
    fewer = verify_again(two_points(), with_change("2", None))
    assert [s.citations[0].comment_id for s in fewer.statements] == ["6"]
    assert fewer.dropped == 1
    assert fewer.lead == fewer.statements[0].text
    assert fewer.lead.startswith("@lina_k: ")


def test_a_saved_answer_of_which_nothing_holds_is_withdrawn() -> None:
    single = answered(said("2", "They can't find crew."))
    gone = verify_again(single, with_change("2", "@lina_k I take it back."))
    assert (gone.abstained, gone.statements, gone.more) == (True, (), ())
    assert gone.lead == gone.reason == WITHDRAWN


def test_words_that_moved_are_cited_where_they_are_now_with_their_focus() -> None:
    moved = verify_again(
        answered(said("2", "They can't find crew.")), with_change("2", f"Well. {COMMENTS[1].text[8:]}")
    )
    cited = only(moved)
    assert (cited.start, cited.focus, cited.cut) == (6, (6, 27), False)


@pytest.mark.parametrize("comment_id", ["9", "10"])
def test_what_is_cut_stays_cut_when_it_is_given_again(comment_id: str) -> None:
    text = FERRY.by_id[comment_id].text
    answer = answered(said(comment_id, text.partition(".")[0]))
    assert only(answer).cut
    assert verify_again(answer, THREADS) == answer


def test_an_edit_inside_what_is_shown_withdraws_it_though_the_focus_still_holds() -> None:
    edited = COMMENTS[1].text.replace("twice", "once")
    assert verify_again(answered(said("2", "They can't find crew.")), with_change("2", edited)).abstained


def test_a_count_is_made_again_or_given_up() -> None:
    counted = two_points("mentions")
    assert counted.count is not None
    fewer = verify_again(counted, with_change("2", None))
    assert fewer.count is not None
    assert (fewer.count.matched, fewer.count.members) == (1, ("6",))
    uncited = counted.model_copy(update={"statements": counted.statements[:1]})
    reworded = verify_again(uncited, with_change("6", "I never said that."), edited={"6"})
    assert reworded.count is None
    assert reworded.note == UNCOUNTED
