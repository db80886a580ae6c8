"""An officer's own phone: the one number test messages go to. Sealed; shown in full only to its owner."""

from datetime import datetime

from db.engine import Database
from messages.errors import Mistake
from sms import numbers
from staff import audit, store

FIELD = "staff.number"


def keep(db: Database, *, staff_id: int, text: str, now: datetime) -> str:
    """Writes down the number, as its owner typed it; returns it in E.164. Raises Mistake: own-number-wrong."""
    number = numbers.read(text)
    if not number.valid:
        raise Mistake("own-number-wrong", number=text.strip()[:40])
    with db.transaction() as c:
        store.change(c, staff_id, number_sealed=db.seal.seal(number.e164, FIELD))
        audit.record(c, at=now, actor=f"staff:{staff_id}", action="staff.number", object=f"staff:{staff_id}")
    return number.e164


def forget(db: Database, *, staff_id: int, now: datetime) -> None:
    with db.transaction() as c:
        store.change(c, staff_id, number_sealed=None)
        audit.record(c, at=now, actor=f"staff:{staff_id}", action="staff.number-forgotten", object=f"staff:{staff_id}")


def of(db: Database, staff_id: int) -> str | None:
    """The officer's number in E.164; None when none was written down."""
    with db.reading() as c:
        sealed = store.number_sealed(c, staff_id)
    return db.seal.open(sealed, FIELD) if sealed else None
