"""How fit a sentence is to be quoted by itself: by its length, its terms, its subject, its links and marks.

Costs are on the scale of a cosine. Nothing here reads what a sentence means. Not here: which sentences stand for many
comments (bot.evidence.positions), what is shown around them (bot.evidence.windows).
"""

import re
from collections import Counter
from collections.abc import Sequence

from corpus.text.plain import bare
from corpus.thread import Thread
from index.ranking.lexical import terms

LONG = 240
"""Characters of a sentence from which on another one is better to quote."""
FEWEST_TERMS = 3
"""A sentence of fewer terms says little by itself."""
TOO_LONG, STUB, OFF, LINKS, QUOTES, OPEN_ENDED = 0.25, 0.15, 0.15, 0.15, 0.15, 0.1
"""What it costs to be longer, to hold fewer terms, to be off the subject, to hold a link, to open with a quotation
mark, and not to end like a statement."""
UNFIT = 0.15
"""What words cost that are quoted only where there is nothing else."""
COMMON = 0.1
"""Share of the voices from which on a term that they use is one of the subject."""
FEWEST_COMMON = 3
"""Voices that use it, at least."""
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_MENTION = re.compile(r"(?<![\w@])@\w[\w.-]*")
_QUOTING = re.compile(r"[>\"“„«»「『]")
_ENDS = ".!…。！।"


class Topic:
    """The terms that a discussion is about: those of its title, and those that many voices use."""

    def __init__(self, thread: Thread, said: Sequence[str]) -> None:
        """`said` are the thread's distinct texts."""
        used = Counter(term for text in said for term in set(terms(_MENTION.sub(" ", text))))
        fewest = max(FEWEST_COMMON, COMMON * len(said))
        shared = (term for term, times in used.items() if times >= fewest)
        self.terms = frozenset((*terms(bare(thread.title)), *shared))

    def spoken_of(self, words: str) -> bool:
        return not self.terms.isdisjoint(terms(words))


def cost(words: str, topic: Topic) -> float:
    """What it costs to quote the words by themselves: 0 where nothing is against it."""
    total = TOO_LONG if len(words) > LONG else 0.0
    total += STUB if held(words) < FEWEST_TERMS else 0.0
    total += OFF if not topic.spoken_of(words) else 0.0
    total += LINKS if _LINK.search(words) else 0.0
    total += QUOTES if _QUOTING.match(words) else 0.0
    return total + (OPEN_ENDED if not _ended(words) else 0.0)


def _ended(words: str) -> bool:
    """Whether a mark that ends a sentence stands behind the last word."""
    for mark in reversed(words):
        if mark in _ENDS:
            return True
        if mark.isalnum() or mark == "_":
            return False
    return False


def held(words: str) -> int:
    """Distinct terms outside links; a single Latin letter is none."""
    return sum(len(term) > 1 or not term.isascii() for term in set(terms(_LINK.sub(" ", words))))
