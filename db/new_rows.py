"""INSERT that lets a unique key decide: the one statement that the two databases' dialects spell in their own
modules.
"""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

_DIALECTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def insert_into(c: Connection, table: Table):
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update` (same words in both databases)."""
    return _DIALECTS[c.dialect.name](table)
