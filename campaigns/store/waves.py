"""Statements about waves and the decisions on them. Opening (a wave's deliveries) stands in store/opening.py."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, exists, insert, or_, select, update

from campaigns.model import DeliveryStatus, Texts, Wave, WaveStatus
from campaigns.store.audience import lists_of
from db.tables import approvals, campaigns, message_versions, wave_counts, waves

S = DeliveryStatus
_IN_PARTS = waves.c.opening_after.is_not(None)


def add(c: Connection, row: Mapping[str, object]) -> int:
    return c.execute(insert(waves).values(**_stored(row)).returning(waves.c.id)).scalar_one()


def change(c: Connection, wave_id: int, **values: object) -> None:
    c.execute(update(waves).where(waves.c.id == wave_id).values(**_stored(values)))


def _stored(row: Mapping[str, object]) -> dict[str, object]:
    if "audience" not in row:
        return dict(row)
    return {**row, "audience": json.dumps(row["audience"], sort_keys=True)}


def _wave(row) -> Wave:
    return Wave(**{**row._mapping, "audience": json.loads(row.audience)})


def get(c: Connection, wave_id: int, *, lock: bool = False) -> Wave | None:
    """`lock` keeps two officers (or two openers) on PostgreSQL from taking a step at once; SQLite has one writer
    anyway.
    """
    statement = select(waves).where(waves.c.id == wave_id)
    row = c.execute(statement.with_for_update(key_share=True) if lock else statement).first()
    return row and _wave(row)


def all_waves(c: Connection, limit: int) -> list[Wave]:
    """Newest first."""
    return [_wave(row) for row in c.execute(select(waves).order_by(waves.c.id.desc()).limit(limit))]


def several(c: Connection, wave_ids: Sequence[int]) -> list[Wave]:
    """Those waves, in the order of `wave_ids`."""
    there = {row.id: _wave(row) for row in c.execute(select(waves).where(waves.c.id.in_(wave_ids)))}
    return [there[wave_id] for wave_id in wave_ids]


def with_status(c: Connection, *statuses: str) -> list[Wave]:
    statement = select(waves).where(waves.c.status.in_(statuses)).order_by(waves.c.id)
    return [_wave(row) for row in c.execute(statement)]


def due(c: Connection, now: datetime) -> list[Wave]:
    """Scheduled waves whose time has come."""
    statement = (
        select(waves)
        .where(waves.c.status == WaveStatus.SCHEDULED, or_(waves.c.starts_at.is_(None), waves.c.starts_at <= now))
        .order_by(waves.c.id)
    )
    return [_wave(row) for row in c.execute(statement)]


def being_opened(c: Connection) -> list[Wave]:
    """Waves of whose people some are not in yet."""
    return [_wave(row) for row in c.execute(select(waves).where(_IN_PARTS).order_by(waves.c.id))]


def any_being_opened(c: Connection, wave_ids: Sequence[int]) -> bool:
    """Whether one of these is."""
    return c.execute(select(waves.c.id).where(waves.c.id.in_(wave_ids), _IN_PARTS).limit(1)).first() is not None


def being_opened_alone(c: Connection, wave_id: int) -> Wave | None:
    """The wave, locked; None when it is wholly open, or another process opens it just now."""
    statement = select(waves).where(waves.c.id == wave_id, _IN_PARTS).with_for_update(key_share=True, skip_locked=True)
    row = c.execute(statement).first()
    return row and _wave(row)


def texts(c: Connection, version_id: int) -> Texts | None:
    columns = (message_versions.c.vi, message_versions.c.vi_unaccented, message_versions.c.en)
    row = c.execute(select(*columns).where(message_versions.c.id == version_id)).first()
    return row and Texts(*row)


def has_campaign(c: Connection, campaign_id: int) -> bool:
    return c.execute(select(campaigns.c.id).where(campaigns.c.id == campaign_id)).first() is not None


def decide(
    c: Connection, *, wave_id: int, digest: str, decision: str, by: int | None, note: str, at: datetime,
    plan: str | None = None, most: int | None = None,
) -> None:
    """`plan` is what was decided on, as campaigns.waves.changes keeps it; `most` how many people it covers."""
    row = {"wave_id": wave_id, "digest": digest, "decision": decision, "by": by, "note": note, "at": at, "plan": plan}
    c.execute(insert(approvals).values({**row, "most": most}))


def decisions(c: Connection, wave_id: int) -> list[Mapping[str, object]]:
    """Newest first."""
    statement = select(approvals).where(approvals.c.wave_id == wave_id).order_by(approvals.c.id.desc())
    return [dict(row) for row in c.execute(statement).mappings()]


def with_nothing_left(c: Connection, wave_id: int | None = None) -> list[int]:
    """Ids of the waves being sent (of this one only, when named) that have nothing left to hand over."""
    left = exists().where(
        wave_counts.c.wave_id == waves.c.id, wave_counts.c.status.in_([S.QUEUED, S.SENDING]), wave_counts.c.n > 0
    )
    mine = (waves.c.status == WaveStatus.SENDING, ~_IN_PARTS, ~left)
    statement = select(waves.c.id).where(*mine).order_by(waves.c.id)
    return list(c.execute(statement if wave_id is None else statement.where(waves.c.id == wave_id)).scalars())


def pause_sending(c: Connection, gateway: str, reason: str) -> list[int]:
    """Pauses every wave that sends through `gateway`; the ids of those."""
    statement = (
        update(waves)
        .where(waves.c.gateway == gateway, waves.c.status == WaveStatus.SENDING)
        .values(status=WaveStatus.PAUSED, pause_reason=reason)
        .returning(waves.c.id)
    )
    return list(c.execute(statement).scalars())


def cancelled_with_queue(c: Connection) -> list[int]:
    """Cancelled waves whose queued deliveries are still to be swept."""
    statement = select(waves.c.id).where(
        waves.c.status == WaveStatus.CANCELLED,
        exists().where(wave_counts.c.wave_id == waves.c.id, wave_counts.c.status == S.QUEUED, wave_counts.c.n > 0),
    )
    return list(c.execute(statement).scalars())


def paused_for(c: Connection, wave_ids: Collection[int], reason: str) -> set[int]:
    """Those of `wave_ids` that rest for this reason."""
    resting = (waves.c.status == WaveStatus.PAUSED, waves.c.pause_reason == reason)
    return set(c.execute(select(waves.c.id).where(waves.c.id.in_(wave_ids), *resting)).scalars())


def not_sending(c: Connection, wave_ids: Sequence[int]) -> set[int]:
    statement = select(waves.c.id).where(waves.c.id.in_(wave_ids), waves.c.status != WaveStatus.SENDING)
    return set(c.execute(statement).scalars())


def unfinished_on(c: Connection, list_id: int) -> int | None:
    """A wave that is not over and goes to this list, or leaves out who is on it, if there is one."""
    over = (WaveStatus.FINISHED, WaveStatus.CANCELLED)
    rows = c.execute(select(waves.c.id, waves.c.audience).where(waves.c.status.not_in(over)).order_by(waves.c.id))
    return next((row.id for row in rows if list_id in lists_of(json.loads(row.audience))), None)


def through(c: Connection, wave_ids: Collection[int], gateways: Collection[str]) -> set[int]:
    """Those of `wave_ids` that go through one of `gateways`."""
    found = select(waves.c.id).where(waves.c.id.in_(wave_ids), waves.c.gateway.in_(gateways))
    return set(c.execute(found).scalars())
