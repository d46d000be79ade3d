"""What is asked: its kind, the person asked about, the subject to look for; a follow-up made a stand-alone question.

Rules over the words of the question and the names of the thread; no model. Not here: looking anything up (index),
answering (bot.extractive).
"""

import re
from collections.abc import Iterable, Sequence

from bot import forms
from bot.answer import Kind
from bot.conversation import Turn
from bot.people import People, Person
from corpus.thread import Thread, Value
from index.lexical import terms

RULES = 1
"""Raised when these rules, or the writers', change, so that a saved answer is no longer what would be answered."""


_LONGEST_NAME = 4
"""Words."""


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


def understand(text: str, threads: Iterable[Thread], turns: Sequence[Turn] = ()) -> Question:
    """The question, read with the names of the threads and the turns before it (oldest first)."""
    threads = tuple(threads)
    people = People(threads)
    asked = " ".join(text.split())
    bare = asked.strip(" ?!.…,:;")
    if not any(character.isalnum() for character in bare):
        return Question(text=text, standalone=asked, kind="empty", subject="")
    if forms.GREETING.fullmatch(bare):
        return Question(text=text, standalone=asked, kind="greeting", subject="")
    if forms.THANKS.fullmatch(bare):
        return Question(text=text, standalone=asked, kind="thanks", subject="")
    if turns:
        followed = _followed(text, asked, turns[-1], people)
        if followed is not None:
            return followed
    return _stand_alone(text, asked, people)


def _stand_alone(text: str, asked: str, people: People) -> Question:
    for pattern in forms.COUNT:
        match = pattern.match(asked)
        if match:
            return Question(text=text, standalone=asked, kind="count", subject=_subject(match["rest"]))
    for pattern in forms.WHO:
        match = pattern.match(asked)
        if match:
            return Question(text=text, standalone=asked, kind="who", subject=_looked_for(match))
    for pattern in forms.SAYS:
        match = pattern.search(asked)
        person = people.find(_name(match["who"]), verb=match["verb"]) if match else None
        if match and person is not None:
            return Question(text=text, standalone=asked, kind="says", subject=_looked_for(match), person=person)
    of_one = _of_one_here(text, asked, people)
    if of_one is not None:
        return of_one
    for pattern in forms.WHO_AT_ALL:
        match = pattern.match(asked)
        if match:
            return Question(text=text, standalone=asked, kind="who", subject=match["rest"].strip())
    framed = next((match["rest"] for match in (form.match(asked) for form in forms.FRAME) if match), None)
    subject = framed if framed is not None and terms(framed) else asked
    return Question(text=text, standalone=asked, kind="open", subject=subject)


def _name(words: str) -> str:
    return forms.ORDER.sub("", forms.LEADING_QUESTION.sub("", words))


def _of_one_here(text: str, asked: str, people: People) -> Question | None:
    """A question about what somebody who posted here did, thinks or is; the name as long as it makes somebody known."""
    for pattern in forms.SAYS_OF_ONE_HERE:
        match = pattern.search(asked)
        if match is None:
            continue
        words = f"{match['who']} {match['rest']}".split()
        for length in range(min(_LONGEST_NAME, len(words) - 1), 0, -1):
            person = people.find(" ".join(words[:length]).rstrip(",:?"))
            if person is not None and person.known:
                subject = _subject(" ".join(words[length:]))
                return Question(text=text, standalone=asked, kind="says", subject=subject, person=person)
    return None


def _looked_for(match: re.Match[str]) -> str:
    """What follows the verb; with the verb, where that takes a stand or names an act: "disputes the cost"."""
    verb = match.groupdict().get("verb") or ""
    subject = _subject(match["rest"])
    told = forms.TELLING.fullmatch(verb)
    return f"{verb} {subject}".strip() if told else subject


def _subject(rest: str) -> str:
    """What follows "who said", without the verbs and prepositions that lead up to it."""
    rest = rest.strip(" ?!.…\t\n")
    verb = forms.VERB_FIRST.match(rest)
    if verb:
        rest = rest[verb.end() :]
    while True:
        shorter = forms.ABOUT.sub("", rest, count=1)
        if shorter == rest:
            return rest.strip()
        rest = shorter


def _followed(text: str, asked: str, before: Turn, people: People) -> Question | None:
    """The question as it continues the turn before it; None where it stands alone."""
    opened = forms.FOLLOWING.search(asked)
    own = terms(forms.ANAPHORA.sub(" ", forms.ABOUT_LEAD.sub("", asked)))
    alone = _stand_alone(text, asked, people)
    previous = _stand_alone(before.standalone, before.standalone, people)
    refers = forms.ANAPHORA.search(asked) is not None
    if (
        alone.kind == "open"
        and alone.person is None
        and previous.person is not None
        and (opened or forms.PRONOUN.search(asked))
    ):
        return _of_the_same_person(text, asked, before, previous)
    if not (opened or (refers and len(own) <= 3) or len(own) <= 1) or alone.kind in {"count", "says"}:
        return None
    topic = forms.ABOUT_LEAD.sub("", asked).strip(" ?!.…")
    if not own:
        return Question(
            text=text,
            standalone=f"{asked} ({before.standalone})",
            kind=_kind_of(alone, previous),
            subject=previous.subject,
            person=previous.person,
        )
    standalone = f"{before.standalone.rstrip(' ?')}: {topic}?"
    return Question(
        text=text,
        standalone=standalone,
        kind=_kind_of(alone, previous),
        subject=f"{topic} {previous.subject}",
        focus=topic,
    )


def _kind_of(alone: Question, previous: Question) -> Kind:
    return alone.kind if alone.kind != "open" else previous.kind


def _of_the_same_person(text: str, asked: str, before: Turn, previous: Question) -> Question:
    topic = forms.PRONOUN.sub("", forms.ABOUT_LEAD.sub("", asked)).strip(" ?!.…")
    said = previous.person.said if previous.person else ""
    match = forms.SAYS[0].search(asked)
    subject = _subject(match["rest"]) if match else topic
    return Question(
        text=text,
        standalone=f"What does {said} say about {subject or topic}?",
        kind="says",
        subject=subject or previous.subject,
        person=previous.person,
        focus=subject or None,
    )
