import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.metrics import f1, hit_at, ndcg_at, precision, recall, recall_at, reciprocal_rank

IDS = st.lists(st.integers(0, 12), max_size=12)
GOLD = st.sets(st.integers(0, 12), min_size=1, max_size=12)
K = st.integers(1, 15)


def test_recall_counts_the_gold_among_the_first_k():
    assert recall_at(1, ["a", "b", "c"], {"a", "c", "z"}) == pytest.approx(1 / 3)
    assert recall_at(3, ["a", "b", "c"], {"a", "c", "z"}) == pytest.approx(2 / 3)
    assert recall_at(3, [], {"a"}) == 0.0


def test_ndcg_discounts_by_rank_and_divides_by_the_best_order():
    # gold at ranks 2 and 3: 1/log2(3) + 1/log2(4); ideal at ranks 1 and 2: 1 + 1/log2(3)
    gained, ideal = 1 / math.log2(3) + 0.5, 1 + 1 / math.log2(3)
    assert ndcg_at(10, ["x", "a", "b"], {"a", "b"}) == pytest.approx(gained / ideal)
    assert ndcg_at(10, ["a", "b", "x"], {"a", "b"}) == 1.0


def test_the_ideal_has_no_more_places_than_k():
    assert ndcg_at(2, ["a", "b"], {"a", "b", "c", "d"}) == 1.0


def test_an_id_found_twice_counts_once_where_it_stands_first():
    assert ndcg_at(10, ["a", "a", "a"], {"a", "b"}) == ndcg_at(10, ["a"], {"a", "b"})
    assert reciprocal_rank(["x", "x", "a"], {"a"}) == 0.5


def test_hit_says_whether_any_gold_is_among_the_first_k():
    assert hit_at(1, ["x", "a"], {"a"}) == 0.0
    assert hit_at(2, ["x", "a"], {"a"}) == 1.0


def test_reciprocal_rank_is_of_the_first_gold():
    assert reciprocal_rank(["x", "y", "a", "b"], {"a", "b"}) == pytest.approx(1 / 3)
    assert reciprocal_rank(["x"], {"a"}) == 0.0


def test_precision_is_over_what_was_found_and_recall_over_gold():
    assert precision(["a", "b", "x", "y", "y"], {"a", "b", "c"}) == pytest.approx(2 / 4)
    assert recall(["a", "b", "x"], {"a", "b", "c"}) == pytest.approx(2 / 3)
    assert precision(["x"], set()) == 0.0


def test_f1_is_the_harmonic_mean():
    assert f1(0.5, 1.0) == pytest.approx(2 / 3)
    assert f1(0.0, 0.0) == 0.0


@pytest.mark.parametrize(
    "figure",
    [
        lambda: recall_at(5, ["a"], []),
        lambda: ndcg_at(5, ["a"], []),
        lambda: hit_at(5, ["a"], []),
        lambda: reciprocal_rank(["a"], []),
        lambda: recall(["a"], []),
        lambda: precision([], ["a"]),
        lambda: recall_at(0, ["a"], ["a"]),
    ],
)
def test_what_is_undefined_is_refused(figure):
    with pytest.raises(ValueError):
        figure()


@given(IDS, GOLD, K)
def test_every_figure_lies_between_0_and_1(ranked, gold, k):
    figures = [recall_at(k, ranked, gold), ndcg_at(k, ranked, gold), hit_at(k, ranked, gold)]
    figures += [reciprocal_rank(ranked, gold), recall(ranked, gold)]
    figures += [precision(ranked, gold)] if ranked else []
    assert all(0.0 <= figure <= 1.0 + 1e-12 for figure in figures)


@given(IDS, GOLD, K)
def test_a_longer_list_never_loses_recall_or_hits(ranked, gold, k):
    assert recall_at(k, ranked, gold) <= recall_at(k + 1, ranked, gold)
    assert hit_at(k, ranked, gold) <= hit_at(k + 1, ranked, gold)


@given(GOLD, st.permutations(range(13)), K)
def test_all_gold_first_is_the_best_order(gold, order, k):
    best = sorted(order, key=lambda found: found not in gold)
    assert ndcg_at(k, best, gold) == pytest.approx(1.0)
    assert ndcg_at(k, order, gold) <= 1.0 + 1e-12
    assert reciprocal_rank(best, gold) == 1.0


@given(st.floats(0, 1), st.floats(0, 1))
def test_f1_lies_between_its_parts(precise, recalled):
    low, high = sorted((precise, recalled))
    assert low - 1e-12 <= f1(precise, recalled) <= high + 1e-12
