"""Gold questions over eight invented threads and the sample story, put to the whole product without a language model.

What is measured is what a reader meets first: gold comments among the first five that are cited, questions declined,
people counted. The floors lie just below what is reached. See tests/data/gold/README.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.product.assemble import DiggDeeper, assemble
from bot.product.gold import Gold, askable, read_questions
from bot.settings import Settings
from bot.values.answer import Answer
from corpus import readers
from corpus.samples import SAMPLE_NAME, sample
from corpus.thread import Thread

FOLDER = Path(__file__).parent / "data" / "gold"
PAYLOADS = {
    SAMPLE_NAME: sample(),
    **{path.name: path.read_bytes() for path in sorted((FOLDER / "threads").glob("*.json"))},
}
FILES = ("cases.jsonl", "sample.jsonl")
FIRST = 5
"""Distinct comments cited first, among which the gold ones are looked for."""


class Case(Gold):
    count: int | None = None
    """Distinct proven authors who mention it."""


class Asked(NamedTuple):
    case: Case
    answer: Answer

    @property
    def met(self) -> bool:
        """Whether enough gold comments are among the first that are cited."""
        cited = dict.fromkeys(c.comment_id for s in self.answer.statements for c in s.citations)
        return len(set(list(cited)[:FIRST]) & set(self.case.evidence)) >= self.case.need


def cases(name: str) -> list[Case]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [Case.model_validate_json(f'{{"line": {n}, {line[1:]}') for n, line in enumerate(lines, start=1)]


@pytest.fixture(scope="module")
def threads() -> Mapping[str, Thread]:
    read = [readers.read(content, name=name, max_bytes=1_000_000) for name, content in PAYLOADS.items()]
    return {thread.id: thread for reading in read for thread in reading.threads}


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Iterator[DiggDeeper]:
    made = assemble(Settings(home=tmp_path_factory.mktemp("gold"), encoder_dir=encoder_home))
    for name, content in PAYLOADS.items():
        made.ingest(content, name=name)
    yield made
    made.close()


def put(product: DiggDeeper, case: Case) -> Asked:
    for turn in case.turns:
        product.ask(turn, thread_ids=[case.thread_id], conversation_id=case.qid)
    asked = product.ask(case.question, thread_ids=[case.thread_id], conversation_id=case.qid if case.turns else None)
    return Asked(case, asked)


def share(values: Sequence[bool]) -> float:
    return round(sum(values) / len(values), 3)


def test_every_case_agrees_with_its_thread(threads: Mapping[str, Thread]) -> None:
    for name in FILES:
        assert askable(read_questions(FOLDER / name), threads)[1] == []
        assert len({case.qid for case in cases(name)}) == len(cases(name))
        for case in cases(name):
            gold = [threads[case.thread_id].comment(comment_id) for comment_id in case.evidence]
            assert all(comment.citable for comment in gold), case.qid
            assert case.answerable is bool(case.evidence), case.qid


@pytest.mark.parametrize(
    ("name", "met", "answerable_declined", "unanswerable_declined"),
    [("cases.jsonl", 0.8, 0.09, 0.55), ("sample.jsonl", 0.79, 0.1, 0.42)],
)
def test_gold_comments_are_among_the_first_that_are_cited(
    product: DiggDeeper,
    threads: Mapping[str, Thread],
    name: str,
    met: float,
    answerable_declined: float,
    unanswerable_declined: float,
) -> None:
    asked = [put(product, case) for case in cases(name)]
    for _, answer in asked:
        for citation in (*(c for s in answer.statements for c in s.citations), *answer.nearest):
            comment = threads[citation.thread_id].comment(citation.comment_id)
            assert comment.text[citation.start : citation.end] == citation.quote
            assert comment.own_words(citation.start, citation.end)
            assert citation.author == comment.author
    answerable = [one for one in asked if one.case.answerable]
    reached = {
        "met": share([one.met for one in answerable]),
        "answerable declined": share([one.answer.abstained for one in answerable]),
        "unanswerable declined": share([one.answer.abstained for one in asked if not one.case.answerable]),
    }
    kinds = {one.case.kind: share([o.met for o in answerable if o.case.kind == one.case.kind]) for one in answerable}
    print(name, reached, kinds)  # noqa: T201 - shown where a floor is missed
    assert reached["met"] >= met, reached
    assert reached["answerable declined"] <= answerable_declined, reached
    assert reached["unanswerable declined"] >= unanswerable_declined, reached


def test_who_mentions_something_is_counted_over_people(product: DiggDeeper) -> None:
    asked = [put(product, case) for name in FILES for case in cases(name) if case.count is not None]
    told = {case.qid: (answer.count.commenters if answer.count else None, case.count) for case, answer in asked}
    assert {qid: pair for qid, pair in told.items() if pair[0] != pair[1]} == {}
