"""What somebody, or anybody, asks, suggests, wants or has trouble with: "What does @x suggest?", "What should I do?".

Nothing need be said of a suggestion for it to be one, so these are told by what words do (bot.acts), not by their
subject. Not here: the same of a subject ("what does @x suggest about fuel?"), which is bot.kinds.views'.
"""

import re
from collections.abc import Sequence

from bot.acts import does
from bot.answer import Draft
from bot.desk import POINTS, Desk
from bot.forms import OPENERS, any_of
from bot.inquiry import Act, Place, Question
from bot.people import People, Person
from bot.points import QUOTE_CHARACTERS, Point, together
from corpus.text import sentences
from corpus.thread import Comment

SHOWN = 5
"""Posts of one person."""
_WHO = r"(?P<who>@?\w[\w.@\[\]-]*(?: [A-Z0-9][\w.-]*){0,3})"
_AUX = r"(?:do|does|did|has|have|had|would|is|was|will)"
_ADVERBS = r"(?:(?:just|also|even|first|then|ever|\w+ly) )*"
_VERBS: dict[Act, str] = {
    "suggests": r"(?:suggest|recommend|advi[sc]e|propose|tell|told)(?:s|d|ed|ing)?",
    "asks": (
        r"(?:(?:want|like|need|wish|hope)(?:s|ed)? to (?:know|learn|find out|hear|ask)|"
        r"ask(?:s|ed|ing)?|wonder(?:s|ed|ing)?)"
    ),
    "wants": r"(?:want|need|hope|wish|try|aim|plan|intend)(?:s|d|ed|ing)?|tries|tried|look(?:s|ed|ing)? for",
    "tells of trouble": r"(?:complain|struggle|suffer|fail)(?:s|d|ed|ing)?",
}
_NOUNS: dict[Act, str] = {
    "suggests": r"(?:suggestions?|advice|recommendations?|proposals?|solutions?|tips?)",
    "asks": r"(?:questions?|quer(?:y|ies))",
    "wants": r"(?:goals?|aims?|wish(?:es)?|needs?|requests?|intentions?)",
    "tells of trouble": r"(?:problems?|issues?|troubles?|difficult(?:y|ies)|errors?)",
}
_HAS: dict[Act, str] = {
    "suggests": r"(?:giv(?:e|en|es|ing)|gave|offer(?:s|ed)?|suggest(?:s|ed)?|ma(?:ke|kes|de)|have|has|propose[sd]?)",
    "asks": r"(?:ask(?:s|ed)?|have|has|put|raise[sd]?|pose[sd]?)",
    "wants": r"(?:have|has|ma(?:ke|kes|de))",
    "tells of trouble": (
        r"(?:hav(?:e|ing)|has|had|fac(?:e|es|ed|ing)|me(?:e|)ts?|get(?:s|ting)?|got|r[au]n(?:s|ning)? into|"
        r"report(?:s|ed)?|"
        r"encounter(?:s|ed|ing)?|see[ns]?|saw|describe[sd]?|mention(?:s|ed)?|hit(?:s)?)"
    ),
}
_WHAT = rf"^{OPENERS}(?:what(?:'s|s)?|which|whats)"
_FORMS_OF_ONE: tuple[tuple[Act, re.Pattern[str]], ...] = tuple(
    (act, re.compile(form, re.I | re.S))
    for act in _VERBS
    for form in (
        rf"{_WHAT}(?: (?:else|all))? (?:{_AUX} )?{_WHO} {_ADVERBS}(?:{_VERBS[act]})\b(?P<rest>.*)$",
        rf"{_WHAT}(?: (?:is|are|was|were))? {_WHO}(?:'s|’s|s'|'|’) "
        rf"(?:(?P<place>first|last|final|main|other|own|biggest) )*"
        rf"{_NOUNS[act]}\b(?P<rest>.*)$",
        rf"{_WHAT}(?: (?:kind|sort)s? of)? (?:\w+ )?{_NOUNS[act]} {_AUX} {_WHO} {_ADVERBS}{_HAS[act]}\b(?P<rest>.*)$",
    )
) + tuple(
    ("tells of trouble", re.compile(form, re.I | re.S))
    for form in (
        rf"^{OPENERS}what(?:'s| is| was) (?:wrong|the (?:problem|matter|issue|trouble)) "
        rf"(?:with|of|for) {_WHO}(?P<rest>)$",
        rf"^{OPENERS}what (?:happened|went wrong) (?:to|for|with) {_WHO}(?P<rest>)$",
    )
)
_THINGS = r"(?:it|this|that|them|the (?:problem|issue|error|trouble|situation|bug)|this (?:problem|issue|error))"
_ANYBODY = r"(?:i|we|you|one|they|he|she|someone|people)"
_HERE = (
    r"(?: (?:here|there|now|then|next|first|instead|else|at last|by anyone"
    r"|in (?:this|the) (?:thread|discussion|chat|case)))*"
)
_OF_ALL: tuple[tuple[Act, str], ...] = (
    (
        "suggests",
        rf"""
        what (?:should|can|could|must|do|would) {_ANYBODY} (?:do|try)(?: about {_THINGS})?
        what (?:is|was|are|were) (?:\w+ )?(?:to be done|suggested|recommended|advised|proposed)
        what to (?:do|try)(?: about {_THINGS})?
        how (?:to|(?:do|can|could|should|would) {_ANYBODY}|(?:is|was) {_THINGS}) (?:solve|fix|resolve\
            |repair)(?:ed|d)?(?: {_THINGS})?
        how (?:is|was|can|could) {_THINGS}(?: be)? (?:solved|fixed|resolved|repaired)
        (?:what|which)(?:'s| is| was| are| were) the (?:\w+ )?{_NOUNS["suggests"]}
        (?:what|which|any) {_NOUNS["suggests"]}(?: (?:is|are|was|were) (?:there|made|given|offered|proposed))?
        what (?:do|did|does) (?:people|they|others|everyone|commenters|the commenters|anyone) (?:suggest\
            |recommend|advise|propose)
        """,
    ),
    (
        "asks",
        rf"""
        (?:what|which) {_NOUNS["asks"]} (?:do|did|are|were|is|was) (?:people |they |commenters |others \
            |being )?(?:ask(?:ed|ing)?|raised|put|posed|there)
        what (?:do|did) (?:people|they|others|commenters) (?:ask|want to know|wonder)(?: about)?
        what (?:is|was|are|were) (?:being )?asked
        """,
    ),
    (
        "tells of trouble",
        rf"""
        what(?:'s| is| was| are| were|s) (?:the|your|his|her|their|my|our) (?:\w+ )?(?:problems?|issues?\
            |troubles?|difficult(?:y|ies)|errors?)
        what (?:problems?|issues?|troubles?|errors?|difficulties) (?:do|did|does|have|are|were|is\
            |was) (?:{_ANYBODY}|there)(?: (?:have|had|face|faced|met|get|got|report|reported|run into))?
        what(?:'s| is| was) (?:wrong|the matter|broken)
        what (?:went wrong|goes wrong|(?:does|did)n't work|fails|failed|is not working|isn't working)
        """,
    ),
)
_FORMS_OF_ALL = tuple((act, re.compile(f"^{OPENERS}{any_of(forms)}{_HERE}$", re.I | re.S)) for act, forms in _OF_ALL)
_FIRST = re.compile(r"\b(?:first|at first|initially|in the beginning|at the start|originally)\b", re.I)
_LAST = re.compile(r"\b(?:last|at last|finally|in the end|at the end|eventually|final)\b", re.I)
_FILLING = re.compile(
    r"\b(?:to|do|does|done|try|have|get|for|about|of|from|at|in|on|the|a|an|him|her|them|us|me|it|that|this|other|others|"
    r"person|people|somebody|someone|everybody|everyone|anyone|else|here|there|then|next|now|ever|really|just|again|as|"
    r"and|is|are|was|were|first|last|finally|initially|end|beginning|start|thread|discussion|chat|achieve|know|with)\b",
    re.I,
)


def read(asked: str, people: People) -> Question | None:
    """The question, where it asks for an act and names no subject of it."""
    bare = asked.rstrip(" \t?!.…？")
    for act, form in _FORMS_OF_ONE:
        match = form.match(bare)
        person = people.find(match["who"]) if match else None
        if match and person is not None and person.known and not _subject(match["rest"], people):
            return _question(asked, act, person, f"{match.groupdict().get('place') or ''} {match['rest']}")
    for act, form in _FORMS_OF_ALL:
        if form.match(bare):
            return _question(asked, act, None, "")
    return None


def place(words: str) -> Place | None:
    """Whether the first or the last one is asked for."""
    if _FIRST.search(words):
        return "first"
    return "last" if _LAST.search(words) else None


def _question(asked: str, act: Act, person: Person | None, rest: str) -> Question:
    kind = "open" if person is None else "says"
    return Question.model_validate(
        {"text": asked, "standalone": asked, "kind": kind, "subject": "", "person": person, "act": act}
        | {"place": place(rest)}
    )


def _subject(rest: str, people: People) -> str:
    """What is left after the act but fillers and the names of people here: "@ada to do at first" is no subject."""
    words = [word for word in _FILLING.sub(" ", rest).split() if any(mark.isalnum() for mark in word)]
    return " ".join(word for word in words if (found := people.find(word)) is None or not found.known)


def write(question: Question, desk: Desk) -> Draft:
    """The words that do what is asked for, in the order in which they were posted; of all, the most active first.

    Of one person who does nothing of the kind in so many words, what that person says, which may come to it.
    """
    person, act = question.person, question.act
    posts = list(desk.comments) if person is None else desk.by(person)
    if not posts:
        return desk.gap("no more" if question.shown else "silent" if desk.narrowed else "absent")
    desk.look_at(posts)
    found = _found(act, posts) if act else desk.openings(posts)
    if not found and (person is None or act == "asks"):
        return desk.gap("unsaid" if person is None else "silent", desk.openings(posts))
    ordered = _in_order(found or desk.openings(posts, ordered=True), question.place, desk, ranked=person is None)
    return desk.said(together(ordered, desk.scope, limit=_many(question), per_author=2 if person is None else SHOWN))


def _found(act: Act, posts: Sequence[Comment]) -> list[Point]:
    """The posts that do it; where nobody plainly tells of trouble, those that say what cannot be, or want something."""
    ways: tuple[tuple[Act, bool], ...] = (("tells of trouble", False), ("tells of trouble", True), ("wants", False))
    for one, loosely in ways if act == "tells of trouble" else ((act, False),):
        found = [point for post in posts if (point := _doing(post, one, loosely=loosely)) is not None]
        if found:
            return found
    return []


def _many(question: Question) -> int:
    if question.place is not None:
        return 1
    return POINTS if question.person is None else SHOWN


def _in_order(found: Sequence[Point], wanted: Place | None, desk: Desk, *, ranked: bool) -> list[Point]:
    threads = desk.scope.threads
    order = {(thread.id, comment_id): at for thread in threads.values() for comment_id, at in thread.position.items()}
    if ranked and wanted is None:
        return sorted(found, key=lambda point: -threads[point.comment.thread_id].activity[point.comment.id])
    posted = sorted(found, key=lambda point: order[point.comment.thread_id, point.comment.id])
    return posted[::-1] if wanted == "last" else posted


def _doing(comment: Comment, act: Act, *, loosely: bool) -> Point | None:
    """The first sentences in a row of a comment's own that do it; None where none does."""
    spans = [(a, b) for a, b in sentences(comment.text) if comment.own_words(a, b)]
    doing = [does(comment.text[a:b], act, loosely=loosely) for a, b in spans]
    if True not in doing:
        return None
    first = last = doing.index(True)
    while last + 1 < len(spans) and doing[last + 1] and spans[last + 1][1] - spans[first][0] <= QUOTE_CHARACTERS:
        last += 1
    start, end = spans[first][0], spans[last][1]
    if any(low < end and start < high for low, high in comment.quoted):
        end = spans[first][1]
    return Point(comment, start, end, score=1.0)
