"""Models of sentence-transformers small enough to be made in a test, with weights set by hand. Nothing is downloaded.

Not here: the packaged default model, which is a dependency.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def cross_encoder(folder: Path, liked: str, *, labels: int = 1) -> Path:
    """A CrossEncoder that gives a passage with the word `liked` about 5, and any other exactly 0."""
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import BertForSequenceClassification

    model = BertForSequenceClassification(_config(labels=labels))
    with torch.no_grad():
        for weights in model.parameters():
            weights.zero_()
        # Only the liked word has a vector. Attention, the same to every word, carries it to [CLS], whose sign is read.
        model.bert.embeddings.word_embeddings.weight[len(SPECIAL), 0] = 1.0
        layer = model.bert.encoder.layer[0]
        norms = (model.bert.embeddings.LayerNorm, layer.attention.output.LayerNorm, layer.output.LayerNorm)
        for norm in norms:
            norm.weight.fill_(1.0)
        for carried in (layer.attention.self.value, layer.attention.output.dense, model.bert.pooler.dense):
            carried.weight.copy_(torch.eye(8))
        model.classifier.weight[:, 0] = 5.0
    _saved(model, [liked], folder)
    CrossEncoder(str(folder), device="cpu", local_files_only=True).save_pretrained(str(folder))
    return folder


def sentence_encoder(folder: Path, words: Sequence[str]) -> Path:
    """A SentenceTransformer of eight dimensions with weights at random, the same ones each time, for these words."""
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers import BertModel

    torch.manual_seed(7)
    bare = folder / "bare"
    _saved(BertModel(_config(words=len(words))), words, bare)
    whole = SentenceTransformer(str(bare), device="cpu", local_files_only=True)  # which adds a mean over the words
    whole.save_pretrained(str(folder), create_model_card=False)
    return folder


def _config(*, words: int = 1, labels: int = 1) -> Any:
    from transformers import BertConfig

    return BertConfig(
        vocab_size=len(SPECIAL) + words,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=8,
        max_position_embeddings=128,
        num_labels=labels,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )


def _saved(model: Any, words: Sequence[str], folder: Path) -> None:
    from transformers import BertTokenizerFast

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join([*SPECIAL, *words]) + "\n", encoding="utf-8")
    model.save_pretrained(str(folder))
    BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=128).save_pretrained(str(folder))
