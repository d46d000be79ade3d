"""Questions for exact words: "did anyone say 'the tax doubled'?", "quote @x verbatim", "the exact words about tax".

Not here: how a phrase is found in a comment (bot.locate).
"""

import re
from collections.abc import Iterable, Sequence

from bot import locate
from bot.answer import Draft
from bot.copies import once
from bot.desk import Desk, key, stated
from bot.forms import OPENERS, any_of
from bot.inquiry import Question
from bot.kinds.target import target
from bot.people import People
from bot.points import QUOTE_CHARACTERS, Point
from corpus.text import sentences
from corpus.thread import Comment

MOST = 8
SPEAKS, MAY_SPEAK = 0.8, 0.5
"""Of a subject's terms by rarity, what a post must hold to speak of it, and what where none holds so much."""
FEWEST_LETTERS = 3
_PHRASE = re.compile(
    r"[\"“„«]([^\"“”„«»]{2,300})[\"”“»]|(?<!\w)['‘]([^'‘’]*\s[^'‘’]*(?:['’](?=\w)[^'‘’]*)*|[^'‘’\s]{3,40})['’](?!\w)"
)
_SAYING = re.compile(
    r"\b(?:say|says|said|write|writes|wrote|written|use[sd]?|using|phrase|words?|mention(?:s|ed)?|call(?:s|ed)?|find|search|quote|"
    r"where|post(?:s|ed)?|line|sentence|utter(?:s|ed)?|claim(?:s|ed)?|contain(?:s|ing)?)\b",
    re.I,
)
_EXACT = re.compile(
    rf"^{OPENERS}(?:(?:can|could|would) you |i want |i need )?(?:please )?"
    + any_of(
        r"""
        (?:find|give|show|get|tell|quote|cite)(?: me| us)? (?:the |an? |any )?(?:exact|verbatim|literal|precise\
            |actual|original|direct) \w+(?P<a>.*)
        (?:what|which) (?:are|were|is|was) (?:the )?(?:exact|verbatim|literal|precise|actual) (?:words?|wording\
            |quotes?|phrase|phrasing|sentence)(?P<b>.*)
        what exactly (?:did|does|do) (?P<c>.*)
        (?:find|give|show)(?: me| us)? (?:a |the |some |any )?quotes?(?P<d>.*)
        quote (?P<e>.*)
        (?:what|how) (?:did|does|do) (?P<f>.+?),? (?:verbatim|word for word|literally|in (?:his|her\
            |their) own words|exactly)
        (?P<g>.+) (?:verbatim|word for word|in (?:his|her|their) own words)
        """
    )
    + r"\W*$",
    re.I | re.S,
)
_META = re.compile(r"(?:the )?(?:exact|verbatim|literal|precise) \w+|quotes?|verbatim", re.I)
"""Quotation marks around what is asked for, not around the words to be found."""
_WORDING = re.compile(
    r"\b(?:exact|verbatim|literal|precise|original) (?:words?|wording|sentences?|quotes?|phrase|phrasing|text"
    r"|lines?)\b[\"'”’]?"
    r"(?P<h>.*?)(?:,? please)?\W*$",
    re.I | re.S,
)
_TAIL = re.compile(r",?\s*(?:verbatim|word for word|literally|exactly|in (?:his|her|their) own words)\W*$", re.I)
_SAID = re.compile(
    r"^\s*(?:(?:of|by|from|where|in which|that|what|did|does|about"
    r"|on)\s+)*(?P<who>@?\w[\w.@-]*(?: (?-i:[A-Z])[\w.-]*)?)?(?:['’]s)?\s*"
    r"(?:(?:say|said|says|wrote|write|used?|talk(?:s|ed)?|words?|post(?:ed)?|argue[sd]?|mention(?:s|ed)?|on|about|regarding|of|when)\b\s*)*(?P<rest>.*)$",
    re.I | re.S,
)


def read(asked: str, people: People) -> Question | None:
    """The question, where it asks for words as they were written."""
    phrase = next((found[1] or found[2] for found in _PHRASE.finditer(asked) if _letters(found[1] or found[2])), None)
    outside = asked.replace(phrase, " ") if phrase is not None else asked
    if phrase is not None and _SAYING.search(outside) and not _META.fullmatch(phrase.strip()):
        before = asked[: asked.index(phrase)]
        who = re.search(
            r"\b(?:did|does|has|do)\s+(?P<who>@?\w[\w.@-]*(?: [A-Z][\w.-]*)?)\s+(?:ever |really "
            r"|actually )?(?:say|use|write|call|said|used|post|claim|mention)",
            before,
        )
        person = people.find(who["who"], verb="post") if who else None
        return Question(
            text=asked, standalone=asked, kind="quote", subject=phrase, phrase=phrase.strip(), person=person
        )
    match = _EXACT.match(asked) or _WORDING.search(asked)
    if match is None:
        return None
    rest = _TAIL.sub("", next((part for part in match.groupdict().values() if part is not None), "")).strip(" ?!.")
    rest = re.sub(r"^(?:of|in which|where|when|with which|by which|that|for)\s+", "", rest, flags=re.I)
    told = _SAID.match(rest)
    person = people.find(told["who"] or "", verb="post") if told else None
    if told and person is not None and (person.known or (told["who"] or "").startswith("@")):
        return Question(
            text=asked, standalone=asked, kind="quote", subject=target(told["rest"], people).subject, person=person
        )
    aimed = target(
        re.sub(r"^(?:words?|wording|quotes?|phrase|sentence|line|passage)\b\s*", "", rest, flags=re.I), people
    )
    return Question(
        text=asked, standalone=asked, kind="quote", subject=aimed.subject, person=aimed.person, pointing=aimed.pointing
    )


def _letters(phrase: str) -> bool:
    return sum(mark.isalnum() for mark in phrase) >= FEWEST_LETTERS


def write(question: Question, desk: Desk) -> Draft:
    """The sentences that hold the phrase, or that speak of the subject, as they were written."""
    if question.person is not None and not question.person.known:
        return desk.gap("absent")
    among = desk.by(question.person) if question.person is not None else list(desk.comments)
    if question.cited:
        among = [comment for comment in among if key(comment) in set(question.cited)]
    desk.look_at(among)
    if question.phrase is not None:
        return _phrase(question, desk, among)
    if not question.about_anything:
        return desk.said(desk.near(desk.openings(among), per_author=MOST)) if among else desk.gap("silent")
    spoken = {key(p.comment): p for p in desk.speaking(question.subject, among=among) if p.cover >= SPEAKS}
    found = desk.points(question.subject, desk.hits(question.subject, among=among), asks=False)
    if not spoken and not desk.answered(found, wanted=question.subject, of_one=question.person is not None):
        return desk.gap("silent" if question.person is not None else "unsaid", found)
    near = desk.near(found)
    if not spoken:
        fit = [point for point in near if point.cover >= MAY_SPEAK]
        return desk.said(fit) if fit else desk.gap("silent" if question.person is not None else "unsaid", found)
    fit = [point for point in near if key(point.comment) in spoken]
    shown = {place for point in fit for place in map(key, (point.comment, *(other.comment for other in point.also)))}
    rest = once([point for place, point in spoken.items() if place not in shown])
    return desk.draft([stated(point) for point in [*fit, *rest][:MOST]], matched=list(spoken))


def _shown(said: Sequence[Point], desk: Desk) -> Draft:
    """The first of the posts, the same words once; all of them are counted."""
    return desk.draft([stated(point) for point in once(said)[:MOST]], matched=[key(point.comment) for point in said])


def _phrase(question: Question, desk: Desk, among: Iterable[Comment]) -> Draft:
    phrase = question.phrase or ""
    said = [point for comment in among if (point := holding(comment, phrase)) is not None]
    if said:
        return _shown(said, desk)
    found = desk.points(phrase, desk.hits(phrase), asks=False)
    return desk.gap("unwritten", found)


def holding(comment: Comment, phrase: str) -> Point | None:
    """The sentence, or sentences, of the comment's own that hold the phrase; in any case of letters."""
    folded = comment.text.casefold()
    text = folded if len(folded) == len(comment.text) else comment.text
    for start, end in locate.spans(text, phrase.casefold() if text is folded else phrase):
        if not comment.own_words(start, end):
            continue
        around = [(a, b) for a, b in sentences(comment.text) if a < end and start < b]
        low, high = min((a for a, _ in around), default=start), max((b for _, b in around), default=end)
        low, high = min(low, start), max(high, end)
        if high - low > QUOTE_CHARACTERS or any(a < high and low < b for a, b in comment.quoted):
            low, high = start, end
        return Point(comment=comment, start=low, end=high, score=1.0, fit=1.0, near=1.0, cover=1.0)
    return None
