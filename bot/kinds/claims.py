"""Yes or no: who says so and who says the contrary. Never a bare yes: that is the reader's to conclude.

A mention is a matter of words; whether something is so, of what people claim. Not here: counts (bot.kinds.tally).
"""

import re
from collections.abc import Sequence

from bot import stance
from bot.answer import Draft, DraftStatement, Role
from bot.desk import Desk, key, stated
from bot.forms import OPENERS, spoken_of
from bot.inquiry import Question
from bot.kinds.views import open_question
from bot.manner import manner
from bot.people import People
from bot.points import Point, together

MENTIONS, MAY_MENTION = 0.8, 0.5
"""Of a subject's terms by rarity, what a post must hold to speak of it, and what it must where none holds so much."""
MOST = 8
THERE = re.compile(
    rf"^{OPENERS}(?:is|are|was|were) there (?:any(?:thing|body|one)?|some(?:thing)?|an?)\b(?P<rest>.*)$", re.I | re.S
)
IS_IT = re.compile(
    rf"^{OPENERS}(?:is|are|was|were|does|do|did|has|have|had|can|could|will|would|should|must) (?!you\b|i\b"
    rf"|we\b)(?P<rest>\w.*)\?\s*$",
    re.I | re.S,
)
_CHOICE = re.compile(r"\bor\b", re.I)


def read(asked: str, people: People) -> Question | None:
    """The question, where it can be answered by who says so and who does not."""
    there = THERE.match(asked)
    if there:
        return Question(text=asked, standalone=asked, kind="yes-no", subject=spoken_of(there["rest"]))
    plain = IS_IT.match(asked)
    if plain and not _CHOICE.search(asked):
        return Question(text=asked, standalone=asked, kind="yes-no", subject=asked)
    return None


def write(question: Question, desk: Desk) -> Draft:
    """Who says so first, then who says the contrary, then what only bears on it."""
    if question.mentions and question.person is None:
        return _mentioned(question, desk)
    draft = open_question(question, desk)
    if draft.gap is not None:
        return draft
    said = [statement.model_copy(update={"role": _role(statement, question, desk)}) for statement in draft.statements]
    order = {"says so": 0, "says the contrary": 1, None: 2}
    said.sort(key=lambda statement: order.get(statement.role, 2))
    return draft.model_copy(update={"statements": tuple(said)})


def _role(statement: DraftStatement, question: Question, desk: Desk) -> Role | None:
    first = statement.evidence[0]
    comment = desk.scope.threads[first.thread_id].by_id[first.comment_id]
    start = first.start or 0
    joking = manner(comment, 0, len(comment.text)) == "jokes"
    if joking or manner(comment, start, start + len(first.quote)) is not None:
        return None
    bearing = stance.of_claim(first.quote, question.subject)
    return None if bearing == "touches" else bearing


def _speaking(found: Sequence[Point], share: float) -> list[Point]:
    return [point for point in found if point.cover >= share]


def _mentioned(question: Question, desk: Desk) -> Draft:
    """The posts that speak of it, in its words or near ones."""
    spoken = _speaking(desk.speaking(question.subject), MENTIONS)
    if not spoken:
        found = desk.points(question.subject, desk.hits(question.subject), asks=False)
        spoken = _speaking(found, MAY_MENTION) if desk.answered(found, wanted=question.subject) else []
        if not spoken:
            return desk.gap("unsaid", found)
    kept = together(spoken, desk.scope, limit=MOST, per_author=2)
    return desk.draft([stated(point) for point in kept], matched=[key(point.comment) for point in spoken])
