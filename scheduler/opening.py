"""Opening waves that are due; of large ones part after part, while their first messages go out already."""

import threading
import time
from collections import Counter

from campaigns import waves
from campaigns.waves import OnOpen
from runtime.build import Runtime

#: How long one run goes on with the parts of large waves before it lets itself be noted, in seconds.
GO_ON_SECONDS = 5.0
#: Between two parts whoever else writes has his turn: so much of the time a part took, and at least so many seconds.
REST, LEAST_REST = 1.0, 0.05


def open_due(rt: Runtime, stop: threading.Event, on_open: OnOpen | None = None) -> Counter[str]:
    """Waves opened, and deliveries queued; also for those that were begun before, whatever is wrong with one that is
    due.
    """
    try:
        opened = waves.open_due(rt.db, rt.gateways, rt.clock(), on_open)
    except Exception:
        rt.wake.set()
        open_on(rt, stop, on_open)
        raise
    if opened:
        rt.wake.set()
    return Counter(waves=len(opened), queued=sum(opened.values()) + open_on(rt, stop, on_open))


def open_on(rt: Runtime, stop: threading.Event, on_open: OnOpen | None = None) -> int:
    """Part after part of the waves begun before; deliveries queued in GO_ON_SECONDS, or until all are wholly open."""
    queued, end = 0, time.monotonic() + GO_ON_SECONDS
    while not stop.is_set() and time.monotonic() < end:
        begun = time.monotonic()
        opened = waves.open_on(rt.db, rt.gateways, rt.clock(), on_open)
        if not opened:
            break
        queued += sum(opened.values())
        stop.wait(max(LEAST_REST, REST * (time.monotonic() - begun)))
    return queued
