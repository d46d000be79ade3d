"""Which posts advertise, as far as repeating tells: one author posts nearly the same words again, answering nobody.

Not here: the same words by several people (bot.copies), bots that say that they are (Comment.is_bot).
"""

from collections import defaultdict
from collections.abc import Collection
from itertools import combinations

from corpus.thread import Comment, Thread
from index.lexical import terms

ALIKE = 0.8
"""Share of the terms of two posts together that both hold."""
FEWEST_TERMS = 6
"""Fewer terms are said twice by chance."""
LOOKED_AT = 50
"""Posts of one author that are compared with each other."""


def adverts(thread: Thread, *, by: Collection[str] | None = None) -> frozenset[str]:
    """The ids of the posts that advertise; of these authors' alone, where their ids are given in `by`."""
    by_author: defaultdict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)
    for comment in thread.comments:
        if comment.author is None or (by is not None and comment.author.id not in by):
            continue
        if comment.citable and _unasked(comment, thread):
            held = frozenset(terms(comment.text))
            if len(held) >= FEWEST_TERMS:
                by_author[comment.author.id].append((comment.id, held))
    pairs = (pair for posts in by_author.values() for pair in combinations(posts[:LOOKED_AT], 2))
    return frozenset(post[0] for one, other in pairs if _alike(one[1], other[1]) for post in (one, other))


def _unasked(comment: Comment, thread: Thread) -> bool:
    return thread.parents[comment.id] is None and not comment.addressed


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= ALIKE * len(one | other)
