"""What attitude words show: for or against, worried, sceptical, excited, angry. By cues first, then by tone.

Lexical and English: it is the words that are judged, not the person. Not here: how a reply stands to its parent
(bot.stance), shares of a whole discussion (bot.sentiment).
"""

import re
from functools import lru_cache
from typing import Literal

from bot.forms import any_of
from bot.inquiry import Attitude

Side = Literal["in favour", "against"]

TELLING = 0.35
"""Tone from which on words without a cue take a side."""
_FOR = re.compile(
    r"\b"
    + any_of(
        r"""
        (?:i|we|fully|strongly) support
        in favou?r of
        all for
        (?:good|great|excellent|brilliant|nice|smart|right|sensible) (?:idea|move|thing|news|step|choice|decision\
            |plan|change)
        (?:love|loved|loves|adore|enjoy(?:ed)?|welcome|recommend|glad|happy|delighted|grateful)
        works? (?:well|great|fine|perfectly|nicely)
        worth (?:it|every|the)
        (?:i|we) (?:like|liked|prefer|want)
        (?:useful|helpful|beautiful|wonderful|fantastic|amazing|awesome|superb|the best)
        about time
        should (?:keep|have more|do it|go ahead)
        looking forward
        can't wait
        benefits?
        improve[sd]?
        """
    )
    + r"\b",
    re.I,
)
_AGAINST = re.compile(
    r"\b"
    + any_of(
        r"""
        (?:i|we|strongly|fully) oppose
        (?:i'm|we're|am|are|dead|strongly) against
        (?:bad|terrible|awful|horrible|stupid|dumb|silly|poor|wrong) (?:idea|move|thing|news|step|choice|decision\
            |plan|change)
        (?:hate|hated|hates|dislike|disliked|detest|despise|regret|resent)
        (?:terrible|awful|horrible|useless|pointless|worthless|disaster|disastrous|disgrace|disgraceful|shameful|nightmare)
        (?:a|the) (?:mistake|waste|scam|mess|joke|failure)
        not worth
        (?:i|we) (?:don't|do not|never) (?:want|like|need|trust|support)
        too (?:expensive|slow|risky|dangerous|late|noisy|costly|high|much)
        (?:unfair|dangerous|harmful|unsafe|broken|worse|worst|annoying|ridiculous|unacceptable)
        should (?:not|never)
        shouldn't
        makes? (?:no sense|it worse|things worse)
        """
    )
    + r"\b",
    re.I,
)
_CUES: dict[Attitude, re.Pattern[str]] = {
    "worried": re.compile(
        r"\b(?:worr(?:y|ied|ies|ying)|concern(?:s|ed|ing)?|afraid|fear(?:s|ed|ful)?|scar(?:ed|y|es)|anxious|nervous|alarm(?:ed|ing)|"
        r"terrif(?:ied|ying)|frighten(?:ed|ing)|dread(?:ing)?|risk(?:s|y)?|danger(?:s|ous)?|threat(?:s|ens?)?|uneasy|panic|"
        r"what if|unsafe|keeps me up|not safe)\b",
        re.I,
    ),
    "sceptical": re.compile(
        r"\b(?:s[ck]eptic(?:al|ism)?|doubt(?:s|ful)?|unconvinced|not (?:convinced|sure|buying|so sure)"
        r"|believe it when|unlikely|hype|"
        r"suspicio(?:us|n)|dubious|too good to be true|citation needed|prove it|no evidence|where's the (?:proof"
        r"|evidence)|"
        r"(?:don't|do not|can't|cannot|hard to) believe|questionable|hardly|wait and see|grain of salt|overhyped"
        r"|snake oil|"
        r"(?:don't|do not) trust|yeah,? right)\b",
        re.I,
    ),
    "excited": re.compile(
        r"\b(?:excit(?:ed|ing|es)|can't wait|cannot wait|looking forward|thrill(?:ed|ing)|love|awesome|amazing"
        r"|fantastic|hyped|stoked|"
        r"brilliant|wonderful|game[- ]changer|finally|delighted|so cool|pumped|eager|enthusias\w+|hope(?:ful)?"
        r"|optimis\w+)\b|[🎉🤩🚀🥳]",
        re.I,
    ),
    "angry": re.compile(
        r"\b(?:angry|anger|furious|outrag(?:e|ed|eous)|disgust(?:ed|ing)?|disgrace(?:ful)?|shame(?:ful)?|fed up"
        r"|sick of|appall(?:ed|ing)|"
        r"livid|unacceptable|scandal(?:ous)?|how dare|hate|ridiculous|insult(?:ing)?|annoy(?:ed|ing)|frustrat\w+"
        r"|wtf|bullshit)\b|[😡🤬]",
        re.I,
    ),
    "in favour": _FOR,
    "against": _AGAINST,
}
_DENIED = re.compile(
    r"(?:\b(?:not|never|no|nobody|hardly|without|isn't|aren't|wasn't|don't|doesn't|didn't)\s+(?:\w+\s+)?)$", re.I
)
_OPPOSITE: dict[Attitude, Attitude] = {"in favour": "against", "against": "in favour", "excited": "against"}
NAMES: tuple[tuple[re.Pattern[str], Attitude], ...] = (
    (
        re.compile(r"worried|concerned|afraid|scared|anxious|nervous|fearful|alarmed|pessimistic|uneasy", re.I),
        "worried",
    ),
    (re.compile(r"s[ck]eptical|doubtful|unconvinced|suspicious|cynical|dubious|not convinced", re.I), "sceptical"),
    (re.compile(r"excited|enthusiastic|optimistic|hopeful|thrilled|eager|looking forward", re.I), "excited"),
    (re.compile(r"angry|furious|upset|outraged|annoyed|mad|frustrated|unhappy|disappointed", re.I), "angry"),
    (re.compile(r"happy|positive|in favou?r|supportive|for it|pleased|glad|pro", re.I), "in favour"),
    (re.compile(r"against|opposed|negative|critical|hostile|anti", re.I), "against"),
)


def named(word: str) -> Attitude | None:
    """The attitude that a question calls by this word."""
    return next((attitude for pattern, attitude in NAMES if pattern.fullmatch(word.strip())), None)


def shows(words: str, attitude: Attitude) -> bool:
    """Whether the words show the attitude: a cue that is not denied; for "in favour" and "against", a side."""
    if attitude in ("in favour", "against"):
        return side(words) == attitude
    return _told(_CUES[attitude], words) > 0


def opposes(words: str, attitude: Attitude) -> bool:
    """Whether the words show the opposite."""
    other = _OPPOSITE.get(attitude, "in favour")
    return shows(words, other) and not shows(words, attitude)


@lru_cache(maxsize=8192)
def side(words: str) -> Side | None:
    """Which side the words take: by cues where they tell, else by a clear tone; None where neither does."""
    plain = words.replace("’", "'")
    good, bad = _told(_FOR, plain), _told(_AGAINST, plain)
    good, bad = good + _denied(_AGAINST, plain), bad + _denied(_FOR, plain)
    if good != bad:
        return "in favour" if good > bad else "against"
    if good:
        return None
    from bot.sentiment import tone  # its lexicon takes a moment to read

    value = tone(plain)
    if abs(value) < TELLING:
        return None
    return "in favour" if value > 0 else "against"


def _told(cue: re.Pattern[str], words: str) -> int:
    return sum(not _DENIED.search(words[: found.start()]) for found in cue.finditer(words))


def _denied(cue: re.Pattern[str], words: str) -> int:
    return sum(bool(_DENIED.search(words[: found.start()])) for found in cue.finditer(words))
