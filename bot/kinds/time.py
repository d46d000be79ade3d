"""Questions about when: what was said within a time, before or after something, and when something was said.

Which times a question names is read in bot.questions.times. Not here: first and last posts (bot.kinds.superlative).
"""

import re
from collections.abc import Sequence

from bot.evidence import answerable
from bot.evidence.points import Point, whole
from bot.kinds.replies import openers
from bot.kinds.workbench import POINTS, Desk
from bot.questions.forms import OPENERS
from bot.questions.people import People
from bot.questions.targets import Target, target
from bot.values.answer import Draft, Finding
from bot.values.inquiry import Question
from corpus.thread import Comment

CLOSE = 0.8
"""Of the best post's score, what another one needs to be meant as well."""

_TELLS = (
    r"(?:say|said|post(?:ed)?|mention(?:ed)?|write|wrote|written|repl(?:y|ied)|comment(?:ed)?|answer(?:ed)?|respond(?:ed)?|"
    r"ask(?:ed)?|suggest(?:ed)?|talk(?:ed)?|tweet(?:ed)?|discuss(?:ed)?|(?:br(?:ing|ought)|c[ao]me) up)"
)
_ENTERS = r"(?:join(?:ed)?|c[ao]me|start(?:ed)?|arrive[d]?|show(?:ed)? up|enter(?:ed)?)"
"""Of somebody here it is a first post, unless anything else is entered: "when did she join the navy?"."""
_THE_TALK = r"(?: (?:in|into|to|with))?(?: (?:the|this) (?:thread|discussion|conversation|chat|talk|story)| here)?\W*"
_SPOKEN_OF = r"(?:mention(?:ed)?|talked about|discussed|suggested|brought up)"
"""What this is done to is a subject, whoever else bears the name."""
_WRITTEN = re.compile(r"wr(?:ite|ote|itten)|ask.*|answer.*|repl.*|respond.*", re.I)
"""What this is done to need be no post."""
WHEN = (
    re.compile(
        rf"^{OPENERS}when (?:did|has|have) (?P<who>@?\w[^?,;:]{{0,40}}?) (?:first |last )?"
        rf"(?:{_TELLS}\b(?P<rest>.*)|{_ENTERS}\b{_THE_TALK})$",
        re.I | re.S,
    ),
    re.compile(
        rf"^{OPENERS}when (?:was|were|is) (?P<what>.+?) (?:first |last )?"
        rf"(?P<act>{_SPOKEN_OF}|{_TELLS})(?: up)?{_THE_TALK}$",
        re.I | re.S,
    ),
)
"""When something was posted. What else has a time has it in the words: "when was the school started?"."""
TURN = re.compile(
    rf"^{OPENERS}(?:what|how) (?:has |have |did |was |were |do )?(?:the |people |they |everyone |commenters "
    rf"|discussion |thread |"
    r"conversation |mood |tone |things? |opinions? |views? )*(?:chang(?:e|ed|es)|happen(?:s|ed)?|said|say"
    r"|talk(?:ed)? about|"
    r"follow(?:s|ed)|c[ao]me|post(?:ed)?|discuss(?:ed)?|react(?:ed)?|respond(?:ed)?)(?: here)?\s+(?P<turn>after"
    r"|before|since|once|"
    r"following)\s+(?P<rest>.+)$",
    re.I | re.S,
)
_POSTED = re.compile(
    r"\b(?:posted|joined|commented|replied|answered|wrote|said|spoke|showed up|came in|arrived|made)\b(?P<rest>.*)$",
    re.I | re.S,
)


def read(asked: str, people: People) -> Question | None:
    """The question, where it asks when something was said, or what was said before or after something."""
    turned = TURN.match(asked)
    if turned:
        words = turned["rest"].strip(" ?!.")
        aimed = target(_POSTED.sub(lambda found: found["rest"], words), people)
        return Question(
            text=asked,
            standalone=asked,
            kind="time",
            subject=aimed.subject,
            person=aimed.person,
            opening=aimed.opening,
            pointing=aimed.pointing,
            turn="before" if turned["turn"].casefold() == "before" else "after",
        )
    for pattern in WHEN:
        match = pattern.match(asked)
        if match is None:
            continue
        groups = match.groupdict()
        of_a_subject = re.fullmatch(_SPOKEN_OF, groups.get("act") or "", re.I) is not None
        aimed = target(groups.get("who") or groups["what"], people)
        if of_a_subject and not aimed.pointing:
            aimed = Target(subject=groups["what"])
        subject = target(groups.get("rest") or "", people).subject or aimed.subject
        if aimed.pointing or _of_posting(match, aimed):
            return Question(
                text=asked,
                standalone=asked,
                kind="time",
                subject=subject,
                person=aimed.person,
                pointing=aimed.pointing,
            )
    return None


def _of_posting(match: re.Match[str], aimed: Target) -> bool:
    """Whether a post is what has the time: not the book that was written, nor the firm that started."""
    groups = match.groupdict()
    if groups.get("what"):
        return _WRITTEN.fullmatch(groups["act"]) is None or aimed.person is not None
    return aimed.person is not None and (aimed.person.known or groups["rest"] is not None)


def write(question: Question, desk: Desk) -> Draft:
    """What was said within the time, around the turn, or the posts whose time is asked for."""
    if not any(c.posted_at for thread in desk.threads for c in thread.comments):
        return desk.gap("untimed")
    if question.person is not None and not question.person.known:
        return desk.gap("absent")
    if question.turn is not None:
        return _around(question, desk)
    if question.window is not None:
        return _within(question, desk)
    posts, found = _meant(question, desk)
    if not posts:
        return desk.gap("silent" if question.person is not None else "unsaid")
    points = found[:POINTS] or [whole(post) for post in posts[:POINTS]]
    return desk.said(_by_time(points), finding=Finding())


def _meant(question: Question, desk: Desk) -> tuple[list[Comment], list[Point]]:
    """The posts that the question points at, and where it names a subject the points on it, best first."""
    threads = desk.scope.threads
    if question.cited:
        found = [threads[t].by_id[c] for t, c in question.cited if t in threads and c in threads[t].by_id]
        return [comment for comment in found if comment.citable], []
    if question.opening:
        return openers(desk), []
    among = None if question.person is None else desk.by(question.person)
    if not question.about_anything:
        return among or [], []
    if among is not None and not among:
        return [], []
    points = desk.points(question.subject, among=among)
    if not answerable.answers(question.subject, points, desk.scope):
        return [], []
    near = [point for point in points if point.score >= CLOSE * points[0].score]
    return [point.comment for point in near], near


def _within(question: Question, desk: Desk) -> Draft:
    comments = desk.by(question.person) if question.person is not None else list(desk.comments)
    desk.look_at(comments)
    if not comments:
        return desk.gap("no such time", finding=desk.span)
    if not question.about_anything:
        found = desk.by_activity(comments)
        told = _by_time(found[:POINTS])
        return desk.said([*told, *found[POINTS:]], finding=desk.span, counted=comments, by="data")
    found = desk.points(question.subject, among=comments)
    if not answerable.answers(question.subject, found, desk.scope):
        return desk.gap("unsaid", finding=desk.span, nearest=found)
    return desk.said(found, finding=desk.span)


def _around(question: Question, desk: Desk) -> Draft:
    """The post that was the turn, and what was said before or after it: replies first, then what bears on it."""
    posts, found = _meant(question, desk)
    turns = [post for post in posts if post.posted_at is not None]
    if not turns:
        return desk.gap("unsaid")
    turn = turns[0] if found else min(turns, key=_moment)
    when, after = turn.posted_at, question.turn == "after"
    others = [c for c in desk.comments if c.posted_at and when and c.id != turn.id and (c.posted_at > when) == after]
    desk.look_at(others)
    finding = Finding(since=when if after else None, until=None if after else when)
    if not others:
        return desk.gap("no such time", finding=finding)
    words = next((point for point in found if point.comment.id == turn.id), whole(turn))
    subject = question.subject or turn.text[:300]
    near = desk.points(subject, among=others) or desk.by_activity(others)
    return desk.said([words, *_by_time(near[: POINTS - 1])], finding=finding)


def _moment(comment: Comment) -> float:
    return comment.posted_at.timestamp() if comment.posted_at else 0.0


def _by_time(points: Sequence[Point]) -> list[Point]:
    return sorted(points, key=lambda point: _moment(point.comment))
