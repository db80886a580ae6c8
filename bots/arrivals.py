"""What a platform's door brings: stored at once, whatever the load; taken into the conversations afterwards."""

import json
import logging
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import DBAPIError, OperationalError

from bots import arrival_store as store
from bots.platform import LONGEST_ADDRESS, Incoming
from db.engine import Database

log = logging.getLogger(__name__)
#: No provider's id is longer; what is, is cut, so that an index can hold it.
LONGEST_ID = 300
#: So many callers within so long are a crowd, in seconds.
CROWD, CROWD_SECONDS = 25, 0.25


@dataclass(eq=False)
class _Batch:
    """What one caller brought, until it is stored. `told` wakes the caller, perhaps to write for the others."""

    rows: list[dict]
    told: threading.Event = field(default_factory=threading.Event)
    writes_next: bool = False
    error: Exception | None = None


class Arrivals:
    """The door's side: callers that come at once share one transaction. One of them writes for all that wait."""

    def __init__(self, db: Database, wake: threading.Event | None = None):
        self._db = db
        self._wake = wake or threading.Event()
        self._gathering = threading.Lock()
        self._waiting: list[_Batch] = []
        self._somebody_writes = False
        self._came: deque[float] = deque(maxlen=CROWD)

    def is_crowded(self) -> bool:
        """Whether callers come so fast that what can wait should step aside: a door answers at once."""
        return len(self._came) == CROWD and time.monotonic() - self._came[0] < CROWD_SECONDS

    def take(self, platform: str, incoming: Sequence[Incoming], now: datetime) -> None:
        """Stores what came; returns when it is on the disk. A repeat changes nothing. Thread-safe.

        Raises what the database raises, to whoever's rows were not stored.
        """
        self._came.append(time.monotonic())
        batch = _Batch(self._rows(platform, incoming, now))
        if not batch.rows:
            return
        with self._gathering:
            self._waiting.append(batch)
            writes, self._somebody_writes = not self._somebody_writes, True
        if not writes:
            batch.told.wait()
            writes = batch.writes_next
        if writes:
            self._write_for_all()
        if batch.error:
            raise batch.error
        self._wake.set()

    def _rows(self, platform: str, incoming: Sequence[Incoming], now: datetime) -> list[dict]:
        kept = [each for each in incoming if 0 < len(each.address) <= LONGEST_ADDRESS and "\0" not in each.address]
        if len(kept) < len(incoming):
            log.warning("%s brought %s without a usable address", platform, len(incoming) - len(kept))
        sealed = self._db.seal.seal_many([as_json(each) for each in kept], "arrivals.incoming")
        return [
            {"platform": platform, "provider_id": _id(platform, each.provider_id), "incoming_sealed": one, "at": now}
            for each, one in zip(kept, sealed, strict=True)
        ]

    def _write_for_all(self) -> None:
        """Writes what waits, then lets the first of those that came meanwhile write on: nobody writes for ever."""
        with self._gathering:
            batches, self._waiting = self._waiting, []
        try:
            self._store(batches)
        finally:
            with self._gathering:
                following = self._waiting[0] if self._waiting else None
                self._somebody_writes = following is not None
            if following:
                following.writes_next = True
                following.told.set()
            for batch in batches:
                batch.told.set()

    def _store(self, batches: list[_Batch]) -> None:
        """All in one transaction; where one of them cannot be stored, each in its own."""
        try:
            with self._db.transaction(durable=True) as c:
                store.add(c, [row for batch in batches for row in batch.rows])
        except Exception as why:
            if len(batches) > 1 and isinstance(why, DBAPIError) and not isinstance(why, OperationalError):
                for batch in batches:
                    self._store([batch])
                return
            for batch in batches:
                batch.error = why


def _id(platform: str, provider_id: str) -> str:
    whole = f"{platform}:{provider_id}".replace("\0", "")
    return whole.encode("utf-8", "replace").decode()[:LONGEST_ID]


def as_json(incoming: Incoming) -> str:
    """Read again by taking_in.from_json."""
    values = {name: value for name, value in vars(incoming).items() if value}
    if incoming.at:
        values["at"] = incoming.at.isoformat()
    return json.dumps(values)
