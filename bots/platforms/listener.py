"""A thread that looks again and again, waits longer after each failure, and ends when it is told or is not ours."""

import logging
import threading
from collections.abc import Callable

from bots.platform import NotOurs

log = logging.getLogger(__name__)
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
#: How long `stop` waits for a look that is under way, in seconds.
PATIENCE = 6.0


class Listener:
    """`look` returns whether to look again; what it raises is a failure, and it looks again later."""

    def __init__(self, name: str, look: Callable[[], bool]):
        self._name, self._look = name, look
        self.stopping = threading.Event()
        #: What kept the last look from coming to something; "" when nothing did.
        self.failing = ""
        self._thread = threading.Thread(target=self._run, name=f"listen-{name}", daemon=True)

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.stopping.set()
        self._thread.join(PATIENCE)

    def _run(self) -> None:
        wait = FIRST_WAIT
        while not self.stopping.is_set():
            try:
                again, self.failing, wait = self._look(), "", FIRST_WAIT
            except NotOurs:
                log.info("%s is listened to elsewhere now", self._name)
                return
            except Exception as why:
                self._note(f"{type(why).__name__}: {why}")
                self.stopping.wait(wait)
                again, wait = True, min(wait * 2, LONGEST_WAIT)
            if not again:
                return

    def _note(self, why: str) -> None:
        if why != self.failing:  # said once, not every minute of an hour
            log.error("%s is not heard (%s); trying again", self._name, why)
        self.failing = why
