"""Areas: the units' file of a province loaded into the database, the tree for pages, and names found by people."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from campaigns import unit_files
from campaigns.folding import alphabetical
from campaigns.model import actor
from campaigns.places import COMMUNE, FORMER_COMMUNE, FORMER_DISTRICT, PROVINCE, Resolver, Unit
from campaigns.store import areas as store
from db.engine import Database
from messages.errors import Mistake
from staff import audit

#: Nghệ An's units; another province is another file of the same shape.
NGHE_AN = Path(__file__).parent / "units" / "nghe-an.json"


@dataclass(frozen=True)
class Branch:
    """A former district with today's communes and wards in it, and the communes that were."""

    district: Unit
    communes: tuple[Unit, ...]
    former_communes: tuple[Unit, ...]


@dataclass(frozen=True)
class Loaded:
    """What a units' file changed."""

    province: str
    units: int
    added: int
    changed: int


def load_units(db: Database, path: Path = NGHE_AN, *, now: datetime) -> int:
    """Brings `areas` to what the file says; returns how many units were added or changed. Twice changes nothing."""
    loaded = load(db, path.read_bytes(), name=path.name, by="system", now=now)
    return loaded.added + loaded.changed


def load(db: Database, content: bytes, *, name: str, by: int | str | None, now: datetime) -> Loaded:
    """As `load_units`, from the content of a file called `name`; `by` is an officer, None for the operator of the
    machine, or "system". Nothing is taken away that the file does not speak of.

    Raises Mistake: what campaigns.unit_files.read raises, and units-taken when a code belongs to another province.
    """
    rows = unit_files.read(content)
    province = rows[0]["code"]
    with db.transaction() as c:
        known = store.rows(c, [row["code"] for row in rows])
        for row in known.values():
            if row["province"] != province:
                raise Mistake("units-taken", text=row["code"], province=row["province"])
        new = [row for row in rows if row["code"] not in known]
        changed = [row for row in rows if row["code"] in known and known[row["code"]] != row]
        store.add(c, new)
        store.replace(c, changed)
        if new or changed:
            detail = {"file": name, "added": len(new), "changed": len(changed)}
            who = by if isinstance(by, str) else actor(by)
            audit.record(c, at=now, actor=who, action="areas.load", object=f"area:{province}", detail=detail)
    return Loaded(rows[0]["name"], len(rows), len(new), len(changed))


def ensure_loaded(db: Database, *, now: datetime) -> None:
    """Loads Nghệ An into a database that has no areas at all."""
    with db.reading() as c:
        loaded = store.anything(c)
    if not loaded:
        load_units(db, now=now)


def resolver(c: Connection) -> Resolver:
    """A Resolver of all loaded units (a few milliseconds for a province)."""
    return Resolver(store.units(c))


def tree(db: Database) -> list[Branch]:
    """The former districts in the order of their codes, each with what lies in it."""
    with db.reading() as c:
        units = store.units(c)
    return [
        Branch(district, _in(units, district, COMMUNE), _in(units, district, FORMER_COMMUNE))
        for district in units
        if district.level == FORMER_DISTRICT
    ]


def is_commune(db: Database, code: str) -> bool:
    """Whether there is a commune or ward of today with this code."""
    with db.reading() as c:
        return store.levels(c, [code]) == {code: COMMUNE}


def communes_in(db: Database, codes: Collection[str]) -> list[Unit]:
    """The communes and wards of today that these codes name, or that lie in the districts and provinces they name, or
    that former communes are today; each once, by former district and name. Raises Mistake: area-unknown.
    """
    with db.reading() as c:
        units = store.units(c)
    by_code = {unit.code: unit for unit in units}
    if unknown := [code for code in codes if code not in by_code]:
        raise Mistake("area-unknown", text=unknown[0][:80])
    wanted = {by_code[code].today or code for code in codes}
    communes = (unit for unit in units if unit.level == COMMUNE)
    found = [unit for unit in communes if wanted & {unit.code, unit.former_district, unit.province}]
    return sorted(found, key=lambda unit: (unit.former_district or "", alphabetical(unit.name)))


def names(c: Connection) -> dict[str, str]:
    """Every unit's name by code."""
    return {unit.code: unit.name for unit in store.units(c)}


def former_districts(c: Connection) -> dict[str, str]:
    """The code of the former district that each commune or ward of today came out of, where that is known."""
    communes = (unit for unit in store.units(c) if unit.level == COMMUNE)
    return {unit.code: unit.former_district for unit in communes if unit.former_district}


def find(c: Connection, text: str) -> Unit:
    """The unit with that code or name, accents and case aside. Raises Mistake when there is none, or several."""
    found = resolver(c).named(text)
    if not found:
        raise Mistake("area-unknown", text=text)
    if len(found) > 1:
        raise Mistake("area-ambiguous", text=text, choices=", ".join(f"{unit.code} {unit.name}" for unit in found))
    return found[0]


def home(c: Connection, text: str) -> dict[str, str]:
    """The columns of a contact who lives in the commune, ward or former district with that code or name; none for "".
    Raises Mistake as `find`.
    """
    unit = find(c, text.strip()) if text.strip() else None
    if unit is None or unit.level == PROVINCE:
        return {}
    district = unit.code if unit.level == FORMER_DISTRICT else unit.former_district
    former = unit.code if unit.level == FORMER_COMMUNE else None
    columns = {"area": unit.today, "former_district": district, "former_commune": former}
    return {name: code for name, code in columns.items() if code}


def _in(units: list[Unit], district: Unit, level: str) -> tuple[Unit, ...]:
    return tuple(unit for unit in units if unit.level == level and unit.former_district == district.code)
