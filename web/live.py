"""A wave on its way, as its page shows it: how far, how fast, what was lost and where."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from campaigns import maps, prices, spending
from campaigns.figures import places
from campaigns.figures.funnel import HANDED_OVER, LOST
from campaigns.figures.intervals import Rate
from campaigns.forecast import Pace, forecast
from campaigns.hours import Hours
from campaigns.model import Figures, Wave, WaveStatus
from campaigns.pacing import ZONE
from db.engine import Database
from web.charting_map import ALL, DotMap, dot_map
from web.language import both, lasting, money, number
from web.words import short_reason


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
    """`people` would get it; `arrived` is how many of them have it. None where campaigns.figures.masking hides it."""

    name: str
    people: int | None
    arrived: Rate | None


@dataclass(frozen=True)
class Communes:
    """Where a wave arrives: the map, and its table with the most people first."""

    map: DotMap
    rows: Sequence[Commune]


def communes(db: Database, wave_id: int) -> Communes:
    found = places.of_wave(db, wave_id, [places.DELIVERED]).communes
    title = _("Map of the communes: the deeper a dot, the more of its people have the message")
    drawn = dot_map(title, maps.spots(db), {place.code: place.delivered for place in found}, steps=ALL)
    rows = [Commune(place.name or _("commune not known"), place.people, place.delivered.rate) for place in found]
    return Communes(drawn, rows)


def handed_over(figures: Figures) -> int:
    return sum(figures[status] for status in HANDED_OVER)


def failures(figures: Figures) -> list[tuple[str, int]]:
    """Why messages were lost, the commonest first."""
    lost: Counter[str] = Counter()
    for status in LOST:
        lost.update(figures.reasons.get(status, {}))
    return [(short_reason(code), n) for code, n in lost.most_common()]


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
