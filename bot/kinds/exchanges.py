"""Who disagrees, who agrees, whether anybody replied: answered from the reply edges and the cues of the replies.

Nobody is said to disagree without a cue (bot.stance); a reply without one only replies. Not here: which post answers
which (bot.replies), the forms of these questions (bot.kinds.exchange_forms), two named people beside each other
(bot.kinds.comparison).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from bot import attitude, stance
from bot.answer import Draft, DraftStatement, Finding, Gap, Role
from bot.copies import once
from bot.desk import Desk, key, stated, wrote
from bot.inquiry import Key, Question
from bot.kinds import exchange_forms
from bot.kinds.target import Target, openers, target, targeted
from bot.manner import interrogative
from bot.people import People
from bot.points import QUOTE_CHARACTERS, Point, opening
from bot.replies import Replies, edges, replies_of
from corpus.text import sentences
from corpus.thread import Comment
from index.lexical import terms

MOST_REPLIES = 20
"""Replies that are shown."""
MOST_DISPUTED = 6
"""Disputed posts that are shown, each with what was said of it."""
ASKED_LATE = 3
"""Sentences from the end of a post in which a question is what it is there for."""
_ANSWERS_ITSELF = re.compile(
    r"\W*(?:because|well|simple|since|no\b|nope|yes\b|yep|the answer|nothing|nobody|nowhere|exactly"
    r"|i (?:think|guess|doubt))",
    re.I,
)
WANTED: dict[str, frozenset[str]] = {
    "disagreement": frozenset(["disagrees", "partly"]),
    "agreement": frozenset(["agrees"]),
    "replies": frozenset(["disagrees", "partly", "agrees", "replies"]),
}
GAPS: dict[str, Gap] = {"disagreement": "undisputed", "agreement": "unsupported", "replies": "unanswered"}


class Pair(NamedTuple):
    """A reply, what it answers, how it stands to that and which of its words say so."""

    reply: Comment
    post: Comment
    shown: stance.Shown

    @property
    def role(self) -> Role:
        return self.shown.stance


def read(asked: str, people: People) -> Question | None:
    """The question, where it asks who agrees, who disagrees, who replied, what was left open."""
    if exchange_forms.UNANSWERED.match(asked):
        return Question(text=asked, standalone=asked, kind="replies", subject="", unanswered=True)
    for kind, patterns in exchange_forms.BY_KIND.items():
        for match in filter(None, (pattern.match(asked) for pattern in patterns)):
            rest = "" if exchange_forms.NOWHERE_ELSE.match(match["rest"]) else match["rest"]
            aimed = target(rest, people)
            claim = aimed.person is None and not aimed.pointing and not aimed.opening and aimed.subject != ""
            said_so = claim and (kind == "agreement" or exchange_forms.OBJECTS_THAT.search(asked))
            if said_so or (kind == "replies" and aimed == Target()):
                continue  # "who replied?" is a who; "who agrees that tax is high" asks for those who say so
            return Question(
                text=asked,
                standalone=asked,
                kind=kind,
                subject=aimed.subject,
                person=aimed.person,
                opening=aimed.opening,
                pointing=aimed.pointing,
            )
    return None


def write(question: Question, desk: Desk) -> Draft:
    """The replies that agree, that disagree, or all of them, each with what it answers."""
    if question.unanswered:
        return _left_open(desk)
    if question.person is not None and not question.person.known:
        return desk.gap("absent")
    posts, found = _aimed_at(question, desk)
    if not posts:
        return desk.gap("silent" if question.person is not None else "unsaid", found)
    desk.look_at(posts)
    words = {key(point.comment): point for point in found}
    pairs = [pair for pair in _pairs(posts, desk) if key(pair.reply) in desk.keys and _by(question, pair.reply)]
    kept = [pair for pair in pairs if pair.role in WANTED[question.kind]]
    finding = Finding(targets=tuple(key(post) for post in posts))
    replied = {key(pair.reply) for pair in kept}
    contrary = _contrary(question, found, replied) if question.kind == "disagreement" else []
    against = _against(question, found) if question.kind == "disagreement" else []
    aimed = bool(question.cited or question.person or question.opening or question.pointing or question.subject)
    if not kept and not contrary and aimed and (pairs or against):
        unclear = [key(pair.reply) for pair in pairs]
        return desk.draft([*_told(pairs, words), *against], finding=finding, unclear=unclear)
    if not kept and not contrary:
        near = [opening(pair.reply, 1.0) for pair in pairs] or list(words.values()) or desk.openings(posts)
        return desk.gap(GAPS[question.kind], near, finding=finding)
    unclear = [key(pair.reply) for pair in pairs if pair.role == "replies" != question.kind]
    said = [*_told(kept, words), *(stated(point, "says the contrary") for point in contrary)]
    return desk.draft(said, finding=finding, matched=[key(pair.reply) for pair in kept], unclear=unclear)


def _aimed_at(question: Question, desk: Desk) -> tuple[list[Comment], list[Point]]:
    """The posts whose replies are wanted, with the words that fit what the question says of them."""
    if question.opening or (question.pointing and not question.cited):
        return openers(desk), []
    if not (question.cited or question.person or question.about_anything):
        return [comment for thread in desk.threads for comment in thread.comments if comment.citable], []
    posts, found = targeted(question, desk)
    if question.kind == "replies" and "question" in question.text.casefold():
        asking = [post for post in posts if "?" in post.text]
        return (asking or posts), found
    return posts, found


def _pairs(posts: Sequence[Comment], desk: Desk) -> list[Pair]:
    """Every reply by somebody else, how it stands; the replies that most happened around first."""
    found = edges(map(key, posts), desk.scope.threads)
    pairs = [Pair(reply, post, stance.shown(reply, post)) for reply, post in found if not reply.is_bot]
    desk.look_at(pair.reply for pair in pairs)
    return pairs


def _by(question: Question, reply: Comment) -> bool:
    """Whether the reply is by whom it is asked to be by; by anybody, where nobody is named."""
    return question.by is None or wrote(reply, question.by)


def _contrary(question: Question, found: Sequence[Point], replied: Collection[Key]) -> list[Point]:
    """Posts that deny a claim in its own words, wherever they stand, beside those that replied; only where a claim is
    asked about, which a thing alone is not."""
    claim = question.subject
    if question.person is not None or not claim or not exchange_forms.claims(question.text, claim):
        return []
    denying = [point for point in found if stance.of_claim(point.words, claim) == "says the contrary"]
    return [point for point in denying if key(point.comment) not in replied]


def _against(question: Question, found: Sequence[Point]) -> list[DraftStatement]:
    """Posts on the subject whose words are against something; where no replies tell."""
    if question.person is not None:
        return []
    return [stated(point, "against") for point in found if attitude.side(point.words) == "against"][:MOST_DISPUTED]


def _told(pairs: Sequence[Pair], words: dict[Key, Point]) -> list[DraftStatement]:
    """What answers each post, and then the post: the most answered first, what has no reply itself before the rest."""
    by_post: dict[Key, list[Pair]] = {}
    for pair in pairs:
        by_post.setdefault(key(pair.post), []).append(pair)
    said: list[DraftStatement] = []
    shown = 0
    for place, answers in sorted(by_post.items(), key=lambda one: -len(one[1]))[:MOST_DISPUTED]:
        post = answers[0].post
        statements = _once(answers)[: MOST_REPLIES - shown]
        said += statements
        shown += len(statements)
        if post.citable:
            said.append(stated(words.get(place) or opening(post, 1.0)))
        if shown >= MOST_REPLIES:
            break
    return said


def _once(answers: Sequence[Pair]) -> list[DraftStatement]:
    """A statement for each of the replies to a post; the same words, by however many, are one, each of them once."""
    by_role: dict[Role, list[Point]] = {}
    for pair in answers:
        by_role.setdefault(pair.role, []).append(showing(pair.reply, pair.shown))
    merged = {point.comment.id: stated(point, role) for role, points in by_role.items() for point in once(points)}
    return [merged[pair.reply.id] for pair in answers if pair.reply.id in merged]


def showing(reply: Comment, shown: stance.Shown) -> Point:
    """The words of a reply that are quoted for how it stands: its opening, or where that does not, what shows it."""
    begins = opening(reply, 1.0)
    if shown.stance == "replies" or (begins.start <= shown.start and shown.end <= begins.end):
        return begins
    spans = [(a, b) for a, b in sentences(reply.text) if a < shown.end and shown.start < b]
    end = shown.end if shown.end - shown.start <= QUOTE_CHARACTERS else min(shown.end, spans[0][1])
    end = end if reply.own_words(shown.start, end) else min(shown.end, spans[0][1])
    return replace(begins, start=shown.start, end=end)


def _left_open(desk: Desk) -> Draft:
    """The questions, and the objections, that nobody else replied to; the most active first."""
    replies = replies_of(desk.scope.threads)
    desk.look_at(desk.comments)
    left = [point for comment in _by_activity(desk) if (point := _left(comment, replies))]
    if not left:
        return desk.gap("unsaid")
    shown = [stated(point, "unanswered") for point in left[:MOST_REPLIES]]
    return desk.draft(shown, matched=[key(point.comment) for point in left])


def _by_activity(desk: Desk) -> list[Comment]:
    threads = desk.scope.threads
    return sorted(desk.comments, key=lambda comment: -threads[comment.thread_id].activity[comment.id])


def _left(comment: Comment, replies: Mapping[str, Replies]) -> Point | None:
    """What a post asks, or objects, where nobody else replied to it."""
    here = replies[comment.thread_id]
    if comment.is_bot or here.from_others(comment.id):
        return None
    shown = stance.shown(comment, here.answered_by(comment.id))
    return _asking(comment) or (showing(comment, shown) if shown.stance == "disagrees" else None)


def _asking(comment: Comment) -> Point | None:
    """The last question of a post, if it is there to ask it: not one that it answers itself, nor one in passing.

    "Why?" alone is quoted with what stands around it.
    """
    spans = [(a, b) for a, b in sentences(comment.text) if comment.own_words(a, b)]
    for place in range(len(spans) - 1, max(-1, len(spans) - 1 - ASKED_LATE), -1):
        start, end = spans[place]
        after = comment.text[end : spans[place + 1][1]].strip() if place + 1 < len(spans) else ""
        if interrogative(comment.text[start:end]) and not _ANSWERS_ITSELF.match(after):
            begins = opening(comment, 1.0)
            why = not terms(comment.text[start:end]) and begins.start <= start and end <= begins.end
            return begins if why else replace(begins, start=start, end=end)
    return None
