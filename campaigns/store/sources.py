"""Statements about where people's numbers come from."""

from sqlalchemy import Connection, func, select

from db.tables import imports


def newest(c: Connection, limit: int) -> list[str]:
    """What imports were said to come from, the latest first: a few rows stand for a million contacts."""
    statement = select(imports.c.source).group_by(imports.c.source).order_by(func.max(imports.c.id).desc())
    return list(c.execute(statement.limit(limit)).scalars())
