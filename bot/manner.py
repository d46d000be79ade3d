"""How words are meant, as far as marks tell: whether they ask, joke or quote. Such words are no view of their writer.

Conservative: a joke without a mark of one stays a statement. Not here: what a post quotes from another (corpus.text).
"""

import re
from functools import lru_cache

from bot.answer import Manner
from corpus.text import sentences
from corpus.thread import Comment

MOSTLY = 0.7
"""Share of the words that must stand in quotation marks."""
FEWEST_QUOTED = 4
"""Words: fewer in quotation marks are a term or a title."""
_JOKE_MARK = re.compile(
    r"(?:^|[\s.!?])(?:/s(?:arc(?:asm)?)?|/jk?|j/k|\(sarcasm\)|<sarcasm>|#sarcasm)(?=$|[\s.!?)])|[🙃🙄🤡🫠😏]", re.I
)
_LAUGHING = re.compile(r"(?:[😂🤣😆😹😜😝]|\b(?:lol|lmao|lmfao|rofl|ha(?:ha)+|jk)\b)\W*$", re.I)
_IRONY = re.compile(
    r"\b(?:just kidding|i'm kidding|only joking|sure,? jan|said no one ever|slow clap|how original|colou?r me shocked|"
    r"yeah,? (?:right|sure)[.!]|what could (?:possibly )?go wrong|what a (?:surprise|shock)[.!]|big if true|"
    r"oh,? (?:great|wonderful|brilliant|joy|sure|lovely|goody)[,.! ]|shocked,? i tell you|nothing says \w+ like|"
    r"because (?:that|this) (?:always|totally) work(?:s|ed)|because (?:that|this) (?:worked|went) (?:so|out so) well|"
    r"thanks,? captain obvious)",
    re.I,
)
_SHORT = 12
"""Words up to which a laugh at the end makes the whole a joke."""
_STAMMER = re.compile(
    r"\b(?:n-n*o+|p-please|w-wh?at|w-wait|w-why|b-but|y-yes|y-you|s-so|s-sorry|s-stop|i-i|i-it|h-how|h-hey|o-oh|th-that)\b"
    r"(?!-)",
    re.I,
)
_QUOTED = re.compile(r"\"[^\"\n]{1,2000}\"|“[^“”\n]{1,2000}[”\"]|„[^„“”\n]{1,2000}[“”]|«[^«»\n]{1,2000}»")
_WORD = re.compile(r"\w+(?:['’-]\w+)*")


def manner(comment: Comment, start: int, end: int) -> Manner | None:
    """How comment.text[start:end] is meant; None where it is simply said."""
    words = comment.text[start:end]
    if _quoting(comment.text, start, end):
        return "quotes"
    if _joking(comment.text, words):
        return "jokes"
    spans = sentences(words)
    asking = [interrogative(words[a:b]) for a, b in spans]
    return "asks" if asking and all(asking) else None


def mocking(text: str) -> bool:
    """Whether the text puts on somebody's voice, by stammering that is written out: none of it is its writer's view.

    Weaker than a joke: what stands there is still what was said.
    """
    return _STAMMER.search(text) is not None


def interrogative(sentence: str) -> bool:
    """Whether the sentence ends by asking."""
    return sentence.rstrip(" \"'”’)*_\U0001f914").endswith(("?", "？", "؟"))


def _joking(text: str, words: str) -> bool:
    if _JOKE_MARK.search(words) or _IRONY.search(words.replace("’", "'")):
        return True
    return _ends_laughing(text)


@lru_cache(maxsize=1 << 12)
def _ends_laughing(text: str) -> bool:
    """Whether the whole text ends as a joke; kept, since every sentence of it asks again."""
    if _JOKE_MARK.search(text[-12:]):
        return True
    return bool(_LAUGHING.search(text)) and len(_WORD.findall(text)) <= _SHORT


@lru_cache(maxsize=1 << 12)
def _quotations(text: str) -> tuple[tuple[int, int], ...]:
    """What of the text stands in quotation marks; kept, since every sentence of it asks again."""
    return tuple(found.span() for found in _QUOTED.finditer(text))


def _quoting(text: str, start: int, end: int) -> bool:
    """Whether most of the words stand in quotation marks: somebody else's, told."""
    said = len(_WORD.findall(text[start:end]))
    quoted = sum(
        len(_WORD.findall(text[max(start, low) : min(end, high)]))
        for low, high in _quotations(text)
        if low < end and start < high
    )
    return quoted >= FEWEST_QUOTED and quoted >= MOSTLY * said
