"""`agencies import`, `agencies find`, `agencies show`: the list of licensed agencies."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import click

from bots.agencies import listing, speaking
from bots.agencies.matching import Match
from campaigns.encodings import OFFERED
from cli.context import emit, language, say, with_runtime
from messages.errors import Mistake, sentence

#: Refused lines said one by one; the JSON has all of them.
_SAID_LINES = 50


@click.group()
def agencies():
    """Firms licensed to send workers abroad: load the list, ask it."""


@agencies.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, readable=True))
@click.option("--as-of", required=True, help="the day that stands on the list: 2026-11-15 or 15/11/2026")
@click.option("--source", required=True, help="where the list comes from")
@click.option("--sheet", help="name or number of the workbook's sheet, when several hold firms")
@click.option("--encoding", help=f"when it is not found out rightly: {', '.join(OFFERED)}")
@click.option("--json", "as_json", is_flag=True)
@with_runtime
def import_(rt, file, as_of, source, sheet, encoding, as_json):
    """Loads FILE (CSV, TSV, semicolons, XLSX, XLS, ODS) in place of the list before."""
    with file.open("rb") as content:
        loaded = listing.load(
            rt.db, content.read(listing.MOST_BYTES + 1), as_of=day(as_of), source=source, sheet=sheet,
            encoding=encoding, by=None, now=rt.clock(),
        )
    report = _report(loaded)
    if not loaded.in_force:
        say(sentence("agencies-older", language(), as_of=listing.lists(rt.db, 1)[0].info.as_of))
    emit(as_json, report, _report_lines(report))


@agencies.command(context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.option("--json", "as_json", is_flag=True)
@with_runtime
def find(rt, name, as_json):
    """Looks NAME (or a licence number) up in the list, and says how sure that is."""
    found = listing.find(rt.db, name)
    told = {**listing.told_of(found), "advice": speaking.advice(rt.book, language(), found)}
    emit(as_json, told, (*map(_match_line, found.matches), *([""] if found.matches else []), told["advice"]))


@agencies.command()
@click.option("--json", "as_json", is_flag=True)
@with_runtime
def show(rt, as_json):
    """The list in force and those kept: date, source, how many firms."""
    lists = listing.lists(rt.db)
    told = [{**listing.list_told(one.info), "in_force": one.in_force} for one in lists]
    lines = [sentence("agencies-list", language(), **one) for one in told]
    emit(as_json, {"list": told[0] if told else None, "kept": told[1:]}, lines or [_none()])


def day(text: str) -> date:
    """A day as typed. Raises Mistake "agencies-as-of-wrong"."""
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    raise Mistake("agencies-as-of-wrong", text=text[:40])


def _none() -> str:
    return sentence("agencies-no-list", language())


def _report(loaded: listing.Sheet) -> dict:
    counts: dict[str, int] = {}
    for one in loaded.refused:
        counts[one.code] = counts.get(one.code, 0) + 1
    return {
        **listing.list_told(loaded.info), "in_force": loaded.in_force, "accepted": loaded.info.agencies,
        "rows": loaded.info.agencies + len(loaded.refused), "refused": len(loaded.refused), "refusals": counts,
        "lines": [{"line": one.line, "code": one.code, "name": one.name} for one in loaded.refused],
    }


def _report_lines(report: dict) -> Iterator[str]:
    yield sentence("agencies-loaded", language(), **report)
    for one in report["lines"][:_SAID_LINES]:
        why = sentence(f"refused-agency-{one['code']}", language())
        yield f"  {sentence('agencies-line', language(), line=one['line'], why=why, name=one['name'])}"


def _match_line(match: Match) -> str:
    firm = match.agency
    what = sentence("agencies-same" if match.exact else "agencies-near", language())
    return "\t".join((f"{match.score:.2f}", what, firm.status, firm.licence or "–", firm.name, ", ".join(firm.also)))
