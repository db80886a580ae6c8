"""A process that only serves pages and hooks says that it lives too: it writes opt-outs, receipts and what people say,
so the database must not be copied or replaced under it.
"""

import logging
import threading
from contextlib import suppress

from campaigns import workers
from runtime.build import Runtime

log = logging.getLogger(__name__)


class Serving:
    """Beats from now on until `stop`, whether or not this process does the work besides."""

    def __init__(self, rt: Runtime):
        self._rt, self._name, self._stop = rt, f"{rt.worker}/{workers.SERVING}", threading.Event()
        workers.beat(rt.db, self._name, kind=workers.SERVING, now=rt.clock())
        self._thread = threading.Thread(target=self._beat, name="serving", daemon=True)
        self._thread.start()

    def _beat(self) -> None:
        while not self._stop.wait(workers.BEAT_SECONDS):
            try:
                workers.beat(self._rt.db, self._name, kind=workers.SERVING, now=self._rt.clock())
            except Exception as why:  # the database is away for a while
                log.warning("nobody was told that the pages are served: %s", type(why).__name__)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(workers.BEAT_SECONDS)
        with suppress(Exception):  # the database is away: this process is known to be gone all the same
            workers.leave(self._rt.db, self._name)
