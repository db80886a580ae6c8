"""Any table of a page as CSV or XLSX, at the page's own address: `?as=csv` or `?as=xlsx`.

How a page offers its tables (a table is made only when it is asked for, so each is a function):

    tables = {"communes": lambda: Table(_("By commune"), COLUMNS, rows, filters=[wave.name])}
    return tables_out.asked(tables) or render_template("figures/x.html", …)

and in its template `{% from "figures/tables.html" import downloads with context %}`, then below the table
`{{ downloads("communes") }}` (no name where the page has one table). Without a page: `respond(name, columns, rows)`.

A cell is text, a number, a day or a moment; MASKED (None) is written "hidden" as on the pages (it may be more than ten:
see campaigns.figures.masking), "" stays empty. Numbers are written as numbers, shares as 0.943 in CSV and as 94.3 % in
XLSX. Text never runs as a formula. Of a Rate: `rate_columns(title)` and `rate_cells(rate)`. CSV begins with the mark
that Excel needs, then one line with the title, the filters and what the columns mean, then the headings; XLSX has the
same on a sheet of its own.
"""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from flask import Flask, Response, abort, request
from flask_babel import get_timezone
from flask_babel import gettext as _

from campaigns.formulas import safe
from sms.unaccent import unaccent
from web.here import now
from web.rates import HIDDEN, hidden_note

CSV, XLSX = "csv", "xlsx"
#: A number that campaigns.figures.masking hides.
MASKED = None
_TYPES = {CSV: "text/csv", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
#: How Excel shows the numbers of a column of this kind.
_SHOWN = {"number": "#,##0", "decimal": "#,##0.0", "share": "0.0%", "money": "#,##0 [$₫]", "text": "General"}
_NARROWEST, _WIDEST = 9, 48
#: A name of a sheet is no longer, and has none of these.
_LONGEST_SHEET = 31
_NOT_IN_A_SHEET = re.compile(r"[\[\]:*?/\\']")

Cell = str | int | float | date | datetime | None


@dataclass(frozen=True)
class Column:
    """`title` in the reader's language, `about` what it counts (of how many, since when), `kind` how its numbers are
    shown: number | decimal | share (0.5 = 50 %) | money (VND) | text.
    """

    title: str
    about: str = ""
    kind: str = "number"


@dataclass(frozen=True)
class Table:
    """`name` is its title in the reader's language; without accents it is the file's name. `filters`: what the page
    shows (the wave, the period, the platform), in words. Columns may be plain titles.
    """

    name: str
    columns: Sequence[Column | str]
    rows: Sequence[Sequence[Cell]]
    filters: Sequence[str] = ()


def install(app: Flask) -> None:
    app.jinja_env.globals["file_address"] = file_address


def file_address(form: str, table: str = "") -> str:
    """This page's address, with its filters, as a file."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in ("as", "table")]
    return f"{request.path}?{urlencode([*kept, *([('table', table)] if table else []), ('as', form)])}"


def asked(tables: Mapping[str, Callable[[], Table]]) -> Response | None:
    """The file that `?as=` (and `?table=` where there are several) asks for, None when a page is asked for. Ends with
    404 where there is no such form or table.
    """
    form = request.args.get("as")
    if form is None:
        return None
    name = request.args.get("table", next(iter(tables), ""))
    if form not in _TYPES or name not in tables:
        abort(404)
    return answer(tables[name](), form)


def respond(
    name: str, columns: Sequence[Column | str], rows: Sequence[Sequence[Cell]], filters: Sequence[str] = ()
) -> Response:
    """One table as the file that `?as=` asks for; CSV when it says nothing else."""
    form = request.args.get("as")
    return answer(Table(name, columns, rows, filters), form if form in _TYPES else CSV)


def answer(table: Table, form: str) -> Response:
    content = as_xlsx(table) if form == XLSX else as_csv(table).encode()
    found = Response(content, mimetype=_TYPES[form])
    found.headers["Content-Disposition"] = f'attachment; filename="{filename(table.name, form)}"'
    return found


def filename(name: str, form: str) -> str:
    """Without accents or anything else that a file system or an old mail program stumbles over.

    >>> filename("Theo xã, phường", "csv").startswith("an-lo-theo-xa-phuong-")
    True
    """
    plain = re.sub(r"[^a-z0-9]+", "-", unaccent(name).lower()).strip("-")[:60].strip("-")
    return "-".join(part for part in ("an-lo", plain, _here(now()).date().isoformat()) if part) + f".{form}"


def rate_columns(title: str, about: str = "") -> list[Column]:
    """The five columns of `rate_cells`: how many, of how many, the share, and the two ends of its interval."""
    return [
        Column(title, about),
        Column(_("%(title)s: of", title=title), _("How many there are in all")),
        Column(_("%(title)s: share", title=title), kind="share"),
        Column(_("%(title)s: from", title=title), _("The true share lies from here in 95 of 100 cases"), "share"),
        Column(_("%(title)s: to", title=title), _("to here"), "share"),
    ]


def rate_cells(rate) -> list[Cell]:
    """The cells of a Rate under `rate_columns`; all masked where a Rate is masked (None)."""
    if rate is None:
        return [MASKED, MASKED, "", "", ""]
    if rate.share is None:
        return [rate.n, rate.of, "", "", ""]
    return [rate.n, rate.of, rate.share, rate.low, rate.high]


def as_csv(table: Table) -> str:
    """For spreadsheets and programs: skip the first line and the rest is plain CSV."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    columns = _columns(table)
    meanings = [f"{column.title}: {column.about}" for column in columns if column.about]
    writer.writerow([safe(" · ".join([table.name, *table.filters, _made(), *meanings]))])
    writer.writerow([safe(column.title) for column in columns])
    writer.writerows([_in_csv(cell) for cell in row] for row in table.rows)
    return "\ufeff" + lines.getvalue()


def _in_csv(cell: Cell) -> str | int | float:
    if cell is MASKED:
        return str(HIDDEN)
    if isinstance(cell, str):
        return safe(cell)
    if isinstance(cell, float):
        return round(cell, 6)
    return _here(cell).strftime("%Y-%m-%d %H:%M") if isinstance(cell, datetime) else str(cell)


def as_xlsx(table: Table) -> bytes:
    """A sheet with the table, and one that says what it shows."""
    import xlsxwriter  # a fiftieth of a second that only this needs

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": table.name, "created": now().astimezone(UTC).replace(tzinfo=None)})
        _write_table(book, table)
        _write_notes(book, table)
    return content.getvalue()


def _write_table(book, table: Table) -> None:
    columns, sheet = _columns(table), book.add_worksheet(_sheet_name(table.name))
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    shown = {kind: book.add_format({"num_format": form}) for kind, form in _SHOWN.items()}
    shown |= {"day": book.add_format({"num_format": "dd/mm/yyyy"}),
              "moment": book.add_format({"num_format": "dd/mm/yyyy hh:mm"})}
    for x, column in enumerate(columns):
        sheet.write_string(0, x, column.title, head)
        cells = [row[x] for row in table.rows]
        sheet.set_column(x, x, _width(column, cells))
        for y, cell in enumerate(cells, 1):
            _write(sheet, y, x, cell, shown, column.kind)
    sheet.freeze_panes(1, 1)


def _write(sheet, y: int, x: int, cell: Cell, shown: Mapping[str, object], kind: str) -> None:
    if isinstance(cell, datetime):
        sheet.write_datetime(y, x, _here(cell).replace(tzinfo=None), shown["moment"])
    elif isinstance(cell, date):
        sheet.write_datetime(y, x, cell, shown["day"])
    elif isinstance(cell, int | float):
        sheet.write_number(y, x, cell, shown[kind])
    elif cell != "":
        sheet.write_string(y, x, str(HIDDEN) if cell is MASKED else cell)


def _write_notes(book, table: Table) -> None:
    sheet, strong = book.add_worksheet(_notes_name(table)), book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 80)
    sheet.write_string(0, 0, table.name, strong)
    lines = [*table.filters, _made()]
    for y, line in enumerate(lines, 1):
        sheet.write_string(y, 0, line)
    meanings = [column for column in _columns(table) if column.about]
    for y, column in enumerate(meanings, len(lines) + 2):
        sheet.write_string(y, 0, column.title, wrapped)
        sheet.write_string(y, 1, column.about, wrapped)


def _columns(table: Table) -> list[Column]:
    return [column if isinstance(column, Column) else Column(column) for column in table.columns]


def _sheet_name(name: str) -> str:
    return " ".join(_NOT_IN_A_SHEET.sub(" ", name).split())[:_LONGEST_SHEET].strip() or "An Lộ"


def _notes_name(table: Table) -> str:
    name = _sheet_name(_("Notes"))
    return name if name.lower() != _sheet_name(table.name).lower() else f"{name} 2"


def _width(column: Column, cells: Sequence[Cell]) -> int:
    longest = max((len(str(cell)) for cell in cells if not isinstance(cell, float)), default=0)
    return max(_NARROWEST, min(_WIDEST, max(longest, min(len(column.title), 16)) + 2))


def _made() -> str:
    return _("made on %(when)s.", when=f"{_here(now()):%d/%m/%Y %H:%M}") + " " + hidden_note()


def _here(moment: datetime) -> datetime:
    """As clocks show it where the reader is."""
    return moment.astimezone(get_timezone())
