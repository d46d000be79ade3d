"""The writer with a language model: it chooses the quotes of an answer and their order, and writes no sentence.

A quote that bot.verification.verify refuses is dropped and counted. The points that the extractive writer found and the
model did not choose follow behind "more". Where the model fails, or none of its quotes holds, the extractive answer
takes its place and the answer says so. Not here: what a model is told (bot.llm.prompts), which comments it sees
(bot.writers.evidence_budget), how it is reached (bot.llm.client), how its reply is read (bot.writers.session), long
discussions (bot.writers.whole_thread).
"""

import logging
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import zip_longest
from typing import Any, cast

from bot.evidence.scope import Scope
from bot.kinds.workbench import NEAREST, Desk, key
from bot.llm.client import Llm
from bot.values.answer import BY_CODE, Draft, DraftStatement
from bot.values.fallback import Why
from bot.values.inquiry import Key, Question
from bot.writers.evidence_budget import Dossier
from bot.writers.quotes import ExtractiveWriter
from bot.writers.session import Told, Writing
from bot.writers.whole_thread import Whole
from corpus.errors import LanguageModelFailed
from corpus.thread import Comment

Progress = Callable[[str, int, int], None]
CANDIDATES = 80
"""Comments of the ranking that may be put before the model."""
WITH_PARENTS = 10
"""Of these, the first ones are shown with the comment that they reply to."""
SHORTEST = 600
"""Tokens of evidence below which a model's context is too small to be of use."""
REMEMBERED_S = 600.0
"""How long it is remembered that a model takes in less than the settings say; another model may follow."""
WHOLE = frozenset({"overview", "sides"})
"""Kinds of question for which everything is read."""
UNDECIDED = frozenset({None, "unsaid", "silent"})
"""What the extractive writer may not have found and a model may: any other gap is told by the data."""
_log = logging.getLogger(__name__)


class Budget:
    """How many tokens of evidence are put before the model in one call: as set, or less while it takes in less."""

    def __init__(self, tokens: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._set = tokens
        self._clock = clock
        self._less = (tokens, 0.0)
        """How many, and until when."""

    @property
    def now(self) -> int:
        """Tokens for the next call."""
        tokens, until = self._less
        return tokens if self._clock() < until else self._set

    def divisible(self, tried: int) -> bool:
        """Whether half of it is still of use."""
        return tried // 2 >= SHORTEST

    def lessen(self, tried: int) -> None:
        """Remember that so many tokens were too many."""
        self._less = (min(tried // 2, self.now), self._clock() + REMEMBERED_S)
        _log.info("the model takes in less: %d tokens of evidence for a while", self._less[0])


class GenerativeWriter:
    """Writes drafts whose quotes a model chose, over the draft that the extractive writer makes."""

    def __init__(self, llm: Llm, quotes: ExtractiveWriter, *, evidence_tokens: int) -> None:
        self.llm = llm
        self.name = llm.name
        self._quotes = quotes
        self._budget = Budget(evidence_tokens)

    def write(
        self,
        question: Question,
        scope: Scope,
        *,
        exclude: Collection[str] = (),
        told: Told | None = None,
        progress: Progress | None = None,
    ) -> Draft:
        """The draft; `told` gets each statement as soon as it holds, `progress` how far a long reading is."""
        before = frozenset(scope.looked_at)
        found = self._quotes.write(question, scope, exclude=exclude)
        if question.kind in BY_CODE or not _open_to_a_model(question, found):
            return found
        ranked = scope.looked_at - before
        scope.looked_at.intersection_update(before)  # coverage tells what the model reads
        desk = Desk(question, scope, exclude, writer=self.name)
        writing = Writing(self.llm.sitting(), question, scope, told=told)
        trouble: Why | None = None
        try:
            self._ask(writing, desk, found, progress)
        except LanguageModelFailed as exc:
            trouble = cast("Why", exc.why)  # bot.llm.client raises it with nothing else
        if not writing.kept:
            scope.looked_at.update(ranked)
        return self._drafted(writing, trouble or writing.trouble, found)

    def _ask(self, writing: Writing, desk: Desk, found: Draft, progress: Progress | None) -> None:
        """Ask the model, with half of the evidence wherever that is more than it takes in."""
        ranked = None if desk.question.kind in WHOLE else evidence(desk, found)
        while True:
            budget = self._budget.now
            less = self._budget.divisible(budget)
            try:
                if ranked is None:
                    Whole(writing, budget=budget, divisible=less, progress=progress).write(desk.comments)
                else:
                    writing.ask(Dossier.chosen(ranked, desk.scope.threads, budget=budget))
            except LanguageModelFailed as exc:
                if exc.why != "too long" or not less or writing.kept:
                    raise
                self._budget.lessen(budget)
                writing.begin_again()
            else:
                return

    def _drafted(self, writing: Writing, trouble: Why | None, found: Draft) -> Draft:
        """The model's quotes; else that nothing answers, where it says so; else the extractive draft and why."""
        used: dict[str, Any] = {"usage": writing.sitting.usage, "took": writing.sitting.took}
        beside, rest = _parted(found)
        if writing.kept:
            chosen = _cited(writing.kept)
            first, more = _unless_cited(beside, chosen), _unless_cited((*rest, *found.more), chosen)
            made = {"statements": (*writing.kept, *first), "more": more, "gap": None, "nearest": ()}
            note = None if found.note == "sides" else found.note
            told = {"writer": self.name, "note": note, "dropped": writing.dropped, "trouble": trouble}
            return found.model_copy(update={**made, **told, **used})
        if writing.declined and trouble is None and not writing.dropped:
            near = found.nearest or tuple(one.evidence[0] for one in rest[:NEAREST])
            gap = found.gap or ("silent" if writing.question.kind == "person" else "unsaid")
            stands = beside if found.gap is None else found.statements
            return Draft(writer=self.name, gap=gap, statements=stands, nearest=near, **used)
        if not writing.asked:
            return found
        return found.model_copy(update={"trouble": trouble or "unverified", "dropped": writing.dropped, **used})


def evidence(desk: Desk, found: Draft) -> list[Comment]:
    """The comments that may answer, best first, each once.

    Of a question about replies these replies; about people what they wrote, by turns; else the ranking, after the
    comments that a follow-up points at.
    """
    question, threads = desk.question, desk.scope.threads
    if question.kind == "replies":
        return [threads[thread_id].by_id[comment_id] for thread_id, comment_id in found.matched]
    if question.kind in {"person", "comparison"}:
        people = [question.person] if question.person is not None else question.people
        return list(_once(_by_turns([_nearest(desk, desk.by(person)) for person in people if person is not None])))
    cited = [threads[t].by_id[c] for t, c in question.cited if t in threads and c in threads[t].by_id]
    return list(_once(_with_parents(desk, [*(c for c in cited if c.citable), *_nearest(desk)])))


def _nearest(desk: Desk, among: Sequence[Comment] | None = None) -> list[Comment]:
    question = desk.question
    hits = desk.hits(question.sought or question.standalone, k=CANDIDATES, among=among) if among != [] else []
    return [desk.scope.comment(hit) for hit in hits]


def _with_parents(desk: Desk, ranked: Sequence[Comment]) -> Iterable[Comment]:
    for place, comment in enumerate(ranked):
        yield comment
        thread = desk.scope.threads[comment.thread_id]
        parent = thread.parents.get(comment.id) if place < WITH_PARENTS else None
        if parent is not None and (comment.thread_id, parent) in desk.keys:
            yield thread.by_id[parent]


def _by_turns(lists: Sequence[Sequence[Comment]]) -> Iterable[Comment]:
    return (comment for row in zip_longest(*lists) for comment in row if comment is not None)


def _once(comments: Iterable[Comment]) -> Iterable[Comment]:
    return {key(comment): comment for comment in comments}.values()


def _parted(found: Draft) -> tuple[tuple[DraftStatement, ...], tuple[DraftStatement, ...]]:
    """What stands under a heading of its own, which a model is not asked about; and what stands before it."""
    at = next((place for place, one in enumerate(found.statements) if one.heading), len(found.statements))
    return found.statements[at:], found.statements[:at]


def _unless_cited(statements: Sequence[DraftStatement], chosen: frozenset[Key]) -> tuple[DraftStatement, ...]:
    """The statements that cite none of these comments; a heading stays over the first of them."""
    kept = [one for one in statements if not chosen & _cited([one])]
    heading = next((one.heading for one in statements if one.heading), None)
    if kept and heading is not None:
        kept[0] = kept[0].model_copy(update={"heading": heading})
    return tuple(kept)


def _cited(statements: Iterable[DraftStatement]) -> frozenset[Key]:
    return frozenset((piece.thread_id, piece.comment_id) for one in statements for piece in one.evidence)


def _open_to_a_model(question: Question, found: Draft) -> bool:
    """Whether a model could add anything: somebody posted, whoever is asked about did, and somebody replied."""
    return found.gap in UNDECIDED and (question.kind != "replies" or bool(found.matched))
