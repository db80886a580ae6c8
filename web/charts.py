"""Charts as components.html draws them: bars in rows, and a map of communes as dots."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from campaigns.maps import Spot
from web.language import number


@dataclass(frozen=True)
class Bars:
    """Rows of (label, parts, words), and what the longest bar stands for."""

    rows: Sequence[tuple[str, Sequence[int], str]]
    most: int

    def __bool__(self) -> bool:
        return bool(self.rows)

    def longest_first(self) -> "Bars":
        """The same without empty bars, the longest at the top."""
        return Bars(sorted((row for row in self.rows if any(row[1])), key=lambda row: -sum(row[1])), self.most)


def share_bars(counts: Iterable[tuple[str, int]]) -> Bars:
    """One part a bar, the longest bar for the largest count, in the given order."""
    counts = list(counts)
    return Bars([(label, (n,), number(n)) for label, n in counts], max((n for _, n in counts), default=0))


#: The statuses behind each of a delivery bar's three parts: arrived, under way, lost.
PARTS = (("delivered",), ("queued", "sending", "accepted", "unknown"), ("undelivered", "failed"))


def parts_of(counts: Mapping[str, int]) -> tuple[int, ...]:
    """Arrived, under way and lost, from a mapping of status to count."""
    return tuple(sum(counts.get(status, 0) for status in part) for part in PARTS)


def delivery_bars(rows: Iterable[tuple[str, Mapping[str, int]]]) -> Bars:
    """Arrived, under way and lost for each label; `rows` pair a label with a mapping of status to count."""
    bars = [(label, parts_of(counts)) for label, counts in rows]
    told = [(label, parts, number(sum(parts))) for label, parts in bars]
    return Bars(told, max((sum(parts) for _, parts in bars), default=0))


#: The map's own measure: as wide as a phone shows it, so that its letters are read at their size.
WIDE, MARGIN = 340, 10
#: Steps of the scale, all of one hue.
STEPS = 5
#: Names of former districts are written where none stands nearer than this (across, down), the largest first.
APART = (64, 16)
#: Nearer to an edge than this a name begins or ends at its place instead of standing over it.
EDGE = 40
_KIND = re.compile(r"^(Thành phố|Thị xã|Huyện) ")


@dataclass(frozen=True)
class Dot:
    """`step` 0..STEPS tells how full it is, None = it is not among those counted."""

    x: float
    y: float
    step: int | None
    words: str


@dataclass(frozen=True)
class DotMap:
    width: int
    height: int
    dots: Sequence[Dot]
    #: (x, y, name, how it is anchored) of former districts, for finding one's way.
    names: Sequence[tuple[float, float, str, str]]

    def __bool__(self) -> bool:
        return any(dot.step is not None for dot in self.dots)


def dot_map(spots: Sequence[Spot], shares: Mapping[str, tuple[int, int]]) -> DotMap:
    """Every commune as a dot, the fuller the deeper; `shares`: code → (n, of how many)."""
    if not spots:
        return DotMap(0, 0, (), ())
    west, north = min(spot.lon for spot in spots), max(spot.lat for spot in spots)
    east, south = max(spot.lon for spot in spots), min(spot.lat for spot in spots)
    narrow = math.cos(math.radians((north + south) / 2))  # a degree east is shorter than a degree north
    scale = (WIDE - 2 * MARGIN) / ((east - west) * narrow or 1)

    def place(lat: float, lon: float) -> tuple[float, float]:
        return round((lon - west) * narrow * scale + MARGIN, 1), round((north - lat) * scale + MARGIN, 1)

    dots = [Dot(*place(spot.lat, spot.lon), _step(*shares.get(spot.code, (0, 0))), spot.name) for spot in spots]
    # What is counted is drawn last, on top of what is not.
    dots.sort(key=lambda dot: -1 if dot.step is None else dot.step)
    return DotMap(WIDE, round((north - south) * scale + 2 * MARGIN), dots, _names(spots, place))


def _step(n: int, whole: int) -> int | None:
    return None if not whole else min(math.ceil(STEPS * n / whole), STEPS)


def _names(spots: Sequence[Spot], place) -> list[tuple[float, float, str, str]]:
    """The former districts' names at their middles, as many as leave each other room."""
    by_district = groupby(sorted(spots, key=lambda spot: spot.district), lambda spot: spot.district)
    districts = sorted(([*those] for name, those in by_district if name), key=len, reverse=True)
    found: list[tuple[float, float, str, str]] = []
    for those in districts:
        x, y = place(sum(spot.lat for spot in those) / len(those), sum(spot.lon for spot in those) / len(those))
        if all(abs(x - other[0]) > APART[0] or abs(y - other[1]) > APART[1] for other in found):
            found.append((x, y, _KIND.sub("", those[0].district), _anchor(x)))
    return found


def _anchor(x: float) -> str:
    return "start" if x < EDGE else "end" if x > WIDE - EDGE else "middle"
