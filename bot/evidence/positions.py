"""The distinct positions of a discussion: which comments say similar things, and whose exact words stand for them.

`positions` groups the comments (bot.evidence.grouping). Copies of a text are one text and one voice, so that fifty of
them weigh no more than one; a text that many posted word for word is a position of its own, marked as repeated. Not
here: which words are fit to be quoted alone (bot.evidence.quotability), counting people (bot.verification.counting),
what is made of the positions (bot.digests.digest).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from bot.evidence.grouping import Space, groups
from bot.evidence.points import orders_machines, speaker_key
from bot.evidence.quotability import UNFIT, Topic, cost, held
from bot.values.answer import Evidence
from corpus.text.plain import bare, sentences
from corpus.thread import Comment, Thread
from index.ranking.lexical import terms

if TYPE_CHECKING:
    from bot.evidence.scope import Scope

MOST = 8
"""Positions that are shown."""
FEW = 4
"""Where fewer positions are shared, posts that stand alone fill up to so many."""
SHOWN = 3
"""Quotes that stand for a position, each of another commenter."""
LOOKED_AT = 5
"""Of a position's most central comments, how many are looked through for words to quote."""
READ = 12
"""Sentences of one comment that are looked at."""
FEWEST_TERMS = 3
"""A comment of fewer terms takes no position that others could be put to."""
REPEATED = 3
"""Commenters from which on the same words are shown as one repeated text."""
MOST_REPEATED = 2
"""Repeated texts that are shown, beside the positions that people put in words of their own."""
FEWEST_COPIED_TERMS = 4
"""Fewer terms are nobody's text: two people say "this is great" on their own."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text, by whoever posted it first, and the comments that repeat it."""

    comment: Comment
    copies: tuple[Comment, ...] = ()

    @property
    def repeated(self) -> int:
        """How many distinct others posted the same words; unattributed posts each count."""
        return len({speaker_key(copy) for copy in self.copies} - {speaker_key(self.comment)})


@dataclass(frozen=True, slots=True)
class Position:
    """Comments that say nearly the same."""

    members: tuple[str, ...]
    """Comment ids, the most central first, each followed by its copies."""
    quotes: tuple[Evidence, ...]
    """Words that stand for it, at most SHOWN, each by another commenter, the most central first."""
    voices: int
    """Distinct commenters, each unattributed post its own, copies of a text once; positions are ordered by it."""
    repeated: int = 0
    """How many commenters posted one of its texts word for word, where that are REPEATED or more."""


def positions(
    thread: Thread,
    scope: "Scope",
    *,
    only: Collection[str] | None = None,
    limit: int = MOST,
    said: Sequence[Text] | None = None,
) -> tuple[Position, ...]:
    """At most `limit` distinct positions of the thread's comments, or of those in `only`, the most shared first.

    `said` are the thread's texts, where the caller has them already.
    """
    title = bare(thread.title)
    takes = [
        text
        for text in (texts(thread) if said is None else said)
        if (only is None or text.comment.id in only) and _takes_one(text.comment) and bare(text.comment.text) != title
    ]
    if not takes or limit < 1:
        return ()
    topic = Topic(thread, [text.comment.text for text in takes])
    own = [text for text in takes if text.repeated + 1 < REPEATED]
    shared = _shared(own, thread, scope, topic, limit) if own else []
    kept = _with_repeated(shared, [text for text in takes if text.repeated + 1 >= REPEATED], limit)
    quoted = _quotes(kept, scope, topic)
    return tuple(Position(g.members, quotes, g.voices, g.repeated) for g, quotes in zip(kept, quoted, strict=True))


def _shared(takes: Sequence[Text], thread: Thread, scope: "Scope", topic: Topic, limit: int) -> list["_Group"]:
    """The positions that several share, the most shared first; where these are few, texts that stand alone."""
    space = Space([text.comment.text for text in takes], scope.comment_vectors([text.comment for text in takes]))
    grouped = [[takes[at] for at in _beside_one(places, takes, space, topic)] for places in groups(space, most=limit)]
    found = sorted((_Group(tuple(group)) for group in grouped if group), key=lambda group: -group.voices)
    shared = [group for group in found if group.voices > 1]
    return shared + _alone(takes, shared, thread, topic)[: max(0, min(limit, FEW) - len(shared))]


def quotable(found: Sequence[Position], thread: Thread, said: Sequence[Text]) -> list[Position]:
    """The positions without those that nothing quotable stands for, where enough others are left."""
    topic = Topic(thread, [text.comment.text for text in said])
    able = [each for each in found if each.repeated or cost(each.quotes[0].quote, topic) < UNFIT]
    return able if len(able) >= FEW else list(found)


def texts(thread: Thread) -> list[Text]:
    """The distinct texts of the thread that may be cited and are no bot's, in its order, each with its copies.

    Two may say "this is great" on their own: a short text is one text only by one author, or by REPEATED and more.
    """
    by_words: dict[str, list[Comment]] = {}
    for comment in thread.comments:
        if comment.citable and not comment.is_bot and comment.own_words(0, len(comment.text)):
            by_words.setdefault(bare(comment.text), []).append(comment)
    found = [text for words, said in by_words.items() for text in _of_the_same_words(words, said)]
    place = {comment.id: n for n, comment in enumerate(thread.comments)}
    return sorted(found, key=lambda text: place[text.comment.id])


def _of_the_same_words(words: str, said: Sequence[Comment]) -> list[Text]:
    speakers: dict[str, list[Comment]] = {}
    for comment in said:
        speakers.setdefault(speaker_key(comment), []).append(comment)
    if len(set(terms(words))) >= FEWEST_COPIED_TERMS or len(speakers) >= REPEATED:
        return [Text(said[0], tuple(said[1:]))]
    return [Text(first, tuple(copies)) for first, *copies in speakers.values()]


def sayings(comment: Comment) -> list[tuple[int, int]]:
    """Spans of the comment's sentences that may stand for a position, the first few of them."""
    return list(islice(_sayings(comment), READ))


def _sayings(comment: Comment) -> Iterator[tuple[int, int]]:
    """Its own words, two terms or more beside links; none of a post that gives orders to machines."""
    if orders_machines(comment.text):
        return
    for start, end in sentences(comment.text)[: 2 * READ]:
        own = comment.own_words(start, end) and not any(low < end and start < high for low, high in comment.quoted)
        if own and held(comment.text[start:end]) > 1:
            yield start, end


def evidence(comment: Comment, start: int, end: int) -> Evidence:
    return Evidence(thread_id=comment.thread_id, comment_id=comment.id, quote=comment.text[start:end], start=start)


@dataclass(frozen=True, slots=True)
class _Group:
    texts: tuple[Text, ...]
    """The most central first."""

    @property
    def voices(self) -> int:
        return len({speaker_key(text.comment) for text in self.texts})

    @property
    def members(self) -> tuple[str, ...]:
        return tuple(comment.id for text in self.texts for comment in (text.comment, *text.copies))

    @property
    def repeated(self) -> int:
        most = 1 + max(text.repeated for text in self.texts)
        return most if most >= REPEATED else 0


def _takes_one(comment: Comment) -> bool:
    return len(set(terms(comment.text))) >= FEWEST_TERMS and any(True for _ in _sayings(comment))


def _beside_one(places: Sequence[int], takes: Sequence[Text], space: Space, topic: Topic) -> list[int]:
    """Of a group the most central text whose words can be quoted, then those that say nearly what it says.

    A group's middle may lie between two positions; the words that are shown take one of them.
    """
    first = next((at for at in places if _quotable_alone(takes[at].comment, topic)), places[0])
    return [first, *space.beside(first, places)]


def _quotable_alone(comment: Comment, topic: Topic) -> bool:
    return any(cost(comment.text[a:b], topic) < UNFIT for a, b in sayings(comment))


def _alone(takes: Sequence[Text], shared: Sequence[_Group], thread: Thread, topic: Topic) -> list[_Group]:
    """Each text outside the shared positions as a position of its own: first what can be quoted, by activity."""
    inside = {text.comment.id for group in shared for text in group.texts}
    left = [place for place, text in enumerate(takes) if text.comment.id not in inside]
    left.sort(key=lambda at: (not _quotable_alone(takes[at].comment, topic), -thread.activity[takes[at].comment.id]))
    return [_Group((takes[place],)) for place in left]


def _with_repeated(shared: list[_Group], repeated: Sequence[Text], limit: int) -> list[_Group]:
    """The positions, then the texts that most commenters posted word for word, each marked as repeated.

    Such a text is never part of a position that others share: fifty copies would be counted under another's words.
    """
    most = sorted(repeated, key=lambda text: -text.repeated)[: min(MOST_REPEATED, limit)]
    return [*shared[: limit - len(most)], *(_Group((text,)) for text in most)]


def _quotes(found: Sequence[_Group], scope: "Scope", topic: Topic) -> list[tuple[Evidence, ...]]:
    """For each group the words that stand for it; all sentences are embedded at once.

    Words that are not fit to be quoted alone are quoted only where a group holds no others.
    """
    read = [(n, comment, span) for n, group in enumerate(found) for comment, span in _looked_through(group)]
    vectors = scope.vectors([comment.text[a:b] for _, comment, (a, b) in read])
    chosen: list[tuple[Evidence, ...]] = []
    for n in range(len(found)):
        rows = [row for row, (of, _, _) in enumerate(read) if of == n]
        middle = vectors[rows].mean(axis=0)
        best: dict[str, _Quote] = {}
        for row in rows:
            _, comment, span = read[row]
            costs = cost(comment.text[slice(*span)], topic)
            quote = _Quote(float(vectors[row] @ middle) - costs, costs, comment, span)
            if comment.id not in best or quote.near > best[comment.id].near:
                best[comment.id] = quote
        able = [quote for quote in best.values() if quote.costs < UNFIT]
        able = able or [max(best.values(), key=lambda quote: quote.near)]
        distinct = {bare(quote.words): quote for quote in reversed(able)}
        shown = [quote for quote in able if distinct[bare(quote.words)] is quote][:SHOWN]
        chosen.append(tuple(evidence(quote.comment, *quote.span) for quote in shown))
    return chosen


class _Quote(NamedTuple):
    near: float
    costs: float
    comment: Comment
    span: tuple[int, int]

    @property
    def words(self) -> str:
        return self.comment.text[slice(*self.span)]


def _looked_through(group: _Group) -> Iterator[tuple[Comment, tuple[int, int]]]:
    """(comment, sentence) of the most central comments, one a speaker."""
    first = {speaker_key(text.comment): text.comment for text in reversed(group.texts)}
    central = [text.comment for text in group.texts if first[speaker_key(text.comment)] == text.comment]
    for comment in central[:LOOKED_AT]:
        for span in sayings(comment):
            yield comment, span
