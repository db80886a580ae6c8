"""A month as the calendar shows it: weeks of days, each with what goes out on it and why nothing may."""

import calendar
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from babel.dates import format_date
from flask import url_for
from flask_babel import get_locale

from campaigns import holidays, programme, series
from campaigns.pacing import ZONE
from campaigns.series import SeriesStatus
from web.here import reader, rt

#: Entries drawn on a day; of the rest only how many.
MOST = 4
#: A month never shows more occurrences of one series.
MOST_OCCURRENCES = 62
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    """`status` is a key of web.words.STATUSES; `at` the hour it begins, "" on the days it goes on."""

    words: str
    address: str
    status: str
    at: str = ""


@dataclass(frozen=True)
class Day:
    """`free` is the name of a Vietnamese holiday, on which nothing goes out; `abroad` of a British one."""

    day: date
    inside: bool
    today: bool
    free: str
    abroad: str
    entries: Sequence[Entry]

    @property
    def shown(self) -> Sequence[Entry]:
        return self.entries[:MOST]

    @property
    def more(self) -> int:
        return max(0, len(self.entries) - MOST)


def weeks(month: date, now: datetime) -> list[list[Day]]:
    """The weeks (Monday first) of the month that `month` lies in."""
    grid = calendar.Calendar().monthdatescalendar(month.year, month.month)
    first, last = grid[0][0], grid[-1][-1]
    entries = _waves(first, last, now)
    for day, coming in _series(first, last, now).items():
        entries[day] += coming
    today = now.astimezone(ZONE).date()
    return [[_day(day, month, today, entries[day]) for day in week] for week in grid]


def beside(month: date, step: int) -> date:
    """The first of the month before (-1) or after (1)."""
    return (month.replace(day=1) + step * timedelta(days=1 if step < 0 else 31)).replace(day=1)


def name(month: date) -> str:
    """ "Tháng 12/2026", "December 2026"."""
    return format_date(month, {"vi": "'Tháng' M/yyyy", "en": "LLLL yyyy"}[reader()], locale=get_locale())


def weekday(day: date) -> str:
    """ "T2", "Mon"."""
    return format_date(day, "EEE", locale=get_locale()).replace("Th ", "T")


def week() -> list[tuple[str, str]]:
    """The days of any week: ("1", "Mon"), …"""
    monday = date(2026, 11, 30)
    return [(str(n + 1), weekday(monday + n * ONE_DAY)) for n in range(7)]


def _day(day: date, month: date, today: date, entries: Sequence[Entry]) -> Day:
    free, abroad = (holidays.name(day, country, reader()) or "" for country in ("VN", "GB"))
    return Day(day, day.month == month.month, day == today, free, abroad, entries)


def _waves(first: date, last: date, now: datetime) -> defaultdict[date, list[Entry]]:
    found: defaultdict[date, list[Entry]] = defaultdict(list)
    for span in programme.on_calendar(rt.db, _midnight(first), _midnight(last + ONE_DAY), now):
        begins, ends = span.begins.astimezone(ZONE), span.ends.astimezone(ZONE)
        day = max(begins.date(), first)
        while day <= min(ends.date(), last):
            at = f"{begins:%H:%M}" if day == begins.date() else ""
            address = url_for("waves.show", wave_id=span.wave.id)
            found[day].append(Entry(span.wave.name, address, span.wave.status, at))
            day += ONE_DAY
    return found


def _series(first: date, last: date, now: datetime) -> dict[date, list[Entry]]:
    """What running series are going to bring; what they brought is among the waves."""
    found: dict[date, list[Entry]] = defaultdict(list)
    for each in series.all(rt.db):
        if each.status != SeriesStatus.ACTIVE:
            continue
        for _, moment in series.upcoming(each, now, MOST_OCCURRENCES):
            day = moment.astimezone(ZONE).date()
            if first <= day <= last:
                address = url_for("series.show", series_id=each.id)
                found[day].append(Entry(each.name, address, "active", f"{each.table.at_time:%H:%M}"))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)
