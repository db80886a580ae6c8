"""What a wave would do, before anybody answers for it: who, who not and why, segments, cost, end."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from campaigns import pacing, prices
from campaigns.deliveries.claiming import fields_of
from campaigns.deliveries.script import Script
from campaigns.model import Form, Preview, Texts, Wave
from campaigns.store import opening
from campaigns.waves.steps import digest_of, texts_of, wave_for
from db.engine import Database
from db.seal import CannotOpen
from messages.errors import Mistake
from sms.gateway import Gateway, Traits

#: Personalised texts are written out for at most this many people to estimate the segments of a larger audience.
SAMPLE = 2000


def preview(db: Database, wave_id: int, gateways: Mapping[str, Gateway], now: datetime) -> Preview:
    """Who would get the wave if it opened now. Raises Mistake: wave-unknown, gateway-unknown."""
    with db.reading() as c:
        wave = wave_for(c, wave_id)
        texts = texts_of(c, wave)
        if wave.gateway not in gateways:
            raise Mistake("gateway-unknown", name=wave.gateway, known=", ".join(gateways))
        traits = gateways[wave.gateway].traits
        rows = opening.would_be(c, wave, texts, leaves_machine=traits.leaves_machine, now=now)
        going = [row for row in rows if row.reason is None]
        digest = digest_of(c, wave, texts)
        sizes = _sizes(c, db, wave, texts, traits, sum(row.n for row in going), now)
    skipped = Counter()
    for row in rows:
        skipped[row.reason] += row.n
    recipients = skipped.pop(None, 0)
    by_carrier = _by_carrier(going, sizes)
    starts = _starts(wave, now)
    rate = pacing.expected_rate(traits.rate, wave.rate, traits.concurrency * traits.recipients_per_call)
    return Preview(
        recipients=recipients,
        skipped=dict(sorted(skipped.items())),
        forms=_forms(going, wave.form),
        segments=round(sum(by_carrier.values())),
        exact=sizes.exact,
        unwritable=sizes.unwritable,
        cost_vnd=prices.cost(by_carrier, prices.on(db, wave.gateway, starts)),
        starts=starts,
        ends=pacing.ends(starts, recipients, rate, ignore_quiet_hours=wave.ignore_quiet_hours),
        digest=digest,
    )


def _starts(wave: Wave, now: datetime) -> datetime:
    moment = max(now, wave.starts_at) if wave.starts_at else now
    return moment if wave.ignore_quiet_hours else pacing.next_opening(moment)


def _forms(going: Sequence, form: str) -> dict[str, int]:
    """How many get which text: vi, vi-unaccented or en."""
    counts: Counter[str] = Counter()
    for row in going:
        counts[str(Form.EN if Form.EN in (form, row.reader) else form)] += row.n
    return dict(counts)


@dataclass(frozen=True)
class _Sizes:
    """Segments of one message, by the reader's language (on average where texts are personal)."""

    each: Mapping[str, float] = field(default_factory=dict)
    exact: bool = True
    #: People whose message lacks a value and would fail (estimated like the rest).
    unwritable: int = 0


def _by_carrier(going: Sequence, sizes: _Sizes) -> Counter[str]:
    """Carrier → segments of the whole audience."""
    counts: Counter[str] = Counter()
    for row in going:
        counts[row.carrier] += row.n * sizes.each.get(row.reader, 0)
    return counts


def _sizes(c: Connection, db: Database, wave: Wave, texts: Texts, traits: Traits, going: int, now: datetime) -> _Sizes:
    script = Script(texts, wave.form)
    if not script.personal:
        return _Sizes({language: script.write(language, dict).segments for language in ("vi", "en")})
    people = opening.recipients(
        c, wave, texts, leaves_machine=traits.leaves_machine, now=now, most=SAMPLE, of=going
    )
    found: dict[str, list[int]] = {"vi": [], "en": []}
    looked_at = unwritable = 0
    for person in people:
        looked_at += 1
        try:
            written = script.write(person.language, lambda sealed=person.fields_sealed: fields_of(db, sealed))
            found["en" if person.language == "en" else "vi"].append(written.segments)
        except (Mistake, CannotOpen):
            unwritable += 1
    means = {language: sum(sizes) / len(sizes) for language, sizes in found.items() if sizes}
    return _Sizes(means, exact=looked_at >= going, unwritable=round(unwritable * going / max(1, looked_at)))
