"""The gold cases of tests/data/gold, put to the whole product and judged by kind.

    python -m tests.gold_table [--parity even|odd|all] [--failures] [--encoder-dir DIR]

Cases on even lines of their file are for development, those on odd lines are held out: whoever tunes a rule looks at
`--parity even --failures` and leaves the other half unread. Not here: the floors (tests/test_gold_cases.py) and the
older question sets sample.jsonl and sample-readers.jsonl (tests/test_bot_product.py).
"""

import argparse
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from bot.answer import Answer, Citation
from bot.assemble import DiggDeeper, assemble
from bot.settings import Settings
from corpus import readers
from corpus.samples import SAMPLE_NAME, sample
from corpus.thread import Thread

FOLDER = Path(__file__).parent / "data" / "gold"
FILES = ("cases.jsonl", "cases-sample.jsonl")
FIRST = 2
"""How many of the comments cited first are looked at for a gold one, where a case sets no number."""
MAX_BYTES = 1_000_000

Parity = Literal["even", "odd", "all"]


class Case(BaseModel):
    """A question, who and what a right answer cites, and what it may not cite."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    line: int
    qid: str
    thread_id: str
    question: str
    turns: tuple[str, ...] = ()
    """Questions put before it in the same conversation, oldest first."""
    evidence: tuple[str, ...]
    """Comments that answer it; where `min_cited` is set, those that are fit for an answer."""
    answerable: bool
    kind: str
    answer: str | None = None
    """What a person would answer, where it is not plain from the evidence. Nothing is compared with it."""
    min_cited: int | None = None
    """How many distinct comments of the evidence have to be cited, in any place."""
    count: int | None = None
    """Distinct proven authors of `members`."""
    members: tuple[str, ...] = ()
    unattributed: int = 0
    """Comments of `members` without an author."""
    must_not_cite: tuple[str, ...] = ()
    """Comments that merely ask, joke, advertise or were wrong: no answer to this question."""
    speakers: tuple[str, ...] = ()
    """Handles of whom the comment cited first has to be."""
    quote: str | None = None
    """Words that have to stand in a citation."""
    may_decline: bool = False
    """Whether it is right as well to say that nothing is said, because what was asked for is a missing reply."""


class Result(NamedTuple):
    """What became of a case. None: the case does not ask for this."""

    case: Case
    declined: bool
    found: bool | None
    count_right: bool | None
    speaker_right: bool | None
    quote_found: bool | None
    breached: bool | None
    quotes_exact: bool
    authors_exact: bool
    told: str

    @property
    def failed(self) -> bool:
        if not self.case.answerable:
            return not self.declined
        if self.declined and self.case.may_decline:
            return False
        wrong = self.found, self.count_right, self.speaker_right, self.quote_found
        return self.declined or False in wrong or bool(self.breached)


@cache
def cases() -> tuple[Case, ...]:
    told: list[Case] = []
    for file in FILES:
        for line, row in enumerate((FOLDER / file).read_text(encoding="utf-8").splitlines(), start=1):
            told.append(Case.model_validate_json(f'{{"file": "{file}", "line": {line}, {row[1:]}'))
    return tuple(told)


def half(parity: Parity, chosen: Iterable[Case]) -> tuple[Case, ...]:
    """The cases on even or odd lines of their file."""
    return tuple(case for case in chosen if parity == "all" or (case.line % 2 == 0) is (parity == "even"))


def payloads() -> Iterator[tuple[str, bytes]]:
    """The threads that the cases are about, as files are read in."""
    yield SAMPLE_NAME, sample()
    for path in sorted((FOLDER / "threads").glob("*.json")):
        yield path.name, path.read_bytes()


@cache
def threads() -> Mapping[str, Thread]:
    read = [readers.read(content, name=name, max_bytes=MAX_BYTES) for name, content in payloads()]
    return {thread.id: thread for reading in read for thread in reading.threads}


def fill(product: DiggDeeper) -> None:
    for name, content in payloads():
        product.ingest(content, name=name)


def judged(product: DiggDeeper, case: Case) -> Result:
    """Put the case to the product, its turns before it, and compare."""
    for turn in case.turns:
        product.ask(turn, thread_ids=[case.thread_id], conversation_id=case.qid)
    answer = product.ask(case.question, thread_ids=[case.thread_id], conversation_id=case.qid)
    thread = threads()[case.thread_id]
    citations = [citation for statement in answer.statements for citation in statement.citations]
    cited = list(dict.fromkeys(citation.comment_id for citation in citations))
    first = citations[0].author if citations else None
    shown = (*citations, *answer.nearest)
    open_to_judgement = case.answerable and not answer.abstained
    return Result(
        case=case,
        declined=answer.abstained,
        found=_found(case, cited) if case.answerable else None,
        count_right=_count_right(case, answer) if case.count is not None else None,
        speaker_right=bool(first and first.handle in case.speakers) if case.speakers and open_to_judgement else None,
        quote_found=any(case.quote in c.quote for c in citations) if case.quote is not None else None,
        breached=bool(set(cited) & set(case.must_not_cite)) if case.must_not_cite else None,
        quotes_exact=all(thread.comment(c.comment_id).text[c.start : c.end] == c.quote for c in shown),
        authors_exact=all(_said_by_its_author(c, thread) for c in shown),
        told=f"{'declined' if answer.abstained else ' '.join(cited[:6])} | {answer.lead}",
    )


def _found(case: Case, cited: Sequence[str]) -> bool:
    if case.min_cited is not None:
        return len(set(cited) & set(case.evidence)) >= case.min_cited
    return bool(set(cited[:FIRST]) & set(case.evidence))


def _count_right(case: Case, answer: Answer) -> bool:
    return answer.count is not None and not answer.abstained and answer.count.commenters == case.count


def _said_by_its_author(citation: Citation, thread: Thread) -> bool:
    """Whether the words are shown as those of who wrote them, and not somebody else's that the comment quotes."""
    comment = thread.comment(citation.comment_id)
    return citation.author == comment.author and comment.own_words(citation.start, citation.end)


# The table


class Row(NamedTuple):
    """Shares of one kind; None where no case of the kind asks for it."""

    cases: int
    found: float | None
    declined: float | None
    counted: float | None
    speaker: float | None
    quote: float | None
    breached: float | None
    """Of the cases that forbid comments, those in which one was cited."""


def table(results: Sequence[Result]) -> dict[str, Row]:
    """Kind -> its shares, and below them all answerable and all unanswerable cases."""
    kinds = dict.fromkeys(result.case.kind for result in sorted(results, key=lambda result: result.case.kind))
    rows = {kind: _row([result for result in results if result.case.kind == kind]) for kind in kinds}
    rows["all answerable"] = _row([result for result in results if result.case.answerable])
    rows["all unanswerable"] = _row([result for result in results if not result.case.answerable])
    return rows


def _row(results: Sequence[Result]) -> Row:
    return Row(
        cases=len(results),
        found=_share(result.found for result in results),
        declined=_share(result.declined for result in results if not result.case.may_decline),
        counted=_share(result.count_right for result in results),
        speaker=_share(result.speaker_right for result in results),
        quote=_share(result.quote_found for result in results),
        breached=_share(result.breached for result in results),
    )


def _share(told: Iterable[bool | None]) -> float | None:
    known = [value for value in told if value is not None]
    return sum(known) / len(known) if known else None


def printed(rows: Mapping[str, Row]) -> str:
    lines = ["".join((f"{'kind':24}", *(f"{name:>10}" for name in Row._fields)))]
    for kind, row in rows.items():
        shown = ["-" if share is None else f"{share:.2f}" for share in row[1:]]
        lines.append("".join((f"{kind:24}", f"{row.cases:10}", *(f"{share:>10}" for share in shown))))
    return "\n".join(lines)


def _failure(result: Result) -> str:
    case = result.case
    before = "".join(f"{turn} >> " for turn in case.turns)
    wanted = " ".join(case.evidence[:8]) + (f" (at least {case.min_cited})" if case.min_cited else "")
    wanted += f" count {case.count}" if case.count is not None else ""
    judgements = [name for name in Result._fields[2:6] if getattr(result, name) is False]
    judgements += ["breached"] if result.breached else []
    return (
        f"{case.file}:{case.line} {case.qid} [{case.kind}] {before}{case.question}\n"
        f"    gold: {wanted or 'none'}\n    told: {result.told}\n    wrong: {', '.join(judgements) or 'declining'}"
    )


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as home:
        settings = Settings.load(home=Path(home), encoder_dir=options.encoder_dir)
        with closing(assemble(settings)) as product:
            fill(product)
            results = [judged(product, case) for case in half(options.parity, cases())]
    print(printed(table(results)))  # noqa: T201
    for result in results if options.failures else ():
        if result.failed:
            print(_failure(result))  # noqa: T201


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parity", choices=("even", "odd", "all"), default="even")
    parser.add_argument("--failures", action="store_true", help="print the failing cases of this half")
    parser.add_argument("--encoder-dir", type=Path, default=None, help="where the encoder was exported before")
    return parser.parse_args()


if __name__ == "__main__":
    main()
