"""The main job through `ask`: real threads, real index, real answers."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.product.assemble import DiggDeeper, assemble
from bot.settings import Settings
from bot.values.answer import Answer, Statement
from corpus.errors import DiscussionError, InvalidRequest, ThreadNotFound, UnreadableInput
from corpus.samples import sample

DATA = Path(__file__).parent / "data"
SHARED = Path(os.environ.get("DIGG_SHARED", Path(__file__).resolve().parents[2] / "shared"))
SEED = SHARED / "seed" / "digg-story.txt"

Ask = Callable[[str], Answer]


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Iterator[DiggDeeper]:
    """A product that has read the sample and the pasted page."""
    made = assemble(Settings(home=tmp_path_factory.mktemp("stories"), encoder_dir=encoder_home))
    made.ingest(sample(), name="sample")
    made.ingest((DATA / "pages" / "car-free-centre.txt").read_bytes(), name="page")
    yield made
    made.close()


@pytest.fixture(scope="module")
def ask_page(stories: DiggDeeper) -> Ask:
    (page,) = stories.threads(q="old town").threads
    return lambda question: stories.ask(question, thread_ids=[page.id])


@pytest.fixture(scope="module")
def ask_seed(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Iterator[Ask]:
    if not SEED.exists():
        pytest.skip(f"the seed page is not at {SEED}")
    made = assemble(Settings(home=tmp_path_factory.mktemp("seed"), encoder_dir=encoder_home))
    (kept,) = made.ingest(SEED.read_bytes(), name="seed").threads
    assert kept.comments == 21
    yield lambda question: made.ask(question, thread_ids=[kept.id])
    made.close()


def quotes(answer: Answer) -> str:
    return "\n".join(citation.quote for statement in answer.statements for citation in statement.citations)


def cited(answer: Answer) -> list[str]:
    return [citation.comment_id for statement in answer.statements for citation in statement.citations]


def speakers_above_the_others(answer: Answer) -> set[str]:
    """Whose words stand above the heading of what others say, if there is one."""
    headed = (place for place, statement in enumerate(answer.statements) if statement.heading is not None)
    own = answer.statements[: next(headed, len(answer.statements))]
    return {c.author.handle for statement in own for c in statement.citations if c.author}


# ---- the seed page


def test_seed_who_said_it_is_an_unnamed_commenter_replying_to_the_opener(ask_seed: Ask) -> None:
    answer = ask_seed("Who said releasing a better model for free will crash their stocks?")
    first = answer.statements[0]
    assert "crash my stocks" in first.citations[0].quote
    assert first.text.startswith("An unnamed commenter replying to @francoisfleuret: ")
    assert first.citations[0].author is None


def test_seed_a_likely_author_is_asked_for_by_name(ask_seed: Ask) -> None:
    answer = ask_seed("What does Teortaxes say about compute?")
    first = answer.statements[0]
    assert first.text.startswith("Probably @teortaxesTex: ")
    assert "compute" in first.citations[0].quote
    assert first.citations[0].author_candidate is not None
    counted = ask_seed("How many posts did Teortaxes write?").count
    assert counted is None or counted.commenters == 0


def test_seed_reasons_come_from_many_posts(ask_seed: Ask) -> None:
    answer = ask_seed("Why do Chinese companies open their models?")
    assert len(set(cited(answer))) >= 5
    assert len({citation.quote for statement in answer.statements for citation in statement.citations}) >= 5


def test_seed_an_absent_person_is_said_to_be_absent_as_far_as_is_known(ask_seed: Ask) -> None:
    answer = ask_seed("What does @sam_of_the_lab say?")
    assert answer.abstained
    assert answer.reason is not None
    assert "No post here is attributed to @sam_of_the_lab" in answer.reason
    assert "20 of 21 posts carry no proven author" in answer.reason


def test_seed_another_subject_is_declined(ask_seed: Ask) -> None:
    answer = ask_seed("What is the weather in Paris?")
    assert answer.abstained
    assert not answer.statements


# ---- a page of the same kind, of our own


def test_page_who_said(ask_page: Ask) -> None:
    answer = ask_page("Who says that the birds can be heard in the centre?")
    assert "i can hear birds" in quotes(answer).splitlines()[0]
    assert answer.statements[0].text.startswith("An unnamed commenter replying to @linde_walks_to_work")


def test_page_likely_author(ask_page: Ask) -> None:
    answer = ask_page("What does Brandsma say about deliveries?")
    assert "Deliveries moved to the night" in quotes(answer)
    assert answer.statements[0].text.startswith("Probably @brandsma_sells_bikes: ")


# ---- the sample story


def ask_sample(stories: DiggDeeper, question: str, **more: Any) -> Answer:
    return stories.ask(question, thread_ids=["open-weights"], **more)


def test_a_person_is_asked_for_by_handle_and_by_name(stories: DiggDeeper) -> None:
    by_handle = ask_sample(stories, "What does @redteam_afterhours say about recalling a file?")
    assert speakers_above_the_others(by_handle) == {"redteam_afterhours"}
    assert by_handle.lead == by_handle.statements[0].text
    both = ask_sample(stories, "What does Wei Chen say?")
    assert speakers_above_the_others(both) == {"weichen_writes_cuda", "weichen_of_leeds"}


def test_a_count_lists_its_members_and_keeps_copies_out(stories: DiggDeeper) -> None:
    answer = ask_sample(stories, "How many people mention Frankfurt?")
    assert answer.count is not None
    assert answer.count.commenters == 1
    assert set(answer.count.members) <= {"p34", "p55"}
    assert answer.lead.startswith("1 commenter")


def test_how_many_people_posted_is_counted_over_everything(stories: DiggDeeper) -> None:
    thread = stories.thread("open-weights")
    answer = ask_sample(stories, "How many people posted here?")
    assert answer.count is not None
    assert answer.count.commenters == len({c.author.id for c in thread.comments if c.author and c.citable})
    assert answer.count.unattributed == 1


def test_a_greeting_and_thanks_are_answered_without_citations(stories: DiggDeeper) -> None:
    for question, kind in (("hello", "greeting"), ("thanks!", "thanks")):
        answer = ask_sample(stories, question)
        assert (answer.kind, answer.statements, answer.abstained) == (kind, (), False)
        assert answer.lead


def test_a_follow_up_is_asked_in_its_conversation(stories: DiggDeeper) -> None:
    first = ask_sample(stories, "What does @annex_four_footnote say about export controls?")
    assert first.conversation_id is not None
    second = ask_sample(stories, "and about the plan?", conversation_id=first.conversation_id)
    assert second.kind == "person"
    assert speakers_above_the_others(second) == {"annex_four_footnote"}
    assert second.conversation_id == first.conversation_id


def test_a_follow_up_is_answered_with_what_it_turns_to(product: DiggDeeper, ferry: dict[str, Any]) -> None:
    product.ingest(json.dumps(ferry).encode())
    first = product.ask("Why does the night ferry stop?", thread_ids=[ferry["id"]])
    turned = product.ask("And what about the engine?", thread_ids=[ferry["id"]], conversation_id=first.conversation_id)
    assert {"c5", "c6"} <= set(cited(turned))
    framed = product.ask("What do people say about the engine?", thread_ids=[ferry["id"]])
    assert set(cited(framed)[:2]) == {"c5", "c6"}


def test_the_injection_changes_nothing(stories: DiggDeeper) -> None:
    answer = ask_sample(stories, "Does anybody mention export controls?")
    assert not answer.abstained
    assert "p10" in cited(answer)


def test_the_deleted_post_is_never_cited(stories: DiggDeeper) -> None:
    for question in ("What do people say about the export controls?", "Who was deleted?", "How many posts are here?"):
        answer = ask_sample(stories, question)
        assert "p11" not in [*cited(answer), *(c.comment_id for c in answer.nearest)]


def test_the_same_question_finds_the_saved_answer_until_the_thread_changes(product: DiggDeeper) -> None:
    thread = {
        "id": "t",
        "source": "forum",
        "title": "Trams",
        "comments": [
            {"id": "1", "author": "ann", "text": "Why are the trams always full in the morning?"},
            {"id": "2", "author": "bo", "parent_id": "1", "text": "The trams are full because the bus was cut."},
        ],
    }
    product.ingest(json.dumps(thread).encode())
    first = product.ask("Why are the trams full?", thread_ids=["t"])
    again = product.ask("  why are the TRAMS full", thread_ids=["t"])
    assert again.id == first.id
    assert again.statements == first.statements
    assert [answer.id for answer in product.answers("t").answers] == [first.id]
    thread["comments"][1]["text"] = "The trams are full since the school moved."  # type: ignore[index]
    product.ingest(json.dumps(thread).encode())
    changed = product.ask("Why are the trams full?", thread_ids=["t"])
    assert changed.id != first.id
    assert "bus" not in quotes(changed)
    assert [answer.id for answer in product.answers("t").answers] == [changed.id]


def test_statements_are_told_as_they_are_verified(stories: DiggDeeper) -> None:
    told: list[Statement] = []
    answer = ask_sample(stories, "Who mentions electricity?", on_statement=told.append)
    assert tuple(told) == answer.statements != ()


def test_a_deleted_thread_is_gone_everywhere(product: DiggDeeper) -> None:
    product.ingest(sample(), name="sample")
    product.ask("Who mentions electricity?", thread_ids=["open-weights"])
    product.delete_thread("open-weights")
    with pytest.raises(ThreadNotFound):
        product.ask("Who mentions electricity?", thread_ids=["open-weights"])
    assert product.threads().threads == ()


def test_lost_vectors_are_noticed_and_made_again(settings: Settings) -> None:
    import shutil

    first = assemble(settings)
    first.ingest(sample(), name="sample")
    first.close()
    shutil.rmtree(settings.chroma_dir)
    second = assemble(settings)
    meanwhile = second.ask("Who mentions electricity?", thread_ids=["open-weights"])
    assert meanwhile.coverage.state == "lexical"
    assert "p08" in cited(meanwhile)
    assert [summary.id for summary in second.sync()] == ["open-weights"]
    after = second.ask("Who mentions electricity?", thread_ids=["open-weights"])
    assert after.coverage.state == "full"
    second.close()


def test_reindexing_makes_every_vector_anew(product: DiggDeeper) -> None:
    product.ingest(sample(), name="sample")
    assert [summary.state for summary in product.reindex()] == ["full"]
    assert product.ask("Who mentions electricity?", thread_ids=["open-weights"]).coverage.state == "full"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"\xff\xfe\xfa\xfb\x00broken",
        b"just a sentence",
        b'{"id": "x", "comments": [',
    ],
)
def test_unreadable_input_is_told_and_leaves_nothing(product: DiggDeeper, content: bytes) -> None:
    with pytest.raises(UnreadableInput) as caught:
        product.ingest(content, name="x")
    assert caught.value.next_step
    assert product.threads().threads == ()


def test_bad_questions_are_told(product: DiggDeeper) -> None:
    with pytest.raises(ThreadNotFound):
        product.ask("Why?")
    with pytest.raises(InvalidRequest) as caught:
        product.ask("x" * 5_000)
    assert "DIGG_MAX_QUESTION_CHARS" in str(caught.value)
    with pytest.raises(DiscussionError):
        product.ask("Why?", thread_ids=["nowhere"])


def test_half_a_character_in_a_question_is_no_fault(stories: DiggDeeper) -> None:
    whole, half = "Why open the weights? \ufffd", "Why open the weights? \ud800"
    answer = stories.ask(half, thread_ids=["open-weights"])
    assert answer.question == whole
    assert stories.ask_passing(half, stories.thread("open-weights")).question == whole
    assert stories.search("open-weights", half) == stories.search("open-weights", whole)


def test_a_saved_answer_is_found_by_what_was_understood_not_by_its_letters(product: DiggDeeper) -> None:
    comments = [
        {"id": "1", "author": "mark", "text": "The price is 9 euros a month."},
        {"id": "2", "author": "MARK", "text": "They raised the price to 14 euros."},
    ]
    product.ingest(json.dumps({"id": "two-marks", "title": "Notes", "comments": comments}).encode())

    def first(question: str) -> tuple[str, str]:
        answer = product.ask(question, thread_ids=["two-marks"])
        return answer.id, answer.statements[0].citations[0].comment_id

    small, large = first("What does mark say about the price?"), first("What does MARK say about the price?")
    assert (small[1], large[1]) == ("1", "2")
    assert first("what does  @mark say about the PRICE") == small
