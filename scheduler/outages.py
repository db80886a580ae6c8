"""A database that cannot be written to for a while: PostgreSQL restarted, failed over, its cable pulled; a full disk.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import InterfaceError, InternalError, OperationalError

from campaigns import workers
from campaigns.workers import uptime
from db.engine import Database

#: So long what must be written is kept, with so many seconds between tries.
LONGEST, AGAIN = 120.0, 1.0
#: Workers of this process that have ended, until the database knows: it was away, or its disk full.
_ended: dict[str, Database] = {}


@contextmanager
def ending(db: Database, worker: str, empty_handed: Callable[[], bool], stop: threading.Event) -> Iterator[None]:
    """However the last writing ends: a worker that hands nothing over any more has ended. What it held may then be
    asked about at once; its process lives on, so that nobody else would believe it for a long time.
    """
    try:
        yield
    finally:
        if empty_handed():
            _ended[worker] = db
            outlast(db, lambda: say_ended(db), stop)


def say_ended(db: Database) -> None:
    """Says so of those that could not when they ended."""
    for worker in [worker for worker, of in _ended.items() if of is db]:
        workers.leave(db, worker)
        _ended.pop(worker, None)


def outlast(db: Database, write: Callable[[], None], stop: threading.Event) -> None:
    """Writes what only this process knows, such as a gateway's answers, if need be when the database is there again:
    else it would have to be asked for. A file of our own (SQLite) does not go away. Raises what the database raises
    when it is away for too long, or when this process was told to end.
    """
    given_up = uptime() + LONGEST
    while True:
        try:
            return write()
        except (OperationalError, InterfaceError, InternalError):
            if db.dialect != "postgresql" or stop.is_set() or uptime() > given_up:
                raise
            stop.wait(AGAIN)
