"""Times that a question names, read against the times of the thread: "on Tuesday", "before 3 March", "the last hour".

A date without a year is the one nearest to the thread. "The last hour" is the thread's own last hour; "today" and
"yesterday" are the asker's. Times are UTC. Not here: which posts lie in a window (bot.kinds.workbench).
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from bot.values.inquiry import Window
from corpus.thread import Thread

_MONTHS = "january february march april may june july august september october november december".split()
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_NUMBERS = {w: n for n, w in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())}
_MONTH = r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|" + (
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(?P<year>\d{4}))?"
_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?(?:\s*(?P<half>[ap])\.?m\.?)?(?:\s*(?:utc|gmt|z))?\b"
    r"|(?P<hour12>\d{1,2})\s*(?P<half12>[ap])\.?m\b\.?|(?P<noon>noon|midnight)\b"
)
_DATES = (
    re.compile(r"(?P<year>\d{4})-(?P<month_number>\d{2})-(?P<day>\d{2})(?=[T\s,?.!]|$)", re.I),
    re.compile(rf"(?:the\s+)?{_DAY}(?:\s+of)?\s+{_MONTH}{_YEAR}(?!\w)", re.I),
    re.compile(rf"{_MONTH}\s+(?:the\s+)?{_DAY}{_YEAR}(?![\w:])", re.I),
    re.compile(rf"(?:last\s+|this\s+)?(?P<weekday>{'|'.join(_DAYS)}|tues?|thurs?|fri)\b", re.I),
    re.compile(r"(?P<relative>today|yesterday)\b", re.I),
)
_TIME = re.compile(_CLOCK, re.I)
_GLUE = re.compile(r"\s*(?:,|T|at|around|about|on|the|by)?\s*", re.I)
_PREPOSITION = re.compile(
    r"(?P<word>before|until|till|up to|by|after|since|from|starting|following|on|at|around|during|in)\s+(?:the\s+)?$",
    re.I,
)
_SPAN = re.compile(
    r"(?:\b(?:in|during|within|over|from|of)\s+)?(?:the\s+)?(?P<edge>last|past|first|final|latest|opening)\s+"
    r"(?:(?P<number>\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|few|couple of)\s+)?"
    r"(?P<unit>minute|hour|day|week)s?(?P<of>\s+of\s+(?:the|this)\s+(?:thread|discussion|conversation|story))?(?!\w)",
    re.I,
)
_BETWEEN = re.compile(r"\b(?:between|from)\s+(?P<rest>.+)", re.I)
_POSTING = re.compile(
    r"\b(?:sa(?:y|ys|id)|post(?:s|ed|ing)?|w?r(?:ite|ites|ote)|written|comment(?:s|ed|ers?|ing)?|mention(?:s|ed)?|think|thought|"
    r"repl(?:y|ies|ied)|argue[sd]?|talk(?:s|ed|ing)?|discuss(?:ed|ion)?|chang(?:e|es|ed)|disagree[sd]?|agree[sd]?|tweet(?:s|ed)?|"
    r"joined|active|respond(?:s|ed)?|answer(?:s|ed)?|ask(?:s|ed)?|view(?:s|ed)?|opinions?|thread|conversation|messages?)\b",
    re.I,
)
"""A question about when something was posted speaks of posting."""
_HAPPENED = re.compile(
    r"\W*(?:\w+,? ){0,2}?what(?:(?:'s|’s)|(?: else| all)*(?: has| had| is| was| were)?)(?: been)?"
    r" (?:happen(?:s|ed|ing)?|going on|went on|came|new)"
    r"(?: in| next| here| in (?:this|the) (?:thread|discussion|story))*\W*",
    re.I,
)
"""What happened then, and of nothing that it happened to: so what was posted."""
_UNITS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}


def window(asked: str, threads: Iterable[Thread], now: datetime | None = None) -> tuple[Window, str] | None:
    """When what is asked for was posted, and the question without these words; None where it names no time.

    Of a thread without times there is no last hour and no year: None as well, but for a date that stands in full.
    A date in a question that asks of no saying or posting is a part of what is asked: "why did it sink on 3 March?".
    """
    found = _named(asked, threads, now)
    return found if found is not None and (_POSTING.search(asked) or _HAPPENED.fullmatch(found[1])) else None


def _named(asked: str, threads: Iterable[Thread], now: datetime | None) -> tuple[Window, str] | None:
    times = [c.posted_at for thread in threads for c in thread.comments if c.posted_at is not None]
    span = _SPAN.search(asked)
    if span is not None and times:
        return _edge(span, times), _without(asked, span.start(), span.end())
    between = _BETWEEN.search(asked)
    if between is not None:
        found = _both_ends(asked, between, times, now)
        if found is not None:
            return found
    moment = _moment(asked, 0, times, now)
    if moment is None:
        return None
    start, end, since, until = moment
    word = _PREPOSITION.search(asked[:start])
    if word is not None:
        return _around(word["word"].casefold(), since, until), _without(asked, word.start(), end)
    if asked[start:end].casefold() in {"today", "yesterday"}:
        return Window(since=since, until=until), _without(asked, start, end)
    return None


def wholly(words: str, threads: Iterable[Thread], now: datetime | None = None) -> Window | None:
    """When, by words that are a time and nothing else: "after 18:00 on 3 March"; None where they name anything more."""
    found = window(f"said {words.strip(' ?!.,')}", threads, now)
    return found[0] if found is not None and found[1] == "said" else None


def _around(word: str, since: datetime, until: datetime) -> Window:
    if word in {"before", "until", "till", "up to", "by"}:
        return Window(
            until=until if word in {"until", "till", "up to", "by"} and until - since > timedelta(1) / 2 else since
        )
    if word in {"after", "following"}:
        return Window(since=until)
    if word in {"since", "from", "starting"}:
        return Window(since=since)
    return Window(since=since, until=until)


def _both_ends(
    asked: str, between: re.Match[str], times: Sequence[datetime], now: datetime | None
) -> tuple[Window, str] | None:
    """ "between 3 and 5 o'clock", "from Monday to Wednesday": two moments with a word between them."""
    first = _moment(asked, between.start("rest"), times, now)
    if first is None or first[0] > between.start("rest") + 4:
        return None
    second = _moment(asked, first[1], times, now)
    if second is None or asked[first[1] : second[0]].strip(" ,").casefold() not in {
        "and",
        "to",
        "until",
        "till",
        "-",
        "–",
    }:
        return None
    since, until = first[2], second[3]
    return Window(since=since, until=max(since, until)), _without(asked, between.start(), second[1])


def _without(asked: str, start: int, end: int) -> str:
    left = f"{asked[:start].rstrip()} {asked[end:].lstrip()}".strip()
    return re.sub(r"\s+([?.!,])", r"\1", left)


def _edge(span: re.Match[str], times: Sequence[datetime]) -> Window:
    word = (span["number"] or "one").casefold()
    number = int(word) if word.isdigit() else _NUMBERS.get(word, 3 if word == "few" else 2)
    length = number * _UNITS[span["unit"].casefold()]
    if span["edge"].casefold() in {"first", "opening"}:
        return Window(until=min(times) + length)
    return Window(since=max(times) - length)


def _moment(
    asked: str, at: int, times: Sequence[datetime], now: datetime | None
) -> tuple[int, int, datetime, datetime] | None:
    """(start, end, since, until) of the first moment named from `at` on."""
    dated = [
        (found, day) for pattern in _DATES for found in pattern.finditer(asked, at) if (day := _day(found, times, now))
    ]
    clock = next((found for found in _TIME.finditer(asked, at) if _clock(found) is not None), None)
    if dated:
        found, day = min(dated, key=lambda one: one[0].start())
        start, end = found.span()
        if clock is not None and _GLUE.fullmatch(asked, end, clock.start()):
            return start, clock.end(), *_minute(day, clock)
        if clock is not None and clock.end() <= start and _GLUE.fullmatch(asked, clock.end(), start):
            return clock.start(), end, *_minute(day, clock)
        begin = datetime.combine(day, time(), UTC)
        return start, end, begin, begin + timedelta(days=1)
    if clock is not None and times:
        days = sorted({moment.date() for moment in times})
        return clock.start(), clock.end(), *_minute(days[0], clock)
    return None


def _minute(day: date, clock: re.Match[str]) -> tuple[datetime, datetime]:
    hour, minute = _clock(clock) or (0, 0)
    begin = datetime.combine(day, time(hour, minute), UTC)
    return begin, begin + timedelta(minutes=1)


def _clock(found: re.Match[str]) -> tuple[int, int] | None:
    if found["noon"]:
        return (12, 0) if found["noon"].casefold() == "noon" else (0, 0)
    hour, minute = int(found["hour"] or found["hour12"]), int(found["minute"] or 0)
    half = (found["half"] or found["half12"] or "").casefold()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return (hour, minute) if hour < 24 and minute < 60 else None


def _day(found: re.Match[str], times: Sequence[datetime], now: datetime | None) -> date | None:
    groups = found.groupdict()
    if groups.get("relative"):
        today = (now or datetime.now(UTC)).date()
        return today - timedelta(days=1) if groups["relative"].casefold() == "yesterday" else today
    days = sorted({moment.date() for moment in times})
    if groups.get("weekday"):
        wanted = next(n for n, name in enumerate(_DAYS) if name.startswith(groups["weekday"].casefold()))
        fitting = [day for day in days if day.weekday() == wanted]
        return fitting[-1] if fitting else _near_weekday(wanted, days)
    month = groups.get("month_number") or 1 + next(
        n for n, name in enumerate(_MONTHS) if name.startswith(groups["month"].casefold()[:3])
    )
    year = groups.get("year")
    if year is None and not days:
        return None
    return _real_date(int(year) if year else None, int(month), int(groups["day"]), days)


def _near_weekday(wanted: int, days: Sequence[date]) -> date | None:
    """The first such day after the thread began: nothing was posted then, and that is the answer."""
    return days[0] + timedelta(days=(wanted - days[0].weekday()) % 7) if days else None


def _real_date(year: int | None, month: int, day: int, days: Sequence[date]) -> date | None:
    years = [year] if year is not None else sorted({one.year for one in days})
    made = []
    for one in years:
        try:
            made.append(date(one, month, day))
        except ValueError:
            continue
    within = [one for one in made if one in set(days)]
    return next(iter(within or made), None)
