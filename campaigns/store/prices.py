"""Statements about what a segment costs."""

from sqlalchemy import Connection, select

from campaigns.store.new_rows import insert_into
from db.tables import prices


def put(c: Connection, row: dict[str, object]) -> None:
    """The price from that day on; one written for the same gateway, carrier and day before is replaced."""
    statement = insert_into(c, prices).values(row)
    c.execute(
        statement.on_conflict_do_update(
            index_elements=[prices.c.gateway, prices.c.carrier, prices.c.valid_from],
            set_={"vnd_per_segment": row["vnd_per_segment"], "note": row["note"]},
        )
    )


def on(c: Connection, gateway: str, day: str) -> dict[str, int]:
    """Carrier ("*" = any other) → VND per segment on `day` (ISO date)."""
    statement = (
        select(prices.c.carrier, prices.c.vnd_per_segment)
        .where(prices.c.gateway == gateway, prices.c.valid_from <= day)
        .order_by(prices.c.valid_from)
    )
    return {carrier: vnd for carrier, vnd in c.execute(statement)}


def every(c: Connection) -> list:
    return c.execute(select(prices).order_by(prices.c.gateway, prices.c.carrier, prices.c.valid_from)).all()
