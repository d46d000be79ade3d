"""Putting points together: which are kept, within which limits, and what need not be embedded for it."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from bot.points import SAME_POINT, Point, together
from bot.scope import Scope
from corpus.thread import Author, Comment

WORDS = (
    "The mill is loud.",
    "the  mill is loud.",
    "The mill is rather loud.",
    "Bees came back.",
    "Rents went up.",
    "Ice!",
)
ANGLES = (0.0, 0.0, 0.2, 1.0, 2.0, 3.0)
"""Where the words point to: the third is near the first, though not the same."""


class Words:
    """Embeds what it is given in two dimensions, and remembers how many texts it was given."""

    def __init__(self) -> None:
        self.embedded = 0

    def __call__(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.embedded += len(texts)
        angles = np.array([ANGLES[WORDS.index(text)] for text in texts])
        return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def _kept(
    said: Sequence[tuple[str, str]], *, limit: int = 5, per_author: int = 2, words: Words | None = None
) -> list[Point]:
    scope = Scope({}, rank=lambda *_: [], rarity=lambda _: 1.0, presence=lambda _: 1.0, embed=words or Words())
    made = [
        Comment(id=f"c{place}", thread_id="t", author=Author(id=who, handle=who), text=text)
        for place, (who, text) in enumerate(said)
    ]
    found = [Point(comment=c, start=0, end=len(c.text), score=1 - place / 100) for place, c in enumerate(made)]
    return together(found, scope, limit=limit, per_author=per_author)


def _speakers(kept: Sequence[Point]) -> list[list[str]]:
    return [[p.comment.author.handle for p in (one, *one.also) if p.comment.author] for one in kept]


def test_a_speaker_of_the_same_words_is_found_behind_the_last_point_that_is_kept() -> None:
    said = [("ana", WORDS[0]), ("ben", WORDS[3]), ("cy", WORDS[4]), ("dot", WORDS[1])]
    assert _speakers(_kept(said, limit=2)) == [["ana", "dot"], ["ben"]]


def test_nearly_the_same_words_are_left_out_and_lend_no_speaker() -> None:
    assert np.cos(ANGLES[2]) > SAME_POINT
    assert _speakers(_kept([("ana", WORDS[0]), ("ben", WORDS[2]), ("cy", WORDS[3])])) == [["ana"], ["cy"]]


def test_an_author_has_so_many_points_and_no_more() -> None:
    said = [("ana", WORDS[0]), ("ana", WORDS[3]), ("ana", WORDS[4]), ("ben", WORDS[5])]
    assert _speakers(_kept(said)) == [["ana"], ["ana"], ["ben"]]


def test_what_can_no_longer_be_kept_is_not_embedded() -> None:
    words = Words()
    _kept([("ana", WORDS[0]), ("ben", WORDS[3]), *((f"p{n}", WORDS[4]) for n in range(50))], limit=2, words=words)
    assert words.embedded == 2


@given(
    said=st.lists(st.tuples(st.sampled_from(["ana", "ben", "cy"]), st.sampled_from(WORDS)), max_size=12),
    limit=st.integers(1, 4),
    per_author=st.integers(1, 3),
)
def test_points_that_are_kept_are_distinct_in_order_and_within_the_limits(
    said: list[tuple[str, str]], limit: int, per_author: int
) -> None:
    kept = _kept(said, limit=limit, per_author=per_author)
    assert len(kept) <= limit
    assert bool(kept) == bool(said)
    angles = [ANGLES[WORDS.index(point.words)] for point in kept]
    assert all(np.cos(a - b) < SAME_POINT for place, a in enumerate(angles) for b in angles[:place])
    assert [point.score for point in kept] == sorted((point.score for point in kept), reverse=True)
    first = [point.comment.author.id for point in kept if point.comment.author]
    assert all(first.count(author) <= per_author for author in first)
