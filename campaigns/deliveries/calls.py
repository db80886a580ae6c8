"""Calls to a provider that allows only so many a minute, counted for all workers together."""

from datetime import datetime

from campaigns import pacing
from campaigns.store import allowances
from db.engine import Database

#: Calls are made one after the other, never several because none was made for a while.
_AT_ONCE = 1.0


def bucket(gateway: str) -> str:
    """What the allowance of a gateway's calls is called."""
    return f"{gateway}/calls"


def take_calls(
    db: Database, *, gateway: str, per_minute: float, wanted: int, now: datetime
) -> tuple[int, float, bool]:
    """How many of the `wanted` calls may be made now, in how many seconds the next one may, and whether the gateway
    rests. What is granted counts as made.
    """
    name, rate = bucket(gateway), pacing.calls_per_second(per_minute)
    with db.transaction() as c:
        rest = allowances.of(c, [gateway], lock=False)[gateway]
        if rest.rests(now):
            return 0, (rest.stopped_until - now).total_seconds(), True
        held = pacing.refilled(allowances.of(c, [name], lock=True)[name].bucket, rate, now, _AT_ONCE)
        granted = min(wanted, pacing.whole_tokens(held))
        if granted:
            held = pacing.overdrawn(held, granted)
            allowances.keep(c, name, held)
    return granted, max(0.0, 1 - held.tokens) / rate, False


def make_calls(db: Database, *, gateway: str, per_minute: float, count: int, now: datetime) -> None:
    """Counts calls that wait for nobody; the others wait until they are made up for."""
    name, rate = bucket(gateway), pacing.calls_per_second(per_minute)
    with db.transaction() as c:
        held = pacing.refilled(allowances.of(c, [name], lock=True)[name].bucket, rate, now, _AT_ONCE)
        allowances.keep(c, name, pacing.overdrawn(held, count))
