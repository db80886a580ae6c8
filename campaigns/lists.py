"""Lists of people: made by an import or by hand, shown in figures, and a page at a time with masked numbers."""

import json
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from campaigns import areas
from campaigns.folding import fold
from campaigns.masking import masked
from campaigns.model import actor
from campaigns.store import lists as store
from campaigns.store import waves
from db.engine import Database
from messages.errors import Mistake
from staff import audit

_NAME_LETTERS = 120


@dataclass(frozen=True)
class ListRow:
    id: int
    name: str
    people: int
    created_at: datetime
    area: str | None = None


@dataclass(frozen=True)
class AreaCount:
    """People in one commune or ward of today; `code` None when only the former district is known, or nothing."""

    code: str | None
    name: str | None
    former_district: str | None
    people: int


@dataclass(frozen=True)
class ListFigures:
    """Counts of a list's people, most first. Who opted out or is made up is among them."""

    id: int
    name: str
    people: int
    created_at: datetime
    by_area: tuple[AreaCount, ...]
    by_language: dict[str, int]
    by_carrier: dict[str, int]
    made_up: int
    opted_out: int


@dataclass(frozen=True)
class ListedPerson:
    """`number` is masked unless it was asked for in full; `area` and `former` are names."""

    contact_id: int
    number: str
    name: str
    area: str | None
    former: str | None
    language: str
    carrier: str
    made_up: bool
    opted_out: bool


def create(db: Database, name: str, *, area: str | None = None, by: int | None, now: datetime) -> int:
    """A new empty list. Raises Mistake when the name is missing or taken."""
    name = checked_name(name)
    with db.transaction() as c:
        if store.id_of(c, name) is not None:
            raise Mistake("list-name-taken", name=name)
        return _create(c, name, areas.find(c, area).code if area else None, by, now)


def find_or_create(c: Connection, name: str, *, area: str | None, by: int | None, now: datetime) -> int:
    """The id of the list called exactly so (`checked_name`), made in the caller's transaction when there is none."""
    found = store.id_of(c, name)
    return _create(c, name, area, by, now) if found is None else found


def all(db: Database) -> list[ListRow]:
    """Every list by name, with its number of people."""
    with db.reading() as c:
        return [ListRow(row.id, row.name, row.people, row.created_at, row.area) for row in store.everything(c)]


def show(db: Database, name: str) -> ListFigures:
    """The figures of the list called `name`, accents and case aside. Raises Mistake when there is none."""
    with db.reading() as c:
        return _figures(c, _id(c, name))


def figures(db: Database, list_id: int) -> ListFigures:
    """As `show`, by id."""
    with db.reading() as c:
        return _figures(c, list_id)


def people(db: Database, list_id: int, *, page: int = 1, size: int = 50, in_full: bool = False) -> list[ListedPerson]:
    """A page of a list's people. `in_full` shows whole numbers: only for who may see them (`see-numbers`)."""
    with db.reading() as c:
        _row(c, list_id)
        names = areas.names(c)
        rows = store.people(c, list_id, limit=size, offset=(max(page, 1) - 1) * size)
    return [_person(db, row, names, in_full) for row in rows]


def delete(db: Database, list_id: int, *, by: int | None, now: datetime) -> None:
    """Forgets the list, who was on it, and its imports. The people stay where other lists and waves know them, and
    opt-outs stay whatever happens. Raises Mistake while an import into it is under way."""
    with db.transaction() as c:
        row = _row(c, list_id)
        if store.has_unfinished_import(c, list_id):
            raise Mistake("list-busy", name=row.name)
        if wave := waves.unfinished_on(c, list_id):
            raise Mistake("list-in-wave", name=row.name, wave=wave)
        store.remove(c, list_id)
        _record(c, "lists.delete", list_id, {"name": row.name, "people": row.people}, by, now)


def checked_name(name: str) -> str:
    """`name` composed and with single blanks. Raises Mistake when nothing is left, or too much."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not name or len(name) > _NAME_LETTERS or not name.isprintable():
        raise Mistake("list-name-unusable", most=_NAME_LETTERS)
    return name


def _create(c: Connection, name: str, area: str | None, by: int | None, now: datetime) -> int:
    list_id = store.add(c, name=name, folded=fold(name), area=area, by=by, now=now)
    _record(c, "lists.create", list_id, {"name": name}, by, now)
    return list_id


def _record(c: Connection, action: str, list_id: int, detail: dict, by: int | None, now: datetime) -> None:
    audit.record(c, at=now, actor=actor(by), action=action, object=f"list:{list_id}", detail=detail)


def _id(c: Connection, name: str) -> int:
    name = " ".join(unicodedata.normalize("NFC", name).split())
    found = store.id_of(c, name)
    alike = store.ids_folded(c, fold(name)) if found is None else [found]
    if len(alike) != 1:
        raise Mistake("list-unknown", name=name)
    return alike[0]


def _row(c: Connection, list_id: int):
    row = store.row(c, list_id)
    if row is None:
        raise Mistake("list-unknown", name=list_id)
    return row


def _figures(c: Connection, list_id: int) -> ListFigures:
    row, names = _row(c, list_id), areas.names(c)
    made_up, opted_out = store.marks(c, list_id)
    return ListFigures(
        row.id,
        row.name,
        row.people,
        row.created_at,
        _by_area(c, list_id, names),
        store.counts(c, list_id, "language"),
        store.counts(c, list_id, "carrier"),
        made_up,
        opted_out,
    )


def _by_area(c: Connection, list_id: int, names: dict[str, str]) -> tuple[AreaCount, ...]:
    """Most people first; of as many, those with a commune, by code. (The databases order NULL differently.)"""
    places = store.counts_by_place(c, list_id)
    counted = [AreaCount(area, names.get(area), names.get(district), number) for area, district, number in places]
    return tuple(sorted(counted, key=lambda each: (-each.people, each.code or "~", each.former_district or "~")))


def _person(db: Database, row, names: dict[str, str], in_full: bool) -> ListedPerson:
    number = db.seal.open(row.number_sealed, "contacts.number")
    fields = json.loads(db.seal.open(row.fields_sealed, "contacts.fields")) if row.fields_sealed else {}
    return ListedPerson(
        row.id,
        number if in_full else masked(number),
        fields.get("name", ""),
        names.get(row.area),
        names.get(row.former_commune) or names.get(row.former_district),
        row.language,
        row.carrier,
        row.made_up,
        row.out,
    )
