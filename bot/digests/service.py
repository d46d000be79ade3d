"""The digest of each thread, made once a revision: on first view, beside what waits for it, then kept.

It is made only once the thread has its vectors. A kept one is verified again before it is shown the first time by this
process. Not here: what is in it (bot.digests.digest), its row (bot.digests.store).
"""

import logging
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from threading import Lock

from bot.digests import quotes, suggestions
from bot.digests.digest import RULES, still_holds, verified
from bot.digests.store import KeptDigests
from bot.evidence.scope import Scope
from bot.library.indexes import Rankings
from bot.questions import understand as questions
from bot.values.story import Digest
from bot.verification.verify import judge
from bot.writers.quotes import ExtractiveWriter
from corpus.records.store import ThreadSummary
from corpus.thread import Thread

REMEMBERED = 200
"""Digests that this process has made or verified and keeps at hand."""
Key = tuple[str, int]
"""(thread id, revision)."""
_log = logging.getLogger(__name__)


class Digests:
    """Gives digests, and makes them one at a time. May be called from many threads."""

    def __init__(self, kept: KeptDigests, rankings: Rankings) -> None:
        self._kept = kept
        self._rankings = rankings
        self._writer = ExtractiveWriter()
        self._lock = Lock()
        self._ready: OrderedDict[Key, Digest] = OrderedDict()
        self._under_way: dict[Key, Future[Digest]] = {}
        self._maker: ThreadPoolExecutor | None = None
        self._closed = False

    @property
    def made_with(self) -> str:
        """What a kept digest must have been made with to be shown: else it is made anew."""
        return f"{RULES} {questions.RULES} {self._writer.name}"

    def of(self, thread: Thread, summary: ThreadSummary, *, wait_s: float) -> Digest:
        """The digest of this revision, beside the page's own lines; "pending" if it takes longer than `wait_s`."""
        if not any(comment.citable for comment in thread.comments):
            return Digest.of_page(thread.page)
        made = self._at_hand(thread, summary)
        if made is None and summary.state == "full":
            made = self._waited_for(thread, summary, wait_s)
        return (made or Digest(state="pending")).beside(thread.page)

    def forget(self, thread_id: str) -> None:
        """Keep nothing of the thread at hand. Its row goes with the thread."""
        with self._lock:
            for key in [key for key in self._ready if key[0] == thread_id]:
                del self._ready[key]

    def close(self) -> None:
        """Let what is under way be done, begin nothing more."""
        with self._lock:
            maker, self._maker, self._closed = self._maker, None, True
        if maker is not None:
            maker.shutdown(wait=True, cancel_futures=True)

    def _at_hand(self, thread: Thread, summary: ThreadSummary) -> Digest | None:
        key = (thread.id, summary.revision)
        with self._lock:
            if key in self._ready:
                self._ready.move_to_end(key)
                return self._ready[key]
        kept = self._kept.find(thread.id, revision=summary.revision, made_with=self.made_with)
        if kept is None:
            return None
        if not still_holds(kept, thread):
            _log.warning("the kept digest of thread %s does not hold any more and is made anew", thread.id)
            self._kept.forget(thread.id)
            return None
        self._remember(key, kept)
        return kept

    def _waited_for(self, thread: Thread, summary: ThreadSummary, wait_s: float) -> Digest | None:
        key = (thread.id, summary.revision)
        with self._lock:
            if self._closed:
                return None
            if self._maker is None:
                self._maker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="digest")
            making = self._under_way.get(key)
            if making is None:
                making = self._under_way[key] = self._maker.submit(self._make, thread, summary)
        try:
            return making.result(timeout=wait_s)
        except NotYet:
            return None
        except Exception:  # whatever it is, the story itself can be shown
            _log.warning("the digest of thread %s could not be made", thread.id, exc_info=True)
            return None

    def _make(self, thread: Thread, summary: ThreadSummary) -> Digest:
        key = (thread.id, summary.revision)
        try:
            scope = self._rankings.scope({thread.id: thread}, [summary], (), reread=False)
            draft = quotes.proposed(thread, scope, lambda q: self._answers(q, scope))
            made = verified(draft, thread)
            if self._kept.keep(thread.id, made, revision=summary.revision, made_with=self.made_with):
                self._remember(key, made)
            return made
        finally:
            with self._lock:
                self._under_way.pop(key, None)

    def _answers(self, question: str, scope: Scope) -> bool:
        """Whether what survives verification is an answer worth asking for."""
        understood = questions.understand(question, scope.threads.values())
        draft = self._writer.write(understood, scope)
        if draft.gap is not None:
            return False
        judged = (judge(drafted, scope.threads).statement for drafted in draft.statements)
        said = [statement for statement in judged if statement is not None]
        return suggestions.worth_asking(question, said, scope.threads)

    def _remember(self, key: Key, digest: Digest) -> None:
        with self._lock:
            self._ready[key] = digest
            self._ready.move_to_end(key)
            while len(self._ready) > REMEMBERED:
                self._ready.popitem(last=False)
