"""What a segment costs, per gateway and carrier, from a day on. A price nobody wrote down is not guessed."""

from collections.abc import Mapping
from datetime import date, datetime

from campaigns.model import actor
from campaigns.pacing import ZONE
from campaigns.store import prices as store
from db.engine import Database
from messages.errors import Mistake
from staff import audit

#: The carrier of a price that holds for every carrier without one of its own.
ANY = "*"


def put(
    db: Database,
    *,
    gateway: str,
    vnd_per_segment: int,
    valid_from: date,
    carrier: str = ANY,
    note: str = "",
    by: int | None,
    now: datetime,
) -> None:
    """Writes down a price in VND per segment, valid from that day (Vietnam's calendar). Raises Mistake: price-wrong."""
    if vnd_per_segment < 0:
        raise Mistake("price-wrong", price=vnd_per_segment)
    row = {
        "gateway": gateway,
        "carrier": carrier,
        "vnd_per_segment": vnd_per_segment,
        "valid_from": valid_from.isoformat(),
        "note": note,
    }
    with db.transaction() as c:
        store.put(c, row)
        audit.record(c, at=now, actor=actor(by), action="prices.put", object=f"gateway:{gateway}", detail=row)


def table(db: Database) -> list[Mapping[str, object]]:
    """Every price ever written, by gateway, carrier and day."""
    with db.reading() as c:
        return [row._mapping for row in store.every(c)]


def on(db: Database, gateway: str, moment: datetime) -> dict[str, int]:
    """Carrier → VND per segment in force at `moment`."""
    with db.reading() as c:
        return store.on(c, gateway, moment.astimezone(ZONE).date().isoformat())


def cost(segments: Mapping[str, float], known: Mapping[str, int]) -> int | None:
    """VND for carrier → segments at the prices `known`; None when one of them has no price.

    >>> cost({"viettel": 10, "vinaphone": 2}, {"viettel": 400, "*": 500})
    5000
    """
    total = 0.0
    for carrier, count in segments.items():
        price = known.get(carrier, known.get(ANY))
        if price is None and count:
            return None
        total += count * (price or 0)
    return round(total)
