"""Statements about the zones (countries with hours of their own) in which something of a wave is queued."""

from sqlalchemy import Connection, func, select

from campaigns.model import DeliveryStatus
from campaigns.store.deliveries import in_zone, stands
from db.tables import deliveries

S = DeliveryStatus


def waits_in(c: Connection, wave_id: int, zone: str | None) -> bool:
    """Whether anything of the wave is queued for readers in the zone."""
    return c.execute(_waiting(wave_id, zone).limit(1)).first() is not None


def _waiting(wave_id: int, zone: str | None):
    """In the index's order: else PostgreSQL, whose figures of a wave are old while it is sent, reads all the table."""
    waiting = select(deliveries.c.id).where(deliveries.c.wave_id == wave_id, stands(S.QUEUED), in_zone(zone))
    return waiting.order_by(deliveries.c.zone, deliveries.c.id)


def how_many_wait(c: Connection, wave_id: int, zone: str | None, most: int) -> int:
    """Deliveries of the wave queued for the zone; counted up to `most`."""
    those = _waiting(wave_id, zone).limit(most).subquery()
    return c.execute(select(func.count()).select_from(those)).scalar_one()


def zone_after(c: Connection, wave_id: int, zone: str | None) -> str | None:
    """The next zone with something queued, by name; Vietnam (None) comes before all others."""
    later = deliveries.c.zone > (zone or "")
    statement = select(deliveries.c.zone).where(deliveries.c.wave_id == wave_id, stands(S.QUEUED), later)
    return c.execute(statement.order_by(deliveries.c.zone).limit(1)).scalar_one_or_none()
