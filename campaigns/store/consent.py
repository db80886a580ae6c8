"""Statements about opt-outs."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, Row, delete, func, select

from campaigns.store.bulk import present
from db.new_rows import insert_into
from db.tables import contacts, optouts

#: Opt-outs beside the number they were told with, or else the one of the contact; neither when the person is erased.
_WITH_NUMBER = (
    optouts.c.person_index,
    optouts.c.at,
    optouts.c.channel,
    optouts.c.reason,
    optouts.c.by,
    optouts.c.number_sealed.label("told"),
    contacts.c.number_sealed.label("known"),
)
_BESIDE = optouts.outerjoin(contacts, contacts.c.number_index == optouts.c.person_index)


def add(c: Connection, person_index: bytes, given: Mapping[str, object]) -> bool:
    """Whether it is new; the first opt-out of a person stays as it was."""
    statement = insert_into(c, optouts).values(person_index=person_index, **given)
    added = statement.on_conflict_do_nothing().returning(optouts.c.person_index)
    return c.execute(added).first() is not None


def add_many(c: Connection, rows: Sequence[Mapping[str, object]]) -> list[bytes]:
    """Those of them who are new, each one's columns beside its `person_index`. In the order in which everybody adds
    several.
    """
    known = out_among(c, [row["person_index"] for row in rows])
    new = sorted((row for row in rows if row["person_index"] not in known), key=lambda row: row["person_index"])
    if not new:
        return []
    added = insert_into(c, optouts).on_conflict_do_nothing().returning(optouts.c.person_index)
    return [bytes(index) for index in c.execute(added, new).scalars()]


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
    """By channel, most first."""
    number = func.count().label("n")
    grouped = select(optouts.c.channel, number).group_by(optouts.c.channel)
    return {channel: n for channel, n in c.execute(grouped.order_by(number.desc(), optouts.c.channel))}


def one(c: Connection, person_index: bytes) -> Row | None:
    return c.execute(select(*_WITH_NUMBER).select_from(_BESIDE).where(optouts.c.person_index == person_index)).first()


def latest(c: Connection, limit: int) -> list[Row]:
    newest = select(optouts.c.person_index).order_by(optouts.c.at.desc(), optouts.c.person_index).limit(limit)
    those = select(*_WITH_NUMBER).select_from(_BESIDE).where(optouts.c.person_index.in_(newest))
    return list(c.execute(those.order_by(optouts.c.at.desc(), optouts.c.person_index)))


def after(c: Connection, person_index: bytes, limit: int) -> Iterator[Row]:
    """In the order of their keys, those after this one: all of them, a part at a time."""
    those = select(*_WITH_NUMBER).select_from(_BESIDE).where(optouts.c.person_index > person_index)
    return iter(c.execute(those.order_by(optouts.c.person_index).limit(limit)))
