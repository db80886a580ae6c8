"""Statements about who is on which list."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from campaigns.store import lists as list_store
from db.new_rows import insert_into
from db.tables import contacts, list_members, lists, optouts, waves

_PERSON = (
    contacts.c.id,
    contacts.c.number_sealed,
    contacts.c.fields_sealed,
    contacts.c.language,
    contacts.c.carrier,
    contacts.c.area,
    contacts.c.former_district,
    contacts.c.former_commune,
    contacts.c.source,
    contacts.c.consent,
    contacts.c.made_up,
    contacts.c.dead,
    contacts.c.dead_at,
    contacts.c.dead_wave,
    list_members.c.joined_at,
    list_members.c.expires_at,
    optouts.c.at.label("out_at"),
    optouts.c.channel.label("out_channel"),
)
_PEOPLE = list_members.join(contacts, contacts.c.id == list_members.c.contact_id).outerjoin(
    optouts, optouts.c.person_index == contacts.c.number_index
)


def after(c: Connection, list_id: int, contact_id: int, limit: int) -> list[Row]:
    """People of a list in the order they came to us, those after `contact_id`."""
    key = list_members.c.contact_id
    statement = select(*_PERSON).select_from(_PEOPLE).where(list_members.c.list_id == list_id, key > contact_id)
    return list(c.execute(statement.order_by(key).limit(limit)))


def before(c: Connection, list_id: int, contact_id: int, limit: int) -> list[Row]:
    """The last ones before `contact_id`, in the same order."""
    key = list_members.c.contact_id
    statement = select(*_PERSON).select_from(_PEOPLE).where(list_members.c.list_id == list_id, key < contact_id)
    return list(c.execute(statement.order_by(key.desc()).limit(limit)))[::-1]


def one(c: Connection, list_id: int, contact_id: int) -> Row | None:
    mine = list_members.c.list_id == list_id, list_members.c.contact_id == contact_id
    return c.execute(select(*_PERSON).select_from(_PEOPLE).where(*mine)).one_or_none()


def with_index(c: Connection, number_index: bytes) -> int | None:
    """The contact with this number."""
    return c.execute(select(contacts.c.id).where(contacts.c.number_index == number_index)).scalar_one_or_none()


def homes(c: Connection, indexes: Sequence[bytes]) -> list[Row]:
    """(number_index, area, made_up) of the contacts with these numbers."""
    found = select(contacts.c.number_index, contacts.c.area, contacts.c.made_up)
    return list(c.execute(found.where(contacts.c.number_index.in_(indexes))).all())


def lists_of(c: Connection, contact_id: int) -> list[tuple[int, str]]:
    named = select(lists.c.id, lists.c.name).join(list_members).where(list_members.c.contact_id == contact_id)
    return [tuple(row) for row in c.execute(named.order_by(lists.c.folded, lists.c.id))]


def wave_name(c: Connection, wave_id: int | None) -> str | None:
    return c.execute(select(waves.c.name).where(waves.c.id == wave_id)).scalar_one_or_none()


def add_contact(c: Connection, values: Mapping[str, object]) -> int | None:
    """The new contact's id; None when somebody with that number is there already, who stays as they are."""
    statement = insert_into(c, contacts).values(**values).on_conflict_do_nothing()
    return c.execute(statement.returning(contacts.c.id)).scalar_one_or_none()


def put_on(c: Connection, list_id: int, contact_id: int, *, now: datetime, until: datetime | None) -> None:
    """Somebody who is not on the list joins it."""
    c.execute(insert(list_members).values(list_id=list_id, contact_id=contact_id, joined_at=now, expires_at=until))
    c.execute(update(lists).where(lists.c.id == list_id).values(people=lists.c.people + 1, newest_at=now))


def set_until(c: Connection, list_id: int, contact_id: int, until: datetime | None) -> bool:
    mine = list_members.c.list_id == list_id, list_members.c.contact_id == contact_id
    return bool(c.execute(update(list_members).where(*mine).values(expires_at=until)).rowcount)


def take_off(c: Connection, list_id: int, contact_ids: Sequence[int]) -> int:
    """How many of them were on the list."""
    those = list_members.c.list_id == list_id, list_members.c.contact_id.in_(contact_ids)
    left = c.execute(delete(list_members).where(*those)).rowcount
    list_store.shrink(c, list_id, left)
    return left


def with_expired(c: Connection, now: datetime) -> list[int]:
    """Lists that somebody is still on whose time is over."""
    return list(c.execute(select(list_members.c.list_id).where(list_members.c.expires_at <= now).distinct()).scalars())


def expired(c: Connection, list_id: int, now: datetime, limit: int) -> list[int]:
    over = list_members.c.list_id == list_id, list_members.c.expires_at <= now
    return list(c.execute(select(list_members.c.contact_id).where(*over).limit(limit)).scalars())


def expiring(c: Connection, list_id: int) -> tuple[int, datetime | None]:
    """How many are on the list for a time only, and when the first of them leaves."""
    mine = list_members.c.list_id == list_id, list_members.c.expires_at.is_not(None)
    return tuple(c.execute(select(func.count(), func.min(list_members.c.expires_at)).where(*mine)).one())
