"""Moving everything into another database, from either kind to either kind: all of it, or nothing.

Nobody can write to the old one meanwhile; the new one is written and read back in one transaction. Values are copied
as they lie there (sealed ones sealed, times as text), so nothing is understood anew on the way. Rows of workers come
along: what a dead one still held is asked after in the new place by the same rules. What is not in a table is not
copied: locks end with their holders, and the queue's jobs are made anew from the rows.

What waits to be sent stands in both afterwards, so only one of them may go on by itself: the other is marked as a copy
(db/watermark.py), and whoever starts it is asked first.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection, Table, TableClause, Text, column, delete, func, insert, inspect, select, table, text
from sqlalchemy.exc import DBAPIError, OperationalError

from db import canary, keepsakes, migrate
from db.engine import Database
from db.tables import metadata
from db.types import UtcText, utc_text
from db.watermark import COPIED_AT, LEFT_BY_A_START

#: Rows held in memory at a time.
BATCH = 5_000
#: So long is waited for writers of the old database to finish, in seconds.
PATIENCE = 10


class NotEmpty(Exception):
    """The new database holds something already; the text is a table that has rows."""


class OtherKey(Exception):
    """The new database was begun with another PHONE_KEY."""


class Busy(Exception):
    """Somebody writes to the old database."""


class Refused(Exception):
    """The new database does not take the rows of a table, or they are not what was written; `why` in its words."""

    def __init__(self, table: str, why: str):
        super().__init__(table, why)
        self.table, self.why = table, why


@dataclass(frozen=True)
class Copied:
    """A table: how many rows, and the checksum over their values, in both databases."""

    table: str
    rows: int
    checksum: str


def copy(
    source: Database,
    target: Database,
    *,
    now: datetime,
    trial: bool = False,
    progress: Callable[[Copied], None] = lambda copied: None,
) -> list[Copied]:
    """Fills `target`, which is empty (it is migrated here when nothing is there), and says what it now holds.
    Afterwards the work goes on in `target`; after a `trial` in `source`.

    Raises Unreachable and Newer of db.migrate, NotEmpty, OtherKey, Busy, Refused; then `target` is as empty as before.
    """
    _check_nobody_elses(target)
    migrate.upgrade(target)
    with target.reading() as c:
        _check_empty(c, target)  # before anybody has to wait
    with _held_still(source) as there, target.transaction(durable=True) as here:
        _check_empty(here, target)
        here.execute(delete(metadata.tables["keepsakes"]))
        if here.dialect.name == "sqlite":
            here.execute(text("PRAGMA defer_foreign_keys = ON"))  # a reply may stand before what it answers
        copied = []
        for each in metadata.sorted_tables:
            copied.append(_copy_table(there, here, each))
            progress(copied[-1])
        if here.dialect.name == "postgresql":
            here.execute(text("ANALYZE"))  # else the first hours are planned for empty tables
        keepsakes.write(here if trial else there, COPIED_AT, utc_text(now).encode())
    return copied


@contextmanager
def _held_still(source: Database) -> Iterator[Connection]:
    """A connection to the old database while nobody else can write there. Raises Busy."""
    with ExitStack() as held:
        try:
            c = held.enter_context(source.transaction())
            if source.dialect == "postgresql":
                names = ", ".join(_quoted(c, each.name) for each in metadata.sorted_tables)
                c.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))  # a large table takes its time
                c.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}s'"))
                c.execute(text(f"LOCK TABLE {names} IN SHARE MODE"))
        except OperationalError as error:
            raise Busy from error
        yield c


def _check_nobody_elses(target: Database) -> None:
    """Tables of another program are no place for ours. Where ours are, `_check_empty` looks into them."""
    if migrate.reached(target):
        return
    with target.reading() as c:
        for name in sorted(inspect(c).get_table_names()):
            raise NotEmpty(name)


def _check_empty(here: Connection, target: Database) -> None:
    """Only what every start leaves behind may be there, `db upgrade` too."""
    kept = metadata.tables["keepsakes"]
    for each in metadata.sorted_tables:
        if each is not kept and here.execute(select(1).select_from(each).limit(1)).first():
            raise NotEmpty(each.name)
    values = {name: value for name, value in here.execute(select(kept.c.name, kept.c.value))}
    if values.keys() - {canary.NAME} - LEFT_BY_A_START:
        raise NotEmpty(kept.name)
    if canary.NAME in values and not canary.opens(target.seal, values[canary.NAME]):
        raise OtherKey


def _copy_table(there: Connection, here: Connection, each: Table) -> Copied:
    plain = _as_it_lies(each)
    sent, arrived = _Sum(), _Sum()
    try:
        _WRITERS[here.dialect.name](here, plain, sent.watch(_rows(there, plain)))
        _number_on(here, each, _numbered_to(there, each))
        for _ in arrived.watch(_rows(here, plain)):
            pass
    except (DBAPIError, here.dialect.loaded_dbapi.Error) as error:
        raise Refused(each.name, str(getattr(error, "orig", error)).strip().splitlines()[0]) from error
    if (arrived.rows, arrived.hex()) != (sent.rows, sent.hex()):
        raise Refused(each.name, f"{sent.rows} {sent.hex()} → {arrived.rows} {arrived.hex()}")
    return Copied(each.name, sent.rows, sent.hex())


def _as_it_lies(each: Table) -> TableClause:
    """The table with times as the text they are stored as."""
    kinds = ((c.name, Text() if isinstance(c.type, UtcText) else c.type) for c in each.columns)
    return table(each.name, *(column(name, kind) for name, kind in kinds))


def _rows(c: Connection, plain: TableClause) -> Iterator[tuple]:
    for row in c.execute(select(plain).execution_options(yield_per=BATCH)):
        yield tuple(row)


class _Sum:
    """Counts rows and adds up a digest of each: the same whatever their order. What drivers return is the same in both
    databases (None, bool, int, float, str, bytes), so its notation in Python is too."""

    def __init__(self):
        self.rows = self._total = 0

    def watch(self, rows: Iterable[tuple]) -> Iterator[tuple]:
        for row in rows:
            digest = hashlib.blake2b(repr(row).encode("utf-8", "surrogatepass"), digest_size=16).digest()
            self._total = (self._total + int.from_bytes(digest, "big")) % 2**128
            self.rows += 1
            yield row

    def hex(self) -> str:
        return f"{self._total:032x}"


def _copy_in(here: Connection, plain: TableClause, rows: Iterable[tuple]) -> None:
    names = ", ".join(_quoted(here, c.name) for c in plain.columns)
    with (
        here.connection.driver_connection.cursor() as cursor,
        cursor.copy(f"COPY {_quoted(here, plain.name)} ({names}) FROM STDIN") as stream,
    ):
        for row in rows:
            stream.write_row(row)


def _insert(here: Connection, plain: TableClause, rows: Iterable[tuple]) -> None:
    names = [c.name for c in plain.columns]
    rows = iter(rows)
    while batch := [dict(zip(names, row, strict=True)) for row in islice(rows, BATCH)]:
        here.execute(insert(plain), batch)


_WRITERS = {"postgresql": _copy_in, "sqlite": _insert}


def _numbered_to(c: Connection, each: Table) -> int:
    """The highest number given out in this table, also where its row is gone: it is not given out again."""
    id = each.autoincrement_column
    if id is None:
        return 0
    highest = c.execute(select(func.max(id))).scalar() or 0
    if c.dialect.name == "postgresql":
        last, called = c.execute(text(f"SELECT last_value, is_called FROM {_sequence(c, each)}")).one()
        return max(highest, last if called else 0)
    if each.dialect_options["sqlite"]["autoincrement"]:
        kept = c.execute(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": each.name}).scalar()
        return max(highest, kept or 0)
    return highest


def _number_on(c: Connection, each: Table, last: int) -> None:
    """The next row gets the number after `last`."""
    if last and c.dialect.name == "postgresql":
        c.execute(text("SELECT setval(CAST(:sequence AS regclass), :last)"),
                  {"sequence": _sequence(c, each), "last": last})
    elif last and each.dialect_options["sqlite"]["autoincrement"]:
        c.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": each.name})
        c.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"),
                  {"name": each.name, "last": last})


def _sequence(c: Connection, each: Table) -> str:
    named = {"table": _quoted(c, each.name), "id": each.autoincrement_column.name}
    return c.execute(text("SELECT pg_get_serial_sequence(:table, :id)"), named).scalar_one()


def _quoted(c: Connection, name: str) -> str:
    return c.dialect.identifier_preparer.quote(name)
