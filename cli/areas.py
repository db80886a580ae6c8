"""`areas load`, `areas find`: the map of communes, province by province."""

from pathlib import Path

import click

from campaigns import areas as areas_room
from campaigns import atlas
from campaigns.atlas import Found
from cli.context import emit, language, with_runtime
from messages.errors import sentence


@click.group()
def areas():
    """The map: today's communes and wards, the districts and communes that were."""


@areas.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, readable=True))
@click.option("--json", "as_json", is_flag=True)
@with_runtime
def load(rt, file, as_json):
    """Loads a province's units from FILE, a JSON shaped like campaigns/units/nghe-an.json; twice changes nothing."""
    loaded = areas_room.load(rt.db, file.read_bytes(), name=file.name, by=None, now=rt.clock())
    counted = {"province": loaded.province, "units": loaded.units, "added": loaded.added, "changed": loaded.changed}
    emit(as_json, counted, [sentence("areas-loaded", language(), **counted)])


@areas.command()
@click.argument("text")
@click.option("--json", "as_json", is_flag=True)
@with_runtime
def find(rt, text, as_json):
    """Places of today and of before whose name or code is TEXT, or has it in it; accents may be left out."""
    areas_room.ensure_loaded(rt.db, now=rt.clock())
    found = atlas.search(rt.db, text)
    nothing = [] if found else [sentence("areas-none", language(), text=text)]
    emit(as_json, [_told(each) for each in found], [*map(_line, found), *nothing])


def _told(found: Found) -> dict:
    unit = found.unit
    today = found.today and {"code": found.today.code, "name": found.today.name}
    district = found.district and {"code": found.district.code, "name": found.district.name}
    return {"code": unit.code, "name": unit.name, "level": unit.level, "today": today, "former_district": district}


def _line(found: Found) -> str:
    today = f" → {found.today.name}" if found.today else ""
    district = f", {found.district.name}" if found.district else ""
    return f"{found.unit.code}\t{found.unit.name}{today}{district}"
