"""Bars in rows, as components.html draws them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

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
