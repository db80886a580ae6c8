"""Statements for rehearsals: the audience as it stands, in groups; how gateways fared lately; what was played."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, func, insert, or_, select

from campaigns.model import DeliveryStatus, Texts, Wave, WaveStatus
from campaigns.store import audience, opening
from db.tables import areas, contacts, rehearsals, wave_tally, waves

S = DeliveryStatus
#: How a message that was handed over may have fared.
FARED = (S.ACCEPTED, S.DELIVERED, S.UNDELIVERED, S.FAILED, S.UNKNOWN)


def crowds(c: Connection, wave: Wave, texts: Texts, *, leaves_machine: bool, now: datetime) -> list[Row]:
    """Rows (reason or None, reader, area, carrier, zone, n, first and last contact): one grouped look at all."""
    matters = audience.limit_matters(c, wave.id, now)
    reason = audience.skip_reason(wave, texts, leaves_machine=leaves_machine, limit_matters=matters, now=now)
    those = (
        reason.label("reason"),
        audience.reader().label("reader"),
        contacts.c.area,
        contacts.c.carrier,
        opening.zone().label("zone"),
    )
    people, belong = audience.people(wave.audience, now)
    counted = (func.count().label("n"), func.min(contacts.c.id).label("first"), func.max(contacts.c.id).label("last"))
    return list(c.execute(select(*those, *counted).select_from(people).where(belong).group_by(*those)))


def area_names(c: Connection) -> dict[str, str]:
    return dict(c.execute(select(areas.c.code, areas.c.name)).all())


def fared(c: Connection, gateway: str, since: datetime) -> dict[tuple[str, str], int]:
    """(status, reason or "") → messages of waves through `gateway` that were opened after `since`."""
    counted = (
        select(wave_tally.c.status, wave_tally.c.reason, func.sum(wave_tally.c.n))
        .join(waves, waves.c.id == wave_tally.c.wave_id)
        .where(waves.c.gateway == gateway, waves.c.opened_at > since, wave_tally.c.status.in_(FARED))
        .group_by(wave_tally.c.status, wave_tally.c.reason)
    )
    return {(status, reason): int(n) for status, reason, n in c.execute(counted) if n}


def neighbours(c: Connection, wave: Wave, ends: datetime, ways: Sequence[str]) -> list[int]:
    """Other waves through the same gateway, or one of `ways`, that are being sent, or are to begin before `ends`."""
    begins = func.coalesce(waves.c.opened_at, waves.c.starts_at)
    found = select(waves.c.id).where(
        waves.c.id != wave.id,
        waves.c.gateway.in_([wave.gateway, *ways]),
        waves.c.status.in_((WaveStatus.SENDING, WaveStatus.SCHEDULED)),
        or_(begins.is_(None), begins < ends),
    )
    return list(c.execute(found.order_by(waves.c.id)).scalars())


def keep(c: Connection, *, wave_id: int, at: datetime, by: int | None, result: str) -> int:
    row = {"wave_id": wave_id, "at": at, "by": by, "result": result}
    return c.execute(insert(rehearsals).values(**row).returning(rehearsals.c.id)).scalar_one()


def get(c: Connection, rehearsal_id: int) -> Mapping[str, object] | None:
    return c.execute(select(rehearsals).where(rehearsals.c.id == rehearsal_id)).mappings().first()


def of_wave(c: Connection, wave_id: int, limit: int) -> list[Mapping[str, object]]:
    """Newest first, without their results."""
    columns = (rehearsals.c.id, rehearsals.c.wave_id, rehearsals.c.at, rehearsals.c.by)
    newest = select(*columns).where(rehearsals.c.wave_id == wave_id).order_by(rehearsals.c.id.desc()).limit(limit)
    return list(c.execute(newest).mappings())
