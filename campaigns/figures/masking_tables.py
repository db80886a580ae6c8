"""Rows × columns that may be shown with their totals. Pure.

A hidden cell is safe when units can be carried round a ring of hidden cells through it, up and down in turns, so that
every total stays (`masking_rings`). Totals that are hidden, or not shown at all, are cells like others. Cells are added
until every hidden one is safe but for those that follow from the totals alone.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from campaigns.figures.masking import LEAST
from campaigns.figures.masking_rings import Pipe, told

Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)
Place = tuple[int, int]
#: What other tables show of totals: a number, or None where they hide it.
Elsewhere = Mapping


@dataclass(frozen=True)
class MaskedTable(Generic[Row, Column]):
    """None stands for what is hidden. A row without a cell has a 0 there. `whole` is never hidden."""

    cells: Mapping[Row, Mapping[Column, int | None]]
    rows: Mapping[Row, int | None]
    columns: Mapping[Column, int | None]
    whole: int


def masked_table(
    rows: Mapping[Row, Mapping[Column, int]],
    columns: Sequence[Column] | None = None,
    least: int = LEAST,
    *,
    known_rows: Elsewhere | None = None,
    known_columns: Elsewhere | None = None,
) -> MaskedTable[Row, Column]:
    """Every cell and total of the table as it may be shown. `columns`: their order, else as the rows name them.
    `known_rows` and `known_columns`: the totals that stand elsewhere too, as they stand there.

    A table of one row or one column is a row with its total; see `masking.masked`.
    """
    columns = list(dict.fromkeys(c for cells in rows.values() for c in cells)) if columns is None else list(columns)
    names = list(rows)
    grid = _Grid([[rows[name].get(column, 0) for column in columns] for name in names])
    for i, name in enumerate(names):
        grid.settle((i, grid.wide - 1), name, known_rows or {})
    for j, column in enumerate(columns):
        grid.settle((grid.tall - 1, j), column, known_columns or {})
    grid.hide(least)
    shown = grid.shown()
    return MaskedTable(
        cells={name: dict(zip(columns, shown[i], strict=False)) for i, name in enumerate(names)},
        rows={name: shown[i][-1] for i, name in enumerate(names)},
        columns=dict(zip(columns, shown[-1], strict=False)),
        whole=grid.n[-1][-1],
    )


#: Whether it is a row, and which.
Line = tuple[bool, int]


def _lines(at: Place) -> tuple[Line, Line]:
    """Its row and its column."""
    return (True, at[0]), (False, at[1])


class _Grid:
    """The numbers with a row and a column of totals at the end, which of them are hidden, and which are `settled`:
    shown or hidden already, whatever is done here.
    """

    def __init__(self, cells: list[list[int]]):
        self.n = [[*row, sum(row)] for row in cells]
        self.n.append([sum(column) for column in zip(*self.n, strict=True)] or [0])
        self.tall, self.wide = len(self.n), len(self.n[-1])
        self.hidden: set[Place] = set()
        self.settled: set[Place] = {(self.tall - 1, self.wide - 1)}

    def settle(self, at: Place, name: Hashable, elsewhere: Elsewhere) -> None:
        if name in elsewhere:
            self.settled.add(at)
            if elsewhere[name] is None:
                self.hidden.add(at)

    def shown(self) -> list[list[int | None]]:
        return [[None if (i, j) in self.hidden else n for j, n in enumerate(row)] for i, row in enumerate(self.n)]

    def hide(self, least: int) -> None:
        small = {(i, j) for i, row in enumerate(self.n) for j, n in enumerate(row) if 0 < n < least}
        self.hidden |= small - self.settled
        all_there_is = {(i, j) for i in range(self.tall) for j in range(self.wide)} - self.settled
        inevitable = self._told(self.hidden | all_there_is) if self.hidden else set()
        while more := set(self._beside_all(self._told(self.hidden) - inevitable)):
            self.hidden |= more

    def _told(self, places: set[Place]) -> set[Place]:
        """Those that can be reckoned when these are hidden."""
        zeros = any(not self.n[i][j] for i, j in places)
        return told({at: self._pipe(at, 0 if zeros else 1) for at in places})

    def _beside_all(self, places: set[Place]) -> Iterator[Place]:
        """What to hide next so that the numbers at these places are not told: something in the row or column of each,
        where fewer are hidden.
        """
        count: Counter[Line] = Counter(line for at in self.hidden for line in _lines(at))
        chosen: dict[Line, Place | None] = {}
        for at in sorted(places):
            for line in sorted(_lines(at), key=count.__getitem__):
                if line not in chosen:
                    chosen[line] = self._next_in(line, count)
                    count.update(_lines(chosen[line]) if chosen[line] else ())
                if chosen[line]:
                    yield chosen[line]
                    break

    def _next_in(self, line: Line, count: Mapping[Line, int]) -> Place | None:
        """The smallest cell, best one that closes a ring; cells of nobody after these, totals last."""
        across, k = line
        those = [(k, j) for j in range(self.wide)] if across else [(i, k) for i in range(self.tall)]
        left = [at for at in those if at not in self.hidden and at not in self.settled]

        def rank(at: Place) -> tuple[bool, bool, bool, int]:
            n = self.n[at[0]][at[1]]
            return self._is_total(at), not n, not count[_lines(at)[across]], n

        return min(left, key=rank, default=None)

    def _is_total(self, at: Place) -> bool:
        return at[0] == self.tall - 1 or at[1] == self.wide - 1

    def _pipe(self, at: Place, fewest: int) -> Pipe:
        """The row and the column it stands in, with one sign each: a total is taken off what it is the total of. Who
        sees every zero shown takes a hidden number for one at least: `fewest`.
        """
        row, column = ("row", at[0]), ("column", at[1])
        a, b = (column, row) if self._is_total(at) else (row, column)
        return Pipe(a, b, True, self.n[at[0]][at[1]] > fewest)
