"""What an answer opens with, by the kind of question: made from verified statements and counts, never from a writer.

Not here: how a statement and the reason of an abstention are worded (bot.wording), what is true (bot.verify).
"""

from collections.abc import Callable, Sequence

from bot.answer import Citation, Count, Finding, Kind
from bot.exchange_leads import exchange, replies
from bot.measures import OF_PEOPLE, Place, Standing, standing
from bot.people import Person
from bot.told import Told, keys, not_shown, who_posted
from bot.wording import at, capital, listed, moment, named, number, people, some


def lead(told: Told) -> str:
    """One or two sentences that the statements and the count bear out."""
    return _LEADS.get(told.kind, _points)(told)


def _points(told: Told) -> str:
    one_each = [statement.citations[0] for statement in told.statements]
    points = "1 point" if len(one_each) == 1 else f"{len(one_each)} points"
    return f"{points} from {people(told.count)}{f', on {told.topic}' if told.topic else ''}:"


def _count(told: Told) -> str:
    """ "7 commenters, in 9 posts, as far as words tell."; of what the data tells without the hedge."""
    count = told.count
    if told.finding is not None:
        posts = len(dict.fromkeys(told.members))
        copies = f", {posts - count.matched:,} of them copies" if posts > count.matched else ""
        return f"{capital(people(count))}, in {number(posts, 'post')}{copies}.{not_shown(told)}"
    unclear = f" {count.unclear:,} more {_is(count.unclear)} unclear." if count.unclear else ""
    several = f", in {number(count.matched, 'post')}" if count.matched > count.commenters + count.unattributed else ""
    return f"{capital(people(count))}{several}, as far as words tell.{unclear}{not_shown(told)}"


def _who(told: Told) -> str:
    if told.attitude is not None:
        return f"{capital(told.attitude)}, by their words: {names(told.citations)}."
    if told.finding is not None:
        speak = "speaks" if _one(told.count) else "speak"
        return f"{capital(people(told.count))} {speak} of it: {who_posted(told.members, told.threads)}."
    return f"Closest in words: {names(told.citations)}."


def _says(told: Told) -> str:
    person = told.person
    if person is None:
        return _points(told)
    if any(citation.author is not None for citation in told.citations):
        return f"{person}, in {number(told.count.matched, 'post')}:"
    these = "this one is" if len(told.citations) == 1 else "these are"
    return f"No post here is proven to be by {person}; {these} probably theirs:"


def _summary(told: Told) -> str:
    return f"In short, from {people(told.count)}:"


def _sides(told: Told) -> str:
    good, bad = keys(told.of("in favour")), keys(told.of("against"))
    if good and bad:
        return f"By their words, {told.voices(good)} in favour and {told.voices(bad)} against:"
    if good or bad:
        side, other = ("in favour", "against") if good else ("against", "in favour")
        return f"By their words, {told.voices(good or bad)} {side}; no post is clearly {other}:"
    against = keys(told.of("disagrees", "partly"))
    if against:
        return f"What was said, and what {told.voices(against)} replied to it:"
    return f"No clear sides are found by the words. {_points(told)}"


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


def _superlative(told: Told) -> str:
    finding = told.finding
    if finding is None:
        return _points(told)
    found = standing(finding, told.threads)
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


def _time(told: Told) -> str:
    finding = told.finding
    if finding is not None and (finding.since or finding.until):
        return f"{capital(number(told.count.matched, 'post'))} from {people(told.count)}, {span(finding)}:"
    moments = [citation.posted_at for citation in told.citations if citation.posted_at is not None]
    if not moments:
        return "The source gives no time for these:"
    if len(moments) == 1:
        return f"{capital(named(told.citations[0]))} posted this on {moment(moments[0])}:"
    return f"From {moment(min(moments))} to {moment(max(moments))}:"


def span(finding: Finding) -> str:
    """ "after 3 March 2026 at 10:00 UTC"."""
    if finding.since is not None and finding.until is not None:
        return f"from {moment(finding.since)} to {moment(finding.until)}"
    if finding.since is not None:
        return f"from {moment(finding.since)} on"
    return f"before {moment(finding.until)}" if finding.until is not None else "at any time"


def _quote(told: Told) -> str:
    posts = number(told.count.matched, "post")
    if told.phrase:
        return _opened(f"These exact words stand in {posts} by {people(told.count)}", told)
    return _opened(f"As written, in {posts} from {people(told.count)}", told)


def _opened(opening: str, told: Told) -> str:
    """The opening before what is shown; with how much more there is, where that is not all."""
    return f"{opening}.{not_shown(told)}" if told.hidden else f"{opening}:"


def _comparison(told: Told) -> str:
    parts, silent = [], []
    for person in told.compared:
        theirs = [citation for citation in told.citations if _is_theirs(citation, person)]
        if theirs:
            parts.append(f"{person.shown} in {number(told.tally(keys(theirs)).matched, 'post')}")
        else:
            silent.append(person.shown)
    nothing = f" Nothing by {listed(silent)} here answers this." if silent else ""
    against, agreeing = told.of("disagrees", "partly"), told.of("agrees")
    passed = [
        f"{len(some):,} {what}"
        for some, what in ((agreeing, "agreeing"), (against, "disagreeing, in part or whole"))
        if some
    ]
    between = f" Of the replies between them, by their words, {listed(passed)}." if passed else ""
    return f"{capital(listed(parts))}.{nothing}{between}"


def _is_theirs(citation: Citation, person: Person) -> bool:
    likely = citation.author_candidate.author if citation.author_candidate is not None else None
    author = citation.author or likely
    return author is not None and author.id in {a.id for a in (*person.authors, *person.candidates)}


def _yes_no(told: Told) -> str:
    so, contrary = keys(told.of("says so")), keys(told.of("says the contrary"))
    if not so and not contrary:
        if told.count.matched > len(told.statements) or told.phrase:
            return _opened(f"{capital(people(told.count))} {'speaks' if _one(told.count) else 'speak'} of it", told)
        return f"Nobody here says so, or the contrary, outright. What bears on it, from {people(told.count)}:"
    parts = []
    if so:
        parts.append(f"{told.voices(so)} {'says' if told.number(so) == 1 else 'say'} so, as far as words tell")
    if contrary:
        parts.append(f"{told.voices(contrary)} {'says' if told.number(contrary) == 1 else 'say'} the contrary")
    return f"{capital('; '.join(parts))}:"


def _one(count: Count) -> bool:
    return count.commenters + count.unattributed == 1


def names(citations: Sequence[Citation]) -> str:
    """Everybody who is cited, once."""
    found = list(dict.fromkeys(at(c.author) for c in citations if c.author is not None))
    found += [f"probably {at(c.author_candidate.author)}" for c in citations if not c.author and c.author_candidate]
    nameless = sum(c.author is None and c.author_candidate is None for c in citations)
    if nameless:
        found.append("an unnamed commenter" if nameless == 1 else f"{nameless} unnamed commenters")
    return listed(list(dict.fromkeys(found)))


def _is(amount: int) -> str:
    return "is" if amount == 1 else "are"


_LEADS: dict[Kind, Callable[[Told], str]] = {
    "count": _count,
    "who": _who,
    "says": _says,
    "agreement": exchange,
    "disagreement": exchange,
    "replies": replies,
    "sides": _sides,
    "summary": _summary,
    "superlative": _superlative,
    "time": _time,
    "quote": _quote,
    "comparison": _comparison,
    "yes-no": _yes_no,
}
