"""The sentences that code makes: who a speaker is, a statement, a lead, the reason of an abstention.

Nothing here decides what is true; it words what bot.verify has checked. No writer's words pass through but a claim.
"""

import re
from collections.abc import Sequence

from bot.answer import Citation, Count, Gap, Kind
from corpus.thread import Author, Comment, Thread

_BIDI = re.compile("[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]")
_BREAKING = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_HANDLE_LIMIT = 60
CLAIM_MARK = " — "
UNNAMED = "an unnamed commenter"


def one_line(text: str, limit: int = _HANDLE_LIMIT) -> str:
    """A stranger's name on one line, of bounded length, its direction of writing kept from spilling over."""
    line = _BREAKING.sub(" ", text).strip()
    if len(line) > limit:
        line = line[: limit - 1].rstrip() + "…"
    return isolated(line)


def isolated(text: str) -> str:
    """The text between marks that keep its direction of writing to itself, where it has one that could spill."""
    return f"\u2068{text}\u2069" if _BIDI.search(text) else text


def at(author: Author) -> str:
    """The author's handle as people write it; a handle that cannot be one (a plain name) stands as it is."""
    return one_line(author.handle if " " in author.handle else f"@{author.handle}")


def speaker(comment: Comment) -> str:
    """Who is named for a comment: the proven author, "probably @x", or "an unnamed commenter" and whom that answers."""
    if comment.author is None and comment.author_candidate is None:
        return f"{UNNAMED}{_answering(comment)}"
    return named(comment)


def named(spoken: Comment | Citation) -> str:
    """As `speaker`, for a comment or a citation of it, without whom an unnamed commenter answers."""
    if spoken.author is not None:
        return at(spoken.author)
    if spoken.author_candidate is not None:
        return f"probably {at(spoken.author_candidate.author)}"
    return UNNAMED


def _answering(comment: Comment) -> str:
    handles = [one_line(f"@{handle}") for handle in comment.addressed[:3]]
    return f" replying to {listed(handles)}" if handles else ""


def listed(parts: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else ""


def quoted(text: str) -> str:
    return f"“{isolated(text)}”"


def statement_text(claim: str | None, spoken: Sequence[tuple[str, str]]) -> str:
    """The text of a statement: (speaker, quote) pairs, the same words by several people said once, a claim in front."""
    by_quote: dict[str, list[str]] = {}
    for who, quote in spoken:
        names = by_quote.setdefault(quote, [])
        if who not in names or who.startswith(UNNAMED):
            names.append(who)
    said = "; ".join(f"{opening(listed(names))}: {quoted(quote)}" for quote, names in by_quote.items())
    return f"{claim}{CLAIM_MARK}{said}" if claim else said


def side(name: str, citations: Sequence[Citation]) -> str:
    """What one side of a discussion holds, in one sentence: exact quotes and who said them, after our own words."""
    verb = "highlight" if name == "positive" else "fear or fault"
    told = [f"{quoted(citation.quote.rstrip('.'))} ({named(citation)})" for citation in citations]
    return f"{capital(name)} commenters {verb} {listed(told)}."


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
        parts.append(f"{missing:,} more {'is' if missing == 1 else 'are'} known to exist and not loaded")
    return listed(parts)


def absent(person: str, threads: Sequence[Thread]) -> str:
    """That nobody of that name posted, as far as anybody can know."""
    note = unattributed_note(threads)
    return f"No post here is attributed to {one_line(person)}" + (f"; {note}." if note else ".")


def reason(gap: Gap | None, threads: Sequence[Thread], *, person: str | None) -> str:
    """Why there is no answer, for the asker; for a greeting, the reply to it."""
    posts = sum(comment.citable for thread in threads for comment in thread.comments)
    where = (
        f"the {number(posts, 'post')} here"
        if len(threads) == 1
        else f"{number(posts, 'post')} in {number(len(threads), 'thread')}"
    )
    missing = sum(max(0, (t.known_total or 0) - len(t.comments)) for t in threads)
    unread = f" {missing:,} more {'is' if missing == 1 else 'are'} known to exist and not loaded." if missing else ""
    match gap:
        case "absent":
            return absent(person or "that name", threads)
        case "silent":
            return f"Nothing in the posts by {person or 'them'} here answers that.{unread}"
        case "unindexed":
            return f"There is no post to answer from.{unread}"
        case "greeting":
            return "Hello. Ask about this discussion, and every sentence of the answer will cite who said it."
        case "thanks":
            return "You are welcome. Ask on."
        case "empty":
            return "Ask in words what you want to know of this discussion, for example why, who said, or how many."
        case "unsaid":
            return f"Nobody in {where} says anything that answers this.{unread}"
        case None:
            return "Nothing that could be said here survived the check against the comments' own words."


def lead(kind: Kind, count: Count, citations: Sequence[Citation], *, person: str | None, asked: str | None) -> str:
    """What an answer opens with: made from what was counted, never from what a commenter or a writer says."""
    if kind == "count":
        return _count_lead(count)
    if kind == "who":
        return f"Closest in words: {_names(citations)}."
    if kind == "says" and person is not None:
        return _says_lead(person, count, citations)
    points = "1 point" if len(citations) == 1 else f"{len(citations)} points"
    return f"{points} from {people(count)}{f', on {asked}' if asked else ''}:"


def _count_lead(count: Count) -> str:
    unclear = f" {count.unclear:,} more {'is' if count.unclear == 1 else 'are'} unclear." if count.unclear else ""
    several = f", in {number(count.matched, 'post')}" if count.matched > count.commenters + count.unattributed else ""
    return f"{capital(people(count))}{several}, as far as words tell.{unclear}"


def _says_lead(person: str, count: Count, citations: Sequence[Citation]) -> str:
    proven = [c for c in citations if c.author is not None]
    if proven:
        return f"{person}, in {number(count.matched, 'post')}:"
    these = "this one is" if len(citations) == 1 else "these are"
    return f"No post here is proven to be by {person}; {these} probably theirs:"


def _names(citations: Sequence[Citation]) -> str:
    named = list(dict.fromkeys(at(c.author) for c in citations if c.author is not None))
    named += [f"probably {at(c.author_candidate.author)}" for c in citations if not c.author and c.author_candidate]
    nameless = sum(c.author is None and c.author_candidate is None for c in citations)
    if nameless:
        named.append("an unnamed commenter" if nameless == 1 else f"{nameless} unnamed commenters")
    return listed(list(dict.fromkeys(named)))
