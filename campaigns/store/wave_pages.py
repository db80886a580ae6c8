"""Statements for pages of waves: never more rows than a page shows, whatever there are."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, exists, func, nulls_last, select

from campaigns.model import Wave, WaveStatus
from campaigns.store.spending import Amount
from campaigns.store.waves import several
from db.tables import approvals, spending, waves

#: Still to come: the next one first, those without a day of their own last.
_SOON = (nulls_last(waves.c.starts_at.asc()), waves.c.id)


def counts(c: Connection) -> dict[str, int]:
    """Status → how many waves."""
    return {status: n for status, n in c.execute(select(waves.c.status, func.count()).group_by(waves.c.status))}


def page(c: Connection, statuses: Collection[str], *, limit: int, offset: int) -> list[Wave]:
    """Newest first."""
    return _waves(c, _of(statuses), (waves.c.id.desc(),), limit, offset)


def opened(c: Connection, limit: int, start: datetime | None, end: datetime | None) -> list[Wave]:
    """Waves that opened (from `start` on, before `end`), the newest opening first."""
    at = waves.c.opened_at
    where = [at.is_not(None), *([at >= start] if start else []), *([at < end] if end else [])]
    return _waves(c, where, (at.desc(), waves.c.id.desc()), limit, 0)


def coming(c: Connection, limit: int) -> list[Wave]:
    """Waves that will go out by themselves, the next one first."""
    return _waves(c, _of((WaveStatus.APPROVED, WaveStatus.SCHEDULED)), _SOON, limit, 0)


def returned_to(c: Connection, author_id: int, limit: int) -> list[Wave]:
    """Drafts of an officer that somebody returned and nobody has sent for approval since, the newest first."""
    newest = select(func.max(approvals.c.id)).where(approvals.c.wave_id == waves.c.id).correlate(waves)
    returned = exists().where(approvals.c.id == newest.scalar_subquery(), approvals.c.decision == "returned")
    where = [*_of((WaveStatus.DRAFT,)), waves.c.author_id == author_id, returned]
    return _waves(c, where, (waves.c.id.desc(),), limit, 0)


def used_on(c: Connection, day: str) -> Amount:
    """What all waves together handed over and spent on a day in Vietnam (ISO)."""
    sums = (func.coalesce(func.sum(spending.c[name]), 0) for name in Amount._fields)
    return Amount(*map(int, c.execute(select(*sums).where(spending.c.day == day)).one()))


def _of(statuses: Collection[str]) -> list[ColumnElement[bool]]:
    return [waves.c.status.in_(statuses)] if statuses else []


def _waves(c: Connection, where: list, order: Sequence, limit: int, offset: int) -> list[Wave]:
    ids = c.execute(select(waves.c.id).where(*where).order_by(*order).limit(limit).offset(offset)).scalars()
    return several(c, list(ids))
