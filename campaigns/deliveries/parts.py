"""Messages whose parts are reported one by one (SMPP): delivered when all parts are, lost when one is.

Which part belongs to which delivery stands beside the receipts, so that any process can put them together, and after a
crash too.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from campaigns.deliveries.claiming import Claimed
from campaigns.model import KNOWLEDGE, DeliveryStatus
from campaigns.store import receipts as store
from sms.gateway import Outcome

S = DeliveryStatus


class Combined(NamedTuple):
    """What the receipts of all parts say of the message; to be read like a receipt."""

    status: str
    code: str
    ref: str
    received_at: datetime


def note(c: Connection, gateway: str, results: Sequence[tuple[Claimed, Outcome]], now: datetime) -> None:
    """Remembers the ids of the parts of what was accepted."""
    rows = [(ref, claimed.id) for claimed, outcome in results for ref in outcome.parts]
    if rows:
        store.note_parts(c, gateway, rows, now)


def combined(c: Connection, gateway: str, refs: Sequence[str]) -> Mapping[str, tuple[int, Combined]]:
    """Of these ids, those of parts: id → (delivery, what is known of its message by now)."""
    of_parts = store.of_parts(c, gateway, refs) if refs else []
    everybody = {part for row in of_parts for part in row.whole.split(",")}
    reported: dict[str, list] = {}
    for receipt in store.of_refs(c, gateway, sorted(everybody)) if everybody else ():
        reported.setdefault(receipt.ref, []).append(receipt)
    return {row.part: (row.delivery_id, _message(row.whole, reported)) for row in of_parts}


def _message(whole: str, reported: Mapping[str, Sequence]) -> Combined:
    """The first part that was lost decides; else the one of which least is known."""
    last = [_final(reported.get(part, ())) for part in whole.split(",")]
    known = [receipt for receipt in last if receipt is not None]
    lost = [receipt for receipt in known if receipt.status in (S.UNDELIVERED, S.FAILED)]
    if lost:
        return Combined(lost[0].status, lost[0].code, whole, lost[0].received_at)
    newest = max(receipt.received_at for receipt in known)
    delivered = len(known) == len(last) and all(receipt.status == S.DELIVERED for receipt in known)
    return Combined(str(S.DELIVERED if delivered else S.ACCEPTED), "", whole, newest)


def _final(receipts: Sequence):
    """Of the receipts of one part that which says most; the first of those that say as much."""
    return max(receipts, key=lambda receipt: KNOWLEDGE[DeliveryStatus(receipt.status)], default=None)
