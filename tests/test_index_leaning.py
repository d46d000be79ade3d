import numpy as np
import pytest

from corpus.thread import Comment
from index.ranking.leaning import Leanings, wanted


def leanings(*texts, vectors=None):
    comments = [Comment(id=str(place), thread_id="t", text=text) for place, text in enumerate(texts)]
    return Leanings(comments, vectors)


@pytest.mark.parametrize(
    ("asked", "leaning"),
    [
        ("Which replies ask for a source?", "asks"),
        ("Who questions the benchmark?", "asks"),
        ("Does anyone doubt the numbers?", "asks"),
        ("Which comments deny or dispute it?", "denies"),
        ("Who disagrees with the ban?", "denies"),
        ("Which replies support or confirm the claim?", "supports"),
        ("Who agrees with that?", "supports"),
    ],
)
def test_a_question_for_a_leaning_is_told_by_its_verb(asked, leaning):
    assert wanted(asked) == leaning


@pytest.mark.parametrize(
    "asked",
    [
        "What evidence is there?",
        "Why do people disagree?",
        "What did the council support?",
        "Who came back?",
        "Which question was never answered?",
        "",
    ],
)
def test_other_questions_are_for_a_subject(asked):
    assert wanted(asked) is None


def test_doubt_shows_in_question_marks_denial_in_noes_support_in_the_same_words():
    vectors = np.eye(4, dtype=np.float32)
    vectors[3] = vectors[0]
    shown = leanings(
        "The bridge is closed.",
        "Really? Any source?",
        "No, that is not true.",
        "Yes, the bridge is closed.",
        vectors=vectors,
    )
    assert shown.of("asks")[1:].argmax() == 0
    assert shown.of("denies")[1:].argmax() == 1
    assert shown.of("supports")[1:].argmax() == 2


def test_without_vectors_words_alone_tell():
    shown = leanings("The bridge is closed.", "Indeed, confirmed.", "Why?")
    assert shown.of("supports").argmax() == 1
