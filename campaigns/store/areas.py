"""Statements about areas."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select, update

from campaigns.places import Unit
from db.tables import areas

_UNIT = (areas.c.code, areas.c.level, areas.c.name, areas.c.province, areas.c.former_district, areas.c.now)


def units(c: Connection) -> list[Unit]:
    return [Unit(*row) for row in c.execute(select(*_UNIT).order_by(areas.c.code))]


def anything(c: Connection) -> bool:
    return c.execute(select(areas.c.code).limit(1)).first() is not None


def rows(c: Connection, codes: Sequence[str]) -> dict[str, dict]:
    """Every column of these units, by code."""
    found = c.execute(select(areas).where(areas.c.code.in_(codes))).mappings()
    return {row["code"]: dict(row) for row in found}


def add(c: Connection, rows: Sequence[dict]) -> None:
    if rows:
        c.execute(insert(areas), rows)


def replace(c: Connection, rows: Sequence[dict]) -> None:
    for row in rows:
        c.execute(update(areas).where(areas.c.code == row["code"]).values(**row))


def levels(c: Connection, codes: Sequence[str]) -> dict[str, str]:
    """Code → level, of those that are there."""
    found = select(areas.c.code, areas.c.level).where(areas.c.code.in_(codes))
    return {code: level for code, level in c.execute(found)}
