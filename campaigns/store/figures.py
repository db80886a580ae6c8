"""Deliveries of waves counted by carrier, and by the hour in which they were handed over: shifted in the transaction
that moves the rows, like the tally.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, func, literal, select, true, union_all

from campaigns.store import adding
from db.tables import spending, wave_counts, wave_figures, waves
from db.types import utc_text

CARRIER, HOUR = "carrier", "hour"
#: (wave id, by, which, status, reason or "")
Figure = tuple[int, str, str, str, str]
#: Letters of a stored moment that name its hour.
HOUR_LETTERS = 13


def hour_of(moment: datetime) -> str:
    """
    >>> from datetime import UTC
    >>> hour_of(datetime(2026, 12, 1, 2, 59, tzinfo=UTC))
    '2026-12-01T02'
    """
    return utc_text(moment)[:HOUR_LETTERS]


def hour_from(text: str) -> datetime:
    """The moment at which the hour begins."""
    return datetime.fromisoformat(f"{text}:00:00+00:00")


def figures_of(
    wave_id: int, carrier: str | None, hour: str | None, status: str, reason: str | None
) -> tuple[Figure, ...]:
    """Where a delivery is counted: always by its carrier, by the hour once it was handed over."""
    by_carrier = (wave_id, CARRIER, carrier or "", status, reason or "")
    return (by_carrier,) if hour is None else (by_carrier, of_hour(wave_id, hour, status, reason))


def of_hour(wave_id: int, hour: str, status: str, reason: str | None) -> Figure:
    return (wave_id, HOUR, hour, status, reason or "")


def shift(c: Connection, changes: Mapping[Figure, int]) -> None:
    """Adds each change to its count. Sorted, so that two writers on PostgreSQL lock the rows in one order."""
    adding.add(c, wave_figures, [(*figure, n) for figure, n in sorted(changes.items()) if n])


def lacks_carriers(c: Connection, wave_id: int) -> bool:
    """Whether the wave opened before deliveries had a carrier: it is counted under none."""
    mine = (wave_figures.c.wave_id == wave_id, wave_figures.c.by == CARRIER, wave_figures.c.n != 0)
    known = set(c.execute(select(wave_figures.c.which).where(*mine).distinct()).scalars())
    return not known or "" in known


def stored(c: Connection, wave_id: int) -> dict[Figure, int]:
    statement = select(wave_figures).where(wave_figures.c.wave_id == wave_id, wave_figures.c.n != 0)
    return {tuple(row[:5]): row.n for row in c.execute(statement)}


def of_wave(c: Connection, wave_id: int, by: str) -> Iterator:
    """(which, status, reason, n), by which."""
    mine = (wave_figures.c.wave_id == wave_id, wave_figures.c.by == by, wave_figures.c.n > 0)
    columns = (wave_figures.c.which, wave_figures.c.status, wave_figures.c.reason, wave_figures.c.n)
    return iter(c.execute(select(*columns).where(*mine).order_by(*columns[:3])))


def hours(c: Connection, start: datetime, end: datetime) -> Iterator:
    """(hour, status, n) of all waves together, from `start` on and before `end`, which begin hours."""
    which, n = wave_figures.c.which, func.sum(wave_figures.c.n)
    statement = (
        select(which, wave_figures.c.status, n)
        .where(wave_figures.c.by == HOUR, which >= hour_of(start), which < hour_of(end))
        .group_by(which, wave_figures.c.status)
        .having(n > 0)
        .order_by(which)
    )
    return iter(c.execute(statement))


def spent(c: Connection, first: str, last: str) -> tuple[int, int, int]:
    """(waves that handed something over, segments, VND) on the days from `first` to `last` in Vietnam."""
    sums = (func.count(spending.c.wave_id.distinct()), func.sum(spending.c.segments), func.sum(spending.c.vnd))
    those = (spending.c.day >= first, spending.c.day <= last, spending.c.messages > 0)
    return tuple(int(each or 0) for each in c.execute(select(*sums).where(*those)).one())


def doubtful(c: Connection, since: datetime | None) -> list[int]:
    """Waves whose carriers do not add up to their counts, a look at these few rows alone: those of before there were
    carriers, and those that an older version of this software moved since. `since`: only waves opened from then on.
    """
    known = select(*(wave_counts.c[name] for name in ("wave_id", "status", "reason", "n")))
    same = select(wave_figures.c.wave_id, wave_figures.c.status, wave_figures.c.reason, -wave_figures.c.n)
    both = union_all(known, same.where(wave_figures.c.by == CARRIER)).subquery()
    lately = true() if since is None else waves.c.opened_at >= since
    wrong = (
        select(both.c.wave_id)
        .join(waves, waves.c.id == both.c.wave_id)
        .where(lately)
        .group_by(both.c.wave_id, both.c.status, both.c.reason)
        .having(func.sum(both.c.n) != literal(0))
    )
    return sorted(set(c.execute(wrong).scalars()))
