"""What a wave may still spend: hard limits of messages a day and of money, its own and its campaign's.

Every message is counted when it is claimed, at what it costs, under a lock that all claims with the same limit take
(Books in campaigns.deliveries.moving); so never one message goes out over a limit, however many machines send. What is
being sent, and what nobody can tell the fate of, counts as spent.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from campaigns.model import DeliveryStatus, Limit, Wave
from campaigns.pacing import day_of
from campaigns.store import spending as store
from campaigns.store import tally
from campaigns.store import waves as wave_store
from campaigns.store.spending import Amount, Limits
from db.engine import Database

#: Names of limits: of a day's messages, and of money altogether.
OF_A_DAY, OF_MONEY = ("daily-quota", "daily-cap"), ("wave-budget", "campaign-budget")


@dataclass(frozen=True)
class Spent:
    """Altogether and today, in Vietnam's day. VND of messages without a known price are not in it."""

    messages: int
    segments: int
    vnd: int
    today: int


@dataclass(frozen=True)
class Room:
    """What the `limits` of a wave leave it. `wave` is its row, locked where a limit holds."""

    wave: Wave
    limits: Sequence[Limit] = ()

    @property
    def messages(self) -> int | None:
        """How many may still go out today; None = no limit."""
        return min((each.after for each in self.limits if each.name in OF_A_DAY), default=None)

    @property
    def vnd(self) -> int | None:
        """How much may still be spent; None = no limit."""
        return min((each.after for each in self.limits if each.name in OF_MONEY), default=None)


def of_wave(db: Database, wave_id: int, now: datetime) -> Spent:
    with db.reading() as c:
        return _spent(store.of_wave(c, wave_id), store.of_wave(c, wave_id, day_of(now)))


def of_campaign(db: Database, campaign_id: int, now: datetime) -> Spent:
    """By all its waves."""
    with db.reading() as c:
        return _spent(store.of_campaign(c, campaign_id), store.of_campaign(c, campaign_id, day_of(now)))


def _spent(altogether: Amount, today: Amount) -> Spent:
    return Spent(*altogether, today=today.messages)


def by_day(db: Database, wave_id: int) -> Mapping[str, Amount]:
    """Day in Vietnam (ISO) → messages, segments, VND."""
    with db.reading() as c:
        return store.by_day(c, wave_id)


def room(c: Connection, wave: Wave, now: datetime, *, lock: bool = False) -> Room:
    """What the limits leave. `lock`: until the transaction ends no other claim sees the same room.

    Locks the campaign before the wave, and both before any delivery. Without limits it counts nothing and locks
    nothing.
    """
    campaign = Limits() if wave.campaign_id is None else store.limits(c, wave.campaign_id)
    if not any((wave.daily_quota, wave.budget_vnd, *campaign)):
        return Room(wave)
    if lock:
        campaign = campaign if campaign == Limits() else store.limits(c, wave.campaign_id, lock=True)
        wave = wave_store.get(c, wave.id, lock=True)
    return Room(wave, tuple(_limits(c, wave, campaign, day_of(now))))


def _limits(c: Connection, wave: Wave, campaign: Limits, today: str) -> Iterator[Limit]:
    """Those that are set, with what is used of them and left."""
    named = (
        ("wave-budget", wave.budget_vnd, lambda: store.of_wave(c, wave.id).vnd),
        ("campaign-budget", campaign.budget_vnd, lambda: store.of_campaign(c, wave.campaign_id).vnd),
        ("daily-quota", wave.daily_quota, lambda: store.of_wave(c, wave.id, today).messages),
        ("daily-cap", campaign.daily_cap, lambda: store.of_campaign(c, wave.campaign_id, today).messages),
    )
    for name, limit, count in named:
        if limit is not None:
            used = count()
            yield Limit(name, limit, used, limit - used)


def being_sent(c: Connection, room: Room) -> bool:
    """Whether messages that count against the same budget are on their way: some may turn out not to have gone."""
    ids = [room.wave.id]
    if any(each.name == "campaign-budget" for each in room.limits):
        ids = store.siblings(c, room.wave.campaign_id)
    return any(counts.get(DeliveryStatus.SENDING) for counts in tally.by_wave(c, ids).values())
