"""What is edited, deleted or forgotten is in no answer, no listing and no file any more, and does not come back."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from home_files import readable
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from bot.history.saved_answers import CHANGED
from bot.history.withdrawal import IN_PART
from bot.product.assemble import DiggDeeper, assemble
from bot.product.jobs import Jobs
from bot.settings import Settings
from bot.values.answer import Answer
from bot.verification.verify import UNCOUNTED, WITHDRAWN
from corpus.errors import AnswerNotFound, AuthorNotFound, CommentNotFound, InvalidRequest, ThreadNotFound
from corpus.records.database import writing
from corpus.records.filters import Filter
from corpus.records.schema import answers

Raw = dict[str, Any]


def words_of(answer: Answer) -> str:
    return answer.model_dump_json().casefold()


def changed(thread: Raw, comment_id: str, **fields: Any) -> Raw:
    """The thread with other fields in one comment."""
    comments = [{**c, **fields} if c["id"] == comment_id else c for c in thread["comments"]]
    return {**thread, "comments": comments}


def without(thread: Raw, comment_id: str) -> Raw:
    return {**thread, "comments": [c for c in thread["comments"] if c["id"] != comment_id]}


def read_in(product: DiggDeeper, thread: Raw) -> None:
    product.ingest(json.dumps(thread).encode(), name="thread.json")


@pytest.fixture
def secret(ferry: Raw) -> Raw:
    """The night ferry, where one comment uses words that nobody else does."""
    words = "The zyxomma pump leaks glycolweiss into the harbour basin since Quibbleday."
    said = {
        "id": "c9",
        "parent_id": "c5",
        "author": "wanda_bollard",
        "text": words,
        "url": "https://x.example/wanda_bollard/9",
    }
    reply = {
        "id": "c10",
        "parent_id": "c9",
        "author": "old_salt",
        "text": "I saw that in the basin too, it smelled awful.",
    }
    return {**ferry, "comments": [*ferry["comments"], said, reply]}


SECRETS = ("zyxomma", "glycolweiss", "quibbleday")


# ---- edits and deletions at the source


@pytest.mark.parametrize(
    "after",
    [
        lambda t: without(t, "c9"),
        lambda t: changed(t, "c9", text="Never mind."),
        lambda t: changed(t, "c9", deleted=True, text="[deleted]"),
    ],
)
def test_an_answer_is_withdrawn_once_its_comment_is_gone(
    product: DiggDeeper, settings: Settings, secret: Raw, after: Callable[[Raw], Raw]
) -> None:
    read_in(product, secret)
    answer = product.ask("Who mentions the pump?", thread_ids=[secret["id"]], conversation_id="chat")
    assert "zyxomma" in words_of(answer)
    assert readable(settings.home, SECRETS) == set(SECRETS)
    read_in(product, after(secret))
    assert readable(settings.home, SECRETS) == set()
    (told,) = product.conversation("chat")
    assert (told.abstained, told.lead, told.reason, told.statements) == (True, WITHDRAWN, WITHDRAWN, ())
    (kept,) = product.answers(secret["id"]).answers
    assert (kept.id, kept.lead, kept.statements, kept.nearest) == (answer.id, WITHDRAWN, (), ())


def test_what_still_holds_of_an_answer_stays_without_a_count_of_mentions(product: DiggDeeper, ferry: Raw) -> None:
    read_in(product, ferry)
    answer = product.ask("How many people mention the tax?", thread_ids=[ferry["id"]], conversation_id="chat")
    assert answer.count is not None
    assert set(answer.count.members) == {"c3", "c4"}
    read_in(product, changed(ferry, "c3", text="Because the harbour closed."))
    (told,) = product.conversation("chat")
    assert told.note == f"{answer.note} {UNCOUNTED} {IN_PART}"
    assert told.count is None
    assert {c.comment_id for s in told.statements for c in s.citations} == {"c4"}
    assert told.lead == told.statements[0].text


def test_replies_are_counted_again(product: DiggDeeper, ferry: Raw) -> None:
    read_in(product, ferry)
    answer = product.ask("Who replied to @mo_pier?", thread_ids=[ferry["id"]], conversation_id="chat")
    assert answer.count is not None
    assert set(answer.count.members) == {"c2", "c3", "c5", "c7"}
    read_in(product, changed(ferry, "c3", text="Because the harbour closed."))
    (told,) = product.conversation("chat")
    assert told.note == IN_PART
    assert told.count is not None
    assert set(told.count.members) == {"c2", "c5", "c7"}


def said_in(thread_id: str, *said: tuple[str, str]) -> Raw:
    """A thread whose posts are numbered from 1, as in any other."""
    posts = [{"id": str(n), "author": who, "text": text} for n, (who, text) in enumerate(said, 1)]
    return {"id": thread_id, "source": "forum", "title": "", "comments": posts}


def test_an_answer_that_cites_nothing_changed_is_left_alone(product: DiggDeeper, ferry: Raw) -> None:
    read_in(product, ferry)
    answer = product.ask("Who mentions stars?", thread_ids=[ferry["id"]], conversation_id="chat")
    read_in(product, changed(ferry, "c3", text="Because the harbour closed."))
    assert product.conversation("chat") == (answer,)


def test_answers_stay_listed_while_a_thread_grows(product: DiggDeeper, ferry: Raw) -> None:
    read_in(product, ferry)
    its = [ferry["id"]]
    asked = ["Who mentions stars?", "How many people mention the tax?", "What does the engine do?"]
    answers = {question: product.ask(question, thread_ids=its) for question in asked}
    assert all(not answer.abstained for answer in answers.values())
    posts = [{"id": f"n{n}", "author": f"nia_{n}", "text": f"Fine weather on day {n}."} for n in range(2)]
    grown = {**ferry, "comments": [*ferry["comments"], *posts]}
    read_in(product, grown)
    listed = product.answers(ferry["id"]).answers
    assert [a.id for a in listed] == [answers[question].id for question in reversed(asked)]
    assert [a.statements for a in listed] == [answers[question].statements for question in reversed(asked)]
    assert all(
        (a.note or "").endswith("From before 2 newer comments: ask again to have them looked at.") for a in listed
    )
    assert [a.coverage for a in listed] == [answers[question].coverage for question in reversed(asked)]
    again = product.ask(asked[0], thread_ids=its)
    assert product.answers(ferry["id"]).answers[0].note is None
    assert again.id != answers[asked[0]].id
    read_in(product, changed(grown, "c3", text="Because the harbour closed."))
    listed = product.answers(ferry["id"]).answers
    assert [a.question for a in listed] == [asked[0], asked[2], asked[1]]
    assert (listed[0].id, listed[0].note) == (again.id, CHANGED)
    assert IN_PART in (listed[2].note or "")
    assert {c.comment_id for s in listed[2].statements for c in s.citations} == {"c4"}


def test_likes_alone_withdraw_nothing(product: DiggDeeper, ferry: Raw) -> None:
    read_in(product, ferry)
    answer = product.ask("Who mentions stars?", thread_ids=[ferry["id"]], conversation_id="chat")
    read_in(product, changed(ferry, "c7", score=99))
    assert product.conversation("chat") == (answer,)


# ---- forgetting a comment


def filled(product: DiggDeeper, thread: Raw) -> None:
    """Words of the thread everywhere that they can get: answers, questions, turns, notes, a digest, memory."""
    read_in(product, thread)
    its = [thread["id"]]
    answer = product.ask("Who says that the pump leaks?", thread_ids=its, conversation_id="chat")
    product.feedback(answer.id, helpful=True, note="The zyxomma quote says it all.")
    product.ask("What is glycolweiss?", thread_ids=its, conversation_id="chat")
    product.ask("What does @wanda_bollard say?", conversation_id="other")
    product.search(thread["id"], "zyxomma")
    product.story(thread["id"], wait_s=60)


def listed(product: DiggDeeper, thread_id: str) -> str:
    """All that the faces show of a thread and of what was asked."""
    shown: list[Any] = [
        product.thread(thread_id),
        product.story(thread_id, wait_s=60),
        product.comments(thread_id, limit=200),
        product.answers(thread_id),
        *product.conversation("chat"),
        *product.conversation("other"),
        *product.search(thread_id, " ".join(SECRETS), k=50),
    ]
    return "\n".join(value.model_dump_json() for value in shown).casefold()


def test_a_forgotten_comment_is_nowhere(product: DiggDeeper, settings: Settings, secret: Raw) -> None:
    filled(product, secret)
    assert readable(settings.home, SECRETS) == set(SECRETS)
    done = product.forget_comment(secret["id"], "c9")
    assert (done.threads, done.comments, done.remains) == ((secret["id"],), 1, ())
    assert readable(settings.home, SECRETS) == set()
    assert not any(word in listed(product, secret["id"]) for word in SECRETS)
    place = product.thread(secret["id"]).comment("c9")
    assert place.model_dump(exclude_defaults=True) == {
        "id": "c9", "thread_id": secret["id"], "parent_id": "c5", "deleted": True
    }  # fmt: skip
    assert product.thread(secret["id"]).comment("c10").parent_id == "c9"
    assert product.summary(secret["id"]).state == "full"


def test_a_forgotten_comment_does_not_come_back(product: DiggDeeper, settings: Settings, secret: Raw) -> None:
    read_in(product, secret)
    product.forget_comment(secret["id"], "c9")
    for again in (secret, changed(secret, "c9", text="The zyxomma pump leaks more.", author="somebody_else")):
        read_in(product, again)
        assert product.thread(secret["id"]).comment("c9").deleted
    product.delete_thread(secret["id"])
    read_in(product, secret)
    answer = product.ask("Who mentions zyxomma?", thread_ids=[secret["id"]])
    assert answer.abstained
    assert not any(word in listed(product, secret["id"]).replace("who mentions zyxomma?", "") for word in SECRETS)


def test_other_questions_stay(product: DiggDeeper, secret: Raw) -> None:
    read_in(product, secret)
    answer = product.ask("Who mentions stars?", thread_ids=[secret["id"]], conversation_id="chat")
    product.forget_comment(secret["id"], "c9")
    assert product.conversation("chat") == (answer,)


def test_what_others_quote_of_it_is_told_and_left(product: DiggDeeper, secret: Raw) -> None:
    quoting = {
        "id": "c11",
        "parent_id": "c9",
        "author": "kestrel",
        "text": "> The zyxomma pump leaks glycolweiss\n\nSince when?",
    }
    copying = {"id": "c12", "parent_id": "c1", "author": "nadia_n", "text": secret["comments"][-2]["text"]}
    thread = {**secret, "comments": [*secret["comments"], quoting, copying]}
    read_in(product, thread)
    done = product.forget_comment(thread["id"], "c9")
    assert [(r.comment_id, r.why) for r in done.remains] == [("c11", "quotes it"), ("c12", "has its words")]
    assert product.thread(thread["id"]).comment("c11").text == quoting["text"]


def test_what_is_not_there_cannot_be_forgotten(product: DiggDeeper, ferry: Raw) -> None:
    read_in(product, ferry)
    with pytest.raises(CommentNotFound, match="'c99'"):
        product.forget_comment(ferry["id"], "c99")
    with pytest.raises(ThreadNotFound, match="'none'"):
        product.forget_comment("none", "c1")
    with pytest.raises(AuthorNotFound, match="'nobody_here'"):
        product.forget_author("nobody_here")
    assert product.forget_comment(ferry["id"], "c7").comments == 1
    assert product.forget_comment(ferry["id"], "c7").comments == 0


def test_a_title_made_of_a_forgotten_post_is_made_anew(product: DiggDeeper, settings: Settings, secret: Raw) -> None:
    untitled = {name: value for name, value in secret.items() if name != "title"}
    untitled["comments"] = [secret["comments"][-2], *secret["comments"][:-2]]
    read_in(product, untitled)
    assert "zyxomma" in product.summary(secret["id"]).title
    edited = changed(untitled, "c9", text="The quibbleday pump is fine.")
    read_in(product, edited)
    assert product.summary(secret["id"]).title == "The quibbleday pump is fine."
    printed = product.thread(secret["id"]).model_dump(mode="json")
    assert product.forget_comment(secret["id"], "c9").remains == ()
    title = product.summary(secret["id"]).title
    assert title == "The night ferry stops for good in May. Does anybody know why?"
    assert readable(settings.home, SECRETS) == set()
    for again in (untitled, edited, printed):
        read_in(product, again)
        assert product.summary(secret["id"]).title == title
        assert product.threads(q="pump").threads == ()
    product.delete_thread(secret["id"])
    read_in(product, untitled)
    assert product.summary(secret["id"]).title == title


# ---- forgetting an author


def test_a_forgotten_author_is_nowhere(product: DiggDeeper, settings: Settings, secret: Raw) -> None:
    filled(product, secret)
    done = product.forget_author("@Wanda_Bollard")
    assert (done.threads, done.comments) == ((secret["id"],), 1)
    assert readable(settings.home, [*SECRETS, "wanda_bollard"]) == set()
    assert "wanda_bollard" not in listed(product, secret["id"])
    assert product.forget_author("wanda_bollard").comments == 0  # known as forgotten


def test_an_authors_posts_go_and_stay_away_in_every_thread_of_the_source(product: DiggDeeper, secret: Raw) -> None:
    other = {**secret, "id": "forum:other"}
    elsewhere = {**secret, "id": "elsewhere", "source": "elsewhere"}
    later = {**secret, "id": "forum:later"}
    for thread in (secret, other, elsewhere):
        read_in(product, thread)
    done = product.forget_author("wanda_bollard", source="forum")
    assert set(done.threads) == {secret["id"], "forum:other"}
    for thread in (secret, other, later):
        read_in(product, thread)
        assert product.thread(thread["id"]).comment("c9").deleted
    assert not product.thread("elsewhere").comment("c9").deleted


def test_a_handle_of_several_needs_more(product: DiggDeeper, ferry: Raw) -> None:
    read_in(product, ferry)
    read_in(product, {**ferry, "id": "elsewhere", "source": "elsewhere"})
    with pytest.raises(InvalidRequest, match="'forum:kestrel' in 'forum'"):
        product.forget_author("kestrel")
    assert product.forget_author("elsewhere:kestrel").threads == ("elsewhere",)
    assert product.forget_author("kestrel", source="forum").threads == (ferry["id"],)


def test_probably_by_a_forgotten_author_is_taken_off(product: DiggDeeper, ferry: Raw) -> None:
    wanda = {"id": "forum:wanda_bollard", "handle": "wanda_bollard", "name": "Wanda"}
    likely = {
        "id": "c9",
        "text": "It is the pump.",
        "author_candidate": {"author": wanda, "ground": "the page says so"},
    }
    thread = {**ferry, "comments": [*ferry["comments"], likely]}
    read_in(product, thread)
    done = product.forget_author("wanda_bollard")
    assert [(r.comment_id, r.why) for r in done.remains] == [("c9", "may be by the author")]
    read_in(product, thread)
    kept = product.thread(ferry["id"]).comment("c9")
    assert (kept.text, kept.author_candidate, kept.deleted) == ("It is the pump.", None, False)


def test_mentions_by_others_are_told(product: DiggDeeper, ferry: Raw) -> None:
    thread = changed(ferry, "c4", text="@old_salt The tax did not double, it rose by 40 percent.")
    read_in(product, thread)
    done = product.forget_author("old_salt")
    assert done.comments == 2
    assert ("c4", "names the author") in [(r.comment_id, r.why) for r in done.remains]


# ---- killed in between

_FORGET = """
import os, signal, sys
from pathlib import Path
from bot.product.assemble import assemble
from bot.settings import Settings
import {module}
def killed(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
{module}.{name} = killed
product = assemble(Settings(home=Path(sys.argv[1]), encoder_dir=Path(sys.argv[2])))
product.forget_author("wanda_bollard")
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "forgotten"),
    [
        ("bot.history.forgotten_words.remove", False),
        ("corpus.records.store.owe_scrubbing", False),
        ("corpus.records.store.scrub", True),
        ("bot.library.indexes.prune", True),
    ],
)
def test_killed_in_between_it_is_forgotten_or_not_and_the_same_again_completes_it(
    settings: Settings, encoder_home: Path, secret: Raw, place: str, forgotten: bool
) -> None:
    product = assemble(settings)
    filled(product, secret)
    whole = len(product._rankings.vectors.entries(secret["id"]))
    product.close()
    module, _, name = place.rpartition(".")
    program = _FORGET.format(module=module, name=name)
    died = subprocess.run([sys.executable, "-c", program, str(settings.home), str(encoder_home)], capture_output=True)
    assert died.returncode == -signal.SIGKILL, died.stderr
    again = assemble(settings)
    try:
        kept = again.thread(secret["id"]).comment("c9")
        assert (kept.deleted, kept.author is None, kept.text == "") == (forgotten, forgotten, forgotten)
        assert [a.statements == () for a in again.conversation("chat")[:1]] in ([forgotten], [])
        again.forget_author("wanda_bollard")
        assert readable(settings.home, [*SECRETS, "wanda_bollard"]) == set()
        assert again.summary(secret["id"]).state == "full"
        left = again._rankings.vectors.entries(secret["id"])
        assert 0 < len(left) < whole
        assert not any(entry.comment_id == "c9" for entry in left.values())
    finally:
        again.close()


# ---- whatever is done, in whatever order

_WORDS = ["zorblat", "quimfex", "vontrily", "plakwist", "jurnebok", "wexalind"]
_PEOPLE = ["anka_r", "bosko_t", "cilla_v"]
steps = st.lists(
    st.one_of(
        st.tuples(st.just("ingest"), st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), min_size=1, max_size=5)),
        st.tuples(st.just("forget comment"), st.integers(0, 5)),
        st.tuples(st.just("forget author"), st.integers(0, 2)),
        st.tuples(st.just("ask"), st.integers(0, 5)),
    ),
    min_size=3,
    max_size=9,
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Iterator[DiggDeeper]:
    made = assemble(Settings(home=tmp_path_factory.mktemp("sequences"), encoder_dir=encoder_home))
    yield made
    made.close()


class Sequence:
    """One thread, whose comment n uses word n; and what was forgotten of it so far."""

    def __init__(self, product: DiggDeeper, number: int) -> None:
        self.product, self.id = product, f"t{number}"
        self.source = f"s{number}"
        self.here: dict[int, int] = {}
        self.comments: set[int] = set()
        self.people: set[int] = set()

    def gone(self, comment: int, person: int) -> bool:
        return comment in self.comments or person in self.people

    def ingest(self, posts: list[tuple[int, int]]) -> None:
        self.here = dict(posts)
        said = [
            {"id": f"c{n}", "author": _PEOPLE[who], "text": f"The {_WORDS[n]} engine is too loud at night, I think."}
            for n, who in self.here.items()
        ]
        read_in(self.product, {"id": self.id, "source": self.source, "title": "A thread", "comments": said})

    def forget_comment(self, comment: int) -> None:
        if comment in self.here:
            self.product.forget_comment(self.id, f"c{comment}")
            self.comments.add(comment)

    def forget_author(self, person: int) -> None:
        if any(who == person and not self.gone(n, who) for n, who in self.here.items()):
            self.product.forget_author(_PEOPLE[person], source=self.source)
            self.people.add(person)

    def ask(self, word: int) -> None:
        if self.here:
            self.product.ask(f"Who mentions {_WORDS[word]}?", thread_ids=[self.id], conversation_id=self.id)
            self.product.ask("Who finds the engine too loud?", thread_ids=[self.id], conversation_id=self.id)

    def check(self) -> None:
        if not self.here:
            return
        hits = self.product.search(self.id, " ".join(_WORDS), k=20)
        asked = self.product.ask("What is said of the engine?", thread_ids=[self.id])
        shown = [self.product.story(self.id), self.product.comments(self.id), asked]
        told = [
            *hits,
            *shown,
            *self.product.answers(self.id).answers,
            *self.product.conversation(self.id, last=50),
            self.product.thread(self.id),
        ]
        every = "\n".join(value.model_dump_json(exclude={"question", "questions"}) for value in told)
        for n, who in self.here.items():
            assert (_WORDS[n] in every) == (not self.gone(n, who))
        for person in self.people:
            assert _PEOPLE[person] not in every


@hypothesis_settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps)
def test_forgotten_words_never_come_back(shared: DiggDeeper, done: list[tuple[str, Any]]) -> None:
    sequence = Sequence(shared, len(shared.threads(limit=200).threads))
    for what, argument in done:
        getattr(sequence, what.replace(" ", "_"))(argument)
        sequence.check()


# ---- what a model said


HARBOUR = [
    ("a", None, "wilma_zorb", "Let us build the zeppelin terminal next to the old harbour wall."),
    ("b", "a", "bob_reed", "That is a horrible plan for the harbour and the fish."),
    ("c", "a", "cyd_mole", "The harbour needs dredging before any plan for the quay can begin."),
]
PLAN: Raw = {
    "id": "forum:plan",
    "source": "forum",
    "title": "Plans",
    "comments": [{"id": i, "parent_id": p, "author": w, "text": t} for i, p, w, t in HARBOUR],
}
CLAIM = "The zeppelin terminal is a horrible plan for the harbour"
ASKED = "Who calls the harbour plan horrible?"


def kept_by_the_first_edition(product: DiggDeeper) -> str:
    """The text of an answer that cites one post, stored as the first edition stored what a model said of it."""
    read_in(product, PLAN)
    answer = product.ask(ASKED, thread_ids=["forum:plan"], conversation_id="chat")
    (said,) = [one for one in answer.statements if one.citations[0].comment_id == "b"]
    with writing(product._store.engine) as connection:
        document = json.loads(connection.execute(select(answers.c.document)).scalar_one())
        claimed = {"text": f"{CLAIM} — {said.text}", "claim": CLAIM, "role": "says so", "manner": None}
        statements = [{**one, **claimed} for one in document["statements"] if one["text"] == said.text]
        document |= {"kind": "claims", "lead": said.text, "statements": statements}
        del document["more"]
        connection.execute(update(answers).values(document=json.dumps(document)))
    return said.text


def test_an_answer_of_the_first_edition_is_read_without_the_sentences_of_a_model(product: DiggDeeper) -> None:
    text = kept_by_the_first_edition(product)
    (told,) = product.conversation("chat")
    (kept,) = product.answers("forum:plan").answers
    for answer in (told, kept):
        assert (answer.kind, [one.text for one in answer.statements]) == ("open", [text])
        assert answer.lead == text
        assert CLAIM not in answer.model_dump_json()


@pytest.mark.parametrize(
    "after",
    [
        lambda product: product.forget_comment("forum:plan", "a"),
        lambda product: product.forget_author("wilma_zorb"),
        lambda product: read_in(product, changed(PLAN, "a", text="Let us build a terminal.")),
        lambda product: read_in(product, without(PLAN, "a")),
    ],
)
def test_no_word_of_a_gone_comment_is_left_in_a_sentence_that_the_first_edition_kept(
    product: DiggDeeper, settings: Settings, after: Callable[[DiggDeeper], object]
) -> None:
    text = kept_by_the_first_edition(product)
    assert readable(settings.home, ["zeppelin", "horrible plan for"]) == {"zeppelin", "horrible plan for"}
    after(product)
    (told,) = product.conversation("chat")
    assert [one.text for one in told.statements] == [text]
    assert readable(settings.home, ["zeppelin"]) == set()


def test_what_is_kept_behind_more_is_forgotten_as_well(product: DiggDeeper, settings: Settings) -> None:
    posts = [(f"p{n}", f"The quay needs a new crane, number {n} of {n + 7}, for its {word}.") for n, word in FREIGHT]
    read_in(product, said_in("forum:quay", *posts))
    answer = product.ask("What does the quay need?", thread_ids=["forum:quay"], conversation_id="chat")
    (gone, *_) = [cited for one in answer.more for cited in one.citations]
    product.forget_comment("forum:quay", gone.comment_id)
    (told,) = product.conversation("chat")
    assert told.statements == answer.statements
    assert gone.comment_id not in [cited.comment_id for one in told.more for cited in one.citations]
    assert readable(settings.home, [word for _, word in FREIGHT if word in gone.quote]) == set()


FREIGHT = list(enumerate(["timber", "wool", "copper", "salted fish", "marble", "oranges", "glass", "tea"]))


# ---- what was asked elsewhere


@pytest.mark.parametrize("thread_ids", [["forum:lake"], None])
@pytest.mark.parametrize(
    "question",
    ["What is said of the zeppelin?", "Who wants it next to the old harbour wall?", "What does @wilma_zorb say?"],
)
def test_words_of_a_forgotten_author_go_from_what_was_asked_of_other_threads(
    product: DiggDeeper, settings: Settings, question: str, thread_ids: list[str] | None
) -> None:
    lake = {"id": "z", "author": "zed", "text": "The fish in the lake are fine and the water is clean."}
    read_in(product, PLAN)
    read_in(product, {"id": "forum:lake", "source": "forum", "title": "Lake", "comments": [lake]})
    kept = product.ask("Is the water of the lake clean?", thread_ids=["forum:lake"], conversation_id="chat")
    answer = product.ask(question, thread_ids=thread_ids, conversation_id="chat")
    product.feedback(kept.id, helpful=True, note="Not a word of the zeppelin.")
    product.ask(question, thread_ids=["forum:lake"], conversation_id="other")
    product.forget_author("wilma_zorb")
    assert [a.question for a in product.conversation("chat")] == [kept.question]
    assert product.conversation("other") == ()
    assert readable(settings.home, ["zeppelin", "wilma_zorb"]) == set()
    with pytest.raises(AnswerNotFound):
        product.feedback(answer.id, helpful=True)


def test_common_words_and_words_that_others_use_stay_in_what_was_asked_of_other_threads(product: DiggDeeper) -> None:
    said = "They build an old wall next to the lake, as the zeppelin crews do."
    lake = {"id": "z", "author": "zed", "text": said}
    read_in(product, PLAN)
    read_in(product, {"id": "forum:lake", "source": "forum", "title": "Lake", "comments": [lake]})
    asked = ["Who speaks of a zeppelin?", "Is there a terminal, let us say?", "What is next to the lake?"]
    for question in asked:
        product.ask(question, thread_ids=["forum:lake"], conversation_id="chat")
    assert product.forget_comment("forum:plan", "a").questions == 0
    assert [answer.question for answer in product.conversation("chat")] == asked


@pytest.mark.parametrize(
    "handle", ["the", "will", "commenters", "mention", "high", "2 more", "an unnamed commenter", "unattributed"]
)
def test_a_forgotten_handle_that_is_a_common_word_names_nobody_in_another_thread(
    product: DiggDeeper, handle: str
) -> None:
    asked = ["Will the bridge open in June?", "How many people mention the bridge?", "What about the bridge?"]
    read_in(product, said_in("forum:f", ("ada", "The quay toll doubled."), (handle, "Parking is hard.")))
    bridge = ("zoe", "The bridge will open in June."), ("yan", "The bridge is high.")
    read_in(product, said_in("forum:g", *bridge))
    for question in asked:
        product.ask(question, thread_ids=["forum:g"], conversation_id="chat")
    product.ask(f"What of @{handle} and the bridge?", thread_ids=["forum:g"], conversation_id="chat")
    product.forget_author(f"forum:{handle}")
    assert [answer.question for answer in product.conversation("chat")] == asked


def test_a_display_name_that_is_a_common_word_goes_where_it_is_written_as_one(product: DiggDeeper) -> None:
    author = {"id": "u7", "handle": "will", "name": "Will"}
    plan = {"id": "1", "author": author, "text": "Parking is hard."}
    read_in(product, {"id": "forum:f", "source": "forum", "title": "", "comments": [plan]})
    read_in(product, said_in("forum:g", ("zoe", "The bridge will open in June.")))
    stays = "Will the bridge open in June?"
    for question in (stays, "What does Will think of the bridge?"):
        product.ask(question, thread_ids=["forum:g"], conversation_id="chat")
    product.forget_author("u7")
    assert [answer.question for answer in product.conversation("chat")] == [stays]


def test_what_reading_an_export_told_of_it_goes(product: DiggDeeper, settings: Settings) -> None:
    odd = {"thread_id": "forum:other", "id": "y", "author": "mo", "text": "Hm.", "posted_at": "zeppelin o'clock"}
    read_in(product, PLAN)
    with closing(Jobs(product)) as jobs:
        for content in (json.dumps(odd), json.dumps({**odd, "posted_at": None, "id": "z"})):
            work = jobs.ingest(content.encode(), name="wilma_zorb.jsonl" if "zeppelin" in content else "mo.jsonl")
            jobs.keep(work)
            assert work.ended.wait(60)
        assert readable(settings.home, ["zeppelin", "wilma_zorb.jsonl"]) == {"zeppelin", "wilma_zorb.jsonl"}
        product.forget_author("wilma_zorb")
        assert [job.name for job in jobs.recent()] == ["mo.jsonl"]
    assert readable(settings.home, ["zeppelin", "wilma_zorb"]) == set()


def test_a_filter_by_a_forgotten_author_goes(product: DiggDeeper, settings: Settings) -> None:
    read_in(product, PLAN)
    for question in ("What does the harbour need?", "What about bananas?"):
        answer = product.ask(question, thread_ids=["forum:plan"], within=Filter(author="@wilma_zorb"))
        assert answer.coverage.only == "by @wilma_zorb"
    product.forget_author("wilma_zorb")
    assert readable(settings.home, ["wilma_zorb", "zeppelin"]) == set()
