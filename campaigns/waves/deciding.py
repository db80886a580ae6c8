"""Two people stand behind a wave: the author submits it, another officer approves exactly those bytes or returns it."""

from datetime import datetime

from sqlalchemy import Connection

from campaigns import rules
from campaigns.model import Wave, WaveStatus
from campaigns.store import waves as store
from campaigns.waves import steps
from campaigns.waves.steps import digest_of, wave_for
from db.engine import Database


def submit(db: Database, wave_id: int, *, by: int | None, now: datetime) -> str:
    """Asks for approval; the digest that an approver will have to show. Raises Mistake: wave-unknown,
    wave-cannot-submit.
    """
    with db.transaction() as c:
        wave = wave_for(c, wave_id, "submit")
        _to(c, wave, WaveStatus.SUBMITTED, "submit", by, now)
        return digest_of(c, wave)


def approve(db: Database, wave_id: int, *, by: int, digest: str, note: str = "", now: datetime) -> None:
    """Officer `by` stands behind exactly what `digest` covers (as the preview showed it).

    Raises Mistake: wave-unknown, wave-cannot-approve, approval-own, approval-stale.
    """
    with db.transaction() as c:
        wave = wave_for(c, wave_id, "approve")
        current = digest_of(c, wave)
        rules.check_approval(wave.author_id, by, digest, current)
        store.decide(c, wave_id=wave_id, digest=current, decision="approved", by=by, note=note, at=now)
        _to(c, wave, WaveStatus.APPROVED, "approve", by, now, digest=current)


def return_to_author(db: Database, wave_id: int, *, by: int, note: str, now: datetime) -> None:
    """Back to draft, with a note for the author. Raises Mistake: wave-unknown, wave-cannot-return."""
    with db.transaction() as c:
        wave = wave_for(c, wave_id, "return")
        current = digest_of(c, wave)
        store.decide(c, wave_id=wave_id, digest=current, decision="returned", by=by, note=note, at=now)
        _to(c, wave, WaveStatus.DRAFT, "return", by, now)


def schedule(db: Database, wave_id: int, *, by: int | None, now: datetime) -> None:
    """Lets an approved wave go at its time (at once when it has none). Raises Mistake: wave-unknown,
    wave-cannot-schedule.
    """
    with db.transaction() as c:
        _to(c, wave_for(c, wave_id, "schedule"), WaveStatus.SCHEDULED, "schedule", by, now)


def approve_by_machine(db: Database, wave_id: int, *, now: datetime) -> None:
    """The operator of this machine answers for a wave made at its command line: approved and scheduled in one go.

    Raises Mistake: wave-unknown, wave-cannot-submit (it is not a draft), approval-machine (an officer wrote it:
    officers approve each other's waves).
    """
    with db.transaction() as c:
        wave = wave_for(c, wave_id, "submit")
        rules.check_machine(wave.author_id)
        current = digest_of(c, wave)
        store.decide(c, wave_id=wave_id, digest=current, decision="approved", by=None, note="", at=now)
        _to(c, wave, WaveStatus.SCHEDULED, "approve", None, now, digest=current)


def _to(
    c: Connection, wave: Wave, status: str, step: str, by: int | None, now: datetime, **detail: object
) -> None:
    store.change(c, wave.id, status=str(status))
    steps.note(c, wave.id, step, by, now, **detail)
