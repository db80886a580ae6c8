"""`lists import`, `lists show`."""

import os
import re
import sys
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from campaigns import imports
from campaigns import lists as lists_room
from campaigns.encodings import OFFERED
from cli.context import emit, language, say, with_runtime
from messages.errors import Mistake, sentence

#: How often to look whether somebody else (the server on this machine) has finished the upload, in seconds.
LOOK_EVERY = 0.3


@click.group()
def lists():
    """Lists of people: take a file in, show what is there."""


@lists.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, readable=True))
@click.option("--list", "name", required=True, help="the list's name; made when there is none")
@click.option("--source", required=True, help="where the numbers come from")
@click.option("--consent", default="", help="on what grounds they may be messaged")
@click.option("--area", help="code or name of the area of people whose row names none")
@click.option("--country", default="VN", show_default=True, help="how numbers without a country prefix are read")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="the day on which these people leave the list again")
@click.option("--sheet", help="name or number of the workbook's sheet, when several hold lists")
@click.option("--encoding", help=f"when it is not found out rightly: {', '.join(OFFERED)}")
@click.option("--made-up", is_flag=True, help="these people do not exist: never sent to through a real gateway")
@click.option("--json", "as_json", is_flag=True)
@with_runtime
def import_(rt, file, name, source, until, as_json, **options):
    """Takes FILE (CSV, TSV, semicolons, XLSX, XLS, ODS) into a list."""
    started = time.monotonic()
    with file.open("rb") as content:
        import_id = imports.receive(
            rt.db, folder=rt.uploads, filename=file.name, content=content, list_name=name, source=source,
            members_until=_moment(rt, until), **options, by=None, now=rt.clock(),
        )
    progress = _work(rt, import_id)
    if progress.error:
        raise Mistake(progress.error)
    report = _report(progress, _write_refusals(rt, progress), time.monotonic() - started)
    _say_notes(progress)
    emit(as_json, report, _lines(report))


@lists.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True)
@with_runtime
def show(rt, name, as_json):
    """Counts people by area, language and carrier."""
    figures = lists_room.show(rt.db, name)
    report = {
        "list": figures.name,
        "people": figures.people,
        "areas": [_area(count) for count in figures.by_area],
        "languages": figures.by_language,
        "carriers": figures.by_carrier,
        "made_up": figures.made_up,
        "opted_out": figures.opted_out,
    }
    emit(as_json, report, _list_lines(report))


def _moment(rt, day: datetime | None) -> datetime | None:
    """The beginning of that day where the lists' people live."""
    return day.replace(tzinfo=ZoneInfo(rt.settings["TIMEZONE"])) if day else None


def _work(rt, import_id: int) -> imports.Progress:
    """To the end, by this process or, when it was faster, by the server beside it."""
    progress = imports.show(rt.db, import_id)
    with click.progressbar(length=progress.total, label=progress.filename, file=sys.stderr) as bar:
        while not progress.finished:
            progress = imports.work(
                rt.db, rt.uploads, import_id, rt.worker, rt.clock, watch=lambda done, total: bar.update(done - bar.pos)
            )
            if not progress.finished:
                time.sleep(LOOK_EVERY)
        bar.update(progress.rows - bar.pos)
    return progress


def _write_refusals(rt, progress: imports.Progress) -> str | None:
    """The path of the rows to mend, which only this user may read; None when there are none."""
    if not progress.refused:
        return None
    folder = rt.settings.data_dir / "refusals"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{progress.id}-{re.sub(r'[^A-Za-z0-9_-]+', '-', Path(progress.filename).stem)[:80]}.csv"
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8", newline="") as file:
        file.writelines(imports.refused_lines(rt.db, progress.id))
    return str(path)


def _report(progress: imports.Progress, refusals_file: str | None, seconds: float) -> dict:
    counters = ("rows", "accepted", "rewritten", "duplicates", "refused", "opted_out")
    return {
        **{name: getattr(progress, name) for name in counters},
        "refusals": dict(progress.refusals),
        "refusals_file": refusals_file,
        "seconds": round(seconds, 3),
    }


def _say_notes(progress: imports.Progress) -> None:
    """What does not fit into the counts but should not stay unsaid."""
    if progress.known:
        say(sentence("lists-known", language(), n=progress.known))
    if progress.made_up:
        say(sentence("lists-made-up", language()))
    for code, number in progress.notes.items():
        if not code.startswith("rewritten-"):
            say(sentence(f"lists-{code}", language(), n=number))


def _lines(report: dict):
    yield sentence("lists-imported", language(), **report)
    for code, number in report["refusals"].items():
        yield f"  {number:6}  {sentence(f'refused-{code}', language())}"
    if report["refusals_file"]:
        yield sentence("lists-to-mend", language(), file=report["refusals_file"])


def _area(count: lists_room.AreaCount) -> dict:
    return {
        "code": count.code,
        "name": count.name,
        "former_district": count.former_district,
        "people": count.people,
    }


def _list_lines(report: dict):
    yield f"{report['list']}: {report['people']}"
    for area in report["areas"]:
        place = ", ".join(name for name in (area["name"], area["former_district"]) if name)
        yield f"  {area['people']:6}  {place or '–'}"
    for kind in ("languages", "carriers"):
        yield "  " + ", ".join(f"{name} {number}" for name, number in report[kind].items())
