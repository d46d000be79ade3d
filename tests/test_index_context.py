"""A turn's vector after the turn before it, from the vectors of both, beside what the encoder makes of their words."""

from pathlib import Path

import numpy as np
import pytest

from index.encoders.embedder import Embedder, load_embedder
from index.passages import Passage, context_view, plain_view
from index.ranking.context import in_context


@pytest.fixture(scope="module")
def embedder(encoder_home: Path) -> Embedder:
    return load_embedder(None, home=encoder_home)


def turns(*texts: str, first_context: str = "") -> list[Passage]:
    before = (first_context, *texts)
    return [
        Passage(thread_id="t", comment_id=str(at), start=0, end=len(text), text=text, context=context)
        for at, (context, text) in enumerate(zip(before, texts, strict=False))
    ]


def test_it_comes_near_to_what_the_encoder_makes_of_both_turns(embedder: Embedder) -> None:
    made = turns(
        "Did the ferry to Elsby run on Sunday, or was it cancelled again because of the wind?",
        "It ran.",
        "Good, then my parcel with the violin strings should be there by tomorrow.",
        "I still think that they should pay for the hotel.",
    )
    plain = embedder.embed([plain_view(passage) for passage in made])
    wanted = embedder.embed([context_view(passage) for passage in made])
    found = in_context(made, plain)
    near, alone = (found * wanted).sum(axis=1), (plain * wanted).sum(axis=1)
    assert near.min() > 0.75
    assert (near[1:] > alone[1:]).all()
    assert near[1] > alone[1] + 0.3  # the short answer is understood with its question


def test_rows_are_of_unit_length_and_a_passage_without_context_keeps_its_own() -> None:
    rows = np.eye(3, dtype=np.float32)
    made = turns("aa", "bbbb", "cc")
    made[2] = made[2].model_copy(update={"context": ""})
    found = in_context(made, rows)
    assert found.dtype == np.float32
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
    assert np.array_equal(found[[0, 2]], rows[[0, 2]])
    assert np.allclose(found[1], np.array([2, 4, 0]) / np.sqrt(20), atol=1e-6)


def test_turns_that_cancel_each_other_keep_their_own_rows() -> None:
    rows = np.array([[1, 0], [-1, 0]], dtype=np.float32)
    assert np.array_equal(in_context(turns("aa", "bb"), rows), rows)


def test_no_passages_have_no_rows() -> None:
    assert in_context([], np.zeros((0, 4), np.float32)).shape == (0, 4)
