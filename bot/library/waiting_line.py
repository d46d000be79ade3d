"""A line to stand in: so many at once, first come first served. Who waits is asked again and again whether to go on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

_LOOK_AGAIN_S = 0.2


class Line:
    """Work that uses the whole machine is done by a few at a time, and given up from within the line.

    >>> line = Line(1)
    >>> with line.place():
    ...     "the machine is ours"
    'the machine is ours'
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._standing: list[object] = []
        self._moved = Condition()

    @contextmanager
    def place(self, while_waiting: Callable[[int], None] | None = None) -> Iterator[None]:
        """Entered when it is this one's turn. Meanwhile `while_waiting` hears how many are before it, 0 for whose work
        is going on; what it raises ends the waiting.
        """
        mine = object()
        with self._moved:
            self._standing.append(mine)
        try:
            while (before := self._before(mine)) >= 0:
                if while_waiting is not None:
                    while_waiting(before)
            yield
        finally:
            with self._moved:
                self._standing.remove(mine)
                self._moved.notify_all()

    def _before(self, mine: object) -> int:
        """How many wait before this one, after a little while at most; -1 once it is its turn."""
        with self._moved:
            if self._standing.index(mine) >= self._at_once:
                self._moved.wait(_LOOK_AGAIN_S)
            return max(-1, self._standing.index(mine) - self._at_once)
