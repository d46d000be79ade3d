"""A follow-up made a question that stands alone, by a language model.

It may add no word of substance that neither the conversation nor the threads hold: no name comes in that nobody named.
It may lose none that was asked, deny nothing that was not denied, and ask nothing of another kind: else one question
would become another, and nobody would see it. Where the model fails or goes beyond that, the rules of bot.question
remain.
"""

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from bot import prompts
from bot.answer import BY_CODE
from bot.conversation import Turn
from bot.llm import Llm, Sitting
from bot.question import Question, understand
from corpus.errors import LanguageModelFailed
from corpus.thread import Thread
from index.lexical import terms

TURNS = 4
LONGEST = 300
_ASKING = frozenset(
    "what who whom whose which why how when where say says said think thinks thought argue argues argued mention "
    "mentions mentioned reply replies replied respond responds agree agrees agreed disagree disagrees disagreed about "
    "comment comments commenter commenters people anyone anybody someone somebody else further other same reason "
    "reasons view views opinion opinions point points according regarding concerning answer answers discussion".split()
)
_log = logging.getLogger(__name__)


def followed(
    understood: Question, turns: Sequence[Turn], threads: Iterable[Thread], llm: Llm
) -> tuple[Question, Sitting | None]:
    """The question as a model understands it after these turns, else as the rules do; and the calls that this took."""
    if not turns or understood.kind in BY_CODE or understood.cited or understood.shown:
        return understood, None
    threads = tuple(threads)
    sitting = llm.sitting()
    before: list[dict[str, Any]] = [{"question": t.question, "understood_as": t.standalone} for t in turns[-TURNS:]]
    try:
        prompt = prompts.stand_alone(understood.text, before)
        asked = sitting.structured(prompt, prompts.StandAlone, purpose="follow-up", most=150).question
    except LanguageModelFailed as exc:
        _log.info("a follow-up is read by rules: %s", exc.why)
        return understood, sitting
    read = understand(asked, threads).model_copy(update={"text": understood.text})
    if not (
        _adds_nothing(asked, understood.text, turns, threads)
        and _same_kind(read, understood, alone=understand(understood.text, threads))
    ):
        _log.info("a follow-up is read by rules: the model's reading asks something else")
        return understood, sitting
    return read, sitting


def _same_kind(read: Question, understood: Question, *, alone: Question) -> bool:
    """Whether it is answered as the text is, after what was asked before or `alone`, and of the same person."""
    same_person = understood.person is None or read.person == understood.person
    return read.kind in {understood.kind, alone.kind} and same_person and {*understood.people} <= {*read.people}


def _adds_nothing(asked: str, text: str, turns: Sequence[Turn], threads: Sequence[Thread]) -> bool:
    """Whether every word of substance stands in the conversation or the threads, and it is one plain question."""
    if not 3 <= len(asked) <= LONGEST or any(not c.isprintable() for c in asked):
        return False
    strange = _stems(asked) - _stems(text)
    for turn in turns:
        strange -= _stems(turn.question) | _stems(turn.standalone)
    for thread in threads:
        if strange:
            strange -= _stems(" ".join(_named(thread)))
        for comment in thread.comments if strange else ():
            strange -= _stems(comment.text)
    return not strange


def _named(thread: Thread) -> Iterable[str]:
    yield thread.title
    for author in thread.commenters:
        yield author.handle
        yield author.name or ""


def _stems(text: str) -> set[str]:
    return {term for word in text.split() if word.strip("?!.,").casefold() not in _ASKING for term in terms(word)}
