"""Delivery receipts: stored as they come, applied in batches, in whatever order, number and delay they arrive."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from campaigns.deliveries import braking, outcomes, parts
from campaigns.deliveries.moving import Books, move
from campaigns.deliveries.recording import remember_people
from campaigns.store import deliveries as store
from campaigns.store import receipts as receipt_store
from db.engine import Database
from db.together import Together
from sms.gateway import Receipt

#: A receipt may overtake the answer to its message by this much; later an id nobody knows is given up on, in minutes.
PATIENCE_MINUTES = 10


class Receipts:
    """The door's side: what gateways report is on the disk when `take` returns; it is applied later, in batches."""

    def __init__(self, db: Database):
        self._together = Together(db, receipt_store.keep)

    def take(self, gateway: str, receipts: Sequence[Receipt], now: datetime) -> int:
        """Stores what a gateway reported; how many receipts were read. Repeats change nothing. Thread-safe."""
        if rows := [_row(gateway, receipt, now) for receipt in receipts]:
            self._together.add(rows)
        return len(rows)


def _row(gateway: str, receipt: Receipt, now: datetime) -> dict[str, object]:
    return {
        "gateway": gateway,
        "ref": receipt.ref,
        "status": receipt.status,
        "code": receipt.code or "",
        "delivery_id": _delivery_id(receipt.key),
        "received_at": now,
    }


def _delivery_id(key: str | None) -> int | None:
    """Our key in a receipt, when it is a delivery's; replies have keys of another form. At most 18 digits: a 64-bit
    id.
    """
    return int(key) if key and key.isascii() and key.isdecimal() and len(key) < 19 else None


def apply_receipts(db: Database, now: datetime, limit: int = 2000) -> Counter[str]:
    """Applies every stored receipt whose message is known, `limit` a transaction; how many deliveries went where."""
    counts: Counter[str] = Counter()
    after = 0
    while True:
        applied = Applied(Counter(), ())
        with db.transaction() as c:
            waiting = receipt_store.fresh(c, after, limit)
            if waiting:
                applied = _apply(c, waiting, now)
        counts += applied.counts
        braking.brake(db, applied.moves, now)
        if len(waiting) < limit:
            return counts
        after = waiting[-1].id


def _apply(c: Connection, waiting: Sequence, now: datetime) -> "Applied":
    matched = _matched(c, waiting)
    applied = apply(c, [matched[each.id] for each in waiting if each.id in matched], Books(), now)
    given_up = now - timedelta(minutes=PATIENCE_MINUTES)
    done = [each.id for each in waiting if each.id in matched or each.received_at < given_up]
    if done:
        receipt_store.applied(c, done, now)
    return applied


def _matched(c: Connection, waiting: Sequence) -> dict[int, tuple[int, object]]:
    """Receipt id → (delivery id, what it says of it), by our own key where the receipt carries it, else by the
    gateway's id of the message or of a part of it.
    """
    matched: dict[int, tuple[int, object]] = {}
    for gateway in sorted({each.gateway for each in waiting}):
        theirs = [each for each in waiting if each.gateway == gateway]
        keyed = [each.delivery_id for each in theirs if each.delivery_id is not None]
        known = store.through(c, gateway, keyed) if keyed else set()
        others = [each.ref for each in theirs if each.delivery_id not in known]
        by_ref = store.of_ref(c, gateway, others) if others else {}
        by_part = parts.combined(c, gateway, [ref for ref in others if ref not in by_ref])
        for each in theirs:
            delivery = each.delivery_id if each.delivery_id in known else by_ref.get(each.ref)
            if found := by_part.get(each.ref) if delivery is None else (delivery, each):
                matched[each.id] = found
    return matched


class Applied(NamedTuple):
    """How many deliveries went where, and the changes themselves."""

    counts: Counter[str]
    moves: Sequence[tuple]


def apply(c: Connection, pairs: Sequence[tuple[int, object]], books: Books, now: datetime) -> Applied:
    """Applies (delivery id, receipt row) pairs in their order; several may be about one delivery. Writes the books."""
    if not pairs:
        books.write(c)
        return Applied(Counter(), ())
    rows = {row.id: row for row in store.locked(c, sorted({delivery for delivery, _ in pairs}))}
    news: dict[int, dict[str, object]] = {}
    for delivery, receipt in pairs:
        standing = _Standing(rows[delivery], news.get(delivery))
        if after := outcomes.receipted(standing, receipt, now):
            news[delivery] = after
    moves = [(rows[delivery], after) for delivery, after in news.items()]
    counts = move(c, moves, books)
    books.write(c)
    remember_people(c, moves, now)
    return Applied(counts, moves)


class _Standing:
    """A row as it will stand once the changes already decided in this batch are written."""

    def __init__(self, row, changes: dict[str, object] | None):
        self._row, self._changes = row, changes or {}

    def __getattr__(self, name: str):
        return self._changes[name] if name in self._changes else getattr(self._row, name)
