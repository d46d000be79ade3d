"""A follow-up made a question that stands alone, by a language model.

What the model makes of it is taken where it is one plain line of the same kind and about the same people, in words that
all stand in the conversation or in the threads: no name comes in that nobody named. Else the rules' reading remains
(bot.questions.understand).
"""

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from bot.llm import prompts
from bot.llm.client import Llm, Sitting
from bot.questions.understand import understand
from bot.values.answer import BY_CODE
from bot.values.inquiry import Question
from bot.values.turn import Turn
from corpus.errors import LanguageModelFailed
from corpus.thread import Thread
from index.ranking.lexical import terms

TURNS = 4
LONGEST = 300
"""Characters of a question that a model made."""
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
    alone = understand(understood.text, threads)
    if _is_one_line(asked) and _asks_the_same(read, understood, alone) and _is_known(asked, understood, turns, threads):
        return read, sitting
    _log.info("a follow-up is read by rules: the model's reading asks something else")
    return understood, sitting


def _is_one_line(asked: str) -> bool:
    return 0 < len(asked) <= LONGEST and asked.isprintable()


def _asks_the_same(read: Question, understood: Question, alone: Question) -> bool:
    """Whether it is answered as the text is, after what was asked before or alone, of the same people and time."""
    same_people = understood.person in (None, read.person) and {*understood.people} <= {*read.people}
    same_posts = read.window == (understood.window or alone.window) and read.without == (
        understood.without or alone.without
    )
    return read.kind in {understood.kind, alone.kind} and same_people and same_posts


def _is_known(asked: str, understood: Question, turns: Sequence[Turn], threads: Sequence[Thread]) -> bool:
    """Whether every term of it stands in the conversation or in the threads."""
    strange = set(terms(asked)) - set(terms(understood.text))
    for words in _known(turns, threads):
        if not strange:
            return True
        strange.difference_update(terms(words))
    return not strange


def _known(turns: Sequence[Turn], threads: Sequence[Thread]) -> Iterable[str]:
    for turn in turns:
        yield f"{turn.question} {turn.standalone}"
    for thread in threads:
        yield " ".join([thread.title, *(f"{author.handle} {author.name or ''}" for author in thread.commenters)])
        yield from (comment.text for comment in thread.comments)
