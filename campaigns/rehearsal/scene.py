"""What a rehearsal plays: the wave, its people in groups, its hours, prices and limits, all read at one moment."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from campaigns import costs, pacing, prices, routing, rules, spending
from campaigns.deliveries import wordings
from campaigns.deliveries.writing import fields_of
from campaigns.model import Texts, Wave
from campaigns.rehearsal.clock import Conditions, Quota, Scene
from campaigns.rehearsal.crowds import Crowd
from campaigns.store import opening
from campaigns.store import rehearsals as store
from campaigns.store import spending as spending_store
from db.engine import Database
from sms.gateway import Traits


def read(
    db: Database,
    c: Connection,
    wave: Wave,
    texts: Texts,
    traits: Traits,
    *,
    now: datetime,
    outage: tuple[datetime, datetime] | None = None,
) -> Scene:
    """The scene of a wave, which need not be stored yet."""
    rows = store.crowds(c, wave, texts, leaves_machine=traits.leaves_machine, now=now)
    going = [row for row in rows if row.reason is None]
    sizes = _sizes(db, c, wave, texts, traits, going, now)
    crowds = [_crowd(row, sizes.each[row.reader, row.carrier]) for row in going]
    wanted = max(now, wave.starts_at) if wave.starts_at else now
    zones = frozenset(crowd.zone for crowd in crowds)
    return Scene(
        wave=wave,
        crowds=crowds,
        conditions=_conditions(db, c, wave, texts, traits, zones, wanted, outage, now),
        skipped=_skipped(rows),
        wanted=wanted,
        segments=sum(crowd.n * crowd.segments for crowd in crowds),
        exact=sizes.exact,
        unwritable=sizes.unwritable,
        zones=zones,
    )


def _crowd(row, segments: float) -> Crowd:
    return Crowd(row.area, row.carrier, row.zone, row.n, row.first, row.last, segments)


def _skipped(rows: Sequence) -> dict[str, int]:
    skipped: Counter[str] = Counter()
    for row in rows:
        if row.reason is not None:
            skipped[row.reason] += row.n
    return dict(skipped.most_common())


@dataclass(frozen=True)
class _Sizes:
    """Segments of one message by (reader, carrier)."""

    each: Mapping[tuple[str, str], float]
    exact: bool
    unwritable: int


def _sizes(
    db: Database, c: Connection, wave: Wave, texts: Texts, traits: Traits, going: Sequence, now: datetime
) -> _Sizes:
    script = wordings.scripts(c, wave, texts)[0]
    people = _sample(db, c, wave, texts, traits, going, now) if script.personal else []
    each, weights = {}, []
    for reader in ("vi", "en"):
        groups = [row for row in going if row.reader == reader]
        weight = costs.weigh(script, [person for person in people if person.reader == reader], groups)
        weights.append(weight)
        each |= {(reader, carrier): weight.by_carrier[carrier] / n for carrier, n in _by_carrier(groups).items()}
    return _Sizes(each, all(weight.exact for weight in weights), sum(weight.unwritable for weight in weights))


def _by_carrier(groups: Sequence) -> Counter[str]:
    people: Counter[str] = Counter()
    for row in groups:
        people[row.carrier] += row.n
    return people


def _sample(
    db: Database, c: Connection, wave: Wave, texts: Texts, traits: Traits, going: Sequence, now: datetime
) -> list[costs.Person]:
    whole = sum(row.n for row in going)
    rows = opening.recipients(
        c, wave, texts, leaves_machine=traits.leaves_machine, now=now, most=costs.SAMPLE, of=whole
    )
    return [_person(db, row) for row in rows]


def _person(db: Database, row) -> costs.Person:
    reader = "en" if row.language == "en" else "vi"
    return costs.Person(reader, row.carrier, lambda: fields_of(db, row.fields_sealed))


def _conditions(
    db: Database,
    c: Connection,
    wave: Wave,
    texts: Texts,
    traits: Traits,
    zones: frozenset,
    wanted: datetime,
    outage: tuple[datetime, datetime] | None,
    now: datetime,
) -> Conditions:
    personal = wordings.personal(wordings.scripts(c, wave, texts), wave.link_personal)
    own = rules.hours_of(wave, leaves_machine=traits.leaves_machine)
    return Conditions(
        starts=min((own.next_start(wanted, zone) for zone in zones), default=wanted),
        rate=pacing.speed(traits, wave.rate, personal=personal),
        hours=own,
        price=_price(db, routing.first_for(c, wave.gateway, now)),
        quotas=_quotas(c, wave, now),
        budget_vnd=spending.room(c, wave, now).vnd,
        outage=outage,
    )


def _quotas(c: Connection, wave: Wave, now: datetime) -> list[Quota]:
    """The wave's own, of which nothing is used yet, and its campaign's, of which other waves may have used today's."""
    own = [Quota(wave.daily_quota, {})] if wave.daily_quota else []
    cap = None if wave.campaign_id is None else spending_store.limits(c, wave.campaign_id).daily_cap
    if not cap:
        return own
    today = pacing.day_of(now)
    used = spending_store.of_campaign(c, wave.campaign_id, today).messages
    return [*own, Quota(cap, {date.fromisoformat(today): used})]


def _price(db: Database, first: Callable[[str], str]) -> Callable[[str, date], int | None]:
    """The prices of every day to come, read once: the newest day first. `first`: carrier → its gateway."""
    known = prices.table(db)

    def on(carrier: str, day: date) -> int | None:
        gateway = first(carrier)
        for name in (carrier, prices.ANY):
            for each in known:
                if (each.gateway, each.carrier) == (gateway, name) and each.valid_from <= day:
                    return each.vnd_per_segment
        return None

    return on
