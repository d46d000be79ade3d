"""How a reply stands to what it answers: by cues in its opening words, never by guessing.

Lexical and English. Without a cue a reply only "replies"; a false "disagrees" in somebody's mouth is worse than a
missed one, so a cue has to say no to somebody's words by itself, or deny the very clause that the other post says.
The cues are bot.stance_forms'. Not here: which post answers which (bot.replies), how a sentence stands to a claim
(bot.bearing), how kind or harsh a text is.
"""

import re
from dataclasses import dataclass
from typing import Literal

from bot import stance_forms as forms
from bot.bearing import Bearing, of_claim, polarities
from bot.manner import interrogative, manner
from corpus.text import sentences
from corpus.thread import Comment

__all__ = ["Bearing", "Shown", "Stance", "of_claim", "of_reply", "own_words", "shown"]

Stance = Literal["agrees", "disagrees", "partly", "replies"]

OPENING_SENTENCES = 3
"""Sentences of a reply in which it says how it stands: further on it speaks of other things."""
FEW_WORDS = 3
"""Words up to which a first sentence is a sigh, so that the second one opens the reply."""
COMPARED = 6
"""Sentences of the answered post in which a denied clause is looked for."""
SHARED = 2
"""Terms that a denied clause has at least."""
_SHOUTED = "!.… \n"
_THIRD = re.compile(r"\b(?:he|she|him|her|his|hers|they|them|their)\b|@\w", re.I)
_CLAUSE = re.compile(r"\s*[,;:.!?()–—]\s*|\s+-\s+|\b(?:and|but|because|since|while|so)\b", re.I)
_MINE = re.compile(r"\b(?:i|we|me|my|our|us|mine|ours)\b", re.I)
_BARE_NO = re.compile(
    r"\W*(?:no+|nope|nah|not really|definitely not|absolutely not)\b(?!.*\b(?:true|right|correct)\b)", re.I
)
_YES_IT_DOES = re.compile(r"\W*(?:yes+|yeah|yep)\W+\w+ (?:is|are|was|were|does|do|did|has|have|can|will)\b", re.I)
_WORD = re.compile(r"\w+(?:['-]\w+)*")


@dataclass(frozen=True, slots=True)
class Shown:
    """How a reply stands, and the words of it that say so: reply.text[start:end]; all of it where none do."""

    stance: Stance
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    end: int
    words: str


def of_reply(reply: Comment, answered: Comment | None) -> Stance:
    """How the reply's own words stand to the post that it answers; "replies" where no cue tells.

    A yes or a no to a post that ends by asking is an answer, and agrees or disagrees with nobody. What is said as a
    joke agrees with nobody either.
    """
    return shown(reply, answered).stance


def shown(reply: Comment, answered: Comment | None) -> Shown:
    """The same, with the sentence that holds the cue, so that it can be quoted."""
    opening = _own(reply)[:OPENING_SENTENCES]
    neither = Shown("replies", 0, len(reply.text))
    if not opening:
        return neither
    yes, no = _yes(opening, answered), _no(opening, answered)
    if forms.HALF.match(opening[0].words):
        return Shown("partly", opening[0].start, opening[0].end)
    if yes is not None and (back := _taken_back(opening, yes)) is not None:
        return Shown("partly", yes.start, max(yes.end, back.end))
    if yes is not None and no is not None:
        return neither if yes.start <= no.start else Shown("partly", no.start, yes.end)
    if no is not None:
        return Shown("disagrees", no.start, no.end)
    if yes is not None and manner(reply, 0, len(reply.text)) != "jokes":
        return Shown("agrees", yes.start, yes.end)
    return neither


def own_words(comment: Comment) -> str:
    """The sentences of the comment that are its author's own, without whom it addresses and what it quotes."""
    return " ".join(sentence.words for sentence in _own(comment))


def _own(comment: Comment) -> list[_Sentence]:
    kept: list[_Sentence] = []
    for start, end in sentences(comment.text):
        at = start
        for low, high in comment.quoted:
            if low < end and start < high:
                kept.append(_sentence(comment, at, max(at, low)))
                at = max(at, high)
        kept.append(_sentence(comment, at, end))
    return [sentence for sentence in kept if sentence.words]


def _sentence(comment: Comment, start: int, end: int) -> _Sentence:
    words = " ".join(comment.text[start:end].replace("’", "'").split())
    return _Sentence(start=start, end=end, words=words)


def _first(opening: list[_Sentence]) -> list[_Sentence]:
    """The first sentence, and the second where the first only sighs: "Dude, seriously? This is ridiculous."."""
    sighs = len(_WORD.findall(opening[0].words)) <= FEW_WORDS
    return opening[: 2 if sighs else 1]


def _asked(answered: Comment | None) -> bool:
    """Whether the post ends by asking."""
    return answered is not None and interrogative(answered.text.rstrip(_SHOUTED))


def _answers(words: str, answered: Comment | None) -> bool:
    """Whether a yes or a no may answer a question that stands anywhere in the post."""
    return (
        answered is not None
        and forms.ANSWERING.match(words) is not None
        and any(interrogative(sentence.words) for sentence in _own(answered))
    )


def _no(opening: list[_Sentence], answered: Comment | None) -> _Sentence | None:
    """The sentence that says no to the answered post."""
    first = [] if _asked(answered) else [s for s in _first(opening) if not _answers(s.words, answered)]
    for sentence in first:
        found = forms.NO_FIRST.match(sentence.words)
        if found and not forms.NOT_NO.search(sentence.words) and not _echoes(sentence.words, answered):
            return sentence
    for sentence in opening:
        if forms.MUCH_NO.search(sentence.words) or forms.NOT_AGREEING.search(sentence.words):
            return sentence
        looks = forms.NOT_NO.search(sentence.words) or _answers(sentence.words, answered)
        if not looks and _said(forms.NO, sentence.words):
            return sentence
    if answered is None or _asked(answered):
        return None
    theirs = [sentence.words for sentence in _own(answered)[:COMPARED]]
    return next((s for s in opening if _denies(s, theirs, weak=s is opening[0])), None)


def _yes(opening: list[_Sentence], answered: Comment | None) -> _Sentence | None:
    """The sentence that says yes to the answered post."""
    first = opening[0]
    asked = _asked(answered) or _answers(first.words, answered) or interrogative(first.words)
    if not asked and forms.YES_FIRST.match(first.words) and not _turns_a_denial(first.words, answered):
        return first if not _with_another(first.words, answered) else None
    for sentence in opening:
        other = forms.NOT_AGREEING.search(sentence.words) or _with_another(sentence.words, answered)
        if not other and _said(forms.YES, sentence.words):
            return sentence
        right = forms.THEY_ARE_RIGHT.search(sentence.words)
        if right and not _supposed(sentence.words, right) and _is_author(right["who"], answered):
            return sentence
    return None


def _with_another(words: str, answered: Comment | None) -> bool:
    """Whether somebody is agreed with by name who is not the one who is answered."""
    found = forms.AGREE_WITH.search(words)
    if found is None or not (found["who"].startswith("@") or found["who"][:1].isupper()):
        return False
    return answered is None or answered.author is None or found["who"].lstrip("@").casefold() not in _names(answered)


def _names(comment: Comment) -> set[str]:
    author = comment.author
    return set() if author is None else {author.handle.casefold(), *(author.name or "").casefold().split()}


def _said(cues: re.Pattern[str], words: str) -> bool:
    """Whether a cue stands there as the reply's own: not asked, not only supposed, not told of somebody else."""
    found = cues.search(words)
    return found is not None and not interrogative(words) and not _supposed(words, found)


def _supposed(words: str, found: re.Match[str]) -> bool:
    return forms.SUPPOSED.search(words[: found.start()]) is not None


def _is_author(who: str, answered: Comment | None) -> bool:
    """Whether "she" or "@x" is who posted the answered post: of a pronoun, where that post names nobody else."""
    if answered is None:
        return False
    if who.startswith("@"):
        return answered.author is not None and who[1:].casefold() == answered.author.handle.casefold()
    return who.casefold() in {"she", "he", "they"} and not _THIRD.search(own_words(answered))


def _taken_back(opening: list[_Sentence], yes: _Sentence) -> _Sentence | None:
    """The sentence that takes some of a yes back: "true, but ..."; its own one, or the next."""
    after = [sentence for sentence in opening if sentence.start > yes.start][:1]
    if forms.CONCEDING.search(yes.words, 1):
        return yes
    return next((sentence for sentence in after if forms.CONCEDING.search(sentence.words)), None)


def _echoes(words: str, answered: Comment | None) -> bool:
    """Whether a no may as well say yes to a post that itself denies: "It never ran." "No, it never did."."""
    bare = _BARE_NO.match(words)
    return bare is not None and _denying(answered) and polarities(words[bare.end() :]).negated


def _turns_a_denial(words: str, answered: Comment | None) -> bool:
    """Whether a yes may as well deny a post that itself denies: "It never ran." "Yes it did."."""
    return _denying(answered) and _YES_IT_DOES.match(words) is not None


def _denying(answered: Comment | None) -> bool:
    """Whether the answered post ends by denying something."""
    theirs = _own(answered) if answered is not None else []
    return bool(theirs) and polarities(theirs[-1].words).negated


def _denies(sentence: _Sentence, theirs: list[str], *, weak: bool) -> bool:
    """Whether a clause of the sentence denies what the answered post says in the same words, or turned round.

    All of the clause has to stand in one clause of theirs, and the denied word has to be affirmed there: two texts that
    share words and hold a "not" somewhere deny nothing. A question affirms nothing. A `weak` sentence begins the reply:
    "it isn't a tax" denies a post that speaks of a tax.
    """
    if interrogative(sentence.words) or forms.SUPPOSED.search(sentence.words):
        return False
    said = [one for one in theirs if not interrogative(one)]
    if weak and forms.WEAK_NO.match(sentence.words):
        clause = polarities(_CLAUSE.split(sentence.words)[0])
        return any(clause.denied & (other.said - other.denied) for other in map(polarities, said))
    return any(
        _copies(clause, other)
        for clause in _CLAUSE.split(sentence.words)
        if not _MINE.search(clause)
        for one in said
        for other in _CLAUSE.split(one)
        if not _MINE.search(other)
    )


def _copies(clause: str, other: str) -> bool:
    """Whether the clause says no more than the other one, and one of them denies what the other affirms."""
    mine, others = polarities(clause), polarities(other)
    if len(mine.said) < SHARED or not mine.said <= others.said or mine.negated == others.negated:
        return False
    denied = mine.denied | others.denied
    return bool(denied & mine.said) and bool(mine.said - denied)
