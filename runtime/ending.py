"""A process that was told to end does, whatever hangs: a provider that does not answer, a database that is away."""

import logging
import os
import threading

log = logging.getLogger(__name__)
#: Who started us kills us after ten seconds.
LONGEST = 9.0


def at_the_latest(seconds: float = LONGEST) -> None:
    """Ends this process in so many seconds, if it has not ended by then. What it has in its hands is looked after as
    after any death: the rows know.
    """
    clock = threading.Timer(seconds, _give_up)
    clock.daemon = True
    clock.start()


def _give_up() -> None:
    log.warning("what was under way did not end in time; it is looked after by whoever works next")
    logging.shutdown()
    os._exit(0)
