"""Hit: a comment that was found for a question. Found by index.ranking.retrieve, read again by
index.ranking.reranker."""

from corpus.thread import Value


class Hit(Value):
    """A comment that was found, with the passage of it that fits best."""

    thread_id: str
    comment_id: str
    start: int
    """Where the best passage stands in the comment: text[start:end]."""
    end: int
    score: float
    """Relative to the other comments of its thread; higher is better."""
    similarity: float | None
    """Cosine of the question and the words alone; null while the thread has no vectors."""
    lexical: float
    """BM25 of the words alone."""
