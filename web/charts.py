"""Bars in rows, as components.html draws them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from web.language import number


@dataclass(frozen=True)
class Bars:
    """Rows of (label, parts, words), and what the longest bar stands for."""

    rows: Sequence[tuple[str, Sequence[int], str]]
    most: int

    def __bool__(self) -> bool:
        return bool(self.rows)


def share_bars(counts: Iterable[tuple[str, int]]) -> Bars:
    """One part a bar, the longest bar for the largest count, in the given order."""
    counts = list(counts)
    return Bars([(label, (n,), number(n)) for label, n in counts], max((n for _, n in counts), default=0))
