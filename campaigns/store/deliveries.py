"""Statements about deliveries: taking them to be sent, and noting what became of them.

Statuses stand in the statements as literals, not as parameters: otherwise neither database dares to use the partial
indexes, and a claim reads the whole wave.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, literal, literal_column, or_, select

from campaigns import pacing
from campaigns.model import DeliveryStatus
from campaigns.store.audience import had_enough
from db.tables import contacts, deliveries, optouts, waves

S = DeliveryStatus


def stands(status: DeliveryStatus) -> ColumnElement[bool]:
    return deliveries.c.status == literal_column(f"'{status}'")


#: Under which carrier it is counted: that of the number when its wave opened. Prices go by that of today.
_COUNTED_UNDER = deliveries.c.carrier.label("counted_under")
_ADDRESS = (
    contacts.c.number_sealed,
    contacts.c.fields_sealed,
    contacts.c.language,
    contacts.c.carrier,
    contacts.c.dead,
    contacts.c.made_up,
    optouts.c.person_index.is_not(None).label("opted_out"),
)
_WITH_PEOPLE = deliveries.join(contacts, contacts.c.id == deliveries.c.contact_id).outerjoin(
    optouts, optouts.c.person_index == contacts.c.number_index
)


def way() -> ColumnElement[str]:
    """The gateway that a delivery, beside its wave, went through or would: its own where the wave has many."""
    return func.coalesce(deliveries.c.gateway, waves.c.gateway)


def next_queued(
    c: Connection, *, wave_id: int, zone: str | None, limit: int, after: int, limit_matters: bool, now: datetime,
    within: tuple[ColumnElement[bool], ...] = (),
) -> list:
    """Up to `limit` queued rows of a zone with ids above `after`, by id, locked, with who they are for and what forbids
    sending to them now; only those for which `within` holds. Rows another claim holds are passed over."""
    ready = or_(deliveries.c.next_try_at.is_(None), _due(now))
    enough = had_enough(now) if limit_matters else literal(False)
    statement = (
        select(deliveries.c.id, deliveries.c.contact_id, deliveries.c.area, deliveries.c.arm, deliveries.c.attempts,
               deliveries.c.maybe_since, _COUNTED_UNDER, *_ADDRESS, enough.label("had_enough"))
        .select_from(_WITH_PEOPLE)
        .where(deliveries.c.wave_id == wave_id, stands(S.QUEUED), in_zone(zone), deliveries.c.id > after)
        .where(ready, *within)
        # The zone is one and the same; PostgreSQL knows only so that the index gives the rows in this order.
        .order_by(deliveries.c.zone, deliveries.c.id)
        .limit(limit)
        .with_for_update(of=deliveries, skip_locked=True)
    )
    return c.execute(statement).all()


def _due(now: datetime) -> ColumnElement[bool]:
    """Its time has come, or was set by a clock that ran ahead."""
    return or_(deliveries.c.next_try_at <= now, deliveries.c.next_try_at > now + timedelta(seconds=pacing.MOST_WAIT))


def in_zone(zone: str | None) -> ColumnElement[bool]:
    return deliveries.c.zone.is_(None) if zone is None else deliveries.c.zone == zone


def up_to(last: int) -> ColumnElement[bool]:
    return deliveries.c.id <= last


def id_ahead(c: Connection, wave_id: int, zone: str | None, after: int, rows: int) -> int | None:
    """The id `rows` queued rows of the zone further on; None when there are fewer."""
    mine = (deliveries.c.wave_id == wave_id, stands(S.QUEUED), in_zone(zone), deliveries.c.id > after)
    ahead = select(deliveries.c.id).where(*mine).order_by(deliveries.c.zone, deliveries.c.id).limit(1).offset(rows)
    return c.execute(ahead).scalar_one_or_none()


_STANDING = (
    deliveries.c.id,
    deliveries.c.arm,
    deliveries.c.wave_id,
    deliveries.c.contact_id,
    deliveries.c.area,
    _COUNTED_UNDER,
    deliveries.c.status,
    deliveries.c.reason,
    deliveries.c.attempts,
    deliveries.c.worker,
    deliveries.c.ref,
    deliveries.c.segments,
    deliveries.c.vnd,
    deliveries.c.maybe_since,
    deliveries.c.gateway,
    deliveries.c.next_try_at,
    deliveries.c.sent_at,
    deliveries.c.done_at,
)


def locked(c: Connection, ids: Sequence[int]) -> list:
    """The rows as they stand, held until the end of the transaction, by id: the order in which everybody locks them."""
    statement = select(*_STANDING).where(deliveries.c.id.in_(ids)).order_by(deliveries.c.id).with_for_update()
    return c.execute(statement).all()


def lock_in_order(c: Connection, ids: Sequence[int]) -> None:
    """All that a transaction will change, before it changes any of it, by id like everybody: an UPDATE of PostgreSQL
    takes its rows in an order of its own, and the transaction of a receipt that holds one of them would wait for us
    while we wait for it. SQLite has one writer.
    """
    if c.dialect.name == "postgresql":
        rows = select(deliveries.c.id).where(deliveries.c.id.in_(ids)).order_by(deliveries.c.id)
        c.execute(rows.with_for_update()).all()


def of_ref(c: Connection, gateway: str, refs: Sequence[str]) -> dict[str, int]:
    """The gateway's own id → delivery id."""
    statement = (
        select(deliveries.c.ref, deliveries.c.id)
        .join(waves, waves.c.id == deliveries.c.wave_id)
        .where(deliveries.c.ref.in_(refs), deliveries.c.ref.is_not(None), way() == gateway)
    )
    return {ref: id for ref, id in c.execute(statement)}


def through(c: Connection, gateway: str, ids: Sequence[int]) -> set[int]:
    """Which of `ids` are deliveries that went through `gateway`, or would."""
    statement = (
        select(deliveries.c.id)
        .join(waves, waves.c.id == deliveries.c.wave_id)
        .where(deliveries.c.id.in_(ids), way() == gateway)
    )
    return set(c.execute(statement).scalars())


def queued(c: Connection, wave_id: int, limit: int) -> list[int]:
    statement = (
        select(deliveries.c.id)
        .where(deliveries.c.wave_id == wave_id, stands(S.QUEUED))
        .order_by(deliveries.c.zone, deliveries.c.id)  # as the index has them
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(c.execute(statement).scalars())


def next_try(c: Connection, wave_id: int, zone: str | None = None) -> datetime | None:
    """When the first delivery to the zone that waits for another attempt may go; None when none waits."""
    waits = deliveries.c.next_try_at.is_not(None)
    statement = (
        select(deliveries.c.next_try_at)
        .where(deliveries.c.wave_id == wave_id, stands(S.QUEUED), in_zone(zone), waits)
        .order_by(deliveries.c.next_try_at)
        .limit(1)
    )
    return c.execute(statement).scalar_one_or_none()


def holders(c: Connection) -> set[str | None]:
    """The workers named by rows that are being sent; None stands for rows whose worker could not tell what happened."""
    return set(c.execute(select(deliveries.c.worker).where(stands(S.SENDING)).distinct()).scalars())


def orphans(
    c: Connection,
    *,
    workers: Sequence[str],
    now: datetime,
    wave_id: int | None,
    gateway: str | None,
    unknown_too: bool,
    after: int,
    limit: int,
) -> list:
    """Rows nobody is working on any more, by id: those being sent by one of `workers`, those whose sender heard no
    answer and whose time to ask has come; with `unknown_too` also those given up on. `gateway`: only those it got, of a
    wave that has many."""
    unheard = and_(deliveries.c.worker.is_(None), _due(now))
    lost = and_(stands(S.SENDING), or_(unheard, deliveries.c.worker.in_(workers)))
    conditions = [or_(lost, stands(S.UNKNOWN)) if unknown_too else lost, deliveries.c.id > after]
    if wave_id is not None:
        conditions.append(deliveries.c.wave_id == wave_id)
    if gateway is not None:
        conditions.append(deliveries.c.gateway == gateway)
    found = select(*_STANDING, *_ADDRESS).select_from(_WITH_PEOPLE).where(*conditions)
    return c.execute(found.order_by(deliveries.c.id).limit(limit)).all()


def waves_being_sent(c: Connection) -> list[int]:
    return list(c.execute(select(deliveries.c.wave_id).where(stands(S.SENDING)).distinct()).scalars())
