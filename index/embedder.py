"""The embedder: texts -> unit vectors, as LlamaIndex's BaseEmbedding; and which model it is.

Not here: how a model is run (index.onnx_encoder, index.torch_encoder).
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from numpy.typing import NDArray
from pydantic import PrivateAttr

Vectors = NDArray[np.float32]

BATCH_PIECES = 4_096
"""Pieces, padding included, that go through the encoder at once."""
REMEMBERED = 4_096
"""Texts whose vectors are kept in memory: 6 MB at 384 dimensions."""
BULK = 256
"""From this many texts on a call neither asks nor fills the memory."""


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
    def count_pieces(self, texts: Sequence[str]) -> list[int]: ...
    def pieces(self, texts: Sequence[str]) -> list[list[int]]: ...
    def encode(self, pieces: Sequence[Sequence[int]]) -> Vectors: ...


class Embedder(BaseEmbedding):
    """Texts -> unit vectors in fp32. Thread-safe."""

    _encoder: Encoder = PrivateAttr()
    _remembered: OrderedDict[str, Vectors] = PrivateAttr(default_factory=OrderedDict)
    _lock: Any = PrivateAttr(default_factory=threading.Lock)

    def __init__(self, encoder: Encoder, **fields: Any) -> None:
        super().__init__(model_name=encoder.name, **fields)
        self._encoder = encoder

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
        """Word pieces that are embedded of a text; what comes after them does not count."""
        return self._encoder.max_pieces

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, special tokens included, nothing cut off."""
        return self._encoder.count_pieces(texts)

    def embed(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> Vectors:
        """Unit rows (n, dimension), in the order of the texts. `progress` is told how many are done so far."""
        if len(texts) >= BULK:
            return self._embed(texts, progress)
        with self._lock:
            known = {text: self._remembered[text] for text in dict.fromkeys(texts) if text in self._remembered}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(missing, self._embed(missing, progress), strict=True))
        with self._lock:
            for text in texts:
                self._remembered[text] = known[text]
                self._remembered.move_to_end(text)
            while len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return np.stack([known[text] for text in texts]) if texts else np.zeros((0, self.dimension), np.float32)

    def _embed(self, texts: Sequence[str], progress: Callable[[int], None] | None) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        pieces = self._encoder.pieces(texts)
        done = 0
        for batch in _batches([len(own) for own in pieces]):
            vectors[batch] = self._encoder.encode([pieces[place] for place in batch])
            done += len(batch)
            if progress is not None:
                progress(done)
        return vectors

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = self.embed(texts).tolist()
        return rows


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of the texts in batches of like length, the longest first, each within the budget of pieces."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > BATCH_PIECES:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def load_embedder(model: str | None, *, home: Path) -> Embedder:
    """The packaged default where `model` is None, else any sentence-transformers model by name or path."""
    from index.onnx_encoder import OnnxEncoder, exported

    return Embedder(OnnxEncoder(exported(home)))
