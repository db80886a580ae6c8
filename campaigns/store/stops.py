"""Statements about stop codes."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, select

from db.new_rows import insert_into
from db.tables import contacts, stop_codes


def of_contacts(c: Connection, contact_ids: Sequence[int]) -> list[tuple[int, bytes, int | None]]:
    """(contact, its blind index, which of its codes is its own; None while it has none)."""
    people = contacts.outerjoin(stop_codes, stop_codes.c.person_index == contacts.c.number_index)
    columns = select(contacts.c.id, contacts.c.number_index, stop_codes.c.nth)
    found = c.execute(columns.select_from(people).where(contacts.c.id.in_(contact_ids)))
    return [(contact, bytes(index), nth) for contact, index, nth in found]


def add(c: Connection, rows: Iterable[Mapping[str, object]]) -> None:
    """Leaves out what is taken: the person has a code already, or somebody else this one."""
    # In one order: two that add the same people at once must not wait for each other.
    ordered = sorted(rows, key=lambda row: row["code_index"])
    if ordered:
        c.execute(insert_into(c, stop_codes).on_conflict_do_nothing(), ordered)


def owner(c: Connection, code_index: bytes) -> bytes | None:
    """The blind index of the person whose code it is."""
    found = c.execute(select(stop_codes.c.person_index).where(stop_codes.c.code_index == code_index)).scalar()
    return None if found is None else bytes(found)
