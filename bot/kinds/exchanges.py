"""Who disagrees, who agrees, whether anybody replied: answered from the reply edges and the cues of the replies.

Nobody is said to disagree without a cue (bot.stance); a reply without one only replies. Not here: which post answers
which (bot.replies), the forms of these questions (bot.kinds.exchange_forms), two named people beside each other
(bot.kinds.comparison).
"""

from collections.abc import Sequence

from bot import attitude, stance
from bot.answer import Draft, DraftStatement, Finding, Gap, Role
from bot.desk import Desk, key, stated, wrote
from bot.inquiry import Question
from bot.kinds import exchange_forms
from bot.kinds.target import Target, openers, target, targeted
from bot.manner import interrogative
from bot.people import People
from bot.points import Point, opening
from bot.replies import Replies, edges, replies_of
from corpus.thread import Comment

MOST_REPLIES = 20
"""Replies that are shown."""
MOST_DISPUTED = 6
"""Disputed posts that are shown, each with what was said of it."""
WANTED: dict[str, frozenset[str]] = {
    "disagreement": frozenset(["disagrees", "partly"]),
    "agreement": frozenset(["agrees"]),
    "replies": frozenset(["disagrees", "partly", "agrees", "replies"]),
}
GAPS: dict[str, Gap] = {"disagreement": "undisputed", "agreement": "unsupported", "replies": "unanswered"}
Pair = tuple[Comment, Comment, Role]
"""A reply, what it answers, how it stands to that."""


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
    pairs = [pair for pair in _pairs(posts, desk) if key(pair[0]) in desk.keys and _by(question, pair[0])]
    kept = [pair for pair in pairs if pair[2] in WANTED[question.kind]]
    finding = Finding(targets=tuple(key(post) for post in posts))
    contrary = _contrary(question, found) if question.kind == "disagreement" else []
    against = _against(question, found) if question.kind == "disagreement" else []
    aimed = bool(question.cited or question.person or question.opening or question.pointing or question.subject)
    if not kept and not contrary and aimed and (pairs or against):
        return desk.draft([*_told(pairs, words), *against], finding=finding, unclear=[key(pair[0]) for pair in pairs])
    if not kept and not contrary:
        near = [opening(reply, 1.0) for reply, _, _ in pairs] or list(words.values()) or desk.openings(posts)
        return desk.gap(GAPS[question.kind], near, finding=finding)
    unclear = [key(reply) for reply, _, role in pairs if role not in WANTED[question.kind]]
    said = [*_told(kept, words), *(stated(point, "says the contrary") for point in contrary)]
    return desk.draft(said, finding=finding, unclear=unclear)


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
    pairs: list[Pair] = [(reply, post, stance.of_reply(reply, post)) for reply, post in found if not reply.is_bot]
    desk.look_at(reply for reply, _, _ in pairs)
    return pairs


def _by(question: Question, reply: Comment) -> bool:
    """Whether the reply is by whom it is asked to be by; by anybody, where nobody is named."""
    return question.by is None or wrote(reply, question.by)


def _contrary(question: Question, found: Sequence[Point]) -> list[Point]:
    """Posts that deny a claim in its own words, wherever they stand; only where a claim is asked about."""
    if question.person is not None or not question.subject:
        return []
    return [point for point in found if stance.of_claim(point.words, question.subject) == "says the contrary"]


def _against(question: Question, found: Sequence[Point]) -> list[DraftStatement]:
    """Posts on the subject whose words are against something; where no replies tell."""
    if question.person is not None:
        return []
    return [stated(point, "against") for point in found if attitude.side(point.words) == "against"][:MOST_DISPUTED]


def _told(pairs: Sequence[Pair], words: dict[tuple[str, str], Point]) -> list[DraftStatement]:
    """What answers each post, and then the post: the most answered first."""
    by_post: dict[tuple[str, str], list[Pair]] = {}
    for pair in pairs:
        by_post.setdefault(key(pair[1]), []).append(pair)
    said: list[DraftStatement] = []
    shown = 0
    for place, answers in sorted(by_post.items(), key=lambda one: -len(one[1]))[:MOST_DISPUTED]:
        post = answers[0][1]
        for reply, _, role in answers[: MOST_REPLIES - shown]:
            said.append(stated(opening(reply, 1.0), role))
            shown += 1
        if post.citable:
            said.append(stated(words.get(place) or opening(post, 1.0)))
        if shown >= MOST_REPLIES:
            break
    return said


def _left_open(desk: Desk) -> Draft:
    """The questions, and the objections, that nobody else replied to; the most active first."""
    replies = replies_of(desk.scope.threads)
    desk.look_at(desk.comments)
    open_ = [comment for comment in desk.comments if _left(comment, replies[comment.thread_id])]
    if not open_:
        return desk.gap("unsaid")
    ranked = desk.openings(open_)[:MOST_REPLIES]
    return desk.draft([stated(point, "unanswered") for point in ranked])


def _left(comment: Comment, replies: Replies) -> bool:
    if comment.is_bot or replies.from_others(comment.id):
        return False
    return interrogative(comment.text) or stance.of_reply(comment, replies.answered_by(comment.id)) == "disagrees"
