"""INSERT that lets a unique key decide: the one statement that the two databases' dialects spell in their own
modules.
"""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

_DIALECTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def insert_into(c: Connection, table: Table):
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update` (same words in both databases)."""
    return insert_in(c.dialect.name, table)


def insert_in(dialect: str, table: Table):
    """The same for statements that are built once and kept."""
    return _DIALECTS[dialect](table)
