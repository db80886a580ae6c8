"""Statements about opt-outs."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from campaigns.store.bulk import present
from campaigns.store.new_rows import insert_into
from db.tables import contacts, optouts


def add(c: Connection, person_index: bytes, *, channel: str, reason: str, now: datetime) -> bool:
    """Whether it is new; the first opt-out of a person stays as it was."""
    statement = insert_into(c, optouts).values(person_index=person_index, channel=channel, reason=reason, at=now)
    added = statement.on_conflict_do_nothing().returning(optouts.c.person_index)
    return c.execute(added).first() is not None


def remove(c: Connection, person_index: bytes) -> bool:
    return bool(c.execute(delete(optouts).where(optouts.c.person_index == person_index)).rowcount)


def out_among(c: Connection, indexes: Sequence[bytes]) -> set[bytes]:
    """Which of the blind indexes have opted out."""
    return present(c, optouts.c.person_index, indexes)


def is_real(c: Connection, person_index: bytes) -> bool:
    """Whether a person of our lists has this address and is not made up."""
    found = select(contacts.c.id).where(contacts.c.number_index == person_index, contacts.c.made_up.is_(False))
    return c.execute(found).first() is not None


def counts(c: Connection) -> dict[str, int]:
    grouped = select(optouts.c.channel, func.count()).group_by(optouts.c.channel)
    return {channel: number for channel, number in c.execute(grouped)}
