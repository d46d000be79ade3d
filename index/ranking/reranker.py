"""The reranker: a cross-encoder that reads the question and a passage together, over the best of a ranking.

Any sentence-transformers CrossEncoder, by name or path (DIGG_RERANKER). None is packaged and none is used by default.
It is loaded when it is first needed, and torch with it. Not here: the ranking itself (index.ranking.retrieve),
embedding (index.encoders.torch_encoder).
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelUnavailable
from index.encoders.torch_models import first_line, loaded_by_name

if TYPE_CHECKING:
    from corpus.thread import Thread
    from index.ranking.hit import Hit

Floats = NDArray[np.float32]

DEPTH = 30
"""The best hits of a ranking that are read again. What stands below them stays below them."""
BATCH = 16
"""Pairs that go through the model at once."""
MOST_PIECES = 512
"""Pieces of a pair that are read where the model names no limit of its own."""
REMEMBERED = 4_096
"""Pairs whose scores are kept in memory: one answer ranks the same comments several times."""
DECIMALS = 4
"""Of a place in the order: a pair's score differs in its last bits with the pairs that it is padded with."""


class Reranker:
    """One cross-encoder. Thread-safe.

    >>> Reranker("cross-encoder/ms-marco-MiniLM-L6-v2").scores("Who pays?", ["Investors do.", "I had soup."])
    array([ 1.9, -11.2], dtype=float32)
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._lock = Lock()
        self._remembered: OrderedDict[tuple[str, str], float] = OrderedDict()

    def reranked(self, question: str, hits: Sequence["Hit"], threads: Mapping[str, "Thread"]) -> list["Hit"]:
        """The hits with the first DEPTH of them in a new order: by the mean of their score and the model's.

        Both are taken over their range among these hits, and what comes of it is put back into the range that their
        scores had, so that scores still fall along the whole list. Raises ModelUnavailable.
        """
        best, rest = list(hits[:DEPTH]), list(hits[DEPTH:])
        if len(best) < 2:
            return [*best, *rest]
        texts = [threads[hit.thread_id].by_id[hit.comment_id].text[hit.start : hit.end] for hit in best]
        before, read = np.array([hit.score for hit in best]), self.scores(question, texts)
        if np.ptp(read) == 0:
            return list(hits)
        both = (_over_range(before) + _over_range(read)) / 2
        after = before.min() + both.round(DECIMALS) * (before.max() - before.min())
        order = np.argsort(-after, kind="stable")
        return [*(best[at].model_copy(update={"score": float(after[at])}) for at in order), *rest]

    def scores(self, question: str, texts: Sequence[str]) -> Floats:
        """(n,) how well each text answers the question, without a bound: higher is better. Raises ModelUnavailable."""
        with self._lock:
            keys = [(question, text) for text in texts]
            known = {key: self._remembered[key] for key in keys if key in self._remembered}
            missing = [key for key in dict.fromkeys(keys) if key not in known]
            if missing:
                known.update(zip(missing, self._predicted(missing), strict=True))
            self._keep(known)
        return np.array([known[key] for key in keys], dtype=np.float32)

    def forget(self) -> None:
        """Remember no pair and its score any longer."""
        with self._lock:
            self._remembered.clear()

    def load(self) -> str:
        """Its name, once it is loaded. Raises ModelUnavailable."""
        with self._lock:
            _ = self._model
        return self.name

    @cached_property
    def _model(self) -> Any:
        return _loaded(self.name)

    def _keep(self, scores: Mapping[tuple[str, str], float]) -> None:
        for key, score in scores.items():
            self._remembered[key] = score
            self._remembered.move_to_end(key)
        while len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)

    def _predicted(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """The bare scores: a sigmoid over them, as many models carry one, would make all the good ones alike."""
        from torch.nn import Identity

        found = self._model.predict(
            list(pairs), batch_size=BATCH, show_progress_bar=False, activation_fn=Identity(), convert_to_numpy=True
        )
        scores = np.asarray(found, dtype=np.float64)
        if scores.shape != (len(pairs),) or not np.isfinite(scores).all():
            raise _unavailable(self.name, "what it gives for a pair is not one number")
        return [float(score) for score in scores]


def _loaded(name: str) -> Any:
    """The model from this disk; from the hub only where a name was given that is not on this disk."""
    from sentence_transformers import CrossEncoder

    try:
        model = loaded_by_name(CrossEncoder, name).float().eval()
    except Exception as exc:
        raise _unavailable(name, first_line(exc)) from exc
    if model.num_labels != 1:
        raise _unavailable(name, f"it gives {model.num_labels} scores for a pair, a reranker gives one")
    if _without_head(model):
        raise _unavailable(name, "it has no layer that scores a pair: it is no cross-encoder")
    if not model.max_seq_length or model.max_seq_length > MOST_PIECES:
        model.max_seq_length = MOST_PIECES
    return model


def _without_head(model: Any) -> bool:
    """Whether its last layer was made up just now, at random, since the files have none."""
    architectures = getattr(model.config, "architectures", None) or ()
    trained = any(name.endswith(("ForSequenceClassification", "ForCausalLM")) for name in architectures)
    return len(model) == 1 and bool(architectures) and not trained


def _unavailable(name: str, reason: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"The reranker {name!r} cannot be used: {reason[:300].rstrip('.')}.",
        next_step="Set DIGG_RERANKER to the folder or name of a sentence-transformers CrossEncoder, or unset it.",
    )


def _over_range(scores: NDArray[Any]) -> NDArray[np.float64]:
    """Scores from 0 for the lowest to 1 for the highest; all 0 where they are the same."""
    low, high = float(scores.min()), float(scores.max())
    return (scores.astype(np.float64) - low) / (high - low) if high > low else np.zeros(len(scores))
