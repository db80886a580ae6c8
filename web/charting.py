"""What a chart over time looks like, reckoned here so that templates/charts.html only draws: columns, stacked or not,
and lines.

Across everything is in percent of the drawing, so that letters keep their size on a phone; down in pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zlib import crc32

from campaigns.figures.intervals import Rate
from web.charting_axis import Axis, Label, axis, labels, moment_words, share_axis
from web.language import number
from web.rates import HIDDEN, rate_words, shown

#: Height of the drawing without the words below it.
HEIGHT = 200
#: A column of one day alone is no wall.
WIDEST = 12.0
#: Part of its room that a column fills.
_FILLED = 0.8
#: What is there is seen, however little it is beside the rest.
_LEAST_SEEN = 1.5
#: Height of the mark for a number that is hidden.
_HIDDEN_MARK = 10.0

When = date | datetime | str
Value = int | float | Rate | None


@dataclass(frozen=True)
class Piece:
    """One part of a column, from the top; `tone` 1.. is that of its series."""

    y: float
    height: float
    tone: int


@dataclass(frozen=True)
class Column:
    """`words` say all its numbers; `hidden`: some of them may not be shown."""

    x: float
    width: float
    pieces: Sequence[Piece]
    hidden: bool
    words: str


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    tone: int
    words: str


@dataclass(frozen=True)
class Path:
    """A line's way and the band of its interval ("" without one), as SVG paths in 0..100 × 0..HEIGHT."""

    tone: int
    line: str
    band: str


@dataclass(frozen=True)
class Chart:
    """False when there is nothing to draw. `table` is what is drawn: (label, [words of each series])."""

    title: str
    about: str
    series: Sequence[str]
    axis: Axis
    labels: Sequence[Label]
    table: Sequence[tuple[str, Sequence[str]]]
    columns: Sequence[Column] = ()
    paths: Sequence[Path] = ()
    dots: Sequence[Dot] = ()
    height: int = HEIGHT

    @property
    def id(self) -> str:
        return chart_id(self.title, self.about)

    def __bool__(self) -> bool:
        return bool(self.table)

    @property
    def points(self) -> int:
        return len(self.columns) or len(self.dots)


def chart_id(*words: str) -> str:
    """Names a drawing within its page, the same each time it is drawn."""
    return f"chart-{crc32(' '.join(map(str, words)).encode()):08x}"


def columns(
    title: str, rows: Sequence[tuple[When, int | Sequence[int | None] | None]], series: Sequence[str], about: str = ""
) -> Chart:
    """A column for each row, its parts stacked; several `series` make several parts, at most four.

    `rows`: a day, an hour (aware) or a word with one number a series, None = hidden. `about` is one sentence for who
    does not see the chart.
    """
    parts = [(when, (values,) if values is None or isinstance(values, int) else tuple(values)) for when, values in rows]
    scale = axis(max((sum(filter(None, values)) for _when, values in parts), default=0))
    names = [moment_words(when, [when for when, _ in parts]) for when, _ in parts]
    room = 100 / max(len(parts), 1)
    width = round(min(room * _FILLED, WIDEST), 3)
    drawn = [
        Column(round(room * (i + 0.5) - width / 2, 3), width, _stack(values, scale.top), None in values,
               _told(name, series, [shown(n) for n in values]))
        for i, (name, (_when, values)) in enumerate(zip(names, parts, strict=True))
    ]  # fmt: skip
    table = [(name, [shown(n) for n in values]) for name, (_, values) in zip(names, parts, strict=True)]
    return Chart(title, about, series, scale, labels([when for when, _ in parts]), table, columns=drawn)


def line(
    title: str, rows: Sequence[tuple[When, Value | Sequence[Value]]], series: Sequence[str], about: str = ""
) -> Chart:
    """A line for each series, with gaps where a value is hidden or nothing was measured.

    Values are numbers, or Rates: then the axis shows shares and a band each line's interval.
    """
    parts = [(when, values if isinstance(values, (tuple, list)) else (values,)) for when, values in rows]
    flat = [value for _when, values in parts for value in values]
    shares = any(isinstance(value, Rate) for value in flat)
    scale = (share_axis if shares else axis)(max(map(_highest, flat), default=0))
    names = [moment_words(when, [when for when, _ in parts]) for when, _ in parts]
    room = 100 / max(len(parts), 1)
    across = [round(room * (i + 0.5), 3) for i in range(len(parts))]
    dots = [
        Dot(x, _y(value, scale.top), tone, _told(name, series[tone - 1 : tone], [_in_words(value)]))
        for x, name, (_when, values) in zip(across, names, parts, strict=True)
        for tone, value in enumerate(values, 1)
        if _measured(value) is not None
    ]
    paths = [_path(tone, across, [values[tone - 1] for _when, values in parts], scale.top)
             for tone in range(1, len(series) + 1)]  # fmt: skip
    table = [(name, [_in_words(value) for value in values]) for name, (_, values) in zip(names, parts, strict=True)]
    marks = labels([when for when, _ in parts])
    return Chart(title, about, series, scale, marks, table, paths=paths, dots=dots)


def _stack(values: Sequence[int | None], top: float) -> list[Piece]:
    pieces, floor = [], float(HEIGHT)
    for tone, n in enumerate(values, 1):
        if n:
            high = max(HEIGHT * n / top, _LEAST_SEEN)
            floor -= high
            pieces.append(Piece(round(max(floor, 0), 2), round(high, 2), tone))
        elif n is None:
            floor -= _HIDDEN_MARK
            pieces.append(Piece(round(max(floor, 0), 2), _HIDDEN_MARK, 0))
    return pieces


def _told(name: str, series: Sequence[str], values: Sequence[str]) -> str:
    """"24/11/2026: delivered 3.120, on their way 12"; of one series its name would only be said again."""
    if len(series) < 2 and len(values) < 2:
        return f"{name}: {values[0]}"
    return f"{name}: " + ", ".join(f"{what} {value}" for what, value in zip(series, values, strict=True))


def _measured(value: Value) -> float | None:
    return value.share if isinstance(value, Rate) else value


def _highest(value: Value) -> float:
    return (value.high or 0) if isinstance(value, Rate) else value or 0


def _in_words(value: Value) -> str:
    if isinstance(value, Rate):
        return rate_words(value)
    return str(HIDDEN) if value is None else number(value, 0 if isinstance(value, int) else 1)


def _y(value: Value, top: float) -> float:
    return round(HEIGHT * (1 - _measured(value) / top), 2)


def _path(tone: int, across: Sequence[float], values: Sequence[Value], top: float) -> Path:
    line_, band = [], []
    for stretch in _stretches(across, values):
        line_.append("M" + "L".join(f"{x} {_y(value, top)}" for x, value in stretch))
        if isinstance(stretch[0][1], Rate) and len(stretch) > 1:
            upper = [f"{x} {round(HEIGHT * (1 - value.high / top), 2)}" for x, value in stretch]
            lower = [f"{x} {round(HEIGHT * (1 - value.low / top), 2)}" for x, value in reversed(stretch)]
            band.append("M" + "L".join(upper + lower) + "Z")
    return Path(tone, "".join(line_), "".join(band))


def _stretches(across: Sequence[float], values: Sequence[Value]) -> list[list[tuple[float, Value]]]:
    """Runs of neighbours that were measured."""
    found: list[list[tuple[float, Value]]] = [[]]
    for x, value in zip(across, values, strict=True):
        if _measured(value) is None:
            found.append([])
        else:
            found[-1].append((x, value))
    return [run for run in found if run]
