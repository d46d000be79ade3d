"""Comment -> Passages: what is embedded and ranked, with its context, apart from what is quoted.

A passage is an exact slice of one comment. The two views say how it is rendered for the encoder and for BM25; they are
never shown. Not here: where vectors are kept (index.vectors.chroma) and how passages are ranked
(index.ranking.retrieve).
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from corpus.text.plain import sentences
from corpus.thread import Author, Comment, Thread, Value

if TYPE_CHECKING:
    from llama_index.core.schema import TextNode

Relation = Literal["tree", "turns", "independent"]
CountPieces = Callable[[Sequence[str]], Sequence[int]]
Span = tuple[int, int]

CHARACTERS_PER_PIECE = 8
"""No passage is longer than this times the encoder's pieces, however few pieces its characters make."""
CONTEXT_CHARACTERS = 1_000
"""A longer context loses its beginning."""
LONGEST_NAME = 0.25
"""A speaker's name that takes more than this share of the pieces is left out of the passages of a split comment."""
COMING_BACK = 0.5
"""Share of the comments whose author has posted here before, from which on people are talking to each other."""
IN_ORDER = 0.9
"""Share of neighbours that must stand in order of time, where times are known."""
WORD = re.compile(r"\S+")
GAP = re.compile(r"\s+")


class Passage(Value):
    """A slice of a comment that the encoder takes whole: comment.text[start:end] == text."""

    thread_id: str
    comment_id: str
    start: int = Field(ge=0)
    end: int = Field(gt=0)
    text: str = Field(min_length=1)
    speaker: str = ""
    """The proven author's display name, else the handle; "" where nobody is proven or the name is too long to embed."""
    handle: str = ""
    """The proven author's handle, "" where nobody is proven."""
    context: str = ""
    """The words before it that it is understood with; "" where there is no real relation. Never quoted."""

    @cached_property
    def id(self) -> str:
        """A hash of everything that its vector depends on, and of where it stands."""
        parts = (self.thread_id, self.comment_id, self.start, self.end, plain_view(self))
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def plain_view(passage: Passage) -> str:
    """What is embedded of the passage alone."""
    return f"{passage.speaker}: {passage.text}" if passage.speaker else passage.text


def context_view(passage: Passage) -> str:
    """What is embedded of the passage after its context; equal to the plain view where there is none."""
    return f"{passage.context}\n{plain_view(passage)}" if passage.context else plain_view(passage)


def relation(thread: Thread) -> Relation:
    """How the comments hang together, told from the thread itself.

    "tree": replies name a parent that is here. "turns": people talk to each other one after the other, so most comments
    are by somebody who has spoken before. "independent": else; the comment before says nothing about the one after.
    """
    if any(parent is not None for parent in thread.parents.values()):
        return "tree"
    return "turns" if _talking_in_turns([c for c in thread.comments if c.citable]) else "independent"


def _talking_in_turns(comments: Sequence[Comment]) -> bool:
    authors = [c.author.id for c in comments if c.author is not None]
    distinct = len(set(authors))
    if distinct < 2 or len(authors) - distinct < COMING_BACK * len(comments):
        return False
    times = [c.posted_at for c in comments if c.posted_at is not None]
    in_order = sum(earlier <= later for earlier, later in pairwise(times))
    return in_order >= IN_ORDER * (len(times) - 1)


def passages(thread: Thread, *, count_pieces: CountPieces, max_pieces: int = 256) -> tuple[Passage, ...]:
    """The passages of every citable comment, in the source's order.

    `count_pieces` gives the encoder's word pieces of each text, special tokens included. A comment whose plain view has
    more than `max_pieces` is split at sentences, at words where a sentence is itself too long, at characters where a
    word is. The context is for ranking by words alone: the encoder never sees it.
    """
    comments = [c for c in thread.comments if c.citable]
    before = _before(thread)
    fit = _Fit(count_pieces, max_pieces)
    whole = [_passage(comment, _trimmed(comment.text, 0, len(comment.text))) for comment in comments]
    fitting = fit.all([plain_view(passage) for passage in whole])
    made: list[Passage] = []
    for comment, passage, fits in zip(comments, whole, fitting, strict=True):
        said_before = before.get(comment.id)
        context = "" if said_before is None else _last_characters(_rendered(said_before))
        whole_one = [_passage(comment, (passage.start, passage.end), context)]
        made.extend(whole_one if fits else _split(comment, context, fit))
    return tuple(made)


def _before(thread: Thread) -> dict[str, Comment]:
    """Comment id -> the comment that it answers, follows in a talk, or shows again; no deleted one."""
    kind = relation(thread)
    found: dict[str, Comment] = {}
    previous: Comment | None = None
    for comment in thread.comments:
        parent = thread.parents[comment.id] if kind == "tree" else None
        candidates = (thread.by_id.get(other) for other in (parent, *comment.quotes) if other not in (None, comment.id))
        related = next((c for c in candidates if c is not None and c.citable), previous if kind == "turns" else None)
        if related is not None:
            found[comment.id] = related
        previous = comment if comment.citable else previous
    return found


def _speaker(author: Author | None) -> str:
    return "" if author is None else " ".join((author.name or author.handle).split())


def _rendered(comment: Comment) -> str:
    speaker, words = _speaker(comment.author), comment.text.strip()
    return f"{speaker}: {words}" if speaker else words


def _passage(comment: Comment, span: Span, context: str = "", *, named: bool = True) -> Passage:
    start, end = span
    return Passage(
        thread_id=comment.thread_id,
        comment_id=comment.id,
        start=start,
        end=end,
        text=comment.text[start:end],
        speaker=_speaker(comment.author) if named else "",
        handle=comment.author.handle if comment.author is not None else "",
        context=context,
    )


class _Fit:
    """What the encoder takes whole."""

    def __init__(self, count_pieces: CountPieces, max_pieces: int) -> None:
        self._count = count_pieces
        self._counted: dict[str, int] = {}
        self.max_pieces = max_pieces
        self.max_characters = max_pieces * CHARACTERS_PER_PIECE
        self.specials = count_pieces([""])[0]

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Each text is counted once: a comment stands alone, and again in what its replies are understood with."""
        new = [text for text in dict.fromkeys(texts) if text not in self._counted]
        self._counted.update(zip(new, self._count(new), strict=True))
        return [self._counted[text] for text in texts]

    def all(self, texts: Sequence[str]) -> list[bool]:
        return [
            len(text) <= self.max_characters and count <= self.max_pieces
            for text, count in zip(texts, self.count_pieces(texts), strict=True)
        ]

    def bare(self, texts: Sequence[str]) -> list[int]:
        """Pieces without the special tokens."""
        return [count - self.specials for count in self.count_pieces(texts)]


def _split(comment: Comment, context: str, fit: _Fit) -> Iterator[Passage]:
    """The comment in passages that fit. The context goes to the first; each later one follows the words before it."""
    named = fit.bare([_speaker(comment.author)])[0] <= fit.max_pieces * LONGEST_NAME
    first = _trimmed(comment.text, 0, len(comment.text))[0]
    taken = fit.bare([plain_view(_passage(comment, (first, first + 1), named=named))])[0]
    room = fit.max_pieces - fit.specials - taken
    for span in _packed(comment.text, _sentences(comment.text), room, fit):
        for start, end in _halved(comment, span, fit, named=named):
            yield _passage(comment, (start, end), context, named=named)
            context = _last_characters(comment.text[:end].strip())


def _sentences(text: str) -> list[Span]:
    """The sentences, each reaching to the next, so that no word stands between them."""
    start, end = _trimmed(text, 0, len(text))
    starts = sorted({start, *(low for low, _ in sentences(text) if start < low < end)})
    return [_trimmed(text, low, high) for low, high in pairwise([*starts, end])]


def _packed(text: str, units: Sequence[Span], room: int, fit: _Fit) -> Iterator[Span]:
    """Spans of as many neighbouring units as fit in the room; a unit that does not fit is cut into smaller ones."""
    counts = fit.bare([text[start:end] for start, end in units])
    opened: Span | None = None
    used = 0
    for (start, end), count in zip(units, counts, strict=True):
        if opened is not None and (used + count > room or end - opened[0] > fit.max_characters):
            yield opened
            opened, used = None, 0
        if (count > room or end - start > fit.max_characters) and end - start > 1:
            yield from _packed(text, _smaller(text, start, end, room), room, fit)
            continue
        opened, used = (opened[0] if opened else start, end), used + count
    if opened is not None:
        yield opened


def _smaller(text: str, start: int, end: int, room: int) -> list[Span]:
    """The words of the span; if it is one word, pieces of it."""
    words = [word.span() for word in WORD.finditer(text, start, end)]
    if len(words) > 1:
        return words
    step = max(1, min(room, (end - start) // 2))
    return [(low, min(low + step, end)) for low in range(start, end, step)]


def _halved(comment: Comment, span: Span, fit: _Fit, *, named: bool) -> Iterator[Span]:
    """The span, or parts of it where an encoder makes more pieces of the whole than of its parts together."""
    start, end = span
    if end - start == 1 or fit.all([plain_view(_passage(comment, span, named=named))])[0]:
        yield span
        return
    middle = (start + end) // 2
    gap = GAP.search(comment.text, middle, end) or GAP.search(comment.text, start, middle)
    for half in ((start, gap.start()), (gap.end(), end)) if gap else ((start, middle), (middle, end)):
        yield from _halved(comment, half, fit, named=named)


def _last_characters(text: str) -> str:
    """The text's end, from a word's start on."""
    if len(text) <= CONTEXT_CHARACTERS:
        return text
    end = text[-CONTEXT_CHARACTERS:]
    gap = GAP.search(end)
    return end[gap.end() :] if gap else end


def _trimmed(text: str, start: int, end: int) -> Span:
    inner = text[start:end]
    return start + len(inner) - len(inner.lstrip()), start + len(inner.rstrip())


def node(passage: Passage, thread: Thread) -> "TextNode":
    """The passage as LlamaIndex knows it: its exact words, where they stand, who is proven to have written them."""
    from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode

    comment = thread.comment(passage.comment_id)
    metadata: dict[str, object] = {
        "author": None if comment.author is None else comment.author.handle,
        "posted_at": None if comment.posted_at is None else comment.posted_at.isoformat(),
        "url": comment.url,
        "source": thread.source,
        "thread_id": passage.thread_id,
        "comment_id": passage.comment_id,
    }
    metadata = {name: value for name, value in metadata.items() if value is not None}
    whole = RelatedNodeInfo(node_id=f"{passage.thread_id}/{passage.comment_id}")
    return TextNode(
        id_=passage.id,
        text=passage.text,
        relationships={NodeRelationship.SOURCE: whole},
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata=metadata,
        excluded_embed_metadata_keys=[name for name in metadata if name != "author"],
        excluded_llm_metadata_keys=["source", "url"],
    )
