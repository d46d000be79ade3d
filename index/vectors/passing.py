"""The index of a thread that is handed in and kept nowhere: its vectors live as long as this value does.

Not here: threads that are kept, whose vectors are in Chroma (index.vectors.build).
"""

import numpy as np

from corpus.thread import Thread
from index.encoders.embedder import Embedder
from index.passages import passages, plain_view
from index.ranking.near_words import Lexicon
from index.ranking.retrieve import ThreadIndex


def passing_index(thread: Thread, *, embedder: Embedder, lexicon: Lexicon | None = None) -> ThreadIndex:
    """Everything that ranking needs of the thread, vectors included, each text embedded once."""
    kept = passages(thread, count_pieces=embedder.count_pieces, max_pieces=embedder.max_pieces)
    if not kept:
        return ThreadIndex(thread, kept, embed=embedder.embed, lexicon=lexicon)
    plain = [plain_view(passage) for passage in kept]
    row = {text: at for at, text in enumerate(dict.fromkeys(plain))}
    vectors = np.asarray(embedder.embed(list(row)), dtype=np.float32)
    return ThreadIndex(
        thread,
        kept,
        embed=embedder.embed,
        plain=vectors[[row[text] for text in plain]],
        lexicon=lexicon,
    )
