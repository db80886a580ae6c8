"""A wave of which too much fails pauses itself, and takes back what it said of people meanwhile."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from campaigns import failing
from campaigns.deliveries.stopping import pause_itself
from campaigns.failing import Verdict
from campaigns.model import TOO_MANY_FAILURES, Wave, WaveStatus
from campaigns.store import dead, tally
from campaigns.store import waves as wave_store
from db.engine import Database


def brake(db: Database, moves: Sequence[tuple], now: datetime) -> None:
    """Looks at the waves of which some deliveries have just failed; after the transaction that wrote them, because a
    wave is locked before its tally.
    """
    for wave_id in sorted({row.wave_id for row, after in moves if after["status"] in failing.BAD}):
        with db.reading() as c:
            wave = wave_store.get(c, wave_id)
            verdict = _verdict(c, wave)
        if verdict.too_many or verdict.seen != wave.seen:
            with db.transaction() as c:
                _act(c, wave_id, now)


def _act(c: Connection, wave_id: int, now: datetime) -> None:
    wave = wave_store.get(c, wave_id, lock=True)
    verdict = _verdict(c, wave)
    if wave.status != WaveStatus.SENDING or not verdict.too_many:
        wave_store.change(c, wave_id, seen=verdict.seen)
        return
    found = {"failed": verdict.bad, "of": verdict.of, "percent": verdict.share, "limit": wave.failure_limit}
    # On a provider's bad day everybody seems to be gone: nobody is dead for good because of it.
    revived = dead.revive(c, wave_id)
    pause_itself(c, wave_id, TOO_MANY_FAILURES, now, **found, code=_leading(c, wave_id), revived=revived)


def _verdict(c: Connection, wave: Wave) -> Verdict:
    return failing.judge(tally.by_wave(c, [wave.id])[wave.id], wave.seen, wave.failure_limit)


def _leading(c: Connection, wave_id: int) -> str | None:
    """Why most of the failed messages failed."""
    reasons: dict[str, int] = {}
    for (status, reason), n in tally.by_status(c, wave_id).items():
        if status in failing.BAD and reason:
            reasons[reason] = reasons.get(reason, 0) + n
    return max(reasons, key=lambda reason: (reasons[reason], reason), default=None)
