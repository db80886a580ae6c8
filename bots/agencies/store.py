"""The statements of the lists of agencies. Private to bots.agencies."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, Row, delete, insert, select, update

from db.tables import agencies, agency_lists

_LIST = (
    agency_lists.c.id, agency_lists.c.as_of, agency_lists.c.source, agency_lists.c.agencies, agency_lists.c.status,
    agency_lists.c.refused, agency_lists.c.loaded_by, agency_lists.c.loaded_at,
)
_NEWEST = (agency_lists.c.as_of.desc(), agency_lists.c.loaded_at.desc(), agency_lists.c.id.desc())


def add(c: Connection, firms: Iterable[Mapping], **values) -> int:
    list_id = c.execute(insert(agency_lists).values(**values)).inserted_primary_key[0]
    c.execute(insert(agencies), [{"list_id": list_id, **firm} for firm in firms])
    return list_id


def in_force(c: Connection) -> Row | None:
    """The loaded list with the newest date; of several of one date the one loaded last."""
    statement = select(*_LIST).where(agency_lists.c.status == "loaded").order_by(*_NEWEST)
    return c.execute(statement.limit(1)).first()


def loaded(c: Connection, most: int) -> list[Row]:
    statement = select(*_LIST).where(agency_lists.c.status == "loaded").order_by(*_NEWEST)
    return list(c.execute(statement.limit(most)))


def one(c: Connection, list_id: int) -> Row | None:
    return c.execute(select(*_LIST).where(agency_lists.c.id == list_id)).first()


def firms(c: Connection, list_id: int) -> list[Row]:
    columns = (agencies.c.name, agencies.c.also, agencies.c.licence, agencies.c.address, agencies.c.status)
    return list(c.execute(select(*columns).where(agencies.c.list_id == list_id).order_by(agencies.c.id)))


def settle(c: Connection, list_id: int, **values) -> bool:
    """Loads a draft; False when it is none any more."""
    draft = (agency_lists.c.id == list_id) & (agency_lists.c.status == "draft")
    return c.execute(update(agency_lists).where(draft).values(status="loaded", **values)).rowcount == 1


def drop_drafts(c: Connection, *which) -> int:
    """Removes drafts: one person's (`other_drafts`) or one alone (`draft`)."""
    drafts = select(agency_lists.c.id).where(agency_lists.c.status == "draft", *which).scalar_subquery()
    c.execute(delete(agencies).where(agencies.c.list_id.in_(drafts)))
    return c.execute(delete(agency_lists).where(agency_lists.c.status == "draft", *which)).rowcount


def other_drafts(staff_id: int | None, list_id: int):
    """A person's drafts but this one."""
    return agency_lists.c.loaded_by == staff_id, agency_lists.c.id != list_id


def draft(list_id: int):
    return agency_lists.c.id == list_id
