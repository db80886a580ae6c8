"""How the bot's counters of a long time are read from few rows: whole weeks are kept beside their days. Pure."""

from datetime import date, timedelta

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
