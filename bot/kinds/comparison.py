"""Two named people beside each other: what each says of something, how they differ, what they replied to each other."""

import re
from collections.abc import Sequence

from bot import stance
from bot.answer import Draft, DraftStatement
from bot.desk import Desk, key, stated
from bot.forms import OPENERS
from bot.inquiry import Question
from bot.kinds.exchanges import showing
from bot.people import People, Person
from bot.points import Point, opening
from bot.replies import replies_of
from index.lexical import terms

EACH = 3
"""Points of each person."""
EXCHANGED = 6
_NAME = r"(?:@[\w.-]*\w|[\w.-]*\w(?: [A-Z][\w.-]*)?)"
_ONE, _OTHER = rf"(?P<one>{_NAME})", rf"(?P<other>{_NAME})"
_AND = r",? (?:and|&|versus|vs\.?|or) "
_THINK = (
    r"(?:think|say|feel|argue|believe|claim|mean|write|see|view|disagree|differ|agree|make|post|want|propose"
    r"|suggest|clash|argue)"
)
FORMS = tuple(
    re.compile(rf"^{OPENERS}{form}\W*$", re.S)
    for form in (
        rf"(?i:what|how|where|why|on what|do|did|does) (?i:(?:do|does|did|are|is"
        rf"|were) )?(?i:both )?{_ONE}{_AND}{_OTHER}(?i: each| both)? "
        rf"(?i:{_THINK})\b(?P<rest>.*)",
        rf"(?i:compare|contrast) (?i:what )?(?i:the (?:views|positions|opinions|arguments) of )?{_ONE}(?:'s"
        rf"|’s)?(?i:{_AND}|,? (?:with|to) ){_OTHER}"
        rf"(?:'s|’s)?(?P<rest>.*)",
        rf"(?i:(?:what(?:'s| is| are| was)|explain|show(?: me)?) )?(?i:the )?(?i:differences?|disagreements?"
        rf"|argument|dispute|exchange|debate) "
        rf"between {_ONE}(?:'s|’s)?(?i:{_AND}){_OTHER}(?:'s|’s)?(?P<rest>.*)",
        rf"(?i:how|where|in what way) (?i:do|does|did) {_ONE}(?:'s|’s)? (?i:\w+ )?(?i:differ from|disagree with"
        rf"|compare (?:to|with)|agree with|differ with) {_OTHER}(?:'s|’s)?(?P<rest>.*)",
        rf"(?i:do|does|did|has|have) {_ONE} (?i:(?:ever|really|actually|also) )?(?i:agree|disagree|argue|side"
        rf"|reply|respond|answer|react|object|push back) "
        rf"?(?i:with|to|against|on)? ?{_OTHER}(?P<rest>.*)",
        rf"(?i:what|how) (?i:did|does|do) {_ONE} (?i:reply|respond|answer|say|react) (?i:to )?{_OTHER}(?P<rest>.*)",
        rf"{_ONE} (?i:versus|vs\.?|v\.) {_OTHER}(?P<rest>.*)",
    )
)
_EMPTY = frozenset(terms("view views opinion position each other here thread comment post argument question"))


_ANSWERED = re.compile(rf"^{OPENERS}(?:did|does|has|have|what did|how did) .+ (?:repl|respon|answer|react)", re.I)


def _bare(subject: str) -> str:
    return re.sub(
        r"^(?:question|post|claim|comment|point|argument|message)s?\b\s*(?:about|on|of|where|why|how|that)?\s*",
        "",
        subject,
    )


def read(asked: str, people: People) -> Question | None:
    """The question, where it names two people of whom at least one is here."""
    for form in FORMS:
        match = form.match(asked)
        if match is None:
            continue
        named = [people.find(match[which], verb="reply") for which in ("one", "other")]
        one, other = named
        if one is None or other is None or one == other or not (one.known or other.known):
            continue
        rest = re.sub(
            r"^\W*(?:(?:of|about|on|over|regarding|with|when it comes to|from|view|views|'s)\s+)*", "", match["rest"]
        )
        subject = rest.strip(" ?!.")
        if _ANSWERED.search(asked):
            return Question(text=asked, standalone=asked, kind="replies", subject=_bare(subject), person=other, by=one)
        missing = next((person for person in (one, other) if not person.known), None)
        return Question(
            text=asked,
            standalone=asked,
            kind="comparison",
            subject=subject if set(terms(subject)) - _EMPTY else "",
            person=missing,
            people=(one, other),
        )
    return None


def write(question: Question, desk: Desk) -> Draft:
    """What passed between the two, and what each says, by turns."""
    if question.person is not None:
        known = [person for person in question.people if person.known]
        return desk.gap("absent", [point for person in known for point in _views(question, person, desk)[:2]])
    exchanged = _exchanged(question, desk)
    views = [_views(question, person, desk) for person in question.people]
    if question.about_anything and not any(views):
        exchanged = []
    if not exchanged and not any(views):
        return desk.gap("silent" if question.about_anything else "unsaid")
    shown = {(e.thread_id, e.comment_id) for statement in exchanged for e in statement.evidence}
    said = list(exchanged)
    for place in range(EACH):
        for view in views:
            if place < len(view) and key(view[place].comment) not in shown:
                said.append(stated(view[place]))
    return desk.draft(said)


def _views(question: Question, person: Person, desk: Desk) -> Sequence[Point]:
    """The fitting points of one person; of no subject, what most happened around."""
    theirs = desk.by(person)
    desk.look_at(theirs)
    if not theirs:
        return []
    if not question.about_anything:
        return desk.near(desk.openings(theirs), per_author=EACH, limit=EACH)
    found = desk.points(question.subject, desk.hits(question.subject, among=theirs))
    if not desk.answered(found, wanted=question.subject, of_one=True):
        return []
    return desk.near(found, per_author=EACH, limit=EACH)


def _exchanged(question: Question, desk: Desk) -> list[DraftStatement]:
    """Replies of one to the other, each after what it answers, in the order of the thread."""
    replies = replies_of(desk.scope.threads)
    of = [{author.id for author in person.authors} for person in question.people]
    said: list[DraftStatement] = []
    told: set[tuple[str, str]] = set()
    for comment in desk.comments:
        answered = replies[comment.thread_id].answered_by(comment.id)
        if answered is None or comment.author is None or answered.author is None:
            continue
        if not any(comment.author.id in one and answered.author.id in other for one, other in (of, of[::-1])):
            continue
        if len(told) >= EXCHANGED:
            break
        if key(answered) not in told and answered.citable:
            said.append(stated(opening(answered, 1.0)))
        shown = stance.shown(comment, answered)
        said.append(stated(showing(comment, shown), shown.stance))
        told |= {key(answered), key(comment)}
    return said
