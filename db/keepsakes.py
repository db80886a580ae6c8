"""Small facts about this installation, each under a name."""

from sqlalchemy import Connection, delete, insert, select

from db.engine import Database
from db.new_rows import insert_into
from db.tables import keepsakes


def get(db: Database, name: str) -> bytes | None:
    with db.reading() as c:
        return read(c, name)


def put_once(db: Database, name: str, value: bytes) -> None:
    """Keeps `value` unless something is kept under this name already."""
    with db.transaction() as c:
        if c.execute(select(keepsakes.c.name).where(keepsakes.c.name == name)).first() is None:
            c.execute(insert(keepsakes).values(name=name, value=value))


def read(c: Connection, name: str, *, lock: bool = False) -> bytes | None:
    """`lock` lets nobody else on PostgreSQL change it until the transaction ends."""
    statement = select(keepsakes.c.value).where(keepsakes.c.name == name)
    return c.execute(statement.with_for_update() if lock else statement).scalar_one_or_none()


def write(c: Connection, name: str, value: bytes) -> None:
    """Keeps `value` instead of what was kept under this name."""
    statement = insert_into(c, keepsakes).values(name=name, value=value)
    c.execute(statement.on_conflict_do_update(index_elements=[keepsakes.c.name], set_={"value": value}))


def forget(c: Connection, name: str) -> None:
    c.execute(delete(keepsakes).where(keepsakes.c.name == name))


def claim(c: Connection, name: str, value: bytes) -> bool:
    """Keeps `value` where nothing is kept under this name; whether it was this call that kept it. Of several at once
    exactly one does.
    """
    statement = insert_into(c, keepsakes).values(name=name, value=value)
    kept = statement.on_conflict_do_nothing(index_elements=[keepsakes.c.name]).returning(keepsakes.c.name)
    return c.execute(kept).first() is not None
