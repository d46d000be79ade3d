"""The most of something: most liked, longest, first to mention, who posted most. From the data, with ties.

The figures are worked out in bot.evidence.measures, and again by bot.verification.verify. Not here: questions about a
time (bot.kinds.time).
"""

from bot.evidence.measures import OF_PEOPLE, Place, standing
from bot.evidence.points import Point, whole
from bot.evidence.reply_edges import replies_of
from bot.kinds.workbench import Desk, key
from bot.questions import superlative_forms as forms
from bot.values.answer import Draft, DraftStatement, Finding, Measure
from bot.values.inquiry import Question
from corpus.thread import Comment

MOST = 8
"""Posts that are shown."""
HELD = 0.66
"""Of a subject's terms, the share that a post must hold to speak of it, near words in part."""
OF_REPLIES: frozenset[Measure] = frozenset(["likes", "reposts", "views", "length", "time"])


def write(question: Question, desk: Desk) -> Draft:
    """The posts, or a post or two of each of the people, that share the first places."""
    if question.person is not None and not question.person.known:
        return desk.gap("absent")
    compared, words = _compared(question, desk)
    if not compared:
        return desk.gap("silent" if question.person is not None else "unmentioned", nearest=list(words.values()))
    desk.look_at(compared)
    everything = len(compared) == sum(c.citable for thread in desk.threads for c in thread.comments)
    finding = Finding(
        measure=question.measure,
        least=question.least,
        among=None if everything else tuple(key(comment) for comment in compared),
        top=question.top,
    )
    found = standing(finding, desk.scope.threads)
    if not found.places:
        return desk.gap("ungiven", finding=finding, nearest=None if question.about_anything else ())
    said: list[DraftStatement] = []
    for place in found.first(question.top):
        said += [(words.get(key(c)) or whole(c)).stated() for c in _shown(place, question, desk)]
    first = [comment for place in found.first(question.top) for comment in place.comments]
    return desk.drafted(said[: max(MOST, question.top)], finding=finding, counted=first)


def _shown(place: Place, question: Question, desk: Desk) -> list[Comment]:
    """The posts of a place; of people the two of each around which most happened."""
    if question.measure not in OF_PEOPLE:
        return list(place.comments)
    shown: list[Comment] = []
    for author in place.authors:
        theirs = [comment for comment in place.comments if comment.author and comment.author.id == author.id]
        theirs.sort(key=lambda c: -desk.scope.threads[c.thread_id].activity[c.id])
        shown += theirs[: 2 if len(place.authors) < MOST // 2 else 1]
    return shown


def _compared(question: Question, desk: Desk) -> tuple[list[Comment], dict[tuple[str, str], Point]]:
    """What is compared, and where the question names a subject the words that speak of it."""
    some = [comment for comment in desk.comments if not question.cited or key(comment) in set(question.cited)]
    if question.person is not None and question.pointing:
        replies = replies_of(desk.scope.threads)
        theirs = desk.by(question.person)
        some = [reply for post in theirs for reply in replies[post.thread_id].from_others(post.id)]
    elif question.person is not None:
        some = desk.by(question.person)
    if question.person is None and question.measure in OF_REPLIES and forms.REPLY.search(question.text):
        some = [c for c in some if desk.scope.threads[c.thread_id].parents[c.id] is not None] or some
    if not question.about_anything or not some:
        return some, {}
    among = None if len(some) == len(desk.comments) else some
    found = desk.points(question.subject, k=len(some), among=among)
    words = {key(point.comment): point for point in found if point.cover >= HELD}
    if not words:
        return [], {key(point.comment): point for point in found[:3]}
    return [comment for comment in some if key(comment) in words], words
