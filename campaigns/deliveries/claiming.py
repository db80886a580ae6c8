"""Taking deliveries to be sent: a durable "these are mine", then the messages themselves."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from campaigns import pacing, rules, workers
from campaigns.deliveries import outcomes
from campaigns.deliveries.moving import move
from campaigns.deliveries.script import Script
from campaigns.model import DeliveryStatus, Skip, WaveStatus
from campaigns.store import allowances, audience, tally
from campaigns.store import deliveries as store
from campaigns.store import waves as wave_store
from db.engine import Database
from db.seal import CannotOpen
from messages.errors import Mistake
from sms.gateway import Gateway, Outgoing, Traits

S = DeliveryStatus


@dataclass(frozen=True)
class Line:
    """All that sending a wave needs besides its rows: read once, for an opened wave never changes."""

    wave_id: int
    gateway: str
    traits: Traits
    rate: float | None
    ignore_quiet_hours: bool
    script: Script = field(repr=False)

    @property
    def buckets(self) -> dict[str, float]:
        """The allowances every message of the wave counts against: name → messages a second."""
        own = {self.gateway: self.traits.rate, f"wave:{self.wave_id}": self.rate}
        return {name: rate for name, rate in own.items() if rate}


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is this worker's to hand over, once."""

    id: int
    wave_id: int
    attempt: int
    outgoing: Outgoing
    segments: int


@dataclass(frozen=True)
class Claim:
    """What a claim brought, and the id to claim on from. When it brought nothing, `why` says so:

    "empty"; "later" (another attempt is due `until`); "again" (try once more from `last`); "allowance" (the rate is
    used up for now); "resting" (the gateway, `until`); "quiet-hours" (`until`); or the wave's status when it is not
    "sending".
    """

    rows: Sequence[Claimed] = ()
    last: int = 0
    why: str = ""
    until: datetime | None = None


def line(db: Database, wave_id: int, gateways: Mapping[str, Gateway]) -> Line:
    """Raises Mistake when there is no such wave or its gateway is not here."""
    with db.reading() as c:
        wave = wave_store.get(c, wave_id)
        if wave is None:
            raise Mistake("wave-unknown", id=wave_id)
        texts = wave_store.texts(c, wave.version_id)
    if wave.gateway not in gateways:
        raise Mistake("gateway-unknown", name=wave.gateway, known=", ".join(gateways))
    traits = gateways[wave.gateway].traits
    awake = rules.ignores_the_night(wave, leaves_machine=traits.leaves_machine)
    return Line(wave.id, wave.gateway, traits, wave.rate, awake, Script(texts, wave.form))


def claim(db: Database, line: Line, *, worker: str, limit: int, now: datetime, after: int = 0) -> Claim:
    """At most `limit` deliveries of the wave with ids above `after`, committed durably as being sent by `worker`.

    Opt-outs, the daily limit and made-up people are looked at once more: who must not be sent to is skipped here.
    """
    if not line.ignore_quiet_hours and not pacing.is_open(now):
        return Claim(last=after, why="quiet-hours", until=pacing.next_opening(now))
    with db.transaction(durable=True) as c:
        wave = wave_store.get(c, line.wave_id)
        if wave.status != WaveStatus.SENDING:
            return Claim(last=after, why=wave.status)
        granted = _granted(c, line, limit, now)
        if granted.why:
            return Claim(last=after, why=granted.why, until=granted.until)
        found = _next_queued(c, line, granted.count, after, now)
        if not found:
            return _nothing(c, line, after)
        mine = _without_refused(c, line, found, now)
        _hold(c, line, mine, worker, now)
        for name, bucket in granted.buckets.items():
            allowances.keep(c, name, pacing.overdrawn(bucket, len(mine)))
    return Claim(rows=_written(db, line, mine, now), last=found[-1].id)


def unwanted(db: Database, lines: Sequence[Line], now: datetime) -> set[int]:
    """The waves of `lines` that must not send at the moment, though rows of theirs may be claimed: paused, or it is
    night.
    """
    night = {line.wave_id for line in lines if not line.ignore_quiet_hours and not pacing.is_open(now)}
    with db.reading() as c:
        return night | wave_store.not_sending(c, [line.wave_id for line in lines])


@dataclass(frozen=True)
class _Granted:
    count: int = 0
    buckets: Mapping[str, pacing.Bucket] = field(default_factory=dict)
    why: str = ""
    until: datetime | None = None


def _granted(c: Connection, line: Line, limit: int, now: datetime) -> _Granted:
    """How many may go now, or why none may; the allowances stay locked until the claim commits."""
    held = allowances.of(c, sorted({line.gateway, *line.buckets}), lock=bool(line.buckets))
    if held[line.gateway].rests(now):
        return _Granted(why="resting", until=held[line.gateway].stopped_until)
    buckets = {name: pacing.refilled(held[name].bucket, rate, now) for name, rate in line.buckets.items()}
    count = min([limit, *(pacing.whole_tokens(bucket) for bucket in buckets.values())])
    return _Granted(count, buckets) if count else _Granted(why="allowance")


def _nothing(c: Connection, line: Line, after: int) -> Claim:
    """Nothing above `after`; below it there may be messages to be tried again."""
    if after:
        return Claim(why="again")
    later = store.next_try(c, line.wave_id)
    return Claim(why="later" if later else "empty", until=later)


def _next_queued(c: Connection, line: Line, limit: int, after: int, now: datetime) -> list:
    matters = audience.limit_matters(c, line.wave_id, now)
    if matters:
        store.queue_for_limit(c)
    return store.next_queued(c, wave_id=line.wave_id, limit=limit, after=after, limit_matters=matters, now=now)


def _without_refused(c: Connection, line: Line, found: list, now: datetime) -> list:
    """Those who may be sent to; the others are skipped."""
    refused = {row.id: why for row in found if (why := _refusal(row, line.traits.leaves_machine))}
    if not refused:
        return found
    move(c, [(row, outcomes.skipped(row, refused[row.id], now)) for row in store.locked(c, list(refused))])
    return [row for row in found if row.id not in refused]


def _hold(c: Connection, line: Line, rows: list, worker: str, now: datetime) -> None:
    if not rows:
        return
    store.hold(c, [row.id for row in rows], worker, now)
    changes: Counter[tally.Place] = Counter()
    for area, n in Counter(row.area for row in rows).items():
        changes[tally.place(line.wave_id, area, S.QUEUED, None)] = -n
        changes[tally.place(line.wave_id, area, S.SENDING, None)] = n
    tally.shift(c, changes)
    workers.seen(c, worker, kind="sender", now=now)


def _refusal(person, leaves_machine: bool) -> Skip | None:
    if person.opted_out:
        return Skip.OPTED_OUT
    if person.made_up and leaves_machine:
        return Skip.MADE_UP
    if person.dead:
        return Skip.DEAD
    return Skip.DAILY_LIMIT if person.had_enough else None


def _written(db: Database, line: Line, rows: list, now: datetime) -> list[Claimed]:
    """Unsealed and filled in after the commit, so that no transaction waits for it; what cannot be written has
    failed.
    """
    ready, unwritable = [], {}
    for row in rows:
        try:
            outgoing, segments = write(db, line.script, row)
            ready.append(Claimed(row.id, line.wave_id, row.attempts + 1, outgoing, segments))
        except Mistake as why:
            unwritable[row.id] = why.code
        except CannotOpen:
            unwritable[row.id] = "cannot-open"
    if unwritable:
        with db.transaction() as c:
            move(c, [(row, outcomes.failed(row, unwritable[row.id], now)) for row in store.locked(c, list(unwritable))])
    return ready


def write(db: Database, script: Script, row) -> tuple[Outgoing, int]:
    """The message of a delivery (a row with its id, number_sealed, fields_sealed, language) and its segments.

    Raises Mistake when a placeholder lacks its value, CannotOpen when the number was sealed under a lost key.
    """
    text, segments = script.write(row.language, lambda: fields_of(db, row.fields_sealed))
    number = db.seal.open(row.number_sealed, "contacts.number")
    return Outgoing(key=str(row.id), to=number, text=text), segments


def fields_of(db: Database, sealed: bytes | None) -> Mapping[str, str]:
    """What a list says about a person beside the number: column → text."""
    return json.loads(db.seal.open(sealed, "contacts.fields")) if sealed else {}
