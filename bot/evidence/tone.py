"""How many commenters write in a positive tone and how many in a negative one, summed up over a whole discussion.

A lexicon (vaderSentiment) rates the words of each post, without those of the title: what everybody writes about has a
tone of its own. So this is tone, not stance: somebody who defends a cruel thing in kind words counts as positive. Its
accuracy is in docs/quality.md. Not here: counting people (bot.digests.digest), any judgement of a single comment.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING

from bot.evidence.points import speaker_key
from bot.evidence.positions import Text, texts
from corpus.text.plain import merged, quoted_lines
from corpus.thread import Comment, Thread
from index.ranking.lexical import terms

if TYPE_CHECKING:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

CLEAR = 0.05
"""Tone from which on a text counts as positive or negative: what the lexicon's authors set."""
FEWEST_VOICES = 3
"""Fewer commenters have no shares: one of two people is no half of a public."""
READ, SYMBOLS = 2_000, 10
"""Characters and symbols (emoji) of one post that are rated: the lexicon's time grows with the square of both."""
_WORD = re.compile(r"\S+")
_SYMBOL = re.compile(r"[^\w\s\x00-\x7f‘’“”…–—]")


@dataclass(frozen=True, slots=True)
class Side:
    """Commenters whose posts are on average positive, or negative."""

    members: tuple[str, ...]
    """Ids of their posts that have that tone; of a text that several posted, the first."""
    voices: int
    """Distinct commenters; each unattributed post is its own, a text that several posted counts once."""


@dataclass(frozen=True, slots=True)
class Sides:
    positive: Side
    negative: Side
    voices: int
    """All whose posts were rated, neutral ones included."""

    @property
    def shares(self) -> tuple[float, float] | None:
        """(positive, negative) of all voices, 0 to 1; None where there are too few."""
        if self.voices < FEWEST_VOICES:
            return None
        return self.positive.voices / self.voices, self.negative.voices / self.voices


def sides(thread: Thread, *, said: Sequence[Text] | None = None) -> Sides:
    """The two sides of a thread's commenters; each is on one side at most, by the mean tone of their posts."""
    apart = frozenset(terms(thread.title))
    rated = [
        (text.comment, tone(_own_text(text.comment), apart=apart)) for text in (texts(thread) if said is None else said)
    ]
    by_voice: dict[str, list[float]] = defaultdict(list)
    for comment, value in rated:
        by_voice[speaker_key(comment)].append(value)
    means = {voice: sum(values) / len(values) for voice, values in by_voice.items()}

    def side(sign: int) -> Side:
        voices = {voice for voice, mean in means.items() if mean * sign >= CLEAR}
        theirs = [c.id for c, value in rated if speaker_key(c) in voices and value * sign >= CLEAR]
        return Side(members=tuple(theirs), voices=len(voices))

    return Sides(positive=side(1), negative=side(-1), voices=len(means))


def tone(text: str, *, apart: frozenset[str] = frozenset()) -> float:
    """-1 to 1; 0 where no word has a tone. Words whose terms are among `apart` are not rated."""
    seen = count(1)
    words = _SYMBOL.sub(lambda symbol: symbol[0] if next(seen) <= SYMBOLS else " ", text[:READ])
    if apart:
        words = " ".join(word for word in _WORD.findall(words) if apart.isdisjoint(terms(word)))
    return float(_lexicon().polarity_scores(words)["compound"]) if words.strip() else 0.0


def _own_text(comment: Comment) -> str:
    """The comment's text without what it quotes."""
    text = comment.text
    bounds = [0, *(at for span in merged((*comment.quoted, *quoted_lines(text))) for at in span), len(text)]
    return " ".join(text[start:end] for start, end in zip(bounds[::2], bounds[1::2], strict=True))


@lru_cache(maxsize=1)
def _lexicon() -> "SentimentIntensityAnalyzer":
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # reads its lexicon: some 40 ms

    return SentimentIntensityAnalyzer()
