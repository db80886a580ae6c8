"""Lists of people: made by an import or by hand, shown in figures, renamed, forgotten. Who is on one: members.py."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row

from campaigns import areas, list_figures
from campaigns.folding import alphabetical, fold
from campaigns.kinds import Kinds, by
from campaigns.list_figures import Makeup
from campaigns.members import people as people
from campaigns.model import actor
from campaigns.store import lists as store
from campaigns.store import members as member_store
from campaigns.store import series, waves
from db.engine import Database
from messages.errors import Mistake
from staff import audit

_NAME_LETTERS = 120
#: How a page of lists may be put in order.
ORDERS: Mapping[str, Callable[[Row], object]] = {
    "name": lambda row: (alphabetical(row.name), row.id),
    "people": lambda row: (-row.people, row.id),
    "newest": lambda row: -row.id,
}


@dataclass(frozen=True)
class ListRow:
    """`newest_at` is when somebody last joined; `area` the code of the area the list belongs to, if any."""

    id: int
    name: str
    people: int
    created_at: datetime
    area: str | None = None
    newest_at: datetime | None = None


@dataclass(frozen=True)
class AreaCount:
    """People in one commune or ward of today; `code` None when only the former district is known, or nothing."""

    code: str | None
    name: str | None
    former_district: str | None
    people: int


@dataclass(frozen=True)
class ListFigures:
    """Counts of a list's people, most first. Who opted out, is made up or has a dead number is among them.

    Of a large list they are those of the moment `at`; `counted` is False while nobody has counted it yet. `passing`
    people are on it for a time only, the first of them until `until`.
    """

    id: int
    name: str
    people: int
    created_at: datetime
    by_area: tuple[AreaCount, ...]
    by_language: dict[str, int]
    by_carrier: dict[str, int]
    made_up: int
    opted_out: int
    dead: int = 0
    at: datetime | None = None
    counted: bool = True
    passing: int = 0
    until: datetime | None = None


def create(db: Database, name: str, *, area: str | None = None, by: int | None, now: datetime) -> int:
    """A new empty list. Raises Mistake when the name is missing or taken."""
    name = checked_name(name)
    with db.transaction() as c:
        _free(c, name)
        return _create(c, name, areas.find(c, area).code if area else None, by, now)


def find_or_create(c: Connection, name: str, *, area: str | None, by: int | None, now: datetime) -> int:
    """The id of the list called exactly so (`checked_name`), made in the caller's transaction when there is none."""
    found = store.id_of(c, name)
    return _create(c, name, area, by, now) if found is None else found


def rename(db: Database, list_id: int, name: str, *, by: int | None, now: datetime) -> None:
    """Raises Mistake: list-unknown, list-name-unusable, list-name-taken."""
    name = checked_name(name)
    with db.transaction() as c:
        row = _row(c, list_id)
        if row.name == name:
            return
        _free(c, name)
        store.rename(c, list_id, name=name, folded=fold(name))
        _record(c, "lists.rename", list_id, {"from": row.name, "to": name}, by, now)


def all(db: Database) -> list[ListRow]:
    """Every list by name, with its number of people."""
    with db.reading() as c:
        return [_listed(row) for row in store.everything(c)]


def page(
    db: Database, find: str = "", *, order: str = "name", page: int = 1, size: int = 50
) -> tuple[list[ListRow], int]:
    """A page of the lists whose name holds `find` (accents and case aside), and how many there are; `order` is one of
    ORDERS.
    """
    with db.reading() as c:
        rows = [row for row in store.everything(c) if fold(find) in row.folded]
    rows.sort(key=ORDERS.get(order, ORDERS["name"]))
    first = (max(page, 1) - 1) * size
    return [_listed(row) for row in rows[first : first + size]], len(rows)


def row(db: Database, list_id: int) -> ListRow:
    """Raises Mistake: list-unknown."""
    with db.reading() as c:
        return _listed(_row(c, list_id))


def show(db: Database, name: str) -> ListFigures:
    """The figures of the list called `name`, accents and case aside, as they stand now. Raises Mistake when there is
    none.
    """
    with db.reading() as c:
        row = _row(c, _id(c, name))
        return _figures(c, row, list_figures.of_list(c, row))


def figures(db: Database, list_id: int, *, wait: bool = True) -> ListFigures:
    """The figures of a list, of a large one as they were last counted. One that nobody has counted yet is counted,
    which takes seconds for a million people, unless `wait` is False.
    """
    with db.reading() as c:
        row = _row(c, list_id)
        makeup = list_figures.kept_of(c, row)
        if makeup is None and (wait or row.people < list_figures.LARGE):
            makeup = list_figures.of_list(c, row)
        return _figures(c, row, makeup)


def delete(db: Database, list_id: int, *, by: int | None, now: datetime) -> None:
    """Forgets the list, who was on it, and its imports. The people stay where other lists and waves know them, and
    opt-outs stay whatever happens. Raises Mistake while an import into it is under way, or a wave or series that is not
    over goes to it or leaves it out."""
    with db.transaction() as c:
        row = _row(c, list_id)
        if store.has_unfinished_import(c, list_id):
            raise Mistake("list-busy", name=row.name)
        if wave := waves.unfinished_on(c, list_id):
            raise Mistake("list-in-wave", name=row.name, wave=wave)
        if name := series.unfinished_on(c, list_id):
            raise Mistake("list-in-series", name=row.name, series=name)
        store.remove(c, list_id)
        _record(c, "lists.delete", list_id, {"name": row.name, "people": row.people}, by, now)


def checked_name(name: str) -> str:
    """`name` composed and with single blanks. Raises Mistake when nothing is left, or too much."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not name or len(name) > _NAME_LETTERS or not name.isprintable():
        raise Mistake("list-name-unusable", most=_NAME_LETTERS)
    return name


def _free(c: Connection, name: str) -> None:
    if store.id_of(c, name) is not None:
        raise Mistake("list-name-taken", name=name)


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


def _row(c: Connection, list_id: int) -> Row:
    row = store.row(c, list_id)
    if row is None:
        raise Mistake("list-unknown", name=list_id)
    return row


def _listed(row: Row) -> ListRow:
    return ListRow(row.id, row.name, row.people, row.created_at, row.area, row.newest_at)


def _figures(c: Connection, row: Row, makeup: Makeup | None) -> ListFigures:
    found = makeup or Makeup(Kinds(), 0, 0, None)
    passing, until = member_store.expiring(c, row.id)
    return ListFigures(
        row.id,
        row.name,
        row.people,
        row.created_at,
        _by_area(found.kinds, areas.names(c)),
        dict(by(found.kinds, lambda kind: kind.language)),
        dict(by(found.kinds, lambda kind: kind.carrier)),
        by(found.kinds, lambda kind: bool(kind.made_up))[True],
        found.opted_out,
        found.dead,
        at=found.at,
        counted=makeup is not None,
        passing=passing,
        until=until,
    )


def _by_area(kinds: Kinds, names: Mapping[str, str]) -> tuple[AreaCount, ...]:
    """Most people first; of as many, those with a commune, by code."""
    places = by(kinds, lambda kind: (kind.area, kind.former_district))
    counted = [AreaCount(area, names.get(area), names.get(district), n) for (area, district), n in places.items()]
    return tuple(sorted(counted, key=lambda each: (-each.people, each.code or "~", each.former_district or "~")))
