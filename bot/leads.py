"""What an answer opens with, by the kind of question: made from verified statements and counts, never from a writer.

Not here: how a statement and the reason of an abstention are worded (bot.wording), what is true (bot.verify).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.answer import Citation, Count, Finding, Kind, Role, Statement
from bot.counting import count as counted
from bot.measures import Place, standing
from bot.people import Person
from bot.replies import replies_of
from bot.wording import at, capital, listed, moment, named, number, people
from corpus.thread import Thread


@dataclass(frozen=True, slots=True)
class Told:
    """What a lead is made from."""

    kind: Kind
    statements: Sequence[Statement]
    count: Count
    threads: Mapping[str, Thread]
    finding: Finding | None = None
    person: str | None = None
    compared: Sequence[Person] = ()
    topic: str | None = None
    attitude: str | None = None
    phrase: bool = False

    @property
    def citations(self) -> list[Citation]:
        return [citation for statement in self.statements for citation in statement.citations]

    def of(self, *roles: Role) -> list[Citation]:
        """The citations of the statements in these roles."""
        return [
            citation for statement in self.statements if statement.role in roles for citation in statement.citations
        ]

    def voices(self, citations: Sequence[Citation]) -> str:
        """ "2 commenters and 1 unattributed post"."""
        return people(self.tally(citations))

    def tally(self, citations: Sequence[Citation]) -> Count:
        return counted([(c.thread_id, c.comment_id) for c in citations], (), self.threads)

    def number(self, citations: Sequence[Citation]) -> int:
        """How many voices: commenters, and unattributed posts each."""
        tally = self.tally(citations)
        return tally.commenters + tally.unattributed


def lead(told: Told) -> str:
    """One or two sentences that the statements and the count bear out."""
    return _LEADS.get(told.kind, _points)(told)


def _points(told: Told) -> str:
    one_each = [statement.citations[0] for statement in told.statements]
    points = "1 point" if len(one_each) == 1 else f"{len(one_each)} points"
    return f"{points} from {people(told.count)}{f', on {told.topic}' if told.topic else ''}:"


def _count(told: Told) -> str:
    count = told.count
    unclear = f" {count.unclear:,} more {_is(count.unclear)} unclear." if count.unclear else ""
    several = f", in {number(count.matched, 'post')}" if count.matched > count.commenters + count.unattributed else ""
    return f"{capital(people(count))}{several}, as far as words tell.{unclear}"


def _who(told: Told) -> str:
    if told.attitude is not None:
        return f"{capital(told.attitude)}, by their words: {names(told.citations)}."
    return f"Closest in words: {names(told.citations)}."


def _says(told: Told) -> str:
    person = told.person
    if person is None:
        return _points(told)
    if any(citation.author is not None for citation in told.citations):
        return f"{person}, in {number(told.count.matched, 'post')}:"
    these = "this one is" if len(told.citations) == 1 else "these are"
    return f"No post here is proven to be by {person}; {these} probably theirs:"


def _exchange(told: Told) -> str:
    """ "2 commenters disagree, 1 in part. 3 more replies give no sign either way. 1 objection has no reply here." """
    if told.kind == "agreement":
        parts = _parts(told, (("agrees",), "agrees", "agree"))
    else:
        parts = _parts(
            told,
            (("disagrees",), "disagrees", "disagree"),
            (("partly",), "agrees in part only", "agree in part only"),
            (("says the contrary",), "says the contrary elsewhere", "say the contrary elsewhere"),
        )
    unclear = told.count.unclear
    if not told.of(*_SIGNS[told.kind]):
        what = "disagree" if told.kind == "disagreement" else "agree"
        replies = told.of("replies", "agrees", "disagrees", "partly")
        shown = f"replies from {told.voices(replies)}" if replies else f"posts from {people(told.count)} bear on it"
        return f"Nobody says in so many words that they {what}; {shown}:"
    more = (
        f" {number(unclear, 'more reply').replace('replys', 'replies')} {_give(unclear)} no sign either way."
        if unclear
        else ""
    )
    return f"{capital(listed(parts))}.{more}{_unanswered(told)}"


_SIGNS: dict[Kind, tuple[Role, ...]] = {
    "agreement": ("agrees",),
    "disagreement": ("disagrees", "partly", "says the contrary"),
}


def _parts(told: Told, *roles: tuple[tuple[Role, ...], str, str]) -> list[str]:
    parts = []
    for which, one, several in roles:
        citations = told.of(*which)
        if citations:
            parts.append(f"{told.voices(citations)} {one if told.number(citations) == 1 else several}")
    return parts or [f"{people(told.count)} bear on this"]


def _unanswered(told: Told) -> str:
    """How many of the objections nobody replied to."""
    if told.kind != "disagreement":
        return ""
    replies = replies_of({thread_id: told.threads[thread_id] for thread_id in {c.thread_id for c in told.citations}})
    objections = told.of("disagrees", "partly")
    left = sum(not replies[c.thread_id].from_others(c.comment_id) for c in objections)
    if not left:
        return ""
    return f" {left:,} of {number(len(objections), 'objection')} {_has(left)} no reply here."


def _replies(told: Told) -> str:
    alone = told.of("unanswered")
    if alone and len(alone) == len(told.citations):
        posts = capital(number(len(alone), "post"))
        return f"{posts} by {told.voices(alone)} asked or objected, with no reply from anybody else here:"
    replies = told.of("agrees", "disagrees", "partly", "replies")
    standing_how: tuple[tuple[Role, str], ...] = (
        ("agrees", "agreeing"),
        ("partly", "agreeing in part"),
        ("disagrees", "disagreeing"),
    )
    told_of = [f"{told.number(told.of(role)):,} {words}" for role, words in standing_how if told.of(role)]
    how = f", {listed(told_of)} by their words" if told_of else ""
    many = number(len(replies), "reply").replace("replys", "replies")
    without = _without_reply(told)
    return f"{capital(many)} from {told.voices(replies)}{how}.{without}"


def _without_reply(told: Told) -> str:
    targets = told.finding.targets if told.finding is not None else ()
    replies = replies_of(told.threads)
    left = [
        t
        for t in targets
        if t[0] in told.threads and t[1] in told.threads[t[0]].by_id and not replies[t[0]].from_others(t[1])
    ]
    if not left or len(left) == len(targets):
        return ""
    return f" {len(left):,} of the {len(targets):,} posts asked about {_has(len(left))} no reply here."


def _summary(told: Told) -> str:
    return f"In short, from {people(told.count)}:"


def _sides(told: Told) -> str:
    good, bad = told.of("in favour"), told.of("against")
    if good and bad:
        return f"By the tone of their words alone, {told.voices(good)} in favour and {told.voices(bad)} against:"
    if good or bad:
        side, other = ("in favour", "against") if good else ("against", "in favour")
        return f"By the tone of their words alone, {told.voices(good or bad)} {side}; no post is clearly {other}:"
    against = told.of("disagrees", "partly")
    return f"What was said, and what {told.voices(against)} replied to it:" if against else _points(told)


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
    missing = found.compared - found.known
    note = (
        f" {missing:,} of {number(found.compared, 'post')} {'carries' if missing == 1 else 'carry'} no such figure."
        if missing
        else ""
    )
    if finding.measure == "time":
        return f"{_in_time(finding, places, by_order=found.by_order)}{note}"
    most, least, unit = _MOST[finding.measure or "activity"]
    parts = [_place(place, unit) for place in places]
    return f"{least if finding.least else most}: {'; '.join(parts)}.{note}"


def _place(place: Place, unit: str) -> str:
    figure = number(int(place.value), unit).replace("replys", "replies")
    if place.authors:
        who = listed([at(author) for author in place.authors[:8]])
        return f"{who}, {figure}{' each' if len(place.authors) > 1 else ''}"
    if len(place.comments) == 1:
        return f"{named(place.comments[0])}, {figure}"
    who = listed(list(dict.fromkeys(named(comment) for comment in place.comments[:8])))
    return f"{number(len(place.comments), 'post')} share the place with {figure} each, by {who}"


def _in_time(finding: Finding, places: Sequence[Place], *, by_order: bool) -> str:
    word = "First" if finding.least else "Last"
    parts = []
    for place in places:
        when = place.comments[0].posted_at
        who = listed(list(dict.fromkeys(named(comment) for comment in place.comments)))
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
    if told.phrase:
        posts = number(told.count.matched, "post")
        return f"These exact words stand in {posts} by {people(told.count)}:"
    return f"As written, in {number(told.count.matched, 'post')} from {people(told.count)}:"


def _comparison(told: Told) -> str:
    parts, silent = [], []
    for person in told.compared:
        theirs = [citation for citation in told.citations if _is_theirs(citation, person)]
        if theirs:
            parts.append(f"{person.shown} in {number(told.tally(theirs).matched, 'post')}")
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
    so, contrary = told.of("says so"), told.of("says the contrary")
    if not so and not contrary:
        if told.count.matched > len(told.statements) or told.phrase:
            return f"{capital(people(told.count))} {'speaks' if _one(told.count) else 'speak'} of it:"
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


def _has(amount: int) -> str:
    return "has" if amount == 1 else "have"


def _give(amount: int) -> str:
    return "gives" if amount == 1 else "give"


_LEADS: dict[Kind, Callable[[Told], str]] = {
    "count": _count,
    "who": _who,
    "says": _says,
    "agreement": _exchange,
    "disagreement": _exchange,
    "replies": _replies,
    "sides": _sides,
    "summary": _summary,
    "superlative": _superlative,
    "time": _time,
    "quote": _quote,
    "comparison": _comparison,
    "yes-no": _yes_no,
}
