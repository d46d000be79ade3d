"""Points in time as exports write them -> aware times in UTC."""

import re
from datetime import UTC, datetime

_EPOCH = re.compile(r"-?\d{9,17}(?:\.\d+)?")
_MILLISECONDS_FROM = 10**11
_MICROSECONDS_FROM = 10**14


def moment(value: object) -> datetime:
    """The time that a value names: ISO 8601 (UTC where it names no zone), or seconds, milliseconds, microseconds since
    1970 as a number or in digits. Raises ValueError where it names none.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("is no time")  # noqa: TRY004 - one error for every kind of value
    if isinstance(value, str):
        written = value.strip()
        if not _EPOCH.fullmatch(written):
            return _in_utc(_iso(written))
        value = float(written) if "." in written else int(written)
    return _since_1970(value)


def _iso(written: str) -> datetime:
    try:
        return datetime.fromisoformat(written.upper() if written.endswith("z") else written)
    except ValueError:
        raise ValueError("is no time") from None


def _since_1970(count: float) -> datetime:
    size = abs(count)
    unit = 1_000_000 if size >= _MICROSECONDS_FROM else 1_000 if size >= _MILLISECONDS_FROM else 1
    try:
        return datetime.fromtimestamp(count / unit, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise ValueError("lies outside the years 1 to 9999") from error


def _in_utc(named: datetime) -> datetime:
    if named.tzinfo is None:
        return named.replace(tzinfo=UTC)
    try:
        return named.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("lies outside the years 1 to 9999") from error
