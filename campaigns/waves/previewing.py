"""What a wave would do, before anybody answers for it: who, who not and why, segments, cost, days, limits."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from campaigns import costs, pacing, prices, routing, rules, spending
from campaigns.deliveries import wordings
from campaigns.deliveries.writing import fields_of
from campaigns.forecast import Forecast, Pace, forecast
from campaigns.hours import HOME
from campaigns.model import Form, Limit, Preview, Texts, Wave
from campaigns.routes import ROUTES
from campaigns.store import opening
from campaigns.store import previews as store
from campaigns.waves.keeping import keep
from campaigns.waves.steps import digest_of, texts_of, wave_for
from db.engine import Database
from sms.gateway import Gateway, Traits

#: Communes told one by one; a wave may reach some hundreds.
TOP_AREAS = 20


def preview(db: Database, wave_id: int, gateways: Mapping[str, Gateway], now: datetime) -> Preview:
    """Who would get the wave if it opened now; kept. Raises Mistake: wave-unknown, gateway-unknown, routes-missing."""
    with db.reading() as c:
        wave = wave_for(c, wave_id)
        texts = texts_of(c, wave)
        traits = routing.required(c, wave.gateway, gateways)
        rows = opening.would_be(c, wave, texts, leaves_machine=traits.leaves_machine, now=now)
        going = [row for row in rows if row.reason is None]
        digest = digest_of(c, wave, texts)
        weight = _weight(c, db, wave, texts, traits, going, now)
        limits = spending.room(c, wave, now).limits
        rate = _rate(c, wave, texts, traits)
        ahead = _ahead(wave, traits, rate, _counted(going, "zone"), limits, now)
        cost, ways = _money(c, wave, gateways, ahead, weight, _counted(going, "carrier"), now)
    recipients, areas = sum(row.n for row in going), _counted(going, "area")
    made = Preview(
        recipients=recipients,
        skipped=dict(sorted(_counted([row for row in rows if row.reason], "reason").items())),
        forms=_forms(going, wave.form),
        segments=round(sum(weight.by_carrier.values())),
        exact=weight.exact,
        unwritable=weight.unwritable,
        cost_vnd=cost,
        starts=ahead.starts,
        ends=ahead.ends,
        digest=digest,
        by_carrier=dict(_counted(going, "carrier").most_common()),
        by_area=tuple((code or "", n) for code, n in areas.most_common(TOP_AREAS)),
        areas=len(areas),
        zones={zone or HOME: n for zone, n in _counted(going, "zone").most_common()},
        nights=ahead.nights,
        holidays=tuple(ahead.holidays),
        limits=tuple(_after(limit, recipients, cost) for limit in limits),
        rate=rate,
        ways=ways,
    )
    with db.transaction() as c:
        keep(c, wave_id, made, now)
    return made


def preview_uncounted(db: Database, gateways: Mapping[str, Gateway], now: datetime) -> int:
    """Counts the waves that nobody has counted since they were planned or changed; how many."""
    with db.reading() as c:
        found = [wave_for(c, wave_id) for wave_id in store.missing(c)]
        able = [wave for wave in found if routing.traits(c, wave.gateway, gateways)]
    for wave in able:
        preview(db, wave.id, gateways, now)
    return len(able)


def _counted(rows: Sequence, column: str) -> Counter:
    counts: Counter = Counter()
    for row in rows:
        counts[getattr(row, column)] += row.n
    return counts


def _money(
    c: Connection, wave: Wave, gateways: Mapping[str, Gateway], ahead: Forecast, weight: costs.Weight,
    people: Mapping[str, int], now: datetime,
) -> tuple[int | None, dict[str, Sequence[int | None]]]:
    """(VND, and by the routing table gateway → (people, VND)): each carrier's messages through the gateway that most of
    them fall to now.
    """
    able = routing.ready(gateways, routing.names(c, wave.gateway))
    known = routing.prices_on(c, wave.gateway, ahead.starts, now, able)
    cost, first = prices.cost(weight.by_carrier, known), routing.first_for(c, wave.gateway, now, able)
    ways: dict[str, list[str]] = {}
    for carrier in people if wave.gateway == ROUTES else ():
        ways.setdefault(first(carrier), []).append(carrier)
    return cost, {
        gateway: (
            sum(people[carrier] for carrier in carriers),
            prices.cost({carrier: weight.by_carrier.get(carrier, 0) for carrier in carriers}, known),
        )
        for gateway, carriers in ways.items()
    }


def _after(limit: Limit, recipients: int, cost: int | None) -> Limit:
    """As it would stand after the wave."""
    if limit.name in spending.OF_A_DAY:
        return replace(limit, after=max(0, limit.after - recipients))
    return replace(limit, after=None if cost is None else limit.after - cost)


def _rate(c: Connection, wave: Wave, texts: Texts, traits: Traits) -> float:
    """Messages a second to count with."""
    personal = wordings.personal(wordings.scripts(c, wave, texts), wave.link_personal)
    return pacing.speed(traits, wave.rate, personal=personal)


def _ahead(
    wave: Wave, traits: Traits, rate: float, zones: Mapping[str | None, int], limits: Sequence[Limit], now: datetime
) -> Forecast:
    hours = rules.hours_of(wave, leaves_machine=traits.leaves_machine)
    due = max(now, wave.starts_at) if wave.starts_at else now
    of_a_day = [each for each in limits if each.name in spending.OF_A_DAY]
    quota = min((each.limit for each in of_a_day), default=None)
    left = min((each.after for each in of_a_day), default=0)
    used = quota - left if of_a_day and pacing.day_of(due) == pacing.day_of(now) else 0
    return forecast(due, zones, Pace(rate, quota, used), hours)


def _forms(going: Sequence, form: str) -> dict[str, int]:
    """How many get which text: vi, vi-unaccented or en."""
    counts: Counter[str] = Counter()
    for row in going:
        counts[str(Form.EN if Form.EN in (form, row.reader) else form)] += row.n
    return dict(counts)


def _weight(
    c: Connection, db: Database, wave: Wave, texts: Texts, traits: Traits, going: Sequence, now: datetime
) -> costs.Weight:
    """Of a wave that compares wordings: on average, for chance decides who gets which."""
    scripts, people = wordings.scripts(c, wave, texts), []
    if any(script.personal for script in scripts):
        whole = sum(row.n for row in going)
        rows = opening.recipients(
            c, wave, texts, leaves_machine=traits.leaves_machine, now=now, most=costs.SAMPLE, of=whole
        )
        people = [_person(db, row) for row in rows]
    return costs.on_average([costs.weigh(script, people, going) for script in scripts])


def _person(db: Database, row) -> costs.Person:
    reader = "en" if row.language == "en" else "vi"
    return costs.Person(reader, row.carrier, lambda: fields_of(db, row.fields_sealed))
