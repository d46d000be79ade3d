"""The people of a thread, and whom a name in a question means.

A name is looked up among those who posted, proven or likely; a name that nobody here bears is still a name.
"""

import re
from collections.abc import Sequence
from functools import cached_property, lru_cache

from bot import wording
from corpus.thread import Author, Thread, Value
from index.lexical import terms

_COLLECTIVE = frozenset(
    "anyone anybody someone somebody everyone everybody people person they we you i it he she this that these "
    "those there the thread discussion story post posts commenters commenter users user others one ones op "
    "author".split()
)
_AUTHORING = re.compile(r"repl|respon|answer|post|tweet|comment|ask|wr(?:i|o)te?|said by", re.I)
_SHORTEST_PREFIX = 4


class Person(Value):
    """Somebody asked about: those who posted under that name, and those who probably did."""

    said: str
    """The name as the asker wrote it."""
    authors: tuple[Author, ...] = ()
    candidates: tuple[Author, ...] = ()

    @property
    def known(self) -> bool:
        return bool(self.authors or self.candidates)

    @property
    def shown(self) -> str:
        """The name for an answer: handles of those who posted, else as it was asked."""
        found = self.authors or self.candidates
        return wording.listed([wording.at(author) for author in found]) if found else wording.one_line(self.said)


class People:
    """Everybody whom a thread names: authors, likely authors, addressees."""

    def __init__(self, threads: Sequence[Thread]) -> None:
        self._authors = {a.id: a for thread in threads for a in thread.commenters}
        self._candidates = {
            c.author_candidate.author.id: c.author_candidate.author
            for thread in threads
            for c in thread.comments
            if c.author_candidate is not None and not c.deleted
        }
        self._threads = threads

    def find(self, name: str, *, verb: str = "") -> Person | None:
        """Whom `name` means; a Person nobody here is, where it can only be a name; None where it is no person's name.

        `verb` is what the person is asked to have done: only somebody who posts can reply, so "X replied" names one.
        """
        said = re.sub(
            r"^(?:the user|user|commenter|mr|ms|mrs|dr|prof)\.?\s+(?=\S)", "", name.strip(" '\"“”"), flags=re.I
        )
        said = re.sub(r"(?:['’]s|(?<=s)['’])$", "", said)
        plain = said.removeprefix("@").casefold()
        if not plain or plain in _COLLECTIVE or not any(character.isalnum() for character in plain):
            return None
        authors, candidates = self._matching(plain, self._authors), self._matching(plain, self._candidates)
        if authors or candidates:
            return Person(said=said, authors=authors, candidates=tuple(c for c in candidates if c not in authors))
        return Person(said=said) if self._can_only_be_a_name(said, verb) else None

    @cached_property
    def title_terms(self) -> frozenset[str]:
        """The terms of the threads' titles: what all of it is about."""
        return frozenset(term for thread in self._threads for term in terms(thread.title))

    def author_of(self, cited: Sequence[tuple[str, str]]) -> Person | None:
        """Who wrote the first of the posts, proven or likely; None where nobody is known."""
        by_id = {thread.id: thread.by_id for thread in self._threads}
        for thread_id, comment_id in cited[:1]:
            comment = by_id.get(thread_id, {}).get(comment_id)
            if comment is not None and comment.author is not None:
                return Person(said=f"@{comment.author.handle}", authors=(comment.author,))
            if comment is not None and comment.author_candidate is not None:
                likely = comment.author_candidate.author
                return Person(said=f"@{likely.handle}", candidates=(likely,))
        return None

    def _matching(self, plain: str, among: dict[str, Author]) -> tuple[Author, ...]:
        """The best kind of match only: the handle itself, the whole name, a part of the name, how the handle begins."""
        letters = _letters(plain)
        words = set(re.findall(r"[\w-]+", plain))
        ways = {id_: _way(author, plain, letters, words) for id_, author in among.items()}
        best = min(ways.values(), default=_NO_WAY)
        return () if best == _NO_WAY else tuple(author for id_, author in among.items() if ways[id_] == best)

    def _can_only_be_a_name(self, said: str, verb: str) -> bool:
        if said.startswith("@"):
            return True
        words = said.split()
        if len(words) > 3 or not all(word[:1].isupper() for word in words):
            return False
        return len(words) > 1 or bool(_AUTHORING.match(verb)) or not self._spoken_of(said)

    def _spoken_of(self, word: str) -> bool:
        pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.I)
        return any(pattern.search(comment.text) for thread in self._threads for comment in thread.comments)


_NO_WAY = 4


def _way(author: Author, plain: str, letters: str, words: set[str]) -> int:
    """How a name means an author, the best way first: 0 is the handle itself, 4 not at all."""
    handle, name, of_handle, spoken = _spelt(author.handle, author.name or "")
    ways = (
        handle == plain,
        name == plain or of_handle == letters,
        bool(words) and words <= spoken,
        len(letters) >= _SHORTEST_PREFIX and of_handle.startswith(letters),
    )
    return next((place for place, holds in enumerate(ways) if holds), _NO_WAY)


@lru_cache(maxsize=1 << 14)
def _spelt(handle: str, name: str) -> tuple[str, str, str, frozenset[str]]:
    """Handle and name in small letters, the handle's letters alone, and the words that the person is called by."""
    handle, name = handle.casefold(), name.casefold()
    spoken = re.findall(r"[\w-]+", f"{name} {handle if ' ' in handle else ''}")
    return handle, name, _letters(handle), frozenset(spoken)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)
