"""Taking deliveries to be sent: a durable "these are mine", then the messages themselves."""

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from campaigns import halts, pacing, spending, workers
from campaigns.deliveries import outcomes, own, stopping
from campaigns.deliveries.lines import Line
from campaigns.deliveries.moving import Books, Group, Stand, move
from campaigns.deliveries.walking import next_rows
from campaigns.deliveries.writing import NO_COST, Cost, Writer, cost
from campaigns.model import BUDGET_USED, PRICE_MISSING, DeliveryStatus, Skip, WaveStatus
from campaigns.spending import Room
from campaigns.store import allowances, changes, figures, locks
from campaigns.store import deliveries as store
from campaigns.store import prices as price_store
from campaigns.store import waves as wave_store
from db.engine import Database
from db.seal import CannotOpen
from messages.errors import Mistake
from sms.gateway import Outgoing

S = DeliveryStatus


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is this worker's to hand over, once. `vnd` is what it costs, as far as prices are known;
    `booked` is what of that stands in the books of `day` already.
    """

    id: int
    wave_id: int
    attempt: int
    outgoing: Outgoing
    segments: int
    vnd: int | None = None
    booked: Cost = NO_COST
    day: str = ""


@dataclass(frozen=True)
class Claim:
    """What a claim brought, and where to claim on from: the zone and the id in it. When it brought nothing, `why` says
    so:

    "empty"; "later" (another attempt is due `until`); "again" (try once more from there); "allowance" (the rate is
    used up for now); "elsewhere" (what is left falls to other gateways now); "resting" (the gateway, `until`);
    "quiet-hours" or "holiday" (for all who are left, `until`); "quota" (today's messages are used up, `until`);
    "settling" (there may be money for more once it is known what became of what is being sent); "halted" (everything
    is stopped); or the wave's status when it is not "sending".
    """

    rows: Sequence[Claimed] = ()
    last: int = 0
    why: str = ""
    until: datetime | None = None
    zone: str | None = None


def claim(
    db: Database, line: Line, *, worker: str, limit: int, now: datetime, after: int = 0, zone: str | None = None
) -> Claim:
    """At most `limit` deliveries of the wave, from id `after` in `zone` on, committed durably as being sent by
    `worker`. Zones are gone through one after the other, Vietnam (None) first, those where it is closed left out.

    Opt-outs, the daily limit and made-up people are looked at once more: who must not be sent to is skipped here. Never
    more than the limits of the wave and of its campaign leave; a wave whose budget is used up is paused.
    """
    with db.transaction(durable=True) as c:
        locks.share_openings(c)
        wave = wave_store.get(c, line.wave_id)
        if why := _stopped(c, wave.status):
            return Claim(last=after, zone=zone, why=why)
        granted = _granted(c, line, limit, now)
        room = spending.room(c, wave, now, lock=True)
        if room.messages is not None and room.messages <= 0:
            return Claim(last=after, zone=zone, why="quota", until=line.hours.next_opening(pacing.next_day(now), zone))
        if granted.why:
            return Claim(last=after, zone=zone, why=granted.why, until=granted.until)
        at_most = granted.count if room.messages is None else min(granted.count, room.messages)
        found = next_rows(c, line, at_most, zone, after, now)
        if not found.rows:
            return Claim(last=found.last, zone=found.zone, why=found.why, until=found.until)
        books = Books()
        taken = _affordable(c, db, line, room, _without_refused(c, line, found.rows, books, now), now)
        if taken.rows:
            _hold(c, line, taken, worker, books, now)
        books.write(c)
        if taken.why and not taken.rows:
            return _unaffordable(c, taken.why, room, now)
        for name, bucket in granted.buckets.items():
            allowances.keep(c, name, pacing.overdrawn(bucket, len(taken.rows)))
    last = taken.rows[-1].id if taken.why else found.rows[-1].id
    return Claim(rows=_written(db, line, taken, now), last=last, zone=found.zone)


def unwanted(
    db: Database, lines: Sequence[Line], now: datetime, zones: Mapping[int, AbstractSet[str | None]] | None = None
) -> set[int]:
    """The waves of `lines` that must not send at the moment, though rows of theirs may be claimed: everything is
    stopped, the wave is paused, or it is closed for one of the `zones` claimed from (wave id → zones; None = Vietnam).
    """
    closed = {
        line.wave_id
        for line in lines
        for zone in ({None} if zones is None else zones.get(line.wave_id, ()))
        if not line.hours.is_open(now, zone)
    }
    ids = [line.wave_id for line in lines]
    with db.reading() as c:
        return set(ids) if halts.halted(c) else closed | wave_store.not_sending(c, ids)


def _stopped(c: Connection, status: str) -> str:
    if status != WaveStatus.SENDING:
        return status
    return "halted" if halts.halted(c) else ""


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


def _without_refused(c: Connection, line: Line, found: Sequence, books: Books, now: datetime) -> Sequence:
    """Those who may be sent to; the others are skipped."""
    refused = {row.id: why for row in found if (why := _refusal(row, line.traits.leaves_machine))}
    if not refused:
        return found
    rows = store.locked(c, list(refused))
    move(c, [(row, outcomes.skipped(row, refused[row.id], now)) for row in rows], books)
    return [row for row in found if row.id not in refused]


def _refusal(person, leaves_machine: bool) -> Skip | None:
    if person.opted_out:
        return Skip.OPTED_OUT
    if person.made_up and leaves_machine:
        return Skip.MADE_UP
    if person.dead:
        return Skip.DEAD
    return Skip.DAILY_LIMIT if person.had_enough else None


@dataclass(frozen=True)
class _Taken:
    """Rows with what each costs at the prices `known`; `why` there are not more, when money is the reason."""

    rows: Sequence = ()
    costs: Sequence[Cost] = ()
    known: Mapping[str, int] = field(default_factory=dict)
    why: str = ""


def _affordable(c: Connection, db: Database, line: Line, room: Room, rows: Sequence, now: datetime) -> _Taken:
    """The first of `rows` that the budget suffices for.

    Where there is a budget, personal texts are written out here, under the lock, though a transaction should not wait
    for that: a guess would either overspend or leave money unspent. A claim is 2,000 texts at most.
    """
    known = price_store.on(c, line.gateway, pacing.day_of(now))
    left, costs = room.vnd, []
    alike: dict[tuple, Cost] = {}
    for row in rows:
        kind = (row.arm, row.language, row.carrier)
        each = alike.get(kind) if left is None else None
        if each is None:
            each = alike[kind] = cost(db, line.script_of(row), row, known, exactly=left is not None)
        if left is not None:
            if each.vnd is None or each.vnd > left:
                why = PRICE_MISSING if each.vnd is None else BUDGET_USED
                return _Taken(rows[: len(costs)], costs, known, why)
            left -= each.vnd
        costs.append(each)
    return _Taken(rows, costs, known)


def _unaffordable(c: Connection, why: str, room: Room, now: datetime) -> Claim:
    """Not even one more message: the wave pauses itself, unless money may come back from what is being sent."""
    if why == BUDGET_USED and spending.being_sent(c, room):
        return Claim(why="settling")
    limits = {each.name: [each.limit, each.used] for each in room.limits if each.name in spending.OF_MONEY}
    stopping.pause_itself(c, room.wave.id, why, now, limits=limits)
    return Claim(why=WaveStatus.PAUSED)


def _hold(c: Connection, line: Line, taken: _Taken, worker: str, books: Books, now: datetime) -> None:
    through = None if line.among is None else line.gateway
    changes.hold(c, [(row.id, *each) for row, each in zip(taken.rows, taken.costs, strict=True)], worker, now, through)
    waiting, held = Stand(S.QUEUED), Stand(S.SENDING, hour=figures.hour_of(now))
    for (area, carrier), n in Counter((row.area, row.counted_under) for row in taken.rows).items():
        books.passed(Group(line.wave_id, area, carrier), waiting, held, n)
    segments, vnd = (sum(each or 0 for each in column) for column in zip(*taken.costs, strict=True))
    books.spent(line.wave_id, pacing.day_of(now), (len(taken.rows), segments, vnd))
    workers.seen(c, worker, kind="sender", now=now)


def _written(db: Database, line: Line, taken: _Taken, now: datetime) -> list[Claimed]:
    """Unsealed and filled in after the commit, so that no transaction waits for it; what cannot be written has
    failed.
    """
    ready, unwritable, day = [], {}, pacing.day_of(now)
    said_to = own.values(db, line, taken.rows, now)
    writer = Writer(db, line.script_of, taken.known)
    for row, booked in zip(taken.rows, taken.costs, strict=True):
        try:
            outgoing, segments, vnd = writer.write(row, said_to.get(row.contact_id), row.maybe_since or now)
        except (Mistake, CannotOpen) as why:
            unwritable[row.id] = why.code if isinstance(why, Mistake) else "cannot-open"
            continue
        ready.append(Claimed(row.id, line.wave_id, row.attempts + 1, outgoing, segments, vnd, booked, day))
    if unwritable:
        with db.transaction() as c:
            move(c, [(row, outcomes.failed(row, unwritable[row.id], now)) for row in store.locked(c, list(unwritable))])
    return ready
