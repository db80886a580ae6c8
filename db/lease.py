"""Who does what only one may do, of all machines on one PostgreSQL: let go by its end, however it ends."""

from contextlib import suppress

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from db.engine import Database


class Lease:
    """`take` it or find that somebody else has it. On SQLite, where one process works, it is always ours."""

    def __init__(self, db: Database, key: int):
        self._db, self._key = db, key
        self._held: Connection | None = None

    def take(self) -> bool:
        """Whether it is ours now; never waits for it. To be asked again and again: it is lost with the connection."""
        if self._db.dialect != "postgresql":
            return True
        try:
            if self._held is None:
                return self._try()
            self._held.execute(select(1))
            return True
        except SQLAlchemyError:  # the connection broke, or there is none to be had: nobody's, until it is taken again
            self.release()
            return False

    def _try(self) -> bool:
        connection = self._db.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()  # it is kept for long: not one of those that everybody shares
        if connection.execute(select(func.pg_try_advisory_lock(self._key))).scalar_one():
            self._held = connection
            return True
        connection.close()
        return False

    def release(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            with suppress(SQLAlchemyError):  # one that broke is closed already
                held.close()
