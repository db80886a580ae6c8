"""How many deliveries stand where: shifted in the transaction that moves the rows, read instead of counting them.

By area in wave_tally, and without areas in wave_counts: most questions are about a whole wave, and a wave may reach
some hundred communes.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, Table, and_, func, literal, null, select

from campaigns.model import DeliveryStatus
from campaigns.store import adding, figures
from db.tables import deliveries, wave_counts, wave_tally, waves

#: (wave id, area or "", status, reason or "")
Place = tuple[int, str, str, str]
#: (wave id, status, reason or "")
Whole = tuple[int, str, str]
QUEUED = str(DeliveryStatus.QUEUED)
#: Rows of a wave counted in one go when it opens.
COUNTED_AT_ONCE = 100_000


def place(wave_id: int, area: str | None, status: str, reason: str | None) -> Place:
    return (wave_id, area or "", status, reason or "")


def shift(c: Connection, changes: Mapping[Place, int]) -> None:
    """Adds each change to its count. Sorted, so that two writers on PostgreSQL lock the rows in one order."""
    _shift_in(c, wave_tally, changes)
    shift_whole(c, added_up(changes))


def shift_areas(c: Connection, changes: Mapping[Place, int]) -> None:
    """The areas alone, where these were counted wrongly."""
    _shift_in(c, wave_tally, changes)


def shift_whole(c: Connection, changes: Mapping[Whole, int]) -> None:
    """The whole waves alone."""
    _shift_in(c, wave_counts, changes)


def added_up(places: Mapping[Place, int]) -> Counter[Whole]:
    """Places of all areas together."""
    whole: Counter[Whole] = Counter()
    for (wave_id, _, status, reason), n in places.items():
        whole[wave_id, status, reason] += n
    return whole


def _shift_in(c: Connection, table: Table, changes: Mapping[tuple, int]) -> None:
    adding.add(c, table, [(*place, n) for place, n in sorted(changes.items()) if n])


def last_id(c: Connection) -> int:
    return c.execute(select(func.coalesce(func.max(deliveries.c.id), 0))).scalar_one()


def count_new(c: Connection, wave_id: int, after_id: int) -> Counter[str]:
    """Adds the rows just inserted for a wave with ids above `after_id` to its tally and figures; how many of them stand
    where.

    By COUNTED_AT_ONCE ids, so that sorting them into groups takes no memory that grows with the wave; the many queued
    ones by area and carrier alone, which sorts twice as fast.
    """
    last = last_id(c)
    # "+ 0" keeps SQLite on the ids: through the index on wave_id the same count takes twice as long.
    mine = deliveries.c.wave_id + 0 == wave_id
    alike, status, reason = (deliveries.c.area, deliveries.c.carrier), deliveries.c.status, deliveries.c.reason
    queued = select(*alike, literal(QUEUED), null(), func.count()).where(reason.is_(None)).group_by(*alike)
    others = select(*alike, status, reason, func.count()).where(reason.is_not(None)).group_by(*alike, status, reason)
    new: Counter[Place] = Counter()
    by_carrier: Counter[figures.Figure] = Counter()
    for first in range(after_id, last, COUNTED_AT_ONCE):
        these = and_(deliveries.c.id > first, deliveries.c.id <= min(last, first + COUNTED_AT_ONCE), mine)
        for statement in (queued, others):
            for area, carrier, *stand, n in c.execute(statement.where(these)):
                new[place(wave_id, area, *stand)] += n
                for figure in figures.figures_of(wave_id, carrier, None, *stand):
                    by_carrier[figure] += n
    shift(c, new)
    figures.shift(c, by_carrier)
    counts: Counter[str] = Counter()
    for (_, _, stands, _), n in new.items():
        counts[stands] += n
    return counts


def by_status(c: Connection, wave_id: int | None = None) -> dict[tuple[str, str], int]:
    """(status, reason) → n of a wave, or of all waves together."""
    statement = select(wave_counts.c.status, wave_counts.c.reason, func.sum(wave_counts.c.n)).group_by(
        wave_counts.c.status, wave_counts.c.reason
    )
    if wave_id is not None:
        statement = statement.where(wave_counts.c.wave_id == wave_id)
    return {(status, reason): int(n) for status, reason, n in c.execute(statement) if n}


def by_wave(c: Connection, wave_ids: list[int]) -> dict[int, dict[str, int]]:
    """Wave id → status → n."""
    found: dict[int, dict[str, int]] = {wave_id: {} for wave_id in wave_ids}
    statement = (
        select(wave_counts.c.wave_id, wave_counts.c.status, func.sum(wave_counts.c.n))
        .where(wave_counts.c.wave_id.in_(wave_ids))
        .group_by(wave_counts.c.wave_id, wave_counts.c.status)
    )
    for wave_id, status, n in c.execute(statement):
        if n:
            found[wave_id][status] = int(n)
    return found


def by_area(c: Connection, wave_id: int | None = None) -> dict[str, dict[str, int]]:
    """Area code ("" = unknown) → status → n."""
    statement = select(wave_tally.c.area, wave_tally.c.status, func.sum(wave_tally.c.n)).group_by(
        wave_tally.c.area, wave_tally.c.status
    )
    if wave_id is not None:
        statement = statement.where(wave_tally.c.wave_id == wave_id)
    found: dict[str, dict[str, int]] = {}
    for area, status, n in c.execute(statement):
        if n:
            found.setdefault(area, {})[status] = int(n)
    return found


def by_area_of_opened(c: Connection, start: datetime, end: datetime) -> Iterator:
    """(wave id, area code or "" where unknown, status, n) of every wave opened from `start` on and before `end`."""
    n = func.sum(wave_tally.c.n)
    by = (wave_tally.c.wave_id, wave_tally.c.area, wave_tally.c.status)
    statement = (
        select(*by, n)
        .join(waves, waves.c.id == wave_tally.c.wave_id)
        .where(waves.c.opened_at >= start, waves.c.opened_at < end)
        .group_by(*by)
        .having(n > 0)
    )
    return iter(c.execute(statement))


def stored(c: Connection, wave_id: int) -> dict[Place, int]:
    statement = select(wave_tally).where(wave_tally.c.wave_id == wave_id, wave_tally.c.n != 0)
    return {tuple(row[:4]): row.n for row in c.execute(statement)}


def stored_whole(c: Connection, wave_id: int) -> dict[Whole, int]:
    statement = select(wave_counts).where(wave_counts.c.wave_id == wave_id, wave_counts.c.n != 0)
    return {tuple(row[:3]): row.n for row in c.execute(statement)}
