"""What went out, what arrived, what people asked, and what it cost."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from campaigns import periods
from campaigns.figures.intervals import Rate
from runtime.report import wording
from runtime.report.summary import summary
from web import budgets, overview, questions, tables_out
from web.access import access
from web.here import now, reader, rt

bp = Blueprint("figures", __name__, url_prefix="/figures")


@bp.get("")
@access("read")
def show():
    """What the chosen time came to, and the way to everything else."""
    today = periods.today_of(now())
    period = periods.chosen(request.args.get("period"), today)
    told = summary(rt.db, period, now())
    out = {"days": lambda: _days_table(period)}
    return tables_out.asked(out) or render_template(
        "figures/show.html",
        told=told,
        arrived=Rate(told.arrived, told.sent),
        understood=Rate(told.understood, told.asked),
        sentences=wording.lines(told, reader(), rt.book),
        period=overview.words(period),
        span=overview.span(period),
        periods=overview.tabs("figures.show", period, today),
        days=overview.columns(overview.days(rt.db, period)),
        budgets=budgets.budgets(rt.db),
        tone=budgets.tone,
        questions=questions.links(rt.db, now()),
        elsewhere=_elsewhere(),
    )


def _elsewhere() -> list[tuple[str, str, str]]:
    """(words, what is there, address) of the other pages of figures."""
    return [
        (_("Waves"), _("from who was chosen to who answered, by hour, carrier and place"),
         url_for("wave_figures.index")),
        (_("Two waves side by side"), _("how they differ, and whether that is more than chance"),
         url_for("wave_figures.compare")),
        (_("Map"), _("the communes as dots, the former districts, opt-outs"), url_for("figures_map.show")),
        (_("The bot"), _("what is asked where and when, what helps, who waits"), url_for("figures_bot.show")),
        (_("Report of the month"), _("to print, in Vietnamese and English"), url_for("figures_report.newest")),
    ]


def _days_table(period: periods.Period) -> tables_out.Table:
    columns = (_("Day"), tables_out.Column(_("Messages sent"), _("Handed over to a gateway on this day")))
    return tables_out.Table(_("Messages by day"), columns, overview.days(rt.db, period), [overview.span(period)])


@bp.get("/talk")
@access("read")
def talk():
    """Where this was told before."""
    return redirect(url_for("figures_bot.show"))
