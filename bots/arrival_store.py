"""The statements about what platforms bring. Private to the bots room."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from db.new_rows import insert_into
from db.tables import arrivals

#: Two that take in at once would break the order of somebody's messages; SQLite has one writer anyway.
_LOCK = 7469


def add(c: Connection, rows: Sequence[Mapping]) -> None:
    """Stores what came; what came before changes nothing."""
    c.execute(insert_into(c, arrivals).on_conflict_do_nothing(index_elements=["provider_id"]), rows)


def alone(c: Connection) -> None:
    """From here to the end of the transaction nobody else takes in."""
    if c.dialect.name == "postgresql":
        c.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def waiting(c: Connection, limit: int):
    columns = (arrivals.c.id, arrivals.c.platform, arrivals.c.provider_id, arrivals.c.incoming_sealed, arrivals.c.at)
    statement = select(*columns).where(arrivals.c.status == "waiting").order_by(arrivals.c.id).limit(limit)
    return c.execute(statement).all()


def settle(c: Connection, ids: Sequence[int], status: str) -> None:
    """`ids` need not be looked at again; what they held is emptied."""
    if ids:
        c.execute(update(arrivals).where(arrivals.c.id.in_(ids)).values(status=status, incoming_sealed=None))


def forget(c: Connection, before: datetime) -> int:
    """Removes what came before then and does not wait any more; how much it was."""
    return c.execute(delete(arrivals).where(arrivals.c.at < before, arrivals.c.status != "waiting")).rowcount
