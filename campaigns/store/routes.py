"""Statements about routes, what falls to a gateway by them, and how gateways fare."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, literal, or_, select, true, update

from campaigns.model import DeliveryStatus, WaveStatus
from campaigns.routes import READERS, ROUTES, STEP, WHOLE, Kind, Part, Route
from campaigns.store.audience import reader
from campaigns.store.deliveries import stands, way
from db.new_rows import insert_into
from db.tables import contacts, deliveries, gateway_health, routes, waves

S = DeliveryStatus
#: Conditions on a delivery beside its contact, all of which must hold.
Falling = tuple[ColumnElement[bool], ...]
#: What became of messages that a gateway took.
_TAKEN = (S.ACCEPTED, S.DELIVERED, S.UNDELIVERED, S.FAILED)


def every(c: Connection) -> list[Route]:
    """In the order in which they are asked."""
    columns = (routes.c[name] for name in ("id", "position", "carrier", "language", "gateway", "weight"))
    return [Route(*row) for row in c.execute(select(*columns).order_by(routes.c.position, routes.c.id))]


def locked(c: Connection) -> list[Route]:
    """As `every`; nobody else changes the table until the transaction ends."""
    c.execute(select(routes.c.id).order_by(routes.c.id).with_for_update()).all()
    return every(c)


def add(c: Connection, row: Mapping[str, object]) -> int:
    return c.execute(insert(routes).values(row).returning(routes.c.id)).scalar_one()


def change(c: Connection, route_id: int, row: Mapping[str, object]) -> None:
    c.execute(update(routes).where(routes.c.id == route_id).values(row))


def remove(c: Connection, route_id: int) -> None:
    c.execute(delete(routes).where(routes.c.id == route_id))


def unfinished(c: Connection) -> int | None:
    """A wave by the table that has begun, or will by itself, and is not over."""
    over = (WaveStatus.FINISHED, WaveStatus.CANCELLED, WaveStatus.DRAFT, WaveStatus.SUBMITTED)
    those = select(waves.c.id).where(waves.c.gateway == ROUTES, waves.c.status.not_in(over))
    return c.execute(those.order_by(waves.c.id).limit(1)).scalar_one_or_none()


def falls_to(gateway: str, shares: Mapping[Kind, Sequence[Part]]) -> Falling | None:
    """What holds for a delivery beside its contact that falls to `gateway` now: nothing in particular where all do;
    None where none does.
    """
    own = {kind: [(p.first, p.end) for p in parts if p.gateway == gateway] for kind, parts in shares.items()}
    if not any(own.values()):
        return None
    if all(turns == [(0, WHOLE)] for turns in own.values()):
        return ()
    if len({tuple(turns) for turns in own.values()}) == 1:
        return (_turn_in(next(iter(own.values()))),)
    named = [carrier for carrier, _ in own if carrier is not None]
    return (or_(*(
        and_(_carried_by(carrier, named), *([] if same else [reader() == language]), _turn_in(turns))
        for carrier in dict.fromkeys(carrier for carrier, _ in own)
        for same in [own[carrier, READERS[0]] == own[carrier, READERS[1]]]
        for language in (READERS[:1] if same else READERS)
        if (turns := own[carrier, language])
    )),)


def _carried_by(carrier: str | None, named: Sequence[str]) -> ColumnElement[bool]:
    if carrier is not None:
        return contacts.c.carrier == carrier
    return contacts.c.carrier.not_in(named) if named else true()


def _turn_in(turns: Sequence[tuple[int, int]]) -> ColumnElement[bool]:
    if turns == [(0, WHOLE)]:
        return true()
    turn = (deliveries.c.id + deliveries.c.attempts * STEP) % WHOLE
    return or_(*(and_(turn >= first, turn < end) for first, end in turns))


def ways_of(c: Connection, wave_id: int, *, unknown_too: bool) -> list[str]:
    """The gateways through which messages of a wave are being sent (or nobody can tell of them)."""
    those = or_(stands(S.SENDING), stands(S.UNKNOWN)) if unknown_too else stands(S.SENDING)
    found = select(deliveries.c.gateway).where(deliveries.c.wave_id == wave_id, those).distinct()
    return sorted(name for name in c.execute(found).scalars() if name is not None)


# -- how they fare


def begin(c: Connection, gateway: str, now: datetime) -> None:
    """A gateway that was in no route is well until something else is known."""
    c.execute(insert_into(c, gateway_health).on_conflict_do_nothing(), {"gateway": gateway, "updated_at": now})


def forget_others(c: Connection, gateways: Sequence[str]) -> None:
    """Those that are in no route any more."""
    c.execute(delete(gateway_health).where(gateway_health.c.gateway.not_in(gateways)))


def weights(c: Connection) -> dict[str, float]:
    return dict(c.execute(select(gateway_health.c.gateway, gateway_health.c.weight)).all())


def health(c: Connection, *, lock: bool = False) -> list:
    statement = select(gateway_health).order_by(gateway_health.c.gateway)
    return list(c.execute(statement.with_for_update() if lock else statement))


def count(c: Connection, gateway: str, *, taken: int, troubled: int, last_id: int | None) -> None:
    """So many messages more; nothing when the gateway is in no route."""
    more = {"taken": gateway_health.c.taken + taken, "troubled": gateway_health.c.troubled + troubled}
    newest = func.coalesce(literal(last_id), gateway_health.c.last_id)
    c.execute(update(gateway_health).where(gateway_health.c.gateway == gateway).values(**more, last_id=newest))


def keep(c: Connection, gateway: str, row: Mapping[str, object]) -> None:
    c.execute(update(gateway_health).where(gateway_health.c.gateway == gateway).values(row))


def handed_over(c: Connection, gateway: str, first: int, last: int) -> list:
    """(sent_at, done_at) of the messages with these ids that the gateway took."""
    those = (deliveries.c.id.between(first, last), deliveries.c.sent_at.is_not(None), deliveries.c.status.in_(_TAKEN))
    found = select(deliveries.c.sent_at, deliveries.c.done_at).select_from(deliveries.join(waves))
    return list(c.execute(found.where(*those, way() == gateway)))
