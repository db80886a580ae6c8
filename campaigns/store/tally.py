"""How many deliveries stand where: shifted in the transaction that moves the rows, read instead of counting them.

By area in wave_tally, and without areas in wave_counts: most questions are about a whole wave, and a wave may reach
some hundred communes.
"""

from collections import Counter
from collections.abc import Mapping
from functools import cache

from sqlalchemy import Connection, Table, and_, func, literal, null, select

from campaigns.model import DeliveryStatus
from db.new_rows import insert_in
from db.tables import deliveries, wave_counts, wave_tally

#: (wave id, area or "", status, reason or "")
Place = tuple[int, str, str, str]
QUEUED = str(DeliveryStatus.QUEUED)
#: Rows of a wave counted in one go when it opens.
COUNTED_AT_ONCE = 100_000


def place(wave_id: int, area: str | None, status: str, reason: str | None) -> Place:
    return (wave_id, area or "", status, reason or "")


def shift(c: Connection, changes: Mapping[Place, int]) -> None:
    """Adds each change to its count. Sorted, so that two writers on PostgreSQL lock the rows in one order."""
    whole: Counter[tuple[int, str, str]] = Counter()
    for (wave_id, _, status, reason), n in changes.items():
        whole[wave_id, status, reason] += n
    for table, sums in ((wave_tally, changes), (wave_counts, whole)):
        keys = table.primary_key.columns.keys()
        rows = [{**dict(zip(keys, place, strict=True)), "n": n} for place, n in sorted(sums.items()) if n]
        if rows:
            c.execute(_shift(c.dialect.name, table), rows)


@cache
def _shift(dialect: str, table: Table):
    return _adding(table, insert_in(dialect, table))


def _adding(table: Table, statement):
    keys = list(table.primary_key.columns)
    return statement.on_conflict_do_update(index_elements=keys, set_={"n": table.c.n + statement.excluded.n})


def moved(moves: list[tuple[Place, Place]]) -> Counter[Place]:
    """The shift that takes one off each first place and puts one on each second."""
    changes: Counter[Place] = Counter()
    for before, after in moves:
        changes[before] -= 1
        changes[after] += 1
    return changes


def last_id(c: Connection) -> int:
    return c.execute(select(func.coalesce(func.max(deliveries.c.id), 0))).scalar_one()


def count_new(c: Connection, wave_id: int, after_id: int) -> Counter[str]:
    """Adds the rows just inserted for a wave with ids above `after_id` to its tally; how many of them stand where.

    By COUNTED_AT_ONCE ids, so that sorting them into groups takes no memory that grows with the wave; the many queued
    ones by area alone, which sorts twice as fast.
    """
    last = last_id(c)
    # "+ 0" keeps SQLite on the ids: through the index on wave_id the same count takes twice as long.
    mine = deliveries.c.wave_id + 0 == wave_id
    area, status, reason = deliveries.c.area, deliveries.c.status, deliveries.c.reason
    queued = select(area, literal(QUEUED), null(), func.count()).where(reason.is_(None)).group_by(area)
    others = select(area, status, reason, func.count()).where(reason.is_not(None)).group_by(area, status, reason)
    new: Counter[Place] = Counter()
    for first in range(after_id, last, COUNTED_AT_ONCE):
        these = and_(deliveries.c.id > first, deliveries.c.id <= min(last, first + COUNTED_AT_ONCE), mine)
        for statement in (queued, others):
            new.update({place(wave_id, *at): n for *at, n in c.execute(statement.where(these))})
    shift(c, new)
    counts: Counter[str] = Counter()
    for (_, _, stands, _), n in new.items():
        counts[stands] += n
    return counts


def _whole(wave_id: int):
    """The areas of a wave added up."""
    place = (wave_tally.c.wave_id, wave_tally.c.status, wave_tally.c.reason)
    return select(*place, func.sum(wave_tally.c.n)).where(wave_tally.c.wave_id == wave_id).group_by(*place)


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


def recount(c: Connection, wave_id: int) -> dict[Place, int]:
    """What the tally should say, counted from the rows: for tests and for `doctor`, slow on a large wave."""
    statement = (
        select(deliveries.c.area, deliveries.c.status, deliveries.c.reason, func.count())
        .where(deliveries.c.wave_id == wave_id)
        .group_by(deliveries.c.area, deliveries.c.status, deliveries.c.reason)
    )
    return {place(wave_id, area, status, reason): n for area, status, reason, n in c.execute(statement)}


def misadded(c: Connection, wave_id: int) -> dict[Place, tuple[int, int]]:
    """Where the figures of the whole wave are not those of its areas added up: place (area "*") → (whole, areas)."""
    whole = by_status(c, wave_id)
    areas = {(row.status, row.reason): int(row[3]) for row in c.execute(_whole(wave_id)) if row[3]}
    return {
        (wave_id, "*", *place): (whole.get(place, 0), areas.get(place, 0))
        for place in whole.keys() | areas.keys()
        if whole.get(place, 0) != areas.get(place, 0)
    }


def stored(c: Connection, wave_id: int) -> dict[Place, int]:
    statement = select(wave_tally).where(wave_tally.c.wave_id == wave_id, wave_tally.c.n != 0)
    return {tuple(row[:4]): row.n for row in c.execute(statement)}
