"""Reads questions about when something was posted, and about what was said before or after something.

Which times a question names is read in bot.questions.times. Not here: the answer (bot.kinds.time).
"""

import re

from bot.questions.forms import OPENERS
from bot.questions.people import People
from bot.questions.targets import Target, target
from bot.values.inquiry import Question

_TELLS = (
    r"(?:say|said|post(?:ed)?|mention(?:ed)?|write|wrote|written|repl(?:y|ied)|comment(?:ed)?|answer(?:ed)?|respond(?:ed)?|"
    r"ask(?:ed)?|suggest(?:ed)?|talk(?:ed)?|tweet(?:ed)?|discuss(?:ed)?|(?:br(?:ing|ought)|c[ao]me) up)"
)
_ENTERS = r"(?:join(?:ed)?|c[ao]me|start(?:ed)?|arrive[d]?|show(?:ed)? up|enter(?:ed)?)"
"""Of somebody here it is a first post, unless anything else is entered: "when did she join the navy?"."""
_THE_TALK = r"(?: (?:in|into|to|with))?(?: (?:the|this) (?:thread|discussion|conversation|chat|talk|story)| here)?\W*"
_SPOKEN_OF = r"(?:mention(?:ed)?|talked about|discussed|suggested|brought up)"
"""What this is done to is a subject, whoever else bears the name."""
_WRITTEN = re.compile(r"wr(?:ite|ote|itten)|ask.*|answer.*|repl.*|respond.*", re.I)
"""What this is done to need be no post."""
WHEN = (
    re.compile(
        rf"^{OPENERS}when (?:did|has|have) (?P<who>@?\w[^?,;:]{{0,40}}?) (?:first |last )?"
        rf"(?:{_TELLS}\b(?P<rest>.*)|{_ENTERS}\b{_THE_TALK})$",
        re.I | re.S,
    ),
    re.compile(
        rf"^{OPENERS}when (?:was|were|is) (?P<what>.+?) (?:first |last )?"
        rf"(?P<act>{_SPOKEN_OF}|{_TELLS})(?: up)?{_THE_TALK}$",
        re.I | re.S,
    ),
)
"""When something was posted. What else has a time has it in the words: "when was the school started?"."""
TURN = re.compile(
    rf"^{OPENERS}(?:what|how) (?:has |have |did |was |were |do )?(?:the |people |they |everyone |commenters "
    rf"|discussion |thread |"
    r"conversation |mood |tone |things? |opinions? |views? )*(?:chang(?:e|ed|es)|happen(?:s|ed)?|said|say"
    r"|talk(?:ed)? about|"
    r"follow(?:s|ed)|c[ao]me|post(?:ed)?|discuss(?:ed)?|react(?:ed)?|respond(?:ed)?)(?: here)?\s+(?P<turn>after"
    r"|before|since|once|"
    r"following)\s+(?P<rest>.+)$",
    re.I | re.S,
)
_POSTED = re.compile(
    r"\b(?:posted|joined|commented|replied|answered|wrote|said|spoke|showed up|came in|arrived|made)\b(?P<rest>.*)$",
    re.I | re.S,
)


def read(asked: str, people: People) -> Question | None:
    """The question, where it asks when something was said, or what was said before or after something."""
    turned = TURN.match(asked)
    if turned:
        words = turned["rest"].strip(" ?!.")
        aimed = target(_POSTED.sub(lambda found: found["rest"], words), people)
        return Question(
            text=asked,
            standalone=asked,
            kind="time",
            subject=aimed.subject,
            person=aimed.person,
            opening=aimed.opening,
            pointing=aimed.pointing,
            turn="before" if turned["turn"].casefold() == "before" else "after",
        )
    for pattern in WHEN:
        match = pattern.match(asked)
        if match is None:
            continue
        groups = match.groupdict()
        of_a_subject = re.fullmatch(_SPOKEN_OF, groups.get("act") or "", re.I) is not None
        aimed = target(groups.get("who") or groups["what"], people)
        if of_a_subject and not aimed.pointing:
            aimed = Target(subject=groups["what"])
        subject = target(groups.get("rest") or "", people).subject or aimed.subject
        if aimed.pointing or _of_posting(match, aimed):
            return Question(
                text=asked,
                standalone=asked,
                kind="time",
                subject=subject,
                person=aimed.person,
                pointing=aimed.pointing,
            )
    return None


def _of_posting(match: re.Match[str], aimed: Target) -> bool:
    """Whether a post is what has the time: not the book that was written, nor the firm that started."""
    groups = match.groupdict()
    if groups.get("what"):
        return _WRITTEN.fullmatch(groups["act"]) is None or aimed.person is not None
    return aimed.person is not None and (aimed.person.known or groups["rest"] is not None)
