"""Statements about receipts: stored as they come, matched with deliveries in batches."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from db.new_rows import insert_into
from db.tables import deliveries, receipts


def keep(c: Connection, rows: Sequence[dict[str, object]]) -> None:
    """A receipt that is there already stays as it is."""
    statement = insert_into(c, receipts).on_conflict_do_nothing(
        index_elements=[receipts.c.gateway, receipts.c.ref, receipts.c.status]
    )
    c.execute(statement, rows)


def fresh(c: Connection, after: int, limit: int) -> list:
    """Receipts not applied yet, in the order they came, from id `after` on."""
    statement = (
        select(receipts)
        .where(receipts.c.applied_at.is_(None), receipts.c.id > after)
        .order_by(receipts.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return c.execute(statement).all()


#: The status of rows that are no receipts: they say which delivery a part belongs to.
PART = "part"


def note_parts(c: Connection, gateway: str, parts: Sequence[tuple[str, int]], now: datetime) -> None:
    """These (id of a part, delivery id) are parts of messages; what is noted already stays."""
    same = {"gateway": gateway, "status": PART, "code": "", "received_at": now, "applied_at": now}
    statement = insert_into(c, receipts).on_conflict_do_nothing(
        index_elements=[receipts.c.gateway, receipts.c.ref, receipts.c.status]
    )
    c.execute(statement, [{"ref": ref, "delivery_id": delivery_id, **same} for ref, delivery_id in parts])


def of_parts(c: Connection, gateway: str, refs: Sequence[str]) -> list:
    """(part, delivery_id, whole) of those ids that are parts; `whole` is the id of the message."""
    whole = deliveries.c.ref.label("whole")
    statement = (
        select(receipts.c.ref.label("part"), receipts.c.delivery_id, whole)
        .join(deliveries, deliveries.c.id == receipts.c.delivery_id)
        .where(receipts.c.gateway == gateway, receipts.c.status == PART, receipts.c.ref.in_(refs), whole.is_not(None))
    )
    return c.execute(statement).all()


def of_refs(c: Connection, gateway: str, refs: Sequence[str]) -> list:
    """Every receipt for these ids of the gateway, applied or given up on, in the order they came."""
    statement = (
        select(receipts)
        .where(receipts.c.gateway == gateway, receipts.c.ref.in_(refs), receipts.c.status != PART)
        .order_by(receipts.c.id)
    )
    return c.execute(statement).all()


def applied(c: Connection, ids: Sequence[int], now: datetime) -> None:
    c.execute(update(receipts).where(receipts.c.id.in_(ids)).values(applied_at=now))
