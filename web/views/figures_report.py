"""The month's report: for the director in Vietnamese, for the partner in English, the same figures; to be printed."""

from datetime import date

from flask import Blueprint, abort, render_template, url_for
from flask_babel import gettext as _

from campaigns import periods
from runtime.report import wording
from runtime.report.summary import Cells, named, summary, told_at_all
from web import reached, tables_out
from web.access import access
from web.here import now, reader, rt
from web.month import name as month_name

bp = Blueprint("figures_report", __name__, url_prefix="/figures/report")


@bp.get("")
@access("read")
def newest():
    """The month that ended last."""
    return _shown(periods.before(periods.today_of(now())))


@bp.get("/<month>")
@access("read")
def show(month: str):
    first = periods.month_named(month)
    if first is None:
        abort(404)
    return _shown(first)


def _shown(first: date):
    today = periods.today_of(now())
    if first > today:
        return render_template("figures/report_ahead.html", month=month_name(first), newest=_address(today))
    told = summary(rt.db, periods.month(first), now())
    by_district = reached.by_district(rt.db, told.period)
    opted_out, topics = named(rt.db, told_at_all(told.opted_out)), _titled(told.topics)
    tables = {
        "opt-outs": lambda: _table(_("Opt-outs by commune"), _("Commune"), _("People"), opted_out, first),
        "topics": lambda: _table(_("What people ask about"), _("Topic"), _("Questions"), topics, first),
        "districts": lambda: _districts(by_district, first),
    }
    return tables_out.asked(tables) or render_template(
        "figures/report.html",
        told=told,
        month=month_name(first),
        sentences=wording.lines(told, reader(), rt.book),
        opted_out=opted_out,
        topics=topics,
        districts=by_district,
        waves=reached.waves_of(rt.db, told.period),
        before=_address(periods.before(first)) if first.year >= periods.FIRST_YEAR else None,
        after=_address(periods.after(first)) if periods.after(first) <= today else None,
        other=url_for("figures_report.show", month=told.period.name, lang="en" if reader() == "vi" else "vi"),
    )


def _address(first: date) -> str:
    return url_for("figures_report.show", month=f"{first:%Y-%m}")


def _titled(cells: Cells) -> Cells:
    return [(wording.title(topic, reader(), rt.book), n) for topic, n in cells]


def _table(name: str, what: str, count: str, cells: Cells, first: date) -> tables_out.Table:
    rows = [(label or _("commune not known"), n) for label, n in cells]
    return tables_out.Table(name, (tables_out.Column(what, kind="text"), count), rows, [month_name(first)])


def _districts(rows, first: date) -> tables_out.Table:
    columns = (tables_out.Column(_("Former district"), kind="text"), *tables_out.rate_columns(_("Arrived")))
    cells = [(row.name or _("district not known"), *tables_out.rate_cells(row.delivered.rate)) for row in rows]
    return tables_out.Table(_("Arrived by former district"), columns, cells, [month_name(first)])
