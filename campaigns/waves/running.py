"""Waves on their way: paused, resumed, cancelled, finished."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from campaigns import failing, halts, routing
from campaigns.deliveries import outcomes
from campaigns.deliveries.moving import move
from campaigns.model import Skip, Wave, WaveStatus
from campaigns.store import allowances, recalled, tally
from campaigns.store import deliveries as delivery_store
from campaigns.store import waves as store
from campaigns.waves.steps import note, put_to_rest, wave_for
from campaigns.waves.waiting import may_go_on
from db.engine import Database
from messages.errors import Mistake
from sms.gateway import Gateway

#: Deliveries of a cancelled wave swept in one transaction: some 50 ms, so that nobody waits long behind it.
SWEEP = 5000

def check_may_run(db: Database, wave_id: int) -> None:
    """Raises Mistake when the wave is unknown or nobody has approved and scheduled it yet: wave-not-approved."""
    with db.reading() as c:
        wave = wave_for(c, wave_id)
    if wave.status in (WaveStatus.DRAFT, WaveStatus.SUBMITTED, WaveStatus.APPROVED):
        raise Mistake("wave-not-approved", id=wave_id, status=wave.status)


def pause(db: Database, wave_id: int, *, reason: str, by: int | str | None, now: datetime) -> None:
    """Nothing more is claimed; what is being handed over is let go within two seconds. Raises Mistake:
    wave-cannot-pause.
    """
    with db.transaction() as c:
        wave_for(c, wave_id, "pause")
        put_to_rest(c, wave_id, reason, by, now)


def resume(db: Database, wave_id: int, *, by: int | None, now: datetime) -> str:
    """Goes on, and lets its gateway be tried again; the new status. Whoever resumes has looked at what failed so far:
    only what fails from now on can pause the wave again. Raises Mistake: wave-cannot-resume, restored-wave.
    """
    with db.transaction() as c:
        for name in sorted(routing.names(c, wave_for(c, wave_id).gateway)):
            allowances.go_on(c, name)  # before the wave is locked: everybody's order
        wave = wave_for(c, wave_id, "resume")
        _check_recalled(c, wave)
        status = WaveStatus.SENDING if wave.opened_at else WaveStatus.SCHEDULED
        seen = failing.all_seen(tally.by_wave(c, [wave_id])[wave_id])
        store.change(c, wave_id, status=status, pause_reason=None, seen=seen)
        note(c, wave_id, "resume", by, now)
    return status


def _check_recalled(c: Connection, wave: Wave) -> None:
    """What stood in a copy of the database goes on through campaigns.recall, where it is asked about first."""
    found = recalled.get(c, wave.id)
    if found and found.status != recalled.DONE and (wave.opened_at or found.status == recalled.HELD):
        raise Mistake("restored-wave", id=wave.id)


def cancel(db: Database, wave_id: int, *, by: int | None, now: datetime, reason: str = "") -> None:
    """Never sends again. What is queued is swept to "skipped" at once for a small wave, by the finish task for a
    large one.

    Raises Mistake: wave-unknown, wave-cannot-cancel.
    """
    with db.transaction() as c:
        wave_for(c, wave_id, "cancel")
        store.change(c, wave_id, status=WaveStatus.CANCELLED, pause_reason=reason or None, finished_at=now,
                     opening_after=None)
        note(c, wave_id, "cancel", by, now, reason=reason)
    _sweep(db, wave_id, now)


def sweep_cancelled(db: Database, now: datetime) -> int:
    """Sweeps up to SWEEP more deliveries of each cancelled wave that has some queued; how many rows."""
    with db.reading() as c:
        waiting = store.cancelled_with_queue(c)
    return sum(_sweep(db, wave_id, now) for wave_id in waiting)


def _sweep(db: Database, wave_id: int, now: datetime) -> int:
    with db.transaction() as c:
        ids = delivery_store.queued(c, wave_id, SWEEP)
        if ids:
            move(c, [(row, outcomes.skipped(row, Skip.CANCELLED, now)) for row in delivery_store.locked(c, ids)])
    return len(ids)


def finish_done(db: Database, now: datetime) -> list[int]:
    """Ids of the waves that have nothing left to hand over and are finished now. Receipts may still come."""
    with db.reading() as c:
        done = store.with_nothing_left(c)
    return [wave_id for wave_id in done if _finish(db, wave_id, now)]


def _finish(db: Database, wave_id: int, now: datetime) -> bool:
    """Looked at once more under its lock: reconciliation, which queues messages again, takes the same one."""
    with db.transaction() as c:
        store.get(c, wave_id, lock=True)
        if not store.with_nothing_left(c, wave_id):
            return False
        store.change(c, wave_id, status=WaveStatus.FINISHED, finished_at=now)
        note(c, wave_id, "finish", "system", now)
    return True


def sending(db: Database, gateways: Mapping[str, Gateway], now: datetime) -> dict[str, list[int]]:
    """Gateway → waves that may send now, oldest first: a stop, hours, quotas and resting gateways considered. A wave by
    the routing table stands under each gateway to which something may fall.
    """
    found: dict[str, list[int]] = {}
    with db.reading() as c:
        if halts.halted(c):
            return found
        for wave in store.with_status(c, WaveStatus.SENDING):
            ways = routing.ways(c, wave.gateway, gateways, now)
            for name in ways if ways and may_go_on(c, wave, gateways, now) else ():
                found.setdefault(name, []).append(wave.id)
    return found
