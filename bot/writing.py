"""One question on its way to a draft by a language model: what is asked of it, and what of its reply holds.

Not here: which comments are put before it, what takes its place (bot.generative), what it is told (bot.prompts).
"""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from bot import prompts
from bot.answer import DraftStatement, Evidence, Role
from bot.dossier import Dossier
from bot.fallback import Why
from bot.llm import Prompt, Sitting, failure
from bot.partial_json import Found, Objects
from bot.question import Question
from bot.scope import Scope
from bot.verify import judge
from corpus.errors import LanguageModelFailed
from corpus.text import bare

Told = Callable[[DraftStatement], None]
_log = logging.getLogger(__name__)


class Writing:
    """One question on its way to a draft: what held, what did not, what was proposed."""

    def __init__(self, sitting: Sitting, question: Question, scope: Scope, *, told: Told | None, judged: bool) -> None:
        self.sitting = sitting
        self.question = question
        self.scope = scope
        self.kept: list[DraftStatement] = []
        self.proposed = 0
        self.dropped = 0
        self.declined = False
        self.trouble: Why | None = None
        self._told = told
        self._judged = judged

    @property
    def shape(self) -> type[prompts.Reply] | type[prompts.SidedReply]:
        return prompts.SidedReply if self.question.kind == "sides" else prompts.Reply

    def ask(self, dossier: Dossier) -> None:
        """Put the question, take what holds, have the rest repaired once. Raises LanguageModelFailed."""
        posts = dossier.posts(_people(self.question))
        prompt = prompts.answer(self.question.standalone, posts, kind=self.question.kind)
        refused: list[dict[str, Any]] = []
        try:
            for drafted, reason, found in self.statements(prompt, dossier, "write"):
                if reason is None and drafted is not None:
                    self.keep(drafted)
                else:
                    refused.append({**_plain(found), "reason": reason})
            if refused:
                again = prompts.repair(self.question.standalone, posts, refused, kind=self.question.kind)
                self._repaired(again, dossier, refused)
        finally:
            self.dropped += len(refused)

    def keep(self, drafted: DraftStatement) -> None:
        """It holds: it is part of the draft, and may be sent."""
        if drafted not in self.kept:
            self.kept.append(drafted)
            if self._told is not None:
                self._told(drafted)

    def statements(
        self, prompt: Prompt, dossier: Dossier, purpose: str
    ) -> Iterator[tuple[DraftStatement | None, str | None, Found]]:
        """Each statement as soon as the model has ended it, with the reason why it does not hold, if it does not."""
        read = Objects(_is_statement)
        found_any = False
        for found in self._objects(prompt, read, purpose):
            found_any = True
            yield self._tried(found, dossier)
        if found_any:
            return
        if _says_nothing(read.text):
            self.declined = True
            return
        again = Objects(_is_statement)
        for found in self._objects(prompts.unreadable(prompt), again, f"{purpose} again"):
            found_any = True
            yield self._tried(found, dossier)
        if not found_any:
            if not _says_nothing(again.text):
                raise failure("unreadable")
            self.declined = True

    def _objects(self, prompt: Prompt, read: Objects, purpose: str) -> Iterator[Found]:
        for piece in self.sitting.stream(prompt, self.shape, purpose=purpose):
            yield from read.feed(piece)
        yield from read.rest()

    def _repaired(self, prompt: Prompt, dossier: Dossier, refused: list[dict[str, Any]]) -> None:
        """What was put right is kept, and no longer among the refused; a failure here costs nothing that held."""
        before = self.proposed
        try:
            for drafted, reason, _ in self.statements(prompt, dossier, "repair"):
                if reason is None and drafted is not None and refused and drafted not in self.kept:
                    self.keep(drafted)
                    refused.pop()
        except LanguageModelFailed as exc:
            _log.info("a repair failed: %s", exc.why)
        finally:
            self.proposed = before

    def _tried(self, found: Found, dossier: Dossier) -> tuple[DraftStatement | None, str | None, Found]:
        self.proposed += 1
        drafted, wrong = _drafted(found, dossier)
        if drafted is None:
            return None, wrong, found
        if drafted.claim is not None and _repeats(drafted.claim, drafted.evidence):
            drafted = drafted.model_copy(update={"claim": None})
        verdict = judge(drafted, self.scope.threads)
        if verdict.statement is None:
            return None, _reason(verdict.refused or ""), found
        if (
            self._judged
            and drafted.claim is not None
            and not self._supported(drafted, [c.quote for c in verdict.statement.citations])
        ):
            return None, "the quotes do not say what is claimed", found
        return drafted, None, found

    def _supported(self, drafted: DraftStatement, quotes: Sequence[str]) -> bool:
        """Whether a second call says so; where it fails, the checks that code makes decide alone."""
        prompt = prompts.judge(drafted.claim or "", quotes)
        try:
            return self.sitting.structured(prompt, prompts.Judgement, purpose="judge", most=60).supported
        except LanguageModelFailed as exc:
            _log.info("a judgement failed: %s", exc.why)
            return True


def _people(question: Question) -> Mapping[str, Collection[str]]:
    people = [person for person in (question.person, *question.people) if person is not None]
    return {person.said: {author.id for author in person.authors} for person in people}


def _is_statement(found: Found) -> bool:
    return isinstance(found.get("quotes"), list) and "statements" not in found


def _says_nothing(text: str) -> bool:
    """Whether the reply is of the form, and holds no statement: the model found no answer."""
    reply = Objects(lambda found: found.get("statements") == [] or found.get("answerable") is False)
    return bool(reply.feed(text) or reply.rest())


def _drafted(found: Found, dossier: Dossier) -> tuple[DraftStatement | None, str]:
    """The statement that an object proposes, or what is wrong with its form."""
    claim, pointed = found.get("claim"), found.get("quotes")
    if not isinstance(claim, str) or not isinstance(pointed, list) or not 1 <= len(pointed) <= 8:
        return None, "it is not of the form"
    cited: list[Evidence] = []
    for one in pointed:
        number, words = (one.get("post"), one.get("words")) if isinstance(one, dict) else (None, None)
        if isinstance(number, str) and number.strip().isdecimal() and len(number) < 10:
            number = int(number)
        if not isinstance(number, int) or not isinstance(words, str):
            return None, "a quote needs the number of its post and its words"
        pieces = dossier.evidence(number, words.strip().strip('"“”'))
        if not pieces:
            return None, f"there is no post {number}"
        cited.extend(piece for piece in pieces if piece not in cited)
    side: Role | None = found["side"] if found.get("side") in ("in favour", "against") else None
    return DraftStatement(evidence=tuple(cited), claim=" ".join(claim.split()), role=side), ""


def _repeats(claim: str, cited: Sequence[Evidence]) -> bool:
    """Whether the claim only says again, word for word, what its quote says: then the quote alone says it better."""
    return bool(bare(claim)) and any(bare(claim) in bare(piece.quote) for piece in cited)


def _reason(refused: str) -> str:
    """Why it was refused, without ids and names: these are not for the model."""
    if refused.startswith("comment "):
        return "the words are not in that post exactly as they stand here, or are somebody else's that it only quotes"
    return "the claim names a commenter" if refused.startswith("the claim names the commenter") else refused


def _plain(found: Found) -> dict[str, Any]:
    return {"claim": str(found.get("claim"))[:400], "quotes": found.get("quotes")}
