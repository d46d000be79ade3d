"""Which texts say nearly the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bot.evidence.grouping import Space, average_linkage, groups


def towards(*rows: list[float]) -> np.ndarray:
    made = np.array(rows, dtype=np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def by_hand(near: np.ndarray, apart: float) -> set[frozenset[int]]:
    """Average linkage as it is defined: the two groups that are nearest in the mean, until none are near enough."""
    made = [[place] for place in range(len(near))]
    while len(made) > 1:
        pairs = [(i, j) for i in range(len(made)) for j in range(i)]
        means = [float(np.mean([near[a, b] for a in made[i] for b in made[j]])) for i, j in pairs]
        best = int(np.argmax(means))
        if means[best] <= apart:
            break
        i, j = pairs[best]
        made[j] += made.pop(i)
    return {frozenset(group) for group in made}


@given(arrays.arrays(np.float64, (7, 4), elements=st.floats(-1, 1, width=16)))
def test_chains_of_neighbours_find_what_the_definition_finds(rows: np.ndarray) -> None:
    near = rows @ rows.T + np.arange(49).reshape(7, 7) * 1e-7
    near = (near + near.T) / 2
    values = near[np.triu_indices(7, 1)]
    means_tie = len(np.unique(values.round(3))) < len(values)
    if not means_tie:
        assert {frozenset(group) for group in average_linkage(near.astype(np.float32), apart=0.1)} == by_hand(near, 0.1)


@given(st.integers(0, 12), st.integers(1, 8))
def test_no_place_is_in_two_groups_and_none_is_made_up(size: int, most: int) -> None:
    rows = np.random.default_rng(size).normal(size=(size, 5))
    space = Space([f"text {n % 3} more" for n in range(size)], towards(*rows) if size else np.zeros((0, 5), np.float32))
    found = groups(space, most=most)
    places = [place for group in found for place in group]
    assert len(places) == len(set(places))
    assert set(places) <= set(range(size))
    assert len(found) <= most
    assert all(len(group) > 1 for group in found)


def test_what_everybody_shares_parts_nobody_and_joins_nobody() -> None:
    shared = [1.0, 0.0, 0.0]
    rows = towards(*([np.add(shared, [0, 1, 0])] * 12), *([np.add(shared, [0, 0, 1])] * 9))
    texts = [f"the ferry engine {n}" for n in range(12)] + [f"the ferry tax {n}" for n in range(9)]
    assert [set(group) for group in groups(Space(texts, rows), most=8)] == [set(range(12)), set(range(12, 21))]


@pytest.mark.parametrize("size", [0, 1])
def test_too_few_texts_make_no_group(size: int) -> None:
    assert groups(Space(["alone"] * size, np.ones((size, 3), np.float32)), most=8) == []


def test_beside_a_text_are_those_that_are_near_it_both_in_meaning_and_in_words() -> None:
    texts = ["the harbour tax rose", "a harbour tax is theft", "the harbour closes", "gulls cry", "gulls sleep", "fog"]
    vectors = towards([1, 0, 0], [1, 0.1, 0], [-1, 1, 0], [1, 0, 0.1], [0, -1, 0], [0, 0, -1])
    assert Space(texts, vectors).beside(0, range(6)) == [1]
