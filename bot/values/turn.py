"""Turn: one question of a conversation, as it was asked and as it was understood."""

from pydantic import AwareDatetime

from corpus.thread import Value, Words


class Turn(Value):
    """One question of a conversation."""

    question: Words
    """As it was asked."""
    standalone: Words
    """As it is understood without the turns before it."""
    answer_id: Words
    asked_at: AwareDatetime
