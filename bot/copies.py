"""The same words by several people, as one point with each of its speakers once; copies by one person are one.

Not here: points that say the same in other words (bot.points.together).
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.points import Point
from bot.viewpoints import speaker_key
from corpus.text import bare


def once(found: Sequence[Point]) -> list[Point]:
    """The points in their order, those with the same words put together."""
    by_words: dict[str, dict[str, Point]] = {}
    for point in found:
        by_words.setdefault(bare(point.words), {}).setdefault(speaker_key(point.comment), point)
    every = [list(points.values()) for points in by_words.values()]
    return [replace(first, also=tuple(others)) for first, *others in every]
