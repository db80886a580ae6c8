"""The times figures are shown for: the last days, a week, a month. No others, so that nobody is found in the difference
between two of them. Pure; days are Vietnam's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from campaigns.pacing import ZONE

#: How many last days a reader may choose.
LAST_DAYS = (7, 30, 90)
#: Before the first installation and after the last there is nothing to ask for.
FIRST_YEAR, LAST_YEAR = 2020, 2100
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """From `start` to `end`, both inclusive. `name` is how an address says it: "30" (last days), "2026-11" (month)."""

    start: date
    end: date
    name: str

    @property
    def is_month(self) -> bool:
        return self.name == f"{self.start:%Y-%m}"

    @property
    def days(self) -> Iterator[date]:
        return (self.start + n * ONE_DAY for n in range((self.end - self.start).days + 1))


def today_of(now: datetime) -> date:
    """
    >>> from datetime import timezone
    >>> today_of(datetime(2026, 11, 30, 18, 0, tzinfo=timezone.utc))
    datetime.date(2026, 12, 1)
    """
    return now.astimezone(ZONE).date()


def midnight(day: date) -> datetime:
    """When `day` begins in Vietnam."""
    return datetime.combine(day, time(), ZONE)


def last(days: int, today: date) -> Period:
    """The days up to today, today among them."""
    return Period(today - (days - 1) * ONE_DAY, today, str(days))


def yesterday(today: date) -> Period:
    return Period(today - ONE_DAY, today - ONE_DAY, "yesterday")


def month(first: date) -> Period:
    """The whole month that `first` lies in, whatever of it is still to come."""
    first = first.replace(day=1)
    return Period(first, after(first) - ONE_DAY, f"{first:%Y-%m}")


def after(first: date) -> date:
    """The first day of the next month.

    >>> after(date(2026, 12, 1))
    datetime.date(2027, 1, 1)
    """
    return (first.replace(day=1) + timedelta(days=31)).replace(day=1)


def before(first: date) -> date:
    """The first day of the month before."""
    return (first.replace(day=1) - ONE_DAY).replace(day=1)


def month_named(name: str) -> date | None:
    """The first day of "2026-11"; None for what is no month one may ask for.

    >>> month_named("2026-11"), month_named("2026-13"), month_named("0001-01")
    (datetime.date(2026, 11, 1), None, None)
    """
    found = _MONTH.fullmatch(name)
    if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    return date(int(found[1]), int(found[2]), 1)


def chosen(asked: str | None, today: date, usual: int = 30) -> Period:
    """What an address asks for: so many last days, or a month that has begun; else the usual days."""
    first = month_named(asked or "")
    if first and first <= today:
        return month(first)
    return last(int(asked) if asked in map(str, LAST_DAYS) else usual, today)


def chosen_month(asked: str | None, today: date) -> Period:
    """The month an address asks for when it has begun; else this one."""
    first = month_named(asked or "")
    return month(first if first and first <= today else today)


def months(first: date, today: date) -> list[date]:
    """The first days of all months from the one of `first` to the one of `today`."""
    found, each = [], first.replace(day=1)
    while each <= today:
        found.append(each)
        each = after(each)
    return found
