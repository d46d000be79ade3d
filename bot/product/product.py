"""DiggDeeper: what every face calls. Threads come in, questions are asked, answers are kept.

All methods are synchronous and may be called from many threads. Not here: which parts it is made of
(bot.product.assemble).
"""

import time
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Protocol

from bot.digests.service import Digests
from bot.evidence.scope import Scope
from bot.history.conversations import Conversations
from bot.history.forgetting import Forgetting
from bot.history.saved_answers import AnswerPage, SavedAnswers, aged, question_key
from bot.library import listing
from bot.library.all_threads import Everywhere, Ground
from bot.library.indexes import Rankings
from bot.library.intake import Intake, Progress
from bot.library.job_records import JobRecords
from bot.library.vector_repair import Mending
from bot.llm.client import Llm
from bot.questions import understand as questions
from bot.settings import Settings
from bot.values.answer import Answer, Draft, DraftStatement, Statement
from bot.values.story import CommentPage, Forgotten, Ingested, SearchHit, Sort, Story
from bot.values.turn import Turn
from bot.verification.verify import NO_QUESTION, Asked, verify, verify_again
from bot.writers.delivery import Told, billed
from bot.writers.stand_alone import followed
from corpus.errors import AnswerNotFound, InvalidRequest, ThreadNotFound
from corpus.fetching.sources import Sources
from corpus.records.filters import Filter
from corpus.records.store import ThreadPage, ThreadStore, ThreadSummary
from corpus.thread import Thread, storable

DIGEST_WAIT_S = 1.0
"""How long a story waits for its digest, which is made when it is first looked at."""


class Writer(Protocol):
    """Turns a question into a draft; nothing that it says is trusted."""

    @property
    def name(self) -> str: ...
    def write(
        self,
        question: questions.Question,
        scope: Scope,
        *,
        exclude: Collection[str] = (),
        told: Callable[[DraftStatement], None] | None = None,
        progress: Progress | None = None,
    ) -> Draft: ...


class DiggDeeper:
    """One corpus, its index, its writer."""

    def __init__(
        self,
        settings: Settings,
        *,
        store: ThreadStore,
        rankings: Rankings,
        writer: Writer,
        saved: SavedAnswers,
        conversations: Conversations,
        job_records: JobRecords,
        sources: Sources,
        digests: Digests,
        llm: Llm | None = None,
    ) -> None:
        self.settings = settings
        self.job_records = job_records
        self._store = store
        self._rankings = rankings
        self._mending = Mending(store, rankings)
        self.reindex_cost = self._mending.cost
        self._everywhere = Everywhere(store, rankings)
        self._writer = writer
        self._saved = saved
        self._conversations = conversations
        self._digests = digests
        self._llm = llm
        self.on_model_call = llm.on_call if llm is not None else lambda _: None
        self.intake = Intake(settings, store=store, rankings=rankings, sources=sources, mending=self._mending)
        self._forgetting = Forgetting(store, rankings, digests, self.intake)

    # threads

    def ingest(self, content: bytes, *, name: str = "", progress: Progress | None = None) -> Ingested:
        """Read an export, keep its threads, make them findable. Raises UnreadableInput; nothing half-read is kept."""
        return self.intake.ingest(content, name=name, progress=progress)

    def ingest_url(self, url: str, *, progress: Progress | None = None) -> Ingested:
        """Fetch the discussion that an address names, and read it in. Raises FetchError, and what ingest raises."""
        return self.intake.ingest_url(url, progress=progress)

    def sync(self, progress: Progress | None = None) -> tuple[ThreadSummary, ...]:
        """Make the vectors of every thread that lacks them; the threads that were behind."""
        with self.intake.line.place(progress and (lambda before: progress("waiting", 0, before))):
            self._mending.look()
        behind = [i for i in self._store.thread_ids() if self._store.summary(i).state != "full"]
        made: list[ThreadSummary] = []
        for thread_id in behind:
            with suppress(ThreadNotFound):  # forgotten meanwhile
                made.append(self.intake.make_vectors(thread_id, progress))
        return tuple(made)

    def reindex(self, progress: Progress | None = None) -> tuple[ThreadSummary, ...]:
        """Throw all vectors away and make them anew from the record store, with the encoder that is set now.

        Cut short, it goes on with the rest when it is called again; until then threads are answered by words.
        """
        self._mending.begin_or_go_on()
        made = self.sync(progress)
        self._mending.end()
        return made

    def threads(
        self, *, source: str | None = None, q: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> ThreadPage:
        return self._store.summaries(source=source, q=q, cursor=cursor, limit=limit)

    def thread(self, thread_id: str) -> Thread:
        return self._store.thread(thread_id)

    def summary(self, thread_id: str) -> ThreadSummary:
        return self._store.summary(thread_id)

    def story(self, thread_id: str, *, wait_s: float = DIGEST_WAIT_S) -> Story:
        """The thread without its comments. A digest that is not made within `wait_s` is "pending", and goes on."""
        thread, summary = self._store.snapshot(thread_id)
        return listing.story(thread, summary, self._digests.of(thread, summary, wait_s=wait_s))

    def comments(
        self,
        thread_id: str,
        *,
        sort: Sort = "activity",
        author: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> CommentPage:
        """A page of the thread's comments; `author` is a handle, with or without @, or an author's id."""
        thread = self._store.thread(thread_id)
        return listing.comments(thread, sort=sort, author=author, cursor=cursor, limit=limit)

    def search(self, thread_id: str, q: str, *, k: int = 10) -> tuple[SearchHit, ...]:
        """Retrieval alone, best first."""
        thread, summary = self._store.snapshot(thread_id)
        hits = self._rankings.of(thread, summary).hits(_asked(q, self.settings), k=k)
        return tuple(listing.hit(thread.by_id[hit.comment_id], hit.score) for hit in hits)

    def delete_thread(self, thread_id: str) -> None:
        """Forget a thread: its words, its vectors, the answers that cite it."""
        self._forgetting.thread(thread_id)

    def forget_comment(self, thread_id: str, comment_id: str) -> Forgotten:
        """For good, also when the thread is read in again. Raises ThreadNotFound, CommentNotFound."""
        return self._forgetting.comment(thread_id, comment_id)

    def forget_author(self, who: str, *, source: str | None = None) -> Forgotten:
        """Every post, by id or handle, for good. Raises AuthorNotFound, InvalidRequest where several may be meant."""
        return self._forgetting.author(who, source=source)

    # questions

    def ask(
        self,
        question: str,
        *,
        thread_ids: Sequence[str] | None = None,
        conversation_id: str | None = None,
        on_statement: Callable[[Statement], None] | None = None,
        progress: Progress | None = None,
        exclude: Collection[str] = (),
        within: Filter | None = None,
    ) -> Answer:
        """The answer, every sentence of it cited. `thread_ids` None asks all threads; `exclude` leaves comments out.

        Under a filter nothing is found, counted or cited but the comments that pass it.
        """
        clock = _Clock()
        asked = _asked(question, self.settings)
        conversation = conversation_id or uuid.uuid4().hex
        turns = self._conversations.turns(conversation) if conversation_id else ()
        with clock.stage("threads"):
            sought = turns[-1].standalone + " " + asked if turns else asked
            ground = self._everywhere.ground(sought, within, thread_ids=thread_ids)
        with clock.stage("question"):
            cited = [self._cited_in(turn.answer_id) for turn in turns]
            understood = questions.understand(asked, ground.narrowed.values(), turns, cited)
        following = None
        if self._llm is not None and turns:
            understood, following = followed(understood, turns, ground.narrowed.values(), self._llm)
        key = question_key(understood, thread_ids, exclude, self._answered_by, within)
        revisions = {summary.id: summary.revision for summary in ground.summaries}
        answer = self._kept(key, revisions, understood, conversation, full=ground.full)
        kept = answer is not None
        if answer is None:
            told = Told(ground.narrowed, on_statement, progress)
            answer = billed(self._answered(understood, ground, conversation, exclude, clock, told), following)
            if understood.kind not in NO_QUESTION:
                key = key if answer.note is None else f"{key} in trouble"  # without that it is to be made anew
                kept = self._saved.keep(answer, question_key=key, revisions=revisions)
            told.rest(answer)
        elif on_statement is not None:
            for statement in answer.statements:
                on_statement(statement)
        if kept:
            turn = Turn(
                question=asked, standalone=understood.standalone, answer_id=answer.id, asked_at=datetime.now(UTC)
            )
            self._conversations.add(conversation, turn)
        return answer

    def ask_passing(self, question: str, thread: Thread, *, before: Sequence[str] = ()) -> Answer:
        """The answer from a thread that is handed in, of which nothing is kept: no text, no vector, no answer.

        `before` are the questions put to it earlier, oldest first, for a follow-up. See docs/decisions.
        """
        clock = _Clock()
        asked = _asked(question, self.settings)
        thread = self._store.without_forgotten(thread)
        threads = {thread.id: thread}
        turns: list[Turn] = []
        for earlier in (*before, asked):
            understood = questions.understand(earlier, threads.values(), turns)
            turns.append(
                Turn(question=earlier, standalone=understood.standalone, answer_id="", asked_at=datetime.now(UTC))
            )
        with clock.stage("threads"):
            scope = self._rankings.passing_scope(thread)
        return self._written(understood, threads, scope, None, (), clock, Told(threads))

    def scope(self, thread_ids: Sequence[str], *, exclude: Collection[str] = ()) -> Scope:
        """What a writer may look at in these threads: for measurements, and for writers of your own."""
        threads, summaries = self._snapshots(thread_ids)
        return self._rankings.scope(threads, summaries, exclude)

    def answers(self, thread_id: str, *, cursor: str | None = None, limit: int = 50) -> AnswerPage:
        """The thread's answered questions, newest first, each verified again in the thread as it is now."""
        thread = self._store.thread(thread_id)
        page = self._saved.of_thread(thread_id, cursor=cursor, limit=limit)
        told = (aged(verify_again(answer, {thread_id: thread}), thread) for answer in page.answers)
        return page.model_copy(update={"answers": tuple(told)})

    def conversation(self, conversation_id: str, *, last: int = 20) -> tuple[Answer, ...]:
        """What was answered in a conversation, oldest first, each verified again; greetings are not kept."""
        told: list[Answer] = []
        for turn in self._conversations.turns(conversation_id, last=last):
            with suppress(AnswerNotFound):
                answer, _ = self._saved.answer(turn.answer_id)
                threads = self._cited_threads(answer)
                told.append(verify_again(answer, threads, question=turn.question, conversation_id=conversation_id))
        return tuple(told)

    def feedback(self, answer_id: str, *, helpful: bool, note: str | None = None) -> None:
        self._saved.feedback(answer_id, helpful=helpful, note=note)

    def ready(self) -> Mapping[str, str]:
        """Open every part and say what each is; raises the DiscussionError of the first that is not usable."""
        threads = len(self._store.thread_ids())
        parts = {"store": f"{threads} threads", **self._rankings.ready()}
        if self._llm is not None:
            parts["language model"] = self._llm.state()  # without it questions are answered all the same
        return parts

    def close(self) -> None:
        self._digests.close()
        if self._llm is not None:
            self._llm.close()
        self._rankings.close()
        self._store.close()

    # steps

    @property
    def _answered_by(self) -> str:
        """What an answer rests on beside the threads; other models find other comments."""
        models = (self.settings.model, self.settings.reranker)
        return " ".join([self._writer.name, *(f"{model}" for model in models if any(models))])

    def _snapshots(self, thread_ids: Sequence[str]) -> tuple[dict[str, Thread], list[ThreadSummary]]:
        snapshots = [self._store.snapshot(thread_id) for thread_id in thread_ids]
        return {thread.id: thread for thread, _ in snapshots}, [summary for _, summary in snapshots]

    def _cited_in(self, answer_id: str) -> tuple[tuple[str, str], ...]:
        """(thread id, comment id) of what a saved answer cites; nothing where it is not kept any more."""
        with suppress(AnswerNotFound):
            answer, _ = self._saved.answer(answer_id)
            cited = [citation for statement in answer.statements for citation in statement.citations]
            return tuple((citation.thread_id, citation.comment_id) for citation in cited)
        return ()

    def _cited_threads(self, answer: Answer) -> dict[str, Thread]:
        """The threads whose words stand in the answer, as far as they are still there."""
        statements = (*answer.statements, *answer.more)
        cited = [*answer.nearest, *(citation for statement in statements for citation in statement.citations)]
        found: dict[str, Thread] = {}
        for thread_id in dict.fromkeys(citation.thread_id for citation in cited):
            with suppress(ThreadNotFound):
                found[thread_id] = self._store.thread(thread_id)
        return found

    def _kept(
        self,
        key: str,
        revisions: Mapping[str, int],
        understood: questions.Question,
        conversation: str,
        *,
        full: bool,
    ) -> Answer | None:
        """The saved answer to the same question over the same text, verified again; None where there is none."""
        if understood.kind in NO_QUESTION:
            return None
        found = self._saved.find(key, revisions)
        if found is None or (full and found.coverage.state != "full"):
            return None
        threads = self._cited_threads(found)
        return verify_again(found, threads, question=understood.text, conversation_id=conversation)

    def _answered(
        self,
        understood: questions.Question,
        ground: Ground,
        conversation: str,
        exclude: Collection[str],
        clock: "_Clock",
        told: Told,
    ) -> Answer:
        with self.intake.question():
            scope = self._everywhere.scope(ground, exclude)
            written = self._written(understood, ground.narrowed, scope, conversation, exclude, clock, told)
            return self._everywhere.told(written, ground)

    def _written(
        self,
        understood: questions.Question,
        threads: Mapping[str, Thread],
        scope: Scope,
        conversation: str | None,
        exclude: Collection[str],
        clock: "_Clock",
        told: Told,
    ) -> Answer:
        with clock.stage("write"):
            draft = self._writer.write(understood, scope, exclude=exclude, told=told, progress=told.progress)
        asked = Asked.of(understood, conversation_id=conversation)
        coverage = listing.coverage(list(threads.values()), scope)
        return verify(draft, asked=asked, threads=threads, coverage=coverage, took={**clock.took, **scope.took})


class _Clock:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self.took: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str):  # type: ignore[no-untyped-def]  # a context manager of nothing
        start = time.perf_counter()
        try:
            yield
        finally:
            self.took[name] = round((time.perf_counter() - start) * 1000, 2)


def _asked(question: str, settings: Settings) -> str:
    limit = settings.max_question_chars
    if len(question) > limit:
        raise InvalidRequest(
            f"the question has {len(question):,} characters, the limit is {limit:,} (DIGG_MAX_QUESTION_CHARS).",
            next_step="Ask it in fewer words.",
        )
    return storable(question)
