"""The forms of questions for the most of something: a degree with its measure, and whether people are compared.

Patterns only, over English. What follows from a match stands in bot.kinds.superlative.
"""

import re

from bot.questions.forms import OPENERS, any_of
from bot.values.answer import Measure

_NAME = r"@?\w[\w.@-]*(?: [A-Z][\w.-]*){0,2}"
POST = r"(?:comments?|posts?|repl(?:y|ies)|tweets?|messages?|answers?|responses?|contributions?|remarks?)"
PERSON = r"(?:commenters?|users?|posters?|people|persons?|participants?|authors?|members?|contributors?)"
_REPLIES = r"(?:repl(?:y|ies)|responses?|answers?)"
_VOTES = r"(?:likes|upvotes|votes|points|hearts)"
_WROTE = (
    r"(?:post(?:s|ed)?|comment(?:s|ed)?|wr(?:ote|ites?)|tweet(?:s|ed)?|spoke|talk(?:s|ed)|contribut(?:es?|ed)|said)"
)
_TELLS = any_of(
    r"""
    mention(?:s|ed)?
    (?:bring(?:s)?|brought) up
    rais(?:es?|ed)
    suggest(?:s|ed)?
    sa(?:ys?|id)
    propos(?:es?|ed)
    ask(?:s|ed)?
    point(?:s|ed)? out
    notic(?:es?|ed)
    repl(?:y|ies|ied)
    respond(?:s|ed)?
    answer(?:s|ed)?
    post(?:s|ed)?
    comment(?:s|ed)?
    talk(?:s|ed)?(?: about)?
    sp(?:eak|oke)
    write|wrote
    us(?:es?|ed) the (?:word|term|phrase)
    """
)


NTHS = {word: n for n, word in enumerate("first second third fourth fifth sixth seventh eighth".split(), start=1)}
_NTH = rf"(?:{'|'.join(NTHS)}|[1-8](?:st|nd|rd|th))"


def _form(*parts: str) -> re.Pattern[str]:
    return re.compile("".join(parts), re.I | re.S)


ASKING = _form(
    rf"^{OPENERS}(?:(?:can|could) you )?(?:please )?",
    r"(?:what|which|who|whose|when|how did|show|give|list|find|the|top|tell|is|was|quote|read|\d|most|least"
    rf"|fewest|highest|{_NTH}[- ]|",
    r"lowest|longest|shortest|wordiest|briefest|first|last|latest|newest|oldest|earliest|best|busiest|@)",
)
MEASURES: tuple[tuple[re.Pattern[str], Measure, bool], ...] = (
    (_form(rf"\b(?:most|highest(?: number of)?) {_VOTES}\b"), "likes", False),
    (
        _form(r"\bmost[- ](?:liked|upvoted|popular|favou?rited|loved)\b|\b(?:liked|voted) (?:best|the most|most)\b"),
        "likes",
        False,
    ),
    (_form(r"\b(?:liked|upvoted) (?:the )?least\b|\bvoted down\b|\bdown-?voted\b"), "likes", True),
    (_form(r"\b(?:highest|best|top)[- ](?:rated|scor\w+|voted|liked|received)\b"), "likes", False),
    (_form(rf"\btop (?:\d+ |two |three |five )?{POST}\b"), "likes", False),
    (_form(rf"\b(?:least|fewest|lowest(?: number of)?) {_VOTES}\b"), "likes", True),
    (_form(r"\bleast[- ](?:liked|upvoted|popular)\b|\bmost[- ](?:down-?voted|disliked|unpopular)\b"), "likes", True),
    (_form(r"\bmost[- ](?:controversial|divisive|contested)\b"), "likes", True),
    (_form(r"\blowest[- ](?:rated|scor\w+|voted)\b"), "likes", True),
    (_form(r"\bmost[- ](?:reposted|retweeted|shared|boosted|reposts|retweets|shares|boosts)\b"), "reposts", False),
    (_form(r"\bmost[- ](?:viewed|seen|views)\b|\b(?:viewed|seen) (?:the )?most\b"), "views", False),
    (_form(r"\b(?:least|fewest)[- ](?:viewed|seen|views)\b|\b(?:viewed|seen) (?:the )?least\b"), "views", True),
    (_form(rf"\bmost[- ](?:replied[- ]to|answered|{_REPLIES})\b|\breplied to (?:the )?most\b"), "replies", False),
    (_form(r"\bmost[- ](?:active|discussed|debated|engag\w+|attention|reactions|activity)\b"), "activity", False),
    (_form(rf"\b(?:longest|wordiest)(?: \w+)? {POST}\b|\bwho wrote (?:the )?longest\b"), "length", False),
    (_form(rf"\b(?:shortest|briefest)(?: \w+)? {POST}\b"), "length", True),
    (_form(rf"\b{POST} (?:here )?(?:is|was) (?:the )?longest\b"), "length", False),
    (_form(rf"\b{POST} (?:here )?(?:is|was) (?:the )?shortest\b"), "length", True),
)
POSTED_MOST = (
    (_form(rf"\b{_WROTE} (?:the )?(?:most|more)(?: often| frequently| {POST})?\W*(?:$|here|in (?:this|the))"), False),
    (_form(r"\bmost[- ](?:prolific|vocal|talkative|frequent)\b|\bbusiest\b"), False),
    (_form(rf"\b(?:has|have|had|made|left) (?:the )?most {POST}\b"), False),
    (_form(rf"\b{_WROTE} (?:the )?(?:least|fewest)\b"), True),
    (_form(r"\bleast[- ](?:active|prolific|vocal|talkative)\b"), True),
)
OF_A_PERSON = _form(rf"\bwho\b|\b{PERSON}\b")
WHOSE = _form(r"\bwhose\b")
OPINION = (
    r"(?:criticisms?|complaints?|opinions?|arguments?|points?|suggestions?|questions?|jokes?|objections?"
    r"|warnings?|claims?|advice|tips?|ideas?)"
)
CRITICAL = _form(r"\b(?:criticisms?|complaints?|objections?|warnings?)\b")
REPLY = _form(rf"\b{_REPLIES}\b")
"""A reply is no opening post."""
OF_A_POST = _form(rf"\b(?:{POST}|{OPINION})\b|\bwhat (?:got|gets|received|drew)\b")
FIRST = r"(?P<first>(?:very )?first|earliest|oldest)"
LAST = r"(?P<last>(?:very )?last|latest|newest|most recent)"
ORDER = (
    _form(
        rf"\bwho (?:was |were |is )?(?:the )?(?:{FIRST}|{LAST}) (?:(?:{PERSON}|one) )?(?:(?:to|that|who) )?{_TELLS}\b"
    ),
    _form(rf"\bwho (?:(?:was|were) the )?{_TELLS}\b(?P<what>.*?)(?: (?:{FIRST}|{LAST}))\W*$"),
    _form(rf"\b(?:{FIRST}|{LAST}) (?:(?:{PERSON}|one)) (?:to|that|who) {_TELLS}\b"),
    _form(rf"\b(?:{FIRST}|{LAST}) thing (?:that )?(?P<who>{_NAME}) (?:{_WROTE}|asked)\b"),
    _form(rf"\b(?:{FIRST}|{LAST})(?: (?:\d+|two|three|five))?(?: {_NAME}['’]s?)? {POST}\b"),
    _form(rf"\bwhen was (?:the )?(?:{FIRST}|{LAST})\b.*\b{POST}\b"),
    _form(
        rf"\bwhen (?:was|were|is) (?P<what>.+?) (?:{FIRST}|{LAST}) ",
        r"(?:mentioned|brought up|raised|discussed|said|posted)\W*$",
    ),
)
STARTED = _form(
    r"\b(?:who|when|how) (?:did )?(?:(?:started|opened|began) )?(?:this |the )?(?:thread|discussion|conversation"
    r"|story)",
    r"(?: (?:start|begin|open))?\W*$",
)
ENDED = _form(r"\b(?:when|how) did (?:this |the )?(?:thread|discussion|conversation|story) (?:end|stop|finish)\W*$")
ABOUT = _form(r"\b(?:about|on|of(?= the| a)|regarding|concerning|mention(?:s|ing)?|speak(?:s|ing) of)\s+(?P<rest>.+)$")
BY = _form(rf"\b(?:by|from)\s+(?P<who>{_NAME})")
TO = _form(r"\b(?:repl(?:y|ies|ied)|answer(?:s|ed)?|responses?|respond(?:s|ed)?)(?: to)?\s+(?P<who>@[\w.-]+|[A-Z]\w*)")
THEIRS = _form(
    rf"(?P<who>{_NAME})(?:['’]s|s['’])\s+(?:very )?(?:most|first|last|longest|shortest|latest|newest|top|earliest)"
)
THEY_SAID = _form(r"(?P<who>@?\w[\w.@-]*) (?:has |have )?(?:posted|wrote|written|said|made|left)\W*$")
_DEGREE = r"(?:most|least|top|best|first|last|latest|newest|oldest|longest|shortest|highest|lowest|fewest)"
_SEVERAL = (
    r"(?:comments|posts|replies|tweets|messages|answers|responses|contributions|remarks|commenters|users|posters|people"
    r"|persons|participants|authors|members|contributors|ones)"
)
NUMBER = _form(
    rf"(?<![\w-])(?P<number>\d{{1,2}}|two|three|four|five|ten) (?:{_DEGREE}\b[\w -]*? )?(?:\w+ )?{_SEVERAL}\b"
)
"""How many of the first are asked for: a number that counts posts or people, not one in a name ("Year 9")."""
BARE = _form(
    rf"^{OPENERS}(?:the )?(?:{_NTH}[- ])?"
    r"(?:(?:(?:most|least)[- ](?:liked|upvoted|popular|downvoted|reposted|retweeted|shared|viewed"
    r"|replied[- ]to|discussed))|longest|shortest|wordiest|briefest)(?: one| here)?\W*$"
)
"""A degree alone: of the posts."""
BARE_ORDER = _form(rf"^{OPENERS}(?:the )?(?:very )?(?:first|last) (?:one |person )?(?:to|who) {_TELLS}\b")
"""Who was first, without the "who"."""
PLACE = _form(rf"(?<![\w-])(?P<nth>{_NTH})[- ](?:{_DEGREE}\b|wordiest|briefest|most)")
"""Which place is asked for, where it is not the first: "the third most liked"."""
NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}
