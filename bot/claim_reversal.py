"""Sentences that take back what stands before them: "No way.", "That is false.", "I disagree."."""

import re

_ALONE = (
    "no way|not|nope|no|wrong|false|nonsense|bullshit|bs|lies?|rubbish|as if|yeah,? right|never|hardly|doubtful|"
    "dream on|in your dreams|not really|not at all|not true|untrue|absolutely not|definitely not|of course not|"
    r"just kidding|kidding|jk|not so|come on|said no(?:body|t a soul| one| \w+)(?: ever)?"
)
"""What does so where it is the whole sentence."""
_OPENS = r"(?:(?:well|but|and|sorry|however|yet),? )?"
_WE_DENY = (
    r"(?:i|we) (?:disagree|doubt (?:it|that|this)(?=\W*$|[,;.!?]| (?:very|a lot|strongly|at all)\b)|"
    r"reject (?:it|that|this)|call bs|beg to differ|"
    r"(?:do not|don't|never|cannot|can't|couldn't|didn't|wouldn't) (?:\w+ )?"
    r"(?:buy|believe|think so|agree|accept|see it))"
)
_IT = "that|this|it|which|all of (?:that|it|this)|they|these|those|he|she|the whole thing|everything of it"
_BUT_FOR = (
    "just|simply|all|also|completely|totally|utterly|plain|a|an|pure|complete|total|utter|obviously|clearly|of course"
)
_IS_FALSE = (
    "false|wrong|lie|lies|lied|lying|nonsense|untrue|incorrect|bullshit|rubbish|myth|hoax|joke|mistaken|absurd|ridiculous|"
    "laughable|not (?:true|so|the case|correct|right)|never (?:happened|true)"
)
_REVERSES = re.compile(
    rf"\W*(?:(?:{_ALONE})\W*$|{_OPENS}{_WE_DENY}\b"
    rf"|{_OPENS}(?:{_IT})(?:'s|'re| is| are| was| were)?(?: (?:{_BUT_FOR}))* (?:{_IS_FALSE})\b"
    r"|(?:that|this|it) (?:isn't|wasn't|ain't) (?:true|so|the case|correct|right)\b|(?:isn't|not) true\b)"
)
_GOES_ON = re.compile(r"\W*(?:if|unless|but only|provided|assuming|except|said no|not)\b")


def reverses(sentence: str) -> bool:
    """Whether a sentence, in small letters, takes back what stands before it: "No way.", "That is false.", "Not!"."""
    return _REVERSES.match(sentence) is not None


def goes_on(sentence: str) -> bool:
    """Whether a line, in small letters, goes on with a line before it that has no end: "if you believe in it"."""
    return _GOES_ON.match(sentence) is not None
