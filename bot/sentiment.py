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

from bot.answer import Evidence
from bot.points import speaker_key
from bot.viewpoints import Text, texts
from corpus.thread import Thread
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
    judged = [(text, tone(text.comment.text, apart=apart)) for text in spoken]
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
            quotes=(),
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
