"""The digest with a language model's own words beside the quotes: each claim is judged, and where none holds the quotes
stand alone.

Who shares a viewpoint, how many they are, who contradicts, what can be asked: code finds it (bot.digest_extractive);
the model only says in its own words what the quoted posts say. One call a thread and revision. Not here: checking
(bot.digest), reaching the model (bot.llm).
"""

import json
import logging
from collections.abc import Iterable, Sequence
from typing import cast

from pydantic import BaseModel

from bot import prompts
from bot.answer import DraftStatement, Evidence
from bot.digest import DigestDraft, SideDraft, ViewpointDraft
from bot.dossier import Dossier
from bot.fallback import Why, told
from bot.llm import Llm, Prompt
from bot.verify import judge
from corpus.errors import LanguageModelFailed
from corpus.thread import Thread

MOST_TOKENS = 1_200
"""Of the reply."""
_log = logging.getLogger(__name__)


class Sentence(BaseModel):
    """One claim and what it rests on."""

    claim: str
    quotes: list[prompts.Words]


class Summed(BaseModel):
    """What the model is asked for. `viewpoints` has one sentence for each group, in their order."""

    headline: Sentence | None = None
    tldr: list[Sentence] = []
    positive: Sentence | None = None
    negative: Sentence | None = None
    viewpoints: list[Sentence | None] = []


_RULES = f"""You sum up a discussion from some of its posts alone. {prompts.DATA_RULE}

Reply with one JSON object and nothing else, of this form, where each S is {{"claim": "...", "quotes": [{{"post": 3,
"words": "..."}}]}}:
{{"headline": S, "tldr": [S, S], "positive": S, "negative": S, "viewpoints": [S, S]}}

- headline: what most of the discussion comes to. tldr: one to three further points.
- positive: what the posts under "positive" highlight; negative: what those under "negative" fear or fault, each from
  those posts alone. Leave one out where there are no such posts.
- viewpoints: one S for each group under "viewpoints", in that order, from its posts alone.
A program checks every S and drops what breaks a rule:
- "words" is copied from that post exactly, letter by letter: one whole sentence or more.
- "claim" is one plain sentence that says what the quoted words say, nearly all in their own words. It names nobody.
- No number, amount or name that the quotes do not hold; no denial, doubt or joke turned into an assertion.
- No links, no markup, no quotation marks in the claim."""


def worded(draft: DigestDraft, thread: Thread, llm: Llm, *, budget: int) -> DigestDraft:
    """The draft with the model's claims where these hold; where the model fails, the draft with a note of it."""
    groups = [_pieces(view.statements) for view in draft.viewpoints]
    quoted = [*(piece for group in groups for piece in group), *draft.positive.evidence, *draft.negative.evidence]
    comments = list({piece.comment_id: thread.by_id[piece.comment_id] for piece in quoted}.values())
    if not comments:
        return draft
    dossier = Dossier.chosen(comments, {thread.id: thread}, budget=budget)
    try:
        said = llm.sitting().structured(_prompt(draft, dossier, groups), Summed, purpose="digest", most=MOST_TOKENS)
    except LanguageModelFailed as exc:
        _log.info("the digest of thread %s is made of quotes alone: %s", thread.id, exc.why)
        return draft.model_copy(update={"note": _note(cast("Why", exc.why))})
    checked = _Checked(thread, dossier)
    made = _put_in(draft, said, checked)
    return made.model_copy(update={"writer": llm.name} if checked.held else {"note": _note("unverified")})


def _note(why: Why) -> str:
    happened = told(why)
    return f"{happened[:1].upper()}{happened[1:]}, so this digest is made of quotes alone."


def _pieces(statements: Sequence[DraftStatement]) -> list[Evidence]:
    return [piece for statement in statements for piece in statement.evidence]


def _prompt(draft: DigestDraft, dossier: Dossier, groups: Sequence[Sequence[Evidence]]) -> Prompt:
    number = {comment.id: n for n in range(1, len(dossier) + 1) if (comment := dossier.comment(n)) is not None}

    def numbers(pieces: Iterable[Evidence]) -> list[int]:
        return [number[piece.comment_id] for piece in pieces if piece.comment_id in number]

    groups_told = {
        "positive": numbers(draft.positive.evidence),
        "negative": numbers(draft.negative.evidence),
        "viewpoints": [numbers(group) for group in groups],
    }
    return Prompt(system=_RULES, user=f"Groups: {json.dumps(groups_told)}\nData:\n{prompts.data(dossier.posts())}")


def _put_in(draft: DigestDraft, said: Summed, checked: "_Checked") -> DigestDraft:
    """The draft with each of the model's sentences that holds in the place of the quotes that stood there."""
    tldr = tuple(held for one in said.tldr[:3] if (held := checked.statement(one)) is not None)
    views = [
        _view(view, checked.statement(said.viewpoints[n], among=view.members) if n < len(said.viewpoints) else None)
        for n, view in enumerate(draft.viewpoints)
    ]
    return draft.model_copy(
        update={
            "headline": checked.statement(said.headline) or draft.headline,
            "tldr": tldr or draft.tldr,
            "positive": _side(draft.positive, checked.statement(said.positive, among=draft.positive.members)),
            "negative": _side(draft.negative, checked.statement(said.negative, among=draft.negative.members)),
            "viewpoints": tuple(views),
        }
    )


def _view(view: ViewpointDraft, held: DraftStatement | None) -> ViewpointDraft:
    if held is None:
        return view
    rest = [one for one in view.statements if not {*_ids(one)} & {*_ids(held)}]
    return view.model_copy(update={"statements": (held, *rest)})


def _side(side: SideDraft, held: DraftStatement | None) -> SideDraft:
    return side if held is None else side.model_copy(update={"evidence": held.evidence, "claim": held.claim})


def _ids(said: DraftStatement) -> list[str]:
    return [piece.comment_id for piece in said.evidence]


class _Checked:
    """The model's sentences as statements that verification lets through; `held` counts them."""

    def __init__(self, thread: Thread, dossier: Dossier) -> None:
        self._threads = {thread.id: thread}
        self._dossier = dossier
        self.held = 0

    def statement(self, said: Sentence | None, among: Sequence[str] | None = None) -> DraftStatement | None:
        """The statement if all of it holds, and rests on posts `among` these alone."""
        if said is None:
            return None
        cited = [piece for each in said.quotes[:8] for piece in self._dossier.evidence(each.post, each.words)]
        drafted = DraftStatement(evidence=tuple(dict.fromkeys(cited)), claim=" ".join(said.claim.split()))
        if among is not None and not {*_ids(drafted)} <= {*among}:
            return None
        if judge(drafted, self._threads).statement is None:
            return None
        self.held += 1
        return drafted
