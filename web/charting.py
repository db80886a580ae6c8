"""What a chart over time looks like, reckoned here so that templates/charts.html only draws: columns, stacked or not.

Across everything is in percent of the drawing, so that letters keep their size on a phone; down in pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zlib import crc32

from web.charting_axis import Axis, Label, axis, labels, moment_words
from web.rates import shown

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
class Chart:
    """False when there is nothing to draw. `table` is what is drawn: (label, [words of each series])."""

    title: str
    about: str
    series: Sequence[str]
    axis: Axis
    labels: Sequence[Label]
    table: Sequence[tuple[str, Sequence[str]]]
    columns: Sequence[Column] = ()
    height: int = HEIGHT

    @property
    def id(self) -> str:
        return chart_id(self.title, self.about)

    def __bool__(self) -> bool:
        return bool(self.table)

    @property
    def points(self) -> int:
        return len(self.columns)


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
