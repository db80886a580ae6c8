"""An officer's own phone: the one number test messages go to. Sealed; shown in full only to its owner."""

from datetime import datetime
from zoneinfo import ZoneInfo

from db.engine import Database
from messages.errors import Mistake
from sms import numbers
from staff import audit, store

FIELD = "staff.number"
#: Numbers one officer may write down on one day in Vietnam: the right one and a slip, not a list of people.
MOST_CHANGES = 2
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def keep(db: Database, *, staff_id: int, text: str, now: datetime) -> str:
    """Writes down the number, as its owner typed it; returns it in E.164.

    Raises Mistake: own-number-wrong, own-number-changes (MOST_CHANGES of the day are used up).
    """
    number = numbers.read(text)
    if not number.valid:
        raise Mistake("own-number-wrong", number=text.strip()[:40])
    if number.e164 == of(db, staff_id):
        return number.e164
    with db.transaction() as c:
        store.lock_audit(c)  # two changes at once are counted one after the other
        if store.count_audit(c, "staff.number", f"staff:{staff_id}", since=_midnight(now)) >= MOST_CHANGES:
            raise Mistake("own-number-changes", most=MOST_CHANGES)
        store.change(c, staff_id, number_sealed=db.seal.seal(number.e164, FIELD))
        audit.record(c, at=now, actor=f"staff:{staff_id}", action="staff.number", object=f"staff:{staff_id}")
    return number.e164


def _midnight(now: datetime) -> datetime:
    return now.astimezone(_ZONE).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)


def forget(db: Database, *, staff_id: int, now: datetime) -> None:
    with db.transaction() as c:
        store.change(c, staff_id, number_sealed=None)
        audit.record(c, at=now, actor=f"staff:{staff_id}", action="staff.number-forgotten", object=f"staff:{staff_id}")


def of(db: Database, staff_id: int) -> str | None:
    """The officer's number in E.164; None when none was written down."""
    with db.reading() as c:
        sealed = store.number_sealed(c, staff_id)
    return db.seal.open(sealed, FIELD) if sealed else None
