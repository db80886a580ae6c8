"""What people decide about a copy that was put back: that work goes on, wave by wave, and what becomes of the doubtful.
"""

from datetime import datetime

from sqlalchemy import Connection

from campaigns.deliveries import outcomes
from campaigns.deliveries.moving import move
from campaigns.halts import COPY
from campaigns.model import COPY_PUT_BACK, DeliveryStatus, WaveStatus, actor
from campaigns.recall.asking import release
from campaigns.store import deliveries as delivery_store
from campaigns.store import halts as halt_store
from campaigns.store import recalled as store
from campaigns.store import waves as wave_store
from campaigns.waves.steps import note, wave_for
from db.engine import Database
from messages.errors import Mistake
from staff import audit

#: Deliveries changed in one transaction: nobody waits long behind it.
PART = 5000
S = DeliveryStatus


def go_on(db: Database, *, optouts_entered: bool, by: int | None, now: datetime) -> None:
    """Work goes on; the waves of the copy rest until each is let go on. `optouts_entered`: who said stop since the copy
    was made is in the opt-out book again, says whoever lets it go on.

    Raises Mistake: restored-optouts-first, halt-not-standing.
    """
    if not optouts_entered:
        raise Mistake("restored-optouts-first")
    with db.transaction() as c:
        lifted = halt_store.lift(c, by=by, at=now, kind=COPY)
        if not lifted:
            raise Mistake("halt-not-standing")
        for halt_id in lifted:
            audit.record(c, at=now, actor=actor(by), action="recall.go-on", object=f"halt:{halt_id}", detail={})


def ask(db: Database, wave_id: int, *, by: int | None, now: datetime) -> None:
    """The wave goes on once its gateway was asked who has its message already; one that had not been opened, when it
    opens. Raises Mistake: wave-unknown, restored-not-held.
    """
    with db.transaction() as c:
        wave = _found(c, wave_id, store.HELD)
        store.change(c, wave_id, status=store.ASKING, decided_by=by, decided_at=now)
        if wave.opened_at is None and wave.status == WaveStatus.PAUSED:
            wave_store.change(c, wave_id, status=WaveStatus.SCHEDULED, pause_reason=None)
            note(c, wave_id, "resume", by, now, reason=COPY_PUT_BACK)
        elif wave.status == WaveStatus.PAUSED:
            wave_store.change(c, wave_id, pause_reason=COPY_PUT_BACK)
        _note(c, wave_id, "ask", by, now)


def decide(db: Database, wave_id: int, *, send: bool, by: int | None, now: datetime) -> None:
    """Whether those who may have the message already get it (again), or are left out as "unknown"; the wave goes on
    with the others. Raises Mistake: wave-unknown, restored-not-held.
    """
    with db.transaction() as c:
        _found(c, wave_id, store.DOUBTFUL)
        of_all = store.get(c, wave_id).asked_to == 0
    if send:
        _move_all(db, wave_id, S.UNKNOWN, COPY_PUT_BACK, now)
    elif of_all:
        _move_all(db, wave_id, S.QUEUED, None, now)
    with db.transaction() as c:
        _found(c, wave_id, store.DOUBTFUL)
        store.change(c, wave_id, decided_by=by, decided_at=now)
        release(c, wave_id, by, now, sent_to_doubtful=send)
        _note(c, wave_id, "decide", by, now, send=send)


def _found(c: Connection, wave_id: int, status: str):
    wave, found = wave_for(c, wave_id, None), store.get(c, wave_id)
    if found is None or found.status != status:
        raise Mistake("restored-not-held", id=wave_id)
    return wave_store.get(c, wave.id, lock=True)


def _move_all(db: Database, wave_id: int, status: DeliveryStatus, reason: str | None, now: datetime) -> None:
    """Queued ones become unknown, those unknown because of the copy are queued again."""
    while True:
        with db.transaction() as c:
            ids = store.of_reason(c, wave_id, status, reason, PART)
            move(c, [(row, _turned(row, now)) for row in delivery_store.locked(c, ids)])
        if len(ids) < PART:
            return


def _turned(row, now: datetime) -> dict[str, object]:
    if row.status == S.UNKNOWN:
        return {**outcomes.queued(row), "reason": None, "done_at": None}
    return outcomes.changed(row, status=str(S.UNKNOWN), reason=COPY_PUT_BACK, next_try_at=None, done_at=now)


def _note(c: Connection, wave_id: int, step: str, by: int | None, now: datetime, **detail: object) -> None:
    audit.record(c, at=now, actor=actor(by), action=f"recall.{step}", object=f"wave:{wave_id}", detail=detail)
