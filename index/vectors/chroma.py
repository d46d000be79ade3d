"""Vectors and their filter fields in Chroma: the only file that imports chromadb.

The words of comments and the names of people are never put here: what Chroma deletes stays readable in its file. They
stand in the record store, from which everything here can be made again.

One process at a time may write to an embedded folder. Chroma does not see to that: it loses vectors without a word.
Not here: what is embedded (index.passages) and when (index.vectors.build).
"""

import time
import warnings
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from corpus.errors import DiscussionError, EmbedderMismatch, IndexDamaged, IndexUnusable
from index.vectors import soundness
from index.vectors.clean_memory import clean_memory
from index.vectors.records import (
    Entry,
    Near,
    Span,
    ThreadVectors,
    Vectors,
    View,
    Where,
    as_entry,
    as_metadata,
    as_near,
    as_thread_vectors,
    as_where,
    author_key,
)

__all__ = ["HNSW", "Entry", "Near", "Span", "ThreadVectors", "VectorStore", "Vectors", "View", "Where", "author_key"]

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection as ChromaCollection

COLLECTION = "passages"
_UNFINISHED = "unfinished"
_READS, _READ_AGAIN_S = 100, 0.02
HNSW = {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 1_000}
"""Find at least .98 of the true ten nearest of real comments: docs/retrieval.md. Chroma's own find .86 of them."""


class VectorStore:
    """The vectors of all threads, in one collection, made by one encoder. Thread-safe; see the module for processes.

    Raises EmbedderMismatch where the collection was made by another encoder, IndexDamaged where the folder's files are
    damaged, unless `replace_other` says to drop either, and IndexUnusable where Chroma cannot be used; the last two
    also from every method.
    """

    def __init__(
        self,
        *,
        path: Path | None,
        url: str | None = None,
        fingerprint: str,
        dimension: int,
        replace_other: bool = False,
    ) -> None:
        self._place = url or str(path)
        self._embedded = url is None
        self._dimension = dimension
        self._made_by = {"fingerprint": fingerprint, "dimension": dimension}
        self.fresh = False
        """Whether the collection was made now: no thread has vectors in it, whatever the record store says."""
        self._client: Any = None
        folder = None if url is not None or path is None else path.expanduser().resolve()
        try:
            self._start(folder, url, replace_other=replace_other)
        except IndexUnusable:
            if folder is None or not folder.is_dir() or not replace_other:
                raise
            self._cleared(folder)
            self._start(folder, url, replace_other=True)

    def _start(self, folder: Path | None, url: str | None, *, replace_other: bool) -> None:
        if folder is not None:
            self._check(folder)
        self._client = self._connect(folder, url)
        try:
            self._collection = self._open(replace_other=replace_other)
        except BaseException:
            self.close()
            raise

    def _check(self, folder: Path) -> None:
        try:
            soundness.check_folder(folder)
        except soundness.Damaged as exc:
            raise self._unusable(str(exc), damaged=True) from exc
        except OSError as exc:
            raise self._unusable(str(exc)) from exc

    def _cleared(self, folder: Path) -> None:
        """Without what Chroma wrote there. It goes before the new comes: there may be no room for both."""
        try:
            soundness.clear_folder(folder)
        except OSError as exc:
            raise self._unusable(str(exc)) from exc

    def close(self) -> None:
        """Let go of the folder or the server. A second call does nothing."""
        client, self._client = self._client, None
        if client is not None:
            with self._border(opening=True):
                client.close()
            if not self._embedded:
                _hang_up(client)

    @property
    def unfinished(self) -> bool:
        """Whether these vectors are new, and those of some threads still to be made."""
        return bool((self._collection.metadata or {}).get(_UNFINISHED))

    def mark_unfinished(self, unfinished: bool) -> None:
        """Say so, for whoever opens it after this process was killed."""
        with self._border():
            self._collection.modify(metadata={**self._made_by, _UNFINISHED: unfinished})

    def count(self) -> int:
        """How many vectors there are, over all threads."""
        with self._border():
            return self._collection.count()

    def entries(self, thread_id: str) -> dict[str, Entry]:
        """Entry id -> entry, for every vector of the thread."""
        with self._border():
            found = self._collection.get(where={"thread_id": thread_id}, include=["metadatas"])
            return {
                entry_id: as_entry(entry_id, metadata)
                for entry_id, metadata in zip(found["ids"], found["metadatas"] or (), strict=True)
            }

    def add(self, entries: Sequence[Entry], vectors: Vectors) -> None:
        """Keep these vectors, one a row; an entry whose id is there already is replaced."""
        for low, high in self._batches(len(entries)):
            with self._border():
                self._collection.upsert(
                    ids=[entry.id for entry in entries[low:high]],
                    embeddings=vectors[low:high],
                    metadatas=[as_metadata(entry) for entry in entries[low:high]],
                )

    def relabel(self, entries: Sequence[Entry]) -> None:
        """Keep the vectors of these entries and replace what is kept beside them."""
        for low, high in self._batches(len(entries)):
            part = entries[low:high]
            with self._border():
                self._collection.update(ids=[e.id for e in part], metadatas=[as_metadata(e, clear=True) for e in part])

    def remove(self, entry_ids: Collection[str]) -> None:
        """Forget these vectors; ids that are not there are passed over."""
        ids = list(entry_ids)
        for low, high in self._batches(len(ids)):
            with self._border():
                self._collection.delete(ids=ids[low:high])

    def remove_thread(self, thread_id: str) -> None:
        with self._border():
            self._collection.delete(where={"thread_id": thread_id})

    def thread_vectors(self, thread_id: str) -> ThreadVectors:
        """All vectors of the thread, none missed: as they were added, but for float32 rounding."""
        return as_thread_vectors(*self._read(thread_id))

    def _read(self, thread_id: str) -> tuple[Sequence[str], Vectors]:
        """Ids and rows. While a thread writes, Chroma may give ids without their vectors: then it is read again."""
        for _ in range(_READS):
            with self._border():
                found = self._collection.get(where={"thread_id": thread_id}, include=["embeddings"])
            rows = self._sound(found["embeddings"])
            if len(rows) == len(found["ids"]):
                return found["ids"], rows
            time.sleep(_READ_AGAIN_S)
        wrong = f"{len(found['ids'])} entries of thread {thread_id!r} have {len(rows)} vectors"
        raise self._unusable(wrong, damaged=True)

    def query(self, vector: Vectors, *, k: int, where: Where | None = None) -> list[Near]:
        """The k nearest vectors over all threads, nearest first, by HNSW: a few may be missed.

        A passage may come twice, once for each view. A filter is slow in a large collection (about 0.1 s at 100,000).
        """
        with self._border():
            found = self._collection.query(
                query_embeddings=vector[None, :],
                n_results=k,
                where=as_where(where),
                include=["metadatas", "distances"],
            )
        (ids,), (metadatas,), (distances,) = found["ids"], found["metadatas"] or ([],), found["distances"] or ([],)
        return [as_near(*one) for one in zip(ids, metadatas, distances, strict=True)]

    def query_exactly(self, vector: Vectors, *, k: int, where: Where) -> list[Near]:
        """As `query`, none missed: every vector that passes is read. Faster than HNSW where some hundreds pass."""
        with self._border():
            found = self._collection.get(where=as_where(where), include=["embeddings", "metadatas"])
        ids, metadatas = found["ids"], found["metadatas"] or []
        if not ids:
            return []
        rows = self._sound(found["embeddings"])
        distances = 1 - rows @ vector
        nearest = np.argsort(distances, kind="stable")[:k]
        return [as_near(ids[at], metadatas[at], float(distances[at])) for at in nearest]

    def some_vectors(self, passage_ids: Sequence[str]) -> ThreadVectors:
        """The vectors of these passages, of those that are there."""
        wanted = [f"{passage_id}.{view}" for passage_id in passage_ids for view in ("plain", "context")]
        if not wanted:
            return as_thread_vectors([], np.empty((0, self._dimension), dtype=np.float32))
        with self._border():
            found = self._collection.get(ids=wanted, include=["embeddings"])
        return as_thread_vectors(found["ids"], self._sound(found["embeddings"]))

    def _batches(self, size: int) -> Iterator[tuple[int, int]]:
        with self._border():
            most = self._client.get_max_batch_size()
        return ((low, min(low + most, size)) for low in range(0, size, most))

    def _connect(self, path: Path | None, url: str | None) -> Any:
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient
        from chromadb.config import Settings

        # No .env of the folder that the program happens to run in; nothing is sent home.
        settings = Settings(_env_file=None, anonymized_telemetry=False)
        if url is not None:
            to = urlsplit(url)
            secure = to.scheme == "https"
            with self._border(opening=True):
                return chromadb.HttpClient(
                    host=to.hostname or "", port=to.port or (443 if secure else 8000), ssl=secure, settings=settings
                )
        if path is None:
            raise ValueError("Give the folder or the URL of Chroma.")
        folder = str(path)  # resolved, one spelling: Chroma would open another one a second time
        with self._border(opening=True):
            try:
                return chromadb.PersistentClient(folder, settings=settings)
            except Exception:
                # Chroma keeps a system that failed to start, and hands it to the next one that opens the folder.
                if folder not in SharedSystemClient._identifier_to_refcount:  # noqa: SLF001
                    SharedSystemClient._identifier_to_system.pop(folder, None)  # noqa: SLF001
                raise

    def _open(self, *, replace_other: bool) -> "ChromaCollection":
        with self._border(opening=True):
            found = self._existing()
            if found is None:
                return self._created()
            made_by = {name: (found.metadata or {}).get(name) for name in self._made_by}
            if made_by != self._made_by and (replace_other or found.count() == 0):
                self._client.delete_collection(COLLECTION)
                return self._created()
            if made_by == self._made_by:
                _search_as_now(found)
                self._sound(found.get(limit=1, include=["embeddings"])["embeddings"])  # fails now, not at a question
                return found
        raise EmbedderMismatch(
            f"The vectors in {self._place!r} were made by {made_by['fingerprint']!r}, "
            f"the encoder in use is {self._made_by['fingerprint']!r}.",
            next_step="Run `digg-deeper reindex` to make them again with this one, or set DIGG_MODEL back.",
        )

    def _existing(self) -> "ChromaCollection | None":
        from chromadb.errors import NotFoundError

        try:
            found: ChromaCollection = self._client.get_collection(COLLECTION, embedding_function=None)
        except NotFoundError:
            return None
        return found

    def _created(self) -> "ChromaCollection":
        from chromadb.errors import ChromaError

        try:
            made: ChromaCollection = self._client.create_collection(
                COLLECTION, metadata=self._made_by, configuration={"hnsw": HNSW}, embedding_function=None
            )
        except ChromaError:
            if self._embedded or self._existing() is None:
                raise
            return self._open(replace_other=False)  # another process made it just now
        self.fresh = True
        return made

    @contextmanager
    def _border(self, *, opening: bool = False) -> Iterator[None]:
        """What Chroma raises, as IndexUnusable. It has no common base: while opening, anything that is not ours."""
        import httpx
        from chromadb.errors import ChromaError, InternalError

        foreign = (Exception,) if opening or self._client is None else (ChromaError, httpx.HTTPError, OSError)
        try:
            with clean_memory() if self._embedded else nullcontext():
                yield
        except DiscussionError:
            raise
        except foreign as exc:
            self._look_again(exc, opening=opening)
            reason = str(exc).strip() or type(exc).__name__
            unreadable = opening and self._embedded and isinstance(exc, InternalError) and not _of_the_disk(reason)
            raise self._unusable(reason, damaged=unreadable) from exc
        except BaseException as exc:
            if type(exc).__name__ != "PanicException":  # of Chroma's Rust; no module has it to be imported from
                raise
            raise self._unusable(str(exc).strip(), damaged=self._embedded) from exc

    def _look_again(self, exc: Exception, *, opening: bool) -> None:
        """Where the collection went from a server, made anew by another process or lost, take the one that is there."""
        from chromadb.errors import NotFoundError

        if not opening and not self._embedded and isinstance(exc, NotFoundError):
            with suppress(DiscussionError):
                self._collection = self._open(replace_other=False)

    def _sound(self, embeddings: Any) -> Vectors:
        """The rows, found to be unit vectors (or zero): Chroma reads a damaged file without a word."""
        rows = np.asarray(embeddings, dtype=np.float32).reshape(-1, self._dimension)
        lengths = np.linalg.norm(rows.astype(np.float64), axis=1)
        if not np.all(np.isclose(lengths, 1, atol=1e-3) | (lengths == 0)):
            raise self._unusable("vectors in it are not of unit length", damaged=True)
        return rows

    def _unusable(self, reason: str, *, damaged: bool = False) -> IndexUnusable:
        kind = IndexDamaged if damaged else IndexUnusable
        return kind(
            f"The vectors in {self._place!r} cannot be used: {reason[:500].rstrip('.')}.",
            next_step=_next_step(reason, embedded=self._embedded, damaged=damaged),
        )


def _next_step(reason: str, *, embedded: bool, damaged: bool) -> str:
    if damaged or not embedded:
        made_anew = "Run `digg-deeper reindex`: it makes them anew from the stored threads."
        return made_anew if damaged else "Check DIGG_CHROMA_URL and that the Chroma server there answers."
    if _of_the_disk(reason) == "full":
        return "Free some space, then run `digg-deeper sync`: the stored threads are whole."
    return "Check that folder, its rights and its disk, then run `digg-deeper sync`: the stored threads are whole."


def _of_the_disk(reason: str) -> str:
    """The words in which SQLite or the system complains of the disk or of rights; "" for any other reason."""
    told = reason.lower()
    words = ("full", "no space", "too large", "denied", "readonly", "read-only", "unable to open", "locked", "i/o")
    found = next((word for word in words if word in told), "")
    return "full" if found in words[:3] else found


def _search_as_now(found: "ChromaCollection") -> None:
    """Give a collection that was made with another ef_search ours. It works from the next time that it is read in."""
    kept = found.configuration_json.get("hnsw") or {}
    if kept.get("ef_search") != HNSW["ef_search"]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Chroma's own, of every collection without a function
            found.modify(configuration={"hnsw": {"ef_search": int(str(HNSW["ef_search"]))}})


def _hang_up(client: Any) -> None:
    """Close a server's connections, which Chroma leaves open."""
    for part in (client, client._admin_client):  # noqa: SLF001
        part._server._session.close()  # noqa: SLF001
