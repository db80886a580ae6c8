"""Bringing a database to today's tables: Alembic's numbered revisions in db/migrations/versions.

Each revision and its record are applied in one transaction; two processes that start together queue for it.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError

from db.engine import Database

_SCRIPTS = Path(__file__).parent / "migrations"


class Unreachable(Exception):
    """The database does not open; the text says why, in the driver's words."""


class Newer(Exception):
    """The database was migrated by a newer program; the text is its revision."""


def newest() -> str:
    """The newest revision this program knows, read from the file names: cheap enough for every start."""
    return max(path.name[:4] for path in (_SCRIPTS / "versions").glob("[0-9]*.py"))


def upgrade(db: Database) -> str | None:
    """Applies what is missing; returns the revision before, or None for a new database.

    Raises Unreachable, Newer.
    """
    found = reached(db)
    if found == newest():
        return found
    if found and found > newest():
        raise Newer(found)
    with db.transaction() as c:
        if db.dialect == "postgresql":
            c.execute(text("SELECT pg_advisory_xact_lock(7460)"))
        _apply(c)
    return found


def reached(db: Database) -> str | None:
    """The revision it is at; None where none of our tables are. Raises Unreachable."""
    try:
        return revision(db)
    except OperationalError as error:
        raise Unreachable(str(error.orig).strip().splitlines()[0]) from error


def revision(db: Database) -> str | None:
    with db.reading() as c:
        return _revision(c)


def _revision(c: Connection) -> str | None:
    if not inspect(c).has_table("alembic_version"):
        return None
    return c.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _apply(c: Connection) -> None:
    from alembic import command  # late: half a second that only a database behind the times need spend
    from alembic.config import Config  # as above

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = c
    command.upgrade(config, "head")
