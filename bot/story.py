"""What the faces show of a thread: its story, its comments a page at a time, what an ingest did. Values only."""

from typing import Literal

from bot.answer import Coverage
from corpus.readers import Skipped
from corpus.store import ThreadSummary
from corpus.thread import Author, Candidate, Comment, Page, Sentiment, Value

Sort = Literal["activity", "time"]


class Ingested(Value):
    """What came of reading one input."""

    threads: tuple[ThreadSummary, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...] = ()
    """What was read otherwise than was asked for, such as a whole story for the address of one comment."""


class CommentPage(Value):
    comments: tuple[Comment, ...]
    next_cursor: str | None


class SearchHit(Value):
    """Retrieval alone: a comment and how well it fits, higher is better within one search."""

    comment_id: str
    score: float
    author: Author | None
    author_candidate: Candidate | None
    text: str
    url: str | None


class Digest(Value):
    """What a thread comes to. `made_by` says who wrote it: the source's own page, or null where nobody did."""

    headline: str | None = None
    tldr: str | None = None
    sentiment: Sentiment | None = None
    viewpoints: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    made_by: Literal["page"] | None = None

    @classmethod
    def of_page(cls, page: Page | None) -> "Digest":
        """What the source's page says of itself, and no more."""
        if page is None:
            return cls()
        return cls(
            headline=page.headline,
            tldr=page.tldr,
            sentiment=page.sentiment,
            questions=tuple(asked.question for asked in page.questions),
            made_by="page",
        )


class Story(Value):
    """A thread without its comments."""

    id: str
    source: str
    title: str
    url: str | None
    page: Page | None
    digest: Digest
    coverage: Coverage
    comments: int
    commenters: int
    unattributed: int
