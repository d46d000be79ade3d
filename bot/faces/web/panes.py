"""What each part of the page shows: calls of the product, as HTML, with every failure told in words.

Not here: how values look (bot.faces.web.html and its two views) and the framework that carries the HTML
(bot.faces.web.app).
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, NamedTuple, ParamSpec

from bot.digests import suggestions
from bot.faces.web import render_answer, render_job, render_story
from bot.faces.web.html import Html, failure, joined
from bot.faces.web.render_answer import Scene
from bot.product.jobs import Jobs
from bot.values.answer import Statement
from bot.values.job import Job
from bot.values.narrowing import read_filter
from corpus.errors import DiscussionError, ThreadNotFound
from corpus.fetching import addresses
from corpus.thread import Thread

if TYPE_CHECKING:
    from bot.product.product import DiggDeeper
    from bot.values.story import Sort, Story

P = ParamSpec("P")
ALL = ""
"""Stands for all stories where one story's id could stand."""
PAGE = 50
ANSWERED = 20
DIGEST_WAIT_S = 20.0
"""How long the page, once it stands, waits for a digest that is being made."""
_TOLD_S = 0.3
"""How often the bar of a reading in moves."""
_KEPT_AFTER_S = 2.0
"""What takes longer to read in is a job that others see as well."""
_LOOK_AGAIN_S = 0.5
_log = logging.getLogger(__name__)


class StoryPane(NamedTuple):
    """A story in three parts, which change apart from each other."""

    thread: str
    """The story that is shown, ALL where there is no such one."""
    head: Html
    deeper: Html = Html()
    posts: Html = Html()


def failed(error: Exception) -> Html:
    """A failure in words. One that nobody foresaw goes to the log and shows nothing of the program's inside."""
    if isinstance(error, DiscussionError):
        return failure(error.title, error.message, error.next_step)
    _log.error("unexpected error behind the page", exc_info=error)
    return failure(
        "That did not work",
        "Something failed that should not have; the log says more.",
        "Try again, or reload the page.",
    )


def _told(show: "Callable[Concatenate[Panes, P], Html]") -> "Callable[Concatenate[Panes, P], Html]":
    """The same method, with what it raises shown in place of its result."""

    @wraps(show)
    def shown(self: "Panes", /, *args: P.args, **kwargs: P.kwargs) -> Html:
        try:
            return show(self, *args, **kwargs)
        except Exception as exc:
            return failed(exc)

    return shown


class Panes:
    """The parts of the page over one product. May be called from many threads."""

    def __init__(self, product: "DiggDeeper", jobs: Jobs | None = None) -> None:
        self._product = product
        self._jobs = jobs or Jobs(product)

    def first_story(self) -> str:
        """The story to open with: the only one there is, else all of them."""
        threads = self._product.threads(limit=2).threads
        return threads[0].id if len(threads) == 1 else ALL

    def story(self, thread_id: str) -> StoryPane:
        try:
            if thread_id == ALL:
                return StoryPane(ALL, self._all_stories())
            thread, story = self._product.thread(thread_id), self._product.story(thread_id)
            return StoryPane(
                thread_id, render_story.head(story), self._deeper(story, thread), self._first_posts(thread)
            )
        except Exception as exc:
            return StoryPane(ALL, render_story.unavailable(failed(exc)))

    def digested(self, thread_id: str) -> StoryPane:
        """What of a story changes once its digest is made; waits for that."""
        try:
            story = self._product.story(thread_id, wait_s=DIGEST_WAIT_S)
            return StoryPane(thread_id, render_story.head(story), self._deeper(story, self._product.thread(thread_id)))
        except Exception as exc:
            return StoryPane(ALL, render_story.unavailable(failed(exc)))

    def _all_stories(self) -> Html:
        page = self._product.threads(limit=PAGE)
        if not page.threads:
            return render_story.empty_store()
        return render_story.overview(page.threads, next_cursor=page.next_cursor)

    @_told
    def stories(self, q: str, cursor: str | None) -> Html:
        page = self._product.threads(q=q or None, cursor=cursor, limit=PAGE)
        return render_story.story_cards(page.threads, next_cursor=page.next_cursor)

    @_told
    def deeper(self, thread_id: str) -> Html:
        return self._deeper(self._product.story(thread_id), self._product.thread(thread_id))

    def _deeper(self, story: "Story", thread: Thread) -> Html:
        return render_story.deeper(story, self._product.answers(thread.id, limit=ANSWERED).answers, thread)

    def _first_posts(self, thread: Thread) -> Html:
        cards = self.posts(thread.id, "activity", None, thread)
        return render_story.posts_pane(cards, "activity")

    @_told
    def posts(self, thread_id: str, sort: "Sort", cursor: str | None, thread: Thread | None = None) -> Html:
        page = self._product.comments(thread_id, sort=sort, cursor=cursor, limit=PAGE)
        return render_story.posts(
            page.comments, thread or self._product.thread(thread_id), sort=sort, next_cursor=page.next_cursor
        )

    @_told
    def whole_post(self, thread_id: str, comment_id: str) -> Html:
        thread = self._product.thread(thread_id)
        return render_story.post(thread.comment(comment_id), thread, whole=True)

    # the conversation

    @_told
    def conversation(self, scope: str, conversation_id: str | None) -> Html:
        """What was asked and answered so far, or how to begin."""
        answers = self._product.conversation(conversation_id) if conversation_id else ()
        turns = [render_answer.turn(answer, self._scene(scope)) for answer in answers]
        return render_answer.history(joined(turns), self._opening(scope), of_all=scope == ALL)

    def _opening(self, scope: str) -> Html:
        chips = render_story.chips(self._suggested(scope), "Questions to begin with")
        return render_answer.opening(chips, of_all=scope == ALL)

    def _suggested(self, scope: str) -> tuple[str, ...]:
        """What to ask first: of a story what its page asks, of all of them what their titles ask."""
        if scope == ALL:
            titles = [summary.title.strip() for summary in self._product.threads(limit=PAGE).threads]
            return tuple(title for title in titles if title.endswith("?"))[: suggestions.MOST]
        thread = self._product.thread(scope)
        digest = self._product.story(scope, wait_s=0).digest
        return digest.questions[: suggestions.MOST] or (
            suggestions.first_questions(thread) if digest.state == "pending" else ()
        )

    def _scene(self, scope: str) -> Scene:
        return Scene(_Loaded(self._product), of_several=scope == ALL)

    def ask(
        self,
        question: str,
        scope: str,
        conversation_id: str | None,
        show: Callable[[Html], None],
        filters: Mapping[str, str] | None = None,
    ) -> Html:
        """The turn of the conversation that a question makes; meanwhile `show` gets what is verified so far."""
        scene = self._scene(scope)
        statements: list[Statement] = []

        def on_statement(said: Statement) -> None:
            statements.append(said)
            show(render_answer.growing(question, statements, scene))

        def progress(_: str, done: int, total: int) -> None:
            show(render_answer.growing(question, statements, scene, parts=(done, total)))

        try:
            answer = self._product.ask(
                question,
                thread_ids=[scope] if scope else None,
                conversation_id=conversation_id or None,
                on_statement=on_statement,
                progress=progress,
                within=read_filter(**filters) if filters else None,
            )
            return render_answer.turn(answer, scene)
        except Exception as exc:
            return render_answer.failed(question, failed(exc))

    @_told
    def feedback(self, answer_id: str, *, helpful: bool, note: str | None) -> Html:
        self._product.feedback(answer_id, helpful=helpful, note=note)
        return Html("Thank you.")

    # reading in

    def read_in(self, content: bytes, name: str, show: Callable[[Html], None]) -> Html:
        """What came of an export, or of an address that was pasted; meanwhile `show` gets how far it is.

        Raises what ingesting raises.
        """

        told = 0.0

        def heard(job: Job) -> None:
            nonlocal told
            if job.stage != "embedding" or time.monotonic() - told >= _TOLD_S:
                told = time.monotonic()
                show(render_job.progress(job))

        pasted = "" if name else content[: addresses.MAX_CHARS + 1].decode(errors="replace")
        if addresses.is_address(pasted):
            work = self._jobs.ingest_url(pasted, heard=heard)
        else:
            work = self._jobs.ingest(content, name=name, heard=heard)
        if not work.ended.wait(_KEPT_AFTER_S):
            self._jobs.keep(work)
        while not (work.ended.wait(_LOOK_AGAIN_S) or self._jobs.closed):
            pass
        if work.failure is not None:
            raise work.failure
        return render_job.ended(work.job)


class _Loaded(Mapping[str, Thread]):
    """The threads of the store by id, each loaded once, when it is first looked at."""

    def __init__(self, product: "DiggDeeper") -> None:
        self._product = product
        self._loaded: dict[str, Thread] = {}

    def __getitem__(self, thread_id: str) -> Thread:
        if thread_id not in self._loaded:
            try:
                self._loaded[thread_id] = self._product.thread(thread_id)
            except ThreadNotFound:
                raise KeyError(thread_id) from None
        return self._loaded[thread_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded)

    def __len__(self) -> int:
        return len(self._loaded)
