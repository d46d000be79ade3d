"""Hypothesis strategies for the values: threads of every shape that a reader could ever make, and worse.

Text is any Unicode, NUL and lone surrogates included (the values replace these). Replies may go to comments of the
thread, to later ones, to themselves, in circles, or to comments that are not there.
"""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from corpus.thread import (
    Author,
    Candidate,
    Comment,
    Engagement,
    Page,
    PageQuestion,
    Sentiment,
    Thread,
    storable,
)

NASTY = (
    "",
    " ",
    "\x00",
    "\ud800",
    "\u202eabc",
    "e\u0301",
    "\u00e9",
    "\U0001f469\u200d\U0001f680",
    "ﬁ",
    "@nobody hello",
    "> quoted\n\nmine",
    "<b onclick=x>&amp;</b>",
    "'; DROP TABLE comments; --",
    "100%_\\/",
    "null",
    "\r\n\t",
    "\u2028",
)

words = st.one_of(st.sampled_from(NASTY), st.text(alphabet=st.characters(), max_size=40))
names = st.text(alphabet=st.characters(), min_size=1, max_size=20)
thread_ids = st.from_regex(r"[A-Za-z0-9._~:@-]{1,40}", fullmatch=True).filter(lambda made: made not in {".", ".."})
moments = st.one_of(
    st.datetimes(timezones=st.just(UTC)),
    st.datetimes(
        min_value=datetime(2, 1, 1),  # noqa: DTZ001 - hypothesis wants naive bounds
        max_value=datetime(9998, 1, 1),  # noqa: DTZ001
        timezones=st.integers(-23, 23).map(lambda hours: timezone(timedelta(hours=hours, minutes=7))),
    ),
)
counts = st.none() | st.integers(-(10**25), 10**25)

authors = st.builds(Author, id=names, handle=names, name=st.none() | words)
candidates = st.builds(Candidate, author=authors, ground=words)
engagements = st.builds(Engagement, likes=counts, reposts=counts, replies=counts, views=counts)
shares = st.none() | st.floats(0, 1)
sentiments = st.builds(
    Sentiment,
    positive=st.none() | words,
    negative=st.none() | words,
    positive_share=shares,
    negative_share=shares,
)
pages = st.builds(
    Page,
    headline=st.none() | words,
    tldr=st.none() | words,
    sentiment=st.none() | sentiments,
    questions=st.lists(st.builds(PageQuestion, question=words, answer=st.none() | words), max_size=3).map(tuple),
)


@st.composite
def spans(draw: st.DrawFn, length: int) -> tuple[tuple[int, int], ...]:
    """Spans within a text of that length, in order and apart from each other."""
    cuts = sorted(draw(st.sets(st.integers(0, length), max_size=6)))
    return tuple(zip(cuts[::2], cuts[1::2], strict=False))


@st.composite
def comments(draw: st.DrawFn, thread_id: str, comment_id: str, others: tuple[str, ...] = ()) -> Comment:
    """A comment that may hang on any of `others`, on itself, or on nothing that is there."""
    text = draw(words)
    known = st.sampled_from((comment_id, *others))
    return Comment(
        id=comment_id,
        thread_id=thread_id,
        parent_id=draw(st.none() | known | names),
        author=draw(st.none() | authors),
        author_candidate=draw(st.none() | candidates),
        text=text,
        quoted=draw(spans(len(text))),
        addressed=tuple(draw(st.lists(words, max_size=2))),
        quotes=tuple(draw(st.lists(known | words, max_size=2))),
        posted_at=draw(st.none() | moments),
        edited_at=draw(st.none() | moments),
        engagement=draw(st.just(Engagement()) | engagements),
        url=draw(st.none() | words),
        deleted=draw(st.booleans()),
        is_bot=draw(st.booleans()),
    )


@st.composite
def threads(draw: st.DrawFn, *, thread_id: str | None = None, max_comments: int = 6) -> Thread:
    """Any thread, or any with that id: none to `max_comments` comments, replies every which way."""
    its_id = draw(thread_ids) if thread_id is None else thread_id
    few = st.sampled_from(("a", "b", "c", "d", "1", "2"))  # so that two threads of one id share comments
    ids = tuple(draw(st.lists(few | names, max_size=max_comments, unique_by=storable)))
    return Thread(
        id=its_id,
        source=draw(st.sampled_from(("digg", "hn", "generic")) | names),
        title=draw(words),
        url=draw(st.none() | words),
        comments=tuple(draw(comments(its_id, comment_id, ids)) for comment_id in ids),
        fetched_at=draw(moments),
        known_total=draw(st.none() | st.integers(0, 2**53)),
        page=draw(st.none() | pages),
    )
