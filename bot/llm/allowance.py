"""How many tokens of language models were used today, kept in the record store so that a restart forgets none.

A call's longest is counted before it is made, and what it used in its place when it is over: calls made at the same
moment, by whatever processes, cannot all find the same rest of the day's allowance.

Not here: what a call used (bot.llm.client).
"""

from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Engine, delete, insert, select, true, update
from sqlalchemy.exc import IntegrityError

from corpus.records.database import reading, writing
from corpus.records.schema import counters

_NAME = "llm tokens "


class Reserved(NamedTuple):
    """Tokens that are counted for a call which is not over."""

    day: str
    tokens: int


class Allowance:
    """Counts the day's tokens (days of UTC), and says what is left of them."""

    def __init__(self, engine: Engine, *, a_day: int | None) -> None:
        self._engine = engine
        self._a_day = a_day

    def used(self) -> int:
        """Tokens used today, in and out."""
        with reading(self._engine) as connection:
            return int(connection.scalar(select(counters.c.last).where(counters.c.name == _today())) or 0)

    def left(self) -> float:
        """Tokens that may be used today still; infinite where no limit is set."""
        return float("inf") if self._a_day is None else self._a_day - self.used()

    def reserve(self, tokens: int) -> Reserved | None:
        """Count them beforehand, in one step, however many processes ask; None where the day's allowance does not hold
        so many, and none is counted. Earlier days are forgotten.
        """
        today = _today()
        held = counters.c.name == today
        fits = true() if self._a_day is None else counters.c.last + tokens <= self._a_day
        more = update(counters).where(held & fits).values(last=counters.c.last + tokens)
        with writing(self._engine) as connection:
            if connection.execute(more).rowcount:
                return Reserved(today, tokens)
            if connection.scalar(select(counters.c.last).where(held)) is not None:
                return None
        self._begin(today)
        with writing(self._engine) as connection:
            return Reserved(today, tokens) if connection.execute(more).rowcount else None

    def settle(self, reserved: Reserved, used: int) -> None:
        """Of what was reserved keep what was used, which may be more. Of a day that is over nothing is kept."""
        more = used - reserved.tokens
        day = counters.c.name == reserved.day
        with writing(self._engine) as connection:
            connection.execute(update(counters).where(day).values(last=counters.c.last + more))

    def _begin(self, today: str) -> None:
        with suppress(IntegrityError), writing(self._engine) as connection:  # another process may have begun it
            connection.execute(delete(counters).where(counters.c.name.startswith(_NAME, autoescape=True)))
            connection.execute(insert(counters), [{"name": today, "last": 0}])


def _today() -> str:
    return f"{_NAME}{datetime.now(UTC):%Y-%m-%d}"
