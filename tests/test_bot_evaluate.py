"""Evaluation: figures by hand over made-up trials, the whole way over a small folder, one real development thread."""

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.product.evaluate import answer_lines, evaluate, rows
from bot.product.evaluate_figures import FIGURES, Trial, figures_of
from bot.product.gold import Gold, read_questions
from bot.settings import Settings
from bot.values.answer import Answer, Citation, Coverage, Statement
from corpus.errors import BrokenExport, InvalidRequest
from corpus.thread import Author, Comment, Thread

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SHARED = Path(os.environ.get("DIGG_SHARED", Path(__file__).resolve().parents[2] / "shared"))
ADA, BEN = Author.of_handle("forum", "ada"), Author.of_handle("forum", "ben")
THREAD = Thread(
    id="t",
    source="forum",
    fetched_at=NOW,
    comments=(
        Comment(id="a", thread_id="t", author=ADA, text="The tax doubled."),
        Comment(id="b", thread_id="t", author=BEN, text="No crew is left."),
        Comment(id="c", thread_id="t", author=None, text="Engines fail."),
    ),
)


def cite(comment_id: str, *, quote: str | None = None, author: Author | None = None) -> Citation:
    comment = THREAD.by_id[comment_id]
    quote = comment.text if quote is None else quote
    return Citation(
        thread_id="t",
        comment_id=comment_id,
        author=author or comment.author,
        author_candidate=None,
        quote=quote,
        start=0,
        end=len(quote),
        url=None,
        posted_at=None,
    )


def answer(*citations: Citation, text: str | None = None, abstained: bool = False, nearest: Any = ()) -> Answer:
    """An answer with a statement a citation."""
    statements = tuple(
        Statement(text=text or f"@{c.author.handle if c.author else 'nobody'}: {c.quote}", citations=(c,))
        for c in citations
    )
    return Answer(
        id="x",
        thread_ids=("t",),
        question="?",
        kind="open",
        lead="",
        statements=statements,
        abstained=abstained,
        nearest=tuple(nearest),
        coverage=Coverage(used=3, indexed=3, known=None, as_of=NOW, state="full"),
        writer="extractive",
        created_at=NOW,
    )


def trial(
    made: Answer, *, evidence: Any = (), answerable: bool = True, ranked: Any = (), took: float = 1.0, **gold_too: Any
) -> Trial:
    gold = Gold(line=1, thread_id="t", question="?", evidence=evidence, answerable=answerable, **gold_too)
    return Trial(gold=gold, ranked=ranked, answer=made, took_ms=took, thread=THREAD)


def figures(*trials: Trial, pooled: bool = True) -> dict[str, float | None]:
    return figures_of(trials, pooled=pooled)


def test_rankings_are_judged_over_answerable_questions_with_gold():
    made = figures(
        trial(answer(), evidence=("a", "b"), ranked=["a", "c", "b"]),
        trial(answer(), evidence=("a",), ranked=["c"]),
        trial(answer(), ranked=["c"]),
        trial(answer(), evidence=("a",), answerable=False, ranked=["c"]),
    )
    assert made["n"] == 4
    assert made["recall@5"] == made["recall@10"] == made["recall@20"] == made["hit@10"] == 0.5


def test_a_declined_question_cites_nothing_and_has_no_precision():
    made = figures(
        trial(answer(cite("a"), cite("b")), evidence=("a",)), trial(answer(abstained=True), evidence=("a", "b"))
    )
    assert made["citation_precision"] == 0.5
    assert made["citation_recall"] == 0.5


def test_the_first_two_of_search_and_answer_are_judged_by_every_gold_comment():
    made = figures(
        trial(answer(cite("b"), cite("b"), cite("c")), evidence=("a",), nice=("c",), ranked=["b", "a", "c"]),
        trial(answer(cite("a")), evidence=("b",), ranked=["a", "c", "b"]),
    )
    assert (made["hit@2"], made["cited_hit@2"]) == (0.5, 0.5)


def test_follow_ups_and_declined_questions_are_left_out_of_the_first_two():
    made = figures(
        trial(answer(cite("a")), evidence=("a",), ranked=["a"]),
        trial(answer(cite("b")), evidence=("a",), ranked=["b"], turns=("Why?",)),
        trial(answer(abstained=True), evidence=("a",), ranked=["b"]),
    )
    assert (made["hit@2"], made["cited_hit@2"]) == (1.0, 1.0)


def test_the_need_is_met_by_enough_of_the_evidence_alone():
    made = figures(
        trial(answer(cite("a"), cite("b")), evidence=("a", "b"), need=2),
        trial(answer(cite("a"), cite("c")), evidence=("a", "b"), need=2, nice=("c",)),
        trial(answer(cite("b")), evidence=("a", "b")),
        trial(answer(abstained=True, nearest=[cite("a")]), evidence=("a",)),
    )
    assert made["need_met"] == 0.5


def test_the_need_is_met_among_the_first_five_comments_alone():
    six = Thread(
        id="t",
        source="forum",
        fetched_at=NOW,
        comments=tuple(Comment(id=f"{n}", thread_id="t", author=ADA, text="Yes.") for n in range(6)),
    )
    cited = [cite("a").model_copy(update={"comment_id": comment.id}) for comment in six.comments]
    twice = answer(*cited[:1], *cited)
    assert figures(trial(twice, evidence=("4",)))["need_met"] == 1.0
    assert figures(trial(twice, evidence=("5",)))["need_met"] == 0.0


def test_bearing_is_the_share_of_all_statements_that_cite_a_gold_comment():
    made = figures(
        trial(answer(cite("a"), cite("c"), cite("b"), cite("b"), cite("b"), cite("a")), evidence=("a",), nice=("c",)),
        trial(answer(cite("a"), cite("b")), evidence=("b",)),
        trial(answer(abstained=True, nearest=[cite("b")]), evidence=("a",)),
        trial(answer(cite("b")), answerable=False),
    )
    assert made["bearing"] == 0.5
    assert made["bearing@5"] == pytest.approx(3 / 7, abs=1e-4)
    assert made["statements_per_answer"] == 4.0


def test_answerable_questions_that_are_declined_are_counted_alone():
    made = figures(
        trial(answer(abstained=True), evidence=("a",)),
        trial(answer(cite("a"))),
        trial(answer(abstained=True), answerable=False),
    )
    assert made["answerable_declined"] == 0.5
    assert figures(trial(answer(abstained=True), answerable=False))["answerable_declined"] is None


def test_abstention_counts_unanswerable_questions_as_positive():
    made = figures(
        trial(answer(abstained=True), answerable=False),
        trial(answer(abstained=True), evidence=("a",)),
        trial(answer(cite("a")), answerable=False),
        trial(answer(cite("a")), answerable=False),
    )
    assert made["abstention_precision"] == 0.5
    assert made["abstention_recall"] == pytest.approx(1 / 3, abs=1e-4)
    assert made["abstention_f1"] == 0.4


def test_abstention_of_one_kind_has_its_recall_alone():
    made = figures(trial(answer(abstained=True), answerable=False), pooled=False)
    assert (made["abstention_precision"], made["abstention_recall"], made["abstention_f1"]) == (None, 1.0, None)


def test_never_to_decline_has_recall_and_f1_of_nothing():
    made = figures(trial(answer(cite("a")), answerable=False))
    assert (made["abstention_precision"], made["abstention_recall"], made["abstention_f1"]) == (None, 0.0, 0.0)


def test_what_does_not_apply_is_null():
    made = figures(trial(answer(abstained=True)))
    assert made["n"] == made["answerable_declined"] == 1
    applies = {"n", "answerable_declined", "p50_ms", "p95_ms"}
    assert {name for name, value in made.items() if value is None} == set(FIGURES) - applies
    assert all(value is None for name, value in figures().items() if name != "n")


@pytest.mark.parametrize("quote", ["The tax halved.", "the tax doubled.", "The tax doubled. "])
def test_a_quote_that_is_not_the_comments_is_seen(quote):
    assert figures(trial(answer(cite("a", quote=quote))))["quote_exact"] == 0.0
    assert figures(trial(answer(cite("a"))))["quote_exact"] == 1.0


def test_nearest_comments_are_quotes_too():
    made = figures(trial(answer(abstained=True, nearest=[cite("a"), cite("b", quote="Nobody said this")])))
    assert (made["quote_exact"], made["speaker_right"]) == (0.5, 1.0)


def test_somebody_who_did_not_say_it_is_seen():
    assert figures(trial(answer(cite("a", author=BEN))))["speaker_right"] == 0.0
    assert figures(trial(answer(cite("c", author=BEN))))["speaker_right"] == 0.0
    assert figures(trial(answer(cite("a"), text="@ben: “The tax doubled.”")))["speaker_right"] == 0.0
    assert figures(trial(answer(cite("a"), cite("c"))))["speaker_right"] == 1.0


def test_latency_is_told_by_its_middle_and_its_slow_end():
    made = figures(*(trial(answer(), took=float(took)) for took in range(1, 101)))
    assert (made["p50_ms"], made["p95_ms"]) == (50.0, 95.0)


# ---- the whole way


QUESTIONS: list[dict[str, Any]] = [
    {
        "qid": 1,
        "thread_id": "forum:night-ferry",
        "question": "Who said that the harbour tax doubled?",
        "evidence": ["c3"],
        "kind": "who",
    },
    {
        "thread_id": "forum:night-ferry",
        "question": "The night ferry stops for good in May. Does anybody know why?",
        "evidence": ["c2", "c3", "c5"],
        "kind": "open",
        "question_ids": ["c1"],
        "answerable": True,
        "further": {"fields": "are passed over"},
    },
    {
        "thread_id": "forum:night-ferry",
        "question": "What does the quantum chromodynamics lattice predict?",
        "evidence": [],
        "answerable": False,
        "kind": "off",
    },
]


def write_lines(file: Path, *lines: Any) -> Path:
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return file


@pytest.fixture
def folder(tmp_path: Path, ferry: dict[str, Any]) -> Path:
    """Threads directly in the folder and one further down, and a file that is no thread."""
    made = tmp_path / "threads"
    (made / "forum").mkdir(parents=True)
    (made / "forum" / "ferry.json").write_text(json.dumps(ferry), encoding="utf-8")
    other = {**ferry, "id": "forum:other", "comments": ferry["comments"][:1]}
    (made / "other.json").write_text(json.dumps(other), encoding="utf-8")
    (made / "notes.json").write_text('{"nothing": "of the kind"}', encoding="utf-8")
    return made


def test_questions_are_asked_of_the_real_product(folder: Path, tmp_path: Path, settings: Settings):
    told: list[tuple[str, int, int]] = []
    report = evaluate(
        folder,
        [write_lines(tmp_path / "ferry.jsonl", *QUESTIONS)],
        settings=settings,
        progress=lambda *step: told.append(step),
    )
    assert set(report.sources) == {"ferry"}
    assert set(report.sources["ferry"]) == {"all", "who", "open", "off"}
    everything = report.sources["ferry"]["all"]
    assert tuple(everything) == FIGURES
    assert everything["n"] == 3
    assert everything["recall@10"] == everything["quote_exact"] == everything["speaker_right"] == 1.0
    assert report.sources["ferry"]["who"]["ndcg@10"] == 1.0
    assert report.sources["ferry"]["off"]["recall@10"] is None
    assert list(report.skipped) == ["threads"]
    assert "notes.json" in report.skipped["threads"][0]
    assert told[-1] == ("asking ferry", 3, 3)
    assert json.loads(report.model_dump_json())["sources"]["ferry"]["all"]["n"] == 3


def test_the_users_own_home_is_not_touched(folder: Path, tmp_path: Path, settings: Settings):
    evaluate(folder, [write_lines(tmp_path / "ferry.jsonl", QUESTIONS[0])], settings=settings)
    assert not settings.home.exists()


def test_comments_that_are_the_question_are_neither_ranked_nor_cited(folder: Path, tmp_path: Path, settings: Settings):
    asked = {**QUESTIONS[1], "evidence": ["c1"]}
    report = evaluate(folder, [write_lines(tmp_path / "ferry.jsonl", asked)], settings=settings)
    everything = report.sources["ferry"]["all"]
    assert (everything["recall@20"], everything["citation_recall"]) == (0.0, 0.0)


def test_questions_of_unknown_threads_are_told_and_the_rest_is_asked(folder: Path, tmp_path: Path, settings: Settings):
    stray = {"thread_id": "forum:lost", "question": "Why?"}
    wrong = {**QUESTIONS[0], "evidence": ["c3", "c99"]}
    report = evaluate(folder, [write_lines(tmp_path / "ferry.jsonl", stray, wrong)], settings=settings)
    assert report.sources["ferry"]["all"]["n"] == 1
    assert report.skipped["ferry"] == (
        "line 1: thread 'forum:lost' is not there",
        "line 2: thread 'forum:night-ferry' has no comment 'c99'",
    )


def test_no_question_that_can_be_asked_is_an_error(folder: Path, tmp_path: Path, settings: Settings):
    questions = write_lines(tmp_path / "ferry.jsonl", {"thread_id": "forum:lost", "question": "Why?"})
    with pytest.raises(InvalidRequest, match="no question is about a thread"):
        evaluate(folder, [questions], settings=settings)


NATURAL: dict[str, Any] = {
    "qid": "ferry-1",
    "thread": "ferry",
    "question": "who said the harbour tax doubled",
    "kind": "said by",
    "answerable": True,
    "gold": {"must": ["c3"], "nice": ["c4"], "need": 1},
    "rubric": ["fields of no use here are passed over"],
}


def test_questions_as_people_type_them_are_read_too(tmp_path: Path):
    (read,) = read_questions(write_lines(tmp_path / "natural.jsonl", {**NATURAL, "turns": ["why does it stop?"]}))
    assert (read.qid, read.thread_id, read.turns) == ("ferry-1", "ferry", ("why does it stop?",))
    assert (read.evidence, read.need, read.nice, read.helpful) == (("c3",), 1, ("c4",), {"c3", "c4"})


def test_a_question_without_a_name_is_named_after_its_line(tmp_path: Path):
    file = write_lines(tmp_path / "ferry.jsonl", {**NATURAL, "qid": None}, *QUESTIONS[:2])
    assert [gold.qid for gold in read_questions(file)] == ["ferry-1", "1", "ferry-3"]


def test_a_thread_is_found_by_its_files_name(folder: Path, tmp_path: Path, settings: Settings):
    (folder / "forum" / "ferry.txt").write_text("The same page, as it is pasted.", encoding="utf-8")
    report = evaluate(folder, [write_lines(tmp_path / "natural.jsonl", NATURAL)], settings=settings)
    made = report.sources["natural"]["said by"]
    assert (made["n"], made["recall@10"], made["need_met"], made["cited_hit@2"]) == (1, 1.0, 1.0, 1.0)
    assert all("ferry.txt" not in told for told in report.skipped["threads"])


def test_a_file_name_that_two_threads_have_is_refused(folder: Path, tmp_path: Path, settings: Settings):
    one = json.loads((folder / "other.json").read_text(encoding="utf-8"))
    (folder / "ferry.json").write_text(json.dumps({**one, "id": "forum:third"}), encoding="utf-8")
    questions = write_lines(tmp_path / "natural.jsonl", NATURAL)
    with pytest.raises(InvalidRequest, match=r"'ferry' is in 'ferry\.json' and in 'forum/ferry\.json'"):
        evaluate(folder, [questions], settings=settings)
    by_id = write_lines(tmp_path / "ids.jsonl", {**NATURAL, "thread": "forum:night-ferry"})
    assert evaluate(folder, [by_id], settings=settings).sources["ids"]["all"]["n"] == 1


def test_turns_are_asked_first_in_one_conversation(folder: Path, tmp_path: Path, settings: Settings):
    asked = {**NATURAL, "question": "and what else did they say?", "gold": {"must": ["c6"], "need": 1}}
    lines = [{**asked, "turns": ["what does @old_salt say about the harbour tax?"]}, {**asked, "qid": "ferry-2"}]
    report = evaluate(folder, [write_lines(tmp_path / "natural.jsonl", *lines)], settings=settings)
    followed, alone = report.answers
    assert followed.cited == ()  # everything by @old_salt was shown in the turn before
    assert "There is no more" in followed.answer
    assert "There is no more" not in alone.answer


def test_answers_are_written_as_a_reader_sees_them(folder: Path, tmp_path: Path, settings: Settings):
    lines = [
        NATURAL,
        {**NATURAL, "qid": "ferry-2", "question": "What does the quantum chromodynamics lattice predict?"},
    ]
    report = evaluate(folder, [write_lines(tmp_path / "natural.jsonl", *lines)], settings=settings)
    told, declined = (json.loads(line) for line in answer_lines(report).splitlines())
    assert set(told) == {"qid", "answer", "cited"}
    assert (told["qid"], told["cited"][0]) == ("ferry-1", "c3")
    assert "**@old_salt**" in told["answer"]
    assert "\n\n> **Because the harbour tax doubled**. They told us so" in told["answer"]
    assert not re.search(r"\bc\d\b", told["answer"] + declined["answer"])
    assert declined["cited"] == []


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ('{"thread_id": "t", "question": "Why?"', "line 2: .* at column"),
        ('["t", "Why?"]', "line 2: .* no JSON object"),
        ('{"thread_id": "t"}', "line 2: question: field required"),
        ('{"thread_id": "t", "question": ""}', "line 2: question"),
        ('{"thread_id": "t", "question": "Why?", "evidence": "c1"}', "line 2: evidence"),
        ('{"thread_id": "t", "question": "Why?", "answerable": "maybe"}', "line 2: answerable"),
        (
            '{"thread": "t", "question": "Why?", "gold": {"must": "c1"}}',
            "line 2: gold.must: .* valid tuple, not 'c1'",
        ),
        (
            '{"thread": "t", "question": "Why?", "gold": {"must": ["c1"], "need": 2}}',
            "line 2: need is 2, .* from 1 to 1, .*gold",
        ),
        ('{"thread": "t", "question": "Why?", "turns": "Who?"}', "line 2: turns"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, wrong: str):
    file = tmp_path / "gold.jsonl"
    file.write_text(f'{{"thread_id": "t", "question": "Why?"}}\n{line}\n', encoding="utf-8")
    with pytest.raises(BrokenExport, match=wrong):
        read_questions(file)


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xff\xfe\x00"])
def test_a_file_without_questions_is_refused(tmp_path: Path, content: bytes):
    file = tmp_path / "gold.jsonl"
    file.write_bytes(content)
    with pytest.raises(InvalidRequest):
        read_questions(file)


def test_what_makes_no_sense_is_refused_before_anything_is_read_in(folder: Path, tmp_path: Path, settings: Settings):
    (tmp_path / "more").mkdir()
    (tmp_path / "empty").mkdir()
    one = write_lines(tmp_path / "gold.jsonl", QUESTIONS[0])
    two = write_lines(tmp_path / "more" / "gold.jsonl", QUESTIONS[0])
    with pytest.raises(InvalidRequest, match="two question files"):
        evaluate(folder, [one, two], settings=settings)
    with pytest.raises(InvalidRequest, match="no question file"):
        evaluate(folder, [], settings=settings)
    with pytest.raises(InvalidRequest, match=r"no \.json or \.txt file"):
        evaluate(tmp_path / "empty", [one], settings=settings)
    with pytest.raises(InvalidRequest, match="cannot be read"):
        evaluate(folder, [tmp_path / "nowhere.jsonl"], settings=settings)
    (folder / "again.json").write_bytes((folder / "other.json").read_bytes())
    with pytest.raises(InvalidRequest, match=r"'forum:other' is in 'again\.json' and in 'other\.json'"):
        evaluate(folder, [one], settings=settings)


def test_rows_make_a_table_of_every_figure(folder: Path, tmp_path: Path, settings: Settings):
    report = evaluate(folder, [write_lines(tmp_path / "ferry.jsonl", *QUESTIONS)], settings=settings)
    header, everything, *kinds = rows(report)
    assert header == ["source", "kind", *FIGURES]
    assert everything[:3] == ["ferry", "all", "3"]
    assert [row[1] for row in kinds] == ["off", "open", "who"]
    assert kinds[0][header.index("recall@10")] == ""
    assert all(len(row) == len(header) for row in kinds)


@pytest.mark.slow
def test_a_chat_of_five_hundred_turns_is_searched_well(tmp_path: Path, settings: Settings):
    questions = SHARED / "eval" / "questions" / "locomo.jsonl"
    if not questions.is_file():
        pytest.skip(f"{questions} is not here: the development questions come apart from the project")
    asked = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines()]
    smallest = min((SHARED / "eval" / "threads" / "locomo").glob("*.json"), key=lambda file: file.stat().st_size)
    thread = json.loads(smallest.read_text(encoding="utf-8"))
    some = [one for one in asked if one["thread_id"] == thread["id"] and one["evidence"]][::2]
    (tmp_path / "threads").mkdir()
    (tmp_path / "threads" / "one.json").write_text(json.dumps(thread), encoding="utf-8")
    report = evaluate(tmp_path / "threads", [write_lines(tmp_path / "locomo.jsonl", *some)], settings=settings)
    everything = report.sources["locomo"]["all"]
    assert everything["recall@10"] is not None
    assert everything["recall@10"] >= 0.64
    assert (everything["quote_exact"], everything["speaker_right"]) == (1.0, 1.0)
