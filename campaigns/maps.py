"""Where today's communes and wards lie, for a map of dots, and the outlines that a province gave us."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from campaigns import outlines
from campaigns.outlines import Found, Outline
from campaigns.store import areas as area_store
from campaigns.store import maps as store
from db.engine import Database

#: Folder below DATA_DIR; a file for each province.
FOLDER = "maps"


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


def load(db: Database, folder: Path, content: bytes) -> Found:
    """Keeps the outlines of a province from its GeoJSON file, in place of those it gave before.

    `folder` is DATA_DIR. Raises the Mistakes of campaigns.outlines.read.
    """
    with db.reading() as c:
        units, boxes = area_store.units(c), store.boxes(c)
    found = outlines.read(content, units, boxes)
    file = folder / FOLDER / f"{found.province}.geojson"
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    new.write_bytes(outlines.to_keep(found))
    new.replace(file)
    return found


def kept_outlines(folder: Path) -> Sequence[Outline]:
    """Those of every province that gave some; `folder` is DATA_DIR. A file that nobody can read is passed over."""
    files = sorted((folder / FOLDER).glob("*.geojson"))
    return [outline for file in files for outline in _kept(file, file.stat().st_mtime_ns)]


@lru_cache(maxsize=8)
def _kept(file: Path, changed: int) -> tuple[Outline, ...]:
    try:
        return tuple(outlines.kept(file.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return ()
