"""How things stand after a copy was put back, for the page and the command line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.halts import COPY
from campaigns.recall.asking import can_find
from campaigns.store import halts as halt_store
from campaigns.store import recalled as store
from db.engine import Database
from sms.gateway import Gateway


@dataclass(frozen=True)
class Recalled:
    """A wave of the copy that is not settled. `stood`: its status in the copy; `queued`: how many waited in it;
    `past`: its time to begin was over when the copy was put back. `status`: held | asking | doubtful. `can_find`: its
    gateway can be asked who has the message. Of those asked about `there` had it, of `doubtful` nobody can tell.
    """

    wave_id: int
    name: str
    stood: str
    queued: int
    starts_at: datetime | None
    opened: bool
    past: bool
    can_find: bool
    status: str
    there: int
    doubtful: int


@dataclass(frozen=True)
class State:
    """`stopped`: nobody has let work go on yet. `copied_at`: when the copy was made, as far as that is known."""

    stopped: bool
    at: datetime | None
    copied_at: datetime | None
    waves: Sequence[Recalled]

    @property
    def of_matter(self) -> bool:
        return self.stopped or bool(self.waves)


def state(db: Database, gateways: Mapping[str, Gateway]) -> State:
    with db.reading() as c:
        halt, rows = halt_store.standing(c, COPY), store.standing(c)
        newest = store.newest(c)
        waves = [_recalled(row, can_find(c, row.gateway, gateways, opened=_opened(row))) for row in rows]
    return State(halt is not None, halt.at if halt else newest and newest.at, newest and newest.copied_at, waves)


def _opened(row) -> bool:
    """In the copy."""
    return row.opened_at is not None and row.opened_at <= row.at


def _recalled(row, can_find: bool) -> Recalled:
    return Recalled(
        wave_id=row.wave_id, name=row.name, stood=row.stood, queued=row.queued, starts_at=row.starts_at,
        opened=row.opened_at is not None, past=row.starts_at is None or row.starts_at <= row.at,
        can_find=can_find, status=row.status, there=row.there, doubtful=row.doubtful,
    )  # fmt: skip
