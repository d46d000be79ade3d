"""The forms of questions about exchanges: who disagrees with, who agrees with, who replied to, what was left open.

Patterns only, over English. What they ask about stands in `rest`; what follows from a match, in bot.kinds.exchanges.
"""

import re
from typing import Literal

from bot.forms import OPENERS, any_of

Exchange = Literal["disagreement", "agreement", "replies"]

_CROWD = r"(?:the )?(?:people|commenters?|they|users?|everyone|everybody|others|participants|posters?|folks)"
_ANYBODY = rf"(?:(?:any|some|no)(?:one|body)(?: else)?|any (?:of the )?(?:people|users?|commenters?|posters?)|{_CROWD})"
_HOW_MANY = r"how many(?: (?:people|commenters?|users?|others|posters|folks|ppl|of them|persons))?"
_WHO = (
    r"(?:who(?: else| all| here)?"
    r"|which (?:of the )?(?:people|commenters?|users?|posters?|repl(?:y|ies)|comments?|posts?)"
    rf"|{_HOW_MANY})"
)
_DID = rf"(?:do|does|did|has|have|is|was|were) {_ANYBODY}"
_AUX = (
    r"(?:\s+(?:have|has|had|is|are|was|did|do|does|here|ever|actually|really|strongly|openly|explicitly|even|who|"
    r"in (?:this|the) thread))*"
)
_DISAGREES = any_of(
    r"""
    disagree[sd]?
    den(?:y|ies|ied)
    object(?:s|ed)?
    push(?:es|ed)? back
    (?:takes?|took) issue
    contradict(?:s|ed)?
    disput(?:es?|ed)
    challeng(?:es?|ed)
    oppos(?:es?|ed)
    refut(?:es?|ed)
    rebut(?:s|ted)?
    argue[sd]? (?:against|with)
    correct(?:s|ed)
    counter(?:s|ed)
    differ(?:s|ed)?
    """
)
_AGREES = any_of(
    r"""
    agree[sd]?
    concur(?:s|red)?
    side[sd]? with
    back(?:s|ed)(?: up)?
    second(?:s|ed)
    endorse[sd]?
    support(?:s|ed)?
    confirm(?:s|ed)?
    """
)
_REPLIES = r"(?:repl(?:y|ies|ied)|respond(?:s|ed)?|answer(?:s|ed)?|react(?:s|ed)?|got back)"
_ANSWERED = (
    r"(?:(?:an? |any )?(?:answers?|repl(?:y|ies)|responses?)|answered|replied to|responded to|addressed|resolved)"
    r"(?: here| in (?:this|the) thread| by (?:any|some)(?:one|body))?\W*$"
)
_COUNTER = any_of(
    r"""
    counter-?\s?arguments?
    counter-?\s?points?
    objections?
    rebuttals?
    criticisms?
    pushback
    opposition
    opposing (?:views?|arguments?)
    disagreements?
    """
)


def _form(*parts: str) -> re.Pattern[str]:
    return re.compile(f"^{OPENERS}{''.join(parts)}", re.I | re.S)


BY_KIND: dict[Exchange, tuple[re.Pattern[str], ...]] = {
    "disagreement": (
        _form(rf"(?:{_WHO}|{_DID}){_AUX}\s+{_DISAGREES}\b(?:\s+(?:or|and)\s+{_DISAGREES}\b)?(?P<rest>.*)$"),
        _form(
            r"(?:(?:what|which|are|is|were|was|do|does|did|list|show|give)\s+)?",
            r"(?:me |are |is |were |was |there |the |some |any |main |strongest |best |good |possible )*",
            rf"{_COUNTER}\b(?: (?:are|is|were|was) (?:there|made|raised|given|offered))?(?P<rest>.*)$",
        ),
        _form(
            rf"(?:what|where) (?:do|does|did|are|is) {_CROWD} (?:\w+ )?(?:disagree(?:ing)?|divided|split)\b",
            r"(?: (?:about|on|over))?(?P<rest>.*)$",
        ),
        _form(
            r"what (?:are|is|were|was) (?:the )?(?:\w+ )?(?:points?|areas?|bones?) of (?:contention|disagreement"
            r"|dispute)",
            r"(?P<rest>.*)$",
        ),
        _form(r"what(?:'s| is| was) (?:controversial|contested|disputed|in dispute|contentious)(?P<rest>.*)$"),
    ),
    "agreement": (
        _form(rf"(?:{_WHO}|{_DID}){_AUX}\s+{_AGREES}\b(?:\s+(?:or|and)\s+{_AGREES}\b)?(?P<rest>.*)$"),
        _form(rf"what (?:do|does|did) {_CROWD} (?:\w+ )?agree (?:about|on)(?P<rest>.*)$"),
    ),
    "replies": (
        _form(r"(?:was|were|is|are) (?P<rest>.+?) (?:ever |really |actually |finally )*", _ANSWERED),
        _form(
            r"(?:has|have|had) (?P<rest>.+?) (?:ever |really |actually |finally )*(?:been|got|gotten|had) ", _ANSWERED
        ),
        _form(
            r"did (?P<rest>.+?) (?:ever |really |actually |finally )*(?:get|receive|have) ",
            r"(?:an? |any )?(?:answers?|repl(?:y|ies)|responses?)(?: from (?:any|some)(?:one|body))?\W*$",
        ),
        _form(
            r"(?:what|which|how many) (?:were |was |are |is |did )?(?:the )?(?:repl(?:y|ies)|responses?"
            r"|reactions?|answers?)",
            r"(?: (?:were|was|are|did|there|made|given|come))*\s+(?P<rest>to\b.*)$",
        ),
        _form(
            r"(?:what|which|how many) (?:repl(?:y|ies)|responses?|reactions?|answers?) (?:did|does|has"
            r"|have) (?P<rest>.+?) ",
            r"(?:get|got|receive|received|have|had)\W*$",
        ),
        _form(rf"(?:what|how) (?:did|do|does) {_CROWD} (?:reply|respond|react|answer)\b(?P<rest>.*)$"),
        _form(rf"(?:{_WHO}|{_DID}){_AUX}\s+{_REPLIES}\b(?P<rest>.*)$"),
    ),
}
UNANSWERED = _form(
    any_of(
        r"""
        (?:which|what)(?: of the)? (?:questions?|points?|posts?|challenges?|objections?) .*\b(?:unanswered\
            |ignored|unresolved)\b.*
        (?:which|what)(?: of the)? (?:questions?|points?|posts?|challenges?|objections?) .*\b(?:no|not|never\
            |nobody|without)\b.*
        (?:what|which) (?:is|was|remains?|remained|went|are|were|stays?|stayed) (?:still |left )?(?:open\
            |unanswered|unresolved)\b.*
        (?:what|which|who|whose) (?:\w+ )?(?:was|were|is|are|has been|have been|had been|went|remain(?:s|ed)) (?:never\
            |not|not ever|still not) (?:really |actually )?(?:been )?(?:answered|addressed|resolved|replied to\
            |responded to).*
        (?:what|who|whose \w+) (?:got|gets|has got|have got|received|has|have|had) (?:no|not? (?:any|one|a single)) \
            (?:repl(?:y|ies)|answers?|responses?).*
        what (?:did|has|have|does) (?:nobody|no one|no-one) (?:ever )?(?:answer|repl(?:y|ied)|respond)(?:ed)?(?: to)?.*
        (?:are|were|is|was) there (?:any |an? )?(?:unanswered|unresolved|open|ignored) .*
        (?:list |show |give me |what are |which are )?(?:me )?(?:the |any |all )*(?:unanswered|unresolved\
            |open) (?:questions?|points?).*
        (?:did|was) any(?:one's)? questions? (?:go|went|left|remain) unanswered.*
        """
    ),
    "$",
)
OBJECTS_THAT = re.compile(r"\b(?:objects?|objected|argue[sd]?|counter(?:s|ed)|agree[sd]?) that\b", re.I)
"""What is objected is said by who objects."""
NOWHERE_ELSE = re.compile(
    r"^\s*(?:(?:about|on|over|with) )?(?:each other|one another|the most|most|here|at all|in (?:this"
    r"|the) (?:thread|discussion))?\W*$",
    re.I,
)
"""What is no target: "what do people disagree about here?"."""
_CLAIMS = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|can|cannot|could|will|would|shall|should|must|may|might"
    r"|\w+n['’]t)\b",
    re.I,
)
_CLAIMS_THAT = re.compile(
    rf"\b(?:{_DISAGREES}|{_AGREES}|claims?|idea|notion|views?|fact|theory|belief|arguments?|statement|assertion"
    r"|suggestion) that \w+ \w",
    re.I,
)


def claims(asked: str, subject: str) -> bool:
    """Whether the subject of a question says something that could be denied: a thing alone claims nothing."""
    return _CLAIMS.search(subject) is not None or _CLAIMS_THAT.search(asked) is not None
