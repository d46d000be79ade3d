"""Filter: which comments a question is about, by source, author and time.

Not here: reading one from what people type (bot.values.narrowing), searching under one (corpus.records.word_search,
index.vectors.chroma).
"""

from pydantic import AwareDatetime

from corpus.thread import Comment, Value, Words


class Filter(Value):
    """What a comment must be like; a field that is None asks for nothing."""

    source: Words | None = None
    author: Words | None = None
    """A handle, with or without @, in any case, or an author's id."""
    after: AwareDatetime | None = None
    """Posted at this moment or later. A comment without a time passes no filter by time."""
    before: AwareDatetime | None = None
    """Posted earlier than this moment."""

    @property
    def empty(self) -> bool:
        return self == Filter()

    @property
    def handle(self) -> str | None:
        """The author as handles are compared."""
        return None if self.author is None else folded_handle(self.author)

    def passes(self, comment: Comment, source: str) -> bool:
        """Whether a comment of a thread of that source is like this."""
        at = comment.posted_at
        return (
            (self.source is None or self.source == source)
            and (self.author is None or self._by(comment))
            and (self.after is None or (at is not None and at >= self.after))
            and (self.before is None or (at is not None and at < self.before))
        )

    def _by(self, comment: Comment) -> bool:
        who = comment.author
        return who is not None and (who.id == self.author or folded_handle(who.handle) == self.handle)


def folded_handle(handle: str) -> str:
    """A handle without its @, whatever its case."""
    return handle.removeprefix("@").casefold()
