"""`maps load`: the outlines of a province's communes, drawn below the dots of the map."""

from pathlib import Path

import click

from campaigns import areas, outlines
from campaigns import maps as room
from cli.context import emit, language, with_runtime
from messages.errors import Mistake, sentence

#: Names that no unit of ours has, of which so many are told.
_TOLD = 10


@click.group()
def maps():
    """Maps of the figures."""


@maps.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, readable=True))
@click.option("--json", "as_json", is_flag=True)
@with_runtime
def load(rt, file, as_json):
    """Takes the outlines of communes from FILE, a province's own GeoJSON in degrees (WGS 84); kept in DATA_DIR/maps."""
    if file.stat().st_size > outlines.MOST_BYTES:
        raise Mistake("maps-too-large", most=outlines.MOST_BYTES // 1_000_000)
    areas.ensure_loaded(rt.db, now=rt.clock())
    found = room.load(rt.db, rt.settings.data_dir, file.read_bytes())
    counted = {"province": found.province, "units": len(found.outlines), "corners": found.corners}
    lines = [sentence("maps-loaded", language(), **counted)]
    if found.unmatched:
        names = ", ".join(found.unmatched[:_TOLD])
        lines.append(sentence("maps-unmatched", language(), n=len(found.unmatched), names=names))
    emit(as_json, {**counted, "unmatched": list(found.unmatched)}, lines)
