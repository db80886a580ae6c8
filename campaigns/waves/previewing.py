"""What a wave would do, before anybody answers for it: who, who not and why, segments, cost, days, limits."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from campaigns import costs, pacing, prices, rules, spending
from campaigns.deliveries import wordings
from campaigns.deliveries.writing import fields_of
from campaigns.forecast import Forecast, Pace, forecast
from campaigns.hours import HOME
from campaigns.model import Form, Limit, Preview, Texts, Wave
from campaigns.store import opening
from campaigns.store import previews as store
from campaigns.waves.keeping import keep
from campaigns.waves.steps import digest_of, texts_of, wave_for
from db.engine import Database
from messages.errors import Mistake
from sms.gateway import Gateway, Traits

#: Communes told one by one; a wave may reach some hundreds.
TOP_AREAS = 20


def preview(db: Database, wave_id: int, gateways: Mapping[str, Gateway], now: datetime) -> Preview:
    """Who would get the wave if it opened now; kept, see `last_preview`. Raises Mistake: wave-unknown,
    gateway-unknown.
    """
    with db.reading() as c:
        wave = wave_for(c, wave_id)
        texts = texts_of(c, wave)
        if wave.gateway not in gateways:
            raise Mistake("gateway-unknown", name=wave.gateway, known=", ".join(gateways))
        traits = gateways[wave.gateway].traits
        rows = opening.would_be(c, wave, texts, leaves_machine=traits.leaves_machine, now=now)
        going = [row for row in rows if row.reason is None]
        digest = digest_of(c, wave, texts)
        weight = _weight(c, db, wave, texts, traits, going, now)
        limits = spending.room(c, wave, now).limits
    ahead = _ahead(wave, traits, _counted(going, "zone"), limits, now)
    cost = prices.cost(weight.by_carrier, prices.on(db, wave.gateway, ahead.starts))
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
    )
    with db.transaction() as c:
        keep(c, wave_id, made, now)
    return made


def preview_uncounted(db: Database, gateways: Mapping[str, Gateway], now: datetime) -> int:
    """Counts the waves that nobody has counted since they were planned or changed; how many."""
    with db.reading() as c:
        found = [wave_for(c, wave_id) for wave_id in store.missing(c)]
    able = [wave for wave in found if wave.gateway in gateways]
    for wave in able:
        preview(db, wave.id, gateways, now)
    return len(able)


def _counted(rows: Sequence, column: str) -> Counter:
    counts: Counter = Counter()
    for row in rows:
        counts[getattr(row, column)] += row.n
    return counts


def _after(limit: Limit, recipients: int, cost: int | None) -> Limit:
    """As it would stand after the wave."""
    if limit.name in spending.OF_A_DAY:
        return replace(limit, after=max(0, limit.after - recipients))
    return replace(limit, after=None if cost is None else limit.after - cost)


def _ahead(
    wave: Wave, traits: Traits, zones: Mapping[str | None, int], limits: Sequence[Limit], now: datetime
) -> Forecast:
    hours = rules.hours_of(wave, leaves_machine=traits.leaves_machine)
    rate = pacing.expected_rate(traits.rate, wave.rate, traits.concurrency * traits.recipients_per_call)
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
