"""What words do: ask, suggest, want something, tell of trouble. By cues of the sentence itself.

Lexical and English, as bot.attitude is: a sentence without a cue does none of these, whatever its writer meant. Not
here: which questions are about such acts, and how these are answered (bot.kinds.acting).
"""

import re

from bot.forms import any_of
from bot.inquiry import Act
from bot.manner import interrogative

_LEAD = (
    r"^\W*(?:(?:ok(?:ay)?|well|so|then|now|and|but|just|please|pls|again|first|next|yes|yeah|no|cool|hmm+|ah|oh|also|"
    r"maybe|perhaps|alternatively|instead|finally)\b[\s,:;.!-]*)*"
)
_NOT = r"\s?(?:n['’]?t|not)"
_ASKING = re.compile(
    _LEAD
    + any_of(
        r"""
        (?:do|does|did|is|are|was|were|has|have|can|could|would|will|should) (?:any(?:one|body)|some(?:one|body)\
            |you|there\
            |it|this|that|we|i|they|he|she)
        any(?:one|body) (?:know|have|has|else|tried|here)
        (?:who|which|whose|why|how) (?!ever)\w+
        (?:what|when|where) (?:is|are|was|were|do|does|did|can|could|would|will|should|about|if|kind|sort|version\
            |time)
        (?:i|we)(?: am|'m|’m| was| were|'re)? (?:just )?(?:wonder(?:ing)?|curious)
        """
    )
    + r"\b|\b(?:want|like|love|need|curious|interested|trying) to (?:know|learn|find out|hear|understand)\b",
    re.I,
)
_IMPERATIVE = any_of(
    r"""
    add|allow|apply|ask|avoid|back up|begin|boot|browse|build|buy|call|change|check|choose|cite|clean|clear|click\
        |close
    compare|configure|connect|consider|contact|copy|create|cut|delete|disable|do(?:n['’]?t| not)?|download|drop|edit
    enable|enter|find|fix|follow|forget|format|get|give|go|goto|grep|grab|hit|ignore|import|insert|install|invest|join
    keep|kill|learn|leave|let['’]?s?|limit|list|load|log|look|make|measure|mod|mount|move|never|open|order|pay\
        |pick|plug
    post|press|publish|pull|push|put|raise|read|reboot|reinstall|remember|remove|rename|repair|replace|reset|restart
    restore|return|run|save|search|see|sell|send|set|share|show|skip|sort|split|start|stay|stick|stop|sudo|swap|switch
    take|talk|tell|test|think|train|treat|try|turn|type|unplug|update|upgrade|use|visit|wait|watch|work|write
    """
)
_SUGGESTING = re.compile(
    rf"{_LEAD}(?:{_IMPERATIVE})\b(?!\s*(?:['’]s|to me\b))|"
    + any_of(
        r"""
        \b(?:you|u|we|they|he|she|one|people|everyone|everybody)(?:['’]d| will|['’]ll)? (?:\w+ly )?(?:should\
            |could|can|may|might|must\
            |ought|need|_need_|have to|has to|had better|better|want to|just)\b
        \b(?:i|we)(?:['’]d| would)? (?:suggest|recommend|advise|propose|vote)
        \b(?:i|we)(?:['’]d| would) (?:just |rather |simply )?(?:use|go|try|start|keep|make|take|do|get|put)\b
        \b(?:should|ought to) (?:be|have|just|not|never|at least)\b
        \bshould\b
        \b(?:how|what) about\b
        \bwhy (?:not|don['’]?t)\b
        \blet['’]?s\b
        \b(?:best bet|better off|best (?:way|option|thing)|the way to go|worth (?:a try|trying|a look)|instead of\
            |if i were)\b
        \b(?:the|a|my|your|one|another|only) (?:\w+ )?(?:fix|solution|workaround|trick|remedy|answer|cure\
            |suggestion|advice|idea\
            |proposal|recommendation) (?:is|was|would|could|might)\b
        \b(?:suggest(?:ion)?s?|recommend(?:ed|ation)?s?|advise)\b
        \bneeds? to be\b
        """
    ),
    re.I,
)
_WANTING = re.compile(
    any_of(
        r"""
        \b(?:i|we)(?:['’]d| would) (?:really |also |just )?(?:like|love|prefer|want|rather)\b
        \b(?:i|we) (?:just |only |really |also |still |do |now )*(?:want(?:ed)?|need(?:ed)?|wanna|wan na\
            |wish(?:ed)?|hope[d]?|have to\
            |got to|gotta|plan(?:ned)?|intend(?:ed)?|mean(?:t)? to|aim|miss)\b
        \b(?:am|['’]m|was|are|['’]re|were) (?:just |only |still |really )*(?:trying|looking|hoping|aiming\
            |planning|going|after)\b
        ^\W*(?:just |still |really )*(?:trying to|looking for|hoping|need(?:ing)? (?:to|a|some|help)\
            |want(?:ing)? (?:to|a|some))\b
        \bis there (?:a|any|some)(?: \w+)? (?:way|chance|option|tool|method|possibility)\b
        \bthere (?:is|['’]s) any way\b
        \bhow (?:do|can|could|would|should|to) (?:i|we)?\b
        \bany(?:one|body) know\b
        \b(?:can|could) (?:some(?:one|body)|any(?:one|body)|you)\b
        \bi mean (?:where|how|what)\b
        """
    ),
    re.I,
)
_TROUBLE = re.compile(
    any_of(
        rf"""
        \b(?:do|does|did|wo|will|would){_NOT} (?:\w+ly )?(?:work|start|run|load|boot|open|play|connect|respond|fit|help\
            |show|compile|install|charge|print|sync|update|turn on|scale)\b
        \b(?:problem|issue|trouble|bug|error|erreor|fault|failure|glitch|snag|outage|crash|mess|nightmare|obstacle\
            |hurdle|drawback|downside|bottleneck)(?:s|es|atic)?\b
        \b(?:fail(?:s|ed|ing)?|broke(?:n)?|breaks|crash(?:es|ed|ing)|hang(?:s|ing)?|hung|freez(?:es|ing)|froze(?:n)?|stuck\
            |unable|denied|refus(?:es|ed)|missing|corrupt(?:ed)?|struggl(?:es?|ed|ing)|stopped|gave up|died\
            |leak(?:s|ed|ing)?)\b
        \b(?:nothing (?:happens|works|helps)|no (?:longer|such|permission|access|sound|luck)|not (?:working|able|found\
            |supported))\b
        \b(?:annoying|frustrating|unusable|painful|flaky)\b
        """
    ),
    re.I,
)
_LOOSELY_TROUBLE = re.compile(
    rf"\b(?:ca|can|could|wo|do|does|did|is|are|was|were|has|have){_NOT}\b|\bcannot\b|\b(?:cant|wont|doesnt|dont)\b"
    r"|\b(?:wrong|impossible|confus(?:ed|ing)|lost|no way)\b",
    re.I,
)
_CUES: dict[Act, re.Pattern[str]] = {"suggests": _SUGGESTING, "wants": _WANTING, "tells of trouble": _TROUBLE}


def does(sentence: str, act: Act, *, loosely: bool = False) -> bool:
    """Whether the sentence does that: asks, suggests, says what its writer wants, tells of trouble.

    Loosely, that something is not or cannot be is trouble as well.
    """
    if act == "asks":
        return interrogative(sentence) or _ASKING.search(sentence) is not None
    if loosely and act == "tells of trouble" and _LOOSELY_TROUBLE.search(sentence) is not None:
        return True
    return _CUES[act].search(sentence) is not None
