"""Adding to counts, many in one statement: rows that are not there yet come into being."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import BigInteger, Connection, Table, Text, select

from campaigns.store.many_rows import table_of, values_of
from db.new_rows import insert_in


def add(c: Connection, table: Table, rows: Sequence[tuple]) -> None:
    """Adds each row's last value to the `n` of the row whose keys are the others, in the order of the table. Sorted by
    the caller, so that two writers on PostgreSQL lock the rows in one order.
    """
    if rows:
        dialect = c.dialect.name
        c.execute(_adding(dialect, table), values_of(dialect, _columns(table), rows))


@cache
def _columns(table: Table) -> dict[str, type]:
    keys = {column.name: Text if isinstance(column.type, Text) else BigInteger for column in table.primary_key.columns}
    return {**keys, "n": BigInteger}


@cache
def _adding(dialect: str, table: Table):
    given = table_of(dialect, _columns(table))
    # SQLite takes "ON CONFLICT" after a plain FROM for a join: it needs a WHERE between them.
    rows = select(*(given.c[name] for name in _columns(table))).where(given.c.n != 0)
    statement = insert_in(dialect, table).from_select(list(_columns(table)), rows)
    added = {"n": table.c.n + statement.excluded.n}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=added)
