"""How fit a sentence is to be quoted by itself: whether it states something, leans on nothing, is on the subject.

Costs are on the scale of a cosine. English where words are told apart; a sentence without English small words is taken
for another language's and judged by length alone. Not here: which sentences stand for many (bot.viewpoints), whether
they ask, joke or quote.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from bot.forms import any_of
from corpus.text import bare
from corpus.thread import Thread
from index.lexical import terms

LONG = 240
"""Characters of a sentence from which on another one is better to quote."""
FEWEST_TERMS = 3
"""A sentence of fewer terms says little by itself."""
TOO_LONG, STUB, DANGLING, ADDRESSED, PARTIAL, OFF = 0.25, 0.15, 0.1, 0.15, 0.25, 0.15
"""What it costs to be longer, to hold fewer terms, to lean on the sentence before, to tell the reader what to do, to
state nothing, to be off the subject."""
UNFIT = 0.15
"""What words cost that are quoted only where there is nothing else."""
COMMON = 0.1
"""Share of the voices from which on a word that they use is one of the subject."""
FEWEST_COMMON = 3
"""Voices that use it, at least."""
_LEANS = re.compile(
    r"\W*(?:and|but|or|so|then|that|this|these|those|it|they|he|she|which|also|because|the rest|the former|the latter|"
    r"neither|either|such|same|except|yes|no|yeah|nope|edit|\[\w+\]|other|others|another|instead|otherwise|therefore|"
    r"likewise|similarly|mine|yours|his|hers|theirs|there (?:is|was|are|were) (?:also|another))\b",
    re.IGNORECASE,
)
_REFERS = re.compile(
    r"\b(?:that|this|the same|said|above) (?:question|comment|post|thread|article|link|page|reply|point|argument"
    r"|part|one)\b"
    r"|\b(?:your|you're|you are|you were|you've|you said|you (?:might|may) (?:want|be))\b",
    re.IGNORECASE,
)
_PLEASANTRY = re.compile(
    r"^\W*(?:greetings|hello|hi|hey|welcome|good (?:morning|afternoon|evening|day|luck)|thanks?|thank you|thx|cheers|"
    r"congrat\w*|sorry|apologies|happy (?:birthday|new year)|well (?:said|done|put)|nice (?:one|post|find)|long answer|"
    r"short answer|disclaimer|tl;?dr|source|edit|ps|p\.s\.)\b",
    re.IGNORECASE,
)
_TELLING = re.compile(
    r"^\W*(?:please |just |now |then )?(?:enjoy|put|take|ask|look|imagine|consider|note|read|see|wake|keep|give|tell|"
    r"try|"
    r"remember|think|let|count|add|call|stop|get|go|come|wait|watch|check|click|begin|start|follow|swap|make|listen|show|"
    r"find|buy|do|don't|never mind)\b(?! (?:is|are|was|has))"
    r"|\b(?:i|we)(?:'d| would) (?:like|love|prefer|appreciate)\b|\b(?:does|can|could|would) any(?:one|body)\b",
    re.IGNORECASE,
)
"""Said to the reader, or wished for, not stated of the subject: "Enjoy it while it lasts"."""
_VERB = re.compile(
    any_of(
        r"""
        \b(?:am|is|are|was|were|be|been|being|has|have|had|having|do|does|did|will|would|can|could|may|might|must\
            |shall\
            |should|cannot|let)\b
        \w'(?:s|re|ve|ll|d|m)\b|n't\b
        \b\w{2,}ed\b
        \b\w{3,}(?:ize|ise|ify)s?\b
        \b(?:it|he|she|that|which|who|what|everyone|everybody|nobody|somebody|someone|nothing|everything)\s+\
            (?:\w+ly\s+)?\
            \w+s\b
        \b(?:I|we|you|they|people)\s+(?:\w+ly\s+)?(?!(?:and|or|of|in|with|from|to|for|like)\b)\w+\b
        \b\w{3,}s (?:the|a|an|to|it|them|us|you|me|their|its|our|my|your|his|her|into|out|up|down|off|when|how|what\
            |why|more\
            |less|no|every|all|from|by|like|people|and) \w
        \b(?:says?|said|goes|go|went|gets?|got|makes?|made|knows?|knew|thinks?|thought|takes?|took|sees?|saw|comes?\
            |came|wants?\
            |looks?|uses?|finds?|found|gives?|gave|tells?|told|works?|calls?|tr(?:y|ies)|asks?|needs?|feels?|felt\
            |becomes?|became\
            |leaves?|left|puts?|means?|meant|keeps?|kept|begins?|began|helps?|shows?|hears?|heard|plays?|runs?|ran\
            |moves?|lives?\
            |believes?|brings?|brought|happens?|writes?|wrote|provides?|sits?|stands?|loses?|lost|pays?|paid|meets?\
            |met|includes?\
            |continues?|sets?|learns?|changes?|leads?|led|understands?|watch(?:es)?|follows?|stops?|creates?\
            |speaks?|spoke|reads?\
            |allows?|adds?|spends?|spent|grows?|grew|opens?|wins?|won|offers?|remembers?|loves?|considers?|appears?\
            |buys?|bought\
            |waits?|serves?|dies?|sends?|sent|expects?|builds?|built|stays?|falls?|fell|cuts?|reach(?:es)?|kills?\
            |remains?|costs?\
            |causes?|prevents?|reduces?|increases?|forces?|lacks?|faces?|benefits?|supports?|drives?|drove|hurts?\
            |harms?|protects?\
            |depends?|fails?|eats?|ate|sells?|sold|rises?|rose|drops?|hides?|owns?|earns?|breaks?|broke|saves?\
            |steals?|stole|beats?\
            |seems?|turns?|starts?|sounds?|knew|exists?|matters?|gains?|raises?|ends?|enables?|encourages?\
            |requires?|violates?|holds?\
            |held|deserves?|suffers?|violate|risks?|hopes?|bans?)\b
        [=→]
        """
    ),
    re.IGNORECASE,
)
"""What a sentence that states something holds, as far as forms tell: some word that can be its verb."""
_NOTE = re.compile(r"\[[^\[\]]*[^\[\].!?]\]")
"""A note of what happens, not of what is said: "[shares a photo: a dog]", "[laughter]"."""
_MURMUR = re.compile(
    r"(?:\W*\b(?:m+|m+-?h?m+|h?m+|u+h+|u+m+|e+r+m*|a+h+|o+h+|uh-?huh|mm-?hmm?|yeah|yep|yes|nah?|no|okay|ok|kay|right|sure"
    r"|well|so|like|cool|exactly|wow|you know|i see|i mean|i guess)\b)+\W*",
    re.IGNORECASE,
)
"""Said to show that one listens, or while one thinks."""
_MENTION = re.compile(r"(?<![\w@])@\w[\w.-]*")
_ENGLISH = re.compile(
    r"\b(?:the|a|an|of|to|in|on|and|or|for|from|with|by|at|every|no|two|as|not|very|more|less|million|billion|percent|still|my|our|his|her|their|your|its)\b",
    re.I,
)


WEAK = frozenset(
    terms(
        "one two three four five first second thing things way ways time times year years day days lot bit kind "
        "sort people person everyone everybody somebody someone nobody nothing something anything everything "
        "every point fact part reason question answer word words example case number rest half side end place "
        "line world country man guy life idea problem same whole next last new old other long short good bad "
        "great best better real big ask show tell give gives giving get gets make makes making go going come "
        "takes take put keep want know say says think need use used using look looks work run call mean seem help "
        "start find like love hate try feel become leave let happen really much many still ever never always "
        "maybe actually even yet back today now away here why would could well right hard easy sure only also "
        "than less more most enough "
    )
)
"""Words that many comments share and that name no subject."""


class Topic:
    """The words that a discussion is about: those of its title that name something, and those that many voices use."""

    def __init__(self, thread: Thread, said: Sequence[str]) -> None:
        """`said` are the thread's distinct texts."""
        used = Counter(term for text in said for term in set(terms(without_mentions(text))))
        fewest = max(FEWEST_COMMON, COMMON * len(said))
        self.terms = title_terms(thread.title) | naming(term for term, times in used.items() if times >= fewest)

    def spoken_of(self, words: str) -> bool:
        return not self.terms.isdisjoint(terms(words))


def without_mentions(text: str) -> str:
    """The text but for the handles of those whom it addresses: these are no words about anything."""
    return _MENTION.sub(" ", text)


def cost(words: str, topic: Topic | None = None) -> float:
    """What being quoted by itself costs the words: 0 where nothing speaks against it."""
    plain = words.replace("’", "'")
    held = _held(words)
    total = TOO_LONG if len(words) > LONG else 0.0
    total += STUB if held < FEWEST_TERMS else 0.0
    total += DANGLING if _LEANS.match(plain) else 0.0
    total += DANGLING if _REFERS.search(plain) else 0.0
    total += ADDRESSED if _TELLING.search(plain) else 0.0
    total += PARTIAL if not states(words) else 0.0
    return total + (OFF if topic is not None and not topic.spoken_of(words) else 0.0)


def states(words: str) -> bool:
    """Whether the words state something: no greeting, no thanks, and not without anything that can be a verb."""
    plain = words.replace("’", "'")
    if _PLEASANTRY.match(plain) or not says(words):
        return False
    return _VERB.search(plain) is not None or (_ENGLISH.search(plain) is None and _held(words) >= FEWEST_TERMS)


def _held(words: str) -> int:
    """Distinct terms; a Latin letter alone is none."""
    return sum(len(term) > 1 or not term.isascii() for term in set(terms(words)))


def says(words: str) -> bool:
    """Whether the words are more than a murmur, or a note of what happens in brackets."""
    spoken = without_notes(words)
    return any(map(str.isalnum, spoken)) and _MURMUR.fullmatch(spoken) is None


def without_notes(text: str) -> str:
    """The text, as long as it was, but for notes in brackets of what happens."""
    return _NOTE.sub(lambda note: " " * len(note[0]), text)


def fit(words: str, topic: Topic) -> bool:
    """Whether the words may stand alone for what many say: they state something about the subject, by themselves."""
    return cost(words, topic) < DANGLING


def title_terms(title: str) -> frozenset[str]:
    """The terms of a title that name what is spoken of; of a title of weak words alone all of them."""
    every = frozenset(terms(bare(title)))
    return naming(every) or every


def naming(words: Iterable[str]) -> frozenset[str]:
    """Of terms those that may name a subject: no weak ones, no bare numbers."""
    return frozenset(term for term in words if term not in WEAK and not term.replace(".", "").isdigit())
