"""What a segment costs, per gateway and carrier, from a day on, and what a pound is worth. A price nobody wrote down is
not guessed; one that held is never changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campaigns.model import actor
from campaigns.pacing import ZONE
from campaigns.store import prices as store
from db.engine import Database
from messages.errors import Mistake
from staff import audit

#: The carrier of a price that holds for every carrier without one of its own.
ANY = "*"
GBP = "GBP"
#: VND: more than any price of a segment or unit of a currency; what is larger is a slip of the finger.
MOST_VND = 10_000_000
#: Characters of a note.
LONGEST_NOTE = 200


@dataclass(frozen=True)
class Price:
    """VND per segment through `gateway` to `carrier`, from that day on until the next one of the same pair."""

    gateway: str
    carrier: str
    vnd_per_segment: int
    valid_from: date
    note: str


@dataclass(frozen=True)
class Rate:
    """VND for one unit of `currency`, from that day on."""

    currency: str
    vnd: int
    valid_from: date
    note: str


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
    """Writes down a price in VND per segment, valid from that day (Vietnam's calendar).

    A price that held already is never changed: a new one begins today or later, only the first of a gateway and
    carrier may begin earlier. Raises Mistake: price-wrong, price-in-the-past.
    """
    if not 0 <= vnd_per_segment <= MOST_VND:
        raise Mistake("price-wrong", price=vnd_per_segment)
    row = {
        "gateway": gateway,
        "carrier": carrier,
        "vnd_per_segment": vnd_per_segment,
        "valid_from": valid_from.isoformat(),
        "note": _line(note),
    }
    with db.transaction() as c:
        before = [dict(each) for each in store.of(c, gateway, carrier)]
        if row in before:
            return
        _check_day(valid_from, before, now)
        store.put(c, row)
        audit.record(c, at=now, actor=actor(by), action="prices.put", object=f"gateway:{gateway}", detail=row)


def put_rate(
    db: Database, *, vnd: int, valid_from: date, currency: str = GBP, note: str = "", by: int | None, now: datetime
) -> None:
    """Writes down what one unit of `currency` is worth in VND from that day on; the same rule as for prices.

    Raises Mistake: rate-of-exchange-wrong, price-in-the-past.
    """
    if not 0 < vnd <= MOST_VND:
        raise Mistake("rate-of-exchange-wrong", rate=vnd)
    row = {"currency": currency, "vnd": vnd, "valid_from": valid_from.isoformat(), "note": _line(note)}
    with db.transaction() as c:
        before = [dict(each) for each in store.rates(c, currency)]
        if row in before:
            return
        _check_day(valid_from, before, now)
        store.put_rate(c, row)
        audit.record(c, at=now, actor=actor(by), action="prices.rate", object=f"currency:{currency}", detail=row)


def _check_day(valid_from: date, before: Sequence[Mapping], now: datetime) -> None:
    if before and valid_from < now.astimezone(ZONE).date():
        raise Mistake("price-in-the-past", day=valid_from.strftime("%d/%m/%Y"))


def _line(note: str) -> str:
    return " ".join(note.split())[:LONGEST_NOTE]


def table(db: Database) -> list[Price]:
    """Every price ever written, by gateway and carrier, the newest day first."""
    with db.reading() as c:
        return [Price(**{**row, "valid_from": date.fromisoformat(row["valid_from"])}) for row in store.every(c)]


def on(db: Database, gateway: str, moment: datetime) -> dict[str, int]:
    """Carrier → VND per segment in force at `moment`."""
    with db.reading() as c:
        return store.on(c, gateway, moment.astimezone(ZONE).date().isoformat())


def rates(db: Database, currency: str = GBP) -> list[Rate]:
    """Every rate of exchange ever written, the newest day first."""
    with db.reading() as c:
        found = store.rates(c, currency)
    return [Rate(**{**row, "valid_from": date.fromisoformat(row["valid_from"])}) for row in found]


def rate_on(db: Database, moment: datetime, currency: str = GBP) -> int | None:
    """VND for one unit of `currency` in force at `moment`; None when nobody wrote one down."""
    day = moment.astimezone(ZONE).date()
    return next((rate.vnd for rate in rates(db, currency) if rate.valid_from <= day), None)


def price_of(carrier: str, known: Mapping[str, int]) -> int | None:
    """VND per segment to `carrier` at the prices `known`."""
    return known.get(carrier, known.get(ANY))


def cost(segments: Mapping[str, float], known: Mapping[str, int]) -> int | None:
    """VND for carrier → segments at the prices `known`; None when one of them has no price.

    >>> cost({"viettel": 10, "vinaphone": 2}, {"viettel": 400, "*": 500})
    5000
    """
    total = 0.0
    for carrier, count in segments.items():
        price = price_of(carrier, known)
        if price is None and count:
            return None
        total += count * (price or 0)
    return round(total)
