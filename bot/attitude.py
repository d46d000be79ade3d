"""What attitude words show: for or against, worried, sceptical, excited, angry. By explicit cues alone, never by tone.

Lexical and English: it is the words that are judged, not the person. Of a feeling only the writer's own counts: "I fear
it" and "scary", not "they fear it". A cue speaks for its clause, since "I support the quay, but the tax is a mistake"
takes two sides. Not here: what a clause is about (bot.subject), how a reply stands to its parent (bot.stance), tone and
the shares of a whole discussion (bot.sentiment).
"""

import re
from functools import lru_cache
from typing import Literal

from bot.forms import any_of
from bot.inquiry import Attitude
from bot.manner import interrogative
from corpus.text import sentences

Side = Literal["in favour", "against"]

READ, LONGEST = 10_000, 600
"""Characters of a text, and of one clause, that are looked at."""

_BREAK = re.compile(
    r";|\s[–—-]+\s|—|:\s|[()]|"
    r",?\s(?=(?:but|although|though|whereas|while|unlike|than|yet|except|because(?! of)|rather than|instead of)\b)|"
    r",\s(?=(?:and |or )?(?:i |we )?(?:love|hate|like|dislike|support|oppose|prefer)\b)|"
    r"\sand\s(?=(?:i |we )?(?:love|hate|dislike|support|oppose)\b)|"
    r",\s(?=(?:(?:and|so)\s)?(?:[\w'-]+\s){1,3}(?:is|are|was|were|will|has|have|isn't|aren't)\b)",
    re.I,
)
"""Where one clause ends and what is said of something else may begin."""
_LEADING = (
    r"(?:\W|\b(?:no,|(?:honestly|personally|frankly|well|oh|also|and|but|so|yes|yeah|yep|lol|really|still|as)\b))*"
)
_HOW = (
    r"(?:\w+ly|a (?:bit|little|lot)|also|still|just|do|did|too|so|very|more|most|quite|rather|always|already|both|all|"
    r"kind of|sort of|even|much|well|for one)"
)
_OWN = (
    rf"\b(?:i|we)(?:'m|'re|'d|'ve| am| are| was| were| have(?: been)?| had| would| must| do| did| feel| felt| get)?"
    rf"(?: {_HOW})* "
)
"""Before a feeling: I or we."""
_OR_NOBODY = rf"(?:{_OWN}|^{_LEADING}(?:{_HOW} )*)"
"""The same, or nobody at the head of the clause: "Worried about the tax"."""
_IS = (
    r"(?:\b(?:is|are|was|were|be|been|being|seems?|looks?|sounds?|feels?|remains?|becomes?|became)|'s|'re)"
    r"(?: (?:\w+ly|a|an|the|so|very|such|just|still|also|quite|pretty|too|far|much|even|rather|one|both))* "
)
"""Before what something is said to be."""
_ALONE = rf"^{_LEADING}(?:(?:what|such|a|an|how|this|just|so|very|\w+ly)\s)*"
"""Before one word that is all that is said: "Terrible." """
_THING = r"(?:idea|move|thing|news|step|choice|decision|plan|change|deal|law|rule|policy|trend|sign|proposal)s?"
_ME = r"(?:me|us|everyone|everybody|all of us|the public|society|people like (?:me|us))"

_GOOD = (
    r"(?:great|wonderful|fantastic|useful|helpful|amazing|awesome|superb|brilliant|beautiful|excellent|lovely|godsend"
    r"|a (?:\w+ )?(?:blessing|gift|boon|win|improvement|plus|pleasure|joy)|lifesaver|game[- ]changer)"
)
_BAD = (
    r"(?:terrible|awful|horrible|useless|pointless|worthless|disaster|disastrous|disgrace|disgraceful|shameful|nightmare"
    r"|unfair|dangerous|harmful|unsafe|ridiculous|unacceptable|absurd|insane|overrated|overpriced|evil|disgusting|rip-?off"
    r"|abomination|annoying|stupid|outrage|scandal)"
)
_FOR = re.compile(
    any_of(
        rf"""
        {_OWN}(?:support|(?<!would )(?<!'d )(?:love|like)|loved|adore|liked|prefer|enjoy|enjoyed|welcome|recommend\
            |admire|appreciate|applaud\
            |endorse|favou?r|trust|back|defend)\b(?! (?:to think|how|group|team|staff)\b)
        ^{_LEADING}(?:{_HOW} )*(?:love|loved|loving|enjoyed|adore)\b(?! (?:is|was|of|and|for)\b)
        {_OWN}(?:in favou?r of|all for|for it\b|pro\b|a (?:\w+ )?(?:fan|supporter|believer))
        ^{_LEADING}(?:all for|in favou?r of)\b
        {_OR_NOBODY}(?:glad|happy|delighted|grateful|thankful|pleased|excited|thrilled)\b(?! (?:birthday|new year\
            |hour)\b)
        \bas an? (?:\w+ )?(?:supporter|fan|advocate|believer|proponent|admirer) of\b
        \bcount me in\b
        ^{_LEADING}(?:thanks?(?: you)? (?:to|for)|three cheers for|hooray for|kudos to|bravo|\+1 for)\b
        \b(?:good|great|excellent|brilliant|nice|smart|wise|sensible|wonderful|fantastic|welcome|overdue) {_THING}\b
        {_IS}(?:{_GOOD}|good for|best thing|way (?:to go|forward)|worth it|right (?:thing|call|move|decision|choice\
            |step\
            |idea|way))\b
        {_ALONE}{_GOOD}\W*$
        \bworks? (?:well|great|fine|perfectly|nicely|wonders|beautifully)\b
        \bworth (?:it|every|the (?:money|price|effort|wait|trouble|cost))\b
        \b(?:about time|long overdue)\b
        \bshould (?:keep|be kept|be saved|have more|do more|go ahead|be (?:legal|allowed(?! to)|encouraged|adopted))\b
        \b(?:looking forward to|can't wait|cannot wait)\b
        \b(?:benefits?|helps?|helped|serves?|saves?|saved) {_ME}\b
        \b(?:has|have|had|with|brings?) (?:\w+ )?(?:benefits|advantages|upsides)\b
        \b(?:main|big|biggest|real|great|greatest|clear|huge|obvious|key) (?:benefit|advantage|upside)s?\b
        \bmakes? (?:life|things|it|everything) (?:so much |much |a lot |far )?(?:better|easier|cheaper|safer|faster\
            |simpler)\b
        """
    ),
    re.I,
)
_AGAINST = re.compile(
    any_of(
        rf"""
        {_OWN}(?:oppose|opposed|hate|hated|dislike|disliked|detest|despise|resent|distrust|mistrust|reject|condemn\
            |loathe)\b
        ^{_LEADING}(?:{_HOW} )*(?:hate|hated|detest|loathe)\b(?! (?:is|was|of|and|for|speech|mail)\b)
        {_OWN}(?:(?:dead |totally )?(?:against|opposed to)|sick of|fed up|done with|tired of|anti\b|disgusted\
            |appalled|no fan of)
        ^{_LEADING}(?:{_HOW} )*(?:against|opposed to|sick of|fed up with|tired of)\b(?! (?:all odds|the odds)\b)
        \b(?:i|we)(?:'m| am|'re| are) not (?:a (?:\w+ )?fan|in favou?r|for it)\b
        \b(?:i|we) (?:\w+ly )?(?:don't|do not|never|won't|will not|wouldn't|would (?:not|never)|can't|cannot\
            |could never) \
            (?:\w+ly |even |ever )?(?:want|like|need|trust|support|stand|recommend|touch|welcome|approve|enjoy|back\
            |favou?r)\b
        \b(?:bad|terrible|awful|horrible|stupid|dumb|silly|poor|wrong|dangerous|ridiculous|insane|crazy\
            |disastrous) {_THING}\b
        {_IS}(?:{_BAD}|mistake|waste|scam|mess|failure|worst|worse (?:for|than)|bad|wrong to|a joke|an? \
            (?:\w+ )?threat|shame)\b
        {_ALONE}{_BAD}\W*$
        {_IS}(?:too )?(?:expensive|slow|risky|noisy|costly|unreliable)\b
        \btoo (?:expensive|slow|risky|dangerous|late|noisy|costly)\b
        \b(?:not|isn't|never|hardly|wasn't) worth\b
        \b(?:shouldn't|should not|should never|must not|mustn't|ought not to) (?:be (?:\w+ly )?(?:allowed|legal\
            |built|used\
            |released|done|permitted|sold|trusted|published|open|introduced|forced)|exist|happen|go ahead|have \
            (?:been|done\
            |happened))\b
        \b(?:should|must|needs? to|ought to|has to|have to) be (?:banned|stopped|abolished|forbidden|scrapped\
            |repealed\
            |cancell?ed|outlawed|prohibited|shut down|ended)\b
        \b(?:makes?|made|making) (?:no sense|it worse|things worse|everything worse|life harder|things harder)\b
        \b(?:ruin|destroy|kill|wreck|hurt|harm|damage|threaten)(?:s|ed|ing)? (?:me|us|my)\b
        \bmore harm than good\b
        \b(?:main|big|biggest|real|serious|huge|clear|obvious|key) (?:downside|drawback|disadvantage|danger|risk\
            |threat)s?\b
        """
    ),
    re.I,
)
_CUES: dict[Attitude, re.Pattern[str]] = {
    "worried": re.compile(
        any_of(
            rf"""
            {_OWN}(?:worry|worrying|fear|feared|dread|panic|panicking)\b
            {_OR_NOBODY}(?:worried|concerned (?:about|that|for|by)|afraid|fearful|scared|anxious|nervous|alarmed\
            |terrified\
                |frightened|uneasy|pessimistic)\b
            \b(?:worries|scares|frightens|terrifies|concerns|alarms|bothers|troubles) (?:me|us)\b
            \b(?:my|our) (?:\w+ )?(?:worry|concern|fear|nightmare)s?\b
            {_IS}(?:worrying|worrisome|concerning|alarming|frightening|terrifying|scary|unsafe|dangerous|risky\
            |not safe\
                |an? (?:\w+ )?(?:danger|risk|threat|concern|worry))\b
            {_ALONE}(?:worrying|alarming|frightening|terrifying|scary|dangerous|risky)\W*$
            \b(?:main|big|biggest|real|serious|huge|grave|one|another|great|greatest|key|only) (?:worry|concern\
            |fear|danger|risk|threat)s?\b
            \bkeeps (?:me|us) (?:up|awake)\b
            \bthe (?:danger|risk|threat) (?:is|of|that|here)\b
            """
        ),
        re.I,
    ),
    "sceptical": re.compile(
        any_of(
            rf"""
            {_OWN}(?:doubt|doubted)\b
            {_OR_NOBODY}(?:s[ck]eptical|doubtful|unconvinced|suspicious|dubious|cynical)\b
            \b(?:i|we)(?:'m| am|'re| are) (?:not|hardly|far from) (?:\w+ly |so |at all )?(?:convinced|sure|buying\
            |certain|persuaded)\b
            ^{_LEADING}not (?:\w+ly |so )?(?:convinced|sure|buying)\b
            \b(?:i|we)(?:'ll| will) believe it when\b
            \b(?:i|we) (?:really |just |still )?(?:don't|do not|can't|cannot) (?:believe|buy|trust)\b
            ^{_LEADING}(?:hard to believe|citation needed|prove it|no evidence|wait and see|too good to be true\
            |hype)\b
            {_IS}(?:unlikely|hype|dubious|questionable|overhyped|snake oil|good to be true|suspicious|doubtful\
            |implausible)\b
            \b(?:there is|there's|i see|without|with|shows?) (?:no|little|any) (?:evidence|proof)\b
            \bwhere(?:'s| is) the (?:proof|evidence)\b
            \bgrain of salt\b
            """
        ),
        re.I,
    ),
    "excited": re.compile(
        any_of(
            rf"""
            {_OWN}(?<!would )(?<!'d )love\b
            {_OR_NOBODY}(?:excited|thrilled|hyped|stoked|delighted|pumped|eager|enthusiastic|hopeful|optimistic\
            |psyched)\b
            {_IS}(?:exciting|awesome|amazing|fantastic|wonderful|game[- ]changer|brilliant|thrilling|promising|cool)\b
            {_ALONE}(?:exciting|awesome|amazing|fantastic|wonderful|brilliant|thrilling)\W*$
            \b(?:can't|cannot|can not) wait\b
            \blooking forward to\b
            ^{_LEADING}finally\b
            \bexcites (?:me|us)\b
            [🎉🤩🚀🥳]
            """
        ),
        re.I,
    ),
    "angry": re.compile(
        any_of(
            rf"""
            {_OWN}hate\b
            {_OR_NOBODY}(?:angry|furious|outraged|disgusted|livid|fed up|sick of|appalled|annoyed|frustrated|upset\
            |mad at|enraged\
                |fuming)\b
            {_IS}(?:outrage|outrageous|disgusting|disgrace|disgraceful|shameful|appalling|unacceptable|scandal\
            |scandalous|insult|insulting\
                |infuriating|ridiculous)\b
            \b(?:infuriates|annoys|angers|disgusts|enrages) (?:me|us)\b
            \bhow dare\b
            \b(?:wtf|bullshit)\b
            \bshame on\b
            [😡🤬]
            """
        ),
        re.I,
    ),
    "in favour": _FOR,
    "against": _AGAINST,
}
_DENIED = re.compile(
    r"(?:\b(?:not|never|no|nobody|hardly|without|isn't|aren't|wasn't|weren't|don't|doesn't|didn't|won't|wouldn't|can't)"
    r"\s+(?:\w+\s+){0,2}|\b(?:who|which)\s+)$",
    re.I,
)
_TURNED = re.compile(
    r"\b(?:not|never|no|hardly|isn't|aren't|wasn't|weren't)\s+"
    r"(?:(?:an?|the|such an?|that|very|so|really|exactly)\s+){0,2}$",
    re.I,
)
"""Right before a cue it says the contrary: "not a good idea"."""
_SUPPOSED = re.compile(r"^\W*(?:if|unless|whether|suppose|imagine|why)\b", re.I)
"""A clause that only supposes says nothing of its writer."""
_OPPOSITE: dict[Attitude, Attitude] = {"in favour": "against", "against": "in favour", "excited": "against"}
NAMES: tuple[tuple[re.Pattern[str], Attitude], ...] = (
    (
        re.compile(r"worried|concerned|afraid|scared|anxious|nervous|fearful|alarmed|pessimistic|uneasy", re.I),
        "worried",
    ),
    (re.compile(r"s[ck]eptical|doubtful|unconvinced|suspicious|cynical|dubious|not convinced", re.I), "sceptical"),
    (re.compile(r"excited|enthusiastic|optimistic|hopeful|thrilled|eager|looking forward", re.I), "excited"),
    (re.compile(r"angry|furious|upset|outraged|annoyed|mad|frustrated|unhappy|disappointed", re.I), "angry"),
    (re.compile(r"joking|kidding|sarcastic|ironic|not serious|funny", re.I), "joking"),
    (re.compile(r"happy|positive|in favou?r|supportive|for it|pleased|glad|pro|for", re.I), "in favour"),
    (re.compile(r"against|opposed|negative|critical|hostile|anti", re.I), "against"),
)


def named(word: str) -> Attitude | None:
    """The attitude that a question calls by this word."""
    return next((attitude for pattern, attitude in NAMES if pattern.fullmatch(word.strip())), None)


def shows(words: str, attitude: Attitude) -> bool:
    """Whether any clause of the words shows the attitude, by a cue that is not denied; a side, on the whole."""
    if attitude in ("in favour", "against"):
        return side(words) == attitude
    return attitude in _CUES and any(_told(_CUES[attitude], clause) > 0 for clause in clauses(words))


def opposes(words: str, attitude: Attitude) -> bool:
    """Whether the words show the opposite."""
    other = _OPPOSITE.get(attitude, "in favour")
    return shows(words, other) and not shows(words, attitude)


@lru_cache(maxsize=8192)
def side(words: str) -> Side | None:
    """Which side the words take, by explicit cues; None where there are none, or as many for either side.

    What is denied counts for the other side: "not a good idea".
    """
    good = bad = 0
    for clause in clauses(words):
        good += _told(_FOR, clause) + _turned(_AGAINST, clause)
        bad += _told(_AGAINST, clause) + _turned(_FOR, clause)
    if good == bad:
        return None
    return "in favour" if good > bad else "against"


@lru_cache(maxsize=8192)
def clauses(words: str) -> tuple[str, ...]:
    """The clauses that state something, each to be judged by itself: none that asks or only supposes."""
    plain = words[:READ].replace("’", "'")
    said = [plain[a:b] for a, b in sentences(plain) if not interrogative(plain[a:b])]
    parts = [part.strip() for sentence in said for part in _BREAK.split(sentence)]
    return tuple(part[:LONGEST] for part in parts if part and not _SUPPOSED.match(part))


def _told(cue: re.Pattern[str], clause: str) -> int:
    return sum(not _DENIED.search(clause[: found.start()]) for found in cue.finditer(clause))


def _turned(cue: re.Pattern[str], clause: str) -> int:
    return sum(_TURNED.search(clause[: found.start()]) is not None for found in cue.finditer(clause))
