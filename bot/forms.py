"""The forms that questions take: which words make one a count, a "who said", a "what does @x say", a follow-up.

Patterns only, over English. What follows from a match stands in bot.question.
"""

import re

from index.lexical import terms

_SAYING = """
    say says said saying think thinks thought argue argues argued claim claims claimed believe believes believed
    mention mentions mentioned write writes wrote mean means meant state states stated talk talks talked note notes
    noted post posts posted tweet tweets tweeted comment comments commented feel feels felt reply replies replied
    respond responds responded answer answers answered report reports reported explain explains explained describe
    describes described call calls called see sees view views share shares shared
"""
"""Ways of saying: they tell nothing of what is looked for."""
_STANCES = """
    suggest suggests suggested recommend recommends recommended propose proposes proposed complain complains
    complained predict predicts predicted expect expects expected worry worries worried fear fears feared doubt
    doubts doubted deny denies denied dispute disputes disputed question questions questioned admit admits admitted
    agree agrees agreed disagree disagrees disagreed praise praises praised defend defends defended criticise
    criticize criticises criticizes criticised criticized joke jokes joked warn warns warned compare compares
    compared support supports supported oppose opposes opposed ask asks asked
"""
"""Ways of saying that are part of what is looked for: who disputes the cost is not who speaks of the cost."""
_PHRASES = (r"(?:point|points|pointed) out", r"(?:bring|brings|brought) up")
SAYING = "(?:" + "|".join([*_SAYING.split(), *_PHRASES]) + ")"
VERB = "(?:" + "|".join([*_SAYING.split(), *_STANCES.split(), *_PHRASES]) + ")"
_STANCE = (
    "(?:views?|opinions?|take|takes|position|stance|arguments?|points?|reasoning|claims?|reply|answer|thoughts?|response|"
    "comments?|posts?|explanation|theory|concerns?|worry|worries)"
)
OPENERS = r"(?:(?:and|but|so|ok|okay|well|also|then|please|hey|hi),?\s+)*"
_PEOPLE = (
    r"(?:(?:other|different|distinct|of (?:the|these|those)|unique|separate)\s+)*"
    r"(?:people|ppl|commenters?|users?|posts?|posters?|comments?|repl(?:y|ies)|folks|participants|voices|persons?|authors?|"
    r"tweets?|ones?)"
)
_NAME = r"@?\w[\w.@-]*(?: [A-Z0-9][\w.-]*){0,3}"


_GOES_ON = re.compile(r"\\\n\s*")


def any_of(phrases: str) -> str:
    """One pattern of many phrases, a line each; a line that ends in a backslash goes on in the next."""
    return "(?:" + "|".join(line.strip() for line in _GOES_ON.sub("", phrases.strip()).splitlines()) + ")"


def _form(*parts: str, flags: int = re.IGNORECASE | re.DOTALL) -> re.Pattern[str]:
    return re.compile("".join(parts), flags)


GREETING = _form(
    r"(?:hi|hello|hey|hiya|howdy|yo|good (?:morning|afternoon|evening|day)|greetings)(?: there| all| everyone| bot)?"
)
THANKS = _form(
    r"(?:ok(?:ay)?,? )?(?:thanks?(?: you)?|thx|ty|cheers|much appreciated|great,? thanks?|perfect)(?: you)?",
    r"(?: (?:a lot|so much|very much|again|all))?",
)
COUNT = (
    _form(
        rf"^{OPENERS}how many {_PEOPLE}\b\s*",
        r"(?:here |in (?:this|the) (?:thread|discussion|story) )?(?P<rest>.*)$",
    ),
    _form(rf"^{OPENERS}how many (?P<rest>{VERB}\b.*)$"),
    _form(
        rf"^{OPENERS}(?:what (?:share|fraction|percentage|proportion|number) of|count(?: the)?) ",
        rf"{_PEOPLE}\b\s*(?P<rest>.*)$",
    ),
)
ANYBODY = _form(
    rf"^{OPENERS}(?:did|does|do|has|have|is|was|are) (?:any|some)(?:one|body| {_PEOPLE})\b",
    rf"(?: here| in (?:this|the) thread| ever| actually| even)*\s+(?P<verb>{VERB})\b(?P<rest>.*)$",
)
ANYBODY_AT_ALL = _form(
    rf"^{OPENERS}(?:did|does|do|has|have|is|was|are) (?:any|some)(?:one|body)\b",
    r"(?: here| in (?:this|the) thread| ever| actually| even)*\s+(?P<rest>.*)$",
)
WHO = (
    _form(
        rf"^{OPENERS}who(?:'s| is| was| else| all| here| in (?:this|the) thread|)\s+(?:\w+ly\s+)?",
        r"(?:is |was |has |have |had |does |did |do |the one (?:that|who) )*",
        rf"(?P<verb>{VERB})\b(?P<rest>.*)$",
    ),
    _form(rf"^{OPENERS}which {_PEOPLE}\b\s*(?P<rest>.*)$"),
    ANYBODY,
)
WHO_AT_ALL = (
    _form(rf"^{OPENERS}who(?:'s)?\s+(?P<rest>.*)$"),
    ANYBODY_AT_ALL,
)
"""Who did something that is no way of saying: the verb belongs to what is looked for."""
SAYS = (
    _form(
        r"\b(?:do|does|did|has|have|had|is|was|would|will|could|can|might)\s+(?P<who>@?\w[^?,;:]{0,60}?)\s+",
        rf"(?:\w+ly\s+|have to |also |even |ever )*(?P<verb>{VERB})\b(?P<rest>.*)$",
    ),
    _form(rf"\b(?P<who>@?\w[\w.@ -]{{0,60}}?)(?:'s|’s|s')\s+(?:\w+\s+)?(?P<verb>{_STANCE})\b(?P<rest>.*)$"),
    _form(rf"\b(?P<verb>(?i:according to))\s+(?P<who>{_NAME})(?P<rest>.*)$", flags=re.DOTALL),
    _form(
        r"\b(?P<verb>(?i:said|written|posted|comments?|posts?|replies|anything|something|argued) (?:by|from))\s+",
        rf"(?P<who>{_NAME})(?P<rest>.*)$",
        flags=re.DOTALL,
    ),
    _form(r"\b(?:do|does|did|has|have|is|was|would|will)\s+(?P<who>@[\w.-]+)(?P<rest>\s+\w+\b.*)$"),
)
_CROWD = (
    r"(?:(?:the|these|those|other|most|some|all) )*(?:people|commenters?|users|they|everyone|everybody|anyone|anybody|"
    r"folks|others|thread|discussion|story|posts?|comments?|repl(?:y|ies)|posters|participants)"
)
FRAME = (
    _form(
        rf"^{OPENERS}(?:what|how) (?:do|does|did|are|is|have|has) {_CROWD}(?: here| in (?:this|the) thread| all)*\s+",
        rf"(?:\w+ly\s+|have to |also )*{VERB}(?:ing)?\b\s*(?:about|of|on|regarding|concerning|to|that)\s+(?P<rest>.+)$",
    ),
    _form(
        rf"^{OPENERS}(?:is there |are there |was there )?(?:any|some)(?:thing|body|one)?(?: {VERB})?(?: here| said)*",
        r" (?:about|on|regarding)\s+(?P<rest>.+)$",
    ),
    _form(
        rf"^{OPENERS}(?:(?:can|could) you )?(?:tell me|talk|"
        r"summari[sz]e what (?:is|was) said|what(?:'s| is| was| gets)? said|"
        r"what)\s+about\s+(?P<rest>.+)$"
    ),
)
"""Open questions that only frame what they look for: "what do people say about ..."."""
SAYS_OF_ONE_HERE = (
    _form(
        r"\b(?:do|does|did|has|have|had|is|was|would|will|could|can|should|what's|how's|where's)\s+(?P<who>@?\w[^?,;:]{0,60}?)",
        r"\s+(?P<rest>\w.*)$",
    ),
    _form(r"^(?P<who>@?[\w.-]+(?: [\w.-]+)?)(?:,|:)?\s+(?P<rest>(?:on|about|re)\s+.*)$"),
)
"""Any question about somebody who posted here: only where the name is one of theirs."""
ORDER = _form(
    r"^(?:please\s+)?(?:summari[sz]e|give|tell|show|list|explain|quote|find|read)\s+(?:me\s+|us\s+)?(?:all\s+)?(?=\S)"
)
TELLING = _form("(?:" + "|".join(_STANCES.split()) + ")")
"""A verb that is part of what is looked for."""
LEADING_QUESTION = _form(rf"^{OPENERS}(?:what(?:'s| is| are| was)?|how|why|when|where|the)\s+")
VERB_FIRST = _form(rf"(?:(?:here|that|who|actually|really|have|has|had|did|do|does|are|were)\s+)*{SAYING}\b")
ABOUT = _form(
    r"^[\s,]*(?:that|about|of|on|regarding|concerning|for|to|as|over|with|is|are|was|were|do|does|who|which|:)\s+"
)
FOLLOWING = _form(
    r"^(?:and|but|or|so|then|also)\b|^(?:what|how) about\b|",
    r"^(?:why|how come|who|when|where|how|what else|anything else|more|which)\??$",
)
ANAPHORA = _form(r"\b(?:it|that|this|those|these|they|them|their|he|him|his|she|her|hers|there|the same|others?)\b")
PRONOUN = _form(r"\b(?:he|she|him|her|they|them)\b")
ABOUT_LEAD = _form(r"^(?:(?:and|but|or|so|then|also|ok|okay),?\s+)*(?:(?:what|how) about|about|on|regarding)?\s*")
MENTIONING = _form(
    r"\b(?:mention(?:s|ed|ing)?|(?:talk|speak|spoke|write|wrote)(?:s|ed)? (?:about|of)|(?:bring|brings"
    r"|brought) up|discuss(?:es|ed)?|"
    r"refer(?:s|red)? to|rais(?:e|es|ed)|touch(?:es|ed)? on|us(?:e|es|ed) the (?:word|term|phrase)|name[sd]?|"
    r"say(?:s)? (?:any|some)thing (?:about|on)|said (?:any|some)thing (?:about|on)|anything (?:about|on)"
    r"|heard (?:of|about))\b"
)
"""Whether somebody speaks of something at all, whatever they say of it."""
_NAMED = r"(?:mentioned|discussed|named|brought up|raised|(?:talked|spoken|written|heard) (?:about|of)|referred to)"
_ANYWHERE = (
    r"(?:,? (?:here|anywhere|at all|ever|by (?:anyone|anybody|someone|somebody|people|(?:the )?commenters)|"
    r"(?:in|on|during) (?:this|the|these|any(?: of)?(?: the| these)?) (?:threads?|discussions?|stor(?:y|ies)|comments?|"
    r"posts?|conversations?|talk|chat|repl(?:y|ies))))*"
)
_OFTEN = r"(?:(?:ever|even|also|actually|really|at all|explicitly) )*"
_WHOLLY = rf"(?: by (?P<whom>{_NAME}))?(?P<as> as (?:an?|the|one) .*)?\W*$"
_SPOKEN_OF = (
    _form(
        rf"^{OPENERS}(?:is|was|are|were|has|have)(?: there)? (?P<what>.+?),? (?:been )?{_OFTEN}(?:being )?{_NAMED}",
        rf"{_ANYWHERE}{_WHOLLY}",
    ),
    _form(
        rf"^{OPENERS}(?:(?:is|was|are|were|has|have) there (?:been )?)?(?:any|a) mentions? of (?P<what>.+?)",
        rf"{_ANYWHERE}{_WHOLLY}",
    ),
    _form(
        rf"^{OPENERS}(?:do|does|did|has|have) (?P<what>.+?) {_OFTEN}",
        r"(?:c[ao]me up|get (?:a mention|mentioned|named|discussed))",
        rf"{_ANYWHERE}{_WHOLLY}",
    ),
)
_NOBODY_S_NAME = _form(
    r"(?:(?:any|some|every)(?:one|body|thing)?|no ?(?:one|body|thing)|there|it|that|this|these|those|they|them)\b.*|"
    r".*[,;:].*|.*\b(?:is|are|was|were|it)\b.*"
)
_ANYTHING_ABOUT = _form(r"^(?:any|some)thing (?:about|on|of)\s+(?=\S)")
_OFTEN_SPOKEN_OF = _form(rf"^{OPENERS}how (?:often|many times) (?:is|was|are|were|has|have) (?P<rest>.+)$")


def actively(asked: str) -> str:
    """The question whether something is mentioned, asked of who mentions it: "is rain mentioned?"; others as they are.

    "Does anyone mention rain?" is what the words are looked up for; the passive names nobody who would say anything.
    """
    times = _OFTEN_SPOKEN_OF.match(asked)
    for pattern in _SPOKEN_OF:
        match = pattern.match(f"is {times['rest']}" if times else asked)
        what = _ANYTHING_ABOUT.sub("", match["what"]) if match else ""
        if match and not _NOBODY_S_NAME.fullmatch(what) and not (times and match["whom"]):
            who = f"Does {match['whom'] or 'anyone'}" if not times else "How many posts"
            return f"{who} mention {what}{match['as'] or ''}?"
    return asked


_FIRST_AUXILIARY = r"^(?:(?!\b(?:is|was|are|were|do|does|did|has|have|had|would|will|can|could)\b).)*"
PASSIVE = _form(rf"{_FIRST_AUXILIARY}\b(?:is|was|are|were)\s+(?:[\w@.-]+\s+){{1,4}}?{_NAMED}\b(?! by\b)")
"""Who is named does not say anything, but is spoken of: "why is rain mentioned?"."""


def spoken_of(rest: str) -> str:
    """What follows "who said" and "did anyone", without the verbs and prepositions that lead up to it."""
    rest = rest.strip(" ?!.…\t\n")
    verb = VERB_FIRST.match(rest)
    if verb:
        rest = rest[verb.end() :]
    while True:
        shorter = ABOUT.sub("", rest, count=1)
        if shorter == rest:
            return rest.strip()
        rest = shorter


BY_WHOM = _form(
    rf"\b(?:by|from|of)\s+(?P<who>{_NAME})$|^(?:did|does|has|have|are|were)\s+(?P<whom>{_NAME})\s+(?:post|make|write|leave)\w*\b",
    flags=re.DOTALL,
)
SAYING_NOTHING = frozenset(
    terms(
        "say said says post posted posts comment comments commented write wrote written happen happened "
        "change changed talk talked discuss discussed people thread discussion story here reply replied "
        "replies message messages think commenter commenters view views opinion opinions there everyone "
        "anyone somebody made come came conversation"
    )
)
"""Words that name no subject."""
HAPPENING = SAYING_NOTHING | frozenset(terms("follow followed react reacted respond responded next going went new"))
"""Words that name no subject either, where a time is named: "what's new since noon?"."""
SAYING_LITTLE = SAYING_NOTHING | frozenset(
    terms(
        "point points argument arguments idea ideas stance position take takes reason reasons case claim claims thing "
        "things else anything something everything exactly overall make makes made give gives gave given bring brings "
        "brought raise raises raised express expresses expressed share shares shared have has had"
    )
)
"""Words that name no subject either, where one person is asked about: "what else does @x bring up?"."""
FOR_WHAT = _form(r"\b(?:what|which|how (?:many|much))\s+(?P<noun>\S.*?)\s*$")
"""What is asked for of a person, before the name: "what car (does @x drive)"."""
ONLY_A_PLACE = _form(
    r"(?:(?:at|in|the|her|his|their|very) )*(?:first|last|final|end|beginning|start|finally|eventually|initially)"
    r"(?: (?:post|comment|message|reply))?"
)
"""What is no subject but which of several is meant: "at last"."""
TRIMMINGS = _form(r"(?:,? (?:please|pls|plz|lol|thx|thanks|btw|haha))+(?=\W*$)")
"""What is said along at the end of a question."""
AS_WHAT = _form(r"\s+as (?:an?|the|one) .*$")
"""What something is mentioned as, which is more than that it is mentioned."""
