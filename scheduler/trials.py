"""Test messages to officers' own phones: claimed durably, handed over once, recorded. At night only the
simulator rings.
"""

import itertools
import threading
from collections.abc import Mapping

from campaigns import deliveries, trials, workers
from campaigns.trials import Held
from campaigns.workers import uptime
from runtime.build import Runtime
from sms.gateway import Outcome

#: Tests in one run.
BATCH = 20

#: Each run holds its tests under a name of its own: see scheduler/replies.py.
_numbers = itertools.count(1)


def send_tests(rt: Runtime, stop: threading.Event) -> Mapping[str, int]:
    """Sends what waits; what an earlier run broke off with in its hands is unknown, never sent again."""
    lost = trials.give_up_lost(rt.db, lambda holders: workers.gone(rt.db, rt.watch, holders, after=0))
    worker = f"{rt.worker}/tests-{next(_numbers)}"
    fresh_until = uptime() + workers.CLAIM_SECONDS
    held = trials.claim(rt.db, worker=worker, limit=BATCH, now=rt.clock())
    counts = {"lost": lost, "unsent": 0, "sent": 0}
    for each in held:
        if why := _reason(rt, each, stop, fresh_until):
            trials.refuse(rt.db, each, why, worker=worker)
            counts["unsent"] += 1
            continue
        outcome = _hand_over(rt, each)
        trials.record(rt.db, worker=worker, results={each.id: outcome}, now=rt.clock())
        counts["sent"] += 1
    if held:
        workers.leave(rt.db, worker)
    return counts


def _reason(rt: Runtime, held: Held, stop: threading.Event, fresh_until: float) -> str | None:
    """Why not to hand it over: a claim that is too old may be in other eyes by now."""
    if stop.is_set() or uptime() > fresh_until:
        return trials.TOO_LATE
    return trials.may_go(held, rt.gateways, rt.clock())


def _hand_over(rt: Runtime, held: Held) -> Outcome:
    gateway = rt.gateways[held.gateway]
    traits, calls = gateway.traits, gateway.traits.calls_per_minute
    deliveries.spend(
        rt.db, gateway=gateway.name, rate=traits.rate, count=1, now=rt.clock(), calls_per_minute=calls
    )
    try:
        return gateway.send([held.outgoing])[0]
    except Exception as error:  # the contract: whatever an adapter raises, nobody can tell what arrived
        return Outcome.unknown(type(error).__name__)
