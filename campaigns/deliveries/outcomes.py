"""What becomes of a delivery: from how it stands and what is heard of it to how it stands then. Pure.

A row is anything with the columns of `deliveries`; the result is the changed columns, ready to be written.
"""

from datetime import datetime, timedelta
from typing import Any

from campaigns import pacing
from campaigns.model import DeliveryStatus, is_news
from sms.gateway import Consequence, Fate, Found, Outcome, Traits, Whereabouts

S = DeliveryStatus

#: Refusals that say nobody is or will be reachable at that number.
NOBODY_THERE = frozenset({"number-invalid", "not-mobile", "unreachable-for-good"})
OPTED_OUT = "opted-out"
#: The gateway is down: the message never left, and says nothing of itself.
NOT_CONNECTED = "not-connected"

#: A gateway that looks for messages but cannot tell just now (it is out of reach) is asked again this often, and for so
#: long after the hand-over, in seconds.
ASK_AGAIN = 10.0
ASK_FOR = 120.0
#: What a gateway that refuses repeats was handed without an answer goes to it again for so long at most, in seconds.
REPEAT_FOR = 6 * 3600.0

_KEPT = ("status", "reason", "worker", "ref", "segments", "vnd", "maybe_since", "next_try_at", "sent_at", "done_at")


def changed(row: Any, **changes: object) -> dict[str, object]:
    """All of the row's columns that are written, with `changes` made."""
    return {"id": row.id, **{name: changes.get(name, getattr(row, name)) for name in _KEPT}}


def heard(
    row: Any, outcome: Outcome, *, segments: int, vnd: int | None, find_after: float, chance: float, now: datetime
) -> dict[str, object]:
    """The row after a gateway's answer to the hand-over. `find_after`: see Traits; `chance` (0..1) spreads new
    attempts.
    """
    if outcome.fate is Fate.ACCEPTED:
        return accepted(row, outcome.ref, segments, vnd)
    if outcome.fate is Fate.UNKNOWN:
        # Still "sending", but nobody's: reconciliation asks the gateway once it must know.
        asked_at = now + timedelta(seconds=find_after)
        return changed(row, worker=None, segments=segments, vnd=vnd, next_try_at=asked_at)
    return _refused(row, outcome, chance, now)


def _refused(row: Any, outcome: Outcome, chance: float, now: datetime) -> dict[str, object]:
    consequence = outcome.error.consequence
    if consequence is Consequence.CONFIGURATION:
        return queued(row)
    if consequence is Consequence.PERMANENT:
        return failed(row, outcome.error.code, now)
    if consequence is Consequence.RETRY and row.attempts >= _most_attempts(row, outcome.error.code):
        return failed(row, outcome.error.code, now) if row.maybe_since is None else unknown(row, now)
    wait = pacing.back_off(row.attempts, chance, outcome.wait)
    return queued(row, at=now + timedelta(seconds=wait))


def _most_attempts(row: Any, code: str) -> int:
    """What may have arrived before is not repeated for hours: the gateway may forget that it has it."""
    patient = code == NOT_CONNECTED and row.maybe_since is None
    return pacing.MOST_ATTEMPTS_DOWN if patient else pacing.MOST_ATTEMPTS


def queued(row: Any, at: datetime | None = None) -> dict[str, object]:
    """Waiting to be sent, not before `at`; nothing reached the phone, so it does not count as sent."""
    return changed(row, status=str(S.QUEUED), worker=None, sent_at=None, next_try_at=at)


def repeated(row: Any, first: datetime, now: datetime) -> dict[str, object]:
    """Waiting to be handed over once more as the same message, to a gateway that knows by `first` if it has it."""
    wait = pacing.back_off(row.attempts, row.id % 100 / 100)
    return {**queued(row, at=now + timedelta(seconds=wait)), "maybe_since": first}


def unknown(row: Any, now: datetime) -> dict[str, object]:
    """Nobody can tell what became of it; it is not sent again by itself."""
    return changed(row, status=str(S.UNKNOWN), worker=None, next_try_at=None, done_at=now)


def accepted(row: Any, ref: str | None, segments: int | None, vnd: int | None) -> dict[str, object]:
    return changed(row, status=str(S.ACCEPTED), ref=ref, segments=segments, vnd=vnd, next_try_at=None)


def failed(row: Any, reason: str, now: datetime) -> dict[str, object]:
    """The gateway did not take it: nobody pays for it."""
    return changed(row, status=str(S.FAILED), reason=reason, vnd=None, sent_at=None, next_try_at=None, done_at=now)


def skipped(row: Any, reason: str, now: datetime) -> dict[str, object]:
    gone = {"worker": None, "vnd": None, "sent_at": None, "next_try_at": None, "done_at": now}
    return changed(row, status=str(S.SKIPPED), reason=str(reason), **gone)


def found(
    row: Any, answer: Found, *, traits: Traits, segments: int | None, vnd: int | None, now: datetime
) -> dict[str, object] | None:
    """The row after the gateway was asked whether it has the message; None when that changes nothing.

    What an idempotent gateway cannot tell may simply go again while it knows a repeat: it refuses that one itself.
    """
    if answer.where is Whereabouts.THERE:
        return accepted(row, answer.ref or row.ref, segments, vnd)
    if answer.where is Whereabouts.NOT_THERE:
        return {**queued(row), "maybe_since": None}
    first = row.maybe_since or row.sent_at or now
    if traits.idempotent and (now - first).total_seconds() < min(traits.idempotent_for, REPEAT_FOR):
        return repeated(row, first, now)
    if row.status == S.UNKNOWN:
        return None
    if traits.find and now - row.sent_at < timedelta(seconds=ASK_FOR):
        return changed(row, worker=None, next_try_at=now + timedelta(seconds=ASK_AGAIN))
    return unknown(row, now)


def receipted(row: Any, receipt: Any, now: datetime) -> dict[str, object] | None:
    """The row after a receipt; None when it says nothing new. A receipt proves that the message left, so a row that was
    queued again meanwhile counts as sent."""
    status = receipt.status
    if not is_news(row.status, status):
        return None
    final = status != S.ACCEPTED
    return changed(
        row,
        status=status,
        reason=receipt.code or None if status in (S.UNDELIVERED, S.FAILED) else None,
        ref=row.ref or receipt.ref,
        sent_at=row.sent_at or receipt.received_at,
        next_try_at=None,
        done_at=now if final else None,
    )
