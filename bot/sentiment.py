"""How many commenters speak warmly and how many coldly of a discussion's subject, and the words that show it.

A lexicon (vaderSentiment) judges the tone of each post's own words, without those of the title: what everybody speaks
of has a tone of its own. So this is tone, not stance: who defends a cruel thing in kind words counts as positive. How
far that reaches is measured in docs/quality.md. Not here: counting people (bot.verify), wording sides (bot.wording).
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from bot import attitude
from bot.answer import Evidence
from bot.inquiry import Attitude
from bot.quotable import DANGLING, Topic, cost
from bot.stance import own_words
from bot.viewpoints import Text, evidence, sayings, speaker_key, texts
from corpus.thread import Comment, Thread
from index.lexical import terms

if TYPE_CHECKING:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    from bot.scope import Scope

CLEAR = 0.05
"""Tone from which on a text counts as positive or negative: what the lexicon's authors set."""
TELLING = 0.3
"""Tone of a sentence from which on it may stand for its side, where it names a gain or a loss."""
OUTRIGHT = 1.0
"""What a cue that says so outright adds to a sentence's tone."""
FEWEST_VOICES = 3
"""Fewer commenters have no shares."""
SHOWN = 2
"""Sentences that stand for a side, each of another commenter."""
LOOKED_AT = 40
"""Posts of a side that are looked through for them: the most outspoken."""
LONGEST, FEWEST_TERMS = 180, 4
"""Characters and terms of a sentence that may stand for a side."""
READ = 5_000
"""Characters of one post whose tone is taken."""
_WORD = re.compile(r"\S+")
_GAIN = re.compile(
    r"\b(?:attract\w*|gain\w*|benefi\w+|improv\w+|help(?:s|ed|ful)?|boost\w*|enabl\w+|unlock\w*|advantages?|"
    r"faste(?:r|st)|better|best|strong(?:er|est)|excellent|great|reliabl[ey]|useful|accessible|"
    r"saves?|freedom|easi(?:er|est|ly)|goodwill|innovat\w+|beats?|affordable|safe(?:r|st)?|thriv\w+|progress|succe\w+|"
    r"protect\w*|friendly|beautiful|wonderful|lov(?:e|ed|ely)|enjoy\w*|healthy|opens the door|opportunit\w+)\b",
    re.I,
)
_LOSS = re.compile(
    r"\b(?:los(?:e|es|t|ing|s|ses)|weak(?:er|est|ness\w*)?|risk\w*|threat\w*|danger\w*|fail\w*|breaks?|broken?|harm\w*|"
    r"hurt\w*|damag\w+|destroy\w*|destruct\w+|erod\w+|bad|worse|worst|poor(?:er|est|ly)?|lack\w*|expensive|suffer\w*|"
    r"steal\w*|stole|crash\w*|kill\w*|fear\w*|backdoors?|leak\w*|abus\w+|corrupt\w*|unfair|dreadful|censor\w*|shortages?|"
    r"collaps\w+|slaughter\w*|rude|awful|terribl[ey]|dead(?:ly)?|cruel\w*|tortur\w*|violen\w+|crim(?:e|es|inal\w*)|"
    r"injur\w+|pollut\w+|waste\w*|disaster\w*|discriminat\w+|exploit\w*|scam\w*|horribl[ey]|ruin\w*|attack\w*|problems?)\b",
    re.I,
)
"""What people highlight and what they fear or fault: words for what a thing gives, and for what it takes. A lexicon's
tone alone is that of any word: of a war that is only named, of "a strong division", of somebody's support. No prices:
what is free or cheap is no good for that alone."""
_WARM: tuple[Attitude, ...] = ("in favour", "excited")
_COLD: tuple[Attitude, ...] = ("against", "worried", "angry")


@dataclass(frozen=True, slots=True)
class Side:
    """Those whose posts are on the whole positive, or negative."""

    members: tuple[str, ...]
    """Ids of the posts that are so themselves; of a text that several posted, the first."""
    voices: int
    """Distinct commenters, each unattributed post its own, a text that several post once."""
    quotes: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Sides:
    positive: Side
    negative: Side
    voices: int
    """All whose posts were judged, the neutral ones as well."""

    @property
    def shares(self) -> tuple[float, float] | None:
        """(positive, negative) of all voices, 0 to 1; None where there are too few."""
        if self.voices < FEWEST_VOICES:
            return None
        return self.positive.voices / self.voices, self.negative.voices / self.voices


def sides(thread: Thread, scope: "Scope", *, said: Sequence[Text] | None = None) -> Sides:
    """The two sides of a thread's commenters: each is on one side at most, where the mean of their posts is."""
    apart = frozenset(terms(thread.title))
    spoken = texts(thread) if said is None else said
    topic = Topic(thread, [text.comment.text for text in spoken])
    judged = [(text, tone(own_words(text.comment), apart=apart)) for text in spoken]
    by_voice: dict[str, list[float]] = defaultdict(list)
    for text, value in judged:
        by_voice[speaker_key(text.comment)].append(value)
    leaning = {voice: sum(values) / len(values) for voice, values in by_voice.items()}

    def side(sign: int) -> Side:
        voices = {voice for voice, value in leaning.items() if value * sign >= CLEAR}
        theirs = [(t, v) for t, v in judged if speaker_key(t.comment) in voices and v * sign >= CLEAR]
        return Side(
            members=tuple(text.comment.id for text, _ in theirs),
            voices=len(voices),
            quotes=_telling(
                [t for t, _ in sorted(theirs, key=lambda each: -each[1] * sign)], sign, apart, scope, topic
            ),
        )

    return Sides(positive=side(1), negative=side(-1), voices=len(leaning))


def tone(text: str, *, apart: frozenset[str] = frozenset()) -> float:
    """-1 to 1; 0 where no word has a tone. Words whose terms are among `apart` are not judged."""
    words = text[:READ]
    if apart:
        words = " ".join(word for word in _WORD.findall(words) if apart.isdisjoint(terms(word)))
    return float(_lexicon().polarity_scores(words)["compound"]) if words.strip() else 0.0


@lru_cache(maxsize=1)
def _lexicon() -> "SentimentIntensityAnalyzer":
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # reads its lexicon: some 40 ms

    return SentimentIntensityAnalyzer()


def _telling(
    outspoken: Sequence[Text], sign: int, apart: frozenset[str], scope: "Scope", topic: Topic
) -> tuple[Evidence, ...]:
    """The sentences that stand for a side: on the subject, whole by themselves, and outspoken, outright ones first.

    Of posts near to what the side says on the whole rather than of others. None where no sentence is so.
    """
    looked_at = [text.comment for text in outspoken[:LOOKED_AT]]
    if not looked_at:
        return ()
    vectors = scope.comment_vectors(looked_at)
    central = vectors @ vectors.mean(axis=0)
    found: list[tuple[float, Comment, tuple[int, int]]] = []
    for comment, near in zip(looked_at, central, strict=True):
        for span in sayings(comment):
            words = comment.text[slice(*span)]
            strength = _outspoken(words, sign, apart | topic.terms)
            if strength > 0 and _fits(words, topic):
                found.append((strength * (1 + float(np.round(near, 5))) - cost(words), comment, span))
    found.sort(key=lambda each: -each[0])
    first = {speaker_key(comment): (comment, span) for _, comment, span in reversed(found)}
    chosen = [(c, span) for _, c, span in found if first[speaker_key(c)] == (c, span)]
    return tuple(evidence(comment, *span) for comment, span in chosen[:SHOWN])


def _outspoken(sentence: str, sign: int, apart: frozenset[str]) -> float:
    """How plainly the sentence is on the side: by a cue, or by a gain or loss and its tone; 0 where it is not."""
    strength = sign * tone(sentence, apart=apart)
    ours, theirs = (_WARM, _COLD) if sign > 0 else (_COLD, _WARM)
    if any(attitude.shows(sentence, each) for each in theirs):
        return 0.0
    if any(attitude.shows(sentence, each) for each in ours):
        return max(0.0, OUTRIGHT + strength)
    gain, loss = _named(_GAIN, sentence, apart), _named(_LOSS, sentence, apart)
    named = (gain and not loss) if sign > 0 else (loss and not gain)
    return strength if named and strength >= TELLING else 0.0


def _named(words: re.Pattern[str], sentence: str, apart: frozenset[str]) -> bool:
    """Whether the sentence holds one of the words; what all speak of is only spoken of."""
    return any(apart.isdisjoint(terms(found[0])) for found in words.finditer(sentence))


def _fits(sentence: str, topic: Topic) -> bool:
    short = len(sentence) <= LONGEST and len(set(terms(sentence))) >= FEWEST_TERMS
    return short and "://" not in sentence and topic.spoken_of(sentence) and cost(sentence) <= DANGLING
