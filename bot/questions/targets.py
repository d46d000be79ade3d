"""Whom or what a question points at: "@x", "@x's claim about tax", "the idea that tax doubled", "that".

Not here: what is asked of it (bot.kinds.time).
"""

import re
from typing import NamedTuple

from bot.questions.people import People
from bot.values.people import Person

_NAME = r"@?\w[\w.@-]*(?: [A-Z0-9][\w.-]*){0,3}"
_POINT = (
    r"(?:views?|opinions?|take|position|stance|arguments?|points?|reasoning|claims?|reply|answers?|thoughts?|response|"
    r"comments?|posts?|questions?|explanation|theory|concerns?|worry|worries|idea|proposal|suggestion|statement|"
    r"assertion|message|tweet|objection|remark|complaint|criticism|estimate|numbers?|figures?|challenge)"
)
_POSSESSED = re.compile(
    rf"^(?P<who>{_NAME}(?: [a-z][\w.-]*)?)(?:'s|’s|s'|s’)\s+(?:\w+\s+)?{_POINT}\b\s*(?P<rest>.*)$", re.I | re.S
)
_OWNED = re.compile(rf"^(?P<who>{_NAME})(?:'s|’s|s'|s’)\s+(?P<rest>.+)$", re.S)
_POINT_OF = re.compile(rf"^(?:the |any )?{_POINT} (?:of|by|from|that) (?P<who>{_NAME})\b\s*(?P<rest>.*)$", re.I | re.S)
_WHAT_ONE_SAID = re.compile(
    rf"^what (?P<who>{_NAME}) (?:said|says|wrote|posted|argued|claimed|thinks)\b\s*(?P<rest>.*)$", re.I | re.S
)
_SOMEBODY = re.compile(rf"^(?P<who>{_NAME})\s*(?P<rest>(?:about|on|over|regarding|that|when|in|here|for)\b.*)?$", re.S)
_CLAIM = re.compile(
    rf"^(?:the\s+)?(?:{_POINT}|notion|view|fact|theory|belief)\s+(?:that|of|about|on|for|behind)\s+(?P<rest>.+)$",
    re.I | re.S,
)
_POINTING = re.compile(
    r"^(?:that|this|it|them|those|these|him|her|his|hers|their|what (?:s?he|they) sa(?:id|ys?)|"
    rf"(?:that|this|the|those|these|his|her|their) (?:last )?(?:one|{_POINT}))$",
    re.I,
)
_OPENING = re.compile(
    r"^(?:the (?:claims?|statement|news|report|rumou?r|point|argument) (?:in|of|by|from|made (?:in|by)) )?"
    r"(?:the\s+)?(?:op|original (?:post|poster|question)|opening (?:post|question|comment)|first post|thread starter|"
    r"top post|story|article|author of the thread)"
    r"(?:'s (?:post|question|claim|view))?(?:,? and (?:who|by whom)\b.*)?$",
    re.I,
)
_LEADING = re.compile(r"^(?:with|to|against|on|about|of|over|from|for|that|the idea|by)\s+", re.I)


class Target(NamedTuple):
    person: Person | None = None
    subject: str = ""
    pointing: bool = False
    """Whether it points at what was shown before: "that"."""
    opening: bool = False
    """Whether it is the post that opened the discussion."""


def target(words: str, people: People) -> Target:
    """What the words after "who disagrees with" mean."""
    words = words.strip(' \t\n?!.…:;,"“”')
    shorter = _LEADING.sub("", words)
    while shorter != words and not _CLAIM.match(words):
        words, shorter = shorter, _LEADING.sub("", shorter)
    if not words:
        return Target()
    if _POINTING.match(words):
        return Target(pointing=True)
    if _OPENING.match(words):
        return Target(opening=True)
    for pattern in (_POSSESSED, _POINT_OF, _WHAT_ONE_SAID, _SOMEBODY):
        match = pattern.match(words)
        person = people.find(match["who"]) if match else None
        if match and person is not None and (person.known or _name_alone(match["who"])):
            return Target(person=person, subject=_bare(match["rest"] or ""))
    owned = _OWNED.match(words)
    owner = people.find(owned["who"]) if owned else None
    if owned and owner is not None and owner.known:
        return Target(person=owner, subject=_bare(owned["rest"]))
    claim = _CLAIM.match(words)
    return Target(subject=_bare(claim["rest"] if claim else words))


def _name_alone(who: str) -> bool:
    """Whether words that nobody here bears can only be a name: a handle, or capitals throughout."""
    return who.startswith("@") or all(word[:1].isupper() for word in who.split())


def _bare(rest: str) -> str:
    rest = rest.strip(" ?!.…")
    while (shorter := _LEADING.sub("", rest)) != rest:
        rest = shorter
    return "" if rest.casefold() in {"here", "in this thread", "at all", "that", "it", "this"} else rest
