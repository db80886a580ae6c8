"""Statements about test messages to officers' own phones."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, literal_column, select, update

from db.tables import message_versions, staff, test_sends

_SHOWN = (
    test_sends.c.id,
    test_sends.c.version_id,
    test_sends.c.form,
    test_sends.c.gateway,
    test_sends.c.status,
    test_sends.c.reason,
    test_sends.c.created_at,
    test_sends.c.sent_at,
)


def add(c: Connection, **values: object) -> int:
    return c.execute(insert(test_sends).values(**values).returning(test_sends.c.id)).scalar_one()


def lock_officer(c: Connection, staff_id: int) -> None:
    """Two tests asked for at once are counted one after the other; SQLite has one writer anyway."""
    c.execute(select(staff.c.id).where(staff.c.id == staff_id).with_for_update())


def count_since(c: Connection, staff_id: int, moment: datetime) -> int:
    statement = select(func.count()).where(test_sends.c.by == staff_id, test_sends.c.created_at >= moment)
    return c.execute(statement).scalar_one()


def of_message(c: Connection, message_id: int, *, staff_id: int, limit: int) -> list:
    """Newest first."""
    mine = (
        select(*_SHOWN)
        .join(message_versions, message_versions.c.id == test_sends.c.version_id)
        .where(message_versions.c.message_id == message_id, test_sends.c.by == staff_id)
    )
    return list(c.execute(mine.order_by(test_sends.c.id.desc()).limit(limit)))


def any_waiting(c: Connection) -> bool:
    waiting = select(test_sends.c.id).where(test_sends.c.status == literal_column("'to-send'")).limit(1)
    return c.execute(waiting).first() is not None


def claim(c: Connection, worker: str, limit: int) -> list:
    """The oldest that wait are now `worker`'s: rows with everything that sending them needs."""
    waiting = select(test_sends.c.id).where(test_sends.c.status == "to-send").order_by(test_sends.c.id).limit(limit)
    held = update(test_sends).where(test_sends.c.id.in_(waiting.with_for_update(skip_locked=True)))
    c.execute(held.values(status="sending", worker=worker))
    mine = select(test_sends, staff.c.demo).join(staff, staff.c.id == test_sends.c.by)
    return list(c.execute(mine.where(test_sends.c.status == "sending", test_sends.c.worker == worker)))


def refuse_waiting(c: Connection, reason: str, *, before: datetime | None = None) -> int:
    """Those that wait, or of them those asked for before a moment, have failed; how many."""
    statement = update(test_sends).where(test_sends.c.status == "to-send").values(status="failed", reason=reason)
    return c.execute(statement if before is None else statement.where(test_sends.c.created_at < before)).rowcount


def record(c: Connection, test_id: int, worker: str, **values: object) -> bool:
    """False when it is in other hands by now."""
    mine = (test_sends.c.id == test_id, test_sends.c.worker == worker, test_sends.c.status == "sending")
    return c.execute(update(test_sends).where(*mine).values(**values)).rowcount == 1


def holders(c: Connection) -> list[str]:
    return list(c.execute(select(test_sends.c.worker).where(test_sends.c.status == "sending").distinct()).scalars())


def give_up(c: Connection, workers: Sequence[str], reason: str) -> int:
    """What these workers hold is unknown from now on; how many."""
    held = (test_sends.c.status == "sending", test_sends.c.worker.in_(workers))
    return c.execute(update(test_sends).where(*held).values(status="unknown", reason=reason)).rowcount
