"""The next deliveries of a wave that may go now: zone after zone, Vietnam first, those left out where it is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from campaigns import routing
from campaigns.deliveries.lines import Line
from campaigns.store import audience, locks
from campaigns.store import deliveries as store
from campaigns.store import zones as zones_store
from campaigns.store.routes import Falling

#: Where a claim takes only what falls to its gateway, it looks through so many queued rows at most: what falls to
#: others may stand before it.
LOOKED_THROUGH = 10_000


@dataclass(frozen=True)
class Found:
    """Locked rows of one zone; or none, and `why`, `until` and where to go on from as in Claim."""

    rows: Sequence = ()
    zone: str | None = None
    why: str = ""
    until: datetime | None = None
    last: int = 0


def next_rows(c: Connection, line: Line, limit: int, zone: str | None, after: int, now: datetime) -> Found:
    """At most `limit` queued rows from id `after` in `zone` on, or from the first zone after it that has some; of a
    wave by the routing table only those that fall to the line's gateway now.
    """
    if line.among is None:
        return _walk(c, line, (), limit, zone, after, now)
    falling = routing.falls_to(c, line.gateway, line.among, now)
    return Found(why="elsewhere") if falling is None else _walk(c, line, falling, limit, zone, after, now)


def _walk(
    c: Connection, line: Line, falling: Falling, limit: int, zone: str | None, after: int, now: datetime
) -> Found:
    began = (zone, after) == (None, 0)
    matters = audience.limit_matters(c, line.wave_id, now)
    if matters:
        locks.queue_for_limit(c)
    openings: list[tuple[datetime, str]] = []
    tries: list[datetime] = []
    here: str | None = zone
    while True:
        if line.hours.is_open(now, here):
            found = _in_zone(c, line, falling, limit, here, after, matters, now)
            if found:
                return found
            tries += _next_try(c, line, here) if began else []
        elif zones_store.waits_in(c, line.wave_id, here):
            openings.append((line.hours.next_opening(now, here), line.hours.why_closed(now, here)))
        here, after = zones_store.zone_after(c, line.wave_id, here), 0
        if here is None:
            return _nothing_here(c, line, openings, tries) if falling else _nothing(began, openings, tries)


def _in_zone(
    c: Connection, line: Line, falling: Falling, limit: int, zone: str | None, after: int, matters: bool, now: datetime
) -> Found | None:
    """None when there is nothing to the zone's end."""
    end = store.id_ahead(c, line.wave_id, zone, after, LOOKED_THROUGH) if falling else None
    within = falling if end is None else (*falling, store.up_to(end))
    rows = store.next_queued(
        c, wave_id=line.wave_id, zone=zone, limit=limit, after=after, limit_matters=matters, now=now, within=within
    )
    if rows:
        return Found(rows, zone)
    return None if end is None else Found(zone=zone, why="again", last=end)


def _nothing_here(c: Connection, line: Line, openings: list[tuple[datetime, str]], tries: list[datetime]) -> Found:
    """Nothing more that falls to this gateway. Whether something is left that may yet do so, the next run sees."""
    if not openings and not tries and waiting_zones(c, line.wave_id):
        return Found(why="elsewhere")
    return _nothing(True, openings, tries)


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
