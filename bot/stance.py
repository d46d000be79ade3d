"""How a reply stands to what it answers, and a sentence to a claim: by cues in the words, never by guessing.

Lexical and English. Without a cue a reply only "replies" and a sentence only touches the subject. Not here: which post
answers which (bot.replies), how kind or harsh a text is.
"""

import re
from functools import lru_cache
from typing import Literal

from bot.forms import any_of
from bot.manner import interrogative, manner
from corpus.text import sentences
from corpus.thread import Comment
from index.lexical import terms

Stance = Literal["agrees", "disagrees", "partly", "replies"]
Bearing = Literal["says so", "says the contrary", "touches"]

OPENING = 120
"""Characters at the beginning of a reply in which short cues count: "no" in its middle says nothing of its parent."""
NEGATION_REACH = 4
"""Words after a negation that it may deny."""
SHARED = 2
"""Terms that a denial must share with what it answers."""
COMPARED = 4
"""Sentences of each that are compared."""
TOUCHED = 0.7
"""Of a claim's terms, the share that a sentence must hold to say or deny it."""


_START = any_of(
    r"""
    ^\W*(?:(?:well|ok|okay|hm+|uh+|um|er|lol|oh|ah|i mean|honestly|frankly|sorry|look|and|so|hey)\b[\s,.…!:–-]*)*
    """
)
_IS_NOT = r"(?:isn't|is not|wasn't|was not|doesn't|does not|did not|didn't|won't|will not|cannot|can't|hasn't|has not)"
_IS = r"(?:it|this|that)(?:'s| is| was)(?: just| simply| plain| also| flatly)? "
_NO = re.compile(
    _START
    + any_of(
        rf"""
        no+\b(?!\s+(?:idea|problem|worries|doubt|question|wonder|kidding|need to))
        nope
        nah
        not (?:really|quite|at all|so|exactly|true|necessarily|even|in|for)\b
        not sure (?:i|that|about)
        (?:wrong|false|incorrect)(?:[.,!:;]|$| again| on | about )
        (?:nonsense|rubbish|bullshit|bs|bollocks|hardly|actually|objection)\b
        (?:except|but|however|yet)\b
        (?:i (?:strongly |respectfully )?|strongly |hard |respectfully |must )?disagree
        come on
        citation needed
        source\?
        says who
        since when
        on the contrary
        (?:quite )?the opposite
        i(?:'d| would| have to)? (?:dispute|argue against|push back|challenge|question|doubt)
        i beg to differ
        -1\b
        👎
        yeah,? (?:no|right)\b
        (?:it|this|there|that)(?: one)? {_IS_NOT}
        {_IS}(?:not|wrong|false|untrue|incorrect|nonsense|rubbish)
        {_IS}(?:ridiculous|absurd|a myth|a strawman|misleading|an? exaggeration)
        """
    ),
    re.I,
)
_NO_ANYWHERE = re.compile(
    r"\b"
    + any_of(
        rf"""
        (?:i|we|must|have to|would|strongly|totally|completely|respectfully|also|still|do|to) disagree
        disagree with
        (?:i|we) (?:don't|do not|can't|cannot|wouldn't|would not) (?:agree|buy|believe|accept|see how)
        (?:i|we) (?:don't|do not) think (?:so|that|it|this|you)
        not (?:convinced|persuaded|buying|true|correct|right|the case|how it works|what happened)
        you(?:'re| are) (?:wrong|mistaken|missing|ignoring|assuming|forgetting|overlooking|confusing|conflating)
        your (?:number|figure|math|logic|argument|claim|premise)s? (?:{_IS_NOT}|(?:is|are) (?:wrong|false|off|nonsense))
        that argument (?:fails|{_IS_NOT})
        (?:i|we) (?:highly |seriously )?doubt (?:it|that|this)
        far from (?:it|true)
        (?:that|this)(?:'s| is) (?:wrong|false|untrue|incorrect|nonsense|not (?:the (?:point|issue|problem|reason)|so))
        makes no sense
        (?:doesn't|does not) (?:follow|hold|add up|make sense)
        on the contrary
        (?:quite )?the opposite is
        strawman
        citation needed
        (?:simply|just|plain|flat) wrong
        wrong (?:about|on) (?:that|this|it|the)
        contrary to (?:what|that|your)
        """
    )
    + r"(?:\b|$)",
    re.I,
)
_YES = re.compile(
    _START
    + any_of(
        r"""
        (?:yes+|yep|yeah|yup|aye|exactly|precisely|true|correct|indeed|absolutely|amen|totally|sure|fair|likewise|confirmed)\b
        agreed?\b
        i (?:fully |totally |completely |strongly |also |very much )?agree
        \+\s?1\b
        this[.!]
        this\s*$
        so much this
        \^+
        very true
        so true
        right[.,!]
        you(?:'re| are) (?:so |absolutely |quite |completely )?right
        (?:s?he|they)(?:'s| is|'re| are) (?:so |absolutely |quite )?right
        second(?:ed|ing)
        same (?:here|for|with|in)
        same[.,!]
        well (?:said|put)
        (?:good|great|fair|excellent) point
        100\s?%(?!\s*\w)
        spot on
        hear,? hear
        can confirm
        could(?:n't| not) agree more
        definitely
        of course
        👍
        💯
        that(?:'s| is) (?:right|true|correct|exactly)
        my thoughts exactly
        (?:fits|matches) (?:what|my)
        makes sense
        quite right
        me too
        """
    ),
    re.I,
)
_YES_ANYWHERE = re.compile(
    r"\b"
    + any_of(
        r"""
        (?:i|we) (?:fully |totally |completely |strongly |also |very much |must |have to |do )?agree(?! to)
        agree with (?:you|this|that|@)
        could(?:n't| not) agree more
        you(?:'re| are) (?:so |absolutely |quite |completely )?right
        (?:is|was|are) (?:so |absolutely |quite )?right (?:about|on|that|here)
        well said
        good point
        exactly (?:this|that|right|my)
        my (?:experience|thoughts) (?:too|as well|exactly)
        same experience
        seconded
        spot on
        came here to say
        """
    )
    + r"(?:\b|$)",
    re.I,
)
_HALF = re.compile(
    _START
    + any_of(
        r"""
        half right
        part(?:ly|ially)
        in part\b
        to (?:a|some) (?:point|degree|extent)
        up to a point
        yes and no
        (?:kind|sort) of
        """
    ),
    re.I,
)
_CONCEDING = re.compile(r"\b(?:but|however|though|although|except|yet|that said|on the other hand|still,)(?=\W)", re.I)
_NOT_AGREEING = re.compile(r"(?:n't|\bnot|\bnever|\bcannot|\bto)\s+(?:really |fully |quite )?agree\b(?! more)", re.I)
_NEGATION = re.compile(
    r"no|not|never|none|nobody|nothing|neither|nor|cannot|without|hardly|(?:ca|do|wo|is|does|did|was|would)nt|\w+n't",
    re.I,
)
_NOT_DENYING = re.compile(r"\b(?:not only|not just|no doubt|no wonder|why not|if not|not to mention|no matter)\b", re.I)
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_DOUBT = re.compile(
    r"\b(?:doubt|doubtful|unlikely|myth|nonsense|untrue|false|wrong|disagree|bullshit|rubbish|far from|overstated|"
    r"exaggerated|overblown|opposite|debunked|hoax|fake)\b",
    re.I,
)


def of_reply(reply: Comment, answered: Comment | None) -> Stance:
    """How the reply's own words stand to the post that it answers; "replies" where no cue tells.

    A yes or a no to a post that ends by asking is an answer, and agrees or disagrees with nobody. What is said as a
    joke agrees with nobody either.
    """
    own = own_words(reply)
    asked = answered is not None and interrogative(answered.text)
    start = "" if asked else own[:OPENING]
    never = _NOT_AGREEING.search(own) is not None
    no = never or _NO.match(start) is not None or _NO_ANYWHERE.search(own) is not None
    yes = _YES.match(start) is not None or (not never and _YES_ANYWHERE.search(own) is not None)
    if _HALF.match(start) or (yes and (no or _concedes(own))):
        return "partly"
    if no or (answered is not None and not asked and not yes and denies(own, own_words(answered))):
        return "disagrees"
    return "agrees" if yes and manner(reply, 0, len(reply.text)) != "jokes" else "replies"


def own_words(comment: Comment) -> str:
    """The sentences of the comment that are its author's own, without whom it addresses and what it quotes."""
    kept = []
    for start, end in sentences(comment.text):
        at = start
        for low, high in comment.quoted:
            if low < end and start < high:
                kept.append(comment.text[at : max(at, low)])
                at = max(at, high)
        kept.append(comment.text[at:end])
    return " ".join(" ".join(kept).replace("’", "'").split())


def _concedes(own: str) -> bool:
    """Whether what begins with a yes turns round: "true, but ..."; only within its first sentences."""
    return _CONCEDING.search(own[: 2 * OPENING]) is not None


def denies(own: str, other: str) -> bool:
    """Whether one text says that something is not so of which a sentence of the other says that it is, or turned round.

    Both sentences have to share more than the word that is denied; a question affirms nothing.
    """
    said = [_polarities(one) for one in _first(own)]
    theirs = [_polarities(one) for one in _first(other) if not interrogative(one)]
    return any(
        len(mine & others) >= SHARED and bool((denied & (others - denied_there)) | (denied_there & (mine - denied)))
        for mine, denied in said
        for others, denied_there in theirs
    )


def _first(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)[:COMPARED]]


@lru_cache(maxsize=4096)
def _polarities(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """(terms, those of them that stand shortly after a negation)."""
    plain = _NOT_DENYING.sub(" ", text.replace("’", "'"))
    words = _WORD.findall(plain)
    denied = set[str]()
    for place, word in enumerate(words):
        if _NEGATION.fullmatch(word):
            denied.update(terms(" ".join(words[place + 1 : place + 1 + NEGATION_REACH])))
    return frozenset(terms(plain)), frozenset(denied)


def of_claim(sentence: str, claim: str) -> Bearing:
    """Whether a sentence says what is claimed, or denies it; "touches" where it does not speak of enough of it.

    Denial is what negates a term of the claim that the claim does not negate, or a word of doubt.
    """
    wanted, wanted_denied = _polarities(claim)
    said, denied = _polarities(sentence)
    shared = wanted & said
    if not wanted or len(shared) < TOUCHED * len(wanted):
        return "touches"
    turned = bool(denied & shared) != bool(wanted_denied & shared)
    if turned or (_DOUBT.search(sentence) and not _DOUBT.search(claim)):
        return "says the contrary"
    return "says so"
