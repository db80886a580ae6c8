"""Platforms that are asked for what people write, not called: one process on all machines asks. Gateways with a session
of their own (SMPP) are heard by every process that works: each has its own session.
"""

import logging
import threading
from collections.abc import Callable, Sequence

from bots.platform import Incoming, NotOurs, Take
from db.lease import Lease
from runtime import lines
from runtime.build import Runtime

log = logging.getLogger(__name__)
#: How often we look whether listening is ours, in seconds.
LOOK_SECONDS = 5.0
#: The name of the lease, as a number of our own (tests/house/test_locks.py). It is held for as long as we listen: who
#: shared it would wait for ever.
_LEASE = 7470


def listen(rt: Runtime, stop: threading.Event) -> threading.Thread:
    """Listens to every platform that is set up, whenever it is this process' turn, until `stop`."""
    thread = threading.Thread(target=_keep, args=(rt, stop), name="listening", daemon=True)
    thread.start()
    return thread


def _keep(rt: Runtime, stop: threading.Event) -> None:
    lines.hold(rt.gateways)
    lease, ours = Lease(rt.db, _LEASE), threading.Event()
    while not stop.is_set():
        was_ours = ours.is_set()
        (ours.set if lease.take() else ours.clear)()
        if ours.is_set() and not was_ours:
            begin(rt, lambda: ours.is_set() and not stop.is_set())
        stop.wait(LOOK_SECONDS)
    lease.release()


def begin(rt: Runtime, ours: Callable[[], bool]) -> None:
    """Begins to listen to every platform that is set up; each ends when `ours` is no longer true."""
    for platform in rt.platforms.values():
        try:
            if platform.readiness().ready:
                platform.listen(_take(rt, platform.name, ours))
        except Exception:  # one that cannot be listened to must not keep the others from being heard
            log.exception("%s cannot be listened to", platform.name)


def _take(rt: Runtime, platform: str, ours: Callable[[], bool]) -> Take:
    def take(incoming: Sequence[Incoming]) -> None:
        rt.arrivals.take(platform, incoming, rt.clock())  # first: some platforms hand a message out once only
        if not ours():
            raise NotOurs

    return take
