"""The people of a thread, and whom a name in a question means.

A name is looked up among those who posted, proven or likely; a name that nobody here bears is still a name.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cached_property

from bot.values.people import Person
from corpus.thread import Author, Thread
from index.ranking.lexical import STOP_WORDS, terms

_COLLECTIVE = frozenset(
    "anyone anybody someone somebody everyone everybody people person they we you i it he she this that these "
    "those there the thread discussion story post posts commenters commenter users user others one ones op "
    "author ppl most nobody".split()
)
_TITLE = re.compile(r"^(?:the user|user|commenter|mr|ms|mrs|dr|prof)\.?\s+(?=\S)", re.I)
_NAME_WORD = re.compile(r"@?[^\s()\"“”,;:?!]+")
_SMALL_WORD = re.compile(r"(?<![@\w])[^\W\d_A-Z][^\W_]+")
_CAPITALISED = re.compile(r"@\w+|(?<![@\w])[^\W\d_a-z][\w-]+")
_HANDLE = re.compile(r"(?<![\w@])@[\w.-]*\w")
_EMOJI = 0x2000
_LONGEST_NAME = 4


class People:
    """Everybody whom a thread names: authors, likely authors, addressees.

    A name is an @handle, a whole handle, a whole display name, or a capitalised first name that is no common word;
    never a word that merely begins a handle.
    """

    def __init__(self, threads: Sequence[Thread]) -> None:
        self._authors = {a.id: a for thread in threads for a in thread.commenters}
        self._candidates = {
            c.author_candidate.author.id: c.author_candidate.author
            for thread in threads
            for c in thread.comments
            if c.author_candidate is not None and not c.deleted
        }
        self._threads = threads

    def find(self, name: str, *, capitals: bool = True) -> Person | None:
        """Whom `name` means where a name is expected; a Person nobody here is, where it can only be a name; else None.

        `capitals` is whether capital letters mean anything: in a question all in capitals they do not.
        """
        said = _TITLE.sub("", visible_name(name))
        said = re.sub(r"(?:['’]s|(?<=s)['’])$", "", said)
        plain = said.removeprefix("@").casefold()
        collective = plain in _COLLECTIVE and not said.startswith("@")
        if collective or not any(c.isalnum() or ord(c) > _EMOJI for c in plain):
            return None
        found = self._named(said, capitals=capitals)
        if found is None and not said.startswith("@") and plain.endswith("s"):
            found = self._named(said[:-1], capitals=capitals)  # "whats sipas problem"
        if found is not None:
            return found
        return Person(said=said) if self._can_only_be_a_name(said, capitals=capitals) else None

    def _named(self, said: str, *, capitals: bool) -> Person | None:
        authors = self._matching(said, self._authors, capitals=capitals)
        candidates = self._matching(said, self._candidates, capitals=capitals)
        if not authors and not candidates:
            return None
        return Person(said=said, authors=authors, candidates=tuple(c for c in candidates if c not in authors))

    def named_in(self, question: str) -> tuple[Person, ...]:
        """The people who posted here and are named anywhere in the question, each once."""
        words = [found[0].rstrip(".,:;?!") for found in _NAME_WORD.finditer(question)]
        capitals = not question.isupper()
        taken: set[int] = set()
        found: dict[tuple[str, ...], Person] = {}
        for length in range(min(_LONGEST_NAME, len(words)), 0, -1):
            for at in range(len(words) - length + 1):
                if taken & set(range(at, at + length)):
                    continue
                said = " ".join(words[at : at + length])
                person = self._named(_possessed(said), capitals=capitals) if self._may_name(said) else None
                if person is not None:
                    taken |= set(range(at, at + length))
                    found.setdefault(tuple(a.id for a in (*person.authors, *person.candidates)), person)
        return tuple(found.values())

    def _may_name(self, said: str) -> bool:
        """Whether words in a question may name somebody: an @handle, or no common word."""
        return said.startswith("@") or not (said.islower() and self._lower_case_words.issuperset(said.split()))

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

    def _matching(self, said: str, among: dict[str, Author], *, capitals: bool) -> tuple[Author, ...]:
        """The best kind of match only: the handle as it is written, in any case, the whole name, a first name."""
        first = capitals and said[:1].isupper() and said.casefold() not in self._lower_case_words
        ways = {id_: _way(author, said, first_name=first, capitals=capitals) for id_, author in among.items()}
        best = min(ways.values(), default=_NO_WAY)
        return () if best == _NO_WAY else tuple(author for id_, author in among.items() if ways[id_] == best)

    @cached_property
    def _lower_case_words(self) -> frozenset[str]:
        """Words that the comments write in small letters: common words, not names."""
        return (
            frozenset(
                word
                for thread in self._threads
                for comment in thread.comments
                for word in _SMALL_WORD.findall(comment.text)
            )
            | STOP_WORDS
        )

    @cached_property
    def _names_spoken_of(self) -> frozenset[str]:
        """Words that the comments write with a capital, or behind an @, and never in small letters."""
        capitalised = {
            word.removeprefix("@").casefold()
            for thread in self._threads
            for comment in thread.comments
            for word in _CAPITALISED.findall(comment.text)
        }
        return frozenset(capitalised - self._lower_case_words)

    def _can_only_be_a_name(self, said: str, *, capitals: bool) -> bool:
        if said.startswith("@"):
            return True
        words = said.split()
        if len(words) > _MOST_WORDS_OF_A_STRANGER:
            return False
        spoken_of = all(word.casefold() in self._names_spoken_of for word in words)
        return spoken_of and (
            len(words) > 1 or f"@{said}".casefold() in self._handles_spoken_of or self._of_a_person(said)
        )

    @cached_property
    def _handles_spoken_of(self) -> frozenset[str]:
        return frozenset(
            handle.casefold()
            for thread in self._threads
            for comment in thread.comments
            for handle in _HANDLE.findall(comment.text)
        )

    def _of_a_person(self, word: str) -> bool:
        """Whether a capitalised word is used as a person's name: it says something somewhere ("Zoe told me")."""
        pattern = re.compile(rf"(?<!\w){re.escape(word)} (?:told|said|says|wrote|writes|asked|thinks|claims)\b", re.I)
        return any(pattern.search(comment.text) for thread in self._threads for comment in thread.comments)


_NO_WAY = 5
_MOST_WORDS_OF_A_STRANGER = 3


def _way(author: Author, said: str, *, first_name: bool, capitals: bool) -> int:
    """How a name means an author, the best way first: 0 is the handle itself, 5 not at all.

    An @handle means a handle and nothing else.
    """
    plain = said.removeprefix("@")
    handle, name = author.handle, author.name or ""
    if capitals and plain == handle:
        return 0
    if plain.casefold() == handle.casefold():
        return 1
    if said.startswith("@"):
        return _NO_WAY
    if name and plain.casefold() == name.casefold():
        return 2
    spoken, called = (name or handle).casefold().split(), plain.casefold().split()
    if (first_name or len(called) > 1) and len(spoken) > 1 and spoken[: len(called)] == called:
        return 3
    return 4 if " " not in plain and _letters(handle) == plain.casefold() and plain.isalnum() else _NO_WAY


def visible_name(name: str) -> str:
    """A name as a question writes it, without quotation marks and what nobody sees."""
    return "".join(c for c in name if unicodedata.category(c) != "Cf" or c == "\u200d").strip(" '\"“”")


def _possessed(said: str) -> str:
    return re.sub(r"(?:['’]s|(?<=s)['’])$", "", said)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
