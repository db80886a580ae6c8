"""The one way a delivery changes: its row, its wave's tally and figures, and what the wave has spent, together."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from campaigns import pacing
from campaigns.store import changes, figures, spending, tally


class Group(NamedTuple):
    """Deliveries of a wave that are counted alike, wherever they stand."""

    wave_id: int
    area: str | None
    carrier: str | None


class Stand(NamedTuple):
    """Where a delivery stands; `hour` as `figures.hour_of` writes the moment it was handed over, None before that."""

    status: str
    reason: str | None = None
    hour: str | None = None


class Books:
    """What a transaction's changes of rows add up to. Written once, after all its rows: then everybody on PostgreSQL
    locks deliveries first, tallies in their order next, then figures, spending in its order last, and nobody waits in
    a ring.

    A delivery counts as spent from when it is held to be handed over (`sent_at` is set) until it turns out that it was
    not; so what is being sent is counted before it is gone, and no two senders can spend the same money.
    """

    def __init__(self):
        self._places: Counter[tally.Place] = Counter()
        self._figures: Counter[figures.Figure] = Counter()
        self._spent: dict[tuple[int, str], spending.Amount] = {}

    def moved(self, row: Any, after: dict[str, object]) -> None:
        """A row as it stood and the columns as they are now."""
        group = Group(row.wave_id, row.area, row.counted_under)
        before = Stand(row.status, row.reason, _hour(row.sent_at))
        self.passed(group, before, Stand(after["status"], after["reason"], _hour(after["sent_at"])), 1)
        self._weigh(row.wave_id, row.sent_at, row.segments, row.vnd, -1)
        self._weigh(row.wave_id, after["sent_at"], after["segments"], after["vnd"], 1)

    def passed(self, group: Group, before: Stand, after: Stand, n: int) -> None:
        """`n` rows went from one stand to another."""
        for stand, more in ((before, -n), (after, n)):
            self._places[tally.place(group.wave_id, group.area, stand.status, stand.reason)] += more
            for figure in figures.figures_of(group.wave_id, group.carrier, stand.hour, stand.status, stand.reason):
                self._figures[figure] += more

    def spent(self, wave_id: int, day: str, amount: Sequence[int]) -> None:
        """(messages, segments, VND) more on a day in Vietnam."""
        known = self._spent.get((wave_id, day), spending.Amount())
        self._spent[wave_id, day] = spending.Amount(*(a + b for a, b in zip(known, amount, strict=True)))

    def _weigh(self, wave_id: int, sent_at: datetime | None, segments: int | None, vnd: int | None, sign: int) -> None:
        if sent_at is not None:
            self.spent(wave_id, pacing.day_of(sent_at), (sign, sign * (segments or 0), sign * (vnd or 0)))

    def write(self, c: Connection) -> None:
        tally.shift(c, self._places)
        figures.shift(c, self._figures)
        spending.shift(c, self._spent)


def _hour(sent_at: datetime | None) -> str | None:
    return None if sent_at is None else figures.hour_of(sent_at)


def move(c: Connection, moves: Sequence[tuple[Any, dict[str, object]]], books: Books | None = None) -> Counter[str]:
    """Writes each (row as it stands and is locked, columns as they shall be); returns how many went to each status.

    A caller that moves more in its transaction hands its `books` and writes them at the end.
    """
    changes.write(c, [after for _, after in moves])
    own = books or Books()
    for row, after in moves:
        own.moved(row, after)
    if books is None:
        own.write(c)
    return Counter(after["status"] for _, after in moves)
