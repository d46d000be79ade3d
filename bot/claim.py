"""Whether a writer's own words may stand beside its quotes.

They hold no name, number or amount of their own, deny nothing that the quotes affirm, affirm nothing that these deny or
only suppose, hold little that these do not carry, and speak of nobody as I or you. These checks are lexical. They are
not entailment: a claim that passes is still shown as a paraphrase, beside its quotes.
Not here: whether the quotes are true (bot.verify); reading a claim's words one by one (bot.claim_words).
"""

import re
from collections.abc import Iterable, Sequence

from bot.claim_words import FUNCTION_WORDS, NEGATIONS, Words, plain, tokens
from bot.manner import manner
from corpus.text import normal, sentences
from corpus.thread import Comment, Thread

CARRIED_SHARE = 0.6
"""Of a claim's content words, how many its quotes must hold, in this or another inflection."""
MAX_CHARACTERS = 400
_MARKUP = re.compile(
    r"[<>\[\]{}|`*@#\\_~^$]|https?:|www\.|[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff“”\"«»„—]"
)
_OURS = frozenset("i i'm i've i'd i'll me my mine myself".split())
_ASKING = frozenset("ask asks asked asking question questions wonder wonders wondered joke jokes joked".split())
_YOURS = frozenset("you your yours".split())
_ADDRESS = re.compile(r"\b[\w-]+\.(?:com|net|org|io|ai|dev|example|ru|cn|co|info|biz|xyz|app|me|uk|de)\b", re.I)


Cited = tuple[Comment, int, int]
"""A comment and the span of its text that is quoted."""


def objection(claim: str, cited: Sequence[Cited], threads: Iterable[Thread]) -> str | None:
    """Why the claim may not be shown beside the quotes; None if it may. Fit to be told to the one who claims it."""
    if not claim.strip() or len(claim) > MAX_CHARACTERS:
        return f"a claim has 1 to {MAX_CHARACTERS} characters, this one {len(claim)}"
    if _MARKUP.search(claim) or _ADDRESS.search(claim):
        return "the claim holds markup, a handle, a link or quotation marks of its own"
    mine = Words(normal(claim))
    quoted = Words("\n".join(normal(comment.text[start:end]) for comment, start, end in cited))
    meant = Words("\n".join(normal(in_full(*one)) for one in cited))
    return (
        _own_voice(mine)
        or _numbered(mine, quoted)
        or _amounts(mine, quoted)
        or _named(claim, quoted, tuple(threads))
        or _stated_nowhere(mine, claim, cited)
        or _denied(mine, meant)
        or _supposed(mine, meant)
        or _uncarried(mine, quoted)
    )


def in_full(comment: Comment, start: int, end: int) -> str:
    """The whole sentences that the span lies in: what a denial before the quoted words stands in."""
    touched = [(a, b) for a, b in sentences(comment.text) if a < end and start < b]
    return comment.text[min([start, *(a for a, _ in touched)]) : max([end, *(b for _, b in touched)])]


def _named(claim: str, theirs: Words, threads: Sequence[Thread]) -> str | None:
    """Names are put in by code: the claim holds no commenter's name, and no capitalised word that its quotes do not."""
    for place, token in enumerate(tokens(claim)):
        word = plain(token)
        known = theirs.plain | FUNCTION_WORDS | NEGATIONS
        if any(c.isupper() for c in token) and word not in known and not (place == 0 and _ordinary(token, threads)):
            return f"the claim names {token!r}, which its quotes do not"
    told = f" {' '.join(plain(token) for token in tokens(claim))} "
    for thread in threads:
        for author in thread.commenters:
            for name in filter(None, (author.handle, author.name)):
                if f" {' '.join(plain(part) for part in tokens(name))} " in told:
                    return f"the claim names the commenter {name!r}"
    return None


def _ordinary(token: str, threads: Sequence[Thread]) -> bool:
    """Whether a claim's first word has its capital letter only from standing first: people here write it small."""
    if not token[:1].isupper() or not (token[1:].islower() or len(token) == 1):
        return False
    small = re.compile(rf"(?<![\w@]){re.escape(token.lower())}(?!\w)")
    return any(small.search(comment.text) for thread in threads for comment in thread.comments)


def _own_voice(mine: Words) -> str | None:
    """A paraphrase says neither I nor you: it would read as ours, or command its reader."""
    for word in mine.plain:
        if word in _OURS or word in _YOURS:
            return f"the claim says {word!r}; it should tell in the third person what the quotes say"
    return None


def _numbered(mine: Words, theirs: Words) -> str | None:
    strange = next((number for number in mine.numbers if number not in theirs.numbers), None)
    return f"the number {strange!r} stands in no quote" if strange is not None else None


def _amounts(mine: Words, theirs: Words) -> str | None:
    strange = next((amount for amount in mine.amounts if amount not in theirs.amounts), None)
    return f"the amount {strange!r} stands in no quote" if strange is not None else None


def _stated_nowhere(mine: Words, claim: str, cited: Sequence[Cited]) -> str | None:
    """Words that only ask, joke or tell somebody else's words carry no claim but that they do."""
    if "?" in claim or mine.plain & _ASKING or any(manner(*one) is None for one in cited):
        return None
    return "its quotes only ask, joke or repeat somebody else's words, and state nothing"


def _denied(mine: Words, theirs: Words) -> str | None:
    for stem in mine.stems:
        if stem in mine.denied and stem in theirs.stems and stem not in theirs.beside_denial:
            return f"the claim denies what its quotes do not deny ({mine.spelt[stem]!r})"
        if stem in theirs.denied and stem not in theirs.affirmed and stem not in mine.beside_denial:
            return f"the claim affirms what its quotes deny ({mine.spelt[stem]!r})"
    if mine.denies and not theirs.denies:
        return "the claim denies what its quotes do not deny"
    if theirs.only_denies and not mine.denies:
        return "the claim affirms what its quotes deny"
    return None


def _supposed(mine: Words, theirs: Words) -> str | None:
    """What a quote only supposes ("if it doubled") is not claimed as so."""
    if mine.supposes:
        return None
    for stem in mine.stems:
        if stem in theirs.supposed and stem not in theirs.told:
            return f"the claim states what its quotes only suppose ({mine.spelt[stem]!r})"
    return None


def _uncarried(mine: Words, theirs: Words) -> str | None:
    content = mine.content
    carried = sum(stem in theirs.stems for stem in content)
    if not content or carried / len(content) < CARRIED_SHARE:
        missing = ", ".join(repr(mine.spelt[stem]) for stem in dict.fromkeys(content) if stem not in theirs.stems)
        return f"only {carried} of the claim's {len(content)} content words stand in its quotes, not {missing[:200]}"
    return None
