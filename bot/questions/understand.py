"""What is asked: the form of the question, the people it names, its subject; a follow-up made a stand-alone question.

Rules over the words of the question and the names of the thread; no model. The forms are bot.questions.forms', those of
superlatives and times bot.kinds'; follow-ups are bot.questions.follow_up's. Not here: looking anything up (index),
answering (bot.writers.quotes).
"""

import re
from collections.abc import Iterable, Sequence

from bot.questions import forms, posting_times, superlatives, times
from bot.questions.follow_up import follow
from bot.questions.people import People
from bot.values.inquiry import Key, Question, Window
from bot.values.invisible import UNSEEN
from bot.values.people import Person
from bot.values.turn import Turn
from corpus.thread import Thread

__all__ = ["RULES", "Question", "understand"]

RULES = 8
"""Raised when these rules, or the writers', change, so that a saved answer is no longer what would be answered."""
_ENDING = 100
"""Characters at the end of a question that are looked at for what is said along."""
_TIMED = re.compile(
    r"(?:(?:and|so|ok),? )?(?:what|who|which|how many|summari[sz]e|show|list|anything|did any(?:one|body)|was anything|"
    r"is there anything|everything)\b.*\b(?:sa(?:id|y|ying)|post(?:ed|s)?|wr(?:ote|itten)|comment(?:ed|s)?|discussed|"
    r"talked|happen(?:ed|s)?|new|came|repl(?:ied|ies)|messages?|joined|active|chang(?:e|ed)|going on|went on)\b.*",
    re.I | re.S,
)
"""What a question that is narrowed to a time asks for: what was said, posted or happened here then."""


def understand(
    text: str, threads: Iterable[Thread], turns: Sequence[Turn] = (), cited: Sequence[Sequence[Key]] = ()
) -> Question:
    """The question, read with the names of the threads and the turns before it (oldest first).

    `cited` are the (thread id, comment id) that the answers of these turns cite, in the same order.
    """
    threads = tuple(threads)
    people = People(threads)
    words = " ".join(UNSEEN.sub("", text).split())
    asked = words[:-_ENDING] + forms.TRIMMINGS.sub("", words[-_ENDING:])
    bare = asked.strip(" ?!.…,:;¿¡")
    if not any(character.isalnum() or character > "\u2000" for character in bare):
        return Question(text=text, standalone=asked, kind="empty", subject="")
    if forms.GREETING.fullmatch(bare):
        return Question(text=text, standalone=asked, kind="greeting", subject="")
    if forms.THANKS.fullmatch(bare):
        return Question(text=text, standalone=asked, kind="thanks", subject="")

    def alone(words: str) -> Question:
        return _alone(words, people, threads)

    followed = follow(asked, turns, cited, people, alone) if turns else None
    return (followed or alone(asked)).model_copy(update={"text": text})


def _alone(asked: str, people: People, threads: Sequence[Thread]) -> Question:
    """The question, read by itself."""
    if len(asked) > forms.LONGEST:
        return _open(asked)
    rest, without = _without(asked, people)
    timed = _timed(rest, threads)
    found = _read(timed[1] if timed is not None else rest, people)
    if timed is not None:
        subject = found.subject if found.subject != timed[1] else forms.subject_of(timed[1])
        kind = "time" if found.kind in {"open", "overview", "person"} else found.kind
        found = found.model_copy(update={"window": timed[0], "kind": kind, "subject": subject, "standalone": asked})
    return found.model_copy(update={"without": without}) if without else found


def _open(asked: str) -> Question:
    return Question(text=asked, standalone=asked, kind="open", subject=asked)


def _without(asked: str, people: People) -> tuple[str, tuple[Person, ...]]:
    """The question without "besides @x", and whom that means."""
    found = forms.BESIDES.search(asked)
    words = found["whom"].split() if found else []
    for length in range(len(words), 0, -1):
        person = people.find(" ".join(words[:length]))
        if found is not None and person is not None and person.known:
            end = found.start("whom") + len(" ".join(words[:length]))
            return " ".join(f"{asked[: found.start()]} {asked[end:].lstrip(' ,')}".split()), (person,)
    return asked, ()


def _timed(asked: str, threads: Sequence[Thread]) -> tuple[Window, str] | None:
    """The time that is named, and the question without it, where the whole question has that form.

    Of what follows "after" the whole has to be a time.
    """
    turned = posting_times.TURN.match(asked)
    if turned is not None:
        start = turned.start("turn")
        when, about, subject = asked[start:].partition(" about ")
        window = times.wholly(when, threads)
        return (window, f"{asked[:start].rstrip()}{about}{subject}".rstrip("?") + "?") if window is not None else None
    found = times.window(asked, threads)
    return found if found is not None and _TIMED.fullmatch(found[1].strip()) else None


def _read(asked: str, people: People) -> Question:
    for match in forms.matches(asked):
        found = _of_form(match, asked, people)
        if found is not None:
            return (posting_times.read(asked, people) if found.kind == "person" else None) or found
    return superlatives.read(asked, people) or posting_times.read(asked, people) or _open(asked)


def _of_form(match: forms.Match, asked: str, people: People) -> Question | None:
    """The question that the form makes of it; None where its person is nobody."""
    groups, flags = match.groups, match.form.flags
    capitals = not asked.isupper()
    named = {
        role: _person(groups[role], people, capitals=capitals)
        for role in ("who", "one", "other", "by")
        if groups.get(role)
    }
    if (match.form.needs_person and named.get("who") is None) or any(
        groups.get(role) and named.get(role) is None for role in ("one", "other", "by")
    ):
        return None
    pair = tuple(person for role in ("one", "other") if (person := named.get(role)) is not None)
    if len(pair) == 2 and (pair[0] == pair[1] or not any(person.known for person in pair)):
        return None
    subject = forms.subject_of(groups.get("about", ""))
    if match.form.kind in {"overview", "listing"} and groups.get("about") and not subject:
        subject = ""
    number = groups.get("n", "").casefold()
    return Question(
        text=asked,
        standalone=asked,
        kind=match.form.kind,
        subject=groups.get("phrase") or subject,
        person=named.get("who"),
        people=pair,
        by=named.get("by"),
        phrase=groups.get("phrase") or None,
        number=forms.NUMBERS.get(number) or (int(number) if number.isdigit() else None),
        opening="opening" in flags,
        pointing="pointing" in flags,
        sided="sided" in flags,
        people_counted="counted" in flags,
        links="links" in flags,
        unanswered="unanswered" in flags,
        tone="tone" in flags,
    )


def _person(words: str, people: People, *, capitals: bool) -> Person | None:
    """Whom the words of a form mean: the whole of them, or all but an article."""
    return people.find(re.sub(r"^(?:the|that|this) (?=@)", "", words), capitals=capitals)
