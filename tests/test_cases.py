"""The shared cases, asked without a language model: whose words may be shown as whose, and how questions are read.

What is expected is written in cases/*/EXPECTED.md of the shared folder. Without a model an answer takes no side: it
shows whole comments, calls replies replies and says what a number counts. Skipped where the shared folder is missing.
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.product.assemble import DiggDeeper, assemble
from bot.settings import Settings
from bot.values.answer import Answer, Citation

SHARED = Path(os.environ.get("DIGG_SHARED") or Path(__file__).resolve().parents[2] / "shared")
CASES = SHARED / "cases"
FILES = {name: CASES / "attribution" / f"{name}.json" for name in ("rj", "ra", "rb", "rc", "re")}
FILES["notes"] = CASES / "reading" / "thread_notes.json"
HAND = CASES / "reading" / "questions_hand.jsonl"

Ask = Callable[..., Answer]

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason=f"the shared cases are not at {CASES}")


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Iterator[Ask]:
    made: DiggDeeper = assemble(Settings(home=tmp_path_factory.mktemp("cases"), encoder_dir=encoder_home))
    ids = {name: [thread.id for thread in made.ingest(file.read_bytes()).threads] for name, file in FILES.items()}

    def put(name: str, *questions: str) -> Answer:
        answer = made.ask(questions[0], thread_ids=ids[name])
        for question in questions[1:]:
            answer = made.ask(question, thread_ids=ids[name], conversation_id=answer.conversation_id)
        return answer

    yield put
    made.close()


def shown(answer: Answer) -> list[Citation]:
    """Every quote that a reader may see."""
    return [c for s in (*answer.statements, *answer.more) for c in s.citations] + list(answer.nearest)


def speakers(answer: Answer) -> list[str]:
    return [c.author.handle for s in answer.statements for c in s.citations if c.author]


def cited(answer: Answer) -> list[str]:
    return [c.comment_id for s in answer.statements for c in s.citations]


# ---- attribution


TURNED = {
    "the dam will fail.": "I do not believe a word of it.",
    "The dam will kill the salmon.": "Or so my neighbour keeps saying",
    "The dam must be blown up.": "It would be stupid to say:",
    "The dam is leaking.": "Reality: it is dry.",
    "The dam is evil.": "That was sarcasm.",
    "The dam is a scam.": "APRIL FOOLS!",
    "The dam is useless": "Wrong.",
    "The dam is great": "Things I will never say:",
    "People say the bridge is a bad idea.": "They are wrong",
    "I used to think the bridge": "now I support it",
    "My boss: the bridge": "Me: build it.",
}
"""Words -> what turns them round, without which they may not be shown."""


@pytest.mark.parametrize(
    ("thread", "question"),
    [
        ("rj", "What does ben say about the dam?"),
        ("rj", "What does ben think of the bridge?"),
        ("rj", "Who says the dam will kill the salmon?"),
        ("rj", "Who wants the dam blown up?"),
        ("rj", "Is the dam leaking?"),
        ("rj", "Summarize the discussion"),
        ("ra", "What does ben think of the bridge?"),
        ("ra", "Who is against the bridge?"),
        ("ra", "How many are against the bridge?"),
    ],
)
def test_words_are_never_shown_without_what_turns_them_round(ask: Ask, thread: str, question: str) -> None:
    quotes = [citation.quote for citation in shown(ask(thread, question))]
    bare = [quote for quote in quotes for words, turn in TURNED.items() if words in quote and turn not in quote]
    assert quotes
    assert bare == []


@pytest.mark.parametrize("question", ["Who is against the bridge?", "Who supports the bridge?"])
def test_who_is_against_something_lists_no_names_without_a_model(ask: Ask, question: str) -> None:
    answer = ask("ra", question)
    assert "that needs a language model" in (answer.note or "")
    assert answer.count is None
    assert answer.lead == answer.statements[0].text
    assert not any(statement.heading for statement in answer.statements)


def test_a_number_of_those_against_is_said_to_count_who_mentions_it(ask: Ask) -> None:
    answer = ask("ra", "How many are against the bridge?")
    assert answer.count is not None
    assert (answer.count.commenters, answer.count.by) == (9, "mentions")
    assert answer.lead.startswith("9 commenters mention “the bridge”")
    assert "that needs a language model" in (answer.note or "")


def test_who_disagrees_with_somebody_shows_the_replies_as_replies(ask: Ask) -> None:
    answer = ask("re", "Who disagrees with ann?")
    assert (answer.kind, answer.statements[0].heading) == ("replies", "Replies to @ann")
    assert answer.count is not None
    assert set(answer.count.members) == {str(n) for n in range(2, 11)}
    assert "that needs a language model" in (answer.note or "")


def test_who_did_something_is_answered_with_quotes_and_no_name(ask: Ask) -> None:
    answer = ask("rc", "Who stole from the harbour fund?")
    assert answer.abstained or answer.lead == "@ben: “Somebody stole from the harbour fund.”"


def test_who_posted_nothing_is_said_so_before_others_speak_of_them(ask: Ask) -> None:
    answer = ask("rb", "What does zoe say about the school?")
    assert answer.lead.startswith("No post here is attributed to zoe. Who speaks of zoe: @ben: ")
    assert (cited(answer), answer.statements[0].heading) == (["2"], "Who speaks of zoe")


# ---- how questions are read


@pytest.mark.parametrize(
    ("question", "first", "mine"),
    [
        ("WHAT DOES BEN_K SAY ABOUT OBSIDIAN?", "2", {"ben_k"}),
        ("What does ben_k say about Obsidian?", "2", {"ben_k"}),
        ("WHAT DID MARK SAY ABOUT EXPORT?", "14", {"mark", "MARK"}),
        ("What does MARK say about the price?", "13", {"MARK"}),
        ("What did 🦊fox say?", "5", {"🦊fox"}),
        ("What did @🦊fox say?", "5", {"🦊fox"}),
        ("What did \u202eben_k say?", "2", {"ben_k"}),
    ],
)
def test_a_name_is_found_in_any_letters(ask: Ask, question: str, first: str, mine: set[str]) -> None:
    answer = ask("notes", question)
    assert (answer.kind, cited(answer)[0]) == ("person", first)
    headings = [statement.heading for statement in answer.statements]
    theirs = headings.index("Others on this") if "Others on this" in headings else len(headings)
    assert set(speakers(answer)[:theirs]) == mine
    assert theirs == len(headings) or "about" in question.casefold()


def test_a_count_of_those_who_recommend_counts_who_mentions_and_says_so(ask: Ask) -> None:
    answer = ask("notes", "How many people recommend Obsidian?")
    assert answer.count is not None
    assert answer.count.by == "mentions"
    assert "10" in answer.count.members
    assert answer.note == "This counts who mentions it, whatever they say of it."


@pytest.mark.parametrize(
    ("question", "most"),
    [
        ("Give me a summary in 3 bullet points", 3),
        ("Summarize the discussion in 5 points", 5),
        ("summarize in German", 5),
        ("Fasse die Diskussion zusammen", 5),
        ("overall sentiment?", 5),
        ("give me the consensus", 5),
    ],
)
def test_a_summary_is_read_as_one(ask: Ask, question: str, most: int) -> None:
    answer = ask("notes", question)
    assert (answer.kind, answer.abstained) == ("overview", False)
    assert 3 <= len(answer.statements) <= most
    assert "16" not in cited(answer), "an order to machines"
    assert ("its digest" in (answer.note or "")) == (question == "overall sentiment?")


@pytest.mark.parametrize("question", ["list all links", "Any links?"])
def test_links_are_those_that_were_posted(ask: Ask, question: str) -> None:
    answer = ask("notes", question)
    assert (answer.kind, cited(answer)) == ("listing", ["5"])


def test_words_of_somebody_else_are_denied_in_the_lead(ask: Ask) -> None:
    answer = ask("notes", 'Did benk say "That is why I keep the vault in git"?')
    assert cited(answer) == ["4"]
    assert answer.lead.startswith("These exact words are nowhere in the posts by @benk. ")
    assert "@ben-k: " in answer.lead


def test_a_turn_in_a_conversation_is_followed(ask: Ask) -> None:
    turns = ["What does ann say about Obsidian?", "who corrected her?", "and what about Joplin?", "why?"]
    assert cited(ask("notes", *turns[:2])) == ["11"]
    assert set(cited(ask("notes", *turns))[:2]) & {"5", "7", "8"}


def test_since_when_is_asked_of_what_was_shown(ask: Ask) -> None:
    assert cited(ask("notes", "Who uses Joplin?", "since when?"))[0] == "8"


def test_every_shared_question_gets_an_answer_or_a_reason(ask: Ask) -> None:
    for row in map(json.loads, HAND.read_text(encoding="utf-8").splitlines()):
        case: dict[str, Any] = row
        answer = ask("notes", *(case.get("conversation") or [case["question"]]))
        assert answer.statements or answer.reason, case
        assert not answer.lead.startswith("No post here is attributed to"), case
