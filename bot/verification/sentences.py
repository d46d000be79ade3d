"""The sentences that code makes: a statement, a number of people, the reason of an abstention.

Nothing here decides what is true; it words what bot.verification.verify has checked. No writer's words pass through.
Who is called what is bot.values.speakers'; leads are bot.verification.leads'.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from bot.values.answer import Count, Coverage, Finding, Gap, Note
from bot.values.speakers import UNNAMED, listed, one_line, quoted, some
from corpus.thread import Thread

_USERS = re.compile(r"(?:positive|negative) users\b", re.I)


def statement_text(spoken: Sequence[tuple[str, str]]) -> str:
    """The text of a statement: (speaker, quote) pairs, the same words by several people said once."""
    by_quote: dict[str, list[str]] = {}
    for named_as, quote in spoken:
        names = by_quote.setdefault(quote, [])
        if named_as not in names or named_as.startswith(UNNAMED):
            names.append(named_as)
    return "; ".join(f"{opening(some(names))}: {quoted(quote)}" for quote, names in by_quote.items())


NOTES: dict[Note, str] = {
    "sides": "Who is on which side is not told here: that needs a language model (DIGG_LLM_URL, DIGG_LLM_MODEL).",
    "tone": "The tone of the whole discussion is told by its digest, on its page or with `digg-deeper show`.",
    "mentions": "This counts who mentions it, whatever they say of it.",
}


def by_words(looked_at: Coverage) -> str:
    """That meaning was not searched by, and why; "" where it was."""
    if looked_at.state != "lexical":
        return ""
    if looked_at.outdated:
        why = "was made with another model; `digg-deeper reindex` renews it"
    else:
        why = "cannot be used at present" if looked_at.broken else "is still being prepared"
    return f"Found by words alone: the search by meaning {why}."


def both_sides(positive: str, negative: str) -> str:
    """The sentence of a page that is kept in `halves`: "Positive users ..., while negative users ..."."""
    return f"{positive.rstrip(' .,;')}, while {negative}"


def halves(positive: str, negative: str) -> bool:
    """Whether these are the halves of one sentence of a page: the second goes on in a small letter."""
    return bool(_USERS.match(positive) and _USERS.match(negative)) and negative[:1].islower()


def opening(names: str) -> str:
    """The names as they open a sentence: our own words with a capital letter, a handle as its owner writes it."""
    return capital(names) if names.startswith((UNNAMED, "probably ")) else names


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def number(amount: int, noun: str) -> str:
    """ "1 post", "2 posts"."""
    return f"{amount:,} {noun}" if amount == 1 else f"{amount:,} {noun}s"


def people(count: Count) -> str:
    """ "7 commenters and 3 unattributed posts"."""
    parts = [number(count.commenters, "commenter")] if count.commenters else []
    if count.unattributed:
        parts.append(number(count.unattributed, "unattributed post"))
    return listed(parts) or "nobody"


def similar(counted: Count, repeated: int) -> str:
    """Who stands behind a group of similar comments: "5 commenters say similar things"."""
    many = counted.commenters + counted.unattributed > 1
    if repeated and repeated >= counted.commenters + counted.unattributed:
        return f"{capital(people(counted))} posted the same text"
    same = f", {repeated:,} of them in the very same words" if repeated else ""
    return f"{capital(people(counted))}{' say similar things' if many else ''}{same}"


def unattributed_note(threads: Sequence[Thread]) -> str:
    """How many posts carry no proven author, and how many are not loaded: what an absence may not be read without."""
    posts = [comment for thread in threads for comment in thread.comments if not comment.deleted]
    nameless = sum(comment.author is None for comment in posts)
    parts = []
    if nameless:
        parts.append(
            f"{nameless:,} of {number(len(posts), 'post')} {'carries' if nameless == 1 else 'carry'} no proven author"
        )
    missing = sum(max(0, (t.known_total or 0) - len(t.comments)) for t in threads)
    if missing:
        parts.append(_not_loaded(missing))
    return listed(parts)


def _not_loaded(missing: int) -> str:
    return f"{missing:,} more {'post is' if missing == 1 else 'posts are'} known to exist and not loaded"


def absent(person: str, threads: Sequence[Thread]) -> str:
    """That nobody of that name posted, as far as anybody can know."""
    note = unattributed_note(threads)
    return f"No post here is attributed to {one_line(person)}" + (f"; {note}." if note else ".")


def reason(gap: Gap | None, threads: Sequence[Thread], *, person: str | None, finding: Finding | None = None) -> str:
    """What was not found, for the asker; for a greeting, the reply to it."""
    posts = sum(comment.citable for thread in threads for comment in thread.comments)
    where = (
        f"the {number(posts, 'post')} here"
        if len(threads) == 1
        else f"{number(posts, 'post')} in {number(len(threads), 'thread')}"
    )
    missing = sum(max(0, (t.known_total or 0) - len(t.comments)) for t in threads)
    unread = f" {_not_loaded(missing)}." if missing else ""
    whose = f"the posts by {person}" if person else where
    match gap:
        case "absent":
            return absent(person or "that name", threads)
        case "silent":
            return f"Nothing in the posts by {person or 'them'} here answers that.{unread}"
        case "unmentioned":
            return f"Nobody in {where} mentions that in these words.{unread}"
        case "no links":
            return f"No link is in {where}.{unread}"
        case "unwritten":
            return f"These exact words are nowhere in {whose}.{unread}"
        case "unanswered":
            return f"Nobody else in {where} replied to that.{unread}"
        case "ungiven":
            return f"{_figure(finding)} not given by this source."
        case "untimed":
            return "The source gives no times of posting."
        case "no such time":
            return f"Nothing in {whose} was posted then{_from_to(threads)}.{unread}"
        case "no more":
            return f"There is no more: everything in {whose} that answers this was shown.{unread}"
        case _:
            return _plain_reason(gap, where, unread)


def _plain_reason(gap: Gap | None, where: str, unread: str) -> str:
    match gap:
        case "unindexed":
            return f"There is no post to answer from.{unread}"
        case "greeting":
            return "Hello. Ask about this discussion, and every sentence of the answer will cite who said it."
        case "thanks":
            return "You are welcome. Ask on."
        case "empty":
            return "Ask in words what you want to know of this discussion, for example why, who said, or how many."
        case None:
            return "Nothing that could be said here survived the check against the comments' own words."
        case _:
            return f"Nobody in {where} says anything that answers this.{unread}"


def _figure(finding: Finding | None) -> str:
    measure = finding.measure if finding is not None else None
    return {"likes got": "Likes are", "replies got": "Replies are", None: "Such figures are", "time": "Times are"}.get(
        measure, f"{capital(measure or 'figures')} are"
    )


def _from_to(threads: Sequence[Thread]) -> str:
    times = [comment.posted_at for thread in threads for comment in thread.comments if comment.posted_at is not None]
    if not times:
        return ""
    first, last = min(times), max(times)
    return f"; the posts here are from {moment(first)} to {moment(last)}"


def moment(when: datetime) -> str:
    """ "3 March 2026 at 10:15 UTC"."""
    return f"{when.day} {when:%B %Y at %H:%M} UTC"
