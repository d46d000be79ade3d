"""Questions about when: what was said within a time, before or after something, and when something was said.

Which times a question names is read in bot.moments. Not here: first and last posts (bot.kinds.superlatives).
"""

import re
from collections.abc import Sequence

from bot.answer import Draft, Finding
from bot.desk import POINTS, Desk, key, stated
from bot.forms import OPENERS
from bot.inquiry import Question
from bot.kinds.target import Target, openers, target, targeted
from bot.people import People
from bot.points import Point, opening, together
from bot.replies import Replies
from corpus.thread import Comment

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
    untimed = not any(c.posted_at for thread in desk.threads for c in thread.comments)
    by_order = untimed and question.turn is not None and all(Replies(thread).in_turns for thread in desk.threads)
    if untimed and not by_order:
        return desk.gap("untimed")
    if question.person is not None and not question.person.known:
        return desk.gap("absent")
    if by_order:
        return _next(question, desk)
    if question.turn is not None:
        return _around(question, desk)
    if question.window is not None:
        return _within(question, desk)
    posts, found = targeted(question, desk)
    if not posts:
        return desk.gap("silent" if question.person is not None else "unsaid", found)
    points = found[:POINTS] if found else [opening(post, 1.0) for post in posts[:POINTS]]
    points = [point for point in points if key(point.comment) in {key(post) for post in posts}]
    return desk.said(_by_time(points))


def _within(question: Question, desk: Desk) -> Draft:
    window = question.window
    finding = Finding(since=window.since if window else None, until=window.until if window else None)
    comments = desk.by(question.person) if question.person is not None else list(desk.comments)
    desk.look_at(comments)
    if not comments:
        return desk.gap("no such time", finding=finding)
    if not question.about_anything:
        active = together(desk.openings(comments), desk.scope, limit=POINTS, per_author=2)
        return desk.said(_by_time(active), finding=finding)
    found = desk.points(question.subject, desk.hits(question.subject, among=comments))
    if not desk.answered(found, wanted=question.subject):
        return desk.gap("unsaid", found, finding=finding)
    return desk.said(_by_time(desk.near(found)), finding=finding)


def _around(question: Question, desk: Desk) -> Draft:
    """The post that was the turn, and what was said before or after it: what bears on it first, else what drew most."""
    posts, found = (openers(desk), []) if question.opening else targeted(question, desk)
    turns = [post for post in posts if post.posted_at is not None]
    if not turns:
        return desk.gap("unsaid", found)
    turn = _turn(turns, found)
    when = turn.posted_at or turns[0].posted_at
    after = question.turn == "after"
    others = [c for c in desk.comments if c.posted_at and when and c.id != turn.id and (c.posted_at > when) == after]
    desk.look_at(others)
    finding = Finding(since=when if after else None, until=None if after else when)
    if not others:
        return desk.gap("no such time", [opening(turn, 1.0)], finding=finding)
    words = next((point for point in found if point.comment.id == turn.id), opening(turn, 1.0))
    subject = question.subject or turn.text[:300]
    near = desk.points(subject, desk.hits(subject, among=others), asks=False)
    chosen = near if near and desk.answered(near, wanted=subject) else desk.openings(others)
    kept = together(chosen[:30], desk.scope, limit=POINTS - 2, per_author=2)
    replies = [
        opening(reply, 1.0) for reply in Replies(desk.scope.threads[turn.thread_id]).to(turn.id) if reply in others
    ]
    direct = replies[: POINTS // 2] if after else []
    kept = [point for point in kept if key(point.comment) not in {key(other.comment) for other in direct}]
    told = [*direct, *_by_time(kept[: POINTS - 1 - len(direct)])]
    return desk.draft([stated(words), *(stated(point) for point in told)], finding=finding)


def _next(question: Question, desk: Desk) -> Draft:
    """Of a talk without times, the turn and those right before or after it: people answer who spoke before."""
    posts, found = (openers(desk), []) if question.opening else targeted(question, desk)
    if not posts:
        return desk.gap("unsaid", found)
    turn = _turn(posts, found)
    said = [comment for comment in desk.comments if comment.thread_id == turn.thread_id]
    at = next(place for place, comment in enumerate(said) if comment.id == turn.id)
    others = said[at + 1 : at + POINTS] if question.turn == "after" else said[max(0, at - POINTS + 1) : at]
    desk.look_at(others)
    words = next((point for point in found if point.comment.id == turn.id), opening(turn, 1.0))
    if not others:
        return desk.gap("no such time", [words])
    return desk.draft([stated(words), *(stated(opening(other, 1.0)) for other in others)])


def _turn(turns: Sequence[Comment], found: Sequence[Point]) -> Comment:
    """What fits best; of a person's posts the first."""
    if found:
        best = {key(point.comment): place for place, point in reversed(list(enumerate(found)))}
        return min(turns, key=lambda post: best.get(key(post), len(found)))
    return min(turns, key=lambda post: post.posted_at.timestamp() if post.posted_at else 0.0)


def _by_time(points: Sequence[Point]) -> list[Point]:
    return sorted(points, key=lambda point: point.comment.posted_at.timestamp() if point.comment.posted_at else 0.0)
