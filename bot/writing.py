"""One question on its way to a draft by a language model: what is asked of it, and what of its reply holds.

Not here: which comments are put before it, what takes its place (bot.generative), what it is told (bot.prompts).
"""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from bot import prompts
from bot.answer import DraftStatement, Evidence
from bot.dossier import Dossier
from bot.fallback import Why
from bot.llm import Prompt, Sitting, failure
from bot.partial_json import Found, Statements
from bot.prompts import MOST_STATEMENTS
from bot.question import Question
from bot.scope import Scope
from bot.verify import judge
from corpus.errors import LanguageModelFailed
from corpus.text import bare

Told = Callable[[DraftStatement], None]
MOST_QUOTES = 8
"""Of one statement."""
_SHOWN_AGAIN = 400
"""Characters of a claim or a quote that is put back."""
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Round:
    """What a model said of some posts: what of it holds, and what does not, with the reason."""

    dossier: Dossier
    posts: Mapping[str, Any]
    held: list[DraftStatement] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    proposed: int = 0
    declined: bool = False
    """Whether it found no answer in them."""


class Writing:
    """One question on its way to a draft: what held, what did not, what was proposed."""

    def __init__(self, sitting: Sitting, question: Question, scope: Scope, *, told: Told | None, judged: bool) -> None:
        self.sitting = sitting
        self.question = question
        self.scope = scope
        self.kept: list[DraftStatement] = []
        self.trouble: Why | None = None
        self.nothing_to_show = False
        """Whether there was no post to put before the model."""
        self._rounds: list[Round] = []
        self._told = told
        self._judged = judged

    @property
    def shape(self) -> type[prompts.Reply] | type[prompts.SidedReply]:
        return prompts.SidedReply if self.question.kind == "sides" else prompts.Reply

    @property
    def proposed(self) -> int:
        return sum(one.proposed for one in self._rounds)

    @property
    def dropped(self) -> int:
        """Of what was proposed, what did not hold, nor could be put right."""
        return sum(len(one.refused) for one in self._rounds)

    @property
    def declined(self) -> bool:
        return self.nothing_to_show or any(one.declined for one in self._rounds)

    def begin_again(self) -> None:
        """Nothing was sent yet: what was said so far counts no more."""
        self._rounds = []
        self.trouble = None

    def ask(self, dossier: Dossier) -> None:
        """Put the question, take what holds, have the rest repaired once. Raises LanguageModelFailed."""
        asked = self.round(dossier)
        self.put(asked, "write", self.keep)
        self.repair(asked, self.keep)

    def round(self, dossier: Dossier) -> Round:
        """One more set of posts to be put before the model."""
        one = Round(dossier, dossier.posts(_people(self.question)))
        self._rounds.append(one)
        return one

    def keep(self, drafted: DraftStatement) -> None:
        """It holds: it is part of the draft, and may be sent."""
        if drafted not in self.kept:
            self.kept.append(drafted)
            if self._told is not None:
                self._told(drafted)

    def put(self, asked: Round, purpose: str, held: Told, *, part: bool = False) -> None:
        """Ask what the posts say; `held` gets each statement as soon as the model has ended it, if it holds.

        What held before a failure stays in the round. Raises LanguageModelFailed.
        """
        prompt = prompts.answer(self.question.standalone, asked.posts, kind=self.question.kind, part=part)
        for found in self._said(prompt, asked, purpose):
            asked.proposed += 1
            drafted, reason = self._tried(found, asked.dossier)
            if drafted is None:
                asked.refused.append({**_plain(found), "reason": reason})
            else:
                asked.held.append(drafted)
                held(drafted)

    def repair(self, asked: Round, held: Told) -> None:
        """Have what was refused put right, once; what is then counts as refused no longer.

        A failure here costs nothing that held.
        """
        if not asked.refused:
            return
        back = asked.refused[:MOST_STATEMENTS]
        prompt = prompts.repair(self.question.standalone, asked.posts, back, kind=self.question.kind)
        try:
            for found in self._said(prompt, Round(asked.dossier, asked.posts), "repair"):
                drafted, _ = self._tried(found, asked.dossier)
                if drafted is not None and asked.refused and drafted not in asked.held:
                    asked.refused.pop()
                    asked.held.append(drafted)
                    held(drafted)
        except LanguageModelFailed as exc:
            _log.info("a repair failed: %s", exc.why)

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
        """As many statements as were asked for, as they come; when one more comes, no more of the reply is taken."""
        taken = 0
        with closing(self.sitting.stream(prompt, self.shape, purpose=purpose)) as pieces:
            for piece in pieces:
                self.scope.looked_at.update(asked.dossier.keys)
                for found in read.feed(piece):
                    if taken == MOST_STATEMENTS:
                        return
                    taken += 1
                    yield found
        yield from read.rest()[: MOST_STATEMENTS - taken]

    def _tried(self, found: Found, dossier: Dossier) -> tuple[DraftStatement | None, str]:
        """The statement, if it holds; else why it does not."""
        drafted, wrong = _drafted(found, dossier)
        if drafted is None:
            return None, wrong
        verdict = judge(drafted, self.scope.threads)
        if verdict.statement is None:
            return None, _reason(verdict.refused or "")
        return drafted, ""


def _people(question: Question) -> Mapping[str, Collection[str]]:
    people = [person for person in (question.person, *question.people) if person is not None]
    return {person.said: {author.id for author in person.authors} for person in people}


def _drafted(found: Found, dossier: Dossier) -> tuple[DraftStatement | None, str]:
    """The statement that an object proposes, or what is wrong with its form."""
    pointed = found.get("quotes")
    if not isinstance(pointed, list) or not 1 <= len(pointed) <= MOST_QUOTES:
        return None, "it is not of the form"
    cited: list[Evidence] = []
    for one in pointed:
        number, words = (one.get("post"), one.get("words")) if isinstance(one, dict) else (None, None)
        if isinstance(number, str) and number.strip().isdecimal() and len(number) < 10:
            number = int(number)
        if not isinstance(number, int) or isinstance(number, bool) or not isinstance(words, str):
            return None, "a quote needs the number of its post and its words"
        pieces = dossier.evidence(number, words.strip().strip('"“”'))
        if not pieces:
            return None, f"there is no post {number}"
        cited.extend(piece for piece in pieces if piece not in cited)
    return DraftStatement(evidence=tuple(cited)), ""


def _reason(refused: str) -> str:
    """Why it was refused, without ids and names: these are not for the model."""
    if refused.startswith("comment "):
        return "the words are not in that post exactly as they stand here, or are somebody else's that it only quotes"
    return "the claim names a commenter" if refused.startswith("the claim names the commenter") else refused


def _plain(found: Found) -> dict[str, Any]:
    """The statement as it is put back, cut to what a statement may be."""
    pointed = found.get("quotes")
    quotes = [
        {"post": str(one.get("post"))[:9], "words": str(one.get("words"))[:_SHOWN_AGAIN]}
        for one in (pointed if isinstance(pointed, list) else [])[:MOST_QUOTES]
        if isinstance(one, dict)
    ]
    return {"claim": str(found.get("claim"))[:_SHOWN_AGAIN], "quotes": quotes}
