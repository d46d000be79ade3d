"""What the faces show of a thread: its story, its comments a page at a time, what an ingest did. Values only."""

from typing import Literal

from pydantic import Field

from bot.values.answer import Count, Coverage, Statement
from corpus.readers import Skipped
from corpus.records.store import ThreadSummary
from corpus.thread import Author, Candidate, Comment, Page, Sentiment, Value

Sort = Literal["activity", "time"]


class Ingested(Value):
    """What came of reading one input."""

    threads: tuple[ThreadSummary, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...] = ()
    """What was read otherwise than was asked for, such as a whole story for the address of one comment."""


class Remain(Value):
    """A place where something of what was forgotten can still be read: another's words are not rewritten."""

    thread_id: str
    comment_id: str | None
    """Null for the thread's own title, address or page."""
    why: Literal["quotes it", "has its words", "names the author", "may be by the author", "title", "address", "page"]


class Forgotten(Value):
    """What a forgetting did."""

    threads: tuple[str, ...]
    """Those that something was taken out of."""
    comments: int
    """Posts of which the place alone is left."""
    questions: int
    """Questions that went as well, since words of these posts stood in them. Answers that quoted them are withdrawn."""
    remains: tuple[Remain, ...] = ()
    """Where something of it can still be read, in other people's words; at most a hundred places."""


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


class Viewpoint(Value):
    """Comments that say similar things, by the exact words of some of them."""

    statements: tuple[Statement, ...] = Field(min_length=1)
    """Representative quotes, each of another commenter, the most central first."""
    count: Count
    """Who wrote these comments: distinct commenters, unattributed posts apart, every post listed."""
    repeated: int = 0
    """How many commenters posted one and the same text here, where that are three or more; else 0."""


class Side(Value):
    """Commenters whose posts are on average positive, or negative, in tone."""

    count: Count
    share: float | None = Field(default=None, ge=0, le=1)
    """Of all commenters, each unattributed post taken as one; null where they are too few."""


class Findings(Value):
    """What code found in the comments."""

    positive: Side | None = None
    negative: Side | None = None
    voices: int = 0
    """Whose posts were rated: distinct commenters and unattributed posts; a text that several posted counts once."""
    questions: tuple[str, ...] = ()
    """Digg Deeper questions that this thread can answer: each was answered when the digest was made."""
    writer: str


DigestState = Literal["none", "pending", "made"]


class Digest(Value):
    """What a thread comes to.

    `headline` and `tldr` are the source's own page's, checked by nobody. So is `sentiment` where the page has any of
    the three; else it holds shares that code counted, without sentences. `findings` is what code found in the comments.
    """

    headline: str | None = None
    tldr: str | None = None
    sentiment: Sentiment | None = None
    viewpoints: tuple[Viewpoint, ...] = ()
    """Groups of comments that say similar things, the largest first; never the page's."""
    questions: tuple[str, ...] = ()
    """What the page asks, else Digg Deeper questions that this thread can answer."""
    made_by: str | None = None
    """Is "page" where headline, TL;DR and sentiment are the page's; else the writer, null where nothing was made."""
    findings: Findings | None = None
    state: DigestState = "none"
    """Is "pending" while what the comments come to is not made yet, "none" where no comment can be cited."""

    @classmethod
    def of_page(cls, page: Page | None, state: DigestState = "none") -> "Digest":
        """What the source's page says of itself, and no more."""
        return cls(state=state).beside(page)

    def beside(self, page: Page | None) -> "Digest":
        """The digest with the page's own lines where it has some."""
        if page is None:
            return self
        own = {"headline": page.headline, "tldr": page.tldr, "sentiment": page.sentiment}
        asked = tuple(each.question for each in page.questions)
        changed: dict[str, object] = {"questions": asked} if asked else {}
        if any(own.values()) or (asked and self.findings is None):
            changed |= {**own, "made_by": "page"}
        return self.model_copy(update=changed)


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
