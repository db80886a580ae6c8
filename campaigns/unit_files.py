"""A province's units as a file tells them, as rows of `areas`; every fault is one clear sentence. Pure.

{"province": {"code", "name"}, "former_districts": […], "communes": […], "former_communes": […]}. A unit has a code and
a name; a commune its "former_district" where that is known; a former commune also "now" (the code of today's commune)
and "valid_to" (its last day). Other keys are kept where `areas` has a column, else passed over.

A former commune often has the number of today's commune it went into; ours carry the year the map ended:
16936 is today's Xã Tam Thái, 16936-2025 the Xã Tam Hợp that was.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from campaigns.folding import fold
from campaigns.places import COMMUNE, FORMER_COMMUNE, FORMER_DISTRICT, PROVINCE
from messages.errors import Mistake

_LEVELS = {"former_districts": FORMER_DISTRICT, "communes": COMMUNE, "former_communes": FORMER_COMMUNE}
_TEXTS = ("former_district", "now", "valid_from", "valid_to")
_NUMBERS = ("lat", "lon")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z").match


def read(content: str | bytes) -> list[dict]:
    """The rows, the province first. Raises Mistake: units-unreadable, units-part, units-unit, units-twice,
    units-nowhere.
    """
    try:
        file = json.loads(content)
    except ValueError:
        raise Mistake("units-unreadable") from None
    _check_parts(file)
    rows = list(_rows(file))
    _check_codes(rows)
    return rows


def _check_parts(file: object) -> None:
    if not isinstance(file, dict) or not isinstance(file.get("province"), dict):
        raise Mistake("units-part", part="province")
    for part in _LEVELS:
        if not isinstance(file.get(part), list):
            raise Mistake("units-part", part=part)
    if not file["communes"]:
        raise Mistake("units-part", part="communes")


def _rows(file: Mapping[str, object]) -> Iterator[dict]:
    province = _row("province", 1, file["province"], PROVINCE, "")
    yield {**province, "province": province["code"]}
    for part, level in _LEVELS.items():
        for place, unit in enumerate(file[part], 1):
            yield _row(part, place, unit, level, province["code"])


def _row(part: str, place: int, unit: object, level: str, province: str) -> dict:
    if not isinstance(unit, dict) or not _complete(unit, level):
        raise Mistake("units-unit", part=part, place=place)
    more = {name: unit.get(name) or None for name in _TEXTS} | {name: unit.get(name) for name in _NUMBERS}
    name = " ".join(unit["name"].split())
    code = f"{unit['code']}-{unit['valid_to'][:4]}" if level == FORMER_COMMUNE else unit["code"]
    return {"code": code, "level": level, "name": name, "folded": fold(name), "province": province, **more}


def _complete(unit: Mapping[str, object], level: str) -> bool:
    """Whether it has what its level needs, and nothing of another type."""
    needed = ("code", "name", "now", "valid_to") if level == FORMER_COMMUNE else ("code", "name")
    texts = all(isinstance(unit.get(name), str) and unit[name].strip() for name in needed)
    others = all(isinstance(unit.get(name), str | None) for name in _TEXTS)
    degrees = all(isinstance(unit.get(name), int | float | None) for name in _NUMBERS)
    days = all(_DAY(unit[name]) for name in ("valid_from", "valid_to") if others and unit.get(name))
    return texts and others and degrees and days


def _check_codes(rows: list[dict]) -> None:
    if double := [code for code, n in Counter(row["code"] for row in rows).items() if n > 1]:
        raise Mistake("units-twice", text=double[0])
    of_level = {level: {row["code"] for row in rows if row["level"] == level} for level in _LEVELS.values()}
    for row in rows:
        for name, level in (("former_district", FORMER_DISTRICT), ("now", COMMUNE)):
            if row[name] and row[name] not in of_level[level]:
                raise Mistake("units-nowhere", text=row["code"], part=name, to=row[name])
