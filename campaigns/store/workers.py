"""Statements about the processes that may hold claimed rows."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, delete, select

from db.new_rows import insert_in
from db.tables import workers


def seen(c: Connection, *, name: str, host: str, pid: int, kind: str, now: datetime) -> None:
    """`name` lives: a new row, or its `seen_at` moved."""
    row = {"name": name, "host": host, "pid": pid, "kind": kind, "started_at": now, "seen_at": now}
    c.execute(_seen(c.dialect.name), row)


@cache
def _seen(dialect: str):
    statement = insert_in(dialect, workers)
    return statement.on_conflict_do_update(
        index_elements=[workers.c.name], set_={"seen_at": statement.excluded.seen_at}
    )


def everybody(c: Connection) -> list:
    return c.execute(select(workers).order_by(workers.c.name)).all()


def forget(c: Connection, names: Sequence[str]) -> None:
    c.execute(delete(workers).where(workers.c.name.in_(names)))
