"""Statements about stops of everything."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from db.tables import halts

_STANDING = halts.c.lifted_at.is_(None)


def add(c: Connection, *, reason: str, by: int | None, at: datetime, kind: str) -> int:
    row = {"reason": reason, "by": by, "at": at, "kind": kind}
    return c.execute(insert(halts).values(row).returning(halts.c.id)).scalar_one()


def standing(c: Connection, kind: str | None = None):
    """The first of those (of this kind) that nobody lifted."""
    those = select(halts).where(_STANDING)
    return c.execute((those.where(halts.c.kind == kind) if kind else those).order_by(halts.c.id).limit(1)).first()


def lift(c: Connection, *, by: int | None, at: datetime, kind: str) -> list[int]:
    """Lifts all of this kind that stand; their ids."""
    statement = update(halts).where(_STANDING, halts.c.kind == kind).values(lifted_at=at, lifted_by=by)
    return sorted(c.execute(statement.returning(halts.c.id)).scalars())


def newest(c: Connection, limit: int) -> list:
    return list(c.execute(select(halts).order_by(halts.c.id.desc()).limit(limit)))
