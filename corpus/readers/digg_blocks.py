"""A section's lines -> blocks, each of them one post, and which block is shown again under which post.

Under "Most Activity" a post is followed, with no blank line, by the post that it answers or quotes, shown again as its
context. What tells a context: its words stand elsewhere on the page too. Posts may hold line breaks; blocks are found
without knowing beforehand where one ends, by looking for line sequences that the page shows more than once.

Pasted text does not always tell its layout apart. Then a relation is left out rather than guessed: see `contexts`.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from corpus.readers.digg_page import MOST_ACTIVITY, Line, Section, Story
from corpus.text.plain import normal, opening

Sequence_ = tuple[str, ...]
"""Lines as they are compared."""

_LONGEST_CONTEXT = 40
_ROUNDS = 8
_FEWEST_WORDS = 6
_SHORTEST_CUT_TITLE = 25


class Block(NamedTuple):
    """Lines that are one post."""

    lines: tuple[Line, ...]
    begins_surely: bool
    """Whether a blank line, a label or a context stands above: else only its leading @handle says that it begins."""

    @property
    def text(self) -> str:
        return "\n".join(line.words for line in self.lines)

    @property
    def number(self) -> int:
        return self.lines[0].number

    @property
    def key(self) -> str:
        """Equal for two blocks that show the same post."""
        return normal(self.text)


def shows(title: str, key: str) -> bool:
    """Whether the post is the opening one: its words are the title, or begin with one that was cut short."""
    begun = title.removesuffix("…").removesuffix("...").rstrip()
    return key == title or (begun != title and len(begun) >= _SHORTEST_CUT_TITLE and key.startswith(begun))


class Shown(NamedTuple):
    """A post, and the one shown again below it."""

    post: Block
    context: Block | None
    label: str
    """Of the section that it stands in."""
    last: bool
    """Whether nothing follows before the next blank line."""
    aside: Block | None = None
    """A block below it that is no context to rely on: a post that may have no place of its own."""


def blocks(story: Story) -> list[tuple[Section, list[list[Block]]]]:
    """Each section's paragraphs, taken apart into blocks."""
    finder = _Finder(story)
    for _ in range(_ROUNDS):
        found = [(section, [finder.split(lines) for lines in section.paragraphs]) for section in story.sections]
        if not finder.learn(block for _, paragraphs in found for split in paragraphs for block in split):
            break
    return found


class _Finder:
    """Knows which line sequences the page shows more than once, and splits paragraphs there."""

    def __init__(self, story: Story) -> None:
        self._packed = story.is_packed
        self._title = normal(story.title.words) if story.title else ""
        self._paragraphs = [
            tuple(normal(line.words) for line in lines) for section in story.sections for lines in section.paragraphs
        ]
        self._places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for paragraph, lines in enumerate(self._paragraphs):
            for at, line in enumerate(lines):
                self._places[line].append((paragraph, at))
        self._seeds = set(self._repeated_within())
        self._known: set[Sequence_] = set()
        self._lengths: dict[str, list[int]] = {}
        self._set_known(self._seeds)

    def learn(self, found: Iterable[Block]) -> bool:
        """Take note of the blocks that the page shows more than once; whether that is news."""
        keys = {tuple(normal(line.words) for line in block.lines) for block in found}
        known = self._seeds | {lines for lines in keys if len(lines) <= _LONGEST_CONTEXT and self._stands_twice(lines)}
        news = known != self._known
        self._set_known(known)
        return news

    def split(self, lines: Sequence[Line]) -> list[Block]:
        """The blocks of a paragraph: what is known stands alone, what lies between is one post.

        In a run of posts and contexts, and on a page without blank lines, a line with a leading @handle begins a post.
        """
        keys = [normal(line.words) for line in lines]
        matches = {at: length for at in range(len(keys)) if (length := self._match(keys, at))}
        by_handle = self._packed or any(length < len(keys) for length in matches.values())
        found: list[Block] = []
        start = at = 0
        surely = True
        while at < len(keys):
            length = matches.get(at, 0)
            if length:
                if start < at:
                    found.append(Block(tuple(lines[start:at]), surely))
                found.append(Block(tuple(lines[at : at + length]), surely or start < at))
                start = at = at + length
                surely = True
            elif at > start and by_handle and opening(lines[at].words).handles:
                found.append(Block(tuple(lines[start:at]), surely))
                start, surely = at, False
                at += 1
            else:
                at += 1
        if start < len(keys):
            found.append(Block(tuple(lines[start:]), surely))
        return found

    def _set_known(self, known: set[Sequence_]) -> None:
        self._known = known
        lengths: dict[str, set[int]] = defaultdict(set)
        for lines in known:
            lengths[lines[0]].add(len(lines))
        self._lengths = {line: sorted(found, reverse=True) for line, found in lengths.items()}

    def _match(self, keys: Sequence[str], at: int) -> int:
        """How many lines from here on are a post that stands elsewhere too; 0 for none."""
        title = self._title_length(keys, at)
        for length in self._lengths.get(keys[at], ()):
            if length > title and tuple(keys[at : at + length]) in self._known:
                return length
        return title

    def _title_length(self, keys: Sequence[str], at: int) -> int:
        """How many lines from here on are the title: it may be shown on one line, and the post have several."""
        if shows(self._title, keys[at]):
            return 1
        if not self._title.startswith(keys[at]):
            return 0
        joined = ""
        for length, line in enumerate(keys[at : at + _LONGEST_CONTEXT], start=1):
            joined = f"{joined} {line}" if joined else line
            if len(joined) >= len(self._title):
                return length if shows(self._title, joined) else 0
        return 0

    def _stands_twice(self, lines: Sequence_) -> bool:
        if shows(self._title, " ".join(lines)):
            return True
        times = 0
        for paragraph, at in self._places[lines[0]]:
            times += self._paragraphs[paragraph][at : at + len(lines)] == lines
            if times > 1:
                return True
        return False

    def _repeated_within(self) -> Iterator[Sequence_]:
        """Line sequences that stand under different lines: the same post shown under several others.

        A short line without a handle is left out: people end posts alike.
        """
        for line, places in self._places.items():
            above = {self._paragraphs[paragraph][at - 1] if at else None for paragraph, at in places[:_LONGEST_CONTEXT]}
            if len(above) > 1 and _tells_a_post(line):
                (one, at), (other, there) = places[:2]
                length = 1
                rest = zip(self._paragraphs[one][at + 1 :], self._paragraphs[other][there + 1 :], strict=False)
                for here, elsewhere in rest:
                    apart = one != other or at + length < there
                    if here != elsewhere or not apart or length == _LONGEST_CONTEXT:
                        break
                    length += 1
                yield self._paragraphs[one][at : at + length]


def _tells_a_post(line: str) -> bool:
    plain = [word for word in line.split() if not word.startswith(("#", "http"))]
    return bool(opening(line).handles) or len(plain) >= _FEWEST_WORDS


# ---- what is shown again under what


def contexts(story: Story) -> list[Shown]:
    """Every block that is a post of its own, in the page's order, with the post shown again below it.

    A relation is taken only where the page can be read in one way: each post answers or quotes one other, none stands
    above itself, and on a page that lost its blank lines the lower one is the opening post or has its own place too.
    Under "Timeline", posts that follow each other tell nothing.
    """
    found = blocks(story)
    title = normal(story.title.words) if story.title else ""
    times = Counter(block.key for _, paragraphs in found for split in paragraphs for block in split)
    repeated = {key for key, count in times.items() if count > 1 or shows(title, key)}
    shown = _pairs(found, lambda block, _: block.key in repeated)
    if _contradict(shown):
        shown = _pairs(found, lambda block, before: block.key in before or shows(title, block.key))
    return _consistent(shown, title=title, packed=story.is_packed)


def _pairs(found: list[tuple[Section, list[list[Block]]]], again: Callable[[Block, set[str]], bool]) -> list[Shown]:
    """Posts with their contexts, taking a block for a context where it stands under a post and is `again`."""
    shown: list[Shown] = []
    before: set[str] = set()
    for section, paragraphs in found:
        for split in paragraphs:
            waiting = list(reversed(split))
            while waiting:
                post = waiting.pop()
                before.add(post.key)
                below = waiting[-1] if waiting and section.label == MOST_ACTIVITY else None
                is_context = below is not None and below.key != post.key and again(below, before)
                shown.append(Shown(post, waiting.pop() if is_context else None, section.label, not waiting))
    return shown


def _contradict(shown: list[Shown]) -> bool:
    """Whether one post stands over two others, or once over another and once above a post of its own."""
    over: dict[str, set[str | None]] = defaultdict(set)
    for post, context, _, last, _ in shown:
        if context is not None or not last:
            over[post.key].add(context.key if context else None)
    return any(len(below) > 1 for below in over.values())


def _consistent(shown: list[Shown], *, title: str, packed: bool) -> list[Shown]:
    over: dict[str, set[str]] = defaultdict(set)
    for post, context, *_ in shown:
        if context is not None:
            over[post.key].add(context.key)
    answers = {key: next(iter(below)) for key, below in over.items() if len(below) == 1}
    circling = _in_circles(answers)
    in_place = {post.key for post, *_ in shown}

    def is_sure(one: Shown) -> bool:
        below = answers.get(one.post.key)
        if below is None or one.post.key in circling:
            return False
        return not packed or below in in_place or shows(title, below)

    return [one if is_sure(one) else one._replace(context=None, aside=one.context) for one in shown]


def _in_circles(answers: dict[str, str]) -> set[str]:
    """Those from which following what answers what leads back to themselves."""
    settled: set[str] = set()
    circling: set[str] = set()
    for begin in answers:
        path: dict[str, None] = {}
        at: str | None = begin
        while at is not None and at not in settled and at not in path:
            path[at] = None
            at = answers.get(at)
        if at is not None and at in path:
            circling.update(list(path)[list(path).index(at) :])
        settled.update(path)
    return circling
