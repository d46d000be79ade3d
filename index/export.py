"""The default encoder, exported once from its sentence-transformers model to ONNX: run as `python -m index.export`.

It runs in a process of its own, so that torch never enters the one that answers. Not here: how the export is used
(index.onnx_encoder).
"""

import sys
import warnings
from pathlib import Path

OPSET = 17


def export(model_path: Path, target: Path) -> None:
    """Write the model's transformer, mean pooling and normalisation as one ONNX graph, in fp32."""
    import torch
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(
        str(model_path), device="cpu", local_files_only=True, model_kwargs={"attn_implementation": "eager"}
    )

    class MeanPooled(torch.nn.Module):
        def __init__(self, transformer: torch.nn.Module) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            kept = attention_mask.to(torch.float32)
            # Additive and ready-made: the model's own mask code branches on the mask's values, which a trace freezes.
            hidden = ((1.0 - kept) * torch.finfo(torch.float32).min)[:, None, None, :]
            states = self.transformer(
                input_ids=input_ids, attention_mask=hidden, token_type_ids=torch.zeros_like(input_ids)
            ).last_hidden_state
            pooled = (states * kept[:, :, None]).sum(1) / kept.sum(1, keepdim=True).clamp(min=1e-9)
            return torch.nn.functional.normalize(pooled, p=2, dim=1)

    transformer = model[0].auto_model
    if not isinstance(transformer, torch.nn.Module):
        raise TypeError(f"{model_path} holds no transformer but {type(transformer).__name__}")
    encoder = MeanPooled(transformer).eval()
    ids = torch.tensor([[101, 2023, 2003, 1037, 102], [101, 2178, 102, 0, 0]])
    mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            encoder,
            (ids, mask),
            str(target),
            input_names=["input_ids", "attention_mask"],
            output_names=["embedding"],
            dynamic_axes={
                "input_ids": {0: "texts", 1: "pieces"},
                "attention_mask": {0: "texts", 1: "pieces"},
                "embedding": {0: "texts"},
            },
            opset_version=OPSET,
            dynamo=False,
        )


if __name__ == "__main__":
    export(Path(sys.argv[1]), Path(sys.argv[2]))
