"""How the bot's counters of a long time are read from few rows: weeks and months are kept beside their days. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

#: What stands in place of a topic where all of a commune's are counted together.
ALL_TOPICS = ""
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


def week_of(day: str) -> str:
    """Under what a day's week is kept.

    >>> week_of("2026-12-01"), week_of("2026-11-30"), week_of("2026-11-29")
    ('w2026-11-30', 'w2026-11-30', 'w2026-11-23')
    """
    on = date.fromisoformat(day)
    return f"w{on - on.weekday() * _DAY}"


def month_of(day: str) -> str:
    """Under what a day's month is kept.

    >>> month_of("2026-12-01")
    'm2026-12'
    """
    return f"m{day[:7]}"


def days(start: date, end: date) -> list[str]:
    """
    >>> days(date(2026, 11, 30), date(2026, 12, 1))
    ['2026-11-30', '2026-12-01']
    """
    return [str(start + n * _DAY) for n in range((end - start).days + 1)]


def first_of_week(stretch: str, start: date) -> date:
    """The first day, from `start` on, of the week that a day or a week belongs to."""
    on = date.fromisoformat(stretch.lstrip("w"))
    return max(on - on.weekday() * _DAY, start)


def stretches(start: date, end: date) -> list[str]:
    """The whole weeks and the single days that make up the time from `start` to `end`, both inclusive.

    >>> stretches(date(2026, 11, 28), date(2026, 12, 7))
    ['2026-11-28', '2026-11-29', 'w2026-11-30', '2026-12-07']
    """
    found, day = [], start
    while day <= end:
        whole = day.weekday() == 0 and day + _WEEK <= end + _DAY
        found.append(week_of(str(day)) if whole else str(day))
        day += _WEEK if whole else _DAY
    return found


class Cover(NamedTuple):
    """Months, weeks and days that add up to a time when those of `taken` are taken off those of `added`."""

    added: list[str]
    taken: list[str]

    def __len__(self) -> int:
        return len(self.added) + len(self.taken)


def cover(start: date, end: date) -> Cover:
    """The fewest that make up the time from `start` to `end`, both inclusive.

    >>> cover(date(2026, 9, 2), date(2026, 11, 30))
    Cover(added=['m2026-09', 'm2026-10', 'm2026-11'], taken=['2026-09-01'])
    """
    plain = Cover(stretches(start, end), [])
    parts = [_of_month(first, start, end) for first in _months(start, end)]
    by_months = Cover([each for part in parts for each in part.added], [each for part in parts for each in part.taken])
    return min(plain, by_months, key=len)


def _of_month(first: date, start: date, end: date) -> Cover:
    """What lies in the month that begins on `first`: itself less what lies outside, or what lies inside."""
    last = _next(first) - _DAY
    begin, finish = max(start, first), min(end, last)
    outside = [*stretches(first, begin - _DAY), *stretches(finish + _DAY, last)]
    return min(Cover([month_of(str(first))], outside), Cover(stretches(begin, finish), []), key=len)


def _months(start: date, end: date) -> Iterator[date]:
    first = start.replace(day=1)
    while first <= end and start <= end:
        yield first
        first = _next(first)


def _next(first: date) -> date:
    return (first + 31 * _DAY).replace(day=1)
