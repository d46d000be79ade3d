"""The writer with a language model: it proposes statements, bot.verify judges each, and only what holds is sent.

A statement that does not hold is put back to the model once, with the reason; then it is dropped and counted. Where the
model fails, or too little is left, quotes alone take its place (bot.extractive), and the answer says so. Kinds of
question that code answers from the data never reach a model. Not here: what a model is told (bot.prompts), which
comments it sees (bot.dossier), how it is reached (bot.llm), a question's way to a draft (bot.writing), questions about
a whole thread (bot.whole).
"""

import logging
import time
from collections.abc import Callable, Collection, Sequence
from typing import Any, cast

from bot.answer import BY_CODE, Draft
from bot.dossier import Dossier
from bot.extractive import ExtractiveWriter
from bot.fallback import Why
from bot.llm import Llm
from bot.people import Person
from bot.question import Question
from bot.scope import Scope
from bot.whole import Whole
from bot.writing import Told, Writing
from corpus.errors import LanguageModelFailed
from corpus.thread import Comment

Progress = Callable[[str, int, int], None]
CANDIDATES = 80
"""Comments of the ranking that may be put before the model."""
THIN = 1 / 3
"""Of what was proposed, the share below which what is left is too little, and quotes alone are added."""
SHORTEST = 600
"""Tokens of evidence below which a model's context is too small to be of use."""
REMEMBERED_S = 600.0
"""How long it is remembered that a model takes in less than the settings say; it may have been another model's turn."""
WHOLE = frozenset({"overview", "sides"})
_NUMBERS = 3
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
        tokens, until = self._less
        return tokens if self._clock() < until else self._set

    def divisible(self, tried: int) -> bool:
        return tried // 2 >= SHORTEST

    def lessen(self, tried: int) -> None:
        """So many were too many."""
        self._less = (min(tried // 2, self.now), self._clock() + REMEMBERED_S)
        _log.info("the model takes in less: %d tokens of evidence for a while", self._less[0])


class GenerativeWriter:
    """Writes drafts with a model; what it has nothing to say to, the extractive writer answers."""

    def __init__(self, llm: Llm, quotes: ExtractiveWriter, *, evidence_tokens: int, judged: bool = False) -> None:
        self.llm = llm
        self.name = llm.name
        self._quotes = quotes
        self._budget = Budget(evidence_tokens)
        self._judged = judged

    def write(
        self,
        question: Question,
        scope: Scope,
        *,
        exclude: Collection[str] = (),
        told: Told | None = None,
        progress: Progress | None = None,
    ) -> Draft:
        """The draft; `told` gets each statement when it holds, `progress` how far a long reading is."""
        if question.kind in BY_CODE or not _askable(question, scope):
            return self._quotes.write(question, scope, exclude=exclude)
        writing = Writing(self.llm.sitting(), question, scope, told=told, judged=self._judged)
        trouble: Why | None = None
        try:
            self._ask(writing, exclude, progress)
        except LanguageModelFailed as exc:
            trouble = cast("Why", exc.why)  # bot.llm raises it with nothing else
        return self._drafted(writing, trouble or writing.trouble, exclude)

    def _ask(self, writing: Writing, exclude: Collection[str], progress: Progress | None) -> None:
        """Put the question with its evidence, with less of it where that is more than the model takes in."""
        ranked = None if writing.question.kind in WHOLE else evidence(writing.question, writing.scope, exclude)
        while True:
            budget = self._budget.now
            less = self._budget.divisible(budget)
            try:
                if ranked is None:
                    Whole(writing, budget=budget, divisible=less, progress=progress).write(exclude)
                else:
                    self._put(writing, ranked, budget)
            except LanguageModelFailed as exc:
                if exc.why != "too long" or not less or writing.kept:
                    raise
                self._budget.lessen(budget)
                writing.begin_again()
            else:
                return

    def _put(self, writing: Writing, ranked: Sequence[Comment], budget: int) -> None:
        dossier = Dossier.chosen(ranked, writing.scope.threads, budget=budget)
        if len(dossier):
            writing.ask(dossier)
        else:
            writing.nothing_to_show = True

    def _drafted(self, writing: Writing, trouble: Why | None, exclude: Collection[str]) -> Draft:
        kept, dropped, proposed = tuple(writing.kept), writing.dropped, writing.proposed
        used = {"usage": writing.sitting.usage, "took": writing.sitting.took}
        if kept and (trouble is not None or proposed - dropped >= THIN * proposed):
            return Draft(writer=self.name, statements=kept, dropped=dropped, trouble=trouble, **used)
        quotes = self._quotes.write(writing.question, writing.scope, exclude=exclude)
        if kept:
            said = {(piece.thread_id, piece.comment_id) for one in kept for piece in one.evidence}
            more = [one for one in quotes.statements if not said & {(e.thread_id, e.comment_id) for e in one.evidence}]
            return Draft(writer=self.name, statements=(*kept, *more), dropped=dropped, trouble="few verified", **used)
        if writing.declined and trouble is None and not proposed:
            near = quotes.nearest or tuple(one.evidence[0] for one in quotes.statements[:_NUMBERS])
            return Draft(writer=self.name, gap=quotes.gap or "unsaid", nearest=near, **used)
        found: dict[str, Any] = {"trouble": trouble or "unverified", "dropped": dropped, **used}
        return quotes.model_copy(update=found)


def evidence(question: Question, scope: Scope, exclude: Collection[str]) -> list[Comment]:
    """The comments that may answer, best first: of the people asked about, else of everybody, with what they answer."""
    people = [question.person] if question.person is not None else list(question.people)
    if people and question.kind in {"person", "comparison"}:
        return _interleaved([_of_one(person, question, scope, exclude) for person in people])
    hits = [hit for hit in scope.hits(question.sought, k=CANDIDATES + len(exclude)) if hit.comment_id not in exclude]
    ranked: dict[tuple[str, str], Comment] = {}
    for place, hit in enumerate(hits[:CANDIDATES]):
        comment = scope.comment(hit)
        ranked.setdefault((comment.thread_id, comment.id), comment)
        if place < 10:
            thread = scope.threads[comment.thread_id]
            parent = thread.parents.get(comment.id)
            if parent is not None and parent not in exclude and thread.by_id[parent].citable:
                ranked.setdefault((comment.thread_id, parent), thread.by_id[parent])
    return list(ranked.values())


def _of_one(person: Person, question: Question, scope: Scope, exclude: Collection[str]) -> list[Comment]:
    ids = {author.id for author in (*person.authors, *person.candidates)}
    theirs = {c.id for t in scope.threads.values() for c in t.comments if c.citable and _who(c) in ids} - set(exclude)
    if not theirs:
        return []
    hits = scope.hits(question.sought or question.standalone, k=CANDIDATES, only=theirs)
    return [comment for comment in (scope.comment(hit) for hit in hits) if _who(comment) in ids]


def _who(comment: Comment) -> str | None:
    if comment.author is not None:
        return comment.author.id
    return comment.author_candidate.author.id if comment.author_candidate is not None else None


def _interleaved(lists: Sequence[Sequence[Comment]]) -> list[Comment]:
    longest = max((len(one) for one in lists), default=0)
    return [one[place] for place in range(longest) for one in lists if place < len(one)]


def _askable(question: Question, scope: Scope) -> bool:
    """Whether a model could add anything: somebody posted, and whoever is asked about did."""
    if not any(comment.citable for thread in scope.threads.values() for comment in thread.comments):
        return False
    if question.kind == "person":
        return question.person is not None and question.person.known
    return question.kind != "comparison" or all(person.known for person in question.people)
