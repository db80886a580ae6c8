"""Waves on their way: opened when due, paused, resumed, cancelled, finished."""

import logging
import math
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from campaigns import failing, halts, routing, rules
from campaigns.deliveries import outcomes
from campaigns.deliveries.moving import move
from campaigns.model import APPROVAL_VOID, COPY_PUT_BACK, GATEWAY_MISSING, Skip, Wave, WaveStatus
from campaigns.store import allowances, experiments, locks, opening, recalled, tally
from campaigns.store import deliveries as delivery_store
from campaigns.store import waves as store
from campaigns.waves.steps import digest_of, note, texts_of, wave_for
from campaigns.waves.waiting import may_begin, may_go_on
from db.engine import Database
from messages.errors import Mistake
from sms.gateway import Gateway

log = logging.getLogger(__name__)

#: Deliveries of a cancelled wave swept in one transaction: some 50 ms, so that nobody waits long behind it.
SWEEP = 5000

#: How long a wave waits for a process that has its gateway's settings.
OTHERS_MAY_OPEN = timedelta(minutes=10)

#: Called in the opening transaction with the wave's id and how many deliveries were queued.
OnOpen = Callable[[Connection, int, int], None]


def open_due(
    db: Database, gateways: Mapping[str, Gateway], now: datetime, on_open: OnOpen | None = None
) -> dict[int, int]:
    """Opens every scheduled wave whose time has come: its deliveries and their tally in one transaction each.

    While it is day for any of its people, unless the wave ignores the night: what is due at night, or a few minutes
    before it, opens in the morning (see waiting_why). A wave whose gateway is gone, or whose approval does not cover
    what it would send, is paused instead. Nothing opens while everything is stopped. Returns wave id → deliveries
    queued. One wave that cannot be opened does not keep the others waiting: its error is raised after them.
    """
    with db.reading() as c:
        due = [] if halts.halted(c) else [wave for wave in store.due(c, now) if _ours(c, wave, gateways, now)]
    opened, errors = {}, []
    for wave in due:
        try:
            opened |= _open_one(db, wave, gateways, now, on_open)
        except Exception as error:
            log.exception("wave %s could not be opened", wave.id)
            errors.append(error)
    if errors:
        raise errors[0]
    return opened


def _open_one(
    db: Database, wave: Wave, gateways: Mapping[str, Gateway], now: datetime, on_open: OnOpen | None
) -> dict[int, int]:
    if _reckonable(db, wave, gateways) and not may_begin(db, wave, gateways, now):
        return {}
    with db.transaction() as c:
        queued, rows = _open(c, wave.id, gateways, now, on_open)
    if queued is None:
        return {}
    opening.tidy(db, rows)
    return {wave.id: queued}


def _reckonable(db: Database, wave: Wave, gateways: Mapping[str, Gateway]) -> bool:
    """Else it is paused, whatever the hour."""
    with db.reading() as c:
        return routing.reckonable(c, wave.gateway, gateways)


def _ours(c: Connection, wave: Wave, gateways: Mapping[str, Gateway], now: datetime) -> bool:
    """Another process may have the settings that this one lacks: it gets a while to open the wave before it is paused
    for want of its gateway.
    """
    waited = now - (wave.starts_at or wave.created_at)
    return routing.leads(c, wave.gateway, gateways) or waited > OTHERS_MAY_OPEN


def _open(
    c: Connection, wave_id: int, gateways: Mapping[str, Gateway], now: datetime, on_open: OnOpen | None
) -> tuple[int | None, int]:
    """(queued, all deliveries), or (None, 0) when it was not opened."""
    locks.open_alone(c)
    wave = store.get(c, wave_id, lock=True)
    if wave is None or wave.status != WaveStatus.SCHEDULED:
        return None, 0
    texts = texts_of(c, wave)
    if obstacle := _obstacle(c, wave, gateways, digest_of(c, wave, texts)):
        _pause(c, wave_id, obstacle, "system", now)
        return None, 0
    traits = routing.required(c, wave.gateway, gateways)
    trial = c.begin_nested()
    opening.insert_deliveries(c, wave, texts, leaves_machine=traits.leaves_machine, now=now,
                              arms=experiments.arms(c, wave.id))
    counts = tally.by_wave(c, [wave_id])[wave_id]
    queued = counts.get("queued", 0)
    if queued > _covered(c, wave_id):
        trial.rollback()
        _pause(c, wave_id, APPROVAL_VOID, "system", now)
        return None, 0
    trial.commit()
    store.change(c, wave_id, **_begins(c, wave_id), opened_at=now)
    if on_open:
        on_open(c, wave_id, queued)
    note(c, wave_id, "open", "system", now, **counts)
    return queued, sum(counts.values())


def _begins(c: Connection, wave_id: int) -> dict[str, str]:
    """It is sent, unless it stood in a copy of the database: then the gateway is asked first who has it already."""
    found = recalled.get(c, wave_id)
    if found is None or found.status == recalled.DONE:
        return {"status": WaveStatus.SENDING}
    return {"status": WaveStatus.PAUSED, "pause_reason": COPY_PUT_BACK}


def _covered(c: Connection, wave_id: int) -> float:
    """How many people the approval covers: who was dead, excluded or on no list then must not come back unseen."""
    decisions = store.decisions(c, wave_id)
    most = decisions[0]["most"] if decisions else None
    return math.inf if most is None else most


def _obstacle(c: Connection, wave: Wave, gateways: Mapping[str, Gateway], digest: str) -> str | None:
    if not routing.leads(c, wave.gateway, gateways):
        return GATEWAY_MISSING
    decisions = store.decisions(c, wave.id)
    return None if rules.still_approved(decisions[0] if decisions else None, digest) else APPROVAL_VOID


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
        _pause(c, wave_id, reason, by, now)


def _pause(c: Connection, wave_id: int, reason: str, by: int | str | None, now: datetime) -> None:
    store.change(c, wave_id, status=WaveStatus.PAUSED, pause_reason=reason)
    note(c, wave_id, "pause", by, now, reason=reason)


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
        store.change(c, wave_id, status=WaveStatus.CANCELLED, pause_reason=reason or None, finished_at=now)
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
