"""How good a ranking, a set of citations or of abstentions is: ids in, float out, 0 to 1.

Every function takes what was found and the gold ids, of one question or of one run. An id that is found twice counts
once, where it stands first. A figure over an empty gold set is undefined: ValueError, so that whoever averages has to
say what such a question counts for. Not here: averages over questions (bot.product.evaluate).

Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS 2002, for nDCG (binary gain here);
Voorhees, "The TREC-8 Question Answering Track Report", 1999, for the reciprocal rank; Manning, Raghavan and Schütze,
"Introduction to Information Retrieval", 2008, chapter 8, for the rest.
"""

import math
from collections.abc import Collection, Hashable, Sequence


def recall_at(k: int, ranked: Sequence[Hashable], gold: Collection[Hashable]) -> float:
    """|first k of ranked and gold| / |gold|.

    >>> recall_at(2, ["a", "b", "c"], ["a", "c"])
    0.5
    """
    wanted = _some(gold)
    return len(wanted & set(_first(k, ranked))) / len(wanted)


def hit_at(k: int, ranked: Sequence[Hashable], gold: Collection[Hashable]) -> float:
    """1.0 if any gold id is among the first k, else 0.0."""
    return float(not _some(gold).isdisjoint(_first(k, ranked)))


def ndcg_at(k: int, ranked: Sequence[Hashable], gold: Collection[Hashable]) -> float:
    """DCG / ideal DCG with gain 1 for gold: DCG = sum over ranks r of gold in the first k of 1 / log2(r + 1).

    The ideal puts all gold first, so that it has min(k, |gold|) terms.
    """
    wanted = _some(gold)
    gained = sum(_discount(rank) for rank, found in enumerate(_first(k, ranked), start=1) if found in wanted)
    return gained / sum(_discount(rank) for rank in range(1, min(k, len(wanted)) + 1))


def reciprocal_rank(ranked: Sequence[Hashable], gold: Collection[Hashable]) -> float:
    """1 / the rank of the first gold id, 0.0 where there is none; its mean over questions is MRR."""
    wanted = _some(gold)
    ranks = (rank for rank, found in enumerate(dict.fromkeys(ranked), start=1) if found in wanted)
    first = next(ranks, None)
    return 0.0 if first is None else 1 / first


def precision(found: Collection[Hashable], gold: Collection[Hashable]) -> float:
    """|found and gold| / |found|: of the citations of an answer, the share that is gold; of the questions of a run that
    were declined, the share that has no answer. ValueError where nothing was found; `gold` may be empty.
    """
    shown = set(found)
    if not shown:
        raise ValueError("nothing was found: its precision is undefined")
    return len(shown & set(gold)) / len(shown)


def recall(found: Collection[Hashable], gold: Collection[Hashable]) -> float:
    """|found and gold| / |gold|: of the gold comments, the share that an answer cites; of the questions of a run that
    have no answer, the share that was declined.
    """
    wanted = _some(gold)
    return len(wanted & set(found)) / len(wanted)


def f1(precise: float, recalled: float) -> float:
    """The harmonic mean 2pr / (p + r) of precision and recall; 0.0 where both are 0."""
    return 0.0 if precise + recalled == 0 else 2 * precise * recalled / (precise + recalled)


def _first(k: int, ranked: Sequence[Hashable]) -> list[Hashable]:
    if k < 1:
        raise ValueError(f"k is {k!r}, it must be at least 1")
    return list(dict.fromkeys(ranked))[:k]


def _some(gold: Collection[Hashable]) -> set[Hashable]:
    wanted = set(gold)
    if not wanted:
        raise ValueError("there are no gold ids: the figure is undefined")
    return wanted


def _discount(rank: int) -> float:
    return 1 / math.log2(rank + 1)
