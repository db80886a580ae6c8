"""What a wave that is not open yet will do, from its kept preview: whom it reaches, where, when, for how much."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from campaigns import lists, maps, pacing, prices, routing, rules, waves
from campaigns.forecast import Pace, stretches
from campaigns.hours import HOME
from campaigns.model import Limit, Preview, Wave
from web.charts import Bars, share_bars
from web.choosing import former
from web.here import rt
from web.language import money, number
from web.outlook import COUNTED
from web.strip import Strip, strip
from web.wave_words import LIMITS


@dataclass(frozen=True)
class Held:
    """A limit in words: what is `left` or used of it, or what is `missing` when it does not suffice."""

    words: str
    limit: str
    left: str = ""
    missing: str = ""

    @property
    def short(self) -> bool:
        return bool(self.missing)


@dataclass(frozen=True)
class Foresight:
    """`preview` as it was counted at `at`; `rate` is VND for a pound, None when nobody wrote it down."""

    preview: Preview
    at: datetime
    strip: Strip
    rate: int | None
    limits: Sequence[Held]
    places: Bars


def foresight(wave: Wave, now: datetime) -> Foresight | None:
    """None when nothing was counted since the wave changed, and counting it takes too long to do it unasked."""
    kept = waves.last_preview(rt.db, wave.id)
    if kept is None and small(wave.audience) and routing.traits_of(rt.db, wave.gateway, rt.gateways):
        waves.preview(rt.db, wave.id, rt.gateways, now)
        kept = waves.last_preview(rt.db, wave.id)
    return kept and _told(wave, kept.preview, kept.at, now)


def small(audience: Mapping[str, object]) -> bool:
    """Lists of so few people are counted whenever the page is opened and nothing was kept."""
    chosen = [int(each) for each in audience.get("lists", ())]
    people = sum(row.people for row in lists.all(rt.db) if row.id in chosen)
    return bool(chosen) and people <= COUNTED


def _told(wave: Wave, preview: Preview, at: datetime, now: datetime) -> Foresight:
    return Foresight(
        preview=preview,
        at=at,
        strip=_strip(wave, preview, now),
        rate=prices.rate_on(rt.db, now),
        limits=[_held(limit) for limit in preview.limits],
        places=places(preview),
    )


def _strip(wave: Wave, preview: Preview, now: datetime) -> Strip:
    traits = routing.traits_of(rt.db, wave.gateway, rt.gateways)
    if traits is None:
        return Strip(())
    hours = rules.hours_of(wave, leaves_machine=traits.leaves_machine)
    rate = preview.rate or pacing.speed(traits, wave.rate)
    days = [limit for limit in preview.limits if limit.name in ("daily-quota", "daily-cap")]
    tight = min(days, key=lambda limit: limit.limit - limit.used, default=None)
    today = pacing.day_of(preview.starts) == pacing.day_of(now)
    pace = Pace(rate, tight.limit, tight.used if today else 0) if tight else Pace(rate)
    people = {None if zone == HOME else zone: n for zone, n in preview.zones.items()}
    course = stretches(preview.starts, people, pace, hours)
    return strip(course, rt.settings.zone, restless=hours.restless)


def _held(limit: Limit) -> Held:
    words = str(LIMITS[limit.name])
    if limit.name not in ("wave-budget", "campaign-budget"):
        return Held(words, number(limit.limit), _("%(n)s used today", n=number(limit.used)) if limit.used else "")
    if limit.after is None:
        return Held(words, money(limit.limit))
    if limit.after < 0:
        return Held(words, money(limit.limit), missing=money(-limit.after))
    return Held(words, money(limit.limit), _("%(money)s left afterwards", money=money(limit.after)))


def places(preview: Preview) -> Bars:
    """Today's communes with the former district people still name, the most people first."""
    known = {spot.code: spot for spot in maps.spots(rt.db)}
    return share_bars([(_place(known.get(code)), n) for code, n in preview.by_area])


def _place(spot: maps.Spot | None) -> str:
    if spot is None:
        return _("commune not known")
    return f"{spot.name} ({former(spot.district).partition(' (')[0]})" if spot.district else spot.name
