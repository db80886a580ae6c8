"""A wave on its way, as its page shows it: how far, how fast, what was lost and where."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from campaigns import areas, maps, prices, spending, stats
from campaigns.forecast import Pace, forecast
from campaigns.hours import Hours
from campaigns.model import Figures, Wave, WaveStatus
from campaigns.pacing import ZONE
from db.engine import Database
from web.charts import Bars, DotMap, delivery_bars, dot_map, parts_of
from web.language import both, lasting, money, number
from web.words import short_reason

#: Statuses of messages that a gateway has, or had.
HANDED_OVER = ("accepted", "delivered", "undelivered", "unknown")
LOST = ("undelivered", "failed")


@dataclass(frozen=True)
class Live:
    """`settled` of `recipients` need nothing more from us; `pace` is the rate and the time left in words, `spent` what
    it cost so far, with its budget.
    """

    recipients: int
    settled: int
    handed_over: int
    pace: str
    #: (why, how many), the commonest first.
    failures: list[tuple[str, int]]
    spent: str


def live(db: Database, wave: Wave, figures: Figures, now: datetime) -> Live:
    recipients = figures.total - figures["skipped"]
    settled = recipients - figures.left
    return Live(
        recipients=recipients,
        settled=settled,
        handed_over=handed_over(figures),
        failures=failures(figures),
        pace=_pace(db, wave, settled, figures.left, now),
        spent=_spent(db, wave, now),
    )


def _spent(db: Database, wave: Wave, now: datetime) -> str:
    vnd = spending.of_wave(db, wave.id, now).vnd
    if not vnd and wave.budget_vnd is None:
        return ""
    told = both(vnd, prices.rate_on(db, now))
    if wave.budget_vnd is None:
        return _("spent so far: %(money)s", money=told)
    return _("spent so far: %(money)s of %(budget)s", money=told, budget=money(wave.budget_vnd))


@dataclass(frozen=True)
class Commune:
    """`people` would get it; of them `arrived` have it and `lost` never will."""

    name: str
    people: int
    arrived: int
    lost: int


@dataclass(frozen=True)
class Communes:
    """Where a wave arrives: the map, and its table with the most people first."""

    map: DotMap
    rows: Sequence[Commune]


def communes(db: Database, wave_id: int | None = None) -> Communes:
    """Of one wave, or of all."""
    counted, spots = stats.by_area(db, wave_id), maps.spots(db)
    with db.reading() as c:
        names = areas.names(c)
    rows = {code: _commune(names.get(code) or _("commune not known"), counts) for code, counts in counted.items()}
    shares = {code: (row.arrived, row.people) for code, row in rows.items()}
    there = sorted((row for row in rows.values() if row.people), key=lambda row: (-row.people, row.name))
    return Communes(dot_map(spots, shares), there)


def _commune(name: str, counts: Mapping[str, int]) -> Commune:
    arrived, under_way, lost = parts_of(counts)
    return Commune(name, arrived + under_way + lost, arrived, lost)


def handed_over(figures: Figures) -> int:
    return sum(figures[status] for status in HANDED_OVER)


def failures(figures: Figures) -> list[tuple[str, int]]:
    """Why messages were lost, the commonest first."""
    lost: Counter[str] = Counter()
    for status in LOST:
        lost.update(figures.reasons.get(status, {}))
    return [(short_reason(code), n) for code, n in lost.most_common()]


def area_bars(db: Database, wave_id: int | None = None) -> Bars:
    """Deliveries by today's commune, the most first."""
    counted = stats.by_area(db, wave_id)
    with db.reading() as c:
        names = areas.names(c)
    named = ((names.get(code) or _("commune not known"), counts) for code, counts in counted.items())
    return delivery_bars(named).longest_first()


def _pace(db: Database, wave: Wave, settled: int, left: int, now: datetime) -> str:
    """Nothing before the first messages have gone: a rate of nothing promises nothing."""
    if wave.status != WaveStatus.SENDING or not wave.opened_at or not settled or not left:
        return ""
    if wave.opening_after is not None:
        return _("more people are still being put into the wave")
    hours = Hours(restless=wave.ignore_quiet_hours, on_holidays=wave.on_holidays)
    rate = settled / max(seconds_awake(hours, wave.opened_at, now), 1)
    used = spending.of_wave(db, wave.id, now).today
    ends = forecast(now, {None: left}, Pace(rate, wave.daily_quota, used), hours, begun=True).ends
    return _(
        "%(rate)s a second · about %(left)s left", rate=number(rate, 0 if rate >= 10 else 1), left=lasting(ends - now)
    )


def seconds_awake(hours: Hours, since: datetime, now: datetime) -> float:
    """Seconds between two moments in which messages could go: a night does not make a wave slow."""
    days = (now - since).days + 2
    first = since.astimezone(ZONE).date()
    spans = filter(None, (hours.of_day(first + timedelta(days=n)) for n in range(days)))
    return sum(max((min(end, now) - max(begin, since)).total_seconds(), 0) for begin, end in spans)
