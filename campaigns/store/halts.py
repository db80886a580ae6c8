"""Statements about stops of everything."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from db.tables import halts

_STANDING = halts.c.lifted_at.is_(None)


def add(c: Connection, *, reason: str, by: int | None, at: datetime) -> int:
    return c.execute(insert(halts).values(reason=reason, by=by, at=at).returning(halts.c.id)).scalar_one()


def standing(c: Connection):
    """The first of those that nobody lifted."""
    return c.execute(select(halts).where(_STANDING).order_by(halts.c.id).limit(1)).first()


def lift(c: Connection, *, by: int | None, at: datetime) -> list[int]:
    """Lifts all that stand; their ids."""
    statement = update(halts).where(_STANDING).values(lifted_at=at, lifted_by=by).returning(halts.c.id)
    return sorted(c.execute(statement).scalars())


def newest(c: Connection, limit: int) -> list:
    return list(c.execute(select(halts).order_by(halts.c.id.desc()).limit(limit)))
