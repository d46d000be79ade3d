"""Who is worried, sceptical, excited, angry, joking, for or against, and how many; the arguments for or against.

Whose words show it of the subject, in one clause with it, is among them; who only speaks of the subject is unclear; of
tone nothing is concluded. Not here: both sides beside each other (bot.kinds.overview), the cues (bot.attitude).
"""

import re
from collections.abc import Iterator, Sequence

from bot import attitude
from bot.answer import Draft, Gap
from bot.commands import addressed_to_machines
from bot.desk import COUNTED, Desk, key, stated
from bot.forms import OPENERS, any_of
from bot.inquiry import Attitude, Question
from bot.manner import manner, mocking
from bot.people import People
from bot.points import Point, opening, together
from bot.subject import Subject
from bot.viewpoints import Position, positions
from corpus.text import sentences
from corpus.thread import Comment, Thread
from index.lexical import terms

MOST = 8
"""Posts that are shown."""
_ADJECTIVE = (
    r"(?P<attitude>worried|concerned|afraid|scared|anxious|nervous|fearful|alarmed|pessimistic|s[ck]eptical|doubtful"
    r"|unconvinced|suspicious|cynical|dubious|not convinced|excited|enthusiastic|optimistic|hopeful|thrilled|eager"
    r"|looking forward|angry|furious|upset|outraged|annoyed|mad|frustrated|unhappy|disappointed|happy|positive"
    r"|in favou?r|supportive|pleased|glad|against|opposed|negative|critical|hostile|joking|kidding|sarcastic|ironic"
    r"|not serious|for(?= (?:the|it|this|that|an?|open|more|less|\w+ing)\b))"
)
_TO = r"(?: (?:about|of|by|at|with|that|to|towards?|on|over|for))?"
_CROWD = (
    r"(?:(?:people|commenters?|users?|posters?|folks|voices|of them|posts|comments)(?: here| in (?:this|the) thread)?)"
)
_FEELING = (
    re.compile(
        rf"^{OPENERS}(?:who(?:'s)?|which (?:people|commenters?|users?)|(?:is|are|was|were) (?:any(?:one|body)"
        rf"|people|some(?:one|body)))"
        rf"(?: here| else| in (?:this|the) thread| (?:is|are|was|were|sounds?|seems?|feels?|seemed"
        rf"|sounded))*(?: (?:most|very|really|so|quite|just|only))*"
        rf" {_ADJECTIVE}\b{_TO}(?P<rest>.*)$",
        re.I | re.S,
    ),
    re.compile(
        rf"^{OPENERS}how many(?: {_CROWD}| \w+)? (?:are|is|were|sound|seem|feel) {_ADJECTIVE}\b{_TO}(?P<rest>.*)$",
        re.I | re.S,
    ),
)
_LIKES = r"(?P<for>supports?|favou?rs?|backs?|likes?|loves?|welcomes?|endorses?|approves? of|stands? (?:for|behind))"
_DISLIKES = r"(?P<against>opposes?|dislikes?|hates?|rejects?|disapproves? of|detests?|condemns?)"
_DOING = re.compile(
    rf"^{OPENERS}(?:who|how many(?: {_CROWD})?|which {_CROWD}|(?:does|do|did) any(?:one|body)(?: here)?)"
    rf"(?: here| else| really)* (?:{_LIKES}|{_DISLIKES})\b(?P<rest>.*)$",
    re.I | re.S,
)
_JOKES = re.compile(
    rf"^{OPENERS}(?:who(?:'s)?|which {_CROWD}|how many(?: {_CROWD})?|(?:is|are|does|do|did) any(?:one|body)(?: here)?)"
    rf"(?: here| else| in this thread)*(?: (?:is|are|was|were|just|only|mak(?:es?|ing)|crack(?:s|ing)))*"
    rf" (?:an? )?(?:jok(?:es?|ed|ing)|kidding|sarcastic|sarcasm|ironic|funny|fun of)\b"
    rf"(?: (?:about|of|at|on|with))?(?P<rest>.*)$",
    re.I | re.S,
)
_ASKING = r"(?:(?:what|which)(?:'s| is| are| were| was)? |(?:give|show|tell|list)(?: me| us)? |summari[sz]e |explain )?"
_HOW = r"(?:the |some |any |all )*(?:main |best |strongest |key |big(?:gest)? |real |possible |potential |supposed )?"
_ARGUED = any_of(
    r"""
    (?:arguments?|case) (?:(?P<for>for|in favou?r of|supporting)|(?P<against>against|opposing))
    (?:reasons?|points?) (?:(?P<reasons>in favou?r of)|(?P<reservations>against))
    (?:(?P<pros>pros|advantages?|benefits?|upsides?|merits|positives)|(?P<cons>cons|disadvantages?|drawbacks?|downsides?\
        |negatives)) (?:of|to|for|in)
    (?P<risks>risks?|dangers?|threats?) (?:of|from|in)
    """
)
_ARGUMENTS = re.compile(
    rf"^{OPENERS}(?:(?:can|could) you )?{_ASKING}(?:there )?{_HOW}{_ARGUED}\b(?P<rest>.*)$", re.I | re.S
)
_CAMP = (
    r"(?:(?P<for>supporters?|proponents?|advocates|defenders|fans|optimists"
    r"|(?:positive|supportive|happy) (?:users|people|commenters|voices))"
    r"|(?P<against>critics?|opponents?|detractors?|naysayers|haters"
    r"|(?:negative|critical|unhappy) (?:users|people|commenters|voices))"
    r"|(?P<sceptical>s[ck]eptics|doubters)|(?P<risks>worriers|pessimists))"
)
_OF_A_CAMP = re.compile(
    rf"^{OPENERS}(?:what|how) (?:do|does|did) (?:the )?{_CAMP}(?: (?:of|on|here|in this thread))*(?P<of>.*?)"
    rf" ?\b(?:say|said|think|argue|claim|believe|fear|highlight|like|dislike|complain|object|point out|want|write"
    rf"|praise|criticis?z?e)\b"
    rf"(?: (?:about|of|on|to|against|that))?(?P<rest>.*)$",
    re.I | re.S,
)
_TRIMMED = re.compile(r"^(?:of|about|by|that|to|in|on|for|the idea of)\s+", re.I)
_NO_SUBJECT = frozenset(
    {"", "here", "in this thread", "it", "this", "that", "all this", "them", "the thread", "this thread", "both sides"}
)
_BOTH = re.compile(r"^\W*(?:and|or|&|/|versus|vs)\W", re.I)
"""Arguments for and against are both sides."""
_OF_A_POST = re.compile(
    r"@|^\W*(?:the |this |that |these )?(?:claims?|statements?|arguments?|views?|opinions?|idea that|opening|original"
    r"|first|posts?|comments?|repl(?:y|ies)|him|her|that|who)\b",
    re.I,
)
_GROUPS: dict[str, Attitude] = {
    "for": "in favour",
    "reasons": "in favour",
    "reservations": "against",
    "pros": "in favour",
    "against": "against",
    "cons": "against",
    "sceptical": "sceptical",
    "risks": "worried",
}


def read(asked: str, people: People) -> Question | None:
    """The question, where it asks who has an attitude by its name: who is worried, how many are against."""
    for pattern in _FEELING:
        match = pattern.match(asked)
        found = attitude.named(match["attitude"]) if match else None
        if match and found is not None:
            return _question(asked, found, match["rest"])
    return None


def read_argued(asked: str, people: People) -> Question | None:
    """The question, where it asks who jokes, supports or opposes, or for what one side has to say.

    Whom somebody here is asked to support is a question of how replies stand to theirs (bot.kinds.exchanges).
    """
    joking = _JOKES.match(asked)
    if joking is not None:
        return _question(asked, "joking", joking["rest"])
    match = next((found for form in (_DOING, _ARGUMENTS, _OF_A_CAMP) if (found := form.match(asked))), None)
    if match is None or _BOTH.match(match["rest"]):
        return None
    rest = f"{match.groupdict().get('of') or ''} {match['rest']}"
    if _OF_A_POST.search(rest) or _of_one_here(rest, people):
        return None
    group = next(name for name, said in match.groupdict().items() if said and name in _GROUPS)
    return _question(asked, _GROUPS[group], rest)


def _of_one_here(rest: str, people: People) -> bool:
    """Whether the words are, or hold, the whole name of somebody who posted here."""
    for words in (_subject(rest), *rest.split()):
        person = people.find(words)
        called = (
            {name.casefold() for a in (*person.authors, *person.candidates) for name in (a.handle, a.name) if name}
            if person
            else set()
        )
        if words.strip(" ?!.,@").casefold() in called:
            return True
    return False


def _question(asked: str, wanted: Attitude, rest: str) -> Question:
    kind = "count" if re.match(rf"^{OPENERS}how many", asked, re.I) else "who"
    return Question.model_validate(
        {"text": asked, "standalone": asked, "kind": kind, "subject": _subject(rest), "attitude": wanted}
    )


def _subject(rest: str) -> str:
    subject = _TRIMMED.sub("", rest.strip(" ?!.,")).strip()
    return "" if subject.casefold() in _NO_SUBJECT else subject


def write(question: Question, desk: Desk) -> Draft:
    """The posts whose words show the attitude, of the subject where there is one."""
    wanted = question.attitude or "against"
    subject = Subject(question.subject, desk.scope)
    comments = about(question.subject, desk)
    shown = [point for comment in comments if (point := _showing(comment, wanted, subject, question)) is not None]
    if not shown:
        gap: Gap = "sideless" if wanted in ("in favour", "against") else "unsaid"
        return desk.gap(gap, nearest(question, comments, subject, desk))
    kept = [stated(point) for point in together(shown, desk.scope, limit=MOST, per_author=1)]
    if question.kind != "count":
        return desk.draft(kept)
    matched = {key(point.comment) for point in shown}
    unclear = [key(c) for c in comments if key(c) not in matched and question.about_anything and speaks(c, subject)]
    return desk.draft(kept, matched=[key(point.comment) for point in shown], unclear=unclear)


def about(subject: str, desk: Desk) -> list[Comment]:
    """The posts that may speak of the subject, best first, each followed by who answers it; without one all of them."""
    if not terms(subject):
        desk.look_at(desk.comments)
        return [point.comment for point in desk.openings(desk.comments)]
    found = {key(comment): comment for comment in map(desk.scope.comment, desk.hits(subject, k=COUNTED))}
    for comment in desk.comments:
        if key(comment) not in found and (comment.parent_id is None or (comment.thread_id, comment.parent_id) in found):
            found[key(comment)] = comment
    return list(found.values())


def sided(comments: Sequence[Comment], subject: Subject) -> Iterator[tuple[Point, attitude.Side]]:
    """For each post that takes a side on the subject the first sentence that does, and which.

    A sentence that also takes the other side, of something else, is passed over: quoted alone it would be misread.
    """
    for comment in comments:
        for start, end, clause in _clauses(comment):
            took = attitude.side(clause)
            whole = attitude.side(comment.text[start:end]) if took is not None else None
            if took is not None and took == whole and _of_subject(clause, comment, subject, sided=True):
                yield Point(comment=comment, start=start, end=end, score=1.0), took
                break


def _showing(comment: Comment, wanted: Attitude, subject: Subject, question: Question) -> Point | None:
    """The first sentence of the post that shows the attitude of the subject; of a post on both sides none."""
    if wanted == "joking":
        return _joke(comment, subject, anything=not question.about_anything)
    sides = wanted in ("in favour", "against")
    found: Point | None = None
    for start, end, clause in _clauses(comment):
        shows, turns = attitude.shows(clause, wanted), sides and attitude.opposes(clause, wanted)
        if not shows and not turns:
            continue
        if (question.about_anything or sides) and not _of_subject(clause, comment, subject, sided=sides):
            continue
        if turns:
            return None
        found = found or Point(comment=comment, start=start, end=end, score=1.0)
    return found


def _clauses(comment: Comment) -> Iterator[tuple[int, int, str]]:
    """(start, end of its sentence, clause) of the post's own view."""
    for start, end in _own(comment):
        for clause in attitude.clauses(comment.text[start:end]):
            yield start, end, clause


def _joke(comment: Comment, subject: Subject, *, anything: bool) -> Point | None:
    if comment.is_bot or not (anything or subject.spoken_of([comment.text], comment.thread_id)[0]):
        return None
    whole = opening(comment, 1.0)
    spans = [(whole.start, whole.end), *sentences(comment.text)]
    mocks = mocking(comment.text)
    found = next((s for s in spans if comment.own_words(*s) and (mocks or manner(comment, *s) == "jokes")), None)
    return Point(comment=comment, start=found[0], end=found[1], score=1.0) if found is not None else None


def _own(comment: Comment) -> list[tuple[int, int]]:
    """The sentences that are the writer's own view: neither asking nor joking nor quoting, nor orders to machines."""
    if comment.is_bot or addressed_to_machines(comment.text) or mocking(comment.text):
        return []
    return [(a, b) for a, b in sentences(comment.text) if comment.own_words(a, b) and manner(comment, a, b) is None]


def _of_subject(clause: str, comment: Comment, subject: Subject, *, sided: bool) -> bool:
    """Whether the clause names the subject, or points at it from a short reply to who speaks of it.

    Who likes what is said against it is not for it: where the post above takes a side, what a reply points at is open.
    """
    if subject.spoken_of([clause], comment.thread_id)[0]:
        return True
    above = subject.above(comment)
    if sided and (above is None or attitude.side(above.text) is not None):
        return False
    return subject.pointed_at(clause, comment)


def speaks(comment: Comment, subject: Subject) -> bool:
    """Whether any sentence of the post names the subject."""
    own = [comment.text[a:b] for a, b in sentences(comment.text) if comment.own_words(a, b)]
    return bool(own) and any(subject.spoken_of(own, comment.thread_id))


def nearest(question: Question, comments: Sequence[Comment], subject: Subject, desk: Desk) -> list[Point]:
    """What is said of the subject, where nothing shows the attitude; the viewpoints, where all of it is asked about."""
    if not question.about_anything:
        return [_stands_for(position, desk) for thread in desk.threads for position in _positions(thread, desk)][:MOST]
    found: list[Point] = []
    for comment in comments:
        spans = _own(comment)
        named = subject.spoken_of([comment.text[a:b] for a, b in spans], comment.thread_id) if spans else []
        span = next((span for span, held in zip(spans, named, strict=True) if held), None)
        if span is not None:
            found.append(Point(comment=comment, start=span[0], end=span[1], score=1.0))
    return found[:MOST] or desk.points(question.subject, desk.hits(question.subject))


def _positions(thread: Thread, desk: Desk) -> tuple[Position, ...]:
    only = {comment.id for comment in desk.comments if comment.thread_id == thread.id}
    return positions(thread, desk.scope, only=only, limit=MOST)


def _stands_for(position: Position, desk: Desk) -> Point:
    words = position.quotes[0]
    comment = desk.scope.threads[words.thread_id].by_id[words.comment_id]
    start = words.start or 0
    return Point(comment=comment, start=start, end=start + len(words.quote), score=1.0)
