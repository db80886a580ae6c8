"""How well a gateway fares: its weight falls quickly with errors and late receipts and returns slowly. Pure.

What a number is to blame for (nobody there, switched off) is not counted; what the gateway says about itself, or leaves
unsaid, is. Receipts are compared with what is usual for the gateway, so one that never sends any is not called slow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median

from sms.gateway import ERRORS, Consequence, Fate, Outcome

#: Why a weight fell.
ERROR, SLOW, SETTINGS = "errors", "slow", "settings"
#: The gateway's own trouble. "Too fast" is ours: it rests, and that is enough.
TROUBLES = frozenset({"gateway-trouble", "not-connected"})

#: What a weight gains in a minute; with less than the least a gateway gets nothing but time.
RETURN_A_MINUTE, LEAST = 0.10, 0.05
#: Troubles among so many messages are everyday; of fewer messages nothing is concluded.
USUAL_TROUBLE, ENOUGH = 0.05, 3
#: A rest of at most this many seconds is waited for, not routed round.
SHORT_REST = 10.0

#: So many more late receipts than usual make a gateway slow.
SLOW_BY = 0.20
#: A receipt is late after so many times the usual seconds, within these bounds; and as long as nothing is known yet.
TIMES, SOONEST, LATEST, AT_FIRST = 3.0, 60.0, 600.0, 120.0
#: How fast what is usual follows what is seen, on a good day and on a bad one.
LEARN, LEARN_ON_A_BAD_DAY = 0.10, 0.01
#: Receipts of fewer messages are not judged.
FEW_RECEIPTS = 5


@dataclass(frozen=True)
class Health:
    """`weight` is 0 (sick) to 1; `taken` messages since `updated_at`, `troubled` of them."""

    weight: float
    updated_at: datetime
    taken: int = 0
    troubled: int = 0
    why: str | None = None
    usual_seconds: float | None = None
    usual_late: float | None = None


def is_trouble(outcome: Outcome) -> bool:
    """Whether an outcome speaks against the gateway, not against the number or our haste."""
    if outcome.fate is Fate.UNKNOWN:
        return True
    if outcome.error is None:
        return False
    return outcome.error.code in TROUBLES or outcome.error.consequence is Consequence.CONFIGURATION


def is_sick(until: datetime, why: str | None, now: datetime) -> bool:
    """Whether a gateway that rests `until` is routed round: its settings are wrong, or the rest is long."""
    return until > now and (is_wrong(why) or until - now > timedelta(seconds=SHORT_REST))


def is_wrong(why: str | None) -> bool:
    """Whether the reason of a rest is that settings are wrong."""
    return ERRORS.get(why or "") is Consequence.CONFIGURATION


def weights(known: Mapping[str, float], stopped: Mapping[str, tuple[datetime, str]], now: datetime) -> dict[str, float]:
    """Gateway → weight as routes.share takes it; who rests for long weighs nothing."""
    resting = {name for name, (until, why) in stopped.items() if is_sick(until, why, now)}
    return {name: 0.0 if name in resting or weight < LEAST else weight for name, weight in known.items()}


def patience(usual_seconds: float | None) -> timedelta:
    """How long a receipt may take before it is late."""
    seconds = AT_FIRST if usual_seconds is None else min(LATEST, max(SOONEST, TIMES * usual_seconds))
    return timedelta(seconds=seconds)


@dataclass(frozen=True)
class Seen:
    """Receipts of messages handed over long enough ago: of so many, seconds of those that came in time."""

    of: int
    in_time: Sequence[float]

    @property
    def late(self) -> float:
        return 1 - len(self.in_time) / self.of


def looked_at(health: Health, seen: Seen | None, now: datetime, *, stopped: bool = False) -> Health:
    """After a look: what was counted since the last one is judged and forgotten. `stopped`: its settings are wrong."""
    enough = health.taken >= ENOUGH
    share = health.troubled / health.taken if enough else 0.0
    errors, slowness = share if share > USUAL_TROUBLE else 0.0, _slowness(health, seen)
    after = replace(_learned(health, seen, bad=slowness > 0), updated_at=now)
    after = replace(after, taken=0, troubled=0) if enough else after
    if stopped:
        return replace(after, weight=0.0, why=SETTINGS)
    worst = max(errors, slowness)
    why = (ERROR if errors >= slowness else SLOW) if worst else health.why
    minutes = max(0.0, (now - health.updated_at).total_seconds()) / 60
    weight = _moved(health.weight, worst, minutes)
    return replace(after, weight=weight, why=None if weight == 1 else why)


def _moved(weight: float, trouble: float, minutes: float) -> float:
    """Quickly down or slowly up to what a gateway with so much trouble (0 to 1) deserves: with one message in ten half
    its share, with every second one nothing.
    """
    deserved = max(0.0, 1 - 2 * trouble) ** 3
    if weight > deserved:
        return max(deserved, weight * (1 - trouble) ** 2)
    return min(deserved, weight + RETURN_A_MINUTE * minutes)


def _slowness(health: Health, seen: Seen | None) -> float:
    if seen is None or seen.of < FEW_RECEIPTS or health.usual_late is None:
        return 0.0
    slower = seen.late - health.usual_late
    return slower if slower > SLOW_BY else 0.0


def _learned(health: Health, seen: Seen | None, *, bad: bool) -> Health:
    if seen is None or seen.of < FEW_RECEIPTS:
        return health
    pace = LEARN_ON_A_BAD_DAY if bad else LEARN
    seconds = median(seen.in_time) if seen.in_time else None
    return replace(
        health,
        usual_late=_drifted(health.usual_late, seen.late, pace),
        usual_seconds=health.usual_seconds if seconds is None else _drifted(health.usual_seconds, seconds, pace),
    )


def _drifted(usual: float | None, now: float, pace: float) -> float:
    return now if usual is None else usual + pace * (now - usual)
