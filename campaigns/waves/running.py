"""Waves on their way: opened when due, paused, resumed, cancelled, finished."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from campaigns import pacing, rules
from campaigns.deliveries import outcomes
from campaigns.deliveries.moving import move
from campaigns.model import APPROVAL_VOID, GATEWAY_MISSING, Skip, Wave, WaveStatus
from campaigns.store import allowances, opening, tally
from campaigns.store import deliveries as delivery_store
from campaigns.store import waves as store
from campaigns.waves.steps import digest_of, note, texts_of, wave_for
from db.engine import Database
from messages.errors import Mistake
from sms.gateway import Gateway

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

    Outside quiet hours only, unless the wave ignores them: what is due at night opens at 07:00. A wave whose gateway is
    gone, or whose approval does not cover what it would send, is paused instead. Returns wave id → deliveries queued.
    """
    with db.reading() as c:
        due = [wave.id for wave in store.due(c, now) if _awake(wave, gateways, now) and _ours(wave, gateways, now)]
    opened = {}
    for wave_id in due:
        with db.transaction() as c:
            queued, rows = _open(c, wave_id, gateways, now, on_open)
        if queued is not None:
            opened[wave_id] = queued
            opening.tidy(db, rows)
    return opened


def _ours(wave: Wave, gateways: Mapping[str, Gateway], now: datetime) -> bool:
    """Another process may have the settings that this one lacks: it gets a while to open the wave before it is paused
    for want of its gateway.
    """
    gateway = gateways.get(wave.gateway)
    waited = now - (wave.starts_at or wave.created_at)
    return (gateway is not None and gateway.readiness().ready) or waited > OTHERS_MAY_OPEN


def _awake(wave: Wave, gateways: Mapping[str, Gateway], now: datetime) -> bool:
    gateway = gateways.get(wave.gateway)
    leaves = gateway is None or gateway.traits.leaves_machine
    return pacing.is_open(now) or rules.ignores_the_night(wave, leaves_machine=leaves)


def _open(
    c: Connection, wave_id: int, gateways: Mapping[str, Gateway], now: datetime, on_open: OnOpen | None
) -> tuple[int | None, int]:
    """(queued, all deliveries), or (None, 0) when it was not opened."""
    wave = store.get(c, wave_id, lock=True)
    if wave is None or wave.status != WaveStatus.SCHEDULED:
        return None, 0
    texts = texts_of(c, wave)
    if obstacle := _obstacle(c, wave, gateways, digest_of(c, wave, texts)):
        _pause(c, wave_id, obstacle, "system", now)
        return None, 0
    traits = gateways[wave.gateway].traits
    opening.insert_deliveries(c, wave, texts, leaves_machine=traits.leaves_machine, now=now)
    store.change(c, wave_id, status=WaveStatus.SENDING, opened_at=now)
    counts = tally.by_wave(c, [wave_id])[wave_id]
    queued = counts.get("queued", 0)
    if on_open:
        on_open(c, wave_id, queued)
    note(c, wave_id, "open", "system", now, **counts)
    return queued, sum(counts.values())


def _obstacle(c: Connection, wave: Wave, gateways: Mapping[str, Gateway], digest: str) -> str | None:
    gateway = gateways.get(wave.gateway)
    if gateway is None or not gateway.readiness().ready:
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
    """Goes on, and lets its gateway be tried again; the new status. Raises Mistake: wave-cannot-resume."""
    with db.transaction() as c:
        allowances.go_on(c, wave_for(c, wave_id).gateway)  # before the wave is locked: everybody's order
        wave = wave_for(c, wave_id, "resume")
        status = WaveStatus.SENDING if wave.opened_at else WaveStatus.SCHEDULED
        store.change(c, wave_id, status=status, pause_reason=None)
        note(c, wave_id, "resume", by, now)
    return status


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
    with db.transaction() as c:
        finished = store.finish_where_nothing_is_left(c, now)
        for wave_id in finished:
            note(c, wave_id, "finish", "system", now)
    return finished


def sending(db: Database, gateways: Mapping[str, Gateway], now: datetime) -> dict[str, list[int]]:
    """Gateway → waves that may send now, oldest first: status, quiet hours and resting gateways considered."""
    with db.reading() as c:
        resting = allowances.stopped(c, now)
        waves = store.with_status(c, WaveStatus.SENDING)
    found: dict[str, list[int]] = {}
    for wave in waves:
        able = wave.gateway in gateways and gateways[wave.gateway].readiness().ready and wave.gateway not in resting
        if able and _awake(wave, gateways, now):
            found.setdefault(wave.gateway, []).append(wave.id)
    return found
