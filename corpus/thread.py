"""Author, Comment, Thread: frozen values, and how the comments of a thread hang together.

Not here: how they are read (corpus.readers), kept (corpus.records.store) or found (index). Identity in a store lives
elsewhere.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from corpus.errors import CommentNotFound

THREAD_ID = re.compile(r"[A-Za-z0-9._~:@-]{1,200}")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_BREAKS = re.compile("[\t-\r\x1c-\x1f\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
"""What steers what shows a line: like a break of it, in no name of a person."""


def storable(text: str) -> str:
    """The text with what no database and no UTF-8 file can hold (NUL, lone surrogates) shown as U+FFFD, length kept."""
    return _UNSTORABLE.sub("\ufffd", text)


def _storable_any(value: Any) -> Any:
    return storable(value) if isinstance(value, str) else value


def _named_any(value: Any) -> Any:
    return _CONTROLS.sub("\ufffd", _BREAKS.sub(" ", value)) if isinstance(value, str) else value


def _utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"the time {value.isoformat()!r} lies outside the years 1 to 9999 in UTC") from None


Words = Annotated[str, BeforeValidator(_storable_any)]
"""Text from outside: kept as posted but for NUL and lone surrogates."""
Name = Annotated[Words, BeforeValidator(_named_any)]
"""A name from outside: on one line, with a space for each line break and U+FFFD for each control, length kept."""


class Value(BaseModel):
    """A frozen value that crosses borders: exports, the store, HTTP."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False, hide_input_in_errors=True)
    """What does not fit is not shown: an error may go to the log, which outlives what is forgotten."""


class Author(Value):
    id: Words = Field(min_length=1)
    """Stable where the source has one (a DID, a numeric id), else "source:handle"."""
    handle: Name = Field(min_length=1)
    """Without a leading @."""
    name: Name | None = None
    """The display name; people share them."""

    @classmethod
    def of_handle(cls, source: str, handle: str, name: str | None = None) -> "Author":
        """The author whom `source` knows by `handle` alone."""
        handle = handle.removeprefix("@")
        return cls(id=f"{source}:{handle}", handle=handle, name=name)


class Candidate(Value):
    """A likely author and why: shown as "probably @x", never as fact, never counted as a person."""

    author: Author
    ground: Words


class Engagement(Value):
    """What the source counted; null where it gives none, never 0."""

    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    views: int | None = None


class Comment(Value):
    """One post of a thread. Identified by (thread_id, id): sources reuse comment ids."""

    id: Words = Field(min_length=1, max_length=500)
    thread_id: str
    parent_id: Words | None = Field(default=None, min_length=1)
    author: Author | None = None
    """Null where no author is proven: its own unknown, never grouped with others."""
    author_candidate: Candidate | None = None
    text: Words = ""
    """The words as posted, leading mentions included. Offsets are Unicode code points of this."""
    quoted: tuple[tuple[int, int], ...] = ()
    """Spans of `text` that are somebody else's words, [start, end), in order, apart from each other."""
    addressed: tuple[Name, ...] = ()
    """Handles (without @) that the comment opens with: whom it answers, never who wrote it."""
    quotes: tuple[Words, ...] = ()
    """Ids of comments that this one shows again as a quoted post."""
    posted_at: AwareDatetime | None = None
    edited_at: AwareDatetime | None = None
    engagement: Engagement = Engagement()
    url: Words | None = None
    deleted: bool = False
    """Stays as a node, is never indexed and never cited."""
    is_bot: bool = False

    @field_validator("posted_at", "edited_at")
    @classmethod
    def _in_utc(cls, value: datetime | None) -> datetime | None:
        return None if value is None else _utc(value)

    @model_validator(mode="after")
    def _spans_lie_in_the_text(self) -> "Comment":
        reached = 0
        for start, end in self.quoted:
            if not reached <= start < end <= len(self.text):
                raise ValueError(
                    f"quoted span {(start, end)!r} is not in order within a text of {len(self.text)} characters"
                )
            reached = end
        return self

    @property
    def citable(self) -> bool:
        """Whether its words may be indexed, retrieved and cited."""
        return not self.deleted and not self.text.isspace() and self.text != ""

    def own_words(self, start: int, end: int) -> bool:
        """Whether text[start:end] holds the author's own words: more than punctuation outside quoted spans."""
        at = start
        for low, high in (*self.quoted, (end, end)):
            if any(unicodedata.category(mark)[0] in "LMNS" for mark in self.text[at : min(low, end)]):
                return True
            at = max(at, high)
        return False


class Sentiment(Value):
    """How a page sums up its commenters. Shares are 0 to 1."""

    positive: Words | None = None
    negative: Words | None = None
    positive_share: float | None = Field(default=None, ge=0, le=1)
    negative_share: float | None = Field(default=None, ge=0, le=1)


class PageQuestion(Value):
    question: Words
    answer: Words | None = None


class Page(Value):
    """What the source's own page says of itself: shown as the page's, never cited as somebody's words."""

    headline: Words | None = None
    tldr: Words | None = None
    sentiment: Sentiment | None = None
    questions: tuple[PageQuestion, ...] = ()


class Thread(Value):
    """A forest of comments: the opening posts have no parent here."""

    id: str
    source: Words = Field(min_length=1, max_length=100)
    title: Words = ""
    url: Words | None = None
    comments: tuple[Comment, ...] = ()
    fetched_at: AwareDatetime
    known_total: int | None = Field(default=None, ge=0, le=2**53)
    """How many comments are known to exist, opening posts as well; null where the source does not tell."""
    page: Page | None = None

    @field_validator("id")
    @classmethod
    def _url_safe(cls, value: str) -> str:
        if not THREAD_ID.fullmatch(value) or value in {".", ".."}:
            raise ValueError(f"thread id {value!r} is not URL-safe: use 1 to 200 of letters, digits and . _ ~ : @ -")
        return value

    @field_validator("fetched_at")
    @classmethod
    def _in_utc(cls, value: datetime) -> datetime:
        return _utc(value)

    @model_validator(mode="after")
    def _comments_are_its_own(self) -> "Thread":
        seen: set[str] = set()
        for comment in self.comments:
            if comment.thread_id != self.id:
                raise ValueError(f"comment {comment.id!r} belongs to thread {comment.thread_id!r}, not {self.id!r}")
            if comment.id in seen:
                raise ValueError(f"comment id {comment.id!r} stands twice in thread {self.id!r}")
            seen.add(comment.id)
        return self

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy that works out anew what hangs together how: pydantic would hand on what was worked out before."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied

    @cached_property
    def by_id(self) -> dict[str, Comment]:
        return {comment.id: comment for comment in self.comments}

    @cached_property
    def position(self) -> dict[str, int]:
        """Comment id -> its place in the source's order, from 0."""
        return {comment.id: place for place, comment in enumerate(self.comments)}

    def comment(self, comment_id: str) -> Comment:
        try:
            return self.by_id[comment_id]
        except KeyError:
            raise CommentNotFound(
                f"thread {self.id!r} has no comment {comment_id!r}.", next_step="List them with `digg-deeper show`."
            ) from None

    @cached_property
    def parents(self) -> dict[str, str | None]:
        """Comment id -> the id of its parent among these comments; None for a root, an orphan, or where a cycle is cut.

        A cycle is cut at its first comment in the source's order.
        """
        known = {c.id: c.parent_id if c.parent_id in self.by_id else None for c in self.comments}
        settled: set[str] = set()
        for comment in self.comments:
            path: list[str] = []
            on_path: set[str] = set()
            at: str | None = comment.id
            while at is not None and at not in settled and at not in on_path:
                path.append(at)
                on_path.add(at)
                at = known[at]
            if at is not None and at in on_path:
                cycle = path[path.index(at) :]
                known[min(cycle, key=self.position.__getitem__)] = None
            settled.update(path)
        return known

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        """Comment id -> ids of its direct replies, in the source's order."""
        replies: dict[str, list[str]] = {comment.id: [] for comment in self.comments}
        for child, parent in self.parents.items():
            if parent is not None:
                replies[parent].append(child)
        return {parent: tuple(ids) for parent, ids in replies.items()}

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """Ids of opening posts, orphans included, in the source's order."""
        return tuple(c.id for c in self.comments if self.parents[c.id] is None)

    def ancestors(self, comment_id: str) -> Iterator[Comment]:
        """The comments above it, the parent first, the root last."""
        at = self.parents[self.comment(comment_id).id]
        while at is not None:
            yield self.by_id[at]
            at = self.parents[at]

    @cached_property
    def reply_order(self) -> tuple[tuple[str, int], ...]:
        """(comment id, depth) as a reader meets them: each comment followed by its replies. Roots have depth 0."""
        order: list[tuple[str, int]] = []
        waiting = [(root, 0) for root in reversed(self.roots)]
        while waiting:
            at, depth = waiting.pop()
            order.append((at, depth))
            waiting.extend((child, depth + 1) for child in reversed(self.children[at]))
        return tuple(order)

    @cached_property
    def depth(self) -> dict[str, int]:
        return dict(self.reply_order)

    @cached_property
    def activity(self) -> dict[str, int]:
        """Comment id -> how much happened around it: replies below it, posts that quote it, what the source counted.

        The source's own reply count is taken where it is larger than what is loaded. Views are no activity.
        """
        below = dict.fromkeys(self.by_id, 0)
        for at, _ in reversed(self.reply_order):
            parent = self.parents[at]
            if parent is not None:
                below[parent] += below[at] + 1
        shown_again = dict.fromkeys(self.by_id, 0)
        for comment in self.comments:
            for quoted in {*comment.quotes} - {comment.id}:
                if quoted in shown_again:
                    shown_again[quoted] += 1
        return {
            c.id: max(below[c.id], c.engagement.replies or 0)
            + shown_again[c.id]
            + (c.engagement.likes or 0)
            + (c.engagement.reposts or 0)
            for c in self.comments
        }

    @cached_property
    def commenters(self) -> tuple[Author, ...]:
        """Everybody who is proven to have posted here, once, in order of appearance."""
        return tuple({c.author.id: c.author for c in self.comments if c.author is not None}.values())

    @cached_property
    def mentioned_handles(self) -> frozenset[str]:
        """Handles, case-folded, that stand in this thread as author, candidate or addressee."""
        handles = {a.handle for a in self.commenters}
        handles.update(c.author_candidate.author.handle for c in self.comments if c.author_candidate)
        handles.update(handle for c in self.comments for handle in c.addressed)
        return frozenset(handle.casefold() for handle in handles)
