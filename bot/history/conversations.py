"""The turns of a chat, kept in the record store, so that a follow-up can be understood after a restart as well.

Not here: what a follow-up means (bot.questions.understand), the answers themselves (bot.history.saved_answers).
Deleting a thread deletes the turns whose answers were asked of it or cite it: corpus.records.store does so by their
ids, so add a turn once its answer is kept.
"""

from typing import Any

from sqlalchemy import Engine, insert, select

from bot.values.turn import Turn
from corpus.errors import InvalidRequest
from corpus.records.database import reading, writing
from corpus.records.schema import turns
from corpus.thread import storable

LONGEST_ID = 200


class Conversations:
    """Remembers turns, and tells the last ones."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def turns(self, conversation_id: str, *, last: int = 10) -> tuple[Turn, ...]:
        """The last turns, oldest first; an unknown conversation has none."""
        if last < 1:
            return ()
        columns = [turns.c[name] for name in Turn.model_fields]
        query = select(*columns).where(turns.c.conversation_id == storable(conversation_id))
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(turns.c.number.desc()).limit(last)).mappings().all()
        return tuple(Turn.model_validate(dict(row)) for row in reversed(rows))

    def add(self, conversation_id: str, turn: Turn) -> None:
        """Put a turn at the end of its conversation. Raises InvalidRequest for an id that none can have."""
        if not 1 <= len(conversation_id) <= LONGEST_ID:
            raise InvalidRequest(
                f"A conversation id of {len(conversation_id)} characters cannot be kept: {conversation_id[:80]!r}.",
                next_step=f"Give one of 1 to {LONGEST_ID}, or none to begin a conversation.",
            )
        row: dict[str, Any] = {"conversation_id": storable(conversation_id), **turn.model_dump()}
        with writing(self._engine) as connection:
            connection.execute(insert(turns), [row])
