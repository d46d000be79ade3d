"""What is asked: its kind, the person asked about, the subject to look for; a follow-up made a stand-alone question.

Rules over the words of the question and the names of the thread; no model. The special kinds read their own forms
(bot.kinds); follow-ups are bot.followup's. Not here: looking anything up (index), answering (bot.extractive).
"""

import re
from collections.abc import Iterable, Sequence

from bot import forms, moments
from bot.conversation import Turn
from bot.followup import follow
from bot.inquiry import Key, Question, Window
from bot.kinds import (
    acting,
    asked_here,
    claims,
    comparison,
    exchanges,
    overview,
    quotations,
    superlatives,
    times,
    views,
)
from bot.people import People, Person
from bot.tongue import foreign
from corpus.thread import Thread
from index.lexical import terms

__all__ = ["RULES", "Question", "understand"]

RULES = 7
"""Raised when these rules, or the writers', change, so that a saved answer is no longer what would be answered."""
READ = (
    quotations.read,
    overview.read,
    comparison.read,
    superlatives.read,
    exchanges.read,
    times.read,
    views.read_attitude,
    acting.read,
)
"""The special kinds, the first that fits; whatever fits none is read as a count, a who, a says, a yes-no, or openly."""
_LONGEST_NAME = 4
"""Words."""


def understand(
    text: str, threads: Iterable[Thread], turns: Sequence[Turn] = (), cited: Sequence[Sequence[Key]] = ()
) -> Question:
    """The question, read with the names of the threads and the turns before it (oldest first).

    `cited` are the (thread id, comment id) that the answers of these turns cite, in the same order.
    """
    threads = tuple(threads)
    people = People(threads)
    asked = forms.TRIMMINGS.sub("", " ".join(text.split()))
    bare = asked.strip(" ?!.…,:;¿¡")
    if not any(character.isalnum() for character in bare):
        return Question(text=text, standalone=asked, kind="empty", subject="")
    if forms.GREETING.fullmatch(bare):
        return Question(text=text, standalone=asked, kind="greeting", subject="")
    if forms.THANKS.fullmatch(bare):
        return Question(text=text, standalone=asked, kind="thanks", subject="")

    def alone(words: str) -> Question:
        return _alone(words, people, threads)

    followed = follow(asked, turns, cited, people, alone) if turns else None
    found = followed or asked_here.read(asked, threads) or alone(asked)
    mentions = forms.MENTIONING.search(forms.actively(asked)) is not None and found.kind in {"count", "yes-no"}
    subject = forms.AS_WHAT.sub("", found.subject) if mentions else found.subject
    return found.model_copy(update={"text": text, "mentions": mentions, "subject": subject})


def _alone(asked: str, people: People, threads: Sequence[Thread]) -> Question:
    """The question, read by itself."""
    if foreign(asked):
        return Question(text=asked, standalone=asked, kind="open", subject=asked)
    timed = _timed(asked, threads)
    if timed is None:
        return _read(asked, people)
    window, rest = timed
    found = _read(rest, people)
    update: dict[str, object] = {"window": window, "text": asked, "standalone": asked}
    if found.kind in {"open", "summary"}:
        update |= {"kind": "time", "subject": found.subject if found.subject != rest else _of_what(rest)}
    elif found.kind == "says":
        update |= {"kind": "time"}
    return found.model_copy(update=update)


def _timed(asked: str, threads: Sequence[Thread]) -> tuple[Window, str] | None:
    """The time that is named, and the question without it; of what follows "after" the whole has to be a time."""
    turned = times.TURN.match(asked)
    if turned is None:
        return moments.window(asked, threads)
    window = moments.wholly(asked[turned.start("turn") :], threads)
    return (window, f"{asked[: turned.start('turn')].rstrip()}?") if window is not None else None


def _of_what(rest: str) -> str:
    """What is left of a question about a time: "" where it only asks what was said."""
    return rest if set(terms(rest)) - forms.HAPPENING else ""


def _read(asked: str, people: People) -> Question:
    asked = forms.actively(asked)
    for read in READ:
        found = read(asked, people)
        if found is not None:
            return found
    return _plain(asked, people)


def _plain(asked: str, people: People) -> Question:
    for pattern in forms.COUNT:
        match = pattern.match(asked)
        if match:
            return _count(asked, match["rest"], people)
    for pattern in forms.WHO:
        match = pattern.match(asked)
        if match:
            kind = "yes-no" if pattern is forms.ANYBODY else "who"
            return Question(text=asked, standalone=asked, kind=kind, subject=_looked_for(match))
    passive = forms.PASSIVE.search(asked) is not None
    for pattern in () if passive else forms.SAYS:
        match = pattern.search(asked)
        person = people.find(_name(match["who"]), verb=match.groupdict().get("verb") or "") if match else None
        if match and person is not None:
            return _says(asked, _of_person(asked[: match.start()], _looked_for(match)), person)
    of_one = None if passive else _of_one_here(asked, people)
    if of_one is not None:
        return of_one
    for pattern in forms.WHO_AT_ALL:
        match = pattern.match(asked)
        if match:
            kind = "yes-no" if pattern is forms.ANYBODY_AT_ALL else "who"
            return Question(text=asked, standalone=asked, kind=kind, subject=match["rest"].strip())
    claimed = claims.read(asked, people)
    framed = next((match["rest"] for match in (form.match(asked) for form in forms.FRAME) if match), None)
    if framed is not None and framed.startswith("@") and (person := people.find(framed.rstrip(" ?!."))) is not None:
        return _says(asked, "", person)
    if framed is not None and terms(framed):
        kind = claimed.kind if claimed is not None else "open"
        return Question(text=asked, standalone=asked, kind=kind, subject=framed)
    return claimed or Question(text=asked, standalone=asked, kind="open", subject=asked)


def _count(asked: str, rest: str, people: People) -> Question:
    """How many of all, or of one person's: "how many posts are by @x?"."""
    by = forms.BY_WHOM.search(rest.rstrip(" ?!."))
    person = people.find(by["who"] or by["whom"], verb="post") if by else None
    subject = spoken if (spoken := forms.spoken_of(rest)) and set(terms(spoken)) - forms.SAYING_NOTHING else ""
    if by is not None and person is not None:
        told = forms.spoken_of(rest[by.end() :])
        return Question(text=asked, standalone=asked, kind="count", subject=told, person=person)
    return Question(text=asked, standalone=asked, kind="count", subject=subject)


def _says(asked: str, subject: str, person: Person) -> Question:
    first_or_last = acting.place(subject) if forms.ONLY_A_PLACE.fullmatch(subject) else None
    return Question(
        text=asked,
        standalone=asked,
        kind="says",
        subject="" if first_or_last else subject,
        person=person,
        place=first_or_last,
        premise=views.premise(asked, subject),
    )


def _name(words: str) -> str:
    return forms.ORDER.sub("", forms.LEADING_QUESTION.sub("", words))


def _of_one_here(asked: str, people: People) -> Question | None:
    """A question about what somebody who posted here did, thinks or is; the name as long as it makes somebody known."""
    for pattern in forms.SAYS_OF_ONE_HERE:
        match = pattern.search(asked)
        if match is None:
            continue
        words = f"{match['who']} {match['rest']}".split()
        for length in range(min(_LONGEST_NAME, len(words) - 1), 0, -1):
            person = people.find(" ".join(words[:length]).rstrip(",:?"))
            if person is not None and person.known:
                rest = forms.spoken_of(" ".join(words[length:]))
                return _says(asked, _of_person(asked[: match.start()], rest), person)
    return None


def _of_person(before: str, rest: str) -> str:
    """What is asked of a person, with what stands before the name: "what car does @x drive?" is of a car to drive.

    "" where only what they say is asked for, which is everything.
    """
    asked_for = forms.FOR_WHAT.search(before)
    noun = asked_for["noun"] if asked_for and set(terms(asked_for["noun"])) - forms.SAYING_LITTLE else ""
    subject = f"{noun} {rest}".strip()
    return subject if set(terms(subject)) - forms.SAYING_LITTLE else ""


def _looked_for(match: re.Match[str]) -> str:
    """What follows the verb; with the verb, where that takes a stand or names an act: "disputes the cost"."""
    verb = match.groupdict().get("verb") or ""
    subject = forms.spoken_of(match["rest"])
    told = forms.TELLING.fullmatch(verb)
    return f"{verb} {subject}".strip() if told else subject
