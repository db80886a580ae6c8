"""Statements about where today's communes lie."""

from sqlalchemy import Connection, func, select

from campaigns.places import COMMUNE
from db.tables import areas


def spots(c: Connection) -> list:
    """Rows (code, name, former district or None, lat, lon) of the communes and wards whose place is known."""
    statement = (
        select(areas.c.code, areas.c.name, areas.c.former_district, areas.c.lat, areas.c.lon)
        .where(areas.c.level == COMMUNE, areas.c.lat.is_not(None), areas.c.lon.is_not(None))
        .order_by(areas.c.code)
    )
    return c.execute(statement).all()


def districts(c: Connection, codes: set[str]) -> dict[str, str]:
    """Names of former districts by code."""
    return {row.code: row.name for row in c.execute(select(areas.c.code, areas.c.name).where(areas.c.code.in_(codes)))}


def boxes(c: Connection) -> dict[str, tuple[float, float, float, float]]:
    """Province → the westernmost, southernmost, easternmost and northernmost place of its communes."""
    lat, lon = areas.c.lat, areas.c.lon
    edges = (func.min(lon), func.min(lat), func.max(lon), func.max(lat))
    statement = select(areas.c.province, *edges).where(areas.c.level == COMMUNE, lat.is_not(None), lon.is_not(None))
    return {row[0]: tuple(row[1:]) for row in c.execute(statement.group_by(areas.c.province))}
