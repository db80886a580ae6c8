"""Areas: the units' file of a province loaded into the database, the tree for pages, and names found by people.

A former commune often has the number of today's commune it went into; ours carry the year the map ended:
16936 is today's Xã Tam Thái, 16936-2025 the Xã Tam Hợp that was.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from campaigns.folding import fold
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


def load_units(db: Database, path: Path = NGHE_AN, *, now: datetime) -> int:
    """Brings `areas` to what the file says; returns how many units were added or changed. Twice changes nothing."""
    rows = {row["code"]: row for row in _rows(json.loads(path.read_text(encoding="utf-8")))}
    with db.transaction() as c:
        known = store.rows_of(c, next(iter(rows.values()))["province"])
        new = [row for code, row in rows.items() if code not in known]
        changed = [row for code, row in rows.items() if code in known and known[code] != row]
        store.add(c, new)
        store.replace(c, changed)
        if new or changed:
            detail = {"file": path.name, "added": len(new), "changed": len(changed)}
            audit.record(c, at=now, actor="system", action="areas.load", object="areas", detail=detail)
    return len(new) + len(changed)


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


def names(c: Connection) -> dict[str, str]:
    """Every unit's name by code."""
    return {unit.code: unit.name for unit in store.units(c)}


def find(c: Connection, text: str) -> Unit:
    """The unit with that code or name, accents and case aside. Raises Mistake when there is none, or several."""
    found = resolver(c).named(text)
    if not found:
        raise Mistake("area-unknown", text=text)
    if len(found) > 1:
        raise Mistake("area-ambiguous", text=text, choices=", ".join(f"{unit.code} {unit.name}" for unit in found))
    return found[0]


def _in(units: list[Unit], district: Unit, level: str) -> tuple[Unit, ...]:
    return tuple(unit for unit in units if unit.level == level and unit.former_district == district.code)


def _rows(file: dict) -> Iterator[dict]:
    """The rows of `areas` in a units' file."""
    province = file["province"]["code"]
    yield _row(file["province"], PROVINCE, province)
    for level, part in ((FORMER_DISTRICT, "former_districts"), (COMMUNE, "communes")):
        for unit in file[part]:
            yield _row(unit, level, province)
    for unit in file["former_communes"]:
        ended = unit["valid_to"][:4]
        yield _row({**unit, "code": f"{unit['code']}-{ended}"}, FORMER_COMMUNE, province)


def _row(unit: dict, level: str, province: str) -> dict:
    optional = {name: unit.get(name) for name in ("former_district", "now", "lat", "lon", "valid_from", "valid_to")}
    return {
        "code": unit["code"],
        "level": level,
        "name": unit["name"],
        "folded": fold(unit["name"]),
        "province": province,
        **optional,
    }
