"""What a lead is made from: the verified statements, all that is counted, and how these stand to what they answer.

Not here: how a lead is worded (bot.leads, bot.exchange_leads).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.answer import Citation, Count, Finding, Kind, Role, Statement
from bot.counting import Key, distinct
from bot.counting import count as counted
from bot.people import Person
from bot.roles import Roles
from bot.wording import named, number, people, some
from corpus.thread import Comment, Thread


@dataclass(frozen=True)
class Told:
    """What a lead is made from."""

    kind: Kind
    statements: Sequence[Statement]
    count: Count
    threads: Mapping[str, Thread]
    members: Sequence[Key] = ()
    """(thread id, comment id) of all that is counted, shown or not."""
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

    @cached_property
    def standing(self) -> Mapping[Role, list[Key]]:
        """Of all that is counted, shown or not, what stands how to the post that it answers."""
        roles = Roles(self.threads, None)
        shown = {place: said.role for said in self.statements for place in keys(said.citations) if said.role}
        found: dict[Role, list[Key]] = {}
        for place in dict.fromkeys((*self.members, *shown)):
            role = shown.get(place) or roles.standing(place)
            if role is not None:
                found.setdefault(role, []).append(place)
        return found

    def standing_as(self, *roles: Role) -> list[Key]:
        return [place for role in roles for place in self.standing.get(role, ())]

    def voices(self, places: Sequence[Key]) -> str:
        """ "2 commenters and 1 unattributed post"."""
        return people(self.tally(places))

    def tally(self, places: Sequence[Key]) -> Count:
        return counted(places, (), self.threads)

    def number(self, places: Sequence[Key]) -> int:
        """How many voices: commenters, and unattributed posts each."""
        tally = self.tally(places)
        return tally.commenters + tally.unattributed

    @property
    def hidden(self) -> int:
        """Of the posts that are counted, how many are not shown."""
        shown = set(keys(self.citations))
        return sum(place not in shown for place in distinct(self.members, self.threads))


def keys(citations: Sequence[Citation]) -> list[Key]:
    return [(citation.thread_id, citation.comment_id) for citation in citations]


def not_shown(told: Told) -> str:
    """How many of the posts that are counted are not shown; "" where all are."""
    hidden = told.hidden
    return f" {number(hidden, 'more post')} {'is' if hidden == 1 else 'are'} counted and not shown." if hidden else ""


def who_posted(places: Sequence[Key], threads: Mapping[str, Thread]) -> str:
    """Who posted these, each once, unnamed ones one by one; of many the first, and how many more there are."""
    posts = [threads[t].by_id[c] for t, c in dict.fromkeys(places) if t in threads and c in threads[t].by_id]
    every = list({_whose(post): named(post) for post in posts}.values())
    return some(every)


def _whose(post: Comment) -> str:
    return post.author.id if post.author is not None else f"\x00{post.thread_id}\x00{post.id}"
