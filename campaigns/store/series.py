"""Statements about series, and about the waves that are their occurrences."""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, and_, insert, or_, select, update

from campaigns.model import APPROVAL_VOID, WaveStatus
from campaigns.store.audience import lists_of
from db.tables import series, waves

#: Where a wave still waits to be opened.
UNOPENED = (WaveStatus.DRAFT, WaveStatus.SUBMITTED, WaveStatus.APPROVED, WaveStatus.SCHEDULED, WaveStatus.PAUSED)


def add(c: Connection, row: Mapping[str, object]) -> int:
    return c.execute(insert(series).values(**_stored(row)).returning(series.c.id)).scalar_one()


def change(c: Connection, series_id: int, **values: object) -> None:
    c.execute(update(series).where(series.c.id == series_id).values(**_stored(values)))


def _stored(row: Mapping[str, object]) -> dict[str, object]:
    if "audience" not in row:
        return dict(row)
    return {**row, "audience": json.dumps(row["audience"], sort_keys=True)}


def _row(row: Mapping) -> dict[str, object]:
    return {**row, "audience": json.loads(row["audience"])}


def get(c: Connection, series_id: int, *, lock: bool = False) -> dict[str, object] | None:
    """`lock` keeps two officers, or two makers of waves, from taking a step at once on PostgreSQL."""
    statement = select(series).where(series.c.id == series_id)
    row = c.execute(statement.with_for_update(key_share=True) if lock else statement).mappings().first()
    return row and _row(row)


def every(c: Connection, campaign_id: int | None = None) -> list[dict[str, object]]:
    """Newest first; of one campaign when it is given."""
    statement = select(series).order_by(series.c.id.desc())
    if campaign_id is not None:
        statement = statement.where(series.c.campaign_id == campaign_id)
    return [_row(row) for row in c.execute(statement).mappings()]


def with_status(c: Connection, *statuses: str) -> list[dict[str, object]]:
    found = c.execute(select(series).where(series.c.status.in_(statuses)).order_by(series.c.id))
    return [_row(row) for row in found.mappings()]


def occurrences(c: Connection, series_id: int, limit: int) -> list[int]:
    """Ids of its waves, the newest first."""
    found = select(waves.c.id).where(waves.c.series_id == series_id).order_by(waves.c.series_day.desc())
    return list(c.execute(found.limit(limit)).scalars())


def wave_of(c: Connection, series_id: int, day: str) -> int | None:
    found = select(waves.c.id).where(waves.c.series_id == series_id, waves.c.series_day == day)
    return c.execute(found).scalar_one_or_none()


def unopened(c: Connection, series_id: int) -> Sequence[int]:
    """Its waves that have not begun and are not given up."""
    found = select(waves.c.id).where(
        waves.c.series_id == series_id, waves.c.opened_at.is_(None), waves.c.status.in_(UNOPENED)
    )
    return c.execute(found.order_by(waves.c.id)).scalars().all()


def not_begun(c: Connection) -> Sequence[int]:
    """Scheduled waves of any series, and those paused because somebody joined after they were approved."""
    voided = and_(waves.c.status == WaveStatus.PAUSED, waves.c.pause_reason == APPROVAL_VOID)
    found = select(waves.c.id).where(
        waves.c.series_id.is_not(None), waves.c.opened_at.is_(None), or_(waves.c.status == WaveStatus.SCHEDULED, voided)
    )
    return c.execute(found.order_by(waves.c.id)).scalars().all()


def unfinished_on(c: Connection, list_id: int) -> str | None:
    """The name of a series that has not ended and goes to this list, or leaves out who is on it, if there is one."""
    rows = c.execute(select(series.c.name, series.c.audience).where(series.c.status != "ended").order_by(series.c.id))
    return next((row.name for row in rows if list_id in lists_of(json.loads(row.audience))), None)
