"""What an answer opens with: the best quote and its speaker, a number that code counted, or whom code measured.

Made from verified statements and counts, never from a writer's words. A lead that is a quote is the text of the first
statement, letter for letter (`opens_with_its_first_point`), so that a face shows it once.

Not here: how a statement and the reason of an abstention are worded (bot.verification.sentences), what is true
(bot.verification.verify).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.evidence.measures import OF_PEOPLE, Place, Standing, standing
from bot.values.answer import Answer, Count, Finding, Gap, Kind, Statement
from bot.values.speakers import at, named, quoted, some
from bot.verification import sentences
from bot.verification.counting import Key, comments
from bot.verification.sentences import capital, moment, number, people
from corpus.thread import Thread


@dataclass(frozen=True)
class Facts:
    """What a lead is made from."""

    kind: Kind
    statements: Sequence[Statement]
    threads: Mapping[str, Thread]
    count: Count | None = None
    members: Sequence[Key] = ()
    """(thread id, comment id) of all that is counted, shown or not."""
    finding: Finding | None = None
    person: str | None = None
    subject: str = ""
    gap: Gap | None = None
    """What the form of the question did not find, where the ranked answer stands instead."""


INSTEAD = "What is said instead"


def lead(facts: Facts) -> str:
    """Plain text that answers first."""
    if facts.gap is not None:
        reason = sentences.reason(facts.gap, tuple(facts.threads.values()), person=facts.person, finding=facts.finding)
        told = facts.statements[0]
        return f"{reason} {told.heading or INSTEAD}: {told.text}"
    return _LEADS.get(facts.kind, _first_point)(facts)


def opens_with_its_first_point(answer: Answer) -> bool:
    """Whether the lead is the first statement itself: a face that shows statements need not show it twice."""
    return bool(answer.statements) and answer.lead == answer.statements[0].text


def heading_of_the_rest(answer: Answer) -> str | None:
    """What stands over the statements after the first one, where the lead is that one: "3 others:"."""
    rest = len(answer.statements) - 1
    if rest < 1 or not opens_with_its_first_point(answer) or answer.statements[1].heading is not None:
        return None
    return "1 other:" if rest == 1 else f"{rest} others:"


def on_top(answer: Answer) -> str | None:
    """What a face shows above the statements: the lead without the words that the first statement shows again.

    None where nothing is left of it.
    """
    if not answer.statements:
        return answer.lead or None
    first = answer.statements[0]
    for shown_below in (first.text, quoted(first.citations[0].quote)):
        if answer.lead.endswith(shown_below):
            return answer.lead.removesuffix(shown_below).rstrip() or None
    return answer.lead or None


def headed(answer: Answer) -> Iterator[tuple[str | None, Statement]]:
    """Each statement, and the heading that a face shows above it, if any."""
    rest = heading_of_the_rest(answer)
    for place, statement in enumerate(answer.statements):
        yield statement.heading or (rest if place == 1 else None), statement


def further(answer: Answer) -> int:
    """How many comments `more` cites."""
    return len({(cited.thread_id, cited.comment_id) for statement in answer.more for cited in statement.citations})


def _first_point(facts: Facts) -> str:
    return facts.statements[0].text


def _mentions(facts: Facts) -> str:
    """ "7 commenters mention “tax”, in 9 posts: @ada, @ben ..."."""
    count = facts.count
    if count is None:
        return _first_point(facts)
    one = count.commenters + count.unattributed == 1
    who = some(_speakers(facts))
    posts = f" in {number(count.matched, 'post')}" if count.matched > count.commenters + count.unattributed else ""
    if count.by == "data":
        wrote = "wrote" if facts.finding is None or facts.finding.since is None else "posted"
        return f"{capital(people(count))} {wrote} {number(count.matched, 'post')}: {who}."
    unclear = f" {count.unclear:,} more {'touches' if count.unclear == 1 else 'touch'} on it." if count.unclear else ""
    return (
        f"{capital(people(count))} {'mentions' if one else 'mention'} {quoted(facts.subject)}{posts}: {who}.{unclear}"
    )


def _speakers(facts: Facts) -> list[str]:
    """Who posted what is counted, each once, unnamed ones one by one."""
    posts = comments(facts.members, facts.threads)
    by_author = {post.author.id if post.author else f"\x00{post.thread_id}\x00{post.id}": named(post) for post in posts}
    return list(by_author.values())


def _quotation(facts: Facts) -> str:
    if facts.count is None:
        return _first_point(facts)
    posts = f" in {number(facts.count.matched, 'post')}" if facts.count.matched > 1 else ""
    return f"{capital(some(_speakers(facts)))} wrote {quoted(facts.subject)}{posts}."


def _time(facts: Facts) -> str:
    """When, where that is asked; of a stretch of time how many posted what."""
    finding = facts.finding
    if facts.count is not None and finding is not None and (finding.since or finding.until):
        return f"{capital(number(facts.count.matched, 'post'))} from {people(facts.count)}, {span(finding)}."
    first = facts.statements[0].citations[0]
    if first.posted_at is None or (finding is not None and (finding.since or finding.until)):
        return _first_point(facts)
    return f"{capital(named(first))} posted this on {moment(first.posted_at)}: {quoted(first.quote)}"


_MOST = {
    "likes": ("Most liked", "Least liked", "like"),
    "reposts": ("Most reposted", "Least reposted", "repost"),
    "views": ("Most viewed", "Least viewed", "view"),
    "replies": ("Most replied to", "Least replied to", "reply"),
    "activity": ("Most active", "Least active", "reaction"),
    "length": ("Longest", "Shortest", "word"),
    "posts": ("Most posts", "Fewest posts", "post"),
    "likes got": ("Most likes", "Fewest likes", "like"),
    "replies got": ("Most replies", "Fewest replies", "reply"),
}


def _superlative(facts: Facts) -> str:
    finding = facts.finding
    if finding is None:
        return _first_point(facts)
    found = standing(finding, facts.threads)
    places = found.first(finding.top)
    note = _missing(finding, found)
    if finding.measure == "time":
        return f"{_in_time(finding, places, by_order=found.by_order)}{note}"
    most, least, unit = _MOST[finding.measure or "activity"]
    parts = [_place(place, unit) for place in places]
    return f"{least if finding.least else most}: {'; '.join(parts)}.{note}"


def _missing(finding: Finding, found: Standing) -> str:
    """How many of the posts could not be compared, and why."""
    nameless = found.nameless if finding.measure in OF_PEOPLE else 0
    missing = found.compared - found.known - nameless
    of = number(found.compared, "post")
    note = f" {nameless:,} of {of} {_carry(nameless)} no proven author." if nameless else ""
    return f"{note} {missing:,} of {of} {_carry(missing)} no such figure." if missing else note


def _carry(amount: int) -> str:
    return "carries" if amount == 1 else "carry"


def _place(place: Place, unit: str) -> str:
    figure = number(int(place.value), unit).replace("replys", "replies")
    if place.authors:
        who = some([at(author) for author in place.authors])
        return f"{who}, {figure}{' each' if len(place.authors) > 1 else ''}"
    if len(place.comments) == 1:
        return f"{named(place.comments[0])}, {figure}"
    who = some(list(dict.fromkeys(named(comment) for comment in place.comments)))
    return f"{number(len(place.comments), 'post')} share the place with {figure} each, by {who}"


def _in_time(finding: Finding, places: Sequence[Place], *, by_order: bool) -> str:
    word = "First" if finding.least else "Last"
    parts = []
    for place in places:
        when = place.comments[0].posted_at
        who = some(list(dict.fromkeys(named(comment) for comment in place.comments)))
        parts.append(f"{who}, {moment(when)}" if when is not None and not by_order else who)
    order = ", in the order of the page, since not every post here carries a time" if by_order else ""
    return f"{word}: {'; '.join(parts)}{order}."


def span(finding: Finding) -> str:
    """ "after 3 March 2026 at 10:00 UTC"."""
    if finding.since is not None and finding.until is not None:
        return f"from {moment(finding.since)} to {moment(finding.until)}"
    if finding.since is not None:
        return f"from {moment(finding.since)} on"
    return f"before {moment(finding.until)}" if finding.until is not None else "at any time"


_LEADS: dict[Kind, Callable[[Facts], str]] = {
    "mentions": _mentions,
    "quotation": _quotation,
    "superlative": _superlative,
    "time": _time,
}
