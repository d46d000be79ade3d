"""The digest as code proposes it: shares of tone, groups of similar comments with quotes, questions; no model's words.

Not here: checking (bot.digests.digest), grouping (bot.evidence.positions), tone (bot.evidence.tone).
"""

from collections.abc import Callable, Sequence

from bot.digests import suggestions
from bot.digests.digest import MOST_QUESTIONS, DigestDraft, ViewpointDraft
from bot.evidence.positions import Position, positions, quotable, texts
from bot.evidence.scope import Scope
from bot.evidence.tone import sides
from bot.values.answer import DraftStatement
from bot.verification.verify import EXTRACTIVE
from corpus.thread import Thread

Answers = Callable[[str], bool]
"""Whether the bot answers a question from this thread, without declining."""
ASKED = 8
"""Questions that are tried at most: each costs an answer."""


def proposed(thread: Thread, scope: Scope, answers: Answers) -> DigestDraft:
    """The draft of the thread's digest; `answers` decides which questions are suggested."""
    said = texts(thread)
    found = quotable(positions(thread, scope, said=said), thread, said)
    tone = sides(thread, said=said)
    return DigestDraft(
        positive=tone.positive.members,
        negative=tone.negative.members,
        viewpoints=tuple(map(_viewpoint, found)),
        questions=answered(suggestions.candidates(thread), answers),
        writer=EXTRACTIVE,
    )


def answered(candidates: Sequence[str], answers: Answers) -> tuple[str, ...]:
    """The first few of the questions that get an answer."""
    kept: list[str] = []
    for question in candidates[:ASKED]:
        if len(kept) < MOST_QUESTIONS and answers(question):
            kept.append(question)
    return tuple(kept)


def _viewpoint(position: Position) -> ViewpointDraft:
    """The position by its words."""
    statements = tuple(DraftStatement(evidence=(words,)) for words in position.quotes)
    return ViewpointDraft(statements=statements, members=position.members)
