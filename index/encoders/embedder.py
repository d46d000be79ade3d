"""The embedder: texts -> unit vectors, as LlamaIndex's BaseEmbedding; and which model it is.

Not here: how a model is run (index.encoders.onnx_encoder, index.encoders.torch_encoder).
"""

import asyncio
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from numpy.typing import NDArray
from pydantic import PrivateAttr

Vectors = NDArray[np.float32]

BATCH_PIECES = 512
"""Pieces that go through the encoder at once, or one text."""
REMEMBERED = 16_384
"""Texts whose vectors are kept in memory: 25 MB at 384 dimensions."""
BULK = 256
"""A call with this many texts or more neither asks nor fills the memory."""


class Encoder(Protocol):
    """How a model is run: the default one by ONNX Runtime, any other by torch."""

    @property
    def name(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    @property
    def max_pieces(self) -> int: ...
    @property
    def at_once(self) -> int:
        """Batches that it can run side by side."""

    def count_pieces(self, texts: Sequence[str]) -> list[int]: ...
    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors: ...


class Embedder(BaseEmbedding):
    """Texts -> unit vectors in fp32. Thread-safe.

    >>> embedder = load_embedder(None, home=Path("/var/lib/digg-deeper"))
    >>> embedder.embed(["the weights are open", "compute is the moat"]).shape
    (2, 384)
    """

    _encoder: Encoder = PrivateAttr()
    _remembered: "_Remembered" = PrivateAttr()
    _pool_lock: Any = PrivateAttr()
    _pool_made: tuple[int, ThreadPoolExecutor] | None = PrivateAttr()

    def __init__(self, encoder: Encoder, **fields: Any) -> None:
        super().__init__(model_name=encoder.name, **fields)
        self._encoder = encoder
        self._remembered = _Remembered(REMEMBERED)
        self._pool_lock = threading.Lock()
        self._pool_made = None

    @classmethod
    def class_name(cls) -> str:
        return "DiggDeeperEmbedder"

    @property
    def fingerprint(self) -> str:
        """What makes two vectors comparable: weights, runtime, precision, pooling, length limit."""
        return self._encoder.fingerprint

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    @property
    def max_pieces(self) -> int:
        """Word pieces that are embedded of a text, special tokens included. What comes after them has no effect."""
        return self._encoder.max_pieces

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, special tokens included, nothing cut off."""
        return self._encoder.count_pieces(texts)

    def embed(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> Vectors:
        """Unit rows (n, dimension), in the order of the texts. `progress` is told how many are done so far."""
        if len(texts) >= BULK:
            return self._embed(texts, progress)
        return self._recalled(texts, progress, query=False)

    def embed_query(self, question: str) -> Vectors:
        """One unit row (dimension,). Differs from `embed` only for models that prompt questions in their own way."""
        row: Vectors = self._recalled([question], None, query=True)[0]
        return row

    def forget(self) -> None:
        """Remember no text and its vector any longer."""
        self._remembered.clear()

    def _recalled(self, texts: Sequence[str], progress: Callable[[int], None] | None, *, query: bool) -> Vectors:
        """Rows for a few texts, those that were embedded lately from memory."""
        keys = [(query, text) for text in texts]
        known = self._remembered.rows(keys)
        missing = [key for key in dict.fromkeys(keys) if key not in known]
        found = self._embed([text for _, text in missing], progress, query=query)
        known.update(zip(missing, found, strict=True))
        self._remembered.keep(known)
        return np.stack([known[key] for key in keys]) if keys else np.zeros((0, self.dimension), np.float32)

    def _embed(self, texts: Sequence[str], progress: Callable[[int], None] | None, *, query: bool = False) -> Vectors:
        """Rows for all of them. Where the caller is stopped by its own `progress`, batches not begun are given up."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        done = 0

        def encoded(batch: Sequence[int]) -> int:
            vectors[batch] = self._encoder.encode([texts[place] for place in batch], query=query)
            return len(batch)

        with closing(self._side_by_side(encoded, self._batches(texts))) as finished:
            for size in finished:
                done += size
                if progress is not None:
                    progress(done)
        return vectors

    def _batches(self, texts: Sequence[str]) -> list[list[int]]:
        return list(_batches([min(count, self.max_pieces) for count in self.count_pieces(texts)]))

    def _side_by_side(self, encoded: Callable[[Sequence[int]], int], batches: Sequence[list[int]]) -> Generator[int]:
        """The sizes of the batches as they are done, in their order; one batch alone is done by the caller's thread."""
        if min(self._encoder.at_once, len(batches)) < 2:
            yield from map(encoded, batches)
            return
        begun = [self._pool().submit(encoded, batch) for batch in batches]
        try:
            for future in begun:
                yield future.result()
        finally:
            for future in begun:
                future.cancel()
            wait(begun)

    def _pool(self) -> ThreadPoolExecutor:
        """Threads that stay, since an answer embeds a few sentences many times; made anew after a fork."""
        with self._pool_lock:
            made = self._pool_made
            if made is None or made[0] != os.getpid():
                threads = ThreadPoolExecutor(self._encoder.at_once, thread_name_prefix="embed")
                made = self._pool_made = (os.getpid(), threads)
            return made[1]

    def _get_query_embedding(self, query: str) -> list[float]:
        row: list[float] = self.embed_query(query).tolist()
        return row

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return await asyncio.to_thread(self._get_query_embedding, query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    async def _aget_text_embedding(self, text: str) -> list[float]:
        return await asyncio.to_thread(self._get_text_embedding, text)

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = self.embed(texts).tolist()
        return rows

    async def _aget_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return await asyncio.to_thread(self._get_text_embeddings, texts)


class _Remembered:
    """The vectors used last, up to a number of them. Thread-safe."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._rows: OrderedDict[tuple[bool, str], Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def rows(self, keys: Sequence[tuple[bool, str]]) -> dict[tuple[bool, str], Vectors]:
        with self._lock:
            return {key: self._rows[key] for key in keys if key in self._rows}

    def clear(self) -> None:
        with self._lock:
            self._rows.clear()

    def keep(self, rows: Mapping[tuple[bool, str], Vectors]) -> None:
        with self._lock:
            for key, row in rows.items():
                self._rows[key] = row.copy()  # a row alone, not a view that keeps its whole batch alive
                self._rows.move_to_end(key)
            while len(self._rows) > self._size:
                self._rows.popitem(last=False)


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of the texts in batches of the same length, the longest first, each within the budget of pieces.

    Nothing is padded: a text's vector does not depend on its company, and no work is done for nothing.
    """
    of_length: dict[int, list[int]] = {}
    for place, length in enumerate(lengths):
        of_length.setdefault(length, []).append(place)
    for length in sorted(of_length, reverse=True):
        places, size = of_length[length], max(1, BATCH_PIECES // length)
        yield from (places[low : low + size] for low in range(0, len(places), size))


def load_embedder(model: str | None, *, home: Path) -> Embedder:
    """The packaged default where `model` is None, else any sentence-transformers model by name or path.

    The default is exported into `home` the first time (about two seconds); torch is never imported for it.
    """
    if model is None:
        from index.encoders.onnx_encoder import OnnxEncoder, exported

        return Embedder(OnnxEncoder(exported(home)))
    from index.encoders.torch_encoder import TorchEncoder

    return Embedder(TorchEncoder(model))
