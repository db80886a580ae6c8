"""Whether a wave may go now, and what it waits for when not: its time, the readers' day, a stop, today's quota."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from campaigns import halts, pacing, routing, rules, spending
from campaigns.deliveries.walking import waiting_zones
from campaigns.hours import CLOCKS, HOME, Hours
from campaigns.model import DeliveryStatus, Wave, WaveStatus
from campaigns.store import opening, tally
from campaigns.store import waves as wave_store
from campaigns.store import zones as zone_store
from campaigns.waves.keeping import kept
from campaigns.waves.previewing import preview
from db.engine import Database
from sms.gateway import Gateway


@dataclass(frozen=True)
class Waiting:
    """`code`: starts (its time has not come) | quiet-hours | holiday | closing (too late in the day to begin) |
    halted | quota (today's messages are used up). `until` is when it goes on by itself; None where nobody can tell.
    """

    code: str
    until: datetime | None = None


def waiting_why(db: Database, wave: Wave, gateways: Mapping[str, Gateway], now: datetime) -> Waiting | None:
    """What a scheduled wave, or one that is being sent, waits for; None when it goes on now or waits for a person."""
    if wave.status not in (WaveStatus.SCHEDULED, WaveStatus.SENDING):
        return None
    with db.reading() as c:
        hours = hours_of(c, wave, gateways)
        if halts.halted(c):
            return Waiting("halted")
        if wave.status == WaveStatus.SENDING:
            return _between_messages(c, wave, hours, now)
        zones = _planned_zones(c, wave)
    starts = max(now, wave.starts_at) if wave.starts_at else now
    return _before_the_first(zones or [None], hours, starts, now)


def _before_the_first(zones: list[str | None], hours: Hours, starts: datetime, now: datetime) -> Waiting | None:
    begins, zone = min(((hours.next_start(starts, zone), zone) for zone in zones), key=lambda each: each[0])
    if starts > now:
        return Waiting("starts", begins)
    if begins <= now:
        return None
    return Waiting(hours.why_closed(now, zone) or "closing", begins)


def _between_messages(c: Connection, wave: Wave, hours: Hours, now: datetime) -> Waiting | None:
    zones = waiting_zones(c, wave.id)
    if not zones:
        return None
    opens, zone = min(((hours.next_opening(now, zone), zone) for zone in zones), key=lambda each: each[0])
    if opens > now:
        return Waiting(hours.why_closed(now, zone), opens)
    if quota_used(c, wave, now):
        return Waiting("quota", min(hours.next_opening(pacing.next_day(now), zone) for zone in zones))
    return None


def hours_of(c: Connection, wave: Wave, gateways: Mapping[str, Gateway]) -> Hours:
    """A wave whose gateway is not here keeps everybody's hours."""
    traits = routing.traits(c, wave.gateway, gateways)
    return rules.hours_of(wave, leaves_machine=traits is None or traits.leaves_machine)


def quota_used(c: Connection, wave: Wave, now: datetime) -> bool:
    """Whether today's messages, the wave's or its campaign's, are used up."""
    left = spending.room(c, wave, now).messages
    return left is not None and left <= 0


def may_go_on(c: Connection, wave: Wave, gateways: Mapping[str, Gateway], now: datetime) -> bool:
    """Whether something of an opened wave can be claimed now, rates and gateways left aside."""
    hours = hours_of(c, wave, gateways)
    return any(hours.is_open(now, zone) for zone in waiting_zones(c, wave.id)) and not quota_used(c, wave, now)


def claimable(
    db: Database, wave_ids: Collection[int], gateways: Mapping[str, Gateway], now: datetime, most: int
) -> dict[int, int]:
    """Wave → how many of its messages could be claimed now: those to people whose day it is, within today's quota.
    Where it is day for some only they are counted, up to `most`.
    """
    found = {}
    with db.reading() as c:
        for wave_id in wave_ids:
            wave = wave_store.get(c, wave_id)
            waiting = _awake(c, wave, hours_of(c, wave, gateways), now, most)
            room = spending.room(c, wave, now).messages
            found[wave_id] = waiting if room is None else max(0, min(waiting, room))
    return found


def _awake(c: Connection, wave: Wave, hours: Hours, now: datetime, most: int) -> int:
    """How many messages are queued for people whose day it is."""
    zones = waiting_zones(c, wave.id)
    awake = [zone for zone in zones if hours.is_open(now, zone)]
    if awake == zones:
        return tally.by_wave(c, [wave.id])[wave.id].get(DeliveryStatus.QUEUED, 0)
    return sum(zone_store.how_many_wait(c, wave.id, zone, most) for zone in awake)


def may_begin(db: Database, wave: Wave, gateways: Mapping[str, Gateway], now: datetime) -> bool:
    """Whether it is day, and not nearly night, for any of the people a due wave is for.

    Who they are is known from its last preview. Where there is none, somebody is looked for; when nobody is found that
    means reading the whole audience, so the preview is made then, and the next look is cheap.
    """
    with db.reading() as c:
        hours = hours_of(c, wave, gateways)
        open_zones = {zone for zone in (None, *CLOCKS) if hours.may_start(now, zone)}
        led = routing.reckonable(c, wave.gateway, gateways)
        zones = _planned_zones(c, wave)
        if zones is None and opening.someone_in(c, wave, open_zones, now):
            return True
    if zones is None and led:
        zones = _zones(preview(db, wave.id, gateways, now).zones)
    return any(zone in open_zones for zone in zones or [None])


def _planned_zones(c: Connection, wave: Wave) -> list[str | None] | None:
    """None when nobody has counted them."""
    last = kept(c, wave)
    return None if last is None else _zones(last.preview.zones)


def _zones(countries: Mapping[str, int]) -> list[str | None]:
    return [None if country == HOME else country for country in countries]
