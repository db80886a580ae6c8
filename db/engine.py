"""Opening the database and the two ways into it: `reading()` and `transaction()`.

The writer rules are measured, not guessed (docs/decisions/0003-one-writer.md): on SQLite a transaction that
starts as a reader and then writes meets "database is locked" whatever the timeout, so every writing transaction
takes the write lock at its start (BEGIN IMMEDIATE), and threads of one process queue at a fair lock in front of
it instead of in SQLite's sleeping busy handler.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import QueuePool

from db.seal import Seal

#: A PostgreSQL that cannot be reached any more (a pulled cable says nothing) is noticed within some fifteen seconds, at
#: both ends: ours tries another connection, the server's lets go of the locks. Who is frozen in the middle of a
#: transaction keeps the others waiting for half a minute at most. What stands in DATABASE_URL goes before this.
POSTGRES_PATIENCE = {
    "connect_timeout": "5",
    "keepalives_idle": "5",
    "keepalives_interval": "3",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
    "options": "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=3 -c tcp_keepalives_count=3"
    " -c tcp_user_timeout=15000 -c idle_in_transaction_session_timeout=30000",
}
#: How long one process waits for another to finish writing, in milliseconds.
SQLITE_BUSY_TIMEOUT_MS = 30_000


class Database:
    """An engine, its dialect's name, and the seal for personal data."""

    def __init__(self, engine, seal: Seal):
        self.engine = engine
        self.seal = seal
        self.dialect = engine.dialect.name
        self._writer = threading.RLock() if self.dialect == "sqlite" else nullcontext()

    @contextmanager
    def transaction(self, *, durable: bool = False) -> Iterator[Connection]:
        """A writing transaction: commits at the end, rolls back on an error.

        `durable` waits for the disk even against a power cut; it is for "I am about to send these", because
        forgetting that would send them twice.
        """
        with self._writer, self.engine.connect() as connection:
            if self.dialect == "sqlite":
                _set_durability(connection.connection.driver_connection, durable)
                connection = connection.execution_options(writing=True)
            with connection.begin():
                yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """To read from; it never waits for a writer, nor makes one wait.

        SQLite shows one snapshot throughout, PostgreSQL (READ COMMITTED) a new one to each statement.
        """
        with self.engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        self.engine.dispose()


def open_database(url: str, seal: Seal) -> Database:
    """Connects nothing yet: the first statement does. `url` is an SQLAlchemy URL of SQLite or PostgreSQL."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return Database(_sqlite(parsed), seal)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    parsed = parsed.update_query_dict({**POSTGRES_PATIENCE, **parsed.query})
    engine = create_engine(parsed, pool_size=20, max_overflow=20, pool_pre_ping=True)
    event.listen(engine, "connect", _prepare_postgresql)
    return Database(engine, seal)


def _prepare_postgresql(driver_connection, _record) -> None:
    """The default is for turning disks: a claim of some hundred rows would read the whole table rather than go by id.
    Nor is any statement of ours worth being compiled, however large the table.
    """
    with driver_connection.cursor() as cursor:
        cursor.execute("SET random_page_cost = 1.1; SET jit = off")
    driver_connection.commit()


def _sqlite(url):
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=20,
        max_overflow=40,
        # Each connection has a cache of its own: the one used last knows most, and few of them fill theirs.
        pool_use_lifo=True,
        connect_args={"check_same_thread": False, "isolation_level": None},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(driver_connection, _record) -> None:
    cursor = driver_connection.cursor()
    for pragma in (
        f"busy_timeout={SQLITE_BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=NORMAL",
        "temp_store=MEMORY",
        # 32 MB for each connection: two that work at once must leave a process below 200 MB.
        "cache_size=-32768",
        # 32 MB: copying the log back waits for the disk, and pages that a large import writes again and again go once.
        "wal_autocheckpoint=8000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _set_durability(driver_connection, durable: bool) -> None:
    """SQLite takes this pragma only outside a transaction, so it goes to the driver before BEGIN."""
    driver_connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")


def _begin_sqlite(connection) -> None:
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
