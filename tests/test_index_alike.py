import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.ranking.alike import CANDIDATES, lent


def unit(rows):
    made = np.array(rows, dtype=np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def test_what_is_like_the_relevant_ones_gets_more_than_what_is_like_the_others():
    vectors = unit([[1, 0, 0], [1, 0.1, 0], [1, 0.2, 0], [0, 0, 1], [0, 0.1, 1], [0, 0.2, 1]])
    scores = np.array([1, 0.9, 0, 0, 0.1, 0], dtype=np.float32)
    got = lent(scores, vectors)
    assert got[2] > got[3:].max()


def test_only_candidates_lend_and_get():
    size = CANDIDATES + 50
    scores = np.linspace(1, 0, size, dtype=np.float32)
    vectors = unit(np.random.default_rng(1).normal(size=(size, 8)))
    got = lent(scores, vectors)
    assert not got[CANDIDATES:].any()
    assert got.max() == 1


@given(st.lists(st.floats(0, 1, width=32), max_size=12))
def test_it_gives_shares_of_any_few_comments(scores):
    got = lent(np.array(scores, dtype=np.float32), unit(np.ones((len(scores), 4))) if scores else np.zeros((0, 4)))
    assert got.shape == (len(scores),)
    assert ((got >= 0) & (got <= 1)).all()


def test_two_comments_lend_each_other_nothing():
    assert lent(np.array([1, 0], dtype=np.float32), unit([[1, 0], [1, 0]])).tolist() == pytest.approx([0, 0])
