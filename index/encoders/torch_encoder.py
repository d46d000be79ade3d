"""Any other sentence-transformers model, by name or path, run by torch. Imported only when such a model is asked for.

Not here: the packaged default (index.encoders.onnx_encoder), batching (index.encoders.embedder).
"""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelUnavailable
from index.encoders.torch_models import first_line, loaded_by_name

UNLIMITED_PIECES = 512
"""Pieces that are embedded of a text where the model names no limit of its own."""


class TorchEncoder:
    """The model as sentence-transformers runs it, in fp32, with its own prompts for questions and for passages."""

    at_once = 1
    """torch uses every core for each batch."""

    def __init__(self, model: str) -> None:
        self._model = _loaded(model)
        self.name = model
        self._prompts = {kind: self._model.prompts.get(kind) or "" for kind in ("query", "document")}
        limit = self._model.max_seq_length or UNLIMITED_PIECES
        self._prompt_pieces = self._count([self._prompts["document"]])[0] - self._count([""])[0]
        self.max_pieces: int = min(int(limit), UNLIMITED_PIECES) - self._prompt_pieces
        self.dimension: int = self._encode([""], "document").shape[1]
        self.fingerprint = _fingerprint(self._model, model, self.max_pieces)

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, special tokens included, nothing cut off."""
        return self._count(texts)

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        """Unit rows for one batch."""
        return self._encode(texts, "query" if query else "document")

    def _count(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        tokenizer = self._model.tokenizer
        if hasattr(tokenizer, "encode_batch_fast"):  # a static model brings a bare `tokenizers.Tokenizer`
            return [len(encoding) for encoding in tokenizer.encode_batch_fast(list(texts))]
        return [len(ids) for ids in tokenizer(list(texts), truncation=False, verbose=False)["input_ids"]]

    def _encode(self, texts: Sequence[str], kind: str) -> NDArray[np.float32]:
        vectors = self._model.encode(
            list(texts),
            prompt=self._prompts[kind] or None,
            batch_size=len(texts),
            show_progress_bar=False,
            normalize_embeddings=True,
        )
        return np.asarray(vectors, dtype=np.float32)


def _loaded(model: str) -> Any:
    """The model from this disk; from the hub only where a name was given that is not on this disk."""
    from sentence_transformers import SentenceTransformer

    try:
        return loaded_by_name(SentenceTransformer, model).float().eval()
    except Exception as exc:
        raise ModelUnavailable(
            f"The sentence-transformers model {model!r} cannot be loaded: {first_line(exc)[:300]}",
            next_step="Set DIGG_MODEL to a model's folder or name, or unset it to use the packaged one.",
        ) from exc


def _fingerprint(model: Any, name: str, max_pieces: int) -> str:
    """Name, weights, runtime, precision, how the pieces are pooled, length limit."""
    digest = hashlib.sha256(repr(sorted(model.prompts.items())).encode())
    for key, tensor in sorted(model.state_dict().items()):
        digest.update(key.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    modules = "-".join(type(module).__name__.lower() for module in model)
    pooling = "-".join(str(module.pooling_mode) for module in model if hasattr(module, "pooling_mode"))
    short = re.sub(r"[^A-Za-z0-9]+", "-", Path(name).name).strip("-")[:60] or "model"
    return ".".join(filter(None, [short, digest.hexdigest()[:16], "torch-fp32", modules, pooling, str(max_pieces)]))
