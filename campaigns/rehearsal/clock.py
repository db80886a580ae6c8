"""A wave played through on a simulated clock: who is reached when, on which days, at what price, and what stops it.

Pure: it gets the audience in groups (crowds.py) and the rules as values, and sends nothing. Packets go out one after
the other as `claim` would take them: zone after zone while it is open there, and by id.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from math import ceil

from campaigns.hours import Hours
from campaigns.model import Wave
from campaigns.pacing import ZONE
from campaigns.rehearsal.crowds import Crowd, Packet, packets

#: A wave that is not over after so many days is told as unending.
MOST_DAYS = 400
ONE_DAY = timedelta(days=1)

#: VND per segment to a carrier on a day; None = nobody wrote it down.
Price = Callable[[str, date], int | None]


@dataclass(frozen=True)
class Quota:
    """At most `limit` messages on a day in Vietnam; `used` says how many of a day's are gone already."""

    limit: int
    used: Mapping[date, int]


@dataclass(frozen=True)
class Conditions:
    """What holds for the wave. `rate` is in messages a second; `budget_vnd` is what is left of it; `outage` is from
    when to when the gateway is down.
    """

    starts: datetime
    rate: float
    hours: Hours
    price: Price
    quotas: Sequence[Quota] = ()
    budget_vnd: int | None = None
    outage: tuple[datetime, datetime] | None = None


@dataclass(frozen=True)
class Scene:
    """All that a rehearsal plays. `wanted` is when the wave was to begin; `segments` are those of everybody together,
    `exact` unless they are estimated; `unwritable` people lack a value that their message needs.
    """

    wave: Wave
    crowds: Sequence[Crowd]
    conditions: Conditions
    skipped: Mapping[str, int]
    wanted: datetime
    segments: float = 0.0
    exact: bool = True
    unwritable: int = 0
    zones: frozenset[str | None] = field(default_factory=frozenset)

    @property
    def recipients(self) -> int:
        return sum(crowd.n for crowd in self.crowds)


@dataclass
class AreaTimes:
    """When the people of a commune (None = unknown) get their messages."""

    code: str | None
    people: int
    first: datetime
    last: datetime


@dataclass
class Day:
    """What goes out on one day of Vietnam's calendar; `vnd` counts only what has a price."""

    day: date
    messages: int
    vnd: float
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Rest:
    """A pause of the wave. why: hours (night or holiday) | quota | outage."""

    why: str
    begins: datetime
    ends: datetime
    waiting: int


@dataclass(frozen=True)
class Played:
    """How it went. `ends` is when the last message leaves, None when nothing goes at all; `left` people are not
    reached because of `stopped` ("budget", or "unending"). `unpriced` messages have no price.
    """

    areas: Sequence[AreaTimes]
    days: Sequence[Day]
    rests: Sequence[Rest]
    spans: Sequence[tuple[datetime, datetime, int]]
    messages: int
    vnd: int
    unpriced: int
    left: int
    stopped: str | None
    ends: datetime | None


def play(crowds: Sequence[Crowd], conditions: Conditions) -> Played:
    """The wave from its first message to its last, or to what stops it."""
    return _Stage(crowds, conditions).play()


class _Stage:
    def __init__(self, crowds: Sequence[Crowd], conditions: Conditions):
        self._rules = replace(conditions, price=cache(conditions.price))
        self._queues: dict[str | None, deque[Packet]] = defaultdict(deque)
        for packet in sorted(packets(crowds), key=lambda packet: packet.at):
            self._queues[packet.crowd.zone].append(packet)
        self._now = conditions.starts
        self._left = sum(crowd.n for crowd in crowds)
        self._areas: dict[str | None, AreaTimes] = {}
        self._days: dict[date, Day] = {}
        self._rests: list[Rest] = []
        self._spans: list[tuple[datetime, datetime, int]] = []
        self._spent, self._unpriced = 0.0, 0

    def play(self) -> Played:
        begun = self._now
        stopped = None
        while self._left and stopped is None:
            stopped = "unending" if self._now - begun > MOST_DAYS * ONE_DAY else self._step()
        return Played(
            areas=list(self._areas.values()),
            days=list(self._days.values()),
            rests=self._rests,
            spans=self._spans,
            messages=sum(day.messages for day in self._days.values()),
            vnd=round(self._spent),
            unpriced=self._unpriced,
            left=self._left,
            stopped=stopped,
            ends=max((day.last for day in self._days.values()), default=None),
        )

    def _step(self) -> str | None:
        """Sends what goes out until something changes, or rests; what stops the wave for good, when something does."""
        if self._rules.outage and self._rules.outage[0] <= self._now < self._rules.outage[1]:
            return self._rest("outage", self._rules.outage[1])
        today = self._now.astimezone(ZONE).date()
        room = self._room(today)
        if room == 0:
            return self._rest("quota", datetime.combine(today + ONE_DAY, time(), ZONE))
        awake = {zone: until for zone in self._zones() if (until := self._open_until(zone))}
        if not awake:
            return self._rest("hours", min(self._opens_next(zone) for zone in self._zones()))
        zone = min(awake, key=lambda zone: zone or "")  # Vietnam first, as claims take them
        return self._send(self._queues[zone], today, room, min(awake[zone], *self._changes(today)))

    def _zones(self) -> list[str | None]:
        return [zone for zone, queue in self._queues.items() if queue]

    def _room(self, today: date) -> int | None:
        """Messages that may still go today; None = as many as there are."""
        gone = self._days[today].messages if today in self._days else 0
        rooms = [quota.limit - quota.used.get(today, 0) - gone for quota in self._rules.quotas]
        return max(0, min(rooms)) if rooms else None

    def _changes(self, today: date) -> list[datetime]:
        """Moments at which something else may hold: midnight, an outage, and another zone's morning."""
        mornings = [self._opens_next(zone) for zone in self._zones() if not self._open_until(zone)]
        outage = [self._rules.outage[0]] if self._rules.outage and self._now < self._rules.outage[0] else []
        return [datetime.combine(today + ONE_DAY, time(), ZONE), *mornings, *outage]

    def _open_until(self, zone: str | None) -> datetime | None:
        """When the hours that `now` lies in end; None when it lies in none."""
        hours = self._rules.hours
        return hours.closing(self._now, zone) if hours.is_open(self._now, zone) else None

    def _opens_next(self, zone: str | None) -> datetime:
        return self._rules.hours.next_opening(self._now, zone)

    def _rest(self, why: str, until: datetime) -> None:
        if self._rests and self._rests[-1].ends == self._now and self._rests[-1].why == why:
            self._rests[-1] = Rest(why, self._rests[-1].begins, until, self._left)
        elif self._spans or why != "hours":  # before the first message it simply begins later
            self._rests.append(Rest(why, self._now, until, self._left))
        self._now = until

    def _send(self, queue: deque[Packet], today: date, room: int | None, until: datetime) -> str | None:
        packet = queue[0]
        price = self._rules.price(packet.crowd.carrier, today)
        each = None if price is None else price * packet.crowd.segments
        most = ceil((until - self._now).total_seconds() * self._rules.rate)
        count = min([packet.n, most, *([] if room is None else [room]), *self._affordable(each)])
        if count == 0:
            return "budget"
        self._note(packet.crowd, count, today, each)
        packet.n -= count
        if not packet.n:
            queue.popleft()
        return None

    def _affordable(self, each: float | None) -> list[int]:
        if self._rules.budget_vnd is None or not each:
            return []
        return [max(0, int((self._rules.budget_vnd - self._spent) // each))]

    def _note(self, crowd: Crowd, count: int, today: date, each: float | None) -> None:
        """`count` messages go out from now on, one after the other."""
        first = self._now
        last = first + timedelta(seconds=(count - 1) / self._rules.rate)
        self._now = first + timedelta(seconds=count / self._rules.rate)
        self._left -= count
        self._spent += count * (each or 0)
        self._unpriced += count if each is None else 0
        area = self._areas.setdefault(crowd.area, AreaTimes(crowd.area, 0, first, last))
        area.people, area.last = area.people + count, last
        day = self._days.setdefault(today, Day(today, 0, 0.0, first, last))
        day.messages, day.vnd, day.last = day.messages + count, day.vnd + count * (each or 0), last
        if self._spans and self._spans[-1][1] == first:
            first, _, before = self._spans.pop()
            count += before
        self._spans.append((first, self._now, count))
