"""Statements about deliveries: taking them to be sent, and noting what became of them.

Statuses stand in the statements as literals, not as parameters: otherwise neither database dares to use the partial
indexes, and a claim reads the whole wave.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Text,
    and_,
    func,
    literal,
    literal_column,
    or_,
    select,
    update,
)

from campaigns.model import DeliveryStatus
from campaigns.store.audience import had_enough
from campaigns.store.many_rows import table_of
from db.tables import contacts, deliveries, optouts, waves
from db.types import utc_text

S = DeliveryStatus


def stands(status: DeliveryStatus) -> ColumnElement[bool]:
    return deliveries.c.status == literal_column(f"'{status}'")


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


def next_queued(
    c: Connection, *, wave_id: int, zone: str | None, limit: int, after: int, limit_matters: bool, now: datetime
) -> list:
    """Up to `limit` queued rows of a zone with ids above `after`, by id, locked, with who they are for and what forbids
    sending to them now. Rows another claim holds are passed over."""
    ready = or_(deliveries.c.next_try_at.is_(None), deliveries.c.next_try_at <= now)
    enough = had_enough(now) if limit_matters else literal(False)
    statement = (
        select(deliveries.c.id, deliveries.c.contact_id, deliveries.c.area, deliveries.c.arm, deliveries.c.attempts,
               *_ADDRESS, enough.label("had_enough"))
        .select_from(_WITH_PEOPLE)
        .where(deliveries.c.wave_id == wave_id, stands(S.QUEUED), in_zone(zone), deliveries.c.id > after, ready)
        # The zone is one and the same; PostgreSQL knows only so that the index gives the rows in this order.
        .order_by(deliveries.c.zone, deliveries.c.id)
        .limit(limit)
        .with_for_update(of=deliveries, skip_locked=True)
    )
    return c.execute(statement).all()


def in_zone(zone: str | None) -> ColumnElement[bool]:
    return deliveries.c.zone.is_(None) if zone is None else deliveries.c.zone == zone


def hold(c: Connection, rows: Sequence[tuple[int, int | None, int | None]], worker: str, now: datetime) -> None:
    """These (id, segments, VND), locked by `next_queued`, are `worker`'s to send; each hold counts as an attempt."""
    given = table_of(c, {"id": BigInteger, "segments": Integer, "vnd": Integer}, rows)
    held = {"status": str(S.SENDING), "worker": worker, "attempts": deliveries.c.attempts + 1, "sent_at": now}
    known = {"segments": given.c.segments, "vnd": given.c.vnd}
    c.execute(update(deliveries).where(deliveries.c.id == given.c.id).values(**held, **known, next_try_at=None))


_STANDING = (
    deliveries.c.id,
    deliveries.c.arm,
    deliveries.c.wave_id,
    deliveries.c.contact_id,
    deliveries.c.area,
    deliveries.c.status,
    deliveries.c.reason,
    deliveries.c.attempts,
    deliveries.c.worker,
    deliveries.c.ref,
    deliveries.c.segments,
    deliveries.c.vnd,
    deliveries.c.next_try_at,
    deliveries.c.sent_at,
    deliveries.c.done_at,
)


def locked(c: Connection, ids: Sequence[int]) -> list:
    """The rows as they stand, held until the end of the transaction, by id: the order in which everybody locks them."""
    statement = select(*_STANDING).where(deliveries.c.id.in_(ids)).order_by(deliveries.c.id).with_for_update()
    return c.execute(statement).all()


#: What `write` writes, besides the id it writes to.
WRITTEN = {
    "status": Text,
    "reason": Text,
    "worker": Text,
    "ref": Text,
    "segments": Integer,
    "vnd": Integer,
    "next_try_at": Text,
    "sent_at": Text,
    "done_at": Text,
}


def write(c: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Rows keyed like the columns: the id and all of WRITTEN."""
    if not rows:
        return
    values = [(row["id"], *(_plain(row[name]) for name in WRITTEN)) for row in rows]
    given = table_of(c, {"id": BigInteger, **WRITTEN}, values)
    changes = {name: given.c[name] for name in WRITTEN}
    c.execute(update(deliveries).values(changes).where(deliveries.c.id == given.c.id))


def _plain(value: object) -> object:
    return utc_text(value) if isinstance(value, datetime) else value


def accept(c: Connection, worker: str, rows: Sequence[tuple[int, int, str | None, int, int | None]]) -> list:
    """The usual case in one statement: of these (id, attempt, ref, segments, VND), those this worker still holds are
    accepted. Returns (id, wave_id, area) of them.
    """
    columns = {"id": BigInteger, "attempt": Integer, "ref": Text, "segments": Integer, "vnd": Integer}
    given = table_of(c, columns, rows)
    statement = (
        update(deliveries)
        .values(status=str(S.ACCEPTED), ref=given.c.ref, segments=given.c.segments, vnd=given.c.vnd)
        .where(
            deliveries.c.id == given.c.id,
            stands(S.SENDING),
            # No bare column: SQLite would go through all that is being sent, by the index on worker, instead of by id.
            func.coalesce(deliveries.c.worker, "") == worker,
            deliveries.c.attempts == given.c.attempt,
        )
        .returning(deliveries.c.id, deliveries.c.wave_id, deliveries.c.area)
    )
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
        .where(deliveries.c.ref.in_(refs), deliveries.c.ref.is_not(None), waves.c.gateway == gateway)
    )
    return {ref: id for ref, id in c.execute(statement)}


def through(c: Connection, gateway: str, ids: Sequence[int]) -> set[int]:
    """Which of `ids` are deliveries of waves that send through `gateway`."""
    statement = (
        select(deliveries.c.id)
        .join(waves, waves.c.id == deliveries.c.wave_id)
        .where(deliveries.c.id.in_(ids), waves.c.gateway == gateway)
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
    unknown_too: bool,
    after: int,
    limit: int,
) -> list:
    """Rows nobody is working on any more, by id: those being sent by one of `workers`, those whose sender heard no
    answer and whose time to ask has come; with `unknown_too` also those given up on."""
    unheard = and_(deliveries.c.worker.is_(None), deliveries.c.next_try_at <= now)
    lost = and_(stands(S.SENDING), or_(unheard, deliveries.c.worker.in_(workers)))
    conditions = [or_(lost, stands(S.UNKNOWN)) if unknown_too else lost, deliveries.c.id > after]
    if wave_id is not None:
        conditions.append(deliveries.c.wave_id == wave_id)
    found = select(*_STANDING, *_ADDRESS).select_from(_WITH_PEOPLE).where(*conditions)
    return c.execute(found.order_by(deliveries.c.id).limit(limit)).all()


def waves_being_sent(c: Connection) -> list[int]:
    return list(c.execute(select(deliveries.c.wave_id).where(stands(S.SENDING)).distinct()).scalars())
