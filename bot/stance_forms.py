"""The cues of a reply's stance: words that say no, words that say yes, words that take half of it back.

Patterns only, over English, each for the sentences of a reply with straight apostrophes. What follows from a match
stands in bot.stance. A cue has to say no or yes to somebody's words by itself: "not in winter" says no to nobody.
"""

import re

from bot.forms import any_of

_LEAD = any_of(
    r"""
    ^\W*(?:(?:well|ok|okay|hm+|uh+|um|er|lol|oh|ah|i mean|honestly|frankly|sorry|look|and|so|hey|what|wait|dude\
        |man|actually|eh|but|seriously)\b[\s,.…!?:–-]*)*
    """
)
_IS = r"(?:it|this|that|which)(?:'s| is| was)"
_FLATLY = (
    r"(?:(?: just| simply| plain| plainly| also| flatly| really| absolutely| definitely| factually| still| quite)*)"
)
_FALSE = r"(?:wrong|false|untrue|incorrect|inaccurate|mistaken|nonsense|rubbish|bullshit|bollocks|bs)"
_TRUE = (
    r"(?:true|correct|accurate|the case|so simple|that simple|how (?:it|this|that|any of (?:it|this)) works?"
    r"|what happened|what (?:it|that|this) (?:says|means)|the (?:point|issue|problem|reason))"
)
_IS_NOT = r"(?:(?:it|this|that|which) (?:isn't|wasn't)|(?:it|this|that|which)(?:'s| is| was)" + _FLATLY + " not)"
_END = r"(?=\s*(?:[.,;:!?)–—-]|$))"
_I = (
    r"\b(?:i|we)(?:'d| would| must| have to| do| also| still| strongly| totally| completely| respectfully| really"
    r"| just| kindly)*"
)
_NOT = r"(?:don't|do not|can't|cannot|wouldn't|would not|won't|will not|never)"
_WORDS = r"(?:it|this|that|you)"
_NO_WAY = r"(?! (?:idea|problem|worries|worry|doubt|question|wonder|kidding|need|thanks|thank|offen[cs]e|biggie|pun)\b)"

NO_FIRST = re.compile(
    _LEAD
    + any_of(
        rf"""
        (?<!oh )(?<!oh, )no+(?:,? no+)*{_NO_WAY}(?=\s*(?:[.,!;:–—-]|$)(?! ?(?:idea|problem|worries|doubt|question\
            |wonder|thanks|thank|need)\b))
        no+ (?:it|that|this|they|you|he|she|we|i|there|the|way (?:that|it|this|they|you)|not)\b
        nope\b
        nah\b
        (?:absolutely|definitely|certainly|of course|totally|clearly|surely) not\b
        not (?:really|quite|at all|exactly|so|true|even close|correct|accurate|right){_END}
        not (?:exactly|necessarily|so fast|always|true|really)\b
        not (?:buying|convinced|persuaded){_END}
        not (?:buying|convinced by|persuaded by) {_WORDS}\b
        not sure (?:i|we) (?:agree|buy|follow|see|believe|would)\b
        not sure (?:about {_WORDS}{_END}|(?:that|this|it)(?:'s| is) (?:right|true|correct|so|the case|fair|accurate)\b)
        {_FALSE}{_END}
        {_FALSE} (?:again|on|about|as)\b
        objection{_END}
        hardly{_END}
        (?:i (?:strongly |respectfully |totally |completely )?|strongly |hard |respectfully |must |have to )?disagree\b
        citation needed
        says who\b
        who says (?:it|that|this|so)\b
        since when
        (?:on the contrary|quite the (?:opposite|contrary))\b
        (?:quite )?the opposite(?: is|{_END})
        i(?:'d| would| have to)? (?:dispute|argue against|push back|challenge) \w
        i beg to differ
        i don't think so
        -1\b
        👎
        yeah,? no\b
        {_IS}{_FLATLY} {_FALSE}\b
        {_IS}{_FLATLY} (?:ridiculous|absurd|a myth|a strawman|misleading|an? exaggeration){_END}
        nice try{_END}
        """
    ),
    re.I,
)
"""A no in the first sentence, or after a word or two that say nothing."""
ANSWERING = re.compile(
    _LEAD
    + r"(?:no+|nope|nah|not|(?:absolutely|definitely|certainly|of course) not|i (?:don't think so|doubt it)|yeah,? no"
    r"|yes+|yep|yeah|yup|aye|indeed|absolutely|definitely|certainly|correct|true|exactly|totally|right)\b",
    re.I,
)
"""A no or a yes that answers, where the post asks anything."""
NO = re.compile(
    any_of(
        rf"""
        {_I} disagree\b
        {_I} beg to differ\b
        {_I} {_NOT} (?:buy|believe|accept) (?:{_WORDS}{_END}|your\b|[$€£]?\d|any of (?:it|this|that))
        {_I} {_NOT} see (?:the (?:problem|issue)|how (?:that|this|it) (?:follows|works|helps|matters|is)){_END}
        {_I} {_NOT} (?:share|agree with) (?:your|that|this)\b
        {_I} (?:don't|do not) think (?:so|(?:it|that|this|you)(?:'s|'re| is| are) (?:right|true|correct|accurate|fair\
            |the case)){_END}
        (?:i'm|i am|we're|we are) not (?:buying|convinced|persuaded){_END}
        (?:i'm|i am|we're|we are) not (?:buying|convinced by|persuaded by) (?:it|this|that|your)\b
        {_IS_NOT}{_FLATLY} {_TRUE}{_END}
        {_IS_NOT}{_FLATLY} (?:true|correct|accurate) (?:at all|that|about|for|of|in)\b
        (?:that isn't|that's not|that is not) right{_END}
        (?:it|this|that)(?:'s| is| was)(?: just| simply| plain| plainly| flatly| flat| factually| demonstrably)+ \
            {_FALSE}\b
        that(?:'s| is| was) (?:false|untrue|incorrect|inaccurate|nonsense){_END}
        that(?:'s| is| was) (?:far from|hardly|not even close to) (?:it|true|the truth|correct)\b
        that (?:argument|claim|number|figure|comparison|reasoning) (?:fails|is (?:{_FALSE}|off|misleading)|isn't\
            |does(?:n't| not))\b
        that (?:makes no sense|does(?:n't| not) (?:follow|hold|hold up|add up|make sense)){_END}
        you(?:'re| are)(?: just| simply| both| all| completely| quite)* (?:wrong|mistaken|ignoring|forgetting\
            |overlooking|confusing|conflating)\b
        you(?:'re| are)(?: just| simply| both| all| completely)* missing (?:the|my|that|how|what)\b
        you(?:'ve| have) got (?:it|that|this) (?:wrong|backwards)
        your (?:number|figure|math|logic|argument|claim|premise|reading)s? (?:is|are)(?: just| simply)* \
            (?:not|{_FALSE}|off)\b
        your (?:number|figure|math|logic|argument|claim|premise|reading)s? (?:isn't|aren't|does(?:n't| not))\b
        {_I} (?:highly |seriously |very much )?doubt (?:it|that|this){_END}
        contrary to (?:what you|your)\b
        \bstrawman\b
        citation needed
        you (?:just )?made (?:that|this|it) up
        """
    ),
    re.I,
)
"""A no that says of itself to whose words: in any of the opening sentences."""
WEAK_NO = re.compile(
    _LEAD
    + r"(?:it|this|that|there|they|he|she|you)(?:'s not| (?:\w+n't|is not|are not|was not|cannot))\b"
    + "|"
    + _LEAD
    + r"(?:i|we) (?:don't|do not) think\b",
    re.I,
)
"""What only may deny: it does where it denies a word of the post that is answered."""
NOT_NO = re.compile(
    r"\b(?:(?:can't|cannot|don't|do not|wouldn't|couldn't|hard to|not|nobody would|who would|agree to|free to) disagree"
    r"|not (?:wrong|mistaken))\b",
    re.I,
)
"""What only looks like a no."""
MUCH_NO = re.compile(r"\bcould(?:n't| not) disagree more\b", re.I)

YES_FIRST = re.compile(
    _LEAD
    + any_of(
        rf"""
        (?:yes+|yep|yeah|yup|aye|indeed|amen|likewise)\b(?!,? (?:not?|please|right|sure|because|cause|cuz\
            |i would totally)\b)
        (?:exactly|precisely|absolutely|totally|confirmed|true|correct|fair|definitely|certainly){_END}
        exactly (?:this|that|right|my|what i)\b
        right[.!]
        (?:fair|true) (?:enough|that)\b
        agreed?\b(?! to)
        i (?:fully |totally |completely |strongly |also |very much |wholeheartedly )*agree(?! to)\b
        (?:i )?(?:tend|have|am inclined|am forced|must) to agree\b
        \+\s?1\b
        this[.!]
        this\s*$
        so much this
        \^+(?=\s|$)
        (?:very|so|too) true\b
        you(?:'re| are) (?:so |absolutely |quite |completely |totally )?right\b
        second(?:ed|ing)
        same (?:here|for me|with me)\b
        same{_END}
        well (?:said|put)\b
        (?:good|great|fair|excellent) point\b
        100\s?%(?!\s*\w)
        spot on\b
        hear,? hear
        can confirm
        could(?:n't| not) agree(?: \w+){{0,3}} more
        👍
        💯
        that(?:'s| is) (?:right|true|correct|exactly)\b
        my thoughts exactly
        makes sense{_END}
        quite right{_END}
        me too\b
        """
    ),
    re.I,
)
"""A yes in the first sentence."""
YES = re.compile(
    any_of(
        rf"""
        \b(?:i|we)(?: do| also| still| strongly| totally| completely| really| fully| very much| must| have to\
            | tend to)* agree(?! to)\b
        could(?:n't| not) agree(?: \w+){{0,3}} more
        you(?:'re| are) (?:so |absolutely |quite |completely |totally )?(?:right|correct)\
            (?=\s*(?:[.,;:!)–—-]|$| about| on| that| here))
        well said{_END}
        (?:good|great|excellent) point{_END}
        exactly (?:this|right|my (?:point|thoughts?|experience)){_END}
        my (?:experience|thoughts) (?:too|as well|exactly){_END}
        seconded\b
        spot on\b
        came here to say (?:this|that|exactly)
        """
    ),
    re.I,
)
"""A yes that says of itself to whose words: in any of the opening sentences."""
THEY_ARE_RIGHT = re.compile(
    r"(?P<who>@?[\w.-]+)(?:'s|'re| is| are)(?: so| absolutely| quite| completely)? right"
    r"(?=\s*(?:[.,;:!)]|$| about| on))",
    re.I,
)
"""Somebody is said to be right: whoever posted what is answered, if nobody else can be meant."""
AGREE_WITH = re.compile(r"\b[Aa]gree with (?P<who>@?[\w.-]+)")
HALF = re.compile(
    _LEAD
    + any_of(
        rf"""
        half (?:right|true)
        (?:true|right|correct|fair|agreed),? (?:in part|to (?:a|some) (?:point|degree|extent)|up to a point)
        part(?:ly|ially)(?: (?:true|right|correct|agree)|{_END})
        in part{_END}
        to (?:a|some) (?:point|degree|extent){_END}
        up to a point{_END}
        yes and no\b
        (?:kind|sort) of{_END}
        i (?:don't|do not|can't|cannot) (?:fully|entirely|quite|completely|wholly) agree\b
        i (?:partly|partially|mostly) agree\b
        """
    ),
    re.I,
)
CONCEDING = re.compile(
    r"(?:[,.;:–—-]\s+|^)(?:but|however|though|although|except|yet|that said|on the other hand|still,)(?=\W)"
    r"|,? though[.!]?$|\b(?:yes|yeah|yep|yup|agree|agreed|true|right|you|point|enough) but\b",
    re.I,
)
"""What takes back some of a yes: only where a clause begins with it, so that "small but brave" does not."""
NOT_AGREEING = re.compile(
    r"\b(?:i|we)(?:'d| would| just| really| simply)* (?:don't|do not|can't|cannot|wouldn't|would not|won't|will not"
    r"|could never|can never)(?: really| necessarily| at all)* agree\b(?!(?: \w+){0,3} more)",
    re.I,
)
SUPPOSED = re.compile(
    r"\b(?:if|unless|whether|in case|hope|hoping|wish|pretend|suppose|supposing|imagine|assuming|as though"
    r"|said|says|saying|say|told|tells|claim(?:s|ed|ing)?|thought|thinks"
    r"|argues?|argued|heard|insists?|(?<!\bi )(?<!\bwe )(?:think|believe)|because|when|would have been)\b",
    re.I,
)
"""What stands before a cue that is only supposed, or somebody else's."""
