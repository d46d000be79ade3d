"""Questions about a whole discussion, which may be longer than a model can read at once: by map and reduce.

Map: the thread is cut into parts along its subtrees, and each part is asked for its main points; every point is
verified as any statement is, and put back once where it does not hold. Reduce: the model chooses among the verified
points by number, so nothing new can come in.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

from bot import prompts
from bot.answer import DraftStatement
from bot.dossier import Dossier, cost, fitting
from bot.writing import Round, Writing
from corpus.errors import LanguageModelFailed
from corpus.thread import Comment, Thread

MOST_PARTS = 12
AT_ONCE = 4
MOST_POINTS = 8
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

    def write(self, exclude: Collection[str]) -> None:
        """Put what holds into the writing. Raises LanguageModelFailed where no part could be read."""
        scope = self._writing.scope
        comments = [c for t in scope.threads.values() for c in _in_reply_order(t) if c.citable and c.id not in exclude]
        cut = parts(comments, scope.threads, self._budget)
        if not cut:
            self._writing.nothing_to_show = True
        elif len(cut) == 1:
            self._writing.ask(Dossier(cut[0], scope.threads, budget=self._budget))
        else:
            read = self._mapped(cut)
            self._repaired(read)
            self._reduced([one.held for one in read])

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

    def _repaired(self, read: Sequence[Round]) -> None:
        """Once every part was read, so that no part waits for another's repair."""
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="repair") as pool:
            list(pool.map(lambda one: self._writing.repair(one, _wait), read))

    def _reduced(self, found: Sequence[Sequence[DraftStatement]]) -> None:
        points = _in_turn(found)
        for point in points if len(points) <= MOST_POINTS else self._chosen(points):
            self._writing.keep(point)

    def _chosen(self, points: Sequence[DraftStatement]) -> list[DraftStatement]:
        """The best of the points, as the model sees it; where it fails, the first of each part in turn, and a note."""
        writing = self._writing
        shown = [_shown(number, point) for number, point in enumerate(points, 1)]
        prompt = prompts.reduce(writing.question.standalone, shown, most=MOST_POINTS, kind=writing.question.kind)
        try:
            kept = writing.sitting.structured(prompt, prompts.Kept, purpose="reduce", most=200).keep
        except LanguageModelFailed as exc:
            _log.info("the points of the parts are not chosen among: %s", exc.why)
            kept = []
        chosen = [points[number - 1] for number in dict.fromkeys(kept) if 1 <= number <= len(points)][:MOST_POINTS]
        if not chosen:
            writing.trouble = writing.trouble or "unchosen"
        return chosen or list(points[:MOST_POINTS])


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


def _in_turn(found: Sequence[Sequence[DraftStatement]]) -> list[DraftStatement]:
    longest = max((len(one) for one in found), default=0)
    points = [one[place] for place in range(longest) for one in found if place < len(one)]
    return list(dict.fromkeys(points))


def _shown(number: int, point: DraftStatement) -> dict[str, Any]:
    told: dict[str, Any] = {"number": number, "claim": point.claim}
    if point.role is not None:
        told["side"] = point.role
    return {**told, "said_by": len({piece.comment_id for piece in point.evidence})}
