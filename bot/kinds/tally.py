"""How many say something, and who speaks of it: all the posts that do, counted by bot.verify over distinct authors.

A post that asks, jokes or quotes says nothing itself and is unclear, and so is one that may deny what is counted, only
supposes it, tells of somebody else's words or holds too few of the claim's; where none is clear, nobody is counted.
What is counted is everything; what is shown are a few of it.
"""

from collections.abc import Sequence

import numpy as np

from bot import bearing, forms
from bot.abstain import FRAMING
from bot.answer import Draft, Finding
from bot.commands import addressed_to_machines
from bot.desk import OR, Desk, key, stated
from bot.inquiry import Question
from bot.kinds.views import open_question
from bot.manner import manner
from bot.points import Point, together
from corpus.thread import Comment
from index.lexical import terms

SHOWN = 8
COUNTED = 80
"""Comments that are looked at for a count of what is claimed though they hold no word of it."""
MATCHES, MAY_MATCH = 0.7, 0.5
"""Of the best fit, what a comment needs to be counted, and to be unclear."""
SAID = 0.6
"""Of what is claimed, by rarity and near words in part, what the words of a comment must hold to be counted: where
nobody says it, the best fit is no measure. Of a claim of one term as much as for a mention: a near word is another."""
MENTIONS, MAY_MENTION = 0.8, 0.4
"""Of a subject's terms by rarity, what a post must hold to mention it, and to touch it."""
_TELLING = FRAMING | frozenset(
    terms(
        "complain complains complained want wants wanted speak speaks spoke against agree agrees agreed suggest"
        " suggests suggested recommend recommends recommended propose proposes proposed admit admits admitted warn"
        " warns warned"
    )
)
"""Terms of a claim that only tell how it is said."""


def write(question: Question, desk: Desk) -> Draft:
    """Everybody who says it, and those of whom it cannot be told."""
    if question.attitude is not None:
        return open_question(question, desk)
    if question.person is not None and not question.person.known:
        return desk.gap("absent")
    among = desk.by(question.person) if question.person is not None else None
    if not question.about_anything:
        everything = among if among is not None else list(desk.comments)
        desk.look_at(everything)
        if not everything:
            return desk.gap("no such time" if question.window is not None else "silent")
        kept = together(desk.openings(everything), desk.scope, limit=SHOWN, per_author=1)
        told = [stated(point) for point in kept]
        return desk.draft(told, matched=map(key, everything), finding=desk.span or Finding())
    found = _read(question, desk, among)
    if not any(point.cover >= MENTIONS for point in found) and not desk.answered(found):
        return desk.gap("unsaid", found)
    clear, unclear = _parted(question, found, desk)
    if not clear:
        return desk.gap("unsaid", unclear or found)
    kept = together(clear, desk.scope, limit=SHOWN, per_author=1)
    return desk.draft(
        [stated(point) for point in kept],
        matched=[key(point.comment) for point in clear],
        unclear=[key(point.comment) for point in unclear],
    )


def _read(question: Question, desk: Desk, among: Sequence[Comment] | None) -> list[Point]:
    """The posts with their fitting words. Whether something is mentioned is told by words; what is claimed, by meaning
    too, of the nearest posts."""
    spoken = desk.speaking(question.subject, among=among)
    if question.mentions and any(point.cover >= MENTIONS for point in spoken):
        return spoken
    hits = desk.hits(question.subject, k=len(desk.comments), among=among)
    worded = desk.scope.state == "full"
    near = [hit for place, hit in enumerate(hits) if place < COUNTED or (worded and hit.lexical > 0)]
    return desk.points(question.subject, near, asks=False)


def _parted(question: Question, found: list[Point], desk: Desk) -> tuple[list[Point], list[Point]]:
    """Those that say it, and those that touch it without saying so, as what gives orders to machines at most does."""
    best = max(point.fit for point in found)
    mention = question.mentions
    held = [point.cover for point in found] if mention else _held(question, found, desk)
    enough = SAID if len(set(terms(question.subject)) - _TELLING) > 1 else MENTIONS
    clear: list[Point] = []
    unclear: list[Point] = []
    for point, cover in zip(found, held, strict=True):
        full = cover >= MENTIONS if mention else point.fit >= MATCHES * best
        part = cover >= MAY_MENTION if mention else point.fit >= MAY_MATCH * best
        plain = not addressed_to_machines(point.comment.text)
        if full and plain and (mention or (cover >= enough and _says_so(point, question))):
            clear.append(point)
        elif full or part:
            unclear.append(point)
    return clear, unclear


def _held(question: Question, found: list[Point], desk: Desk) -> list[float]:
    """Of each point's own words, how much they hold of what is claimed, of either part of a claim with an "or"; a verb
    that only tells of it is left out."""
    parts = [part for part in OR.split(question.subject) if set(terms(part)) - _TELLING] or [question.subject]
    return [max(shares) for shares in zip(*(_shares(part, found, desk) for part in parts), strict=True)]


def _shares(claim: str, found: list[Point], desk: Desk) -> list[float]:
    asked = tuple(dict.fromkeys(terms(claim)))
    asked = tuple(term for term in asked if term not in _TELLING) or asked
    weights = np.array([desk.scope.rarity(term) for term in asked])
    total = float(weights.sum()) or 1.0
    return [float(row @ weights) / total for row in desk.scope.held(asked, [point.words for point in found])]


def _says_so(point: Point, question: Question) -> bool:
    """Whether the words say it themselves, in a post that names whom the claim names: of a name no word is near."""
    if not bearing.names_all(question.subject, point.comment.text):
        return False
    if manner(point.comment, point.start, point.end) is not None:
        return False
    return not bearing.doubts(point.words, question.subject)


def who(question: Question, desk: Desk) -> Draft:
    """Everybody who speaks of something, where that is asked; else the points that fit best."""
    if question.attitude is not None or not forms.MENTIONING.search(question.text) or not question.about_anything:
        return open_question(question, desk)
    told = [point for point in desk.speaking(question.subject) if point.cover >= MENTIONS]
    spoken = [point for point in told if not addressed_to_machines(point.comment.text)]
    if not spoken or question.focus is not None:
        return open_question(question, desk)
    kept = together(spoken, desk.scope, limit=SHOWN, per_author=1)
    matched = [key(point.comment) for point in spoken]
    unclear = [key(point.comment) for point in told if addressed_to_machines(point.comment.text)]
    return desk.draft([stated(point) for point in kept], matched=matched, unclear=unclear, finding=Finding())
