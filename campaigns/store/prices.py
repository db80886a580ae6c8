"""Statements about what a segment costs and what a currency is worth."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from db.new_rows import insert_into
from db.tables import exchange_rates, prices

_PRICE = (prices.c.gateway, prices.c.carrier, prices.c.vnd_per_segment, prices.c.valid_from, prices.c.note)
_RATE = (exchange_rates.c.currency, exchange_rates.c.vnd, exchange_rates.c.valid_from, exchange_rates.c.note)


def put(c: Connection, row: Mapping[str, object]) -> None:
    """The price from that day on; one written for the same gateway, carrier and day before is replaced."""
    statement = insert_into(c, prices).values(row)
    c.execute(
        statement.on_conflict_do_update(
            index_elements=[prices.c.gateway, prices.c.carrier, prices.c.valid_from],
            set_={"vnd_per_segment": row["vnd_per_segment"], "note": row["note"]},
        )
    )


def of(c: Connection, gateway: str, carrier: str) -> Sequence[Mapping]:
    """Every price of the pair."""
    return c.execute(select(*_PRICE).where(prices.c.gateway == gateway, prices.c.carrier == carrier)).mappings().all()


def on(c: Connection, gateway: str, day: str) -> dict[str, int]:
    """Carrier ("*" = any other) → VND per segment on `day` (ISO date)."""
    statement = (
        select(prices.c.carrier, prices.c.vnd_per_segment)
        .where(prices.c.gateway == gateway, prices.c.valid_from <= day)
        .order_by(prices.c.valid_from)
    )
    return {carrier: vnd for carrier, vnd in c.execute(statement)}


def every(c: Connection) -> Sequence[Mapping]:
    """Every price by gateway and carrier, the newest day first."""
    ordered = select(*_PRICE).order_by(prices.c.gateway, prices.c.carrier, prices.c.valid_from.desc())
    return c.execute(ordered).mappings().all()


def put_rate(c: Connection, row: Mapping[str, object]) -> None:
    """The rate from that day on; one written for the same currency and day before is replaced."""
    statement = insert_into(c, exchange_rates).values(row)
    c.execute(
        statement.on_conflict_do_update(
            index_elements=[exchange_rates.c.currency, exchange_rates.c.valid_from],
            set_={"vnd": row["vnd"], "note": row["note"]},
        )
    )


def rates(c: Connection, currency: str) -> Sequence[Mapping]:
    """Every rate, the newest day first."""
    of_it = select(*_RATE).where(exchange_rates.c.currency == currency)
    return c.execute(of_it.order_by(exchange_rates.c.valid_from.desc())).mappings().all()
