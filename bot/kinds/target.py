"""Whom or what a question points at: "@x", "@x's claim about tax", "the idea that tax doubled", "that".

Not here: what is asked of it (bot.kinds.exchanges and others).
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot import attitude, stance
from bot.bearing import denies
from bot.desk import Desk, key
from bot.inquiry import Question
from bot.kinds.exchange_forms import claims
from bot.people import People, Person
from bot.points import Point
from bot.replies import replies_of
from corpus.thread import Comment
from index.lexical import terms

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
        person = people.find(match["who"], verb="post") if match else None
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


def targeted(question: Question, desk: Desk) -> tuple[list[Comment], list[Point]]:
    """The posts that the question points at, and where it names a subject their fitting words, best first."""
    threads = desk.scope.threads
    if question.cited:
        found = [threads[t].by_id[c] for t, c in question.cited if t in threads and c in threads[t].by_id]
        return [comment for comment in found if comment.citable], []
    if question.person is not None:
        theirs = desk.by(question.person)
        if not question.about_anything or not theirs:
            return theirs, []
        return _fitting(question, desk, theirs)
    if question.about_anything:
        return _fitting(question, desk, None)
    return [], []


def _fitting(question: Question, desk: Desk, among: Sequence[Comment] | None) -> tuple[list[Comment], list[Point]]:
    found = desk.points(question.subject, desk.hits(question.subject, among=among), asks=False)
    if not desk.answered(found, wanted=question.subject, of_one=among is not None):
        return [], found
    near = [point for point in found if point.score >= CLOSE_TO_BEST * found[0].score]
    if among is not None or question.kind not in {"disagreement", "agreement"}:
        return [point.comment for point in near], near
    near += [point for point in found if point not in near and _states(point, question)]
    return _answered_too(question, desk, near, found), near


def _states(point: Point, question: Question) -> bool:
    """Whether the words hold all of a subject, and are not against it, or say what is claimed."""
    wanted = set(terms(question.subject))
    if claims(question.text, question.subject):
        return stance.of_claim(point.words, question.subject) == "says so"
    whole = len(wanted) > 1 and wanted <= set(terms(point.words))
    return whole and not denies(point.words, question.subject) and attitude.side(point.words) != "against"


def _answered_too(question: Question, desk: Desk, near: Sequence[Point], found: Sequence[Point]) -> list[Comment]:
    """The posts that are meant, with those on the same subject that one of them takes a stand to; an objection to such
    a post is no target itself: who says no to it is for what it is against."""
    replies = replies_of(desk.scope.threads)
    about = {key(point.comment): point for point in found if point.cover >= ABOUT}
    posts: list[Comment] = []
    for point in near:
        reply = point.comment
        answered = replies[reply.thread_id].answered_by(reply.id)
        stands = stance.of_reply(reply, answered) if answered is not None else "replies"
        claimed = about.get(key(answered)) if answered is not None and stands != "replies" else None
        claimed = None if claimed is not None and denies(claimed.words, question.subject) else claimed
        if claimed is not None:
            posts.append(claimed.comment)
        objecting = claimed is not None and stands == "disagrees"
        if not objecting or stance.of_claim(point.words, question.subject) == "says so":
            posts.append(reply)
    return list({key(post): post for post in posts}.values())


CLOSE_TO_BEST = 0.8
"""Of the best post's score, what another one needs to be meant as well."""
ABOUT = 0.5
"""Of a subject's terms by rarity, what a post must hold to be about it, where somebody answers it."""


def openers(desk: Desk) -> list[Comment]:
    """The posts that opened the discussion: the first of each thread."""
    return [
        thread.by_id[thread.roots[0]]
        for thread in desk.threads
        if thread.roots and thread.by_id[thread.roots[0]].citable
    ]
