"""What it is all about, and both sides: the positions of a discussion, words in favour beside words against.

Positions are found in bot.viewpoints. Not here: headline, shares and the page's own summary (bot.digest).
"""

import re
from collections.abc import Sequence

from bot import stance
from bot.answer import Draft, DraftStatement, Role
from bot.desk import Desk, key, stated
from bot.forms import OPENERS, any_of
from bot.inquiry import Question
from bot.kinds import attitudes
from bot.kinds.exchanges import showing
from bot.kinds.target import openers
from bot.manner import manner
from bot.people import People
from bot.points import Point, opening, together
from bot.quotable import says
from bot.replies import replies_of
from bot.subject import Subject
from bot.viewpoints import positions, quotable, texts
from corpus.thread import Comment
from index.lexical import terms

MOST = 8
EACH_SIDE = 4
_POINTS = (
    r"(?:main|key|major|most important|central|overall|big|core|top) (?:points?|arguments?|ideas?|topics?|themes?"
    r"|takeaways?|"
    r"opinions?|views?|positions?|issues?|messages?|takes?|findings?|conclusions?)"
)
_SHORT = any_of(
    rf"""
    tl;?dr
    (?:give|write|make|show|get|need|want)(?: me| us)? (?:a |an |the )?(?:\w+ )?(?:gist|summary|overview|recap\
        |short version|digest)
    (?:what(?:'s| is| was) |the )?(?:gist|summary|overview|recap|bottom line|short version)
    (?:what (?:are|were|is|was) |list |show me |give me )?(?:the |some |all )*{_POINTS}
    (?:summari[sz]e|sum up|recap)
    (?:key |main )?(?:takeaways|highlights)
    what did i miss
    catch me up
    what(?:'s| is) going on
    in (?:short|a nutshell|brief)
    """
)
_TALK = any_of(
    r"""
    what(?:'s| is| was| are| were) (?:all )?(?P<a>.+?) (?:all )?about
    what (?:are|were|do|did|does|is|have|has) (?:the )?(?:\w+ of them|people|they|everyone|commenters|users|folks\
        |others)(?: been)?
    what (?:is|was|gets?|got)(?: being)? (?:said|discussed|talked about)
    """
)
_TALKING = r"(?: (?:sa(?:y|id|ying)|talk(?:ing|ed)?|discuss(?:ing|ed)?|think(?:ing)?))?"
_SUMMARY = re.compile(rf"^{OPENERS}(?:(?:can|could|would) you )?(?:please )?{_SHORT}\b(?P<rest>.*)$", re.I | re.S)
_ABOUT = re.compile(rf"^{OPENERS}{_TALK}{_TALKING}\b(?P<rest>.*)$", re.I | re.S)
_NO_SUBJECT = frozenset(
    terms(
        "this that thread discussion debate conversation story here argument it issue question comment post "
        "page talk chat meeting whole entire everything people say said line sentence word bullet short brief "
        "main point overall general so far week day month time made raised discussed happening one two three "
        "four five six seven eight nine ten few single minute paragraph reader need know"
    )
)
_SIDES = re.compile(
    rf"^{OPENERS}(?:(?:can|could|would) you )?(?:please )?(?:give(?: me)? |show(?: me)? |list |summari[sz]e "
    rf"|what (?:are|is|were) |what's |explain |tell me )?"
    + any_of(
        r"""
        (?:the )?(?:both|two|different|opposing|each) sides?(?: of| on| to| about)?(?P<a>.*)
        (?:what|who) (?:speaks?|is|are) for (?P<f>.+?),? (?:and )?(?:what|who) (?:speaks? |is \
            |are )?against(?: it| that| them| this)?
        (?:the )?for and against(?P<g>.*)
        (?:the )?pros? (?:and|&|or) cons?(?: of| on| for| about)?(?P<b>.*)
        (?:the )?(?:main |best |strongest )?(?:arguments?|case|reasons|points) (?:for and against|pro and con\
            |on both sides|both for and against)(?P<c>.*)
        (?:the )?(?:advantages and disadvantages|upsides and downsides|benefits and (?:drawbacks|risks\
            |costs))(?: of)?(?P<d>.*)
        who (?:is|are|was|were) (?:for|in favou?r)(?: of)? and who (?:is|are|was|were) against(?P<e>.*)
        """
    )
    + r"\W*$",
    re.I | re.S,
)
_NOTHING = frozenset(terms("this thread discussion debate conversation story here argument it issue question comment"))


def read(asked: str, people: People) -> Question | None:
    """The question, where it asks for all of it in short, for both sides, or for the arguments of one.

    What is said of what the whole thread is about, by its title, is all of it.
    """
    short, about = _SUMMARY.match(asked), _ABOUT.match(asked)
    if short or about:
        words = short["rest"] if short else f"{about['a'] or ''} {about['rest']}" if about else ""
        left = set(terms(words)) - _NO_SUBJECT - people.title_terms
        if not left and not any(people.find(word) for word in words.split() if word.startswith("@")):
            return Question(text=asked, standalone=asked, kind="summary", subject="")
    match = _SIDES.match(asked)
    if match is None:
        return attitudes.read_argued(asked, people)
    rest = next((part for part in match.groupdict().values() if part), "")
    rest = re.sub(r"^\s*(?:of|on|about|to|in|for|the|this|that)\s+", "", rest.strip(" ?!.")).strip(" ?!.")
    subject = rest if set(terms(rest)) - _NOTHING else ""
    return Question(text=asked, standalone=asked, kind="sides", subject=subject)


def summary(_: Question, desk: Desk) -> Draft:
    """The opening post, then the positions that most commenters share, each by its most central words."""
    desk.look_at(desk.comments)
    if not desk.comments:
        return desk.gap("unsaid")
    first = [opening(post, 1.0) for post in openers(desk)[:2] if key(post) in desk.keys and says(post.text)]
    shown = {key(point.comment) for point in first}
    said = [stated(point) for point in first]
    for thread in desk.threads:
        only = {comment.id for comment in desk.comments if comment.thread_id == thread.id}
        spoken = texts(thread)
        found = positions(thread, desk.scope, only=only, limit=MOST, said=spoken)
        for position in quotable(found, thread, spoken):
            words = [quote for quote in position.quotes if (quote.thread_id, quote.comment_id) not in shown][:1]
            said += [DraftStatement(evidence=tuple(words))] if words else []
    if len(said) == len(first):
        rest = [point for point in desk.openings(desk.comments) if key(point.comment) not in shown]
        rest = [point for point in rest if says(point.words)] or rest
        said += [stated(point) for point in together(rest, desk.scope, limit=MOST - len(first), per_author=1)]
    return desk.draft(said[: MOST + 1])


def sides(question: Question, desk: Desk) -> Draft:
    """Words in favour and words against, of the subject, by explicit cues; else what was disputed, and by whom.

    No tone is taken for a side: where neither is found, what is said of it stands there for no side, or where it is all
    that is asked about, the viewpoints.
    """
    subject = Subject(question.subject, desk.scope)
    comments = attitudes.about(question.subject, desk)
    taken = list(attitudes.sided(comments, subject))
    kept = {side: _kept([point for point, took in taken if took == side], desk) for side in ("in favour", "against")}
    told = [*_stated(kept["in favour"], "in favour"), *_stated(kept["against"], "against")]
    if all(kept.values()):
        return desk.draft(told)
    disputed = _disputed([comment for comment in comments if attitudes.speaks(comment, subject)], desk)
    if disputed:
        return desk.draft(disputed)
    near = attitudes.nearest(question, comments, subject, desk)
    if not told and not _answered(question, comments, subject, near, desk):
        return desk.gap("sideless", near)
    shown = {key(point.comment) for side in kept.values() for point in side}
    rest = together([p for p in near if key(p.comment) not in shown], desk.scope, limit=EACH_SIDE, per_author=1)
    return desk.draft([*told, *(stated(point) for point in rest)])


def _answered(
    question: Question, comments: Sequence[Comment], subject: Subject, near: Sequence[Point], desk: Desk
) -> bool:
    """Whether what is nearest is about the subject: it is named, or the posts answer what is asked."""
    if not question.about_anything or any(attitudes.speaks(comment, subject) for comment in comments):
        return bool(near)
    return desk.answered(near, wanted=question.subject)


def _kept(points: Sequence[Point], desk: Desk) -> list[Point]:
    return together(points, desk.scope, limit=EACH_SIDE, per_author=1)


def _stated(points: Sequence[Point], role: Role) -> list[DraftStatement]:
    return [stated(point, role) for point in points]


def _disputed(comments: Sequence[Comment], desk: Desk) -> list[DraftStatement]:
    """Posts and the replies that disagree with them."""
    replies = replies_of(desk.scope.threads)
    said: list[DraftStatement] = []
    for post in comments:
        against = [
            reply
            for reply in replies[post.thread_id].from_others(post.id)
            if stance.of_reply(reply, post) in {"disagrees", "partly"} and manner(reply, 0, len(reply.text)) is None
        ]
        if against and len(said) < MOST:
            said.append(stated(opening(post, 1.0)))
            said += [stated(showing(reply, stance.shown(reply, post)), _role(reply, post)) for reply in against[:2]]
    return said


def _role(reply: Comment, post: Comment) -> Role:
    return stance.of_reply(reply, post)
