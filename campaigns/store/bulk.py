"""Thousands of values through one statement, at the driver's own speed.

SQLAlchemy looks at every value of every row, which for a million people costs more than the statements themselves.
Here values go straight to the driver, so they must be what it stores: text, numbers, bytes, None (a time as
`utc_text`). The statements read the same in both databases.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Column, Connection


def insert_rows(c: Connection, statement, rows: Sequence[Mapping]) -> None:
    """Executes an INSERT once for each row; every row has the same keys, which are the columns."""
    if rows:
        compiled = statement.inline().compile(dialect=c.dialect, column_keys=list(rows[0]))
        order = compiled.positiontup
        # SQLite's parameters go by position, psycopg's by name.
        values = [tuple(row[name] for name in order) for row in rows] if order else list(rows)
        c.exec_driver_sql(compiled.string, values)


def present(c: Connection, column: Column, values: Sequence[bytes]) -> set[bytes]:
    """Which of `values` stand in `column`."""
    if not values:
        return set()
    words = f"SELECT {column.name} FROM {column.table.name} WHERE {column.name} IN ({marks(c, len(values))})"
    return set(c.exec_driver_sql(words, tuple(values)).scalars())


def marks(c: Connection, number: int) -> str:
    """So many placeholders, as the driver writes them."""
    return ",".join(["?" if c.dialect.name == "sqlite" else "%s"] * number)
