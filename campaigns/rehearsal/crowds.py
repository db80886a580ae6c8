"""An audience in groups, and the groups as packets in the order of the queue. Pure.

A group's people are taken to stand evenly between its first and its last contact, which is exact for a list in the
order of its communes and right on average for a mixed one; in a small wave every packet is one person.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

#: Packets of a rehearsal, about: with a million people each stands for some two hundred and fifty.
PACKETS = 4000


@dataclass(frozen=True)
class Crowd:
    """`n` people of one commune, carrier and zone (None = Vietnam); `first` and `last` are the ids of their contacts,
    and `segments` those of one message to one of them.
    """

    area: str | None
    carrier: str
    zone: str | None
    n: int
    first: int
    last: int
    segments: float = 1.0


@dataclass(slots=True)
class Packet:
    """`n` people who stand together at `at` in the queue."""

    at: float
    crowd: Crowd
    n: int


def packets(crowds: Sequence[Crowd]) -> Iterator[Packet]:
    """The packets of all groups, group by group."""
    size = max(1, ceil(sum(crowd.n for crowd in crowds) / PACKETS))
    for crowd in crowds:
        step = (crowd.last - crowd.first) / max(1, crowd.n - 1)
        for first in _cuts(crowd.n, size):
            n = min(size, crowd.n - 1 - first) if 0 < first < crowd.n - 1 else 1
            yield Packet(crowd.first + step * (first + (n - 1) / 2), crowd, n)


def _cuts(n: int, size: int) -> list[int]:
    """Where packets of `n` people begin: the first and the last stand alone, so that their times are exact."""
    return [0, *range(1, n - 1, size), *([n - 1] if n > 1 else [])]
