"""Follow-ups: what a question leaves out is taken from the turns before it: the person, the kind, the posts shown.

Rules, no model. Not here: reading a question that stands alone (bot.questions.understand).
"""

import re
from collections.abc import Callable, Sequence

from bot.questions import forms
from bot.questions.forms import any_of
from bot.questions.people import People
from bot.values.inquiry import Key, Question
from bot.values.people import Person
from bot.values.turn import Turn
from index.ranking.lexical import terms

_LEAD = r"^(?:(?:and|but|or|so|then|also|ok|okay|well),?\s+)*"
MORE = re.compile(
    _LEAD
    + any_of(
        r"""
        (?:(?:show|tell|give)(?: me| us)? )?(?:some )?more(?: of (?:that|them|those|it)| please| comments| posts\
            | quotes| like (?:that|this))?
        (?:what|who|anything|anyone|anybody|something|someone) else(?: (?:is|was) (?:said|there)| here)?
        any(?:thing)? (?:others?|more)(?: ones| comments| posts| people)?
        (?:are there |is there |were there )?(?:any )?(?:others?|more)(?: of them| ones| people| comments)?
        go on|continue|next|keep going|the rest
        (?:who|anyone|anybody|did any(?:one|body)) else (?:said|says|say|thinks?|agrees?|mention(?:s|ed)?) (?:so\
            |that|this|it|the same)
        """
    )
    + r"\W*$",
    re.I,
)
ELSE = re.compile(_LEAD + r"(?:what|anything) else (?:did|does|do|has|have) (?P<rest>.+)$", re.I)
HOW_MANY = re.compile(
    _LEAD + r"how many(?: (?:people|of them|of those|commenters?|users|others|posts|comments|in all|in total))*"
    r"(?: (?:are|were) (?:there|they|that)| (?:say|said|think) (?:so|that|this))?\W*$",
    re.I,
)
WHO_THAT = re.compile(_LEAD + r"who (?:said|wrote|posted|says|is|was) (?:that|this|it|those)\W*$", re.I)
WHEN_THAT = re.compile(
    _LEAD + r"when (?:(?:was|were) (?:that|this|it|they|these|those)(?: \w+)?|"
    r"did (?:he|she|they|@?\w+) (?:say|post|write) (?:that|this|it|so))\W*$",
    re.I,
)
REPLIED = re.compile(
    _LEAD + r"(?:what|how|did|has) (?:did |has |does )?(?:he|she|they)(?: ever)? (?:answer|reply|respond|react\
        |say to that)(?:ed)?"
    r"(?: to (?:that|this|it|them|him|her))?\W*$",
    re.I,
)
_ONE = re.compile(r"\b(?:he|she|him|her|his|hers)\b", re.I)
_PRONOUN = re.compile(r"\b(?:he|she|him|her|his|hers|they|them|their)\b", re.I)

_OTHER = re.compile(
    _LEAD
    + r"(?P<how>(?:what|how) about\s+|(?:with|by|from|to|of|about)\s+)?(?P<who>@[\w.-]*\w|\w[\w.-]*(?: \w[\w.-]*){0,2})"
    r"(?:,? (?:then|too|as well))?\W*$",
    re.I,
)
"""Nothing but a name: the same question of somebody else."""
_THE_TWO = re.compile(
    _LEAD
    + any_of(
        r"""
        (?:please )?(?:compare|contrast) (?:the two|them|both|these two|those two)(?: of them)?
        (?:and )?(?:do|did) (?:they|the two|both|these two) (?:agree|disagree|differ)(?: with each other)?
        how do (?:they|the two|these two) (?:differ|compare)
        """
    )
    + r"\W*$",
    re.I,
)
_NTHS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_NTH = rf"(?P<nth>{'|'.join(_NTHS)}|last|[1-8](?:st|nd|rd|th))"
_THE_NTH = re.compile(
    rf"\bthe {_NTH}(?: (?:one|point|post|comment|reply|statement|answer|argument|claim|view|quote))?"
    r"(?: of (?:these|those|them))?(?=\W*$|\s+(?:say|says|said|one|is|was|about|get|got|have|has|mean)\b)",
    re.I,
)
_NTH_ALONE = re.compile(_LEAD + rf"(?:(?:what|how) about )?(?:the )?{_NTH}(?: one)?\W*$", re.I)
_TELL = re.compile(
    _LEAD + r"(?:(?:please )?(?:tell|show|give|read|quote)(?: me| us)?|more|what does|what is|what was|what's)\b", re.I
)
"""What only wants to see a post that was shown."""
_OF_THESE = re.compile(r"\b(?P<asked>which|what|who)(?: one)? of (?:these|those|them)\b", re.I)

LONGEST = 600
"""Characters of a stand-alone form; what was asked long before is left out."""
Alone = Callable[[str], Question]


def follow(
    asked: str, turns: Sequence[Turn], cited: Sequence[Sequence[Key]], people: People, alone: Alone
) -> Question | None:
    """The question as it continues the turns before it; None where it stands alone."""
    before = turns[-1]
    previous, own = _before(turns, alone), alone(asked)
    last = tuple(cited[-1]) if cited else ()
    shown = tuple(dict.fromkeys(key for keys in cited for key in keys))
    whole = f"{asked} ({before.standalone})"
    if MORE.match(asked):
        return previous.model_copy(update={"standalone": whole, "shown": shown})
    if HOW_MANY.match(asked) and previous.subject:
        return Question(
            text=asked,
            standalone=whole,
            kind="mentions",
            subject=previous.subject,
            people_counted=True,
            window=previous.window,
        )
    if WHO_THAT.match(asked) and last:
        return Question(text=asked, standalone=whole, kind="open", subject="", cited=last)
    if WHEN_THAT.match(asked) and last:
        several = re.search(r"\b(?:they|these|those)\b", asked, re.I) is not None
        return Question(text=asked, standalone=whole, kind="time", subject="", cited=last if several else last[:1])
    found = (
        _of_the_two(asked, turns, people, alone)
        or _of_another(asked, before, previous, people, alone)
        or _of_a_place(asked, whole, previous, last, alone)
    )
    if found is not None:
        return found
    if _NTH_ALONE.match(asked) and last:
        return previous.model_copy(update={"text": asked, "standalone": whole, "shown": shown})
    if own.pointing and own.person is None and (_ONE.search(asked) or previous.person is not None):
        theirs = _shown_of_one(previous, cited, people)
        if theirs:
            return own.model_copy(update={"standalone": whole, "cited": theirs, "subject": ""})
    if own.pointing and own.person is None and last:
        return own.model_copy(update={"standalone": whole, "cited": last, "subject": ""})
    person = previous.person or (people.author_of(last) if _ONE.search(asked) else None)
    if person is not None and last and REPLIED.match(asked):
        return own.model_copy(
            update={"standalone": whole, "kind": "replies", "cited": last, "by": person, "person": None, "subject": ""}
        )
    if person is not None and _PRONOUN.search(asked) and own.person is None and own.kind != "mentions":
        return _of_person(asked, alone(_with_name(asked, person)), previous, person, shown)
    return _turned(asked, before, own, previous)


def _shown_of_one(previous: Question, cited: Sequence[Sequence[Key]], people: People) -> tuple[Key, ...]:
    """The posts shown last that are by the one whom "she" means: who was asked about, else who was cited last."""
    last = next((keys for keys in reversed(cited) if keys), ())
    person = previous.person or people.author_of(last)
    meant = {author.id for author in (*person.authors, *person.candidates)} if person is not None else set()
    wrote = ((key, people.author_of([key])) for key in dict.fromkeys(last))
    return tuple(key for key, who in wrote if who and any(a.id in meant for a in (*who.authors, *who.candidates)))


def _of_another(asked: str, before: Turn, previous: Question, people: People, alone: Alone) -> Question | None:
    """ "And @x?" after a question about somebody: the same of @x; after one about something, what @x says of it."""
    match = _OTHER.match(asked)
    if match is None or not (
        match["how"] or match["who"].startswith("@") or re.match(r"(?:and|but|or)\b", asked, re.I)
    ):
        return None
    other = people.find(match["who"])
    if other is None or not (match["who"].startswith("@") or (other.known and _written_as_a_name(match["who"], other))):
        return None
    said = previous.person.said if previous.person is not None else None
    if said is not None and said in before.standalone:
        return alone(before.standalone.replace(said, _spelt(match["who"], said))).model_copy(update={"text": asked})
    if previous.kind not in {"open", "person", "mentions"}:
        return None
    standalone = (
        f"What does {other.said} say about {previous.subject}?" if previous.subject else f"What does {other.said} say?"
    )
    return Question(text=asked, standalone=standalone, kind="person", subject=previous.subject, person=other)


def _written_as_a_name(who: str, person: Person) -> bool:
    """Whether a word without an @ is meant for a person: "Fiona", or a whole handle; "fan-out" is not @fanout_fiona."""
    return who[:1].isupper() or any(
        who.casefold() == a.handle.casefold() for a in (*person.authors, *person.candidates)
    )


def _spelt(who: str, like: str) -> str:
    """The name with an @ where the one before has it and it is not there already outside the name."""
    return who if who.startswith("@") or not like.startswith("@") else f"@{who}"


def _of_the_two(asked: str, turns: Sequence[Turn], people: People, alone: Alone) -> Question | None:
    """ "Compare the two": the last two people who were asked about."""
    if not _THE_TWO.match(asked):
        return None
    named: dict[str, str] = {}
    for place in range(len(turns), 0, -1):
        turn = _before(turns[:place], alone)
        for person in turn.people or ((turn.person,) if turn.person is not None else ()):
            named.setdefault(person.shown, person.said)
    said = list(named.values())[:2][::-1]
    return alone(f"Compare {said[0]} and {said[1]}").model_copy(update={"text": asked}) if len(said) == 2 else None


def _of_a_place(asked: str, whole: str, previous: Question, last: Sequence[Key], alone: Alone) -> Question | None:
    """What is asked of one of the posts that were shown, or of all of these: "who disagrees with the second point?"."""
    shown = list(dict.fromkeys(last))
    of_these = _OF_THESE.search(asked)
    if of_these and shown:
        posts = "which comment" if of_these["asked"].casefold() != "who" else "who"
        found = alone(_OF_THESE.sub(posts, asked, count=1))
        return (
            found.model_copy(update={"text": asked, "standalone": whole, "cited": tuple(shown)})
            if found.measure
            else None
        )
    bare = _NTH_ALONE.match(asked)
    match = bare or _THE_NTH.search(asked)
    place = _place(match["nth"], len(shown)) if match is not None else None
    if match is None or place is None:
        return None
    if bare is not None and previous.kind == "superlative":
        return previous.model_copy(update={"text": asked, "standalone": whole, "top": place + 1})
    if place >= len(shown):
        return None
    update = {"text": asked, "standalone": whole, "cited": (shown[place],), "subject": "", "person": None}
    found = alone(f"{asked[: match.start()]}that{asked[match.end() :]}")
    if bare is None and found.pointing:
        return found.model_copy(update=update)
    return Question(kind="open", **update) if bare is not None or _TELL.match(asked) else None


def _place(nth: str, shown: int) -> int | None:
    """From 0; None where nothing was shown to count from the end of."""
    if nth.casefold() == "last":
        return shown - 1 if shown else None
    return int(nth[0]) - 1 if nth[0].isdigit() else _NTHS.index(nth.casefold())


def _before(turns: Sequence[Turn], alone: Alone) -> Question:
    """The question that the last turn asked, as far as its stand-alone form tells."""
    words = turns[-1].standalone
    inner = re.search(r" \((.+)\)$", words)
    outer = words[: inner.start()] if inner else words
    goes_on = MORE.match(outer) or HOW_MANY.match(outer) or _NTH_ALONE.match(outer)
    if inner is not None and (goes_on or not terms(forms.ANAPHORA.sub(" ", outer))):
        return _before([turns[-1].model_copy(update={"standalone": inner[1]})], alone)
    return alone(outer)


def _of_person(asked: str, own: Question, previous: Question, person: Person, shown: tuple[Key, ...]) -> Question:
    """ "What does she say about fuel?", "what else did he say?", "did anyone disagree with her?"."""
    more = ELSE.match(asked)
    said = shown if more else ()
    if own.kind in {"sides", "replies", "superlative", "quotation", "comparison"} and not more:
        return own.model_copy(update={"standalone": _with_name(asked, person), "person": person, "pointing": False})
    subject = forms.subject_of(forms.ANAPHORA.sub(" ", own.subject if own.kind == "person" else _topic(asked)))
    name = person.said if " " not in person.said or not person.known else person.shown
    return Question(
        text=asked,
        standalone=f"What{' else' if more else ''} does {name} say about {subject or previous.subject or 'this'}?",
        kind="person",
        subject=_both(subject, previous, more=more is not None),
        person=person.model_copy(update={"said": name}),
        shown=said,
        window=own.window,
    )


def _both(subject: str, previous: Question, *, more: bool) -> str:
    """What is asked now, else what was asked before."""
    return subject or ("" if more else previous.subject)


def _with_name(asked: str, person: Person) -> str:
    """The question with the person's name in the place of its first pronoun."""
    return _PRONOUN.sub(lambda found: _named(found.group(), person.said), asked, count=1)


def _named(pronoun: str, name: str) -> str:
    return f"{name}'s" if pronoun.casefold() in {"his", "their", "hers"} else name


def _topic(asked: str) -> str:
    return _PRONOUN.sub("", forms.ABOUT_LEAD.sub("", asked)).strip(" ?!.…")


def _turned(asked: str, before: Turn, own: Question, previous: Question) -> Question | None:
    """ "And what about fuel?": the same question turned to something else; "why?": the same question again."""
    opened = forms.FOLLOWING.search(asked)
    words = terms(forms.ANAPHORA.sub(" ", forms.ABOUT_LEAD.sub("", asked)))
    refers = forms.ANAPHORA.search(asked) is not None
    if own.kind == "open" and own.person is None and previous.person is not None and opened and words:
        return _of_person(asked, own, previous, previous.person, ())
    if own.kind not in {"open", "time"} or own.person is not None or own.window is not None:
        return None
    if not (opened or (refers and len(words) <= 3) or len(words) <= 1):
        return None
    whole = f"{asked} ({before.standalone})"[:LONGEST]
    if not words:
        return previous.model_copy(update={"standalone": whole, "seek": f"{asked.strip(' ?!.')} {previous.sought}"})
    topic = forms.ABOUT_LEAD.sub("", asked).strip(" ?!.…")
    turned = opened is not None and previous.kind == "mentions"
    earlier = previous.subject if forms.subject_of(previous.subject) else ""
    return Question(
        text=asked,
        standalone=whole,
        seek=f"{earlier.rstrip(' ?')}: {topic}?" if earlier else topic,
        kind="mentions" if turned else "open",
        subject=topic,
        people_counted=turned and previous.people_counted,
    )
