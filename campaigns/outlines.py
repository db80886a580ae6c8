"""The outlines of communes as a province's own GeoJSON file tells them: read, checked, thinned out, matched to our
units. Every fault is one clear sentence. Pure.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from campaigns.folding import fold
from campaigns.places import COMMUNE, FORMER_DISTRICT, Unit
from messages.errors import Mistake

#: A file is no larger, has no more corners in one piece, and a map keeps no more of them in all.
MOST_BYTES = 30_000_000
MOST_KEPT = 3_000
#: Properties that name a unit or give its number, in the order they are looked at; capitals aside.
CODES = ("code", "ma", "maxa", "ma_xa", "ma_dvhc", "gso_id", "id")
NAMES = ("name", "ten", "tenxa", "ten_xa", "ten_dvhc", "name_3", "name_2", "commune")
#: Of all pieces in the file at least this part must be units of ours.
MATCHED_AT_LEAST = 0.5
#: How far outside the places of its communes a province may reach, in degrees (some 55 km).
BEYOND = 0.5

#: The kind before a name, folded; files often leave it out.
_KIND = re.compile(r"^(xa|phuong|thi tran|huien|thi xa|thanh pho) ")

Point = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Outline:
    """The unit with this code: rings of (degrees east, degrees north)."""

    code: str
    rings: Sequence[Sequence[Point]]


@dataclass(frozen=True)
class Found:
    """What a file holds of `province`; `unmatched` are names that no unit of ours has, left out."""

    province: str
    outlines: Sequence[Outline]
    unmatched: Sequence[str]
    corners: int


def read(content: bytes, units: Sequence[Unit], boxes: Mapping[str, Box]) -> Found:
    """The outlines in a GeoJSON file. `boxes`: province → west, south, east, north of its communes.

    Raises Mistake: maps-too-large, maps-unreadable, maps-collection, maps-geometry, maps-names, maps-elsewhere.
    """
    if len(content) > MOST_BYTES:
        raise Mistake("maps-too-large", most=MOST_BYTES // 1_000_000)
    pieces = [(feature, _rings(feature, at)) for at, feature in enumerate(_features(content), 1)]
    matched, unmatched = _matched(pieces, units)
    if not matched or len(matched) < MATCHED_AT_LEAST * (len(matched) + len(unmatched)):
        raise Mistake("maps-names", matched=len(matched), whole=len(pieces), name=(unmatched or [""])[0])
    province = Counter(unit.province for unit in matched).most_common(1)[0][0]
    mine = {unit.code: rings for unit, rings in matched.items() if unit.province == province}
    _check_place(mine, boxes.get(province))
    outlines = _thinned(mine)
    corners = sum(len(ring) for outline in outlines for ring in outline.rings)
    return Found(province, outlines, unmatched, corners)


def kept(content: bytes) -> list[Outline]:
    """The outlines of a file that `to_keep` wrote."""
    features = json.loads(content)["features"]
    return [
        Outline(each["properties"]["code"], [[tuple(point) for point in ring[0]] for ring in _polygons(each)])
        for each in features
    ]


def to_keep(found: Found) -> bytes:
    """As GeoJSON again, only what is drawn."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": outline.code},
            "geometry": {"type": "MultiPolygon", "coordinates": [[ring] for ring in outline.rings]},
        }
        for outline in found.outlines
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":")).encode()


def _features(content: bytes) -> list[dict]:
    try:
        file = json.loads(content)
    except (ValueError, RecursionError):
        raise Mistake("maps-unreadable") from None
    features = file.get("features") if isinstance(file, dict) and file.get("type") == "FeatureCollection" else None
    if not isinstance(features, list) or not features or not all(isinstance(each, dict) for each in features):
        raise Mistake("maps-collection")
    return features


def _polygons(feature: dict) -> list:
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise TypeError("neither Polygon nor MultiPolygon")
    there = geometry["coordinates"]
    return [there] if geometry["type"] == "Polygon" else there


def _rings(feature: dict, at: int) -> list[list[Point]]:
    """The outer rings; holes in a commune are not drawn."""
    try:
        rings = [[_point(*point[:2]) for point in polygon[0]] for polygon in _polygons(feature)]
    except (TypeError, ValueError, KeyError, IndexError):
        raise Mistake("maps-geometry", place=at) from None
    if not rings or any(len(ring) < 4 for ring in rings):
        raise Mistake("maps-geometry", place=at)
    return rings


def _point(lon: float, lat: float) -> Point:
    if isinstance(lon, bool) or isinstance(lat, bool) or not (math.isfinite(lon) and math.isfinite(lat)):
        raise ValueError("no number")
    return float(lon), float(lat)


def _matched(pieces, units: Sequence[Unit]) -> tuple[dict[Unit, list[list[Point]]], list[str]]:
    """Unit → its rings, pieces of one unit together; the names that are nobody's."""
    there = [unit for unit in units if unit.level in (COMMUNE, FORMER_DISTRICT)]
    by_code = {unit.code: unit for unit in there}
    by_name = _alone(there, lambda unit: _KIND.sub("", fold(unit.name))) | _alone(there, lambda unit: fold(unit.name))
    matched: dict[Unit, list[list[Point]]] = {}
    unmatched = []
    for feature, rings in pieces:
        told = [*_told(feature, CODES), *_told(feature, NAMES)]
        unit = next((found for text in told if (found := by_code.get(text) or by_name.get(fold(text)))), None)
        if unit is None:
            unmatched.append(told[-1] if told else "–")
        else:
            matched.setdefault(unit, []).extend(rings)
    return matched, unmatched


def _alone(units: Sequence[Unit], name: Callable[[Unit], str]) -> dict[str, Unit]:
    """By name, those that are the only ones called so."""
    times = Counter(map(name, units))
    return {name(unit): unit for unit in units if times[name(unit)] == 1}


def _told(feature: dict, names: Sequence[str]) -> Iterator[str]:
    properties = feature.get("properties")
    given = {str(key).lower(): value for key, value in properties.items()} if isinstance(properties, dict) else {}
    return (str(given[name]).strip() for name in names if isinstance(given.get(name), str | int))


def _check_place(outlines: Mapping[str, list[list[Point]]], box: Box | None) -> None:
    """Metres instead of degrees, or north before east, would draw nonsense."""
    if box is None:
        return
    west, south, east, north = box
    for code, rings in outlines.items():
        for lon, lat in (point for ring in rings for point in ring):
            if not (west - BEYOND <= lon <= east + BEYOND and south - BEYOND <= lat <= north + BEYOND):
                raise Mistake("maps-elsewhere", text=code, lon=f"{lon:.4f}", lat=f"{lat:.4f}")


def _thinned(outlines: Mapping[str, list[list[Point]]]) -> list[Outline]:
    """With as few corners as a map this size shows; coarser until there are no more than MOST_KEPT."""
    tolerance = 0.001
    while True:
        found = [Outline(code, _largest([_simpler(ring, tolerance) for ring in rings])) for code, rings in
                 sorted(outlines.items())]  # fmt: skip
        if sum(len(ring) for outline in found for ring in outline.rings) <= MOST_KEPT or tolerance > BEYOND:
            return found
        tolerance *= 1.5


def _largest(rings: list[list[Point]]) -> list[list[Point]]:
    """Without islands that shrank to nothing, but never without any."""
    return [ring for ring in rings if len(ring) > 3] or [max(rings, key=len)]


def _simpler(ring: list[Point], tolerance: float) -> list[Point]:
    """Ramer, Douglas, Peucker: without the corners that lie nearer than `tolerance` to the line between others."""
    keep, todo = {0, len(ring) - 1}, [(0, len(ring) - 1)]
    while todo:
        first, last = todo.pop()
        far, at = max(((_away(ring[i], ring[first], ring[last]), i) for i in range(first + 1, last)), default=(0, 0))
        if far > tolerance:
            keep.add(at)
            todo += [(first, at), (at, last)]
    return [(round(ring[i][0], 4), round(ring[i][1], 4)) for i in sorted(keep)]


def _away(point: Point, a: Point, b: Point) -> float:
    """How far a point lies from the stretch between two others."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    along = max(0.0, min(1.0, ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / length)) if length else 0.0
    return math.hypot(point[0] - a[0] - along * dx, point[1] - a[1] - along * dy)
