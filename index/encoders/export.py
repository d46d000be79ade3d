"""The default encoder, made once from the packaged weights: run as `python -m index.encoders.export MODEL TARGET
PIECES`.

It runs in a process of its own, so that `onnx` never enters the one that answers. Not here: what the graph is made of
(index.encoders.minilm), how it is run (index.encoders.onnx_encoder).
"""

import sys
from pathlib import Path

from safetensors.numpy import load_file

from index.encoders.minilm import graph


def export(model_path: Path, target: Path, *, max_pieces: int) -> None:
    """Write the model's transformer, mean pooling and normalisation as one ONNX graph, in fp32."""
    weights = load_file(model_path / "model.safetensors")
    target.write_bytes(graph(weights, max_pieces=max_pieces).SerializeToString())


if __name__ == "__main__":
    export(Path(sys.argv[1]), Path(sys.argv[2]), max_pieces=int(sys.argv[3]))
