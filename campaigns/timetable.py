"""When a series comes again: its days, and the moment each of them goes out. Pure calendar, in Vietnam's days.

A day on which nothing may go out (a public holiday) is put off to the next day on which it may, at the same hour. A
day that nobody looked at until its evening (the server was off) is missed: it is not caught up on a later day, because
a reminder that comes at another time than announced is worse than none.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from campaigns import pacing
from campaigns.hours import Hours

REPEATING, AFTER_JOINING = "repeating", "after-joining"

#: Not earlier than the messaging hours begin, and early enough that an hour of them is left.
EARLIEST, LATEST = pacing.OPENS, time(21, 0)
#: No run of holidays is longer; a series is not put off for ever.
MOST_PUT_OFF = 60
ONE_DAY = timedelta(days=1)
#: Occurrences are told in advance for so long.
LOOK_AHEAD = timedelta(days=2 * 366)

#: The hours alone: whether it is a holiday is asked of the calendar that is given.
_ANY_DAY = Hours(on_holidays=True)

#: Whether messages may go out on that day of Vietnam's calendar.
Sendable = Callable[[date], bool]


@dataclass(frozen=True)
class Timetable:
    """`kind` repeating: every `every_days` days from `starts_on`, or on `weekdays` (ISO: 1 = Monday). `kind`
    after-joining: every day, for those who joined `days_after` days before. At `at_time` in Vietnam.
    """

    kind: str
    at_time: time
    starts_on: date
    ends_on: date | None = None
    every_days: int | None = None
    weekdays: tuple[int, ...] = ()
    days_after: int | None = None


@dataclass(frozen=True)
class Due:
    """`days` are to be made into waves now, `missed` never will be; days up to `settled` need no second look."""

    days: tuple[date, ...] = ()
    missed: tuple[date, ...] = ()
    settled: date | None = None


def falls_on(table: Timetable, day: date) -> bool:
    """Whether the series has an occurrence for `day`."""
    if day < table.starts_on or (table.ends_on is not None and day > table.ends_on):
        return False
    if table.kind == AFTER_JOINING:
        return True
    if table.weekdays:
        return day.isoweekday() in table.weekdays
    return (day - table.starts_on).days % (table.every_days or 1) == 0


def days(table: Timetable, first: date, last: date) -> Iterator[date]:
    """The series' days from `first` to `last`, both included."""
    day = max(first, table.starts_on)
    while day <= last and (table.ends_on is None or day <= table.ends_on):
        if falls_on(table, day):
            yield day
        day += ONE_DAY


def goes_out(table: Timetable, day: date, sendable: Sendable) -> datetime:
    """The moment at which the occurrence of `day` goes out: put off while nothing may be sent."""
    out = next((day + n * ONE_DAY for n in range(MOST_PUT_OFF) if sendable(day + n * ONE_DAY)), day)
    return datetime.combine(out, table.at_time, pacing.ZONE)


def due(table: Timetable, settled: date | None, now: datetime, sendable: Sendable) -> Due:
    """What is to be done `now` about the days after `settled`: made until shortly before 22:00, missed from then on."""
    today = now.astimezone(pacing.ZONE).date()
    come, missed, last = [], [], settled
    for day in days(table, table.starts_on if settled is None else settled + ONE_DAY, today):
        at = goes_out(table, day, sendable)
        if at > now:
            break  # and so are all later ones
        (come if at.date() == today and _ANY_DAY.may_start(now) else missed).append(day)
        last = day
    if table.kind == REPEATING:  # several days put off to one: the same people need it once
        come, missed = come[-1:], missed + come[:-1]
    return Due(tuple(come), tuple(missed), last)


def upcoming(
    table: Timetable, settled: date | None, now: datetime, sendable: Sendable, most: int
) -> list[tuple[date, datetime]]:
    """The next `most` occurrences: (the day it stands for, the moment it goes out)."""
    today = now.astimezone(pacing.ZONE).date()
    first = max(table.starts_on, today - MOST_PUT_OFF * ONE_DAY if settled is None else settled + ONE_DAY)
    found: list[tuple[date, datetime]] = []
    for day in days(table, first, max(first, today) + LOOK_AHEAD):
        at = goes_out(table, day, sendable)
        if at >= now and not (table.kind == REPEATING and found and found[-1][1] == at):
            found.append((day, at))
        if len(found) == most:
            break
    return found


def joined_on(table: Timetable, day: date) -> tuple[datetime, datetime]:
    """From when until before when those joined whom the occurrence of `day` is for: one day in Vietnam."""
    begins = datetime.combine(day - (table.days_after or 0) * ONE_DAY, time(), pacing.ZONE)
    return begins, begins + ONE_DAY
