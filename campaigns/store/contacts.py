"""Statements about contacts, many rows at a time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, text, update

from campaigns.store.bulk import insert_rows, marks, present
from campaigns.store.new_rows import insert_into
from db.tables import contacts, lists
from db.types import utc_text

#: An advisory lock of its own: 7460 migrations, 7461 audit, 7462 daily limit, 7463 job queue.
_IMPORT_LOCK = 7464


def take_turns(c: Connection) -> None:
    """Waits for other imports' batches: two that add the same people in other orders would wait for each other.

    SQLite has one writer anyway.
    """
    if c.dialect.name == "postgresql":
        c.execute(text(f"SELECT pg_advisory_xact_lock({_IMPORT_LOCK})"))


def known(c: Connection, indexes: Sequence[bytes]) -> set[bytes]:
    """Which of the blind indexes belong to a contact."""
    return present(c, contacts.c.number_index, indexes)


def add(c: Connection, rows: Sequence[dict], now: datetime) -> None:
    """Adds contacts; who is there already (somebody else was faster) stays as they are."""
    at = utc_text(now)
    for row in rows:
        row["created_at"] = at
    insert_rows(c, insert_into(c, contacts).on_conflict_do_nothing(), rows)


def mark_made_up(c: Connection, indexes: Sequence[bytes]) -> None:
    c.execute(update(contacts).where(contacts.c.number_index.in_(indexes)).values(made_up=True))


def join(c: Connection, list_id: int, indexes: Sequence[bytes], now: datetime, until: datetime | None = None) -> int:
    """Puts the contacts on the list, `until` that moment or for good; how many are new there. Who is on it stays since
    when they were.
    """
    if not indexes:
        return 0
    words = f"""INSERT INTO list_members (list_id, contact_id, joined_at, expires_at)
        SELECT {marks(c, 1)}, id, {marks(c, 1)}, {marks(c, 1)} FROM contacts
        WHERE number_index IN ({marks(c, len(indexes))}) ON CONFLICT DO NOTHING"""
    values = (list_id, utc_text(now), utc_text(until) if until else None, *indexes)
    new = c.exec_driver_sql(words, values).rowcount
    if new:
        grown = {"people": lists.c.people + new, "newest_at": now}
        c.execute(update(lists).where(lists.c.id == list_id).values(**grown))
    return new
