"""Statements about lists and who is on them."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, case, delete, func, insert, select

from db.tables import contacts, import_refusals, imports, list_members, lists, optouts


def add(c: Connection, *, name: str, folded: str, area: str | None, by: int | None, now: datetime) -> int:
    values = {"name": name, "folded": folded, "area": area, "created_by": by, "created_at": now}
    return c.execute(insert(lists).values(**values)).inserted_primary_key[0]


def id_of(c: Connection, name: str) -> int | None:
    return c.execute(select(lists.c.id).where(lists.c.name == name)).scalar_one_or_none()


def ids_folded(c: Connection, folded: str) -> list[int]:
    return list(c.execute(select(lists.c.id).where(lists.c.folded == folded)).scalars())


def everything(c: Connection) -> list:
    """Every list with its number of people."""
    return list(c.execute(select(lists).order_by(lists.c.name)))


def row(c: Connection, list_id: int):
    return c.execute(select(lists).where(lists.c.id == list_id)).one_or_none()


def counts(c: Connection, list_id: int, column: str) -> dict[str | None, int]:
    """People by a column of contacts, most first."""
    by = contacts.c[column]
    return dict(_members(c, list_id, by, func.count(), group=(by,)))


def counts_by_place(c: Connection, list_id: int) -> Iterator:
    """(area, former_district, n)."""
    place = contacts.c.area, contacts.c.former_district
    return iter(_members(c, list_id, *place, func.count(), group=place))


def members_marks(c: Connection, list_ids: Sequence[int]) -> list:
    """(list, how many are on it, when the newest joined), by list."""
    marked = select(lists.c.id, lists.c.people, lists.c.newest_at).where(lists.c.id.in_(list_ids))
    return c.execute(marked.order_by(lists.c.id)).all()


def marks(c: Connection, list_id: int) -> tuple[int, int]:
    """How many are made up, and how many have opted out."""
    out = (
        select(func.count(optouts.c.person_index), func.coalesce(func.sum(case((contacts.c.made_up, 1), else_=0)), 0))
        .select_from(list_members)
        .join(contacts)
        .outerjoin(optouts, optouts.c.person_index == contacts.c.number_index)
        .where(list_members.c.list_id == list_id)
    )
    opted_out, made_up = c.execute(out).one()
    return made_up, opted_out


def people(c: Connection, list_id: int, *, limit: int, offset: int) -> list:
    """Contacts of a list in the order they came, with `out` telling who has opted out."""
    statement = (
        select(contacts, optouts.c.person_index.is_not(None).label("out"))
        .join(list_members, list_members.c.contact_id == contacts.c.id)
        .outerjoin(optouts, optouts.c.person_index == contacts.c.number_index)
        .where(list_members.c.list_id == list_id)
        .order_by(contacts.c.id)
    )
    return list(c.execute(statement.limit(limit).offset(offset)))


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


def _members(c: Connection, list_id: int, *columns, group: tuple) -> list[tuple]:
    statement = select(*columns).select_from(list_members).join(contacts).where(list_members.c.list_id == list_id)
    return [tuple(row) for row in c.execute(statement.group_by(*group).order_by(columns[-1].desc(), *group))]
