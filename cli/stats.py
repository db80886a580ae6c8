"""`stats rebuild`, `stats show`, `stats export`."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

import click

from bots import figures as talk
from bots.unanswered import recounting
from campaigns import figures, periods, waves
from campaigns.figures import breakdowns
from campaigns.responses import KINDS
from cli.context import emit, language, with_runtime
from cli.stats_export import export
from messages.errors import sentence
from runtime.report.summary import few

_JSON = click.option("--json", "as_json", is_flag=True)


@click.group()
def stats():
    """What came of the waves and what people asked: counted anew, shown, written out."""


stats.add_command(export)


@stats.command()
@_JSON
@with_runtime
def rebuild(rt, as_json):
    """Counts everything anew from the rows and says which counters were wrong. May run while messages are sent."""
    found = {**figures.rebuild(rt.db), **talk.rebuild(rt.db), **recounting.recount(rt.db)}
    wrong = [{"counter": [*place], "said": said, "rows": rows} for place, (said, rows) in found.items()]
    emit(as_json, {"differences": wrong}, _told(wrong))


def _told(wrong: list[dict]) -> Iterator[str]:
    for each in wrong:
        yield f"{' '.join(str(part) or '-' for part in each['counter'])}: {each['said']} → {each['rows']}"
    yield sentence("stats-rebuilt" if wrong else "stats-right", language(), n=len(wrong))


@stats.command()
@click.option("--wave", "wave_id", type=int, help="one wave; else the last 30 days of all")
@_JSON
@with_runtime
def show(rt, wave_id, as_json):
    """Figures; where they are broken down, small numbers of people are hidden (null)."""
    state = _lately(rt) if wave_id is None else _of_wave(rt, wave_id)
    emit(as_json, state, _lines(state))


def _lately(rt) -> dict[str, object]:
    period = periods.last(30, periods.today_of(rt.clock()))
    found = figures.of_period(rt.db, period.start, period.end)
    return {
        "from": period.start.isoformat(),
        "to": period.end.isoformat(),
        "waves": found.waves,
        **found.counts,
        "segments": found.segments,
        "vnd": found.vnd,
        "opted_out": few(sum(figures.optouts(rt.db, period.start, period.end).values())),
    }


def _of_wave(rt, wave_id: int) -> dict[str, object]:
    shown, clicked = waves.show(rt.db, wave_id), figures.response_links(rt.db, wave_id)
    areas = figures.responses(rt.db, wave_id).values()
    return {
        "wave": shown.wave.id,
        "name": shown.wave.name,
        **shown.figures.counts,
        **{kind: sum(did.get(kind, 0) for did in areas) for kind in KINDS},
        "opened_link": clicked.people,
        "began_talking": clicked.conversations,
        "carriers": dict(breakdowns.carriers(rt.db, wave_id).cells),
        "hours": _hours(rt, wave_id),
    }


def _hours(rt, wave_id: int) -> dict[str, int | None]:
    """Handed over in each hour on (on each day, when the hours are many)."""
    return {_when(at): n for at, n in breakdowns.over_time(rt.db, wave_id).rows.items()}


def _when(at: date | datetime) -> str:
    return at.isoformat(timespec="minutes") if isinstance(at, datetime) else at.isoformat()


def _lines(state: Mapping[str, object]) -> Iterator[str]:
    for key, value in state.items():
        if isinstance(value, Mapping):
            yield from (f"{key} {name}: {_cell(cell)}" for name, cell in value.items())
        elif value != "":
            yield f"{key:14} {_cell(value)}"


def _cell(cell: object) -> str:
    if isinstance(cell, Mapping):
        return ", ".join(f"{status} {_cell(n)}" for status, n in cell.items() if n != 0)
    return "hidden" if cell is None else str(cell)
