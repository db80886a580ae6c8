"""What came of waves, from their counters: some rows a wave, several waves at once."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from db.tables import response_counts, spending, wave_counts


def stands(c: Connection, wave_ids: Sequence[int]) -> list[tuple[int, str, str, int]]:
    """(wave id, status, reason or "", n)."""
    columns = (wave_counts.c.wave_id, wave_counts.c.status, wave_counts.c.reason, wave_counts.c.n)
    return [tuple(row) for row in c.execute(select(*columns).where(wave_counts.c.wave_id.in_(wave_ids)))]


def responded(c: Connection, wave_ids: Sequence[int]) -> list[tuple[int, str, int]]:
    """(wave id, kind, people)."""
    key = (response_counts.c.wave_id, response_counts.c.kind)
    summed = select(*key, func.sum(response_counts.c.n)).where(response_counts.c.wave_id.in_(wave_ids)).group_by(*key)
    return [(wave_id, kind, int(n)) for wave_id, kind, n in c.execute(summed)]


def spent(c: Connection, wave_ids: Sequence[int]) -> dict[int, int]:
    """Wave id → VND, of those for which a price was known."""
    summed = (
        select(spending.c.wave_id, func.sum(spending.c.vnd))
        .where(spending.c.wave_id.in_(wave_ids))
        .group_by(spending.c.wave_id)
    )
    return {wave_id: int(vnd) for wave_id, vnd in c.execute(summed)}
