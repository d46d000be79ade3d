"""Question: what is asked, as the rest of the program needs it. A value; it is made by bot.question and bot.kinds."""

from typing import Literal

from pydantic import AwareDatetime

from bot.answer import Kind, Measure
from bot.people import Person
from corpus.thread import Value
from index.lexical import terms

Key = tuple[str, str]
"""(thread id, comment id)."""
Attitude = Literal["worried", "sceptical", "excited", "angry", "in favour", "against", "joking"]
Turn = Literal["before", "after"]
Act = Literal["asks", "suggests", "wants", "tells of trouble"]
"""What words do, whatever they are about."""
Place = Literal["first", "last"]


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
    """What to look for: the question without "who said that", "how many people think" and the like."""
    person: Person | None = None
    focus: str | None = None
    """What a follow-up turns to: an answer has to speak of this."""
    people: tuple[Person, ...] = ()
    """Everybody who is compared."""
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
    attitude: Attitude | None = None
    asked: tuple[Key, ...] = ()
    """The turns of a talk with which somebody here has put this very question."""
    act: Act | None = None
    """What is asked for is what words do: "what does @x suggest?"."""
    place: Place | None = None
    """Whether the first or the last of it is asked for."""
    premise: str | None = None
    """What the question takes for granted of the person: "hates the plan"."""
    by: Person | None = None
    """Whose replies are wanted, where it is not anybody's."""
    opening: bool = False
    """Whether the post that opened the discussion is meant."""
    pointing: bool = False
    """Whether something shown before is meant: "that"."""
    mentions: bool = False
    """Whether it is enough that something is spoken of, whatever is said of it."""
    unanswered: bool = False
    """Whether what got no reply is wanted."""

    @property
    def sought(self) -> str:
        """What to rank by. Of one person's posts the whole question but for the name finds more than its subject."""
        if self.kind != "says" or self.person is None or self.focus is not None:
            return self.subject
        return " ".join(self.standalone.replace(self.person.said, " ").replace("@", " ").split())

    @property
    def wanted(self) -> str:
        """What an answer has to speak of: for a follow-up what it turns to, else what is sought."""
        return self.focus or self.sought

    @property
    def about_anything(self) -> bool:
        """Whether there is a subject to match, not just "what does @x say?" or "how many people posted?"."""
        return bool(terms(self.subject))
