"""What a platform's door brings: stored at once, whatever the load; taken into the conversations afterwards."""

import json
import logging
import threading
import time
from collections import deque
from collections.abc import Sequence
from datetime import datetime

from bots import arrival_store as store
from bots.platform import LONGEST_ADDRESS, Incoming
from db.engine import Database
from db.together import Together

log = logging.getLogger(__name__)
#: No provider's id is longer; what is, is cut, so that an index can hold it.
LONGEST_ID = 300
#: So many callers within so long are a crowd, in seconds.
CROWD, CROWD_SECONDS = 25, 0.25


class Arrivals:
    """The door's side: callers that come at once share one transaction."""

    def __init__(self, db: Database, wake: threading.Event | None = None):
        self._db = db
        self._wake = wake or threading.Event()
        self._together = Together(db, store.add)
        self._came: deque[float] = deque(maxlen=CROWD)

    def is_crowded(self) -> bool:
        """Whether callers come so fast that what can wait should step aside: a door answers at once."""
        return len(self._came) == CROWD and time.monotonic() - self._came[0] < CROWD_SECONDS

    def take(self, platform: str, incoming: Sequence[Incoming], now: datetime) -> None:
        """Stores what came; returns when it is on the disk. A repeat changes nothing. Thread-safe.

        Raises what the database raises, to whoever's rows were not stored.
        """
        self._came.append(time.monotonic())
        if rows := self._rows(platform, incoming, now):
            self._together.add(rows)
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


def _id(platform: str, provider_id: str) -> str:
    whole = f"{platform}:{provider_id}".replace("\0", "")
    return whole.encode("utf-8", "replace").decode()[:LONGEST_ID]


def as_json(incoming: Incoming) -> str:
    """Read again by taking_in.from_json."""
    values = {name: value for name, value in vars(incoming).items() if value}
    if incoming.at:
        values["at"] = incoming.at.isoformat()
    return json.dumps(values)
