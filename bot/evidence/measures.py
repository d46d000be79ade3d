"""The most and the least of what the data tells: likes, replies, length, time, and whose posts have most of it.

Figures that a source does not give are missing, never 0. Ties stay ties. Not here: how a question asks for them and
which words are quoted (bot.kinds.superlative).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.evidence.reply_edges import Replies, replies_of
from bot.values.answer import Finding, Measure
from corpus.thread import Author, Comment, Thread

Threads = Mapping[str, Thread]
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
"""Thai, Lao, Burmese, Khmer."""
_SPACED = rf"[^\W{_IDEOGRAPHS}{_UNSPACED}]+"
_WORD = re.compile(rf"[{_IDEOGRAPHS}]|[{_UNSPACED}]{{1,5}}|{_SPACED}(?:['’-]{_SPACED})*")
"""A word; of scripts without spaces a character of meaning, as word counts go, or the letters of about a word."""
OF_PEOPLE: frozenset[Measure] = frozenset(["posts", "likes got", "replies got"])


@dataclass(frozen=True, slots=True)
class Place:
    """Who or what shares a place: posts, or people with the posts that count for them."""

    value: float
    comments: tuple[Comment, ...]
    authors: tuple[Author, ...] = ()
    """Empty where posts are compared."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The places, best first; of how many posts the figure is known."""

    places: tuple[Place, ...]
    known: int
    compared: int
    nameless: int = 0
    """Of the compared posts, those without a proven author, which count for nobody."""
    by_order: bool = False
    """Whether posts without times stand in the order of the source."""

    def first(self, number: int) -> tuple[Place, ...]:
        """As many places as hold `number` posts or people; those who share the last one stay together."""
        kept: list[Place] = []
        held = 0
        for place in self.places:
            if held >= number:
                break
            kept.append(place)
            held += len(place.authors or place.comments)
        return tuple(kept)


def standing(finding: Finding, threads: Threads) -> Standing:
    """Where the compared posts, or their authors, stand. Empty where the source gives no such figure."""
    compared = _compared(finding, threads)
    measure = finding.measure or "activity"
    if measure in OF_PEOPLE:
        return _of_people(measure, compared, threads, least=finding.least)
    figure = _figure(measure, threads)
    if measure == "time" and any(comment.posted_at is None for comment in compared):
        return _in_order(compared, threads, least=finding.least)
    if measure == "time":
        figure = _not_before_parents(threads)
    known = [(comment, value) for comment in compared if (value := figure(comment)) is not None]
    by_value: dict[float, list[Comment]] = {}
    for comment, value in known:
        by_value.setdefault(value, []).append(comment)
    ordered = sorted(by_value, reverse=not finding.least)
    places = tuple(Place(value=value, comments=tuple(by_value[value])) for value in ordered)
    return Standing(places=places, known=len(known), compared=len(compared))


def _compared(finding: Finding, threads: Threads) -> list[Comment]:
    if finding.among is None:
        return [c for thread in threads.values() for c in thread.comments if c.citable]
    found = [threads[t].by_id.get(c) for t, c in finding.among if t in threads]
    return [comment for comment in found if comment is not None and comment.citable]


def _in_order(compared: Sequence[Comment], threads: Threads, *, least: bool) -> Standing:
    """By place on the page, where a time is missing: such an order is all there is; a reply follows what it answers."""
    replies = replies_of(threads)
    ordered = sorted(
        compared, key=lambda c: _page_place(c, threads[c.thread_id], replies[c.thread_id]), reverse=not least
    )
    places = tuple(Place(value=n, comments=(comment,)) for n, comment in enumerate(ordered))
    return Standing(places=places, known=len(compared), compared=len(compared), by_order=True)


def _page_place(comment: Comment, thread: Thread, replies: Replies) -> tuple[int, int, int]:
    """Where it stands on the page, or right after a post that it answers where that stands further down."""
    own = thread.position[comment.id]
    latest, depth = own, 0
    met = {comment.id}
    post = replies.answered_by(comment.id)
    while post is not None and post.id not in met:
        met.add(post.id)
        depth += 1
        latest = max(latest, thread.position[post.id])
        post = replies.answered_by(post.id)
    return latest, depth if latest > own else 0, own


_INSTANT = 0.001
"""Seconds. What a reply is later than its parent, where the source gives both the same time, or that the wrong way."""


def _not_before_parents(threads: Threads) -> Callable[[Comment], float | None]:
    """The time of a post; of a reply never one before, or the same as, what it is shown to answer."""
    told: dict[tuple[str, str], float] = {}

    def when(comment: Comment) -> float | None:
        if comment.posted_at is None:
            return None
        thread, line = threads[comment.thread_id], [comment]
        while (parent := thread.parents[line[-1].id]) is not None and (thread.id, line[-1].id) not in told:
            line.append(thread.by_id[parent])
        before = float("-inf")
        for post in reversed(line):
            own = post.posted_at.timestamp() if post.posted_at is not None else before
            before = told.setdefault((thread.id, post.id), max(own, before + _INSTANT))
        return before

    return when


def _figure(measure: Measure, threads: Threads) -> Callable[[Comment], float | None]:
    match measure:
        case "likes":
            return lambda comment: comment.engagement.likes
        case "reposts":
            return lambda comment: comment.engagement.reposts
        case "views":
            return lambda comment: comment.engagement.views
        case "length":
            return lambda comment: len(_WORD.findall(comment.text))
        case "time":
            return lambda comment: comment.posted_at.timestamp() if comment.posted_at else None
        case "activity":
            return lambda comment: threads[comment.thread_id].activity[comment.id]
        case _:
            replies = replies_of(threads)
            return lambda comment: replies_had(comment, replies[comment.thread_id])


def replies_had(comment: Comment, replies: Replies) -> int:
    """Direct replies: as many as are loaded, or as the source counts where that is more."""
    return max(len(replies.to(comment.id)), comment.engagement.replies or 0)


def _of_people(measure: Measure, compared: Iterable[Comment], threads: Threads, *, least: bool) -> Standing:
    compared = list(compared)
    by_author: dict[str, list[Comment]] = {}
    authors: dict[str, Author] = {}
    for comment in compared:
        if comment.author is not None:
            by_author.setdefault(comment.author.id, []).append(comment)
            authors[comment.author.id] = comment.author
    replies = replies_of(threads)
    values = {who: value for who, posts in by_author.items() if (value := _got(measure, posts, replies)) is not None}
    by_value: dict[float, list[str]] = {}
    for who, value in values.items():
        by_value.setdefault(value, []).append(who)
    ordered = sorted(by_value, reverse=not least)
    places = tuple(
        Place(
            value=value,
            comments=tuple(post for who in by_value[value] for post in by_author[who]),
            authors=tuple(authors[who] for who in by_value[value]),
        )
        for value in ordered
    )
    known = sum(len(by_author[who]) for who in values)
    nameless = sum(comment.author is None for comment in compared)
    return Standing(places=places, known=known, compared=len(compared), nameless=nameless)


def _got(measure: Measure, posts: Sequence[Comment], replies: Mapping[str, Replies]) -> float | None:
    match measure:
        case "posts":
            return len(posts)
        case "likes got":
            given = [post.engagement.likes for post in posts if post.engagement.likes is not None]
            return sum(given) if given else None
        case _:
            return sum(len(replies[post.thread_id].from_others(post.id)) for post in posts)
