"""Copies of a SQLite database made while it is in use, and whether a database is sound.

PostgreSQL has pg_dump and its own checks for this; a copy of ours would be worse.
"""

import os
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import inspect, text

from db.engine import Database
from db.types import utc_text
from db.watermark import COPIED_AT


class NotADatabase(Exception):
    """The file to restore from is no SQLite database, or a damaged one."""


def backup(db: Database, file: Path, now: datetime) -> int:
    """Writes a consistent copy to `file` (readable only by its owner) and returns its size in bytes. The copy knows
    that it is one, and of when: put back, it sends nothing until somebody has looked.
    """
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with db.engine.connect() as connection, closing(sqlite3.connect(file)) as copy:
        connection.connection.driver_connection.backup(copy)
        _say_that_it_is_one(copy, utc_text(now))
    return file.stat().st_size


def restore(file: Path, here: Path) -> tuple[Path | None, int]:
    """Puts `file` in place of the database `here`; returns where the old one was kept, and how many opt-outs that the
    copy did not know were taken over from it. Raises NotADatabase.
    """
    _check_file(file)
    draft = here.with_suffix(".restoring")
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(draft)) as target:
        source.backup(target)
        _say_that_it_is_one(target, "")
        taken_over = _take_over(here, target)
    draft.chmod(0o600)
    kept = _put_aside(here)
    draft.replace(here)
    return kept, taken_over


def _say_that_it_is_one(copy: sqlite3.Connection, when: str) -> None:
    """What it says already stays; a copy of before there was a place for it is left as it is."""
    with suppress(sqlite3.OperationalError), copy:
        copy.execute("INSERT OR IGNORE INTO keepsakes (name, value) VALUES (?, ?)", (COPIED_AT, when.encode()))


def _take_over(here: Path, target: sqlite3.Connection) -> int:
    """Who said stop since the copy was made must not be written to again, and whoever was given a stop code since has
    it in hand; as far as the old database can be read. How many opt-outs.
    """
    if not here.exists():
        return 0
    optouts = 0
    for table in ("optouts", "stop_codes"):
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(here)) as old, target:
            rows = _take_over_table(old, target, table)
            optouts += rows if table == "optouts" else 0
    return optouts


def _take_over_table(old: sqlite3.Connection, target: sqlite3.Connection, table: str) -> int:
    common = sorted(_columns(old, table) & _columns(target, table))
    columns, places = ", ".join(f'"{name}"' for name in common), ", ".join("?" * len(common))
    rows = old.execute(f"SELECT {columns} FROM {table}").fetchall()
    return target.executemany(f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({places})", rows).rowcount


def _columns(database: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in database.execute(f"PRAGMA table_info({table})")}


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
