"""Forgetting a comment, an author or a thread for good: from records, search, vectors, answers, memory.

The record store comes first, in one transaction, with the list that keeps it from coming back. Then memory, then
vectors, which hold no words. Killed in between, the same again completes it; so does the next start of a server.
What is promised, and what cannot be: docs/decisions/0009-forgetting.md. Not here: what remains elsewhere
(bot.history.remains).
"""

import sys
from collections.abc import Collection, Sequence
from contextlib import suppress

from sqlalchemy import Connection

from bot.digests.service import Digests
from bot.history import forgotten_words
from bot.history.remains import remains
from bot.library.indexes import Rankings
from bot.library.intake import Intake
from bot.values.story import Forgotten
from corpus.errors import AuthorNotFound, EmbedderMismatch, IndexDamaged, InvalidRequest, ThreadNotFound
from corpus.records.forgotten import Key, author_key, author_keys, comment_key, handle_key
from corpus.records.store import Poster, ThreadStore
from corpus.thread import Author

_OURS = ("bot.", "corpus.", "index.")


class Forgetting:
    """May be called from many threads."""

    def __init__(self, store: ThreadStore, rankings: Rankings, digests: Digests, intake: Intake) -> None:
        self._store = store
        self._rankings = rankings
        self._digests = digests
        self._intake = intake

    def comment(self, thread_id: str, comment_id: str) -> Forgotten:
        """Of the comment its place alone stays, so that replies keep theirs. Raises ThreadNotFound, CommentNotFound."""
        self._store.thread(thread_id).comment(comment_id)
        return self._done([comment_key(thread_id, comment_id)], [thread_id], ())

    def author(self, who: str, *, source: str | None = None) -> Forgotten:
        """Every post of an author in a source, by id, or by handle where only one bears it there.

        Raises AuthorNotFound, and InvalidRequest where several may be meant.
        """
        posters = self._meant(who, source)
        if not posters:
            self._known_as_forgotten(who, source)
        keys = [key for poster in posters for key in author_keys(poster.source, poster.author)]
        found = {thread_id for poster in posters for thread_id in poster.thread_ids}
        return self._done(keys, sorted(found), tuple(poster.author for poster in posters))

    def thread(self, thread_id: str) -> None:
        """All of it. It may be read in again by who has it. Raises ThreadNotFound."""
        self._store.summary(thread_id)
        self._store.delete_thread(thread_id)
        self._out_of_memory([thread_id])
        self._rankings.forget(thread_id)

    def _meant(self, who: str, source: str | None) -> Sequence[Poster]:
        found = self._store.posters(who, source=source)
        by_id = [poster for poster in found if poster.author.id == who]
        if by_id:
            return by_id
        apart = sorted({(poster.source, poster.author.id) for poster in found})
        if len(apart) > 1:
            told = ", ".join(f"{author_id!r} in {of!r}" for of, author_id in apart[:5])
            raise InvalidRequest(
                f"{who!r} may be any of {len(apart)} authors: {told}.",
                next_step="Give the id instead of the handle, and name the source.",
            )
        return found

    def _known_as_forgotten(self, who: str, source: str | None) -> None:
        """Nothing, where such an author was forgotten before. Raises AuthorNotFound."""
        sources = [source] if source is not None else self._store.sources()
        keys = [key for each in sources for key in (author_key(each, who), handle_key(each, who))]
        if not self._store.has_forgotten(keys):
            where = f" in {source!r}" if source else ""
            raise AuthorNotFound(
                f"nobody{where} has the id or handle {who!r}.",
                next_step="`digg-deeper show ID --json` tells the authors of a thread.",
            )

    def _done(self, keys: Collection[Key], thread_ids: Sequence[str], authors: Sequence[Author]) -> Forgotten:
        def also(connection: Connection, changed: forgotten_words.Changed) -> Forgotten:
            its = [after.id for _, after in changed]
            questions = (
                forgotten_words.remove(connection, forgotten_words.Traces.of(changed, authors), its) if changed else 0
            )
            return Forgotten(
                threads=tuple(its),
                comments=sum(1 for _ in forgotten_words.gone(changed)),
                questions=questions,
                remains=remains(changed, authors),
            )

        done = self._store.forget(keys, thread_ids, also=also)
        self._out_of_memory(thread_ids)
        self._out_of_vectors()
        return done

    def _out_of_memory(self, thread_ids: Collection[str]) -> None:
        self._rankings.forget_words(thread_ids)
        for thread_id in thread_ids:
            self._digests.forget(thread_id)
        for name, module in list(sys.modules.items()):
            if name.startswith(_OURS):
                for remembered in list(vars(module).values()):
                    if callable(clear := getattr(remembered, "cache_clear", None)):
                        clear()

    def _out_of_vectors(self) -> None:
        """Of every thread whose vectors are behind, also from a forgetting that was cut short."""
        behind = [i for i in self._store.thread_ids() if self._store.summary(i).state != "full"]
        for thread_id in behind:
            with suppress(ThreadNotFound, IndexDamaged, EmbedderMismatch):  # these go as all are made anew
                self._rankings.prune(self._store.thread(thread_id))
        for thread_id in behind:
            with suppress(ThreadNotFound, EmbedderMismatch):
                self._intake.make_vectors(thread_id)
