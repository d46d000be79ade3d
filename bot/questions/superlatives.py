"""Reads questions for the most of something: which measure, of posts or of people, about what, by whom.

The patterns are bot.questions.superlative_forms'. Not here: the figures (bot.evidence.measures), the answer
(bot.kinds.superlative).
"""

import re

from bot.questions import superlative_forms as forms
from bot.questions.people import People
from bot.questions.posting_times import TURN
from bot.values.answer import Measure
from bot.values.inquiry import Question
from bot.values.people import Person
from index.ranking.lexical import terms

MOST = 8
"""Places that a question may ask for."""
OF_PERSON: dict[Measure, Measure] = {"likes": "likes got", "replies": "replies got", "activity": "posts"}


def read(asked: str, people: People) -> Question | None:
    """The question, where it asks for the most or the least of something that the data tells."""
    if not forms.ASKING.match(asked) or TURN.match(asked):
        return None
    found = _by_time(_whole(asked), people) or _by_figure(_whole(asked), people)
    return found.model_copy(update={"text": asked, "standalone": asked}) if found is not None else None


def _whole(asked: str) -> str:
    """ "most liked" is "most liked comment", "first to mention tax" is "who was the first to mention tax"."""
    if forms.BARE.match(asked):
        return f"{asked.strip(' ?!.').removesuffix(' one').removesuffix(' here')} comment"
    return f"who was the {re.sub(r'^the ', '', asked, flags=re.I)}" if forms.BARE_ORDER.match(asked) else asked


def _by_figure(asked: str, people: People) -> Question | None:
    posts, person = forms.OF_A_POST.search(asked), forms.OF_A_PERSON.search(asked)
    if person and not forms.WHOSE.search(asked):
        for pattern, least in forms.POSTED_MOST:
            if found := pattern.search(asked):
                return _question(asked, people, "posts", least=least, rest=asked[found.end() :])
    for pattern, measure, least in forms.MEASURES:
        found = pattern.search(asked)
        if found is None or not (posts or person):
            continue
        of_person = person is not None and (posts is None or _is_whom(asked)) and not forms.WHOSE.search(asked)
        of = OF_PERSON.get(measure, measure) if of_person and "comment" not in found.group() else measure
        return _question(asked, people, of, least=least, rest=asked[found.end() :])
    return None


def _is_whom(asked: str) -> bool:
    """Whether people are compared: "which commenter got the most replies", not "who wrote the most liked post"."""
    return re.match(
        rf"^\W*(?:which|what|who is the|who was the)\s+(?:\w+[- ])?{forms.PERSON}\b", asked, re.I
    ) is not None or (
        re.match(r"^\W*who (?:got|gets|has|have|had|received|collected|drew|earned)\b", asked, re.I) is not None
    )


def _by_time(asked: str, people: People) -> Question | None:
    if forms.STARTED.search(asked):
        return _question(asked, people, "time", least=True, rest="")
    if forms.ENDED.search(asked):
        return _question(asked, people, "time", least=False, rest="")
    for pattern in forms.ORDER:
        found = pattern.search(asked)
        if found is not None:
            groups = found.groupdict()
            rest = groups.get("what") or asked[found.end() :]
            return _question(asked, people, "time", least=groups["first"] is not None, rest=rest, mentions=True)
    return None


def _question(
    asked: str, people: People, measure: Measure, *, least: bool, rest: str, mentions: bool = False
) -> Question:
    to = forms.TO.search(asked)
    answered = people.find(to["who"]) if to else None
    person = answered or _author(asked, people)
    about = forms.ABOUT.search(rest)
    subject = (about["rest"] if about else rest if mentions and person is None else "").strip(" ?!.,")
    top = _top(asked)
    return Question(
        text=asked,
        standalone=asked,
        kind="superlative",
        subject=subject if _says_something(subject) else "",
        person=person,
        measure=measure,
        least=least,
        top=max(1, min(MOST, top)),
        pointing=answered is not None,
    )


def _top(asked: str) -> int:
    """How many of the first are shown: as many as are asked for; for the third place all three, the third last."""
    place = forms.PLACE.search(asked)
    if place is not None:
        nth = place["nth"].casefold()
        return forms.NTHS.get(nth, 0) or int(nth[0])
    number = forms.NUMBER.search(asked)
    return forms.NUMBERS.get(number["number"].casefold(), 0) or int(number["number"]) if number else 1


def _author(asked: str, people: People) -> Person | None:
    for pattern in (forms.THEIRS, forms.BY, forms.THEY_SAID):
        match = pattern.search(asked)
        said = match["who"] if match else ""
        words = (said if pattern is forms.BY else re.sub(r"^.*\b(?:is|was|what|were|are)\s+", "", said)).split()
        names = (" ".join(words[:length]) for length in range(len(words), 0, -1))
        person = next((found for name in names if (found := people.find(name)) is not None), None)
        if person is not None:
            return person
    for pattern in forms.ORDER:
        match = pattern.search(asked)
        who = match.groupdict().get("who") if match else None
        if who and (person := people.find(who)) is not None:
            return person
    return None


_EMPTY = frozenset(
    terms("comment post reply thread discussion here message story conversation person people something anything")
)


def _says_something(subject: str) -> bool:
    return bool(set(terms(subject)) - _EMPTY)
