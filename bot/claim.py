"""Whether a writer's own words may stand beside its quotes: no names, no numbers, little that the quotes do not carry.

These checks are lexical. They are not entailment: a claim that passes is still shown as a claim, beside its quotes.
"""

import re
from collections.abc import Iterable, Sequence

from corpus.text import normal
from corpus.thread import Comment, Thread

CARRIED_SHARE = 0.5
"""Of a claim's content words, how many its quotes must hold."""
MAX_CHARACTERS = 400
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_MARKUP = re.compile(r"[<>\[\]{}|`*@#]|https?:|www\.|[\x00-\x1f\u200b-\u200f\u2028-\u202e\u2066-\u2069“”\"«»„—]")
_NEGATIONS = frozenset(
    ["no", "not", "never", "none", "nobody", "nothing", "neither", "nor", "cannot", "without", "hardly", "n't"]
)
_FUNCTION_WORDS = frozenset(
    "a about also an and are as at be because been but by can could did do does for from had has have how if in "
    "into is it its may might more most of on or other others over should since so some such than that the their "
    "them then there these they this those to too under up was were what when where which while who why will with "
    "would".split()
)


def objection(claim: str, quotes: Sequence[str], cited: Sequence[Comment], threads: Iterable[Thread]) -> str | None:
    """Why the claim may not be shown beside the quotes; None if it may."""
    if not claim.strip() or len(claim) > MAX_CHARACTERS:
        return f"a claim has 1 to {MAX_CHARACTERS} characters, this one {len(claim)}"
    if _MARKUP.search(claim):
        return "the claim holds markup, a handle, a link or quotation marks of its own"
    carried = normal(" ".join(quotes)).casefold()
    words = {_plain(word) for word in _WORD.findall(carried)}
    return (
        _named(claim, words, threads) or _numbered(claim, words) or _negated(claim, words) or _uncarried(claim, words)
    )


def _plain(word: str) -> str:
    return normal(word).casefold().removesuffix("'s")


def _named(claim: str, words: set[str], threads: Iterable[Thread]) -> str | None:
    """Names are put in by code: the claim holds no commenter's name, and no capitalised word that its quotes do not."""
    for token in _WORD.findall(claim):
        plain = _plain(token)
        if token[0].isupper() and plain not in words and plain not in _FUNCTION_WORDS | _NEGATIONS:
            return f"the claim names {token!r}, which its quotes do not"
    told = f" {' '.join(_plain(token) for token in _WORD.findall(claim))} "
    for thread in threads:
        for author in thread.commenters:
            for name in filter(None, (author.handle, author.name)):
                if f" {' '.join(_plain(part) for part in _WORD.findall(name))} " in told:
                    return f"the claim names the commenter {name!r}"
    return None


def _numbered(claim: str, words: set[str]) -> str | None:
    for token in _WORD.findall(claim):
        if any(character.isdigit() for character in token) and _plain(token) not in words:
            return f"the number {token!r} stands in no quote"
    return None


def _negated(claim: str, words: set[str]) -> str | None:
    said = {_plain(token) for token in _WORD.findall(claim)}
    if _negates(said) and not _negates(words):
        return "the claim denies what its quotes do not deny"
    if _negates(words) and not _negates(said):
        return "the claim affirms what its quotes deny"
    return None


def _negates(words: set[str]) -> bool:
    return any(word in _NEGATIONS or word.endswith("n't") for word in words)


def _uncarried(claim: str, words: set[str]) -> str | None:
    content = [_plain(token) for token in _WORD.findall(claim)]
    content = [word for word in content if word not in _FUNCTION_WORDS | _NEGATIONS]
    carried = sum(word in words for word in content)
    if not content or carried / len(content) < CARRIED_SHARE:
        return f"only {carried} of the claim's {len(content)} content words stand in its quotes"
    return None
