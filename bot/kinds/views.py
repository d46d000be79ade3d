"""What is said: open questions, who says something, what a named person says.

Not here: who is worried, for or against (bot.kinds.attitudes).
"""

import re
from collections.abc import Sequence

from bot import attitude, stance
from bot.answer import Draft
from bot.bearing import denies, names_all
from bot.desk import CANDIDATES, MAX_POINTS, RELATIVE, Desk, key
from bot.forms import MENTIONING, OPENERS
from bot.inquiry import Question
from bot.kinds import acting, asked_here, attitudes
from bot.kinds.attitudes import read as read_attitude
from bot.manner import manner
from bot.points import Point, together
from bot.replies import replies_of
from corpus.thread import Comment
from index.hit import Hit
from index.leaning import wanted
from index.lexical import terms

__all__ = ["open_question", "premise", "read_attitude", "says"]

SAME_QUESTION = 0.72
"""Cosine from which on a post asks what is asked here, so that its replies are answers."""
REPLY_SHARE = 0.6
"""Of the best score, what a reply to the same question starts from."""
SAYS = 5
_SAYING_NO = re.compile(
    r"(?:doubt|disput|den(?:y|ie)|reject|refus|oppos|object|disagree|question|criticis|criticiz|complain|hate|dislike)",
    re.I,
)
"""How what is asked for begins where whoever denies something is asked for."""
_AGREED = re.compile(r"^agree(?:s|d)? (?:that )?", re.I)
MOST_OUTRIGHT = 8
"""Of those who say outright what is asked, or the contrary, how many are shown."""
TAKEN = 0.55
"""Of what a question takes for granted of somebody, the share of words that must stand in theirs, near ones in part."""
_ASKED = re.compile(r"\b(?:ask(?:s|ed|ing)?|jok(?:es?|ed|ing)|question(?:s|ed)?|funny|wonder(?:s|ed)?)\b", re.I)
"""Who asks and who jokes is what such a question wants."""
_AGAINST = (
    r"(?:hates?|dislikes?|oppose[sd]?|detests?|despises?|rejects?|attacks?|criticis?e?s?|criticiz?e?s?"
    r"|condemns?|can't stand)"
)
_FOR = r"(?:loves?|likes?|supports?|praises?|favou?rs?|recommends?|defends?|endorses?|admires?|enjoys?|approves? of)"
_DOUBTING = frozenset(
    terms(
        "who which what replies comments posts people commenters users anyone anybody ask asks asked asking question"
        " questions questioned questioning doubt doubts doubted doubting query queries sceptical skeptical evidence"
        " proof source sources claim claims story news report rumour rumor true truth real opening original post thread"
        " confirmed wrote"
    )
)
"""Words of a question for doubts that name no subject of their own."""
PREMISE = re.compile(
    rf"^{OPENERS}why (?:does|did|do|is|has|would) .+?\b(?:(?P<against>{_AGAINST}|(?:so )?against|angry|opposed)"
    rf"|(?P<for>{_FOR}|in favou?r))\b",
    re.I | re.S,
)
CLAIMED = re.compile(
    rf"^{OPENERS}why (?:does|did|do|has|have|would|is|was|were|are) .+? (?:think|say|claim|believe|argue"
    rf"|insist)s? (?:that )?(?P<claim>.+?)\W*$",
    re.I | re.S,
)
DID = re.compile(rf"^{OPENERS}why (?:does|did|do|has|have|would|is|was) (?P<rest>.+?)\W*$", re.I | re.S)


def premise(asked: str, subject: str) -> str | None:
    """What a "why" takes for granted of a person: a side, something said, or something done; None where nothing."""
    taken = PREMISE.match(asked)
    if taken:
        return "against" if taken["against"] else "in favour"
    claimed = CLAIMED.match(asked)
    if claimed:
        return claimed["claim"]
    return subject if DID.match(asked) and subject else None


def open_question(question: Question, desk: Desk) -> Draft:
    """Open questions and "who said": the distinct points, most relevant first."""
    if question.asked:
        return asked_here.write(question, desk)
    if question.attitude is not None:
        return attitudes.write(question, desk)
    if question.act is not None:
        return acting.write(question, desk)
    asks = question.kind != "who"
    hits = desk.hits(question.subject)
    if asks:
        hits = _with_replies_to_the_same_question(question, hits, desk)
    found = desk.points(question.wanted, hits[:CANDIDATES], asks=asks)
    turned = desk.turned(found)
    if _for_doubts_alone(question):
        turned = [point for point in turned if manner(point.comment, point.start, point.end) == "asks"]
    elif not desk.answered(turned):
        return desk.gap("unsaid", turned or found)
    if not turned:
        return desk.gap("unsaid", found)
    if question.kind == "who":
        return _who(question, turned, desk)
    if question.kind == "yes-no":
        return _either_way(question, desk.said_only(turned), desk)
    return desk.said(desk.near(turned if _ASKED.search(question.text) else desk.said_only(turned)))


def _who(question: Question, found: list[Point], desk: Desk) -> Draft:
    """Who says it first, however the search ranks them, then who comes near it; never who denies it.

    Where it is asked who mentions, doubts or asks, whoever denies something is meant too.
    """
    if question.mentions or MENTIONING.search(question.text) or _ASKED.search(question.text):
        return desk.said(desk.near(found if _ASKED.search(question.text) else desk.said_only(found)))
    if _SAYING_NO.match(question.subject):
        return desk.said(desk.near(desk.said_only(found)))
    claim = _AGREED.sub("", question.subject)
    floor = RELATIVE["who"] * found[0].score
    kept = desk.said_only([point for point in found if not denies(point.words, claim)])
    outright = [p for p in kept if stance.of_claim(p.words, claim) == "says so" and names_all(claim, p.comment.text)]
    near = [point for point in desk.near(kept) if point.score >= floor and not _objects(point, outright, desk)]
    shown = _first(outright, near, desk)
    return desk.said(shown) if shown else desk.gap("unsaid", found)


def _either_way(question: Question, found: list[Point], desk: Desk) -> Draft:
    """Who says it and who says the contrary, however the search ranks them, then what else bears on it."""
    claim = question.subject
    outright = [p for p in found if stance.of_claim(p.words, claim) != "touches" and names_all(claim, p.comment.text)]
    return desk.said(_first(outright, desk.near(found), desk))


def _first(outright: Sequence[Point], near: Sequence[Point], desk: Desk) -> list[Point]:
    """What says it outright, and of what is near as much as there is room for."""
    first = together(outright, desk.scope, limit=MOST_OUTRIGHT, per_author=1)
    shown = {key(other.comment) for point in first for other in (point, *point.also)}
    room = max(0, MAX_POINTS[desk.question.kind] - len(first))
    return [*first, *[point for point in near if key(point.comment) not in shown][:room]]


def _objects(point: Point, outright: Sequence[Point], desk: Desk) -> bool:
    """Whether the post says no to one that says what is asked."""
    reply = point.comment
    answered = replies_of({reply.thread_id: desk.scope.threads[reply.thread_id]})[reply.thread_id].answered_by(reply.id)
    said = {key(other.comment) for other in outright}
    return answered is not None and key(answered) in said and stance.of_reply(reply, answered) == "disagrees"


def _for_doubts_alone(question: Question) -> bool:
    """Whether it asks who asks or doubts, and of nothing but the story itself: that has no words to look for."""
    return wanted(question.standalone) == "asks" and not set(terms(question.standalone)) - _DOUBTING


def says(question: Question, desk: Desk) -> Draft:
    """What a named person says, of something or at all."""
    person = question.person
    if person is None or not person.known:
        near = [hit for hit in desk.hits(question.standalone, k=5) if hit.lexical > 0]
        return desk.gap("absent", desk.points(question.standalone, near))
    if question.act is not None or question.place is not None:
        return acting.write(question, desk)
    theirs = desk.by(person)
    if not theirs:
        return desk.gap("no more" if question.shown else "silent" if desk.narrowed else "absent")
    if not question.about_anything:
        desk.look_at(theirs)
        return desk.said(desk.near(desk.openings(theirs), per_author=SAYS))
    hits = desk.hits(question.sought, among=theirs)
    found = desk.points(question.wanted, hits)
    turned = desk.turned(found)
    if not desk.answered(turned):
        return desk.gap("silent", turned or found)
    kept = desk.near(turned, per_author=SAYS)
    if question.premise is not None and not _granted(question.premise, kept, desk):
        return desk.gap("premise", kept)
    return desk.said(kept)


def _granted(taken: str, kept: Sequence[Point], desk: Desk) -> bool:
    """Whether the person's own words bear what the question takes for granted.

    A side: not where they show the other one alone. Something said or done: its words, or near ones, have to be there,
    and not be denied.
    """
    if taken in ("against", "in favour"):
        sides = [attitude.side(stance.own_words(point.comment)) for point in kept]
        return taken in sides or all(side is None for side in sides)
    bearing = [stance.of_claim(point.words, taken) for point in kept]
    if "says the contrary" in bearing and "says so" not in bearing:
        return False
    asked = tuple(dict.fromkeys(terms(taken)))
    if not asked:
        return True
    held = desk.scope.held(asked, [stance.own_words(point.comment) for point in kept]).max(axis=0)
    return float(held.mean()) >= TAKEN


def _with_replies_to_the_same_question(question: Question, hits: Sequence[Hit], desk: Desk) -> list[Hit]:
    """The hits, with the replies to posts that ask the same: an answer needs no word of its question."""
    scope = desk.scope
    asking = [hit for hit in hits[:10] if scope.comment(hit).text.rstrip().endswith(("?", "？"))]
    if not asking:
        return list(hits)
    near = scope.similarities(question.subject, [scope.comment(hit).text for hit in asking])
    same = [scope.comment(hit) for hit, cosine in zip(asking, near, strict=True) if cosine >= SAME_QUESTION]
    if not same:
        return list(hits)
    edges = replies_of({thread_id: scope.threads[thread_id] for thread_id in {post.thread_id for post in same}})
    replies = {key(reply) for post in same for reply in edges[post.thread_id].to(post.id)} & desk.keys
    asked = {key(post) for post in same}
    floor = REPLY_SHARE * max(hit.score for hit in hits)
    raised = {
        (hit.thread_id, hit.comment_id): hit.model_copy(
            update={"score": max(hit.score, floor + hit.score * (1 - REPLY_SHARE))}
        )
        if (hit.thread_id, hit.comment_id) in replies
        else hit
        for hit in hits
        if (hit.thread_id, hit.comment_id) not in asked
    }
    for thread_id, comment_id in replies - raised.keys() - asked:
        raised[thread_id, comment_id] = _whole(scope.threads[thread_id].by_id[comment_id], floor)
    return sorted(raised.values(), key=lambda hit: -hit.score)


def _whole(comment: Comment, score: float) -> Hit:
    return Hit(
        thread_id=comment.thread_id,
        comment_id=comment.id,
        start=0,
        end=len(comment.text),
        score=score,
        similarity=None,
        lexical=0.0,
    )
