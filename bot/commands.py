"""Whether a text tells a machine that reads it what to do or say, as no comment to people does.

Such a post stays a post as any other, found and counted; its words just stand for nobody's view. Precision first:
"look at the chips", "forget what the council says" and "read the report" are said to people. English, by the forms
that such orders take: that earlier orders be forgotten, prompts be shown, another part be played, or the answer,
summary or report be shaped. Words in quotation marks are told, not given. Not here: how else words are meant
(bot.manner); what keeps a comment from changing anything (nothing that a comment says is ever carried out).
"""

import re
import unicodedata
from functools import lru_cache

from bot.forms import any_of

READ = 20_000
"""Characters of one text that are looked through."""
_MACHINE = (
    r"(?:a\.?i\.?|llms?|gpts?|chat ?gpt|claude|gemini|copilot|language models?|chat ?bots?|bots?|"
    r"(?:ai|virtual|digital) assistants?|summar(?:y|ising|izing|isation|ization) (?:bots?|tools?)|summari[sz]ers?)"
)
_ORDER = r"(?:^|[.;:!?\n)>\]] ?|\b(?:please|then|and|now|instead|must|should|will|always|only|to),?\s+)"
"""Where an order may begin: at the head of a sentence, or after what leads up to one."""
_START = r"(?:^|[.;:!?\n)>\]] ?|\byou (?:must|should|shall|will) |\bplease )"
_OUTPUT = r"(?:answer|response|reply|output|summary|digest|report|headline|conclusion)"
_ORDERS = re.compile(
    any_of(
        rf"""
        \b(?:ignore|disregard|forget|override|bypass|discard|drop)\b(?:\W+\w+){{0,3}}?\W+(?:previous|prior|above\
            |earlier\
            |preceding|foregoing|former|your|system|initial)\b(?:\W+\w+){{0,2}}?\W+(?:instructions?|prompts?|rules\
            |guidelines|directions|directives|orders|programming|training)\b
        \b(?:ignore|disregard|forget|override|bypass|discard)\b(?:\W+(?:all|any|every|the|these|those|of))*\W+\
            (?:instructions\
            |prompts?|directives)\b
        \b(?:print|reveal|repeat|output|show|leak|display|dump|disclose|tell)\b(?: \w+){{0,4}}? your (?:(?:system\
            |initial\
            |hidden|full|whole) )?prompts?\b
        \b(?:print|reveal|output|leak|dump|disclose)\b(?: \w+){{0,4}}? your (?:\w+ )?(?:instructions|settings|rules\
            |configuration)\b
        \b(?:system prompt|developer mode|maintenance mode|jailbreak mode|dan mode)\b(?=.{{0,80}}\b(?:you|your)\b)
        \byou are (?:now (?:an? (?!(?:parent|grown|member)\b)\w|in (?:\w+ )?mode|called|named|known as)|going to \
            (?:act|pretend))
        \bfrom now on,? (?:you (?:are|will|must|shall|should)|answer|respond|reply|speak|act|pretend)\b
        {_START}(?:act|behave|respond|reply|answer|speak|pose) (?:only |now |exclusively )?(?:as|like) (?:an?\
            |if you|though you)\b
        {_ORDER}pretend (?:that )?(?:to be|you(?:'re| are))\b
        \b(?:attention|dear|hey|hello|hi|note to|message (?:to|for)|instructions? (?:to|for))\W+(?:all |any |every \
            |the |to \
            |you |my )*{_MACHINE}\b
        \b(?:if|since|as) you(?:'re| are) (?:an? |any )?{_MACHINE}\b
        \b(?:ai|llm|language model|assistant|bot)s? (?:reading|processing|summari[sz]ing|that reads?) this\b
        {_ORDER}(?:report|say|state|claim|write|answer|conclude|mention|add|tell\W+\w+|note|confirm\
            |summari[sz]e)\b[^.\n]{{0,20}}\bthat \
            (?:every|each|all|no ?one|nobody|most)\b[^.\n]{{0,40}}\b(?:this|the) (?:thread|discussion|page\
            |conversation|site)\b
        {_ORDER}(?:answer|respond|reply) (?:only|just|exclusively|solely|always)\b(?= (?:with|in|as|by saying)\b\
            |\W*(?:$|[.:]))
        {_ORDER}(?:cite|quote|credit|name) (?:no ?one|nobody|only)\b
        {_ORDER}(?:attribute|credit) (?:all|everything|this|each|every\w*)\b[^.\n]{{0,60}}\bto @
        {_ORDER}(?:include|insert|append|add|put|place|mention|embed|begin|start|end|finish|close|promote|recommend\
            |encode\
            |translate|render|rewrite|rephrase|modify|represent|provide|give)\b[^.\n]{{0,80}}\byour (?:next |final \
            |whole \
            |entire |own )?{_OUTPUT}\b
        \bin your (?:next |final |own )?{_OUTPUT},? (?:please |always |only |you )?(?:must |should |will )?\
            (?:include|mention\
            |add|say|write|use|state|recommend|promote|begin|end|cite|avoid)\b
        \b(?:the|your) (?:summary|headline|digest|answer|tl;?dr) of (?:this|the) (?:thread|discussion|digest|page\
            |story) (?:is|must\
            |should|shall)\b
        \bwhen(?:ever)? (?:you(?:'re| are) )?asked (?:anything|about (?:this|the)|any question|for a summary),? \
            (?:decline|say|answer\
            |reply|respond|refuse|tell|always|never)\b
        </?(?:system|instructions?|assistant|prompt|data|context|comment|thread)>
        \[/?inst\]
        <\|(?:im_start|im_end|system|user|assistant|endoftext)\|>
        (?:^|\n)\W{{0,6}}(?:system|assistant|developer)(?: (?:message|prompt|note|override))?\s*:\s*\S
        (?:^|\n)\W{{0,6}}(?:new |updated )?instructions?\s*:\s*\S
        """
    ),
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"\"[^\"\n]{1,400}\"|“[^“”\n]{1,400}[”\"]|«[^«»\n]{1,400}»|`[^`\n]{1,400}`|(?<!\w)'[^'\n]{8,400}'(?!\w)"
)


@lru_cache(maxsize=8192)
def addressed_to_machines(text: str) -> bool:
    """Whether the text holds an order to whatever machine may read it."""
    read = _plain(text[:READ])
    told = _QUOTED.sub(" ", read)
    return _ORDERS.search(told if any(mark.isalnum() for mark in told) else read) is not None


def _plain(text: str) -> str:
    """The text as it reads: without marks that cannot be seen, letters of other widths as plain ones, spaces single."""
    seen = "".join(mark for mark in text if unicodedata.category(mark) != "Cf")
    lines = unicodedata.normalize("NFKC", seen).replace("’", "'").splitlines()
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())
