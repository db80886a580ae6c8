"""Copies of a SQLite database made while it is in use, and whether a database is sound.

PostgreSQL has pg_dump and its own checks for this; a copy of ours would be worse.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import inspect, text

from db.engine import Database


class NotADatabase(Exception):
    """The file to restore from is no SQLite database, or a damaged one."""


def backup(db: Database, file: Path) -> int:
    """Writes a consistent copy to `file` (readable only by its owner) and returns its size in bytes."""
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with db.engine.connect() as connection, closing(sqlite3.connect(file)) as copy:
        connection.connection.driver_connection.backup(copy)
    return file.stat().st_size


def restore(file: Path, here: Path) -> Path | None:
    """Puts `file` in place of the database `here`; returns where the old one was kept. Raises NotADatabase."""
    _check_file(file)
    draft = here.with_suffix(".restoring")
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(draft)) as target:
        source.backup(target)
    draft.chmod(0o600)
    kept = _put_aside(here)
    draft.replace(here)
    return kept


def faults(db: Database) -> list[str]:
    """What the database itself says is wrong, in its own words; empty when it is sound."""
    with db.reading() as c:
        if db.dialect == "postgresql":
            tables = inspect(c).get_table_names()
            return [] if "alembic_version" in tables else ["no tables"]
        words = c.execute(text("PRAGMA integrity_check")).scalars().all()
        broken = c.execute(text("PRAGMA foreign_key_check")).all()
        return [word for word in words if word != "ok"] + [f"{row[0]} row {row[1]} → {row[2]}" for row in broken]


def _check_file(file: Path) -> None:
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
            sound = copy.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise NotADatabase(file) from error
    if sound != "ok":
        raise NotADatabase(file)


def _put_aside(here: Path) -> Path | None:
    """The log files belong to the database they were written for: they go aside with it."""
    if not here.exists():
        return None
    number = next(n for n in range(1, 10_000) if not here.with_suffix(f".before-{n}.db").exists())
    kept = here.with_suffix(f".before-{number}.db")
    for ending in ("", "-wal", "-shm"):
        old = Path(f"{here}{ending}")
        if old.exists():
            old.rename(f"{kept}{ending}")
    return kept
