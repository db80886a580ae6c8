"""Where today's communes and wards lie, for a map of dots."""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.store import maps as store
from db.engine import Database


@dataclass(frozen=True)
class Spot:
    """A commune or ward at its office: degrees north and east; `district` is the former district it lies in."""

    code: str
    name: str
    district: str
    lat: float
    lon: float


def spots(db: Database) -> Sequence[Spot]:
    """Every commune and ward whose place is known, by code."""
    with db.reading() as c:
        rows = store.spots(c)
        districts = store.districts(c, {row.former_district for row in rows if row.former_district})
    return [Spot(row.code, row.name, districts.get(row.former_district, ""), row.lat, row.lon) for row in rows]
