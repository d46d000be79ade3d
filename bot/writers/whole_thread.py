"""Questions about a whole discussion, which may be longer than a model can read at once: by map and reduce.

Map: the thread is cut into parts along its subtrees, and the model chooses the main points of each part; every quote is
verified as any other is. Reduce: it chooses among the verified points by number, so nothing new can come in.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import zip_longest

from bot.kinds.workbench import POINTS
from bot.llm import prompts
from bot.values.answer import DraftStatement
from bot.writers.evidence_budget import Dossier, cost, fitting
from bot.writers.session import Round, Writing
from corpus.errors import LanguageModelFailed
from corpus.thread import Comment, Thread

MOST_PARTS = 12
AT_ONCE = 4
SHOWN = 400
"""Characters of a point that are put before the model again, where they all fit."""
FULL = 0.45
"""Of the budget, what a part must hold before it ends at the border of a subtree that would not fit whole."""
HOPELESS = frozenset({"key refused", "unknown model", "redirected"})
"""Why one part fails that every other would fail for as well."""
STAGE = "reading the discussion"
"""What progress calls the parts that are read."""
Part = list[Comment]
_log = logging.getLogger(__name__)


class Whole:
    """A reading of everything."""

    def __init__(
        self,
        writing: Writing,
        *,
        budget: int,
        divisible: bool = False,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> None:
        self._writing = writing
        self._budget = budget
        self._divisible = divisible
        """Whether smaller parts may be tried where these are too long for the model."""
        self._progress = progress

    def write(self, comments: Sequence[Comment]) -> None:
        """Read the comments, and keep the points that answer. Raises LanguageModelFailed where no part was read."""
        threads = self._writing.scope.threads
        asked = {(comment.thread_id, comment.id) for comment in comments}
        ordered = [c for thread in threads.values() for c in _in_reply_order(thread) if (c.thread_id, c.id) in asked]
        cut = parts(ordered, threads, self._budget)
        if len(cut) > 1:
            self._reduce([one.held for one in self._mapped(cut)])
        elif cut:
            self._writing.ask(Dossier(cut[0], threads, budget=self._budget))

    def _mapped(self, cut: Sequence[Part]) -> list[Round]:
        """What the model says of each part, in their order; what holds of a part that broke off is among it."""
        threads = self._writing.scope.threads
        read = [self._writing.round(Dossier(part, threads, budget=self._budget)) for part in cut]
        failures: list[LanguageModelFailed] = []
        self._told(0, len(cut))
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="part") as pool:
            asked = [pool.submit(self._writing.put, one, "part", _wait, part=True) for one in read]
            for done, reading in enumerate(as_completed(asked), 1):
                try:
                    reading.result()
                except LanguageModelFailed as exc:
                    if exc.why in HOPELESS or (exc.why == "too long" and self._divisible):
                        pool.shutdown(wait=False, cancel_futures=True)
                        raise
                    failures.append(exc)
                self._told(done, len(cut))
        if failures and not any(one.held for one in read):
            raise failures[0]
        if failures:
            self._writing.trouble = "partly read"
        return read

    def _told(self, done: int, total: int) -> None:
        if self._progress is not None:
            self._progress(STAGE, done, total)

    def _reduce(self, found: Sequence[Sequence[DraftStatement]]) -> None:
        points = [point for row in zip_longest(*found) for point in row if point is not None]
        most = self._writing.question.number or POINTS
        for point in points if len(points) <= most else self._chosen(points, most):
            self._writing.keep(point)

    def _chosen(self, points: Sequence[DraftStatement], most: int) -> list[DraftStatement]:
        """The best of the points, as the model sees it; where it fails, the first of each part in turn, and a note."""
        writing = self._writing
        longest = min(SHOWN, 3 * self._budget // len(points))
        shown = [
            {"number": number, "words": point.evidence[0].quote[:longest], "made_by": len(point.evidence)}
            for number, point in enumerate(points, 1)
        ]
        prompt = prompts.reduce(writing.question.standalone, shown, most=most, kind=writing.question.kind)
        try:
            kept = writing.sitting.structured(prompt, prompts.Kept, purpose="reduce", most=200).keep
        except LanguageModelFailed as exc:
            _log.info("the points of the parts are not chosen among: %s", exc.why)
            kept = []
        chosen = [points[number - 1] for number in dict.fromkeys(kept) if 1 <= number <= len(points)][:most]
        if not chosen:
            writing.trouble = writing.trouble or "unchosen"
        return chosen or list(points[:most])


def _wait(_: DraftStatement) -> None:
    """A point of a part is not said before it was chosen."""


def parts(comments: Sequence[Comment], threads: Mapping[str, Thread], budget: int) -> list[Part]:
    """The comments in parts that fit the budget, along subtrees; where that makes too many, the most active ones."""
    if sum(cost(comment, budget) for comment in comments) > budget * MOST_PARTS:
        ranked = sorted(comments, key=lambda c: -threads[c.thread_id].activity[c.id])
        kept = {(c.thread_id, c.id) for c in fitting(ranked, budget * (MOST_PARTS - 1))}
        comments = [comment for comment in comments if (comment.thread_id, comment.id) in kept]
    cut: list[Part] = []
    held = 0
    for place, comment in enumerate(comments):
        costs = cost(comment, budget)
        root = threads[comment.thread_id].parents[comment.id] is None
        full = held + costs > budget
        ends = (
            len(cut) < MOST_PARTS
            and root
            and held > FULL * budget
            and held + _subtree(comments, place, threads, budget) > budget
        )
        if not cut or full or ends:
            cut.append([])
            held = 0
        cut[-1].append(comment)
        held += costs
    return cut


def _subtree(comments: Sequence[Comment], at: int, threads: Mapping[str, Thread], budget: int) -> int:
    """What the comment costs with all that follows before the next root, as far as that matters."""
    total = 0
    for comment in comments[at:]:
        if total > budget or (total and threads[comment.thread_id].parents[comment.id] is None):
            break
        total += cost(comment, budget)
    return total


def _in_reply_order(thread: Thread) -> list[Comment]:
    return [thread.by_id[comment_id] for comment_id, _ in thread.reply_order]
