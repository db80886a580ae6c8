"""What a wave's control group did, beside those who got it: whether they wrote to us within a week of the last message.

Everybody who was to get it counts on their side, whether it arrived or not (intention to treat), over the same days;
who asked to be left alone counts on neither. Counted now and then and kept, so that a page reads one row. Only when the
week is over may an effect be spoken of: looking earlier, and stopping when it pleases, would fool.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from campaigns.figures.intervals import Rate, difference
from campaigns.model import DeliveryStatus, Skip
from campaigns.responses import WEEK
from campaigns.store import controls as store
from campaigns.store import tally
from db.engine import Database

#: Waves under way are looked at this often.
EVERY = timedelta(minutes=30)


@dataclass(frozen=True)
class Effect:
    """How many of those who were to get the wave, and of those held back, wrote to us; as counted at `at`. `final`: the
    week of the last of them is over.
    """

    got: Rate
    held: Rate
    at: datetime
    final: bool

    @property
    def difference(self) -> tuple[float, float, float] | None:
        """(low, measured, high): the share of those who got it less that of those who did not; None without people."""
        return difference(self.got, self.held)

    @property
    def surely(self) -> bool:
        """Whether chance alone does not explain the difference, and it may be said."""
        found = self.difference
        return self.final and found is not None and not found[0] <= 0 <= found[2]


def effect(db: Database, wave_id: int) -> Effect | None:
    """None where there is no control group, or nobody has counted yet."""
    with db.reading() as c:
        row = store.kept(c, wave_id)
    return row and Effect(Rate(row.got_asked, row.got), Rate(row.held_asked, row.held), row.at, row.final)


def review(db: Database, now: datetime) -> int:
    """Counts for every wave with a control group that was not looked at lately; how many."""
    with db.reading() as c:
        due = [row for row in store.unfinished(c) if row.at is None or now - row.at >= EVERY]
        looks = {row.id: _look(c, row, now) for row in due}
    for wave_id, look in looks.items():
        with db.transaction() as c:
            store.keep(c, wave_id, at=now, **look)
    return len(looks)


def _look(c: Connection, row, now: datetime) -> dict[str, object]:
    over = row.finished_at + WEEK if row.finished_at else None
    final = over is not None and over <= now
    got_asked, held_asked = store.wrote(c, row.id, row.opened_at, over if final else now)
    counts = tally.by_status(c, row.id)
    held = counts.get((DeliveryStatus.SKIPPED, Skip.CONTROL), 0)
    got = sum(n for (status, _), n in counts.items() if status != DeliveryStatus.SKIPPED)
    return {"final": final, "got": got, "got_asked": got_asked, "held": held, "held_asked": held_asked}
