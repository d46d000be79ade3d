"""Statements on their way to the asker: each is sent when it has passed verification, once, and never before.

Not here: over what it is sent (bot.faces.http.streaming, bot.faces.web.panes).
"""

from collections.abc import Callable, Mapping

from bot.llm.client import Sitting
from bot.values.answer import Answer, Citation, DraftStatement, Statement
from bot.verification.verify import judge
from corpus.thread import Thread


class Told:
    """What was sent of one answer."""

    def __init__(
        self,
        threads: Mapping[str, Thread],
        on_statement: Callable[[Statement], None] | None = None,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> None:
        self.progress = progress
        self._threads = threads
        self._on_statement = on_statement
        self._sent: set[tuple[Citation, ...]] = set()

    def __call__(self, drafted: DraftStatement) -> None:
        """A writer takes the statement for one that holds: it is judged here, whatever the writer thinks."""
        statement = judge(drafted, self._threads).statement if self._on_statement is not None else None
        if statement is not None:
            self._send(statement)

    def rest(self, answer: Answer) -> None:
        """The statements of the answer that were not sent yet."""
        for statement in answer.statements:
            self._send(statement)

    def _send(self, statement: Statement) -> None:
        key = statement.citations  # how it is worded may change once the whole answer is known
        if self._on_statement is not None and key not in self._sent:
            self._sent.add(key)
            self._on_statement(statement)


def billed(answer: Answer, before: Sitting | None) -> Answer:
    """The answer with what was spent before its writing added to its bill."""
    if before is None:
        return answer
    usage = dict(answer.usage)
    for name, spent in before.usage.items():
        usage[name] = usage.get(name, 0) + spent
    return answer.model_copy(update={"usage": usage, "took": {**before.took, **answer.took}})
