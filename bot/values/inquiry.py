"""Question: what is asked, as the rest of the program needs it. A value; it is made by bot.questions.understand and
bot.kinds."""

from typing import Literal

from pydantic import AwareDatetime

from bot.values.answer import Kind, Measure
from bot.values.people import Person
from corpus.thread import Value
from index.ranking.lexical import terms

Key = tuple[str, str]
"""(thread id, comment id)."""
Turn = Literal["before", "after"]


class Window(Value):
    """From when to when, the end left out."""

    since: AwareDatetime | None = None
    until: AwareDatetime | None = None

    def holds(self, moment: AwareDatetime | None) -> bool:
        """Whether a post of that time lies within; one without a time lies in no window."""
        return (
            moment is not None
            and (self.since is None or moment >= self.since)
            and (self.until is None or moment < self.until)
        )


class Question(Value):
    """A question as the rest of the program needs it."""

    text: str
    """As asked."""
    standalone: str
    """The same, with what a follow-up leaves out put in."""
    kind: Kind
    subject: str
    """What the form of the question is about: "rain" in "how many people mention rain?"; for an open one all of it."""
    person: Person | None = None
    """Whose words are asked for, or whose comments the replies are to."""
    seek: str | None = None
    """What a follow-up is ranked by, where that is not its stand-alone form."""
    people: tuple[Person, ...] = ()
    """Everybody who is compared."""
    without: tuple[Person, ...] = ()
    """Whose words are not asked for: "besides @x"."""
    cited: tuple[Key, ...] = ()
    """The posts that a follow-up points at: "did anyone reply to that?"."""
    shown: tuple[Key, ...] = ()
    """What was shown already, where more is asked for."""
    phrase: str | None = None
    """Words to be found exactly."""
    window: Window | None = None
    """When what is asked for was posted."""
    turn: Turn | None = None
    """Before or after what happened: the subject is then what happened."""
    measure: Measure | None = None
    least: bool = False
    top: int = 1
    """How many of the most liked, and so on."""
    number: int | None = None
    """How many points are asked for: "in 3 bullet points"."""
    by: Person | None = None
    """Whose replies are wanted, where it is not anybody's."""
    opening: bool = False
    """Whether the post that opened the discussion is meant."""
    pointing: bool = False
    """Whether something shown before is meant: "that"."""
    sided: bool = False
    """Whether the question asks who is on which side, which needs a language model."""
    people_counted: bool = False
    """Whether a number is asked for: "how many"."""
    links: bool = False
    """Whether links are asked for."""
    unanswered: bool = False
    """Whether what got no reply is wanted."""
    tone: bool = False
    """Whether the tone of it all is asked for."""

    @property
    def sought(self) -> str:
        """What to rank by: the whole question; of one person's posts, or of those about a subject, without the name."""
        if self.seek is not None:
            return self.seek
        if self.kind == "person" and self.person is not None:
            return " ".join(self.standalone.replace(self.person.said, " ").replace("@", " ").split())
        if self.kind == "listing" and self.subject:
            return self.subject
        return self.standalone

    @property
    def about_anything(self) -> bool:
        """Whether there is a subject to match, not just "what does @x say?" or "how many people posted?"."""
        return bool(terms(self.subject))
