"""Statements about receipts: stored as they come, matched with deliveries in batches."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from db.new_rows import insert_into
from db.tables import receipts


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


def of_refs(c: Connection, gateway: str, refs: Sequence[str]) -> list:
    """Every receipt for these ids of the gateway, applied or given up on, in the order they came."""
    statement = (
        select(receipts).where(receipts.c.gateway == gateway, receipts.c.ref.in_(refs)).order_by(receipts.c.id)
    )
    return c.execute(statement).all()


def applied(c: Connection, ids: Sequence[int], now: datetime) -> None:
    c.execute(update(receipts).where(receipts.c.id.in_(ids)).values(applied_at=now))
