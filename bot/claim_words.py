"""The words of a claim or of its quotes, as they are compared: tokens, stems, which words are function words or glue.

Not here: denials, conditions and the like (bot.claim_operators), numbers (bot.claim_numbers), names (bot.claim_names).
"""

import re
from functools import lru_cache

from corpus.text import normal
from index.lexical import terms

WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
NEGATIONS = frozenset(
    "no not never none nobody nothing neither nor cannot without hardly barely scarcely nowhere n't isnt arent "
    "wasnt werent dont doesnt didnt wont cant couldnt shouldnt wouldnt hasnt havent aint unlike".split()
)
FUNCTION_WORDS = frozenset(
    "a about also an and any are as at be because been but by can could did do does for from had has have how if in "
    "into is it its may might more most of on or other others over should since so some such than that the their "
    "them then there these they this those to too under up was were what when where which while who why will with "
    "would according one he him his she her here both each after before during until between out off".split()
)
BE = frozenset("is are was were be been being am became becomes become remains remain gets got".split())
AUXILIARIES = BE | frozenset(
    "isn't aren't wasn't weren't has have had hasn't haven't hadn't do does did don't doesn't didn't will won't "
    "would wouldn't can can't cannot could couldn't may might must should shouldn't shall not never".split()
)
PRONOUNS = frozenset("it they he she we i you this that these those there who which one people everyone".split())
DETERMINERS = frozenset("a an the this that these those its their his her our my your some any no every all".split())
GLUE = frozenset(
    "often frequently regularly repeatedly already currently presently still again now even too very really quite "
    "rather finally recently lately today soon later ago away together eventually initially especially particularly "
    "mainly largely simply clearly actually directly instead meanwhile moreover furthermore besides regarding due "
    "per via among within across toward towards despite though although whereas yet else therefore thus hence way "
    "thing things kind sort lot bit case fact time point part question view opinion argument person somebody "
    "someone something commenter commenters post posts comment poster user people say says said think thinks argue "
    "argues ask asks asked wonder wonders want wants call calls called take takes note notes noted points suggest "
    "suggests find finds "
    "including number numbers figure figures "
    "reason reasons result cause causes caused lead leads led mean means meant make makes made".split()
)
"""Words that a paraphrase may bring in itself: they bind what the quotes carry, and assert little of their own."""
CAUSAL = frozenset(
    "because since so therefore thus hence due owing cause causes caused causing lead leads led leading mean means "
    "meant make makes made making reason reasons result results resulted thanks consequently force forces forced "
    "forcing as for why leave leaves after when".split()
)
"""Of these a quote holds one where it tells a cause."""
CAUSING = frozenset(
    "because since therefore thus hence due owing cause causes caused causing lead leads led leading mean means "
    "meant make makes made making reason reasons result results resulted thanks consequently force forces forced "
    "forcing why".split()
)
"""By these a claim tells a cause."""
IRREGULAR = {
    form: base
    for base, forms in {
        "rise": "rose risen",
        "fall": "fell fallen",
        "lose": "lost",
        "win": "won",
        "break": "broke broken",
        "sell": "sold",
        "buy": "bought",
        "pay": "paid",
        "leave": "left",
        "lead": "led",
        "go": "went gone goes",
        "come": "came",
        "take": "took taken",
        "give": "gave given",
        "get": "got gotten",
        "make": "made",
        "find": "found",
        "keep": "kept",
        "hold": "held",
        "build": "built",
        "spend": "spent",
        "send": "sent",
        "sue": "sued sues suing",
        "think": "thought",
        "bring": "brought",
        "teach": "taught",
        "catch": "caught",
        "run": "ran",
        "see": "saw seen",
        "know": "knew known",
        "grow": "grew grown",
        "throw": "threw thrown",
        "write": "wrote written",
        "drive": "drove driven",
        "speak": "spoke spoken",
        "steal": "stole stolen",
        "choose": "chose chosen",
        "freeze": "froze frozen",
        "shrink": "shrank shrunk",
        "sink": "sank sunk",
        "say": "said",
        "tell": "told",
        "feel": "felt",
        "meet": "met",
        "sit": "sat",
        "stand": "stood",
        "understand": "understood",
        "become": "became",
        "hide": "hid hidden",
        "fight": "fought",
        "cost": "costed",
        "wear": "wore worn",
        "eat": "ate eaten",
        "draw": "drew drawn",
        "fly": "flew flown",
        "forget": "forgot forgotten",
        "forgive": "forgave forgiven",
        "hang": "hung",
        "hear": "heard",
        "lend": "lent",
        "mean": "meant",
        "ride": "rode ridden",
        "ring": "rang rung",
        "seek": "sought",
        "shake": "shook shaken",
        "shoot": "shot",
        "sing": "sang sung",
        "sleep": "slept",
        "swim": "swam swum",
        "tear": "tore torn",
        "wake": "woke woken",
        "die": "dying",
        "lie": "lying",
        "deny": "denial denials",
        "fail": "failure failures",
        "allow": "let lets letting permit permits permitted permitting",
        "need": "require requires required requiring",
        "big": "large",
        "start": "begin begins began begun beginning",
        "man": "men",
        "woman": "women",
        "child": "children",
    }.items()
    for form in forms.split()
}


def tokens(text: str) -> list[str]:
    return WORD.findall(text)


@lru_cache(maxsize=1 << 14)
def plain(word: str) -> str:
    """The word as it is compared: small letters, plain apostrophes, no possessive."""
    return normal(word).casefold().removesuffix("'s")


@lru_cache(maxsize=1 << 14)
def stem(word: str) -> str | None:
    """The stem of a plain word of substance; None for function words and negations."""
    if word in FUNCTION_WORDS or word in NEGATIONS or word.endswith("n't"):
        return None
    found = terms(IRREGULAR.get(word, word))
    return found[0] if found else None
