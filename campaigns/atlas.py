"""The map for pages: provinces and former districts with how many of our people live there, one place at a time, and
places found by any name they ever had.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from campaigns import list_figures
from campaigns.folding import alphabetical, fold, spoken
from campaigns.kinds import Kinds
from campaigns.places import COMMUNE, FORMER_COMMUNE, FORMER_DISTRICT, PROVINCE, Resolver, Unit
from campaigns.store import areas as store
from campaigns.store import lists as list_store
from db.engine import Database
from messages.errors import Mistake

#: Names that are shown when somebody looks for one.
MOST_FOUND = 40
#: Lists named on the page of a place.
MOST_LISTS = 10
_LEVELS = (PROVINCE, FORMER_DISTRICT, COMMUNE, FORMER_COMMUNE)


@dataclass(frozen=True)
class Spot:
    """A unit and how many of our people live there. `district` is the former one it lies in, by name."""

    unit: Unit
    people: int
    district: str | None = None


@dataclass(frozen=True)
class District:
    """A former district: how many live there, those among them of whom no commune is known, and today's communes."""

    unit: Unit
    people: int
    without_commune: int
    communes: Sequence[Spot]


@dataclass(frozen=True)
class Province:
    unit: Unit
    people: int
    districts: Sequence[District]
    communes: Sequence[Spot]


@dataclass(frozen=True)
class Atlas:
    """Every province that is loaded, and how many people of whom nobody knows where they live."""

    provinces: Sequence[Province]
    people: int
    nowhere: int


@dataclass(frozen=True)
class Found:
    """A place somebody looked for, and what it is today: `today` for a former commune, `district` where it lies."""

    unit: Unit
    today: Unit | None
    district: Unit | None


@dataclass(frozen=True)
class Place:
    """One place with what lies in it, what it was made of, and who lives there.

    `units` are today's communes of a former district or a province; `made_of` the former communes that went into a
    commune, or that a former district had. `lists` (id, name, people there) have most people in these communes; of a
    province nobody adds them up.
    """

    unit: Unit
    today: Unit | None
    district: Unit | None
    province: Unit | None
    people: int
    without_commune: int
    units: Sequence[Spot]
    made_of: Sequence[Unit]
    lists: Sequence[tuple[int, str, int]] = ()


def atlas(db: Database) -> Atlas:
    """Everything, from counts that are kept: as quick with a million people as with none."""
    with db.reading() as c:
        units, count = store.units(c), _count(c)
    provinces = [_province(unit, units, count) for unit in units if unit.level == PROVINCE]
    placed = sum(province.people for province in provinces)
    return Atlas(provinces, count.whole, count.whole - placed)


def show(db: Database, code: str) -> Place:
    """Raises Mistake: area-unknown."""
    with db.reading() as c:
        units = store.units(c)
        by_code = {unit.code: unit for unit in units}
        unit = by_code.get(code)
        if unit is None:
            raise Mistake("area-unknown", text=code)
        inside = [each for each in units if each.level == COMMUNE and code in (each.province, each.former_district)]
        count, lists = _count(c), _lists(c, unit, inside)
    return Place(
        unit=unit,
        today=by_code.get(unit.now),
        district=by_code.get(unit.former_district),
        province=by_code.get(unit.province) if unit.level != PROVINCE else None,
        people=count.of(unit, units),
        without_commune=count.without_commune[code],
        units=sorted((Spot(each, count.communes[each.code]) for each in inside), key=_by_name),
        made_of=[each for each in units if each.level == FORMER_COMMUNE and code in (each.now, each.former_district)],
        lists=lists,
    )


def _lists(c: Connection, unit: Unit, inside: Sequence[Unit]) -> list[tuple[int, str, int]]:
    communes = [unit.code] if unit.level == COMMUNE else [each.code for each in inside]
    if unit.level not in (COMMUNE, FORMER_DISTRICT):
        return []
    return [tuple(row) for row in list_store.with_people_in(c, communes, MOST_LISTS)]


def search(db: Database, text: str, most: int = MOST_FOUND) -> list[Found]:
    """Places of today and of before with that name or code, accents aside, in whole or in part: what is called just so
    comes first.
    """
    if not fold(text):
        return []
    with db.reading() as c:
        units = store.units(c)
    by_code = {unit.code: unit for unit in units}
    named = Resolver(units).named(text)
    alike = [unit for unit in units if unit not in named and f" {fold(text)}" in f" {fold(unit.name)}"]
    alike.sort(key=lambda unit: (spoken(text) not in spoken(unit.name), *_rank(unit)))
    named.sort(key=_rank)
    return [
        Found(unit, by_code.get(unit.now), by_code.get(unit.former_district)) for unit in [*named, *alike][:most]
    ]


class _Count:
    """People by place, added up once from the kinds there are."""

    def __init__(self, kinds: Kinds):
        self.whole = kinds.total()
        self.communes: Counter[str] = Counter()
        self.districts: Counter[str] = Counter()
        self.without_commune: Counter[str] = Counter()
        self._homes: Counter[tuple[str | None, str | None]] = Counter()
        for kind, n in kinds.items():
            self._homes[kind.area, kind.former_district] += n
        for (area, district), n in self._homes.items():
            if area:
                self.communes[area] += n
            if district:
                self.districts[district] += n
                self.without_commune[district] += 0 if area else n

    def of(self, unit: Unit, units: Iterable[Unit]) -> int:
        """As an audience of this area counts them: in a former district also those whose commune of today came out of
        it, when nothing else is known.
        """
        if unit.level == PROVINCE:
            mine = {each.code for each in units if each.province == unit.code}
            return sum(n for (area, district), n in self._homes.items() if area in mine or district in mine)
        if unit.level == COMMUNE:
            return self.communes[unit.code]
        inside = (each.code for each in units if each.level == COMMUNE and each.former_district == unit.code)
        return self.districts[unit.code] + sum(self._homes[code, None] for code in inside)


def _count(c: Connection) -> _Count:
    return _Count(list_figures.everybody(c))


def _province(province: Unit, units: Sequence[Unit], count: _Count) -> Province:
    mine = [unit for unit in units if unit.province == province.code]
    names = {unit.code: unit.name for unit in mine if unit.level == FORMER_DISTRICT}
    spots = [
        Spot(unit, count.communes[unit.code], names.get(unit.former_district)) for unit in mine if unit.level == COMMUNE
    ]
    districts = [
        District(unit, count.of(unit, mine), count.without_commune[unit.code],
                 sorted((spot for spot in spots if spot.unit.former_district == unit.code), key=_by_name))
        for unit in mine if unit.level == FORMER_DISTRICT
    ]  # fmt: skip
    return Province(province, count.of(province, mine), districts, sorted(spots, key=_by_name))


def _rank(unit: Unit) -> tuple[int, str]:
    return _LEVELS.index(unit.level), alphabetical(unit.name)


def _by_name(spot: Spot) -> tuple[bool, str]:
    """Wards before communes, then by name without its kind."""
    kind, _, name = alphabetical(spot.unit.name).partition(" ")
    return kind != "phuong", name
