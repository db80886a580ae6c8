"""Writing together: callers that come at once share one durable transaction, and with it one wait for the disk."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError, StatementError

from db.engine import Database

#: Somebody brought what cannot be stored, such as half a letter (a driver's word, or Python's before it is asked).
_UNFIT = (StatementError, ValueError, TypeError, ArithmeticError)


@dataclass(eq=False)
class _Batch:
    """What one caller brought, until it is stored. `told` wakes the caller, perhaps to write for the others."""

    rows: Sequence[Mapping]
    told: threading.Event = field(default_factory=threading.Event)
    writes_next: bool = False
    error: Exception | None = None


class Together:
    """The door's side of a table that many bring rows to. One of the callers writes for all that wait."""

    def __init__(self, db: Database, store: Callable[[Connection, Sequence[Mapping]], None]):
        self._db = db
        self._store_rows = store
        self._gathering = threading.Lock()
        self._waiting: list[_Batch] = []
        self._somebody_writes = False

    def add(self, rows: Sequence[Mapping]) -> None:
        """Stores `rows`; returns when they are on the disk. Thread-safe.

        Raises what the database raises, to whoever's rows were not stored.
        """
        batch = _Batch(rows)
        with self._gathering:
            self._waiting.append(batch)
            writes, self._somebody_writes = not self._somebody_writes, True
        if not writes:
            batch.told.wait()
            writes = batch.writes_next
        if writes:
            self._write_for_all()
        if batch.error:
            raise batch.error

    def _write_for_all(self) -> None:
        """Writes what waits, then lets the first of those that came meanwhile write on: nobody writes for ever."""
        with self._gathering:
            batches, self._waiting = self._waiting, []
        try:
            self._store(batches)
        finally:
            with self._gathering:
                following = self._waiting[0] if self._waiting else None
                self._somebody_writes = following is not None
            if following:
                following.writes_next = True
                following.told.set()
            for batch in batches:
                batch.told.set()

    def _store(self, batches: list[_Batch]) -> None:
        """All in one transaction; where one of them cannot be stored, each in its own."""
        try:
            with self._db.transaction(durable=True) as c:
                self._store_rows(c, [row for batch in batches for row in batch.rows])
        except Exception as why:
            if len(batches) > 1 and isinstance(why, _UNFIT) and not isinstance(why, OperationalError):
                for batch in batches:
                    self._store([batch])
                return
            for batch in batches:
                batch.error = why
