"""all-MiniLM-L6-v2 as an ONNX graph, written operator by operator from its weights: word pieces -> unit vectors.

All texts of a batch have the same number of pieces, so that there is no padding and no mask. What the usual export does
slowly is put in other words: a norm's scale and shift go into the layers that read it, and the norm itself is an
InstanceNormalization of rows, which ONNX Runtime computes eight times as fast as its LayerNormalization.

Not here: where the weights come from (index.encoders.export), running the graph (index.encoders.onnx_encoder). Imported
by the export.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]

LAYERS, WIDTH, HEADS = 6, 384, 12
EPSILON = 1e-12
OPSET, IR_VERSION = 17, 8
RUNTIME = "com.microsoft"
"""Operators that ONNX Runtime adds to ONNX."""
PARTS = ("query", "key", "value")


def graph(weights: Weights, *, max_pieces: int) -> onnx.ModelProto:
    """input_ids (texts, pieces) int32 -> embedding (texts, 384): the mean over the pieces, of unit length."""
    return _Graph(weights, max_pieces).whole()


class _Graph:
    """Operators and constants, added in the order in which they run."""

    def __init__(self, weights: Weights, max_pieces: int) -> None:
        self._weights = weights
        self._max_pieces = max_pieces
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def whole(self) -> onnx.ModelProto:
        normal, scale, shift = self._embeddings()
        for layer in range(LAYERS):
            normal, scale, shift = self._layer(f"encoder.layer.{layer}.", normal, scale, shift)
        self._pooled(normal, scale, shift)
        graph = helper.make_graph(
            self._nodes,
            "all-MiniLM-L6-v2",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT32, ["texts", "pieces"])],
            [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["texts", WIDTH])],
            list(self._constants.values()),
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(RUNTIME, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)

    def _embeddings(self) -> tuple[str, Floats, Floats]:
        """Words and positions, normalised. Every text is of the first segment."""
        of = "embeddings."
        places = self._weights[f"{of}position_embeddings.weight"][: self._max_pieces]
        places = places + self._weights[f"{of}token_type_embeddings.weight"][0]
        shape = self._add("Shape", ["input_ids"], "shape")
        pieces = self._add("Gather", [shape, self._integers("second", [1])])
        taken = self._add("Slice", [self._constant("places", places), self._integers("zero", [0]), pieces])
        words = self._constant("words", self._weights[f"{of}word_embeddings.weight"])
        added = self._add("Add", [self._add("Gather", [words, "input_ids"]), taken])
        self._add("Concat", [shape, self._integers("width", [WIDTH])], "by_text", axis=0)
        return self._normal(added), *self._norm(f"{of}LayerNorm")

    def _layer(self, name: str, normal: str, scale: Floats, shift: Floats) -> tuple[str, Floats, Floats]:
        """Attention and feed-forward, each added to what it read. `normal * scale + shift` is the layer's input."""
        parts = [self._read(normal, scale, shift, f"{name}attention.self.{part}") for part in PARTS]
        by_text = [self._add("Reshape", [part, "by_text"]) for part in parts]
        attended = self._add("MultiHeadAttention", by_text, domain=RUNTIME, num_heads=HEADS)
        attended = self._rows(attended)
        normal = self._joined(attended, f"{name}attention.output", normal, scale, shift)
        scale, shift = self._norm(f"{name}attention.output.LayerNorm")
        inner = self._add("Gelu", [self._read(normal, scale, shift, f"{name}intermediate.dense")], domain=RUNTIME)
        normal = self._joined(inner, f"{name}output", normal, scale, shift)
        return normal, *self._norm(f"{name}output.LayerNorm")

    def _read(self, normal: str, scale: Floats, shift: Floats, dense: str) -> str:
        """A dense layer that reads a norm, whose scale and shift its own weights and bias take in."""
        weight, bias = self._dense(dense)
        return self._product(normal, scale[:, None] * weight, bias + shift @ weight, dense)

    def _joined(self, read: str, name: str, normal: str, scale: Floats, shift: Floats) -> str:
        """A dense layer of what was read, added to `normal * scale + shift`, normalised."""
        weight, bias = self._dense(f"{name}.dense")
        made = self._product(read, weight, bias + shift, f"{name}.dense")
        kept = self._add("Mul", [normal, self._constant(f"{name}.kept", scale)])
        return self._normal(self._add("Add", [made, kept]))

    def _product(self, read: str, weight: Floats, bias: Floats, name: str) -> str:
        product = self._add("MatMul", [read, self._constant(f"{name}.weight", weight)])
        return self._add("Add", [product, self._constant(f"{name}.bias", bias)])

    def _pooled(self, normal: str, scale: Floats, shift: Floats) -> None:
        mean = self._add("ReduceMean", [self._add("Reshape", [normal, "by_text"])], axes=[1], keepdims=0)
        scaled = self._add("Mul", [mean, self._constant("pooled.scale", scale)])
        shifted = self._add("Add", [scaled, self._constant("pooled.shift", shift)])
        self._add("LpNormalization", [shifted], "embedding", axis=1, p=2)

    def _normal(self, rows: str) -> str:
        """(pieces, 1, width): each row with mean 0 and variance 1."""
        one, none = self._constant("one", np.ones(1)), self._constant("none", np.zeros(1))
        return self._add("InstanceNormalization", [self._rows(rows), one, none], epsilon=EPSILON)

    def _rows(self, states: str) -> str:
        return self._add("Reshape", [states, self._integers("by_piece", [-1, 1, WIDTH])])

    def _norm(self, name: str) -> tuple[Floats, Floats]:
        return self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]

    def _dense(self, name: str) -> tuple[Floats, Floats]:
        return self._weights[f"{name}.weight"].T, self._weights[f"{name}.bias"]

    def _add(self, kind: str, reads: Sequence[str], makes: str = "", *, domain: str = "", **fields: Any) -> str:
        makes = makes or f"{kind}.{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(reads), [makes], name=makes, domain=domain, **fields))
        return makes

    def _constant(self, name: str, values: NDArray[np.floating]) -> str:
        if name not in self._constants:
            whole = np.ascontiguousarray(values, dtype=np.float32)
            self._constants[name] = numpy_helper.from_array(whole, name)
        return name

    def _integers(self, name: str, values: Sequence[int]) -> str:
        self._constants.setdefault(name, numpy_helper.from_array(np.array(values, np.int64), name))
        return name
