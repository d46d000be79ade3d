"""Near words: which are kin, and what a text that holds one is worth."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.ranking.lexical import Bm25
from index.ranking.near_words import NEAR, Floats, Kinship, Lexicon, kin_scores

AXES = {"hospital": (1.0, 0.0), "clinic": (0.9, 0.436), "banana": (0.0, 1.0), "infirmary": (0.95, 0.312)}


def embed(texts: Sequence[str]) -> Floats:
    """Two dimensions, by hand: hospital and clinic are near each other, banana is near neither."""
    return np.array([AXES.get(text, AXES.get(f"{text}y", (0.0, 1.0))) for text in texts], dtype=np.float32)


def lexicon(folder: Path) -> Lexicon:
    return Lexicon.load(folder, fingerprint="by-hand", embed=embed, words=["hospital", "clinic", "banana", "hospitals"])


def test_the_same_word_is_whole_kin_a_near_one_in_part_a_far_one_not(tmp_path: Path) -> None:
    kinship = Kinship(lexicon(tmp_path), ["hospit", "clinic", "banana", "unheard"])
    assert kinship.terms == ("hospit", "clinic", "banana")
    (degrees,) = kinship.degrees(["hospit"])
    assert degrees[0] == 1
    assert abs(degrees[1] - (0.9 - NEAR) / (1 - NEAR)) < 0.01
    assert degrees[2] == 0


def test_a_word_of_the_question_that_is_not_common_is_embedded(tmp_path: Path) -> None:
    (degrees,) = Kinship(lexicon(tmp_path), ["clinic", "banana"]).degrees(["infirmar"])
    assert degrees[0] > degrees[1] == 0


def test_a_text_with_a_near_word_scores_below_none_and_one_without_gets_nothing(tmp_path: Path) -> None:
    bm25 = Bm25(["The clinic is closed.", "A banana is cheap.", "The hospital is open."])
    scores = kin_scores(bm25, Kinship(lexicon(tmp_path), bm25.vocabulary), ["hospit"])
    assert scores[0] > 0
    assert scores[1] == 0
    assert scores[2] == 0, "the word itself is BM25's own"
    assert scores[0] < bm25.term_scores(["hospit"])[2]


def test_it_is_made_once(tmp_path: Path) -> None:
    made = lexicon(tmp_path)
    (file,) = tmp_path.glob("words-*.npy")
    before = file.stat().st_mtime_ns
    again = lexicon(tmp_path)
    assert file.stat().st_mtime_ns == before
    assert np.array_equal(made.vectors(["clinic"]), again.vectors(["clinic"]))
    Lexicon.load(tmp_path, fingerprint="another", embed=embed, words=["hospital"])
    assert len(list(tmp_path.glob("words-*.npy"))) == 2


def test_nothing_asked_or_nothing_held_is_no_kin(tmp_path: Path) -> None:
    assert Kinship(lexicon(tmp_path), []).degrees(["hospit"]).shape == (1, 0)
    assert Kinship(lexicon(tmp_path), ["clinic"]).degrees([]).shape == (0, 1)
