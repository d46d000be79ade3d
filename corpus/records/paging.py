"""Cursors and limits of listings, checked.

A listing is ordered by a number that rises with every record and never changes; its cursor is the last number shown.
So a page goes on where the one before ended, whatever came or went since.
"""

import re

from corpus.errors import InvalidRequest

LARGEST_LIMIT = 100_000


def checked_limit(limit: int) -> int:
    """The limit, if a page can have it. Raises InvalidRequest."""
    if not 1 <= limit <= LARGEST_LIMIT:
        raise InvalidRequest(f"The limit {limit!r} is out of range.", next_step=f"Ask for 1 to {LARGEST_LIMIT:,}.")
    return limit


def checked_cursor(cursor: str) -> int:
    """The number that a listing goes on below. Raises InvalidRequest for what no listing gave."""
    if not re.fullmatch("[0-9]{1,18}", cursor):
        raise InvalidRequest(
            f"{cursor[:80]!r} is not a cursor of this listing.", next_step="Take next_cursor of the page before."
        )
    return int(cursor)
