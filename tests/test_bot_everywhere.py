"""Questions over all threads: the right comment is found wherever it stands, and a filter is never stepped over."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.product.assemble import DiggDeeper, assemble
from bot.settings import Settings
from bot.values.answer import Answer
from bot.values.narrowing import read_filter, told
from corpus.errors import InvalidRequest, ThreadNotFound
from corpus.records.filters import Filter

FIRST = datetime(2026, 3, 1, 9, tzinfo=UTC)
PEOPLE = ("ada", "bo", "cem", "dora")
SAID = (
    "The night ferry should stay, because nurses need it to get home after the late shift.",
    "The harbour tax pays for the night ferry, and that is a mistake.",
    "I think the ferry is too loud at night, nobody in the old town sleeps.",
    "A bridge would be cheaper than the ferry in ten years.",
)
GOLD = "The crane on the eastern quay was sold to a museum in Bergen last winter."


def thread(number: int, said: list[tuple[str, str]], *, source: str) -> dict[str, Any]:
    return {
        "id": f"{source}:{number}",
        "source": source,
        "title": f"Talk {number}",
        "comments": [
            {
                "id": str(place),
                "author": by,
                "text": words,
                "created_at": (FIRST + timedelta(days=number, minutes=place)).isoformat(),
            }
            for place, (by, words) in enumerate(said)
        ],
    }


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Iterator[DiggDeeper]:
    """Twelve short talks of two sources, and a long one in whose middle the crane was sold."""
    made = assemble(Settings(home=tmp_path_factory.mktemp("talks"), encoder_dir=encoder_home))
    for number in range(12):
        said = [(PEOPLE[(place + number) % 4], f"{words} ({number})") for place, words in enumerate(SAID)]
        made.ingest(json.dumps(thread(number, said, source="hn" if number % 3 else "digg")).encode())
    long = [(PEOPLE[at % 3], f"Remark {at}: the weather on the quay was fine again today.") for at in range(300)]
    long[137] = ("dora", GOLD)
    made.ingest(json.dumps(thread(99, long, source="generic")).encode())
    yield made
    made.close()


def citations(answer: Answer) -> list[Any]:
    return [*answer.nearest, *(c for statement in answer.statements for c in statement.citations)]


def test_one_comment_of_a_long_thread_answers_a_question_over_everything(talks: DiggDeeper) -> None:
    answer = talks.ask("Who bought the crane on the eastern quay?")
    assert not answer.abstained
    assert ("generic:99", "137") in {(c.thread_id, c.comment_id) for c in citations(answer)}
    assert answer.coverage.indexed == 348
    assert 0 < answer.coverage.used < 348
    assert answer.coverage.only is None


def test_what_was_found_is_cited_as_it_stands_in_the_whole_thread(talks: DiggDeeper) -> None:
    answer = talks.ask("What happened to the crane on the quay?")
    for cited in citations(answer):
        comment = talks.thread(cited.thread_id).by_id[cited.comment_id]
        assert comment.text[cited.start : cited.end] == cited.quote
        assert comment.author == cited.author


filters = st.builds(
    Filter,
    source=st.sampled_from([None, None, "hn", "digg", "nowhere"]),
    author=st.sampled_from([None, None, "ada", "@BO", "nobody"]),
    after=st.none() | st.integers(-1, 13).map(lambda day: FIRST + timedelta(days=day, minutes=1)),
    before=st.none() | st.integers(-1, 13).map(lambda day: FIRST + timedelta(days=day, minutes=2)),
)
questions = st.sampled_from(
    [
        "Why should the night ferry stay?",
        "What does @ada say about the tax?",
        "How many people think that the ferry is too loud?",
        "Who mentions a bridge?",
        "What do people say?",
    ]
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=questions, within=filters, one=st.booleans())
def test_an_answer_under_a_filter_cites_only_what_passes_it(
    talks: DiggDeeper, asked: str, within: Filter, one: bool
) -> None:
    answer = talks.ask(asked, within=within, thread_ids=["digg:3"] if one else None)
    for cited in citations(answer):
        kept = talks.thread(cited.thread_id)
        assert within.passes(kept.by_id[cited.comment_id], kept.source)
    if answer.count is not None:
        assert answer.count.commenters <= 8  # four handles of two sources
    if not within.empty:
        assert answer.coverage.only == told(within)


def test_a_filter_finds_what_would_not_be_among_the_first_without_it(talks: DiggDeeper) -> None:
    answer = talks.ask(
        "Why is the night ferry a mistake?", within=Filter(author="dora", after=FIRST + timedelta(days=9))
    )
    assert {c.author.handle for c in citations(answer) if c.author} == {"dora"}


def test_a_filter_that_leaves_nothing_is_named_as_the_reason(talks: DiggDeeper) -> None:
    answer = talks.ask("Why should the night ferry stay?", within=Filter(author="@nobody", source="digg"))
    assert answer.abstained
    assert answer.reason == "The filter leaves nothing: no comment here is by @nobody from digg."
    assert answer.coverage.indexed == 0


def test_the_same_question_under_another_filter_is_another_question(talks: DiggDeeper) -> None:
    asked = "What is said about the harbour tax?"
    open_, narrow = talks.ask(asked), talks.ask(asked, within=Filter(source="digg"))
    assert open_.id != narrow.id
    assert narrow.id == talks.ask(asked, within=Filter(source="digg")).id
    assert open_.id == talks.ask(asked).id


def test_many_named_threads_are_asked_and_no_other(talks: DiggDeeper) -> None:
    named = [summary.id for summary in talks.threads().threads if summary.id != "generic:99"]
    assert len(named) == 12
    answer = talks.ask("Who bought the crane on the eastern quay?", thread_ids=named)
    assert all(c.thread_id != "generic:99" for c in citations(answer))
    with pytest.raises(ThreadNotFound, match="'hn:404'"):
        talks.ask("Why?", thread_ids=[*named, "hn:404"])


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"after": "yesterday"}, "'yesterday' for 'after'"),
        ({"before": "2026-13"}, "'2026-13' for 'before'"),
        ({"after": "0001-01-01T00:00:00+05:00"}, "no time that can be read"),
        ({"after": "2026-03-02", "before": "2026-03-01"}, "after '2026-03-02' and before '2026-03-01'"),
        ({"author": "@"}, "'@' names nobody"),
        ({"source": "x" * 300}, "300 characters"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_with_its_value(fields: dict[str, str], said: str) -> None:
    with pytest.raises(InvalidRequest, match=said) as caught:
        read_filter(**fields)
    assert caught.value.next_step


def test_filters_are_read_as_people_type_them() -> None:
    assert read_filter(source=" ", author="", after=None) is None
    assert read_filter(after="2026-03") == Filter(after=datetime(2026, 3, 1, tzinfo=UTC))
    moment = read_filter(before="2026-03-01T09:30:00+01:00", author=" @Ada ")
    assert moment == Filter(author="@Ada", before=datetime(2026, 3, 1, 8, 30, tzinfo=UTC))
    assert told(moment) == "by @Ada, before 1 March 2026, 08:30 UTC"
