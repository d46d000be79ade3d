"""The writer with a language model: it proposes statements, bot.verify judges each, and only what holds is sent.

A statement that does not hold is put back to the model once, with the reason; then it is dropped and counted. Where the
model fails, or too little is left, quotes alone take its place (bot.extractive), and the answer says so. Kinds of
question that code answers from the data never reach a model. Not here: what a model is told (bot.prompts), which
comments it sees (bot.dossier), how it is reached (bot.llm), questions about a whole thread (bot.whole).
"""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, cast

from bot import prompts
from bot.answer import BY_CODE, Draft, DraftStatement, Evidence, Role
from bot.dossier import Dossier
from bot.extractive import ExtractiveWriter
from bot.fallback import Why
from bot.llm import Llm, Prompt, Sitting, failure
from bot.partial_json import Found, Objects
from bot.people import Person
from bot.question import Question
from bot.scope import Scope
from bot.verify import judge
from bot.whole import Whole
from corpus.errors import LanguageModelFailed
from corpus.text import bare
from corpus.thread import Comment

Told = Callable[[DraftStatement], None]
Progress = Callable[[str, int, int], None]
CANDIDATES = 80
"""Comments of the ranking that may be put before the model."""
THIN = 1 / 3
"""Of what was proposed, the share below which what is left is too little, and quotes alone are added."""
SHORTEST = 600
"""Tokens of evidence below which a model's context is too small to be of use."""
WHOLE = frozenset({"summary", "sides"})
_NUMBERS = 3
_log = logging.getLogger(__name__)


class GenerativeWriter:
    """Writes drafts with a model; what it has nothing to say to, the extractive writer answers."""

    def __init__(self, llm: Llm, quotes: ExtractiveWriter, *, evidence_tokens: int, judged: bool = False) -> None:
        self.llm = llm
        self.name = llm.name
        self._quotes = quotes
        self._budget = evidence_tokens
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
        sitting = self.llm.sitting()
        writing = Writing(sitting, question, scope, told=told, judged=self._judged)
        trouble: Why | None = None
        try:
            if question.kind in WHOLE:
                Whole(writing, budget=self._budget, progress=progress).write(exclude)
            else:
                self._ask(writing, exclude)
        except LanguageModelFailed as exc:
            trouble = cast("Why", exc.why)  # bot.llm raises it with nothing else
        return self._drafted(writing, trouble or writing.trouble, exclude)

    def _ask(self, writing: "Writing", exclude: Collection[str]) -> None:
        """Put the question with its evidence, with less of it where that is more than the model takes in."""
        ranked = evidence(writing.question, writing.scope, exclude)
        while True:
            dossier = Dossier.chosen(ranked, writing.scope.threads, budget=self._budget)
            if not len(dossier):
                writing.declined = True
                return
            try:
                writing.ask(dossier)
            except LanguageModelFailed as exc:
                if exc.why != "too long" or self._budget // 2 < SHORTEST:
                    raise
                self._budget //= 2
                _log.info("the model takes in less: %d tokens of evidence from now on", self._budget)
            else:
                return

    def _drafted(self, writing: "Writing", trouble: Why | None, exclude: Collection[str]) -> Draft:
        kept, dropped = tuple(writing.kept), writing.dropped
        used = {"usage": writing.sitting.usage, "took": writing.sitting.took}
        if kept and (trouble is not None or len(kept) >= THIN * writing.proposed):
            return Draft(writer=self.name, statements=kept, dropped=dropped, trouble=trouble, **used)
        quotes = self._quotes.write(writing.question, writing.scope, exclude=exclude)
        if kept:
            said = {(piece.thread_id, piece.comment_id) for one in kept for piece in one.evidence}
            more = [one for one in quotes.statements if not said & {(e.thread_id, e.comment_id) for e in one.evidence}]
            return Draft(writer=self.name, statements=(*kept, *more), dropped=dropped, trouble="few verified", **used)
        if writing.declined and trouble is None and not writing.proposed:
            near = quotes.nearest or tuple(one.evidence[0] for one in quotes.statements[:_NUMBERS])
            return Draft(writer=self.name, gap=quotes.gap or "unsaid", nearest=near, **used)
        found: dict[str, Any] = {"trouble": trouble or "unverified", "dropped": dropped, **used}
        return quotes.model_copy(update=found)


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


def evidence(question: Question, scope: Scope, exclude: Collection[str]) -> list[Comment]:
    """The comments that may answer, best first: of the people asked about, else of everybody, with what they answer."""
    people = [question.person] if question.person is not None else list(question.people)
    if people and question.kind in {"says", "comparison"}:
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
    if question.kind == "says":
        return question.person is not None and question.person.known
    return question.kind != "comparison" or all(person.known for person in question.people)


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
