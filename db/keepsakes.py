"""Small facts about this installation, each under a name, written once."""

from sqlalchemy import insert, select

from db.engine import Database
from db.tables import keepsakes


def get(db: Database, name: str) -> bytes | None:
    with db.reading() as c:
        return c.execute(select(keepsakes.c.value).where(keepsakes.c.name == name)).scalar_one_or_none()


def put_once(db: Database, name: str, value: bytes) -> None:
    """Keeps `value` unless something is kept under this name already."""
    with db.transaction() as c:
        if c.execute(select(keepsakes.c.name).where(keepsakes.c.name == name)).first() is None:
            c.execute(insert(keepsakes).values(name=name, value=value))
