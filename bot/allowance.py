"""How many tokens of language models were used today, kept in the record store so that a restart forgets none.

Not here: what a call used (bot.llm).
"""

from datetime import UTC, datetime

from sqlalchemy import Engine, delete, insert, select, update

from corpus.database import reading, writing
from corpus.schema import counters

_NAME = "llm tokens "


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

    def spend(self, tokens: int) -> None:
        """Count them, in one step, so that none is lost between processes; earlier days are forgotten."""
        if tokens <= 0:
            return
        today = _today()
        with writing(self._engine) as connection:
            more = update(counters).where(counters.c.name == today).values(last=counters.c.last + tokens)
            if connection.execute(more).rowcount == 0:
                connection.execute(delete(counters).where(counters.c.name.startswith(_NAME, autoescape=True)))
                connection.execute(insert(counters), [{"name": today, "last": tokens}])


def _today() -> str:
    return f"{_NAME}{datetime.now(UTC):%Y-%m-%d}"
