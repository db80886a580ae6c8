"""Statements about the people of a list who would get a message: how many, and some of them, spread over the list."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, select

from campaigns.store import audience
from db.tables import contacts, list_members, optouts

#: A sample of a large list is taken in so many places.
PLACES = 20

_READER = (
    contacts.c.id,
    contacts.c.number_sealed,
    contacts.c.fields_sealed,
    audience.reader().label("language"),
    contacts.c.carrier,
)


def counted(c: Connection, list_id: int, *, leaves_machine: bool, now: datetime) -> list:
    """Rows (reader's language, carrier, n) of everybody on the list who can be reached."""
    people, reachable = _reachable(list_id, leaves_machine, now)
    language = audience.reader().label("reader")
    statement = select(language, contacts.c.carrier, func.count().label("n")).select_from(people).where(reachable)
    return list(c.execute(statement.group_by(language, contacts.c.carrier)))


def some(c: Connection, list_id: int, *, size: int, most: int, leaves_machine: bool, now: datetime) -> list:
    """Everybody of the list who can be reached when its `size` is at most `most`, else about so many of them."""
    if size <= most:
        return list(_from(c, list_id, 0, most, leaves_machine, now))
    found: dict[int, object] = {}
    for start in _starts(c, list_id):
        after = max(start, max(found, default=0) + 1)
        found.update((row.id, row) for row in _from(c, list_id, after, most // PLACES, leaves_machine, now))
    return list(found.values())


def _starts(c: Connection, list_id: int) -> list[int]:
    """Each end by a look-up of its own: asked for together, SQLite walks the whole list."""
    of_list = select(list_members.c.contact_id).where(list_members.c.list_id == list_id).limit(1)
    key = list_members.c.contact_id
    first = c.execute(of_list.order_by(key)).scalar_one_or_none()
    last = c.execute(of_list.order_by(key.desc())).scalar_one_or_none()
    return [] if first is None else [first + (last - first) * n // PLACES for n in range(PLACES)]


def _from(c: Connection, list_id: int, start: int, most: int, leaves_machine: bool, now: datetime) -> Iterator:
    people, reachable = _reachable(list_id, leaves_machine, now)
    key = list_members.c.contact_id
    statement = select(*_READER).select_from(people).where(reachable, key >= start)
    return iter(c.execute(statement.order_by(key).limit(most)))


def _reachable(list_id: int, leaves_machine: bool, now: datetime) -> tuple[object, ColumnElement[bool]]:
    people, belong = audience.people({"lists": [list_id]}, now)
    real = [contacts.c.made_up.is_(False)] if leaves_machine else []
    return people, and_(belong, optouts.c.person_index.is_(None), contacts.c.dead.is_(False), *real)
