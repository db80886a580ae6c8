"""Rows × columns that may be shown with their totals. Pure.

A hidden cell is safe when units can be carried round a ring of hidden cells through it, up and down in turns, so that
every total stays: then more than one table has the same totals. Totals that are hidden, or not shown at all, are cells
like others. Cells are added until every hidden one is safe.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from campaigns.figures.masking import LEAST

Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)
Place = tuple[int, int]


@dataclass(frozen=True)
class MaskedTable(Generic[Row, Column]):
    """None stands for what is hidden. A row without a cell has a 0 there. `whole` is never hidden."""

    cells: Mapping[Row, Mapping[Column, int | None]]
    rows: Mapping[Row, int | None]
    columns: Mapping[Column, int | None]
    whole: int


def masked_table(
    rows: Mapping[Row, Mapping[Column, int]], columns: Sequence[Column] | None = None, least: int = LEAST
) -> MaskedTable[Row, Column]:
    """Every cell and total of the table as it may be shown. `columns`: their order, else as the rows name them.

    A table of one row or one column is a row with its total; see `masking.masked`.
    """
    columns = list(dict.fromkeys(c for cells in rows.values() for c in cells)) if columns is None else list(columns)
    names = list(rows)
    grid = _Grid([[rows[name].get(column, 0) for column in columns] for name in names])
    grid.hide(least)
    shown = grid.shown()
    return MaskedTable(
        cells={name: dict(zip(columns, shown[i], strict=False)) for i, name in enumerate(names)},
        rows={name: shown[i][-1] for i, name in enumerate(names)},
        columns=dict(zip(columns, shown[-1], strict=False)),
        whole=grid.n[-1][-1],
    )


class _Grid:
    """The numbers with a row and a column of totals at the end, and which of them are hidden."""

    def __init__(self, cells: list[list[int]]):
        self.n = [[*row, sum(row)] for row in cells]
        self.n.append([sum(column) for column in zip(*self.n, strict=True)] or [0])
        self.tall, self.wide = len(self.n), len(self.n[-1])
        self.corner = (self.tall - 1, self.wide - 1)
        self.hidden: set[Place] = set()

    def shown(self) -> list[list[int | None]]:
        return [[None if (i, j) in self.hidden else n for j, n in enumerate(row)] for i, row in enumerate(self.n)]

    def hide(self, least: int) -> None:
        self.hidden = {
            (i, j) for i, row in enumerate(self.n) for j, n in enumerate(row) if 0 < n < least and (i, j) != self.corner
        }
        while more := {place for told in self._told() for place in self._beside(told)}:
            self.hidden |= more

    def _beside(self, place: Place) -> list[Place]:
        """What to hide next so that the number at `place` is not told: in its row or column, where fewer are hidden,
        the smallest cell; cells of nobody after these, totals last.
        """
        i, j = place
        lines = sorted(([(i, k) for k in range(self.wide)], [(k, j) for k in range(self.tall)]), key=self._hidden_in)
        for line in lines:
            left = [at for at in line if at not in self.hidden and at != self.corner]
            if left:
                return [min(left, key=self._rank)]
        return []

    def _hidden_in(self, line: Iterable[Place]) -> int:
        return len(self.hidden.intersection(line))

    def _rank(self, at: Place) -> tuple[bool, bool, int]:
        n = self.n[at[0]][at[1]]
        return self._is_total(at), not n, n

    def _is_total(self, at: Place) -> bool:
        return at[0] == self.tall - 1 or at[1] == self.wide - 1

    def _told(self) -> list[Place]:
        """The hidden cells that can be reckoned."""
        rings = _Rings(self._steps())
        return [at for at in sorted(self.hidden) if not rings.through(at)]

    def _steps(self) -> dict[int, tuple[set[int], set[int]]]:
        """Row → columns of its hidden cells that a unit can be taken from, and that one can be put into, the equation
        of the row kept: a total counts with the other sign.
        """
        steps: dict[int, tuple[set[int], set[int]]] = {}
        for i, j in self.hidden:
            grows, shrinks = True, self.n[i][j] != 1 and self.n[i][j] > 0
            put, taken = (shrinks, grows) if self._is_total((i, j)) else (grows, shrinks)
            takes, puts = steps.setdefault(i, (set(), set()))
            if taken:
                takes.add(j)
            if put:
                puts.add(j)
        return steps


class _Rings:
    """Ways for a unit from column to column, one row a step."""

    def __init__(self, steps: Mapping[int, tuple[set[int], set[int]]]):
        self._steps = steps
        self._rows: dict[tuple[int, int], set[int]] = {}
        for row, (takes, puts) in steps.items():
            for a in takes:
                for b in puts - {a}:
                    self._rows.setdefault((a, b), set()).add(row)
        self._next: dict[int, set[int]] = {}
        for a, b in self._rows:
            self._next.setdefault(a, set()).add(b)

    def through(self, at: Place) -> bool:
        """Whether some ring runs through this cell."""
        row, column = at
        takes, puts = self._steps[row]
        if column in takes and any(self._leads(other, column, row) for other in puts - {column}):
            return True
        return column in puts and any(self._leads(column, other, row) for other in takes - {column})

    def _leads(self, start: int, end: int, without: int) -> bool:
        """Whether a unit gets from one column to the other through other rows than `without`."""
        seen, todo = {start}, [start]
        while todo:
            a = todo.pop()
            onward = {b for b in self._next.get(a, ()) if b not in seen and self._rows[a, b] != {without}}
            if end in onward:
                return True
            seen |= onward
            todo.extend(onward)
        return False
