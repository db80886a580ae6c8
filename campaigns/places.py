"""Where a row says somebody lives: names as people write them, resolved to today's units. Pure: built from rows.

Officers write the map they grew up with: districts (abolished on 1 July 2025) and the communes of before. A former
commune leads to today's; the few names that would lead to two places are left open rather than guessed.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from campaigns.folding import fold, spoken

PROVINCE, FORMER_DISTRICT, COMMUNE, FORMER_COMMUNE = "province", "former-district", "commune", "former-commune"

#: Folded words before a name, and the kind they mean; longest first. (Folding writes y as i.)
_KINDS = (
    ("thanh pho", "thanh pho"),
    ("thi tran", "thi tran"),
    ("phuong", "phuong"),
    ("thi xa", "thi xa"),
    ("huien", "huien"),
    ("tinh", "tinh"),
    ("t t", "thi tran"),
    ("tt", "thi tran"),
    ("tx", "thi xa"),
    ("tp", "thanh pho"),
    ("xa", "xa"),
    ("p", "phuong"),
    ("x", "xa"),
    ("h", "huien"),
)
_PARTS = re.compile(r"[,;/()]|\s[-–]\s")


@dataclass(frozen=True)
class Unit:
    """A row of `areas`. A former commune's `now` is today's commune or ward."""

    code: str
    level: str
    name: str
    province: str
    former_district: str | None = None
    now: str | None = None

    @property
    def today(self) -> str | None:
        return self.now if self.level == FORMER_COMMUNE else self.code if self.level == COMMUNE else None


@dataclass(frozen=True)
class Place:
    """What is known of where somebody lives. `found`: known | unknown | ambiguous | blank (nothing was written).

    `area` is today's commune or ward, None when it is not known; the former district may be known without it.
    `choices` are the codes an ambiguous name could mean.
    """

    area: str | None = None
    former_district: str | None = None
    former_commune: str | None = None
    found: str = "known"
    choices: tuple[str, ...] = ()


class Names:
    """Units by name, exact spelling first: what has its accents right must not meet what only folds alike."""

    def __init__(self, units: Iterable[Unit]):
        self._spoken: dict[str, list[Unit]] = defaultdict(list)
        self._folded: dict[str, list[Unit]] = defaultdict(list)
        self._kind: dict[str, str] = {}
        for unit in units:
            kind, length = _kind(fold(unit.name))
            self._kind[unit.code] = kind
            self._spoken[_without(spoken(unit.name), length)].append(unit)
            self._folded[_without(fold(unit.name), length)].append(unit)

    def called(self, text: str) -> list[Unit]:
        """The units `text` may mean; a written kind ("TT", "Xã") narrows them when it can."""
        whole, bare = spoken(text), fold(text)
        kind, length = _kind(bare)
        if not length:
            return self._spoken.get(whole) or self._folded.get(bare) or []
        # "Xá Lượng" begins like "xã" once folded, so the whole name is tried at each step too.
        tries = (
            self._spoken.get(whole), self._spoken.get(_without(whole, length)),
            self._folded.get(bare), self._folded.get(_without(bare, length)),
        )
        found = next((units for units in tries if units), [])
        return [unit for unit in found if self._kind[unit.code] == kind] or found


class Resolver:
    """Resolves what a row says into a Place. Build it from all rows of `areas`; it does not change."""

    def __init__(self, units: Iterable[Unit]):
        units = list(units)
        self._by_code = {unit.code: unit for unit in units}
        self._provinces = Names(unit for unit in units if unit.level == PROVINCE)
        self._districts = Names(unit for unit in units if unit.level == FORMER_DISTRICT)
        self._communes = Names(unit for unit in units if unit.level in (COMMUNE, FORMER_COMMUNE))

    def unit(self, code: str) -> Unit | None:
        return self._by_code.get(code)

    def resolve(self, district: str = "", commune: str = "", within: str | None = None) -> Place:
        """The place of `commune` in `district`; `within` is the code of the list's area, used where the row is silent.

        A commune name is read on the map of before 2025 when a former district is named, for who writes a district
        writes that map. A commune that does not lie in the written district is unknown, not moved.
        """
        written, pieces = self._read(district, commune)
        district_code = written.code if written else None
        if not pieces:
            return self._without_commune(district_code, within, district)
        found = next((units for piece in pieces if (units := self._communes.called(piece))), [])
        found = _in_district(found, district_code) if district_code else self._near(found, within)
        return self._decide(found, district_code or self._former_district(within))

    def named(self, text: str) -> list[Unit]:
        """Every unit called `text`, or with that code: for somebody who types an area's name."""
        if text.strip() in self._by_code:
            return [self._by_code[text.strip()]]
        found = [unit for names in (self._provinces, self._districts, self._communes) for unit in names.called(text)]
        kind, length = _kind(fold(text))
        return [unit for unit in found if length and _kind(fold(unit.name))[0] == kind] or found

    def _read(self, district: str, commune: str) -> tuple[Unit | None, list[str]]:
        """The former district written anywhere in the two cells, and the pieces that may name a commune."""
        written = _only(self._districts.called(district)) if district else None
        pieces = [piece for part in _PARTS.split(commune) if (piece := part.strip())]
        if district and not written:
            pieces = pieces or [part.strip() for part in _PARTS.split(district) if part.strip()]
        for piece in pieces[1:]:
            written = written or _only(self._districts.called(piece))
        return written, pieces

    def _without_commune(self, district_code: str | None, within: str | None, text: str) -> Place:
        unit = self._by_code.get(within) if within else None
        if district_code:
            return Place(former_district=district_code, found="blank")
        if unit is None or unit.level == PROVINCE:
            return Place(found="unknown" if text.strip() else "blank")
        return replace(_place(unit), found="blank")

    def _near(self, found: list[Unit], within: str | None) -> list[Unit]:
        """Of several places of one name, those in the list's own area, when it has any."""
        unit = self._by_code.get(within) if within else None
        if unit is None or unit.level == PROVINCE:
            return found
        if unit.level == FORMER_DISTRICT:
            return _in_district(found, unit.code) or found
        return [one for one in found if one.today == unit.today] or found

    def _decide(self, found: list[Unit], district: str | None) -> Place:
        today = {unit.today for unit in found}
        if len(today) == 1:
            # A name of today's and a former commune of it: either way the same place, but no word on which was meant.
            return _place(found[0]) if len(found) == 1 else Place(found[0].today, found[0].former_district)
        if not found:
            return Place(former_district=district, found="unknown")
        shared = {unit.former_district for unit in found}
        district = shared.pop() if len(shared) == 1 else None
        return Place(former_district=district, found="ambiguous", choices=tuple(sorted(unit.code for unit in found)))

    def _former_district(self, code: str | None) -> str | None:
        unit = self._by_code.get(code) if code else None
        return None if unit is None else unit.code if unit.level == FORMER_DISTRICT else unit.former_district


def _place(unit: Unit) -> Place:
    if unit.level == FORMER_DISTRICT:
        return Place(former_district=unit.code)
    former = unit.code if unit.level == FORMER_COMMUNE else None
    return Place(unit.today, unit.former_district, former)


def _in_district(found: list[Unit], district: str) -> list[Unit]:
    """Those in the former district; on its own map, when one of them stood there."""
    inside = [unit for unit in found if unit.former_district == district]
    return [unit for unit in inside if unit.level == FORMER_COMMUNE] or inside


def _only(units: list[Unit]) -> Unit | None:
    return units[0] if len(units) == 1 else None


def _kind(folded: str) -> tuple[str, int]:
    """The kind of unit a folded name begins with, and how many words say so; ("", 0) when none does."""
    for written, kind in _KINDS:
        if folded.startswith(written + " "):
            return kind, written.count(" ") + 1
    return "", 0


def _without(name: str, words: int) -> str:
    return " ".join(name.split(" ")[words:])
