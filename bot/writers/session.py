"""One question before a language model: what is asked of it, and which of the quotes that it points to hold.

Not here: which comments are put before it, what takes its place (bot.writers.generative), what it is told
(bot.llm.prompts).
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from bot.evidence.scope import Scope
from bot.llm import prompts
from bot.llm.client import Prompt, Sitting, failure
from bot.llm.json_stream import Found, Statements
from bot.llm.prompts import MOST_STATEMENTS
from bot.values.answer import Citation, DraftStatement, Evidence
from bot.values.fallback import Why
from bot.values.inquiry import Question
from bot.verification.verify import judge
from bot.writers.evidence_budget import Dossier

Told = Callable[[DraftStatement], None]
MOST_QUOTES = 8
"""Of one statement."""


@dataclass(slots=True)
class Round:
    """What a model pointed to in some posts."""

    dossier: Dossier
    posts: Mapping[str, Any]
    held: list[DraftStatement] = field(default_factory=list)
    dropped: int = 0
    """Quotes that do not hold."""
    declined: bool = False
    """Whether the model found no answer in the posts."""


class Writing:
    """One question on its way to a draft: the statements that are kept, and how many quotes did not hold."""

    def __init__(self, sitting: Sitting, question: Question, scope: Scope, *, told: Told | None) -> None:
        self.sitting = sitting
        self.question = question
        self.scope = scope
        self.kept: list[DraftStatement] = []
        self.trouble: Why | None = None
        self._rounds: list[Round] = []
        self._told = told
        self._shown: list[Citation] = []

    @property
    def asked(self) -> bool:
        """Whether there was any post to put before the model."""
        return bool(self._rounds)

    @property
    def dropped(self) -> int:
        """Quotes that did not hold."""
        return sum(one.dropped for one in self._rounds)

    @property
    def declined(self) -> bool:
        """Whether the model found no answer in some posts."""
        return any(one.declined for one in self._rounds)

    def begin_again(self) -> None:
        """Forget the rounds so far. Only while nothing is kept."""
        self._rounds = []
        self.trouble = None

    def ask(self, dossier: Dossier) -> None:
        """Put the question with these posts, and keep what holds. Raises LanguageModelFailed."""
        if len(dossier):
            self.put(self.round(dossier), "write", self.keep)

    def round(self, dossier: Dossier) -> Round:
        """One more set of posts to be put before the model."""
        one = Round(dossier, dossier.posts(_people(self.question)))
        self._rounds.append(one)
        return one

    def keep(self, drafted: DraftStatement) -> None:
        """Make the statement part of the draft and send it, without what an earlier one already shows."""
        fresh: list[Evidence] = []
        for piece in drafted.evidence:
            cited = self._cited(piece)
            if cited is not None and not any(_overlap(cited, other) for other in self._shown):
                fresh.append(piece)
                self._shown.append(cited)
        if fresh:
            kept = DraftStatement(evidence=tuple(fresh))
            self.kept.append(kept)
            if self._told is not None:
                self._told(kept)

    def put(self, asked: Round, purpose: str, held: Told, *, part: bool = False) -> None:
        """Ask what answers in the posts; `held` gets each statement that holds as soon as the model has ended it.

        What held before a failure stays in the round. Raises LanguageModelFailed.
        """
        prompt = prompts.answer(self.question.standalone, asked.posts, kind=self.question.kind, part=part)
        for found in self._said(prompt, asked, purpose):
            evidence = [piece for pieces in _pointed(found, asked.dossier) for piece in self._holding(pieces, asked)]
            if evidence:
                drafted = DraftStatement(evidence=tuple(dict.fromkeys(evidence)))
                asked.held.append(drafted)
                held(drafted)

    def _holding(self, pieces: tuple[Evidence, ...], asked: Round) -> list[Evidence]:
        """Of one quote and its copies, what holds; where nothing does, the quote is counted as dropped."""
        kept = [piece for piece in pieces if self._cited(piece) is not None]
        asked.dropped += not kept
        return kept

    def _cited(self, piece: Evidence) -> Citation | None:
        statement = judge(DraftStatement(evidence=(piece,)), self.scope.threads).statement
        return None if statement is None else statement.citations[0]

    def _said(self, prompt: Prompt, asked: Round, purpose: str) -> Iterator[Found]:
        """The statements of the reply, asked for once more where it cannot be read."""
        read = Statements()
        yield from self._streamed(prompt, asked, read, purpose)
        if not read.given and not read.declined:
            read = Statements()
            yield from self._streamed(prompts.unreadable(prompt), asked, read, f"{purpose} again")
            if not read.given and not read.declined:
                raise failure("unreadable")
        asked.declined = not read.given

    def _streamed(self, prompt: Prompt, asked: Round, read: Statements, purpose: str) -> Iterator[Found]:
        """As many statements as are taken, as they come; when one more comes, no more of the reply is read."""
        taken = 0
        with closing(self.sitting.stream(prompt, prompts.Reply, purpose=purpose)) as pieces:
            for piece in pieces:
                self.scope.looked_at.update(asked.dossier.keys)
                for found in read.feed(piece):
                    if taken == MOST_STATEMENTS:
                        return
                    taken += 1
                    yield found
        yield from read.rest()[: MOST_STATEMENTS - taken]


def _people(question: Question) -> Mapping[str, Collection[str]]:
    people = [person for person in (question.person, *question.people) if person is not None]
    return {person.said: {author.id for author in person.authors} for person in people}


def _overlap(one: Citation, other: Citation) -> bool:
    """Whether both show some of the same words of the same comment."""
    same = (one.thread_id, one.comment_id) == (other.thread_id, other.comment_id)
    return same and one.start < other.end and other.start < one.end


def _pointed(found: Found, dossier: Dossier) -> Iterator[tuple[Evidence, ...]]:
    """What each quote of a statement points to; nothing for one that is not of the form or has no such post."""
    quotes = found.get("quotes")
    quotes = quotes[:MOST_QUOTES] if isinstance(quotes, list) and quotes else [None]
    for one in quotes:
        number, words = (one.get("post"), one.get("words")) if isinstance(one, dict) else (None, None)
        if isinstance(number, str) and number.strip().isdecimal() and len(number) < 10:
            number = int(number)
        if not isinstance(number, int) or isinstance(number, bool) or not isinstance(words, str):
            yield ()
        else:
            yield dossier.evidence(number, words.strip().strip('"“”'))
