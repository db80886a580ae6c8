"""Statements about lists. Who is on one stands in store/members.py, people by kind in store/kinds.py."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from db.tables import contacts, import_refusals, imports, list_members, lists

#: Everything but the kept figures, which are large.
_ROW = tuple(column for column in lists.c if column.name != "figures")


def add(c: Connection, *, name: str, folded: str, area: str | None, by: int | None, now: datetime) -> int:
    values = {"name": name, "folded": folded, "area": area, "created_by": by, "created_at": now}
    return c.execute(insert(lists).values(**values)).inserted_primary_key[0]


def rename(c: Connection, list_id: int, *, name: str, folded: str) -> None:
    c.execute(update(lists).where(lists.c.id == list_id).values(name=name, folded=folded))


def id_of(c: Connection, name: str) -> int | None:
    return c.execute(select(lists.c.id).where(lists.c.name == name)).scalar_one_or_none()


def ids_folded(c: Connection, folded: str) -> list[int]:
    return list(c.execute(select(lists.c.id).where(lists.c.folded == folded)).scalars())


def everything(c: Connection) -> list:
    """Every list with its number of people."""
    return list(c.execute(select(*_ROW).order_by(lists.c.name)))


def row(c: Connection, list_id: int):
    return c.execute(select(*_ROW).where(lists.c.id == list_id)).one_or_none()


def with_people_in(c: Connection, communes: Sequence[str], limit: int) -> list:
    """Rows (id, name, people there) of the lists that have somebody in one of the communes, most people first."""
    there = func.count().label("there")
    people = contacts.join(list_members, list_members.c.contact_id == contacts.c.id).join(lists)
    counted = select(lists.c.id, lists.c.name, there).select_from(people).where(contacts.c.area.in_(communes))
    return list(c.execute(counted.group_by(lists.c.id, lists.c.name).order_by(there.desc(), lists.c.id).limit(limit)))


def largest(c: Connection, ids: Sequence[int]) -> tuple[int, int]:
    """(list, people) of the one with most people; (0, 0) when none of them is there."""
    by_people = select(lists.c.id, lists.c.people).where(lists.c.id.in_(ids))
    found = c.execute(by_people.order_by(lists.c.people.desc(), lists.c.id).limit(1)).first()
    return tuple(found) if found else (0, 0)


def with_at_least(c: Connection, people: int) -> list[int]:
    """Ids of the lists that large."""
    return list(c.execute(select(lists.c.id).where(lists.c.people >= people).order_by(lists.c.id)).scalars())


def shrink(c: Connection, list_id: int, left: int) -> None:
    """Notes that so many left the list."""
    if left:
        fewer = {"people": lists.c.people - left, "gone": lists.c.gone + left}
        c.execute(update(lists).where(lists.c.id == list_id).values(**fewer))


def members_marks(c: Connection, list_ids: Sequence[int]) -> list:
    """(list, how many ever joined it, when the newest joined), by list: what changes when somebody joins."""
    marked = select(lists.c.id, lists.c.people + lists.c.gone, lists.c.newest_at).where(lists.c.id.in_(list_ids))
    return c.execute(marked.order_by(lists.c.id)).all()


def has_unfinished_import(c: Connection, list_id: int) -> bool:
    unfinished = imports.c.status.in_(("waiting", "working"))
    return c.execute(select(imports.c.id).where(imports.c.list_id == list_id, unfinished).limit(1)).first() is not None


def remove(c: Connection, list_id: int) -> None:
    """The list, who is on it, and the record of its imports with their refused rows. Contacts and opt-outs stay."""
    ours = select(imports.c.id).where(imports.c.list_id == list_id)
    c.execute(delete(import_refusals).where(import_refusals.c.import_id.in_(ours)))
    c.execute(delete(imports).where(imports.c.list_id == list_id))
    c.execute(delete(list_members).where(list_members.c.list_id == list_id))
    c.execute(delete(lists).where(lists.c.id == list_id))
