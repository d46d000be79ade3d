"""What other people's posts and the page still show of something that was forgotten: told, never changed.

Nobody's post is rewritten here: its words are its author's, and what it quotes is part of what it says.
Not here: forgetting itself (bot.history.forgetting).
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from bot.history.forgotten_words import Changed, gone, runs, words_of
from bot.values.story import Remain
from corpus.text.plain import bare
from corpus.thread import Author, Comment, Thread

MOST = 100
_QUOTED, _SHARED = 3, 8
"""Words in a row that count as the forgotten ones: within quotation marks, and anywhere."""


def remains(changed: Changed, authors: Sequence[Author]) -> tuple[Remain, ...]:
    """Where something of it can still be read, at most a hundred places."""
    return tuple(islice(_found(changed, authors), MOST))


def _found(changed: Changed, authors: Sequence[Author]) -> Iterator[Remain]:
    words = _Words([comment.text for comment in gone(changed)], authors)
    for before, after in changed:
        for why, text in _of_the_page(after):
            if words.shared(text) or words.names(text):
                yield Remain(thread_id=after.id, comment_id=None, why=why)
        for comment in after.comments:
            if not comment.deleted:
                yield from _of_a_post(comment, before.by_id[comment.id], words)


def _of_a_post(comment: Comment, before: Comment, words: "_Words") -> Iterator[Remain]:
    def remain(why: Any) -> Remain:
        return Remain(thread_id=comment.thread_id, comment_id=comment.id, why=why)

    if any(words.quoted(comment.text[start:end]) for start, end in comment.quoted):
        yield remain("quotes it")
    elif words.shared(comment.text):
        yield remain("has its words")
    if words.names(comment.text) or any(map(words.names, comment.addressed)):
        yield remain("names the author")
    if before.author_candidate != comment.author_candidate:
        yield remain("may be by the author")


def _of_the_page(thread: Thread) -> Iterator[tuple[Any, str]]:
    yield "title", thread.title
    yield "address", thread.url or ""
    if thread.page is not None:
        yield "page", thread.page.model_dump_json()


class _Words:
    """The forgotten words and names, made ready to be looked for."""

    def __init__(self, texts: Sequence[str], authors: Sequence[Author]) -> None:
        told = [words_of(text) for text in texts]
        self._bare = {bare(text) for text in texts if text.strip()}
        self._quoted = {run for words in told for run in runs(words, _QUOTED)}
        self._shared = {run for words in told for run in runs(words, _SHARED)}
        self._names = {tuple(words_of(name)) for a in authors for name in (a.handle, a.name) if name} - {()}

    def quoted(self, text: str) -> bool:
        within = set(runs(words_of(text), _QUOTED))
        return bare(text) in self._bare or bool(within & self._quoted)

    def shared(self, text: str) -> bool:
        return bare(text) in self._bare or not self._shared.isdisjoint(runs(words_of(text), _SHARED))

    def names(self, text: str) -> bool:
        words = words_of(text) if self._names else []
        return any(name in set(runs(words, len(name))) for name in self._names)
