"""The digest as the default writer proposes it: quotes alone, with no model beyond the embedder.

Headline and TL;DR are the words that stand for the positions that most commenters share, where there are any; else the
posts around which most happened. Not here: checking (bot.digest), grouping (bot.viewpoints), tone (bot.sentiment).
"""

from collections.abc import Callable, Sequence

from bot import suggest
from bot.answer import DraftStatement, Evidence
from bot.digest import MOST_QUESTIONS, DigestDraft, SideDraft, ViewpointDraft
from bot.scope import Scope
from bot.sentiment import Side, sides
from bot.verify import EXTRACTIVE
from bot.viewpoints import Position, positions, quotable, telling, texts
from corpus.thread import Thread

Answers = Callable[[str], bool]
"""Whether the bot answers a question from this thread, without declining."""
LINES = 3
"""Positions that the TL;DR goes through, besides the one of the headline."""
ASKED = 8
"""Questions that are tried at most: each costs an answer."""


def proposed(thread: Thread, scope: Scope, answers: Answers) -> DigestDraft:
    """The draft of the thread's digest; `answers` is asked which questions to suggest."""
    said = texts(thread)
    found = quotable(positions(thread, scope, said=said), thread, said)
    told = [each for each in found if each.voices > 1] or [each for each in found if not each.repeated]
    lines = [each.quotes[0] for each in telling(told, thread, said)][: LINES + 1]
    judged = sides(thread, scope, said=said)
    views = tuple(map(_viewpoint, found))
    return DigestDraft(
        headline=_said(lines[0]) if lines else None,
        tldr=tuple(map(_said, lines[1:])),
        positive=_side(judged.positive),
        negative=_side(judged.negative),
        viewpoints=views,
        questions=answered(suggest.candidates(thread, [each.members for each in found]), answers),
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
    return ViewpointDraft(statements=tuple(map(_said, position.quotes)), members=position.members)


def _side(side: Side) -> SideDraft:
    return SideDraft(evidence=side.quotes, members=side.members)


def _said(words: Evidence) -> DraftStatement:
    return DraftStatement(evidence=(words,))
