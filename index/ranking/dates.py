"""Dates that a question names, and how near to them each comment was posted: a boost for ranking, never a filter.

"What did the council decide on 16 August?" is answered near that day. Not here: windows that the answer must keep to
("before Tuesday"), which are bot's to read.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

from corpus.thread import Comment

Floats = npt.NDArray[np.float32]
Period = tuple[datetime, datetime]

HALF_LIFE = timedelta(days=4)
"""So far from the named day a comment gets half of what one of that day gets: events are told of before and after."""
_NAMES = "january february march april may june july august september october november december".split()
_MONTH = rf"(?P<month>{'|'.join(_NAMES)}|{'|'.join(name[:3] for name in _NAMES)}|sept)\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s*(?P<year>\d{4}))?"
_DAYS = (
    re.compile(rf"\b{_DAY}(?:\s+of)?\s+{_MONTH}{_YEAR}\b", re.I),
    re.compile(rf"\b{_MONTH}\s+{_DAY}{_YEAR}\b", re.I),
    re.compile(r"\b(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})(?!\d)"),
)
_MONTHS = re.compile(rf"\b{_MONTH},?\s+(?P<year>\d{{4}})\b", re.I)


def dated(question: str, comments: Sequence[Comment]) -> Floats:
    """(n,) 1 for a comment posted within a day or month that the question names, halved with every HALF_LIFE between.

    0 for comments without a time, and for all where the question names no date. A day without a year is meant in
    whichever year the thread knows.
    """
    near = np.zeros(len(comments), dtype=np.float32)
    times = [(place, comment.posted_at) for place, comment in enumerate(comments) if comment.posted_at is not None]
    if not times or not any(mark.isdigit() for mark in question):
        return near
    named = periods(question, {moment.year for _, moment in times})
    for place, moment in times:
        away = min((_away(moment, period) for period in named), default=None)
        if away is not None:
            near[place] = 0.5 ** (away / HALF_LIFE)
    return near


def periods(question: str, years: Collection[int]) -> list[Period]:
    """The days and months that the question names, [start, end); `years` are meant where it gives none.

    >>> [(start.isoformat(), (end - start).days) for start, end in periods("the vote of 3 May 2024?", {2026})]
    [('2024-05-03T00:00:00+00:00', 1)]
    """
    found: list[Period] = []
    rest = question
    for pattern in _DAYS:
        for match in pattern.finditer(rest):
            found.extend(_days(match, years))
        rest = pattern.sub(" ", rest)
    for match in _MONTHS.finditer(rest):
        start = datetime(max(1, int(match["year"])), _number(match), 1, tzinfo=UTC)
        found.append((start, _later(start, 31)))
    return found


def _days(match: re.Match[str], years: Collection[int]) -> Iterator[Period]:
    meant = [int(match["year"])] if match["year"] else sorted(years)
    for year in meant:
        try:
            start = datetime(year, _number(match), int(match["day"]), tzinfo=UTC)
        except ValueError:
            continue
        yield start, _later(start, 1)


def _number(match: re.Match[str]) -> int:
    groups = match.groupdict()
    if groups.get("number"):
        return int(groups["number"])
    return next(place for place, name in enumerate(_NAMES, start=1) if name.startswith(groups["month"][:3].casefold()))


def _later(start: datetime, days: int) -> datetime:
    try:
        return start + timedelta(days=days)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def _away(moment: datetime, period: Period) -> timedelta:
    """Nothing within the period."""
    start, end = period
    return max(start - moment, moment - end, timedelta())
