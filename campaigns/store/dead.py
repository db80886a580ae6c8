"""Statements about numbers of which a gateway said for good that nobody can be reached there."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from db.tables import contacts, waves


def bury(c: Connection, contact_ids: Sequence[int], *, wave_id: int, now: datetime) -> int:
    """Notes who is dead, since when and by which wave; whoever was dead before stays as they were. How many are new."""
    alive = update(contacts).where(contacts.c.id.in_(contact_ids), contacts.c.dead.is_(False))
    return c.execute(alive.values(dead=True, dead_at=now, dead_wave=wave_id)).rowcount


def revive(c: Connection, wave_id: int) -> int:
    """Nobody is dead any more because of what this wave heard; how many there were."""
    buried = update(contacts).where(contacts.c.dead, contacts.c.dead_wave == wave_id)
    return c.execute(buried.values(dead=False, dead_at=None, dead_wave=None)).rowcount


def revive_one(c: Connection, contact_id: int) -> bool:
    """Whether this one was dead."""
    buried = update(contacts).where(contacts.c.id == contact_id, contacts.c.dead)
    return bool(c.execute(buried.values(dead=False, dead_at=None, dead_wave=None)).rowcount)


def by_wave(c: Connection) -> list:
    """Rows (wave or None, its name, people, first and last burial), the latest first."""
    first, last = func.min(contacts.c.dead_at), func.max(contacts.c.dead_at)
    counted = (
        select(contacts.c.dead_wave, waves.c.name, func.count(), first, last)
        .select_from(contacts.outerjoin(waves, waves.c.id == contacts.c.dead_wave))
        .where(contacts.c.dead)
        .group_by(contacts.c.dead_wave, waves.c.name)
    )
    return list(c.execute(counted.order_by(last.desc().nulls_last(), contacts.c.dead_wave)))


def real_people(c: Connection, contact_ids: Sequence[int]) -> set[int]:
    """Those of `contact_ids` that are not made up."""
    found = select(contacts.c.id).where(contacts.c.id.in_(contact_ids), contacts.c.made_up.is_(False))
    return set(c.execute(found).scalars())


def person_indexes(c: Connection, contact_ids: Sequence[int]) -> list[bytes]:
    return list(c.execute(select(contacts.c.number_index).where(contacts.c.id.in_(contact_ids))).scalars())
