"""The next deliveries of a wave that may go now: zone after zone, Vietnam first, those left out where it is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from campaigns.deliveries.lines import Line
from campaigns.store import audience, locks
from campaigns.store import deliveries as store
from campaigns.store import zones as zones_store


@dataclass(frozen=True)
class Found:
    """Locked rows of one zone; or none, and `why` and `until` as in Claim."""

    rows: Sequence = ()
    zone: str | None = None
    why: str = ""
    until: datetime | None = None


def next_rows(c: Connection, line: Line, limit: int, zone: str | None, after: int, now: datetime) -> Found:
    """At most `limit` queued rows from id `after` in `zone` on, or from the first zone after it that has some."""
    began = (zone, after) == (None, 0)
    matters = audience.limit_matters(c, line.wave_id, now)
    if matters:
        locks.queue_for_limit(c)
    openings: list[tuple[datetime, str]] = []
    tries: list[datetime] = []
    here: str | None = zone
    while True:
        if line.hours.is_open(now, here):
            rows = store.next_queued(
                c, wave_id=line.wave_id, zone=here, limit=limit, after=after, limit_matters=matters, now=now
            )
            if rows:
                return Found(rows, here)
            tries += _next_try(c, line, here) if began else []
        elif zones_store.waits_in(c, line.wave_id, here):
            openings.append((line.hours.next_opening(now, here), line.hours.why_closed(now, here)))
        here, after = zones_store.zone_after(c, line.wave_id, here), 0
        if here is None:
            return _nothing(began, openings, tries)


def _next_try(c: Connection, line: Line, zone: str | None) -> list[datetime]:
    moment = store.next_try(c, line.wave_id, zone)
    return [moment] if moment else []


def _nothing(began: bool, openings: list[tuple[datetime, str]], tries: list[datetime]) -> Found:
    """Nothing from where the claim began; before it there may be messages to be tried again."""
    if not began:
        return Found(why="again")
    soonest = min([*openings, *((moment, "later") for moment in tries)], default=None)
    return Found(why="empty") if soonest is None else Found(why=soonest[1], until=soonest[0])


def waiting_zones(c: Connection, wave_id: int) -> list[str | None]:
    """Every zone with something queued: one look at the index each, whatever the size of the wave."""
    zones: list[str | None] = [None] if zones_store.waits_in(c, wave_id, None) else []
    zone = zones_store.zone_after(c, wave_id, None)
    while zone is not None:
        zones.append(zone)
        zone = zones_store.zone_after(c, wave_id, zone)
    return zones
