"""The closed lexicon of words that turn what stands near them: denials, conditions, modals, wishes, hearsay, limits.

A claim must hold the operators that its quotes hold over the words that it takes from them, and no other ones. English
in the main, and the commonest denials of other languages. Not here: how far an operator reaches (bot.claim_clauses),
what takes a whole sentence back from behind it (bot.claim_reversal).
"""

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

Operator = Literal[
    "no",
    "denial",
    "failing",
    "averse",
    "if",
    "asks",
    "may",
    "seems",
    "likely",
    "will",
    "would",
    "should",
    "wish",
    "past",
    "hearsay",
    "proof",
    "some",
    "almost",
    "only",
    "sometimes",
    "mostly",
    "partly",
    "less",
]
"""no: not, never, nobody. denial: of a whole sentence, as in "it is a myth that". failing: of what follows, as in
"fails to". averse: as no, of what follows alone, as in "instead of". proof: counts only where it is denied."""

WIDE: frozenset[Operator] = frozenset(["denial", "asks", "wish", "hearsay", "past"])
"""Operators that reach over all of their part of a sentence, on both sides."""
LOCAL = re.compile(r"\b(?:is|are|was|were|be|been|being) (?:said|thought|believed|claimed|alleged|reported) to\b")
"""Hearsay that reaches over its own clause alone: "the other one, which is said to beat it"."""
STRENGTH: dict[Operator, int] = {"may": 1, "seems": 2, "likely": 3}
"""A paraphrase may be weaker than its quote among these, never stronger."""
MUST_AGREE: frozenset[Operator] = frozenset(["asks", "will", "would", "should", "wish", "past", "hearsay", "only"])
MUST_STAY: frozenset[Operator] = frozenset(["some", "almost", "sometimes", "mostly", "partly", "less"])
"""Limits that may be added, since they only weaken, and may not be left out."""


class Found(NamedTuple):
    """An operator in a text, and where."""

    kind: Operator
    start: int
    end: int


def _any(phrases: str, *patterns: str) -> str:
    """A pattern for any of the phrases, which commas part, and of the patterns, as whole words."""
    told = sorted((re.escape(phrase.strip()) for phrase in phrases.split(",") if phrase.strip()), key=len, reverse=True)
    return rf"(?<![\w-])(?:{'|'.join([*told, *patterns])})(?![\w-])"


def _verbs(verbs: str, behind: str = "") -> str:
    """A pattern for all forms of the verbs, with what stands behind them."""
    return f"(?:{'|'.join(_forms(verb) for verb in verbs.split())}){behind}"


def _forms(verb: str) -> str:
    if verb.endswith("e"):
        return f"{verb[:-1]}(?:e|es|ed|ing)"
    if verb.endswith("y") and verb[-2] not in "aeou":
        return f"{verb[:-1]}(?:y|ies|ied|ying)"
    return f"{verb}(?:s|es|ed|ing|{verb[-1]}ed|{verb[-1]}ing)?"


_THAT = r" that\b"
_TO = r" to\b"
_DOING = r"(?= \w+ing\b)"
_LEXICON: dict[Operator, str] = {
    "no": _any(
        "no, not, never, none, nobody, no one, nothing, neither, nor, cannot, hardly, barely, scarcely, nowhere, "
        "isnt, arent, wasnt, werent, dont, doesnt, didnt, wont, cant, couldnt, shouldnt, wouldnt, hasnt, havent, "
        "hadnt, aint, unlike, no longer, by no means, no way, no-one, pas, jamais, aucun, aucune, nicht, kein, "
        "keine, keinen, keiner, keinem, niemals, niemand, nie, nunca, jamás, nadie, non, não, nem, niet, geen, "
        "nooit, inte, ikke, не, нет, нельзя, никогда, никто, ничего",
        r"\w+n't",
    ),
    "averse": _any(
        "without, far from, miles from, a far cry from, anything but, nowhere near, instead of, rather than, short of, "
        "free of, devoid of, absence of, against, the reverse of, the antithesis of",
        r"too (?:\w+ ){1,2}to",
        r"(?:cleared|acquitted|absolved|exonerated|innocent) (?:of|from)",
        r"(?:voted|turned|shot|struck|shouted) down",
    ),
    "denial": _any(
        "denial, doubt, doubts, doubted, doubtful, doubtfully, myth, myths, hoax, lie, lies, lied, lying, false, "
        "falsely, untrue, incorrect, incorrectly, nonsense, bullshit, bogus, delusion, "
        "delusional, deluded, fiction, fantasy, fairy tale, misconception, fallacy, "
        "impossible, unlikely, improbable, implausible, wrong, wrongly, mistaken, mistakenly, opposite, contrary, "
        "allegation, fabricated, unfounded, baseless, unproven, slander, as if, my ass, my arse, "
        "my foot, my eye, my backside, yeah right, yeah sure",
        _verbs("deny disprove debunk refute dispute disagree contradict pretend reject"),
    ),
    "failing": _any(
        "has yet to, have yet to, unable to, unwilling to, reluctant to, forgot to, forget to, failure to, "
        "failures to, refusal to, gave up, give up, kept from, keep from",
        _verbs("refuse fail neglect decline cease", _TO),
        _verbs("stop cease quit", _DOING),
        _verbs("stop", " from"),
        _verbs("lack avoid prevent"),
    ),
    "if": _any("if, unless, assuming, supposing, suppose, imagine, provided, in case, as long as, otherwise, whoever"),
    "asks": _any("whether, question", _verbs("question wonder"), _verbs("ask", r"(?! for\b)")),
    "may": _any(
        "may, might, could, can, cannot, can't, cant, couldn't, perhaps, maybe, possibly, potentially, possible"
    ),
    "seems": _any(
        "seem, seems, seemed, seemingly, appear, appears, appeared, apparently, supposedly, allegedly, reportedly, "
        "in theory, on paper, in principle, supposed to, look like, looks like, i guess, i suspect, i assume, i "
        "bet, i suppose, i doubt, doubtful, unlikely, improbable"
    ),
    "likely": _any("probably, likely, presumably"),
    "will": _any("will, won't, wont, shall, going to, gonna, about to, set to, poised to, on the verge of") + r"|'ll\b",
    "would": _any("would, wouldn't, wouldnt"),
    "should": _any(
        "please, should, shouldn't, shouldnt, ought, must, mustn't, has to, have to, need to, needs to, needed to, "
        "had better"
    ),
    "wish": _any(
        "wanna, dreamt, proposal, afraid, if only, would like, would love, would hate, would prefer, i'd like, i'd "
        "love, i'd hate, i'd prefer, let's, agree to, agreed to",
        _verbs("wish hope want desire dream try attempt intend promise threaten propose demand request urge recommend"),
        _verbs("expect fear worry deserve vow pledge seek struggle"),
        _verbs("plan aim offer", _TO),
        _verbs("ask call", " for"),
    ),
    "past": _any("used to, formerly, no longer, once was, once were", r"(?:was|were) (?:\w+ ){1,4}until"),
    "hearsay": _any(
        "said, tell, tells, told, telling, wrote, think, thinks, thought, heard, rumor, rumors, rumour, rumours, "
        "rumored, rumoured, word has it, according to, supposedly, allegedly, reportedly, doubts, doubted, "
        "stated, states that",
        r"(?<!i )doubt",
        r"(?<!the )word is",
        r"(?:allegations?|accusations?|insinuations?) (?:that|of)|(?:charges?|suggestions?) that",
        r"(?:the|any|this|that|an?|a) (?:idea|notion|theory|belief|assertion|assumption|view|opinion|story|talk) that",
        _verbs("deny dispute say claim argue allege write insist believe suggest accuse assure warn predict"),
        _verbs("announce report complain agree print publish post tweet broadcast", _THAT),
        _verbs("call", r"(?! for\b)"),
    ),
    "proof": _any(
        "proof, proofs, evidence, shown, know, knows, knew, known, sure, certain, clear, sign, signs, case that, "
        "reason to",
        _verbs("show", r"(?! up\b)"),
        _verbs("prove convince guarantee confirm demonstrate"),
    ),
    "some": _any(
        "some, few, handful, several, certain",
        r"not (?:every|all|each|everybody|everyone|always)",
        r"(?<=[.!?;] )for (?:me|us|them)(?= \w+ \w)",
        r"(?<!.)for (?:me|us|them)(?= \w+ \w)",
    ),
    "almost": _any("almost, nearly, practically, virtually, not quite, all but"),
    "only": _any(
        "solely, merely, exclusively",
        r"only(?=\W*$| (?:\d|(?:an?|the|one|two|three|four|five|six|seven|eight|nine|ten|some|few|when|if|after|then|"
        r"because|in|on|at|by|for|with|part|half)\b))",
    ),
    "sometimes": _any("sometimes, occasionally, rarely, seldom, now and then, from time to time"),
    "mostly": _any("mostly, usually, typically, generally, most of") + r"|\bmost (?=\w+s\b)",
    "partly": _any("partly, partially, half, in part"),
    "less": _any("less, fewer, least"),
}
_PATTERNS = [(kind, re.compile(pattern)) for kind, pattern in _LEXICON.items()]


def _first_person(verbs: str) -> str:
    """A pattern for what only says that its writer says it: "I really think"."""
    helping = "d|would|can|could|only|do|really|also|still|just|always|personally|firmly|must|have to|ve|have"
    return rf"\b(?:i|we)(?:[ '](?:{helping}))* (?:{'|'.join(verbs.split(','))})\b"


_CALL = (
    r"\b(?:an?|the|every|each|one|this|that|no|\w+'s) "
    r"(?:(?!people|police|men|women|others|who|they|we|you|i|critics)[a-z-]*[^\s\W] )?call\b"
    r"(?! (?:it|them|him|her|us)\b)"
    r"|\b(?:phone|video|conference|earnings|sales|emergency) calls?\b"
)
"""The noun, "a phone call above that": behind one that is single the verb would be "calls"."""
_NOTHING = re.compile(
    "|".join(
        [
            _CALL,
            r"(?:there(?:'s| is| was)|has|have|had|beyond|in)?\s*\b(?:no|a|any|without) (?:shadow of a )?doubt"
            r"(?: that| about it)?\b|\b(?:without|beyond) doubt\b",
            r"(?:\bnot|n't) (?:only|just|merely|simply|to mention|least|surprising(?:ly)?)\b",
            r"\b(?:no one|no-one|nobody|none|few|never|won't|do not|don't|can not|cannot|can't|couldn't)(?: \w+){0,3}?"
            r" (?:disput|den[yi]|doubt|question|disagre)\w*(?: that| with)?\b",
            r"\b(?:can't|cannot|couldn't)\b(?: wait| help but| agree more|(?= \w+(?: \w+){0,4} enough\b))",
            r"\b(?:do not|don't) (?:forget|ask|get me wrong|worry)(?: that| me| why)*\b",
            r"\bwhat (?:do|did|can|else) (?:you|i|we) (?:expect|say)\b",
            r"\b(?:says?|said|tells?|told|thinks?|thought)(?: \w+)? so\b(?! (?:that|\w+ (?:is|was)))",
            r"\bsome (?:kind|sort|day|time|point|more|way)\b|\bno,",
            _any(
                "no question, no problem, no wonder, no matter, no worries, no less than, no sooner, no surprise, "
                "no joke, no offence, no offense, no thanks, not gonna lie, make no mistake, if you ask me, if "
                "anything, why not, last but not least, nothing but, i'd say, in my opinion, in my view, in my "
                "experience, in our experience, needless to say, that is to say, said and done, at some, even so"
            ),
            _first_person(
                "think,believe,say,said,know,find,found,feel,felt,argue,claim,see,mean,agree,thought,learned,notice "
                "d,confirm,assure you,tell you,add,wrote,write"
            ),
        ]
    )
)
"""What looks like an operator, and turns nothing: "no doubt", "not only", "nobody disputes that", "I think"."""
_HARD_TO = re.compile(
    r"\b(?:hard|difficult|impossible|no reason|tough|silly|foolish|naive|nobody can|no one can) (?:to )?"
    r"(?:argue|believe|say|claim|think|see|imagine|maintain|pretend|justify|call)\b"
)
_NOT_BELIEVED = re.compile(
    r"\b(?:i|we)(?: (?:do|did|can|could|would|will|have|really|just|still|ever))*"
    r"(?:n't| not| never| no longer| cannot)(?: \w+){0,2}? "
    r"(?:think|believe|see|accept|feel|buy|find|expect|suppose|agree)\b"
)
_NOT_SO = re.compile(
    r"(?:\b(?:not|never|no longer|hardly)|\w+n't)(?: \w+)? (?:true|so\b|the case|correct|right|like)\b"
)
_SCORN = re.compile(_any("laughable, ridiculous, absurd, ludicrous, insult, insulting, a joke, silly, crazy"))
"""Denies where it is said of something told: "the idea that it is safe is laughable"."""
_WHOLE_DENIALS = (_NOT_BELIEVED, _HARD_TO, _NOT_SO)
_INVERTED = re.compile(r"(?:^|[,;:(]\s*)(?:were|had|should) (?=(?:the|a|an|it|they|he|she|we|i|this|that|\w+s)\b)")
_MONTH = re.compile(
    r"\b(?:in|by|since|last|next|early|late|until|of|mid|this) may\b|\bmay \d|\d(?:st|nd|rd|th)? (?:of )?may\b"
)


def operators(sentence: str, *, asked: bool) -> list[Found]:
    """The operators, in order, of a sentence in small letters with plain apostrophes; `asked`: it is a question."""
    text = _blanked(sentence, _NOTHING)
    found: list[Found] = []
    for pattern in _WHOLE_DENIALS:
        found += _all(pattern, ("denial", "hearsay") if pattern is _HARD_TO else ("denial",), text)
        text = _blanked(text, pattern)
    if not asked:
        found += _all(_INVERTED, ("if",), text)
    months = [one.span() for one in _MONTH.finditer(text)]
    for kind, pattern in _PATTERNS:
        here = _all(pattern, (kind,), text)
        found += [one for one in here if kind != "may" or not any(a <= one.start < b for a, b in months)]
    if any(one.kind == "hearsay" for one in found) or " that " in text:
        found += _all(_SCORN, ("denial",), text)
    if asked:
        found.append(Found("asks", len(sentence) - 1, len(sentence)))
    return sorted(found, key=lambda one: one.start)


def _all(pattern: re.Pattern[str], kinds: Iterable[Operator], text: str) -> list[Found]:
    return [Found(kind, *one.span()) for one in pattern.finditer(text) for kind in kinds]


def _blanked(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda one: "\0" * len(one[0]), text)
