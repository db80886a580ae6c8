"""A map of dots: where, how many people (its size), and what share of them (its colour, five steps of one hue)."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from flask_babel import gettext as _

from campaigns.figures.intervals import Rate
from campaigns.figures.masking_rates import Shown
from campaigns.maps import Outline, Spot
from web.charting import chart_id
from web.charting_axis import round_step
from web.language import number
from web.rates import HIDDEN, interval, rate_words

#: The map's own measure: as wide as a phone shows it, so that its letters are read at their size.
WIDE, MARGIN = 340, 14
#: Steps of the scale, all of one hue.
STEPS = 5
#: The area of a dot tells how many people; the smallest is still seen and touched.
LARGEST, SMALLEST, NOBODY = 10.0, 3.0, 2.0
#: Names of former districts are written where none stands nearer than this (across, down), the largest first.
APART = (76, 18)
#: Nearer to an edge than this a name begins or ends at its place instead of standing over it.
EDGE = 44
_KIND = re.compile(r"^(Thành phố|Thị xã|Huyện) ")


@dataclass(frozen=True)
class Dot:
    """`step` 1..STEPS tells the share, 0 = hidden, None = nobody is counted there."""

    x: float
    y: float
    r: float
    step: int | None
    words: str


@dataclass(frozen=True)
class DotMap:
    """`names`: (x, y, name, how it is anchored) of former districts, for finding one's way; `shapes`: outlines as SVG
    paths; `steps`: words of each step of the scale; `sizes`: (radius, words).
    """

    title: str
    about: str
    height: int
    dots: Sequence[Dot]
    names: Sequence[tuple[float, float, str, str]]
    shapes: Sequence[str]
    steps: Sequence[str]
    sizes: Sequence[tuple[float, str]]
    width: int = WIDE

    def __bool__(self) -> bool:
        return any(dot.step is not None for dot in self.dots)

    @property
    def id(self) -> str:
        return chart_id(self.title, self.about)

    @property
    def hides(self) -> bool:
        return any(dot.step == 0 for dot in self.dots)


@dataclass(frozen=True)
class Scale:
    """From `low` on, STEPS steps of `step` each, as shares."""

    low: float
    step: float

    def of(self, rate: Rate) -> int:
        """
        >>> Scale(0.0, 0.2).of(Rate(2, 10)), Scale(0.0, 0.2).of(Rate(3, 10)), Scale(0.5, 0.1).of(Rate(10, 10))
        (1, 2, 5)
        """
        return min(max(math.ceil((rate.share - self.low) / self.step - 1e-9), 1), STEPS)

    @property
    def words(self) -> list[str]:
        whole = all(float(round(each * 100, 6)).is_integer() for each in (self.step, self.low))
        decimals = 0 if whole else 2
        if decimals and all(float(round(each * 1000, 6)).is_integer() for each in (self.step, self.low)):
            decimals = 1
        ends = [self.low + i * self.step for i in range(STEPS + 1)]
        return [interval(a, b, decimals) for a, b in pairwise(ends)]


#: From nobody to everybody, whatever is there.
ALL = Scale(0.0, 1 / STEPS)


def scale(rates: Sequence[Rate]) -> Scale:
    """The scale that tells these apart: from 0, or from nearer where all of them are high."""
    shares = [rate.share for rate in rates if rate]
    low, high = min(shares, default=0.0), max(shares, default=0.0)
    if low < high / 2 or not high:
        return Scale(0.0, min(round_step(high), 1 / STEPS) if high else 1 / STEPS)
    step = max(round_step(high - low), 0.01) if high > low else 0.01
    low = math.floor(low / step + 1e-9) * step
    while low + STEPS * step < high - 1e-9:
        step = round_step(STEPS * step * 1.01)
        low = math.floor(low / step + 1e-9) * step
    # Where the steps would lead beyond the whole they end with it.
    return Scale(max(min(low, 1 - STEPS * step), 0.0), step)


def dot_map(
    title: str,
    spots: Sequence[Spot],
    values: Mapping[str, Shown],
    *,
    about: str = "",
    steps: Scale | None = None,
    outlines: Sequence[Outline] = (),
) -> DotMap:
    """A dot for every spot; `values` by its code, as masked_rates returns them."""
    if not spots:
        return DotMap(title, about, 0, (), (), (), (), ())
    sheet = _Sheet(spots, outlines)
    steps = steps or scale([shown.rate for shown in values.values() if shown.rate])
    most = max((shown.of for shown in values.values() if shown.of), default=0)
    dots = [_dot(sheet, spot, values.get(spot.code), steps, most) for spot in spots]
    # What is counted is drawn on top of what is not, the small ones on top of the large.
    dots.sort(key=lambda dot: (dot.step is not None, -dot.r))
    shapes = [sheet.path(outline) for outline in outlines]
    return DotMap(title, about, sheet.height, dots, _names(spots, sheet), shapes, steps.words, _sizes(most))


def districts_of(spots: Sequence[Spot]) -> list[Spot]:
    """The former districts, each in the middle of its communes; their code here is their name."""
    named = sorted((spot for spot in spots if spot.district), key=lambda spot: spot.district)
    found = []
    for name, group in groupby(named, lambda spot: spot.district):
        those = [*group]
        lat, lon = (sum(getattr(spot, axis) for spot in those) / len(those) for axis in ("lat", "lon"))
        found.append(Spot(name, name, name, lat, lon))
    return found


class _Sheet:
    """From degrees to the drawing: north is up; a degree east is shorter than a degree north."""

    def __init__(self, spots: Sequence[Spot], outlines: Sequence[Outline]):
        points = [(spot.lon, spot.lat) for spot in spots]
        points += [point for outline in outlines for ring in outline.rings for point in ring]
        self._west, self._north = min(lon for lon, _ in points), max(lat for _, lat in points)
        east, south = max(lon for lon, _ in points), min(lat for _, lat in points)
        self._narrow = math.cos(math.radians((self._north + south) / 2))
        self._scale = (WIDE - 2 * MARGIN) / (max((east - self._west) * self._narrow, (self._north - south) / 2) or 1)
        self.height = round((self._north - south) * self._scale + 2 * MARGIN)

    def place(self, lat: float, lon: float) -> tuple[float, float]:
        x, y = (lon - self._west) * self._narrow, self._north - lat
        return round(x * self._scale + MARGIN, 1), round(y * self._scale + MARGIN, 1)

    def path(self, outline: Outline) -> str:
        rings = ("L".join("{:g} {:g}".format(*self.place(lat, lon)) for lon, lat in ring) for ring in outline.rings)
        return "".join(f"M{ring}Z" for ring in rings)


def _dot(sheet: _Sheet, spot: Spot, shown: Shown | None, steps: Scale, most: int) -> Dot:
    x, y = sheet.place(spot.lat, spot.lon)
    if shown is None or shown.of == 0:
        return Dot(x, y, NOBODY, None, spot.name)
    size = _radius(shown.of or 0, most)
    if shown.rate is None:
        people = str(HIDDEN) if shown.of is None else _("hidden, of %(of)s", of=number(shown.of))
        return Dot(x, y, size, 0, f"{spot.name}: {people}")
    return Dot(x, y, size, steps.of(shown.rate), f"{spot.name}: {rate_words(shown.rate)}")


def _radius(people: int, most: int) -> float:
    return round(max(LARGEST * math.sqrt(people / most), SMALLEST), 1) if most else SMALLEST


def _sizes(most: int) -> list[tuple[float, str]]:
    """A small and a large dot with their numbers: round ones that are on the map."""
    step = int(max(round_step(most), 1)) if most else 0
    return [(_radius(n, most), number(n)) for n in (step, step * (most // step)) if n] if step else []


def _names(spots: Sequence[Spot], sheet: _Sheet) -> list[tuple[float, float, str, str]]:
    """The former districts' names at their middles, as many as leave each other room."""
    inside = {name: len([*those]) for name, those in groupby(sorted(spot.district for spot in spots))}
    found: list[tuple[float, float, str, str]] = []
    # Where the dots are the districts themselves a name stands above its own.
    above = LARGEST + 2 if all(spot.code == spot.district for spot in spots) else 0
    for spot in sorted(districts_of(spots), key=lambda spot: (-inside[spot.district], spot.name)):
        x, y = sheet.place(spot.lat, spot.lon)
        if all(abs(x - other[0]) > APART[0] or abs(y - above - other[1]) > APART[1] for other in found):
            found.append((x, round(y - above, 1), _KIND.sub("", spot.name), _anchor(x)))
    return found


def _anchor(x: float) -> str:
    return "start" if x < EDGE else "end" if x > WIDE - EDGE else "middle"

