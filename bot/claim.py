"""Whether a writer's own words may stand beside its quotes, and beside which of them.

They are written plainly, hold no name, number or amount of their own and speak of nobody as I or you. Each citation
by itself must carry them, or one whole clause of them: hold most of their words of substance, what is said of the
subject among them, in one sentence of it (bot.claim_gathering), deny, suppose, wish and limit what they do, in the same
order, and state it. A citation that does not is taken off, so that nobody is credited with what others said. These
checks are lexical. They are not entailment: a claim that passes is still shown as a paraphrase, beside its quotes.
Not here: whether the quotes are true (bot.verify); which words a post's author answers for (bot.excerpt).
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from bot import claim_numbers, claim_order
from bot.claim_clauses import Clause, clauses
from bot.claim_contraries import contrary
from bot.claim_gathering import JOINT, apart, covers, qualifying, units
from bot.claim_names import forbidden, strange_name
from bot.claim_operators import operators
from bot.claim_polarity import ASKS, contradiction, unframed
from bot.claim_words import AUXILIARIES, BE, CAUSAL, CAUSING, FUNCTION_WORDS, GLUE, PRONOUNS, WORD, plain, stem, tokens
from bot.excerpt import context, own
from bot.manner import manner
from corpus.text import normal
from corpus.thread import Comment, Thread

CARRIED_SHARE = 0.6
"""Of a claim's content words, how many a citation must hold, in this or another inflection."""
MAX_CHARACTERS = 400
FEWEST = 2
"""Content words that a clause needs to be carried by a citation of its own."""
_OURS = frozenset("i i'm i've i'd i'll me my mine myself".split())
_YOURS = frozenset("you your yours".split())
_ASKING = frozenset("ask asks asked asking question questions wonder wonders wondered joke jokes joked".split())
_JOINT = re.compile(r";|,? \b(?:and|but|while|whereas|yet)\b|, (?=the\b)")
_JOINING = re.compile(r"^\W*(?:and|but|while|whereas|yet)?\s*")
_TITLE = 300

Cited = tuple[Comment, int, int]
"""A comment and the span of its text that is quoted."""


class Ruling(NamedTuple):
    """Which citations carry a claim, by place; why none does."""

    carried_by: tuple[int, ...]
    objection: str | None = None
    """Fit to be told to the one who claims it."""


def ruling(claim: str, cited: Sequence[Cited], threads: Iterable[Thread]) -> Ruling:
    """The citations beside which the claim may be shown: all that carry it, where together they carry all of it."""
    threads = tuple(threads)
    if not claim.strip() or len(claim) > MAX_CHARACTERS:
        return Ruling((), f"a claim has 1 to {MAX_CHARACTERS} characters, this one {len(claim)}")
    read: dict[tuple[str, str], _Words] = {}
    bearers = [_Bearer(one, threads, read) for one in cited]
    reason = _by_itself(claim, bearers, threads)
    if reason is not None:
        return Ruling((), reason)
    tries = [_Told(text) for text in dict.fromkeys((unframed(claim), claim))]
    reasons = [_first(_carried(told, bearer) for told in tries) for bearer in bearers]
    whole = tuple(place for place, reason in enumerate(reasons) if reason is None)
    carried_by = whole or (_jointly(tries[0].text, bearers) if len(bearers) > 1 else ())
    if len(carried_by) == len(bearers) > 0:
        return Ruling(carried_by)
    if carried_by:  # what is said again later rests on these alone
        reason = _by_itself(claim, [bearers[place] for place in carried_by], threads)
        return Ruling(carried_by) if reason is None else Ruling((), reason)
    nearest = max(range(len(bearers)), key=lambda place: _share(tries[0], bearers[place]))
    return Ruling((), reasons[nearest])


def _first(reasons: Iterable[str | None]) -> str | None:
    """None if one of them is, else the first."""
    told = []
    for reason in reasons:
        if reason is None:
            return None
        told.append(reason)
    return told[0]


def objection(claim: str, cited: Sequence[Cited], threads: Iterable[Thread]) -> str | None:
    """Why the claim may not be shown beside any of the quotes; None if it may."""
    return ruling(claim, cited, threads).objection


class _Told:
    """A claim, or a part of one, read once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = normal(text).casefold()
        self.clauses = clauses(text)
        self.counted = claim_numbers.Counted(text)
        self.ordered = claim_order.OrderedClaim(text)
        self.plain = [plain(token) for token in tokens(text)]
        self.apart = [(one.start, one.end) for one in operators(self.folded, asked=False)]
        turning = (word for a, b in self.apart for word in WORD.findall(self.folded[a:b]))
        self.turning = {stem(plain(word)) for word in turning} | {stem(word) for word in self.plain if word in GLUE}


class _Bearer:
    """A citation, read once."""

    def __init__(self, cited: Cited, threads: Sequence[Thread], read: dict[tuple[str, str], "_Words"]) -> None:
        comment, start, end = cited
        self.manner = manner(comment, start, end)
        words, within = own(comment, start, end), own(comment, *context(comment, start, end))
        if (words, within) not in read:
            read[words, within] = _Words(words, within)
        self.words = read[words, within]
        self.around = _around(comment, threads)


_ONES = frozenset(["one", "ones"])


class _Words:
    """Words that a post's author answers for, and the sentences that they stand in, read once."""

    def __init__(self, text: str, within: str) -> None:
        self.text = text
        self.clauses = clauses(within)
        self.units = units(within)
        self.counted = claim_numbers.Counted(text)
        self.ordered = claim_order.Ordered(text)
        self.plain = [plain(token) for token in tokens(text)]
        self.stems = {found for word in self.plain if (found := stem(word)) is not None}
        self.ones = {word for word, noun in pairwise(self.plain) if noun in _ONES}
        """Words behind which a noun is left to "one": "the locked ones"."""


def _around(comment: Comment, threads: Sequence[Thread]) -> str:
    """The post, what it answers, and what the thread is about."""
    thread = next((one for one in threads if one.id == comment.thread_id), None)
    parent = thread.parents.get(comment.id) if thread is not None else None
    answered = thread.by_id[parent].text if thread is not None and parent is not None else ""
    return f"{comment.text}\n{answered}\n{thread.title[:_TITLE] if thread is not None else ''}"


def _by_itself(claim: str, bearers: Sequence[_Bearer], threads: Sequence[Thread]) -> str | None:
    """What is wrong with the claim whoever carries it."""
    quotes = "\n".join(dict.fromkeys(bearer.words.text for bearer in bearers))
    counted = bearers[0].words.counted if len(bearers) == 1 else claim_numbers.Counted(quotes)
    around = {token for bearer in bearers for token in tokens(bearer.around) if token.islower()}
    return (
        forbidden(claim, quotes)
        or _own_voice(claim)
        or _numbered(claim_numbers.Counted(claim), counted)
        or strange_name(claim, normal(quotes), around, threads)
    )


def _own_voice(claim: str) -> str | None:
    """A paraphrase says neither I nor you: it would read as ours, or command its reader."""
    for word in map(plain, tokens(claim)):
        if word in _OURS or word in _YOURS:
            return f"the claim says {word!r}; it should tell in the third person what the quotes say"
    return None


def _numbered(claim: claim_numbers.Counted, quotes: claim_numbers.Counted) -> str | None:
    strange = claim_numbers.strange(claim, quotes)
    return f"the number or amount {strange!r} stands in no quote" if strange is not None else None


def _carried(told: _Told, bearer: _Bearer) -> str | None:
    """Why the citation alone does not carry the claim."""
    words = bearer.words
    return (
        _stated_nowhere(told, bearer)
        or _numbered(told.counted, words.counted)
        or contradiction(told.clauses, words.clauses)
        or claim_order.turned_round(told.ordered, words.ordered)
        or claim_order.first_last(told.ordered, words.ordered)
        or _denied_unspaced(told.text, words.text)
        or _contrary(told, words)
        or _caused(told, words)
        or _uncarried(told, bearer)
        or _of_a_stranger(told, words)
        or _gathered(told, words)
    )


def _stated_nowhere(told: _Told, bearer: _Bearer) -> str | None:
    """Words that only ask, joke or tell somebody else's words carry no claim but that they do."""
    if bearer.manner is None or "?" in told.text or _ASKING & {*told.plain}:
        return None
    stated = {one for clause in bearer.words.clauses if "asks" not in clause.kinds for one in clause.denied}
    carried = {root for _, root in _content(told, bearer.words) if root in bearer.words.stems}
    asked_apart = bearer.manner == "asks" and _ASKED_APART.search(bearer.words.text) is not None
    return None if asked_apart and carried and carried <= stated else ASKS


_ASKED_APART = re.compile(r"[,;] (?:so|but|and|then) (?:why|what|how|who|where|when)\b", re.I)
"""Where a question comes after what its writer states: "It is that cheap, so why hide it?"."""


_NO_UNSPACED = re.compile("[不没沒無无未別别非勿]|ない|なかった|ません|ぬ|않|안 |못|없")
"""Denials of scripts whose words cannot be told apart: a claim holds one where its quotes do."""


def _denied_unspaced(claim: str, quotes: str) -> str | None:
    ours, theirs = (_NO_UNSPACED.search(text) is not None for text in (claim, quotes))
    if ours == theirs:
        return None
    return f"the claim {'denies' if ours else 'affirms'} what its quotes {'do not deny' if ours else 'deny'}"


def _contrary(told: _Told, words: _Words) -> str | None:
    found = contrary(told.plain, words.plain)
    return f"the claim says {found!r}, whose contrary stands in its quotes" if found is not None else None


def _caused(told: _Told, words: _Words) -> str | None:
    """A cause that the quotes tell of none is not put between what they say."""
    causing = next((word for word in told.plain if word in CAUSING), None)
    if causing is None or CAUSAL & {*words.plain}:
        return None
    return f"the claim tells a cause ({causing!r}), which its quotes do not"


def _content(told: _Told, words: _Words) -> list[tuple[str, str]]:
    """(plain word, stem) of the claim's words of substance; numbers and operators, which are compared apart, only if
    carried."""
    apart = [*told.apart, *(one.span for one in told.counted.numbers)]
    found: list[tuple[str, str]] = []
    for word in WORD.finditer(told.folded):
        spelt = plain(word[0])
        root = stem(spelt)
        if root is None:
            continue
        if root in words.stems or not (spelt in GLUE or any(a <= word.start() < b for a, b in apart)):
            found.append((spelt, root))
    return found


def _share(told: _Told, bearer: _Bearer) -> float:
    content = _content(told, bearer.words)
    return sum(root in bearer.words.stems for _, root in content) / len(content) if content else 0.0


def _uncarried(told: _Told, bearer: _Bearer) -> str | None:
    content = _content(told, bearer.words)
    missing = [word for word, root in content if root not in bearer.words.stems]
    if not content or _share(told, bearer) < CARRIED_SHARE:
        named = ", ".join(map(repr, dict.fromkeys(missing)))[:200]
        carried = len(content) - len(missing)
        return f"only {carried} of the claim's {len(content)} content words stand in its quotes, not {named}"
    return _brought_in(told.clauses, {*missing}, bearer)


def _brought_in(told: Sequence[Clause], missing: set[str], bearer: _Bearer) -> str | None:
    """What is said of a subject stands in the quotes; any other word there, or in what these stand in and answer."""
    around: set[str] | None = None
    for clause in told:
        words = [word for word in clause.words if word not in GLUE or word in missing]
        for place, word in enumerate(words):
            if word not in missing:
                continue
            if _is_said(words[:place], missing) and not (place and words[place - 1] in bearer.words.ones):
                return f"what the claim says of its subject stands in no quote: {word!r}"
            if _stands_for(word, bearer.words):
                continue
            around = around or {found for token in tokens(normal(bearer.around)) if (found := stem(plain(token)))}
            if stem(word) not in around:
                return f"a word of the claim stands neither in its quotes nor in what they answer: {word!r}"
    return None


def _is_said(before: Sequence[str], missing: set[str]) -> bool:
    """Whether the next word is what is said of a subject: it follows a verb of being, or a noun or pronoun."""
    at = len(before)
    while at and before[at - 1] in _FILLING:
        at -= 1
    if not at:
        return False
    last = before[at - 1]
    if last in AUXILIARIES or last in BE or (at == len(before) and last in PRONOUNS):
        return True
    if at == 1 and claim_numbers.numbers(last):  # "four towns have", of "four of them have"
        return False
    return at == len(before) and last not in FUNCTION_WORDS and last not in missing and stem(last) is not None


def _stands_for(word: str, words: _Words) -> bool:
    """Whether the word is what a claim, which may say neither I nor you, says for these."""
    of_us = word in _FOR_US and not _US.isdisjoint(words.plain)
    return of_us or (word in _FOR_YOU and _ANYONE.search(words.text) is not None)


_FOR_US = frozenset("team teams group groups author authors".split())
_US = frozenset("i we our my us me ours mine".split())
_FOR_YOU = frozenset("firm firms company companies business businesses lab labs team teams user users".split())
_ANYONE = re.compile(r"\b(?:if|when|once|unless|that|what) you\b|\byou (?:can|cannot|can't|may)\b", re.I)
"""Here "you" is nobody in particular."""
_FILLING = frozenset("a an the very so too more most much quite just not no".split())


def _of_a_stranger(told: _Told, words: _Words) -> str | None:
    """Whether a subject that only the posts around hold takes the place of the one that the quotes have."""
    for clause in told.clauses:
        content = [one for one in clause.order if one not in told.turning]
        carried = [one for one in content if one in words.stems]
        if len(carried) < FEWEST or content[0] == carried[0]:
            continue
        stranger, noun = content[0], content[1]
        known = {before for unit in words.units for before, one in unit.pairs if one == noun}
        if noun == carried[0] and known and not known & {None, stranger, *content}:
            spelt = next(word for word in words.plain if stem(word) in known)
            return f"its quotes say this of {spelt!r}, not of {clause.spelt(stranger)!r}"
        holding = [one for one in words.clauses if carried[0] in one.denied]
        subjects = [one.subject for one in holding]
        if holding and all(subject is not None and subject not in content for subject in subjects):
            return f"its quotes say this of {holding[0].spelt(subjects[0] or '')!r}, not of {clause.spelt(stranger)!r}"
    return None


def _gathered(told: _Told, words: _Words) -> str | None:
    """Whether what the claim says, or a joined part of it, is put together from sentences that say other things."""
    if len(words.units) < FEWEST:
        return None
    whole = _scattered(told, words)
    if whole is None:
        return None
    for cut in (found.start() for found in JOINT.finditer(told.text)):
        one, rest = (_Told(part) for part in (told.text[:cut], _JOINING.sub("", told.text[cut:])))
        if _says_enough(one) and _says_enough(rest) and not (_scattered(one, words) or _gathered(rest, words)):
            return None
    return whole


def _scattered(told: _Told, words: _Words) -> str | None:
    """Why no sentence of the quotes, nor two that belong together, say all that the claim takes from them."""
    left_out = told.turning | qualifying(told.text, words.units)
    carried = {root: word for word, root in _content(told, words) if root in words.stems and root not in left_out}
    reason = None
    for cover in covers(words.units):
        if cover.holds(carried):
            held = [clause for clause in words.clauses if clause.sentence in cover.sentences]
            reason = contradiction(told.clauses, held)
            if reason is None:
                return None
    if reason is not None:
        return reason
    alone = carried.get(apart(carried, words.units) or "", "")
    return f"no one sentence of its quotes says this: {alone!r} stands in another one, which says something else"


def _says_enough(part: _Told) -> bool:
    return sum(stem(word) is not None for word in part.plain) >= FEWEST


def _jointly(claim: str, bearers: Sequence[_Bearer]) -> tuple[int, ...]:
    """The citations that each carry one whole part of a claim that joins several, where none of it is left over."""
    for cut in (found.start() for found in _JOINT.finditer(claim)):
        parts = [_Told(part) for part in (claim[:cut], _JOINING.sub("", claim[cut:]))]
        if not all(map(_says_enough, parts)):
            continue
        carrying = [[n for n, bearer in enumerate(bearers) if _carried(part, bearer) is None] for part in parts]
        if all(carrying):
            return tuple(sorted({*carrying[0], *carrying[1]}))
    return ()
