"""The one way a delivery changes: its row and its wave's tally together."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from campaigns.store import deliveries as store
from campaigns.store import tally


def move(c: Connection, moves: Sequence[tuple[Any, dict[str, object]]]) -> Counter[str]:
    """Writes each (row as it stands and is locked, columns as they shall be); returns how many went to each status."""
    store.write(c, [after for _, after in moves])
    tally.shift(c, tally.moved([
        (
            tally.place(row.wave_id, row.area, row.status, row.reason),
            tally.place(row.wave_id, row.area, after["status"], after["reason"]),
        )
        for row, after in moves
    ]))
    return Counter(after["status"] for _, after in moves)
