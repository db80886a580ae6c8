"""When a wave begins and when its last message goes out: nights, holidays and a day's quota considered. Pure."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns import pacing
from campaigns.hours import Hours, slept_through

#: Further ahead nobody plans a wave: from here on days are counted as if they were all alike.
HORIZON = timedelta(days=2 * 366)
#: Seconds of a day in which messages go out.
_DAY_SECONDS = 15 * 3600
#: Less than this of a message is arithmetic's dust.
_CRUMB = 1e-6


@dataclass(frozen=True)
class Forecast:
    """`nights` and `holidays` ((ISO day, country), …) between the first and the last message."""

    starts: datetime
    ends: datetime
    nights: int
    holidays: list[tuple[str, str]]


@dataclass(frozen=True)
class Pace:
    """Messages a second, and at most so many on a day in Vietnam (None = no limit) of which some are used today."""

    rate: float
    quota: int | None = None
    used: int = 0


@dataclass(frozen=True)
class Stretch:
    """`messages` leave one after the other from `begins` to `ends`."""

    begins: datetime
    ends: datetime
    messages: float


def forecast(
    due: datetime, people: Mapping[str | None, int], pace: Pace, hours: Hours, *, begun: bool = False
) -> Forecast:
    """How `people` (zone → how many, None = Vietnam) get their messages if the wave is due then. One that has `begun`
    goes on to the end of the hours; another does not begin shortly before it.
    """
    zones = [zone for zone, n in people.items() if n] or [None]
    opens = hours.next_opening if begun else hours.next_start
    starts = min(opens(due, zone) for zone in zones)
    ends = _ends(starts, dict(people), pace, hours)
    return Forecast(starts, ends, *slept_through(starts, ends, zones, hours))


def stretches(moment: datetime, people: Mapping[str | None, int], pace: Pace, hours: Hours) -> Iterator[Stretch]:
    """From `moment` on, zone after zone while it is open, as claims take them; not beyond HORIZON."""
    left = {zone: float(people[zone]) for zone in sorted(people, key=lambda zone: zone or "") if people[zone]}
    horizon, today = moment + HORIZON, pacing.day_of(moment)
    room = math.inf if pace.quota is None else max(0.0, pace.quota - pace.used)
    while left and moment < horizon:
        if pace.quota is not None and pacing.day_of(moment) != today:
            today, room = pacing.day_of(moment), pace.quota
        zones = [zone for zone in left if hours.is_open(moment, zone)]
        if not zones:
            moment = min(hours.next_opening(moment, zone) for zone in left)
        elif not room:
            moment = pacing.next_day(moment)
        else:
            end, sent = _stretch(moment, zones[0], min(left[zones[0]], room), pace, hours)
            yield Stretch(moment, end, sent)
            moment = end
            left[zones[0]] -= sent
            room -= sent
            left = {zone: n for zone, n in left.items() if n > _CRUMB}


def _ends(moment: datetime, people: Mapping[str | None, int], pace: Pace, hours: Hours) -> datetime:
    sent = 0.0
    for stretch in stretches(moment, people, pace, hours):
        moment, sent = stretch.ends, sent + stretch.messages
    left = sum(people.values()) - sent
    late = left / min(pace.quota or math.inf, pace.rate * _DAY_SECONDS) if left > _CRUMB else 0
    return moment + timedelta(days=late)


def _stretch(
    moment: datetime, zone: str | None, count: float, pace: Pace, hours: Hours
) -> tuple[datetime, float]:
    """Until when one stretch goes, and how many of `count` go out in it: to their end, or the end of hours or day."""
    until = hours.closing(moment, zone)
    if pace.quota is not None:
        until = min(until, pacing.next_day(moment))
    seconds = (until - moment).total_seconds()
    if count / pace.rate <= seconds:
        return moment + timedelta(seconds=count / pace.rate), count
    return until, seconds * pace.rate
