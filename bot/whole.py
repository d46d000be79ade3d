"""Questions about a whole discussion, which may be longer than a model can read at once: by map and reduce.

Map: the thread is cut into parts along its subtrees, and each part is asked for its main points; every point is
verified as any statement is. Reduce: the model chooses among the verified points by number, so nothing new can come in.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

from bot import prompts
from bot.answer import DraftStatement
from bot.dossier import Dossier, cost, fitting
from bot.writing import Writing
from corpus.errors import LanguageModelFailed
from corpus.thread import Comment, Thread

MOST_PARTS = 12
AT_ONCE = 4
MOST_POINTS = 8
FULL = 0.45
"""Of the budget, what a part must hold before it ends at the border of a subtree that would not fit whole."""
Part = list[Comment]


class Whole:
    """A reading of everything."""

    def __init__(self, writing: Writing, *, budget: int, progress: Callable[[str, int, int], None] | None) -> None:
        self._writing = writing
        self._budget = budget
        self._progress = progress

    def write(self, exclude: Collection[str]) -> None:
        """Put what holds into the writing. Raises LanguageModelFailed where no part could be read."""
        scope = self._writing.scope
        comments = [c for t in scope.threads.values() for c in _in_reply_order(t) if c.citable and c.id not in exclude]
        scope.looked_at.update((comment.thread_id, comment.id) for comment in comments)
        cut = parts(comments, scope.threads, self._budget)
        if not cut:
            self._writing.declined = True
        elif len(cut) == 1:
            self._writing.ask(Dossier(cut[0], scope.threads, budget=self._budget))
        else:
            self._reduced(self._mapped(cut))

    def _mapped(self, cut: Sequence[Part]) -> list[list[DraftStatement]]:
        """The points of each part that hold, a list a part."""
        found: dict[int, list[DraftStatement]] = {}
        failures: list[LanguageModelFailed] = []
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="part") as pool:
            asked = {pool.submit(self._read, part): place for place, part in enumerate(cut)}
            for done, reading in enumerate(as_completed(asked), 1):
                try:
                    found[asked[reading]] = reading.result()
                except LanguageModelFailed as exc:
                    failures.append(exc)
                if self._progress is not None:
                    self._progress("reading the discussion", done, len(cut))
        if failures and not any(found.values()):
            raise failures[0]
        if failures:
            self._writing.trouble = "partly read"
        return [found[place] for place in sorted(found)]

    def _read(self, part: Part) -> list[DraftStatement]:
        writing = self._writing
        dossier = Dossier(part, writing.scope.threads, budget=self._budget)
        question = writing.question
        prompt = prompts.answer(question.standalone, dossier.posts(), kind=question.kind, part=True)
        kept = []
        for drafted, reason, _ in writing.statements(prompt, dossier, "part"):
            if reason is None and drafted is not None:
                kept.append(drafted)
            else:
                writing.dropped += 1
        return kept

    def _reduced(self, found: Sequence[Sequence[DraftStatement]]) -> None:
        points = _in_turn(found)
        for point in points if len(points) <= MOST_POINTS else self._chosen(points):
            self._writing.keep(point)

    def _chosen(self, points: Sequence[DraftStatement]) -> list[DraftStatement]:
        """The best of the points, as the model sees it; where it fails, the first of each part in turn."""
        writing = self._writing
        shown = [_shown(number, point) for number, point in enumerate(points, 1)]
        prompt = prompts.reduce(writing.question.standalone, shown, most=MOST_POINTS, kind=writing.question.kind)
        try:
            kept = writing.sitting.structured(prompt, prompts.Kept, purpose="reduce", most=200).keep
        except LanguageModelFailed:
            kept = []
        chosen = [points[number - 1] for number in dict.fromkeys(kept) if 1 <= number <= len(points)][:MOST_POINTS]
        return chosen or list(points[:MOST_POINTS])


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
