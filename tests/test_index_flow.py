from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from strategies import threads

from corpus.thread import Comment, Thread
from index.passages import relation
from index.ranking.flow import ANSWER, ANSWER_IN_A_TALK, BOND, STRETCH, STRONGEST_BOND, WORDS, Flow

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def flow_of(kind, *said, deleted=()):
    """`said` are (id, parent, text)."""
    comments = [
        Comment(id=i, thread_id="t", parent_id=parent, text=text, deleted=i in deleted) for i, parent, text in said
    ]
    thread = Thread(id="t", source="forum", comments=comments, fetched_at=NOW)
    return Flow(thread, [comment for comment in comments if comment.citable], kind)


def scores(*values):
    return np.array(values, dtype=np.float32)


def test_independent_comments_lend_each_other_nothing():
    flow = flow_of("independent", ("a", None, "Why?"), ("b", None, "So."))
    assert flow.spread(scores(1, 0)).tolist() == [1, 0]
    assert flow.answers("Why?", scores(1, 0), None).tolist() == [0, 0]


def test_turns_lend_to_both_sides_the_less_the_more_is_said_in_between():
    flow = flow_of("turns", *((i, None, "five words in each turn") for i in "abcd"))
    bond = min(STRONGEST_BOND, BOND / 5)
    lent = flow.spread(scores(0, 1, 0, 0))
    assert lent == pytest.approx([bond, 1, bond, bond * np.exp(-5 / WORDS)], rel=1e-5)


def test_long_turns_stand_more_on_their_own():
    short = flow_of("turns", *((i, None, "a few words here") for i in "ab"))
    long = flow_of("turns", *((i, None, "many words " * 20) for i in "ab"))
    assert long.spread(scores(1, 0))[1] < short.spread(scores(1, 0))[1]


def test_a_reply_to_a_deleted_comment_belongs_to_the_one_above():
    said = (("q", None, "Why?"), ("gone", "q", "Deleted."), ("a", "gone", "So."))
    flow = flow_of("tree", *said, deleted={"gone"})
    assert flow.answers("Why?", scores(1, 0), None) == pytest.approx([0, ANSWER])


def test_all_replies_to_the_very_question_are_raised_and_nothing_below_them():
    flow = flow_of("tree", ("q", None, "Why?"), ("a", "q", "So."), ("b", "q", "Or so."), ("c", "a", "Hm."))
    assert flow.answers("Why?", scores(1, 0, 0, 0), None) == pytest.approx([0, ANSWER, ANSWER, 0])


def test_the_turns_after_the_very_question_are_raised_as_they_are_likely_to_answer_it():
    said = ("Hello.", "Who takes the notes today?", "Who?", "I can take the notes today.", "Okay.", "Then the budget.")
    flow = flow_of("turns", *((str(i), None, text) for i, text in enumerate(said)))
    raised = flow.answers("Who takes the notes today?", scores(0, 1, 0, 0, 0, 0), None)
    assert raised[:2].tolist() == [0, 0]
    assert raised.argmax() == 3
    assert raised[3] > 2 * max(raised[2], raised[4])
    assert raised.max() <= ANSWER_IN_A_TALK


def test_turns_after_what_only_asks_nearly_the_same_are_hardly_raised():
    said = ("Who takes the notes today?", "I can take the notes today.")
    flow = flow_of("turns", *((str(i), None, text) for i, text in enumerate(said)))
    surely, hardly = (flow.answers("Who takes the notes today?", scores(same, 0), None)[1] for same in (1, 0.3))
    assert 0 < hardly < 0.1 * surely


@given(threads())
def test_any_thread_keeps_its_own_scores_and_gets_no_less(thread):
    comments = [comment for comment in thread.comments if comment.citable]
    own = np.linspace(0, 1, len(comments), dtype=np.float32)
    flow = Flow(thread, comments, relation(thread))
    assert (flow.spread(own) >= own - 1e-6).all()
    assert np.isfinite(flow.answers("Why does the ferry stop?", own, own)).all()


@pytest.mark.parametrize("kind", ["turns", "tree", "independent"])
def test_one_comment_alone_keeps_its_score(kind):
    flow = flow_of(kind, ("a", None, "Why?"))
    assert flow.spread(scores(1)).tolist() == [1]
    assert flow.answers("Why?", scores(1), None).tolist() == [0]


def test_a_turn_in_the_relevant_stretch_of_talk_is_worth_more_than_one_elsewhere():
    flow = flow_of("turns", *((str(i), None, "some twenty words of talk " * 4) for i in range(40)))
    relevant = scores(*(1 if 10 <= i < 16 and i != 13 else 0 for i in range(40)))
    around = flow.stretch(relevant)
    assert around[13] > 0.9
    assert around[13] > 5 * around[30]


def test_the_stretch_is_the_mean_by_distance_in_words():
    words = [3, 1, 40, 200, 7, 7]
    flow = flow_of("turns", *((str(i), None, "word " * n) for i, n in enumerate(words)))
    values = np.array([0.2, 0.9, 0.1, 0.5, 0.0, 0.3])
    middles = np.cumsum(words) - np.array(words) / 2
    weights = np.exp(-np.abs(middles[:, None] - middles[None, :]) / STRETCH)
    mean = weights @ values / weights.sum(axis=1)
    expected = (mean - mean.min()) / (mean.max() - mean.min())
    assert flow.stretch(values.astype(np.float32)) == pytest.approx(expected, abs=1e-5)


def test_only_a_talk_has_stretches():
    tree = flow_of("tree", ("q", None, "Why?"), ("a", "q", "So."))
    assert tree.stretch(scores(1, 0)).tolist() == [0, 0]
    alone = flow_of("turns", ("a", None, "Why?"))
    assert alone.stretch(scores(1)).tolist() == [0]
