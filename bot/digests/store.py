"""Digests in the record store: one a thread, of its present revision only.

A digest was verified when it was made; it is verified again when it is loaded (bot.digests.service). A change of the
thread deletes it in the same transaction (corpus.records.store), so that no word of an edited or deleted comment stays
behind in it.

Not here: making a digest (bot.digests.digest), when it is made (bot.digests.service).
"""

import json
import logging
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Engine, delete, insert, select, update

from bot.values.story import Digest
from corpus.records.database import reading, writing
from corpus.records.schema import digests, threads
from corpus.thread import storable

log = logging.getLogger(__name__)


class KeptDigests:
    """Keeps digests, and finds them by thread and revision."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, thread_id: str, *, revision: int, made_with: str | None = None) -> Digest | None:
        """The digest of exactly this revision, made in exactly this way; None for any way."""
        these = (digests.c.thread_id == storable(thread_id)) & (digests.c.revision == revision)
        if made_with is not None:
            these &= digests.c.made_with == made_with
        with reading(self._engine) as connection:
            document = connection.scalar(select(digests.c.document).where(these))
        return None if document is None else _read(document)

    def keep(self, thread_id: str, digest: Digest, *, revision: int, made_with: str) -> bool:
        """Whether it is kept: only while the thread still has that revision."""
        values: dict[str, Any] = {"revision": revision, "made_with": made_with, "document": _document(digest)}
        this = digests.c.thread_id == storable(thread_id)
        now = select(threads.c.revision).where(threads.c.id == storable(thread_id)).with_for_update()
        with writing(self._engine) as connection:
            if connection.scalar(now) != revision:
                return False
            if connection.execute(update(digests).where(this).values(**values)).rowcount == 0:
                connection.execute(insert(digests), [{"thread_id": storable(thread_id), **values}])
        return True

    def forget(self, thread_id: str) -> None:
        with writing(self._engine) as connection:
            connection.execute(delete(digests).where(digests.c.thread_id == storable(thread_id)))


def _document(digest: Digest) -> str:
    return storable(json.dumps(digest.model_dump(mode="json"), ensure_ascii=False))


def _read(document: str) -> Digest | None:
    """The digest of a document; None for one of another version that cannot be read now."""
    try:
        return Digest.model_validate_json(document)
    except ValidationError as error:
        log.warning("a kept digest cannot be read and is passed over: %s", error.errors(include_input=False)[:1])
        return None
