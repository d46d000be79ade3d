"""Comments made findable: passages, vectors, BM25, retrieval. Imports corpus, never bot."""
